//! One motion segment in tension: toe, branch, and how much of it creeps.
//!
//! ```text
//! x(T) = a (1 − e^(−T/T₀)) + T/k            elastic opening, m
//! C(T) = (R_a − 1) a (1 − e^(−T/T₀)) + (R_k − 1) T/k   creep at 20 min of a steady pull, m
//! ```
//!
//! | symbol | field | unit |
//! |---|---|---|
//! | a | `toe` | m |
//! | 1/T₀ | `toe_rate` | 1/N |
//! | 1/k | `compliance` | m/N |
//! | R_a − 1, R_k − 1 | `toe_creep`, `linear_creep` | 1 |
//!
//! Lumbar: a and R_a are set so that at 51 N the published initial and 20-minute
//! elongations of the age band come out (A017–A022, A027), interpolated straight
//! between the ages 30, 50 and 70 that stand for the bands and held constant
//! outside. k is at least twice the secant at 51 N, so that the toe never turns
//! negative. L1–L3 were not measured: the same law scaled by disc height.
//!
//! Cervical: k is published (B061), the toe is ours.
//!
//! Valid for T ≥ 0; x and C grow with T and vanish at 0.
//! Shown by `tests/published.rs`.

use crate::tables::lumbar::{KURUTZ_TENSION, elongation};

/// Parameters of one segment in tension.
#[derive(Clone, Copy, Debug)]
pub(super) struct SegmentLaw {
    pub(super) toe: f64,
    pub(super) toe_rate: f64,
    pub(super) compliance: f64,
    pub(super) toe_creep: f64,
    pub(super) linear_creep: f64,
}

/// Elastic opening and creep target at one tension, with their slopes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Elongation {
    /// x(T), m.
    pub(super) elastic: f64,
    /// dx/dT, m/N.
    pub(super) elastic_slope: f64,
    /// C(T), m.
    pub(super) creep: f64,
    /// dC/dT, m/N.
    pub(super) creep_slope: f64,
}

/// What a lumbar segment is built from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lumbar {
    pub(super) age_years: f64,
    /// Factor on the published elongation (subject × what standing left × level).
    pub(super) factor: f64,
    pub(super) linear: f64,
    pub(super) toe_force: f64,
    /// Factor on the published creep.
    pub(super) creep: f64,
    pub(super) linear_creep: f64,
}

impl SegmentLaw {
    /// A segment that takes no part.
    pub(super) const RIGID: Self = Self {
        toe: 0.0,
        toe_rate: 1.0,
        compliance: 0.0,
        toe_creep: 0.0,
        linear_creep: 0.0,
    };

    /// A lumbar segment through the published elongations of its age.
    pub(super) fn lumbar(of: &Lumbar) -> Self {
        let (initial, last) = elongation(of.age_years);
        let target = initial * of.factor;
        let linear = of.linear.max(2.0 * KURUTZ_TENSION / target);
        let straight = KURUTZ_TENSION / linear;
        let toe_part = target - straight;
        let creep = (last / initial - 1.0) * of.creep * target;
        let toe_creep = (creep - of.linear_creep * straight).max(0.0) / toe_part;
        Self {
            toe: toe_part / -libm::expm1(-KURUTZ_TENSION / of.toe_force),
            toe_rate: 1.0 / of.toe_force,
            compliance: 1.0 / linear,
            toe_creep,
            linear_creep: of.linear_creep,
        }
    }

    /// Opening and creep target at a tension `t` ≥ 0.
    pub(super) fn at(&self, t: f64) -> Elongation {
        let decay = libm::exp(-t * self.toe_rate);
        let toe = self.toe * (1.0 - decay);
        let toe_slope = self.toe * decay * self.toe_rate;
        let straight = t * self.compliance;
        let straight_slope = self.compliance;
        Elongation {
            elastic: toe + straight,
            elastic_slope: toe_slope + straight_slope,
            creep: self.toe_creep * toe + self.linear_creep * straight,
            creep_slope: self.toe_creep * toe_slope + self.linear_creep * straight_slope,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn law(age_years: f64, factor: f64) -> SegmentLaw {
        SegmentLaw::lumbar(&Lumbar {
            age_years,
            factor,
            linear: 438e3,
            toe_force: 40.0,
            creep: 1.0,
            linear_creep: 0.2,
        })
    }

    #[test]
    fn the_tangents_are_the_slopes_of_opening_and_creep() {
        for tension in [1.0, 30.0, 51.0, 200.0, 800.0] {
            let (law, h) = (law(46.0, 0.85), 1e-4);
            let (less, more) = (law.at(tension - h), law.at(tension + h));
            let now = law.at(tension);
            let slope = (more.elastic - less.elastic) / (2.0 * h);
            assert!((now.elastic_slope - slope).abs() < 1e-6 * slope);
            let slope = (more.creep - less.creep) / (2.0 * h);
            assert!((now.creep_slope - slope).abs() < 1e-6 * slope);
        }
    }

    #[test]
    fn the_toe_softens_and_never_stiffens_the_first_newtons() {
        for age in [20.0, 46.0, 80.0] {
            for factor in [0.1, 0.3, 0.85, 2.5] {
                let law = law(age, factor);
                assert!(law.toe > 0.0 && law.toe_creep >= 0.0, "{age} {factor}");
                assert!(law.at(1.0).elastic_slope > law.at(300.0).elastic_slope);
            }
        }
    }
}
