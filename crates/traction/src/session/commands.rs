//! What the staff's commands do besides the event that [`acts::answer`] makes of
//! them. A change of mode or force stays within what was signed.

use super::Session;
use crate::Refusal;
use crate::acts::{self, Facts};
use crate::cause::{Action, Cause};
use crate::input::{Command, ResumeAct};
use crate::numbers::{GUARDING_REST, RELEASED, SWITCH_TEST};
use crate::profile::Mode;
use si::Newtons;

impl Session {
    /// Takes a command, or says why not.
    pub(super) fn command(&mut self, command: Command) -> Result<(), Refusal> {
        let event = acts::answer(self.state, self.facts(), command)?;
        let stops = matches!(
            command,
            Command::Stop | Command::Symptom(_) | Command::NoIncrease
        );
        let deaf = stops && self.guard.blind().deaf();
        if let Some(event) = event.filter(|_| !deaf) {
            self.emit(event);
        }
        match command {
            Command::AllowIncrease | Command::Continue => self.plan = self.plan.allow(),
            Command::Lower => {
                let (force, factor) = (self.guard.force(), self.limits.resume_factor);
                self.plan = self.plan.lower(force, factor);
            }
            Command::End => self.ended = Some(Cause::Ended),
            Command::Resume {
                act: ResumeAct::Prepare,
            } => self.prepared = self.tick,
            Command::Resume {
                act: ResumeAct::Confirm,
            } => {
                self.plan = self.plan.resume(self.limits.resume_factor);
                self.guard = self.guard.resumed();
            }
            Command::Change { mode, force } => self.change(mode, force)?,
            _ => {}
        }
        Ok(())
    }

    /// Goes on in another mode or with another force. It lifts no ceiling and ends no
    /// no-increase; the target slews from where it is.
    fn change(&mut self, mode: Mode, force: Newtons) -> Result<(), Refusal> {
        // Also a force that is not a number.
        let within = force <= self.plan.ceiling.min(self.limits.ceiling);
        if !within {
            return Err(Refusal::Change);
        }
        let to = self
            .signed
            .changed(mode, force)
            .map_err(|_| Refusal::Change)?;
        let clock = self
            .profile
            .carried(self.plan.clock, &to)
            .ok_or(Refusal::Stage)?;
        let ends = self.lasted.plus(to.total().since(clock));
        if ends > self.limits.total_time {
            return Err(Refusal::Change);
        }
        self.profile = to;
        self.plan.clock = clock;
        Ok(())
    }

    /// What the session knows that an answer depends on.
    fn facts(&self) -> Facts {
        let contact = self.controller_config.numbers.contact;
        let guarded = self.state.pause == Some(Cause::GuardingTwice);
        Facts {
            pressed: self.guard.switch_pressed(),
            limited: self.verdict.0 >= Action::NoIncrease,
            force_on: self.guard.force() >= RELEASED,
            tested: self
                .tested
                .is_some_and(|at| self.tick.since(at) <= SWITCH_TEST),
            resting: guarded && self.paused < GUARDING_REST,
            worth_resuming: self.plan.worth_resuming(&self.limits, contact),
        }
    }
}
