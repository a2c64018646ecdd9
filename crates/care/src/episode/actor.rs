//! Who acts, and what each role may do (CLINICAL.md §7).
//!
//! One table says it: [`Role::may`]. `decide` asks it before anything else, so
//! a command that no role was given is refused to everybody.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Act;

/// What a person (or the clinic's own program) is in the clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The patient, through the personal link or on the table.
    Patient,
    /// Bookings and contact data.
    FrontDesk,
    /// Sets up, monitors, pauses, lowers, stops; never signs, raises, overrides, resumes or lifts.
    Assistant,
    /// Licensed; examines, decides and signs.
    Practitioner,
    /// A practitioner who also owns policy and rules.
    ClinicalLead,
    /// Runs the program; no clinical acts.
    Administrator,
    /// Sees de-identified data only.
    Researcher,
    /// No person: what the bedside reported, what it taught, and what fell due by the clock.
    Program,
}

impl Role {
    /// Every role, in the order the clinic lists them.
    pub const ALL: [Self; 8] = [
        Self::Patient,
        Self::FrontDesk,
        Self::Assistant,
        Self::Practitioner,
        Self::ClinicalLead,
        Self::Administrator,
        Self::Researcher,
        Self::Program,
    ];

    /// The name in JSON and on pages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::FrontDesk => "front-desk",
            Self::Assistant => "assistant",
            Self::Practitioner => "practitioner",
            Self::ClinicalLead => "clinical-lead",
            Self::Administrator => "administrator",
            Self::Researcher => "researcher",
            Self::Program => "program",
        }
    }

    /// Whether this role may do `act` at all; state and licence are asked after it.
    #[must_use]
    pub const fn may(self, act: Act) -> bool {
        match self {
            Self::Practitioner | Self::ClinicalLead => !matches!(
                act,
                Act::ReportFromBedside | Act::LearnSpine | Act::BeginCheckIn
            ),
            Self::Assistant => matches!(
                act,
                Act::Register
                    | Act::ChangeContact
                    | Act::ImportRecord
                    | Act::RecordFacts
                    | Act::WithdrawConsent
                    | Act::RecordArrival
                    | Act::CheckStart
                    | Act::ReportInSession
                    | Act::CheckLeaving
                    | Act::IssueLink
                    | Act::AnswerCheckIn
                    | Act::KeepTime
                    | Act::Suspend
                    | Act::OpenAdverseEvent
                    | Act::NoteAdverseEvent
                    | Act::Acknowledge
                    | Act::CloseReferral
                    | Act::MarkAppointment
            ),
            Self::Patient => matches!(
                act,
                Act::RecordFacts
                    | Act::WithdrawConsent
                    | Act::ReportInSession
                    | Act::AnswerCheckIn
                    | Act::BeginCheckIn
            ),
            Self::FrontDesk => matches!(
                act,
                Act::Register
                    | Act::ChangeContact
                    | Act::WithdrawConsent
                    | Act::IssueLink
                    | Act::MarkAppointment
            ),
            // Other systems bring records through it.
            Self::Program => matches!(
                act,
                Act::Register
                    | Act::ImportRecord
                    | Act::ReportFromBedside
                    | Act::ReportInSession
                    | Act::IssueLink
                    | Act::KeepTime
                    | Act::LearnSpine
                    | Act::MarkAppointment
            ),
            Self::Administrator | Self::Researcher => false,
        }
    }
}

/// A licence to practise, as the clinic holds it on file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// Number and issuing body.
    pub number: String,
    /// The instant it lapses; signing after it is refused.
    pub expires: Timestamp,
}

/// Who gives a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The user's random id (the patient's own pseudonym for a patient).
    pub id: Uuid,
    /// In which role.
    pub role: Role,
    /// The name shown beside what was done; empty for patient and program.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Practitioners and leads have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<Licence>,
}

impl Actor {
    /// The clinic's own program.
    #[must_use]
    pub fn program() -> Self {
        Self {
            id: Uuid::nil(),
            role: Role::Program,
            name: String::new(),
            licence: None,
        }
    }

    /// Whether a licence is on file that has not lapsed at `at`.
    #[must_use]
    pub fn licensed(&self, at: Timestamp) -> bool {
        self.licence.as_ref().is_some_and(|l| at < l.expires)
    }
}
