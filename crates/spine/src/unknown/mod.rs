//! What is not known exactly about one spine, and how surely.
//!
//! Every [`Unknown`] is a smooth, rising function of a coordinate ξ that is
//! standard normal over people ([`Shape`]); what is believed of one person is a
//! normal distribution over the [`COUNT`] coordinates ([`Belief`]); the members
//! of an ensemble are spread over it by a low-discrepancy sequence ([`Members`]).

mod belief;
mod names;
mod normal;
mod sample;
mod shape;

pub(crate) use belief::packed;
pub use belief::{Belief, BeliefError, FACTOR};
pub use normal::{quantile, share_below};
pub use sample::Members;
pub use shape::{Shape, Shapes, TAIL};

use core::ops::Index;

/// One number that differs from person to person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub enum Unknown {
    /// Factor on the compliance of all discs in tension.
    Subject,
    /// Share of the published hanging elongation that was relief of standing.
    Relief,
    /// Force over which the toe straightens, N.
    ToeForce,
    /// Stiffness of a lumbar segment in tension beyond its toe, N/m.
    Tension,
    /// Factor on the stiffness of discs in compression.
    Compression,
    /// Factor on the amount of creep.
    Creep,
    /// Fast time constant of fluid exchange, s.
    FastTime,
    /// Slow time constant, s.
    SlowTime,
    /// Share of the creep that is fast.
    FastShare,
    /// How many times slower fluid returns than it leaves or the reverse (unloading against loading).
    Recovery,
    /// Factor on bending, torsion and shear stiffness of discs.
    Bending,
    /// Factor on the stiffness of all ligaments.
    Ligaments,
    /// Factor on the stiffness of facet contact.
    Facets,
    /// Compression that resting muscle tone puts on a lumbar disc, N.
    Tone,
    /// Pressure of the nucleus that swelling holds without load, Pa.
    Swelling,
    /// Pressure factor k in p = k F / A.
    PressureFactor,
    /// Factor on the cross-section of discs.
    Area,
    /// Factor on the height of discs.
    Height,
    /// Factor on the stiffness of passive muscle.
    Muscle,
    /// Factor on the reflex's strength.
    Guarding,
    /// Friction coefficient of the body on the couch.
    Friction,
    /// Friction coefficient of a sliding section.
    Rolling,
    /// Factor on the mass of the moving part (lower body, or head).
    Weight,
    /// Stiffness of the harness beyond its toe, N/m.
    Harness,
    /// Toe of the harness, m.
    HarnessToe,
    /// Force over which the harness's toe straightens, N.
    HarnessToeForce,
    /// Creep of the harness, share of its stretch.
    HarnessCreep,
    /// Time constant of the harness's creep, s.
    HarnessCreepTime,
    /// Factor of one level; eight of them from the head end of the pulled region
    /// (C0–C1 … C7–T1, or T11–T12, T12–L1, L1–L2 … L5–S1 and one spare).
    Level0,
    /// See [`Unknown::Level0`].
    Level1,
    /// See [`Unknown::Level0`].
    Level2,
    /// See [`Unknown::Level0`].
    Level3,
    /// See [`Unknown::Level0`].
    Level4,
    /// See [`Unknown::Level0`].
    Level5,
    /// See [`Unknown::Level0`].
    Level6,
    /// See [`Unknown::Level0`].
    Level7,
}

/// How many unknowns one spine has.
pub const COUNT: usize = Unknown::Level7 as usize + 1;

/// One value for every unknown, of one spine or of several side by side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draw<T>(pub [T; COUNT]);

impl<T> Index<Unknown> for Draw<T> {
    type Output = T;
    #[inline(always)]
    fn index(&self, unknown: Unknown) -> &T {
        &self.0[unknown as usize]
    }
}
