//! How the column is bent, joint by joint and bone by bone.
//!
//! Angles are lordotic: positive when the front is higher. The endplate above a
//! joint is tilted by that joint's angle less than the one below it, and a
//! body's upper endplate by the body's wedge less than its lower; the sum of
//! all of them from S1 upwards is the tilt of the skull.
//!
//! - Lordosis L1–S1 = Σ wedge(L1 … L5) + Σ angle(L1–L2 … L5–S1). Discs share it
//!   as radiographs do (B081–B085); a difference between people lies partly in
//!   bodies, a change with posture in discs only (`geometry`, ours).
//! - Kyphosis T1–T12 likewise, shared by fixed parts.
//! - The neck answers the slope of T1 less a remainder; C0–C2 bring the head
//!   level; a bend of the neck is added by fixed parts.
//! - Coronal: lean grows evenly from one end of the curve to the other, ± half
//!   the Cobb angle, and dies out towards sacrum and skull.

use super::measured::{Coronal, Measured, Posture};
use super::size::Discs;
use super::{BODIES, JOINTS};
use crate::lumped::Position;
use crate::tables::geometry;
use si::{Radians, Side};

const T1: usize = 8;
const T12: usize = 19;
const L1: usize = 20;
const SACRUM: usize = BODIES - 1;
/// Joints C2–C3 and C7–T1.
const C2_C3: usize = 2;
const C7_T1: usize = 7;

/// Angles of joints and wedges of bodies, rad.
#[derive(Clone, Copy, Debug)]
pub(super) struct Curve {
    pub(super) sacral_slope: f64,
    pub(super) joints: [f64; JOINTS],
    pub(super) bodies: [f64; BODIES],
    pub(super) leans: [f64; BODIES],
}

/// The curve of this person lying so.
pub(super) fn curve(posture: &Posture, measured: &Measured) -> Curve {
    let given = |angle: Option<Radians>, usual: f64| angle.map_or(usual, Radians::get);
    let lordosis = given(measured.lordosis, geometry::LORDOSIS.value);
    let kyphosis = given(measured.kyphosis, geometry::KYPHOSIS.value);
    let change = match posture.position {
        Position::Supine => 0.0,
        Position::SupineLegsRaised => -geometry::LEGS_RAISED.value * lordosis,
        Position::Prone => geometry::PRONE.value * lordosis,
    };
    let slope = given(measured.sacral_slope, geometry::SACRAL_SLOPE.value);
    let mut curve = Curve {
        sacral_slope: slope + change * geometry::PELVIS_FOLLOWS.value,
        joints: [0.0; JOINTS],
        bodies: [0.0; BODIES],
        leans: leans(measured.coronal),
    };
    curve.bend_loins(lordosis, change);
    for (body, part) in geometry::KYPHOSIS_IN_BODIES.iter().enumerate() {
        curve.bodies[T1 + body] = -part * kyphosis;
    }
    for (joint, part) in geometry::KYPHOSIS_IN_DISCS.iter().enumerate() {
        curve.joints[T1 + joint] = -part * kyphosis;
    }
    curve.joints[T12] = geometry::TURN.to_radians();
    curve.bend_neck(measured.cervical_lordosis, posture.neck_flexion.get());
    curve
}

impl Curve {
    fn bend_loins(&mut self, lordosis: f64, change: f64) {
        let other = lordosis - geometry::LORDOSIS.value;
        let each = other * geometry::LORDOSIS_IN_BODIES.value / 5.0;
        let mut bodies = 0.0;
        for (l, wedge) in geometry::BODY_WEDGES.iter().enumerate() {
            self.bodies[L1 + l] = wedge.to_radians() + each;
            bodies += self.bodies[L1 + l];
        }
        let discs = lordosis + change - bodies;
        let shares: f64 = geometry::WEDGES.iter().sum();
        for (l, share) in geometry::WEDGES.iter().enumerate() {
            self.joints[L1 + l] = discs * share / shares;
        }
    }

    /// Needs the curve below T1.
    fn bend_neck(&mut self, measured: Option<Radians>, flexion: f64) {
        let slope = self.tilt_of_t1();
        let each = measured.map_or((slope - geometry::NECK_MISMATCH.value) / 6.0, |lordosis| {
            lordosis.get() / 5.0
        });
        self.joints[C2_C3..=C7_T1].fill(each);
        let left = slope - 6.0 * each;
        self.joints[0] = 0.7 * left;
        self.joints[1] = 0.3 * left;
        for (joint, part) in self.joints.iter_mut().zip(geometry::NECK_BEND) {
            *joint -= part * flexion;
        }
    }

    fn tilt_of_t1(&self) -> f64 {
        let joints: f64 = self.joints[T1..].iter().sum();
        let bodies: f64 = self.bodies[T1..].iter().sum();
        self.sacral_slope - joints - bodies
    }

    /// Turns everything above T12–L1 forward by `angle`; the head stays level.
    pub(super) fn lean_forward(&mut self, angle: f64) {
        self.joints[T12] -= angle;
        self.joints[0] += angle;
    }

    /// Moves what no disc can take of a wedge into the body above it.
    pub(super) fn fit(&mut self, discs: &Discs) {
        for j in C2_C3..JOINTS {
            let most =
                2.0 * libm::atan(0.5 * geometry::MOST_WEDGED * discs.heights[j] / discs.depths[j]);
            let fitting = self.joints[j].clamp(-most, most);
            self.bodies[j] += self.joints[j] - fitting;
            self.joints[j] = fitting;
        }
    }

    /// Tilt of the lower and upper endplate of each bone, flexion positive, rad.
    pub(super) fn tilts(&self) -> [[f64; 2]; BODIES] {
        let mut tilts = [[self.sacral_slope; 2]; BODIES];
        for bone in (0..SACRUM).rev() {
            let lower = tilts[bone + 1][1] - self.joints[bone];
            tilts[bone] = [lower, lower - self.bodies[bone]];
        }
        tilts
    }
}

/// Coronal lean of each bone about x, rad: positive leans to the right.
fn leans(coronal: Option<Coronal>) -> [f64; BODIES] {
    let Some(Coronal { cobb, apex, side }) = coronal else {
        return [0.0; BODIES];
    };
    let half = match side {
        Side::Left => 0.5 * cobb.get(),
        Side::Right => -0.5 * cobb.get(),
    };
    let apex = apex.index();
    let upper = apex.saturating_sub(3).max(2);
    let lower = (apex + 4).min(SACRUM - 2);
    core::array::from_fn(|bone| {
        let part = |from: usize, to: usize| (bone - from) as f64 / (to - from) as f64;
        if bone <= upper {
            half * part(0, upper)
        } else if bone <= lower {
            half * (1.0 - 2.0 * part(upper, lower))
        } else {
            half * (part(lower, SACRUM) - 1.0)
        }
    })
}
