//! Time goes on: by a given pull, or by a carriage that moves.
//!
//! Within a step the chain is solved for equilibrium (or motion) with the joints'
//! fluid, the couch's friction and the harness inside the iteration; guarding
//! answers what was felt at the start of the step.

use super::state::Prepared;
use super::{Column, ColumnError, Scratch, State};
use crate::anatomy::{BODIES, JOINTS};
use crate::chain::{self, Joints, Outside, Pose, Six};
use crate::real::{LANES, Real};
use crate::tissue::guarding::Stimulus;
use crate::tissue::segment::{Gains, Loads, Memory, Segment as Tissue};
use crate::tissue::{PACKED, packed};
use crate::world::{Carriage, Grip, Load, World, WorldGains, WorldState};
use si::{Newtons, Radians, Seconds, Segment};

/// Longest and shortest step, s.
const RANGE: (f64, f64) = (1e-6, 3600.0);

/// What drives a step.
#[derive(Clone, Copy, Debug)]
pub(super) enum Drive<T> {
    /// The load cells read this at its end, N.
    Force(T),
    /// The carriage stands here at its end, m.
    Travel(T),
}

/// Lets `dt` pass with the pull going straight from where it was to `load`.
///
/// # Errors
/// A load or step length outside the model's range, a number that is not finite,
/// no equilibrium; the state is then as it was.
pub fn step(
    column: &Column<f64>,
    state: &mut State<f64>,
    scratch: &mut Scratch<f64>,
    load: Load,
    dt: Seconds,
) -> Result<(), ColumnError> {
    let range = super::model::stated_range(column.region);
    let force = ColumnError::check("pull.tension", load.tension.get(), range, "N")?;
    single(
        column,
        state,
        scratch,
        (Drive::Force(force), load.angle),
        dt,
    )
}

/// Lets `dt` pass while the carriage goes to where it is told; gives the force
/// that the load cells then see. A slack harness gives zero.
///
/// # Errors
/// As [`step()`].
pub fn impose(
    column: &Column<f64>,
    state: &mut State<f64>,
    scratch: &mut Scratch<f64>,
    carriage: Carriage,
    dt: Seconds,
) -> Result<Newtons, ColumnError> {
    let travel = ColumnError::check("carriage.travel", carriage.travel.get(), (-1.0, 1.0), "m")?;
    let drive = (Drive::Travel(travel), carriage.angle);
    single(column, state, scratch, drive, dt)?;
    Ok(Newtons::raw(state.applied))
}

fn single(
    column: &Column<f64>,
    state: &mut State<f64>,
    scratch: &mut Scratch<f64>,
    (drive, angle): (Drive<f64>, Radians),
    dt: Seconds,
) -> Result<(), ColumnError> {
    let dt = ColumnError::check("dt", dt.get(), RANGE, "s")?;
    let grip = column.world.grip(angle)?;
    let kept = scratch
        .prepared
        .take()
        .filter(|kept| kept.dt.to_bits() == dt.to_bits());
    let prepared = match kept {
        Some(kept) => kept,
        None => Box::new(Prepared::new(column, dt)?),
    };
    let mut before = scratch
        .before
        .take()
        .unwrap_or_else(|| Box::new(state.clone()));
    (*before).clone_from(state);
    let end = advance(
        column,
        state,
        &mut scratch.chain,
        (&prepared, &grip),
        (drive, false),
    );
    let fault = fault(column, state, end, 1);
    if fault.is_some() {
        state.clone_from(&*before);
    }
    scratch.prepared = Some(prepared);
    scratch.before = Some(before);
    fault.map_or(Ok(()), Err)
}

/// What went wrong, if a spine did not settle: where, in the first of `members`.
pub(super) fn fault<T: Real>(
    column: &Column<T>,
    state: &State<T>,
    unsettled: T,
    members: usize,
) -> Option<ColumnError> {
    let mut flags = [0.0; LANES];
    unsettled.spread(&mut flags);
    let member = flags[..members.min(LANES)]
        .iter()
        .position(|flag| *flag > 0.5)?;
    let step = state.steps;
    // A law that gives no number at rest is at fault; what it spoils is not.
    for (at, loads) in State::rest(column).loads.iter().enumerate() {
        let broken = |x: &T| {
            let mut all = [0.0; LANES];
            x.spread(&mut all);
            !all[member].is_finite()
        };
        if loads.wrench.iter().any(broken) {
            let segment = Segment::ALL.get(at).copied();
            return Some(ColumnError::NotFinite { segment, step });
        }
    }
    for at in 0..JOINTS {
        for x in state.chain.deformation(&column.chain, at) {
            let mut all = [0.0; LANES];
            x.spread(&mut all);
            if !all[member].is_finite() {
                let segment = Segment::ALL.get(at).copied();
                return Some(ColumnError::NotFinite { segment, step });
            }
        }
    }
    Some(ColumnError::NotSettled { step })
}

/// One step of one spine or a lane of them; gives 1 where no equilibrium was found.
#[inline(always)]
pub(super) fn advance<T: Real>(
    column: &Column<T>,
    state: &mut State<T>,
    scratch: &mut chain::Scratch<T>,
    (prepared, grip): (&Prepared<T>, &Grip<T>),
    (drive, anew): (Drive<T>, bool),
) -> T {
    let dt = prepared.dt;
    let zero = state.applied.of(0.0);
    let felt = column.entrance();
    if let Drive::Force(force) = drive {
        state.rate = (force - state.applied) * (1.0 / dt);
    }
    let stimulus = Stimulus {
        rate: state.rate,
        stretch: state.loads[felt].wrench[2].max(zero),
        pain: column.comfort.pain,
        effort: column.comfort.effort,
    };
    column
        .guarding
        .advance(&prepared.guard, &stimulus, &mut state.guard);
    let mut guard = [zero; JOINTS];
    for (at, force) in guard.iter_mut().enumerate() {
        *force = column.guarding.force(&state.guard, at);
    }
    let mut joints = Laws {
        tissues: &column.tissues,
        memory: &state.memory,
        gains: &prepared.tissue,
        guard: &guard,
        loads: &mut state.loads,
        active: zero + 1.0,
    };
    let mut outside = Around {
        world: &column.world,
        state: &state.world,
        gains: &prepared.world,
        grip,
        drive,
        tension: state.applied,
        lift: grip.lift * state.applied,
        stiffness: zero,
    };
    let parts = (&mut joints, &mut outside);
    let end = chain::step(&column.chain, &mut state.chain, scratch, parts, (dt, anew));
    let (tension, lift) = (outside.tension, outside.lift);
    state.iterations += end.iterations as u64;
    commit(column, state, scratch, (prepared, grip), (tension, lift));
    end.unsettled
}

/// Ends the step: what flows, slides and slips is where it came to.
#[inline(always)]
fn commit<T: Real>(
    column: &Column<T>,
    state: &mut State<T>,
    scratch: &chain::Scratch<T>,
    (prepared, grip): (&Prepared<T>, &Grip<T>),
    (tension, lift): (T, T),
) {
    let dt = prepared.dt;
    for at in 0..JOINTS {
        let d = scratch.balanced(at);
        let loads = &state.loads[at];
        column.tissues[at].commit(d, loads, &mut state.memory[at], &prepared.tissue);
    }
    let pulled = column.world.pulled();
    let pose = &state.chain.pose[pulled];
    let along = grip.along(pose.shift, turning(pose));
    state.travel = column
        .world
        .travel(&state.world, &prepared.world, tension, along);
    let mut shifts = [pose.shift; BODIES];
    for (shift, pose) in shifts.iter_mut().zip(&state.chain.pose) {
        *shift = pose.shift;
    }
    column
        .world
        .commit(&mut state.world, &prepared.world, &shifts, tension, lift);
    state.rate = (tension - state.applied) * (1.0 / dt);
    state.applied = tension;
    state.elapsed += dt;
    state.steps += 1;
}

/// 2 vec(q): the rotation vector of a moderate turn.
#[inline(always)]
fn turning<T: Real>(pose: &Pose<T>) -> [T; 3] {
    [pose.turn[1] * 2.0, pose.turn[2] * 2.0, pose.turn[3] * 2.0]
}

/// The joints of a step.
struct Laws<'a, T> {
    tissues: &'a [Tissue<T>; JOINTS],
    memory: &'a [Memory<T>; JOINTS],
    gains: &'a Gains<T>,
    guard: &'a [T; JOINTS],
    loads: &'a mut [Loads<T>; JOINTS],
    /// 1 for a spine that still moves, 0 for one that has settled.
    active: T,
}

impl<T: Real> Joints<T> for Laws<'_, T> {
    #[inline(always)]
    fn moving(&mut self, active: T) {
        self.active = active;
    }

    #[inline(always)]
    fn wrench(&mut self, at: usize, d: &[T; 6]) -> [T; 6] {
        let guard = self.guard[at];
        let loads = self.tissues[at].wrench(d, &self.memory[at], self.gains, guard);
        let wrench = loads.wrench;
        let moving = self.active.of(0.5).less(self.active);
        self.loads[at] = loads.or(moving, &self.loads[at]);
        wrench
    }

    #[inline(always)]
    fn tangent(&mut self, at: usize, d: &[T; 6]) -> [T; PACKED] {
        self.tissues[at].tangent(d, &self.loads[at], &self.memory[at], self.gains)
    }
}

/// The surroundings of a step.
struct Around<'a, T> {
    world: &'a World<T>,
    state: &'a WorldState<T>,
    gains: &'a WorldGains<T>,
    grip: &'a Grip<T>,
    drive: Drive<T>,
    tension: T,
    lift: T,
    /// How fast the tension falls as the pulled point gives way, N/m.
    stiffness: T,
}

impl<T: Real> Outside<T> for Around<'_, T> {
    #[inline(always)]
    fn load(&mut self, at: usize, pose: &Pose<T>) -> Six<T> {
        let zero = self.tension.of(0.0);
        let mut six = [zero; 6];
        if at == self.world.pulled() {
            match self.drive {
                Drive::Force(force) => self.tension = force,
                Drive::Travel(travel) => {
                    let along = self.grip.along(pose.shift, turning(pose));
                    let pull = self.world.tension(self.state, self.gains, travel, along);
                    self.tension = pull.force;
                    self.stiffness = pull.stiffness;
                }
            }
            let pulled = self.grip.pull(self.tension);
            self.lift = pulled.lift;
            six[..3].copy_from_slice(&pulled.force);
            six[3..].copy_from_slice(&pulled.moment);
        }
        let reaction = self.world.body(at, pose.shift, self.state, self.lift);
        let turned = self.world.turned(at, turning(pose));
        for i in 0..3 {
            six[i] += reaction.force[i];
            six[i + 3] += turned.moment[i];
        }
        six
    }

    #[inline(always)]
    fn stiffen(&mut self, at: usize, pose: &Pose<T>, into: &mut [T; PACKED]) {
        let reaction = self.world.body(at, pose.shift, self.state, self.lift);
        let turned = self.world.turned(at, turning(pose));
        for i in 0..3 {
            into[packed(i, i)] += reaction.stiffness[i];
            into[packed(i + 3, i + 3)] += turned.stiffness[i];
        }
        if at == self.world.pulled() {
            let [dx, dy, dz] = self.grip.direction;
            let [mx, my, mz] = self.grip.moment;
            let g = [dx, dy, dz, mx, my, mz];
            for i in 0..6 {
                let scaled = g[i] * self.stiffness;
                for j in 0..=i {
                    into[packed(i, j)] += scaled * g[j];
                }
            }
        }
    }
}
