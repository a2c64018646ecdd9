//! Follows the prescription: turns the force that is steered for into a velocity
//! of the carriage.
//!
//! The patient with harness and cord is a spring that creeps: dF/dt ≈ k·v − creep.
//! v = (Ḟ* + P·e + I)/k with e = F* − F, F* the rate-limited target, k the
//! identified stiffness, I the integral of Q·e. Upwards
//! P = 3/s; where force is more than the tracking band above its target P = 10/s,
//! so that a patient who guards is yielded to within 300 ms. The integral stands
//! still while the velocity is at its bound, the error is large or the cord is
//! slack, and is bounded: nothing winds up. Slack is taken up at a slow, fixed
//! speed. The higher of the cells is believed. Tuned for k from 1 to 60 N/mm and
//! a drive that answers within 50 ms; the tests drive a creeping spring with both.

use crate::MetresPerSecond;
use crate::input::{Input, Sample};
use crate::numbers::{LOST_MS, Numbers, TRACKING_N, TRACKING_SHARE};
use crate::release::Release;
use crate::stiffness::{Felt, MOST_LIE, Stiffness, Use};
use crate::ticks::TICK;
use si::{Newtons, NewtonsPerMetre, NewtonsPerSecond};

const RAISE_PER_S: f64 = 3.0;
const YIELD_PER_S: f64 = 10.0;
const INTEGRAL_PER_S2: f64 = 0.8;
const MOST_INTEGRAL: f64 = 10.0;
const INTEGRATED_ERROR: f64 = 15.0;
/// A motor that says more than this share of a cell's full scale, either way, says nothing.
const MOTOR_RANGE: f64 = 1.1;

/// What does not change during a session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// The region's numbers.
    pub numbers: Numbers,
    /// Fastest the carriage pulls.
    pub pull_speed: MetresPerSecond,
    /// Fastest rise of force.
    pub rate_up: NewtonsPerSecond,
}

/// What the controller is to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// Nothing: no torque.
    Off,
    /// Pull slowly until the harness is taut.
    TakeUp,
    /// Keep this force, which changes at this rate.
    Follow {
        /// The force.
        force: Newtons,
        /// Its rate.
        rate: NewtonsPerSecond,
    },
    /// Release after a stop.
    Release {
        /// How far it is.
        release: Release,
        /// Whether the cells can be believed.
        believed: bool,
    },
}

impl Target {
    const fn followed(self) -> Option<Newtons> {
        match self {
            Self::Follow { force, .. } => Some(force),
            _ => None,
        }
    }
}

/// What the controller remembers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    integral: f64,
    /// By which force is let go.
    stiffness: Stiffness,
    /// By which the profile is followed.
    following: Stiffness,
    /// What a fall of force says by itself.
    felt: Felt,
    /// What was last steered for: no force of the patient's own stretches harness and
    /// spine beyond it.
    goal: Newtons,
    /// Velocity asked for in the last tick, m/s.
    asked: f64,
}

impl State {
    /// Before the first tick.
    #[must_use]
    pub fn new(numbers: &Numbers) -> Self {
        Self {
            integral: 0.0,
            stiffness: Stiffness::new(numbers, Use::LettingGo),
            following: Stiffness::new(numbers, Use::Following),
            felt: Felt::NOTHING,
            goal: Newtons::ZERO,
            asked: 0.0,
        }
    }
}

/// What the controller wants; the guard may only lower it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    /// Velocity of the carriage.
    pub velocity: MetresPerSecond,
}

/// What a release goes by where the cells cannot be believed: the motor's force, and how
/// many times too low the cells read, by which the stiffness learnt from them is too soft.
fn by_motor(numbers: &Numbers, input: &Input, cells: Option<Newtons>) -> (Option<Newtons>, f64) {
    let motor = by_current(numbers, input);
    let lie = match (motor, cells.filter(|f| *f >= numbers.contact)) {
        (Some(motor), Some(cells)) => (motor.get() / cells.get()).clamp(1.0, MOST_LIE),
        _ => 1.0,
    };
    (motor, lie)
}

/// The force that a release goes by, and the stiffness.
fn let_go_by(
    numbers: &Numbers,
    state: &State,
    input: &Input,
    cells: Option<Newtons>,
    believed: bool,
) -> (Option<Newtons>, NewtonsPerMetre) {
    let (force, lie) = if believed {
        (cells, 1.0)
    } else {
        by_motor(numbers, input, cells)
    };
    let stretch = force.unwrap_or(Newtons::ZERO).min(state.goal * lie);
    (force, state.stiffness.at(numbers, stretch, lie))
}

/// What the motor's current says of the force, where that can be one.
fn by_current(numbers: &Numbers, input: &Input) -> Option<Newtons> {
    let most = numbers.full_scale * MOTOR_RANGE;
    usable(input.motor_force).filter(|force| force.abs() <= most)
}

fn usable(sample: Option<Sample>) -> Option<Newtons> {
    sample
        .filter(|s| s.value.is_finite() && u32::from(s.age_ms) <= LOST_MS)
        .map(|s| Newtons::raw(s.value))
}

/// The higher of the cells that gave a usable sample.
#[must_use]
pub fn believed(input: &Input) -> Option<Newtons> {
    match (usable(input.force_a), usable(input.force_b)) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    }
}

/// One tick.
#[must_use]
pub fn step(config: &Config, state: State, input: &Input, target: Target) -> (State, Demand) {
    let numbers = &config.numbers;
    let force = believed(input);
    let travel = input.travel.map(|s| s.value).filter(|x| x.is_finite());
    let lies = matches!(
        target,
        Target::Release {
            believed: false,
            ..
        }
    );
    let told = force.map(Newtons::get).filter(|_| !lies);
    let (read, moved) = ((told, travel), state.asked * TICK.get());
    let stiffness = state.stiffness.seen(numbers, read, moved);
    let following = state.following.seen(numbers, read, moved);
    let witness = if lies {
        by_current(numbers, input)
    } else {
        force
    };
    let felt = state.felt.seen(numbers, witness.map(Newtons::get), moved);
    let felt = felt.told(numbers, state.asked);
    let state = State {
        stiffness,
        following,
        felt,
        goal: target.followed().unwrap_or(state.goal),
        ..state
    };
    let (integral, velocity) = match (target, force) {
        (Target::Release { release, believed }, force) => {
            let (force, k) = let_go_by(numbers, &state, input, force, believed);
            let k = match force {
                Some(force) if release.is_late(numbers, force) => k,
                _ => felt.or_stiffer(numbers, k),
            };
            let v = release.velocity(numbers, force, k);
            (0.0, v.get())
        }
        (Target::Off, _) | (_, None) => (0.0, 0.0),
        (Target::TakeUp, Some(force)) => (0.0, take_up(numbers, force)),
        (Target::Follow { force: goal, rate }, Some(force)) => {
            if force < numbers.contact && goal >= numbers.contact {
                (0.0, take_up(numbers, force))
            } else {
                follow(config, &state, goal, rate, force)
            }
        }
    };
    let velocity = velocity.min(config.pull_speed.get());
    let demand = Demand {
        velocity: MetresPerSecond::raw(velocity),
    };
    let asked = velocity;
    (
        State {
            integral,
            asked,
            ..state
        },
        demand,
    )
}

/// Slack is taken up at a fixed speed, slower as the cord comes taut.
fn take_up(numbers: &Numbers, force: Newtons) -> f64 {
    let left = 1.0 - force.get().max(0.0) / numbers.contact.get();
    numbers.take_up * left.max(0.3)
}

/// Beyond this force has left what was asked for.
fn band(goal: Newtons) -> Newtons {
    Newtons::raw(TRACKING_N.max(TRACKING_SHARE * goal.get()))
}

fn follow(
    config: &Config,
    state: &State,
    goal: Newtons,
    rate: NewtonsPerSecond,
    force: Newtons,
) -> (f64, f64) {
    let numbers = &config.numbers;
    if goal < numbers.contact && force < numbers.contact {
        return (0.0, 0.0);
    }
    let error = (goal - force).get();
    let gain = if force > goal + band(goal) {
        YIELD_PER_S
    } else {
        RAISE_PER_S
    };
    let wanted = rate.get() + gain * error + state.integral;
    let asked = wanted
        .min(config.rate_up.get())
        .max(-numbers.release_most.get());
    let following = state.following.get();
    // What is yielded to may be a cell that stands, which makes the quick one soft; it is no
    // stretch of the patient that would make him stiffer than he is at the goal.
    let learnt = if gain > RAISE_PER_S {
        following.max(state.stiffness.at(numbers, goal, 1.0))
    } else {
        following
    };
    let k = if asked < 0.0 {
        state.felt.or_stiffer(numbers, learnt).get()
    } else {
        following.get()
    };
    let free = asked.to_bits() == wanted.to_bits()
        && error.abs() < INTEGRATED_ERROR
        && asked / k < config.pull_speed.get();
    let grown = state.integral + INTEGRAL_PER_S2 * error * TICK.get();
    let integral = if free {
        grown.clamp(-MOST_INTEGRAL, MOST_INTEGRAL)
    } else {
        state.integral
    };
    (integral, asked / k)
}
