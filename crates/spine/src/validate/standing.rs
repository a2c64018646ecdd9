//! Loads and pressures of L4–L5 by posture (Wilke, Sato, Nachemson), and under a pull (Ramos, Gay, Andersson).

use super::Results;
use super::bench::{L4L5, Spine, adult, axial, lying, names, over, wilke};
use crate::anatomy::{Anatomy, Measured as Readings};
use crate::lumped::Patient;
use crate::stance::{Stance, Statics, added};
use crate::tissue::bench::SegmentTest;
use crate::unknown::Unknown;
use si::Region;

/// Time in a posture before the reading, s: long enough to settle, too short to lose much fluid.
const SETTLED: f64 = 60.0;
/// Cross-section of the subject's disc, m² (B013).
const AREA: f64 = 1.8e-3;
const MMHG: f64 = 133.322;

/// Wilke's subject with his own disc.
fn subject() -> Option<(Patient, Anatomy)> {
    let mut readings = Readings::default();
    readings.disc_areas[L4L5] = Some(AREA);
    readings.grades[L4L5] = Some(2);
    let person = wilke();
    let anatomy = lying(&person, &readings)?;
    Some((person, anatomy))
}

/// The disc was measured, so its area is known.
fn of_subject(spine: &Spine) -> Spine {
    let mut known = *spine;
    known.draw.0[Unknown::Area as usize] = 1.0;
    known
}

/// Pressure of L4–L5 in a stance, Pa.
fn pressure(person: &Patient, anatomy: &Anatomy, spine: &Spine, stance: Stance) -> Option<f64> {
    let mut test = spine.specimen(anatomy, L4L5, person)?.axial();
    let load = added(anatomy, stance, L4L5, &Statics::nominal()).get();
    test.apply(axial(-load), SETTLED).ok()?;
    Some(test.pressure())
}

const POSTURES: [&str; 12] = [
    "prone",
    "side",
    "standing",
    "flexed",
    "sitting",
    "sitting-flexed",
    "nonchalant",
    "lifting-round",
    "lifting-knees",
    "holding",
    "walking",
    "reclining",
];

/// B001–B021.
pub(super) fn posture() -> Results {
    let mut cases = names(&POSTURES);
    cases.extend(names(&["population"]));
    cases.extend(POSTURES.map(|name| format!("{name} kPa")));
    cases.extend(POSTURES.map(|name| format!("{name} %")));
    over(Region::Lumbar, &cases, |spine| {
        let (person, anatomy) = subject()?;
        let spine = &of_subject(spine);
        let of = |name: &&str| pressure(&person, &anatomy, spine, Stance::parse(name)?);
        let all: Option<Vec<f64>> = POSTURES.iter().map(of).collect();
        let all = all?;
        let standing = all[2];
        let other = adult(45.0);
        let own = lying(&other, &Readings::default())?;
        let population = pressure(&other, &own, spine, Stance::Standing)?;
        let mut numbers: Vec<f64> = all.iter().map(|p| p * 1e-6).collect();
        numbers.push(population * 1e-6);
        numbers.extend(all.iter().map(|p| p * 1e-3));
        numbers.extend(all.iter().map(|p| 100.0 * (p / standing - 1.0)));
        Some(numbers)
    })
}

/// A009, B014–B017: loads; Sato's are pressure times area.
pub(super) fn loads() -> Results {
    let l3 = ["supine", "semi-fowler", "traction", "standing", "sitting"];
    let sato = ["prone", "standing", "sitting"];
    let mut cases: Vec<String> = l3.iter().map(|name| format!("L3 {name}")).collect();
    cases.extend(sato.map(|name| format!("sato {name}")));
    over(Region::Lumbar, &cases, |spine| {
        let (person, anatomy) = subject()?;
        let tone = spine[Unknown::Tone];
        let load = |name: &str| {
            let more = match name {
                "traction" => -500.0,
                "semi-fowler" => 0.0,
                _ => added(&anatomy, Stance::parse(name)?, 22, &Statics::nominal()).get(),
            };
            Some(tone + more)
        };
        let all: Option<Vec<f64>> = l3.iter().map(|name| load(name)).collect();
        let mut all = all?;
        let eight = adult(40.0);
        let own = lying(&eight, &Readings::default())?;
        for name in sato {
            let p = pressure(&person, &own, spine, Stance::parse(name)?)?;
            all.push(p * own.joints[L4L5].area * spine[Unknown::Area]);
        }
        Some(all)
    })
}

/// A disc of the subject, prone.
fn prone(spine: &Spine) -> Option<SegmentTest> {
    let (person, anatomy) = subject()?;
    of_subject(spine).specimen(&anatomy, L4L5, &person)
}

/// Pressure (Pa) a minute after the pull is on.
fn under(spine: &Spine, pull: f64) -> Option<f64> {
    let mut test = prone(spine)?.axial();
    test.apply(axial(pull), SETTLED).ok()?;
    Some(test.pressure())
}

/// A001–A013 as far as one segment shows them.
pub(super) fn pulled() -> Results {
    let cases = names(&[
        "vaxd",
        "rest",
        "distraction",
        "distraction-flexion",
        "distraction-extension",
        "300 N",
        "null",
    ]);
    over(Region::Lumbar, &cases, |spine| {
        let rest = under(spine, 0.0)?;
        let gone = |pull: f64| Some(under(spine, pull)? - rest);
        let mut all = vec![under(spine, 334.0)? / MMHG, rest / MMHG];
        all.extend(distracted(spine)?);
        all.push(100.0 * gone(300.0)? / rest);
        all.push(null(spine)?);
        Some(all)
    })
}

/// Pressure gained (MPa) by 200 N of distraction, plain, flexed and extended, against standing.
fn distracted(spine: &Spine) -> Option<Vec<f64>> {
    let (person, anatomy) = subject()?;
    let standing = pressure(&person, &anatomy, &of_subject(spine), Stance::Standing)?;
    [0.0, 2.5, -2.5]
        .into_iter()
        .map(|moment| {
            let mut test = prone(spine)?;
            test.apply([0.0, 0.0, 200.0, 0.0, moment, 0.0], SETTLED)
                .ok()?;
            Some(1e-6 * (test.pressure() - standing))
        })
        .collect()
}

/// Tension of the disc itself at which its pressure is that of the atmosphere, N.
fn null(spine: &Spine) -> Option<f64> {
    let (mut low, mut high) = (0.0, 1000.0);
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if under(spine, middle)? > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    let mut test = prone(spine)?.axial();
    test.apply(axial(low), SETTLED).ok()?;
    Some(test.memory().force)
}
