//! What each slice weighs and how it resists being turned.
//!
//! Mass: `tables::masses`. Moments of inertia about a slice's own centre, m and
//! half axes a (front), b (side), height h: an elliptic cylinder of tissue
//! density, Ixx = m (b²/4 + h²/12), Iyy = m (a²/4 + h²/12), Izz = m (a² + b²)/4;
//! the head is an ellipsoid, pelvis and legs a rod along the couch.

use super::measured::Measured;
use super::size::{Bodies, Discs, stature};
use super::{AnatomyError, BODIES, Person};
use crate::lumped::Sex;
use crate::tables::masses;
use si::STANDARD_GRAVITY;

const SACRUM: usize = BODIES - 1;
/// Least part of the person left for slices that were not measured.
const LEAST_LEFT: f64 = 0.1;

fn of_sex(sex: Option<Sex>, [men, women]: [f64; 2]) -> f64 {
    match sex {
        Some(Sex::Male) => men,
        Some(Sex::Female) => women,
        None => 0.5 * (men + women),
    }
}

/// Mass of the slice of each body, kg; the sum is the person's.
pub(super) fn masses(person: &Person, measured: &Measured) -> Result<[f64; BODIES], AnatomyError> {
    let mass = person.mass.get();
    let head = person.head_weight().get() / STANDARD_GRAVITY;
    let neck = head * masses::NECK.value;
    let arms = of_sex(person.sex, masses::ARMS);
    let lower = of_sex(person.sex, masses::LOWER_BODY);
    let shares: f64 = masses::SLICES.iter().sum::<f64>() + arms + lower;
    let rest = (mass - head) / shares;
    let usual: [f64; BODIES] = core::array::from_fn(|bone| match bone {
        0 => head - neck,
        1..=7 => neck / 7.0,
        SACRUM => lower * rest,
        _ => {
            let slice = bone - 8;
            let arm = masses::ARMS_ON.get(slice).map_or(0.0, |part| part * arms);
            (masses::SLICES[slice] + arm) * rest
        }
    });
    replace(&usual, measured, mass)
}

/// Measured slices as measured; the others share what is left.
fn replace(
    usual: &[f64; BODIES],
    measured: &Measured,
    mass: f64,
) -> Result<[f64; BODIES], AnatomyError> {
    let known = measured.masses.map(|slice| slice.map(si::Kilograms::get));
    for slice in known.into_iter().flatten() {
        AnatomyError::check("measured.masses", None, slice, (0.01, mass), "kg")?;
    }
    let slices: f64 = known.into_iter().flatten().sum();
    let open: f64 = (0..BODIES)
        .filter(|&bone| known[bone].is_none())
        .map(|bone| usual[bone])
        .sum();
    let left = mass - slices;
    if slices > 0.0 && left < LEAST_LEFT * mass {
        return Err(AnatomyError::Masses {
            slices,
            person: mass,
        });
    }
    if slices == 0.0 {
        return Ok(*usual);
    }
    Ok(core::array::from_fn(|bone| {
        known[bone].unwrap_or(usual[bone] * left / open)
    }))
}

/// Moments of inertia about x, y, z of each slice, kg m².
pub(super) fn inertias(
    person: &Person,
    masses: &[f64; BODIES],
    bodies: &Bodies,
    discs: &Discs,
) -> [[f64; 3]; BODIES] {
    core::array::from_fn(|bone| {
        let mass = masses[bone];
        match bone {
            0 => {
                let [a, b, c] = masses::HEAD_AXES.map(|axis| axis * bodies.scale);
                [b * b + c * c, a * a + c * c, a * a + b * b].map(|sum| mass * sum / 5.0)
            }
            SACRUM => cylinder(mass, masses::LEGS_LENGTH * stature(person)),
            _ => cylinder(mass, bodies.heights[bone] + discs.heights[bone]),
        }
    })
}

fn cylinder(mass: f64, height: f64) -> [f64; 3] {
    // π a b h ρ = m with a = depth · b.
    let section = mass / (core::f64::consts::PI * masses::DENSITY.value * height);
    let (aa, bb) = (section * masses::TRUNK_DEPTH, section / masses::TRUNK_DEPTH);
    let long = height * height / 12.0;
    [bb / 4.0 + long, aa / 4.0 + long, (aa + bb) / 4.0].map(|one| mass * one)
}
