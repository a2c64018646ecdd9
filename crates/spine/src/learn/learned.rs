//! What a session taught, in numbers that can be said.
//!
//! All of it is about the *next session*: the person with a day's part, before
//! and after. What is new every day is therefore never told as known.

use super::today;
use crate::unknown::{Belief, BeliefError, Unknown};
use core::fmt;

/// Correlation from which two unknowns are told as tied: before any session all are 0 (ours).
const TIED: f64 = 0.15;
/// Share of variance below which nothing is said to be learned.
const WORTH_SAYING: f64 = 0.02;

/// How the update ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The belief moved to the most probable spine.
    Learned {
        /// Whether the search came to rest within its steps.
        settled: bool,
    },
    /// No spine of the belief shows such a session (less than 1 in 10,000 would):
    /// the belief is as it was; harness, slack or sensors are to be looked at.
    Refused,
}

/// How well the most probable spine explains the session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit {
    pub(super) outcome: Outcome,
    pub(super) misfit: f64,
    pub(super) iterations: usize,
    pub(super) runs: usize,
}

/// One unknown before and after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Which.
    pub unknown: Unknown,
    /// 5 %, 50 % and 95 % points of a session's value before this one, SI.
    pub before: [f64; 3],
    /// The same after it.
    pub after: [f64; 3],
    /// Share of the variance that this session removed, 0–1.
    pub removed: f64,
    /// Share of the variance over people that is gone by now, 0–1.
    pub known: f64,
}

impl Change {
    fn of(unknown: Unknown, prior: &Belief, posterior: &Belief) -> Self {
        let variance = posterior.variance(unknown);
        Self {
            unknown,
            before: prior.quantiles(unknown),
            after: posterior.quantiles(unknown),
            removed: (1.0 - variance / prior.variance(unknown)).max(0.0),
            known: (1.0 - variance).max(0.0),
        }
    }

    /// Whether it is worth a sentence: the session removed at least 2 % of the variance.
    #[must_use]
    pub fn worth_saying(&self) -> bool {
        self.removed >= WORTH_SAYING
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [low, mid, high] = self.after;
        let [wide_low, was, wide_high] = self.before;
        let unit = self.unknown.unit();
        let unit = if unit == "1" { "" } else { unit };
        let space = if unit.is_empty() { "" } else { " " };
        write!(
            f,
            "{}: {}{space}{unit} ({} to {}), before {} ({} to {}); {:.0} % of the doubt is gone",
            self.unknown.words(),
            Short(mid),
            Short(low),
            Short(high),
            Short(was),
            Short(wide_low),
            Short(wide_high),
            100.0 * self.removed
        )
    }
}

/// A number with about three figures, without trailing noise.
struct Short(f64);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = match self.0.abs() {
            size if size >= 100.0 => 0,
            size if size >= 10.0 => 1,
            size if size >= 0.1 => 2,
            _ => 4,
        };
        write!(f, "{:.decimals$}", self.0)
    }
}

/// Two unknowns that the data know together better than apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tie {
    /// One.
    pub one: Unknown,
    /// The other.
    pub other: Unknown,
    /// Their correlation in the person; positive: more of both explains the data as well.
    pub correlation: f64,
}

impl fmt::Display for Tie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sense = if self.correlation > 0.0 {
            "more of both"
        } else {
            "more of one and less of the other"
        };
        write!(
            f,
            "the table sees {} and {} together: {sense} would look much the same",
            self.one.words(),
            self.other.words()
        )
    }
}

/// The belief after a session, and what changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// The belief of the person after the session: what is stored.
    pub posterior: Belief,
    /// What is believed of the next session ([`today`]): what the next plan draws from.
    pub next: Belief,
    /// How it ended.
    pub outcome: Outcome,
    /// Mean square of what the most probable spine leaves unexplained, a feature;
    /// about 1 or less when model and noise are right.
    pub misfit: f64,
    /// Every unknown, most learned first.
    pub changes: Vec<Change>,
    /// Pairs whose correlation in the person reached 0.15, strongest first: the
    /// table sees them together and the prior parts them.
    pub ties: Vec<Tie>,
    /// Linearisations.
    pub iterations: usize,
    /// Runs of the forward model.
    pub runs: usize,
}

impl Learned {
    pub(super) fn new(prior: &Belief, posterior: Belief, fit: Fit) -> Result<Self, BeliefError> {
        let (before, next) = (today(prior)?, today(&posterior)?);
        let mut changes: Vec<_> = Unknown::ALL
            .iter()
            .map(|unknown| Change::of(*unknown, &before, &next))
            .collect();
        changes.sort_by(|one, other| other.removed.total_cmp(&one.removed));
        Ok(Self {
            ties: ties(&posterior),
            changes,
            outcome: fit.outcome,
            misfit: fit.misfit,
            iterations: fit.iterations,
            runs: fit.runs,
            posterior,
            next,
        })
    }

    /// What is worth saying, most learned first.
    pub fn said(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.worth_saying())
    }
}

fn ties(posterior: &Belief) -> Vec<Tie> {
    let mut ties = Vec::new();
    for (index, one) in Unknown::ALL.into_iter().enumerate() {
        for other in Unknown::ALL.into_iter().take(index) {
            let correlation = posterior.correlation(one, other);
            if correlation.abs() >= TIED {
                ties.push(Tie {
                    one: other,
                    other: one,
                    correlation,
                });
            }
        }
    }
    ties.sort_by(|one, other| other.correlation.abs().total_cmp(&one.correlation.abs()));
    ties
}
