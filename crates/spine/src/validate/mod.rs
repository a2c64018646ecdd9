//! The column held against what was published, row by row, nothing dropped.
//!
//! Each target of [`plan`] names an experiment of [`EXPERIMENTS`] and one of its
//! results. An experiment repeats in the model what a laboratory did to people
//! or specimens, once with every unknown at its middle and once for each of a
//! quasi-random set of spines; `ours` is the middle, its interval the central
//! 90 % of the set. A target is inside where `ours` lies between the bounds that
//! the plan sets, whatever its interval.

mod bench;
mod body;
mod creep;
mod csv;
mod day;
mod form;
mod heuer;
mod hung;
mod load;
pub mod picture;
pub mod plan;
mod reflex;
mod report;
mod session;
mod standing;

pub use plan::{Target, Tier, UsedFor};
pub use report::{number, report};

/// What the model gives in place of a measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// With every unknown at its middle.
    pub value: f64,
    /// Lower end of the central 90 % of the belief.
    pub low: f64,
    /// Upper end of it.
    pub high: f64,
}

impl Measured {
    /// A number without doubt: a closed form, an input.
    #[must_use]
    pub const fn exact(value: f64) -> Self {
        Self {
            value,
            low: value,
            high: value,
        }
    }

    /// The middle with the central 90 % of `members`.
    #[must_use]
    pub fn of(value: f64, mut members: Vec<f64>) -> Self {
        members.retain(|member| member.is_finite());
        members.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let last = members.len().checked_sub(1)?;
            let index = libm::round(share * last as f64) as usize;
            members.get(index).copied()
        };
        Self {
            value,
            low: at(0.05).unwrap_or(value).min(value),
            high: at(0.95).unwrap_or(value).max(value),
        }
    }

    /// The same in another unit.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        let (one, other) = (factor * self.low, factor * self.high);
        Self {
            value: factor * self.value,
            low: one.min(other),
            high: one.max(other),
        }
    }
}

/// What one experiment measured, case by case.
pub type Results = Vec<(String, Measured)>;

/// Something that was done to people or specimens, repeated in the model.
#[derive(Clone, Copy, Debug)]
pub struct Experiment {
    /// Name, as the plan writes it.
    pub name: &'static str,
    /// What is done, for the report.
    pub what: &'static str,
    /// Does it.
    pub run: fn() -> Results,
}

/// Every experiment.
pub const EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "closed",
        what: "chain, segment and couch where arithmetic gives the answer",
        run: form::closed,
    },
    Experiment {
        name: "kurutz",
        what: "L3-4, L4-5 and L5-S1 under 51 N for 20 min, each on its own, axis free",
        run: hung::kurutz,
    },
    Experiment {
        name: "twomey",
        what: "L1-2 to L5-S1 under 9 kg for 30 min, axis free, posture held",
        run: hung::twomey,
    },
    Experiment {
        name: "cervical",
        what: "each joint C0-1 to C7-T1 in tension, tangent between 100 and 200 N; their series",
        run: hung::cervical,
    },
    Experiment {
        name: "heuer",
        what: "the disc of L4-5 without ligaments and facets under pure moments",
        run: heuer::heuer,
    },
    Experiment {
        name: "panjabi",
        what: "whole segments, free in all directions, under pure moments",
        run: heuer::panjabi,
    },
    Experiment {
        name: "stiffness",
        what: "quick axial secants: 500 to 1000 N on a disc, and each joint around its load of standing",
        run: load::stiffness,
    },
    Experiment {
        name: "miller",
        what: "L4-5 sheared to 1029 N with rotations held, and turned by 95 N m",
        run: load::miller,
    },
    Experiment {
        name: "preload",
        what: "secants in six directions inside the published window, around 0, 250 and 500 N",
        run: load::preload,
    },
    Experiment {
        name: "strain",
        what: "L4-5 flexed under its load, and a degenerate and a healthy disc under 1000 N for 20 min",
        run: load::strain,
    },
    Experiment {
        name: "creep",
        what: "L4-5 under 1000 N for 4 h, then free for 24 h; an hour of 950 N by age",
        run: creep::creep,
    },
    Experiment {
        name: "diurnal",
        what: "23 discs, 16 h standing and 8 h lying until days repeat; stature read standing, discs lying",
        run: day::diurnal,
    },
    Experiment {
        name: "rodacki",
        what: "the same discs of a young man, two hours up, 42 min lying with and without a pull, then standing",
        run: day::rodacki,
    },
    Experiment {
        name: "posture",
        what: "statics of the trunk load L4-5 for a minute; pressure of its nucleus",
        run: standing::posture,
    },
    Experiment {
        name: "posture-load",
        what: "the loads themselves, and pressure times area",
        run: standing::loads,
    },
    Experiment {
        name: "pull-pressure",
        what: "L4-5 prone under a pull for a minute, plain or bent",
        run: standing::pulled,
    },
    Experiment {
        name: "friction",
        what: "the whole column on an unsplit couch: 400 N on the pelvis, and 60 N on the head at angles of 0 to 60 degrees",
        run: session::friction,
    },
    Experiment {
        name: "pull",
        what: "the whole column supine on a split couch, pulls that come on in 10 s and stay, along the couch and lifted by 20 degrees, relaxed or resisted with a third more than the pull",
        run: session::pull,
    },
    Experiment {
        name: "imaging",
        what: "the whole column after 20 min of 300 N, L4-5 and L5-S1",
        run: session::imaging,
    },
    Experiment {
        name: "neck",
        what: "the whole column, 100 N on the head for 10 min, straight or with 15 degrees of flexion and a pull lifted by 20, both against the neutral neck without a pull; C5-6 alone in flexion and in traction",
        run: session::neck,
    },
    Experiment {
        name: "guarding",
        what: "the reflex under 300 N with a ramp of 10 s, ten minutes; a sinusoidal pull; pain of 5",
        run: reflex::guarding,
    },
    Experiment {
        name: "anatomy",
        what: "the regressions of the anatomy for a man of 175 cm and 70 kg and a woman of 162 cm and 62 kg",
        run: body::anatomy,
    },
];

/// One target with what the model gives for it.
#[derive(Clone, Debug, PartialEq)]
pub struct RowResult {
    /// What was asked.
    pub target: Target,
    /// What the model gives; nothing where it does not compute the quantity.
    pub ours: Option<Measured>,
}

impl RowResult {
    /// Whether ours lies between the bounds; false where there is none.
    #[must_use]
    pub fn inside(&self) -> bool {
        self.ours
            .is_some_and(|ours| self.target.low <= ours.value && ours.value <= self.target.high)
    }
}

/// Every target, in the order of the plan.
#[must_use]
pub fn rows() -> Vec<RowResult> {
    let done: Vec<(&str, Results)> = EXPERIMENTS
        .iter()
        .map(|experiment| (experiment.name, (experiment.run)()))
        .collect();
    let find = |target: &Target| {
        let (_, results) = done.iter().find(|(name, _)| *name == target.experiment)?;
        let (_, ours) = results.iter().find(|(case, _)| *case == target.case)?;
        ours.value.is_finite().then_some(*ours)
    };
    plan::targets()
        .into_iter()
        .map(|target| RowResult {
            ours: find(&target),
            target,
        })
        .collect()
}

/// Every picture of the page.
#[must_use]
pub fn pictures() -> Vec<picture::Picture> {
    PICTURES.iter().map(|draw| draw()).collect()
}

/// What gives each picture.
const PICTURES: &[fn() -> picture::Picture] = &[
    hung::kurutz_picture,
    hung::cervical_picture,
    heuer::rotation_picture,
    heuer::pressure_picture,
    creep::creep_picture,
    day::diurnal_picture,
    session::pressure_picture,
    session::friction_picture,
];

/// How many targets of a tier lie inside, and how many there are.
#[must_use]
pub fn count(rows: &[RowResult], tier: Tier) -> (usize, usize) {
    let of = || rows.iter().filter(|row| row.target.tier == tier);
    (of().filter(|row| row.inside()).count(), of().count())
}
