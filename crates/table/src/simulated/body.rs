//! The body on the simulated table: what the carriage stretches.
//!
//! ```text
//! reach ─▶ harness ─▶ spine::column (whole) or spine::lumped ─▶ tension at the cells
//! discomfort told ─▶ pain of the whole body's guarding
//! ```
//! The whole body is the median spine of `spine::unknown::Belief::prior`, the one whose
//! ensemble a plan forecasts; it lies in the support's position with a neutral neck. The
//! lumped one is some ten times faster, for campaigns and long tests; it feels nothing.
//!
//! Effort, pulling against the table, is zero: [`crate::wire::FaultName::Guarding`] is
//! the injected one. Valid where the column is: travel within ± 1 m, angle zero.

use super::Options;
use crate::{Opening, Openings};
use si::{Metres, Newtons, Problem, Radians, Region, Seconds};
use spine::anatomy::{Measured, Posture};
use spine::column::{self, Column, Comfort, Setting, Subject};
use spine::lumped::{self, Lumped};
use spine::unknown::Belief;
use spine::world::Carriage;
use traction::TICK;

/// Most that a guarding patient shortens, mm: about 100 N on a column that is held still
/// (H7: 50–300 N; tested on both); a loop that yields sees less. Skin, belt and trunk of
/// the whole body give way more than the lumped spring.
const GUARD_WHOLE_MM: f64 = 14.0;
/// The same for the lumped body.
const GUARD_LUMPED_MM: f64 = 10.0;

/// Which model of the patient lies on the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// The whole spine, level by level.
    Whole,
    /// One axial spring with creep.
    Lumped,
}

/// Somebody who lies there.
#[derive(Clone, Debug)]
pub(super) enum Lying {
    Whole(Box<Whole>),
    Lumped(Box<Spring>),
}

/// The whole spine.
#[derive(Clone, Debug)]
pub(super) struct Whole {
    column: Column<f64>,
    state: column::State<f64>,
    scratch: column::Scratch<f64>,
    comfort: Comfort,
}

/// The lumped one.
#[derive(Clone, Debug)]
pub(super) struct Spring {
    column: Lumped,
    state: lumped::State,
    scratch: lumped::Scratch,
}

impl Lying {
    pub(super) fn new(options: &Options, region: Region) -> Result<Self, Problem> {
        if !options.regions.contains(&region) {
            return Err(Problem::new(
                "table-region",
                "region",
                region.as_str(),
                "this table has no harness for the region",
                "use a table that supports the region",
            ));
        }
        match options.body {
            Body::Whole => Whole::new(options, region).map(|whole| Self::Whole(Box::new(whole))),
            Body::Lumped => {
                Spring::new(options, region).map(|spring| Self::Lumped(Box::new(spring)))
            }
        }
    }

    /// The tension after one tick with the carriage `reach` metres from home.
    pub(super) fn pull(&mut self, reach: f64) -> Result<f64, Problem> {
        self.pull_for(reach, TICK)
    }

    /// The same after a time of `dt`.
    pub(super) fn pull_for(&mut self, reach: f64, dt: Seconds) -> Result<f64, Problem> {
        let carriage = Carriage {
            travel: Metres::raw(reach),
            angle: Radians::ZERO,
        };
        let force = match self {
            Self::Whole(of) => {
                column::impose(&of.column, &mut of.state, &mut of.scratch, carriage, dt)
            }
            Self::Lumped(of) => {
                lumped::impose(&of.column, &mut of.state, &mut of.scratch, carriage, dt)
            }
        };
        force
            .map(Newtons::get)
            .map_err(|error| refused(&error.to_string()))
    }

    /// The person tells this discomfort, 0–10.
    pub(super) fn feels(&mut self, score: u8) {
        let Self::Whole(of) = self else {
            return;
        };
        let comfort = Comfort {
            pain: f64::from(score.min(10)),
            ..of.comfort
        };
        if comfort != of.comfort
            && let Ok(column) = of.column.clone().with_comfort(comfort)
        {
            of.column = column;
            of.comfort = comfort;
        }
    }

    /// Most that this person shortens on guarding, mm.
    pub(super) const fn guards_mm(&self) -> f64 {
        match self {
            Self::Whole(_) => GUARD_WHOLE_MM,
            Self::Lumped(_) => GUARD_LUMPED_MM,
        }
    }

    /// What each level does now, where there are levels.
    pub(super) fn openings(&self) -> Option<Openings> {
        let Self::Whole(of) = self else {
            return None;
        };
        let mut openings = Openings::default();
        let levels = column::openings(&of.column, &of.state);
        for (slot, (segment, [front, back])) in openings.0.iter_mut().zip(levels) {
            *slot = Some(Opening {
                segment,
                front: Metres::raw(front),
                back: Metres::raw(back),
            });
        }
        Some(openings)
    }
}

impl Whole {
    fn new(options: &Options, region: Region) -> Result<Self, Problem> {
        let posture = Posture::neutral(options.support.position);
        let subject = Subject::new(&options.patient, &posture, &Measured::default())
            .map_err(|error| refused(&error.to_string()))?;
        let comfort = Comfort::default();
        let setting = Setting {
            region,
            support: options.support,
            comfort,
        };
        let median = Belief::prior(region).member(0);
        let column = Column::new(&subject, &setting, &median)
            .map_err(|error| refused(&error.to_string()))?;
        Ok(Self {
            state: column::State::rest(&column),
            scratch: column::Scratch::new(&column),
            column,
            comfort,
        })
    }
}

impl Spring {
    fn new(options: &Options, region: Region) -> Result<Self, Problem> {
        let column = Lumped::new(&options.patient, region, &options.support)
            .map_err(|error| refused(&error.to_string()))?;
        Ok(Self {
            state: lumped::State::rest(&column),
            scratch: lumped::Scratch::new(),
            column,
        })
    }
}

fn refused(why: &str) -> Problem {
    Problem::new(
        "simulated-patient",
        "simulated",
        "",
        why.to_owned(),
        "give the simulated table a patient within the column's ranges",
    )
}
