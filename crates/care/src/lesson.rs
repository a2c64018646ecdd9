//! What a session taught of the patient's spine, and what is believed of it since.
//!
//! After a session its recording is compared with what `spine::column` would have
//! shown, and the belief of the person moves (`spine::learn`, argued there). Here is
//! what belongs to the record: from which session, which recording, on top of what,
//! by which program, and why a session that taught nothing did not ([`learn`]). The
//! answer is a [`Lesson`], stored whole as an event; nothing is learned again when
//! the record is read.
//!
//! ```text
//! person before ──▶ spine::learn::update(recording) ──▶ person after        kept: BeliefDocument
//! person ──▶ spine::learn::today ──▶ belief of the next session             Episode::expected
//! ```
//!
//! A belief is of one region: a neck teaches nothing of a back. What a simulated
//! table showed is of no person and is kept apart; it counts only while no real
//! table taught anything. Guarding by pain that was told during the session is not
//! told to the model: a session full of it fits no spine and is left out.
//!
//! No verdict, no limit and no candidate depends on a lesson: only forecasts do.

mod believed;
mod teach;

pub use believed::{Believed, Expected, Learnt};
pub use teach::{Heard, learn};

use serde::{Deserialize, Serialize};
use si::Region;
use uuid::Uuid;

use crate::subject::BeliefDocument;

/// The program that learns, with its version.
pub const SOFTWARE: &str = concat!("annulus ", env!("CARGO_PKG_VERSION"));

/// What one session taught.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// The session.
    pub session: Uuid,
    /// The region that was pulled.
    #[serde(with = "crate::words::region")]
    pub region: Region,
    /// True where the table was simulated: it shows a simulated body.
    pub simulated: bool,
    /// SHA-256 (hex) of the recording, as the end of the session has it on record.
    pub recording_sha256: String,
    /// The program that computed it: [`SOFTWARE`].
    pub software: String,
    /// The session whose lesson it started from; none where nothing was known but people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Uuid>,
    /// What it came to.
    pub taught: Taught,
}

impl Lesson {
    /// Why it taught nothing, in a word.
    #[must_use]
    pub const fn silence(&self) -> Option<&'static str> {
        match &self.taught {
            Taught::Nothing(silence) => Some(silence.because.as_str()),
            Taught::Learned(_) => None,
        }
    }
}

/// What a lesson came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Taught {
    /// The belief moved.
    Learned(Posterior),
    /// It stayed as it was.
    Nothing(Silence),
}

/// What is believed of the person after a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Posterior {
    /// Mean and factor.
    pub belief: BeliefDocument,
    /// Mean square of what stays unexplained; about 1 or less is sound.
    pub misfit: f64,
    /// What is known by now of the next session, most known first.
    pub doubts: Vec<Doubt>,
    /// What the table sees together and cannot part, strongest first.
    pub ties: Vec<Tied>,
}

/// How much of one doubt is gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Doubt {
    /// `spine::unknown::Unknown`, by its name in JSON.
    pub unknown: String,
    /// Share of the variance that this session removed, 0–1.
    pub removed: f64,
    /// Share of the variance over people that is gone by now, 0–1.
    pub known: f64,
}

/// Two unknowns that are known together better than apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tied {
    /// One, by its name in JSON.
    pub one: String,
    /// The other.
    pub other: String,
    /// Positive: more of both explains the session as well.
    pub correlation: f64,
}

/// Why a session taught nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// In a word.
    pub because: Because,
    /// In the words of whoever refused it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// Why, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// No hold was reached and kept for 10 s: stopped at once, or hardly pulled.
    TooShort,
    /// The recording is not where it was kept.
    RecordingMissing,
    /// Its bytes are not those on record.
    RecordingAltered,
    /// Its samples cannot be read as a session.
    RecordingUnfit,
    /// It is of another session or table.
    RecordingForeign,
    /// It pulled another region than the visit treated.
    RegionsDiffer,
    /// Age is not on record, or the person lies outside the model's people.
    PersonUnknown,
    /// The model gave no answer for such a session.
    NotComputed,
    /// The search for the most probable spine did not come to rest.
    Unsettled,
    /// No spine of this kind shows such a session: harness, sensors or guarding.
    Surprising,
}

impl Because {
    /// Every reason.
    pub const ALL: [Self; 10] = [
        Self::TooShort,
        Self::RecordingMissing,
        Self::RecordingAltered,
        Self::RecordingUnfit,
        Self::RecordingForeign,
        Self::RegionsDiffer,
        Self::PersonUnknown,
        Self::NotComputed,
        Self::Unsettled,
        Self::Surprising,
    ];

    /// The word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooShort => "too-short",
            Self::RecordingMissing => "recording-missing",
            Self::RecordingAltered => "recording-altered",
            Self::RecordingUnfit => "recording-unfit",
            Self::RecordingForeign => "recording-foreign",
            Self::RegionsDiffer => "regions-differ",
            Self::PersonUnknown => "person-unknown",
            Self::NotComputed => "not-computed",
            Self::Unsettled => "unsettled",
            Self::Surprising => "surprising",
        }
    }

    /// A silence for this reason.
    #[must_use]
    pub fn said(self, detail: impl Into<String>) -> Silence {
        Silence {
            because: self,
            detail: detail.into(),
        }
    }
}
