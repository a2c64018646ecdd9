//! What a pull will do, with its doubt: an ensemble over the published ranges.
//!
//! The nominal column gives the middle; 48 columns, a Latin hypercube
//! over every range of `tables`, give the interval (5th to 95th percentile of
//! the members, widened to hold the middle). The members are fixed, run in a
//! fixed order and share one time grid, so the same question gives the same
//! bits. A single level's opening is shown never narrower than ± 0.5 mm,
//! because nobody can measure it more finely (B092, B093); the raw interval is
//! kept beside it.

mod grid;

use super::friction::Direction;
use super::step::advance_spine;
use super::{ColumnError, Load, Lumped, Parameters, Pull, Scratch, State};
use crate::tables::lumbar::KURUTZ_TENSION;
use grid::Knot;
use si::{Interval, Metres, Newtons, Quantity, Region, Seconds, Segment};

/// Half width below which no level's opening is shown (B092, B093).
const SHOWN_AT_LEAST: Metres = Metres::of(0.5e-3);
/// Longest prediction, s.
const LONGEST: f64 = 7200.0;
/// Part of the highest pull that counts as a hold.
const HOLD: f64 = 0.98;
/// Share of members below the interval, and above it.
const TAIL: f64 = 0.05;

/// One level's part of a prediction.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelPrediction {
    /// The segment.
    pub segment: Segment,
    /// Opening at the end of the last hold, as shown: never narrower than ± 0.5 mm.
    pub opening: Interval<Metres>,
    /// The same, raw: what the ensemble says.
    pub opening_raw: Interval<Metres>,
    /// Opening left at the end of the time asked for, as shown.
    pub after: Interval<Metres>,
    /// The same, raw.
    pub after_raw: Interval<Metres>,
    /// Tension at this level at the end of the last hold.
    pub tension: Interval<Newtons>,
    /// That tension's middle over the pull applied then; 0 without a pull.
    pub share_of_force: f64,
    /// Opening through time, as shown, at the instants of [`Curve::at`].
    pub course: Vec<Interval<Metres>>,
}

/// A prediction through time, thinned for drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// Instants, from 0 to the end.
    pub at: Vec<Seconds>,
    /// Pull at the load cells.
    pub applied: Vec<Newtons>,
    /// Elongation of the whole chain.
    pub elongation: Vec<Interval<Metres>>,
}

/// What a pull is expected to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The treated levels, from the head downwards.
    pub levels: Vec<LevelPrediction>,
    /// When the last hold ends; the openings are read there.
    pub held_until: Seconds,
    /// The pull at the load cells then.
    pub applied: Newtons,
    /// The force that reaches the spine then, after body weight and friction.
    pub delivered: Interval<Newtons>,
    /// Elongation of the whole chain then (cervical: C0–C1 and C1–C2 included).
    pub elongation: Interval<Metres>,
    /// The course of pull and elongation.
    pub curve: Curve,
    /// Whether the pull exceeds what the elongations were measured at.
    pub extrapolated: bool,
}

/// What `pull` does to `column` in `duration`, starting at rest.
///
/// # Errors
/// A pull, an angle or a duration outside the model's range.
pub fn predict(
    column: &Lumped,
    pull: &dyn Pull,
    duration: Seconds,
) -> Result<Prediction, ColumnError> {
    let end = ColumnError::check("duration", duration.get(), (0.25, LONGEST), "s")?;
    Load::check_angle(pull.angle())?;
    let knots = grid::knots(pull, end, column.range())?;
    let held = last_hold(&knots);
    let instants = grid::reading(knots.len(), held);
    let mut spines = ensemble(column);
    let towards = column.moving.direction(pull.angle().get());
    let mut readings = Vec::with_capacity(instants.len());
    for (index, knot) in knots.iter().enumerate() {
        if let Some(before) = index.checked_sub(1).and_then(|before| knots.get(before)) {
            advance_all(&mut spines, towards, knot.tension, knot.at - before.at)?;
        } else {
            settle(&mut spines, towards, knot.tension)?;
        }
        if instants.binary_search(&index).is_ok() {
            readings.push(Reading {
                knot: *knot,
                states: spines.iter().map(|spine| spine.state).collect(),
            });
        }
    }
    let held = instants.binary_search(&held).unwrap_or(readings.len() - 1);
    told(column, &readings, held)
}

/// One member: its column, where it is, what saves it time.
struct Spine {
    column: Lumped,
    state: State,
    scratch: Scratch,
}

/// The nominal spine first, then the members.
fn ensemble(column: &Lumped) -> Vec<Spine> {
    let member =
        |parameters| Lumped::build(column.patient, column.region, column.support, parameters);
    let members = Parameters::ensemble(column.region).into_iter().map(member);
    core::iter::once(column.clone())
        .chain(members)
        .map(|column| Spine {
            state: State::rest(&column),
            scratch: Scratch::new(),
            column,
        })
        .collect()
}

/// A pull that is there from the start arrives at once, before anything creeps.
fn settle(spines: &mut [Spine], towards: Direction, force: f64) -> Result<(), ColumnError> {
    const AT_ONCE: f64 = 1e-6;
    if force > 0.0 {
        advance_all(spines, towards, force, AT_ONCE)?;
    }
    Ok(())
}

fn advance_all(
    spines: &mut [Spine],
    towards: Direction,
    force: f64,
    dt: f64,
) -> Result<(), ColumnError> {
    for spine in spines {
        spine.scratch.prepare(&spine.column, dt);
        advance_spine(
            &spine.column,
            &mut spine.state,
            &spine.scratch,
            force,
            towards,
            dt,
        )?;
    }
    Ok(())
}

/// The last knot that holds: within 2 % of the highest pull, or the end without any.
fn last_hold(knots: &[Knot]) -> usize {
    let highest = knots
        .iter()
        .fold(0.0_f64, |most, knot| most.max(knot.tension));
    knots
        .iter()
        .rposition(|knot| highest > 0.0 && knot.tension >= HOLD * highest)
        .unwrap_or(knots.len() - 1)
}

/// Middle (the first value, the nominal spine's) and tails of the ensemble.
fn interval<Q: Quantity>(values: &mut [f64]) -> Option<Interval<Q>> {
    let middle = *values.first()?;
    let members = values.get_mut(1..)?;
    members.sort_unstable_by(f64::total_cmp);
    let quantile = |share: f64| {
        let place = share * (members.len() - 1) as f64;
        let below = place.floor();
        let (low, high) = (below as usize, (below as usize + 1).min(members.len() - 1));
        members[low] + (members[high] - members[low]) * (place - below)
    };
    let (low, high) = (quantile(TAIL), quantile(1.0 - TAIL));
    Interval::new(
        Q::new(low.min(middle))?,
        Q::new(middle)?,
        Q::new(high.max(middle))?,
    )
}

/// One quantity over all states.
fn over<Q: Quantity>(
    states: &[State],
    of: impl Fn(&State) -> f64,
) -> Result<Interval<Q>, ColumnError> {
    let mut values: Vec<f64> = states.iter().map(of).collect();
    interval(&mut values).ok_or(ColumnError::NotFinite {
        segment: None,
        step: states.first().map_or(0, State::steps),
    })
}

fn opening(states: &[State], level: usize) -> Result<Interval<Metres>, ColumnError> {
    over(states, |state| state.levels[level].opening().get())
}

fn elongation(states: &[State]) -> Result<Interval<Metres>, ColumnError> {
    over(states, |state| state.elongation().get())
}

/// The states of the whole ensemble at one knot.
struct Reading {
    knot: Knot,
    states: Vec<State>,
}

/// The prediction from the readings, of which `held` is the end of the last hold.
fn told(column: &Lumped, readings: &[Reading], held: usize) -> Result<Prediction, ColumnError> {
    let (at_hold, applied) = (&readings[held].states, readings[held].knot.tension);
    let last = &readings[readings.len() - 1].states;
    let delivered: Interval<Newtons> =
        over(at_hold, |state| state.levels[column.count - 1].tension)?;
    let treated = Segment::of(column.region);
    let first = column.count - treated.len();
    let levels = treated.iter().enumerate().map(|(index, segment)| {
        let level = first + index;
        let (opening_raw, after_raw) = (opening(at_hold, level)?, opening(last, level)?);
        let tension: Interval<Newtons> = over(at_hold, |state| state.levels[level].tension)?;
        let course = readings
            .iter()
            .map(|reading| opening(&reading.states, level));
        Ok(LevelPrediction {
            segment: *segment,
            opening: shown(&opening_raw),
            opening_raw,
            after: shown(&after_raw),
            after_raw,
            share_of_force: share(tension.mid().get(), applied),
            tension,
            course: course
                .map(|raw| raw.map(|raw| shown(&raw)))
                .collect::<Result<_, _>>()?,
        })
    });
    Ok(Prediction {
        levels: levels.collect::<Result<_, _>>()?,
        held_until: Seconds::raw(readings[held].knot.at),
        applied: Newtons::raw(applied),
        extrapolated: column.region == Region::Lumbar && delivered.high().get() > KURUTZ_TENSION,
        delivered,
        elongation: elongation(at_hold)?,
        curve: curve(readings)?,
    })
}

fn curve(readings: &[Reading]) -> Result<Curve, ColumnError> {
    let knots = || readings.iter().map(|reading| reading.knot);
    Ok(Curve {
        at: knots().map(|knot| Seconds::raw(knot.at)).collect(),
        applied: knots().map(|knot| Newtons::raw(knot.tension)).collect(),
        elongation: readings
            .iter()
            .map(|reading| elongation(&reading.states))
            .collect::<Result<_, _>>()?,
    })
}

fn shown(raw: &Interval<Metres>) -> Interval<Metres> {
    raw.at_least(SHOWN_AT_LEAST)
}

fn share(tension: f64, applied: f64) -> f64 {
    if applied > 0.0 {
        tension / applied
    } else {
        0.0
    }
}
