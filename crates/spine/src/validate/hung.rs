//! Pulls on people and cadavers who lie or hang without muscle: Kurutz, Twomey, necks in tension.

use super::bench::{LOW_LUMBAR, Spine, adult, axial, lying, names, over};
use super::picture::{Course, Picture};
use super::{Measured, Results, plan};
use crate::anatomy::Measured as Readings;
use crate::lumped::Patient;
use crate::tables::lumbar::{KURUTZ_FINAL_TIME, KURUTZ_TENSION};
use si::Region;

/// Ages that stand for the bands.
const AGES: [f64; 3] = [30.0, 50.0, 70.0];
/// First reading, s: the harness of water is on.
const AT_ONCE: f64 = 1.0;

/// Mean opening of the three lower levels, mm, at once and at each minute of 20.
fn course(person: &Patient, spine: &Spine) -> Option<Vec<f64>> {
    let anatomy = lying(person, &Readings::default())?;
    let mut mean = vec![0.0; 21];
    for at in LOW_LUMBAR {
        let mut test = spine.specimen(&anatomy, at, person)?.axial();
        test.apply(axial(KURUTZ_TENSION), AT_ONCE).ok()?;
        mean[0] += test.deformation()[2] * 1e3 / 3.0;
        for minute in &mut mean[1..] {
            test.hold(axial(KURUTZ_TENSION), KURUTZ_FINAL_TIME / 20.0, 4)
                .ok()?;
            *minute += test.deformation()[2] * 1e3 / 3.0;
        }
    }
    Some(mean)
}

/// A017–A027.
pub(super) fn kurutz() -> Results {
    let mut cases = Vec::new();
    for quantity in ["initial", "final", "stiffness", "ratio"] {
        cases.extend(AGES.map(|age| format!("{quantity} {age}")));
    }
    cases.push("monotone".to_owned());
    over(Region::Lumbar, &cases, |spine| {
        let mut ends = Vec::new();
        for age in AGES {
            let course = course(&adult(age), spine)?;
            ends.push((*course.first()?, *course.last()?));
        }
        let mut all: Vec<f64> = ends.iter().map(|end| end.0).collect();
        all.extend(ends.iter().map(|end| end.1));
        all.extend(ends.iter().map(|end| KURUTZ_TENSION / end.0));
        all.extend(ends.iter().map(|end| end.1 / end.0));
        let falls = ends
            .windows(2)
            .all(|pair| pair[1].0 < pair[0].0 && pair[1].1 < pair[0].1);
        all.push(f64::from(u8::from(falls)));
        Some(all)
    })
}

/// Elongation against time by age.
pub(super) fn kurutz_picture() -> Picture {
    let courses = AGES.map(|age| {
        let minutes: Vec<String> = (0..=20).map(|minute| minute.to_string()).collect();
        let ours = over(Region::Lumbar, &minutes, |spine| course(&adult(age), spine));
        Course {
            label: format!("{age} years"),
            published: published(&[
                (0.0, &format!("initial {age}")),
                (20.0, &format!("final {age}")),
            ]),
            ours: placed(&ours),
        }
    });
    Picture {
        name: "elongation-by-age",
        title: "Elongation of a lumbar segment hung in water, by age",
        what: "Mean of L3-L4 to L5-S1 under 51 N against time; rows A017 to A022 with 40 % shaded.",
        x_unit: "min",
        y_unit: "mm",
        courses: courses.to_vec(),
    }
}

/// Results whose names are places on the horizontal axis.
pub(super) fn placed(results: &Results) -> Vec<(f64, Measured)> {
    let at = |(name, value): &(String, Measured)| Some((name.parse().ok()?, *value));
    results.iter().filter_map(at).collect()
}

/// Targets by case, with their bounds, at places on the horizontal axis.
pub(super) fn published(cases: &[(f64, &str)]) -> Vec<(f64, Measured)> {
    let targets = plan::targets();
    let find = |(x, case): &(f64, &str)| {
        let target = targets.iter().find(|target| target.case == *case)?;
        let value = target.published.parse().ok()?;
        let at = Measured {
            value,
            low: target.low,
            high: target.high,
        };
        Some((*x, at))
    };
    cases.iter().filter_map(find).collect()
}

/// A039, A040: five joints of a cadaver under 9 kg; posture is held, so no lordosis is lost.
pub(super) fn twomey() -> Results {
    let old = adult(65.0);
    over(
        Region::Lumbar,
        &names(&["initial", "final", "joint"]),
        |spine| {
            let anatomy = lying(&old, &Readings::default())?;
            let (mut first, mut last) = (0.0, 0.0);
            for at in 20..25 {
                let mut test = spine.specimen(&anatomy, at, &old)?.axial();
                // No tone in a cadaver: its rest is the disc without load.
                test.hold(axial(88.3), AT_ONCE, 1).ok()?;
                first += test.deformation()[2] * 1e3;
                test.hold(axial(88.3), 1800.0, 60).ok()?;
                last += test.deformation()[2] * 1e3;
            }
            Some(vec![first, last, last / 5.0])
        },
    )
}

/// B061, B062: tangent between 100 and 200 N of each joint and of all in series, N/mm.
pub(super) fn cervical() -> Results {
    let donor = adult(60.0);
    over(Region::Cervical, &names(&["segment", "whole"]), |spine| {
        let gains = tension(&donor, spine, &[100.0, 200.0])?;
        let per = |joint: &Vec<f64>| joint[1] - joint[0];
        let total: f64 = gains.iter().map(per).sum();
        let discs = &gains[2..];
        let mean: f64 = discs.iter().map(per).sum::<f64>() / discs.len() as f64;
        Some(vec![100.0 / mean, 100.0 / total])
    })
}

/// Opening of C0–C1 … C7–T1 at each force, mm.
fn tension(donor: &Patient, spine: &Spine, forces: &[f64]) -> Option<Vec<Vec<f64>>> {
    let anatomy = lying(donor, &Readings::default())?;
    (0..8)
        .map(|at| {
            let mut test = spine.specimen(&anatomy, at, donor)?.axial();
            forces
                .iter()
                .map(|force| {
                    test.apply(axial(*force), AT_ONCE).ok()?;
                    Some(test.deformation()[2] * 1e3)
                })
                .collect()
        })
        .collect()
}

/// Tension curve of the whole neck.
pub(super) fn cervical_picture() -> Picture {
    let forces: Vec<f64> = (0..=10).map(|step| 25.0 * f64::from(step)).collect();
    let cases: Vec<String> = forces.iter().map(ToString::to_string).collect();
    let ours = over(Region::Cervical, &cases, |spine| {
        let openings = tension(&adult(60.0), spine, &forces)?;
        let sum = |index: usize| openings.iter().map(|joint| joint[index]).sum();
        Some((0..forces.len()).map(sum).collect())
    });
    // A stiffness was published, no curve: a straight line of 51 N/mm through our value at 100 N.
    let start = placed(&ours)
        .iter()
        .find(|(force, _)| *force >= 100.0)
        .map_or(0.0, |(_, at)| at.value);
    let line = [100.0, 250.0].map(|force| {
        let along = |stiffness: f64| start + (force - 100.0) / stiffness;
        let at = Measured {
            value: along(51.0),
            low: along(51.0 * 1.25),
            high: along(51.0 * 0.75),
        };
        (force, at)
    });
    Picture {
        name: "cervical-tension",
        title: "Tension of the whole cervical spine",
        what: "Lengthening of C0-T1 against force; the dashed slope is that of row B062, 51 N/mm, with 25 % shaded, laid on our curve at 100 N.",
        x_unit: "N",
        y_unit: "mm",
        courses: vec![Course {
            label: "C0-T1".to_owned(),
            published: line.to_vec(),
            ours: placed(&ours),
        }],
    }
}
