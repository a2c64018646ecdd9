//! Pressure of the nucleus against the atmosphere.
//!
//! ```text
//! q = S/(1 + 2 ζ/h) + k (−N)/A + Σ κ_i |M_i|/(A r_i)      q ≥ 0: p = q
//! p = q P/(P − q)                                        q < 0: tends to −P
//! ```
//!
//! | symbol | identifier | unit | from |
//! |---|---|---|---|
//! | S | `swelling` (`Unknown::Swelling`, times [`SWELLING_BY_GRADE`]) | Pa | with tone 50 N gives prone 0.10 MPa (B001); grades by C031 |
//! | ζ | height gained with fluid | m | swelling thins out as the disc fills: twice the strain of the height (ours) |
//! | k | `factor` (`Unknown::PressureFactor`) | 1 | 1.3–1.55 (B023) |
//! | N | axial force of the disc, tension positive | N | `disc` |
//! | κ_i | [`KAPPA`] | 1 | E005–E008, all moments and directions together |
//! | P | [`GAS`] | Pa | the atmosphere: gas comes out before a vacuum (ours) |
//!
//! The moments are those the disc itself carries. An output only: it feeds back on
//! nothing, energy stays with the axial and bending laws. Relative to rest (where a
//! tone T and no moment act) the pressure falls to nothing at a net pull of
//! (S + k T/A) A/k, about 120 N at L4–L5 (A012).
//! Departure: Ramos's −100 mmHg (A001) is only a trend here. C0–C1 and C1–C2 have no
//! nucleus and report nothing. Valid for lying and traction; standing needs the load
//! of standing as N. Shown by `tests/tissue.rs` and `tests/tissue_rows.rs`.

use super::branch::Answer;
use super::disc::grade;
use crate::anatomy::Joint;
use crate::real::Real;
use crate::unknown::{Draw, Unknown};

/// κ for moments about x, y (flexion and extension), z: p = κ M/(A r), fitted with the
/// reference disc; 0.021, 0.050, 0.038 and 0.026 MPa per N m of Heuer's disc.
pub const KAPPA: [f64; 4] = [1.79, 3.10, 2.36, 2.22];
/// Swelling by grade 1–5 (C031: 0.138 to 0.037 MPa, healthy to degenerated; steps ours).
pub const SWELLING_BY_GRADE: [f64; 5] = [1.1, 1.0, 0.85, 0.55, 0.3];
/// P, Pa.
pub const GAS: f64 = 100e3;
/// Joints without nucleus: C0–C1, C1–C2.
const WITHOUT: usize = 2;

/// The pressure law of one disc.
#[derive(Clone, Copy, Debug)]
pub struct Nucleus<T> {
    /// S, Pa.
    pub swelling: T,
    /// k/A, Pa/N.
    pub factor: T,
    /// 2/h, 1/m.
    pub thinning: T,
    /// κ/(A r), Pa/(N m): about x, flexion, extension, about z.
    pub bending: [T; 4],
    /// 1, or 0 where there is no nucleus.
    there: f64,
}

impl<T: Real> Nucleus<T> {
    /// The nucleus of joint `at`.
    pub fn build(joint: &Joint, at: usize, draw: &Draw<T>) -> Self {
        let area = draw[Unknown::Area] * joint.area;
        let height = draw[Unknown::Height] * joint.height;
        let arms = [joint.width, joint.depth, joint.depth, joint.width];
        Self {
            swelling: draw[Unknown::Swelling] * SWELLING_BY_GRADE[grade(joint)],
            factor: draw[Unknown::PressureFactor] / area,
            thinning: height.of(2.0) / height,
            bending: core::array::from_fn(|i| area.of(KAPPA[i]) / (area * arms[i])),
            there: if at < WITHOUT { 0.0 } else { 1.0 },
        }
    }

    /// p, Pa, at the disc's axial force (N), its fluid (m) and its moments (N m).
    #[inline(always)]
    pub fn pressure(&self, force: T, fluid: T, moments: &[Answer<T>; 3]) -> T {
        let zero = force.of(0.0);
        let [x, y, z] = [moments[0].force, moments[1].force, moments[2].force];
        let bent = self.bending[0] * x.abs()
            + self.bending[1] * y.max(zero)
            + self.bending[2] * (-y).max(zero)
            + self.bending[3] * z.abs();
        // Half of the height may go before the law ends; no load of the range gets there.
        let filled = (self.thinning * fluid + 1.0).max(force.of(0.25));
        let q = self.swelling / filled - self.factor * force + bent;
        let low = q.min(zero);
        let p = q.max(zero) + low * GAS / (-low + GAS);
        p * self.there
    }
}
