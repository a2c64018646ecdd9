//! How the couch keeps a body from turning.
//!
//! **Phenomenon.** A slice touches the couch by a patch, not a point: turned, one
//! edge of the patch sinks and the other rises. Without it a pull that passes
//! 20 mm behind the pelvis would tilt it without measure.
//!
//! ```text
//! moment = −k ρ² φ    about each axis by itself
//! ```
//!
//! k: bearing stiffness of the slice, N/m ([`Rest::sinking`]); ρ: radius of
//! gyration of its patch, m (`PATCH`); φ: rotation vector from rest, rad. The
//! pelvis also feels what legs and hips hold against a tilt; its ρ about y holds
//! that too. About x (turning flat on the couch) it is skin that shears.
//!
//! All of ρ is ours, ± 40 % (so k ρ² from a third to twice). Departure: linear,
//! and it does not fade when the body is lifted; valid to some 15°. Shown by
//! `tests/world`.

use super::couch::Rest;
use crate::real::Real;

/// Radii of gyration of the patches about x, y, z, m.
#[derive(Clone, Copy, Debug)]
pub(super) enum Patch {
    /// The back of the head, or the brow.
    Head,
    /// A slice of trunk or neck: flat and wide.
    Slice,
    /// Pelvis with legs.
    Pelvis,
}

impl Patch {
    const fn gyration(self) -> [f64; 3] {
        match self {
            Self::Head => [0.04, 0.04, 0.04],
            Self::Slice => [0.03, 0.01, 0.08],
            Self::Pelvis => [0.05, 0.045, 0.10],
        }
    }

    /// Stiffness against turning about x, y, z of a body that rests so, N m/rad.
    pub(super) fn stiffness<T: Real>(self, rest: &Rest<T>) -> [T; 3] {
        self.gyration().map(|rho| rest.sinking() * (rho * rho))
    }
}
