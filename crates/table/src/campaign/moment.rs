//! The moments of a session at which faults begin and people act.

use traction::Output;
use traction::profile::Phase;
use traction::supervisor::{Resume, Stage};

/// A moment of a session, as its supervisor and profile name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// Armed, nothing pulls.
    Armed,
    /// Slack is taken up.
    TakeUp,
    /// The force rises.
    Ramp,
    /// The force is held.
    Hold,
    /// The force falls by the profile.
    Fall,
    /// The base force is held.
    Rest,
    /// At base force by the staff or after guarding.
    Paused,
    /// Down to nothing by the therapy ramp.
    Ending,
    /// Release after a stop.
    Unloading,
    /// Free after a stop.
    Unloaded,
    /// Under tension again after the one resume.
    Resumed,
}

impl Moment {
    /// Every one.
    pub const ALL: [Self; 11] = [
        Self::Armed,
        Self::TakeUp,
        Self::Ramp,
        Self::Hold,
        Self::Fall,
        Self::Rest,
        Self::Paused,
        Self::Ending,
        Self::Unloading,
        Self::Unloaded,
        Self::Resumed,
    ];

    /// Its stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Armed => "armed",
            Self::TakeUp => "take-up",
            Self::Ramp => "ramp",
            Self::Hold => "hold",
            Self::Fall => "fall",
            Self::Rest => "rest",
            Self::Paused => "paused",
            Self::Ending => "ending",
            Self::Unloading => "unloading",
            Self::Unloaded => "unloaded",
            Self::Resumed => "resumed",
        }
    }

    /// The moment that a session is in.
    #[must_use]
    pub fn of(output: &Output) -> Self {
        let resumed = output.state.resume == Resume::Used;
        match (output.state.stage, output.phase) {
            (Stage::Armed, _) => Self::Armed,
            (Stage::TakeUp | Stage::Running, _) if resumed => Self::Resumed,
            (Stage::TakeUp, _) => Self::TakeUp,
            (Stage::Paused, _) => Self::Paused,
            (Stage::Ending | Stage::Complete, _) => Self::Ending,
            (Stage::Unloading, _) => Self::Unloading,
            (Stage::Unloaded, _) => Self::Unloaded,
            (Stage::Running, Phase::Ramp) => Self::Ramp,
            (Stage::Running, Phase::Hold) => Self::Hold,
            (Stage::Running, Phase::Rest) => Self::Rest,
            (Stage::Running, Phase::Release | Phase::Complete) => Self::Fall,
        }
    }
}
