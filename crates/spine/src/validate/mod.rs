//! The column held against what was published, row by row, nothing dropped.
//!
//! Each target of [`plan`] names an experiment of [`EXPERIMENTS`] and one of its
//! results. An experiment repeats in the model what a laboratory did to people
//! or specimens, once with every unknown at its middle and once for each of a
//! quasi-random set of spines; `ours` is the middle, its interval the central
//! 90 % of the set. A target is inside where `ours` lies between the bounds that
//! the plan sets, whatever its interval.

mod csv;
pub mod picture;
pub mod plan;
mod report;

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
pub const EXPERIMENTS: &[Experiment] = &[];

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
const PICTURES: &[fn() -> picture::Picture] = &[];

/// How many targets of a tier lie inside, and how many there are.
#[must_use]
pub fn count(rows: &[RowResult], tier: Tier) -> (usize, usize) {
    let of = || rows.iter().filter(|row| row.target.tier == tier);
    (of().filter(|row| row.inside()).count(), of().count())
}
