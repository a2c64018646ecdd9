//! How the last stop goes, told from the frames as they come, without an allocation.
//!
//! The same figures as those of [`crate::summary`], which may allocate and tells of whole
//! recordings; `tests/threads.rs` holds the two against each other.

use crate::summary::FALL_N;
use crate::wire::StopFigures;
use traction::TICK_MS;
use traction::cause::Cause;
use traction::frame::Frame;
use traction::input::Switch;
use traction::numbers::RELEASED;
use traction::supervisor::Stage;

/// The last stop of a session.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stopping {
    /// The tick in which the switch was first seen not to be released.
    open_since: Option<u32>,
    /// The tick in which the cause could first be seen.
    seen: u32,
    from_n: f64,
    stopping: bool,
    figures: Option<StopFigures>,
}

impl Stopping {
    pub(super) const fn figures(&self) -> Option<StopFigures> {
        self.figures
    }

    /// Looks at one frame.
    pub(super) fn see(&mut self, frame: &Frame) {
        let output = &frame.output;
        let tick = output.tick.count();
        let released = frame.input.switch == Switch::RELEASED;
        self.open_since = (!released).then(|| self.open_since.unwrap_or(tick));
        let stopped = matches!(output.state.stage, Stage::Unloading | Stage::Unloaded);
        if stopped && !self.stopping {
            let latch = output.state.latch.map(|latch| latch.cause);
            let pressed = self
                .open_since
                .filter(|_| latch == Some(Cause::PatientSwitch));
            self.seen = pressed.unwrap_or(tick);
            self.from_n = output.force.get();
            self.figures = Some(StopFigures {
                command_ms: Some(self.since(tick)),
                ..StopFigures::default()
            });
        }
        self.stopping = stopped;
        let (since, force) = (self.since(tick), output.force.get());
        if let Some(figures) = self.figures.as_mut().filter(|_| stopped) {
            let empty = force < RELEASED.get();
            if empty || force < self.from_n - FALL_N {
                figures.falling_ms.get_or_insert(since);
            }
            if empty {
                figures.unloaded_ms.get_or_insert(since);
            }
        }
    }

    const fn since(&self, tick: u32) -> u32 {
        tick.saturating_sub(self.seen).saturating_mul(TICK_MS)
    }
}
