//! One rule: criteria, verdict, reasons, sources.
use super::Vignette;
use crate::criteria::{Expr, Tree};
use crate::decide::{Condition, Evidence, Gate, OverrideBy, RuleSet, Urgency, Verdict};
use serde::{Deserialize, Serialize};
use si::Region;

/// A rule as it stands in its file.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Named after the finding, not the action.
    pub id: String,
    /// The set, from the folder the file lies in.
    #[serde(skip_deserializing, default = "screening")]
    pub set: RuleSet,
    /// When it counts.
    #[serde(default = "eligibility")]
    pub gate: Gate,
    /// Where force must be applied for it to count.
    pub regions: Regions,
    /// What it says when it fires.
    pub verdict: Verdict,
    /// How soon somebody must act when it fires.
    pub urgency: Urgency,
    /// Who may decide to go on despite it.
    #[serde(rename = "override")]
    pub override_by: OverrideBy,
    /// Whose letter may clear it, and what the letter must say (CLINICAL §1.10); nobody's without it.
    #[serde(default)]
    pub clearance: Option<String>,
    /// The criteria.
    pub when: String,
    /// In the patient's words.
    pub statement: String,
    /// What the patient says of it at the desk of an emergency department, as they would say it:
    /// each emergency of triage has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    /// In a practitioner's words.
    pub practitioner: String,
    /// Why.
    pub why: String,
    /// What it misses, and where it is wrong.
    pub known_limits: String,
    /// Ids of `sources.toml`.
    pub sources: Vec<String>,
    /// How well it is founded.
    pub evidence: Evidence,
    /// What other sources say.
    #[serde(default)]
    pub dissent: Vec<String>,
    /// When it was last read against its sources.
    #[serde(serialize_with = "as_text")]
    pub reviewed: toml::value::Datetime,
    /// What it asks for when it fires.
    #[serde(default)]
    pub conditions: Vec<Condition>,
    /// Cases with the expected answer.
    #[serde(default)]
    pub vignettes: Vec<Vignette>,
    /// The criteria as parsed.
    #[serde(skip)]
    pub(crate) tree: Option<Tree>,
    /// The criteria checked, per region.
    #[serde(skip)]
    pub(crate) compiled: [Option<Compiled>; 2],
    /// The file it lies in.
    #[serde(skip_deserializing, default)]
    pub file: String,
}

/// A date as people and programs write it.
fn as_text<S: serde::Serializer>(
    date: &toml::value::Datetime,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

const fn screening() -> RuleSet {
    RuleSet::Screening
}

const fn eligibility() -> Gate {
    Gate::Eligibility
}

/// `"all"`, or a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Regions {
    /// The word `all`.
    Word(String),
    /// Region names.
    List(Vec<String>),
}

/// Checked criteria and the places that several leaves ask.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub(crate) expr: Expr,
    pub(crate) repeated: Vec<usize>,
}

impl Rule {
    /// Whether it counts where force is applied to this region.
    #[must_use]
    pub fn is_for(&self, region: Region) -> bool {
        match &self.regions {
            Regions::Word(_) => true,
            Regions::List(names) => names.iter().any(|name| name == region.as_str()),
        }
    }

    /// The regions it counts for.
    #[must_use]
    pub fn regions(&self) -> Vec<Region> {
        Region::ALL
            .into_iter()
            .filter(|region| self.is_for(*region))
            .collect()
    }

    /// The criteria as parsed.
    #[must_use]
    pub const fn tree(&self) -> Option<&Tree> {
        self.tree.as_ref()
    }

    /// The finding in a practitioner's words: what stands before the colon.
    #[must_use]
    pub fn finding(&self) -> &str {
        let whole = self.practitioner.trim_end_matches('.');
        whole.split_once(": ").map_or(whole, |(finding, _)| finding)
    }

    /// The facts its criteria ask, each once, in order.
    #[must_use]
    pub fn facts(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        if let Some(tree) = &self.tree {
            tree.for_each_atom(&mut |atom| {
                if !found.contains(&atom.fact) {
                    found.push(atom.fact.clone());
                }
            });
        }
        found
    }

    /// Whether firing makes a result better than the set's default.
    #[must_use]
    pub fn permits(&self) -> bool {
        self.set.permits(self.verdict)
    }
}
