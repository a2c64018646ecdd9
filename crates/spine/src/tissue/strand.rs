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
use crate::chain::Freedom;
use crate::real::Real;

const Z: usize = 2;
const SIDE: usize = 3;
const BEND: usize = 4;

/// A strand in the median plane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Median {
    pub(crate) law: Toe<f64>,
    /// Distance behind the disc's centre, m.
    pub(crate) back: f64,
}

impl Median {
    /// Stretch, m.
    #[inline(always)]
    pub(crate) fn stretch<T: Real>(&self, d: &[T; 6]) -> T {
        d[Z] + d[BEND] * self.back
    }
}

/// Two strands alike, left and right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) law: Toe<f64>,
    /// Distance behind the disc's centre, m.
    pub(crate) back: f64,
    /// Distance from the midline, m.
    pub(crate) aside: f64,
}

impl Pair {
    /// Stretch of the left and of the right strand, m.
    #[inline(always)]
    pub(crate) fn stretch<T: Real>(&self, d: &[T; 6]) -> [T; 2] {
        let both = d[Z] + d[BEND] * self.back;
        let tilt = d[SIDE] * self.aside;
        [both + tilt, both - tilt]
    }
}

/// What a group of strands adds to a joint.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sum<T> {
    /// Axial force (N) and flexion moment (N m) at rest.
    rest: [f64; 2],
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
    /// Nothing yet. What there is at `rest` (N, N m) is taken off at the end, when the same
    /// strands were summed in the same order: at rest not a bit is left.
    #[inline(always)]
    pub(crate) fn new(rest: &[f64; 2], like: T) -> Self {
        let zero = like.of(0.0);
        Self {
            rest: *rest,
            z: zero,
            side: zero,
            bend: zero,
            k_z: zero,
            k_side_z: zero,
            k_side: zero,
            k_bend_z: zero,
            k_bend_side: zero,
            k_bend: zero,
        }
    }

    #[inline(always)]
    pub(crate) fn median(&mut self, strand: &Median, d: &[T; 6]) {
        let (force, slope) = strand.law.for_all(d[Z]).at(strand.stretch(d));
        self.middle(force, slope, strand.back);
    }

    #[inline(always)]
    fn middle(&mut self, force: T, slope: T, back: f64) {
        self.z += force;
        self.bend += force * back;
        self.k_z += slope;
        let lever = slope * back;
        self.k_bend_z += lever;
        self.k_bend += lever * back;
    }

    #[inline(always)]
    pub(crate) fn pair<F: Freedom>(&mut self, pair: &Pair, d: &[T; 6]) {
        let law = pair.law.for_all(d[Z]);
        if F::PLANE {
            // Neither side tilts: twice one strand in the middle.
            let (force, slope) = law.at(d[Z] + d[BEND] * pair.back);
            self.middle(force * 2.0, slope * 2.0, pair.back);
            return;
        }
        let [left, right] = pair.stretch(d);
        let ((force_l, slope_l), (force_r, slope_r)) = (law.at(left), law.at(right));
        self.middle(force_l + force_r, slope_l + slope_r, pair.back);
        self.side += (force_l - force_r) * pair.aside;
        let odd = (slope_l - slope_r) * pair.aside;
        self.k_side_z += odd;
        self.k_side += (slope_l + slope_r) * (pair.aside * pair.aside);
        self.k_bend_side += odd * pair.back;
    }

    /// Change of the axial force from rest, N.
    #[inline(always)]
    pub(crate) fn axial(&self) -> T {
        self.z - self.rest[0]
    }

    /// Adds `factor` times the wrench.
    #[inline(always)]
    pub(crate) fn wrench<F: Freedom>(&self, factor: T, wrench: &mut [T; 6]) {
        wrench[Z] += factor * (self.z - self.rest[0]);
        wrench[BEND] += factor * (self.bend - self.rest[1]);
        if !F::PLANE {
            wrench[SIDE] += factor * self.side;
        }
    }

    /// Adds `factor` times the tangent.
    #[inline(always)]
    pub(crate) fn tangent<F: Freedom>(&self, factor: T, k: &mut [T; PACKED]) {
        k[packed(Z, Z)] += factor * self.k_z;
        k[packed(BEND, Z)] += factor * self.k_bend_z;
        k[packed(BEND, BEND)] += factor * self.k_bend;
        if !F::PLANE {
            k[packed(SIDE, Z)] += factor * self.k_side_z;
            k[packed(SIDE, SIDE)] += factor * self.k_side;
            k[packed(BEND, SIDE)] += factor * self.k_bend_side;
        }
    }
}

/// Axial force (N) and flexion moment (N m) that strands carry at rest, summed as in [`Sum`].
pub(crate) fn rest(medians: &[Median], pairs: &[Pair]) -> [f64; 2] {
    let mut rest = [0.0; 2];
    for one in medians {
        let force = one.law.rest();
        rest[0] += force;
        rest[1] += force * one.back;
    }
    for pair in pairs {
        let force = pair.law.rest() * 2.0;
        rest[0] += force;
        rest[1] += force * pair.back;
    }
    rest
}
