//! Where the parts of a profile lie, in whole ticks, and which part a moment is in.
//!
//! Every pull takes the same time: where pulls differ in force the weaker ones come
//! on and go more gently (ours), so that no total hangs on a sum over pulls.
//! Symbols as in the parent. Shown by `a_profile_never_leaves_its_force_nor_jumps`.

use super::{Mode, Part, Phase, ProfileError, ProfileSpec};
use crate::Ticks;
use si::{Newtons, Seconds};

/// Lengths of the parts, in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// First rise, from nothing.
    pub(super) first: u32,
    pub(super) hold: u32,
    pub(super) down: u32,
    pub(super) rest: u32,
    /// Any later rise, from base.
    pub(super) up: u32,
    /// Last descent, to nothing.
    pub(super) last: u32,
    pub(super) cycles: u32,
    /// The slow half at the end of every logarithmic rise.
    pub(super) slow: u32,
    /// One oscillation.
    pub(super) period: u32,
}

/// A moment of the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) phase: Phase,
    /// Pull, counted from 1.
    pub(super) cycle: u32,
    /// Ticks since the phase began.
    pub(super) since: u32,
}

fn ticks(part: Part, span: Seconds) -> Result<u32, ProfileError> {
    Ticks::from_seconds(span)
        .map(Ticks::count)
        .ok_or(ProfileError::NotFinite(part))
}

impl Plan {
    pub(super) fn new(spec: &ProfileSpec) -> Result<Self, ProfileError> {
        let swing = spec.force - spec.base;
        let slow = ticks(Part::Rise, spec.shape.rise)?;
        let rise = |range: Newtons| {
            let at_ramp = match spec.mode {
                Mode::Logarithmic => range * 0.5,
                _ => range,
            };
            ticks(Part::Ramp, at_ramp / spec.ramp).map(|fast| fast.saturating_add(slow))
        };
        Ok(Self {
            first: rise(spec.force)?,
            hold: ticks(Part::Hold, spec.hold)?,
            down: ticks(Part::Release, swing / spec.release)?,
            rest: ticks(Part::Rest, spec.rest)?,
            up: rise(swing)?,
            last: ticks(Part::Release, spec.force / spec.release)?,
            cycles: u32::from(spec.cycles),
            slow,
            period: ticks(Part::Period, spec.shape.period)?,
        })
    }

    /// From the beginning of a hold to that of the next.
    pub(super) fn turn(&self) -> u32 {
        self.hold
            .saturating_add(self.down)
            .saturating_add(self.rest)
            .saturating_add(self.up)
    }

    pub(super) fn total(&self) -> u32 {
        self.turn()
            .saturating_mul(self.cycles.saturating_sub(1))
            .saturating_add(self.first)
            .saturating_add(self.hold)
            .saturating_add(self.last)
    }

    /// The length of a rise into this pull.
    pub(super) const fn rise(&self, cycle: u32) -> u32 {
        if cycle <= 1 { self.first } else { self.up }
    }

    /// Which part a time lies in.
    pub(super) fn place(&self, time: u32) -> Place {
        let at = |phase, cycle, since| Place {
            phase,
            cycle,
            since,
        };
        let Some(after_first) = time.checked_sub(self.first) else {
            return at(Phase::Ramp, 1, time);
        };
        let turn = after_first.checked_div(self.turn()).unwrap_or(0);
        let turn = turn.min(self.cycles.saturating_sub(1));
        let since = after_first.saturating_sub(turn.saturating_mul(self.turn()));
        let cycle = turn.saturating_add(1);
        let Some(since_hold) = since.checked_sub(self.hold) else {
            return at(Phase::Hold, cycle, since);
        };
        if self.is_last(cycle) {
            return match since_hold.checked_sub(self.last) {
                None => at(Phase::Release, cycle, since_hold),
                Some(over) => at(Phase::Complete, cycle, over),
            };
        }
        let Some(since_down) = since_hold.checked_sub(self.down) else {
            return at(Phase::Release, cycle, since_hold);
        };
        match since_down.checked_sub(self.rest) {
            None => at(Phase::Rest, cycle, since_down),
            Some(since_rest) => at(Phase::Ramp, cycle.saturating_add(1), since_rest),
        }
    }

    /// Whether this pull goes down to nothing.
    pub(super) const fn is_last(&self, cycle: u32) -> bool {
        cycle >= self.cycles
    }
}
