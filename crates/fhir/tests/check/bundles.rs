//! Bundles: what each type asks of its entries, links and references.

use super::{all, broken};
use serde_json::{Value, json};

fn bundle(kind: &str, entries: Value) -> Value {
    json!({"resourceType": "Bundle", "type": kind, "entry": entries})
}

fn entry(url: &str, resource: Value) -> Value {
    json!({"fullUrl": url, "resource": resource})
}

fn patient(id: &str) -> Value {
    json!({"resourceType": "Patient", "id": id})
}

const HERE: &str = "http://x.example/fhir";

#[test]
fn entries_have_what_the_type_of_their_bundle_asks_for() {
    let request = json!({"method": "POST", "url": "Patient"});
    let posted = json!({"resource": {"resourceType": "Patient"}, "request": request});
    let plain = json!({"resource": patient("p")});
    let found = json!({"resource": patient("p"), "search": {"mode": "match"}});
    let answered = json!({"response": {"status": "201"}});
    let total = |kind: &str| json!({"resourceType": "Bundle", "type": kind, "total": 0});
    all(&[
        (&[], bundle("transaction", json!([posted]))),
        (&["bdl-3"], bundle("transaction", json!([plain]))),
        (&["bdl-3"], bundle("collection", json!([posted]))),
        (&[], bundle("batch-response", json!([answered]))),
        (&["bdl-4"], bundle("batch-response", json!([plain]))),
        (&["bdl-3", "bdl-4"], bundle("batch", json!([answered]))),
        (&[], bundle("searchset", json!([found]))),
        (&["bdl-2"], bundle("collection", json!([found]))),
        (
            &["bdl-5"],
            bundle(
                "collection",
                json!([{"fullUrl": "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"}]),
            ),
        ),
        (&[], total("searchset")),
        (&["bdl-1"], total("collection")),
        (&["json-type"], bundle("collection", json!({}))),
    ]);
}

#[test]
fn a_full_url_is_absolute_its_resources_own_and_unique() {
    let at = |path: &str| entry(&format!("{HERE}/{path}"), patient("p"));
    all(&[
        (&[], bundle("collection", json!([at("Patient/p")]))),
        (
            &["full-url"],
            bundle("collection", json!([entry("Patient/p", patient("p"))])),
        ),
        (
            &["full-url"],
            bundle("collection", json!([at("Patient/q")])),
        ),
        (&["full-url"], bundle("collection", json!([at("Device/p")]))),
        (
            &["bdl-8"],
            bundle("collection", json!([at("Patient/p/_history/1")])),
        ),
        (
            &["bdl-7"],
            bundle("collection", json!([at("Patient/p"), at("Patient/p")])),
        ),
    ]);
}

#[test]
fn results_of_a_search_are_what_was_searched_for() {
    let set = |url: &str, mode: &str, resource: Value| {
        let mut set = bundle(
            "searchset",
            json!([{"resource": resource, "search": {"mode": mode}}]),
        );
        set["link"] = json!([{"relation": "self", "url": url}]);
        set
    };
    let device = json!({"resourceType": "Device", "id": "d"});
    let outcome = json!({"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "invalid"}]});
    let mut twice = bundle("searchset", json!([{"resource": patient("p")}]));
    twice["link"] = json!([{"relation": "self", "url": "a"}, {"relation": "self", "url": "b"}]);
    all(&[
        (&[], set("Patient?name=x", "match", patient("p"))),
        (
            &["search-result"],
            set("Patient?name=x", "match", device.clone()),
        ),
        (&[], set("Patient?name=x", "include", device.clone())),
        (&[], set("x?_type=Device,Patient", "match", device)),
        (
            &["search-result"],
            set(
                "Patient?name=x",
                "match",
                json!({"resourceType": "Patient"}),
            ),
        ),
        (&[], set("Patient?name=x", "outcome", outcome)),
        (
            &["search-result"],
            set("Patient?name=x", "outcome", patient("p")),
        ),
        (&["bundle-link"], twice),
    ]);
}

/// A document about a patient, its sections referring to these.
fn document(references: &[&str]) -> Value {
    let listed: Vec<Value> = references.iter().map(|r| json!({"reference": r})).collect();
    let composition = json!({"resourceType": "Composition", "id": "c", "status": "final", "type": {"text": "x"},
        "date": "2024", "title": "x", "author": [{"reference": "Patient/p"}], "subject": {"reference": "Patient/p"},
        "section": [{"title": "s", "entry": listed}]});
    let mut document = bundle(
        "document",
        json!([
            entry(&format!("{HERE}/Composition/c"), composition),
            entry(&format!("{HERE}/Patient/p"), patient("p")),
        ]),
    );
    document["identifier"] = json!({"system": "urn:ietf:rfc:3986", "value": "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"});
    document["timestamp"] = json!("2024-01-01T10:00:00Z");
    document
}

#[test]
fn a_document_is_whole() {
    let patient_url = format!("{HERE}/Patient/p");
    let without = |name: &str| {
        let mut body = document(&["Patient/p"]);
        body.as_object_mut().expect("an object").remove(name);
        body
    };
    let mut turned = document(&["Patient/p"]);
    turned["entry"].as_array_mut().expect("entries").reverse();
    all(&[
        (&[], document(&["Patient/p", &patient_url])),
        (&["bundle-reference"], document(&["Patient/q"])),
        (
            &["bundle-reference"],
            document(&["http://y.example/fhir/Patient/p"]),
        ),
        (&["bdl-9"], without("identifier")),
        (&["bdl-10"], without("timestamp")),
        (&["bdl-11"], turned),
        (
            &["bdl-12"],
            bundle("message", json!([entry(&patient_url, patient("p"))])),
        ),
    ]);
}

#[test]
fn a_reference_without_its_version_does_not_choose_between_two() {
    let version = |version: &str| {
        let mut patient = patient("p");
        patient["meta"] = json!({"versionId": version});
        entry(&format!("{HERE}/Patient/p"), patient)
    };
    let mut one = document(&["Patient/p/_history/2"]);
    let entries = one["entry"].as_array_mut().expect("entries");
    entries[1] = version("1");
    entries.push(version("2"));
    for name in ["author", "subject"] {
        let reference = json!({"reference": "Patient/p/_history/1"});
        let value = if name == "author" {
            json!([reference])
        } else {
            reference
        };
        entries[0]["resource"][name] = value;
    }
    assert!(broken(&one).is_empty());
    one["entry"][0]["resource"]["subject"] = json!({"reference": "Patient/p"});
    assert_eq!(broken(&one), ["bundle-reference"]);
    one["entry"][0]["resource"]["subject"] = json!({"reference": "Patient/p/_history/3"});
    assert_eq!(broken(&one), ["bundle-reference"]);
}

#[test]
fn a_urn_is_of_the_type_that_its_entry_is() {
    let urn = "urn:uuid:c757873d-ec9a-4326-a141-556f43239520";
    let condition = json!({"resourceType": "Condition", "subject": {"reference": urn}});
    let of = |resource: Value| {
        bundle(
            "collection",
            json!([entry(urn, resource), {"resource": condition}]),
        )
    };
    assert!(broken(&of(patient("p"))).is_empty());
    assert_eq!(
        broken(&of(json!({"resourceType": "Device"}))),
        ["reference-target"]
    );
}
