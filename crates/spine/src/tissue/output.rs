//! What one level shows: openings, foramen, bulge, canal, strain.
//!
//! ```text
//! anterior = d_z − φ_y D/2,  posterior = d_z + φ_y D/2
//! foramen:  Δh = d_z + φ_y b_f,   ΔA = A_f Δh/h_f − ½ Δbulge h_f
//! bulge = −β A/(P h) (posterior − ζ)        canal = −bulge + 0.2 (d_z + φ_y b)
//! fibre:  ε = sin²θ max(d_z ± φ_x W/2, d_z ± φ_y D/2)/h + sin θ cos θ |γ|
//! ```
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | D, W, h, A, P | depth, width, height, area, circumference of the disc | m, m² |
//! | b_f, b | foramen and facets behind the disc's centre | m |
//! | ζ | height that came with fluid: it brings its volume, so nothing bulges for it | m |
//! | β | ½: the walls take up half of the volume that the height frees (ours, 0.3–1) | 1 |
//! | θ | fibres to the disc's plane, 30° (B132) | rad |
//! | γ | (φ_z r + shear)/h, r half of the mean diameter | 1 |
//!
//! Foramen area, bulge and canal are *trends*: their sign and order are meant (A048–A052),
//! and 0.2 (flavum of 3.5 mm thinning over 17 mm) is ours. Fibre strain is from the
//! lying position; its limit, 12 %, is the middle of 9–15 % (B129, recalled).
//! Shown by `tests/tissue.rs`, `tests/tissue_people.rs` and `tests/tissue_lanes.rs`.

use crate::anatomy::Joint;
use crate::real::Real;
use crate::unknown::{Draw, Unknown};

/// β.
const WALLS: f64 = 0.5;
/// Thinning of the flavum per length it is stretched.
const FLAVUM: f64 = 0.2;
/// sin²θ and sin θ cos θ at 30°.
const FIBRE: [f64; 2] = [0.25, 0.433_012_701_892_219_3];
/// Fibre strain at failure (B129).
pub const FIBRE_LIMIT: f64 = 0.12;

/// Sizes that the outputs need.
#[derive(Clone, Copy, Debug)]
pub struct Shape<T> {
    half_depth: f64,
    half_width: f64,
    foramen_back: f64,
    facet_back: f64,
    foramen_height: f64,
    /// Area over height, m.
    foramen_width: f64,
    per_height: T,
    walls: T,
}

/// What a deformation makes of them.
#[derive(Clone, Copy, Debug)]
pub struct Openings<T> {
    /// Opening at the disc's centre, m.
    pub separation: T,
    /// At the front rim, m.
    pub anterior: T,
    /// At the back rim, m.
    pub posterior: T,
    /// About x, y (flexion positive), z, rad.
    pub rotation: [T; 3],
    /// Change of the height of the foramen, m.
    pub foramen_height: T,
    /// Change of its area, m² (trend).
    pub foramen_area: T,
    /// Change of the posterior bulge, m (trend).
    pub bulge: T,
    /// Change of the sagittal width of the canal, m (trend).
    pub canal: T,
    /// Largest strain of outer fibres.
    pub fibre_strain: T,
    /// The same as a share of the failure limit.
    pub annulus_strain: T,
}

/// One level at one instant. Forces in N, tension positive; pressures in Pa.
#[derive(Clone, Copy, Debug)]
pub struct LevelReport<T> {
    /// Axial force of the disc itself (at rest: minus tone).
    pub disc_force: T,
    /// Its change from rest.
    pub disc_change: T,
    /// Change of the axial force of all ligaments.
    pub ligament_change: T,
    /// Of both facets.
    pub facet_change: T,
    /// Of muscle, active included.
    pub muscle_change: T,
    /// Contact force of both facets together, not negative.
    pub facet_force: T,
    /// Pressure of the nucleus against the atmosphere.
    pub pressure: T,
    /// Its change from rest.
    pub pressure_change: T,
    /// Height of the disc that came with fluid, m.
    pub fluid: T,
    /// Largest ligament strain as a share of that at failure.
    pub ligament_strain: T,
    /// Geometry.
    pub shape: Openings<T>,
}

impl<T: Real> Shape<T> {
    /// Of one joint.
    pub fn build(joint: &Joint, draw: &Draw<T>) -> Self {
        let height = draw[Unknown::Height] * joint.height;
        let around = core::f64::consts::FRAC_PI_2 * (joint.depth + joint.width);
        let half_depth = 0.5 * joint.depth;
        Self {
            half_depth,
            half_width: 0.5 * joint.width,
            foramen_back: 0.5 * (half_depth + joint.facet_back),
            facet_back: joint.facet_back,
            foramen_height: joint.foramen_height,
            foramen_width: if joint.foramen_height > 0.0 {
                joint.foramen_area / joint.foramen_height
            } else {
                0.0
            },
            per_height: height.of(1.0) / height,
            walls: draw[Unknown::Area] * (WALLS * joint.area / around) / height,
        }
    }

    /// What the deformation `d` with `fluid` metres of fluid makes of the level.
    #[inline(always)]
    pub fn of(&self, d: &[T; 6], fluid: T) -> Openings<T> {
        let [x, y, z, side, bend, twist] = *d;
        let tilt = bend * self.half_depth;
        let (anterior, posterior) = (z - tilt, z + tilt);
        let bulge = -(self.walls * (posterior - fluid));
        let foramen = z + bend * self.foramen_back;
        let rim = (z + tilt.abs()).max(z + (side * self.half_width).abs());
        let radius = 0.5 * (self.half_depth + self.half_width);
        let shear = (twist * radius).abs() + x.abs() + y.abs();
        let fibre = (rim * FIBRE[0] + shear * FIBRE[1]) * self.per_height;
        Openings {
            separation: z,
            anterior,
            posterior,
            rotation: [side, bend, twist],
            foramen_height: foramen,
            foramen_area: foramen * self.foramen_width - bulge * (0.5 * self.foramen_height),
            bulge,
            canal: (z + bend * self.facet_back) * FLAVUM - bulge,
            fibre_strain: fibre,
            annulus_strain: fibre * (1.0 / FIBRE_LIMIT),
        }
    }
}
