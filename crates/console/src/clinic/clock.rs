//! The clinic's clock: the wall clock, which in a demonstration store only may
//! be moved forward. Loops, logins and links to the bedside never read it.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use si::Problem;

/// The furthest one act moves the clock *(ours: past every check-in and review)*.
pub(super) const FURTHEST: SignedDuration = SignedDuration::from_hours(24 * 60);

/// A wall clock with an offset.
#[derive(Debug, Default)]
pub struct ClinicClock {
    ahead_s: AtomicI64,
}

impl ClinicClock {
    /// A clock that runs so far ahead.
    #[must_use]
    pub const fn ahead(seconds: i64) -> Self {
        Self {
            ahead_s: AtomicI64::new(seconds),
        }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_secs(self.ahead_s());
        Timestamp::now()
            .saturating_add(ahead)
            .unwrap_or(Timestamp::MAX)
    }

    /// How far ahead of the wall clock.
    #[must_use]
    pub fn ahead_s(&self) -> i64 {
        self.ahead_s.load(Ordering::Relaxed)
    }

    /// Takes it to where another server moved it.
    pub(super) fn follow(&self, ahead_s: i64) {
        self.ahead_s.fetch_max(ahead_s, Ordering::Relaxed);
    }

    /// Moves it forward, never back.
    pub fn forward(&self, seconds: i64) -> Result<i64, Problem> {
        if seconds <= 0 || seconds > FURTHEST.as_secs() {
            return Err(Problem::new(
                "clock-range",
                "hours",
                (seconds / 3600).to_string(),
                "the clock only moves forward, and not that far at once",
                format!("choose between 1 and {} hours", FURTHEST.as_hours()),
            ));
        }
        Ok(self.ahead_s.fetch_add(seconds, Ordering::Relaxed) + seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_moves_forward_and_never_back() {
        let clock = ClinicClock::default();
        assert!(clock.forward(-3600).is_err());
        assert!(clock.forward(0).is_err());
        let before = clock.now();
        assert_eq!(clock.forward(7200).ok(), Some(7200));
        assert!(clock.now().duration_since(before) >= SignedDuration::from_hours(2));
    }
}
