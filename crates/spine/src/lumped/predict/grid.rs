//! The instants a prediction steps through.
//!
//! A pull is only known by asking it, so it is sampled every quarter second and
//! samples are merged: into steps of up to 8 s while it is steady, up to 1 s
//! while it moves. The creep's error at these steps is below 1e-3 of the creep
//! (`tests/numerics.rs` compares with 1 ms).

use super::super::{ColumnError, Pull};
use si::Seconds;

/// Sampling of the pull, s.
const SAMPLE: f64 = 0.25;
/// Longest steps in samples: while the pull is steady, while it moves.
const STEADY: usize = 32;
const MOVING: usize = 4;
/// Change within a step that still counts as steady, N.
const STILL: f64 = 0.25;
/// Most instants a curve is drawn with, besides the end of the last hold.
const DRAWN: usize = 120;

/// The pull at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Knot {
    /// Time, s.
    pub(super) at: f64,
    /// Pull, N.
    pub(super) tension: f64,
}

/// The instants from 0 to `end`.
pub(super) fn knots(
    pull: &dyn Pull,
    end: f64,
    range: (f64, f64),
) -> Result<Vec<Knot>, ColumnError> {
    let samples = samples(pull, end, range)?;
    let mut knots = vec![samples[0]];
    let mut from = 0;
    while from + 1 < samples.len() {
        let start = samples[from].tension;
        let mut to = from + 1;
        while to + 1 < samples.len() && to - from < longest(&samples[from..=to + 1], start) {
            to += 1;
        }
        knots.push(samples[to]);
        from = to;
    }
    Ok(knots)
}

/// How many samples a step through these may span.
fn longest(samples: &[Knot], start: f64) -> usize {
    let steady = samples
        .iter()
        .all(|sample| (sample.tension - start).abs() <= STILL);
    if steady { STEADY } else { MOVING }
}

fn samples(pull: &dyn Pull, end: f64, range: (f64, f64)) -> Result<Vec<Knot>, ColumnError> {
    let count = libm::ceil(end / SAMPLE) as usize;
    (0..=count)
        .map(|index| {
            let at = (index as f64 * SAMPLE).min(end);
            let tension = pull.tension(Seconds::raw(at)).get();
            ColumnError::check("pull.tension", tension, range, "N")?;
            Ok(Knot { at, tension })
        })
        .collect()
}

/// Which of `count` knots are read: evenly thinned, the ends and `held` among them.
pub(super) fn reading(count: usize, held: usize) -> Vec<usize> {
    let stride = count.div_ceil(DRAWN).max(1);
    let mut read: Vec<usize> = (0..count)
        .step_by(stride)
        .chain([held, count - 1])
        .collect();
    read.sort_unstable();
    read.dedup();
    read
}
