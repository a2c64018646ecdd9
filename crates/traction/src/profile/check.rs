//! What any table and region may do with a profile; the limits of a session are
//! checked by its grant.
//!
//! Ranges are ours and stand as constants in the parent. Shown by
//! `a_profile_outside_its_ranges_is_refused_with_the_part_and_the_bound`.

use super::curve::STEEPEST;
use super::{
    LEAST_CYCLIC_BASE, LEAST_FORCE, LEAST_SWING, LONGEST, MOST_CYCLES, Mode, Part, ProfileError,
    ProfileSpec, SHORTEST_HOLD, SHORTEST_PERIOD, SHORTEST_REST, SLOWEST_RAMP,
};
use crate::Ticks;
use crate::limits::{self, MAX_RATE};
use si::Region;

pub(super) fn check(spec: &ProfileSpec) -> Result<(), ProfileError> {
    let longest = LONGEST.seconds().get();
    let highest = limits::ceiling(Region::Lumbar).get();
    let repeats = if spec.cycles > 1 {
        SHORTEST_REST.get()
    } else {
        0.0
    };
    let (least_base, least_rest, most_rest) = match spec.mode {
        Mode::Static => (0.0, 0.0, 0.0),
        Mode::Intermittent => (0.0, SHORTEST_REST.get(), longest),
        Mode::Cyclic => (LEAST_CYCLIC_BASE.get(), 0.0, longest),
        Mode::Progressive | Mode::Regressive | Mode::Logarithmic | Mode::Oscillating => {
            (0.0, repeats, longest)
        }
    };
    let (least_cycles, most_cycles) = match spec.mode {
        Mode::Static => (1, 1),
        Mode::Progressive | Mode::Regressive => (2, MOST_CYCLES),
        _ => (1, MOST_CYCLES),
    };
    let (slowest, fastest) = (SLOWEST_RAMP.get(), MAX_RATE.get());
    within(Part::Force, spec.force.get(), LEAST_FORCE.get(), highest)?;
    within(Part::Base, spec.base.get(), least_base, highest)?;
    within(Part::Ramp, spec.ramp.get(), slowest, fastest)?;
    within(Part::Release, spec.release.get(), slowest, fastest)?;
    within(Part::Hold, spec.hold.get(), SHORTEST_HOLD.get(), longest)?;
    within(Part::Rest, spec.rest.get(), least_rest, most_rest)?;
    let (least, most) = (f64::from(least_cycles), f64::from(most_cycles));
    within(Part::Cycles, f64::from(spec.cycles), least, most)?;
    if spec.base >= spec.force {
        return Err(ProfileError::BaseNotBelowForce {
            base: spec.base.get(),
            force: spec.force.get(),
        });
    }
    check_shape(spec)
}

/// What the mode uses is in its range; what it does not use is nought.
fn check_shape(spec: &ProfileSpec) -> Result<(), ProfileError> {
    let (shape, mode) = (&spec.shape, spec.mode);
    let (steps, log, swings) = (
        matches!(mode, Mode::Progressive | Mode::Regressive),
        mode == Mode::Logarithmic,
        mode == Mode::Oscillating,
    );
    for (part, value, used) in [
        (Part::Least, shape.least.get(), steps),
        (Part::Rise, shape.rise.get(), log),
        (Part::Swing, shape.swing.get(), swings),
        (Part::Period, shape.period.get(), swings),
    ] {
        if !used && value.to_bits() != 0 {
            return Err(ProfileError::Unused { part, value, mode });
        }
    }
    let longest = LONGEST.seconds().get();
    // A trough, and the weakest pull, stay clear of slack and base.
    let floor = LEAST_FORCE.max(spec.base);
    match mode {
        Mode::Progressive | Mode::Regressive => {
            within(
                Part::Least,
                shape.least.get(),
                floor.get(),
                spec.force.get(),
            )?;
            steps_apart(spec)
        }
        // The slow half is never steeper than the fast one.
        Mode::Logarithmic => {
            let least = STEEPEST * 0.5 * (spec.force / spec.ramp).get();
            within(Part::Rise, shape.rise.get(), least, longest)
        }
        Mode::Oscillating => {
            let most = (spec.force - floor).get();
            within(Part::Swing, shape.swing.get(), LEAST_SWING.get(), most)?;
            let slower = spec.ramp.min(spec.release);
            let least = (shape.swing / slower).get() * core::f64::consts::PI;
            let least = least.max(SHORTEST_PERIOD.get());
            within(Part::Period, shape.period.get(), least, spec.hold.get())?;
            whole_periods(spec)
        }
        Mode::Static | Mode::Intermittent | Mode::Cyclic => Ok(()),
    }
}

/// The weakest pull lies above base and below the force.
fn steps_apart(spec: &ProfileSpec) -> Result<(), ProfileError> {
    let (least, base, force) = (spec.shape.least, spec.base, spec.force);
    if base < least && least < force {
        return Ok(());
    }
    Err(ProfileError::LeastNotBetween {
        least: least.get(),
        base: base.get(),
        force: force.get(),
    })
}

/// An oscillating hold is made of whole periods, in ticks.
fn whole_periods(spec: &ProfileSpec) -> Result<(), ProfileError> {
    let ticks = |span| Ticks::from_seconds(span).map_or(0, Ticks::count);
    let (hold, period) = (ticks(spec.hold), ticks(spec.shape.period));
    let rest = hold.checked_rem(period).unwrap_or(0);
    if rest == 0 {
        return Ok(());
    }
    let shorter = hold.saturating_sub(rest);
    let whole = if shorter < ticks(SHORTEST_HOLD) {
        shorter.saturating_add(period)
    } else {
        shorter
    };
    Err(ProfileError::BrokenPeriod {
        hold: spec.hold.get(),
        period: spec.shape.period.get(),
        whole: Ticks::new(whole).seconds().get(),
    })
}

fn within(part: Part, value: f64, least: f64, most: f64) -> Result<(), ProfileError> {
    if !value.is_finite() {
        Err(ProfileError::NotFinite(part))
    } else if value < least {
        Err(ProfileError::Below { part, value, least })
    } else if value > most {
        Err(ProfileError::Above { part, value, most })
    } else {
        Ok(())
    }
}
