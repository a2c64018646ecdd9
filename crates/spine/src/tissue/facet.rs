//! Two facet joints in contact: each pushes, neither pulls.
//!
//! The upper bone's process closes on the lower one's along `m`, a unit vector
//! in the joint's frame; seen from the disc's centre the contact is at
//! `r = (−b, ±a, 0)`:
//!
//! ```text
//! m = (sin β sin θ, ± sin β cos θ, −cos β)        left +, right −
//! p = G·d,  G = (m, r × m)                          approach from rest, m
//! F = toe law of p, never negative                  N
//! w = Σ G (F − F₀),  K = Σ G Gᵀ F′
//! ```
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | θ | facet's plane from the sagittal plane (0 sagittal, π/2 coronal) | rad |
//! | β | facet's plane from the disc's plane | rad |
//! | a, b | `facet_aside`, `facet_back` | m |
//! | F₀ | force at rest, a share of what muscle tone presses | N |
//!
//! Lumbar plates stand nearly sagittal: they stop torsion and forward shear.
//! Thoracic ones are coronal, cervical ones lie at 45°. A pull unloads them; once
//! apart they do nothing. Constants: [`crate::tables::facets`], all ours, within
//! B055 and B056; facet force is where published models differ most (E017).
//! Departures: plane plates without friction, one point of contact a side;
//! C0–C1 and C1–C2 as if they were like the levels below.
//! Shown by `strands::torsion_presses_one_lumbar_facet_and_frees_the_other`,
//! `strands::a_pull_unloads_the_facets_and_apart_they_do_nothing`.

use super::ligament::{LUMBAR, THORAX};
use super::toe::Toe;
use super::{PACKED, packed};
use crate::anatomy::Joint;
use crate::chain::Freedom;
use crate::real::Real;
use crate::tables::facets::{
    CERVICAL_RISE, CERVICAL_TURN, JUNCTION_TURN, LUMBAR_RISE, LUMBAR_TURN, REST_SHARE, STIFFNESS,
    THORACIC_RISE, THORACIC_TURN, TOE,
};
use crate::unknown::{Draw, Unknown};

/// Number of the joint T12–L1, whose facets are of lumbar shape.
const JUNCTION: usize = LUMBAR - 1;

/// The facets of one joint.
#[derive(Clone, Copy, Debug)]
pub struct Facets<T> {
    law: Toe<T>,
    /// Approach of the left facet per unit of each deformation; the right one
    /// has the same on x, z, φy and the opposite on y, φx, φz.
    g: [f64; 6],
    /// Force of one facet at rest, N.
    rest: T,
}

/// Which deformations act on both facets alike.
const ALIKE: [usize; 3] = [0, 2, 4];
/// Which act on them oppositely.
const OPPOSED: [usize; 3] = [1, 3, 5];

impl<T: Real> Facets<T> {
    /// The facets of `joint`, which is number `index` from the skull.
    pub fn build(joint: &Joint, index: usize, draw: &Draw<T>) -> Self {
        let factor = draw[Unknown::Facets];
        let rest = draw[Unknown::Tone] * REST_SHARE.value;
        let law = Toe::loaded(factor * STIFFNESS.value, rest, factor.of(TOE.value));
        let (turn, rise) = faces(index);
        let m = [
            libm::sin(rise) * libm::sin(turn),
            libm::sin(rise) * libm::cos(turn),
            -libm::cos(rise),
        ];
        let (back, aside) = (joint.facet_back, joint.facet_aside);
        let g = [
            m[0],
            m[1],
            m[2],
            aside * m[2],
            back * m[2],
            -back * m[1] - aside * m[0],
        ];
        Self {
            rest: law.rest(),
            law,
            g,
        }
    }

    /// How far both facets approach alike, m.
    #[inline(always)]
    fn alike(&self, d: &[T; 6]) -> T {
        let g = &self.g;
        d[0] * g[0] + d[2] * g[2] + d[4] * g[4]
    }

    /// Force and its slope of the left and of the right facet, N and N/m.
    #[inline(always)]
    fn pressed<F: Freedom>(&self, d: &[T; 6]) -> [(T, T); 2] {
        let (g, alike) = (&self.g, self.alike(d));
        if F::PLANE {
            return [self.law.at(alike); 2];
        }
        let opposed = d[1] * g[1] + d[3] * g[3] + d[5] * g[5];
        [self.law.at(alike + opposed), self.law.at(alike - opposed)]
    }

    /// Force of the left and of the right facet, N, never negative.
    #[inline(always)]
    pub fn force<F: Freedom>(&self, d: &[T; 6]) -> [T; 2] {
        let [left, right] = self.pressed::<F>(d);
        [left.0, right.0]
    }

    /// Adds the change of the wrench from rest (N, N m).
    #[inline(always)]
    pub fn add<F: Freedom>(&self, d: &[T; 6], wrench: &mut [T; 6]) {
        let [left, right] = self.pressed::<F>(d);
        let alike = left.0 + right.0 - self.rest * 2.0;
        for on in ALIKE {
            wrench[on] += alike * self.g[on];
        }
        if !F::PLANE {
            let opposed = left.0 - right.0;
            for on in OPPOSED {
                wrench[on] += opposed * self.g[on];
            }
        }
    }

    /// Adds the tangent.
    #[inline(always)]
    pub fn add_tangent<F: Freedom>(&self, d: &[T; 6], k: &mut [T; PACKED]) {
        let [left, right] = self.pressed::<F>(d);
        let (even, odd) = (left.1 + right.1, left.1 - right.1);
        for &i in F::AXES {
            let (e, o) = (even * self.g[i], odd * self.g[i]);
            for &j in F::AXES {
                if j <= i {
                    let of = if (i + j).is_multiple_of(2) { e } else { o };
                    k[packed(i, j)] += of * self.g[j];
                }
            }
        }
    }

    /// Change of the axial force from rest, N.
    #[inline(always)]
    pub fn axial<F: Freedom>(&self, d: &[T; 6]) -> T {
        let [left, right] = self.force::<F>(d);
        (left + right - self.rest * 2.0) * self.g[2]
    }
}

/// Angles of the facet's plane from the sagittal plane and from the disc's, rad.
fn faces(index: usize) -> (f64, f64) {
    if index < THORAX {
        (CERVICAL_TURN.value, CERVICAL_RISE.value)
    } else if index < JUNCTION {
        (THORACIC_TURN.value, THORACIC_RISE.value)
    } else if index == JUNCTION {
        (JUNCTION_TURN.value, LUMBAR_RISE.value)
    } else {
        let level = (index - LUMBAR).min(LUMBAR_TURN.len() - 1);
        (LUMBAR_TURN[level].value, LUMBAR_RISE.value)
    }
}
