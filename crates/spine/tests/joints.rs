//! A published preparation as a joint, and everyone's middle as a person.

use si::{Kilograms, Region};
use spine::anatomy::Joint;
use spine::lumped::{Patient, Sex};
use spine::tables::{cervical, creep, lumbar};
use spine::tissue::segment::Segment;
use spine::unknown::{COUNT, Draw, Unknown};

/// Number of L4–L5 from the skull.
pub(crate) const L4L5: usize = 23;
/// Number of C4–C5.
pub(crate) const C4C5: usize = 4;

/// The same for a pull at the neck.
pub(crate) fn middle_of_neck() -> Draw<f64> {
    let mut draw = middle();
    draw.0[Unknown::Tension as usize] = cervical::STIFFNESS.value;
    draw.0[Unknown::ToeForce as usize] = cervical::TOE_FORCE.value;
    draw.0[Unknown::Tone as usize] = 25.0;
    draw
}

/// Every unknown in its middle.
pub(crate) fn middle() -> Draw<f64> {
    let mut all = [1.0; COUNT];
    for (unknown, value) in [
        (Unknown::Relief, lumbar::RELIEF_SHARE.value),
        (Unknown::ToeForce, lumbar::TOE_FORCE.value),
        (Unknown::Tension, lumbar::LINEAR_STIFFNESS.value),
        (Unknown::FastTime, creep::FAST_TIME.value),
        (Unknown::SlowTime, creep::SLOW_TIME.value),
        (Unknown::FastShare, creep::FAST_SHARE.value),
        (Unknown::Recovery, creep::RECOVERY.value),
        (Unknown::Tone, 50.0),
        (Unknown::Swelling, 60e3),
        (Unknown::PressureFactor, 1.4),
    ] {
        all[unknown as usize] = value;
    }
    Draw(all)
}

/// A man of that age.
pub(crate) fn man(age_years: f64) -> Patient {
    Patient {
        sex: Some(Sex::Male),
        age_years,
        height: None,
        mass: Kilograms::new(70.0).expect("a mass"),
    }
}

/// L4–L5 of middle size, disc grade 2, or as large as Wilke's subject's (B013).
pub(crate) fn lumbar(area: f64) -> Joint {
    Joint {
        centre: [0.0; 3],
        frame: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        height: 0.0140,
        wedge: 0.004,
        depth: 0.0376,
        width: 0.0517,
        area,
        grade: 2,
        foramen_height: 0.019,
        foramen_area: 1.4e-4,
        facet_back: 0.032,
        facet_aside: 0.018,
        spinous_back: 0.065,
    }
}

/// C4–C5 of middle size.
pub(crate) fn cervical() -> Joint {
    Joint {
        height: 0.0055,
        wedge: 0.001,
        depth: 0.016,
        width: 0.019,
        area: 2.7e-4,
        foramen_height: 0.009,
        foramen_area: 4e-5,
        facet_back: 0.016,
        facet_aside: 0.02,
        spinous_back: 0.035,
        ..lumbar(1.0)
    }
}

/// L4–L5 of a man of that age with the grade usual at it.
pub(crate) fn segment(age_years: f64, draw: &Draw<f64>) -> Segment<f64> {
    let grade = if age_years < 42.0 { 2 } else { 3 };
    let joint = Joint {
        grade,
        ..lumbar(1.65e-3)
    };
    Segment::build(&joint, L4L5, Region::Lumbar, &man(age_years), draw)
}
