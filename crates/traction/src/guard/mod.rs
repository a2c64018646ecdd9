//! Knows the limits and can only reduce.
//!
//! Judges every input by itself, without the controller's opinion, and answers
//! with the strongest action any cause asks for ([`Action`]). The velocity it
//! lets through is never above the one demanded. Once it unloads it keeps
//! unloading, by a law of release and an estimate of stiffness that are its own,
//! until the two acts of a resume; 5.0 s after a release began it removes the
//! drive's torque. Force that the patient makes is yielded to at once.

mod blind;
mod body;
mod bounds;
mod deaf;
mod felt;
mod letting_go;
mod people;
mod senses;
mod slope;

use crate::MetresPerSecond;
use crate::cause::{Action, Cause, Clearing};
use crate::controller::Demand;
use crate::input::Input;
use crate::limiter::{Bound, Limit};
use crate::limits::Limits;
use crate::numbers::{Numbers, TRACKING_N};
use crate::supervisor::{SessionState, Stage};
use crate::ticks::TICK;
pub(crate) use blind::Blind;
#[cfg(feature = "blind")]
pub use blind::Check;
use bounds::limited;
use felt::Felt;
use letting_go::LettingGo;
use si::{Newtons, NewtonsPerMetre, NewtonsPerSecond, Seconds};
use slope::Slope;

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
    /// Stiffest patient that arming assumed; a stiffer one is pulled more slowly.
    pub stiffest: NewtonsPerMetre,
    /// From a fault to the drive's answer, at worst.
    pub reaction: Seconds,
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
    slope: Slope,
    felt: Felt,
    release: Option<LettingGo>,
    latched: Option<Cause>,
    believed: bool,
    /// Cells and motor contradict each other, and nobody knows which is right.
    quarrel: bool,
    /// While an increase is forbidden: the force above which nothing pulls.
    cap: Option<Newtons>,
    /// What was last steered for, before anything was let go: no force of the patient's
    /// own stretches harness and spine beyond it.
    stretched: Newtons,
    told: MetresPerSecond,
    blind: Blind,
}

impl State {
    /// Before the first tick.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            senses: senses::State::NEW,
            body: body::State::new(config.limits.ceiling),
            people: people::State::NEW,
            slope: Slope::new(&config.numbers),
            felt: Felt::NOTHING,
            release: None,
            latched: None,
            believed: true,
            quarrel: false,
            cap: None,
            stretched: Newtons::ZERO,
            told: MetresPerSecond::ZERO,
            blind: Blind::NONE,
        }
    }

    /// The same without one of its checks: to show that the check is needed.
    #[cfg(feature = "blind")]
    #[must_use]
    pub const fn blinded(self, check: Check) -> Self {
        Self {
            blind: self.blind.also(check),
            ..self
        }
    }

    /// The checks that are off: none, in the product.
    pub(crate) const fn blind(&self) -> Blind {
        self.blind
    }

    /// After the two acts of a resume: the latch opens, what is counted stays counted.
    #[must_use]
    pub fn resumed(self) -> Self {
        Self {
            release: None,
            latched: None,
            believed: true,
            quarrel: false,
            cap: None,
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
        if self.blind.lets(Limit::Freshness) {
            1.0
        } else {
            self.senses.freshness()
        }
    }

    /// Whether the cells could be believed all through the release: nothing was
    /// wrong with them, and force that fell away was felt by the motor too.
    #[must_use]
    pub const fn believes_cells(&self) -> bool {
        self.believed
    }

    /// Whether nothing is left on the harness, by the cells and, within its error, by
    /// the motor.
    #[must_use]
    pub fn is_empty(&self, numbers: &Numbers) -> bool {
        self.senses.is_empty(numbers)
    }

    /// Whether the sensors were implausible twice in this session: the table needs
    /// service (devices §4b 9).
    #[must_use]
    pub const fn service_due(&self) -> bool {
        self.senses.service_due()
    }

    /// The force that a release goes by, N: the cells while they can be believed,
    /// then the motor, and the higher of the two where they contradict each other.
    fn witness(&self, numbers: &Numbers) -> Option<f64> {
        let cells = self.senses.force().get();
        if self.believed {
            return Some(cells);
        }
        let doubted = self.quarrel.then_some(cells);
        match (self.senses.motor(numbers), doubted) {
            (Some(motor), Some(cells)) => Some(motor.max(cells)),
            (motor, cells) => motor.or(cells),
        }
    }

    /// What the motor feels beyond its error, N, while there is a way on which the cord
    /// could be taut: a motor that errs by more winds no slack off.
    fn unseen(&self, numbers: &Numbers) -> f64 {
        let out = self.body.is_out(self.senses.travel());
        let motor = self.senses.motor(numbers).filter(|_| out);
        (motor.unwrap_or(0.0) - numbers.motor_near.get()).max(0.0)
    }

    /// The true force as far as it can be believed, rather too little: a resume goes by
    /// it. The motor where the cells are not believed, the lower of the two where nobody
    /// knows which is right (CLINICAL §5: 75 % of the force at the stop).
    #[must_use]
    pub fn least_force(&self, numbers: &Numbers) -> Newtons {
        let cells = self.senses.force();
        let motor = self.senses.motor(numbers).map(Newtons::raw);
        match motor {
            Some(motor) if self.quarrel => motor.min(cells),
            Some(motor) if !self.believed => motor,
            _ => cells,
        }
    }

    /// The force that a release is planned from: by the same witness as it is followed by,
    /// the motor where the cells are not believed.
    #[must_use]
    pub fn released_from(&self, numbers: &Numbers) -> Newtons {
        let motor = self.senses.motor(numbers).filter(|_| !self.believed);
        motor.map_or(self.senses.force(), Newtons::raw)
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
    /// Which bound holds the velocity below the demand, if one does.
    pub limit: Limit,
}

/// The strongest of the causes found in a tick; of two equally strong, the first.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Found {
    strongest: Option<Cause>,
    hold: Option<Cause>,
    /// Force is above the ceiling: what is released is released at the fastest.
    over: bool,
    /// The motor says so and the cells do not, or the two differ for too long.
    quarrel: bool,
    /// The patient guards, or did a moment ago.
    guarding: bool,
    blind: Blind,
}

impl Found {
    const NONE: Self = Self {
        strongest: None,
        hold: None,
        over: false,
        quarrel: false,
        guarding: false,
        blind: Blind::NONE,
    };

    fn add(&mut self, cause: Cause, present: bool) {
        if !present || self.blind.to(cause) {
            return;
        }
        if cause.action() > self.action() {
            self.strongest = Some(cause);
        }
        self.over |= cause == Cause::OverForce;
        self.quarrel |= cause == Cause::MotorDisagrees;
        self.guarding |= cause == Cause::Guarding;
        let holds = cause.action() == Action::NoIncrease
            && matches!(cause.clearing(), Clearing::Practitioner);
        if holds {
            self.hold = self.hold.or(Some(cause));
        }
    }

    fn action(&self) -> Action {
        self.strongest.map_or(Action::None, Cause::action)
    }

    fn verdict(&self, velocity: Bound) -> Verdict {
        Verdict {
            velocity: MetresPerSecond::raw(velocity.value),
            torque: velocity.limit != Limit::Torque,
            limit: velocity.limit,
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
        blind: state.blind,
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
    let state = State {
        senses,
        body,
        people,
        ..state
    }
    .learnt(config);
    if energised {
        answer(config, state, input, watch, demand, found)
    } else {
        idle(state, found)
    }
}

impl State {
    /// Stiffness from whoever is believed; cells that lie teach nothing.
    fn learnt(self, config: &Config) -> Self {
        let sure = !self.believed || self.senses.believable(self.blind);
        let force = self.witness(&config.numbers).filter(|_| sure);
        let travel = self.senses.travel();
        let sent = self.told.get() * TICK.get();
        let numbers = &config.numbers;
        let cells = Some(self.senses.force().get());
        Self {
            slope: self.slope.seen(numbers, (force, travel), sent),
            felt: self
                .felt
                .seen(numbers, (cells, self.senses.motor(numbers)), sent),
            ..self
        }
    }

    /// N/m by which force is let out: as it was learnt, with the doubt of forces at which
    /// nothing was, and where a fall shows more than that, this counts.
    fn stiffness(&self, numbers: &Numbers) -> (f64, f64) {
        let witnesses = (self.believed || self.quarrel, !self.believed);
        let stretch = self.witness(numbers).map(|f| f.min(self.stretched.get()));
        let learnt = self.slope.at(numbers, stretch);
        (learnt, self.felt.or_stiffer(numbers, learnt, witnesses))
    }
}

/// Without torque nothing is latched here: the staff see what is not ready.
fn idle(state: State, found: Found) -> (State, Verdict) {
    let state = State {
        told: MetresPerSecond::ZERO,
        release: None,
        ..state
    };
    let still = Bound {
        value: 0.0,
        limit: Limit::Torque,
    };
    (state, found.verdict(still))
}

fn answer(
    config: &Config,
    state: State,
    input: &Input,
    watch: &Watch,
    demand: Demand,
    mut found: Found,
) -> (State, Verdict) {
    let unloads = found.action() >= Action::Unload || watch.state.stage == Stage::Unloading;
    let state = if unloads {
        unload(&config.numbers, state, &mut found)
    } else {
        State {
            stretched: watch.target,
            ..state
        }
    };
    let velocity = if found.action() >= Action::TorqueOff {
        Bound {
            value: demand.velocity.get().min(0.0),
            limit: Limit::Torque,
        }
    } else {
        limited(config, &state, watch, &found, demand)
    };
    let cap = watch.state.held.map(|_| {
        state
            .cap
            .unwrap_or(state.senses.force() + Newtons::of(TRACKING_N))
    });
    let state = State {
        told: MetresPerSecond::raw(velocity.value),
        felt: state.felt.told(&config.numbers, velocity.value),
        release: state.release.map(|release| release.after(input.passed())),
        cap,
        ..state
    };
    (state, found.verdict(velocity))
}

/// Latches, and begins the release if it has not begun; says when its time is over.
fn unload(numbers: &Numbers, state: State, found: &mut Found) -> State {
    let lost_unfelt = found.strongest == Some(Cause::ForceLost) && state.senses.motor_contradicts();
    let sees = state.senses.believable(state.blind) && !lost_unfelt && !found.quarrel;
    let believed = state.believed && sees;
    let release = state
        .release
        .unwrap_or(LettingGo::BEGUN)
        .hurried(found.over);
    found.add(Cause::ReleaseOver, release.is_over());
    State {
        latched: found
            .strongest
            .filter(|cause| cause.action() >= Action::Unload),
        slope: if believed == state.believed {
            state.slope
        } else {
            state.slope.by_another(state.senses.motor_share(numbers))
        },
        believed,
        quarrel: state.quarrel || found.quarrel,
        release: Some(release),
        ..state
    }
}
