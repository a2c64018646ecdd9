//! What people call each unknown, and its unit.

use super::{COUNT, Unknown};

impl Unknown {
    /// Every unknown, in the order of a [`Draw`](super::Draw).
    pub const ALL: [Self; COUNT] = [
        Self::Subject,
        Self::Relief,
        Self::ToeForce,
        Self::Tension,
        Self::Compression,
        Self::Creep,
        Self::FastTime,
        Self::SlowTime,
        Self::FastShare,
        Self::Recovery,
        Self::Bending,
        Self::Ligaments,
        Self::Facets,
        Self::Tone,
        Self::Swelling,
        Self::PressureFactor,
        Self::Area,
        Self::Height,
        Self::Muscle,
        Self::Guarding,
        Self::Friction,
        Self::Rolling,
        Self::Weight,
        Self::Harness,
        Self::HarnessToe,
        Self::HarnessToeForce,
        Self::HarnessCreep,
        Self::HarnessCreepTime,
        Self::Level0,
        Self::Level1,
        Self::Level2,
        Self::Level3,
        Self::Level4,
        Self::Level5,
        Self::Level6,
        Self::Level7,
    ];

    /// The factors of single levels, from the head downwards.
    pub const LEVELS: [Self; 8] = [
        Self::Level0,
        Self::Level1,
        Self::Level2,
        Self::Level3,
        Self::Level4,
        Self::Level5,
        Self::Level6,
        Self::Level7,
    ];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.told().0
    }

    /// The name in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        self.told().1
    }

    /// SI unit, `1` for a ratio.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        self.told().2
    }

    const fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Subject => ("disc_compliance", "compliance of the discs in tension", "1"),
            Self::Relief => (
                "relief_share",
                "share of elongation that lying down had already given",
                "1",
            ),
            Self::ToeForce => (
                "toe_force",
                "force over which a segment's slack straightens",
                "N",
            ),
            Self::Tension => (
                "tension_stiffness",
                "stiffness of a segment in tension",
                "N/m",
            ),
            Self::Compression => (
                "compression_stiffness",
                "stiffness of the discs in compression",
                "1",
            ),
            Self::Creep => ("creep_amount", "amount of creep", "1"),
            Self::FastTime => ("creep_fast_time", "fast creep time", "s"),
            Self::SlowTime => ("creep_slow_time", "slow creep time", "s"),
            Self::FastShare => ("creep_fast_share", "share of creep that is fast", "1"),
            Self::Recovery => (
                "recovery_slowdown",
                "slowness of recovery against loading",
                "1",
            ),
            Self::Bending => (
                "bending_stiffness",
                "stiffness of the discs in bending",
                "1",
            ),
            Self::Ligaments => ("ligament_stiffness", "stiffness of the ligaments", "1"),
            Self::Facets => ("facet_stiffness", "stiffness of facet contact", "1"),
            Self::Tone => ("muscle_tone", "compression by resting muscle tone", "N"),
            Self::Swelling => ("swelling_pressure", "swelling pressure at rest", "Pa"),
            Self::PressureFactor => ("pressure_factor", "pressure factor", "1"),
            Self::Area => ("disc_area", "cross-section of the discs", "1"),
            Self::Height => ("disc_height", "height of the discs", "1"),
            Self::Muscle => ("muscle_stiffness", "stiffness of passive muscle", "1"),
            Self::Guarding => ("guarding", "strength of guarding", "1"),
            Self::Friction => ("friction", "friction on the couch", "1"),
            Self::Rolling => ("rolling_friction", "friction of the sliding section", "1"),
            Self::Weight => ("moving_mass", "mass of the moving part", "1"),
            Self::Harness => ("harness_stiffness", "stiffness of the harness", "N/m"),
            Self::HarnessToe => ("harness_toe", "bedding-in of the harness", "m"),
            Self::HarnessToeForce => (
                "harness_toe_force",
                "force over which the harness beds in",
                "N",
            ),
            Self::HarnessCreep => ("harness_creep", "creep of the harness", "1"),
            Self::HarnessCreepTime => ("harness_creep_time", "creep time of the harness", "s"),
            Self::Level0 => ("level_0", "compliance of the first level", "1"),
            Self::Level1 => ("level_1", "compliance of the second level", "1"),
            Self::Level2 => ("level_2", "compliance of the third level", "1"),
            Self::Level3 => ("level_3", "compliance of the fourth level", "1"),
            Self::Level4 => ("level_4", "compliance of the fifth level", "1"),
            Self::Level5 => ("level_5", "compliance of the sixth level", "1"),
            Self::Level6 => ("level_6", "compliance of the seventh level", "1"),
            Self::Level7 => ("level_7", "compliance of the eighth level", "1"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_the_order_of_the_draw() {
        for (index, unknown) in Unknown::ALL.iter().enumerate() {
            assert_eq!(*unknown as usize, index);
        }
    }
}
