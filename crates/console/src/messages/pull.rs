//! What a pull does to a spine: the plan's sliders and the live picture.

use spine::column::{Output, Warning};

use super::Say;

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
