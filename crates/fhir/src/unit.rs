//! UCUM as records write it, brought to the units that facts are recorded in.

use crate::view::View;
use si::Problem;

/// The unit of a `Quantity`: its code, else its text; `1` where there is none.
///
/// # Errors
/// A member of the wrong shape.
pub(crate) fn of(quantity: &View<'_>) -> Result<String, Problem> {
    let code = quantity.text("code")?;
    let unit = match code {
        Some(code) => Some(code),
        None => quantity.text("unit")?,
    };
    Ok(plain(unit.unwrap_or("1")).to_owned())
}

/// Annotations (`{score}`) measure nothing; a few words stand for their codes.
fn plain(unit: &str) -> &str {
    match unit.trim() {
        "" => "1",
        annotation if annotation.starts_with('{') && annotation.ends_with('}') => "1",
        "lb" | "lbs" => "[lb_av]",
        "in" => "[in_i]",
        "mmHg" => "mm[Hg]",
        "degF" => "[degF]",
        "C" | "degC" | "°C" => "Cel",
        other => other,
    }
}

/// `number` in the unit `to`, or nothing where the two do not measure the same.
pub(crate) fn convert(number: f64, from: &str, to: &str) -> Option<f64> {
    let (number, from) = match from {
        // Exact by definition: °C = (°F − 32) · 5/9, K − 273.15.
        "[degF]" => ((number - 32.0) * 5.0 / 9.0, "Cel"),
        "K" => (number - 273.15, "Cel"),
        // International foot and ounce, exact.
        "[ft_i]" => (number * 0.304_8, "m"),
        "[oz_av]" => (number * 0.028_349_523_125, "kg"),
        _ => (number, from),
    };
    care::fact::convert(number, from, to)
}
