//! What people and the line to them ask for: switch, STOP, symptoms, discomfort,
//! the console's heartbeat, and the clocks that end a pause or a session.

use super::{Config, Found, Watch};
use crate::cause::Cause;
use crate::input::{Command, Input, Pole, Switch};
use crate::limits::ComfortAnswer;
use crate::numbers::{
    LATE_MS, LINK_LATE_MS, LINK_LOST_MS, LONGEST_PAUSE, LONGEST_TAKE_UP, SLOW_MS, SWITCH_DOUBT,
};
use crate::supervisor::Stage;
use crate::{TICK_MS, Ticks};

/// The plan ends the session at its longest time; the guard unloads it if it does not (ours).
const TOTAL_GRACE: Ticks = Ticks::from_secs(1);

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct State {
    /// Ticks for which the poles have not both been closed.
    doubt: u32,
    pressed: bool,
    heartbeat_ms: u32,
    /// Discomfort that a practitioner has seen and allowed increases with.
    allowed: u8,
    comfort: Option<u8>,
    paused: Ticks,
    taking_up: Ticks,
    /// Time from the first tension on, pauses included.
    session: Ticks,
}

impl State {
    pub(super) const NEW: Self = Self {
        doubt: 0,
        pressed: true,
        heartbeat_ms: u32::MAX,
        allowed: 0,
        comfort: None,
        paused: Ticks::ZERO,
        taking_up: Ticks::ZERO,
        session: Ticks::ZERO,
    };

    pub(super) const fn pressed(&self) -> bool {
        self.pressed
    }

    pub(super) fn step(
        self,
        config: &Config,
        input: &Input,
        watch: &Watch,
        found: &mut Found,
    ) -> Self {
        let state = self
            .switch(input.switch, watch, found)
            .link(config, input, found)
            .discomfort(config, input, found)
            .clocks(config, input, watch, found);
        found.add(
            Cause::SymptomReported,
            matches!(input.command, Some(Command::Symptom(_))),
        );
        found.add(Cause::ConsoleStop, input.command == Some(Command::Stop));
        found.add(
            Cause::StaffNoIncrease,
            input.command == Some(Command::NoIncrease),
        );
        found.add(Cause::LoopLate, input.late_ms > LATE_MS);
        found.add(Cause::LoopSlow, input.late_ms > SLOW_MS);
        found.add(Cause::DriveFault, input.drive_fault);
        state
    }

    /// Both poles open is pressed at once; one open, or missing, after 50 ms.
    fn switch(self, switch: Switch, watch: &Watch, found: &mut Found) -> Self {
        let doubt = if switch == Switch::RELEASED {
            0
        } else {
            self.doubt.saturating_add(1)
        };
        let open = switch.a == Pole::Open && switch.b == Pole::Open;
        let pressed = open || doubt > SWITCH_DOUBT.count();
        let stops = watch.state.stage.energised();
        found.add(Cause::PatientSwitch, pressed && stops);
        found.add(Cause::SwitchDoubt, doubt > 0);
        Self {
            doubt,
            pressed,
            ..self
        }
    }

    fn link(self, config: &Config, input: &Input, found: &mut Found) -> Self {
        let heartbeat_ms = input
            .heartbeat_age_ms
            .unwrap_or(self.heartbeat_ms.saturating_add(TICK_MS));
        let older = |ms: u32| config.console_required && heartbeat_ms > ms;
        found.add(Cause::LinkLost, older(LINK_LOST_MS));
        found.add(Cause::LinkLate, older(LINK_LATE_MS));
        Self {
            heartbeat_ms,
            ..self
        }
    }

    /// The patient's own control and what the staff enter are judged alike, and
    /// the last score counts until another is given: nobody resumes at a score
    /// that stopped. One that a practitioner has allowed asks for no further hold.
    fn discomfort(self, config: &Config, input: &Input, found: &mut Found) -> Self {
        let told = match input.command {
            Some(Command::Comfort(score)) => Some(score),
            _ => None,
        };
        let limits = &config.limits.comfort;
        let now = match (input.comfort, told) {
            (Some(own), Some(told)) => Some(own.max(told)),
            (own, told) => own.or(told),
        };
        let comfort = now.or(self.comfort).unwrap_or(limits.arrival());
        let allowed = match input.command {
            Some(Command::AllowIncrease) => comfort,
            _ if limits.judge(comfort) == ComfortAnswer::Continue => 0,
            _ => self.allowed,
        };
        let answer = limits.judge(comfort);
        found.add(Cause::ComfortStop, answer == ComfortAnswer::Stop);
        found.add(
            Cause::ComfortRise,
            answer == ComfortAnswer::NoIncrease && comfort > allowed,
        );
        Self {
            allowed,
            comfort: Some(comfort),
            ..self
        }
    }

    fn clocks(self, config: &Config, input: &Input, watch: &Watch, found: &mut Found) -> Self {
        let (stage, passed) = (watch.state.stage, input.passed());
        let counted = |span: Ticks, counts: bool| match counts {
            true => span.plus(passed),
            false => Ticks::ZERO,
        };
        let paused = counted(self.paused, stage == Stage::Paused);
        let taking_up = counted(self.taking_up, stage == Stage::TakeUp);
        let on = matches!(stage, Stage::Running | Stage::Paused);
        let session = if on {
            self.session.plus(passed)
        } else {
            self.session
        };
        found.add(Cause::PauseTooLong, paused > LONGEST_PAUSE);
        found.add(Cause::NoContact, taking_up > LONGEST_TAKE_UP);
        let most = config.limits.total_time.plus(TOTAL_GRACE);
        found.add(Cause::TotalTime, on && session > most);
        Self {
            paused,
            taking_up,
            session,
            ..self
        }
    }
}
