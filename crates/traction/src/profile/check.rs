//! What any table and region may do with a profile; the limits of a session are
//! checked by its grant.
//!
//! Ranges are ours and stand as constants in the parent. Shown by
//! `a_profile_outside_its_ranges_is_refused_with_the_part_and_the_bound`.

use super::{
    LEAST_CYCLIC_BASE, LEAST_FORCE, LONGEST, MOST_CYCLES, Mode, Part, ProfileError, ProfileSpec,
    SHORTEST_HOLD, SHORTEST_REST, SLOWEST_RAMP,
};
use crate::limits::{self, MAX_RATE};
use si::Region;

pub(super) fn check(spec: &ProfileSpec) -> Result<(), ProfileError> {
    let longest = LONGEST.seconds().get();
    let highest = limits::ceiling(Region::Lumbar).get();
    let (least_base, least_rest, most_rest) = match spec.mode {
        Mode::Static => (0.0, 0.0, 0.0),
        Mode::Intermittent => (0.0, SHORTEST_REST.get(), longest),
        Mode::Cyclic => (LEAST_CYCLIC_BASE.get(), 0.0, longest),
        other => return Err(ProfileError::ModeNotBuilt(other)),
    };
    let most_cycles = match spec.mode {
        Mode::Static => 1,
        _ => MOST_CYCLES,
    };
    let (slowest, fastest) = (SLOWEST_RAMP.get(), MAX_RATE.get());
    within(Part::Force, spec.force.get(), LEAST_FORCE.get(), highest)?;
    within(Part::Base, spec.base.get(), least_base, highest)?;
    within(Part::Ramp, spec.ramp.get(), slowest, fastest)?;
    within(Part::Release, spec.release.get(), slowest, fastest)?;
    within(Part::Hold, spec.hold.get(), SHORTEST_HOLD.get(), longest)?;
    within(Part::Rest, spec.rest.get(), least_rest, most_rest)?;
    let cycles = f64::from(spec.cycles);
    within(Part::Cycles, cycles, 1.0, f64::from(most_cycles))?;
    check_shape(spec)?;
    if spec.base >= spec.force {
        return Err(ProfileError::BaseNotBelowForce {
            base: spec.base.get(),
            force: spec.force.get(),
        });
    }
    Ok(())
}

/// What the mode does not use must be nought.
fn check_shape(spec: &ProfileSpec) -> Result<(), ProfileError> {
    let (shape, mode) = (&spec.shape, spec.mode);
    for (part, value) in [
        (Part::Least, shape.least.get()),
        (Part::Rise, shape.rise.get()),
        (Part::Swing, shape.swing.get()),
        (Part::Period, shape.period.get()),
    ] {
        if value.to_bits() != 0 {
            return Err(ProfileError::Unused { part, value, mode });
        }
    }
    Ok(())
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
