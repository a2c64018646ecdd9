//! Knows the limits and can only reduce.
//!
//! Judges every input by itself, without the controller's opinion, and answers
//! with the strongest action any cause asks for ([`Action`]). The velocity it
//! lets through is never above the one demanded. Once it unloads it keeps
//! unloading, by its own reckoning of force, time and stiffness, until the two
//! acts of a resume; 5.0 s after a release began it removes the drive's torque.

mod body;
mod people;
mod senses;

use crate::MetresPerSecond;
use crate::cause::{Action, Cause, Clearing};
use crate::controller::Demand;
use crate::input::Input;
use crate::limits::Limits;
use crate::numbers::{Numbers, TRACKING_N, TRACKING_SHARE};
use crate::release::Release;
use crate::stiffness::Stiffness;
use crate::supervisor::{SessionState, Stage};
use si::{Newtons, NewtonsPerSecond};

/// Share of an unasked rise that is let out in a second.
const YIELD_PER_S: f64 = 10.0;

/// What does not change during a session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// The region's numbers.
    pub numbers: Numbers,
    /// The session's limits, from the grant.
    pub limits: Limits,
    /// Base force of the profile.
    pub base: Newtons,
    /// Therapy rate downwards of the profile.
    pub release: NewtonsPerSecond,
    /// Fastest the carriage pulls.
    pub pull_speed: MetresPerSecond,
    /// Whether losing the console is an event.
    pub console_required: bool,
}

/// What the guard is told about the session besides the inputs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Watch {
    /// The supervisor's state.
    pub state: SessionState,
    /// The force steered for.
    pub target: Newtons,
    /// Highest force allowed now; the guard believes it only where it is lower
    /// than the grant's.
    pub ceiling: Newtons,
}

/// What the guard remembers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    senses: senses::State,
    body: body::State,
    people: people::State,
    stiffness: Stiffness,
    release: Option<Release>,
    latched: Option<Cause>,
    believed: bool,
    /// While an increase is forbidden: the force above which nothing pulls.
    cap: Option<Newtons>,
    told: MetresPerSecond,
}

impl State {
    /// Before the first tick.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            senses: senses::State::NEW,
            body: body::State::new(config.limits.ceiling),
            people: people::State::NEW,
            stiffness: Stiffness::new(&config.numbers),
            release: None,
            latched: None,
            believed: true,
            cap: None,
            told: MetresPerSecond::ZERO,
        }
    }

    /// After the two acts of a resume: the latch opens, what is counted stays counted.
    #[must_use]
    pub fn resumed(self) -> Self {
        Self {
            release: None,
            latched: None,
            believed: true,
            cap: None,
            body: self.body.resumed(),
            ..self
        }
    }

    /// The last force that could be believed.
    #[must_use]
    pub fn force(&self) -> Newtons {
        self.senses.force()
    }

    /// How fast force may rise for the age of the samples, as a share: all of it up
    /// to one tick, nothing at the age that forbids an increase.
    #[must_use]
    pub fn freshness(&self) -> f64 {
        self.senses.freshness()
    }

    /// Whether the cells could be believed all through the release: nothing was
    /// wrong with them, and force that fell away was felt by the motor too.
    #[must_use]
    pub const fn believes_cells(&self) -> bool {
        self.believed
    }

    /// Whether the switch counts as pressed.
    #[must_use]
    pub const fn switch_pressed(&self) -> bool {
        self.people.pressed()
    }
}

/// The guard's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// Velocity let through: never above the demand.
    pub velocity: MetresPerSecond,
    /// Whether the drive may have torque.
    pub torque: bool,
    /// The strongest action any cause asks for.
    pub action: Action,
    /// The cause that asks for it.
    pub cause: Option<Cause>,
    /// What forbids an increase until a practitioner's act, found in this tick
    /// beside whatever was stronger.
    pub hold: Option<Cause>,
}

/// The strongest of the causes found in a tick; of two equally strong, the first.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Found {
    strongest: Option<Cause>,
    hold: Option<Cause>,
}

impl Found {
    const NONE: Self = Self {
        strongest: None,
        hold: None,
    };

    fn add(&mut self, cause: Cause, present: bool) {
        if !present {
            return;
        }
        if cause.action() > self.action() {
            self.strongest = Some(cause);
        }
        let holds = cause.action() == Action::NoIncrease
            && matches!(cause.clearing(), Clearing::Practitioner);
        if holds {
            self.hold = self.hold.or(Some(cause));
        }
    }

    fn action(&self) -> Action {
        self.strongest.map_or(Action::None, Cause::action)
    }

    fn verdict(&self, velocity: MetresPerSecond, torque: bool) -> Verdict {
        Verdict {
            velocity,
            torque,
            action: self.action(),
            cause: self.strongest,
            hold: self.hold,
        }
    }
}

/// One tick.
#[must_use]
pub fn step(
    config: &Config,
    state: State,
    input: &Input,
    watch: &Watch,
    demand: Demand,
) -> (State, Verdict) {
    let energised = watch.state.stage.energised();
    let mut found = Found {
        strongest: state.latched.filter(|_| energised),
        ..Found::NONE
    };
    let (people, sight) = (
        state.people.step(config, input, watch, &mut found),
        state.senses.step(config, input, state.told, energised),
    );
    let senses = sight.report(&mut found);
    let body = state
        .body
        .step(config, &senses, watch, state.told, &mut found);
    found.add(Cause::Invariant, !demand.velocity.get().is_finite());
    // Cells that lie teach nothing about the patient.
    let force = Some(senses.force().get()).filter(|_| state.believed && senses.believable());
    let stiffness = state
        .stiffness
        .seen(&config.numbers, force, senses.travel());
    let state = State {
        senses,
        body,
        people,
        stiffness,
        ..state
    };
    if energised {
        answer(config, state, watch, demand, found)
    } else {
        idle(state, found)
    }
}

/// Without torque nothing is latched here: the staff see what is not ready.
fn idle(state: State, found: Found) -> (State, Verdict) {
    let state = State {
        told: MetresPerSecond::ZERO,
        release: None,
        ..state
    };
    (state, found.verdict(MetresPerSecond::ZERO, false))
}

fn answer(
    config: &Config,
    state: State,
    watch: &Watch,
    demand: Demand,
    mut found: Found,
) -> (State, Verdict) {
    let force = state.senses.force();
    let unloads = found.action() >= Action::Unload || watch.state.stage == Stage::Unloading;
    let state = if unloads {
        unload(config, state, watch, &mut found)
    } else {
        state
    };
    let bound = match state.release {
        Some(release) => {
            let seen = Some(force).filter(|_| state.believed);
            release.velocity(&config.numbers, seen, state.stiffness.get())
        }
        None => bound(config, &state, watch, &found),
    };
    let torque = found.action() < Action::TorqueOff;
    let velocity = lower(demand.velocity, bound, torque);
    let cap = watch
        .state
        .held
        .map(|_| state.cap.unwrap_or(force + Newtons::of(TRACKING_N)));
    let state = State {
        told: velocity,
        release: state.release.map(Release::next),
        cap,
        ..state
    };
    (state, found.verdict(velocity, torque))
}

/// Latches, and begins the release if it has not begun; says when its time is over.
fn unload(config: &Config, state: State, watch: &Watch, found: &mut Found) -> State {
    let lost_unfelt = found.strongest == Some(Cause::ForceLost) && state.senses.motor_contradicts();
    let believed = state.believed && state.senses.believable() && !lost_unfelt;
    let force = state.senses.force();
    let start = if believed {
        force
    } else {
        force.max(watch.target)
    };
    let release = state
        .release
        .unwrap_or_else(|| Release::begin(&config.numbers, start));
    found.add(Cause::ReleaseOver, release.is_over());
    State {
        latched: found
            .strongest
            .filter(|cause| cause.action() >= Action::Unload),
        believed,
        release: Some(release),
        ..state
    }
}

/// The fastest that may be pulled while nothing unloads.
fn bound(config: &Config, state: &State, watch: &Watch, found: &Found) -> MetresPerSecond {
    let force = state.senses.force();
    let band = |of: Newtons| Newtons::of(TRACKING_N).max(of * TRACKING_SHARE);
    let above = |limit: Newtons| force > limit + band(limit);
    let base = config.base.max(config.numbers.contact);
    let too_much = above(watch.target)
        || state.cap.is_some_and(|cap| force >= cap)
        || (watch.state.stage == Stage::Paused && above(base));
    if found.strongest == Some(Cause::Guarding) {
        yielding(config, state, (force - watch.target).get())
    } else if found.action() >= Action::NoIncrease || too_much {
        MetresPerSecond::ZERO
    } else {
        config.pull_speed
    }
}

/// Lets out what a patient who guards has pulled in, within 300 ms.
fn yielding(config: &Config, state: &State, excess: f64) -> MetresPerSecond {
    let most = config.numbers.release_most.get();
    let rate = (YIELD_PER_S * excess).max(0.0).min(most);
    MetresPerSecond::raw(-rate / state.stiffness.get().get())
}

/// The lower of two velocities; what is not a number pulls nothing.
fn lower(demand: MetresPerSecond, bound: MetresPerSecond, torque: bool) -> MetresPerSecond {
    let number = |v: f64| if v.is_finite() { v } else { 0.0 };
    let least = number(demand.get()).min(number(bound.get()));
    MetresPerSecond::raw(if torque { least } else { least.min(0.0) })
}
