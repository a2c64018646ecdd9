//! Another mode or another force in the middle of a profile.
//!
//! The new profile is made from the signed one: its base, ramps, hold, rest and
//! pulls stay, and a number that the new mode needs but nobody signed refuses it. A
//! static one holds as long as all the signed pulls together. The clock goes to the
//! same pull and phase; between static and the rest what counts is the time at full
//! force that was given, so that a change neither repeats nor drops any of it. In
//! a rise or a descent it goes to where the force is the same. Ours.
//! Shown by `a_change_keeps_pull_phase_and_time_under_force`.

use super::course::{Place, Plan};
use super::{Mode, Phase, Profile, ProfileError, ProfileSpec, Shape};
use crate::Ticks;
use si::{Newtons, Seconds};

impl Profile {
    /// This profile, as it was signed, in another mode or with another force.
    pub fn changed(&self, mode: Mode, force: Newtons) -> Result<Self, ProfileError> {
        let signed = &self.spec;
        if mode == signed.mode {
            return Self::new(ProfileSpec { force, ..*signed });
        }
        let other = ProfileSpec {
            mode,
            force,
            shape: Shape::NONE,
            ..*signed
        };
        Self::new(match mode {
            Mode::Static => ProfileSpec {
                hold: signed.hold * f64::from(signed.cycles),
                rest: Seconds::ZERO,
                cycles: 1,
                ..other
            },
            _ => other,
        })
    }

    /// The time at which `to` is where this profile is at `time`; nothing in the last
    /// descent, which no change takes back.
    #[must_use]
    pub fn carried(&self, time: Ticks, to: &Self) -> Option<Ticks> {
        let place = self.plan.place(time.count());
        let ends = place.phase == Phase::Release && self.plan.is_last(place.cycle);
        if ends || place.phase == Phase::Complete {
            return None;
        }
        let force = self.point(place).force;
        let first = place.phase == Phase::Ramp && place.cycle == 1;
        let same_pulls = self.plan.cycles == to.plan.cycles;
        let place = if place.phase != Phase::Hold && (first || same_pulls) {
            to.alike(place, force)
        } else {
            to.plan.after_holding(self.plan.held(place))
        };
        Some(Ticks::new(to.plan.time(place)))
    }

    /// The same pull and phase, and in a slope the moment of the same force.
    fn alike(&self, place: Place, force: Newtons) -> Place {
        let at = |since| Place { since, ..place };
        let seen = |since| self.point(at(since)).force;
        match place.phase {
            Phase::Ramp => at(first(self.plan.rise(place.cycle), |t| seen(t) >= force)),
            Phase::Release => at(first(self.plan.down, |t| seen(t) <= force)),
            _ => at(place.since.min(self.plan.rest)),
        }
    }
}

impl Plan {
    /// Ticks at full force up to here.
    fn held(&self, place: Place) -> u32 {
        let before = place.cycle.saturating_sub(1).saturating_mul(self.hold);
        before.saturating_add(match place.phase {
            Phase::Ramp => 0,
            Phase::Hold => place.since,
            _ => self.hold,
        })
    }

    /// Where so many ticks at full force are over.
    fn after_holding(&self, held: u32) -> Place {
        let most = self.cycles.saturating_sub(1);
        let whole = held.checked_div(self.hold).unwrap_or(0).min(most);
        Place {
            phase: Phase::Hold,
            cycle: whole.saturating_add(1),
            since: held
                .saturating_sub(whole.saturating_mul(self.hold))
                .min(self.hold),
        }
    }

    /// The time of a place: what [`Plan::place`] undoes.
    fn time(&self, place: Place) -> u32 {
        let turns = place.cycle.saturating_sub(1).saturating_mul(self.turn());
        let hold = self.first.saturating_add(turns);
        let begin = match place.phase {
            Phase::Ramp => hold.saturating_sub(self.rise(place.cycle)),
            Phase::Hold => hold,
            Phase::Release => hold.saturating_add(self.hold),
            _ => hold.saturating_add(self.hold).saturating_add(self.down),
        };
        begin.saturating_add(place.since)
    }
}

/// The first of `0..=last` of which it is true, or `last`; once true it stays so.
fn first(last: u32, is_true: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0, last);
    while low < high {
        let middle = low.midpoint(high);
        if is_true(middle) {
            high = middle;
        } else {
            low = middle.saturating_add(1);
        }
    }
    low
}
