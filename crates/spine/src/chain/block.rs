//! Symmetric block-tridiagonal systems of 6 × 6 blocks, in O(n).
//!
//! ```text
//! H = 𝓛 𝓓 𝓛ᵀ     diagonal blocks of 𝓛: L_k (unit lower), below them M_k; 𝓓 diagonal
//! D_k  = L_k d_k L_kᵀ                        after subtracting M_{k−1} d_{k−1} M_{k−1}ᵀ
//! M_k  = C_k L_k⁻ᵀ d_k⁻¹                     C_k: rows of body k + 1, columns of body k
//! ```
//!
//! No pivoting: with inertia or supports H is positive definite. A pivot that is
//! not is replaced by a stiff one ([`SMALLEST_PIVOT`]): the direction is then
//! frozen for this iteration instead of blowing up, and the residual decides.
//!
//! Shown by the tests below (against dense elimination).

use super::Freedom;
use crate::real::Real;
use crate::tissue::{PACKED, packed};

/// The longest chain.
pub const MAX_BODIES: usize = 26;

/// Pivots below this are not trusted (N/m or N m).
const SMALLEST_PIVOT: f64 = 1e-6;
/// What stands in for them.
const FROZEN: f64 = 1e12;

/// A vector of six numbers a body.
pub type Six<T> = [T; 6];

/// The matrix, and after [`Blocks::factor`] its factors in the same place.
#[derive(Clone, Debug)]
pub struct Blocks<T> {
    /// Packed lower triangles; after factoring L below and 1/d on the diagonal.
    pub diagonal: [[T; PACKED]; MAX_BODIES],
    /// `below[k]`: rows of body k + 1, columns of body k.
    pub below: [[[T; 6]; 6]; MAX_BODIES],
}

impl<T: Real> Blocks<T> {
    /// All zero.
    #[inline(always)]
    pub fn new(zero: T) -> Self {
        Self {
            diagonal: [[zero; PACKED]; MAX_BODIES],
            below: [[[zero; 6]; 6]; MAX_BODIES],
        }
    }

    /// Factors the first `count` bodies in place.
    #[inline(always)]
    pub fn factor(&mut self, count: usize) {
        let count = count.min(MAX_BODIES);
        for k in 0..count {
            factor_block(&mut self.diagonal[k]);
            if k + 1 < count {
                let factors = self.diagonal[k];
                eliminate(&factors, &mut self.below[k], &mut self.diagonal[k + 1]);
            }
        }
    }

    /// Puts the factors of body `at` in place, in the lanes that `mask` names or in all.
    #[inline(always)]
    pub(super) fn put<F: Freedom>(
        &mut self,
        at: usize,
        (diagonal, below): (&[T; PACKED], &[[T; 6]; 6]),
        mask: Option<T::Mask>,
    ) {
        for &i in F::AXES {
            for &j in F::AXES {
                put(&below[i][j], &mut self.below[at][i][j], mask);
                if j <= i {
                    let place = packed(i, j);
                    put(&diagonal[place], &mut self.diagonal[at][place], mask);
                }
            }
        }
    }

    /// Solves H x = b in place of `b`.
    #[inline(always)]
    pub fn solve(&self, count: usize, b: &mut [Six<T>; MAX_BODIES]) {
        let count = count.min(MAX_BODIES);
        for k in 0..count {
            let mut y = b[k];
            if k > 0 {
                let above = b[k - 1];
                for (row, value) in self.below[k - 1].iter().zip(&mut y) {
                    for (m, x) in row.iter().zip(&above) {
                        *value -= *m * *x;
                    }
                }
            }
            let l = &self.diagonal[k];
            for i in 1..6 {
                for j in 0..i {
                    let known = y[j];
                    y[i] -= l[packed(i, j)] * known;
                }
            }
            b[k] = y;
        }
        for k in (0..count).rev() {
            let l = &self.diagonal[k];
            let mut x = b[k];
            for (i, value) in x.iter_mut().enumerate() {
                *value = *value * l[packed(i, i)];
            }
            if k + 1 < count {
                let below = b[k + 1];
                for (row, known) in self.below[k].iter().zip(&below) {
                    for (m, value) in row.iter().zip(&mut x) {
                        *value -= *m * *known;
                    }
                }
            }
            for i in (0..5).rev() {
                for j in i + 1..6 {
                    let known = x[j];
                    x[i] -= l[packed(j, i)] * known;
                }
            }
            b[k] = x;
        }
    }
}

#[inline(always)]
fn put<T: Real>(from: &T, to: &mut T, mask: Option<T::Mask>) {
    *to = match mask {
        Some(mask) => T::select(mask, *from, *to),
        None => *from,
    };
}

/// L and 1/d in place of the block.
///
/// Written out column by column: in loops the block stays in memory, and lanes of
/// eight took three times as long.
#[inline(always)]
pub(super) fn factor_block<T: Real>(block: &mut [T; PACKED]) {
    let mut a = *block;
    first_columns(&mut a);
    last_columns(&mut a);
    *block = a;
}

#[inline(always)]
fn first_columns<T: Real>(a: &mut [T; PACKED]) {
    let inverse = invert(a[0]);
    let scaled = [
        a[1] * inverse,
        a[3] * inverse,
        a[6] * inverse,
        a[10] * inverse,
        a[15] * inverse,
    ];
    a[2] -= scaled[0] * a[1];
    a[4] -= scaled[1] * a[1];
    a[5] -= scaled[1] * a[3];
    a[7] -= scaled[2] * a[1];
    a[8] -= scaled[2] * a[3];
    a[9] -= scaled[2] * a[6];
    a[11] -= scaled[3] * a[1];
    a[12] -= scaled[3] * a[3];
    a[13] -= scaled[3] * a[6];
    a[14] -= scaled[3] * a[10];
    a[16] -= scaled[4] * a[1];
    a[17] -= scaled[4] * a[3];
    a[18] -= scaled[4] * a[6];
    a[19] -= scaled[4] * a[10];
    a[20] -= scaled[4] * a[15];
    a[0] = inverse;
    a[1] = scaled[0];
    a[3] = scaled[1];
    a[6] = scaled[2];
    a[10] = scaled[3];
    a[15] = scaled[4];
    let inverse = invert(a[2]);
    let scaled = [
        a[4] * inverse,
        a[7] * inverse,
        a[11] * inverse,
        a[16] * inverse,
    ];
    a[5] -= scaled[0] * a[4];
    a[8] -= scaled[1] * a[4];
    a[9] -= scaled[1] * a[7];
    a[12] -= scaled[2] * a[4];
    a[13] -= scaled[2] * a[7];
    a[14] -= scaled[2] * a[11];
    a[17] -= scaled[3] * a[4];
    a[18] -= scaled[3] * a[7];
    a[19] -= scaled[3] * a[11];
    a[20] -= scaled[3] * a[16];
    a[2] = inverse;
    a[4] = scaled[0];
    a[7] = scaled[1];
    a[11] = scaled[2];
    a[16] = scaled[3];
}

#[inline(always)]
fn last_columns<T: Real>(a: &mut [T; PACKED]) {
    let inverse = invert(a[5]);
    let scaled = [a[8] * inverse, a[12] * inverse, a[17] * inverse];
    a[9] -= scaled[0] * a[8];
    a[13] -= scaled[1] * a[8];
    a[14] -= scaled[1] * a[12];
    a[18] -= scaled[2] * a[8];
    a[19] -= scaled[2] * a[12];
    a[20] -= scaled[2] * a[17];
    a[5] = inverse;
    a[8] = scaled[0];
    a[12] = scaled[1];
    a[17] = scaled[2];
    let inverse = invert(a[9]);
    let scaled = [a[13] * inverse, a[18] * inverse];
    a[14] -= scaled[0] * a[13];
    a[19] -= scaled[1] * a[13];
    a[20] -= scaled[1] * a[18];
    a[9] = inverse;
    a[13] = scaled[0];
    a[18] = scaled[1];
    let inverse = invert(a[14]);
    let scaled = [a[19] * inverse];
    a[20] -= scaled[0] * a[19];
    a[14] = inverse;
    a[19] = scaled[0];
    a[20] = invert(a[20]);
}

/// 1/d of a pivot, or a stiff one in its place.
#[inline(always)]
pub(super) fn invert<T: Real>(pivot: T) -> T {
    let trusted = pivot.of(SMALLEST_PIVOT).less(pivot);
    pivot.of(1.0) / T::select(trusted, pivot, pivot.of(FROZEN))
}

/// Turns C into M and takes M d Mᵀ from the next diagonal block; rows written out as well.
#[inline(always)]
pub(super) fn eliminate<T: Real>(
    l: &[T; PACKED],
    coupling: &mut [[T; 6]; 6],
    next: &mut [T; PACKED],
) {
    let mut scaled = [[l[0]; 6]; 6];
    for (y, m) in scaled.iter_mut().zip(coupling.iter_mut()) {
        let y0 = m[0];
        let y1 = m[1] - l[1] * y0;
        let y2 = m[2] - l[3] * y0 - l[4] * y1;
        let y3 = m[3] - l[6] * y0 - l[7] * y1 - l[8] * y2;
        let y4 = m[4] - l[10] * y0 - l[11] * y1 - l[12] * y2 - l[13] * y3;
        let y5 = m[5] - l[15] * y0 - l[16] * y1 - l[17] * y2 - l[18] * y3 - l[19] * y4;
        *y = [y0, y1, y2, y3, y4, y5];
        *m = [
            y0 * l[0],
            y1 * l[2],
            y2 * l[5],
            y3 * l[9],
            y4 * l[14],
            y5 * l[20],
        ];
    }
    for i in 0..6 {
        let y = &scaled[i];
        for j in 0..=i {
            let m = &coupling[j];
            let sum = (y[0] * m[0] + y[1] * m[1])
                + (y[2] * m[2] + y[3] * m[3])
                + (y[4] * m[4] + y[5] * m[5]);
            next[packed(i, j)] -= sum;
        }
    }
}

#[cfg(test)]
#[allow(clippy::needless_range_loop, reason = "matrix algebra by indices")]
mod tests {
    use super::*;

    /// A positive definite chain with entries from a fixed sequence.
    fn chain(count: usize) -> Blocks<f64> {
        let mut seed = 7_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as f64 / f64::from(1_u32 << 31) - 0.5
        };
        let mut blocks = Blocks::new(0.0);
        for k in 0..count {
            for i in 0..6 {
                for j in 0..=i {
                    blocks.diagonal[k][packed(i, j)] = next() + if i == j { 12.0 } else { 0.0 };
                }
                for j in 0..6 {
                    blocks.below[k][i][j] = next();
                }
            }
        }
        blocks
    }

    fn times(
        blocks: &Blocks<f64>,
        count: usize,
        x: &[Six<f64>; MAX_BODIES],
    ) -> [Six<f64>; MAX_BODIES] {
        let mut y = [[0.0; 6]; MAX_BODIES];
        for k in 0..count {
            for i in 0..6 {
                for j in 0..6 {
                    let place = if j <= i { packed(i, j) } else { packed(j, i) };
                    y[k][i] += blocks.diagonal[k][place] * x[k][j];
                    if k + 1 < count {
                        y[k + 1][i] += blocks.below[k][i][j] * x[k][j];
                        y[k][i] += blocks.below[k][j][i] * x[k + 1][j];
                    }
                }
            }
        }
        y
    }

    #[test]
    fn what_is_solved_gives_the_right_side_back() {
        for count in [1, 2, 5, MAX_BODIES] {
            let blocks = chain(count);
            let mut x = [[0.0; 6]; MAX_BODIES];
            for (k, six) in x.iter_mut().enumerate() {
                *six = core::array::from_fn(|i| (k * 6 + i) as f64 * 0.1 - 3.0);
            }
            let mut b = times(&blocks, count, &x);
            let mut factors = blocks.clone();
            factors.factor(count);
            factors.solve(count, &mut b);
            for k in 0..count {
                for i in 0..6 {
                    assert!((b[k][i] - x[k][i]).abs() < 1e-12, "{count} {k} {i}");
                }
            }
        }
    }

    #[test]
    fn a_direction_that_nothing_holds_does_not_move() {
        let mut blocks = chain(1);
        for i in 0..6 {
            blocks.diagonal[0][packed(5, i)] = 0.0;
        }
        blocks.factor(1);
        let mut b = [[1.0; 6]; MAX_BODIES];
        blocks.solve(1, &mut b);
        assert!(b[0].iter().all(|x| x.is_finite()));
        assert!(b[0][5].abs() < 1e-9);
    }
}
