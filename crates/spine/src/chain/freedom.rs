//! Which of the six degrees of freedom a chain moves in.
//!
//! [`Space`] is all six. What is its own mirror image left and right and is pulled in
//! the median plane stays in that plane: [`Plane`] moves x, z and φ_y alone and leaves
//! the others at the zero that [`Space`] finds for them. The laws are the same; what
//! falls away is arithmetic on zeros, three quarters of it. Here each piece of the
//! chain's arithmetic is chosen; that of the plane is in `plane`.
//! Shown by `column::plane`: both give one session.

use super::block::{Blocks, MAX_BODIES, Six, eliminate, factor_block};
use super::link::{Bent, Link, Pulling};
use super::plane;
use super::pose::{Pose, Three};
use crate::real::Real;
use crate::tissue::PACKED;
use core::fmt::Debug;

/// Degrees of freedom of every body of a chain.
pub trait Freedom: Copy + Debug {
    /// Whether the median plane is not left.
    const PLANE: bool;
    /// Those of x, y, z, φ_x, φ_y, φ_z that move.
    const AXES: &'static [usize];
}

/// All six.
#[derive(Clone, Copy, Debug)]
pub struct Space;

/// Along x and z and about y.
#[derive(Clone, Copy, Debug)]
pub struct Plane;

impl Freedom for Space {
    const PLANE: bool = false;
    const AXES: &'static [usize] = &[0, 1, 2, 3, 4, 5];
}

impl Freedom for Plane {
    const PLANE: bool = true;
    const AXES: &'static [usize] = &[0, 2, 4];
}

/// Copies what moves.
#[inline(always)]
pub(super) fn copy<T: Real, F: Freedom>(from: &Six<T>, to: &mut Six<T>) {
    for &i in F::AXES {
        to[i] = from[i];
    }
}

/// The pose after a move.
#[inline(always)]
pub(super) fn moved<T: Real, F: Freedom>(pose: &Pose<T>, by: &Six<T>) -> Pose<T> {
    if F::PLANE {
        plane::moved(pose, by)
    } else {
        pose.moved(by)
    }
}

/// The rotation of a pose as a matrix of rows, where it is not that of rest.
#[inline(always)]
pub(super) fn turn<T: Real, F: Freedom>(pose: &Pose<T>, into: &mut [Three<T>; 3]) {
    if F::PLANE {
        plane::turn(pose, into);
    } else {
        *into = pose.matrix();
    }
}

/// The deformation of a joint between two posed bodies with their rotation matrices.
#[inline(always)]
pub(super) fn bent<T: Real, F: Freedom>(
    link: &Link,
    upper: (&Pose<T>, &[Three<T>; 3]),
    lower: (&Pose<T>, &[Three<T>; 3]),
) -> Bent<T> {
    if F::PLANE {
        plane::bent(link, upper, lower)
    } else {
        link.bent(upper, lower)
    }
}

/// Takes a joint's wrench from the residuals of both bodies; gives it in world axes.
#[inline(always)]
pub(super) fn act<T: Real, F: Freedom>(
    bent: &Bent<T>,
    wrench: &Six<T>,
    upper: &mut Six<T>,
    lower: &mut Six<T>,
) -> Pulling<T> {
    if F::PLANE {
        return plane::act(bent, wrench, upper, lower);
    }
    let pulling = bent.pulling(wrench);
    bent.act(&pulling, upper, lower);
    pulling
}

/// Adds a joint's tangent to the diagonal blocks of both bodies and puts the block between
/// into `below`.
#[inline(always)]
pub(super) fn stiffen<T: Real, F: Freedom>(
    (bent, k, pulling): (&Bent<T>, &[T; PACKED], &Pulling<T>),
    upper: &mut [T; PACKED],
    lower: &mut [T; PACKED],
    below: &mut [[T; 6]; 6],
) {
    if F::PLANE {
        plane::stiffen((bent, k, pulling), upper, lower, below);
    } else {
        *below = bent.stiffen(k, pulling, upper, lower);
    }
}

/// Factors a diagonal block in its place.
#[inline(always)]
pub(super) fn factor<T: Real, F: Freedom>(block: &mut [T; PACKED]) {
    if F::PLANE {
        plane::factor(block);
    } else {
        factor_block(block);
    }
}

/// Turns the block below into M and takes M d Mᵀ from the next diagonal block.
#[inline(always)]
pub(super) fn reduce<T: Real, F: Freedom>(
    factors: &[T; PACKED],
    below: &mut [[T; 6]; 6],
    next: &mut [T; PACKED],
) {
    if F::PLANE {
        plane::eliminate(factors, below, next);
    } else {
        eliminate(factors, below, next);
    }
}

/// Solves H x = b in place of `b`.
#[inline(always)]
pub(super) fn solve<T: Real, F: Freedom>(
    factors: &Blocks<T>,
    count: usize,
    b: &mut [Six<T>; MAX_BODIES],
) {
    if F::PLANE {
        plane::solve(factors, count, b);
    } else {
        factors.solve(count, b);
    }
}
