//! Stature and disc height through day and night, and what traction adds (Tyrrell, Boos, Rodacki, Dowzer).
//!
//! Twenty-three discs, each on its own machine, carry what [`crate::stance`] gives:
//! 16 h up (standing stands for the day: ours), 8 h lying, until one day is like the
//! next. Stature is read standing, one minute after rising; discs are read lying.

use super::bench::{L4L5, Spine, axial, lying, names, over, person, wilke};
use super::hung::placed;
use super::picture::{Course, Picture};
use super::{Measured, Results};
use crate::anatomy::{Anatomy, JOINTS, Measured as Readings};
use crate::lumped::{Patient, Sex};
use crate::stance::{Stance, Statics, added};
use crate::tissue::bench::SegmentTest;
use si::{Region, STANDARD_GRAVITY};

const HOUR: f64 = 3600.0;
const MINUTE: f64 = 60.0;
/// C2–C3.
const FIRST_DISC: usize = 2;
/// T12–L1, the first level that a lumbar pull reaches.
const FIRST_PULLED: usize = 19;
/// Days until one is like the next.
const DAYS: usize = 4;

/// The load is on within a second; then time passes.
fn settle(test: &mut SegmentTest, force: f64, seconds: f64, steps: usize) -> Option<()> {
    test.apply(axial(force), 1.0).ok()?;
    test.hold(axial(force), seconds - 1.0, steps).ok()
}

/// All discs of one person.
#[derive(Clone)]
struct Discs {
    anatomy: Anatomy,
    tests: Vec<SegmentTest>,
}

impl Discs {
    fn new(person: &Patient, spine: &Spine) -> Option<Self> {
        let anatomy = lying(person, &Readings::default())?;
        let tests: Option<Vec<_>> = (FIRST_DISC..JOINTS)
            .map(|at| Some(spine.specimen(&anatomy, at, person)?.axial()))
            .collect();
        Some(Self {
            tests: tests?,
            anatomy,
        })
    }

    /// Carries a stance for a time.
    fn carry(&mut self, stance: Stance, seconds: f64, steps: usize) -> Option<()> {
        for (index, test) in self.tests.iter_mut().enumerate() {
            let at = FIRST_DISC + index;
            let load = added(&self.anatomy, stance, at, &Statics::nominal()).get();
            settle(test, -load, seconds, steps)?;
        }
        Some(())
    }

    /// Lies under a pull on the lumbar levels for a time.
    fn pull(&mut self, newtons: f64, seconds: f64, steps: usize) -> Option<()> {
        for (index, test) in self.tests.iter_mut().enumerate() {
            let reached = FIRST_DISC + index >= FIRST_PULLED;
            let force = if reached { newtons } else { 0.0 };
            settle(test, force, seconds, steps)?;
        }
        Some(())
    }

    /// A morning after many days, before rising.
    fn morning(person: &Patient, spine: &Spine) -> Option<Self> {
        let mut discs = Self::new(person, spine)?;
        for _ in 0..DAYS {
            discs.carry(Stance::Standing, 16.0 * HOUR, 12)?;
            discs.carry(Stance::Lying, 8.0 * HOUR, 12)?;
        }
        Some(discs)
    }

    /// Sum of all openings, mm.
    fn length(&self) -> f64 {
        self.tests
            .iter()
            .map(|test| test.deformation()[2] * 1e3)
            .sum()
    }

    /// Stature standing, one minute after rising, mm; the discs stay as they were.
    fn stature(&self) -> Option<f64> {
        let mut up = self.clone();
        up.carry(Stance::Standing, MINUTE, 2)?;
        Some(up.length())
    }

    /// Height of L4–L5, mm.
    fn height(&self) -> f64 {
        self.tests[L4L5 - FIRST_DISC].deformation()[2] * 1e3
    }

    /// Fluid of L4–L5, m.
    fn fluid(&self) -> f64 {
        self.tests[L4L5 - FIRST_DISC].report().fluid
    }
}

/// Loss of stature (mm) at each quarter hour of the day, from one minute after rising.
fn loss(discs: &mut Discs) -> Option<Vec<f64>> {
    let start = discs.stature()?;
    let mut lost = vec![0.0];
    for _ in 0..64 {
        discs.carry(Stance::Standing, 0.25 * HOUR, 2)?;
        lost.push(discs.length() - start);
    }
    Some(lost)
}

/// B092, C041–C043.
pub(super) fn diurnal() -> Results {
    let cases = names(&["height", "volume", "stature", "first hour", "night", "run"]);
    over(Region::Lumbar, &cases, |spine| {
        let morning = Discs::morning(&wilke(), spine)?;
        let mut evening = morning.clone();
        let lost = loss(&mut evening)?;
        let whole = *lost.last()?;
        let mut down = evening.clone();
        down.carry(Stance::Lying, 0.25 * HOUR, 4)?;
        let height = down.height() - morning.height();
        let base = morning.anatomy.joints[L4L5].height;
        let volume = 100.0 * (down.fluid() - morning.fluid()) / base;
        let mut night = evening.clone();
        night.carry(Stance::Lying, 4.0 * HOUR, 8)?;
        let half = night.stature()?;
        night.carry(Stance::Lying, 4.0 * HOUR, 8)?;
        let end = night.stature()?;
        let low = evening.length();
        let mut runner = morning.clone();
        runner.carry(Stance::Standing, HOUR, 8)?;
        let before = runner.length();
        runner.carry(Stance::Running, 0.5 * HOUR, 8)?;
        runner.carry(Stance::Standing, MINUTE, 2)?;
        Some(vec![
            height,
            volume,
            whole,
            100.0 * lost[4] / whole,
            100.0 * (half - low) / (end - low),
            runner.length() - before,
        ])
    })
}

/// Stature through the day.
pub(super) fn diurnal_picture() -> Picture {
    let hours: Vec<String> = (0..=64)
        .map(|quarter| (0.25 * f64::from(quarter)).to_string())
        .collect();
    let ours = over(Region::Lumbar, &hours, |spine| {
        loss(&mut Discs::morning(&wilke(), spine)?)
    });
    let at = |hour: f64, value: f64| {
        let around = Measured {
            value,
            low: 1.25 * value,
            high: 0.75 * value,
        };
        (hour, around)
    };
    Picture {
        name: "diurnal-stature",
        title: "Stature through the day",
        what: "Change from one minute after rising; row C041, 19.3 mm with 54 % in the first hour, 25 % shaded.",
        x_unit: "h",
        y_unit: "mm",
        courses: vec![Course {
            label: "stature".to_owned(),
            published: vec![at(0.0, 0.0), at(1.0, -0.54 * 19.3), at(16.0, -19.3)],
            ours: placed(&ours),
        }],
    }
}

/// Gain of stature (mm) by 42 min lying under shares of body weight, from each seven minutes.
fn gains(ready: &Discs, force: f64) -> Option<(Vec<f64>, Discs)> {
    let before = ready.length();
    let mut on_table = ready.clone();
    let mut gained = Vec::new();
    for _ in 0..6 {
        on_table.pull(force, 7.0 * MINUTE, 3)?;
        gained.push(on_table.stature()? - before);
    }
    Some((gained, on_table))
}

/// A028–A033, A047: two hours up before the session (ours).
pub(super) fn rodacki() -> Results {
    let cases = names(&[
        "lying",
        "30",
        "60",
        "specific",
        "separates",
        "remaining",
        "lasting",
    ]);
    let young = person(Some(Sex::Male), 23.0, 1.80, 87.0);
    let weight = 87.0 * STANDARD_GRAVITY;
    over(Region::Lumbar, &cases, |spine| {
        let mut ready = Discs::morning(&young, spine)?;
        ready.carry(Stance::Standing, 2.0 * HOUR, 8)?;
        let (lying, _) = gains(&ready, 0.0)?;
        let (third, _) = gains(&ready, 0.3 * weight)?;
        let (most, mut after) = gains(&ready, 0.6 * weight)?;
        let last = |gained: &[f64]| gained.last().copied();
        let parted = most
            .iter()
            .zip(&lying)
            .position(|(one, other)| one - other > 0.5);
        let separates = parted.map_or(f64::INFINITY, |index| 7.0 * (index as f64 + 1.0));
        let gain = last(&most)?;
        let before = ready.length();
        let mut free = ready.clone();
        free.pull(0.0, 42.0 * MINUTE, 18)?;
        for discs in [&mut after, &mut free] {
            discs.carry(Stance::Standing, HOUR, 12)?;
        }
        let remaining = (after.length() - before) / gain;
        for discs in [&mut after, &mut free] {
            discs.carry(Stance::Standing, 12.0 * HOUR, 8)?;
            discs.carry(Stance::Lying, 8.0 * HOUR, 12)?;
            discs.carry(Stance::Standing, 3.0 * HOUR, 8)?;
        }
        Some(vec![
            last(&lying)?,
            last(&third)?,
            gain,
            gain - last(&lying)?,
            separates,
            remaining,
            after.height() - free.height(),
        ])
    })
}
