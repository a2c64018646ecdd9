//! The numbers one spine is built from, drawn out of their published ranges.
//!
//! [`Parameters::nominal`] takes every value, [`Parameters::ensemble`] gives the
//! fixed members that a prediction runs, [`Parameters::drawn`] a person from a
//! seed, for the simulated patient. What a session teaches will replace the ensemble,
//! not the column.

use super::{ColumnError, MAX_LEVELS};
use crate::Parameter;
use crate::tables::{cervical, creep, friction, harness, lumbar};
use si::{Region, Segment};

/// Members of the ensemble that a prediction runs.
const MEMBERS: usize = 48;
/// Numbers drawn for a person: twenty and one factor a level.
const DIMENSIONS: usize = 20 + MAX_LEVELS;

/// Everything about a column that is not known exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    /// Person-to-person factor on elongation.
    pub subject: f64,
    /// Share of the published elongation that was relief of standing (lumbar).
    pub relief: f64,
    /// Stiffness of one segment beyond its toe, N/m.
    pub linear: f64,
    /// Toe of one segment, m (cervical; lumbar toes follow from the elongations).
    pub toe: f64,
    /// Force over which the toe straightens, N.
    pub toe_force: f64,
    /// Level-to-level factors, from the head downwards.
    pub levels: [f64; MAX_LEVELS],
    /// Creep on the toe: a factor on the published amount (lumbar), ratio − 1 (cervical).
    pub creep: f64,
    /// Creep on the branch, ratio − 1.
    pub linear_creep: f64,
    /// Fast creep time, s.
    pub fast_time: f64,
    /// Slow creep time, s.
    pub slow_time: f64,
    /// Share of 20-minute creep that is fast.
    pub fast_share: f64,
    /// How many times slower creep goes back.
    pub recovery: f64,
    /// Friction coefficient of the moving part on an unsplit couch.
    pub friction: f64,
    /// Friction coefficient of the moving part on a sliding section.
    pub rolling: f64,
    /// Lower body as a share of weight (lumbar), factor on head weight (cervical).
    pub weight: f64,
    /// How much of the friction under the lumbar slices works.
    pub slices: f64,
    /// Harness stiffness, N/m.
    pub harness: f64,
    /// Harness toe, m.
    pub harness_toe: f64,
    /// Harness toe force, N.
    pub harness_toe_force: f64,
    /// Harness creep.
    pub harness_creep: f64,
    /// Harness creep time, s.
    pub harness_creep_time: f64,
}

impl Parameters {
    /// Every parameter at its value.
    #[must_use]
    pub fn nominal(region: Region) -> Self {
        Self::from(region, |_| 0.5)
    }

    /// The fixed ensemble: a Latin hypercube of 48 people over all ranges, in
    /// which the strata of each number are shuffled by a fixed sequence.
    #[must_use]
    pub fn ensemble(region: Region) -> Vec<Self> {
        let shuffles: [[u8; MEMBERS]; DIMENSIONS] = core::array::from_fn(shuffled);
        (0..MEMBERS)
            .map(|member| {
                Self::from(region, |dimension| {
                    (f64::from(shuffles[dimension][member]) + 0.5) / MEMBERS as f64
                })
            })
            .collect()
    }

    /// A person drawn from the ranges by a seed; the same seed is the same person.
    #[must_use]
    pub fn drawn(region: Region, seed: u64) -> Self {
        let mut sequence = SplitMix(seed);
        // 53 bits: every f64 in [0, 1) on that grid is equally likely.
        Self::from(region, |_| {
            (sequence.next() >> 11) as f64 / (1_u64 << 53) as f64
        })
    }

    /// Refuses what no spine has: sizes must be finite and not negative, and what
    /// divides must be positive.
    pub(super) fn check(&self) -> Result<(), ColumnError> {
        const TINY: f64 = 1e-6;
        let most = f64::MAX;
        let positive = [
            ("parameters.subject", self.subject),
            ("parameters.linear", self.linear),
            ("parameters.toe_force", self.toe_force),
            ("parameters.fast_time", self.fast_time),
            ("parameters.slow_time", self.slow_time),
            ("parameters.recovery", self.recovery),
            ("parameters.harness", self.harness),
            ("parameters.harness_toe_force", self.harness_toe_force),
            ("parameters.harness_creep_time", self.harness_creep_time),
        ];
        let sizes = [
            ("parameters.toe", self.toe),
            ("parameters.creep", self.creep),
            ("parameters.linear_creep", self.linear_creep),
            ("parameters.weight", self.weight),
            ("parameters.slices", self.slices),
            ("parameters.harness_toe", self.harness_toe),
            ("parameters.harness_creep", self.harness_creep),
        ];
        for (place, value) in positive {
            ColumnError::check(place, value, (TINY, most), "SI")?;
        }
        for (place, value) in sizes {
            ColumnError::check(place, value, (0.0, most), "SI")?;
        }
        for level in self.levels {
            ColumnError::check("parameters.levels", level, (TINY, most), "1")?;
        }
        // At or above 1 a pull downwards could take away more than it gives.
        ColumnError::check("parameters.friction", self.friction, (0.0, 0.99), "1")?;
        ColumnError::check("parameters.rolling", self.rolling, (0.0, 0.99), "1")?;
        ColumnError::check("parameters.fast_share", self.fast_share, (0.0, 1.0), "1")?;
        ColumnError::check("parameters.relief", self.relief, (0.0, 0.99), "1").map(drop)
    }

    fn from(region: Region, belief: impl FnMut(usize) -> f64) -> Self {
        let mut pick = Picker { belief, taken: 0 };
        let cervical = region == Region::Cervical;
        let of = |lumbar: &'static Parameter, neck: &'static Parameter| {
            if cervical { neck } else { lumbar }
        };
        Self {
            subject: pick.take(of(&lumbar::SUBJECT_FACTOR, &cervical::SUBJECT_FACTOR)),
            relief: pick.take(&lumbar::RELIEF_SHARE),
            linear: pick.take(of(&lumbar::LINEAR_STIFFNESS, &cervical::STIFFNESS)),
            toe: pick.take(&cervical::TOE),
            toe_force: pick.take(of(&lumbar::TOE_FORCE, &cervical::TOE_FORCE)),
            creep: if cervical {
                pick.take(&creep::CERVICAL_RATIO) - 1.0
            } else {
                pick.take(&creep::AMOUNT)
            },
            linear_creep: pick.take(&creep::LINEAR_RATIO) - 1.0,
            fast_time: pick.take(&creep::FAST_TIME),
            slow_time: pick.take(&creep::SLOW_TIME),
            fast_share: pick.take(&creep::FAST_SHARE),
            recovery: pick.take(&creep::RECOVERY),
            friction: pick.take(of(&friction::BODY_ON_COUCH, &friction::HEAD_ON_BED)),
            rolling: pick.take(&friction::ON_ROLLERS),
            weight: pick.take(of(&friction::LOWER_BODY, &friction::HEAD_FACTOR)),
            slices: pick.take(&friction::SLICES_MOBILISED),
            harness: pick.take(of(&harness::LUMBAR_STIFFNESS, &harness::CERVICAL_STIFFNESS)),
            harness_toe: pick.take(of(&harness::LUMBAR_TOE, &harness::CERVICAL_TOE)),
            harness_toe_force: pick.take(&harness::TOE_FORCE),
            harness_creep: pick.take(&harness::CREEP),
            harness_creep_time: pick.take(&harness::CREEP_TIME),
            levels: core::array::from_fn(|level| pick.take(level_factor(region, level))),
        }
    }
}

/// The range of one level's own factor.
fn level_factor(region: Region, level: usize) -> &'static Parameter {
    let upper = Segment::L3L4.index() - Segment::L1L2.index();
    match region {
        Region::Cervical => &cervical::LEVEL_FACTOR,
        Region::Lumbar if level < upper => &lumbar::UPPER_LEVEL_FACTOR,
        Region::Lumbar => &lumbar::LEVEL_FACTOR,
    }
}

/// Takes one parameter after another, each with its own dimension.
struct Picker<F> {
    belief: F,
    taken: usize,
}

impl<F: FnMut(usize) -> f64> Picker<F> {
    fn take(&mut self, parameter: &Parameter) -> f64 {
        let belief = (self.belief)(self.taken);
        self.taken += 1;
        parameter.at(belief)
    }
}

/// `SplitMix64` (Steele, Lea and Flood 2014): a fixed sequence of well-mixed words.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }
}

/// The strata of one number in shuffled order.
fn shuffled(dimension: usize) -> [u8; MEMBERS] {
    let mut sequence = SplitMix((dimension as u64).wrapping_mul(0xD1B5_4A32_D192_ED03));
    let mut strata: [u8; MEMBERS] = core::array::from_fn(|stratum| stratum as u8);
    for last in (1..MEMBERS).rev() {
        let other = (sequence.next() % (last as u64 + 1)) as usize;
        strata.swap(last, other);
    }
    strata
}
