//! Time goes on: by a given pull, or by a carriage that moves.
//!
//! [`step`] is explicit in the pull and exact in the creep, so it is stable at
//! any Δt. [`impose`] asks which pull F holds the carriage where it is:
//!
//! ```text
//! g(F) = slack + h(F) + z_h(F) + Σ [x_l(T_l(F)) + z_l(F)] − travel = 0
//! ```
//!
//! with the creep of the step inside (implicit). g grows with F, by at least
//! 1/k of the harness, so the root is unique and lies in 0 ..= k · travel;
//! Newton with a bracket finds it in a bounded number of steps.

use super::friction::Direction;
use super::{Carriage, ColumnError, LevelState, Load, Lumped, Scratch, State};
use si::{Newtons, Seconds};

/// Longest step, s; longer ones hide what happens inside them.
const LONGEST: f64 = 3600.0;
/// Shortest step, s.
const SHORTEST: f64 = 1e-6;
/// Newton steps before the bracket alone decides.
const ROOT_STEPS: usize = 80;
/// How well the carriage is met, m: a ten-thousandth of a micrometre.
const ROOT_TOLERANCE: f64 = 1e-13;

/// Lets `dt` pass with the pull going straight from where it was to `load`.
///
/// # Errors
/// An angle or step length outside the model's range, or a number that is not
/// finite; the state is then as it was.
pub fn step(
    column: &Lumped,
    state: &mut State,
    scratch: &mut Scratch,
    load: Load,
    dt: Seconds,
) -> Result<(), ColumnError> {
    Load::check_angle(load.angle)?;
    let force = load.tension.get();
    if !force.is_finite() {
        return Err(not_finite(state, None));
    }
    prepare(column, scratch, dt)?;
    let towards = column.moving.direction(load.angle.get());
    advance(column, state, scratch, force.max(0.0), towards, dt.get())
}

/// Lets `dt` pass while the carriage goes to where it is told; gives the force
/// that the load cells then see. A slack harness gives zero.
///
/// # Errors
/// As [`step`].
pub fn impose(
    column: &Lumped,
    state: &mut State,
    scratch: &mut Scratch,
    carriage: Carriage,
    dt: Seconds,
) -> Result<Newtons, ColumnError> {
    Load::check_angle(carriage.angle)?;
    if !carriage.travel.is_finite() {
        return Err(not_finite(state, None));
    }
    prepare(column, scratch, dt)?;
    let towards = column.moving.direction(carriage.angle.get());
    let reach = carriage.travel.get() - column.harness.slack;
    let force = holding(column, state, scratch, towards, reach);
    advance(column, state, scratch, force, towards, dt.get())?;
    Ok(Newtons::raw(force))
}

fn prepare(column: &Lumped, scratch: &mut Scratch, dt: Seconds) -> Result<(), ColumnError> {
    let dt = ColumnError::check("dt", dt.get(), (SHORTEST, LONGEST), "s")?;
    scratch.prepare(column, dt);
    Ok(())
}

fn not_finite(state: &State, segment: Option<si::Segment>) -> ColumnError {
    ColumnError::NotFinite {
        segment,
        step: state.steps,
    }
}

/// Commits one step under `force`, spine and harness, or leaves the state as it was.
fn advance(
    column: &Lumped,
    state: &mut State,
    scratch: &Scratch,
    force: f64,
    towards: Direction,
    dt: f64,
) -> Result<(), ColumnError> {
    let mut next = *state;
    advance_spine(column, &mut next, scratch, force, towards, dt)?;
    let stretch = column.harness.stretch(force).0;
    let target = column.harness.creep * 0.5 * (state.stretch + stretch);
    next.bedded = scratch.bedding.follow(state.bedded, target).0;
    next.stretch = stretch;
    if !(next.bedded + next.stretch).is_finite() {
        return Err(not_finite(&next, None));
    }
    *state = next;
    Ok(())
}

/// Takes the spine alone through one step; the harness stays where it was. After
/// an error the state is not to be used.
pub(super) fn advance_spine(
    column: &Lumped,
    state: &mut State,
    scratch: &Scratch,
    force: f64,
    towards: Direction,
    dt: f64,
) -> Result<(), ColumnError> {
    state.steps += 1;
    state.applied = force;
    state.elapsed += dt;
    let (tension, _) = column.moving.delivered(force, towards);
    for index in 0..column.count {
        let level = follow(column, scratch, &state.levels[index], index, tension);
        if !level.opening().is_finite() {
            return Err(not_finite(state, Some(column.segments()[index])));
        }
        state.levels[index] = level;
    }
    Ok(())
}

/// One level after a step that ends with `tension` at the pelvis (or the head).
fn follow(
    column: &Lumped,
    scratch: &Scratch,
    level: &LevelState,
    index: usize,
    tension: f64,
) -> LevelState {
    let tension = (tension - column.losses[index]).max(0.0);
    // A tension that did not change needs no exponential: through a hold, most steps.
    let (elastic, reached) = if tension.to_bits() == level.tension.to_bits() {
        (level.elastic, level.target)
    } else {
        let now = column.laws[index].at(tension);
        (now.elastic, now.creep)
    };
    let target = 0.5 * (level.target + reached);
    let creep = &column.creep;
    LevelState {
        tension,
        elastic,
        target: reached,
        fast: scratch.fast.follow(level.fast, creep.fast_scale * target).0,
        slow: scratch.slow.follow(level.slow, creep.slow_scale * target).0,
    }
}

/// The pull that stretches harness and spine to `reach`, slack taken off.
fn holding(
    column: &Lumped,
    state: &State,
    scratch: &Scratch,
    towards: Direction,
    reach: f64,
) -> f64 {
    let gap = |force: f64| {
        let (length, slope) = length_under(column, state, scratch, towards, force);
        (length - reach, slope)
    };
    if gap(0.0).0 >= 0.0 {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, column.harness.linear * reach);
    let mut force = state.applied.clamp(low, high);
    for _ in 0..ROOT_STEPS {
        let (miss, slope) = gap(force);
        if miss.abs() <= ROOT_TOLERANCE {
            break;
        }
        if miss < 0.0 {
            low = force;
        } else {
            high = force;
        }
        let newton = force - miss / slope;
        force = if low < newton && newton < high {
            newton
        } else {
            0.5 * (low + high)
        };
    }
    force
}

/// Length of harness and spine at the end of a step under `force`, and its slope.
fn length_under(
    column: &Lumped,
    state: &State,
    scratch: &Scratch,
    towards: Direction,
    force: f64,
) -> (f64, f64) {
    let (tension, gain) = column.moving.delivered(force, towards);
    let harness = &column.harness;
    let (stretch, stretch_slope) = harness.stretch(force);
    let target = harness.creep * 0.5 * (state.stretch + stretch);
    let (bedded, taken) = scratch.bedding.follow(state.bedded, target);
    let mut length = stretch + bedded;
    let mut slope = stretch_slope * (1.0 + 0.5 * taken * harness.creep);
    let creep = &column.creep;
    for (index, level) in state.levels[..column.count].iter().enumerate() {
        let at_level = tension - column.losses[index];
        let now = column.laws[index].at(at_level.max(0.0));
        let target = 0.5 * (level.target + now.creep);
        let (fast, fast_taken) = scratch.fast.follow(level.fast, creep.fast_scale * target);
        let (slow, slow_taken) = scratch.slow.follow(level.slow, creep.slow_scale * target);
        length += now.elastic + fast + slow;
        if at_level > 0.0 {
            let crept = fast_taken * creep.fast_scale + slow_taken * creep.slow_scale;
            slope += gain * (now.elastic_slope + 0.5 * crept * now.creep_slope);
        }
    }
    (length, slope)
}

#[cfg(test)]
mod tests {
    use super::super::{Patient, Support};
    use super::*;
    use si::{Kilograms, Region};

    #[test]
    fn the_tangent_of_harness_and_spine_is_the_slope_of_their_length() {
        let patient = Patient {
            sex: None,
            age_years: 46.0,
            height: None,
            mass: Kilograms::of(71.0),
        };
        let support = Support::level(false);
        let column = Lumped::new(&patient, Region::Lumbar, &support).expect("a common patient");
        let (mut state, mut scratch) = (State::rest(&column), Scratch::new());
        let dt = Seconds::of(2.0);
        step(
            &column,
            &mut state,
            &mut scratch,
            Load::along(Newtons::of(260.0)),
            dt,
        )
        .expect("a common pull");
        let towards = column.moving.direction(0.2);
        let length = |force| length_under(&column, &state, &scratch, towards, force);
        for force in [20.0, 150.0, 290.0, 500.0] {
            let h = 1e-3;
            let measured = (length(force + h).0 - length(force - h).0) / (2.0 * h);
            let told = length(force).1;
            assert!(
                (told - measured).abs() < 1e-5 * measured,
                "{force}: {told} {measured}"
            );
        }
    }
}
