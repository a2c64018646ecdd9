//! What sessions taught of a spine, in plain words.

use care::lesson::Because;
use spine::unknown::Unknown;

use super::Say;

impl Say {
    /// Why a session taught nothing.
    #[must_use]
    pub fn learned_why(self, because: Because) -> String {
        match because {
            Because::TooShort => self.learned_why_short(),
            Because::RecordingMissing => self.learned_why_missing(),
            Because::RecordingAltered => self.learned_why_altered(),
            Because::RecordingUnfit => self.learned_why_unfit(),
            Because::RecordingForeign => self.learned_why_foreign(),
            Because::RegionsDiffer => self.learned_why_region(),
            Because::PersonUnknown => self.learned_why_person(),
            Because::NotComputed => self.learned_why_not_computed(),
            Because::Unsettled => self.learned_why_unsettled(),
            Because::Surprising => self.learned_why_surprising(),
        }
    }

    /// What an unknown of a spine is called.
    #[must_use]
    pub fn unknown_of(self, unknown: Unknown) -> String {
        match unknown {
            Unknown::Subject => self.unknown_compliance(),
            Unknown::Relief => self.unknown_relief(),
            Unknown::ToeForce => self.unknown_toe(),
            Unknown::Tension => self.unknown_tension(),
            Unknown::Compression => self.unknown_compression(),
            Unknown::Creep => self.unknown_creep(),
            Unknown::FastTime => self.unknown_fast(),
            Unknown::SlowTime => self.unknown_slow(),
            Unknown::FastShare => self.unknown_fast_share(),
            Unknown::Recovery => self.unknown_recovery(),
            Unknown::Bending => self.unknown_bending(),
            Unknown::Ligaments => self.unknown_ligaments(),
            Unknown::Facets => self.unknown_facets(),
            Unknown::Tone => self.unknown_tone(),
            Unknown::Swelling => self.unknown_swelling(),
            Unknown::PressureFactor => self.unknown_pressure(),
            Unknown::Area => self.unknown_area(),
            Unknown::Height => self.unknown_height(),
            Unknown::Muscle => self.unknown_muscle(),
            Unknown::Guarding => self.unknown_guarding(),
            around => self.unknown_around(around),
        }
    }

    /// The same for couch, harness and single levels.
    fn unknown_around(self, unknown: Unknown) -> String {
        match unknown {
            Unknown::Friction => self.unknown_friction(),
            Unknown::Rolling => self.unknown_rolling(),
            Unknown::Weight => self.unknown_weight(),
            Unknown::Harness => self.unknown_harness(),
            Unknown::HarnessToe => self.unknown_harness_toe(),
            Unknown::HarnessToeForce => self.unknown_harness_force(),
            Unknown::HarnessCreep => self.unknown_harness_creep(),
            Unknown::HarnessCreepTime => self.unknown_harness_time(),
            level => {
                let mut levels = Unknown::LEVELS.iter();
                let place = levels.position(|one| *one == level);
                self.unknown_level(place.map_or(0, |place| place + 1))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::Locale;

    #[test]
    fn every_unknown_and_every_reason_has_words_of_its_own() {
        let say = Say {
            locale: Locale::English,
        };
        let unknowns = Unknown::ALL.map(|unknown| say.unknown_of(unknown));
        let reasons = Because::ALL.map(|because| say.learned_why(because));
        let mut all: Vec<String> = unknowns.into_iter().chain(reasons).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
