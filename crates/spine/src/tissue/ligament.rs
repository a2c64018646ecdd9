//! The seven ligaments: nine strands, taut or slack at rest, each with a toe.
//!
//! Blankevoort's law over the strain from the taut length ℓ₀ = ℓ (1 + ε₀):
//!
//! ```text
//! ε = (ℓ + Δ − ℓ₀)/ℓ₀
//! F = 0 (ε ≤ 0),   k ε²/2ε_t (ε ≤ ε_t),   k (ε − ε_t/2) beyond
//! ```
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | ℓ | length at rest | m |
//! | Δ | stretch of the strand, `strand.rs` | m |
//! | ε₀ | zero-force strain: < 0 tension at rest, > 0 slack | 1 |
//! | ε_t | transition strain | 1 |
//! | k | stiffness | N per unit strain |
//!
//! What they carry at rest is held by the disc and subtracted, so `d = 0` gives
//! nothing. Numbers: [`crate::tables::ligaments`] (B114–B126). Valid for the
//! lumbar spine; elsewhere scaled, with C0–C1 and C1–C2 as if they were like the
//! levels below (no alar, tectorial or transverse ligament). No rate dependence.
//! Shown by `strands::a_ligament_is_slack_then_curved_then_straight` and the
//! derivative checks beside it.

use super::PACKED;
use super::strand::{Median, Pair, Sum, rest};
use super::toe::Toe;
use crate::anatomy::Joint;
use crate::chain::Freedom;
use crate::real::Real;
use crate::tables::ligaments::{
    CERVICAL, INTERSPINOUS_PLACE, INTERTRANSVERSE_ASIDE, INTERTRANSVERSE_BACK, LIGAMENTS, Ligament,
    THORACIC,
};
use crate::unknown::{Draw, Unknown};

/// First lumbar joint, L1–L2.
pub(crate) const LUMBAR: usize = 20;
/// First thoracic joint, T1–T2.
pub(crate) const THORAX: usize = 8;
/// Shortest strand, m: keeps a collapsed disc's ligaments finite.
const SHORTEST: f64 = 1.5e-3;
/// How many ligaments, pairs counted once.
pub const LIGAMENT_COUNT: usize = LIGAMENTS.len();

/// The ligaments of one joint: as published, and how much stiffer this person's are.
#[derive(Clone, Copy, Debug)]
pub struct Ligaments<T> {
    /// Times the published stiffness.
    factor: T,
    /// Anterior and posterior longitudinal, flavum, interspinous, supraspinous.
    medians: [Median; 5],
    /// Capsular, intertransverse.
    pairs: [Pair; 2],
    rest: [f64; 2],
    /// 1/ℓ₀, 1/m.
    per_length: [f64; LIGAMENT_COUNT],
    /// Strain from taut at rest.
    at_rest: [f64; LIGAMENT_COUNT],
    /// 1 / failure strain.
    per_failure: [f64; LIGAMENT_COUNT],
}

impl<T: Real> Ligaments<T> {
    /// The ligaments of `joint`, which is number `index` from the skull.
    pub fn build(joint: &Joint, index: usize, draw: &Draw<T>) -> Self {
        let taut = |which: usize| {
            let one = &LIGAMENTS[which];
            length(one, which, joint) * (1.0 + one.zero_force)
        };
        let law = |which: usize| {
            let (one, taut) = (&LIGAMENTS[which], taut(which));
            let offset = -one.zero_force / (1.0 + one.zero_force) * taut;
            Toe::build(stiffness(one, index) / taut, offset, one.transition * taut)
        };
        let median = |which: usize, back: f64| Median {
            law: law(which),
            back,
        };
        let pair = |which: usize, back: f64, aside: f64| Pair {
            law: law(which),
            back,
            aside,
        };
        let spinous = joint.spinous_back - joint.facet_back;
        let medians = [
            median(0, -0.5 * joint.depth),
            median(1, 0.5 * joint.depth),
            median(2, joint.facet_back),
            median(3, joint.facet_back + INTERSPINOUS_PLACE.value * spinous),
            median(4, joint.spinous_back),
        ];
        let transverse = INTERTRANSVERSE_BACK.value * joint.facet_back;
        let pairs = [
            pair(5, joint.facet_back, joint.facet_aside),
            pair(6, transverse, INTERTRANSVERSE_ASIDE.value * joint.width),
        ];
        let zero_force = |which: usize| LIGAMENTS[which].zero_force;
        Self {
            factor: draw[Unknown::Ligaments],
            rest: rest(&medians, &pairs),
            medians,
            pairs,
            per_length: core::array::from_fn(|which| 1.0 / taut(which)),
            at_rest: core::array::from_fn(|which| -zero_force(which) / (1.0 + zero_force(which))),
            per_failure: core::array::from_fn(|which| 1.0 / LIGAMENTS[which].failure.value),
        }
    }

    #[inline(always)]
    fn sum<F: Freedom>(&self, d: &[T; 6]) -> Sum<T> {
        let mut sum = Sum::new(&self.rest, self.factor);
        for one in &self.medians {
            sum.median(one, d);
        }
        for one in &self.pairs {
            sum.pair::<F>(one, d);
        }
        sum
    }

    /// Adds the change of the wrench from rest (N, N m).
    #[inline(always)]
    pub fn add<F: Freedom>(&self, d: &[T; 6], wrench: &mut [T; 6]) {
        self.sum::<F>(d).wrench::<F>(self.factor, wrench);
    }

    /// Adds the tangent.
    #[inline(always)]
    pub fn add_tangent<F: Freedom>(&self, d: &[T; 6], k: &mut [T; PACKED]) {
        self.sum::<F>(d).tangent::<F>(self.factor, k);
    }

    /// Change of the axial force from rest, N.
    #[inline(always)]
    pub fn axial<F: Freedom>(&self, d: &[T; 6]) -> T {
        self.factor * self.sum::<F>(d).axial()
    }

    /// Strain of each ligament from where it becomes taut, negative while slack;
    /// of a pair the larger. In the order of [`LIGAMENTS`].
    #[inline(always)]
    pub fn strains(&self, d: &[T; 6]) -> [T; LIGAMENT_COUNT] {
        let mut stretch = [d[0]; LIGAMENT_COUNT];
        for (into, one) in stretch.iter_mut().zip(&self.medians) {
            *into = one.stretch(d);
        }
        for (into, one) in stretch[self.medians.len()..].iter_mut().zip(&self.pairs) {
            let [left, right] = one.stretch(d);
            *into = left.max(right);
        }
        for (which, one) in stretch.iter_mut().enumerate() {
            *one = *one * self.per_length[which] + self.at_rest[which];
        }
        stretch
    }

    /// The largest strain as a share of the strain at which that ligament fails.
    #[inline(always)]
    pub fn worst(&self, d: &[T; 6]) -> T {
        let strains = self.strains(d);
        let mut worst = d[0].of(0.0);
        for (strain, per_failure) in strains.iter().zip(&self.per_failure) {
            worst = worst.max(*strain * *per_failure);
        }
        worst
    }
}

/// Length at rest, m.
fn length(one: &Ligament, which: usize, joint: &Joint) -> f64 {
    let front = if which == 0 { 0.5 } else { -0.5 };
    let disc = if one.spans_disc {
        joint.height + front * joint.wedge
    } else {
        0.0
    };
    (disc + one.length.value * joint.depth).max(SHORTEST)
}

/// Force per unit strain beyond the toe, N.
fn stiffness(one: &Ligament, index: usize) -> f64 {
    let scale = if index < THORAX {
        CERVICAL.value
    } else if index < LUMBAR {
        THORACIC.value
    } else {
        1.0
    };
    let level = index.saturating_sub(LUMBAR).min(4);
    scale * one.springs.value * one.stiffness[level]
}
