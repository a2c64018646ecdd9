//! One segment by itself on a testing machine.
//!
//! Each step finds the deformation that balances the applied wrench (N, N m, change from
//! rest) by Newton's method on 6 × 6 numbers; a step that does not come closer is halved.
//! Directions can be held: then the machine carries their load.

use super::output::LevelReport;
use super::segment::{Ahead, Gains, Memory, Segment};
use super::{PACKED, packed};
use crate::chain::Space;

/// Most iterations of one step.
const ITERATIONS: usize = 60;
/// Most halvings of one iteration.
const HALVINGS: usize = 12;
/// Balance counts as reached below this, N with moments over [`ARM`].
const TOLERANCE: f64 = 1e-9;
/// Makes moments comparable with forces, m.
const ARM: f64 = 0.02;

/// No deformation was found that balances the wrench.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unsettled {
    /// What is left, N.
    pub residual: f64,
}

/// A segment, its state and the machine.
#[derive(Clone, Copy, Debug)]
pub struct SegmentTest {
    segment: Segment<f64>,
    memory: Memory<f64>,
    gains: Option<(f64, Gains<f64>)>,
    held: [bool; 6],
    guard: f64,
}

impl SegmentTest {
    /// At rest, free in all directions.
    #[must_use]
    pub fn new(segment: Segment<f64>) -> Self {
        Self {
            segment,
            memory: segment.rest(),
            gains: None,
            held: [false; 6],
            guard: 0.0,
        }
    }

    /// Holds the directions marked.
    #[must_use]
    pub fn holding(self, held: [bool; 6]) -> Self {
        Self { held, ..self }
    }

    /// Only the axis is free.
    #[must_use]
    pub fn axial(self) -> Self {
        self.holding([true, true, false, true, true, true])
    }

    /// Active muscle from the next step on, N.
    pub fn guard(&mut self, newtons: f64) {
        self.guard = newtons;
    }

    /// One step of `dt` seconds (infinite: equilibrium) that ends under `wrench`.
    ///
    /// # Errors
    /// When no balance is found; the state stays as it was.
    pub fn apply(&mut self, wrench: [f64; 6], dt: f64) -> Result<(), Unsettled> {
        let gains = match self.gains {
            Some((of, gains)) if of.to_bits() == dt.to_bits() => gains,
            _ => self.segment.prepare(dt),
        };
        self.gains = Some((dt, gains));
        let mut d = self.memory.d;
        let ahead = self.segment.ahead(&self.memory, &gains, self.guard);
        let mut left = self.residual(&d, &ahead, &wrench);
        for _ in 0..ITERATIONS {
            if size(&left) < TOLERANCE {
                break;
            }
            let loads = self.segment.wrench::<Space>(&d, &self.memory, &ahead);
            let k = self.segment.tangent::<Space>(&d, &loads.kept, &ahead);
            let step = self.solve(&k, &left);
            let mut share = 1.0;
            for _ in 0..HALVINGS {
                let trial: [f64; 6] = core::array::from_fn(|i| d[i] + share * step[i]);
                let then = self.residual(&trial, &ahead, &wrench);
                if size(&then) < size(&left) || share < 1e-3 {
                    (d, left) = (trial, then);
                    break;
                }
                share *= 0.5;
            }
        }
        // Balance to 1 µN is far inside any reading.
        if size(&left).partial_cmp(&1e-6) != Some(core::cmp::Ordering::Less) {
            return Err(Unsettled {
                residual: size(&left),
            });
        }
        let loads = self.segment.wrench::<Space>(&d, &self.memory, &ahead);
        self.segment
            .commit::<Space>(&d, (&d, &loads.kept), &ahead, &mut self.memory);
        Ok(())
    }

    /// Holds `wrench` for `seconds` in `steps` equal steps.
    ///
    /// # Errors
    /// As [`SegmentTest::apply`].
    pub fn hold(&mut self, wrench: [f64; 6], seconds: f64, steps: usize) -> Result<(), Unsettled> {
        let dt = seconds / steps.max(1) as f64;
        (0..steps).try_for_each(|_| self.apply(wrench, dt))
    }

    /// Deformation, m and rad.
    #[must_use]
    pub fn deformation(&self) -> [f64; 6] {
        self.memory.d
    }

    /// Pressure of the nucleus, Pa.
    #[must_use]
    pub fn pressure(&self) -> f64 {
        self.report().pressure
    }

    /// Everything the level shows.
    #[must_use]
    pub fn report(&self) -> LevelReport<f64> {
        self.segment.report::<Space>(&self.memory.d, &self.memory)
    }

    /// State.
    #[must_use]
    pub fn memory(&self) -> &Memory<f64> {
        &self.memory
    }

    /// Applied minus resisting, nothing where held.
    fn residual(&self, d: &[f64; 6], ahead: &Ahead<f64>, wrench: &[f64; 6]) -> [f64; 6] {
        let loads = self.segment.wrench::<Space>(d, &self.memory, ahead);
        core::array::from_fn(|i| {
            if self.held[i] {
                0.0
            } else {
                wrench[i] - loads.wrench[i]
            }
        })
    }

    /// K x = r over the free directions, by L D Lᵀ.
    fn solve(&self, k: &[f64; PACKED], r: &[f64; 6]) -> [f64; 6] {
        let entry = |i: usize, j: usize| match (i == j, self.held[i] || self.held[j]) {
            (true, true) => 1.0,
            (false, true) => 0.0,
            _ => k[packed(i.max(j), i.min(j))],
        };
        let (mut l, mut diagonal, mut x) = ([[0.0; 6]; 6], [0.0; 6], *r);
        for i in 0..6 {
            for j in 0..=i {
                let mut rest = entry(i, j);
                for m in 0..j {
                    rest -= l[i][m] * l[j][m] * diagonal[m];
                }
                if i == j {
                    diagonal[i] = rest;
                } else {
                    l[i][j] = rest / diagonal[j];
                }
            }
            for j in 0..i {
                x[i] -= l[i][j] * x[j];
            }
        }
        for i in (0..6).rev() {
            x[i] /= diagonal[i];
            for j in i + 1..6 {
                x[i] -= l[j][i] * x[j];
            }
        }
        x
    }
}

/// Largest entry, moments over [`ARM`].
fn size(residual: &[f64; 6]) -> f64 {
    residual.iter().enumerate().fold(0.0, |most: f64, (i, x)| {
        let x = if i < 3 { x.abs() } else { x.abs() / ARM };
        if x > most || x.is_nan() { x } else { most }
    })
}
