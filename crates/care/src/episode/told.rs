//! What the episode keeps of a stop that was explained and of an appointment that was missed.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{Actor, EndCause};

/// What somebody said a stop was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explained {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// What it was.
    pub cause: EndCause,
    /// How they know.
    pub reason: String,
    /// Whether it was said after the end; what was said on the table reached the recording,
    /// which then says what the session ended by.
    pub after: bool,
}

/// An appointment to which the patient did not come.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Missed {
    /// Which, as the diary knows it.
    pub appointment: Uuid,
    /// When it began.
    pub from: Timestamp,
    /// When it was said to be missed.
    pub at: Timestamp,
}
