//! What commands and events carry: people, records, sessions, reports.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::Private;
use crate::decide::Urgency;
use crate::fact::Reading;

/// Who the patient is, for people; never needed by a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demographics {
    /// The name as the patient writes it.
    pub name: String,
    /// Date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    /// As recorded: `female`, `male`, `other`, `unknown`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Identifiers of other systems.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<String>,
}

/// A record from outside: its bytes, and the facts its codes became.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    /// Kind and origin, as a person would name it.
    pub source: String,
    /// The bytes as they came (UTF-8: anything else is refused at the door).
    pub original: Private<String>,
    /// Facts derived from it.
    pub readings: Vec<Reading>,
    /// Entries that became nothing, by place and code.
    #[serde(default)]
    pub unmapped: Vec<String>,
    /// Questions it opens, by fact.
    #[serde(default)]
    pub asks: Vec<String>,
    /// The record says the patient died; such a patient is never planned.
    #[serde(default)]
    pub deceased: bool,
}

/// Consent to a course of traction (CLINICAL.md §1.15).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentGiven {
    /// SHA-256 (hex) of the text that was shown: `consent::Text::version`.
    pub text_version: String,
    /// Its language.
    pub language: String,
    /// Who explained it.
    pub explained_by: String,
    /// The interpreter, where one was needed.
    #[serde(default)]
    pub interpreter: Option<String>,
    /// What the patient asked, and what was answered.
    #[serde(default)]
    pub questions: Private<String>,
    /// The name the patient signed with.
    pub signed_by: Private<String>,
    /// What the patient was told that the course costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
    /// The condition the text spoke of; set by the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// The text as it was shown, with its risks, alternatives and the guidelines'
    /// position; set by the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndCause {
    /// The profile ran to its end.
    Completed,
    /// Discomfort reached its limit; no symptom was named.
    Comfort,
    /// The table, its sensors or its link.
    Technical,
    /// A practitioner ended it for a stated reason that is no symptom.
    Operator,
    /// A stop symptom.
    Symptom,
    /// Nobody said why, the patient's switch included.
    Unexplained,
}

impl EndCause {
    /// Whether the day is closed until a neurological examination is on record (CLINICAL.md §5).
    #[must_use]
    pub const fn closes_day(self) -> bool {
        matches!(self, Self::Symptom | Self::Unexplained)
    }

    /// Whether it ended before its time.
    #[must_use]
    pub const fn is_stop(self) -> bool {
        !matches!(self, Self::Completed)
    }
}

/// What the bedside tells about a finished session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// How it ended.
    pub cause: EndCause,
    /// The cause in the bedside's words (latch, symptom).
    #[serde(default)]
    pub detail: String,
    /// Largest tension at the load cells, N.
    pub peak_force_n: f64,
    /// Largest force held to the end of a hold without a departure, N.
    pub tolerated_n: f64,
    /// Time since the pull began, s.
    pub duration_s: f64,
    /// Highest discomfort told, 0–10.
    #[serde(default)]
    pub peak_discomfort: Option<u8>,
    /// Whether its one resume was used.
    #[serde(default)]
    pub resumed: bool,
    /// The recording's SHA-256 (hex), once it is fetched.
    #[serde(default)]
    pub recording_sha256: Option<String>,
    /// True where the table was simulated.
    pub simulated: bool,
}

/// The leaving check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leaving {
    /// The session it closes.
    pub session: uuid::Uuid,
    /// Pain, distal extent, skin, rise, walk.
    pub readings: Vec<Reading>,
    /// Written advice with the warning card for the region was handed over.
    pub warning_card: bool,
}

/// What a visit may be billed as: never both for one encounter. The program suggests one and
/// submits nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BillingCode {
    /// CPT 97012, mechanical traction, once an encounter.
    #[serde(rename = "97012")]
    Cpt97012,
    /// HCPCS S9090, decompression, a session.
    #[serde(rename = "S9090")]
    HcpcsS9090,
}

impl BillingCode {
    /// The system and the code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cpt97012 => "97012",
            Self::HcpcsS9090 => "S9090",
        }
    }
}

impl core::str::FromStr for BillingCode {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "97012" => Ok(Self::Cpt97012),
            "S9090" => Ok(Self::HcpcsS9090),
            _ => Err(()),
        }
    }
}

/// The note of a visit, in the four parts of its usual form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What the patient told.
    pub subjective: Private<String>,
    /// What was found, measured and done.
    pub objective: Private<String>,
    /// What it means.
    pub assessment: Private<String>,
    /// What comes next.
    pub plan: Private<String>,
    /// What it may be billed as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<BillingCode>,
}

/// Carnes 2010 classes of an adverse event (S102).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Hours, mild, reversible, function kept.
    Mild,
    /// Weeks and mild, or days and moderate.
    Moderate,
    /// Weeks and moderate or severe, or days and severe; needs further treatment.
    Major,
}

/// What of an adverse event a person who decides has judged; the rest is as the program or
/// whoever opened it put it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Its class of Carnes.
    #[serde(default)]
    pub severity: bool,
    /// Whether it is serious.
    #[serde(default)]
    pub serious: bool,
}

impl Judged {
    /// For serde: nothing is written where nothing was judged.
    #[must_use]
    pub(super) const fn is_nothing(&self) -> bool {
        !self.severity && !self.serious
    }
}

/// Another therapy, as a visit of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TherapyVisit {
    /// What was done (`exercise`, `laser`, `massage`, …).
    pub kind: String,
    /// Where.
    pub region: String,
    /// When; not after the command.
    pub at: Timestamp,
    /// Dose or setting, in words.
    #[serde(default)]
    pub detail: String,
    /// How the patient responded.
    pub response: Private<String>,
    /// A reaction, where there was one.
    #[serde(default)]
    pub reaction: Option<Private<String>>,
}

/// A letter that asks another place to look at the patient or to take over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// Whom it goes to.
    pub to: String,
    /// How soon they are asked to act.
    pub urgency: Urgency,
    /// The red flag or finding that is the reason: what is read first.
    pub reason: Private<String>,
    /// When that began, as far as it is known: read with the reason.
    pub onset: Private<String>,
    /// What else they need: how it went on, what was found, what was done.
    pub findings: Private<String>,
    /// What is asked of them.
    pub request: Private<String>,
}

/// What came of a referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReferralEnd {
    /// They answered.
    Answered,
    /// The patient was not seen there.
    NotSeen,
    /// It is not needed any more.
    Withdrawn,
}

impl ReferralEnd {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Answered, Self::NotSeen, Self::Withdrawn];

    /// The word in JSON and on pages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::NotSeen => "not-seen",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Why sessions are blocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum SuspendedBy {
    /// A new fact made the decision worse than the signed one.
    Decision {
        /// The new verdict.
        verdict: String,
        /// The rules that fired newly.
        rules: Vec<String>,
    },
    /// A check-in's result.
    Triage {
        /// The result.
        result: String,
        /// The session it followed.
        session: uuid::Uuid,
    },
    /// A person said so.
    Person {
        /// In their words.
        reason: String,
    },
    /// A review's result.
    Review {
        /// The result.
        result: String,
    },
    /// The record says the patient died.
    Death,
}
