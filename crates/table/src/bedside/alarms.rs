//! The alarms of the bedside: what the loop tells, and who asks about it.
//!
//! The loop only stores bits in an atomic and never waits. Whoever looks takes in what was
//! there since the last look, so that nothing is missed that came and went between two.

use crate::alarm::{Alarm, Conditions, Engine, seconds};
use crate::wire::{AlarmPriority, Status};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use traction::cause::{Action, Cause};
use traction::frame::Frame;
use traction::numbers::{LINK_LATE_MS, RELEASED};
use traction::supervisor::Stage;

/// What one thread tells: what is there now, and what was there since the last look.
#[derive(Debug, Default)]
struct Told {
    now: AtomicU64,
    seen: AtomicU64,
}

impl Told {
    fn tell(&self, conditions: Conditions) {
        self.now.store(conditions.bits(), Ordering::SeqCst);
        self.seen.fetch_or(conditions.bits(), Ordering::SeqCst);
    }

    fn take(&self) -> Conditions {
        let seen = self.seen.swap(0, Ordering::SeqCst);
        Conditions::from_bits(seen | self.now.load(Ordering::SeqCst))
    }
}

/// The alarms.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    controller: Told,
    engine: Mutex<Engine>,
}

impl Alarms {
    /// The loop tells what is the matter. Never waits.
    pub(super) fn tell(&self, conditions: Conditions) {
        self.controller.tell(conditions);
    }

    /// Takes in what was told; `own` is what the caller knows beside it.
    pub(super) fn look(&self, now_ms: u64, own: Conditions) {
        let conditions = self.controller.take().and(own);
        self.engine().step(now_ms, conditions);
    }

    /// The burst of sound that is due, once.
    pub(super) fn take_burst(&self) -> Option<AlarmPriority> {
        self.engine().take_burst()
    }

    pub(super) fn acknowledge(&self, now_ms: u64) {
        self.engine().acknowledge(now_ms);
    }

    /// Somebody told how the patient is.
    pub(super) fn answered(&self) {
        self.engine().answered();
    }

    pub(super) fn silence(&self, now_ms: u64) {
        self.engine().silence(now_ms);
    }

    /// A session was armed: what the last one raised is over.
    pub(super) fn begin_session(&self) {
        let mut engine = self.engine();
        self.controller.take();
        engine.forget_session();
    }

    /// Fills in a status.
    pub(super) fn show(&self, now_ms: u64, status: &mut Status) {
        let engine = self.engine();
        status.alarms = engine.shown(now_ms);
        status.alarm = engine.is_waiting();
        status.silenced_s = seconds(engine.silenced_ms(now_ms));
    }

    fn engine(&self) -> MutexGuard<'_, Engine> {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is the matter in one tick. Before the start nothing limits anybody: what keeps it
/// from starting is said to who tries. Torque goes off at the end of every release; that is
/// an alarm only while force is left.
pub(super) fn conditions(frame: &Frame, console_required: bool) -> Conditions {
    let (input, output) = (&frame.input, &frame.output);
    let state = &output.state;
    let mut all = Conditions::NONE;
    if state.stage != Stage::Armed {
        let limits = output.cause.filter(|_| output.action > Action::None);
        let released = output.force < RELEASED;
        let limits = limits.filter(|cause| *cause != Cause::ReleaseOver || !released);
        let latched = state.latch.map(|latch| latch.cause);
        for cause in [limits, latched, state.held, state.pause]
            .into_iter()
            .flatten()
        {
            all = all.with(Alarm::Cause(cause));
        }
    }
    let silent = input.heartbeat_age_ms.is_none_or(|age| age > LINK_LATE_MS);
    let waits = state.stage != Stage::Complete && console_required;
    all.with_if(Alarm::Cause(Cause::LinkLate), silent && waits)
}
