//! Where a spine is now, and what saves computing time.

use super::{Column, ColumnError};
use crate::anatomy::JOINTS;
use crate::chain::{self, Space};
use crate::real::Real;
use crate::tissue::guarding::{GuardState, GuardStep};
use crate::tissue::segment::{Ahead, Gains, Kept, Memory};
use crate::world::{WorldGains, WorldState};
use si::Seconds;

/// One spine with its surroundings at one instant, or a lane of them.
#[derive(Clone, Debug)]
pub struct State<T> {
    pub(super) chain: chain::State<T>,
    pub(super) memory: [Memory<T>; JOINTS],
    /// What the last step did to each joint wherever it ended.
    pub(super) ahead: [Ahead<T>; JOINTS],
    pub(super) kept: [Kept<T>; JOINTS],
    /// What the joint through which the pull enters carried at the end of it, N.
    pub(super) carried: T,
    pub(super) world: WorldState<T>,
    pub(super) guard: GuardState<T>,
    /// Pull at the load cells, N.
    pub(super) applied: T,
    /// Its rate over the last step, N/s.
    pub(super) rate: T,
    /// Where the carriage stands, m.
    pub(super) travel: T,
    pub(super) elapsed: f64,
    pub(super) steps: u64,
    pub(super) iterations: u64,
}

impl<T: Real> State<T> {
    /// At rest: nothing pulls, nothing has crept.
    #[must_use]
    pub fn rest(column: &Column<T>) -> Self {
        let world = column.world.rest();
        let zero = world.harness.slipped.of(0.0);
        let memory = core::array::from_fn(|at| column.tissues[at].rest());
        let gains = column.tissues[0].prepare(1.0);
        let ahead = core::array::from_fn(|at| column.tissues[at].ahead(&memory[at], &gains, zero));
        Self {
            chain: chain::State::rest(zero),
            kept: core::array::from_fn(|at| {
                let tissue = &column.tissues[at];
                let loads = tissue.wrench::<Space>(&[zero; 6], &memory[at], &ahead[at]);
                loads.kept
            }),
            carried: zero,
            memory,
            ahead,
            world,
            guard: GuardState::rest(zero),
            applied: zero,
            rate: zero,
            travel: zero,
            elapsed: 0.0,
            steps: 0,
            iterations: 0,
        }
    }

    /// Time since rest, s.
    #[must_use]
    pub const fn elapsed(&self) -> f64 {
        self.elapsed
    }

    /// Steps since rest.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// Iterations since rest.
    #[must_use]
    pub const fn iterations(&self) -> u64 {
        self.iterations
    }

    /// Pull at the load cells, N.
    #[must_use]
    pub const fn applied(&self) -> T {
        self.applied
    }

    /// Where the carriage stands, m.
    #[must_use]
    pub const fn travel(&self) -> T {
        self.travel
    }

    /// Activation of guarding muscle, share of maximal voluntary force.
    #[must_use]
    pub const fn activation(&self) -> T {
        self.guard.activation
    }
}

/// The exponentials of one step length.
#[derive(Clone, Debug)]
pub(super) struct Prepared<T> {
    pub(super) dt: f64,
    /// Fluid runs at one pace in all discs of a person.
    pub(super) tissue: Gains<T>,
    pub(super) world: WorldGains<T>,
    pub(super) guard: GuardStep,
}

impl<T: Real> Prepared<T> {
    pub(super) fn new(column: &Column<T>, dt: f64) -> Result<Self, ColumnError> {
        Ok(Self {
            dt,
            tissue: column.tissues[0].prepare(dt),
            world: column.world.gains(Seconds::raw(dt))?,
            guard: GuardStep::prepare(dt),
        })
    }
}

/// What only saves time and space: it carries no state of the spine, but belongs
/// to the column that it was made for.
#[derive(Clone, Debug)]
pub struct Scratch<T> {
    pub(super) chain: Box<chain::Scratch<T>>,
    pub(super) prepared: Option<Box<Prepared<T>>>,
    pub(super) before: Option<Box<State<T>>>,
}

impl<T: Real> Scratch<T> {
    /// Nothing kept yet. All that a step needs is allocated here and at the first
    /// step.
    #[must_use]
    pub fn new(column: &Column<T>) -> Self {
        let zero = column.world.rest().harness.slipped.of(0.0);
        Self {
            chain: Box::new(chain::Scratch::new(zero)),
            prepared: None,
            before: Some(Box::new(State::rest(column))),
        }
    }
}
