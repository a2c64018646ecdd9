//! Muscle across one joint: passive springs beside it, and the pull of guarding.
//!
//! Passive: a pair behind and, in loin and neck, a pair in front, each with the
//! toe law over its stretch `Δ = d_z ± a φ_x + b φ_y`. At rest they sit inside
//! their toes; that tone is in balance with the disc and subtracted.
//!
//! Active: guarding is a force `G` (N, ≥ 0) of muscle that draws the two bones
//! together along a line `b_G` behind the disc's centre. What resists a pull
//! grows by it and the disc is left with the rest:
//!
//! ```text
//! w_z += G,   w_φy += b_G G,   tension of disc and ligaments = pull − G
//! ```
//!
//! so `G` above the pull compresses the disc (A011). It does not depend on the
//! deformation: no part in the tangent. Constants: [`crate::tables::muscles`],
//! all ours; A051 and A103 are what is known. Departures: no activation-dependent
//! stiffness, no muscle that spans several joints.
//! Shown by `strands::guarding_takes_its_force_off_the_disc` and the derivative checks.

use super::PACKED;
use super::ligament::{LUMBAR, THORAX};
use super::strand::{Pair, Sum, rest};
use super::toe::Toe;
use crate::anatomy::Joint;
use crate::chain::Freedom;
use crate::real::Real;
use crate::tables::muscles::{
    AT_REST, BACK_ASIDE, BACK_PLACE, CERVICAL_BACK, CERVICAL_FRONT, FRONT_ASIDE, GUARD_PLACE,
    LUMBAR_BACK, PSOAS, THORACIC_BACK, TOE,
};
use crate::unknown::{Draw, Unknown};

/// Muscle across one joint: as in the table, and how much stiffer this person's is.
#[derive(Clone, Copy, Debug)]
pub struct Muscles<T> {
    /// Times the stiffness of the table.
    factor: T,
    pairs: [Pair; 2],
    rest: [f64; 2],
    guard_back: f64,
}

impl<T: Real> Muscles<T> {
    /// The muscle across `joint`, which is number `index` from the skull.
    pub fn build(joint: &Joint, index: usize, draw: &Draw<T>) -> Self {
        let (behind, front) = stiffness(index);
        let back = BACK_PLACE.value * joint.spinous_back;
        let pair = |stiffness: f64, back: f64, aside: f64| Pair {
            law: Toe::build(stiffness, AT_REST.value * TOE.value, TOE.value),
            back,
            aside: aside * joint.width,
        };
        let pairs = [
            pair(behind, back, BACK_ASIDE.value),
            pair(front, 0.0, FRONT_ASIDE.value),
        ];
        Self {
            factor: draw[Unknown::Muscle],
            rest: rest(&[], &pairs),
            pairs,
            guard_back: GUARD_PLACE.value * back,
        }
    }

    #[inline(always)]
    fn sum<F: Freedom>(&self, d: &[T; 6]) -> Sum<T> {
        let mut sum = Sum::new(&self.rest, self.factor);
        for one in &self.pairs {
            sum.pair::<F>(one, d);
        }
        sum
    }

    /// Adds the change of the passive wrench from rest and the wrench of guarding
    /// with `guard` newtons (N, N m).
    #[inline(always)]
    pub fn add<F: Freedom>(&self, d: &[T; 6], guard: T, wrench: &mut [T; 6]) {
        self.sum::<F>(d).wrench::<F>(self.factor, wrench);
        wrench[2] += guard;
        wrench[4] += guard * self.guard_back;
    }

    /// Adds the tangent, in which guarding has no part.
    #[inline(always)]
    pub fn add_tangent<F: Freedom>(&self, d: &[T; 6], k: &mut [T; PACKED]) {
        self.sum::<F>(d).tangent::<F>(self.factor, k);
    }

    /// Change of the axial force from rest, guarding included, N.
    #[inline(always)]
    pub fn axial<F: Freedom>(&self, d: &[T; 6], guard: T) -> T {
        self.factor * self.sum::<F>(d).axial() + guard
    }
}

/// Stiffness of one side behind and in front, N/m.
fn stiffness(index: usize) -> (f64, f64) {
    if index < THORAX {
        (CERVICAL_BACK.value, CERVICAL_FRONT.value)
    } else if index < LUMBAR - 1 {
        (THORACIC_BACK.value, 0.0)
    } else {
        (LUMBAR_BACK.value, PSOAS.value)
    }
}
