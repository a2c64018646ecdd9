//! What guidelines, reviews, trials and series say about traction.
//!
//! The rows are data (`knowledge/evidence.toml`), cited and checked when the
//! knowledge loads. Plan, consent and the page of evidence read the same rows,
//! so that a decision and a consent never say different things. A prediction
//! rule among them informs and never decides (CLINICAL.md §1.13).

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use si::{Problem, Region};

use crate::fact::{FactId, Reading, Value};

/// The fact that holds the condition to be treated.
pub const CONDITION_FACT: &str = "treated_condition";

/// The word for every region and for every condition of a region.
pub(crate) const ALL: &str = "all";

/// What kind of statement a row is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A guideline's advice.
    Guideline,
    /// A review of trials.
    Review,
    /// A trial with a comparison group.
    Trial,
    /// Treated people without a comparison group.
    Series,
    /// An insurer's rule.
    Payer,
    /// An injury, a reaction, or what is known of how often.
    Harm,
    /// Signs that are said to predict a response.
    PredictionRule,
    /// What was looked for and not found, or not read.
    Gap,
}

/// What a row says of traction.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// It favours traction.
    For,
    /// In part, early only, or too small to matter.
    Mixed,
    /// It takes no side.
    Neutral,
    /// It advises against, found no benefit over the comparison, or tells of harm.
    Against,
}

/// How much of the source was read.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The statement itself.
    Found,
    /// The abstract only.
    Abstract,
}

impl Kind {
    /// Every kind, in the order people read them.
    pub const ALL: [Self; 8] = [
        Self::Guideline,
        Self::Review,
        Self::Trial,
        Self::Series,
        Self::Gap,
        Self::Harm,
        Self::PredictionRule,
        Self::Payer,
    ];

    /// The word in files and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guideline => "guideline",
            Self::Review => "review",
            Self::Trial => "trial",
            Self::Series => "series",
            Self::Payer => "payer",
            Self::Harm => "harm",
            Self::PredictionRule => "prediction-rule",
            Self::Gap => "gap",
        }
    }
}

impl Direction {
    /// The word in files and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::For => "for",
            Self::Mixed => "mixed",
            Self::Neutral => "neutral",
            Self::Against => "against",
        }
    }
}

/// A condition that is treated with traction.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Its id: a value of the fact [`CONDITION_FACT`].
    pub id: String,
    /// The region it belongs to.
    pub region: String,
    /// In a patient's words.
    pub name: String,
}

/// One statement with its sources.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// `lumbar`, `cervical` or `all`.
    pub region: String,
    /// Ids of conditions, or `all` of the region.
    pub conditions: Vec<String>,
    /// What kind of statement it is.
    pub kind: Kind,
    /// What it says of traction.
    pub direction: Direction,
    /// In a sentence, with design and number of people.
    pub says: String,
    /// Ids of `sources.toml`.
    pub sources: Vec<String>,
    /// How much of the source was read.
    pub status: Status,
}

impl Row {
    /// Whether it speaks of this region and, where one is given, this condition.
    #[must_use]
    pub fn is_of(&self, region: Region, condition: Option<&str>) -> bool {
        let named = |id: &str| self.conditions.iter().any(|own| own == ALL || own == id);
        (self.region == ALL || self.region == region.as_str()) && condition.is_none_or(named)
    }

    /// The sentence with its sources.
    #[must_use]
    pub fn cited(&self) -> String {
        cited(&self.says, &self.sources)
    }
}

/// A sentence with its sources behind it.
pub(crate) fn cited(says: &str, sources: &[String]) -> String {
    if sources.is_empty() {
        return says.to_owned();
    }
    format!("{says} [{}]", sources.join(", "))
}

/// All rows, and the conditions they speak of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The conditions.
    #[serde(rename = "condition", default)]
    pub conditions: Vec<Condition>,
    /// The rows, in the order of the file.
    #[serde(rename = "evidence", default)]
    pub rows: Vec<Row>,
}

impl Evidence {
    /// The conditions of a region.
    pub fn conditions(&self, region: Region) -> impl Iterator<Item = &Condition> {
        self.conditions
            .iter()
            .filter(move |condition| condition.region == region.as_str())
    }

    /// A condition of a region.
    ///
    /// # Errors
    /// The region has no such condition.
    pub fn condition(&self, region: Region, id: &str) -> Result<&Condition, Problem> {
        let found = self.conditions(region).find(|condition| condition.id == id);
        found.ok_or_else(|| {
            let ids: Vec<&str> = self.conditions(region).map(|one| one.id.as_str()).collect();
            Problem::new(
                "unknown-condition",
                "condition",
                id,
                format!("is not a condition of the {region} region"),
                format!("use one of: {}", ids.join(", ")),
            )
        })
    }

    /// What speaks of a region and, where one is given, a condition.
    pub fn of<'a>(
        &'a self,
        region: Region,
        condition: Option<&'a str>,
    ) -> impl Iterator<Item = &'a Row> {
        self.rows
            .iter()
            .filter(move |row| row.is_of(region, condition))
    }

    /// What guidelines and reviews say: shown with every plan.
    #[must_use]
    pub fn dissent(&self, region: Region, condition: Option<&str>) -> Vec<String> {
        let weighs = |row: &&Row| matches!(row.kind, Kind::Guideline | Kind::Review);
        let rows = self.of(region, condition).filter(weighs);
        rows.map(Row::cited).collect()
    }

    /// How many rows of each kind point which way.
    #[must_use]
    pub fn summary(&self, region: Region, condition: Option<&str>) -> Summary {
        let tally = |kind| {
            let mut tally = Tally::default();
            let rows = self.of(region, condition).filter(|row| row.kind == kind);
            rows.for_each(|row| tally.count(row.direction));
            tally
        };
        Summary {
            guidelines: tally(Kind::Guideline),
            reviews: tally(Kind::Review),
            trials: tally(Kind::Trial),
            series: tally(Kind::Series),
        }
    }

    /// The condition that the chart names for this region, if it is one of the list.
    #[must_use]
    pub fn condition_of<'r>(
        &self,
        readings: impl IntoIterator<Item = &'r Reading>,
        region: Region,
    ) -> Option<&str> {
        let fact = FactId::new(CONDITION_FACT);
        let named = readings.into_iter().filter(|reading| reading.fact == fact);
        let latest = named.max_by_key(|reading| reading.at)?;
        let Some(Value::Choice(id)) = latest.as_value() else {
            return None;
        };
        let known = self.conditions(region).find(|one| one.id == *id)?;
        Some(&known.id)
    }
}

/// How many rows of a kind point which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// They favour traction.
    #[serde(rename = "for")]
    pub favour: usize,
    /// In part.
    pub mixed: usize,
    /// No side.
    pub neutral: usize,
    /// They speak against it.
    pub against: usize,
}

impl Tally {
    fn count(&mut self, direction: Direction) {
        match direction {
            Direction::For => self.favour += 1,
            Direction::Mixed => self.mixed += 1,
            Direction::Neutral => self.neutral += 1,
            Direction::Against => self.against += 1,
        }
    }

    /// How many there are.
    #[must_use]
    pub const fn all(self) -> usize {
        self.favour + self.mixed + self.neutral + self.against
    }
}

/// The verdicts counted, kind by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Guidelines.
    pub guidelines: Tally,
    /// Reviews.
    pub reviews: Tally,
    /// Trials.
    pub trials: Tally,
    /// Series without a comparison group.
    pub series: Tally,
}

impl Summary {
    /// What guidelines and reviews say, in plain words.
    #[must_use]
    pub fn position(self) -> Vec<String> {
        let guidelines = [
            "Advise against traction",
            "Advise it",
            "Advise it in part",
            "Take no side",
        ];
        let reviews = [
            "Found no benefit",
            "Found a benefit",
            "Found a small or short benefit",
            "Take no side",
        ];
        vec![
            counted("Guidelines read", self.guidelines, guidelines),
            counted("Reviews of trials read", self.reviews, reviews),
        ]
    }

    /// What trials and series say, in plain words.
    #[must_use]
    pub fn results(self) -> Vec<String> {
        let trials = [
            "Found no added benefit",
            "Found a benefit",
            "Found a benefit in part",
            "Take no side",
        ];
        let mut words = vec![counted(
            "Trials with a comparison group read",
            self.trials,
            trials,
        )];
        if self.series.all() > 0 {
            words.push(format!(
                "Reports without a comparison group read: {}. They cannot show whether people would have got better without traction.",
                self.series.all()
            ));
        }
        words
    }
}

/// `Guidelines read: 3. Advise against traction: 2. Advise it: 0.` and the rest where there are any.
fn counted(head: &str, tally: Tally, says: [&str; 4]) -> String {
    let mut words = format!("{head}: {}.", tally.all());
    if tally.all() == 0 {
        return words;
    }
    let counts = [tally.against, tally.favour, tally.mixed, tally.neutral];
    for (at, (count, says)) in counts.iter().zip(says).enumerate() {
        if at < 2 || *count > 0 {
            let _ = write!(words, " {says}: {count}.");
        }
    }
    words
}
