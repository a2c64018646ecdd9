//! The instants a prediction steps through, and those it tells of.
//!
//! A pull is only known by asking it. It is sampled every quarter second, and
//! samples are merged as long as the pull between them is straight: fluid
//! exchange is integrated exactly under a force that goes straight, so a ramp or
//! a hold may be one step. Steps then end at every instant to be told, and are
//! at most [`LONGEST_STEP`] long; [`Grid::cut`] lets the caller refine those whose
//! error it measured.

use super::ColumnError;
use crate::world::Pull;
use si::Seconds;

/// Sampling of the pull, s.
const SAMPLE: f64 = 0.25;
/// Longest step, s.
pub(super) const LONGEST_STEP: f64 = 60.0;
/// How far the pull may lie off a straight line within a step, N.
const STRAIGHT: f64 = 0.5;
/// Longest prediction, s: a day and a night.
const LONGEST: f64 = 172_800.0;

/// The pull at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knot {
    /// Time from the start, s.
    pub at: f64,
    /// Pull at the load cells, N.
    pub tension: f64,
    /// Whether this instant is told of.
    pub told: bool,
}

/// The instants from 0 to the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub(super) knots: Vec<Knot>,
    /// Index among the told instants of the end of the last hold.
    pub(super) held: usize,
}

/// Which instants are told of, besides the end of the last hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Instants {
    /// This many, evenly from the start to the end.
    Even(usize),
    /// These, s from the start.
    At(Vec<f64>),
}

/// Part of the highest pull that counts as a hold.
const HOLD: f64 = 0.98;

impl Grid {
    /// The grid of a pull that lasts `duration`.
    ///
    /// # Errors
    /// A duration, an instant or a tension outside the model's range.
    pub fn new(
        pull: &dyn Pull,
        duration: Seconds,
        told: &Instants,
        range: (f64, f64),
    ) -> Result<Self, ColumnError> {
        let end = ColumnError::check("duration", duration.get(), (SAMPLE, LONGEST), "s")?;
        let told = told.list(end)?;
        let tension = |at: f64| {
            let tension = pull.tension(Seconds::raw(at)).get();
            ColumnError::check("pull.tension", tension, range, "N")
        };
        let mut samples = Vec::new();
        for index in 0..=libm::ceil(end / SAMPLE) as usize {
            let at = (index as f64 * SAMPLE).min(end);
            samples.push(Knot {
                at,
                tension: tension(at)?,
                told: false,
            });
        }
        let held = last_hold(&samples);
        let mut knots = straightened(&samples);
        for at in told.into_iter().chain([held]) {
            let tension = tension(at)?;
            insert(&mut knots, at, tension);
        }
        let knots = capped(&knots);
        let told = knots.iter().filter(|knot| knot.told);
        let held = told.clone().position(|knot| knot.at >= held).unwrap_or(0);
        Ok(Self { knots, held })
    }

    /// Every step's end with the pull there.
    #[must_use]
    pub fn knots(&self) -> &[Knot] {
        &self.knots
    }

    /// How many steps it has.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.knots.len() - 1
    }

    /// The instants that are told of.
    pub fn told(&self) -> impl Iterator<Item = &Knot> {
        self.knots.iter().filter(|knot| knot.told)
    }

    /// The same grid with every instant told of.
    #[must_use]
    pub fn all_told(&self) -> Self {
        let told = |knot: &Knot| Knot {
            told: true,
            ..*knot
        };
        Self {
            knots: self.knots.iter().map(told).collect(),
            held: 0,
        }
    }

    /// The same grid with each step cut into as many equal parts as told.
    #[must_use]
    pub fn cut(&self, parts: impl Fn(usize) -> usize) -> Self {
        let mut knots = vec![self.knots[0]];
        for (step, pair) in self.knots.windows(2).enumerate() {
            let parts = parts(step).max(1);
            for part in 1..parts {
                knots.push(between(&pair[0], &pair[1], part as f64 / parts as f64));
            }
            knots.push(pair[1]);
        }
        Self {
            knots,
            held: self.held,
        }
    }
}

impl Instants {
    fn list(&self, end: f64) -> Result<Vec<f64>, ColumnError> {
        match self {
            Self::Even(count) => {
                let steps = (*count).clamp(2, 100_000) - 1;
                Ok((0..=steps)
                    .map(|index| end * index as f64 / steps as f64)
                    .collect())
            }
            Self::At(list) => list
                .iter()
                .map(|at| ColumnError::check("instants", *at, (0.0, end), "s"))
                .collect(),
        }
    }
}

/// The last sample within 2 % of the highest pull, or the end without any.
fn last_hold(samples: &[Knot]) -> f64 {
    let highest = samples.iter().fold(0.0_f64, |most, k| most.max(k.tension));
    let held = samples
        .iter()
        .rev()
        .find(|k| highest > 0.0 && k.tension >= HOLD * highest);
    held.or(samples.last()).map_or(0.0, |knot| knot.at)
}

fn between(a: &Knot, b: &Knot, way: f64) -> Knot {
    Knot {
        at: a.at + (b.at - a.at) * way,
        tension: a.tension + (b.tension - a.tension) * way,
        told: false,
    }
}

/// The fewest samples between which the pull is straight.
fn straightened(samples: &[Knot]) -> Vec<Knot> {
    let mut knots = vec![samples[0]];
    let mut from = 0;
    while from + 1 < samples.len() {
        let mut to = from + 1;
        while to + 1 < samples.len()
            && samples[to + 1].at - samples[from].at <= LONGEST_STEP
            && is_straight(&samples[from..=to + 1])
        {
            to += 1;
        }
        knots.push(samples[to]);
        from = to;
    }
    knots
}

fn is_straight(samples: &[Knot]) -> bool {
    let (first, last) = (samples[0], samples[samples.len() - 1]);
    samples.iter().all(|sample| {
        let way = (sample.at - first.at) / (last.at - first.at);
        (between(&first, &last, way).tension - sample.tension).abs() <= STRAIGHT
    })
}

/// Marks the knot at `at` as told, making one where there is none.
fn insert(knots: &mut Vec<Knot>, at: f64, tension: f64) {
    const SAME: f64 = 1e-6;
    let place = knots.partition_point(|knot| knot.at < at - SAME);
    match knots.get_mut(place) {
        Some(knot) if (knot.at - at).abs() <= SAME => knot.told = true,
        _ => knots.insert(
            place,
            Knot {
                at,
                tension,
                told: true,
            },
        ),
    }
}

/// No step longer than [`LONGEST_STEP`].
fn capped(knots: &[Knot]) -> Vec<Knot> {
    let mut out = vec![knots[0]];
    for pair in knots.windows(2) {
        let parts = libm::ceil((pair[1].at - pair[0].at) / LONGEST_STEP).max(1.0);
        for part in 1..parts as usize {
            out.push(between(&pair[0], &pair[1], part as f64 / parts));
        }
        out.push(pair[1]);
    }
    out
}
