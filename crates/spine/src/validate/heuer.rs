//! Pure moments: the disc of L4–L5 alone (Heuer), whole segments (Panjabi), L1–L5 (Rohlmann).

use super::Results;
use super::bench::{L4L5, Spine, adult, lying, over};
use super::hung::{placed, published};
use super::picture::{Course, Picture};
use crate::anatomy::Measured as Readings;
use crate::chain::Space;
use crate::tissue::segment::Segment;
use si::Region;

const DIRECTIONS: [&str; 4] = ["flexion", "extension", "lateral", "axial"];
const MOMENTS: [f64; 4] = [1.0, 2.5, 5.0, 7.5];
/// Age of the specimens (ours: the middle of adult donors).
const AGE: f64 = 50.0;

/// Moments about x, y, z of a direction, N m.
fn about(direction: &str, moment: f64) -> [f64; 3] {
    match direction {
        "flexion" => [0.0, moment, 0.0],
        "extension" => [0.0, -moment, 0.0],
        "lateral" => [moment, 0.0, 0.0],
        _ => [0.0, 0.0, moment],
    }
}

/// Rotation (deg) and change of pressure (MPa) of the disc without ligaments and facets.
fn alone(segment: &Segment<f64>, direction: &str, moment: f64) -> (f64, f64) {
    let wanted = about(direction, moment);
    let bending = &segment.bending;
    let turned = [
        bending.lateral.opening(wanted[0]),
        bending.sagittal.opening(wanted[1]),
        bending.torsion.opening(wanted[2]),
    ];
    let d = [0.0, 0.0, 0.0, turned[0], turned[1], turned[2]];
    let pressure = |d: &[f64; 6]| {
        segment
            .nucleus
            .pressure(0.0, 0.0, &segment.bending.moments::<Space>(d))
    };
    let rise = pressure(&d) - pressure(&[0.0; 6]);
    let size = turned
        .iter()
        .fold(0.0, |most: f64, turn| most.max(turn.abs()));
    (size.to_degrees(), rise * 1e-6)
}

fn disc(spine: &Spine) -> Option<Segment<f64>> {
    let donor = adult(AGE);
    let anatomy = lying(&donor, &Readings::default())?;
    spine.segment(&anatomy, L4L5, &donor)
}

/// E001–E008.
pub(super) fn heuer() -> Results {
    let mut cases = Vec::new();
    for direction in DIRECTIONS {
        for moment in MOMENTS {
            cases.push(format!("rom {direction} {}", tenths(moment)));
            cases.push(format!("idp {direction} {}", tenths(moment)));
        }
    }
    over(Region::Lumbar, &cases, |spine| {
        let segment = disc(spine)?;
        let mut all = Vec::new();
        for direction in DIRECTIONS {
            for moment in MOMENTS {
                let (rotation, pressure) = alone(&segment, direction, moment);
                all.extend([rotation, pressure]);
            }
        }
        Some(all)
    })
}

fn tenths(moment: f64) -> String {
    format!("{moment:.1}")
}

/// Moment against rotation, and against pressure.
pub(super) fn rotation_picture() -> Picture {
    picture(
        "rom",
        "moment-rotation",
        "Rotation of the disc of L4-L5 alone under a pure moment",
        "Disc without ligaments and facets; rows E001 to E004 with the tolerance shaded.",
        "deg",
    )
}

/// See [`rotation_picture`].
pub(super) fn pressure_picture() -> Picture {
    picture(
        "idp",
        "moment-pressure",
        "Pressure of the disc of L4-L5 alone under a pure moment",
        "Change from the unloaded disc; rows E005 to E008 with their error bars shaded.",
        "MPa",
    )
}

fn picture(
    which: &str,
    name: &'static str,
    title: &'static str,
    what: &'static str,
    y_unit: &'static str,
) -> Picture {
    let moments: Vec<f64> = (0..=15).map(|step| 0.5 * f64::from(step)).collect();
    let cases: Vec<String> = moments.iter().map(ToString::to_string).collect();
    let courses = DIRECTIONS.map(|direction| {
        let ours = over(Region::Lumbar, &cases, |spine| {
            let segment = disc(spine)?;
            let at = |moment: &f64| {
                let (rotation, pressure) = alone(&segment, direction, *moment);
                if which == "rom" { rotation } else { pressure }
            };
            Some(moments.iter().map(at).collect())
        });
        let named = MOMENTS.map(|m| (m, format!("{which} {direction} {}", tenths(m))));
        let cases: Vec<(f64, &str)> = named.iter().map(|(m, case)| (*m, case.as_str())).collect();
        Course {
            label: direction.to_owned(),
            published: published(&cases),
            ours: placed(&ours),
        }
    });
    Picture {
        name,
        title,
        what,
        x_unit: "N m",
        y_unit,
        courses: courses.to_vec(),
    }
}

/// E014, E015: whole segments, free in all directions.
pub(super) fn panjabi() -> Results {
    let levels = ["L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1"];
    let mut cases = Vec::new();
    for level in levels {
        cases.extend(["flexion", "extension"].map(|way| format!("{level} {way}")));
    }
    cases.extend(["flexion-extension", "lateral", "axial"].map(|way| format!("L1-L5 {way}")));
    over(Region::Lumbar, &cases, |spine| {
        let turn = |at: usize, direction: &str, moment: f64| rotation(spine, at, direction, moment);
        let mut all = Vec::new();
        for at in 20..25 {
            all.push(turn(at, "flexion", 10.0)?);
            all.push(turn(at, "extension", 10.0)?);
        }
        let mut sums = [0.0; 3];
        for at in 20..24 {
            sums[0] += turn(at, "flexion", 7.5)? + turn(at, "extension", 7.5)?;
            sums[1] += 2.0 * turn(at, "lateral", 7.5)?;
            sums[2] += 2.0 * turn(at, "axial", 7.5)?;
        }
        all.extend(sums);
        Some(all)
    })
}

/// Rotation of a whole segment in the direction of a moment, deg.
fn rotation(spine: &Spine, at: usize, direction: &str, moment: f64) -> Option<f64> {
    let donor = adult(AGE);
    let anatomy = lying(&donor, &Readings::default())?;
    let mut test = spine.specimen(&anatomy, at, &donor)?;
    for share in 1..=5 {
        let [x, y, z] = about(direction, moment * f64::from(share) * 0.2);
        test.apply([0.0, 0.0, 0.0, x, y, z], 1.0).ok()?;
    }
    let d = test.deformation();
    let turn = match direction {
        "lateral" => d[3],
        "axial" => d[5],
        _ => d[4],
    };
    Some(turn.abs().to_degrees())
}
