//! Everything that can be asked of an episode.
//!
//! A command is a wish of somebody in a role; `decide` answers with the events
//! it causes or with the problem that stands in its way. Ids, nonces and
//! instants are made at the doors and come in with the command.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use si::Region;
use uuid::Uuid;

use super::{
    ConsentGiven, Demographics, Encounter, EndCause, Imported, Leaving, Note, Private, Referral,
    ReferralEnd, SessionSummary, Severity, TherapyVisit,
};
use crate::fact::{Clearance, Override, Reading};
use crate::lesson::Lesson;
use crate::plan::Choice;

/// A wish, as the doors pass it on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Command {
    /// Opens the patient's stream and the first episode of care.
    Register {
        /// Random id under which tables and recordings know the patient.
        pseudonym: Uuid,
        /// Name, birth date, contact.
        demographics: Private<Demographics>,
        /// The region to be treated.
        #[serde(with = "crate::words::region")]
        region: Region,
        /// Language of pages and texts (BCP 47).
        language: String,
    },
    /// Contact data changed.
    ChangeContact {
        /// The new data, whole.
        demographics: Private<Demographics>,
    },
    /// A record from outside, with its bytes and the facts derived from it.
    ImportRecord(Imported),
    /// Answers, findings, measurements, scores: whatever the catalogue names.
    RecordFacts {
        /// The readings, oldest first.
        readings: Vec<Reading>,
        /// Sections answered "all asked, all denied" (their readings are among `readings`).
        #[serde(default)]
        denied: Vec<String>,
    },
    /// Ends a disagreement between sources, or a positive red flag, by examination.
    ResolveConflict {
        /// The reading that holds from now on, by a practitioner.
        reading: Reading,
        /// Why the others do not.
        reason: String,
    },
    /// A letter that clears one finding, confirmed by the practitioner who files it.
    FileClearance(Clearance),
    /// Going on despite one rule, where the rule allows it (CLINICAL.md §1.11).
    OverrideRule(Override),
    /// Ends every clearance and override of one rule before its time.
    WithdrawPermission {
        /// The rule, by id.
        rule: String,
        /// Why.
        reason: String,
    },
    /// Decides over the gates `eligibility` and `today` and keeps the decision.
    Evaluate,
    /// Consent was explained and signed.
    GiveConsent(ConsentGiven),
    /// Consent is taken back; nothing starts after it.
    WithdrawConsent {
        /// In the patient's words; may be empty.
        reason: String,
    },
    /// Works out the candidates from the decision on record.
    ProposePlan {
        /// The table's own ceiling, N, where it is lower than ours.
        #[serde(default)]
        table_ceiling_n: Option<f64>,
        /// What the practitioner chose beside the candidates.
        #[serde(default)]
        choice: Option<Box<Choice>>,
    },
    /// A practitioner signs one candidate of the proposal on record.
    SignPlan {
        /// SHA-256 (hex) of the plan's bytes, exactly as written.
        plan_sha256: String,
        /// `gentle`, `standard`, `firm` or `chosen`.
        candidate: String,
        /// The signed plan's document, when one was made with a key (CLI, second factor).
        #[serde(default)]
        document: Option<String>,
    },
    /// The arrival record opens a visit.
    RecordArrival {
        /// Pain per site, most distal point, neurology: see `session::arrival_required`.
        readings: Vec<Reading>,
    },
    /// Items of the pre-start list and the `start` gate.
    CheckStart {
        /// One reading per item; each keeps who and when.
        readings: Vec<Reading>,
    },
    /// Asks for the permission to pull once. The door signs the Grant's bytes.
    IssueGrant {
        /// The new session's id.
        session: Uuid,
        /// The table that may run it.
        table: Uuid,
        /// Opens exactly one session.
        nonce: Uuid,
        /// The attendant, by name.
        attendant: String,
        /// Expiry; at most 12 h from now.
        expires: Timestamp,
        /// True where the table is simulated.
        simulated: bool,
    },
    /// The bedside began to run the session.
    StartSession {
        /// Which one.
        session: Uuid,
    },
    /// A report or sign while the session runs.
    ReportInSession {
        /// Which session.
        session: Uuid,
        /// Discomfort, symptoms, blood pressure.
        readings: Vec<Reading>,
    },
    /// The bedside's session is over.
    EndSession {
        /// Which one.
        session: Uuid,
        /// What happened, as the bedside tells it.
        summary: SessionSummary,
    },
    /// The leaving check closes the visit.
    CheckLeaving(Leaving),
    /// A personal check-in link was made; only its hash is kept.
    IssueLink {
        /// The session it belongs to.
        session: Uuid,
        /// SHA-256 (hex) of the link's token.
        token_sha256: String,
        /// Until when it answers.
        expires: Timestamp,
    },
    /// The patient (or somebody for them) answers a check-in.
    AnswerCheckIn {
        /// The session it follows.
        session: Uuid,
        /// Which one, counted from 0; none for an answer nobody asked for.
        #[serde(default)]
        number: Option<u8>,
        /// The form they stand on: what it says twice is told once, what it says anew corrects it.
        #[serde(default)]
        form: Option<Uuid>,
        /// The answers.
        readings: Vec<Reading>,
    },
    /// Answers on a form that is not sent: an emergency among them counts at once, the rest
    /// reaches the clinic where nobody sends it.
    BeginCheckIn {
        /// The session it follows.
        session: Uuid,
        /// The form.
        form: Uuid,
        /// The answers so far.
        readings: Vec<Reading>,
    },
    /// Signs the note of a visit or of an examination, once.
    SignNote {
        /// The visit by number, or the day.
        visit: Encounter,
        /// What it says.
        note: Note,
    },
    /// Adds to a signed note; what was signed stays as it was.
    AmendNote {
        /// The visit by number, or the day.
        visit: Encounter,
        /// What is added.
        addendum: Private<String>,
    },
    /// Whatever fell due by now: check-ins nobody answered, notifications nobody acknowledged.
    KeepTime {
        /// The clinic's on-call list, in its order.
        on_call: Vec<String>,
    },
    /// Blocks all sessions.
    Suspend {
        /// Why.
        reason: String,
    },
    /// Lifts one suspension after an examination.
    LiftSuspension {
        /// Which one, counted from 1.
        suspension: u32,
        /// When the patient was examined; must be after the report that suspended.
        examined: Timestamp,
        /// What was found and why sessions may go on.
        reason: String,
    },
    /// Opens an adverse event by hand.
    OpenAdverseEvent {
        /// What happened.
        description: Private<String>,
        /// When it began.
        onset: Timestamp,
        /// Carnes class.
        severity: Severity,
        /// Death, hospital, permanent damage, or care to prevent one; none where nobody judged.
        #[serde(default)]
        serious: Option<bool>,
        /// The session it may come from.
        #[serde(default)]
        session: Option<Uuid>,
    },
    /// Follows an adverse event up.
    NoteAdverseEvent {
        /// Which one, counted from 1.
        event: u32,
        /// What is new.
        note: Private<String>,
        /// A new Carnes class, if it changed.
        #[serde(default)]
        severity: Option<Severity>,
        /// Whether it turned out serious.
        #[serde(default)]
        serious: Option<bool>,
        /// Relation to traction, in the clinic's words.
        #[serde(default)]
        relation: Option<String>,
        /// What was done.
        #[serde(default)]
        action: Option<String>,
    },
    /// Resolution.
    CloseAdverseEvent {
        /// Which one, counted from 1.
        event: u32,
        /// How it ended.
        outcome: Private<String>,
        /// Relation to traction, in the clinic's words.
        relation: String,
    },
    /// Somebody on call has seen an alert and takes it.
    Acknowledge {
        /// Which alert, counted from 1.
        alert: u32,
        /// What they will do.
        note: String,
    },
    /// Signs a letter that asks another place to look or to take over.
    Refer(Referral),
    /// What came of such a letter.
    CloseReferral {
        /// Which one, counted from 1.
        referral: u32,
        /// How it ended.
        end: ReferralEnd,
        /// What was found, or why nothing was.
        words: Private<String>,
    },
    /// Another therapy, as a visit.
    RecordTherapy(TherapyVisit),
    /// Decides the course of care from scores, function and triage history.
    Review,
    /// Ends the episode.
    Discharge {
        /// Why now.
        reason: String,
        /// In a sentence.
        outcome: String,
    },
    /// A new episode of the same patient after a discharge.
    Reopen {
        /// The region to be treated.
        #[serde(with = "crate::words::region")]
        region: Region,
    },
    /// A practitioner says what an unexplained stop was, on the table or after it.
    ExplainStop {
        /// The session that stopped.
        session: Uuid,
        /// What it was; a symptom stays a symptom.
        cause: EndCause,
        /// How the practitioner knows.
        reason: String,
    },
    /// What a session taught of the spine; computed beside the record, once a session.
    LearnSpine(Lesson),
    /// Whether the patient missed an appointment, as the diary says of it.
    MarkAppointment {
        /// Which, as the diary knows it.
        appointment: Uuid,
        /// When it began.
        from: Timestamp,
        /// False where they came after all.
        missed: bool,
    },
}

/// A command without its contents: what roles are asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the command of the same name")]
pub enum Act {
    Register,
    ChangeContact,
    ImportRecord,
    RecordFacts,
    ResolveConflict,
    FileClearance,
    OverrideRule,
    WithdrawPermission,
    Evaluate,
    GiveConsent,
    WithdrawConsent,
    ProposePlan,
    SignPlan,
    RecordArrival,
    CheckStart,
    IssueGrant,
    /// Start and end of a session, told by the bedside alone.
    ReportFromBedside,
    ReportInSession,
    CheckLeaving,
    IssueLink,
    AnswerCheckIn,
    BeginCheckIn,
    SignNote,
    AmendNote,
    KeepTime,
    Suspend,
    LiftSuspension,
    OpenAdverseEvent,
    NoteAdverseEvent,
    CloseAdverseEvent,
    Acknowledge,
    Refer,
    CloseReferral,
    RecordTherapy,
    Review,
    Discharge,
    Reopen,
    ExplainStop,
    /// Told by the clinic's program alone.
    LearnSpine,
    MarkAppointment,
}

impl Act {
    /// Every act, for the matrix of roles.
    pub const ALL: [Self; 40] = [
        Self::Register,
        Self::ChangeContact,
        Self::ImportRecord,
        Self::RecordFacts,
        Self::ResolveConflict,
        Self::FileClearance,
        Self::OverrideRule,
        Self::WithdrawPermission,
        Self::Evaluate,
        Self::GiveConsent,
        Self::WithdrawConsent,
        Self::ProposePlan,
        Self::SignPlan,
        Self::RecordArrival,
        Self::CheckStart,
        Self::IssueGrant,
        Self::ReportFromBedside,
        Self::ReportInSession,
        Self::CheckLeaving,
        Self::IssueLink,
        Self::AnswerCheckIn,
        Self::BeginCheckIn,
        Self::SignNote,
        Self::AmendNote,
        Self::KeepTime,
        Self::Suspend,
        Self::LiftSuspension,
        Self::OpenAdverseEvent,
        Self::NoteAdverseEvent,
        Self::CloseAdverseEvent,
        Self::Acknowledge,
        Self::Refer,
        Self::CloseReferral,
        Self::RecordTherapy,
        Self::Review,
        Self::Discharge,
        Self::Reopen,
        Self::ExplainStop,
        Self::LearnSpine,
        Self::MarkAppointment,
    ];
}

impl Command {
    /// What is asked for, for the table of roles.
    #[must_use]
    pub fn act(&self) -> Act {
        match self {
            Self::Register { .. } => Act::Register,
            Self::ChangeContact { .. } => Act::ChangeContact,
            Self::ImportRecord(_) => Act::ImportRecord,
            Self::RecordFacts { .. } => Act::RecordFacts,
            Self::ResolveConflict { .. } => Act::ResolveConflict,
            Self::FileClearance(_) => Act::FileClearance,
            Self::OverrideRule(_) => Act::OverrideRule,
            Self::WithdrawPermission { .. } => Act::WithdrawPermission,
            Self::Evaluate => Act::Evaluate,
            Self::GiveConsent(_) => Act::GiveConsent,
            Self::WithdrawConsent { .. } => Act::WithdrawConsent,
            Self::ProposePlan { .. } => Act::ProposePlan,
            Self::SignPlan { .. } => Act::SignPlan,
            Self::RecordArrival { .. } => Act::RecordArrival,
            Self::CheckStart { .. } => Act::CheckStart,
            Self::IssueGrant { .. } => Act::IssueGrant,
            Self::StartSession { .. } | Self::EndSession { .. } => Act::ReportFromBedside,
            Self::ReportInSession { .. } => Act::ReportInSession,
            Self::CheckLeaving(_) => Act::CheckLeaving,
            Self::IssueLink { .. } => Act::IssueLink,
            Self::AnswerCheckIn { .. } => Act::AnswerCheckIn,
            Self::BeginCheckIn { .. } => Act::BeginCheckIn,
            Self::SignNote { .. } => Act::SignNote,
            Self::AmendNote { .. } => Act::AmendNote,
            Self::KeepTime { .. } => Act::KeepTime,
            Self::Suspend { .. } => Act::Suspend,
            Self::LiftSuspension { .. } => Act::LiftSuspension,
            Self::OpenAdverseEvent { .. } => Act::OpenAdverseEvent,
            Self::NoteAdverseEvent { .. } => Act::NoteAdverseEvent,
            Self::CloseAdverseEvent { .. } => Act::CloseAdverseEvent,
            Self::Acknowledge { .. } => Act::Acknowledge,
            Self::Refer(_) => Act::Refer,
            Self::CloseReferral { .. } => Act::CloseReferral,
            Self::RecordTherapy(_) => Act::RecordTherapy,
            Self::Review => Act::Review,
            Self::Discharge { .. } => Act::Discharge,
            Self::Reopen { .. } => Act::Reopen,
            Self::ExplainStop { .. } => Act::ExplainStop,
            Self::LearnSpine(_) => Act::LearnSpine,
            Self::MarkAppointment { .. } => Act::MarkAppointment,
        }
    }
}
