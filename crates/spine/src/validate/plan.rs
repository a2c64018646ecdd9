//! What each published row asks of the column: value, tolerance, tier, and whether it was fitted.
//!
//! Three tables lie beside this crate in `validation/`: `rows.csv`, the published
//! rows word for word, first those of the reference table (A–E), then those found
//! besides it (K); `plan.csv`, one line a target (a row may give several);
//! `other.csv`, every row that is no target, with the reason. A fourth,
//! `outside.csv`, discusses the targets that the column misses.

use super::csv::fields;

/// How hard a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// A closed form: the engine must meet it.
    Closed,
    /// A firm measurement: nine of ten must lie inside.
    Firm,
    /// A soft one: sign or order only.
    Soft,
    /// Shown for comparison, no gate.
    Report,
}

impl Tier {
    /// `1`, `2`, `3` or `report`, as the table and the JSON write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "1",
            Self::Firm => "2",
            Self::Soft => "3",
            Self::Report => "report",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let all = [Self::Closed, Self::Firm, Self::Soft, Self::Report];
        all.into_iter().find(|tier| tier.as_str() == text)
    }
}

/// Whether parameters were chosen with a row in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsedFor {
    /// A parameter was fitted on it, never on it alone.
    Fit,
    /// Nothing was fitted on it.
    Prediction,
}

impl UsedFor {
    /// `fit` or `prediction`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fit => "fit",
            Self::Prediction => "prediction",
        }
    }
}

/// One number to be met.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its own id: the row's, with a suffix where a row gives several.
    pub id: String,
    /// The published row; `-` for a closed form of no row.
    pub row: String,
    /// How hard it is.
    pub tier: Tier,
    /// What is measured, in words.
    pub quantity: String,
    /// The published value; `-` where only a sign was published.
    pub published: String,
    /// The published spread, in the reference's words.
    pub spread: String,
    /// Least value that counts as inside; minus infinity for none.
    pub low: f64,
    /// Largest value that counts as inside; infinity for none.
    pub high: f64,
    /// Unit of all values.
    pub unit: String,
    /// The experiment that computes it.
    pub experiment: String,
    /// Which of that experiment's results.
    pub case: String,
    /// Fitted or predicted.
    pub used_for: UsedFor,
    /// What a reader should know.
    pub note: String,
}

/// A row that is no target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// The row.
    pub id: String,
    /// `parameter`, `condition`, `disc` or `no`.
    pub kind: String,
    /// Why.
    pub why: String,
}

/// The published rows, word for word.
pub const ROWS: &str = include_str!("../../validation/rows.csv");
const PLAN: &str = include_str!("../../validation/plan.csv");
const OTHER: &str = include_str!("../../validation/other.csv");
const OUTSIDE: &str = include_str!("../../validation/outside.csv");

/// Every target, in the order of the table. A line that cannot be read is left
/// out; a test holds that there is none.
#[must_use]
pub fn targets() -> Vec<Target> {
    PLAN.lines().skip(1).filter_map(target).collect()
}

/// How many targets the table has.
#[must_use]
pub fn planned() -> usize {
    PLAN.lines().skip(1).count()
}

fn target(line: &str) -> Option<Target> {
    let fields = fields(line);
    let [
        id,
        row,
        tier,
        quantity,
        published,
        spread,
        low,
        high,
        unit,
        experiment,
        case,
        used,
        note,
    ] = fields.as_slice()
    else {
        return None;
    };
    Some(Target {
        id: id.to_string(),
        row: row.to_string(),
        tier: Tier::parse(tier)?,
        quantity: quantity.to_string(),
        published: published.to_string(),
        spread: spread.to_string(),
        low: bound(low, f64::NEG_INFINITY)?,
        high: bound(high, f64::INFINITY)?,
        unit: unit.to_string(),
        experiment: experiment.to_string(),
        case: case.to_string(),
        used_for: match used.as_ref() {
            "fit" => UsedFor::Fit,
            "prediction" => UsedFor::Prediction,
            _ => return None,
        },
        note: note.to_string(),
    })
}

fn bound(text: &str, open: f64) -> Option<f64> {
    if text.is_empty() {
        Some(open)
    } else {
        text.parse().ok()
    }
}

/// Every row that is no target, with its reason.
#[must_use]
pub fn others() -> Vec<Other> {
    let read = |line: &str| match fields(line).as_slice() {
        [id, kind, why] => Some(Other {
            id: id.to_string(),
            kind: kind.to_string(),
            why: why.to_string(),
        }),
        _ => None,
    };
    OTHER.lines().skip(1).filter_map(read).collect()
}

/// Why a target is missed, where somebody has thought about it.
#[must_use]
pub fn discussion(id: &str) -> Option<String> {
    OUTSIDE.lines().skip(1).find_map(|line| {
        let fields = fields(line);
        let [found, why] = fields.as_slice() else {
            return None;
        };
        (found == id).then(|| why.to_string())
    })
}
