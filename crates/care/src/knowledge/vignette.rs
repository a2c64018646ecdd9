//! Cases written beside a rule, with the answer expected of it.
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What a rule should do with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// It fires.
    Fires,
    /// It does not.
    DoesNotFire,
    /// It cannot tell.
    Undecided,
}

impl Expectation {
    /// Every answer a rule can give.
    pub const ALL: [Self; 3] = [Self::Fires, Self::DoesNotFire, Self::Undecided];
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fires => "fires",
            Self::DoesNotFire => "does-not-fire",
            Self::Undecided => "undecided",
        })
    }
}

/// A case.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Vignette {
    /// A sentence that says who this is.
    pub name: String,
    /// What the rule should do.
    pub expect: Expectation,
    /// The region; the rule's first without one.
    #[serde(default)]
    pub region: Option<String>,
    /// The instant of decision; 2026-11-22T09:00:00Z without one.
    #[serde(default)]
    pub at: Option<String>,
    /// The arrival record's instant, where the rule compares with it.
    #[serde(default)]
    pub arrival: Option<String>,
    /// Facts in the form of the JSON contract; a policy fact among them is what the
    /// clinic chose.
    #[serde(default)]
    pub facts: BTreeMap<String, toml::Value>,
}
