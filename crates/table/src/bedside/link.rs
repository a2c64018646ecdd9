//! What connections and the loop share: a few atomics and a bounded queue.
//!
//! The loop never waits on any of it. What is urgent is a flag, not a message
//! ([`super::urgent`]): a full queue cannot refuse it.

use super::scheduling::Scheduled;
use super::urgent::Urgent;
use crate::wire::Simulated;
use si::Problem;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use traction::Setup;
use traction::grant::Grant;
use traction::input::Command;

/// Orders that may wait for the loop.
const QUEUE: usize = 64;
/// How long a connection waits for the loop's answer, wall time.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
/// A thread of the loop that has not begun a tick for so long hangs (ours: heard within 2 s,
/// and not for what a busy machine does to a thread).
const HUNG_MS: u64 = 1_000;
/// Nobody was ever heard.
const NEVER: u64 = u64::MAX;

/// The atomics.
#[derive(Debug)]
pub(super) struct Link {
    origin: Instant,
    heard_ms: AtomicU64,
    /// What overtakes every queue.
    pub(super) urgent: Urgent,
    closing: AtomicBool,
    /// The weaker of how the threads of the loop are scheduled, as its code.
    scheduled: AtomicU8,
    /// When each thread of the loop last began a tick; [`NEVER`] where it has not.
    controller_ms: AtomicU64,
    guard_ms: AtomicU64,
}

impl Link {
    pub(super) fn new() -> Self {
        Self {
            origin: Instant::now(),
            heard_ms: AtomicU64::new(NEVER),
            urgent: Urgent::default(),
            closing: AtomicBool::new(false),
            scheduled: AtomicU8::new(u8::MAX),
            controller_ms: AtomicU64::new(NEVER),
            guard_ms: AtomicU64::new(NEVER),
        }
    }

    /// Monotonic wall milliseconds since this process began.
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Unix milliseconds; read at arming only.
    #[allow(clippy::unused_self, reason = "the clock belongs to the link")]
    pub(super) fn unix_ms(&self) -> i64 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_millis()).ok())
            .unwrap_or(0)
    }

    /// Notes when the controlling console was last heard.
    pub(super) fn heard(&self, at_ms: u64) {
        self.heard_ms.store(at_ms, Ordering::Relaxed);
    }

    /// Milliseconds since then, if ever.
    pub(super) fn heartbeat_age_ms(&self) -> Option<u32> {
        let heard = self.heard_ms.load(Ordering::Relaxed);
        let age = self.now_ms().saturating_sub(heard);
        (heard != NEVER).then(|| u32::try_from(age).unwrap_or(u32::MAX))
    }

    /// How a thread of the loop is scheduled.
    pub(super) fn runs_as(&self, scheduled: Scheduled) {
        self.scheduled.fetch_min(scheduled as u8, Ordering::Relaxed);
    }

    /// The weaker of them.
    pub(super) fn scheduled(&self) -> Scheduled {
        Scheduled::of(self.scheduled.load(Ordering::Relaxed))
    }

    /// The session's thread begins a tick.
    pub(super) fn controller_beats(&self) {
        self.controller_ms.store(self.now_ms(), Ordering::Relaxed);
    }

    /// The guard's thread begins a tick.
    pub(super) fn guard_beats(&self) {
        self.guard_ms.store(self.now_ms(), Ordering::Relaxed);
    }

    /// The session's thread ends.
    pub(super) fn controller_ends(&self) {
        self.controller_ms.store(NEVER, Ordering::Relaxed);
    }

    /// The guard's thread ends.
    pub(super) fn guard_ends(&self) {
        self.guard_ms.store(NEVER, Ordering::Relaxed);
    }

    /// Whether the session's thread and the guard's hang.
    pub(super) fn hung(&self) -> (bool, bool) {
        let hangs = |beat: &AtomicU64| {
            let beat = beat.load(Ordering::Relaxed);
            beat != NEVER && self.now_ms().saturating_sub(beat) > HUNG_MS
        };
        (hangs(&self.controller_ms), hangs(&self.guard_ms))
    }

    /// The process is to end, after unloading.
    pub(super) fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }
}

/// What a connection asks of the loop.
#[derive(Debug)]
pub(super) enum Order {
    /// Say whether this Grant could be armed now, and on what.
    Prepare(Box<Grant>),
    /// Arm it; its recording is open.
    Arm(Box<Grant>, Setup),
    /// Close the recording that was opened for an arming that came to nothing.
    Abandon,
    /// Pass a command to the session.
    Command(Command),
    /// The patient is as told last.
    Well,
    /// Close an unloaded session.
    Close,
    /// Do something to the simulated table.
    Simulate(Simulated),
}

/// The loop's answer: the table's setup where it was asked to prepare.
pub(super) type Answer = Result<Option<Setup>, Problem>;

/// An order with the place for its answer.
#[derive(Debug)]
pub(super) struct Posted {
    pub(super) order: Order,
    answer: SyncSender<Answer>,
}

impl Posted {
    /// The order, and where its one answer goes (there is room for it: sending never waits).
    pub(super) fn open(self) -> (Order, SyncSender<Answer>) {
        (self.order, self.answer)
    }
}

/// The connections' end of the queue.
#[derive(Clone, Debug)]
pub(super) struct Orders(SyncSender<Posted>);

impl Orders {
    pub(super) fn new() -> (Self, Receiver<Posted>) {
        let (sender, receiver) = std::sync::mpsc::sync_channel(QUEUE);
        (Self(sender), receiver)
    }

    /// Hands an order to the loop and waits for its answer.
    pub(super) fn post(&self, order: Order) -> Result<(), Problem> {
        self.ask(order).map(|_| ())
    }

    /// Asks whether a Grant could be armed, and on what setup.
    pub(super) fn prepare(&self, grant: &Grant) -> Result<Setup, Problem> {
        self.ask(Order::Prepare(Box::new(*grant)))?
            .ok_or_else(silent)
    }

    fn ask(&self, order: Order) -> Answer {
        let (answer, answered) = std::sync::mpsc::sync_channel(1);
        self.0
            .try_send(Posted { order, answer })
            .map_err(|_| silent())?;
        answered.recv_timeout(ANSWER_WITHIN).map_err(|_| silent())?
    }
}

fn silent() -> Problem {
    Problem::new(
        "loop-silent",
        "bedside",
        "",
        "the loop did not answer",
        "press the patient's switch or STOP; the guard unloads without the console within 5 s",
    )
}

/// The refusal of an order that needs an open session.
pub(super) fn no_session() -> Problem {
    Problem::new(
        "no-session",
        "session",
        "",
        "no session is open on this table",
        "arm a grant first",
    )
}
