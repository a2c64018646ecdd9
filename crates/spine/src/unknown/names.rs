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
        self.place().split_at("draw.".len()).1
    }

    /// Where an error says that it is: `draw.` and the name in JSON.
    #[must_use]
    pub const fn place(self) -> &'static str {
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
            Self::Subject => (
                "draw.disc_compliance",
                "compliance of the discs in tension",
                "1",
            ),
            Self::Relief => (
                "draw.relief_share",
                "share of elongation that lying down had already given",
                "1",
            ),
            Self::ToeForce => (
                "draw.toe_force",
                "force over which a segment's slack straightens",
                "N",
            ),
            Self::Tension => (
                "draw.tension_stiffness",
                "stiffness of a segment in tension",
                "N/m",
            ),
            Self::Compression => (
                "draw.compression_stiffness",
                "stiffness of the discs in compression",
                "1",
            ),
            Self::Creep => ("draw.creep_amount", "amount of creep", "1"),
            Self::FastTime => ("draw.creep_fast_time", "fast creep time", "s"),
            Self::SlowTime => ("draw.creep_slow_time", "slow creep time", "s"),
            Self::FastShare => ("draw.creep_fast_share", "share of creep that is fast", "1"),
            Self::Recovery => (
                "draw.recovery_slowdown",
                "slowness of recovery against loading",
                "1",
            ),
            Self::Bending => (
                "draw.bending_stiffness",
                "stiffness of the discs in bending",
                "1",
            ),
            Self::Ligaments => ("draw.ligament_stiffness", "stiffness of the ligaments", "1"),
            Self::Facets => ("draw.facet_stiffness", "stiffness of facet contact", "1"),
            Self::Tone => (
                "draw.muscle_tone",
                "compression by resting muscle tone",
                "N",
            ),
            Self::Swelling => ("draw.swelling_pressure", "swelling pressure at rest", "Pa"),
            Self::PressureFactor => ("draw.pressure_factor", "pressure factor", "1"),
            Self::Area => ("draw.disc_area", "cross-section of the discs", "1"),
            Self::Height => ("draw.disc_height", "height of the discs", "1"),
            Self::Muscle => ("draw.muscle_stiffness", "stiffness of passive muscle", "1"),
            Self::Guarding => ("draw.guarding", "strength of guarding", "1"),
            _ => self.around(),
        }
    }

    /// The same for couch, harness and levels.
    const fn around(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Friction => ("draw.friction", "friction on the couch", "1"),
            Self::Rolling => (
                "draw.rolling_friction",
                "friction of the sliding section",
                "1",
            ),
            Self::Weight => ("draw.moving_mass", "mass of the moving part", "1"),
            Self::Harness => ("draw.harness_stiffness", "stiffness of the harness", "N/m"),
            Self::HarnessToe => ("draw.harness_toe", "bedding-in of the harness", "m"),
            Self::HarnessToeForce => (
                "draw.harness_toe_force",
                "force over which the harness beds in",
                "N",
            ),
            Self::HarnessCreep => ("draw.harness_creep", "creep of the harness", "1"),
            Self::HarnessCreepTime => ("draw.harness_creep_time", "creep time of the harness", "s"),
            _ => self.level(),
        }
    }

    /// The same for the factor of a level.
    const fn level(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Level0 => ("draw.level_0", "compliance of the first level", "1"),
            Self::Level1 => ("draw.level_1", "compliance of the second level", "1"),
            Self::Level2 => ("draw.level_2", "compliance of the third level", "1"),
            Self::Level3 => ("draw.level_3", "compliance of the fourth level", "1"),
            Self::Level4 => ("draw.level_4", "compliance of the fifth level", "1"),
            Self::Level5 => ("draw.level_5", "compliance of the sixth level", "1"),
            Self::Level6 => ("draw.level_6", "compliance of the seventh level", "1"),
            _ => ("draw.level_7", "compliance of the eighth level", "1"),
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
