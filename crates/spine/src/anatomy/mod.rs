//! Skull, C1–L5, sacrum: where they are, how large and how heavy, in one person lying down.
//!
//! Axes, here and in the whole column: **x** anterior, **y** left, **z** cranial;
//! the world's z lies along the couch. Rotations are right-handed about these
//! axes, so +φy is flexion. SI: m, kg, rad.

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
    /// The joint's own axes as unit columns: anterior, left, along the disc's normal upwards.
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
    /// Distance behind the disc's centre of the facet joints, m.
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
