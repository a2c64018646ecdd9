//! The steps that decide, for programs: facts or a record in, a decision out, by the contract of
//! the command line and with its bytes.
//!
//! No record of this clinic is touched, and nothing of what is sent is kept: the audit log has the
//! program and the step. Shown by `tests/api.rs`.

use std::sync::LazyLock;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use fhir::step::{self, Asked, Step};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use si::{Problem, Region};

use crate::clinic;
use crate::door::route::Verb;
use crate::door::{Fault, Reply, Visit};

/// GET `/api/openapi.json`: what is served to programs, for everybody.
pub async fn document(visit: Visit) -> Reply {
    // It is the same for everybody, and takes longer to make than to send.
    static DOCUMENT: LazyLock<Value> = LazyLock::new(crate::api::document);
    Params::read(&visit, &[])?;
    written(&DOCUMENT)
}

/// GET `/api/facts`: the catalogue, which says what the facts of a document are called.
pub async fn facts(visit: Visit) -> Reply {
    let params = Params::read(&visit, &["region"])?;
    noted(&visit, "/api/facts", Verb::Get).await?;
    written(&visit.app.clinic.knowledge().catalogue_json(params.region))
}

/// POST `/api/evaluate`: the screening decision.
pub async fn evaluate(visit: Visit) -> Reply {
    decide(visit, Step::Evaluate, "/api/evaluate").await
}

/// POST `/api/triage`: what a check-in comes to.
pub async fn triage(visit: Visit) -> Reply {
    decide(visit, Step::Triage, "/api/triage").await
}

/// POST `/api/review`: what a course so far comes to.
pub async fn review(visit: Visit) -> Reply {
    decide(visit, Step::Review, "/api/review").await
}

async fn decide(visit: Visit, step: Step, route: &str) -> Reply {
    let params = Params::read(&visit, &["region", "at", "zone"])?;
    visit.is_json()?;
    noted(&visit, route, Verb::Post).await?;
    let clinic = &visit.app.clinic;
    let knowledge = clinic.knowledge();
    let zone = params.zone.unwrap_or_else(|| clinic.zone().clone());
    let bytes = visit.bytes.clone();
    // A decision takes some milliseconds of a processor: no other answer waits for it.
    let deciding = tokio::task::spawn_blocking(move || {
        let asked = Asked {
            knowledge,
            region: params.region,
            at: params.at,
            zone: &zone,
        };
        let gathered = step::gather(&bytes, &asked)?;
        let decision = step.decide(&gathered, knowledge, &zone);
        Ok(step::written(&decision, gathered.record.as_ref()))
    });
    let decided = deciding.await.map_err(Fault::internal)?;
    written(&decided.map_err(refused)?)
}

/// What the reader of facts or of records does not take; what is not even JSON is a 400.
fn refused(problem: Problem) -> Fault {
    let status = match problem.code {
        "malformed-json" | "empty-document" | "empty" => StatusCode::BAD_REQUEST,
        "too-large" => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Fault::answer(status, problem)
}

/// The bytes that the command line writes.
fn written(value: &Value) -> Result<Response, Fault> {
    let mut text = serde_json::to_string_pretty(value).map_err(Fault::internal)?;
    text.push('\n');
    let kind = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// Notes the call in the audit log, of no patient: the program knows whose facts they are.
async fn noted(visit: &Visit, route: &str, verb: Verb) -> Result<(), Fault> {
    let none = Default::default();
    let clinic = &visit.app.clinic;
    clinic.note_records(visit, route, (verb, &none)).await
}

/// What stands in the address beside the path.
#[derive(Default)]
struct Params {
    region: Option<Region>,
    at: Option<Timestamp>,
    zone: Option<TimeZone>,
}

impl Params {
    /// Reads them; one that is not `known` here, or stands twice, is never passed over.
    fn read(visit: &Visit, known: &[&str]) -> Result<Self, Fault> {
        if !fhir::search::names_json(visit.accepts()) {
            return Err(unreadable(visit.accepts()));
        }
        let all = visit.query.every();
        let mut params = Self::default();
        for (place, (name, value)) in all.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let remedy = match known {
                    [] => "leave it away".to_owned(),
                    known => format!("use {}", known.join(", ")),
                };
                return Err(bad("query", name, "is no parameter here", remedy));
            }
            if all[..place].iter().any(|(other, _)| other == name) {
                return Err(bad(name, value, "stands twice", "give one"));
            }
            params.take(name, value)?;
        }
        Ok(params)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), Fault> {
        match name {
            "region" => {
                let region = value.parse();
                let wrong = |_| bad(name, value, "is no region", "write lumbar or cervical");
                self.region = Some(region.map_err(wrong)?);
            }
            "at" => {
                let remedy = "write it with its zone, as in 2026-11-22T09:00:00Z";
                let at = value.parse();
                self.at = Some(at.map_err(|_| bad(name, value, "is no instant", remedy))?);
            }
            _ => {
                let zone = clinic::zone(value);
                self.zone = Some(zone.map_err(|one| Fault::answer(StatusCode::BAD_REQUEST, one))?);
            }
        }
        Ok(())
    }
}

fn bad(place: &str, value: &str, problem: &str, remedy: impl Into<String>) -> Fault {
    let value: String = value.chars().take(60).collect();
    let problem = Problem::new("parameter", place, value, problem, remedy);
    Fault::answer(StatusCode::BAD_REQUEST, problem)
}

fn unreadable(accept: &str) -> Fault {
    let value: String = accept.chars().take(60).collect();
    let remedy = "ask for application/json";
    let problem = Problem::new("format", "Accept", value, "is not written here", remedy);
    Fault::answer(StatusCode::NOT_ACCEPTABLE, problem)
}
