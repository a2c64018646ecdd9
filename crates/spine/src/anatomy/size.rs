//! How large bones and discs are.
//!
//! Column length from stature (B077), lumbar bodies from it (B078), their
//! endplates from their heights (B079, B080), discs T12–L1 … L5–S1 from age and
//! sex (B065–B076); neck and chest ours, scaled so that C1–L5 with discs that
//! are not worn has the length of B077. See [`geometry`] for the departures.
//!
//! A worn disc is lower than the regression by its grade, a measured one is as
//! high as it was measured; bones do not change with either.

use super::{JOINTS, Measured, Person};
use crate::lumped::Sex;
use crate::tables::{discs, geometry};

/// The first lumbar body, and the joint T12–L1 above it.
const L1: usize = 20;
const T12_L1: usize = L1 - 1;

/// Sizes of the bodies C1 … L5 and S1 (0 is the skull's place and empty), m.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bodies {
    pub(super) heights: [f64; 26],
    /// Upper, then lower endplate.
    pub(super) widths: [[f64; 2]; 26],
    pub(super) depths: [[f64; 2]; 26],
    /// Size of neck and chest over the man of the tables.
    pub(super) scale: f64,
}

/// Sizes of the joints C0–C1 … L5–S1, m and m².
#[derive(Clone, Copy, Debug)]
pub(super) struct Discs {
    pub(super) heights: [f64; JOINTS],
    pub(super) widths: [f64; JOINTS],
    pub(super) depths: [f64; JOINTS],
    pub(super) areas: [f64; JOINTS],
    pub(super) grades: [u8; JOINTS],
}

/// Stature, m: the person's, or the mean of the sex.
pub(super) fn stature(person: &Person) -> f64 {
    let [women, men] = geometry::STATURES.map(|one| one.value);
    let mean = match person.sex {
        Some(Sex::Female) => women,
        Some(Sex::Male) => men,
        None => 0.5 * (women + men),
    };
    person.height.map_or(mean, si::Metres::get)
}

fn scale(stature: f64) -> f64 {
    geometry::column_length(stature) / geometry::column_length(geometry::STATURE_OF_TABLES)
}

/// Heights of discs that are not worn, m.
fn sound(person: &Person) -> [f64; JOINTS] {
    let (low, high) = geometry::AGES;
    let lumbar = discs::heights(person.age_years.clamp(low, high), person.sex);
    let women = match person.sex {
        Some(Sex::Female) => geometry::WOMEN_DISCS,
        Some(Sex::Male) => 1.0,
        None => 0.5 * (1.0 + geometry::WOMEN_DISCS),
    };
    let scale = scale(stature(person)) * women * 1e-3;
    core::array::from_fn(|j| match j {
        ..T12_L1 => geometry::UPPER_DISCS[j] * scale,
        _ => lumbar[j - T12_L1],
    })
}

/// Bones of a person.
pub(super) fn bodies(person: &Person) -> Bodies {
    let length = geometry::column_length(stature(person));
    let scale = scale(stature(person));
    let lumbar = geometry::BODY_SHARES.map(|share| share * geometry::BODIES_OF_COLUMN * length);
    // C1 to L5 holds every disc but C0–C1 and L5–S1.
    let between: f64 = sound(person)[1..JOINTS - 1].iter().sum();
    let upper = length - lumbar.iter().sum::<f64>() - between;
    let table: f64 = geometry::UPPER_BODIES.iter().sum();
    let mut sizes = Bodies {
        heights: [0.0; 26],
        widths: [[0.0; 2]; 26],
        depths: [[0.0; 2]; 26],
        scale,
    };
    for c in 0..19 {
        sizes.heights[c + 1] = geometry::UPPER_BODIES[c] * upper / table;
        sizes.widths[c + 1] = [geometry::UPPER_WIDTHS[c] * scale * 1e-3; 2];
        sizes.depths[c + 1] = [geometry::UPPER_DEPTHS[c] * scale * 1e-3; 2];
    }
    for (l, &height) in lumbar.iter().enumerate() {
        sizes.heights[L1 + l] = height;
        sizes.widths[L1 + l] = geometry::endplate_widths(height).map(|w| w * geometry::WIDER[l]);
        sizes.depths[L1 + l] = geometry::endplate_depths(height).map(|d| d * geometry::DEEPER[l]);
    }
    // S1 faces L5 with a slightly smaller endplate, and tapers.
    sizes.heights[25] = lumbar[4];
    let [width, depth] = [sizes.widths[24][1], sizes.depths[24][1]].map(|one| one * geometry::S1);
    sizes.widths[25] = [width, geometry::SACRUM_TAPERS[0] * width];
    sizes.depths[25] = [depth, geometry::SACRUM_TAPERS[1] * depth];
    sizes
}

/// Discs between these bones, with what was measured.
pub(super) fn discs(person: &Person, bodies: &Bodies, measured: &Measured) -> Discs {
    let sound = sound(person);
    let usual = usual_grade(person.age_years);
    let grades: [u8; JOINTS] = core::array::from_fn(|j| measured.grades[j].unwrap_or(usual));
    let facing = |of: &[[f64; 2]; 26], j: usize| match j {
        0 => of[1][0],
        _ => 0.5 * (of[j][1] + of[j + 1][0]),
    };
    let widths: [f64; JOINTS] = core::array::from_fn(|j| facing(&bodies.widths, j));
    let depths: [f64; JOINTS] = core::array::from_fn(|j| facing(&bodies.depths, j));
    Discs {
        heights: core::array::from_fn(|j| {
            let worn = geometry::GRADE_HEIGHT[usize::from(grades[j]) - 1].value;
            measured.disc_heights[j].map_or(sound[j] * worn, si::Metres::get)
        }),
        areas: core::array::from_fn(|j| {
            measured.disc_areas[j].unwrap_or(geometry::OUTLINE.value * widths[j] * depths[j])
        }),
        widths,
        depths,
        grades,
    }
}

/// Grade when none was read: what most have at that age; ours, ± 1.
fn usual_grade(age_years: f64) -> u8 {
    match age_years {
        ..25.0 => 1,
        ..50.0 => 2,
        _ => 3,
    }
}
