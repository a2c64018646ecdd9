//! Skull, C1–L5, sacrum: where they are, how large and how heavy, in one person lying down.
//!
//! Axes, here and in the whole column: **x** anterior, **y** left, **z** cranial;
//! the world's z lies along the couch. Rotations are right-handed about these
//! axes, so +φy is flexion. SI: m, kg, rad.
//!
//! [`Anatomy::of`] builds it from published regressions (`tables::geometry`,
//! `tables::discs`, `tables::masses`: rows B013, B065–B090, B095–B106), replaces
//! what was measured of this person, bends it as the person lies and stacks the
//! bones from the sacrum. Sizes are the middle of what is believed; how far they
//! may lie off are the ranges of `tables::geometry` and, for the height and area
//! of discs, the factors of `tables::person` that an ensemble draws. Adults of 1.4–2.1 m; beyond
//! that the regressions are extrapolated, below the age of 20 and above 75 discs
//! are taken as at those ages.
//!
//! Left out: what differs between supine and prone in the chest, rotation of
//! vertebrae in a coronal curve, transitional vertebrae. Shown by
//! `tests/anatomy.rs`.

mod curve;
mod error;
mod mass;
mod measured;
mod size;
mod stack;

pub use crate::lumped::{Patient as Person, Position, Sex};
pub use error::AnatomyError;
pub use measured::{Coronal, Measured, Posture, Reading};

use crate::tables::geometry;
use si::{Kilograms, Metres, Newtons};
use size::{Bodies, Discs};
use stack::Stack;

/// Skull, 24 vertebrae, sacrum with pelvis and legs.
pub const BODIES: usize = 26;
/// C0–C1 … L5–S1; joint `j` joins body `j` (above) and body `j + 1` (below).
pub const JOINTS: usize = BODIES - 1;

/// One rigid body with the slice of the person that moves with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bone {
    /// Centre of the vertebral body (skull: its centre of mass; sacrum: centre of S1's body), m.
    pub origin: [f64; 3],
    /// Sagittal tilt at rest, flexion positive, rad.
    pub tilt: f64,
    /// Coronal tilt at rest about x, rad (0 in a straight spine).
    pub lean: f64,
    /// Height of the body, m.
    pub height: f64,
    /// Depth from front to back, m.
    pub depth: f64,
    /// Width from side to side, m.
    pub width: f64,
    /// Mass of the slice of the trunk (head with skull, pelvis and legs with sacrum), kg.
    pub mass: f64,
    /// Principal moments of inertia of the slice about x, y, z, kg m².
    pub inertia: [f64; 3],
}

/// One motion segment at rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Joint {
    /// Centre of the disc (C0–C1, C1–C2: of the joint), m.
    pub centre: [f64; 3],
    /// The joint's own axes, each a unit vector of the world: anterior, left, along the disc's normal upwards.
    pub frame: [[f64; 3]; 3],
    /// Mean height of the disc at rest lying, m.
    pub height: f64,
    /// Height at the front minus height at the back, m.
    pub wedge: f64,
    /// Depth of the disc, m.
    pub depth: f64,
    /// Width of the disc, m.
    pub width: f64,
    /// Cross-section, m².
    pub area: f64,
    /// Degeneration, Pfirrmann 1 (healthy) to 5 (collapsed).
    pub grade: u8,
    /// Height of the intervertebral foramen at rest, m.
    pub foramen_height: f64,
    /// Area of the intervertebral foramen at rest, m².
    pub foramen_area: f64,
    /// Distance behind the disc's centre of the facet joints, m (0 at C0–C1, where they are the joint).
    pub facet_back: f64,
    /// Distance of each facet joint from the midline, m.
    pub facet_aside: f64,
    /// Distance behind the disc's centre of the tips of the spinous processes, m.
    pub spinous_back: f64,
}

/// The spine of one person as it lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anatomy {
    /// From the skull to the sacrum.
    pub bones: [Bone; BODIES],
    /// From C0–C1 to L5–S1.
    pub joints: [Joint; JOINTS],
}

impl Anatomy {
    /// This person, lying so, with what was measured.
    ///
    /// # Errors
    /// A person, posture or measurement outside the range people have.
    pub fn of(
        person: &Person,
        posture: &Posture,
        measured: &Measured,
    ) -> Result<Self, AnatomyError> {
        person.check()?;
        posture.check()?;
        measured.check()?;
        let bodies = size::bodies(person);
        let discs = size::discs(person, &bodies, measured);
        let mut curve = curve::curve(posture, measured);
        curve.fit(&discs);
        let mut placed = stack::stack(&bodies, &discs, &curve);
        if let Some(wanted) = measured.sagittal_offset {
            let wanted = wanted.get();
            // The arm T12–L1 to C7 turns an offset into an angle; four corrections reach a nanometre.
            for _ in 0..8 {
                let arm = placed.origins[7][2] - placed.centres[19][2];
                curve.lean_forward((wanted - stack::offset(&placed, &bodies)) / arm);
                curve.fit(&discs);
                placed = stack::stack(&bodies, &discs, &curve);
            }
        }
        let masses = mass::masses(person, measured)?;
        let inertias = mass::inertias(person, &masses, &bodies, &discs);
        Ok(Self {
            bones: core::array::from_fn(|bone| {
                let mean = |[upper, lower]: [f64; 2]| 0.5 * (upper + lower);
                let skull = stack::SKULL.map(|one| one * bodies.scale);
                let [height, depth, width] = match bone {
                    0 => skull,
                    _ => [
                        bodies.heights[bone],
                        mean(bodies.depths[bone]),
                        mean(bodies.widths[bone]),
                    ],
                };
                Bone {
                    origin: placed.origins[bone],
                    tilt: placed.tilts[bone],
                    lean: curve.leans[bone],
                    height,
                    depth,
                    width,
                    mass: masses[bone],
                    inertia: inertias[bone],
                }
            }),
            joints: core::array::from_fn(|j| joint(j, &bodies, &discs, &curve.joints, &placed)),
        })
    }

    /// Length of the column C1–L5 along its curve, what B077 gives for sound discs.
    #[must_use]
    pub fn column_length(&self) -> Metres {
        let bones: f64 = self.bones[1..=24].iter().map(|bone| bone.height).sum();
        let discs: f64 = self.joints[1..=23].iter().map(|joint| joint.height).sum();
        Metres::raw(bones + discs)
    }

    /// Distance along the couch from the joint under the skull to that on the sacrum.
    #[must_use]
    pub fn stature_of_column(&self) -> Metres {
        Metres::raw(self.joints[0].centre[2] - self.joints[JOINTS - 1].centre[2])
    }

    /// Weight of every body above joint `joint` (0 = C0–C1; beyond L5–S1 the whole person).
    #[must_use]
    pub fn weight_above(&self, joint: usize) -> Newtons {
        let bodies = self.bones.iter().take(joint.saturating_add(1));
        Kilograms::raw(bodies.map(|bone| bone.mass).sum()).weight()
    }

    /// Weight of pelvis and legs.
    #[must_use]
    pub fn lower_body_weight(&self) -> Newtons {
        Kilograms::raw(self.bones[BODIES - 1].mass).weight()
    }

    /// Weight of the head without the neck.
    #[must_use]
    pub fn head_weight(&self) -> Newtons {
        Kilograms::raw(self.bones[0].mass).weight()
    }

    /// Mass of the person, the sum of all slices.
    #[must_use]
    pub fn mass(&self) -> Kilograms {
        Kilograms::raw(self.bones.iter().map(|bone| bone.mass).sum())
    }
}

impl Bone {
    /// Axes of the bone, each a unit vector of the world: anterior, left, up.
    #[must_use]
    pub fn axes(&self) -> [[f64; 3]; 3] {
        stack::axes(self.tilt, self.lean)
    }
}

/// Joint `j` with the places its ligaments and facets need.
fn joint(
    j: usize,
    bodies: &Bodies,
    discs: &Discs,
    angles: &[f64; JOINTS],
    placed: &Stack,
) -> Joint {
    let (height, depth) = (discs.heights[j], discs.depths[j]);
    // C0–C1 and C1–C2 have no disc to be wedged.
    let wedge = match j {
        0 | 1 => 0.0,
        _ => 2.0 * depth * libm::tan(0.5 * angles[j]),
    };
    let behind = |mm: f64| (0.5 * depth + mm * bodies.scale * 1e-3).max(0.0);
    let above = match j {
        0 => bodies.heights[1],
        _ => bodies.heights[j],
    };
    let foramen_height = height - 0.5 * wedge + geometry::FORAMEN_IN_BODY[j] * above;
    let foramen_width = geometry::FORAMEN_WIDTH[j] * foramen_height;
    Joint {
        centre: placed.centres[j],
        frame: placed.frames[j],
        height,
        wedge,
        depth,
        width: discs.widths[j],
        area: discs.areas[j],
        grade: discs.grades[j],
        foramen_height,
        foramen_area: geometry::FORAMEN_OUTLINE * foramen_width * foramen_height,
        facet_back: behind(geometry::FACETS_BEHIND[j]),
        facet_aside: geometry::FACETS_ASIDE[j] * bodies.scale * 1e-3,
        spinous_back: behind(geometry::SPINOUS_BEHIND[j]),
    }
}
