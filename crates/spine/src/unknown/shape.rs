//! How one unknown is spread over people: a smooth map from a standard normal ξ.
//!
//! ```text
//! w(ξ) = √(δ² + ξ²) − δ                     even, 0 at 0, slope ± 1 far out;  δ = ½
//! log scale:     ln v = ln m + A ξ + B w(ξ)
//! linear scale:     v = clamp(m + A ξ + B w(ξ), least, most)
//! A = (h − l) / 2q    B = (h + l) / 2w(q)    h, l: high and low less m, in the scale;  q = 1.6449
//! ```
//!
//! `value` of a [`Parameter`] is the median, `low` and `high` are its 5 % and
//! 95 % points. Sizes and factors use the log scale, so that they stay positive
//! far out; a number that may be 0, or may not pass 1, uses the linear scale and
//! is held inside its physical range. v rises with ξ while |B| < A; δ = ½ and
//! not 1 allows h : l up to 6.7 : 1, which the pressure factor (1.3–1.5–1.55)
//! needs. Where a range touches its physical end, 5 % of people lie on it.
//!
//! Departure: the tables state ranges, not distributions; that they are 90 %
//! ranges of a skewed normal is ours. A cervical [`Unknown::Tension`] and
//! [`Unknown::ToeForce`] are those of a cervical segment.
//!
//! Shown by the tests below: the three points come out, every map rises.

use super::{COUNT, Draw, Unknown};
use crate::Parameter;
use crate::tables::{cervical, creep, friction, harness, lumbar, person};
use si::Region;

/// ξ of the 95 % point.
pub const TAIL: f64 = 1.644_853_626_951_472_2;
/// δ.
const WIDTH: f64 = 0.5;

/// The map of one unknown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// ln m or m.
    centre: f64,
    /// A.
    slope: f64,
    /// B.
    skew: f64,
    log: bool,
    /// Physical range.
    least: f64,
    most: f64,
}

impl Shape {
    /// The distribution of a size: positive, skewed on a log scale.
    #[must_use]
    pub fn log(parameter: &Parameter) -> Self {
        let ends = [parameter.low, parameter.value, parameter.high].map(libm::log);
        Self::through(ends, true, 0.0, f64::MAX)
    }

    /// The distribution of a number that may reach an end of `least ..= most`.
    #[must_use]
    pub fn linear(parameter: &Parameter, least: f64, most: f64) -> Self {
        let ends = [parameter.low, parameter.value, parameter.high];
        Self::through(ends, false, least, most)
    }

    fn through([low, mid, high]: [f64; 3], log: bool, least: f64, most: f64) -> Self {
        let (up, down) = (high - mid, low - mid);
        Self {
            centre: mid,
            slope: (up - down) / (2.0 * TAIL),
            skew: (up + down) / (2.0 * bend(TAIL)),
            log,
            least,
            most,
        }
    }

    /// The value at ξ, in the unknown's unit.
    #[must_use]
    pub fn at(&self, xi: f64) -> f64 {
        let x = self.centre + self.slope * xi + self.skew * bend(xi);
        let value = if self.log { libm::exp(x) } else { x };
        value.clamp(self.least, self.most)
    }

    /// Whether more ξ is everywhere more of the unknown (the physical ends aside).
    #[must_use]
    pub fn rises(&self) -> bool {
        self.slope > self.skew.abs()
    }

    fn of(unknown: Unknown, region: Region) -> Self {
        use Unknown as U;
        let neck = region == Region::Cervical;
        let by = |lumbar: &'static Parameter, cervical: &'static Parameter| {
            Self::log(if neck { cervical } else { lumbar })
        };
        match unknown {
            U::Subject => by(&lumbar::SUBJECT_FACTOR, &cervical::SUBJECT_FACTOR),
            U::Relief => Self::linear(&lumbar::RELIEF_SHARE, 0.0, 0.9),
            U::ToeForce => by(&lumbar::TOE_FORCE, &cervical::TOE_FORCE),
            U::Tension => by(&lumbar::LINEAR_STIFFNESS, &cervical::STIFFNESS),
            U::Compression => Self::log(&person::COMPRESSION),
            U::Creep if neck => Self::linear(&person::CERVICAL_CREEP, 0.0, f64::MAX),
            U::Creep => Self::log(&creep::AMOUNT),
            U::FastTime => Self::log(&creep::FAST_TIME),
            U::SlowTime => Self::log(&creep::SLOW_TIME),
            U::FastShare => Self::linear(&creep::FAST_SHARE, 0.0, 1.0),
            U::Recovery => Self::log(&creep::RECOVERY),
            U::Bending => Self::log(&person::BENDING),
            U::Ligaments => Self::log(&person::LIGAMENTS),
            U::Facets => Self::log(&person::FACETS),
            U::Tone => by(&person::TONE, &person::CERVICAL_TONE),
            U::Swelling => Self::log(&person::SWELLING),
            U::PressureFactor => Self::log(&person::PRESSURE_FACTOR),
            U::Area => Self::log(&person::AREA),
            U::Height => Self::log(&person::HEIGHT),
            U::Muscle => Self::log(&person::MUSCLE),
            U::Guarding => Self::log(&person::GUARDING),
            U::Friction if neck => Self::linear(&friction::HEAD_ON_BED, 0.01, 0.99),
            U::Friction => Self::linear(&friction::BODY_ON_COUCH, 0.01, 0.99),
            U::Rolling => Self::log(&friction::ON_ROLLERS),
            U::Weight => by(&person::LOWER_BODY, &friction::HEAD_FACTOR),
            U::Harness => by(&harness::LUMBAR_STIFFNESS, &harness::CERVICAL_STIFFNESS),
            U::HarnessToe => by(&harness::LUMBAR_TOE, &harness::CERVICAL_TOE),
            U::HarnessToeForce => Self::log(&harness::TOE_FORCE),
            U::HarnessCreep => Self::log(&harness::CREEP),
            U::HarnessCreepTime => Self::log(&harness::CREEP_TIME),
            _ if neck => Self::log(&cervical::LEVEL_FACTOR),
            // L3–L4, L4–L5, L5–S1 were measured, as a mean; nothing above them was.
            U::Level4 | U::Level5 | U::Level6 => Self::log(&lumbar::LEVEL_FACTOR),
            _ => Self::log(&lumbar::UPPER_LEVEL_FACTOR),
        }
    }
}

/// w(ξ).
fn bend(xi: f64) -> f64 {
    libm::sqrt(WIDTH * WIDTH + xi * xi) - WIDTH
}

/// The maps of all unknowns of a region.
#[derive(Clone, Debug, PartialEq)]
pub struct Shapes([Shape; COUNT]);

impl Shapes {
    /// The distributions over people, from the published tables.
    #[must_use]
    pub fn of(region: Region) -> Self {
        Self(Unknown::ALL.map(|unknown| Shape::of(unknown, region)))
    }

    /// The map of one unknown.
    #[must_use]
    pub const fn get(&self, unknown: Unknown) -> &Shape {
        &self.0[unknown as usize]
    }

    /// The spine at the coordinates ξ.
    #[must_use]
    pub fn at(&self, xi: &[f64; COUNT]) -> Draw<f64> {
        Draw(core::array::from_fn(|index| self.0[index].at(xi[index])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unknown_rises_with_its_coordinate_in_both_regions() {
        for region in Region::ALL {
            for unknown in Unknown::ALL {
                assert!(Shape::of(unknown, region).rises(), "{unknown:?} {region:?}");
            }
        }
    }

    #[test]
    fn the_median_and_both_tails_of_the_tables_come_out() {
        for parameter in crate::tables::all() {
            let shape = if parameter.low > 0.0 {
                Shape::log(parameter)
            } else {
                Shape::linear(parameter, 0.0, f64::MAX)
            };
            for (xi, told) in [
                (-TAIL, parameter.low),
                (0.0, parameter.value),
                (TAIL, parameter.high),
            ] {
                let got = shape.at(xi);
                assert!(
                    (got - told).abs() <= 1e-12 * parameter.high,
                    "{}",
                    parameter.name
                );
            }
        }
    }

    #[test]
    fn a_number_that_may_vanish_never_turns_negative_and_a_share_stays_a_share() {
        for region in Region::ALL {
            let far = |xi| Shapes::of(region).at(&[xi; COUNT]);
            assert_eq!(far(-6.0)[Unknown::Relief], 0.0);
            assert!(far(6.0)[Unknown::FastShare] <= 1.0);
            assert!(far(6.0)[Unknown::Friction] < 1.0);
            assert!(
                far(-6.0)[Unknown::Friction] >= 0.01,
                "the world refuses a couch without friction"
            );
            assert!(far(-6.0).0.iter().all(|value| *value >= 0.0));
        }
    }
}
