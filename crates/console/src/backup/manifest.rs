//! The list of what is in a backup, its last part.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Its name within the backup.
pub(super) const NAME: &str = "manifest.json";
/// Which form it has.
pub(super) const SCHEMA: &str = "annulus.backup/1";

/// What is in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always `annulus.backup/1`.
    pub schema: String,
    /// Version of the program that made it.
    pub program: String,
    /// When it was begun.
    pub at: Timestamp,
    /// Where the journal stood then.
    pub journal: Stand,
    /// Every other part, in its order.
    pub parts: Vec<Part>,
    /// Recordings that the journal lists and that were missing or damaged when it was made.
    pub missing: Vec<String>,
}

/// Where a journal stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stand {
    /// Which journal.
    pub identity: Uuid,
    /// Streams in it.
    pub streams: u64,
    /// Events in it.
    pub events: u64,
    /// The root over the heads of all streams, in hex.
    pub root: String,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its path in the data folder.
    pub name: String,
    /// How long it is.
    pub bytes: u64,
    /// SHA-256, in hex.
    pub sha256: String,
}

/// Whether a file of the folder of recordings belongs into a backup, and may come out of one: a
/// plain name, and not one that is being written.
pub(super) fn is_recording(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty()
        && name.len() <= 200
        && name.chars().all(plain)
        && !name.starts_with('.')
        && !name.ends_with(".partial")
}
