//! Many spines under one pull: batches side by side, members in a fixed order.
//!
//! A batch is as many members as the kernel has lanes. Batches share nothing, so
//! they may run on any number of threads and in any order: the caller hands out
//! ranges ([`Ensemble::run`]) and joins the parts. Memory is that of one batch
//! and of what is kept of it.

use super::reading::{read, width};
use super::state::Prepared;
use super::step::{Drive, advance, fault};
use super::{Column, ColumnError, Grid, Kernel, Setting, State, Subject};
use crate::chain;
use crate::real::{LANES, Lane, Real};
use crate::unknown::{COUNT, Draw};
use crate::world::Load;
use core::ops::Range;
use pulp::{Simd, WithSimd};
use si::Radians;

/// A step of a member has settled when no body would move further than this, m:
/// separations are then within 0.02 mm of those of steps settled to a nanometre.
const TOLERANCE: f64 = 1e-5;

/// An ensemble to be run: the same person, couch and pull for every member.
#[derive(Clone, Debug)]
pub struct Ensemble {
    subject: Subject,
    setting: Setting,
    grid: Grid,
    angle: Radians,
    kernel: Kernel,
    /// The step lengths of the grid, each once.
    lengths: Vec<f64>,
    /// Which of them each step has.
    which: Vec<usize>,
}

/// What a range of members gave: a row of readings for each told instant and member.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The members.
    pub members: Range<usize>,
    /// Rows: instant by instant, in them place by place, in them member by member.
    pub(super) values: Vec<f64>,
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
        let mut lengths: Vec<f64> = Vec::new();
        let which = grid
            .knots
            .windows(2)
            .map(|pair| {
                // Steps that differ by rounding only are one length.
                let dt = libm::round((pair[1].at - pair[0].at) * 1e9) * 1e-9;
                let known = lengths.iter().position(|l| l.to_bits() == dt.to_bits());
                known.unwrap_or_else(|| {
                    lengths.push(dt);
                    lengths.len() - 1
                })
            })
            .collect();
        Ok(Self {
            subject: subject.clone(),
            setting: *setting,
            grid,
            angle,
            kernel: Kernel::best(),
            lengths,
            which,
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
        let (told, width, count) = (self.grid.told().count(), self.width(), range.len());
        let mut values = vec![0.0; told * width * count];
        self.batches(range.clone(), draw, |told, place, first, read| {
            let at = (told * width + place) * count + (first - range.start);
            values[at..at + read.len()].copy_from_slice(read);
        })?;
        Ok(Part {
            members: range,
            values,
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
        self.batches(range, draw, |told, place, first, read| {
            for (lane, value) in read.iter().enumerate() {
                tell(told, place, first + lane, *value);
            }
        })
    }

    /// As [`Ensemble::each`], with the first member of a batch and the values of all of it.
    fn batches(
        &self,
        range: Range<usize>,
        draw: impl Fn(usize) -> Draw<f64>,
        mut tell: impl FnMut(usize, usize, usize, &[f64]),
    ) -> Result<(), ColumnError> {
        let mut first = range.start;
        while first < range.end {
            let kernel = self.kernel.for_rest(range.end - first);
            let lanes = kernel.lanes();
            let members = first..(first + lanes).min(range.end);
            let draws: Vec<Draw<f64>> = members.clone().map(&draw).collect();
            let mut batch = |told: usize, place: usize, values: &[f64]| {
                tell(told, place, first, &values[..members.len()]);
            };
            self.batch(kernel, &draws, &mut batch)?;
            first += lanes;
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

/// Told instant, place in the row, the members' values.
type Tell<'a> = &'a mut dyn FnMut(usize, usize, &[f64]);

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
    column.chain.tolerance = TOLERANCE;
    let grip = column.world.grip(ensemble.angle)?;
    let prepare = |dt: &f64| Prepared::new(&column, *dt);
    let prepared: Vec<_> = ensemble
        .lengths
        .iter()
        .map(prepare)
        .collect::<Result<_, _>>()?;
    let zero = grip.lift.of(0.0);
    let mut scratch = Box::new(chain::Scratch::new(zero));
    let mut state = State::rest(&column);
    let knots = ensemble.grid.knots();
    let mut told = 0;
    let mut slope = f64::NAN;
    for (index, knot) in knots.iter().enumerate() {
        if let Some(step) = index.checked_sub(1) {
            let now = (knot.tension - knots[step].tension) / (knot.at - knots[step].at);
            // A pull that goes on as before keeps the matrix.
            let anew = now.to_bits() != slope.to_bits();
            slope = now;
            let drive = (Drive::Force(zero + knot.tension), anew);
            let length = &prepared[ensemble.which[step]];
            let end = advance(&column, &mut state, &mut scratch, (length, &grip), drive);
            if let Some(error) = fault(&column, &state, end, members) {
                return Err(error);
            }
        } else if knot.tension > 0.0 {
            // What pulls from the start arrives at once, before anything flows.
            let drive = (Drive::Force(zero + knot.tension), true);
            let at_once = Prepared::new(&column, 1e-3)?;
            let end = advance(&column, &mut state, &mut scratch, (&at_once, &grip), drive);
            if let Some(error) = fault(&column, &state, end, members) {
                return Err(error);
            }
        }
        if knot.told {
            read(&column, &state, |place, value| {
                let mut all = [0.0; LANES];
                let count = value.spread(&mut all);
                tell(told, place, &all[..count]);
            });
            told += 1;
        }
    }
    Ok(())
}
