//! How the question to a silent patient stands, as a status tells it.

use serde::{Deserialize, Serialize};

/// The question "how is it, 0 to 10?" that a silent patient is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// It is not to be asked now.
    #[default]
    None,
    /// It is to be asked now.
    Due,
    /// Nobody answered in time: the session was paused, and waits for an answer.
    Unanswered,
}
