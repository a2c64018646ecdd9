//! Many spines under one pull: batches side by side, members in a fixed order.
//!
//! A batch is as many members as the kernel has lanes. Batches share nothing, so
//! they may run on any number of threads and in any order: the caller hands out
//! ranges ([`Ensemble::run`]) and joins the parts. Memory is that of one batch
//! and of what is kept of it.

use super::moves::{Moves, Start};
use super::reading::{Row, read, width};
use super::state::Prepared;
use super::step::{Drive, advance, fault};
use super::{Column, ColumnError, Grid, Kernel, Overall, Setting, State, Subject};
use crate::chain;
use crate::real::{LANES, Lane, Real};
use crate::unknown::{COUNT, Draw, Unknown};
use crate::world::Load;
use core::ops::Range;
use pulp::{Simd, WithSimd};
use si::Radians;

/// A step of a member has settled when no body would move further than this, m. The last
/// move is made, and the discs' forces follow it along their slopes: elongations are then
/// within 0.06 mm, their percentiles within 0.01 mm, of those of steps settled to 10 nm.
const TOLERANCE: f64 = 3e-5;

/// An ensemble to be run: the same person, couch and pull for every member.
#[derive(Clone, Debug)]
pub struct Ensemble {
    subject: Subject,
    setting: Setting,
    grid: Grid,
    angle: Radians,
    kernel: Kernel,
    tolerance: f64,
    reads: Reads,
    moves: Moves,
}

/// So many members are drawn and put together at a time; more would be more memory.
const TOGETHER: usize = 256;

/// What is read at a told instant.
#[derive(Clone, Copy, Debug)]
enum Reads {
    /// The whole row.
    Row,
    /// Only the elongation.
    Elongation,
}

/// What a range of members gave: a row of readings for each told instant and member.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The members.
    pub members: Range<usize>,
    pub(super) batches: Vec<Told>,
}

/// What one batch gave, as it came: instant by instant, in them place by place, in them
/// member by member.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    pub(super) members: Vec<usize>,
    /// Seven digits, of which few mean something: half the memory to be filled.
    pub(super) values: Vec<f32>,
}

impl Ensemble {
    /// An ensemble on the widest kernel of this processor.
    ///
    /// # Errors
    /// An angle outside the model's range.
    pub fn new(
        subject: &Subject,
        setting: &Setting,
        grid: Grid,
        angle: Radians,
    ) -> Result<Self, ColumnError> {
        Load::check_angle(angle)?;
        let moves = Moves::through(&grid);
        Ok(Self {
            subject: subject.clone(),
            setting: *setting,
            grid,
            angle,
            kernel: Kernel::best(),
            tolerance: TOLERANCE,
            reads: Reads::Row,
            moves,
        })
    }

    /// The same ensemble on a kernel asked for by name; the bits are the same.
    #[must_use]
    pub fn on(self, kernel: Kernel) -> Self {
        Self { kernel, ..self }
    }

    /// The grid it steps through.
    #[must_use]
    pub const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The angle of the pull.
    pub(super) const fn angle(&self) -> Radians {
        self.angle
    }

    /// Numbers in a row of readings.
    #[must_use]
    pub fn width(&self) -> usize {
        width(self.setting.region)
    }

    /// Runs the members in `range`; `draw` gives the numbers of each.
    ///
    /// # Errors
    /// A drawn number outside the model's ranges, or a spine that found no equilibrium.
    pub fn run(
        &self,
        range: Range<usize>,
        draw: impl Fn(usize) -> Draw<f64>,
    ) -> Result<Part, ColumnError> {
        let numbers = self.grid.told().count() * self.width();
        let mut batches: Vec<Told> = Vec::new();
        self.batches(range.clone(), draw, |told, row, members| {
            if told == 0 {
                let values = Vec::with_capacity(numbers * members.len());
                batches.push(Told {
                    members: members.to_vec(),
                    values,
                });
            }
            if let Some(batch) = batches.last_mut() {
                let kept = |value: &f64| *value as f32;
                if members.len() == LANES {
                    batch.values.extend(row.as_flattened().iter().map(kept));
                } else {
                    let shorter = row.iter().flat_map(|read| &read[..members.len()]);
                    batch.values.extend(shorter.map(kept));
                }
            }
        })?;
        Ok(Part {
            members: range,
            batches,
        })
    }

    /// Runs the members in `range` and tells every reading as it comes: told
    /// instant, place in the row, member, value. Keeps no more than one batch.
    ///
    /// # Errors
    /// As [`Ensemble::run`].
    pub fn each(
        &self,
        range: Range<usize>,
        draw: impl Fn(usize) -> Draw<f64>,
        mut tell: impl FnMut(usize, usize, usize, f64),
    ) -> Result<(), ColumnError> {
        self.batches(range, draw, |told, row, members| {
            for (place, read) in row.iter().enumerate() {
                for (member, value) in members.iter().zip(read) {
                    tell(told, place, *member, *value);
                }
            }
        })
    }

    /// The elongations, m, at the end of each step of at most a lane of members, as one
    /// step and in halves from the same start, from which they go on.
    pub(super) fn judged(
        &self,
        members: usize,
        draw: impl Fn(usize) -> Draw<f64>,
    ) -> Result<Vec<[[f64; LANES]; 2]>, ColumnError> {
        let judging = Self {
            moves: Moves::judging(&self.grid),
            reads: Reads::Elongation,
            ..self.clone()
        };
        let mut told: Vec<[[f64; LANES]; 2]> = vec![[[0.0; LANES]; 2]; self.grid.steps()];
        let first = usize::from(self.grid.knots[0].told);
        judging.batches(0..members.min(LANES), draw, |at, row, batch| {
            let Some(at) = at.checked_sub(first) else {
                return;
            };
            let read = &row[Overall::Elongation as usize];
            for (member, value) in batch.iter().zip(read) {
                told[at / 2][at % 2][*member] = *value;
            }
        })?;
        Ok(told)
    }

    /// As [`Ensemble::each`], a row of a batch at a time, with its members. A lane waits for
    /// its slowest, and who guards strongly is slow: members are batched with their like.
    fn batches(
        &self,
        range: Range<usize>,
        draw: impl Fn(usize) -> Draw<f64>,
        mut tell: impl FnMut(usize, &Row, &[usize]),
    ) -> Result<(), ColumnError> {
        for first in range.clone().step_by(TOGETHER) {
            let group = first..(first + TOGETHER).min(range.end);
            let mut group: Vec<(usize, Draw<f64>)> = group.map(|m| (m, draw(m))).collect();
            let guards = |member: &(usize, Draw<f64>)| member.1[Unknown::Guarding];
            group.sort_by(|one, other| guards(one).total_cmp(&guards(other)));
            let mut rest = &group[..];
            while !rest.is_empty() {
                let kernel = self.kernel.for_rest(rest.len());
                let (batch, later) = rest.split_at(kernel.lanes().min(rest.len()));
                let (members, draws): (Vec<usize>, Vec<Draw<f64>>) = batch.iter().copied().unzip();
                let mut batch = |told: usize, row: &Row| tell(told, row, &members);
                self.batch(kernel, &draws, &mut batch)?;
                rest = later;
            }
        }
        Ok(())
    }

    /// One batch. Not generic: the kernels are compiled here once, and not again in
    /// every crate that runs an ensemble.
    #[inline(never)]
    fn batch(
        &self,
        kernel: Kernel,
        draws: &[Draw<f64>],
        tell: Tell<'_>,
    ) -> Result<(), ColumnError> {
        kernel.run(Batch {
            ensemble: self,
            draws,
            tell,
        })
    }
}

/// Told instant and its readings.
type Tell<'a> = &'a mut dyn FnMut(usize, &Row);

/// One batch on whatever kernel runs it.
struct Batch<'a> {
    ensemble: &'a Ensemble,
    draws: &'a [Draw<f64>],
    tell: Tell<'a>,
}

impl WithSimd for Batch<'_> {
    type Output = Result<(), ColumnError>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let mut draw = Draw([Lane::splat(simd, 0.0); COUNT]);
        for (unknown, slot) in draw.0.iter_mut().enumerate() {
            let mut all = [0.0; LANES];
            for (value, member) in all.iter_mut().zip(self.draws) {
                *value = member.0[unknown];
            }
            *slot = Lane::gather(simd, &all[..self.draws.len()]);
        }
        march(self.ensemble, &draw, self.draws.len(), self.tell)
    }
}

/// Takes one lane of spines through the grid.
#[inline(always)]
fn march<T: Real>(
    ensemble: &Ensemble,
    draw: &Draw<T>,
    members: usize,
    tell: Tell<'_>,
) -> Result<(), ColumnError> {
    let mut column = Column::new(&ensemble.subject, &ensemble.setting, draw)?;
    column.chain.tolerance = ensemble.tolerance;
    let grip = column.world.grip(ensemble.angle)?;
    let prepare = |dt: &f64| Prepared::new(&column, *dt);
    let lengths = ensemble.moves.lengths.iter().map(prepare);
    let prepared: Vec<_> = lengths.collect::<Result<_, _>>()?;
    let zero = grip.lift.of(0.0);
    let mut scratch = Box::new(chain::Scratch::new(zero));
    let mut state = Box::new(State::rest(&column));
    let mut mark = state.clone();
    let mut row = vec![[0.0; LANES]; width(ensemble.setting.region)];
    let mut told = 0;
    for next in &ensemble.moves.list {
        match next.start {
            Start::Here => {}
            Start::Mark => mark.clone_from(&state),
            Start::Back => core::mem::swap(&mut mark, &mut state),
        }
        if let Some(length) = next.length {
            let drive = (Drive::Force(zero + next.tension), next.course);
            let by = (&prepared[length], &grip);
            let end = advance(&column, &mut state, &mut scratch, by, drive);
            if let Some(error) = fault(&column, &state, end, members) {
                return Err(error);
            }
        }
        if next.told {
            match ensemble.reads {
                Reads::Row => read(&column, &state, &mut row),
                Reads::Elongation => {
                    let elongation = state.elongation(&column);
                    elongation.spread(&mut row[Overall::Elongation as usize]);
                }
            }
            tell(told, &row);
            told += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anatomy::{Measured, Posture};
    use crate::column::{Comfort, Instants, stated_range};
    use crate::lumped::Patient;
    use crate::unknown::Belief;
    use crate::world::{Position, Pull, Support};
    use si::{Kilograms, Newtons, Region, Seconds};

    /// Up and down between 90 and 260 N in ramps of 10 s, every 80 s.
    struct Cycles;

    impl Pull for Cycles {
        fn tension(&self, t: Seconds) -> Newtons {
            let t = t.get();
            let way = ((t % 80.0) / 10.0).min((70.0 - t % 80.0) / 10.0);
            Newtons::of((90.0 + 170.0 * way.clamp(0.0, 1.0)).min(26.0 * t))
        }

        fn angle(&self) -> Radians {
            Radians::ZERO
        }
    }

    #[test]
    fn what_a_step_leaves_unsettled_moves_no_elongation_by_more_than_60_micrometres() {
        let patient = Patient {
            sex: None,
            age_years: 46.0,
            height: None,
            mass: Kilograms::of(71.0),
        };
        let posture = Posture::neutral(Position::Supine);
        let subject = Subject::new(&patient, &posture, &Measured::default()).unwrap();
        let setting = Setting {
            region: Region::Lumbar,
            support: Support::level(true),
            comfort: Comfort::default(),
        };
        let (told, range) = (Instants::Even(25), stated_range(Region::Lumbar));
        let grid = Grid::new(&Cycles, Seconds::of(240.0), &told, range).unwrap();
        let usual = Ensemble::new(&subject, &setting, grid, Radians::ZERO).unwrap();
        let fine = Ensemble {
            tolerance: 1e-8,
            ..usual.clone()
        };
        let belief = Belief::prior(Region::Lumbar);
        let elongations = |ensemble: &Ensemble| {
            let (mut all, draw) = (Vec::new(), |member| belief.member(member as u32));
            let tell = |_, place, _, value: f64| {
                if place == Overall::Elongation as usize {
                    all.push(value);
                }
            };
            ensemble.each(0..48, draw, tell).unwrap();
            all
        };
        let mut worst = 0.0_f64;
        for (one, other) in elongations(&usual).iter().zip(elongations(&fine)) {
            worst = worst.max((one - other).abs());
        }
        assert!(worst > 0.0 && worst < 60e-6, "{worst} m");
    }
}
