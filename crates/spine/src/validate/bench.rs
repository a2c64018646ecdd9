//! People and specimens of the experiments, and the ensemble over which each is run.

use super::Measured;
use crate::anatomy::{Anatomy, Measured as Readings, Posture};
use crate::lumped::{Patient, Position, Sex};
use crate::tissue::bench::SegmentTest;
use crate::tissue::fluid::{Fluid, TERMS};
use crate::tissue::segment::Segment;
use crate::unknown::{Belief, Draw, Unknown};
use si::{Kilograms, Metres, Region};

/// Spines drawn beside the middle one.
const MEMBERS: u32 = 24;

/// L3–L4, L4–L5, L5–S1.
pub(super) const LOW_LUMBAR: [usize; 3] = [22, 23, 24];
/// L4–L5.
pub(super) const L4L5: usize = 23;

/// A person of the experiment.
pub(super) fn person(sex: Option<Sex>, age_years: f64, height: f64, mass: f64) -> Patient {
    Patient {
        sex,
        age_years,
        height: Some(Metres::raw(height)),
        mass: Kilograms::raw(mass),
    }
}

/// An adult of whom only the age matters.
pub(super) fn adult(age_years: f64) -> Patient {
    person(None, age_years, 1.71, 71.0)
}

/// The subject of B001–B013: a man of 45 years and 70 kg (1.74 m: ours, that of the regressions' mean).
pub(super) fn wilke() -> Patient {
    person(Some(Sex::Male), 45.0, 1.74, 70.0)
}

/// The person lying on the back; nothing where the anatomy refuses.
pub(super) fn lying(person: &Patient, readings: &Readings) -> Option<Anatomy> {
    Anatomy::of(person, &Posture::neutral(Position::Supine), readings).ok()
}

/// The middle spine first, then the members.
fn spines(region: Region) -> impl Iterator<Item = Spine> {
    let belief = Belief::prior(region);
    (0..=MEMBERS).map(move |index| Spine {
        region,
        draw: belief.member(index),
    })
}

/// Every number of an experiment over the ensemble; what cannot be computed is not a number.
pub(super) fn over(
    region: Region,
    cases: &[String],
    run: impl Fn(&Spine) -> Option<Vec<f64>>,
) -> super::Results {
    let all: Vec<Vec<f64>> = spines(region)
        .map(|spine| run(&spine).unwrap_or_default())
        .collect();
    let of = |case: usize| all.iter().map(move |member| member.get(case).copied());
    cases
        .iter()
        .enumerate()
        .filter_map(|(case, name)| {
            let middle = of(case).next()??;
            let members = of(case).skip(1).flatten().collect();
            Some((name.clone(), Measured::of(middle, members)))
        })
        .collect()
}

/// Names as the plan writes them.
pub(super) fn names(cases: &[&str]) -> Vec<String> {
    cases.iter().map(|case| (*case).to_owned()).collect()
}

/// One spine of the ensemble: what was drawn, and for a pull on which region.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spine {
    pub(super) region: Region,
    pub(super) draw: Draw<f64>,
}

impl Spine {
    /// The middle spine.
    pub(super) fn middle(region: Region) -> Self {
        Self {
            region,
            draw: Belief::prior(region).member(0),
        }
    }

    /// The segment of a joint.
    pub(super) fn segment(
        &self,
        anatomy: &Anatomy,
        at: usize,
        person: &Patient,
    ) -> Option<Segment<f64>> {
        let joint = anatomy.joints.get(at)?;
        Some(Segment::build(joint, at, self.region, person, &self.draw))
    }

    /// The same on the machine.
    pub(super) fn specimen(
        &self,
        anatomy: &Anatomy,
        at: usize,
        person: &Patient,
    ) -> Option<SegmentTest> {
        Some(SegmentTest::new(self.segment(anatomy, at, person)?))
    }
}

impl core::ops::Index<Unknown> for Spine {
    type Output = f64;
    fn index(&self, unknown: Unknown) -> &f64 {
        &self.draw[unknown]
    }
}

/// A wrench along the axis, tension positive, N.
pub(super) const fn axial(newtons: f64) -> [f64; 6] {
    [0.0, 0.0, newtons, 0.0, 0.0, 0.0]
}

/// A disc without anything around it, on a machine that gives its axial force.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alone {
    segment: Segment<f64>,
    fluid: Fluid<f64>,
    force: f64,
}

impl Alone {
    /// The disc of a segment, under the preload that its soft zone is centred on: its tone.
    pub(super) fn new(segment: Segment<f64>) -> Self {
        Self {
            segment,
            fluid: Fluid::rest(0.0),
            force: 0.0,
        }
    }

    /// Goes to `force` (change from rest, N) in `seconds`.
    pub(super) fn go(&mut self, force: f64, seconds: f64) {
        let (known, weight) = self.fluid.ahead(&self.segment.times.prepare(seconds));
        let target = self.segment.disc.targets(force);
        self.fluid.height = core::array::from_fn(|term| known[term] + weight[term] * target[term]);
        self.fluid.target = target;
        self.force = force;
    }

    /// Opening from rest, m.
    pub(super) fn opening(&self) -> f64 {
        self.segment.disc.stretch(self.force) + self.fluid.total()
    }

    /// Height gained with fluid, compartment by compartment, m.
    pub(super) fn fluid(&self) -> [f64; TERMS] {
        self.fluid.height
    }
}
