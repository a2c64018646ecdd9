//! When a kept matrix no longer serves from step to step.
//!
//! A long step starts where the speed leads, x* = 2 xₙ − xₙ₋₁, and a step that settles at
//! once makes one correction with the kept matrix H. Where the stiffness is K by now, λ =
//! 1 − K/H of the error stays:
//!
//! ```text
//! xₙ₊₁ = λ (2 xₙ − xₙ₋₁)       grows, changing sign, when λ < −1/3: H too soft by a third
//! ```
//!
//! Every single step looks settled while rounding grows to the tolerance and stays there.
//! So a first correction that is larger than the last step's, and more than [`SEEN`] of
//! the tolerance, asks for a new matrix at the next step.
//!
//! For steps at which inertia does not count. Shown by
//! `chain::tangent::a_matrix_that_wears_is_made_anew_before_rounding_grows_to_the_tolerance`.

use super::PREDICTED;
use crate::real::Real;

/// How the load goes on from the last step to this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// As before: the speed tells where the bodies will be.
    Goes,
    /// It stops changing: the bodies stay about where they are, and so does the matrix.
    Eases,
    /// Otherwise: what slid may stick and what stuck may slide, so the matrix is made anew.
    Turns,
}

/// First corrections below this share of the tolerance may grow: that is rounding.
const SEEN: f64 = 1e-3;

/// Whether a matrix made for steps of `made` seconds serves steps of `dt`: those of that
/// very length, and where inertia does not count those of about half to twice of it.
#[inline(always)]
pub(super) fn serves(made: f64, dt: f64) -> bool {
    let near = dt < NEAR * made && made < NEAR * dt;
    made.to_bits() == dt.to_bits() || (dt > PREDICTED && near)
}

/// Fluid makes a joint a little softer in a longer step: its matrix stays near enough.
const NEAR: f64 = 2.1;

/// What is remembered of the last step's first correction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wear<T> {
    /// How far it went, m.
    first: T,
    /// 1 for a spine whose first corrections grow.
    pub(super) worn: T,
}

impl<T: Real> Wear<T> {
    /// Nothing yet.
    #[inline(always)]
    pub(super) fn new(zero: T) -> Self {
        Self {
            first: zero,
            worn: zero,
        }
    }

    /// After a first correction of `size` in a step settled to `tolerance`, m, with a
    /// matrix that was `kept` or not.
    #[inline(always)]
    pub(super) fn corrected(&mut self, size: T, tolerance: f64, kept: bool) {
        let (none, one) = (size.of(0.0), size.of(1.0));
        let seen = T::select(size.of(tolerance * SEEN).less(size), one, none);
        let grown = T::select(self.first.less(size), seen, none);
        self.worn = if kept { grown } else { none };
        self.first = size;
    }
}
