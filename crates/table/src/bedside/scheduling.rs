//! How the threads of the loop share the processors with everybody else.
//!
//! In real time `SCHED_FIFO`, which an ordinary kernel has: a nice value counts only among the
//! threads of one login, so a build in another terminal would hold up the loop for tens of
//! milliseconds. The guard comes before the controller, so that one that never rests does not
//! keep the other from letting go. Without the privilege a nice value, and without that
//! nothing: the status says which, and the loop's figures what came of it. A simulation that
//! runs faster than real time has no right to hold up others.

use thread_priority::{
    RealtimeThreadSchedulePolicy, ThreadPriority, ThreadPriorityValue, ThreadSchedulePolicy,
    set_thread_priority_and_policy, thread_native_id,
};

/// Nice value asked for where the kernel gives no fixed priority.
const NICE: i32 = -15;

/// Which thread asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Importance {
    /// A loop at a simulated speed.
    Simulation,
    /// The session's thread.
    Controller,
    /// The guard's thread.
    Guard,
}

impl Importance {
    /// The fixed priority, 1 to 99 (ours: above what does not move force, below the kernel's own).
    const fn priority(self) -> Option<u8> {
        match self {
            Self::Simulation => None,
            Self::Controller => Some(10),
            Self::Guard => Some(20),
        }
    }
}

/// What a thread was given; the later one is the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Scheduled {
    /// Like any thread.
    Plain = 0,
    /// With a nice value.
    Nice = 1,
    /// With a fixed priority.
    Fifo = 2,
}

impl Scheduled {
    /// Its name in a status.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Nice => "nice",
            Self::Fifo => "fifo",
        }
    }

    /// The one with this code.
    pub(super) const fn of(code: u8) -> Self {
        match code {
            2 => Self::Fifo,
            1 => Self::Nice,
            _ => Self::Plain,
        }
    }
}

/// Touches the calling thread's stack and asks for the scheduling of a loop.
pub(super) fn real_time(importance: Importance) -> Scheduled {
    super::memory::touch_stack();
    if importance.priority().is_some_and(fixed) {
        return Scheduled::Fifo;
    }
    // On Linux the nice value is the thread's own.
    match rustix::process::setpriority_process(None, NICE) {
        Ok(()) => Scheduled::Nice,
        Err(_) => Scheduled::Plain,
    }
}

fn fixed(priority: u8) -> bool {
    let fifo = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::Fifo);
    let value = ThreadPriorityValue::try_from(priority);
    value.is_ok_and(|value| {
        let asked = ThreadPriority::Crossplatform(value);
        set_thread_priority_and_policy(thread_native_id(), asked, fifo).is_ok()
    })
}
