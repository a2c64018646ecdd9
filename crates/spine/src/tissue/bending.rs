//! The disc in shear, bending and torsion.
//!
//! ```text
//! φ(M) = a M/(M + M₀) + c M     per direction; inverse closed (`branch`)
//! F_x = k_s x,  F_y = k_s y
//! ```
//!
//! Fitted on the disc-only step of L4–L5 at all four moments (E001–E004), degrees:
//!
//! | direction | a (°) | M₀ (N m) | c (°/N m) | worst miss |
//! |---|---|---|---|---|
//! | flexion | 10.51 | 1.85 | 0.32 | 0.9° at 1 N m |
//! | extension | 0.85 | 0.18 | 1.30 | 0.8° at 1, 1.1° at 2.5 N m |
//! | lateral | 2.91 | 0.644 | 0.5 | 0.05° |
//! | torsion | 2.53 | 2.09 | 0.5 | 0.1° |
//!
//! Flexion and extension share one compliance at rest, 6.0 °/N m. The published pair
//! (5.0° for the first newton metre forwards, 1.2° backwards, then 2.6 °/N m) is not
//! smooth at the neutral position; a law that is misses both ends of it by one degree.
//!
//! Other levels: rotations scale with h/r and moments with A r (r: depth, for
//! lateral bending and torsion width) against the L4–L5 of [`REFERENCE`]. Shear:
//! 60 N/mm of that disc (ours, 40–100: segments have 53–140 with their facets, B055),
//! scaled by A/h. C1–C2 turns, it does not twist a disc: torsion a tenth (ours).
//!
//! Departure: stiffness does not grow with axial compression (B057 found 1.7–2.1 times,
//! mean over directions, at 250–500 N); couplings between directions are left to
//! ligaments and facets. The tangent is diagonal and symmetric.
//! Valid to about 10 N m and 12°. Shown by `tests/tissue.rs` and `tests/tissue_rows.rs`.

use super::branch::{Answer, Branch, Even, Law};
use crate::anatomy::Joint;
use crate::chain::Freedom;
use crate::real::Real;
use crate::unknown::{Draw, Unknown};

/// Size of the disc that was measured.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// m.
    pub height: f64,
    /// m.
    pub depth: f64,
    /// m.
    pub width: f64,
    /// m².
    pub area: f64,
}

/// The L4–L5 of the experiment (ours: the adult mean of `anatomy`; its own sizes were not seen).
pub const REFERENCE: Size = Size {
    height: 0.0140,
    depth: 0.0376,
    width: 0.0517,
    area: 1.65e-3,
};

/// Shear stiffness of that disc, N/m (ours, see the head).
const SHEAR: f64 = 60e3;
/// Torsion of C1–C2 against a disc of its size (ours, 0.03–0.3).
const ATLAS_TORSION: f64 = 0.1;

/// a in degrees, M₀ in N m, c in degrees per N m.
type Fit = [f64; 3];
const FLEXION: Fit = [10.508, 1.85, 0.32];
const EXTENSION: Fit = [0.846, 0.18, 1.30];
const LATERAL: Fit = [2.91, 0.644, 0.5];
const TORSION: Fit = [2.53, 2.09, 0.5];

/// What the disc pulls back with besides its axis.
#[derive(Clone, Copy, Debug)]
pub struct Bending<T> {
    /// k_s, N/m.
    pub shear: T,
    /// About x.
    pub lateral: Even<T>,
    /// About y, flexion positive.
    pub sagittal: Law<T>,
    /// About z.
    pub torsion: Even<T>,
}

impl<T: Real> Bending<T> {
    /// The disc of joint `at`.
    pub fn build(joint: &Joint, at: usize, draw: &Draw<T>) -> Self {
        let stiff = draw[Unknown::Bending];
        let height = draw[Unknown::Height] * (joint.height / REFERENCE.height);
        let area = draw[Unknown::Area] * (joint.area / REFERENCE.area);
        let scaled = |fit: Fit, arm: f64, factor: f64| {
            let turn = height * (core::f64::consts::PI / 180.0 / arm);
            let moment = area * stiff * (arm * factor);
            let toe = Branch {
                toe: turn * fit[0],
                straight: turn * fit[2] / moment,
            };
            (toe, moment * fit[1])
        };
        let depth = joint.depth / REFERENCE.depth;
        let width = joint.width / REFERENCE.width;
        let (positive, positive_bend) = scaled(FLEXION, depth, 1.0);
        let (negative, negative_bend) = scaled(EXTENSION, depth, 1.0);
        let (lateral, lateral_bend) = scaled(LATERAL, width, 1.0);
        let twist = if at == 1 { ATLAS_TORSION } else { 1.0 };
        let (torsion, torsion_bend) = scaled(TORSION, width, twist);
        Self {
            shear: area * stiff * SHEAR / height,
            lateral: Even {
                branch: lateral,
                bend: lateral_bend,
            },
            sagittal: Law {
                positive,
                positive_bend,
                negative,
                negative_bend,
            },
            torsion: Even {
                branch: torsion,
                bend: torsion_bend,
            },
        }
    }

    /// Rotation (rad) about x, y or z (0, 1, 2) under a moment of the disc alone (N m).
    pub fn turn(&self, axis: usize, moment: T) -> T {
        match axis {
            0 => self.lateral.opening(moment),
            1 => self.sagittal.opening(moment),
            _ => self.torsion.opening(moment),
        }
    }

    /// Moments about x, y, z (N m) and their slopes (N m/rad).
    #[inline(always)]
    pub fn moments<F: Freedom>(&self, d: &[T; 6]) -> [Answer<T>; 3] {
        let sagittal = self.sagittal.solve(d[4]);
        if F::PLANE {
            let none = Answer {
                force: d[4].of(0.0),
                slope: d[4].of(0.0),
            };
            return [none, sagittal, none];
        }
        [self.lateral.solve(d[3]), sagittal, self.torsion.solve(d[5])]
    }
}
