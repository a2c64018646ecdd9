//! The force of each part of a profile.
//!
//! Pull c of n peaks at P: progressive F − (F − L)·(n − c)/(n − 1), regressive
//! F − (F − L)·(c − 1)/(n − 1), otherwise F. From A (nothing, or base) a rise is
//! A + r·t·(P − A)/(F − A); a logarithmic one does so up to half its range, and then
//! F_half + (F − F_half)·ln(1 + (e − 1)·s), s the share of its slow half that is over.
//! It is steepest where it begins, (e − 1)·(F − F_half)/T, and a third of that at its
//! end. A hold is P; an oscillating one F − ½·S·(1 − cos 2πt/T), so that it begins and
//! ends at the force. A descent is linear.
//!
//! Symbols: F force, L least, S swing in N, r ramp in N/s, t time in s, T rise or period
//! in s. Logarithmic course: devices §1 (VAX-D); which logarithm, and the raised
//! cosine, are ours. Shown by `each_mode_passes_through_its_golden_points` and
//! `a_profile_never_leaves_its_force_nor_jumps`.

use super::course::{Place, Plan};
use super::{Mode, Phase, ProfileSpec};
use crate::Ticks;
use core::f64::consts::{E, TAU};
use si::{Newtons, NewtonsPerSecond};

/// Steepest slope of the slow half, as a multiple of its mean slope.
pub(super) const STEEPEST: f64 = E - 1.0;

/// Force and its rate at a place.
pub(super) fn force(spec: &ProfileSpec, plan: &Plan, place: Place) -> (Newtons, NewtonsPerSecond) {
    let still = |force| (force, NewtonsPerSecond::ZERO);
    match place.phase {
        Phase::Ramp => rising(spec, plan, place),
        Phase::Hold if spec.mode == Mode::Oscillating => swinging(spec, plan, place.since),
        Phase::Hold => still(peak(spec, place.cycle)),
        Phase::Release => falling(spec, plan, place),
        Phase::Rest => still(spec.base),
        Phase::Complete => still(Newtons::ZERO),
    }
}

/// The force of a pull, counted from 1.
fn peak(spec: &ProfileSpec, cycle: u32) -> Newtons {
    let cycles = u32::from(spec.cycles);
    let below = match spec.mode {
        Mode::Progressive => cycles.saturating_sub(cycle),
        Mode::Regressive => cycle.saturating_sub(1),
        _ => 0,
    };
    if below == 0 {
        return spec.force;
    }
    let share = f64::from(below) / f64::from(cycles.saturating_sub(1).max(1));
    let least = spec.shape.least;
    (spec.force - (spec.force - least) * share).clamp(least, spec.force)
}

fn rising(spec: &ProfileSpec, plan: &Plan, place: Place) -> (Newtons, NewtonsPerSecond) {
    let from = match place.cycle {
        1 => Newtons::ZERO,
        _ => spec.base,
    };
    let (peak, since) = (peak(spec, place.cycle), place.since);
    if spec.mode != Mode::Logarithmic {
        return ramp(from, peak, (spec.ramp, spec.force), since);
    }
    let half = from + (peak - from) * 0.5;
    let fast = plan.rise(place.cycle).saturating_sub(plan.slow);
    match since.checked_sub(fast) {
        None => ramp(from, half, (spec.ramp, half), since),
        Some(since) => slowly(half, peak, since, plan.slow),
    }
}

/// Linear from one force to another; `full` is the rate of the strongest pull, and its force.
fn ramp(
    from: Newtons,
    to: Newtons,
    full: (NewtonsPerSecond, Newtons),
    ticks: u32,
) -> (Newtons, NewtonsPerSecond) {
    let rate = full.0 * share(to - from, full.1 - from);
    let gained = rate * Ticks::new(ticks).seconds();
    ((from + gained).min(to), rate)
}

fn slowly(half: Newtons, to: Newtons, since: u32, ticks: u32) -> (Newtons, NewtonsPerSecond) {
    let ticks = ticks.max(1);
    let over = (f64::from(since) / f64::from(ticks)).min(1.0);
    let range = to - half;
    let force = half + range * libm::log1p(STEEPEST * over);
    let mean = range.get() / Ticks::new(ticks).seconds().get();
    let rate = NewtonsPerSecond::raw(mean * STEEPEST / (1.0 + STEEPEST * over));
    (force.min(to), rate)
}

fn swinging(spec: &ProfileSpec, plan: &Plan, since: u32) -> (Newtons, NewtonsPerSecond) {
    let period = plan.period.max(1);
    let within = since.checked_rem(period).unwrap_or(0);
    let angle = TAU * f64::from(within) / f64::from(period);
    let half = spec.shape.swing * 0.5;
    let force = spec.force - half * (1.0 - libm::cos(angle));
    let seconds = Ticks::new(period).seconds().get();
    let rate = -half.get() * TAU / seconds * libm::sin(angle);
    (force.min(spec.force), NewtonsPerSecond::raw(rate))
}

fn falling(spec: &ProfileSpec, plan: &Plan, place: Place) -> (Newtons, NewtonsPerSecond) {
    let to = if plan.is_last(place.cycle) {
        Newtons::ZERO
    } else {
        spec.base
    };
    let peak = peak(spec, place.cycle);
    let rate = spec.release * share(peak - to, spec.force - to);
    let lost = rate * Ticks::new(place.since).seconds();
    ((peak - lost).max(to), -rate)
}

/// A part of a whole; all of it where the whole is nothing.
fn share(part: Newtons, whole: Newtons) -> f64 {
    if whole > Newtons::ZERO {
        (part.get() / whole.get()).min(1.0)
    } else {
        1.0
    }
}
