//! Every number the column stands on, one family a file.
//!
//! Row ids name rows of the biomechanics reference table (A = traction,
//! B = spine, C = tissue) and rows found besides it (K); *seen*, *derived*, *recalled* and *ours* are the
//! marks of [`Status`]. [`all`] lists them for documentation
//! and for the tests over all of them.

pub mod cervical;
pub mod couch;
pub mod creep;
pub mod discs;
pub mod facets;
pub mod friction;
pub mod geometry;
pub mod guarding;
pub mod harness;
pub mod ligaments;
pub mod lumbar;
pub mod masses;
pub mod muscles;
mod page;
pub mod person;

pub use page::page;

use crate::{Parameter, Status};

/// The families, each with what people call it.
const FAMILIES: [(&str, &[&Parameter]); 14] = [
    ("Lumbar discs in tension", lumbar::ALL),
    ("Cervical segments", cervical::ALL),
    ("Creep", creep::ALL),
    ("Friction", friction::ALL),
    ("Couch and anchors", couch::ALL),
    ("Harness", harness::ALL),
    ("Ligaments", ligaments::ALL),
    ("Facets", facets::ALL),
    ("Muscles", muscles::ALL),
    ("Guarding", guarding::ALL),
    ("Standing and sitting", crate::stance::ALL),
    ("Factors of a person", person::ALL),
    ("Geometry", geometry::ALL),
    ("Masses", masses::ALL),
];

/// Every parameter, family by family.
#[must_use]
pub fn all() -> Vec<&'static Parameter> {
    let families = FAMILIES.iter().flat_map(|(_, parameters)| *parameters);
    families.copied().collect()
}

/// A number of ours: value, low and high end of its range.
const fn ours(
    name: &'static str,
    [value, low, high]: [f64; 3],
    unit: &'static str,
    why: &'static str,
) -> Parameter {
    Parameter {
        name,
        value,
        low,
        high,
        unit,
        rows: &[],
        status: Status::Ours,
        why,
    }
    .checked()
}
