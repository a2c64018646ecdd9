//! What joins two bones, one element a file: each law with its tangent.
//!
//! A joint's deformation `d` is (anterior, left, cranial) displacement of the
//! upper bone over the lower at the disc's centre, m, then the rotation vector
//! about the same axes, rad, all in the joint's own frame and zero at rest. A
//! wrench is its conjugate: what the joint pulls back with (N, N m). Tension and
//! opening are positive along z.

pub mod around;
pub mod bench;
pub mod bending;
pub mod branch;
pub mod disc;
pub mod facet;
pub mod fluid;
pub mod guarding;
pub mod ligament;
pub mod muscle;
pub mod nucleus;
pub mod output;
pub mod segment;
mod strand;
pub mod toe;

/// Place of row `i`, column `j` (`j` ≤ `i`) in a packed symmetric 6 × 6 matrix.
#[must_use]
pub const fn packed(i: usize, j: usize) -> usize {
    i * (i + 1) / 2 + j
}

/// Entries of a packed symmetric 6 × 6 matrix.
pub const PACKED: usize = 21;
