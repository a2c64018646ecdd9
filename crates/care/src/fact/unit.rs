//! UCUM units that facts are recorded in, and the few conversions at the edge.
//!
//! A unit outside this table is an error, never a guess (STYLE 6).

/// Dimension and factor to that dimension's reference unit.
const UNITS: &[(&str, &str, f64)] = &[
    ("1", "number", 1.0),
    ("%", "fraction", 1.0),
    ("kg", "mass", 1.0),
    ("g", "mass", 0.001),
    // International avoirdupois pound, exact.
    ("[lb_av]", "mass", 0.453_592_37),
    ("m", "length", 1.0),
    ("cm", "length", 0.01),
    ("mm", "length", 0.001),
    // International inch, exact.
    ("[in_i]", "length", 0.025_4),
    ("s", "time", 1.0),
    ("min", "time", 60.0),
    ("h", "time", 3_600.0),
    ("d", "time", 86_400.0),
    ("wk", "time", 604_800.0),
    // UCUM: the mean Julian month and year.
    ("mo", "time", 2_629_800.0),
    ("a", "time", 31_557_600.0),
    ("N", "force", 1.0),
    ("mm[Hg]", "pressure", 133.322_387_415),
    ("kPa", "pressure", 1_000.0),
    ("Pa", "pressure", 1.0),
    ("deg", "angle", 1.0),
    ("mL", "volume", 1.0),
    ("L", "volume", 1_000.0),
    ("Cel", "temperature", 1.0),
    ("/min", "rate", 1.0),
    ("kg/m2", "body-mass", 1.0),
];

fn find(unit: &str) -> Option<(&'static str, f64)> {
    UNITS
        .iter()
        .find(|row| row.0 == unit)
        .map(|row| (row.1, row.2))
}

/// Whether the unit is one that facts may be recorded in.
#[must_use]
pub fn is_known(unit: &str) -> bool {
    find(unit).is_some()
}

/// The number in another unit, or nothing where the two do not measure the same.
#[must_use]
pub fn convert(number: f64, from: &str, to: &str) -> Option<f64> {
    if from == to {
        return is_known(from).then_some(number);
    }
    let ((from_dimension, from_factor), (to_dimension, to_factor)) = (find(from)?, find(to)?);
    (from_dimension == to_dimension).then(|| number * from_factor / to_factor)
}
