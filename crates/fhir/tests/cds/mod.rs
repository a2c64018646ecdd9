//! CDS Hooks: requests, cards and feedback against the specification's examples and invariants.

mod cards;
mod invariants;
mod orders;
mod requests;

use crate::support::{at, knowledge, sample};
use fhir::cds::{Answered, Context, Refusal, Service, answer};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

const CPT: &str = "http://www.ama-assn.org/go/cpt";

fn asked_at(service: Service, body: &Value, at: Timestamp) -> Result<Answered, Refusal> {
    let context = Context {
        knowledge: knowledge(),
        zone: &TimeZone::UTC,
        at,
    };
    answer(service, body.to_string().as_bytes(), &context)
}

fn asked(service: Service, body: &Value) -> Result<Answered, Refusal> {
    asked_at(service, body, at())
}

/// The cards of a request that is answered.
fn cards(service: Service, body: &Value) -> Vec<Value> {
    let answered = asked(service, body).expect("answered");
    invariants::hold(&answered.body);
    answered.body["cards"].as_array().expect("cards").clone()
}

/// An order with a code.
fn order(id: &str, system: &str, code: &str) -> Value {
    json!({
        "resourceType": "ServiceRequest",
        "id": id,
        "status": "draft",
        "intent": "order",
        "subject": { "reference": "Patient/p" },
        "code": { "coding": [{ "system": system, "code": code }] },
    })
}

fn bundle(resources: &[Value]) -> Value {
    let entries: Vec<Value> = resources
        .iter()
        .map(|one| json!({ "resource": one }))
        .collect();
    json!({ "resourceType": "Bundle", "type": "searchset", "entry": entries })
}

/// A condition that is active and confirmed.
fn condition(code: &str) -> Value {
    let mut condition = crate::support::condition(code, "active", "confirmed");
    condition["subject"] = json!({ "reference": "Patient/p" });
    condition
}

/// Everything that is asked for, with these conditions and nothing else on record.
fn prefetch(conditions: &[Value]) -> Value {
    json!({
        "patient": { "resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1970-03-09" },
        "conditions": bundle(conditions),
        "observations": bundle(&[]),
        "procedures": bundle(&[]),
        "medications": bundle(&[]),
        "devices": null,
    })
}

/// `order-sign` with these orders.
fn sign(orders: &[Value], prefetch: &Value) -> Value {
    json!({
        "hook": "order-sign",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {
            "userId": "Practitioner/example",
            "patientId": "p",
            "draftOrders": bundle(orders),
        },
        "prefetch": prefetch,
    })
}

/// The JSON examples of a page of the specification.
fn examples(page: &str) -> Vec<Value> {
    let Some(bytes) = sample(&format!("cds_hooks/{page}")) else {
        return Vec::new();
    };
    let text = String::from_utf8(bytes).expect("text");
    let blocks = text.split("```json").skip(1);
    blocks
        .filter_map(|block| block.split("```").next())
        .filter_map(|block| {
            let whole = block.trim().trim_end_matches(',');
            let whole = if whole.starts_with('{') {
                whole.to_owned()
            } else {
                format!("{{{whole}}}")
            };
            serde_json::from_str(&whole).ok()
        })
        .collect()
}
