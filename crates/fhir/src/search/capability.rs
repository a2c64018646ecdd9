//! The CapabilityStatement: what the table says, as a program reads it.

use serde_json::{Value, json};

use super::{COMMON, SEARCHED, Searched};

/// When this statement was last changed.
const DATE: &str = "2026-11-30";

/// Types that stand beside the streams and carry the version of their own log: no history.
const LOGGED: [&str; 2] = ["Appointment", "AuditEvent"];

/// Types that carry no version: they are what they are now.
const PLAIN: [&str; 5] = [
    "Device",
    "Organization",
    "Practitioner",
    "PractitionerRole",
    "Questionnaire",
];

/// How a patient is made unless they are there.
const CONDITION: &str = "A transaction makes a Patient; `ifNoneExist` takes `identifier=system|value`, and nothing is made where one is found.";

/// What the interface at `base` can do, for a program of this version.
#[must_use]
pub fn capabilities(base: &str, version: &str) -> Value {
    let searched = SEARCHED.iter().map(resource);
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": DATE,
        "kind": "instance",
        "software": { "name": "Annulus", "version": version },
        "implementation": { "description": "A clinic for spinal decompression", "url": base },
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [{
            "mode": "server",
            "security": {
                "cors": false,
                "description": "A bearer token that an administrator of the clinic makes, with scopes of SMART App Launch 2 (system/Observation.rs). What is not declared here is refused: an unknown parameter, modifier, prefix or sort is a 400.",
            },
            "interaction": [{ "code": "transaction" }, { "code": "batch" }],
            "resource": searched.collect::<Vec<_>>(),
        }],
    })
}

fn resource(searched: &Searched) -> Value {
    let versioned = !PLAIN.contains(&searched.kind);
    let history = versioned && !LOGGED.contains(&searched.kind);
    let mut interactions = vec!["read", "search-type"];
    if history {
        interactions.extend(["vread", "history-instance"]);
    }
    let interactions: Vec<Value> = interactions
        .iter()
        .map(|code| json!({ "code": code }))
        .collect();
    let params = COMMON.iter().chain(searched.params).map(|param| {
        json!({
            "name": param.name,
            "type": param.kind.code(),
            "documentation": param.expression,
        })
    });
    let includes: Vec<String> = searched
        .includes
        .iter()
        .map(|name| format!("{}:{name}", searched.kind))
        .collect();
    let mut body = json!({
        "type": searched.kind,
        "interaction": interactions,
        "versioning": if versioned { "versioned" } else { "no-version" },
        "readHistory": history,
        "updateCreate": false,
        "searchParam": params.collect::<Vec<_>>(),
    });
    if searched.kind == "Patient" {
        body["documentation"] = json!(CONDITION);
        body["conditionalCreate"] = json!(true);
        body["operation"] = json!([{
            "name": "everything",
            "definition": "http://hl7.org/fhir/OperationDefinition/Patient-everything",
        }]);
    }
    // FHIR allows no empty list.
    if !includes.is_empty() {
        body["searchInclude"] = json!(includes);
    }
    body
}
