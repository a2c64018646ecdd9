//! Memory that stays where it is: locked before any thread starts.
//!
//! A page that has to come from a disk costs milliseconds, and a page of a dead disk never
//! comes. [`lock`] locks what there is and what comes; where the system does not allow that
//! without a limit, only what is there, because a later allocation above the limit would fail.
//! Each thread of the loop touches its stack before its first tick. No allocation in the loop:
//! `tests/allocation.rs`.

use rustix::mm::{MlockAllFlags, mlockall};
use rustix::process::{Resource, getrlimit};

/// Stack that a thread of the loop touches before its first tick; the deepest call takes less.
const STACK_BYTES: usize = 128 * 1024;
/// Bit of `CAP_IPC_LOCK` in a capability set: memory may be locked without a limit.
const IPC_LOCK: u32 = 14;

/// How much of the process's memory is locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Memory {
    /// All of it, and what will come.
    Locked,
    /// What there was when it was locked.
    Present,
    /// None.
    #[default]
    Unlocked,
}

impl Memory {
    /// The name in a status.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::Present => "present",
            Self::Unlocked => "unlocked",
        }
    }
}

/// Locks the memory of this process, as far as it may.
#[must_use]
pub fn lock() -> Memory {
    let free = getrlimit(Resource::Memlock).current.is_none() || may_lock_all();
    if free && mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE).is_ok() {
        Memory::Locked
    } else if mlockall(MlockAllFlags::CURRENT).is_ok() {
        Memory::Present
    } else {
        Memory::Unlocked
    }
}

fn may_lock_all() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| has_ipc_lock(&status))
}

/// Whether the effective capabilities of a `/proc/PID/status` hold `CAP_IPC_LOCK`.
fn has_ipc_lock(status: &str) -> bool {
    let set = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let set = set.and_then(|set| u64::from_str_radix(set.trim(), 16).ok());
    set.is_some_and(|set| set & (1 << IPC_LOCK) != 0)
}

/// Has the system give this thread its stack now and not in a tick.
pub(super) fn touch_stack() {
    let mut stack = [0_u8; STACK_BYTES];
    for page in stack.chunks_mut(4_096) {
        if let Some(byte) = page.first_mut() {
            *byte = 1;
        }
    }
    std::hint::black_box(&stack);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_to_lock_is_one_bit_of_the_effective_set() {
        assert!(has_ipc_lock("Name:\tx\nCapEff:\t0000000000004000\n"));
        assert!(has_ipc_lock("CapEff:\t000001ffffffffff\n"));
        assert!(!has_ipc_lock(
            "CapPrm:\t000001ffffffffff\nCapEff:\t0000000000003fff\n"
        ));
        assert!(!has_ipc_lock(""));
    }
}
