//! Strands along the normal of the disc, in the middle or in pairs, and their sum.
//!
//! A strand that leaves the disc's centre `b` behind and `y` to the left is
//! stretched by
//!
//! ```text
//! Δ = d_z + y φ_x + b φ_y
//! ```
//!
//! which is linear in the deformation, so its wrench is `F·(1, y, b)` on
//! (z, φx, φy), and its tangent `F′` times the square of that. Strands of a pair
//! share one law and `b`; what they have in common and what differs is summed
//! before it is multiplied. [`Sum`] gathers a whole group of strands and touches
//! wrench and tangent once.
//!
//! Departure: strands run along the normal; their share in shear and torsion is
//! left to the disc and the facets.
//! Shown by `strands::each_tangent_is_the_derivative_of_its_wrench`.

use super::toe::Toe;
use super::{PACKED, packed};
use crate::real::Real;

const Z: usize = 2;
const SIDE: usize = 3;
const BEND: usize = 4;

/// A strand in the median plane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Median<T> {
    pub(crate) law: Toe<T>,
    /// Distance behind the disc's centre, m.
    pub(crate) back: T,
}

impl<T: Real> Median<T> {
    /// Stretch, m.
    #[inline(always)]
    pub(crate) fn stretch(&self, d: &[T; 6]) -> T {
        d[Z] + self.back * d[BEND]
    }
}

/// Two strands alike, left and right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<T> {
    pub(crate) law: Toe<T>,
    /// Distance behind the disc's centre, m.
    pub(crate) back: T,
    /// Distance from the midline, m.
    pub(crate) aside: T,
}

impl<T: Real> Pair<T> {
    /// Stretch of the left and of the right strand, m.
    #[inline(always)]
    pub(crate) fn stretch(&self, d: &[T; 6]) -> [T; 2] {
        let both = d[Z] + self.back * d[BEND];
        let tilt = self.aside * d[SIDE];
        [both + tilt, both - tilt]
    }
}

/// What a group of strands adds to a joint.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sum<T> {
    z: T,
    side: T,
    bend: T,
    k_z: T,
    k_side_z: T,
    k_side: T,
    k_bend_z: T,
    k_bend_side: T,
    k_bend: T,
}

impl<T: Real> Sum<T> {
    /// Nothing yet, minus the force (N) and the flexion moment (N m) there at rest.
    #[inline(always)]
    pub(crate) fn new(rest: &[T; 2]) -> Self {
        let zero = rest[0].of(0.0);
        Self {
            z: -rest[0],
            side: zero,
            bend: -rest[1],
            k_z: zero,
            k_side_z: zero,
            k_side: zero,
            k_bend_z: zero,
            k_bend_side: zero,
            k_bend: zero,
        }
    }

    #[inline(always)]
    pub(crate) fn median(&mut self, strand: &Median<T>, d: &[T; 6]) {
        let (force, slope) = strand.law.at(strand.stretch(d));
        self.z += force;
        self.bend += strand.back * force;
        self.k_z += slope;
        let lever = strand.back * slope;
        self.k_bend_z += lever;
        self.k_bend += strand.back * lever;
    }

    #[inline(always)]
    pub(crate) fn pair(&mut self, pair: &Pair<T>, d: &[T; 6]) {
        let [left, right] = pair.stretch(d);
        let ((force_l, slope_l), (force_r, slope_r)) = (pair.law.at(left), pair.law.at(right));
        let force = force_l + force_r;
        self.z += force;
        self.side += pair.aside * (force_l - force_r);
        self.bend += pair.back * force;
        let (slope, odd) = (slope_l + slope_r, pair.aside * (slope_l - slope_r));
        self.k_z += slope;
        self.k_side_z += odd;
        self.k_side += pair.aside * pair.aside * slope;
        let lever = pair.back * slope;
        self.k_bend_z += lever;
        self.k_bend_side += pair.back * odd;
        self.k_bend += pair.back * lever;
    }

    /// Change of the axial force from rest, N.
    #[inline(always)]
    pub(crate) fn axial(&self) -> T {
        self.z
    }

    /// Adds the wrench.
    #[inline(always)]
    pub(crate) fn wrench(&self, wrench: &mut [T; 6]) {
        wrench[Z] += self.z;
        wrench[SIDE] += self.side;
        wrench[BEND] += self.bend;
    }

    /// Adds the tangent.
    #[inline(always)]
    pub(crate) fn tangent(&self, k: &mut [T; PACKED]) {
        k[packed(Z, Z)] += self.k_z;
        k[packed(SIDE, Z)] += self.k_side_z;
        k[packed(SIDE, SIDE)] += self.k_side;
        k[packed(BEND, Z)] += self.k_bend_z;
        k[packed(BEND, SIDE)] += self.k_bend_side;
        k[packed(BEND, BEND)] += self.k_bend;
    }
}

/// Axial force (N) and flexion moment (N m) that strands carry at rest.
pub(crate) fn rest<T: Real>(medians: &[Median<T>], pairs: &[Pair<T>], zero: T) -> [T; 2] {
    let mut rest = [zero; 2];
    for one in medians {
        let force = one.law.rest();
        rest[0] += force;
        rest[1] += one.back * force;
    }
    for pair in pairs {
        let force = pair.law.rest() * 2.0;
        rest[0] += force;
        rest[1] += pair.back * force;
    }
    rest
}
