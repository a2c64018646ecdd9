//! A disc under 1000 N for hours and free again (O'Connell), and by age (Koeller).
//!
//! Bone, disc, bone: nothing lies around the disc. Its small preload is taken as the
//! tone on which the model's soft zone is centred.

use super::Results;
use super::bench::{Alone, L4L5, Spine, adult, lying, names, over};
use super::hung::placed;
use super::picture::{Course, Picture};
use crate::anatomy::Measured as Readings;
use crate::unknown::Unknown;
use si::Region;

const MINUTE: f64 = 60.0;
/// Minutes under load, and free again.
const LOADED: usize = 240;
const FREE: usize = 1440;
const LOAD: f64 = 1000.0;
/// 1 − 1/e.
const E_FOLD: f64 = 0.632_120_558_828_557_7;

/// The disc of an adult of this age, and its height, m.
fn disc(age: f64, spine: &Spine) -> Option<(Alone, f64)> {
    let donor = adult(age);
    let anatomy = lying(&donor, &Readings::default())?;
    let segment = spine.segment(&anatomy, L4L5, &donor)?;
    let height = anatomy.joints[L4L5].height * spine[Unknown::Height];
    Some((Alone::new(segment), height))
}

/// Height lost (m) a second after a change of load and then each minute.
fn phase(disc: &mut Alone, force: f64, minutes: usize) -> Vec<f64> {
    let mut lost = Vec::with_capacity(minutes + 1);
    disc.go(force, 1.0);
    lost.push(-disc.opening());
    for _ in 0..minutes {
        disc.go(force, MINUTE);
        lost.push(-disc.opening());
    }
    lost
}

/// 4 h of load, then 24 h free.
fn course(spine: &Spine) -> Option<([Vec<f64>; 2], f64)> {
    let (mut disc, height) = disc(45.0, spine)?;
    let loading = phase(&mut disc, -LOAD, LOADED);
    let recovery = phase(&mut disc, 0.0, FREE);
    Some(([loading, recovery], height))
}

/// First minute (in hours) at which `reached` holds; not a number where none does.
fn first(lost: &[f64], reached: impl Fn(f64) -> bool) -> f64 {
    let found = lost.iter().position(|one| reached(*one));
    found.map_or(f64::NAN, |minute| minute as f64 / 60.0)
}

/// Loss in an hour of 950 N, m.
fn hour_at(age: f64, spine: &Spine) -> Option<f64> {
    let (mut disc, _) = disc(age, spine)?;
    let lost = phase(&mut disc, -950.0, 60);
    Some(lost[60] - lost[0])
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
        let ([loading, recovery], height) = course(spine)?;
        let back = first(&recovery, |one| one < 0.05 * height);
        let (start, end) = (loading[0], loading[LOADED]);
        let (mut rest, _) = disc(45.0, spine)?;
        rest.go(-LOAD, f64::INFINITY);
        let whole = -rest.opening();
        let share = |term: usize| -100.0 * rest.fluid()[term] / whole;
        let creep = |lost: f64| (lost - start) / (whole - start);
        // Time constants, each towards its own end: equilibrium under load, nothing without.
        let loaded = first(&loading, |one| creep(one) >= E_FOLD);
        let returned = first(&recovery, |one| one <= (1.0 - E_FOLD) * recovery[0]);
        Some(vec![
            back,
            returned / loaded,
            share(0) + share(1),
            share(2),
            100.0 * creep(end),
            loaded,
            hour_at(65.0, spine)? / hour_at(40.0, spine)?,
            hour_at(18.0, spine)? / hour_at(30.0, spine)?,
        ])
    })
}

/// Height lost against time.
pub(super) fn creep_picture() -> Picture {
    const EVERY: usize = 15;
    let minutes = (0..=LOADED + FREE).step_by(EVERY);
    let hours: Vec<String> = minutes.map(|m| (m as f64 / 60.0).to_string()).collect();
    let ours = over(Region::Lumbar, &hours, |spine| {
        let ([loading, recovery], _) = course(spine)?;
        // The first second free belongs to the end of loading.
        let all = loading.iter().chain(&recovery[1..]);
        Some(all.step_by(EVERY).map(|lost| 1e3 * lost).collect())
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
