//! What happened: the only thing that is kept.
//!
//! Stored bytes are JSON with `v`, `at`, `by`, `kind` and the `body` of the kind;
//! they are never rewritten. A change of a body's shape gets a new `v` and an
//! upcaster from the old one in [`Event::read`]; the golden files under
//! `tests/golden/` keep every kind and version readable.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use si::{Problem, Region};
use uuid::Uuid;

use super::{
    Actor, ConsentGiven, Demographics, EndCause, Imported, Judged, Kept, Leaving, Note, Private,
    Referral, ReferralEnd, SessionSummary, Severity, SuspendedBy, TherapyVisit,
};
use crate::fact::{Clearance, Override, Reading};
use crate::lesson::Lesson;

/// One thing that happened, by whom and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Version of the body's shape.
    pub v: u16,
    /// When, as the clinic's clock said.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

macro_rules! kinds {
    ($($variant:ident = $kind:literal),+ $(,)?) => {
        impl What {
            /// Every kind, in the order of the path of care.
            pub const KINDS: &'static [&'static str] = &[$($kind),+];

            /// The kind, as stored.
            #[must_use]
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $kind),+ }
            }
        }
    };
}

kinds! {
    Registered = "registered",
    ContactChanged = "contact-changed",
    RecordImported = "record-imported",
    FactsRecorded = "facts-recorded",
    ConflictResolved = "conflict-resolved",
    ClearanceFiled = "clearance-filed",
    RuleOverridden = "rule-overridden",
    PermissionWithdrawn = "permission-withdrawn",
    Decided = "decided",
    ConsentGiven = "consent-given",
    ConsentWithdrawn = "consent-withdrawn",
    PlanProposed = "plan-proposed",
    PlanSigned = "plan-signed",
    ArrivalRecorded = "arrival-recorded",
    StartChecked = "start-checked",
    GrantIssued = "grant-issued",
    SessionStarted = "session-started",
    SessionReported = "session-reported",
    SessionEnded = "session-ended",
    StopExplained = "stop-explained",
    SpineLearned = "spine-learned",
    LeavingChecked = "leaving-checked",
    LinkIssued = "link-issued",
    CheckInAnswered = "check-in-answered",
    CheckInMissed = "check-in-missed",
    CheckInBegun = "check-in-begun",
    CheckInAbandoned = "check-in-abandoned",
    NoteSigned = "note-signed",
    NoteAmended = "note-amended",
    ExaminationNoted = "examination-noted",
    ExaminationAmended = "examination-amended",
    Triaged = "triaged",
    Suspended = "suspended",
    SuspensionLifted = "suspension-lifted",
    AdverseEventOpened = "adverse-event-opened",
    AdverseEventNoted = "adverse-event-noted",
    AdverseEventClosed = "adverse-event-closed",
    Notified = "notified",
    Acknowledged = "acknowledged",
    ReferralWritten = "referral-written",
    ReferralOverdue = "referral-overdue",
    ReferralClosed = "referral-closed",
    TherapyRecorded = "therapy-recorded",
    AppointmentMissed = "appointment-missed",
    AppointmentKept = "appointment-kept",
    Reviewed = "reviewed",
    Discharged = "discharged",
    Reopened = "reopened",
}

/// The body of an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "kebab-case")]
#[allow(
    missing_docs,
    reason = "the fields are those of the command of the same name"
)]
pub enum What {
    /// The patient's stream and first episode were opened.
    Registered {
        pseudonym: Uuid,
        demographics: Private<Demographics>,
        #[serde(with = "crate::words::region")]
        region: Region,
        language: String,
    },
    /// New contact data.
    ContactChanged { demographics: Private<Demographics> },
    /// A record came in from outside.
    RecordImported(Imported),
    /// Answers, findings, measurements, scores.
    FactsRecorded {
        readings: Vec<Reading>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        denied: Vec<String>,
    },
    /// A practitioner ended a disagreement.
    ConflictResolved { reading: Reading, reason: String },
    /// A letter on file.
    ClearanceFiled(Clearance),
    /// A rule that counts less for a time.
    RuleOverridden(Override),
    /// Clearances and overrides of a rule end here, before their time.
    PermissionWithdrawn { rule: String, reason: String },
    /// The screening decision, whole.
    Decided { decision: Kept },
    /// Consent is current from here.
    ConsentGiven(ConsentGiven),
    /// And not any more.
    ConsentWithdrawn { reason: String },
    /// Candidates, exactly as written.
    PlanProposed {
        plan: String,
        plan_sha256: String,
        decision_sha256: String,
        expires: Timestamp,
    },
    /// A practitioner signed one of them.
    PlanSigned {
        plan_sha256: String,
        candidate: String,
        verdict: String,
        decision_sha256: String,
        expires: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<String>,
    },
    /// The patient is here; a visit is open.
    ArrivalRecorded { visit: u32, readings: Vec<Reading> },
    /// Items of the pre-start list.
    StartChecked { visit: u32, readings: Vec<Reading> },
    /// The start gate permitted one session.
    GrantIssued {
        visit: u32,
        session: Uuid,
        table: Uuid,
        plan_sha256: String,
        candidate: String,
        attendant: String,
        force_n: f64,
        expires: Timestamp,
        grant: String,
        simulated: bool,
        decision: Kept,
    },
    /// The bedside began.
    SessionStarted { session: Uuid },
    /// A report or sign while it ran, and what the in-session rules said.
    SessionReported {
        session: Uuid,
        readings: Vec<Reading>,
        decision: Kept,
    },
    /// The bedside finished.
    SessionEnded {
        session: Uuid,
        summary: SessionSummary,
    },
    /// What an unexplained stop was.
    StopExplained {
        session: Uuid,
        cause: EndCause,
        reason: String,
    },
    /// What a session taught of the spine, or why it taught nothing.
    SpineLearned(Lesson),
    /// The visit is closed.
    LeavingChecked(Leaving),
    /// A check-in link was made.
    LinkIssued {
        session: Uuid,
        token_sha256: String,
        expires: Timestamp,
    },
    /// Answers after a session.
    CheckInAnswered {
        session: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<u8>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        form: Option<Uuid>,
        readings: Vec<Reading>,
    },
    /// Nobody answered in time.
    CheckInMissed { session: Uuid, number: u8 },
    /// Answers on a form that was not sent.
    CheckInBegun {
        session: Uuid,
        form: Uuid,
        readings: Vec<Reading>,
    },
    /// Such a form was left.
    CheckInAbandoned { session: Uuid, form: Uuid },
    /// The note of a visit.
    NoteSigned { visit: u32, note: Note },
    /// What was added to it.
    NoteAmended {
        visit: u32,
        addendum: Private<String>,
    },
    /// The note of an examination was signed: nobody arrived for a session that day.
    ExaminationNoted {
        day: Date,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        appointment: Option<Uuid>,
        note: Note,
    },
    /// Something was added to it.
    ExaminationAmended {
        day: Date,
        addendum: Private<String>,
    },
    /// What the triage rules said.
    Triaged {
        session: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<u8>,
        result: String,
        received: Vec<String>,
        decision: Kept,
    },
    /// Sessions are blocked.
    Suspended {
        suspension: u32,
        because: SuspendedBy,
    },
    /// One block is gone.
    SuspensionLifted {
        suspension: u32,
        examined: Timestamp,
        reason: String,
    },
    /// An adverse event is followed from here.
    AdverseEventOpened {
        event: u32,
        description: Private<String>,
        onset: Timestamp,
        severity: Severity,
        serious: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<Uuid>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        received: Vec<String>,
        #[serde(default, skip_serializing_if = "Judged::is_nothing")]
        judged: Judged,
    },
    /// News about it.
    AdverseEventNoted {
        event: u32,
        note: Private<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        severity: Option<Severity>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        serious: Option<bool>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relation: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        action: Option<String>,
        #[serde(default, skip_serializing_if = "Judged::is_nothing")]
        judged: Judged,
    },
    /// Its end.
    AdverseEventClosed {
        event: u32,
        outcome: Private<String>,
        relation: String,
    },
    /// A contact was told.
    Notified {
        alert: u32,
        urgency: String,
        about: String,
        to: String,
        attempt: u32,
    },
    /// And took it.
    Acknowledged { alert: u32, note: String },
    /// A letter asks another place to look or to take over.
    ReferralWritten { referral: u32, letter: Referral },
    /// Nobody told in time what came of it.
    ReferralOverdue { referral: u32 },
    /// What came of it.
    ReferralClosed {
        referral: u32,
        end: ReferralEnd,
        words: Private<String>,
    },
    /// Another therapy.
    TherapyRecorded(TherapyVisit),
    /// The patient did not come.
    AppointmentMissed { appointment: Uuid, from: Timestamp },
    /// They came after all.
    AppointmentKept { appointment: Uuid },
    /// What the review rules said.
    Reviewed { result: String, decision: Kept },
    /// The episode is over.
    Discharged { reason: String, outcome: String },
    /// The next one begins.
    Reopened {
        #[serde(with = "crate::words::region")]
        region: Region,
    },
}

impl Event {
    /// The version that is written today, for every kind.
    pub const VERSION: u16 = 1;

    /// An event of today's version.
    #[must_use]
    pub fn new(at: Timestamp, by: Actor, what: What) -> Self {
        Self {
            v: Self::VERSION,
            at,
            by,
            what,
        }
    }

    /// The kind, as stored beside the payload.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        self.what.kind()
    }

    /// The bytes to be stored.
    ///
    /// # Errors
    /// A non-finite number, which no command lets through.
    pub fn bytes(&self) -> Result<Vec<u8>, Problem> {
        serde_json::to_vec(self).map_err(|fault| {
            Problem::new(
                "event-unwritable",
                self.kind(),
                "",
                fault.to_string(),
                "report this as a defect: events hold finite numbers only",
            )
        })
    }

    /// Reads stored bytes, bringing older versions up to today's.
    ///
    /// # Errors
    /// A kind or version that this program does not know, or bytes that are not an event:
    /// the store is then opened read-only.
    pub fn read(kind: &str, v: u16, bytes: &[u8]) -> Result<Self, Problem> {
        if !What::KINDS.contains(&kind) || v > Self::VERSION {
            return Err(Problem::new(
                "event-unknown",
                format!("event {kind}"),
                format!("v{v}"),
                "this program is older than the event",
                "open the store with the newer program, or read-only",
            ));
        }
        serde_json::from_slice(bytes).map_err(|fault| {
            Problem::new(
                "event-unreadable",
                format!("event {kind} v{v}"),
                "",
                fault.to_string(),
                "verify the journal; its bytes are not what was written",
            )
        })
    }
}
