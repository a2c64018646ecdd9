//! Alarms as they travel: what is the matter, how urgent, since when, and who has seen it.

use serde::{Deserialize, Serialize};

/// How urgent an alarm is, after IEC 60601-1-8; the later one is more urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmPriority {
    /// Somebody is to know.
    Low,
    /// Somebody is to come soon: protection is reduced, or the patient is uneasy.
    Medium,
    /// Somebody is to come at once: the patient may be harmed, or protection is gone.
    High,
}

impl AlarmPriority {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// The sounder at the table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SounderNow {
    /// `command`, `bell`, or `none` where nothing can be heard at the table.
    pub name: String,
    /// Bursts made without an error since the bedside started.
    pub heard: u64,
    /// Whether the last burst failed, or the present one does not end.
    pub failing: bool,
}

/// An alarm that is there, or was there and waits for its acknowledgement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlarmNow {
    /// What raised it: a cause as in a status's `limiter`, or `disk`, `sounder`, ….
    pub cause: String,
    /// How urgent it is.
    pub priority: AlarmPriority,
    /// Seconds since it was raised, wall time.
    pub age_s: f64,
    /// Whether somebody has acknowledged it; it is shown until its condition ends.
    pub acknowledged: bool,
}
