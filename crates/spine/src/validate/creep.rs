//! A disc under 1000 N for hours and free again (O'Connell), and by age (Koeller).

use super::Results;
use super::bench::{L4L5, Spine, adult, axial, lying, names, over};
use super::hung::placed;
use super::picture::{Course, Picture};
use crate::anatomy::Measured as Readings;
use crate::lumped::Patient;
use crate::tissue::bench::SegmentTest;
use crate::unknown::Unknown;
use si::Region;

const HOUR: f64 = 3600.0;
const LOADED: f64 = 4.0;

/// A disc on the machine under its small preload, which is the tone that the model's soft
/// zone is centred on; the force that leaves it there, and its height.
fn unloaded(person: &Patient, spine: &Spine) -> Option<(SegmentTest, f64, f64)> {
    let anatomy = lying(person, &Readings::default())?;
    let mut test = spine.specimen(&anatomy, L4L5, person)?.axial();
    let free = 0.0;
    test.apply(axial(free), 1.0).ok()?;
    Some((
        test,
        free,
        anatomy.joints[L4L5].height * spine[Unknown::Height],
    ))
}

/// Height lost (m) after each quarter of an hour: 4 h of 1000 N, then 24 h free; before
/// them the disc without load and one second under it.
fn course(spine: &Spine) -> Option<(Vec<f64>, f64)> {
    let (mut test, free, height) = unloaded(&adult(45.0), spine)?;
    let start = test.deformation()[2];
    let mut lost = Vec::new();
    let mut read = |test: &SegmentTest| lost.push(start - test.deformation()[2]);
    for (hours, force) in [(LOADED, free - 1000.0), (24.0, free)] {
        test.apply(axial(force), 1.0).ok()?;
        read(&test);
        for _ in 0..(hours * 4.0) as usize {
            test.hold(axial(force), 0.25 * HOUR, 15).ok()?;
            read(&test);
        }
    }
    Some((lost, height))
}

/// First quarter hour (in hours) at which `reached` holds, interpolated nowhere.
fn first(lost: &[f64], reached: impl Fn(f64) -> bool) -> f64 {
    let found = lost.iter().position(|one| reached(*one));
    found.map_or(f64::INFINITY, |quarter| 0.25 * quarter as f64)
}

/// C037–C040, B064.
pub(super) fn creep() -> Results {
    let cases = names(&[
        "return",
        "slower",
        "fast",
        "slow",
        "fraction",
        "tau",
        "age 65/40",
        "age 18/30",
    ]);
    over(Region::Lumbar, &cases, |spine| {
        let (lost, height) = course(spine)?;
        let (loading, recovery) = lost.split_at(17);
        let back = first(recovery, |one| one < 0.05 * height);
        let half = |phase: &[f64]| {
            let (from, to) = (phase[0], phase[phase.len() - 1]);
            first(phase, |one| (one - from) / (to - from) >= 0.5)
        };
        let (mut test, free, _) = unloaded(&adult(45.0), spine)?;
        let start = test.deformation()[2];
        let before = test.memory().fluid.height;
        test.apply(axial(free - 1000.0), f64::INFINITY).ok()?;
        let whole = start - test.deformation()[2];
        let after = test.memory().fluid.height;
        let share = |term: usize| 100.0 * (before[term] - after[term]) / whole;
        let (fast, slow) = (share(0) + share(1), share(2));
        let creep = |lost: f64| (lost - loading[0]) / (whole - loading[0]);
        let done = loading[loading.len() - 1];
        let tau = first(loading, |one| creep(one) >= 0.632);
        let by_age = |age: f64| {
            let (mut test, free, _) = unloaded(&adult(age), spine)?;
            test.apply(axial(free - 950.0), 1.0).ok()?;
            let start = test.deformation()[2];
            test.hold(axial(free - 950.0), HOUR, 60).ok()?;
            Some(start - test.deformation()[2])
        };
        Some(vec![
            back,
            half(recovery) / half(loading),
            fast,
            slow,
            100.0 * creep(done),
            tau,
            by_age(65.0)? / by_age(40.0)?,
            by_age(18.0)? / by_age(30.0)?,
        ])
    })
}

/// Height lost against time.
pub(super) fn creep_picture() -> Picture {
    let hours: Vec<String> = (0..=112)
        .map(|quarter| (0.25 * f64::from(quarter)).to_string())
        .collect();
    let ours = over(Region::Lumbar, &hours, |spine| {
        let (lost, _) = course(spine)?;
        // The second under load stands for time 0, that after it for the end of loading.
        let loading = lost[..17].iter();
        let recovery = lost[18..].iter();
        Some(loading.chain(recovery).map(|one| 1e3 * one).collect())
    });
    Picture {
        name: "creep-recovery",
        title: "A lumbar disc under 1000 N for 4 h and free for 24 h",
        what: "Height lost against time; rows C036 to C039 give shares and times, no curve.",
        x_unit: "h",
        y_unit: "mm",
        courses: vec![Course {
            label: "L4-L5".to_owned(),
            published: Vec::new(),
            ours: placed(&ours),
        }],
    }
}
