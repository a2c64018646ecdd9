//! What lies around the disc of one joint: nothing yet.

use super::PACKED;
use crate::anatomy::Joint;
use crate::real::Real;
use crate::unknown::{Draw, Unknown};

/// The elements beside the disc.
#[derive(Clone, Copy, Debug)]
pub struct Around<T> {
    zero: T,
}

impl<T: Real> Around<T> {
    /// Of joint `at`.
    pub fn build(_joint: &Joint, _at: usize, draw: &Draw<T>) -> Self {
        Self {
            zero: draw[Unknown::Tone].of(0.0),
        }
    }

    /// Adds the change of the wrench from rest, and `guard` newtons of active muscle.
    #[inline(always)]
    pub fn add(&self, _d: &[T; 6], guard: T, wrench: &mut [T; 6]) {
        wrench[2] += guard;
    }

    /// Adds the tangent.
    #[inline(always)]
    pub fn add_tangent(&self, _d: &[T; 6], _k: &mut [T; PACKED]) {}

    /// Change of the axial force from rest in ligaments, facets and muscle, N.
    #[inline(always)]
    pub fn shares(&self, _d: &[T; 6], guard: T) -> [T; 3] {
        [self.zero, self.zero, guard]
    }

    /// Force of both facets, N.
    pub fn facets(&self, _d: &[T; 6]) -> T {
        self.zero
    }

    /// Largest ligament strain as a share of that at failure.
    pub fn worst(&self, _d: &[T; 6]) -> T {
        self.zero
    }

    /// What the passive elements of a preparation pull at an opening, N.
    pub fn resist(&self, opening: T) -> T {
        opening * 0.0
    }
}
