//! Codes of other systems that bear on a fact, and what each does to it.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a code does to its fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CodeMode {
    /// Sets the fact to the mapping's value, or to the value that comes with the code.
    Asserts,
    /// Only opens the question.
    Asks,
}

/// In which clinical state a condition's code counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClinicalState {
    /// While active.
    #[default]
    Active,
    /// Once resolved: history.
    Resolved,
    /// Either way.
    Any,
}

/// One code that bears on a fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeMapping {
    /// The fact; filled when the catalogue loads.
    #[serde(default)]
    pub fact: String,
    /// `snomed`, `icd10cm`, `loinc` or `rxnorm`.
    pub system: String,
    /// The code; a trailing `*` takes every code that starts so.
    pub code: String,
    /// Sets the fact, or only asks.
    pub mode: CodeMode,
    /// In which clinical state of a condition it counts.
    #[serde(default)]
    pub clinical: ClinicalState,
    /// The value it sets; absent where the value comes with the code.
    #[serde(default)]
    pub value: Option<super::Value>,
    /// The index it sets.
    #[serde(default)]
    pub index: Vec<String>,
    /// The date fact that takes the onset.
    #[serde(default)]
    pub onset: Option<String>,
    /// Version of the code system it was read in.
    pub version: String,
    /// `found` (read in a source) or `recalled` (to be verified).
    pub status: String,
    /// Our own words for it.
    #[serde(default)]
    pub note: String,
}

/// The short name of a code system.
#[must_use]
pub(super) fn short_system(system: &str) -> &str {
    match system {
        "http://snomed.info/sct" => "snomed",
        "http://hl7.org/fhir/sid/icd-10-cm" => "icd10cm",
        "http://loinc.org" => "loinc",
        "http://www.nlm.nih.gov/research/umls/rxnorm" => "rxnorm",
        other => other,
    }
}
