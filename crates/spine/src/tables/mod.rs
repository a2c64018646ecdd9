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
pub mod friction;
pub mod harness;
pub mod lumbar;

use crate::Parameter;

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
    ]
    .concat()
}
