//! Words of alarms and of what limits the loop: one sentence a cause, of what is the matter.

use super::{Say, messages};

messages! {
    alarm_high = "High";
    alarm_medium = "Medium";
    alarm_low = "Low";
    alarm_list = "Alarms";
    alarm_acknowledge = "Acknowledge";
    alarm_acknowledged = "acknowledged";
    alarm_silence = "Silence 2 min";
    alarm_silenced(left) = "Silent for {left}";
    alarm_test = "Sound test";
    alarm_test_lead = "Alarms of the session are heard from this page. Try it before the table is armed.";
    alarm_heard = "I heard three tones";
    alarm_no_sound = "No alarm is heard from this page.";
    alarm_sound_on = "Turn the sound on";
    live_server_lost = "This page has lost its server. What it shows is old. The table lets go by itself; use the patient's switch or the panel at the table.";
    limit_of(limit) = "limited by {limit}";
    limit_ceiling = "the ceiling";
    limit_lowered = "the lowered ceiling";
    limit_profile = "the profile";
    limit_rate = "the ramp";
    limit_freshness = "readings that are late";
    limit_pull_speed = "the carriage's fastest pull";
    limit_held = "no increase";
    limit_target = "force above its target";
    limit_base = "base force";
    limit_cap = "the force at which an increase was forbidden";
    limit_yield = "yielding to the patient";
    limit_release = "the release of a stop";
    limit_torque = "a drive without torque";
    limit_slack = "slack that is taken up";
    limit_ending = "the end";
    limit_stiffness = "a stiff patient";
    cause_patient_switch = "The patient pressed the switch";
    cause_console_stop = "STOP was pressed";
    cause_symptom_reported = "A symptom was reported";
    cause_comfort_stop = "Discomfort reached its stop";
    cause_comfort_rise = "Discomfort rises";
    cause_staff_no_increase = "The staff asked for no increase";
    cause_departed = "Below the profile until a practitioner allows more";
    cause_paused = "Paused";
    cause_ended = "Ended by the staff";
    cause_pause_too_long = "The pause lasts too long";
    cause_total_time = "The longest time is reached";
    cause_lowered = "The ceiling was lowered";
    cause_link_late = "Link late";
    cause_link_lost = "Link lost";
    cause_sample_stale = "A force reading is late";
    cause_sample_lost = "Force readings are missing";
    cause_sample_invalid = "A force reading is no number";
    cause_out_of_range = "A force reading is out of range";
    cause_cells_disagree = "The two load cells disagree";
    cause_motor_disagrees = "Load cells and motor disagree";
    cause_cell_frozen = "A load cell stands still";
    cause_force_rate = "Force changes too fast";
    cause_force_lost = "Force fell away: cord, harness or buckle";
    cause_over_force = "Force is above the ceiling";
    cause_over_travel = "The harness travelled too far";
    cause_guarding = "The patient works against the pull";
    cause_guarding_twice = "The patient works against the pull again";
    cause_guarding_thrice = "The patient worked against the pull three times";
    cause_loop_slow = "The loop was late once";
    cause_loop_late = "The loop was far too late";
    cause_switch_doubt = "The patient's switch is in doubt";
    cause_drive_fault = "The drive reports a fault";
    cause_drive_ignores = "The drive does not do what it is told, and force is too high";
    cause_release_over = "Force is left although the release is over";
    cause_invariant = "The loop cannot trust itself";
    cause_no_contact = "The harness is not on the patient";
    cause_drive_astray = "The drive goes another way than it is told";
    cause_motor_above = "The motor feels more than the load cells";
    cause_force_remains = "Force is left after the end";
    cause_disk = "The recording cannot be written";
    cause_sounder = "The sounder at the table is silent";
    cause_controller_hung = "The controller does not answer";
    cause_guard_hung = "The guard does not answer";
    cause_no_answer = "The patient does not answer";
}

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
