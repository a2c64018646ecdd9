//! What the staff's commands do, and when they are refused.
//!
//! Less force is never refused while there is any; more force needs a tested and
//! released switch, live sensors and, after a stop, the two acts. A change of mode or
//! force stays within what was signed.

use super::Session;
use crate::Refusal;
use crate::cause::{Action, Cause};
use crate::input::{Command, ResumeAct};
use crate::numbers::{GUARDING_REST, RELEASED, SWITCH_TEST};
use crate::profile::Mode;
use crate::supervisor::{Event, Resume, Stage};
use si::Newtons;

impl Session {
    /// Takes a command, or says why not.
    pub(super) fn command(&mut self, command: Command) -> Result<(), Refusal> {
        match command {
            Command::Start => self.start(),
            Command::Pause => self.only_if(
                matches!(self.state.stage, Stage::TakeUp | Stage::Running),
                Event::Pause(Cause::Paused),
            ),
            Command::Continue => self.go_on(),
            Command::Lower => self.lower(),
            Command::NoIncrease => self.only_if(
                matches!(
                    self.state.stage,
                    Stage::Armed | Stage::TakeUp | Stage::Running | Stage::Paused
                ),
                Event::Hold(Cause::StaffNoIncrease),
            ),
            Command::AllowIncrease => {
                self.plan = self.plan.allow();
                self.only_if(self.state.held.is_some(), Event::Allow)
            }
            Command::End => self.end(),
            Command::Stop => {
                self.emit(Event::Unload(Cause::ConsoleStop));
                Ok(())
            }
            Command::Symptom(_) => {
                self.emit(Event::Unload(Cause::SymptomReported));
                Ok(())
            }
            Command::Comfort(_) => Ok(()),
            Command::Resume { act } => match act {
                ResumeAct::Prepare => self.prepare(),
                ResumeAct::Confirm => self.confirm(),
            },
            Command::Explain(kind) => {
                self.only_if(self.state.latch.is_some(), Event::Explain(kind))
            }
            Command::Change { mode, force } => self.change(mode, force),
        }
    }

    fn only_if(&mut self, allowed: bool, event: Event) -> Result<(), Refusal> {
        if !allowed {
            return Err(Refusal::Stage);
        }
        self.emit(event);
        Ok(())
    }

    fn start(&mut self) -> Result<(), Refusal> {
        if self.state.stage != Stage::Armed {
            return Err(Refusal::Stage);
        }
        self.ready()?;
        let recent = self
            .tested
            .is_some_and(|at| self.tick.since(at) <= SWITCH_TEST);
        if !recent {
            return Err(Refusal::SwitchUntested);
        }
        self.emit(Event::Start);
        Ok(())
    }

    /// Nothing pressed, nothing wrong, no force: what start and resume ask alike.
    fn ready(&self) -> Result<(), Refusal> {
        if self.guard.switch_pressed() {
            Err(Refusal::SwitchNotReleased)
        } else if self.verdict.0 >= Action::NoIncrease {
            Err(Refusal::NotReady)
        } else if self.guard.force() >= RELEASED {
            Err(Refusal::ForceOn)
        } else {
            Ok(())
        }
    }

    fn go_on(&mut self) -> Result<(), Refusal> {
        if self.state.stage != Stage::Paused {
            return Err(Refusal::Stage);
        }
        let resting = self.state.pause == Some(Cause::GuardingTwice);
        if resting && self.paused < GUARDING_REST {
            return Err(Refusal::Resting);
        }
        self.plan = self.plan.allow();
        self.emit(Event::Continue);
        Ok(())
    }

    fn end(&mut self) -> Result<(), Refusal> {
        let open = matches!(
            self.state.stage,
            Stage::Armed | Stage::TakeUp | Stage::Running | Stage::Paused
        );
        self.only_if(open, Event::End)?;
        self.ended = Some(Cause::Ended);
        Ok(())
    }

    fn lower(&mut self) -> Result<(), Refusal> {
        if !matches!(self.state.stage, Stage::Running | Stage::Paused) {
            return Err(Refusal::Stage);
        }
        self.plan = self
            .plan
            .lower(self.guard.force(), self.limits.resume_factor);
        Ok(())
    }

    /// Goes on in another mode or with another force. It lifts no ceiling and ends no
    /// no-increase; the target slews from where it is.
    fn change(&mut self, mode: Mode, force: Newtons) -> Result<(), Refusal> {
        if !matches!(self.state.stage, Stage::Running | Stage::Paused) {
            return Err(Refusal::Stage);
        }
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

    fn resumable(&self) -> Result<(), Refusal> {
        let contact = self.controller_config.numbers.contact;
        if self.state.stage != Stage::Unloaded {
            Err(Refusal::Stage)
        } else if self.state.resume == Resume::Used {
            Err(Refusal::ResumeUsed)
        } else if !self.state.resumable() || !self.plan.worth_resuming(&self.limits, contact) {
            Err(Refusal::NotResumable)
        } else if self.tested.is_none() {
            Err(Refusal::SwitchUntested)
        } else {
            self.ready()
        }
    }

    fn prepare(&mut self) -> Result<(), Refusal> {
        self.resumable()?;
        self.prepared = self.tick;
        self.emit(Event::Prepare);
        Ok(())
    }

    fn confirm(&mut self) -> Result<(), Refusal> {
        self.resumable()?;
        if self.state.resume != Resume::Prepared {
            return Err(Refusal::NotPrepared);
        }
        self.emit(Event::Confirm);
        self.plan = self.plan.resume(self.limits.resume_factor);
        self.guard = self.guard.resumed();
        Ok(())
    }
}
