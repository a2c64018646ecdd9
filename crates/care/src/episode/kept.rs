//! A decision as it is kept: whole, with its hash, never made again.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::decide::Decision;

/// A decision with the SHA-256 it had when it was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// `Decision::hash`, hex.
    pub sha256: String,
    /// The decision, whole; the knowledge it names is stored once by its own hash.
    pub document: Box<Decision>,
}

impl Kept {
    /// Keeps a decision.
    #[must_use]
    pub fn new(decision: Decision) -> Self {
        Self {
            sha256: hex::encode(decision.hash()),
            document: Box::new(decision),
        }
    }
}

impl Deref for Kept {
    type Target = Decision;
    fn deref(&self) -> &Decision {
        &self.document
    }
}
