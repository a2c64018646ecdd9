//! Where a spine is now, and what saves computing time.

use super::creep::Gain;
use super::{Lumped, MAX_LEVELS};
use si::{Metres, Newtons, Seconds};

/// One level at one instant.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LevelState {
    pub(super) tension: f64,
    pub(super) elastic: f64,
    /// C(T) at this instant, the creep's target.
    pub(super) target: f64,
    pub(super) fast: f64,
    pub(super) slow: f64,
}

impl LevelState {
    /// How much further apart the two bones are than at rest.
    #[must_use]
    pub fn opening(&self) -> Metres {
        Metres::raw(self.elastic + self.fast + self.slow)
    }

    /// The part of the opening that came slowly.
    #[must_use]
    pub fn crept(&self) -> Metres {
        Metres::raw(self.fast + self.slow)
    }

    /// Tension at this level.
    #[must_use]
    pub fn tension(&self) -> Newtons {
        Newtons::raw(self.tension)
    }
}

/// A spine and its harness at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    pub(super) levels: [LevelState; MAX_LEVELS],
    pub(super) count: usize,
    pub(super) applied: f64,
    pub(super) stretch: f64,
    pub(super) bedded: f64,
    pub(super) elapsed: f64,
    pub(super) steps: u64,
}

impl State {
    /// At rest: nothing pulls and nothing has crept.
    #[must_use]
    pub fn rest(column: &Lumped) -> Self {
        Self {
            levels: [LevelState::default(); MAX_LEVELS],
            count: column.count,
            applied: 0.0,
            stretch: 0.0,
            bedded: 0.0,
            elapsed: 0.0,
            steps: 0,
        }
    }

    /// The levels in the order of [`Lumped::segments`].
    #[must_use]
    pub fn levels(&self) -> &[LevelState] {
        &self.levels[..self.count]
    }

    /// Tension at the load cells.
    #[must_use]
    pub fn applied(&self) -> Newtons {
        Newtons::raw(self.applied)
    }

    /// Sum of all openings.
    #[must_use]
    pub fn elongation(&self) -> Metres {
        self.levels()
            .iter()
            .fold(Metres::ZERO, |sum, level| sum + level.opening())
    }

    /// How far the carriage has travelled to hold this state, slack included.
    #[must_use]
    pub fn travel(&self, column: &Lumped) -> Metres {
        Metres::raw(column.harness.slack + self.stretch + self.bedded) + self.elongation()
    }

    /// Time since rest.
    #[must_use]
    pub fn elapsed(&self) -> Seconds {
        Seconds::raw(self.elapsed)
    }

    /// Steps since rest.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }
}

/// The exponentials of the last step length, kept while it stays the same.
///
/// It carries no state of the spine: a fresh one gives the same bits, and one
/// that served another column notices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scratch {
    /// What the gains were made from: Δt and the time constants.
    made_from: [f64; 5],
    pub(super) fast: Gain,
    pub(super) slow: Gain,
    pub(super) bedding: Gain,
}

impl Scratch {
    /// Nothing kept yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            made_from: [0.0; 5],
            fast: Gain::default(),
            slow: Gain::default(),
            bedding: Gain::default(),
        }
    }

    /// The gains over `dt`.
    pub(super) fn prepare(&mut self, column: &Lumped, dt: f64) {
        let (creep, bedding) = (&column.creep, column.harness.creep_time);
        let from = [
            dt,
            creep.fast_time,
            creep.slow_time,
            creep.recovery,
            bedding,
        ];
        if self.made_from == from {
            return;
        }
        self.made_from = from;
        self.fast = Gain::over(dt, creep.fast_time, creep.recovery);
        self.slow = Gain::over(dt, creep.slow_time, creep.recovery);
        self.bedding = Gain::over(dt, bedding, 1.0);
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Self::new()
    }
}
