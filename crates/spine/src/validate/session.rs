//! Whole columns on a couch under a pull: what arrives, how levels open, what pressure does.

use super::bench::{adult, lying, names, over, person};
use super::hung::published;
use super::picture::{Course, Picture};
use super::{Measured, Results};
use crate::anatomy::{Anatomy, Measured as Readings, Posture};
use crate::column::{Comfort, Instants, Output, Overall, Prediction, Setting, Subject, predict};
use crate::lumped::Patient;
use crate::tables::guarding::LUMBAR_FORCE;
use crate::unknown::Belief;
use crate::world::{Position, Pull, Support};
use si::{Newtons, Radians, Region, Seconds, Segment};

/// Spines of an ensemble, the middle one among them.
const MEMBERS: usize = 32;

/// A pull that comes on in ten seconds and stays.
struct Ramped {
    newtons: f64,
    angle: Radians,
}

impl Pull for Ramped {
    fn tension(&self, t: Seconds) -> Newtons {
        Newtons::raw(self.newtons * (0.1 * t.get()).clamp(0.0, 1.0))
    }

    fn angle(&self) -> Radians {
        self.angle
    }
}

/// One steady pull.
#[derive(Clone, Copy)]
struct Session {
    region: Region,
    split: bool,
    newtons: f64,
    degrees: f64,
    neck: f64,
    seconds: f64,
    /// How hard the person pulls against it, share of maximal.
    effort: f64,
}

const LUMBAR: Session = Session {
    region: Region::Lumbar,
    split: true,
    newtons: 300.0,
    degrees: 0.0,
    neck: 0.0,
    seconds: 1200.0,
    effort: 0.0,
};
const CERVICAL: Session = Session {
    region: Region::Cervical,
    newtons: 100.0,
    ..LUMBAR
};

impl Session {
    /// What it does to a person, told at its end.
    fn of(&self, patient: &Patient, members: usize) -> Option<Prediction> {
        let posture = Posture {
            neck_flexion: Radians::from_degrees(self.neck)?,
            ..Posture::neutral(Position::Supine)
        };
        let subject = Subject::new(patient, &posture, &Readings::default()).ok()?;
        let setting = Setting {
            region: self.region,
            support: Support::level(self.split),
            comfort: Comfort {
                effort: self.effort,
                ..Comfort::default()
            },
        };
        let pull = Ramped {
            newtons: self.newtons,
            angle: Radians::from_degrees(self.degrees)?,
        };
        let belief = Belief::prior(self.region);
        let told = Instants::At(vec![0.0, self.seconds]);
        let asked: (&dyn Pull, Seconds) = (&pull, Seconds::raw(self.seconds));
        predict(&subject, &setting, asked, &told, (&belief, members)).ok()
    }
}

/// The last told instant.
fn end(told: &Prediction) -> usize {
    told.instants.len().saturating_sub(1)
}

/// Mean over levels of an output at the end, member by member, the middle first.
fn mean(told: &Prediction, output: Output, levels: &[Segment]) -> Option<Vec<f64>> {
    let mut sums = vec![0.0; told.members];
    for level in levels {
        let members = told.members_at(output, *level, end(told))?;
        for (sum, value) in sums.iter_mut().zip(members) {
            *sum += value / levels.len() as f64;
        }
    }
    Some(sums)
}

fn measured(mut members: Vec<f64>, factor: f64) -> Option<Measured> {
    let middle = *members.first()?;
    members.remove(0);
    Some(Measured::of(middle, members).times(factor))
}

fn named(results: Vec<(&str, Option<Measured>)>) -> Results {
    let told = |(name, value): (&str, Option<Measured>)| Some((name.to_owned(), value?));
    results.into_iter().filter_map(told).collect()
}

/// A086–A090: what an unsplit couch keeps, and the best angle for a head.
pub(super) fn friction() -> Results {
    let patient = adult(45.0);
    let lost = |newtons: f64| {
        let session = Session {
            split: false,
            newtons,
            seconds: 300.0,
            ..LUMBAR
        };
        let told = session.of(&patient, MEMBERS)?;
        let delivered = told.overall(Overall::Delivered, end(&told))?;
        let share = |arrived: f64| 100.0 * (newtons - arrived) / patient.mass.weight().get();
        Some(Measured {
            value: share(delivered.mid),
            low: share(delivered.high),
            high: share(delivered.low),
        })
    };
    let arrived = |degrees: f64| {
        let session = Session {
            split: false,
            newtons: 60.0,
            degrees,
            seconds: 60.0,
            ..CERVICAL
        };
        let told = session.of(&patient, 1)?;
        Some(told.overall(Overall::Delivered, end(&told))?.mid)
    };
    let best = || {
        let mut best = (0.0, f64::NEG_INFINITY);
        for step in 0..=24_u32 {
            let angle = 2.5 * f64::from(step);
            let force = arrived(angle)?;
            if force > best.1 {
                best = (angle, force);
            }
        }
        Some(Measured::exact(best.0))
    };
    named(vec![("loss", lost(400.0)), ("angle", best())])
}

/// Delivered against pulled, split and unsplit.
pub(super) fn friction_picture() -> Picture {
    let patient = adult(45.0);
    let courses = [("split", true), ("unsplit", false)].map(|(label, split)| {
        let forces = (0..=10_u32).map(|step| 60.0 * f64::from(step));
        let at = |newtons: f64| {
            let session = Session {
                split,
                newtons,
                seconds: 60.0,
                ..LUMBAR
            };
            let told = session.of(&patient, MEMBERS)?;
            let band = told.overall(Overall::Delivered, end(&told))?;
            let arrived = Measured {
                value: band.mid,
                low: band.low,
                high: band.high,
            };
            Some((newtons, arrived))
        };
        let weight = patient.mass.weight().get();
        let published = [240.0, 600.0].map(|newtons| {
            let left = |share: f64| newtons - share * weight;
            let at = Measured {
                value: left(0.25),
                low: left(0.25 * 1.25),
                high: left(0.25 * 0.75),
            };
            (newtons, at)
        });
        Course {
            label: label.to_owned(),
            published: if split {
                Vec::new()
            } else {
                published.to_vec()
            },
            ours: forces.filter_map(at).collect(),
        }
    });
    Picture {
        name: "friction-loss",
        title: "What of a lumbar pull arrives at the spine",
        what: "On an unsplit couch a quarter of body weight is lost (A086, 25 % shaded); on a split one little.",
        x_unit: "N",
        y_unit: "N",
        courses: courses.to_vec(),
    }
}

const LUMBAR_LEVELS: [Segment; 5] = [
    Segment::L1L2,
    Segment::L2L3,
    Segment::L3L4,
    Segment::L4L5,
    Segment::L5S1,
];

/// A013, A014, A042–A044, A091.
pub(super) fn pull() -> Results {
    let patient = adult(45.0);
    let axial = LUMBAR.of(&patient, MEMBERS);
    let lifted = Session {
        degrees: 20.0,
        ..LUMBAR
    }
    .of(&patient, MEMBERS);
    let turned = |told: &Option<Prediction>| mean(told.as_ref()?, Output::Rotation, &LUMBAR_LEVELS);
    let lordosis = turned(&axial).and_then(|all| measured(all, 5.0_f64.to_degrees()));
    let fowler = turned(&axial).zip(turned(&lifted)).and_then(|(flat, up)| {
        let more = up.iter().zip(&flat).map(|(one, other)| one - other);
        measured(more.collect(), 5.0_f64.to_degrees())
    });
    let angled = lifted.as_ref().and_then(|told| {
        let back = mean(told, Output::SeparationPosterior, &LUMBAR_LEVELS)?;
        let front = mean(told, Output::SeparationAnterior, &LUMBAR_LEVELS)?;
        measured(back.iter().zip(&front).map(|(b, f)| b - f).collect(), 1e3)
    });
    let large = Session {
        newtons: 540.0,
        seconds: 2280.0,
        ..LUMBAR
    };
    let opened = |told: &Prediction| mean(told, Output::Separation, &LUMBAR_LEVELS);
    let most = large.of(&patient, MEMBERS);
    let a042 = most.and_then(|told| measured(opened(&told)?, 1e3));
    named(vec![
        ("A042", a042),
        ("threshold", threshold(&patient)),
        ("angled", angled),
        ("fowler", fowler),
        ("axial-lordosis", lordosis),
        ("mass", by_mass()),
        ("axial", pressure(&patient, 300.0, 0.0, true)),
        ("passive", pressure(&patient, 300.0, 0.0, true)),
        ("active", pressure(&patient, 300.0, RESISTS, true)),
    ])
}

/// Force of a patient who resists: a third more than the pull (ours).
const RESISTS: f64 = 1.33;

/// Pressure of L4–L5 (MPa), or its change, while muscle pulls against with a share of the pull.
fn pressure(patient: &Patient, newtons: f64, share: f64, change: bool) -> Option<Measured> {
    let session = Session {
        newtons,
        effort: share * newtons / LUMBAR_FORCE.value,
        seconds: 300.0,
        ..LUMBAR
    };
    let output = if change {
        Output::PressureChange
    } else {
        Output::Pressure
    };
    let told = session.of(patient, MEMBERS)?;
    measured(mean(&told, output, &[Segment::L4L5])?, 1e-6)
}

/// Pressure against pull, relaxed and resisting.
pub(super) fn pressure_picture() -> Picture {
    let patient = adult(45.0);
    let courses = [("relaxed", 0.0), ("resisting", RESISTS)].map(|(label, share)| {
        let forces = (0..=12_u32).map(|step| 50.0 * f64::from(step));
        let at = |newtons: f64| Some((newtons, pressure(&patient, newtons, share, false)?));
        Course {
            label: label.to_owned(),
            published: if share > 0.0 {
                Vec::new()
            } else {
                published(&[(0.0, "prone")])
            },
            ours: forces.filter_map(at).collect(),
        }
    });
    Picture {
        name: "pressure-pull",
        title: "Pressure of L4-L5 against the pull, relaxed and resisting",
        what: "A relaxed back loses pressure; one that resists with a third more than the pull gains it (A011).",
        x_unit: "N",
        y_unit: "MPa",
        courses: courses.to_vec(),
    }
}

/// Pull, % of body weight, from which a lumbar level opens by more than 0.5 mm in five minutes.
fn threshold(patient: &Patient) -> Option<Measured> {
    let weight = patient.mass.weight().get();
    for percent in 1..=80_u32 {
        let share = f64::from(percent);
        let session = Session {
            newtons: 0.01 * share * weight,
            seconds: 300.0,
            ..LUMBAR
        };
        let told = session.of(patient, 1)?;
        if *mean(&told, Output::Separation, &LUMBAR_LEVELS)?.first()? > 0.5e-3 {
            return Some(Measured::exact(share));
        }
    }
    None
}

/// Relief of pressure at L4–L5 of 70 kg over that of 110 kg.
fn by_mass() -> Option<Measured> {
    let relief = |mass: f64| {
        let told = LUMBAR.of(&person(None, 45.0, 1.71, mass), MEMBERS)?;
        mean(&told, Output::PressureChange, &[Segment::L4L5])
    };
    let (light, heavy) = (relief(70.0)?, relief(110.0)?);
    measured(
        light
            .iter()
            .zip(&heavy)
            .map(|(one, other)| one / other)
            .collect(),
        1.0,
    )
}

/// Length of the psoas from T12 to the femur, m (ours): its volume stays, so it thins by
/// half of the strain.
const PSOAS: f64 = 0.30;

/// A048–A052: 20 min of 300 N; force and time were not in the abstract.
pub(super) fn imaging() -> Results {
    let levels = [Segment::L4L5, Segment::L5S1];
    let patient = adult(40.0);
    let Some(told) = LUMBAR.of(&patient, MEMBERS) else {
        return Vec::new();
    };
    let Some(anatomy) = lying(&patient, &Readings::default()) else {
        return Vec::new();
    };
    let of = |output| mean(&told, output, &levels);
    let rest = levels.map(|level| anatomy.joints[level.index()].foramen_area);
    let usual = 0.5 * (rest[0] + rest[1]);
    let foramen: Option<Vec<f64>> =
        of(Output::ForamenArea).map(|all| all.iter().map(|area| area / usual - 1.0).collect());
    let thinner: Option<Vec<f64>> = mean(&told, Output::Separation, &LUMBAR_LEVELS)
        .map(|all| all.iter().map(|open| -0.5 * 5.0 * open / PSOAS).collect());
    let order = foramen.as_ref().zip(thinner.as_ref()).map(|(gain, loss)| {
        let more = |(g, l): (&f64, &f64)| f64::from(u8::from(*g > -l));
        gain.iter().zip(loss).map(more).collect::<Vec<f64>>()
    });
    let apart = of(Output::SeparationPosterior)
        .zip(of(Output::SeparationAnterior))
        .map(|(back, front)| back.iter().zip(&front).map(|(b, f)| b - f).collect());
    let told = |members: Option<Vec<f64>>, factor| members.and_then(|all| measured(all, factor));
    named(vec![
        ("bulge", told(of(Output::Bulge), 100.0)),
        ("canal", told(of(Output::Canal), 100.0)),
        ("foramen", told(foramen, 100.0)),
        ("psoas", told(thinner, 100.0)),
        ("order", told(order, 1.0)),
        ("posterior", told(of(Output::SeparationPosterior), 1e3)),
        ("posterior-anterior", told(apart, 1e3)),
    ])
}

const NECK: [Segment; 5] = [
    Segment::C2C3,
    Segment::C3C4,
    Segment::C4C5,
    Segment::C5C6,
    Segment::C6C7,
];
/// C5–C6.
const C5C6: usize = 5;

/// How much the bent neck itself opens a disc at its back and closes it at its front, mean, m.
fn posture(patient: &Patient, degrees: f64) -> Option<f64> {
    let anatomy = |degrees: f64| {
        let posture = Posture {
            neck_flexion: Radians::from_degrees(degrees)?,
            ..Posture::neutral(Position::Supine)
        };
        Anatomy::of(patient, &posture, &Readings::default()).ok()
    };
    let (straight, bent) = (anatomy(0.0)?, anatomy(degrees)?);
    let wedge = |one: &Anatomy, level: &Segment| one.joints[level.index()].wedge;
    let lost = |level| wedge(&straight, level) - wedge(&bent, level);
    Some(NECK.iter().map(lost).sum::<f64>() / (2.0 * NECK.len() as f64))
}

/// A066, A067, A084.
pub(super) fn neck() -> Results {
    let patient = adult(40.0);
    let lean = Session {
        degrees: 20.0,
        neck: 15.0,
        seconds: 600.0,
        ..CERVICAL
    };
    let straight = Session {
        degrees: 0.0,
        neck: 0.0,
        ..lean
    };
    let both = lean
        .of(&patient, MEMBERS)
        .zip(straight.of(&patient, MEMBERS));
    let bent = posture(&patient, lean.neck);
    let of = |output: Output, sign: f64| {
        let (leaning, axial) = both.as_ref()?;
        let posture = sign * bent?;
        let leaning = mean(leaning, output, &NECK)?;
        let leaning: Vec<f64> = leaning.iter().map(|opened| opened + posture).collect();
        Some((leaning, mean(axial, output, &NECK)?))
    };
    let gain = |output, sign| measured(of(output, sign)?.0, 1e3);
    let more = |output, sign| {
        let (leaning, axial) = of(output, sign)?;
        let pairs = leaning.iter().zip(&axial);
        measured(pairs.map(|(l, s)| l - s).collect(), 1e3)
    };
    let (front, back) = (Output::SeparationAnterior, Output::SeparationPosterior);
    let mut results = named(vec![
        ("lean-anterior", gain(front, -1.0)),
        ("lean-posterior", gain(back, 1.0)),
        ("lean-axial-anterior", more(front, -1.0)),
        ("lean-axial-posterior", more(back, 1.0)),
    ]);
    // A cadaver's segment: 1.5 N m of flexion (ours) against 25 lb along its axis.
    results.extend(over(Region::Cervical, &names(&["foramen"]), |spine| {
        let anatomy = lying(&patient, &Readings::default())?;
        let gained = |wrench: [f64; 6]| {
            let mut test = spine.specimen(&anatomy, C5C6, &patient)?;
            test.apply(wrench, 60.0).ok()?;
            Some(test.report().shape.foramen_area)
        };
        let flexed = gained([0.0, 0.0, 0.0, 0.0, 1.5, 0.0])?;
        let pulled = gained([0.0, 0.0, 111.2, 0.0, 0.0, 0.0])?;
        Some(vec![flexed / pulled])
    }));
    results
}
