//! Documents: what was imported, notes, letters, lessons, and the consent with its text.

use super::observe::Within;
use super::words::{base64, extension, hl7, plain, reference, sha256, term};
use super::writer::Writer;
use crate::questionnaire::Form;
use care::episode::{ConsentGiven, Imported, Note};
use care::fact::Clearance;
use care::lesson::Lesson;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What a note is about, as the thread of its documents.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum About {
    Visit(u32),
    Day(jiff::civil::Date),
}

impl Writer<'_> {
    /// A document whole, with the hash of its bytes.
    pub(crate) fn document(
        &mut self,
        kind: &str,
        (title, content_type): (&str, &str),
        bytes: &[u8],
    ) -> Value {
        let hash = hex(&Sha256::digest(bytes));
        let data = (!bytes.is_empty()).then(|| base64(bytes));
        json!({
            "status": "current",
            "docStatus": "final",
            "type": term(kind),
            "subject": self.subject(),
            "date": self.at.to_string(),
            "author": [self.person()],
            "custodian": { "reference": format!("Organization/{}", self.source.clinic.id) },
            "description": title,
            "content": [{ "attachment": {
                "extension": [sha256(&hash)],
                "contentType": content_type,
                "data": data,
                "size": bytes.len(),
                "title": title,
                "creation": self.at.to_string(),
            }}],
        })
    }

    /// A record from outside: its bytes as they came, and the facts that its codes became.
    pub(crate) fn imported(&mut self, record: &Imported) {
        let original = record.original.0.as_bytes();
        let json = original.first() == Some(&b'{');
        let kind = if json {
            "application/fhir+json"
        } else {
            "text/plain"
        };
        let title = if record.source.trim().is_empty() {
            "Imported record"
        } else {
            &record.source
        };
        let body = self.document("document.imported", (title, kind), original);
        let id = self.book.add("DocumentReference", body);
        self.threads.evidence = Some(reference("DocumentReference", &id));
        let original = serde_json::from_str(&record.original.0).unwrap_or_default();
        let form = self.given(&original);
        let within = Within {
            derived_from: form.map(|id| reference("QuestionnaireResponse", &id)),
            studies: self.brought(&original, &record.readings),
            ..Within::default()
        };
        self.observe(&record.readings, &within);
        self.threads.deceased = record.deceased;
        self.write_patient();
    }

    /// A form that was answered elsewhere, as it was given: its answers, its date, and who
    /// answered, by name.
    fn given(&mut self, given: &Value) -> Option<String> {
        let canonical = given["questionnaire"].as_str().unwrap_or_default();
        let (form, _) = Form::named(canonical)?;
        if given["resourceType"] != "QuestionnaireResponse" {
            return None;
        }
        let who = |name: &str| {
            let who = &given[name];
            let named = who["reference"].as_str().unwrap_or_default();
            let kind = who["type"].as_str().or_else(|| named.rsplit('/').nth(1));
            if kind == Some("Patient") {
                return self.subject();
            }
            json!({ "display": who["display"].as_str().unwrap_or(named) })
        };
        let kind = match form {
            Form::Intake(_) => "form.intake",
            Form::Evaluation(_) => "form.evaluation",
        };
        let body = json!({
            "extension": [extension("form", "valueCode", kind)],
            "identifier": given["identifier"],
            "questionnaire": canonical,
            "status": given["status"],
            "subject": self.subject(),
            "authored": given["authored"],
            "author": who("author"),
            "source": who("source"),
            "item": given["item"],
        });
        Some(self.book.add("QuestionnaireResponse", body))
    }

    /// The note of a visit or of an examination.
    pub(crate) fn noted(&mut self, about: About, note: &Note, encounter: Option<Value>) {
        let parts = [
            ("Subjective", &note.subjective.0),
            ("Objective", &note.objective.0),
            ("Assessment", &note.assessment.0),
            ("Plan", &note.plan.0),
        ];
        let text: Vec<String> = parts
            .iter()
            .map(|(head, words)| format!("{head}\n{words}\n"))
            .collect();
        let named = ("Note of a visit", "text/plain");
        let mut body = self.document("document.note", named, text.join("\n").as_bytes());
        body["context"] = json!({ "encounter": encounter.map(|one| [one]) });
        body["authenticator"] = json!(self.staff());
        let id = self.book.add("DocumentReference", body);
        self.threads.notes.insert(about, id);
    }

    /// What was added to it.
    pub(crate) fn added(&mut self, about: &About, words: &str) {
        let named = ("Addition to a note", "text/plain");
        let mut body = self.document("document.addendum", named, words.as_bytes());
        if let Some(id) = self.threads.notes.get(about) {
            let target = reference("DocumentReference", id);
            body["relatesTo"] = json!([{ "code": "appends", "target": target }]);
        }
        self.book.add("DocumentReference", body);
    }

    /// A letter on file: where it lies, not what it says.
    pub(crate) fn letter(&mut self, letter: &Clearance) {
        let title = if letter.document.trim().is_empty() {
            "Letter of clearance"
        } else {
            &letter.document
        };
        let words = format!(
            "{} ({}, {}) clears {} for the {} region until {}, confirmed by {}. {}",
            letter.name,
            letter.profession,
            letter.licence,
            letter.rule,
            letter.region,
            letter.expires,
            letter.confirmed_by,
            letter.conditions.join("; ")
        );
        let body = json!({
            "extension": [extension("valid-until", "valueDateTime", letter.expires.to_string())],
            "status": "current",
            "docStatus": "final",
            "type": term("document.clearance"),
            "subject": self.subject(),
            "date": letter.issued.to_string(),
            "author": [{ "display": format!("{} ({})", letter.name, letter.profession) }],
            "authenticator": self.staff(),
            "custodian": { "reference": format!("Organization/{}", self.source.clinic.id) },
            "description": words,
            "content": [{ "attachment": { "title": title } }],
        });
        let id = self.book.add("DocumentReference", body);
        self.threads.evidence = Some(reference("DocumentReference", &id));
        self.cleared(letter);
    }

    /// What a session taught of the spine: numbers of our model, which no other system reads.
    pub(crate) fn lesson(&mut self, lesson: &Lesson) {
        let bytes = serde_json::to_vec(lesson).unwrap_or_default();
        let named = ("What a session taught of the spine", "application/json");
        let mut body = self.document("document.lesson", named, &bytes);
        let procedure = self.in_session(lesson.session).part_of;
        body["context"] = json!({ "related": procedure.map(|one| [one]) });
        self.book.add("DocumentReference", body);
    }

    /// Consent is current from here.
    pub(crate) fn consented(&mut self, given: &ConsentGiven) {
        self.consent_over("Replaced by a later consent");
        let words = given.words.as_deref().unwrap_or_default();
        let lines = [
            ("explained-by", Some(&given.explained_by)),
            ("interpreter", given.interpreter.as_ref()),
            ("questions", Some(&given.questions.0)),
            ("signed-name", Some(&given.signed_by.0)),
            ("cost", given.cost.as_ref()),
        ];
        let extensions: Vec<Value> = lines
            .into_iter()
            .filter_map(|(name, text)| {
                let text = text.filter(|text| !text.trim().is_empty())?;
                Some(extension(name, "valueString", text.clone()))
            })
            .collect();
        let body = json!({
            "extension": extensions,
            "status": "active",
            "scope": hl7("consentscope", "treatment"),
            "category": [term("consent.traction")],
            "patient": self.subject(),
            "dateTime": self.at.to_string(),
            "performer": [self.subject()],
            "organization": [{ "reference": format!("Organization/{}", self.source.clinic.id) }],
            "sourceAttachment": {
                "extension": [sha256(&given.text_version)],
                "contentType": "text/plain",
                "language": given.language,
                "data": (!words.is_empty()).then(|| base64(words.as_bytes())),
                "title": "The text that was shown",
            },
            "policyRule": term("consent.policy"),
            "verification": [{
                "verified": true,
                "verifiedWith": self.subject(),
                "verificationDate": self.at.to_string(),
            }],
        });
        self.threads.consent = Some(self.book.add("Consent", body));
    }

    /// And not any more.
    pub(crate) fn consent_over(&mut self, reason: &str) {
        let Some(id) = self.threads.consent.take() else {
            return;
        };
        let reason = if reason.trim().is_empty() {
            "No reason was given"
        } else {
            reason
        };
        self.book.amend("Consent", &id, |members| {
            members.insert("status".to_owned(), json!("inactive"));
            super::book::set(members, extension("reason", "valueString", reason));
        });
    }

    /// The end of an episode.
    pub(crate) fn discharged(&mut self, reason: &str, outcome: &str) {
        self.end_plan("completed");
        self.drop_proposal();
        self.unused(None);
        self.set_episode("finished");
        let at = self.at.to_string();
        if let Some(id) = self.threads.episode.clone() {
            self.book.amend("EpisodeOfCare", &id, |members| {
                members["period"]["end"] = json!(at);
                for (name, words) in [("reason", reason), ("outcome", outcome)] {
                    if !words.trim().is_empty() {
                        super::book::set(members, extension(name, "valueString", words));
                    }
                }
            });
        }
    }

    /// A visit that did not take place.
    pub(crate) fn missed(&mut self, appointment: uuid::Uuid, from: jiff::Timestamp) {
        let mut body = self.encounter("cancelled");
        body["appointment"] = json!([self.appointment(appointment)]);
        body["period"] = json!({ "start": from.to_string() });
        body["reasonCode"] = json!([plain("The patient did not come")]);
        body["participant"] = Value::Null;
        let id = self.book.add("Encounter", body);
        self.threads.missed.insert(appointment, id);
    }

    /// They came after all.
    pub(crate) fn kept(&mut self, appointment: uuid::Uuid) {
        if let Some(id) = self.threads.missed.remove(&appointment) {
            self.book.amend("Encounter", &id, |members| {
                members.insert("status".to_owned(), json!("entered-in-error"));
            });
        }
    }
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
