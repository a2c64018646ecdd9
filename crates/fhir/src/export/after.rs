//! After a session: check-ins, suspensions, adverse events, alerts, referrals, other therapies.

use super::book::{push, set};
use super::observe::Within;
use super::words::{extension, hl7, narrative, note, plain, reference, term, term_coding};
use super::writer::Writer;
use crate::questionnaire::{self, Form};
use care::decide::Urgency;
use care::episode::{Judged, Referral, ReferralEnd, Severity, SuspendedBy, TherapyVisit};
use care::fact::Reading;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

impl Writer<'_> {
    /// A form's answers, as they were given.
    pub(crate) fn form(
        &mut self,
        (status, kind): (&str, &str),
        session: Option<Uuid>,
        readings: &[Reading],
    ) -> Value {
        let within = session.map(|session| self.in_session(session));
        let knowledge = self.source.knowledge;
        let region = self.threads.region.filter(|_| kind == "form.intake");
        let asked = region.map(Form::Intake);
        let nested = asked.and_then(|form| questionnaire::items(form, readings, knowledge));
        let form = asked.filter(|_| nested.is_some());
        let items = nested.unwrap_or_else(|| questionnaire::flat(readings, knowledge));
        json!({
            "questionnaire": form.map(Form::url),
            "extension": [extension("form", "valueCode", kind)],
            "partOf": within.and_then(|within| within.part_of.map(|part| json!([part]))),
            "status": status,
            "subject": self.subject(),
            "authored": self.at.to_string(),
            "author": self.by,
            "source": self.subject(),
            "item": items,
        })
    }

    /// Answers that were sent: the form, and an Observation each.
    pub(crate) fn answered(
        &mut self,
        kind: &str,
        (session, form): (Option<Uuid>, Option<Uuid>),
        readings: &[Reading],
    ) {
        let body = self.form(("completed", kind), session, readings);
        let begun = form.and_then(|form| self.threads.forms.remove(&form));
        let id = match begun {
            Some(id) => {
                self.book.put("QuestionnaireResponse", &id, body);
                id
            }
            None => self.book.add("QuestionnaireResponse", body),
        };
        let within = Within {
            derived_from: Some(reference("QuestionnaireResponse", &id)),
            ..Within::default()
        };
        self.observe(readings, &within);
    }

    /// Answers on a form that was not sent: no finding follows from them yet.
    pub(crate) fn begun(&mut self, session: Uuid, form: Uuid, readings: &[Reading]) {
        let body = self.form(("in-progress", "form.check-in"), Some(session), readings);
        if let Some(id) = self.threads.forms.get(&form).cloned() {
            self.book.put("QuestionnaireResponse", &id, body);
            return;
        }
        let id = self.book.add("QuestionnaireResponse", body);
        self.threads.forms.insert(form, id);
    }

    /// Such a form was left.
    pub(crate) fn abandoned(&mut self, form: Uuid) {
        if let Some(id) = self.threads.forms.get(&form).cloned() {
            self.book.amend("QuestionnaireResponse", &id, |members| {
                members.insert("status".to_owned(), json!("stopped"));
            });
        }
    }

    /// Nobody answered in time.
    pub(crate) fn silence(&mut self, session: Uuid, number: u8) {
        let part = self.in_session(session).part_of;
        let body = json!({
            "partOf": part.map(|part| json!([part])),
            "status": "not-done",
            "statusReason": term("check-in.missed"),
            "category": [term("form.check-in")],
            "subject": self.subject(),
            "topic": plain(&format!("Check-in {} after a session", u32::from(number) + 1)),
        });
        self.book.add("Communication", body);
    }

    /// Sessions are blocked.
    pub(crate) fn suspended(&mut self, number: u32, because: &SuspendedBy) {
        let (code, words) = match because {
            SuspendedBy::Decision { verdict, rules } => (
                "suspended.decision",
                format!(
                    "A new fact made the decision worse: {verdict} ({})",
                    rules.join(", ")
                ),
            ),
            SuspendedBy::Triage { result, .. } => {
                ("suspended.triage", format!("After a check-in: {result}"))
            }
            SuspendedBy::Person { reason } => ("suspended.person", reason.clone()),
            SuspendedBy::Review { result } => {
                ("suspended.review", format!("After a review: {result}"))
            }
            SuspendedBy::Death => ("suspended.death", "The record says the patient died".into()),
        };
        let mut concept = term(code);
        concept["text"] = json!(words);
        let body = json!({
            "status": "active",
            "category": [hl7("flag-category", "safety")],
            "code": concept,
            "subject": self.subject(),
            "period": { "start": self.at.to_string() },
            "author": self.agent(),
        });
        let id = self.book.add("Flag", body);
        self.threads.flags.insert(number, id);
        self.threads.blocked.insert(number);
        self.hold_plan(true);
        self.set_episode("onhold");
        if matches!(because, SuspendedBy::Death) {
            self.threads.deceased = true;
            self.write_patient();
        }
    }

    /// One block is gone.
    pub(crate) fn lifted(&mut self, number: u32, examined: Timestamp, reason: &str) {
        let at = self.at.to_string();
        if let Some(id) = self.threads.flags.get(&number).cloned() {
            self.book.amend("Flag", &id, |members| {
                members.insert("status".to_owned(), json!("inactive"));
                members["period"]["end"] = json!(at);
                for extra in [
                    extension("reason", "valueString", reason),
                    extension("examined", "valueDateTime", examined.to_string()),
                ] {
                    push(members, "extension", extra);
                }
            });
        }
        self.threads.blocked.remove(&number);
        if self.threads.blocked.is_empty() {
            self.hold_plan(false);
            self.set_episode("active");
        }
    }

    /// A contact was told. Whom an alert was told is data of others, and stays here.
    pub(crate) fn notified(&mut self, alert: u32, urgency: &str, about: &str, attempt: u32) {
        // The program tells, whoever gave the reason.
        let (by, at) = (Value::Null, self.at);
        let words = format!("Told, attempt {attempt}.");
        if let Some(id) = self.threads.alerts.get(&alert).cloned() {
            self.book.amend("Communication", &id, |members| {
                push(members, "note", note(&by, at, &words));
            });
            return;
        }
        let body = json!({
            "status": "completed",
            "category": [hl7("communication-category", "alert")],
            "priority": priority(urgency),
            "subject": self.subject(),
            "topic": term("alert"),
            "sent": at.to_string(),
            "sender": self.agent(),
            "payload": [{ "contentString": about }],
            "note": [note(&by, at, &words)],
        });
        let id = self.book.add("Communication", body);
        self.threads.alerts.insert(alert, id);
    }

    /// And took it.
    pub(crate) fn acknowledged(&mut self, alert: u32, words: &str) {
        let Some(id) = self.threads.alerts.get(&alert).cloned() else {
            return;
        };
        let (by, at) = (self.by.clone(), self.at);
        let staff = self.staff();
        self.book.amend("Communication", &id, |members| {
            members.insert("received".to_owned(), json!(at.to_string()));
            members.insert("recipient".to_owned(), json!([staff]));
            push(members, "note", note(&by, at, words));
        });
    }

    /// A letter to another place.
    pub(crate) fn referred(&mut self, number: u32, letter: &Referral) {
        let parts = [
            ("Reason", &letter.reason.0),
            ("Since", &letter.onset.0),
            ("Findings", &letter.findings.0),
            ("We ask you to", &letter.request.0),
        ];
        let written = parts.iter().filter(|(_, words)| !words.is_empty());
        let lines: Vec<String> = written
            .map(|(head, words)| format!("{head}: {words}"))
            .collect();
        let text = format!("To {}\n\n{}\n", letter.to, lines.join("\n\n"));
        let title = format!("Referral to {}", letter.to);
        let document = self.document("document.referral", (&title, "text/plain"), text.as_bytes());
        let document = self.book.add("DocumentReference", document);
        let body = json!({
            "text": narrative(&[title, lines.join(" ")]),
            "status": "active",
            "intent": "order",
            "category": [term("referral")],
            "priority": priority(letter.urgency.as_str()),
            "code": plain(&letter.request.0),
            "subject": self.subject(),
            "authoredOn": self.at.to_string(),
            "requester": self.staff(),
            "performer": [{ "display": letter.to }],
            "reasonCode": [plain(&letter.reason.0)],
            "supportingInfo": [reference("DocumentReference", &document)],
        });
        let id = self.book.add("ServiceRequest", body);
        self.threads.referrals.insert(number, id);
    }

    /// Nobody told in time, or somebody told what came of it.
    pub(crate) fn referral(&mut self, number: u32, end: Option<ReferralEnd>, words: &str) {
        let Some(id) = self.threads.referrals.get(&number).cloned() else {
            return;
        };
        let status = match end {
            None => "active",
            Some(ReferralEnd::Answered) => "completed",
            Some(ReferralEnd::NotSeen | ReferralEnd::Withdrawn) => "revoked",
        };
        let word = end.map_or("overdue", ReferralEnd::as_str);
        let (by, at) = (self.by.clone(), self.at);
        let line = if words.is_empty() {
            super::terms::words(&format!("referral.{word}")).to_owned()
        } else {
            words.to_owned()
        };
        self.book.amend("ServiceRequest", &id, |members| {
            members.insert("status".to_owned(), json!(status));
            let end = term_coding(&format!("referral.{word}"));
            set(members, extension("referral-end", "valueCoding", end));
            push(members, "note", note(&by, at, &line));
        });
    }

    /// Another therapy.
    pub(crate) fn therapy(&mut self, visit: &TherapyVisit) {
        let words = format!("{} {}", visit.kind, visit.detail);
        let reaction = visit.reaction.as_ref().map(|one| json!([plain(&one.0)]));
        let body = json!({
            "text": narrative(&[words.clone(), visit.response.0.clone()]),
            "status": "completed",
            "category": term("procedure.other"),
            "code": plain(words.trim()),
            "subject": self.subject(),
            "performedDateTime": visit.at.to_string(),
            "recorder": self.staff(),
            "bodySite": [plain(&visit.region)],
            "outcome": plain(&visit.response.0),
            "complication": reaction,
        });
        self.book.add("Procedure", body);
    }
}

/// What is followed of an adverse event.
pub(crate) struct Adverse<'a> {
    pub(crate) number: u32,
    pub(crate) description: &'a str,
    pub(crate) onset: Timestamp,
    pub(crate) severity: Severity,
    pub(crate) serious: bool,
    pub(crate) judged: Judged,
    pub(crate) session: Option<Uuid>,
    pub(crate) received: &'a [String],
}

/// News about one.
#[derive(Default)]
pub(crate) struct News<'a> {
    pub(crate) note: &'a str,
    pub(crate) severity: Option<Severity>,
    pub(crate) serious: Option<bool>,
    pub(crate) judged: Judged,
    pub(crate) relation: Option<&'a str>,
    pub(crate) action: Option<&'a str>,
    pub(crate) outcome: Option<&'a str>,
}

impl Writer<'_> {
    /// An adverse event is followed from here.
    pub(crate) fn adverse(&mut self, event: &Adverse<'_>) {
        let cause = event
            .session
            .and_then(|session| self.in_session(session).part_of);
        let mut outcome = hl7("adverse-event-outcome", "ongoing");
        outcome["text"] = json!("Followed until it is closed");
        let lines = [
            event.description.to_owned(),
            format!("Began {}.", event.onset),
            received_before(event.received),
        ];
        let class = [carnes(event.severity), judged(event.judged.severity)];
        let received = event.received.iter();
        let received = received.map(|one| extension("received", "valueString", one.clone()));
        let body = json!({
            "text": narrative(&lines),
            "extension": class.into_iter().chain(received).collect::<Vec<_>>(),
            "actuality": "actual",
            "event": plain(event.description),
            "subject": self.subject(),
            "date": event.onset.to_string(),
            "recordedDate": self.at.to_string(),
            "seriousness": seriousness(event.serious, event.judged.serious),
            "severity": severity(event.severity),
            "outcome": outcome,
            "recorder": self.staff(),
            "suspectEntity": cause.map(|cause| json!([{ "instance": cause }])),
        });
        let id = self.book.add("AdverseEvent", body);
        self.threads.adverse.insert(event.number, id);
    }

    /// News about it, or its end.
    pub(crate) fn adverse_news(&mut self, number: u32, news: &News<'_>) {
        let Some(id) = self.threads.adverse.get(&number).cloned() else {
            return;
        };
        let parts = [Some(news.note), news.action, news.outcome];
        let words: Vec<&str> = parts
            .into_iter()
            .flatten()
            .filter(|one| !one.is_empty())
            .collect();
        let document = (!words.is_empty()).then(|| {
            let named = ("News of an adverse event", "text/plain");
            let body = self.document("document.follow-up", named, words.join("\n").as_bytes());
            self.book.add("DocumentReference", body)
        });
        self.book.amend("AdverseEvent", &id, |members| {
            if let Some(class) = news.severity {
                members.insert("severity".to_owned(), severity(class));
                set(members, carnes(class));
                set(members, judged(news.judged.severity));
            }
            if let Some(serious) = news.serious {
                let word = seriousness(serious, news.judged.serious);
                members.insert("seriousness".to_owned(), word);
            }
            if let Some(relation) = news.relation {
                set(members, extension("relation", "valueString", relation));
                let entities = members
                    .get_mut("suspectEntity")
                    .and_then(Value::as_array_mut);
                for entity in entities.into_iter().flatten() {
                    entity["causality"] = json!([{ "assessment": plain(relation) }]);
                }
            }
            if let Some(outcome) = news.outcome {
                // Its end is told in words; which of FHIR's ends it is, nobody has said.
                let mut concept = hl7("adverse-event-outcome", "unknown");
                concept["text"] = json!(outcome);
                members.insert("outcome".to_owned(), concept);
            }
            if let Some(document) = &document {
                let document = reference("DocumentReference", document);
                push(members, "referenceDocument", document);
            }
        });
    }
}

/// FHIR's three words for Carnes's three classes; the class itself is an extension, for the
/// element takes no word but FHIR's.
fn severity(class: Severity) -> Value {
    let code = match class {
        Severity::Mild => "mild",
        Severity::Moderate => "moderate",
        Severity::Major => "severe",
    };
    hl7("adverse-event-severity", code)
}

fn carnes(class: Severity) -> Value {
    let code = match class {
        Severity::Mild => "carnes.mild",
        Severity::Moderate => "carnes.moderate",
        Severity::Major => "carnes.major",
    };
    extension("carnes", "valueCoding", term_coding(code))
}

fn received_before(received: &[String]) -> String {
    if received.is_empty() {
        return String::new();
    }
    format!("Received in the 72 hours before: {}.", received.join("; "))
}

/// Whether somebody who decides has judged the class, or it is as the program put it.
fn judged(class: bool) -> Value {
    extension("class-judged", "valueBoolean", class)
}

/// What nobody has judged is not called harmless.
fn seriousness(serious: bool, judged: bool) -> Value {
    match (serious, judged) {
        (true, _) => hl7("adverse-event-seriousness", "Serious"),
        (false, true) => hl7("adverse-event-seriousness", "Non-serious"),
        (false, false) => Value::Null,
    }
}

fn priority(urgency: &str) -> &'static str {
    if urgency == Urgency::Emergency.as_str() {
        "stat"
    } else if urgency == Urgency::Urgent.as_str() {
        "urgent"
    } else {
        "routine"
    }
}
