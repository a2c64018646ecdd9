//! Words of the visit and of the live session.

use super::Say;

impl Say {
    /// A stage of the session, by the bedside's word.
    #[must_use]
    pub fn stage(self, word: &str) -> String {
        match word {
            "idle" => self.stage_idle(),
            "armed" => self.stage_armed(),
            "take-up" => self.stage_take_up(),
            "running" => self.stage_running(),
            "paused" => self.stage_paused(),
            "ending" => self.stage_ending(),
            "unloading" => self.stage_unloading(),
            "unloaded" => self.stage_unloaded(),
            "complete" => self.stage_complete(),
            _ => self.unknown(),
        }
    }

    /// How force is applied.
    #[must_use]
    pub fn mode(self, mode: traction::Mode) -> String {
        use traction::Mode;
        match mode {
            Mode::Static => self.mode_static(),
            Mode::Intermittent => self.mode_intermittent(),
            Mode::Cyclic => self.mode_cyclic(),
            Mode::Progressive => self.mode_progressive(),
            Mode::Regressive => self.mode_regressive(),
            Mode::Logarithmic => self.mode_logarithmic(),
            Mode::Oscillating => self.mode_oscillating(),
        }
    }

    /// A phase of the profile.
    #[must_use]
    pub fn phase(self, word: &str) -> String {
        match word {
            "ramp" => self.phase_ramp(),
            "hold" => self.phase_hold(),
            "release" => self.phase_release(),
            "rest" => self.phase_rest(),
            _ => self.stage_complete(),
        }
    }

    /// What the guard does.
    #[must_use]
    pub fn action(self, word: &str) -> String {
        match word {
            "warn" => self.action_warn(),
            "no-increase" => self.action_no_increase(),
            "go-base" => self.action_go_base(),
            "unload" => self.action_unload(),
            "torque-off" => self.action_torque_off(),
            _ => self.live_limiter_none(),
        }
    }

    /// How a session ended.
    #[must_use]
    pub fn cause(self, cause: care::episode::EndCause) -> String {
        use care::episode::EndCause;
        match cause {
            EndCause::Completed => self.cause_completed(),
            EndCause::Comfort => self.cause_comfort(),
            EndCause::Technical => self.cause_technical(),
            EndCause::Operator => self.cause_operator(),
            EndCause::Symptom => self.cause_symptom(),
            EndCause::Unexplained => self.cause_unexplained(),
        }
    }

    /// Stop symptoms with their names on the wire (CLINICAL.md §5).
    #[must_use]
    pub fn symptoms(self) -> Vec<(&'static str, String)> {
        vec![
            ("new-pain", self.symptom_new_pain()),
            ("sharp-pain", self.symptom_sharp()),
            ("radiating-pain", self.symptom_radiating()),
            ("numbness", self.symptom_numbness()),
            ("weakness", self.symptom_weakness()),
            ("crack", self.symptom_crack()),
            ("leg-pain-lost", self.symptom_leg_pain_lost()),
            ("visual-sign", self.symptom_visual()),
            ("speech-sign", self.symptom_speech()),
            ("balance-sign", self.symptom_balance()),
            ("peripheralisation", self.symptom_peripheral()),
            ("faintness", self.symptom_faint()),
            ("other", self.symptom_other()),
        ]
    }
}
