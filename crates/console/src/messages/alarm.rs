//! Words of alarms and of what limits the loop: one sentence a cause, of what is the matter.

use super::Say;

/// A message without arguments.
type Sentence = fn(Say) -> String;

/// What each name on the wire is called on a page.
const NAMES: [(&str, Sentence); 44] = [
    ("patient-switch", Say::cause_patient_switch),
    ("console-stop", Say::cause_console_stop),
    ("symptom", Say::cause_symptom_reported),
    ("comfort-stop", Say::cause_comfort_stop),
    ("comfort-rise", Say::cause_comfort_rise),
    ("staff-no-increase", Say::cause_staff_no_increase),
    ("departed-from-profile", Say::cause_departed),
    ("paused", Say::cause_paused),
    ("ended", Say::cause_ended),
    ("pause-too-long", Say::cause_pause_too_long),
    ("total-time", Say::cause_total_time),
    ("lowered-ceiling", Say::cause_lowered),
    ("link-late", Say::cause_link_late),
    ("link-lost", Say::cause_link_lost),
    ("sample-stale", Say::cause_sample_stale),
    ("sample-lost", Say::cause_sample_lost),
    ("sample-invalid", Say::cause_sample_invalid),
    ("out-of-range", Say::cause_out_of_range),
    ("cells-disagree", Say::cause_cells_disagree),
    ("motor-disagrees", Say::cause_motor_disagrees),
    ("cell-frozen", Say::cause_cell_frozen),
    ("force-rate", Say::cause_force_rate),
    ("force-lost", Say::cause_force_lost),
    ("over-force", Say::cause_over_force),
    ("over-travel", Say::cause_over_travel),
    ("guarding", Say::cause_guarding),
    ("guarding-twice", Say::cause_guarding_twice),
    ("guarding-thrice", Say::cause_guarding_thrice),
    ("loop-slow", Say::cause_loop_slow),
    ("loop-late", Say::cause_loop_late),
    ("switch-doubt", Say::cause_switch_doubt),
    ("drive-fault", Say::cause_drive_fault),
    ("drive-ignores", Say::cause_drive_ignores),
    ("release-over", Say::cause_release_over),
    ("invariant", Say::cause_invariant),
    ("no-contact", Say::cause_no_contact),
    ("drive-astray", Say::cause_drive_astray),
    ("motor-above", Say::cause_motor_above),
    ("force-remains", Say::cause_force_remains),
    ("disk", Say::cause_disk),
    ("sounder", Say::cause_sounder),
    ("controller-hung", Say::cause_controller_hung),
    ("guard-hung", Say::cause_guard_hung),
    ("no-answer", Say::cause_no_answer),
];

impl Say {
    /// The lowest bound of a tick by its name on the wire; empty where nothing limits, or
    /// nobody tells.
    #[must_use]
    pub fn limit(self, name: &str) -> String {
        let words = match name {
            "ceiling" => self.limit_ceiling(),
            "lowered-ceiling" => self.limit_lowered(),
            "profile" => self.limit_profile(),
            "rate" => self.limit_rate(),
            "freshness" => self.limit_freshness(),
            "pull-speed" => self.limit_pull_speed(),
            "no-increase" => self.limit_held(),
            "above-target" => self.limit_target(),
            "base" => self.limit_base(),
            "cap" => self.limit_cap(),
            "yield" => self.limit_yield(),
            "release" => self.limit_release(),
            "torque-off" => self.limit_torque(),
            "slack" => self.limit_slack(),
            "ending" => self.limit_ending(),
            "stiffness" => self.limit_stiffness(),
            _ => return String::new(),
        };
        self.limit_of(words)
    }

    /// A cause or an alarm by its name on the wire; a name we do not know stands as it is.
    #[must_use]
    pub fn matter(self, name: &str) -> String {
        let known = NAMES.iter().find(|(known, _)| *known == name);
        known.map_or_else(|| name.replace('-', " "), |(_, words)| words(self))
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMES, Say};
    use crate::messages::Locale;
    use traction::limiter::Limit;

    #[test]
    fn every_cause_of_the_loop_has_its_words() {
        for cause in traction::cause::Cause::ALL {
            let known = NAMES.iter().any(|(name, _)| *name == cause.as_str());
            assert!(known, "{} has no words", cause.as_str());
        }
    }

    #[test]
    fn every_bound_of_the_limiter_has_its_words() {
        let say = Say {
            locale: Locale::English,
        };
        let bounds = Limit::ALL.iter();
        for limit in bounds.filter(|limit| !matches!(limit, Limit::None | Limit::Unknown)) {
            assert!(!say.limit(limit.as_str()).is_empty(), "{limit:?}");
        }
    }
}
