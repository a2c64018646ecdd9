//! The stream, entry by entry, into the book of resources.

use super::after::{Adverse, News};
use super::book::Book;
use super::document::About;
use super::imaging::Study;
use super::observe::{Latest, Within};
use super::people::{self, Staff};
use super::plan::Standing;
use super::source::{Clinic, Happened, Source, Told};
use super::visit::{Granted, Session};
use super::words::{extension, reference};
use care::episode::{Demographics, Event, Private, Role, What};
use care::fact::Fact;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use si::Region;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Which resource stands for what the stream speaks of again.
#[derive(Default)]
pub(crate) struct Threads {
    pub(crate) demographics: Demographics,
    pub(crate) language: String,
    pub(crate) deceased: bool,
    pub(crate) region: Option<Region>,
    pub(crate) episode: Option<String>,
    pub(crate) condition: Option<String>,
    pub(crate) condition_word: String,
    pub(crate) consent: Option<String>,
    pub(crate) proposal: Option<Standing>,
    pub(crate) plan: Option<Standing>,
    pub(crate) visits: BTreeMap<u32, String>,
    pub(crate) days: BTreeMap<Date, String>,
    pub(crate) sessions: BTreeMap<Uuid, Session>,
    pub(crate) forms: BTreeMap<Uuid, String>,
    pub(crate) notes: BTreeMap<About, String>,
    pub(crate) flags: BTreeMap<u32, String>,
    pub(crate) blocked: BTreeSet<u32>,
    pub(crate) adverse: BTreeMap<u32, String>,
    pub(crate) alerts: BTreeMap<u32, String>,
    pub(crate) referrals: BTreeMap<u32, String>,
    pub(crate) missed: BTreeMap<Uuid, String>,
    pub(crate) issues: BTreeMap<String, String>,
    pub(crate) studies: Vec<Study>,
    /// The document that the entry brought.
    pub(crate) evidence: Option<Value>,
    /// The signature that the entry brought.
    pub(crate) signature: Option<Value>,
}

/// Writes a stream.
pub(crate) struct Writer<'a> {
    pub(crate) source: &'a Source<'a>,
    pub(crate) book: Book,
    pub(crate) staff: Staff,
    pub(crate) threads: Threads,
    pub(crate) latest: BTreeMap<String, Vec<Latest>>,
    /// When what is told happened.
    pub(crate) at: Timestamp,
    /// Who did it.
    pub(crate) by: Value,
    /// Whether that is somebody of the staff.
    pub(crate) by_staff: bool,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(source: &'a Source<'a>) -> Self {
        Self {
            source,
            book: Book::new(source.patient, origin(source)),
            staff: Staff::new(source),
            threads: Threads::default(),
            latest: BTreeMap::new(),
            at: Timestamp::UNIX_EPOCH,
            by: Value::Null,
            by_staff: false,
        }
    }

    /// Takes one more entry.
    pub(crate) fn take(&mut self, told: &Told<'_>) {
        self.book.turn(told.sequence, told.at);
        match told.what {
            Happened::Event(event) => self.event(event, told.at),
            Happened::Erased => {
                self.book.erase();
                self.staff = Staff::new(self.source);
                self.threads = Threads::default();
                self.latest.clear();
            }
        }
    }

    fn event(&mut self, event: &Event, recorded: Timestamp) {
        self.at = event.at;
        self.by = self.staff.who(&event.by, self.source.patient);
        self.by_staff = !matches!(event.by.role, Role::Patient | Role::Program);
        self.threads.evidence = None;
        self.threads.signature = None;
        self.care(&event.what);
        self.provenance(event, recorded);
    }

    /// Before a plan: who it is, what was found, what was decided, what was agreed.
    fn care(&mut self, what: &What) {
        match what {
            What::Registered {
                demographics,
                region,
                language,
                ..
            } => {
                self.threads.language.clone_from(language);
                self.contact(demographics);
                self.opened(*region);
            }
            What::ContactChanged { demographics } => self.contact(demographics),
            What::RecordImported(record) => self.imported(record),
            What::FactsRecorded { readings, .. } if self.by == self.subject() => {
                self.answered("form.intake", (None, None), readings);
            }
            What::FactsRecorded { readings, .. } => {
                self.observe(readings, &Within::default());
            }
            What::ConflictResolved { reading, reason } => self.settle(reading, reason),
            What::ClearanceFiled(letter) => self.letter(letter),
            What::RuleOverridden(act) => self.overridden(act),
            What::PermissionWithdrawn { rule, reason } => {
                let words = format!("Clearances and overrides end here: {reason}");
                self.mitigate(rule, "mitigation.withdrawn", &words);
            }
            What::Decided { decision } => {
                self.decided(decision, None);
            }
            What::ConsentGiven(given) => self.consented(given),
            What::ConsentWithdrawn { reason } => self.consent_over(reason),
            What::Discharged { reason, outcome } => self.discharged(reason, outcome),
            What::Reopened { region } => self.opened(*region),
            _ => self.treatment(what),
        }
    }

    /// The plan, the visit and the session.
    fn treatment(&mut self, what: &What) {
        match what {
            What::PlanProposed {
                plan,
                plan_sha256,
                expires,
                ..
            } => self.proposed(plan, plan_sha256, *expires),
            What::PlanSigned {
                plan_sha256,
                candidate,
                document,
                ..
            } => self.signed(plan_sha256, candidate, document.as_deref()),
            What::ArrivalRecorded { visit, readings } => self.arrived(*visit, readings),
            What::StartChecked { visit, readings } => {
                let within = self.in_visit(*visit);
                self.observe(readings, &within);
            }
            What::GrantIssued { decision, .. } => {
                if let Some(granted) = granted(what) {
                    self.granted(granted, decision);
                }
            }
            What::SessionStarted { session } => self.started(*session),
            What::SessionReported {
                session,
                readings,
                decision,
            } => {
                let within = self.in_session(*session);
                self.observe(readings, &within);
                self.decided(decision, within.encounter.as_ref());
            }
            What::SessionEnded { session, summary } => self.ended(*session, summary),
            What::StopExplained {
                session,
                cause,
                reason,
            } => self.explained(*session, *cause, reason),
            What::SpineLearned(lesson) => self.lesson(lesson),
            What::LeavingChecked(check) => self.left(check),
            _ => self.recovery(what),
        }
    }

    /// Check-ins, notes, suspensions, reviews.
    fn recovery(&mut self, what: &What) {
        match what {
            What::CheckInAnswered {
                session,
                form,
                readings,
                ..
            } => self.answered("form.check-in", (Some(*session), *form), readings),
            What::CheckInMissed { session, number } => self.silence(*session, *number),
            What::CheckInBegun {
                session,
                form,
                readings,
            } => self.begun(*session, *form, readings),
            What::CheckInAbandoned { form, .. } => self.abandoned(*form),
            What::NoteSigned { visit, note } => {
                let encounter = self.in_visit(*visit).encounter;
                self.noted(About::Visit(*visit), note, encounter);
                if let Some(code) = note.code {
                    self.billed(*visit, code);
                }
            }
            What::NoteAmended { visit, addendum } => self.added(&About::Visit(*visit), &addendum.0),
            What::ExaminationNoted {
                day,
                appointment,
                note,
            } => {
                let encounter = self.examined(*day, *appointment);
                self.noted(About::Day(*day), note, Some(encounter));
            }
            What::ExaminationAmended { day, addendum } => {
                self.added(&About::Day(*day), &addendum.0);
            }
            What::Triaged {
                session, decision, ..
            } => {
                let encounter = self.in_session(*session).encounter;
                self.decided(decision, encounter.as_ref());
            }
            What::Suspended {
                suspension,
                because,
            } => self.suspended(*suspension, because),
            What::SuspensionLifted {
                suspension,
                examined,
                reason,
            } => self.lifted(*suspension, *examined, reason),
            What::Reviewed { result, decision } => self.reviewed(result, decision),
            _ => self.aftercare(what),
        }
    }

    /// Adverse events, alerts, referrals, other therapies, the diary.
    fn aftercare(&mut self, what: &What) {
        match what {
            What::AdverseEventOpened { .. }
            | What::AdverseEventNoted { .. }
            | What::AdverseEventClosed { .. } => self.adverse_event(what),
            What::Notified {
                alert,
                urgency,
                about,
                attempt,
                ..
            } => self.notified(*alert, urgency, about, *attempt),
            What::Acknowledged { alert, note } => self.acknowledged(*alert, note),
            What::ReferralWritten { referral, letter } => self.referred(*referral, letter),
            What::ReferralOverdue { referral } => self.referral(*referral, None, ""),
            What::ReferralClosed {
                referral,
                end,
                words,
            } => self.referral(*referral, Some(*end), &words.0),
            What::TherapyRecorded(visit) => self.therapy(visit),
            What::AppointmentMissed { appointment, from } => self.missed(*appointment, *from),
            What::AppointmentKept { appointment } => self.kept(*appointment),
            _ => {}
        }
    }

    fn adverse_event(&mut self, what: &What) {
        match what {
            What::AdverseEventOpened {
                event,
                description,
                onset,
                severity,
                serious,
                session,
                received,
                judged,
            } => self.adverse(&Adverse {
                number: *event,
                description: &description.0,
                onset: *onset,
                severity: *severity,
                serious: *serious,
                judged: *judged,
                session: *session,
                received,
            }),
            What::AdverseEventNoted {
                event,
                note,
                severity,
                serious,
                relation,
                action,
                judged,
            } => self.adverse_news(
                *event,
                &News {
                    note: &note.0,
                    severity: *severity,
                    serious: *serious,
                    judged: *judged,
                    relation: relation.as_deref(),
                    action: action.as_deref(),
                    outcome: None,
                },
            ),
            What::AdverseEventClosed {
                event,
                outcome,
                relation,
            } => self.adverse_news(
                *event,
                &News {
                    relation: Some(relation),
                    outcome: Some(&outcome.0),
                    ..News::default()
                },
            ),
            _ => {}
        }
    }

    fn contact(&mut self, demographics: &Private<Demographics>) {
        self.threads.demographics = demographics.0.clone();
        self.write_patient();
    }

    /// The Patient as they now are.
    pub(crate) fn write_patient(&mut self) {
        let threads = &self.threads;
        people::patient(
            &mut self.book,
            (self.source.patient, &self.source.clinic),
            &threads.demographics,
            (&threads.language, threads.deceased),
        );
    }

    /// An episode begins.
    fn opened(&mut self, region: Region) {
        self.end_plan("completed");
        self.drop_proposal();
        self.consent_over("A new episode began");
        if self.threads.region.replace(region) != Some(region) {
            self.other_images();
        }
        self.threads.condition_word.clear();
        let body = json!({
            "extension": [extension("region", "valueCode", region.as_str())],
            "status": if self.threads.blocked.is_empty() { "active" } else { "onhold" },
            "patient": self.subject(),
            "managingOrganization": { "reference": format!("Organization/{}", self.source.clinic.id) },
            "period": { "start": self.at.to_string() },
        });
        self.threads.episode = Some(self.book.add("EpisodeOfCare", body));
    }

    /// How the episode stands.
    pub(crate) fn set_episode(&mut self, status: &str) {
        let Some(id) = self.threads.episode.clone() else {
            return;
        };
        self.book.amend("EpisodeOfCare", &id, |members| {
            let over = members.get("status") == Some(&json!("finished"));
            if !over {
                members.insert("status".to_owned(), json!(status));
            }
        });
    }

    pub(crate) fn fact(&self, id: &str) -> Option<&'a Fact> {
        self.source.knowledge.catalogue().get(id)
    }

    /// The patient.
    pub(crate) fn subject(&self) -> Value {
        json!({ "reference": format!("Patient/{}", self.source.patient) })
    }

    /// The condition treated.
    pub(crate) fn condition(&self) -> Option<Value> {
        let id = self.threads.condition.as_ref()?;
        Some(reference("Condition", id))
    }

    /// The treated region in words.
    pub(crate) fn region(&self) -> Option<String> {
        let region = self.threads.region?;
        Some(format!("{region} spine"))
    }

    /// Whoever acted, where they are of the staff.
    pub(crate) fn staff(&self) -> Option<Value> {
        self.by_staff.then(|| self.by.clone())
    }

    /// The same, or the patient.
    pub(crate) fn person(&self) -> Option<Value> {
        let is_program = self.by["reference"] == json!(format!("Device/{}", people::PROGRAM));
        (!is_program).then(|| self.by.clone())
    }

    /// The same, or the program.
    pub(crate) fn agent(&self) -> Value {
        match self.staff() {
            Some(who) => who,
            None => json!({ "reference": format!("Device/{}", people::PROGRAM) }),
        }
    }
}

fn granted(what: &What) -> Option<Granted<'_>> {
    let What::GrantIssued {
        visit,
        session,
        table,
        candidate,
        attendant,
        force_n,
        simulated,
        ..
    } = what
    else {
        return None;
    };
    Some(Granted {
        visit: *visit,
        session: *session,
        table: *table,
        candidate,
        attendant,
        force_n: *force_n,
        simulated: *simulated,
    })
}

/// Where every resource comes from.
pub(crate) fn origin(source: &Source<'_>) -> String {
    of_clinic(&source.clinic)
}

pub(crate) fn of_clinic(clinic: &Clinic<'_>) -> String {
    format!("urn:uuid:{}", clinic.id)
}
