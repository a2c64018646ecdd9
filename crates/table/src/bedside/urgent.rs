//! What overtakes every queue: STOP, a symptom, a worse score.
//!
//! Flags that whoever hears of them sets and each thread of the loop takes for itself. The
//! worst of several scores counts; a STOP keeps a symptom waiting for one tick at most.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use traction::input::{Command, Symptom};

/// The flags of one thread.
#[derive(Debug, Default)]
pub(super) struct Flags {
    stop: AtomicBool,
    /// Its code; 0 for none.
    symptom: AtomicU8,
    /// One more than the score; 0 for none.
    comfort: AtomicU8,
}

impl Flags {
    /// The most urgent, once; what is left waits for the next tick.
    pub(super) fn take(&self) -> Option<Command> {
        if self.stop.swap(false, Ordering::SeqCst) {
            return Some(Command::Stop);
        }
        if let Some(symptom) = Symptom::from_code(self.symptom.swap(0, Ordering::SeqCst)) {
            return Some(Command::Symptom(symptom));
        }
        let comfort = self.comfort.swap(0, Ordering::SeqCst);
        comfort.checked_sub(1).map(Command::Comfort)
    }

    /// Without a session there is nothing to let go of.
    pub(super) fn clear(&self) {
        while self.take().is_some() {}
    }
}

/// The flags of both threads.
#[derive(Debug, Default)]
pub(super) struct Urgent {
    pub(super) controller: Flags,
    pub(super) guard: Flags,
}

impl Urgent {
    fn both(&self) -> [&Flags; 2] {
        [&self.controller, &self.guard]
    }

    /// STOP.
    pub(super) fn stop(&self) {
        for flags in self.both() {
            flags.stop.store(true, Ordering::SeqCst);
        }
    }

    /// A symptom; one that came before it is as good a reason.
    pub(super) fn symptom(&self, symptom: Symptom) {
        for flags in self.both() {
            flags.symptom.store(symptom.code(), Ordering::SeqCst);
        }
    }

    /// A score, 0–10; the worst since the last look counts.
    pub(super) fn comfort(&self, score: u8) {
        for flags in self.both() {
            flags
                .comfort
                .fetch_max(score.saturating_add(1), Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// hazard: H13
    #[test]
    fn stop_comes_before_a_symptom_and_that_before_the_worst_score() {
        let urgent = Urgent::default();
        urgent.comfort(4);
        urgent.comfort(9);
        urgent.comfort(7);
        urgent.symptom(Symptom::Crack);
        urgent.stop();
        for flags in urgent.both() {
            assert_eq!(flags.take(), Some(Command::Stop));
            assert_eq!(flags.take(), Some(Command::Symptom(Symptom::Crack)));
            assert_eq!(flags.take(), Some(Command::Comfort(9)));
            assert_eq!(flags.take(), None);
        }
    }
}
