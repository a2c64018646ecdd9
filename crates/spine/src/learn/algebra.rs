//! The little linear algebra of learning: Cholesky factors of two sizes.
//!
//! Fixed sizes and a fixed order of sums: the same bits everywhere. A matrix
//! that is not positive definite gives a factor that is not a number, which
//! [`Belief`](crate::unknown::Belief) then refuses.

use super::FEATURES;
use crate::unknown::{COUNT, FACTOR, packed};

/// One number for every coordinate.
pub(super) type Row = [f64; COUNT];
/// One number for every pair of features.
pub(super) type Small = [[f64; FEATURES]; FEATURES];

/// Lower factor of a small symmetric matrix, in its place.
pub(super) fn small_factor(matrix: &mut Small) {
    for row in 0..FEATURES {
        for column in 0..=row {
            let mut sum = matrix[row][column];
            let known = matrix[row].iter().zip(&matrix[column]).take(column);
            for (one, other) in known {
                sum -= one * other;
            }
            matrix[row][column] = if row == column {
                libm::sqrt(sum)
            } else {
                sum / matrix[column][column]
            };
        }
    }
}

/// x ← L⁻¹ x.
pub(super) fn forwards(factor: &Small, x: &mut [f64; FEATURES]) {
    for row in 0..FEATURES {
        for before in 0..row {
            x[row] -= factor[row][before] * x[before];
        }
        x[row] /= factor[row][row];
    }
}

/// Sum of products.
pub(super) fn dot(one: &Row, other: &Row) -> f64 {
    one.iter().zip(other).fold(0.0, |sum, (x, y)| sum + x * y)
}

/// Lower factor of a packed symmetric matrix; not a number where it is not positive definite.
pub(super) fn cholesky(matrix: &[f64; FACTOR]) -> [f64; FACTOR] {
    let mut factor = [0.0; FACTOR];
    for row in 0..COUNT {
        for column in 0..=row {
            let mut sum = matrix[packed(row, column)];
            for before in 0..column {
                sum -= factor[packed(row, before)] * factor[packed(column, before)];
            }
            factor[packed(row, column)] = if row == column {
                libm::sqrt(sum)
            } else {
                sum / factor[packed(column, column)]
            };
        }
    }
    factor
}
