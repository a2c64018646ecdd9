//! Where a body is: a displacement and a finite rotation from its place at rest.
//!
//! The rotation is a unit quaternion q = (q₀, **q**); a world increment δθ turns it
//! by q ← (1, δθ/2) ⊗ q, scaled back to unit length by one Newton step
//! (3 − |q|²)/2: rational, and exact once δθ is small, which it is when the
//! iteration has converged.

use crate::real::Real;

/// Three numbers along the world's axes.
pub type Three<T> = [T; 3];

/// Displacement from rest, m, and rotation from rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose<T> {
    /// Displacement of the body's origin, m.
    pub shift: Three<T>,
    /// Rotation, unit quaternion, scalar first.
    pub turn: [T; 4],
}

impl<T: Real> Pose<T> {
    /// At rest.
    #[inline(always)]
    pub fn rest(zero: T) -> Self {
        Self {
            shift: [zero; 3],
            turn: [zero.of(1.0), zero, zero, zero],
        }
    }

    /// Moved by a world displacement and turned by a world rotation.
    #[inline(always)]
    pub fn moved(&self, by: &[T; 6]) -> Self {
        let [w, x, y, z] = self.turn;
        let (a, b, c) = (by[3] * 0.5, by[4] * 0.5, by[5] * 0.5);
        let turned = [
            w - (a * x + b * y + c * z),
            x + (a * w + (b * z - c * y)),
            y + (b * w + (c * x - a * z)),
            z + (c * w + (a * y - b * x)),
        ];
        let [w, x, y, z] = turned;
        let scale = w.of(1.5) - (w * w + x * x + (y * y + z * z)) * 0.5;
        Self {
            shift: [
                self.shift[0] + by[0],
                self.shift[1] + by[1],
                self.shift[2] + by[2],
            ],
            turn: [w * scale, x * scale, y * scale, z * scale],
        }
    }

    /// The rotation as a matrix of rows.
    #[inline(always)]
    pub fn matrix(&self) -> [Three<T>; 3] {
        let [w, x, y, z] = self.turn;
        let (x2, y2, z2) = (x + x, y + y, z + z);
        let (xx, yy, zz) = (x * x2, y * y2, z * z2);
        let (xy, xz, yz) = (x * y2, x * z2, y * z2);
        let (wx, wy, wz) = (w * x2, w * y2, w * z2);
        let one = w.of(1.0);
        [
            [one - (yy + zz), xy - wz, xz + wy],
            [xy + wz, one - (xx + zz), yz - wx],
            [xz - wy, yz + wx, one - (xx + yy)],
        ]
    }
}

/// Rotation (rows) times a constant vector.
#[inline(always)]
pub(super) fn turned<T: Real>(rotation: &[Three<T>; 3], v: &[f64; 3]) -> Three<T> {
    let mut turned = rotation[0];
    for (to, row) in turned.iter_mut().zip(rotation) {
        *to = row[0] * v[0] + row[1] * v[1] + row[2] * v[2];
    }
    turned
}

/// a × b.
#[inline(always)]
pub(super) fn cross<T: Real>(a: &Three<T>, b: &Three<T>) -> Three<T> {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// a · b.
#[inline(always)]
pub(super) fn dot<T: Real>(a: &Three<T>, b: &Three<T>) -> T {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_small_turns_about_one_axis_add_up() {
        let mut pose = Pose::rest(0.0);
        for _ in 0..1000 {
            pose = pose.moved(&[0.0, 0.0, 0.0, 0.0, 1e-3, 0.0]);
        }
        let [_, _, third] = pose.matrix();
        assert!((third[2] - libm::cos(1.0)).abs() < 1e-6);
        assert!((third[0] + libm::sin(1.0)).abs() < 1e-6);
    }

    #[test]
    fn a_turned_frame_stays_orthonormal() {
        let mut pose = Pose::rest(0.0);
        for step in 0..200 {
            let t = f64::from(step) * 0.01;
            pose = pose.moved(&[0.0, 0.0, 0.0, 0.02 * t, -0.01, 0.03 - 0.01 * t]);
        }
        let r = pose.matrix();
        for i in 0..3 {
            for j in 0..3 {
                let want = if i == j { 1.0 } else { 0.0 };
                // One Newton step leaves 2 · ⅜ (δ²/4)² of a turn of δ = 0.04 rad.
                assert!((dot(&r[i], &r[j]) - want).abs() < 1e-6);
            }
        }
    }
}
