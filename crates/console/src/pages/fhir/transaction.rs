//! Records that programs write: `transaction` (all or nothing) and `batch` (entry by entry).
//!
//! What is written is a record: a Patient and what is known of them, or more about a patient who
//! is here. It is kept whole as the document that it is, and becomes facts as far as its codes
//! are read (`fhir::import`); the answer says of each entry what it became. Nothing is written
//! that R4 does not allow.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::response::Response;
use care::episode::{Actor, Role};
use fhir::check::{self, Issue, Severity};
use fhir::export::{self, Export};
use serde_json::{Value, json};
use si::{Problem, Region};
use tracing::Instrument as _;
use uuid::Uuid;

use super::{answer, unrestricted};
use crate::clinic::{Beside, Client, Clinic};
use crate::door::route::Verb;
use crate::door::scope::Act;
use crate::door::{Fault, Reply, Visit};
use crate::pages::import::imported;

const ROUTE: &str = "/fhir";
/// The region that is treated, on a Patient or an EpisodeOfCare: R4 has no element for it.
const REGION: &str = "urn:annulus:extension:region";

/// POST `/fhir`. A program that goes away undoes nothing, and leaves nothing half noted.
pub async fn take(visit: Visit) -> Reply {
    let taking = tokio::spawn(taken(visit).in_current_span());
    let lost = |_| Err(Fault::internal("a bundle ended without an answer"));
    taking.await.unwrap_or_else(lost)
}

async fn taken(visit: Visit) -> Reply {
    answer::acceptable(&visit)?;
    answer::only(&visit.query, &[])?;
    let bundle: Value = visit.json()?;
    let is_bundle = bundle["resourceType"] == "Bundle";
    match bundle["type"].as_str().filter(|_| is_bundle) {
        Some("transaction") => transaction(&visit, &bundle).await,
        Some("batch") => batch(&visit, &bundle).await,
        _ => Err(refused(
            StatusCode::BAD_REQUEST,
            ("bundle-type", "Bundle.type"),
            (
                "is no transaction and no batch",
                "send a Bundle of one of these types",
            ),
        )),
    }
}

async fn transaction(visit: &Visit, bundle: &Value) -> Reply {
    if let Some(refusal) = unfit(bundle) {
        return Ok(refusal);
    }
    let written = write(visit, bundle).await?;
    let entries = entries(bundle);
    let answers: Vec<Value> = (0..entries.len())
        .map(|place| json!({ "response": written.response(place, &entries[place]) }))
        .collect();
    Ok(answered("transaction-response", answers))
}

/// What became of the entries; R4 allows no empty list.
fn answered(kind: &str, answers: Vec<Value>) -> Response {
    let mut answer = json!({ "resourceType": "Bundle", "type": kind });
    if !answers.is_empty() {
        answer["entry"] = json!(answers);
    }
    answer::document(StatusCode::OK, &answer)
}

/// Each entry by itself; what one is refused for is in its own answer.
async fn batch(visit: &Visit, bundle: &Value) -> Reply {
    if let Some(refusal) = unfit(&around(bundle)) {
        return Ok(refusal);
    }
    let mut answers = Vec::new();
    for entry in entries(bundle) {
        let one = json!({
            "resourceType": "Bundle",
            "type": "transaction",
            "entry": [entry],
        });
        let errors = errors(&one);
        let response = match errors.is_empty() {
            false => json!({
                "status": "422 Unprocessable Entity",
                "outcome": fhir::outcome(&errors),
            }),
            true => match write(visit, &one).await {
                Ok(written) => written.response(0, entry),
                Err(fault) => failed(&fault, visit.correlation),
            },
        };
        answers.push(json!({ "response": response }));
    }
    Ok(answered("batch-response", answers))
}

/// A batch without its entries, each of which is answered by itself; what is no list of entries
/// stays, for it is a fault of the whole.
fn around(bundle: &Value) -> Value {
    let mut around = bundle.clone();
    if !entries(bundle).is_empty()
        && let Some(members) = around.as_object_mut()
    {
        members.remove("entry");
    }
    around
}

fn failed(fault: &Fault, correlation: Uuid) -> Value {
    let (status, outcome) = crate::door::speech::outcome(fault, correlation);
    json!({ "status": status.to_string(), "outcome": outcome })
}

fn entries(bundle: &Value) -> &[Value] {
    bundle["entry"].as_array().map_or(&[], Vec::as_slice)
}

/// The answer to what R4 does not allow.
fn unfit(bundle: &Value) -> Option<Response> {
    let errors = errors(bundle);
    if errors.is_empty() {
        return None;
    }
    let (status, outcome) = (StatusCode::UNPROCESSABLE_ENTITY, fhir::outcome(&errors));
    Some(answer::document(status, &outcome))
}

/// What R4 does not allow.
fn errors(bundle: &Value) -> Vec<Issue> {
    let mut issues = check::resource(bundle);
    issues.retain(|issue| issue.severity >= Severity::Error);
    issues
}

/// A record that was written.
struct Written {
    patient: Uuid,
    /// Whether there was one already whom `ifNoneExist` names.
    known: bool,
    /// What the record brought.
    made: Export,
    /// The event that brought it.
    sequence: u64,
}

/// Writes a record: a new patient's, or more about one who is here.
async fn write(visit: &Visit, bundle: &Value) -> Result<Written, Fault> {
    let client = visit.program()?;
    let entries = entries(bundle);
    for (place, entry) in entries.iter().enumerate() {
        permitted(client, entry, place)?;
    }
    let clinic = &visit.app.clinic;
    // Nobody makes the same patient meanwhile.
    let _turn = clinic.arrivals().await?;
    let known = match entries.iter().find(|entry| kind(entry) == "Patient") {
        Some(entry) => existing(visit, entry).await?,
        None => Some(named(clinic, entries).await?),
    };
    if let Some(patient) = known {
        unrestricted(visit, patient, ROUTE).await?;
    }
    let text = bundle.to_string();
    let region = match known {
        Some(patient) => clinic.chart(patient).await?.episode.region,
        None => None,
    };
    let region = region.map_or_else(|| self::region(entries), Ok)?;
    let read = fhir::import(
        text.as_bytes(),
        clinic.knowledge(),
        region,
        Some(clinic.now()),
    )
    .map_err(unprocessable)?;
    let noted: BTreeSet<Uuid> = known.into_iter().collect();
    let actor = actor(client);
    let chart = match known {
        Some(patient) => {
            // Who reads the log sees what was tried on a record, too.
            clinic
                .note_records(visit, ROUTE, (Verb::Post, &noted))
                .await?;
            clinic
                .import_more(patient, &actor, imported(read, text))
                .await
        }
        None => {
            let mut who = crate::pages::import::demographics(&read.patient);
            who.identifiers = read.patient.identifiers.iter().map(identifier).collect();
            let record = imported(read, text);
            clinic.register_imported(&actor, who, region, record).await
        }
    };
    let chart = chart.map_err(unprocessable)?;
    if known.is_none() {
        let noted = BTreeSet::from([chart.id]);
        clinic
            .note_records(visit, ROUTE, (Verb::Post, &noted))
            .await?;
    }
    written(clinic, chart.id, known.is_some()).await
}

/// What the record that came last has brought.
async fn written(clinic: &Clinic, patient: Uuid, known: bool) -> Result<Written, Fault> {
    let made = clinic.from_stream(patient, Beside::None, |source| {
        let mut told = source.told.iter().rev();
        let record = told.find(|told| export::is_record(told));
        Written {
            patient,
            known,
            made: export::at(source, u64::MAX),
            sequence: record.map_or(0, |told| told.sequence),
        }
    });
    Ok(made.await?)
}

/// A program acts under its own name.
fn actor(client: &Client) -> Actor {
    Actor {
        id: client.id,
        role: Role::Program,
        name: client.name.clone(),
        licence: None,
    }
}

fn kind(entry: &Value) -> &str {
    entry["resource"]["resourceType"]
        .as_str()
        .unwrap_or_default()
}

/// An entry that creates what the scopes of the program permit.
fn permitted(client: &Client, entry: &Value, place: usize) -> Result<(), Fault> {
    let request = &entry["request"];
    let (method, url) = (
        &request["method"],
        request["url"].as_str().unwrap_or_default(),
    );
    let at = |member: &str| format!("Bundle.entry[{place}].{member}");
    if method != "POST" || url != kind(entry) {
        return Err(refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            ("request-unserved", &at("request")),
            (
                "creates nothing",
                "records are created: send POST with the type of the resource",
            ),
        ));
    }
    if !client.may(url, Act::Create) {
        return Err(refused(
            StatusCode::FORBIDDEN,
            ("scope", &at("resource")),
            (
                "the scopes of this client do not permit it",
                "ask the administrator for a client with the scope that it takes",
            ),
        ));
    }
    if request.get("ifNoneExist").is_some() && url != "Patient" {
        return Err(refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            ("request-unserved", &at("request.ifNoneExist")),
            ("is served for a Patient alone", "leave it away"),
        ));
    }
    Ok(())
}

/// Whether one whole number is asked for, and it is the patient's: a system without a number, or
/// one of several, would find somebody else.
fn is_own_number(asked: &[(String, String)], patient: &Value) -> bool {
    let [(name, text)] = asked else { return false };
    let mut parts = text.split('|');
    let (Some(system), Some(value), None) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let numbers = patient["identifier"].as_array();
    let mut numbers = numbers.into_iter().flatten();
    let is_it = |number: &Value| number["system"] == system && number["value"] == value;
    let whole = !system.is_empty() && !value.is_empty() && !text.contains([',', '\\']);
    name == "identifier" && whole && numbers.any(is_it)
}

/// The patient whom `ifNoneExist` of an entry finds by an identifier.
async fn existing(visit: &Visit, entry: &Value) -> Result<Option<Uuid>, Fault> {
    let Some(asked) = entry["request"]["ifNoneExist"].as_str() else {
        return Ok(None);
    };
    let asked: Vec<(String, String)> =
        form_urlencoded::parse(asked.trim_start_matches('?').as_bytes())
            .into_owned()
            .collect();
    if !is_own_number(&asked, &entry["resource"]) {
        return Err(refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            ("request-unserved", "request.ifNoneExist"),
            (
                "does not name a number of this patient with its system",
                "write identifier=system|value, one that the Patient has",
            ),
        ));
    }
    let query = fhir::search::Query::read("Patient", &asked, "").map_err(answer::refused)?;
    let (found, _) = visit.app.clinic.found(&query, None).await?;
    let ids = found
        .iter()
        .filter_map(|one| one.key.strip_prefix("Patient/"));
    match ids.collect::<Vec<_>>().as_slice() {
        [] => Ok(None),
        [id] => Ok(id.parse().ok()),
        _ => Err(refused(
            StatusCode::PRECONDITION_FAILED,
            ("several-exist", "request.ifNoneExist"),
            ("finds more than one patient", "name one patient"),
        )),
    }
}

/// The patient of this clinic whom every entry names.
async fn named(clinic: &Clinic, entries: &[Value]) -> Result<Uuid, Fault> {
    let owner = |entry: &Value| {
        let resource = &entry["resource"];
        let reference = ["subject", "patient"]
            .iter()
            .find_map(|name| resource[*name]["reference"].as_str());
        reference?.strip_prefix("Patient/")?.parse::<Uuid>().ok()
    };
    let owners: BTreeSet<Option<Uuid>> = entries.iter().map(owner).collect();
    match owners.into_iter().collect::<Vec<_>>().as_slice() {
        [Some(one)] if clinic.knows(*one).await? => Ok(*one),
        _ => Err(refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            ("patient-unknown", "Bundle.entry"),
            (
                "names no one patient of this clinic",
                "send the Patient with it, or refer to Patient/id in every entry",
            ),
        )),
    }
}

/// The region that is to be treated; nobody guesses it.
fn region(entries: &[Value]) -> Result<Region, Fault> {
    let said = entries
        .iter()
        .filter(|entry| matches!(kind(entry), "Patient" | "EpisodeOfCare"))
        .flat_map(|entry| {
            entry["resource"]["extension"]
                .as_array()
                .into_iter()
                .flatten()
        })
        .find(|one| one["url"] == REGION);
    let word = said.and_then(|one| one["valueCode"].as_str());
    word.and_then(|word| word.parse().ok()).ok_or_else(|| {
        refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            ("region-unknown", "Patient.extension"),
            (
                "does not say which region is treated",
                "give the Patient the extension urn:annulus:extension:region with the valueCode lumbar or cervical",
            ),
        )
    })
}

/// A number of another system as the clinic keeps it: with that system.
fn identifier(one: &fhir::Identifier) -> String {
    match one.system.as_str() {
        "" => one.value.clone(),
        system => format!("{system}|{}", one.value),
    }
}

impl Written {
    /// What an entry became: the patient, the findings that follow from it, else the document
    /// in which the whole record is kept.
    fn response(&self, place: usize, entry: &Value) -> Value {
        if kind(entry) == "Patient" {
            let id = self.patient.to_string();
            let status = if self.known { "200 OK" } else { "201 Created" };
            return located(self.made.get("Patient", &id), status);
        }
        let stem = format!("{}-{}", self.patient.simple(), self.sequence);
        let at = format!("entry[{place}].");
        let of_entry = |one: &&Value| {
            let id = one["id"].as_str().unwrap_or_default();
            id.starts_with(&stem) && document(one).is_some_and(|document| document.contains(&at))
        };
        if let Some(found) = self.made.of("Observation").find(of_entry) {
            return located(Some(found), "201 Created");
        }
        let mut response = located(self.made.get("DocumentReference", &stem), "201 Created");
        response["outcome"] = json!({
            "resourceType": "OperationOutcome",
            "issue": [{
                "severity": "information",
                "code": "informational",
                "diagnostics": "it is kept in this document and became no fact of its own",
            }],
        });
        response
    }
}

/// Where a resource is, in which version.
fn located(resource: Option<&Value>, status: &str) -> Value {
    let Some(resource) = resource else {
        return json!({ "status": status });
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (kind, id) = (text(&resource["resourceType"]), text(&resource["id"]));
    let version = text(&resource["meta"]["versionId"]);
    json!({
        "status": status,
        "location": format!("{kind}/{id}/_history/{version}"),
        "etag": format!("W/\"{version}\""),
        "lastModified": resource["meta"]["lastUpdated"],
    })
}

/// The place in the record that a finding comes from.
fn document(observation: &Value) -> Option<&str> {
    let all = observation["extension"].as_array()?;
    let found = all
        .iter()
        .find(|one| one["url"] == "urn:annulus:extension:document");
    found?["valueString"].as_str()
}

fn refused(
    status: StatusCode,
    (code, place): (&'static str, &str),
    (problem, remedy): (&str, &str),
) -> Fault {
    Fault::answer(status, Problem::new(code, place, "", problem, remedy))
}

/// What the importer or the record does not take: 422, with its place.
fn unprocessable(problem: Problem) -> Fault {
    Fault::from(problem)
}
