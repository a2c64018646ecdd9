//! What the loop steers for: the profile at its own clock, under every limit,
//! never faster than its ramps.
//!
//! The clock stands still while paused and while slack is taken up, so the hold
//! that was prescribed is the hold that is given. While an increase is forbidden
//! the clock runs on and the force stays down: a session never grows longer
//! by it. On a slow line force rises the more slowly the older its samples are.

use crate::controller::Target;
use crate::limiter::{Bound, Limit, lowest};
use crate::numbers::{Numbers, TRACKING_N, TRACKING_SHARE};
use crate::profile::{Phase, Profile, SetPoint};
use crate::release::Release;
use crate::supervisor::Stage;
use crate::ticks::TICK;
use crate::{Limits, Ticks};
use si::{Newtons, NewtonsPerSecond};

/// The planner's state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Plan {
    /// Time of the profile.
    pub(super) clock: Ticks,
    /// Force steered for.
    pub(super) target: Newtons,
    /// Highest force allowed: the grant's, lowered, or that of a resume.
    pub(super) ceiling: Newtons,
    /// Force when the last stop began: the smaller of what was steered for and what
    /// could be believed.
    pub(super) stopped_at: Newtons,
    release: Option<Release>,
    /// How fast the target moved in the last tick that followed the profile.
    rate: NewtonsPerSecond,
    /// What holds the target below what the profile asks for.
    pub(super) limit: Limit,
    /// Increase withheld since force last met the profile.
    withheld: f64,
}

/// What a tick's plan depends on.
pub(super) struct Moment<'a> {
    pub(super) profile: &'a Profile,
    pub(super) numbers: &'a Numbers,
    pub(super) stage: Stage,
    pub(super) force: Newtons,
    pub(super) no_increase: bool,
    /// 1 while samples are fresh, less on a slow line, 0 where nothing may increase.
    pub(super) freshness: f64,
}

impl Plan {
    pub(super) fn new(ceiling: Newtons) -> Self {
        Self {
            clock: Ticks::ZERO,
            target: Newtons::ZERO,
            ceiling,
            stopped_at: Newtons::ZERO,
            release: None,
            rate: NewtonsPerSecond::ZERO,
            limit: Limit::None,
            withheld: 0.0,
        }
    }

    /// The profile now.
    pub(super) fn set_point(&self, profile: &Profile) -> SetPoint {
        profile.at(self.clock)
    }

    /// The ceiling becomes a share of the force there is; it never rises.
    pub(super) fn lower(self, force: Newtons, factor: f64) -> Self {
        let present = force.min(self.target).max(Newtons::ZERO);
        Self {
            ceiling: self.ceiling.min(present * factor),
            ..self
        }
    }

    /// A stop begins at the force that the release goes by, at `least` by the witnesses that
    /// can be believed; above the ceiling it releases at the fastest.
    pub(super) fn stop(
        self,
        numbers: &Numbers,
        force: Newtons,
        least: Newtons,
        over: bool,
    ) -> Self {
        let release = Release::begin(numbers, force);
        Self {
            stopped_at: least.min(self.target).max(Newtons::ZERO),
            release: Some(if over {
                release.fastest(numbers)
            } else {
                release
            }),
            ..self
        }
    }

    /// The way back after a stop, under a lower ceiling; the target is nothing without torque.
    pub(super) fn resume(self, factor: f64) -> Self {
        Self {
            ceiling: self.ceiling.min(self.stopped_at * factor),
            withheld: 0.0,
            ..self
        }
    }

    /// Whether a resume's ceiling would keep the harness taut at all.
    pub(super) fn worth_resuming(&self, limits: &Limits, contact: Newtons) -> bool {
        self.resume(limits.resume_factor).ceiling >= contact
    }

    /// A practitioner allows what was withheld.
    pub(super) fn allow(self) -> Self {
        Self {
            withheld: 0.0,
            ..self
        }
    }

    /// Whether so much was withheld that force has left the profile.
    pub(super) fn has_departed(&self, profile: &Profile) -> bool {
        self.withheld > band(self.set_point(profile).force)
    }

    pub(super) fn target(&self, stage: Stage, believed: bool) -> Target {
        match (stage, self.release) {
            (Stage::TakeUp, _) => Target::TakeUp,
            (Stage::Running | Stage::Paused | Stage::Ending, _) => Target::Follow {
                force: self.target,
                rate: self.rate,
            },
            (Stage::Unloading, Some(release)) => Target::Release { release, believed },
            _ => Target::Off,
        }
    }

    /// One tick on.
    pub(super) fn step(self, moment: &Moment<'_>) -> Self {
        match moment.stage {
            Stage::Armed | Stage::Unloaded | Stage::Complete => Self {
                target: Newtons::ZERO,
                ..self
            },
            Stage::TakeUp => Self {
                target: moment.numbers.contact.min(self.ceiling),
                ..self
            },
            Stage::Running => self.run(moment),
            Stage::Paused => self.towards(moment, moment.profile.spec().base),
            Stage::Ending => self.towards(moment, Newtons::ZERO),
            Stage::Unloading => self.unload(),
        }
    }

    fn unload(self) -> Self {
        let release = self.release.map(Release::next);
        Self {
            release,
            target: release.map_or(Newtons::ZERO, |r| r.target()),
            ..self
        }
    }

    fn run(self, moment: &Moment<'_>) -> Self {
        let asked = self.set_point(moment.profile);
        let first = asked.phase == Phase::Ramp && asked.cycle == 1;
        let floor = if first {
            moment.numbers.contact
        } else {
            Newtons::ZERO
        };
        let wanted = asked.force.max(floor).min(self.ceiling);
        let contact = moment.numbers.contact;
        let slack = moment.force < contact && self.target >= contact && wanted > self.target;
        let (held, here) = (self.sunk(moment.force).get(), self.target.get());
        let least = lowest(&[
            Bound::of(Limit::None, asked.force.max(floor).get()),
            Bound::of(Limit::Lowered, self.ceiling.get()),
            Bound::when(moment.no_increase, Limit::Held, held),
            Bound::when(slack, Limit::Slack, here),
        ]);
        let goal = Newtons::raw(least.value);
        let step = (moment.profile.spec().ramp * TICK).get();
        let behind = (wanted - goal.min(self.target)).get().max(0.0);
        let withheld = match moment.no_increase {
            true => self.withheld + behind.min(step),
            false if behind > 2.0 * step => self.withheld,
            false => 0.0,
        };
        let clock = if slack { self.clock } else { self.clock.next() };
        Self {
            clock,
            withheld,
            ..self
                .slew(moment.profile, goal, moment.freshness)
                .named(least, moment.freshness)
        }
    }

    /// What held the target: the lowest bound of the force, or how fast it may rise.
    fn named(self, least: Bound, freshness: f64) -> Self {
        let behind = least.value - self.target.get() > BEHIND;
        let limit = match (behind, freshness < 1.0) {
            (false, _) => least.limit,
            (true, true) => Limit::Freshness,
            (true, false) => Limit::Rate,
        };
        Self { limit, ..self }
    }

    /// The target, or force where it sank below the tracking band: what fell
    /// while no increase was allowed is not pulled up again by itself.
    fn sunk(&self, force: Newtons) -> Newtons {
        if (self.target - force).get() > band(self.target) {
            force.max(Newtons::ZERO)
        } else {
            self.target
        }
    }

    /// Down to `goal`, or as low as force already is.
    fn towards(self, moment: &Moment<'_>, goal: Newtons) -> Self {
        self.slew(moment.profile, goal.min(self.target).min(self.ceiling), 1.0)
    }

    fn slew(self, profile: &Profile, goal: Newtons, freshness: f64) -> Self {
        let up = profile.spec().ramp * TICK * freshness;
        let down = profile.spec().release * TICK;
        let target = goal.clamp(self.target - down, self.target + up);
        Self {
            target,
            rate: NewtonsPerSecond::raw((target - self.target).get() / TICK.get()),
            ..self
        }
    }
}

/// The target lags by a ramp's limit from here on, N: less is rounding (ours).
const BEHIND: f64 = 0.01;

/// Beyond this force has left what was asked for.
fn band(asked: Newtons) -> f64 {
    TRACKING_N.max(TRACKING_SHARE * asked.get())
}
