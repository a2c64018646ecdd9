//! The plainest joint: springs and dampers along and about its three axes, each by itself.
//!
//! ```text
//! w_i = k_i d_i (1 + B_i d_i²) + c_i (d_i − d_i,before)/Δt
//! ```
//!
//! Bodies on bushings are what multibody programs are compared on, and what
//! closed forms exist for. No spine is made of them.

use super::{Joints, MAX_BODIES};
use crate::real::Real;
use crate::tissue::{PACKED, packed};

/// Constants of one bushing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bushing {
    /// k: stiffness, N/m and N m/rad.
    pub stiffness: [f64; 6],
    /// B: cubic stiffening, 1/m² and 1/rad².
    pub cubic: [f64; 6],
    /// c: damping, N s/m and N m s/rad.
    pub damping: [f64; 6],
}

/// A chain of bushings, with what their dampers remember.
#[derive(Clone, Debug)]
pub struct Bushings<T> {
    /// The bushing of each joint.
    pub each: [Bushing; MAX_BODIES],
    before: [[T; 6]; MAX_BODIES],
    now: [[T; 6]; MAX_BODIES],
    per_dt: f64,
}

impl<T: Real> Bushings<T> {
    /// The same bushing at every joint, at rest.
    #[inline(always)]
    pub fn all(bushing: Bushing, zero: T) -> Self {
        Self {
            each: [bushing; MAX_BODIES],
            before: [[zero; 6]; MAX_BODIES],
            now: [[zero; 6]; MAX_BODIES],
            per_dt: 0.0,
        }
    }

    /// Before a step of `dt`: what is now becomes what was before.
    #[inline(always)]
    pub fn begin(&mut self, dt: f64) {
        self.before = self.now;
        self.per_dt = 1.0 / dt;
    }
}

impl<T: Real> Joints<T> for Bushings<T> {
    #[inline(always)]
    fn wrench(&mut self, at: usize, d: &[T; 6]) -> [T; 6] {
        self.now[at] = *d;
        let (bushing, before) = (&self.each[at], &self.before[at]);
        let mut w = *d;
        for (i, value) in w.iter_mut().enumerate() {
            let q = d[i];
            let spring = q * bushing.stiffness[i] * (q * q * bushing.cubic[i] + 1.0);
            *value = spring + (q - before[i]) * (bushing.damping[i] * self.per_dt);
        }
        w
    }

    #[inline(always)]
    fn tangent(&mut self, at: usize, d: &[T; 6]) -> [T; PACKED] {
        let bushing = &self.each[at];
        let zero = d[0].of(0.0);
        let mut k = [zero; PACKED];
        for i in 0..6 {
            let q = d[i];
            k[packed(i, i)] = (q * q * (3.0 * bushing.cubic[i]) + 1.0) * bushing.stiffness[i]
                + bushing.damping[i] * self.per_dt;
        }
        k
    }
}
