//! How long a line takes for one exchange, measured before a session is armed.
//!
//! p-th percentile: the smallest of the last n durations that at least p % of
//! them do not exceed. A failed exchange counts with all the time that it cost.

use std::time::Duration;

/// Exchanges that a figure is made of.
pub const CYCLES: usize = 200;
/// Fewest that a line is judged by.
pub const FEWEST: usize = 100;
/// Slowest line that a session is armed on, at p99 (issue 5; devices §4b 8 forbids an increase then).
pub const SLOWEST: Duration = Duration::from_millis(30);

/// The last exchanges of a line.
#[derive(Clone, Debug)]
pub struct Cadence {
    last: [Duration; CYCLES],
    count: usize,
}

impl Default for Cadence {
    fn default() -> Self {
        Self {
            last: [Duration::ZERO; CYCLES],
            count: 0,
        }
    }
}

impl Cadence {
    /// One more exchange.
    pub fn add(&mut self, took: Duration) {
        if let Some(slot) = self.last.get_mut(self.count % CYCLES) {
            *slot = took;
        }
        // Kept apart from 0 when it wraps: what was measured stays measured.
        self.count = self.count.checked_add(1).unwrap_or(CYCLES);
    }

    /// How many are known, up to [`CYCLES`].
    #[must_use]
    pub fn known(&self) -> usize {
        self.count.min(CYCLES)
    }

    /// A percentile in whole per cent; nothing below [`FEWEST`] exchanges.
    #[must_use]
    pub fn percentile(&self, percent: usize) -> Option<Duration> {
        let known = self.known();
        if known < FEWEST {
            return None;
        }
        let mut sorted: Vec<Duration> = self.last.iter().take(known).copied().collect();
        sorted.sort_unstable();
        let rank = (known * percent.min(100)).div_ceil(100).max(1);
        sorted.get(rank - 1).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_duration_that_was_measured() {
        let mut cadence = Cadence::default();
        for ms in 1..=99 {
            cadence.add(Duration::from_millis(ms));
        }
        assert_eq!(cadence.percentile(50), None, "99 are too few");
        cadence.add(Duration::from_millis(100));
        assert_eq!(cadence.percentile(50), Some(Duration::from_millis(50)));
        assert_eq!(cadence.percentile(99), Some(Duration::from_millis(99)));
    }

    #[test]
    fn old_exchanges_are_forgotten() {
        let mut cadence = Cadence::default();
        cadence.add(Duration::from_secs(9));
        for _ in 0..CYCLES {
            cadence.add(Duration::from_millis(2));
        }
        assert_eq!(cadence.percentile(100), Some(Duration::from_millis(2)));
    }
}
