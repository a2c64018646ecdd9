//! Instruments: what may be kept of each, how it is scored, which change counts.
//!
//! They are data (`knowledge/instruments.toml`), checked when the knowledge
//! loads. Only an instrument whose licence allows it is held in full; of the
//! others the score alone is recorded. [`crate::review`] reads from here what
//! change of pain and function counts.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use si::{Problem, Region};

use crate::evidence::ALL;

/// What an instrument measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measures {
    /// How strong pain is.
    Pain,
    /// What the patient can do.
    Function,
    /// How much has changed, asked once.
    Change,
    /// The risk of lasting trouble.
    Risk,
    /// What the patient fears.
    Beliefs,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// A lower score.
    Lower,
    /// A higher score.
    Higher,
}

/// What of an instrument is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// Its words.
    Full,
    /// The score alone.
    ScoreOnly,
}

/// The smallest change that counts in a region.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// `lumbar`, `cervical` or `all`.
    pub region: String,
    /// Which part of the instrument, where it has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// In points of the score.
    pub points: f64,
    /// As a share of the first score, %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// What the instrument cannot tell from chance, points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mdc: Option<f64>,
    /// Why it is so, with what contradicts it.
    pub why: String,
    /// Ids of `sources.toml`.
    pub sources: Vec<String>,
    /// `found`, `contested` or `ours`.
    pub evidence: String,
}

/// One instrument.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it measures.
    pub measures: Measures,
    /// The fact that holds its score, where one is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// `lumbar`, `cervical` or `all`.
    pub region: String,
    /// Unit of the score (UCUM).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Lowest and highest score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// Which way is better.
    pub better: Better,
    /// What of it is here.
    pub held: Held,
    /// Why its words may be here, or may not.
    pub licence: String,
    /// How it is scored.
    pub score: String,
    /// What a missing answer does.
    pub missing: String,
    /// What stands before the items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// Its statements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// The facts it is read as, where it is one question asked of several times.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<String>,
    /// What the lowest answer means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lowest: Option<String>,
    /// What the highest answer means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub highest: Option<String>,
    /// Ids of `sources.toml`.
    pub sources: Vec<String>,
    /// Changes that count.
    #[serde(rename = "change", default)]
    pub changes: Vec<Change>,
}

impl Instrument {
    /// Whether it is used in a region.
    #[must_use]
    pub fn is_for(&self, region: Region) -> bool {
        self.region == ALL || self.region == region.as_str()
    }

    /// The change that counts in a region.
    #[must_use]
    pub fn change(&self, region: Region) -> Option<&Change> {
        let fits = |change: &&Change| change.region == ALL || change.region == region.as_str();
        self.changes.iter().find(fits)
    }

    /// How much better the last score is than the first, in points; negative is worse.
    #[must_use]
    pub fn gain(&self, first: f64, last: f64) -> f64 {
        match self.better {
            Better::Lower => first - last,
            Better::Higher => last - first,
        }
    }

    /// The score of ticked statements, numbered from 1: how many there are.
    ///
    /// # Errors
    /// It has no statements, a number names none, or one is ticked twice.
    pub fn count_ticks(&self, ticks: &[usize]) -> Result<u32, Problem> {
        let mut ticked = BTreeSet::new();
        for tick in ticks {
            let is_item = (1..=self.items.len()).contains(tick);
            if !is_item || !ticked.insert(tick) {
                return Err(Problem::new(
                    "tick-impossible",
                    format!("{}.tick", self.id),
                    tick.to_string(),
                    "is not a statement of this questionnaire, or is ticked twice",
                    format!("tick statements 1 to {}, each once", self.items.len()),
                ));
            }
        }
        Ok(u32::try_from(ticked.len()).unwrap_or(u32::MAX))
    }
}

/// Every instrument.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Instruments {
    /// In the order of the file.
    #[serde(rename = "instrument", default)]
    pub all: Vec<Instrument>,
}

impl Instruments {
    /// One of them.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Instrument> {
        self.all.iter().find(|instrument| instrument.id == id)
    }

    /// Those of a region that measure this.
    pub fn measuring(
        &self,
        measures: Measures,
        region: Region,
    ) -> impl Iterator<Item = &Instrument> {
        let fits = move |one: &&Instrument| one.measures == measures && one.is_for(region);
        self.all.iter().filter(fits)
    }
}

/// The risk class of STarT Back (S94a).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Risk {
    /// Total 3 or less.
    Low,
    /// Total 4 or more, distress 3 or less.
    Medium,
    /// Distress 4 or 5.
    High,
}

impl Risk {
    /// The word in the fact `start_back_risk`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// The risk class of a total of nine items, of which the last five are the
/// distress score; nothing for two numbers that cannot belong together.
#[must_use]
pub fn start_back_risk(total: u8, distress: u8) -> Option<Risk> {
    let others = total.checked_sub(distress)?;
    if distress > 5 || others > 4 {
        return None;
    }
    Some(match (total, distress) {
        (0..=3, _) => Risk::Low,
        (_, 0..=3) => Risk::Medium,
        _ => Risk::High,
    })
}
