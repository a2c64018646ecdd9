//! Whether an act of the staff is taken, and the event it makes: one pure function,
//! called by the session in every tick with a command and by the exhaustive search.
//!
//! Less force is never refused while there is any; more force needs a tested and
//! released switch, live sensors, an empty harness and, after a stop, the two acts
//! (CLINICAL §5, devices §4b 5 and 6). Test: `tests/search.rs`.

use crate::Refusal;
use crate::cause::Cause;
use crate::input::{Command, ResumeAct};
use crate::supervisor::{Event, Resume, SessionState, Stage};

/// What an answer depends on besides the supervisor's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Facts {
    /// The patient's switch counts as pressed.
    pub pressed: bool,
    /// The guard found something that forbids an increase.
    pub limited: bool,
    /// There is force on the harness.
    pub force_on: bool,
    /// The switch was pressed and released in the last ten minutes, since the last stop.
    pub tested: bool,
    /// Base force is still kept after guarding.
    pub resting: bool,
    /// A resume's ceiling would keep the harness taut.
    pub worth_resuming: bool,
}

/// The event that a command makes, nothing where it makes none, or why it is refused.
/// A change has still to be held against what was signed.
pub fn answer(
    state: SessionState,
    facts: Facts,
    command: Command,
) -> Result<Option<Event>, Refusal> {
    use Stage::{Armed, Paused, Running, TakeUp};
    let stage = state.stage;
    let only = |allowed: bool, event: Event| {
        if allowed {
            Ok(Some(event))
        } else {
            Err(Refusal::Stage)
        }
    };
    let open = matches!(stage, Armed | TakeUp | Running | Paused);
    match command {
        Command::Start => start(state, facts),
        Command::Pause => only(
            matches!(stage, TakeUp | Running),
            Event::Pause(Cause::Paused),
        ),
        Command::Continue if stage == Paused && facts.resting => Err(Refusal::Resting),
        Command::Continue => only(stage == Paused, Event::Continue),
        Command::Lower | Command::Change { .. } if matches!(stage, Running | Paused) => Ok(None),
        Command::Lower | Command::Change { .. } => Err(Refusal::Stage),
        Command::NoIncrease => only(open, Event::Hold(Cause::StaffNoIncrease)),
        Command::AllowIncrease => only(state.held.is_some(), Event::Allow),
        Command::End => only(open, Event::End),
        Command::Stop => Ok(Some(Event::Unload(Cause::ConsoleStop))),
        Command::Symptom(_) => Ok(Some(Event::Unload(Cause::SymptomReported))),
        Command::Comfort(_) => Ok(None),
        Command::Resume { act } => resume(state, facts, act),
        Command::Explain(kind) => only(state.latch.is_some(), Event::Explain(kind)),
    }
}

fn start(state: SessionState, facts: Facts) -> Result<Option<Event>, Refusal> {
    if state.stage != Stage::Armed {
        return Err(Refusal::Stage);
    }
    ready(facts)?;
    if !facts.tested {
        return Err(Refusal::SwitchUntested);
    }
    Ok(Some(Event::Start))
}

/// Nothing pressed, nothing wrong, no force: what start and resume ask alike.
const fn ready(facts: Facts) -> Result<(), Refusal> {
    if facts.pressed {
        Err(Refusal::SwitchNotReleased)
    } else if facts.limited {
        Err(Refusal::NotReady)
    } else if facts.force_on {
        Err(Refusal::ForceOn)
    } else {
        Ok(())
    }
}

fn resume(state: SessionState, facts: Facts, act: ResumeAct) -> Result<Option<Event>, Refusal> {
    if state.stage != Stage::Unloaded {
        return Err(Refusal::Stage);
    }
    if state.resume == Resume::Used {
        return Err(Refusal::ResumeUsed);
    }
    if !state.resumable() || !facts.worth_resuming {
        return Err(Refusal::NotResumable);
    }
    if !facts.tested {
        return Err(Refusal::SwitchUntested);
    }
    ready(facts)?;
    match act {
        ResumeAct::Prepare => Ok(Some(Event::Prepare)),
        ResumeAct::Confirm if state.resume == Resume::Prepared => Ok(Some(Event::Confirm)),
        ResumeAct::Confirm => Err(Refusal::NotPrepared),
    }
}
