//! What lies around the disc of one joint: seven ligaments, two facets, muscle.
//!
//! Sums [`Ligaments`], [`Facets`] and [`Muscles`]; each gives only changes from rest.
//!
//! Ligaments and muscle creep as the disc beside them does in the first half hour (ours):
//! they feel d_z − `crept`, where `crept` is what the two quick compartments of
//! `fluid` have gained. Bone on bone does not creep: facets feel d_z.
//!
//! [`Around::resist`] is what they add to the pull on a *published* segment, by which the
//! disc is fitted. Hanging people came from standing, their ligaments slack: four fifths of
//! what these would hold from lying is counted ([`COUNTED`], ours, 0–1). Necks on the
//! bench had no muscle (B061) and started taut: all is counted. Shown by `tests/tissue.rs`, `tests/tissue_rows.rs`.

use super::PACKED;
use super::disc::FIRST_THORACIC;
use super::facet::Facets;
use super::ligament::Ligaments;
use super::muscle::Muscles;
use crate::anatomy::Joint;
use crate::chain::{Freedom, Plane};
use crate::real::Real;
use crate::unknown::{Draw, Unknown};

/// Share of the resistance from lying that Kurutz's segments had on their way from standing.
pub const COUNTED: f64 = 0.8;

/// The elements beside the disc.
#[derive(Clone, Copy, Debug)]
pub struct Around<T> {
    /// The seven ligaments.
    pub ligaments: Ligaments<T>,
    /// Both facets.
    pub facets: Facets<T>,
    /// Passive muscle, and where active muscle pulls.
    pub muscles: Muscles<T>,
}

impl<T: Real> Around<T> {
    /// Of joint `at`.
    pub fn build(joint: &Joint, at: usize, draw: &Draw<T>) -> Self {
        Self {
            ligaments: Ligaments::build(joint, at, draw),
            facets: Facets::build(joint, at, draw),
            muscles: Muscles::build(joint, at, draw),
        }
    }

    /// Of a preparation of bone, disc and bone: nothing is left beside the disc.
    pub fn none(joint: &Joint, at: usize, draw: &Draw<T>) -> Self {
        let mut bare = *draw;
        for unknown in [Unknown::Ligaments, Unknown::Muscle, Unknown::Tone] {
            bare.0[unknown as usize] = draw[unknown] * 0.0;
        }
        // A facet's toe is divided by its stiffness: next to none instead of none.
        bare.0[Unknown::Facets as usize] = draw[Unknown::Facets] * 1e-12;
        Self::build(joint, at, &bare)
    }

    /// Adds the change of the wrench from rest, after `crept` metres of creep, with
    /// `guard` newtons of active muscle.
    #[inline(always)]
    pub fn add<F: Freedom>(&self, d: &[T; 6], crept: T, guard: T, wrench: &mut [T; 6]) {
        let soft = eased(d, crept);
        self.ligaments.add::<F>(&soft, wrench);
        self.facets.add::<F>(d, wrench);
        self.muscles.add::<F>(&soft, guard, wrench);
    }

    /// Adds the tangent.
    #[inline(always)]
    pub fn add_tangent<F: Freedom>(&self, d: &[T; 6], crept: T, k: &mut [T; PACKED]) {
        let soft = eased(d, crept);
        self.ligaments.add_tangent::<F>(&soft, k);
        self.facets.add_tangent::<F>(d, k);
        self.muscles.add_tangent::<F>(&soft, k);
    }

    /// Change of the axial force from rest in ligaments, facets and muscle, N.
    #[inline(always)]
    pub fn shares<F: Freedom>(&self, d: &[T; 6], crept: T, guard: T) -> [T; 3] {
        let soft = eased(d, crept);
        [
            self.ligaments.axial::<F>(&soft),
            self.facets.axial::<F>(d),
            self.muscles.axial::<F>(&soft, guard),
        ]
    }

    /// Contact force of both facets together, N.
    #[inline(always)]
    pub fn contact<F: Freedom>(&self, d: &[T; 6]) -> T {
        let [left, right] = self.facets.force::<F>(d);
        left + right
    }

    /// What a published segment, joint `at`, owed to them at an opening (m), N.
    pub fn resist(&self, at: usize, opening: T) -> T {
        let zero = opening.of(0.0);
        let d = [zero, zero, opening, zero, zero, zero];
        let [ligaments, facets, muscles] = self.shares::<Plane>(&d, zero, zero);
        if at < FIRST_THORACIC {
            ligaments + facets
        } else {
            (ligaments + facets + muscles) * COUNTED
        }
    }
}

/// The deformation that soft tissue feels.
#[inline(always)]
fn eased<T: Real>(d: &[T; 6], crept: T) -> [T; 6] {
    let mut soft = *d;
    soft[2] -= crept;
    soft
}
