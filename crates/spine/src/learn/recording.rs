//! A session as a table measured it: where its marks lie, and its features.
//!
//! Force and carriage travel come as samples, at every tick or at a few. Both are
//! averaged over the same [`BIN`] seconds (their straight line between samples is
//! integrated), so that noise and breathing go and the two stay in step:
//!
//! ```text
//! x̄_i = 1/b ∫ x dt over the i-th bin of b = 0.5 s,   told at its middle
//! F = median of the bins above 0.8 of the highest
//! ```
//!
//! | mark | the bin at which the force |
//! |---|---|
//! | contact | comes to F/10 on the way to the first hold |
//! | half up, full | first reaches F/2, 0.97 F |
//! | early | full, and 5 s later |
//! | late, last | is above 0.985 F for the last time before it leaves 0.94 F for the first, for the last time |
//! | half down | first falls below F/2 after that |
//! | released | is about to fall below F/10: what holds is still taut |
//! | after | ends a rest of 20 s or more above F/20, where there is one |
//!
//! The forward model is pulled by the same force and read at the same instants, so
//! where exactly a mark lies changes no feature's meaning. What was not reached
//! (a session that was stopped, a carriage that went home at once) is left out of
//! [`Measured`], not guessed. The pull is the bins thinned to straight lines that
//! lie nowhere further off than 0.5 % of F (at least 0.5 N); every mark is kept.
//!
//! Shown by the tests below and by `annulus/tests/calibrate.rs`.

use super::{Feature, Features, MARKS, Measured, Noise, RecordingError, Session};
use crate::world::Pull;
use si::{Newtons, Radians, Seconds};

/// Width of a bin, s.
pub const BIN: f64 = 0.5;
/// Longest recording, s.
const LONGEST: f64 = 14_400.0;
/// Longest time between two samples, s.
const GAP: f64 = 30.0;
/// Largest force of a sample, N, and largest travel, m: beyond them no table goes.
const LARGEST: (f64, f64) = (2_000.0, 2.0);
/// Least force of a hold that anything is learned from, N.
const LEAST_HOLD: f64 = 20.0;
/// Time into the first hold at which the reach is read, s.
const SETTLED: f64 = 5.0;
/// Shortest rest under a small force after which recovery is read, s.
const RESTED: f64 = 20.0;
/// Time before contact that is kept, s.
const LEAD: f64 = 5.0;

/// What a table measured, sample by sample.
#[derive(Clone, Copy, Debug)]
pub struct Samples<'a> {
    /// Time, s, rising.
    pub at: &'a [f64],
    /// Tension at the load cells, N.
    pub force: &'a [f64],
    /// Where the carriage stands, m, growing as it pulls.
    pub travel: &'a [f64],
}

/// A measured session: its pull and what was read of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Corners of the pull: s, N.
    knots: Vec<(f64, f64)>,
    /// Where travel is read, s.
    instants: [f64; MARKS],
    features: Features,
    /// Which features were reached.
    reached: [bool; super::FEATURES],
    /// Force of the holds, N.
    hold: f64,
    angle: f64,
}

impl Recording {
    /// Reads the marks of a session pulled at `angle`.
    ///
    /// # Errors
    /// Samples that are none, or a session without a hold of 10 s.
    pub fn new(samples: &Samples<'_>, angle: Radians) -> Result<Self, RecordingError> {
        samples.check()?;
        let mut bins = samples.bins();
        let hold = hold(&bins)?;
        let half = first(&bins, 0, |force| force >= 0.5 * hold)?;
        let contact = bins[..half].iter().rposition(|bin| bin.force < 0.1 * hold);
        let contact = contact.map_or(0, |below| below + 1);
        let lead = (LEAD / BIN) as usize;
        let bins = bins.split_off(contact.saturating_sub(lead));
        Self::marked(&bins, hold, angle.get())
    }

    /// The session whose first bin lies shortly before contact.
    fn marked(bins: &[Bin], hold: f64, angle: f64) -> Result<Self, RecordingError> {
        let marks = marks(bins, hold)?;
        let travel = marks.at.map(|index| bins[index].travel);
        let last = marks.at.into_iter().max().unwrap_or(0);
        let start = bins[0].at;
        let force = |index: usize| bins[index].force.max(0.0);
        let kept: Vec<usize> = thinned(&bins[..=last], &marks.at, (0.005 * hold).max(0.5));
        Ok(Self {
            knots: kept
                .into_iter()
                .map(|index| (bins[index].at - start, force(index)))
                .collect(),
            instants: marks.at.map(|index| bins[index].at - start),
            features: Session::features(&travel),
            reached: Feature::ALL.map(|feature| match feature {
                Feature::Hysteresis | Feature::Residual => marks.released,
                Feature::Recovery => marks.rested,
                _ => true,
            }),
            hold,
            angle,
        })
    }

    /// How long its pull lasts, s.
    #[must_use]
    pub fn duration(&self) -> f64 {
        self.knots.last().map_or(0.0, |knot| knot.0)
    }

    /// Where travel is read, s, in the order of [`Mark`](super::Mark).
    #[must_use]
    pub const fn instants(&self) -> &[f64; MARKS] {
        &self.instants
    }

    /// Force of the holds, N.
    #[must_use]
    pub const fn hold(&self) -> f64 {
        self.hold
    }

    /// A feature, m, if the session came to it.
    #[must_use]
    pub fn feature(&self, feature: Feature) -> Option<f64> {
        self.reached[feature as usize].then(|| self.features.get(feature))
    }

    /// The features that were reached, each with what it may lie off.
    #[must_use]
    pub fn measured(&self, noise: &Noise) -> Measured {
        let all = Measured::new(&self.features, noise);
        let missing = Feature::ALL.into_iter();
        missing
            .filter(|feature| !self.reached[*feature as usize])
            .fold(all, Measured::without)
    }
}

impl Pull for Recording {
    fn tension(&self, t: Seconds) -> Newtons {
        let t = t.get();
        let next = self.knots.partition_point(|knot| knot.0 < t);
        let after = self.knots.get(next).or(self.knots.last());
        let before = next.checked_sub(1).and_then(|index| self.knots.get(index));
        Newtons::raw(match (before, after) {
            (Some(from), Some(to)) if to.0 > from.0 => {
                let way = ((t - from.0) / (to.0 - from.0)).min(1.0);
                from.1 + way * (to.1 - from.1)
            }
            (_, Some(only)) => only.1,
            _ => 0.0,
        })
    }

    fn angle(&self) -> Radians {
        Radians::raw(self.angle)
    }
}

/// Mean force and travel of half a second, told at its middle.
#[derive(Clone, Copy, Debug)]
struct Bin {
    at: f64,
    force: f64,
    travel: f64,
}

impl Samples<'_> {
    fn check(&self) -> Result<(), RecordingError> {
        let count = self.at.len();
        for (place, given) in [("force", self.force.len()), ("travel", self.travel.len())] {
            if given != count {
                return Err(RecordingError::Lengths {
                    place,
                    given,
                    expected: count,
                });
            }
        }
        let columns = [
            ("at", self.at, LONGEST),
            ("force", self.force, LARGEST.0),
            ("travel", self.travel, LARGEST.1),
        ];
        for (place, values, largest) in columns {
            for (index, value) in values.iter().copied().enumerate() {
                if !(-largest..=largest).contains(&value) {
                    return Err(RecordingError::Value {
                        place,
                        index,
                        value,
                        largest,
                    });
                }
            }
        }
        for (index, pair) in self.at.windows(2).enumerate() {
            let step = pair[1] - pair[0];
            if step <= 0.0 || step > GAP {
                let index = index + 1;
                return Err(RecordingError::Time { index, step });
            }
        }
        Ok(())
    }

    /// The means over whole bins from the first sample on.
    fn bins(&self) -> Vec<Bin> {
        let mut bins = Vec::new();
        let Some(start) = self.at.first().copied() else {
            return bins;
        };
        let mut sums = (0.0, 0.0);
        let mut from = start;
        for (index, pair) in self.at.windows(2).enumerate() {
            let line = |of: &[f64], t: f64| {
                let way = (t - pair[0]) / (pair[1] - pair[0]);
                of[index] + way * (of[index + 1] - of[index])
            };
            while from < pair[1] {
                let end = start + BIN * (bins.len() as f64 + 1.0);
                let to = end.min(pair[1]);
                let middle = 0.5 * (from + to);
                sums.0 += (to - from) * line(self.force, middle);
                sums.1 += (to - from) * line(self.travel, middle);
                if to >= end {
                    bins.push(Bin {
                        at: end - 0.5 * BIN,
                        force: sums.0 / BIN,
                        travel: sums.1 / BIN,
                    });
                    sums = (0.0, 0.0);
                }
                from = to;
            }
        }
        bins
    }
}

/// Force of the holds: the median of what is above 0.8 of the highest bin.
fn hold(bins: &[Bin]) -> Result<f64, RecordingError> {
    let highest = bins.iter().fold(0.0_f64, |most, bin| most.max(bin.force));
    if highest < LEAST_HOLD {
        return Err(RecordingError::NoHold {
            highest,
            least: LEAST_HOLD,
        });
    }
    let mut high: Vec<f64> = bins
        .iter()
        .map(|bin| bin.force)
        .filter(|force| *force > 0.8 * highest)
        .collect();
    high.sort_unstable_by(f64::total_cmp);
    Ok(high.get(high.len() / 2).copied().unwrap_or(highest))
}

/// The first bin from `start` on whose force passes.
fn first(
    bins: &[Bin],
    start: usize,
    passes: impl Fn(f64) -> bool,
) -> Result<usize, RecordingError> {
    let found = bins.iter().skip(start).position(|bin| passes(bin.force));
    let lasts = bins.len() as f64 * BIN;
    found
        .map(|index| start + index)
        .ok_or(RecordingError::Short { lasts })
}

/// Bins of the marks, and how far the session came.
struct Marks {
    at: [usize; MARKS],
    released: bool,
    rested: bool,
}

fn marks(bins: &[Bin], hold: f64) -> Result<Marks, RecordingError> {
    let settled = (SETTLED / BIN) as usize;
    let half_up = first(bins, 0, |force| force >= 0.5 * hold)?;
    let below = bins[..half_up]
        .iter()
        .rposition(|bin| bin.force < 0.1 * hold);
    let contact = below.map_or(0, |below| below + 1);
    let full = first(bins, half_up, |force| force >= 0.97 * hold)?;
    let early = full + settled;
    let held = |end: usize| {
        // Where the force still is the hold's: the ramp down is no creep.
        let within = bins[full..=end].iter();
        let sound = within.rev().position(|bin| bin.force >= 0.985 * hold);
        end - sound.unwrap_or(0)
    };
    let left = first(bins, full, |force| force < 0.94 * hold).unwrap_or(bins.len());
    let late = held(left - 1);
    if late < early + settled {
        let lasts = (late - full) as f64 * BIN;
        return Err(RecordingError::Short { lasts });
    }
    let last = bins.iter().rposition(|bin| bin.force >= 0.94 * hold);
    let last = held(last.unwrap_or(late).max(late));
    let half_down = first(bins, last, |force| force < 0.5 * hold);
    let slack = first(bins, last, |force| force < 0.1 * hold);
    let released = slack.as_ref().map(|slack| slack - 1);
    let (half_down, released, let_go) = match (half_down, released) {
        (Ok(half_down), Ok(released)) if released >= half_down => (half_down, released, true),
        // A rest above a tenth of the hold until the recording ends, or none at all.
        _ => (last, last, false),
    };
    let taut = bins[released..]
        .iter()
        .position(|bin| bin.force < 0.05 * hold);
    let after = released + taut.unwrap_or(bins.len() - released) - 1;
    let rested = let_go && after as f64 * BIN >= released as f64 * BIN + RESTED;
    let after = if rested { after } else { released };
    Ok(Marks {
        at: [
            contact, half_up, full, early, late, last, half_down, released, after,
        ],
        released: let_go,
        rested,
    })
}

/// The bins between which the force is straight within `tolerance`, marks among them.
fn thinned(bins: &[Bin], marks: &[usize; MARKS], tolerance: f64) -> Vec<usize> {
    let mut kept = vec![0];
    let mut from = 0;
    while from + 1 < bins.len() {
        let mut to = from + 1;
        while to + 1 < bins.len()
            && !marks.contains(&to)
            && is_straight(&bins[from..=to + 1], tolerance)
        {
            to += 1;
        }
        kept.push(to);
        from = to;
    }
    kept
}

fn is_straight(bins: &[Bin], tolerance: f64) -> bool {
    let (first, last) = (bins[0], bins[bins.len() - 1]);
    bins.iter().all(|bin| {
        let way = (bin.at - first.at) / (last.at - first.at);
        (first.force + way * (last.force - first.force) - bin.force).abs() <= tolerance
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::Mark;
    use si::Region;

    /// A common session sampled every `step` s; the carriage gives 0.1 mm a newton.
    fn sampled(step: f64) -> [Vec<f64>; 3] {
        let session = Session::common(Region::Lumbar);
        let count = (session.duration() / step) as usize;
        let at: Vec<f64> = (0..=count).map(|index| index as f64 * step).collect();
        let force = |t: &f64| session.tension(Seconds::raw(*t)).get();
        let force: Vec<f64> = at.iter().map(force).collect();
        let travel = force.iter().map(|force| 0.01 + 1e-4 * force).collect();
        [at, force, travel]
    }

    fn recording([at, force, travel]: &[Vec<f64>; 3]) -> Result<Recording, RecordingError> {
        let samples = Samples { at, force, travel };
        Recording::new(&samples, Radians::ZERO)
    }

    #[test]
    fn a_spring_is_read_as_one_at_ticks_and_at_seconds() {
        for step in [0.01, 1.0] {
            let read = recording(&sampled(step)).expect("a common session");
            assert!((read.hold() - 300.0).abs() < 1.0);
            let reach = read.feature(Feature::Reach).expect("it was reached");
            assert!((reach - 0.027).abs() < 2e-3, "{step} {reach}");
            for still in [Feature::FirstCreep, Feature::SessionCreep] {
                let crept = read.feature(still).expect("it was reached");
                assert!(crept.abs() < 5e-4, "{step} {still:?} {crept}");
            }
            // Contact is a thirtieth of the hold here: what rests below F/20 tells nothing.
            assert_eq!(read.feature(Feature::Recovery), None);
            assert_eq!(read.measured(&Noise::TABLE).count(), 6);
        }
    }

    #[test]
    fn the_pull_is_the_measured_force_and_keeps_every_mark() {
        let samples = sampled(0.01);
        let read = recording(&samples).expect("a common session");
        assert!(read.knots.len() < 80, "{}", read.knots.len());
        let force = read.instants.map(|at| read.tension(Seconds::raw(at)).get());
        assert!((force[Mark::Early as usize] - 300.0).abs() < 0.5);
        assert!((force[Mark::Last as usize] - 300.0).abs() < 20.0);
        assert!(force[Mark::HalfUp as usize] >= 150.0 && force[Mark::HalfDown as usize] < 150.0);
        assert!(force[Mark::Released as usize] >= 30.0);
    }

    #[test]
    fn a_session_stopped_in_a_hold_has_no_release() {
        let mut samples = sampled(0.1);
        for column in &mut samples {
            column.truncate(1_500);
        }
        let read = recording(&samples).expect("a hold and a half");
        assert_eq!(read.feature(Feature::Hysteresis), None);
        assert_eq!(read.feature(Feature::Residual), None);
        assert!(read.feature(Feature::SessionCreep).is_some());
    }

    #[test]
    fn what_is_no_session_is_refused_by_place_and_value() {
        let told =
            |samples: &[Vec<f64>; 3]| recording(samples).expect_err("no session").to_string();
        let mut broken = sampled(1.0);
        broken[1][17] = f64::NAN;
        assert!(
            told(&broken).starts_with("force[17]: NaN"),
            "{}",
            told(&broken)
        );
        let mut back = sampled(1.0);
        back[0][9] = back[0][8];
        assert!(told(&back).starts_with("at[9]"), "{}", told(&back));
        let mut short = sampled(1.0);
        for column in &mut short {
            column.truncate(18);
        }
        assert!(told(&short).contains("hold"), "{}", told(&short));
        let nothing = [vec![], vec![], vec![]];
        assert!(told(&nothing).contains("20 N"), "{}", told(&nothing));
    }
}
