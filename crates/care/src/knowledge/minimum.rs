//! The minimum data set: the fewest answers that make a routine patient decidable.
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The minimum data set of one region (CLINICAL §1.5).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MinimumSet {
    /// The region.
    pub region: String,
    /// What the patient answers, at most 20.
    pub patient: Vec<String>,
    /// What is examined or measured, at most 10.
    pub examination: Vec<String>,
    /// The answers of a routine patient, in the form of the JSON contract.
    pub routine: BTreeMap<String, toml::Value>,
}

impl MinimumSet {
    /// Every fact of the set.
    pub fn facts(&self) -> impl Iterator<Item = &str> {
        self.patient
            .iter()
            .chain(&self.examination)
            .map(String::as_str)
    }
}
