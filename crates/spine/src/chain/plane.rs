//! The chain in the median plane: three degrees of freedom a body, x, z and φ_y.
//!
//! ```text
//! ŷ × v = (v_z, −v_x)                        turning about y
//! δ_i = e_i · (x_u + R_u a − x_l − R_l b)    φ = 2 sin(θ/2),   s = cos(θ/2)
//! J_u = (I, ŷ×a),  J_l = −(I, ŷ×l)           of the force, with arms a and l = b + r
//! ```
//!
//! The same joint as in [`link`](super::link) and the same elimination as in
//! [`block`](super::block), written out where nothing leaves the plane: the entries of
//! the other degrees of freedom are neither read nor written, and a diagonal block is so
//! small that its inverse stands in its place. Force over displacement
//! is `A = E K Eᵀ`, force over turning `B = s E k`, moment over turning `C = s² k_φφ`;
//! with n = ŷ×arm a body's corner is `n·A n + 2 n·B + C − f·arm`.
//!
//! Shown by the tests below, against [`Link`] and [`Blocks`].

use super::block::{Blocks, MAX_BODIES, Six, invert};
use super::link::{Bent, Link, Pulling};
use super::pose::{Pose, Three};
use crate::real::Real;
use crate::tissue::{PACKED, packed};

const X: usize = 0;
const Z: usize = 2;
const BEND: usize = 4;
/// Place of y in a moment.
const Y: usize = 1;

// Places in a packed matrix.
const XX: usize = packed(X, X);
const ZX: usize = packed(Z, X);
const ZZ: usize = packed(Z, Z);
const BX: usize = packed(BEND, X);
const BZ: usize = packed(BEND, Z);
const BB: usize = packed(BEND, BEND);

/// Along x and z.
type Two<T> = [T; 2];

#[inline(always)]
fn dot<T: Real>(a: Two<T>, b: Two<T>) -> T {
    a[0] * b[0] + a[1] * b[1]
}

/// ŷ × v.
#[inline(always)]
fn across<T: Real>(v: Two<T>) -> Two<T> {
    [v[1], -v[0]]
}

#[inline(always)]
fn in_plane<T: Real>(v: &Three<T>) -> Two<T> {
    [v[X], v[Z]]
}

/// Cosine and sine of a body's rotation times a constant vector.
#[inline(always)]
fn turned<T: Real>(turn: &[Three<T>; 3], v: &[f64; 3]) -> Two<T> {
    let (cosine, sine) = (turn[X][X], turn[X][Z]);
    [cosine * v[X] + sine * v[Z], cosine * v[Z] - sine * v[X]]
}

/// The pose after a move: what [`Pose::moved`] gives.
#[inline(always)]
pub(super) fn moved<T: Real>(pose: &Pose<T>, by: &Six<T>) -> Pose<T> {
    let mut to = *pose;
    let (w, y, half) = (pose.turn[0], pose.turn[2], by[BEND] * 0.5);
    let (w, y) = (w - half * y, y + half * w);
    let scale = w.of(1.5) - (w * w + y * y) * 0.5;
    to.turn[0] = w * scale;
    to.turn[2] = y * scale;
    to.shift[X] = pose.shift[X] + by[X];
    to.shift[Z] = pose.shift[Z] + by[Z];
    to
}

/// Cosine and sine of the rotation, in their places in its matrix.
#[inline(always)]
pub(super) fn turn<T: Real>(pose: &Pose<T>, into: &mut [Three<T>; 3]) {
    let (w, y) = (pose.turn[0], pose.turn[2]);
    let twice = y + y;
    into[X][X] = w.of(1.0) - y * twice;
    into[X][Z] = w * twice;
}

/// The deformation between two bodies: what [`Link::bent`] gives.
#[inline(always)]
pub(super) fn bent<T: Real>(
    link: &Link,
    upper: (&Pose<T>, &[Three<T>; 3]),
    lower: (&Pose<T>, &[Three<T>; 3]),
) -> Bent<T> {
    let (a, b) = (turned(upper.1, &link.up), turned(lower.1, &link.low));
    let (shift, from) = (&upper.0.shift, &lower.0.shift);
    let r = [
        (shift[X] - from[X]) + ((a[0] - link.up[X]) - (b[0] - link.low[X])),
        (shift[Z] - from[Z]) + ((a[1] - link.up[Z]) - (b[1] - link.low[Z])),
    ];
    let (ex, ez) = (
        turned(lower.1, &link.axes[X]),
        turned(lower.1, &link.axes[Z]),
    );
    let (l, u) = (&lower.0.turn, &upper.0.turn);
    let mut bent = Bent::none(a[0].of(0.0));
    bent.scalar = l[0] * u[0] + l[2] * u[2];
    bent.d[X] = dot(ex, r);
    bent.d[Z] = dot(ez, r);
    bent.d[BEND] = (l[0] * u[2] - u[0] * l[2]) * 2.0;
    [bent.axes[X][X], bent.axes[X][Z]] = ex;
    [bent.axes[Z][X], bent.axes[Z][Z]] = ez;
    [bent.up[X], bent.up[Z]] = a;
    [bent.low[X], bent.low[Z]] = [r[0] + b[0], r[1] + b[1]];
    bent
}

/// Takes a joint's wrench from the residuals of both bodies; gives it in world axes.
#[inline(always)]
pub(super) fn act<T: Real>(
    bent: &Bent<T>,
    w: &Six<T>,
    upper: &mut Six<T>,
    lower: &mut Six<T>,
) -> Pulling<T> {
    let (ex, ez) = (in_plane(&bent.axes[X]), in_plane(&bent.axes[Z]));
    let force = [ex[0] * w[X] + ez[0] * w[Z], ex[1] * w[X] + ez[1] * w[Z]];
    let moment = bent.scalar * w[BEND];
    upper[X] -= force[0];
    upper[Z] -= force[1];
    upper[BEND] -= dot(force, across(in_plane(&bent.up))) + moment;
    lower[X] += force[0];
    lower[Z] += force[1];
    lower[BEND] += dot(force, across(in_plane(&bent.low))) + moment;
    let mut pulling = Pulling::none(moment.of(0.0));
    [pulling.force[X], pulling.force[Z]] = force;
    pulling.moment[Y] = moment;
    pulling
}

/// Adds the joint's tangent to the diagonal blocks of both bodies and puts the block
/// between into `below`: rows of the lower, columns of the upper.
#[inline(always)]
pub(super) fn stiffen<T: Real>(
    (bent, k, pulling): (&Bent<T>, &[T; PACKED], &Pulling<T>),
    upper: &mut [T; PACKED],
    lower: &mut [T; PACKED],
    below: &mut [[T; 6]; 6],
) {
    let world = World::of(bent, k);
    let force = in_plane(&pulling.force);
    let (up, low) = (in_plane(&bent.up), in_plane(&bent.low));
    let (nu, nl, spin) = (across(up), across(low), across(force));
    let (pu, pl) = (world.levered(nu), world.levered(nl));
    let along = dot(force, up);
    world.add(upper, pu, world.corner(nu, pu, nu) - along);
    let pull = dot(force, low);
    world.add(
        lower,
        [pl[0] - spin[0], pl[1] - spin[1]],
        world.corner(nl, pl, nl) - pull,
    );
    below[X][X] = -world.xx;
    below[X][Z] = -world.zx;
    below[Z][X] = -world.zx;
    below[Z][Z] = -world.zz;
    below[X][BEND] = -pu[0];
    below[Z][BEND] = -pu[1];
    below[BEND][X] = spin[0] - pl[0];
    below[BEND][Z] = spin[1] - pl[1];
    below[BEND][BEND] = along - world.corner(nl, pu, nu);
}

/// A tangent in world axes.
struct World<T> {
    xx: T,
    zx: T,
    zz: T,
    /// Force over turning.
    turning: Two<T>,
    /// Moment over turning.
    moment: T,
}

impl<T: Real> World<T> {
    #[inline(always)]
    fn of(bent: &Bent<T>, k: &[T; PACKED]) -> Self {
        let (ex, ez, s) = (
            in_plane(&bent.axes[X]),
            in_plane(&bent.axes[Z]),
            bent.scalar,
        );
        let half = |i: usize| [k[XX] * ex[i] + k[ZX] * ez[i], k[ZX] * ex[i] + k[ZZ] * ez[i]];
        let (hx, hz) = (half(0), half(1));
        Self {
            xx: ex[0] * hx[0] + ez[0] * hx[1],
            zx: ex[1] * hx[0] + ez[1] * hx[1],
            zz: ex[1] * hz[0] + ez[1] * hz[1],
            turning: [
                s * (ex[0] * k[BX] + ez[0] * k[BZ]),
                s * (ex[1] * k[BX] + ez[1] * k[BZ]),
            ],
            moment: s * s * k[BB],
        }
    }

    /// A n + B: force over turning of a body with the arm that n is across.
    #[inline(always)]
    fn levered(&self, n: Two<T>) -> Two<T> {
        [
            self.xx * n[0] + self.zx * n[1] + self.turning[0],
            self.zx * n[0] + self.zz * n[1] + self.turning[1],
        ]
    }

    /// n·(A m + B) + B·m + C, `p` being A m + B.
    #[inline(always)]
    fn corner(&self, n: Two<T>, p: Two<T>, m: Two<T>) -> T {
        dot(n, p) + dot(self.turning, m) + self.moment
    }

    #[inline(always)]
    fn add(&self, into: &mut [T; PACKED], p: Two<T>, corner: T) {
        into[XX] += self.xx;
        into[ZX] += self.zx;
        into[ZZ] += self.zz;
        into[BX] += p[0];
        into[BZ] += p[1];
        into[BB] += corner;
    }
}

/// D⁻¹ in place of the block, by way of its L D Lᵀ.
#[inline(always)]
pub(super) fn factor<T: Real>(a: &mut [T; PACKED]) {
    let first = invert(a[XX]);
    let (z, b) = (a[ZX] * first, a[BX] * first);
    let second = invert(a[ZZ] - z * a[ZX]);
    let rest = a[BZ] - b * a[ZX];
    let bz = rest * second;
    let last = invert(a[BB] - b * a[BX] - bz * rest);
    // L⁻¹ has −z, −bz and z bz − b below its diagonal.
    let bx = z * bz - b;
    a[BB] = last;
    a[BZ] = -(bz * last);
    a[BX] = bx * last;
    a[ZZ] = second + bz * bz * last;
    a[ZX] = -(z * second) - bz * a[BX];
    a[XX] = first + z * z * second + bx * a[BX];
}

/// Turns C into M = C D⁻¹ and takes M Cᵀ from the next diagonal block.
#[inline(always)]
pub(super) fn eliminate<T: Real>(
    inverse: &[T; PACKED],
    coupling: &mut [[T; 6]; 6],
    next: &mut [T; PACKED],
) {
    let before = [coupling[X], coupling[Z], coupling[BEND]];
    for row in [X, Z, BEND] {
        let c = [coupling[row][X], coupling[row][Z], coupling[row][BEND]];
        let [x, z, b] = times(inverse, c);
        coupling[row][X] = x;
        coupling[row][Z] = z;
        coupling[row][BEND] = b;
    }
    for (i, row) in [X, Z, BEND].into_iter().enumerate() {
        let m = &coupling[row];
        for (c, column) in before[..=i].iter().zip([X, Z, BEND]) {
            next[packed(row, column)] -= m[X] * c[X] + m[Z] * c[Z] + m[BEND] * c[BEND];
        }
    }
}

/// A symmetric block times (x, z, φ).
#[inline(always)]
fn times<T: Real>(block: &[T; PACKED], [x, z, b]: [T; 3]) -> [T; 3] {
    [
        block[XX] * x + block[ZX] * z + block[BX] * b,
        block[ZX] * x + block[ZZ] * z + block[BZ] * b,
        block[BX] * x + block[BZ] * z + block[BB] * b,
    ]
}

/// Solves H x = b in place of `b`. From body to body only one product is waited for:
///
/// ```text
/// y_k = b_k − M_{k−1} y_{k−1},     x_k = D_k⁻¹ y_k − M_kᵀ x_{k+1}
/// ```
#[inline(always)]
pub(super) fn solve<T: Real>(factors: &Blocks<T>, count: usize, b: &mut [Six<T>; MAX_BODIES]) {
    let count = count.min(MAX_BODIES);
    for k in 1..count {
        let above = [b[k - 1][X], b[k - 1][Z], b[k - 1][BEND]];
        for row in [X, Z, BEND] {
            let m = &factors.below[k - 1][row];
            b[k][row] -= m[X] * above[0] + m[Z] * above[1] + m[BEND] * above[2];
        }
    }
    for k in (0..count).rev() {
        let mut x = times(&factors.diagonal[k], [b[k][X], b[k][Z], b[k][BEND]]);
        if k + 1 < count {
            let (m, below) = (
                &factors.below[k],
                [b[k + 1][X], b[k + 1][Z], b[k + 1][BEND]],
            );
            for (value, column) in x.iter_mut().zip([X, Z, BEND]) {
                *value -=
                    m[X][column] * below[0] + m[Z][column] * below[1] + m[BEND][column] * below[2];
            }
        }
        [b[k][X], b[k][Z], b[k][BEND]] = x;
    }
}

#[cfg(test)]
mod tests {
    use super::super::freedom::{self, Plane, Space};
    use super::*;

    const AXES: [usize; 3] = [X, Z, BEND];

    /// Two bodies in the plane, turned by `angles`, with a joint whose axes are tilted.
    fn posed(angles: [f64; 2]) -> (Link, [Pose<f64>; 2]) {
        let (sine, cosine) = (libm::sin(0.3), libm::cos(0.3));
        let link = Link {
            up: [0.004, 0.0, -0.018],
            low: [-0.003, 0.0, 0.021],
            axes: [[cosine, 0.0, -sine], [0.0, 1.0, 0.0], [sine, 0.0, cosine]],
        };
        let pose = |shift: [f64; 2], angle: f64| Pose {
            shift: [shift[0], 0.0, shift[1]],
            turn: [libm::cos(0.5 * angle), 0.0, libm::sin(0.5 * angle), 0.0],
        };
        let poses = [
            pose([0.002, -0.001], angles[0]),
            pose([-0.003, 0.0015], angles[1]),
        ];
        (link, poses)
    }

    /// A symmetric tangent that does not couple the plane with the rest.
    fn tangent() -> [f64; PACKED] {
        let mut k = [0.0; PACKED];
        for i in 0..6 {
            for j in (0..=i).filter(|j| (i + j) % 2 == 0) {
                k[packed(i, j)] = if i == j { 9e4 } else { 1.1e4 * (1 + j) as f64 };
            }
        }
        k
    }

    /// Residuals, diagonal blocks and the block between of one joint.
    type Joint = ([[f64; 6]; 2], [[f64; PACKED]; 2], [[f64; 6]; 6]);

    fn joint<F: freedom::Freedom>(angles: [f64; 2]) -> (Joint, [f64; 6]) {
        let (link, [upper, lower]) = posed(angles);
        let mut turns = [[[0.0; 3]; 3]; 2];
        freedom::turn::<_, F>(&upper, &mut turns[0]);
        freedom::turn::<_, F>(&lower, &mut turns[1]);
        let bent = freedom::bent::<_, F>(&link, (&upper, &turns[0]), (&lower, &turns[1]));
        let wrench = [40.0, 0.0, 310.0, 0.0, 2.5, 0.0];
        let (mut upon, mut blocks) = ([[0.0; 6]; 2], [[0.0; PACKED]; 2]);
        let [above, below] = &mut upon;
        let pulling = freedom::act::<_, F>(&bent, &wrench, above, below);
        let [above, below] = &mut blocks;
        let (k, mut between) = (tangent(), [[0.0; 6]; 6]);
        freedom::stiffen::<_, F>((&bent, &k, &pulling), above, below, &mut between);
        ((upon, blocks, between), bent.d)
    }

    #[track_caller]
    fn same(one: f64, other: f64) {
        assert!(
            (one - other).abs() <= 1e-11 * (1.0 + other.abs()),
            "{one} {other}"
        );
    }

    #[test]
    fn a_joint_is_the_same_in_the_plane_as_in_space() {
        for angles in [[0.0, 0.0], [0.2, -0.1], [-0.3, 0.25]] {
            let ((upon, blocks, between), d) = joint::<Plane>(angles);
            let ((upon_s, blocks_s, between_s), d_s) = joint::<Space>(angles);
            for i in AXES {
                same(d[i], d_s[i]);
                for body in 0..2 {
                    same(upon[body][i], upon_s[body][i]);
                }
                for j in AXES {
                    same(between[i][j], between_s[i][j]);
                    for body in 0..2 {
                        let place = packed(i.max(j), i.min(j));
                        same(blocks[body][place], blocks_s[body][place]);
                    }
                }
            }
        }
    }

    #[test]
    fn a_pose_moves_as_in_space() {
        let (_, [pose, _]) = posed([0.3, 0.0]);
        let by = [1e-3, 0.0, -2e-3, 0.0, 0.05, 0.0];
        assert_eq!(moved(&pose, &by), pose.moved(&by));
    }

    /// Four bodies in the plane, held to the ground each.
    fn blocks() -> Blocks<f64> {
        let mut blocks = Blocks::new(0.0);
        for k in 0..4 {
            for i in AXES {
                for j in AXES {
                    let entry = ((k * 7 + i * 3 + j * 5) % 11) as f64 - 5.0;
                    blocks.below[k][i][j] = entry;
                    if j <= i {
                        blocks.diagonal[k][packed(i, j)] =
                            if i == j { 60.0 + entry } else { entry };
                    }
                }
            }
            for i in [1, 3, 5] {
                blocks.diagonal[k][packed(i, i)] = 1.0;
            }
        }
        blocks
    }

    /// Factors the chain block by block and solves it.
    fn solved<F: freedom::Freedom>() -> [Six<f64>; MAX_BODIES] {
        let mut chain = blocks();
        for k in 0..4 {
            let mut here = chain.diagonal[k];
            freedom::factor::<_, F>(&mut here);
            chain.diagonal[k] = here;
            if k + 1 < 4 {
                let (mut below, mut next) = (chain.below[k], chain.diagonal[k + 1]);
                freedom::reduce::<_, F>(&here, &mut below, &mut next);
                (chain.below[k], chain.diagonal[k + 1]) = (below, next);
            }
        }
        let mut b = [[0.0; 6]; MAX_BODIES];
        for (k, six) in b.iter_mut().enumerate().take(4) {
            for i in AXES {
                six[i] = 1.0 + k as f64 - 0.3 * i as f64;
            }
        }
        freedom::solve::<_, F>(&chain, 4, &mut b);
        b
    }

    #[test]
    fn a_system_in_the_plane_is_solved_as_in_space() {
        for (one, other) in solved::<Plane>().iter().zip(solved::<Space>()) {
            for i in AXES {
                same(one[i], other[i]);
            }
        }
    }
}
