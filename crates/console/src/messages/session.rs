//! Words of the visit and of the live session.

use super::{Say, messages};

messages! {
    treat_head_arrive(number) = "Session {number}: is the patient here?";
    treat_head_open(number) = "Session {number}: check, then arm.";
    treat_head_not_yet(step) = "No session now. First: {step}.";
    table_connected = "The table answers.";
    table_gone = "The table does not answer.";
    table_none = "No table is configured.";
    treat_to_session = "To the table";
    treat_arrival = "Arrival record";
    treat_arrival_lead = "What the session is compared with: pain at each site, most distal point, neurology.";
    treat_arrival_save = "Open the visit";
    treat_rescreen = "Re-screen";
    treat_monitoring = "Monitoring before the pull";
    treat_monitoring_lead = "Asked for by this patient's conditions. Without it the table is not armed.";
    treat_monitoring_save = "Save the monitoring";
    treat_at_hand = "To be at hand for this patient";
    treat_start = "Pre-start list";
    treat_start_lead = "Each item is stored with who and when.";
    treat_start_save = "Save the checks";
    treat_attendant = "Who attends";
    treat_arm = "Arm the table";
    treat_arm_lead = "Issues the permission for one session. Nothing pulls yet.";
    treat_checked = "Checked";
    treat_arrived(when) = "Arrived {when}.";
    live_title = "Session";
    live_force = "Force on the harness";
    live_left = "Time left";
    live_phase = "Phase";
    live_discomfort = "Discomfort";
    live_of_ten = "of 10";
    live_newtons = "N";
    live_set(set, ceiling) = "set-point {set} N · ceiling {ceiling} N";
    live_set_none = "set-point unknown";
    live_unknown = "?";
    live_curve = "Force over time";
    live_no_drawing = "The live drawing was not built on this machine. Everything else works.";
    live_no_script = "Without script this page does not move by itself and controls nothing. STOP works. Load the page again to see the force.";
    live_refresh = "Load again";
    live_prepare = "Begin: first act";
    live_confirm = "Begin the pull: second act";
    live_resume_first = "Resume: first act";
    live_resume = "Resume the pull: second act";
    live_prepared = "Second act within 30 seconds.";
    live_stop = "STOP";
    lost_stop = "STOP did not arrive. Use the patient's switch.";
    lost_command = "The command did not arrive. Use the patient's switch.";
    lost_because(why, remedy) = "{why} {remedy}";
    lost_login = "Log in again once the patient is safe.";


    live_pause = "Pause";
    live_continue = "Go on";
    live_lower = "Lower";
    live_no_increase = "No increase";
    live_no_consent = "There is no consent";
    live_allow = "Allow increase";
    live_close = "Close the session";
    live_end = "End early";
    live_control = "Take control";
    live_control_ask = "Ask for control";
    live_control_asked = "Asked for control";
    live_control_mine = "You control the table.";
    live_control_other(name) = "{name} controls the table. You see it and can stop it.";
    live_control_silent(name, seconds) = "{name} controls the table and has been silent for {seconds} s.";
    live_control_elsewhere = "Another console controls the table. You see it and can stop it.";
    live_control_nobody = "Nobody controls the table.";
    live_asks(name) = "{name} asks for control.";
    live_hand_over = "Hand over";
    live_keep = "Keep control";
    live_symptom = "Report a symptom: the table lets go";
    live_monitoring = "Monitoring during the pull";
    live_monitoring_save = "Save";
    live_stop_at(criteria) = "Stop at: {criteria}.";
    monitor_before(value) = "Before the pull: {value}";
    monitor_last(value, when) = "Last: {value}, {when}";
    monitor_none = "On the table: not yet entered";
    live_explain = "What was the stop?";
    live_explain_comfort = "Discomfort, no symptom";
    live_explain_technical = "Technical";
    live_explain_symptom = "A symptom";
    live_simulated = "Simulated table";
    live_switch_press = "Patient presses the switch";
    live_switch_release = "Patient lets the switch go";
    live_asleep = "Patient falls asleep";
    live_awake = "Patient wakes";
    switch_head = "Daily test of the patient's switch";
    switch_lead(least) = "Before the first session of the day: pull without a patient at {least} N or more, press the switch, and see the table let go within 5 seconds.";
    switch_force = "Pressed at, N";
    switch_let_go = "The table let go";
    switch_save = "Record the test";
    live_ask = "Ask now: how is it, 0 to 10?";
    live_unanswered = "No answer for 30 s: the table goes to base force. Go to the patient, tell what is said, then continue.";
    live_well = "As before, nothing worse";
    live_health(p99, worst, missed) = "Loop: 99 % within {p99} ms, worst {worst} ms, {missed} missed.";
    live_health_memory = "Its memory is not locked.";
    live_health_disk(waiting, lost) = "The recording lags: {waiting} ticks wait, {lost} are lost.";
    live_health_service = "The table needs service: its sensors were implausible twice in one session.";
    live_health_sounder = "No sounder at the table.";
    live_of(total) = "of {total}";
    live_above(force) = "{force} N, more than 177 N, is meant";
    live_course = "What this session will do";
    change_head = "Change mode or force";
    change_mode = "Mode";
    change_force(most) = "Force, N (at most {most})";
    change_first = "Change: first act";
    change_second = "Change: second act";
    change_here = "goes on here";
    change_ceiling = "ceiling";
    change_course(mode, force, total) = "{mode}, {force} N, {total} in all";
    change_words(mode, force, left, total) = "{mode}, {force} N: {left} left of {total}.";
    change_too_late = "The last descent has begun: nothing can be changed any more.";
    mode_static = "Static";
    mode_intermittent = "Intermittent";
    mode_cyclic = "Cyclic";
    mode_progressive = "Progressive";
    mode_regressive = "Regressive";
    mode_logarithmic = "Logarithmic";
    mode_oscillating = "Oscillating";
    live_ended = "The session is over.";
    live_recorded(cause, sha256) = "On the recording: {cause}. SHA-256 {sha256}";
    live_to_leaving = "Leaving check";
    live_not_here = "The table holds another session or none.";
    live_link_ok(age) = "Link {age} ms";
    live_link_none = "Link: nobody in control";
    live_link_lost = "Link lost. The table unloads by itself. Use the panel at the table.";
    live_limiter_none = "Following the plan";
    live_limiter(action, cause) = "{action}: {cause}";
    live_latched(cause) = "Stopped: {cause}";
    live_phase_cycle(phase, cycle) = "{phase}, pull {cycle}";
    live_switch_on = "Patient's switch pressed";
    live_switch_off = "Patient's switch ready";
    stage_idle = "Idle";
    stage_armed = "Armed";
    stage_take_up = "Taking up slack";
    stage_running = "Running";
    stage_paused = "Paused";
    stage_ending = "Ending";
    stage_unloading = "Letting go";
    stage_unloaded = "Stopped, unloaded";
    stage_complete = "Complete";
    phase_ramp = "Ramp";
    phase_hold = "Hold";
    phase_release = "Release";
    phase_rest = "Rest";
    action_warn = "Warning";
    action_no_increase = "No increase";
    action_go_base = "Down to base force";
    action_unload = "Unloading";
    action_torque_off = "Drive off";
    symptom_new_pain = "New pain";
    symptom_sharp = "Sharp pain";
    symptom_radiating = "Radiating pain";
    symptom_numbness = "Numbness";
    symptom_weakness = "Weakness";
    symptom_crack = "A crack";
    symptom_leg_pain_lost = "Leg pain suddenly gone";
    symptom_visual = "Vision";
    symptom_speech = "Speech";
    symptom_balance = "Balance";
    symptom_peripheral = "Pain moves outward";
    symptom_faint = "Faintness";
    symptom_other = "Other sign";
    leaving_title = "Leaving check";
    leaving_head = "Before the patient leaves.";
    leaving_head_done = "The visit is closed.";
    leaving_summary(peak, minutes, cause) = "Peak {peak} N for {minutes} min, ended: {cause}.";
    leaving_during = "Left open during the pull";
    leaving_after = "After the pull";
    leaving_unmeasured = "Not measured: the pull ended before";
    leaving_card = "Written advice with the warning card was handed over";
    leaving_save = "Close the visit";
    leaving_advice = "Advice for this patient";
    cause_completed = "completed";
    cause_comfort = "discomfort";
    cause_technical = "technical";
    cause_operator = "ended by the staff";
    cause_symptom = "symptom";
    cause_unexplained = "unexplained stop";
    explain_reason = "How you know";
    explain_save = "Explain the stop";
}

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
