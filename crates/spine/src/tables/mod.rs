//! Every number the column stands on, one family a file.
//!
//! Row ids name rows of the biomechanics reference table (A = traction,
//! B = spine, C = tissue); *seen*, *derived*, *recalled* and *ours* are the
//! marks of [`Status`](crate::Status). [`all`] lists them for documentation
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
pub mod person;

use crate::{Parameter, Status};

/// Every parameter, family by family.
#[must_use]
pub fn all() -> Vec<&'static Parameter> {
    [
        lumbar::ALL,
        cervical::ALL,
        creep::ALL,
        friction::ALL,
        couch::ALL,
        harness::ALL,
        ligaments::ALL,
        facets::ALL,
        muscles::ALL,
        guarding::ALL,
        person::ALL,
        geometry::ALL,
        masses::ALL,
    ]
    .concat()
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
