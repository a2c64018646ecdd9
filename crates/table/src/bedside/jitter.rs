//! How punctual the loop is: a histogram of wake-up lateness in wall time.
//!
//! Bins are a quarter of a power of two wide, so the reported percentile is
//! its bin's upper edge, at most a quarter too high.

use crate::wire::LoopFigures;
use std::time::Duration;

/// Bins for lateness up to 2⁶³ µs.
const BINS: usize = 256;
/// Lateness that counts as a missed deadline (devices.md §4b.8).
pub const MISSED: Duration = Duration::from_millis(20);

/// The histogram. Adding to it neither allocates nor loops.
#[derive(Clone, Debug)]
pub struct Jitter {
    counts: [u64; BINS],
    wakes: u64,
    max_us: u64,
    missed: u64,
}

impl Default for Jitter {
    fn default() -> Self {
        Self {
            counts: [0; BINS],
            wakes: 0,
            max_us: 0,
            missed: 0,
        }
    }
}

impl Jitter {
    /// Counts one wake-up.
    pub fn add(&mut self, late: Duration) {
        let us = u64::try_from(late.as_micros()).unwrap_or(u64::MAX);
        self.counts[bin(us)] += 1;
        self.wakes += 1;
        self.max_us = self.max_us.max(us);
        if late > MISSED {
            self.missed += 1;
        }
    }

    /// The figures so far.
    #[must_use]
    pub fn figures(&self) -> LoopFigures {
        LoopFigures {
            wakes: self.wakes,
            p50_us: self.share_us(500),
            p99_us: self.share_us(990),
            p999_us: self.share_us(999),
            max_us: self.max_us,
            missed: self.missed,
            memory_locked: false,
        }
    }

    /// Lateness that so many in a thousand do not exceed, µs.
    fn share_us(&self, in_1000: u64) -> u64 {
        let wanted = self.wakes.saturating_mul(in_1000).div_ceil(1_000);
        let mut seen = 0;
        for (index, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted && seen > 0 {
                return upper_edge(index).min(self.max_us);
            }
        }
        self.max_us
    }
}

/// 0..=7 have a bin each; from 8 on four bins to a power of two.
fn bin(us: u64) -> usize {
    if us < 8 {
        return usize::try_from(us).unwrap_or(0);
    }
    let power = us.ilog2();
    let quarter = (us >> (power - 2)) & 3;
    let index = 8 + u64::from(power - 3) * 4 + quarter;
    usize::try_from(index).unwrap_or(BINS - 1).min(BINS - 1)
}

fn upper_edge(index: usize) -> u64 {
    let index = index as u64;
    if index < 8 {
        return index;
    }
    let (power, quarter) = ((index - 8) / 4 + 3, (index - 8) % 4);
    (1_u64 << power.min(62)) + ((quarter + 1) << (power.min(62) - 2)) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lateness_lies_at_or_below_the_upper_edge_of_its_bin() {
        for us in (0..100_000).chain([u64::from(u32::MAX)]) {
            let edge = upper_edge(bin(us));
            assert!(us <= edge && edge <= us + us / 4 + 1, "{us} µs in {edge}");
        }
    }

    #[test]
    fn the_percentile_is_that_of_the_late_few_not_of_the_many() {
        let mut jitter = Jitter::default();
        for _ in 0..98 {
            jitter.add(Duration::from_micros(5));
        }
        jitter.add(Duration::from_micros(400));
        jitter.add(Duration::from_millis(30));
        let figures = jitter.figures();
        assert!((400..=511).contains(&figures.p99_us), "{figures:?}");
        assert_eq!((figures.max_us, figures.missed), (30_000, 1));
        assert_eq!((figures.p50_us, figures.p999_us), (5, 30_000));
    }

    #[test]
    fn one_in_a_thousand_is_not_seen_by_the_three_nines_and_two_are() {
        for (late, seen) in [(1, false), (2, true)] {
            let mut jitter = Jitter::default();
            for _ in late..1_000 {
                jitter.add(Duration::from_micros(50));
            }
            for _ in 0..late {
                jitter.add(Duration::from_millis(9));
            }
            let figures = jitter.figures();
            assert_eq!(figures.p999_us > 1_000, seen, "{figures:?}");
        }
    }
}
