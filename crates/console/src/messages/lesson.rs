//! What sessions taught of a spine, in plain words.

use care::lesson::Because;
use spine::unknown::Unknown;

use super::{Say, messages};

messages! {
    learned_head = "What sessions have shown";
    learned_from_one(day) = "One session was learned from, {day}.";
    learned_from(count, day) = "{count} sessions were learned from, the last {day}.";
    learned_simulated = "They ran on a simulated table: this is of its simulated body, not of the patient.";
    learned_doubt(what, percent) = "{what}: {percent} % of the doubt is gone";
    learned_little = "What they showed was known before.";
    learned_tie_same(one, other) = "The table sees {one} and {other} together: more of both would look the same.";
    learned_tie_against(one, other) = "The table sees {one} and {other} together: more of one and less of the other would look the same.";
    learned_known = "Candidates, picture and sliders know this.";
    learned_since = "Picture and sliders know this; the candidates' own forecasts are older.";
    learned_told_one = "Drawn from what one session has shown of this spine.";
    learned_told(count) = "Drawn from what {count} sessions have shown of this spine.";
    learned_pending = "The last session is not learned from yet.";
    learned_nothing(day, why) = "The session of {day} taught nothing: {why}";
    learned_unread = "What was learned earlier was written by another version; forecasts start anew from published averages.";
    learned_why_short = "no hold was reached and kept for ten seconds.";
    learned_why_missing = "its recording is not there.";
    learned_why_altered = "its recording was changed after it was made.";
    learned_why_unfit = "its recording cannot be read as a session.";
    learned_why_foreign = "its recording is of another session or table.";
    learned_why_region = "its recording is of another region.";
    learned_why_person = "age or plan is not on record, or the model knows no such person.";
    learned_why_not_computed = "the model gave no answer for it.";
    learned_why_unsettled = "the search for the most probable spine did not come to rest.";
    learned_why_surprising = "no spine of this kind behaves so. Look at harness, slack and sensors, and at how the patient lay.";
    unknown_compliance = "give of the discs";
    unknown_relief = "lengthening that lying down had given before";
    unknown_toe = "slack of the segments";
    unknown_tension = "stiffness of the segments";
    unknown_compression = "stiffness of the discs under weight";
    unknown_creep = "amount of creep";
    unknown_fast = "time of the fast creep";
    unknown_slow = "time of the slow creep";
    unknown_fast_share = "share of the creep that is fast";
    unknown_recovery = "slowness of recovery";
    unknown_bending = "stiffness in bending";
    unknown_ligaments = "stiffness of the ligaments";
    unknown_facets = "stiffness of the facet joints";
    unknown_tone = "resting muscle tone";
    unknown_swelling = "swelling pressure of the discs";
    unknown_pressure = "pressure in the discs under load";
    unknown_area = "cross-section of the discs";
    unknown_height = "height of the discs";
    unknown_muscle = "stiffness of passive muscle";
    unknown_guarding = "guarding";
    unknown_friction = "friction on the couch";
    unknown_rolling = "friction of the sliding section";
    unknown_weight = "weight of the part that moves";
    unknown_harness = "stiffness of the harness";
    unknown_harness_toe = "bedding-in of the harness";
    unknown_harness_force = "force that beds the harness in";
    unknown_harness_creep = "creep of the harness";
    unknown_harness_time = "creep time of the harness";
    unknown_level(number) = "give of level {number} from the head";
}

impl Say {
    /// From how many sessions a forecast is drawn.
    #[must_use]
    pub fn learned_drawn(self, sessions: u32) -> String {
        match sessions {
            1 => self.learned_told_one(),
            count => self.learned_told(count),
        }
    }

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
