//! The model of one person on one couch, or of several alike persons side by side.

use super::ColumnError;
use crate::anatomy::{Anatomy, AnatomyError, BODIES, JOINTS, Measured, Posture};
use crate::chain::{Body, Chain, Link, MAX_BODIES};
use crate::lumped::Patient;
use crate::real::{LANES, Real};
use crate::tissue::guarding::Guarding;
use crate::tissue::segment::Segment as Tissue;
use crate::unknown::{Draw, Unknown};
use crate::world::{Support, World};
use si::{Region, Segment};

/// A step has settled when no body would move further than this, m.
const TOLERANCE: f64 = 1e-6;

/// A person as they lie: the body and the spine in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Sex, age, height, mass.
    pub patient: Patient,
    /// Where the bones are, measured or from regressions.
    pub anatomy: Anatomy,
}

/// What is pulled, on what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// The region pulled.
    pub region: Region,
    /// The couch and the slack in the harness.
    pub support: Support,
    /// How the person takes it.
    pub comfort: Comfort,
}

/// How the person takes it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Comfort {
    /// Pain, 0–10.
    pub pain: f64,
    /// How hard the person pulls against it, 0 (relaxed) to 1.
    pub effort: f64,
}

/// The model: bodies, joints, surroundings; constant through a session.
#[derive(Clone, Debug)]
pub struct Column<T> {
    pub(super) region: Region,
    pub(super) comfort: Comfort,
    pub(super) chain: Chain,
    /// Whether it is its own mirror image: it then stays in its median plane.
    pub(super) plane: bool,
    pub(super) tissues: [Tissue<T>; JOINTS],
    pub(super) world: World<T>,
    pub(super) guarding: Guarding<T>,
    pub(super) sizes: [Sizes; JOINTS],
}

/// What readings are measured against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// Height of the foramen at rest, m.
    pub(super) foramen_height: f64,
    /// Its area, m².
    pub(super) foramen_area: f64,
    /// One over the depth of the disc, 1/m.
    pub(super) per_depth: f64,
}

impl<T: Real> Column<T> {
    /// The column of one draw of everything that is not known.
    ///
    /// # Errors
    /// A couch or a drawn number outside the model's ranges.
    pub fn new(subject: &Subject, setting: &Setting, draw: &Draw<T>) -> Result<Self, ColumnError> {
        let (anatomy, patient) = (&subject.anatomy, &subject.patient);
        check(draw)?;
        let chain = chain(anatomy);
        Ok(Self {
            region: setting.region,
            comfort: setting.comfort.checked()?,
            plane: chain.is_plane(),
            chain,
            tissues: core::array::from_fn(|at| {
                Tissue::build(&anatomy.joints[at], at, setting.region, patient, draw)
            }),
            world: World::build(anatomy, setting.region, &setting.support, draw)?,
            guarding: Guarding::build(draw),
            sizes: core::array::from_fn(|at| {
                let joint = &anatomy.joints[at];
                Sizes {
                    foramen_height: joint.foramen_height,
                    foramen_area: joint.foramen_area,
                    per_depth: 1.0 / joint.depth,
                }
            }),
        })
    }

    /// The same column in a person who now takes it so.
    ///
    /// # Errors
    /// Pain or effort outside its range.
    pub fn with_comfort(self, comfort: Comfort) -> Result<Self, ColumnError> {
        let comfort = comfort.checked()?;
        Ok(Self { comfort, ..self })
    }

    /// The region pulled.
    #[must_use]
    pub const fn region(&self) -> Region {
        self.region
    }

    /// The joint through which the pull enters the spine.
    pub(super) const fn entrance(&self) -> usize {
        match self.region {
            Region::Lumbar => JOINTS - 1,
            Region::Cervical => 0,
        }
    }
}

impl Comfort {
    fn checked(self) -> Result<Self, ColumnError> {
        ColumnError::check("comfort.pain", self.pain, (0.0, 10.0), "1")?;
        ColumnError::check("comfort.effort", self.effort, (0.0, 1.0), "1")?;
        Ok(self)
    }
}

impl Subject {
    /// The person with what was measured of them, lying so.
    ///
    /// # Errors
    /// A body, a posture or a measurement that no person has.
    pub fn new(
        patient: &Patient,
        posture: &Posture,
        measured: &Measured,
    ) -> Result<Self, AnatomyError> {
        Ok(Self {
            patient: *patient,
            anatomy: Anatomy::of(patient, posture, measured)?,
        })
    }
}

/// Highest and lowest pull that the model is stated for, N.
#[must_use]
pub const fn stated_range(region: Region) -> (f64, f64) {
    match region {
        Region::Lumbar => (0.0, 1000.0),
        Region::Cervical => (0.0, 250.0),
    }
}

/// The segments that are told of when `region` is pulled: its own and those that stretch with them.
#[must_use]
pub(super) const fn told(region: Region) -> (Segment, Segment) {
    match region {
        Region::Lumbar => (Segment::T12L1, Segment::L5S1),
        Region::Cervical => (Segment::C0C1, Segment::C7T1),
    }
}

/// Refuses drawn numbers that are negative or none: no stiffness, time or size is.
fn check<T: Real>(draw: &Draw<T>) -> Result<(), ColumnError> {
    for unknown in Unknown::ALL {
        let mut lanes = [0.0; LANES];
        let count = draw[unknown].spread(&mut lanes);
        for value in &lanes[..count] {
            let range = (0.0, f64::MAX);
            ColumnError::check(unknown.place(), *value, range, unknown.unit())?;
        }
    }
    Ok(())
}

fn chain(anatomy: &Anatomy) -> Chain {
    let link = |at: usize| {
        let joint = &anatomy.joints[at];
        let from = |bone: usize| {
            let origin = anatomy.bones[bone].origin;
            core::array::from_fn(|axis| joint.centre[axis] - origin[axis])
        };
        Link {
            up: from(at),
            low: from(at + 1),
            axes: joint.frame,
        }
    };
    Chain {
        bodies: core::array::from_fn(|at| {
            let bone = &anatomy.bones[at];
            Body {
                mass: bone.mass,
                inertia: bone.inertia,
            }
        }),
        links: core::array::from_fn(link),
        count: BODIES,
        free: BODIES,
        tolerance: TOLERANCE,
    }
}

const _: () = assert!(MAX_BODIES == BODIES);
