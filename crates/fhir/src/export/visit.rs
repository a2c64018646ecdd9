//! Visits and sessions: the Encounter, the Procedure, the table and what it measured.

use super::book::push;
use super::observe::Within;
use super::words::{
    CPT, HCPCS, coding, extension, hl7_coding, narrative, note, plain, quantity, reference, term,
    term_coding,
};
use super::writer::Writer;
use care::episode::{BillingCode, EndCause, Kept, Leaving, SessionSummary};
use care::fact::Reading;
use jiff::civil::Date;
use serde_json::{Value, json};
use uuid::Uuid;

/// A session's resources.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) procedure: String,
    pub(crate) used: String,
    pub(crate) table: Value,
    pub(crate) encounter: Option<Value>,
    pub(crate) visit: u32,
}

/// What a Grant says, as far as it is exported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Granted<'a> {
    pub(crate) visit: u32,
    pub(crate) session: Uuid,
    pub(crate) table: Uuid,
    pub(crate) candidate: &'a str,
    pub(crate) attendant: &'a str,
    pub(crate) force_n: f64,
    pub(crate) simulated: bool,
}

impl Writer<'_> {
    /// The patient is here.
    pub(crate) fn arrived(&mut self, visit: u32, readings: &[Reading]) {
        let mut body = self.encounter("arrived");
        body["period"] = json!({ "start": self.at.to_string() });
        let id = self.book.add("Encounter", body);
        self.threads.visits.insert(visit, id);
        let within = self.in_visit(visit);
        self.observe(readings, &within);
    }

    /// An Encounter of this episode.
    pub(crate) fn encounter(&mut self, status: &str) -> Value {
        let episode = self.threads.episode.clone();
        let staff = self.staff();
        json!({
            "status": status,
            "class": hl7_coding("v3-ActCode", "AMB"),
            "subject": self.subject(),
            "episodeOfCare": episode.map(|id| json!([reference("EpisodeOfCare", &id)])),
            "participant": [{ "individual": staff }],
            "reasonReference": self.condition().into_iter().collect::<Vec<_>>(),
            "serviceProvider": { "reference": format!("Organization/{}", self.source.clinic.id) },
        })
    }

    /// What a visit's readings belong to.
    pub(crate) fn in_visit(&self, visit: u32) -> Within {
        let id = self.threads.visits.get(&visit);
        Within {
            encounter: id.map(|id| reference("Encounter", id)),
            ..Within::default()
        }
    }

    /// What a session's readings belong to.
    pub(crate) fn in_session(&self, session: Uuid) -> Within {
        let known = self.threads.sessions.get(&session);
        Within {
            encounter: known.and_then(|known| known.encounter.clone()),
            part_of: known.map(|known| reference("Procedure", &known.procedure)),
            ..Within::default()
        }
    }

    /// One session was permitted.
    pub(crate) fn granted(&mut self, granted: Granted<'_>, decision: &Kept) {
        self.unused(Some(granted.visit));
        let encounter = self.in_visit(granted.visit).encounter;
        self.set_visit(granted.visit, "in-progress");
        self.decided(decision, encounter.as_ref());
        let table = self.staff.table(granted.table, granted.simulated);
        let procedure = self.session_body(granted, encounter.as_ref());
        let procedure = self.book.add("Procedure", procedure);
        let used = json!({
            "status": "intended",
            "subject": self.subject(),
            "derivedFrom": [reference("Procedure", &procedure)],
            "recordedOn": self.at.to_string(),
            "device": table.clone(),
        });
        let used = self.book.add("DeviceUseStatement", used);
        let session = Session {
            procedure,
            used,
            table,
            encounter,
            visit: granted.visit,
        };
        self.threads.sessions.insert(granted.session, session);
    }

    fn session_body(&self, granted: Granted<'_>, encounter: Option<&Value>) -> Value {
        let plan = self.order();
        let named = !granted.attendant.trim().is_empty();
        let attendant = named.then(|| json!({ "display": granted.attendant }));
        let line = format!(
            "Session of traction, {} N permitted{}.",
            granted.force_n,
            on_what(granted.simulated)
        );
        json!({
            "text": narrative(&[line]),
            "extension": [
                extension("force-permitted", "valueQuantity", quantity(granted.force_n, "N")),
                extension("candidate", "valueCode", granted.candidate),
                extension("simulated", "valueBoolean", granted.simulated),
            ],
            "identifier": [{ "system": "urn:annulus:session", "value": granted.session.to_string() }],
            "basedOn": [plan],
            "status": "preparation",
            "code": term("procedure.traction"),
            "subject": self.subject(),
            "encounter": encounter,
            "recorder": self.staff(),
            "performer": attendant.map(|actor| json!([{ "function": term("function.attendant"), "actor": actor }])),
            "reasonReference": self.condition().into_iter().collect::<Vec<_>>(),
            "bodySite": self.region().map(|words| json!([plain(&words)])),
            "usedReference": [reference("Device", &granted.table.to_string())],
        })
    }

    fn set_visit(&mut self, visit: u32, status: &str) {
        if let Some(id) = self.threads.visits.get(&visit).cloned() {
            let at = self.at.to_string();
            self.book.amend("Encounter", &id, |members| {
                members.insert("status".to_owned(), json!(status));
                if status == "finished" {
                    members["period"]["end"] = json!(at);
                }
            });
        }
    }

    /// Sessions that were permitted and never began, of one visit or of all: another one was
    /// permitted in their place, or the episode is over.
    pub(crate) fn unused(&mut self, visit: Option<u32>) {
        let sessions: Vec<Session> = self
            .threads
            .sessions
            .values()
            .filter(|session| visit.is_none_or(|visit| session.visit == visit))
            .cloned()
            .collect();
        for session in sessions {
            let procedure = self.book.get("Procedure", &session.procedure);
            if procedure.is_none_or(|one| one["status"] != "preparation") {
                continue;
            }
            self.book.amend("Procedure", &session.procedure, |members| {
                members.insert("status".to_owned(), json!("not-done"));
                members.insert("statusReason".to_owned(), term("end.never-began"));
            });
            self.book
                .amend("DeviceUseStatement", &session.used, |members| {
                    members.insert("status".to_owned(), json!("stopped"));
                });
        }
    }

    /// The bedside began.
    pub(crate) fn started(&mut self, session: Uuid) {
        let Some(known) = self.threads.sessions.get(&session).cloned() else {
            return;
        };
        let start = json!({ "start": self.at.to_string() });
        self.book.amend("Procedure", &known.procedure, |members| {
            members.insert("status".to_owned(), json!("in-progress"));
            members.insert("performedPeriod".to_owned(), start.clone());
        });
        self.book
            .amend("DeviceUseStatement", &known.used, |members| {
                members.insert("status".to_owned(), json!("active"));
                members.insert("timingPeriod".to_owned(), start);
            });
    }

    /// The bedside finished.
    pub(crate) fn ended(&mut self, session: Uuid, summary: &SessionSummary) {
        let Some(known) = self.threads.sessions.get(&session).cloned() else {
            return;
        };
        let end = self.at.to_string();
        let start = self.at;
        let cause = term(&cause(summary.cause));
        let stopped = summary.cause.is_stop();
        let line = in_words(summary);
        self.book.amend("Procedure", &known.procedure, |members| {
            let status = if stopped { "stopped" } else { "completed" };
            members.insert("status".to_owned(), json!(status));
            let period = members
                .entry("performedPeriod")
                .or_insert_with(|| json!({ "start": start.to_string() }));
            period["end"] = json!(end);
            members.insert("outcome".to_owned(), plain(&line));
            members.insert("text".to_owned(), narrative(std::slice::from_ref(&line)));
            if stopped {
                members.insert("statusReason".to_owned(), cause.clone());
            }
            if summary.cause == EndCause::Symptom {
                members.insert("complication".to_owned(), json!([plain(&line)]));
            }
            if let Some(hash) = &summary.recording_sha256 {
                push(
                    members,
                    "extension",
                    extension("recording-sha256", "valueString", hash.clone()),
                );
            }
        });
        self.book
            .amend("DeviceUseStatement", &known.used, |members| {
                members.insert("status".to_owned(), json!("completed"));
                let period = members
                    .entry("timingPeriod")
                    .or_insert_with(|| json!({ "start": start.to_string() }));
                period["end"] = json!(end);
            });
        self.measures(session, summary);
    }

    /// What the table measured.
    fn measures(&mut self, session: Uuid, summary: &SessionSummary) {
        let table = self.threads.sessions.get(&session);
        let within = Within {
            device: table.map(|known| known.table.clone()),
            ..self.in_session(session)
        };
        let mut measured = vec![
            ("measure.peak-force", quantity(summary.peak_force_n, "N")),
            (
                "measure.tolerated-force",
                quantity(summary.tolerated_n, "N"),
            ),
            ("measure.duration", quantity(summary.duration_s, "s")),
        ];
        if let Some(score) = summary.peak_discomfort {
            measured.push(("measure.peak-discomfort", quantity(f64::from(score), "1")));
        }
        for (code, value) in measured {
            self.measure(code, ("valueQuantity", value), &within);
        }
        let resumed = ("valueBoolean", json!(summary.resumed));
        self.measure("measure.resumed", resumed, &within);
    }

    /// An Observation that is no reading of a fact.
    pub(crate) fn measure(
        &mut self,
        code: &str,
        (name, value): (&str, Value),
        within: &Within,
    ) -> String {
        let mut body = json!({
            "status": "final",
            "category": [{ "coding": [hl7_coding("observation-category", "procedure")] }],
            "code": term(code),
            "subject": self.subject(),
            "encounter": within.encounter,
            "partOf": [within.part_of],
            "device": within.device,
            "effectiveDateTime": self.at.to_string(),
            "issued": self.at.to_string(),
        });
        body[name] = value;
        self.book.add("Observation", body)
    }

    /// What somebody said a stop was.
    pub(crate) fn explained(&mut self, session: Uuid, cause_of: EndCause, reason: &str) {
        let Some(known) = self.threads.sessions.get(&session).cloned() else {
            return;
        };
        let (by, at) = (self.by.clone(), self.at);
        self.book.amend("Procedure", &known.procedure, |members| {
            members.insert("statusReason".to_owned(), term(&cause(cause_of)));
            push(members, "note", note(&by, at, reason));
        });
    }

    /// The visit is closed.
    pub(crate) fn left(&mut self, check: &Leaving) {
        let within = self.in_session(check.session);
        self.observe(&check.readings, &within);
        let card = ("valueBoolean", json!(check.warning_card));
        self.measure("measure.warning-card", card, &within);
        let visit = self.threads.sessions.get(&check.session);
        if let Some(visit) = visit.map(|known| known.visit) {
            self.set_visit(visit, "finished");
        }
    }

    /// What a visit may be billed as: one code, never both.
    pub(crate) fn billed(&mut self, visit: u32, code: BillingCode) {
        let system = match code {
            BillingCode::Cpt97012 => CPT,
            BillingCode::HcpcsS9090 => HCPCS,
        };
        let procedures: Vec<String> = self
            .threads
            .sessions
            .values()
            .filter(|session| session.visit == visit)
            .map(|session| session.procedure.clone())
            .collect();
        for id in procedures {
            self.book.amend("Procedure", &id, |members| {
                let mut concept = term("procedure.traction");
                concept["coding"] = json!([
                    term_coding("procedure.traction"),
                    coding(system, code.as_str())
                ]);
                members.insert("code".to_owned(), concept);
            });
        }
    }

    /// The Encounter of a day on which the patient was examined and nobody arrived for a session.
    pub(crate) fn examined(&mut self, day: Date, appointment: Option<Uuid>) -> Value {
        if let Some(id) = self.threads.days.get(&day) {
            return reference("Encounter", id);
        }
        let mut body = self.encounter("finished");
        body["period"] = json!({ "start": day.to_string(), "end": day.to_string() });
        body["appointment"] = json!(appointment.map(|id| [self.appointment(id)]));
        let id = self.book.add("Encounter", body);
        self.threads.days.insert(day, id.clone());
        reference("Encounter", &id)
    }

    /// An appointment, by reference where the diary has it and by identifier where not: the diary
    /// is no part of the stream.
    pub(crate) fn appointment(&self, id: Uuid) -> Value {
        json!({ "type": "Appointment", "identifier": {
            "system": "urn:annulus:appointment",
            "value": id.to_string(),
        }})
    }
}

/// How a session ended, as our own word.
fn cause(cause: EndCause) -> String {
    let word = match cause {
        EndCause::Completed => "completed",
        EndCause::Comfort => "comfort",
        EndCause::Technical => "technical",
        EndCause::Operator => "operator",
        EndCause::Symptom => "symptom",
        EndCause::Unexplained => "unexplained",
    };
    format!("end.{word}")
}

fn in_words(summary: &SessionSummary) -> String {
    let detail = if summary.detail.is_empty() {
        String::new()
    } else {
        format!(" ({})", summary.detail)
    };
    format!(
        "{}{detail}: {} s, peak {} N, {} N held to the end of a hold{}.",
        super::terms::words(&cause(summary.cause)),
        summary.duration_s,
        summary.peak_force_n,
        summary.tolerated_n,
        on_what(summary.simulated)
    )
}

const fn on_what(simulated: bool) -> &'static str {
    if simulated {
        ", on a simulated table: nobody is pulled"
    } else {
        ""
    }
}
