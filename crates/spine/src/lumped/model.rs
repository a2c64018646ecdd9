//! The column of one patient on one couch.

use super::creep::Creep;
use super::friction::Moving;
use super::harness::Harness;
use super::segment::{Lumbar, SegmentLaw};
use super::{ColumnError, Parameters, Patient, Position, Support};
use crate::tables::{discs, friction};
use si::{Region, Segment};

/// The longest chain: the eight segments C0–C1 … C7–T1.
pub const MAX_LEVELS: usize = 8;

/// Range of the pull that the model is stated for, N.
const fn stated_range(region: Region) -> (f64, f64) {
    match region {
        Region::Lumbar => (0.0, 1000.0),
        Region::Cervical => (0.0, 250.0),
    }
}

/// The model: geometry, laws and losses, constant through a session.
#[derive(Clone, Debug)]
pub struct Lumped {
    pub(super) region: Region,
    pub(super) patient: Patient,
    pub(super) support: Support,
    pub(super) parameters: Parameters,
    pub(super) count: usize,
    pub(super) laws: [SegmentLaw; MAX_LEVELS],
    /// Friction of the trunk slices between the pull and each level, N.
    pub(super) losses: [f64; MAX_LEVELS],
    pub(super) moving: Moving,
    pub(super) creep: Creep,
    pub(super) harness: Harness,
}

impl Lumped {
    /// The column with every parameter at its value.
    ///
    /// # Errors
    /// A patient or couch outside the model's ranges.
    pub fn new(patient: &Patient, region: Region, support: &Support) -> Result<Self, ColumnError> {
        Self::with(patient, region, support, &Parameters::nominal(region))
    }

    /// The column of a person whose parameters are known or drawn.
    ///
    /// # Errors
    /// A patient, a couch or a parameter outside the model's ranges.
    pub fn with(
        patient: &Patient,
        region: Region,
        support: &Support,
        parameters: &Parameters,
    ) -> Result<Self, ColumnError> {
        patient.check()?;
        support.check()?;
        parameters.check()?;
        Ok(Self::build(*patient, region, *support, *parameters))
    }

    /// The same patient on the same couch, with other parameters.
    ///
    /// # Errors
    /// A parameter outside what a spine can have.
    pub fn with_parameters(&self, parameters: &Parameters) -> Result<Self, ColumnError> {
        Self::with(&self.patient, self.region, &self.support, parameters)
    }

    pub(super) fn build(
        patient: Patient,
        region: Region,
        support: Support,
        parameters: Parameters,
    ) -> Self {
        let p = &parameters;
        Self {
            region,
            patient,
            support,
            parameters,
            count: segments(region).len(),
            laws: laws(&patient, region, p),
            losses: losses(&patient, region, p),
            moving: moving(&patient, region, &support, p),
            creep: Creep::new(p.fast_time, p.slow_time, p.fast_share, p.recovery),
            harness: Harness {
                slack: support.slack.get(),
                toe: p.harness_toe,
                toe_force: p.harness_toe_force,
                linear: p.harness,
                creep: p.harness_creep,
                creep_time: p.harness_creep_time,
            },
        }
    }

    /// The region pulled.
    #[must_use]
    pub const fn region(&self) -> Region {
        self.region
    }

    /// The segments in series, from the head downwards: L1–L2 … L5–S1, or
    /// C0–C1 … C7–T1 (two more than are treated, because they stretch too).
    #[must_use]
    pub fn segments(&self) -> &'static [Segment] {
        segments(self.region)
    }

    /// The parameters it was built from.
    #[must_use]
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Highest pull the model is stated for, N.
    pub(super) const fn range(&self) -> (f64, f64) {
        stated_range(self.region)
    }
}

fn segments(region: Region) -> &'static [Segment] {
    let (from, to) = match region {
        Region::Lumbar => (Segment::L1L2, Segment::L5S1),
        Region::Cervical => (Segment::C0C1, Segment::C7T1),
    };
    &Segment::ALL[from.index()..=to.index()]
}

fn laws(patient: &Patient, region: Region, p: &Parameters) -> [SegmentLaw; MAX_LEVELS] {
    let count = segments(region).len();
    core::array::from_fn(|level| match region {
        _ if level >= count => SegmentLaw::RIGID,
        Region::Lumbar => {
            let height = discs::relative_height(level, patient.age_years, patient.sex);
            // The published value is a mean over the three lower levels: they share it.
            let height = if level < 2 { height } else { 1.0 };
            SegmentLaw::lumbar(&Lumbar {
                age_years: patient.age_years,
                factor: p.subject * (1.0 - p.relief) * height * p.levels[level],
                linear: p.linear,
                toe_force: p.toe_force,
                creep: p.creep,
                linear_creep: p.linear_creep,
            })
        }
        Region::Cervical => {
            let factor = p.subject * p.levels[level];
            SegmentLaw {
                toe: p.toe * factor,
                toe_rate: 1.0 / p.toe_force,
                compliance: factor / p.linear,
                toe_creep: p.creep,
                linear_creep: p.creep,
            }
        }
    })
}

/// A level is short of the friction under every slice between it and the pelvis.
fn losses(patient: &Patient, region: Region, p: &Parameters) -> [f64; MAX_LEVELS] {
    let mut losses = [0.0; MAX_LEVELS];
    if region == Region::Lumbar {
        let per_share = patient.mass.weight().get() * p.friction * p.slices;
        let mut below = 0.0;
        for (level, slice) in friction::LUMBAR_SLICES.iter().enumerate().rev() {
            losses[level] = below * per_share;
            below += slice;
        }
    }
    losses
}

fn moving(patient: &Patient, region: Region, support: &Support, p: &Parameters) -> Moving {
    let weight = match region {
        Region::Lumbar => patient.mass.weight() * p.weight,
        Region::Cervical => patient.head_weight() * p.weight,
    };
    let slope = support.incline.get();
    Moving {
        weight: weight.get(),
        friction: if support.table_split {
            p.rolling
        } else {
            p.friction
        },
        slope: (libm::sin(slope), libm::cos(slope)),
        face_down: support.position == Position::Prone,
    }
}
