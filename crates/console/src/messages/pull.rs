//! What a pull does to a spine: the plan's sliders and the live picture.

use spine::column::{Output, Warning};

use super::{Say, messages};

messages! {
    plan_look_head = "What this pull does";
    plan_look_lead = "Moving a slider shows another pull. The plan stays as it is.";
    plan_look = "Look";
    plan_look_at = "See its spine";
    plan_look_reset = "Back to the plan's own";
    plan_colour = "Colour the spine by";
    plan_force_label = "Force at hold";
    plan_angle_label = "Angle of pull";
    plan_hold_label = "Hold";
    plan_rest_label(base) = "Rest, at {base} N";
    plan_ramp_label = "Ramp";
    plan_rest = "Rest";
    plan_release_label = "Descent";
    plan_pulls = "Pulls";
    plan_least = "Weakest pull";
    plan_rise = "Slow half of a rise";
    plan_swing = "Oscillation below the force";
    plan_period = "Length of an oscillation";
    plan_limit_label = "May be changed up to";
    plan_chosen = "Chosen";
    plan_chosen_from(candidate) = "starts from {candidate}";
    plan_shape(name, value, unit) = "{name}: {value} {unit}";
    plan_mode_static = "Static";
    plan_mode_intermittent = "Intermittent";
    plan_mode_cyclic = "Cyclic";
    plan_mode_progressive = "Progressive";
    plan_mode_regressive = "Regressive";
    plan_mode_logarithmic = "Logarithmic";
    plan_mode_oscillating = "Oscillating";
    plan_choose_head = "Choose the pull yourself";
    plan_choose_lead = "Within the limits of one candidate. What is left empty follows the numbers of dose. Nothing is signed by it.";
    plan_choose_from = "Start from";
    plan_choose_mode = "Mode";
    plan_choose_show = "Show its settings";
    plan_choose_propose = "Propose with this pull";
    plan_by_dose = "by dose";
    plan_fence_first(force, sessions, why) = "{force} N in the next {sessions} sessions: {why}";
    plan_fence_ceiling(force, why) = "{force} N at most: {why}";
    plan_signed_angle(angle, why) = "The plan pulls at {angle}°. {why}";
    plan_output_opening = "Opens";
    plan_output_pressure = "Pressure, from rest";
    plan_elongation = "All levels together through the session, mm longer";
    plan_elongation_desc = "Elongation of the treated part of the spine over time, the middle and nine of ten simulated spines";
    plan_elongation_held(mm) = "{mm} mm at the last hold";
    plan_elongation_band = "9 of 10 spines";
    plan_doubt_comes = "The middle spine. How sure we are follows at once.";
    plan_target_opens(level, mid, low, high) = "{level} opens about {mid} mm at the last hold, somewhere between {low} and {high}.";
    plan_members(count) = "Bars hold 9 of 10 of {count} simulated spines of this build; an opening is never shown tighter than ±0.5 mm. A forecast, not a measurement; nothing is decided by it.";
    plan_beyond_first(force, sessions) = "More than the next {sessions} sessions may pull: no more than {force} N until then.";
    plan_only_looked = "This is not the plan: to change the plan, propose again.";
    plan_no_prediction = "No prediction.";
    plan_look_lost = "The prediction did not arrive. Move the slider again.";
    plan_warn_extrapolated = "The pull is greater than what elongations were measured at; beyond it the model extrapolates.";
    plan_warn_person = "Age or weight lies outside the people that were measured.";
    plan_warn_degenerated = "No tension measurement of strongly degenerated discs was found; their share is ours.";
    plan_warn_curved = "No measurement of a sideways curved spine under traction was found.";
    plan_warn_specimens = "How a neck stretches was measured on specimens; in life only which side opens more.";
    plan_warn_angled = "Of a pull on the loins at an angle, only which side opens more was found measured.";
    live_spine = "This spine now, estimated from the measured force";
    live_spine_desc(levels) = "Opening of each level in mm, each ± 0.5 at least: {levels}";
    live_spine_note(times) = "Opening in mm, each ± 0.5 at least, estimated. Drawn {times} ×.";
    live_spine_held(times) = "No force is measured now: the last one is taken. Drawn {times} ×.";
    live_spine_none = "No picture of this spine: age or plan is not on record.";
}

impl Say {
    /// The name of an output that colours the picture.
    #[must_use]
    pub fn plan_output(self, output: Output) -> String {
        match output {
            Output::Separation => self.plan_output_opening(),
            Output::PressureChange => self.plan_output_pressure(),
            _ => self.unknown(),
        }
    }

    /// The name of a mode.
    #[must_use]
    pub fn plan_mode(self, name: &str) -> String {
        match name {
            "static" => self.plan_mode_static(),
            "intermittent" => self.plan_mode_intermittent(),
            "cyclic" => self.plan_mode_cyclic(),
            "progressive" => self.plan_mode_progressive(),
            "regressive" => self.plan_mode_regressive(),
            "logarithmic" => self.plan_mode_logarithmic(),
            "oscillating" => self.plan_mode_oscillating(),
            _ => self.unknown(),
        }
    }

    /// Why a prediction is to be read with care.
    #[must_use]
    pub fn plan_warning(self, warning: Warning) -> String {
        match warning {
            Warning::Extrapolated => self.plan_warn_extrapolated(),
            Warning::Person => self.plan_warn_person(),
            Warning::Degenerated => self.plan_warn_degenerated(),
            Warning::Curved => self.plan_warn_curved(),
            Warning::Specimens => self.plan_warn_specimens(),
            Warning::Angled => self.plan_warn_angled(),
            _ => self.unknown(),
        }
    }
}
