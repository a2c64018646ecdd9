//! The few states of a session and every way between them.
//!
//! One pure function over finite enums; the product, the replay and the
//! exhaustive search call this same one. The way to less force is open from
//! every state; the way back to more is a practitioner's act from each.
//!
//! ```text
//! armed → take-up → running ⇄ paused            → ending → complete
//!             └──────┴───────────┴─ any stop → unloading → unloaded ┐
//!             ^───────────── prepare, then confirm (once) ──────────┘
//! ```

use crate::cause::{Action, Cause, Clearing};
use crate::codec::closed;
use crate::input::StopKind;

closed! {
    /// Where the session is.
    pub enum Stage {
        /// A grant is armed; the drive has no torque.
        Armed = 1 "armed",
        /// The slack is being taken up; the profile has not begun, or begins again.
        TakeUp = 2 "take-up",
        /// The profile is followed.
        Running = 3 "running",
        /// At base force, by the staff or because of guarding.
        Paused = 4 "paused",
        /// Down to nothing by the therapy ramp.
        Ending = 5 "ending",
        /// Controlled release after a stop.
        Unloading = 6 "unloading",
        /// Released after a stop, latched; the drive has no torque.
        Unloaded = 7 "unloaded",
        /// Over as planned or ended by the staff; the drive has no torque.
        Complete = 8 "complete",
    }
}

impl Stage {
    /// Whether the drive has torque.
    #[must_use]
    pub const fn energised(self) -> bool {
        matches!(
            self,
            Self::TakeUp | Self::Running | Self::Paused | Self::Ending | Self::Unloading
        )
    }
}

closed! {
    /// The one resume of a session.
    pub enum Resume {
        /// Not used.
        Unused = 1 "unused",
        /// First act done; lapses after 30 s.
        Prepared = 2 "prepared",
        /// Used up.
        Used = 3 "used",
    }
}

/// Why the session is stopped; stays until a resume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Latch {
    /// What stopped it.
    pub cause: Cause,
    /// What kind of stop it is, as far as is known.
    pub kind: StopKind,
}

/// The supervisor's whole state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionState {
    /// Where the session is.
    pub stage: Stage,
    /// Why it is stopped, if it is.
    pub latch: Option<Latch>,
    /// The one resume.
    pub resume: Resume,
    /// What forbids an increase until a practitioner's act, if anything does.
    pub held: Option<Cause>,
    /// What brought it to base force, while it is paused.
    pub pause: Option<Cause>,
}

/// What can happen to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// The staff start; the loop has checked that nothing speaks against it.
    Start,
    /// The harness is taut.
    Contact,
    /// Down to base force for this cause.
    Pause(Cause),
    /// The staff go on after a pause.
    Continue,
    /// No increase for this cause until a practitioner's act.
    Hold(Cause),
    /// A practitioner allows increases again.
    Allow,
    /// The staff end, or the profile is over.
    End,
    /// Next to no force is left.
    Emptied,
    /// Stop for this cause.
    Unload(Cause),
    /// The second channel removed torque for this cause.
    TorqueOff(Cause),
    /// A practitioner says what the stop was.
    Explain(StopKind),
    /// First act of a resume; the loop has checked the switch.
    Prepare,
    /// The first act is too long ago.
    Lapse,
    /// Second act of a resume; the loop has checked force and switch.
    Confirm,
}

impl SessionState {
    /// A session whose grant has just been armed.
    pub const ARMED: Self = Self {
        stage: Stage::Armed,
        latch: None,
        resume: Resume::Unused,
        held: None,
        pause: None,
    };

    /// Whether the two acts would be taken.
    #[must_use]
    pub const fn resumable(&self) -> bool {
        match self.latch {
            Some(latch) => {
                !matches!(self.resume, Resume::Used)
                    && matches!(latch.kind, StopKind::Comfort | StopKind::Technical)
                    && !matches!(latch.cause.clearing(), Clearing::Never)
            }
            None => false,
        }
    }

    /// Whether another session today needs an examination first (CLINICAL §5).
    #[must_use]
    pub const fn closes_day(&self) -> bool {
        match self.latch {
            Some(latch) => matches!(latch.kind, StopKind::Symptom | StopKind::Unexplained),
            None => false,
        }
    }

    fn at(self, stage: Stage) -> Self {
        Self {
            stage,
            pause: None,
            ..self
        }
    }

    /// A stop: the first cause stays unless a graver kind follows it.
    fn stopped(self, stage: Stage, cause: Cause) -> Self {
        let new = Latch {
            cause,
            kind: cause.kind(),
        };
        let latch = match self.latch {
            Some(old) if old.kind >= new.kind || cause == Cause::ReleaseOver => old,
            _ => new,
        };
        let resume = match self.resume {
            Resume::Used => Resume::Used,
            _ => Resume::Unused,
        };
        Self {
            stage,
            latch: Some(latch),
            resume,
            held: self.held,
            pause: None,
        }
    }

    fn explained(self, kind: StopKind) -> Self {
        let latch = self.latch.map(|latch| {
            let open = latch.kind == StopKind::Unexplained || kind == StopKind::Symptom;
            Latch {
                kind: if open { kind } else { latch.kind },
                ..latch
            }
        });
        let resume = match (self.resume, kind) {
            (Resume::Prepared, StopKind::Symptom | StopKind::Unexplained) => Resume::Unused,
            (resume, _) => resume,
        };
        Self {
            latch,
            resume,
            ..self
        }
    }
}

/// What becomes of a session; an event that means nothing there changes nothing.
#[must_use]
pub fn next(state: SessionState, event: Event) -> SessionState {
    use Stage::{Armed, Complete, Ending, Paused, Running, TakeUp, Unloaded, Unloading};
    match (state.stage, event) {
        (Complete, _) => state,

        (Armed, Event::Start) => state.at(TakeUp),
        (TakeUp, Event::Contact) => state.at(Running),

        (TakeUp | Running, Event::Pause(cause)) => SessionState {
            pause: Some(cause),
            ..state.at(Paused)
        },
        (Paused, Event::Pause(cause)) => SessionState {
            pause: Some(cause),
            ..state
        },
        (Paused, Event::Continue) => state.at(Running),

        (Armed | TakeUp | Running | Paused, Event::Hold(cause)) => SessionState {
            held: Some(state.held.unwrap_or(cause)),
            ..state
        },
        (Armed | TakeUp | Running | Paused, Event::Allow) => SessionState {
            held: None,
            ..state
        },

        (Armed, Event::End) => state.at(Complete),
        (TakeUp | Running | Paused, Event::End) => state.at(Ending),
        (Ending, Event::Emptied) => state.at(Complete),

        (Armed | Unloaded, Event::Unload(cause) | Event::TorqueOff(cause)) => {
            state.stopped(Unloaded, cause)
        }
        (_, Event::Unload(cause)) => state.stopped(Unloading, cause),
        (_, Event::TorqueOff(cause)) => state.stopped(Unloaded, cause),

        (Unloading | Unloaded, Event::Explain(kind)) => state.explained(kind),
        (Unloaded, Event::Prepare) if state.resumable() => SessionState {
            resume: Resume::Prepared,
            ..state
        },
        (_, Event::Lapse) if state.resume == Resume::Prepared => SessionState {
            resume: Resume::Unused,
            ..state
        },
        (Unloaded, Event::Confirm) if state.resume == Resume::Prepared && state.resumable() => {
            SessionState {
                resume: Resume::Used,
                latch: None,
                held: None,
                ..state.at(TakeUp)
            }
        }
        _ => state,
    }
}

/// The event that the guard's answer makes, if it makes one.
#[must_use]
pub const fn of_guard(action: Action, cause: Option<Cause>) -> Option<Event> {
    match (action, cause) {
        (Action::TorqueOff, Some(cause)) => Some(Event::TorqueOff(cause)),
        (Action::Unload, Some(cause)) => Some(Event::Unload(cause)),
        (Action::GoBase, Some(cause)) => Some(Event::Pause(cause)),
        (Action::NoIncrease, Some(cause)) => match cause.clearing() {
            Clearing::WhenClears => None,
            _ => Some(Event::Hold(cause)),
        },
        _ => None,
    }
}
