//! One joint between two posed bodies: its deformation, what it does to both, and how that changes.
//!
//! ```text
//! r   = x_u + R_u a − x_l − R_l b         what the attachments are apart (0 at rest)
//! δ_i = e_i · r,   e_i = R_l ê_i          in the joint's axes, which move with the lower body
//! φ_i = 2 ê_i · vec(q̄_l ⊗ q_u)            relative rotation: 2 sin(θ/2) along its axis
//! dδ  = Eᵀ(dx_u − a_u × … )               with lever arms a_u = R_u a, a_l = R_l b + r
//! dφ  = (q₀ I − ½ φ×) Eᵀ (dθ_u − dθ_l)
//! ```
//!
//! The forces follow from virtual work, so the joint exerts no net force or
//! moment: what it does to one body it undoes on the other. The tangent is the
//! material part JᵀKJ with the geometric part of the force on its lever arms (a pull
//! straightens a curved chain). Of how forces change two terms are left out, both of the
//! moment m (M in the world, φ the bend) and of the order of |m| against the stiffness in
//! bending; the iteration makes up for them:
//!
//! ```text
//! even part   −¼ (φ·m) I on both bodies' turning,  ½ M× + ¼ (φ·m) I between them
//! odd part    −½ (moment on the body)×             nothing once a body is in balance
//! ```
//!
//! Putting the even one in costs some 30 operations a joint and saved no iteration.
//!
//! Shown by differences in the tests below, to 1e-6 at bends up to 0.3 rad: forces
//! (`forces_and_moments_on_both_bodies_are_the_gradient_of_the_energy`), tangent
//! (`the_tangent_leaves_out_the_moments_own_turning_and_nothing_else`), odd part
//! (`what_is_odd_in_the_change_of_forces_is_half_of_each_bodys_moment`); and by `tests/chain`
//! (mirror symmetry, energy that only falls, how few iterations a crooked load takes).

use super::Freedom;
use super::block::Six;
use super::pose::{Pose, Three, cross, dot, turned};
use crate::real::Real;
use crate::tissue::{PACKED, packed};

/// Where a joint sits on its two bodies, at rest, world axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// From the upper body's origin to the joint's centre, m.
    pub up: [f64; 3],
    /// From the lower body's origin to the joint's centre, m.
    pub low: [f64; 3],
    /// The joint's axes (anterior, left, cranial) as unit vectors.
    pub axes: [[f64; 3]; 3],
}

/// A joint as it is deformed now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bent<T> {
    /// Displacement and rotation in the joint's axes.
    pub(super) d: [T; 6],
    /// The joint's axes in the world.
    pub(super) axes: [Three<T>; 3],
    /// Lever arms from the bodies' origins.
    pub(super) up: Three<T>,
    pub(super) low: Three<T>,
    /// Scalar part of the relative rotation.
    pub(super) scalar: T,
}

/// A force and a moment in world axes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pulling<T> {
    pub(super) force: Three<T>,
    pub(super) moment: Three<T>,
}

impl<T: Real> Pulling<T> {
    /// Nothing.
    #[inline(always)]
    pub(super) fn none(zero: T) -> Self {
        Self {
            force: [zero; 3],
            moment: [zero; 3],
        }
    }

    /// Takes over the `new` one where the mask holds.
    #[inline(always)]
    pub(super) fn take<F: Freedom>(&mut self, mask: T::Mask, new: &Self) {
        for &i in F::AXES {
            let (from, to) = if i < 3 {
                (&new.force, &mut self.force)
            } else {
                (&new.moment, &mut self.moment)
            };
            to[i % 3] = T::select(mask, from[i % 3], to[i % 3]);
        }
    }
}

impl Link {
    /// The deformation between two bodies, whose rotation matrices are given too.
    #[inline(always)]
    pub(super) fn bent<T: Real>(
        &self,
        upper: (&Pose<T>, &[Three<T>; 3]),
        lower: (&Pose<T>, &[Three<T>; 3]),
    ) -> Bent<T> {
        let (a, b) = (turned(upper.1, &self.up), turned(lower.1, &self.low));
        let (shift, from) = (&upper.0.shift, &lower.0.shift);
        let mut r = a;
        for i in 0..3 {
            r[i] = (shift[i] - from[i]) + ((a[i] - self.up[i]) - (b[i] - self.low[i]));
        }
        let axes = [
            turned(lower.1, &self.axes[0]),
            turned(lower.1, &self.axes[1]),
            turned(lower.1, &self.axes[2]),
        ];
        let (scalar, vector) = relative(&lower.0.turn, &upper.0.turn);
        Bent {
            d: [
                dot(&axes[0], &r),
                dot(&axes[1], &r),
                dot(&axes[2], &r),
                twice_along(&vector, &self.axes[0]),
                twice_along(&vector, &self.axes[1]),
                twice_along(&vector, &self.axes[2]),
            ],
            axes,
            up: a,
            low: [r[0] + b[0], r[1] + b[1], r[2] + b[2]],
            scalar,
        }
    }
}

/// 2 v · a, for a constant a.
#[inline(always)]
fn twice_along<T: Real>(v: &Three<T>, a: &[f64; 3]) -> T {
    (v[0] * a[0] + v[1] * a[1] + v[2] * a[2]) * 2.0
}

/// q̄_l ⊗ q_u: scalar and vector.
#[inline(always)]
fn relative<T: Real>(l: &[T; 4], u: &[T; 4]) -> (T, Three<T>) {
    let (lv, uv) = ([l[1], l[2], l[3]], [u[1], u[2], u[3]]);
    let mut vector = cross(&lv, &uv);
    for i in 0..3 {
        vector[i] = (l[0] * uv[i] - u[0] * lv[i]) - vector[i];
    }
    (l[0] * u[0] + dot(&lv, &uv), vector)
}

/// Σ a_k v_k.
#[inline(always)]
fn combined<T: Real>(a: &[Three<T>; 3], v: &Three<T>) -> Three<T> {
    let mut sum = a[0];
    for i in 0..3 {
        sum[i] = a[0][i] * v[0] + a[1][i] * v[1] + a[2][i] * v[2];
    }
    sum
}

/// L K Rᵀ for the 3 × 3 block of the packed `k` that begins at (`row`, `column`).
#[inline(always)]
fn block<T: Real>(
    k: &[T; PACKED],
    (row, column): (usize, usize),
    left: &[Three<T>; 3],
    right: &[Three<T>; 3],
) -> [Three<T>; 3] {
    let mut half = *left;
    for (i, line) in half.iter_mut().enumerate() {
        let mut entries = left[0];
        for (c, entry) in entries.iter_mut().enumerate() {
            let (a, b) = (row + i, column + c);
            *entry = k[if b <= a { packed(a, b) } else { packed(b, a) }];
        }
        *line = combined(right, &entries);
    }
    let mut whole = half;
    for r in 0..3 {
        for c in 0..3 {
            whole[r][c] =
                left[0][r] * half[0][c] + left[1][r] * half[1][c] + left[2][r] * half[2][c];
        }
    }
    whole
}

impl<T: Real> Bent<T> {
    /// Not deformed; lever arms not known yet.
    #[inline(always)]
    pub(super) fn none(zero: T) -> Self {
        Self {
            d: [zero; 6],
            axes: [[zero; 3]; 3],
            up: [zero; 3],
            low: [zero; 3],
            scalar: zero + 1.0,
        }
    }

    /// Takes over the `new` one, its deformation only where the mask holds: what is
    /// committed is what was balanced, also where neighbours go on.
    #[inline(always)]
    pub(super) fn take<F: Freedom>(&mut self, mask: T::Mask, new: &Self) {
        for &i in F::AXES {
            self.d[i] = T::select(mask, new.d[i], self.d[i]);
            if i < 3 {
                self.up[i] = new.up[i];
                self.low[i] = new.low[i];
                for &j in F::AXES.iter().filter(|j| **j < 3) {
                    self.axes[i][j] = new.axes[i][j];
                }
            }
        }
        self.scalar = new.scalar;
    }

    /// What the upper body feels as the gradient of energy, from a wrench in the joint's axes.
    #[inline(always)]
    pub(super) fn pulling(&self, w: &[T; 6]) -> Pulling<T> {
        let m = [w[3], w[4], w[5]];
        let phi = [self.d[3] * 0.5, self.d[4] * 0.5, self.d[5] * 0.5];
        let c = cross(&phi, &m);
        let held = [
            self.scalar * m[0] + c[0],
            self.scalar * m[1] + c[1],
            self.scalar * m[2] + c[2],
        ];
        Pulling {
            force: combined(&self.axes, &[w[0], w[1], w[2]]),
            moment: combined(&self.axes, &held),
        }
    }

    /// Takes the joint's pull from the residuals of both bodies.
    #[inline(always)]
    pub(super) fn act(&self, p: &Pulling<T>, upper: &mut Six<T>, lower: &mut Six<T>) {
        let (mu, ml) = (cross(&self.up, &p.force), cross(&self.low, &p.force));
        for i in 0..3 {
            upper[i] -= p.force[i];
            lower[i] += p.force[i];
            upper[i + 3] -= mu[i] + p.moment[i];
            lower[i + 3] += ml[i] + p.moment[i];
        }
    }

    /// Adds the joint's tangent `k` to the diagonal blocks of the upper and the lower
    /// body, and gives the block that couples them: rows of the lower, columns of the
    /// upper.
    #[inline(always)]
    pub(super) fn stiffen(
        &self,
        k: &[T; PACKED],
        p: &Pulling<T>,
        upper: &mut [T; PACKED],
        lower: &mut [T; PACKED],
    ) -> [[T; 6]; 6] {
        let world = self.in_world(k);
        let (pu, pl) = (world.levered(&self.up), world.levered(&self.low));
        let corner_u = world.corner(&self.up, &pu);
        let turning = half(&self.up, &p.force);
        add_diagonal(upper, &world, &pu, &corner_u, &turning);
        let corner_l = world.corner(&self.low, &pl);
        let turning = half(&self.low, &p.force);
        add_diagonal(lower, &world, &pl, &corner_l, &turning);
        add_turning(lower, &p.force);
        let mut coupling = [[self.scalar.of(0.0); 6]; 6];
        self.couple(&world, &pu, &pl, p, &mut coupling);
        coupling
    }

    /// The tangent turned into world axes.
    #[inline(always)]
    fn in_world(&self, k: &[T; PACKED]) -> InWorld<T> {
        let e = &self.axes;
        let phi = [self.d[3] * 0.5, self.d[4] * 0.5, self.d[5] * 0.5];
        // Columns of E Gᵀ: how a unit moment about a joint axis acts in the world.
        let s = self.scalar;
        let g = [
            [s, phi[2], -phi[1]],
            [-phi[2], s, phi[0]],
            [phi[1], -phi[0], s],
        ];
        let t = [combined(e, &g[0]), combined(e, &g[1]), combined(e, &g[2])];
        InWorld {
            ff: block(k, (0, 0), e, e),
            fm: block(k, (0, 3), e, &t),
            mm: block(k, (3, 3), &t, &t),
        }
    }

    /// The block that couples both bodies: rows of the lower, columns of the upper.
    #[inline(always)]
    fn couple(
        &self,
        world: &InWorld<T>,
        pu: &[Three<T>; 3],
        pl: &[Three<T>; 3],
        p: &Pulling<T>,
        into: &mut [[T; 6]; 6],
    ) {
        let f = &p.force;
        let corner = world.corner_between(&self.low, &self.up, pu);
        let along = dot(f, &self.up);
        let spin = spin(f);
        for i in 0..3 {
            for j in 0..3 {
                into[i][j] -= world.ff[i][j];
                into[i][j + 3] -= pu[i][j];
                into[i + 3][j] -= pl[j][i] - spin[i][j];
                into[i + 3][j + 3] -= corner[i][j] + self.up[i] * f[j];
            }
            into[i + 3][i + 3] += along;
        }
    }
}

/// A tangent in world axes: force over displacement, force over rotation, moment over rotation.
struct InWorld<T> {
    ff: [Three<T>; 3],
    fm: [Three<T>; 3],
    mm: [Three<T>; 3],
}

impl<T: Real> InWorld<T> {
    /// B − A a×: force over rotation of a body whose origin is `a` away.
    #[inline(always)]
    fn levered(&self, a: &Three<T>) -> [Three<T>; 3] {
        let mut all = self.fm;
        for (line, force) in all.iter_mut().zip(&self.ff) {
            let c = cross(force, a);
            for (value, taken) in line.iter_mut().zip(&c) {
                *value -= *taken;
            }
        }
        all
    }

    /// a× P + C − Bᵀ a×, moment over rotation of one body.
    #[inline(always)]
    fn corner(&self, a: &Three<T>, p: &[Three<T>; 3]) -> [Three<T>; 3] {
        self.corner_between(a, a, p)
    }

    /// a× P + C − Bᵀ b×.
    #[inline(always)]
    fn corner_between(&self, a: &Three<T>, b: &Three<T>, p: &[Three<T>; 3]) -> [Three<T>; 3] {
        let mut all = self.mm;
        for j in 0..3 {
            let c = cross(a, &[p[0][j], p[1][j], p[2][j]]);
            for i in 0..3 {
                all[i][j] += c[i];
            }
        }
        for (i, line) in all.iter_mut().enumerate() {
            let c = cross(&[self.fm[0][i], self.fm[1][i], self.fm[2][i]], b);
            for j in 0..3 {
                line[j] -= c[j];
            }
        }
        all
    }
}

/// ½(f×a× + a×f×): how a force on a lever arm stiffens turning.
#[inline(always)]
fn half<T: Real>(a: &Three<T>, f: &Three<T>) -> [Three<T>; 3] {
    let along = dot(a, f);
    let mut all = [[along; 3]; 3];
    for (i, line) in all.iter_mut().enumerate() {
        for (j, value) in line.iter_mut().enumerate() {
            *value = (a[i] * f[j] + f[i] * a[j]) * 0.5;
        }
        line[i] -= along;
    }
    all
}

/// f×.
#[inline(always)]
fn spin<T: Real>(f: &Three<T>) -> [Three<T>; 3] {
    let zero = f[0].of(0.0);
    [
        [zero, -f[2], f[1]],
        [f[2], zero, -f[0]],
        [-f[1], f[0], zero],
    ]
}

#[inline(always)]
fn add_diagonal<T: Real>(
    into: &mut [T; PACKED],
    world: &InWorld<T>,
    p: &[Three<T>; 3],
    corner: &[Three<T>; 3],
    turning: &[Three<T>; 3],
) {
    for i in 0..3 {
        for j in 0..=i {
            into[packed(i, j)] += world.ff[i][j];
            into[packed(i + 3, j + 3)] += corner[i][j] + turning[i][j];
        }
        for j in 0..3 {
            into[packed(i + 3, j)] += p[j][i];
        }
    }
}

/// The lower body carries the joint's axes: its turning turns the force.
#[inline(always)]
fn add_turning<T: Real>(into: &mut [T; PACKED], f: &Three<T>) {
    let spin = spin(f);
    for i in 0..3 {
        for j in 0..3 {
            into[packed(i + 3, j)] -= spin[i][j];
        }
    }
}

#[cfg(test)]
mod tests;
