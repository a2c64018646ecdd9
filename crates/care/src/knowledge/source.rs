//! What a rule may cite: the closed list of `sources.toml`.
use serde::{Deserialize, Serialize};

/// One source.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its id, such as `S59a`.
    pub id: String,
    /// Where it was read.
    pub at: String,
}

/// The file of sources.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceFile {
    #[serde(rename = "source")]
    pub(super) sources: Vec<Source>,
}
