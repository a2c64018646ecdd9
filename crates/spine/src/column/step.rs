//! Time goes on: by a given pull, or by a carriage that moves.
//!
//! Within a step the chain is solved for equilibrium (or motion) with the joints'
//! fluid, the couch's friction and the harness inside the iteration; guarding
//! answers what is felt at its end where the pull is given, at its start elsewhere.

use super::state::Prepared;
use super::{Column, ColumnError, Scratch, State};
use crate::anatomy::{BODIES, JOINTS};
use crate::chain::{self, Course, Freedom, Joints, Outside, Plane, Pose, Six, Space};
use crate::real::{LANES, Real};
use crate::tissue::guarding::Stimulus;
use crate::tissue::segment::{Ahead, Kept, Memory, Segment as Tissue};
use crate::tissue::{PACKED, packed};
use crate::world::{Carriage, Grip, Load, World, WorldGains, WorldState};
use core::marker::PhantomData;
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
        (drive, Course::Goes),
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
    let rest = State::rest(column);
    for (at, tissue) in column.tissues.iter().enumerate() {
        let (memory, ahead) = (&rest.memory[at], &rest.ahead[at]);
        let loads = tissue.wrench::<Space>(&memory.d, memory, ahead);
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

/// One step of one spine or a lane of them, in its median plane where it stays there;
/// gives 1 where no equilibrium was found.
#[inline(always)]
pub(super) fn advance<T: Real>(
    column: &Column<T>,
    state: &mut State<T>,
    scratch: &mut chain::Scratch<T>,
    by: (&Prepared<T>, &Grip<T>),
    drive: (Drive<T>, Course),
) -> T {
    if column.plane {
        within::<T, Plane>(column, state, scratch, by, drive)
    } else {
        within::<T, Space>(column, state, scratch, by, drive)
    }
}

#[inline(always)]
fn within<T: Real, F: Freedom>(
    column: &Column<T>,
    state: &mut State<T>,
    scratch: &mut chain::Scratch<T>,
    (prepared, grip): (&Prepared<T>, &Grip<T>),
    (drive, course): (Drive<T>, Course),
) -> T {
    let dt = prepared.dt;
    let zero = state.applied.of(0.0);
    if let Drive::Force(force) = drive {
        state.rate = (force - state.applied) * (1.0 / dt);
    }
    let stimulus = Stimulus {
        rate: state.rate,
        stretch: arriving(column, state, drive),
        pain: column.comfort.pain,
        effort: column.comfort.effort,
    };
    column
        .guarding
        .advance(&prepared.guard, &stimulus, &mut state.guard);
    for (at, ahead) in state.ahead.iter_mut().enumerate() {
        let guard = column.guarding.force(&state.guard, at);
        *ahead = column.tissues[at].ahead(&state.memory[at], &prepared.tissue, guard);
    }
    let mut joints = Laws::<T, F> {
        tissues: &column.tissues,
        memory: &state.memory,
        ahead: &state.ahead,
        kept: &mut state.kept,
        carried: &mut state.carried,
        entrance: column.entrance(),
        active: zero + 1.0,
        freedom: PhantomData,
    };
    let mut outside = Around::<T, F> {
        world: &column.world,
        state: &state.world,
        gains: &prepared.world,
        grip,
        drive,
        tension: state.applied,
        lift: grip.lift * state.applied,
        stiffness: zero,
        freedom: PhantomData,
    };
    let parts = (&mut joints, &mut outside);
    let end = chain::step::<T, F>(
        &column.chain,
        &mut state.chain,
        scratch,
        parts,
        (dt, course),
    );
    let (tension, lift) = (outside.tension, outside.lift);
    state.iterations += end.iterations as u64;
    commit::<T, F>(column, state, scratch, (prepared, grip), (tension, lift));
    end.unsettled
}

/// Tension that guarding answers at the start and the end of the step, N: what the first
/// joint carries, and what it will carry under a pull that is given, but no more than what
/// pulls. On a couch that holds the bodies apart muscle stretches what it draws at; a
/// strong reflex that answered this too would answer itself and never let go.
#[inline(always)]
fn arriving<T: Real>(column: &Column<T>, state: &State<T>, drive: Drive<T>) -> [T; 2] {
    let (zero, draws) = (state.applied.of(0.0), column.world.drawing());
    let pulls = state.applied + draws;
    let now = state.carried.min(pulls).max(zero);
    let Drive::Force(force) = drive else {
        return [now; 2];
    };
    // The share that arrives now arrives then; of nothing no share is known: all of it.
    let (all, then) = (now + (force - state.applied), force + draws);
    let share = now * then / pulls.max(zero + 1.0);
    let end = T::select((zero + 1.0).less(pulls), share, all);
    [now, end.min(then).max(zero)]
}

/// Ends the step: what flows, slides and slips is where it came to.
#[inline(always)]
fn commit<T: Real, F: Freedom>(
    column: &Column<T>,
    state: &mut State<T>,
    scratch: &mut chain::Scratch<T>,
    (prepared, grip): (&Prepared<T>, &Grip<T>),
    (tension, lift): (T, T),
) {
    let dt = prepared.dt;
    chain::end::<T, F>(&column.chain, &state.chain, scratch);
    for at in 0..JOINTS {
        let (asked, d) = scratch.balanced(at);
        let asked = (asked, &state.kept[at]);
        column.tissues[at].commit::<F>(d, asked, &state.ahead[at], &mut state.memory[at]);
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
struct Laws<'a, T, F> {
    tissues: &'a [Tissue<T>; JOINTS],
    memory: &'a [Memory<T>; JOINTS],
    ahead: &'a [Ahead<T>; JOINTS],
    kept: &'a mut [Kept<T>; JOINTS],
    /// What the joint at the `entrance` carries, N.
    carried: &'a mut T,
    entrance: usize,
    /// 1 for a spine that still moves, 0 for one that has settled.
    active: T,
    freedom: PhantomData<F>,
}

impl<T: Real, F: Freedom> Joints<T> for Laws<'_, T, F> {
    #[inline(always)]
    fn moving(&mut self, active: T) {
        self.active = active;
    }

    #[inline(always)]
    fn wrench(&mut self, at: usize, d: &[T; 6]) -> [T; 6] {
        let loads = self.tissues[at].wrench::<F>(d, &self.memory[at], &self.ahead[at]);
        let moving = self.active.of(0.5).less(self.active);
        self.kept[at].take::<F>(moving, &loads.kept);
        if at == self.entrance {
            *self.carried = T::select(moving, loads.wrench[2], *self.carried);
        }
        loads.wrench
    }

    #[inline(always)]
    fn tangent(&mut self, at: usize, d: &[T; 6]) -> [T; PACKED] {
        self.tissues[at].tangent::<F>(d, &self.kept[at], &self.ahead[at])
    }
}

/// The surroundings of a step.
struct Around<'a, T, F> {
    world: &'a World<T>,
    state: &'a WorldState<T>,
    gains: &'a WorldGains<T>,
    grip: &'a Grip<T>,
    drive: Drive<T>,
    tension: T,
    lift: T,
    /// How fast the tension falls as the pulled point gives way, N/m.
    stiffness: T,
    freedom: PhantomData<F>,
}

impl<T: Real, F: Freedom> Outside<T> for Around<'_, T, F> {
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
            for &i in F::AXES {
                let scaled = g[i] * self.stiffness;
                for &j in F::AXES.iter().filter(|j| **j <= i) {
                    into[packed(i, j)] += scaled * g[j];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anatomy::{Coronal, Measured, Posture};
    use crate::column::{Comfort, Setting, Subject};
    use crate::lumped::Patient;
    use crate::unknown::Belief;
    use crate::world::{Position, Support};
    use si::{Kilograms, Metres, Region, Side};

    /// Member `number` of the prior on an unsplit couch.
    fn column(region: Region, position: Position, number: u32, measured: &Measured) -> Column<f64> {
        let patient = Patient {
            sex: None,
            age_years: 51.0,
            height: None,
            mass: Kilograms::of(74.0),
        };
        let posture = Posture::neutral(position);
        let subject = Subject::new(&patient, &posture, measured).unwrap();
        let support = Support {
            position,
            ..Support::level(false)
        };
        let setting = Setting {
            region,
            support,
            comfort: Comfort {
                pain: 3.0,
                effort: 0.1,
            },
        };
        Column::new(&subject, &setting, &Belief::prior(region).member(number)).unwrap()
    }

    /// Pulls at an angle, holds, lets go; then a carriage does the same.
    fn session(column: &Column<f64>, highest: f64) -> State<f64> {
        let (mut state, mut scratch) = (State::rest(column), Scratch::new(column));
        let angle = Radians::from_degrees(12.0).unwrap();
        for (part, dt) in [(0.3, 0.01), (1.0, 2.0), (1.0, 30.0), (0.2, 5.0)] {
            for _ in 0..5 {
                let tension = Newtons::of(part * highest);
                let load = Load { tension, angle };
                step(column, &mut state, &mut scratch, load, Seconds::of(dt)).unwrap();
            }
        }
        for tick in 0..50 {
            let travel = Metres::of(state.travel + 2e-4 * f64::from(tick % 7));
            let carriage = Carriage { travel, angle };
            impose(
                column,
                &mut state,
                &mut scratch,
                carriage,
                Seconds::of(0.01),
            )
            .unwrap();
        }
        state
    }

    #[test]
    fn a_symmetric_spine_does_in_its_plane_what_it_does_in_space() {
        for (region, highest) in [(Region::Lumbar, 400.0), (Region::Cervical, 90.0)] {
            for (number, position) in [(0, Position::Supine), (7, Position::Prone)] {
                let mut column = column(region, position, number, &Measured::default());
                column.chain.tolerance = 1e-11;
                assert!(column.plane);
                let plane = session(&column, highest);
                column.plane = false;
                let space = session(&column, highest);
                for at in 0..BODIES {
                    let (one, other) = (&plane.chain.pose[at], &space.chain.pose[at]);
                    for axis in 0..3 {
                        let apart = (one.shift[axis] - other.shift[axis]).abs();
                        assert!(apart < 1e-9, "{region} body {at}: {apart} m");
                    }
                    for (one, other) in one.turn.iter().zip(other.turn) {
                        assert!((one - other).abs() < 1e-8, "{region} body {at}");
                    }
                    let left = [other.shift[1], other.turn[1], other.turn[3]];
                    assert!(left.iter().all(|x| x.abs() <= 0.0), "{left:?}");
                }
                assert!((plane.applied - space.applied).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn a_curve_to_the_side_leaves_the_plane() {
        let side = Coronal {
            cobb: Radians::from_degrees(12.0).unwrap(),
            apex: Segment::L2L3,
            side: Side::Left,
        };
        let measured = Measured {
            coronal: Some(side),
            ..Measured::default()
        };
        let mut column = column(Region::Lumbar, Position::Supine, 0, &measured);
        assert!(!column.plane);
        let space = session(&column, 300.0);
        assert!(space.chain.pose[22].shift[1].abs() > 1e-5);
        // The plane would not see it: the test above can fail.
        column.plane = true;
        assert!(session(&column, 300.0).chain.pose[22].shift[1].abs() <= 0.0);
    }
}
