//! The episode of care, folded from its events.
//!
//! Everything a page shows and everything `decide` asks about is here; nothing
//! else is remembered anywhere. The fields are plain data: what follows from
//! them is computed in `view`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use si::Region;
use uuid::Uuid;

use super::{
    Actor, ConsentGiven, Demographics, Entry, Examination, Explained, Judged, Kept, Leaving,
    Missed, Note, Private, Referral, ReferralEnd, SessionSummary, Severity, SuspendedBy,
    TherapyVisit, Touch,
};
use crate::decide::Verdict;
use crate::fact::{Clearance, FactSet, Override, Reading};
use crate::lesson::{Believed, Learnt};
use crate::outcomes::{Tally, Turned};

/// A patient's care, as of the last event folded in.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Episode {
    /// Which episode of this patient, from 1; 0 before registration.
    pub number: u32,
    /// Events folded so far: the sequence that `append` expects.
    pub events: u64,
    /// The name tables and recordings know.
    pub pseudonym: Uuid,
    /// Who the patient is.
    pub demographics: Private<Demographics>,
    /// The treated region; none before registration.
    #[serde(serialize_with = "crate::words::region_option")]
    pub region: Option<Region>,
    /// Language of pages and texts.
    pub language: String,
    /// When this episode began.
    pub opened: Option<Timestamp>,
    /// The latest record says the patient died; a corrected one takes it back.
    pub deceased: bool,
    /// Every reading on record, in the order it was recorded.
    pub readings: Vec<Reading>,
    /// Letters on file.
    pub clearances: Vec<Clearance>,
    /// Overrides on file, lapsed ones included.
    pub overrides: Vec<Override>,
    /// Imported records, without their bytes.
    pub imports: Vec<Import>,
    /// The screening decision that counts.
    pub decision: Option<KeptAt>,
    /// Screenings of this episode that cleared nobody, by verdict.
    pub turned: BTreeMap<Verdict, Turned>,
    /// Current consent.
    pub consent: Option<Consent>,
    /// The proposal on the table.
    pub proposal: Option<Proposed>,
    /// The signed plan, until it is discharged, replaced or overtaken.
    pub plan: Option<Signed>,
    /// The last plan that was signed and has ended.
    pub former_plan: Option<Signed>,
    /// Former episodes of this patient in figures.
    pub former: Vec<Tally>,
    /// Since when the course counts: the first signature, and the first after each re-evaluation.
    pub course_began: Option<Timestamp>,
    /// A review asked for a re-evaluation that no new signature has answered yet.
    pub reevaluate: bool,
    /// Visits of every episode, oldest first; an answer to an old check-in is still read.
    pub visits: Vec<Visit>,
    /// Examinations with a note, in the order these were signed.
    pub examinations: Vec<Examination>,
    /// Every suspension, lifted or not.
    pub suspensions: Vec<Suspension>,
    /// Adverse events, open and closed.
    pub adverse_events: Vec<AdverseEvent>,
    /// Alerts to the on-call contacts.
    pub alerts: Vec<Alert>,
    /// Letters to other places, open and closed.
    pub referrals: Vec<Referred>,
    /// Other therapies.
    pub therapies: Vec<TherapyVisit>,
    /// Sessions that were learned from, in the order they were, of every episode: the spine
    /// is the same.
    pub lessons: Vec<Learnt>,
    /// What they taught, one a region and kind of table.
    pub beliefs: Vec<Believed>,
    /// Appointments of this episode that were missed.
    pub missed: Vec<Missed>,
    /// Reviews, oldest first.
    pub reviews: Vec<Reviewed>,
    /// Set once the episode is over.
    pub discharged: Option<Discharged>,
    /// One line an event, for the timeline.
    pub timeline: Vec<Entry>,
    /// The rules that ever fired for this patient, each with the last time.
    pub touched: BTreeMap<String, Touch>,
}

impl Episode {
    /// The chart: every reading, letter and override, as decisions read it.
    #[must_use]
    pub fn facts(&self) -> FactSet {
        let mut facts: FactSet = self.readings.iter().cloned().collect();
        facts.clearances.clone_from(&self.clearances);
        facts.overrides.clone_from(&self.overrides);
        facts
    }

    /// Ends every clearance and override of a rule.
    pub(super) fn withdraw(&mut self, rule: &str, at: Timestamp) {
        let letters = self.clearances.iter_mut().filter(|one| one.rule == rule);
        letters.for_each(|letter| letter.expires = letter.expires.min(at));
        let acts = self.overrides.iter_mut().filter(|one| one.rule == rule);
        acts.for_each(|act| act.until = act.until.min(at));
    }

    /// Ends overrides: with a session those meant for one, with an episode all of them.
    pub(super) fn end_overrides(&mut self, at: Timestamp, these: impl Fn(&Override) -> bool) {
        let acts = self.overrides.iter_mut().filter(|act| these(act));
        acts.for_each(|act| act.until = act.until.min(at));
    }

    /// A plan holds until re-evaluation (CLINICAL.md §4), and ends with the treatment.
    pub(super) fn plan_after_review(&mut self, result: &str, at: Timestamp) {
        if result == Verdict::ReEvaluate.as_str() {
            self.reevaluate = true;
            self.proposal = None;
            let plan = self.plan.iter_mut();
            plan.for_each(|plan| plan.expires = plan.expires.min(at));
        } else if result == Verdict::Discontinue.as_str() {
            self.end_plan();
        }
    }

    /// Nothing is done under the plan any more; figures still say what it was.
    pub(super) fn end_plan(&mut self) {
        self.former_plan = self.plan.take().or(self.former_plan.take());
        self.proposal = None;
    }
}

/// An imported record, for the page that lists them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Import {
    /// When it came in.
    pub at: Timestamp,
    /// Kind and origin.
    pub source: String,
    /// How many readings it gave.
    pub readings: usize,
    /// What became nothing.
    pub unmapped: Vec<String>,
    /// Questions it opened.
    pub asks: Vec<String>,
}

/// A decision with its instant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KeptAt {
    /// When it was made.
    pub at: Timestamp,
    /// The decision.
    pub decision: Kept,
}

/// Consent, with who recorded it and when.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Consent {
    /// When it was signed.
    pub at: Timestamp,
    /// Who recorded it.
    pub recorded_by: Actor,
    /// What was signed.
    pub given: ConsentGiven,
}

/// A proposal: the plan's bytes, exactly as written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposed {
    /// When.
    pub at: Timestamp,
    /// The bytes (JSON text).
    pub plan: String,
    /// Their SHA-256, hex.
    pub plan_sha256: String,
    /// Of the decision it was made from.
    pub decision_sha256: String,
    /// After this it cannot be signed.
    pub expires: Timestamp,
}

/// The plan in force.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Signed {
    /// When it was signed.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// The plan's bytes, exactly as written.
    pub plan: String,
    /// Their SHA-256, hex.
    pub plan_sha256: String,
    /// `gentle`, `standard` or `firm`.
    pub candidate: String,
    /// The verdict it was signed under.
    pub verdict: String,
    /// Of the decision it was made from.
    pub decision_sha256: String,
    /// After this no session starts.
    pub expires: Timestamp,
}

/// One visit: arrival, session, leaving, check-ins.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Visit {
    /// From 1, over all episodes of the patient.
    pub number: u32,
    /// The episode it belongs to.
    pub episode: u32,
    /// The region that was treated.
    #[serde(serialize_with = "crate::words::region_option")]
    pub region: Option<Region>,
    /// When the patient arrived.
    pub arrived: Timestamp,
    /// The arrival record: this visit's baseline.
    pub arrival: Vec<Reading>,
    /// Items of the pre-start list.
    pub start: Vec<Reading>,
    /// The session, once a Grant was issued.
    pub session: Option<Session>,
    /// The leaving check.
    pub leaving: Option<Left>,
    /// The note, once it is signed.
    pub note: Option<SignedNote>,
}

/// The note of a visit, signed, and what was added.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignedNote {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// What it says.
    pub note: Note,
    /// What was added, when and by whom.
    pub addenda: Vec<(Timestamp, Actor, Private<String>)>,
}

/// A session of a visit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Session {
    /// Its id on the wire.
    pub id: Uuid,
    /// The table.
    pub table: Uuid,
    /// Under which plan.
    pub plan_sha256: String,
    /// Who attends.
    pub attendant: String,
    /// The force that was allowed, N.
    pub force_n: f64,
    /// When the Grant was issued.
    pub granted: Timestamp,
    /// The Grant's bytes, hex; the door signs exactly these.
    pub grant: String,
    /// Until when it may be armed.
    pub expires: Timestamp,
    /// True on a simulated table.
    pub simulated: bool,
    /// When the bedside began.
    pub started: Option<Timestamp>,
    /// Reports while it ran.
    pub reports: Vec<Report>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// How.
    pub summary: Option<SessionSummary>,
    /// What a practitioner said an unexplained stop was.
    pub explained: Option<Explained>,
    /// Check-ins, by number from 0.
    pub check_ins: Vec<CheckIn>,
    /// The check-in that was begun last and not sent.
    pub begun: Option<Begun>,
    /// Personal links, hashed.
    pub links: Vec<Link>,
}

/// A report during a session.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// When.
    pub at: Timestamp,
    /// What was told.
    pub readings: Vec<Reading>,
    /// What the in-session rules said.
    pub decision: Kept,
}

/// The leaving check with its instant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Left {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// What was checked.
    pub check: Leaving,
}

/// An answer, a silence, and what triage made of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckIn {
    /// Which of the due ones; none for an answer nobody asked for.
    pub number: Option<u8>,
    /// The form the answers stand on, where they came by one.
    pub form: Option<Uuid>,
    /// When it was answered or given up.
    pub at: Timestamp,
    /// The answers; empty for a silence.
    pub readings: Vec<Reading>,
    /// True for a silence.
    pub missed: bool,
    /// The triage decision.
    pub triage: Option<Triage>,
}

impl CheckIn {
    /// When the last of its answers was given: a phone without a network sends later.
    #[must_use]
    pub fn given_at(&self) -> Timestamp {
        let given = self.readings.iter().map(|reading| reading.at).max();
        given.map_or(self.at, |at| at.min(self.at))
    }
}

/// A check-in that was begun and not sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Begun {
    /// The form.
    pub form: Uuid,
    /// When the last of its answers arrived.
    pub at: Timestamp,
    /// The answers so far.
    pub readings: Vec<Reading>,
    /// When it was given up.
    pub abandoned: Option<Timestamp>,
}

/// A triage decision.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Triage {
    /// When.
    pub at: Timestamp,
    /// `emergency` … `well`.
    pub result: String,
    /// Everything received in the last 72 h.
    pub received: Vec<String>,
    /// The decision, whole.
    pub decision: Kept,
}

/// A check-in link.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    /// SHA-256 of its token, hex.
    pub token_sha256: String,
    /// Until when it answers.
    pub expires: Timestamp,
}

/// A block on all sessions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suspension {
    /// From 1, over all episodes of the patient.
    pub number: u32,
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub because: SuspendedBy,
    /// Set once it is lifted.
    pub lifted: Option<Lifted>,
}

/// How a suspension ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lifted {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// When the patient was examined.
    pub examined: Timestamp,
    /// What was found.
    pub reason: String,
}

/// An adverse event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AdverseEvent {
    /// From 1, over all episodes of the patient.
    pub number: u32,
    /// When it was opened.
    pub at: Timestamp,
    /// What happened.
    pub description: Private<String>,
    /// When it began.
    pub onset: Timestamp,
    /// Carnes class.
    pub severity: Severity,
    /// Serious in the sense of ISO 14155.
    pub serious: bool,
    /// What of these two a person who decides has judged.
    pub judged: Judged,
    /// The session whose black box is locked to it.
    pub session: Option<Uuid>,
    /// Everything received in the 72 h before.
    pub received: Vec<String>,
    /// Follow-up notes.
    pub notes: Vec<(Timestamp, Private<String>)>,
    /// Relation to traction; none before somebody judged it.
    pub relation: Option<String>,
    /// What was done.
    pub action: Option<String>,
    /// How it ended, and when.
    pub closed: Option<(Timestamp, Private<String>)>,
}

/// An alert to the on-call contacts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alert {
    /// From 1, over all episodes of the patient.
    pub number: u32,
    /// When it was raised.
    pub at: Timestamp,
    /// `emergency`, `urgent`, `routine`.
    pub urgency: String,
    /// What it is about, without the patient's name.
    pub about: String,
    /// Each notification: when, to whom. The first goes to the patient's practitioner.
    pub notified: Vec<(Timestamp, String)>,
    /// Who took it, when, and what they will do.
    pub acknowledged: Option<(Timestamp, Actor, String)>,
}

/// A referral, followed until somebody tells what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Referred {
    /// From 1, over all episodes of the patient.
    pub number: u32,
    /// When it was signed.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// What it says.
    pub letter: Referral,
    /// When somebody was last reminded that nothing had come.
    pub reminded: Option<Timestamp>,
    /// What came of it, when it was told and by whom.
    pub closed: Option<(Timestamp, Actor, ReferralEnd, Private<String>)>,
}

/// A review.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reviewed {
    /// When.
    pub at: Timestamp,
    /// `discontinue` … `continue`.
    pub result: String,
    /// The decision, whole.
    pub decision: Kept,
}

/// The end of an episode.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Discharged {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// Why.
    pub reason: String,
    /// In a sentence.
    pub outcome: String,
}
