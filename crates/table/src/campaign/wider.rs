//! What one session in four has besides: any of the seven modes, a signed limit above its
//! force, and staff who change mode or force in its midst.
//!
//! Drawn from dice of its own, so that the other three stay what they were. Shown by
//! `seeds_reach_every_mode_a_limit_above_the_force_and_changes_in_mid_session`.

use super::scenario::{Dice, odd};
use super::{Incident, Length, Scenario};
use crate::rng::Rng;
use si::{Newtons, Problem, Region, Seconds};
use traction::input::Command;
use traction::profile::{
    LEAST_FORCE, LEAST_SWING, Mode, Profile, ProfileSpec, SHORTEST_PERIOD, Shape,
};

/// One seed in this many is wider, by this remainder.
const EVERY: (u64, u64) = (4, 1);
/// The signed limit is at most this much above the force, as a share of it.
const MOST_ABOVE: f64 = 0.25;
/// A change asks for this much of the signed limit at least, and at most: some are refused.
const CHANGES: (f64, f64) = (0.3, 1.05);

/// The scenario, wider if its seed is one of those.
pub(super) fn widened(scenario: Scenario) -> Result<Scenario, Problem> {
    if scenario.seed % EVERY.0 != EVERY.1 {
        return Ok(scenario);
    }
    let mut dice = Dice(Rng::new(scenario.seed).fork(3));
    let spec = *scenario.profile.spec();
    let mode = dice.of(Mode::ALL, spec.mode);
    let profile = Profile::new(in_mode(
        &mut dice,
        scenario.region,
        scenario.length,
        spec,
        mode,
    ))
    .map_err(|error| odd(&error.to_string()))?;
    let above = match dice.below(3) {
        0 => 0.0,
        _ => dice.between(0.0, MOST_ABOVE),
    };
    let ceiling = spec.force * (1.0 + above);
    let changes = [0, 1].map(|_| change(&mut dice, ceiling));
    Ok(Scenario {
        profile,
        ceiling,
        changes,
        incident: match dice.below(2) {
            0 => Incident::Change,
            _ => scenario.incident,
        },
        ..scenario
    })
}

/// Another mode, or another force; what the profile cannot be is refused by the session.
fn change(dice: &mut Dice, ceiling: Newtons) -> Command {
    Command::Change {
        mode: dice.of(Mode::ALL, Mode::Static),
        force: ceiling * dice.between(CHANGES.0, CHANGES.1),
    }
}

/// The numbers of `spec` in another mode, with those that it needs besides.
fn in_mode(
    dice: &mut Dice,
    region: Region,
    length: Length,
    spec: ProfileSpec,
    mode: Mode,
) -> ProfileSpec {
    let (hold, rest, cycles) = length.numbers();
    let base = spec.base.max(LEAST_FORCE).min(spec.force * 0.5);
    let (from, force) = (base.get(), spec.force.get());
    let spec = ProfileSpec {
        mode,
        base,
        hold,
        rest,
        cycles,
        shape: Shape::NONE,
        ..spec
    };
    let shape = match mode {
        Mode::Static => {
            return ProfileSpec {
                hold: hold * 2.0,
                rest: Seconds::ZERO,
                cycles: 1,
                ..spec
            };
        }
        Mode::Intermittent | Mode::Cyclic => return spec,
        Mode::Progressive | Mode::Regressive => Shape {
            least: Newtons::of(from + dice.between(0.2, 0.8) * (force - from)),
            ..Shape::NONE
        },
        Mode::Logarithmic => Shape {
            rise: (spec.force / spec.ramp) * dice.between(0.9, 1.5),
            ..Shape::NONE
        },
        Mode::Oscillating => return oscillating(dice, region, spec),
    };
    ProfileSpec { shape, ..spec }
}

/// Whole periods, each slow enough for its depth.
fn oscillating(dice: &mut Dice, region: Region, spec: ProfileSpec) -> ProfileSpec {
    let most = match region {
        Region::Lumbar => 40.0,
        Region::Cervical => 10.0,
    };
    let room = (spec.force - spec.base).get();
    let swing = dice
        .between(LEAST_SWING.get(), most)
        .min(0.5 * room)
        .max(LEAST_SWING.get());
    let rate = spec.ramp.min(spec.release).get();
    let least = (core::f64::consts::PI * swing / rate).max(SHORTEST_PERIOD.get());
    let period = (least * dice.between(1.05, 2.0) * 10.0).ceil() / 10.0;
    let periods = (spec.hold.get() / period).ceil().max(1.0);
    ProfileSpec {
        hold: Seconds::of(periods * period),
        shape: Shape {
            swing: Newtons::of(swing),
            period: Seconds::of(period),
            ..Shape::NONE
        },
        ..spec
    }
}
