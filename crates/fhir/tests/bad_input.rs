//! Input that must not be read: each names place, value, remedy.

use crate::support::{condition, read, read_text, record};
use fhir::{MAX_BYTES, MAX_DEPTH};
use serde_json::{Value, json};
use si::Problem;

/// The code and place of the problem that a text has.
fn refused(text: &str) -> (&'static str, String) {
    let problem = read_text(text).expect_err("refused");
    complete(&problem);
    (problem.code, problem.place)
}

fn refused_record(value: &Value) -> (&'static str, String) {
    refused(&value.to_string())
}

fn complete(problem: &Problem) {
    assert!(!problem.place.is_empty(), "a place: {problem:?}");
    assert!(
        !problem.problem.is_empty() && !problem.remedy.is_empty(),
        "{problem:?}"
    );
}

fn at_place(code: &'static str, place: &str) -> (&'static str, String) {
    (code, place.to_owned())
}

#[test]
fn text_that_is_no_json_is_refused_with_line_and_column() {
    assert_eq!(refused(""), at_place("empty", "input"));
    assert_eq!(refused(" \n\t"), at_place("empty", "input"));
    assert_eq!(refused("{\n  \"a\": nope }").0, "malformed-json");
    assert_eq!(refused("{\n  \"a\": 1,\n}").1, "line 3, column 1");
    assert_eq!(refused("<Bundle/>").0, "malformed-json");
}

#[test]
fn the_remedy_knows_comments_xml_and_ndjson() {
    let remedy = |text: &str| read_text(text).expect_err("refused").remedy;
    assert!(remedy("{ // c\n}").contains("comments"));
    assert!(remedy("<Bundle/>").contains("XML"));
    assert!(
        remedy("{\"resourceType\":\"Patient\"}\n{\"resourceType\":\"Patient\"}")
            .contains("one Bundle")
    );
    assert!(remedy("{\"resourceType\":").contains("whole file"));
}

#[test]
fn a_name_that_stands_twice_is_refused() {
    let text = r#"{"resourceType":"Patient","id":"a","id":"b"}"#;
    assert_eq!(refused(text).0, "name-twice");
}

#[test]
fn what_is_too_deep_or_too_large_is_refused() {
    let deep = "[".repeat(MAX_DEPTH + 1) + &"]".repeat(MAX_DEPTH + 1);
    assert_eq!(refused(&deep).0, "too-deep");
    let large = " ".repeat(MAX_BYTES + 1);
    assert_eq!(refused(&large).0, "too-large");
}

#[test]
fn what_is_no_record_of_a_patient_is_refused() {
    assert_eq!(refused("[]"), at_place("not-fhir", "input"));
    assert_eq!(refused("{\"a\":1}"), at_place("not-fhir", "input"));
    let no_resource =
        json!({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": 7}]});
    assert_eq!(
        refused_record(&no_resource),
        at_place("not-fhir", "entry[0].resource")
    );
    let hospital = json!({"resourceType": "Bundle", "type": "collection",
        "entry": [{"resource": {"resourceType": "Organization", "id": "o"}}]});
    assert_eq!(refused_record(&hospital).0, "no-patient");
    let history = json!({"resourceType": "Bundle", "type": "history", "entry": []});
    assert_eq!(refused_record(&history), at_place("bundle-type", "type"));
}

#[test]
fn another_version_is_recognised_by_shapes_that_r4_lacks() {
    let mut old = condition("64859006", "active", "confirmed");
    old["clinicalStatus"] = json!("active");
    let expected = at_place("other-fhir-version", "entry[1].resource.clinicalStatus");
    assert_eq!(refused_record(&record(&[old])), expected);
    let encounter = json!({"resourceType": "Encounter", "class": [{"text": "outpatient"}]});
    let expected = at_place("other-fhir-version", "entry[1].resource.class");
    assert_eq!(refused_record(&record(&[encounter])), expected);
    let request = json!({"resourceType": "MedicationRequest", "medication": {"concept": {}}});
    let expected = at_place("other-fhir-version", "entry[1].resource.medication");
    assert_eq!(refused_record(&record(&[request])), expected);
    let order = json!({"resourceType": "MedicationOrder"});
    let expected = at_place("other-fhir-version", "entry[1].resource.resourceType");
    assert_eq!(refused_record(&record(&[order])), expected);
    let trigger = json!({"resourceType": "Observation", "triggeredBy": []});
    let problem = read(&record(&[trigger])).expect_err("refused");
    assert!(
        problem.problem.contains("R5") && problem.remedy.contains("4.0.1"),
        "{problem}"
    );
}

#[test]
fn two_patients_are_refused() {
    let second = json!({"resourceType": "Patient", "id": "q"});
    let expected = at_place("two-patients", "entry[1].resource");
    assert_eq!(refused_record(&record(&[second])), expected);
}

#[test]
fn a_reference_to_another_patient_is_refused() {
    let place = "entry[1].resource.subject.reference";
    for reference in [
        "Patient/q",
        "http://other.example/fhir/Patient/q",
        "Patient?identifier=x|1",
    ] {
        let mut hers = condition("64859006", "active", "confirmed");
        hers["subject"] = json!({"reference": reference});
        assert_eq!(
            refused_record(&record(&[hers])),
            at_place("another-patient", place)
        );
    }
    let mut claim = json!({"resourceType": "Claim"});
    claim["patient"] = json!({"reference": "Patient/q"});
    let mut bundle = record(&[]);
    bundle["entry"]
        .as_array_mut()
        .expect("entries")
        .push(json!({"resource": claim}));
    let expected = at_place("another-patient", "entry[1].resource.patient.reference");
    assert_eq!(refused_record(&bundle), expected);
}

#[test]
fn without_a_patient_resource_all_must_name_the_same_one() {
    let about = |name: &str, id: &str| {
        let mut condition = condition("64859006", "active", "confirmed");
        condition["subject"] = json!({"reference": format!("Patient/{name}")});
        condition["id"] = json!(id);
        json!({"resource": condition})
    };
    let bundle = |entries: Vec<Value>| json!({"resourceType": "Bundle", "type": "searchset", "entry": entries});
    assert!(read(&bundle(vec![about("a", "1"), about("a", "2")])).is_ok());
    let two = refused_record(&bundle(vec![about("a", "1"), about("b", "2")]));
    assert_eq!(
        two,
        at_place("two-patients", "entry[1].resource.subject.reference")
    );
}

#[test]
fn a_date_more_than_a_day_ahead_is_refused() {
    let mut late = condition("64859006", "active", "confirmed");
    late["recordedDate"] = json!("2026-11-25");
    let expected = at_place("in-the-future", "entry[1].resource.recordedDate");
    assert_eq!(refused_record(&record(&[late.clone()])), expected);
    late["recordedDate"] = json!("2026-11-23T08:00:00Z");
    assert!(read(&record(&[late.clone()])).is_ok());
    late["recordedDate"] = json!("yesterday");
    let expected = at_place("not-a-date", "entry[1].resource.recordedDate");
    assert_eq!(refused_record(&record(&[late.clone()])), expected);
    late["recordedDate"] = json!("2026-02-30");
    assert_eq!(refused_record(&record(&[late])).0, "not-a-date");
}

#[test]
fn a_member_of_the_wrong_shape_is_refused_at_its_place() {
    let mut wrong = condition("64859006", "active", "confirmed");
    wrong["code"]["coding"] = json!({"code": "64859006"});
    let expected = at_place("wrong-shape", "entry[1].resource.code.coding");
    assert_eq!(refused_record(&record(&[wrong])), expected);
    let mut patient = record(&[]);
    patient["entry"][0]["resource"]["gender"] = json!("banana");
    assert_eq!(
        refused_record(&patient),
        at_place("unknown-code", "entry[0].resource.gender")
    );
}

#[test]
fn the_same_resource_twice_is_listed_and_a_changed_one_refused() {
    let mut first = condition("64859006", "active", "confirmed");
    first["id"] = json!("same");
    let import = read(&record(&[first.clone(), first.clone()])).expect("read");
    assert!(
        import
            .unmapped
            .iter()
            .any(|entry| entry.reason.contains("entry[1].resource"))
    );
    let mut second = first.clone();
    second["recordedDate"] = json!("2026-10-02");
    let expected = at_place("same-id-twice", "entry[2].resource.id");
    assert_eq!(refused_record(&record(&[first, second])), expected);
}

#[test]
fn a_bundle_in_a_bundle_is_refused() {
    let inner = json!({"resourceType": "Bundle", "type": "searchset"});
    assert_eq!(
        refused_record(&record(&[inner])),
        at_place("nested-bundle", "entry[1].resource")
    );
}

fn weight(value: f64, code: &str, when: &str) -> Value {
    json!({
        "resourceType": "Observation", "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7", "display": "Body weight"}]},
        "effectiveDateTime": when,
        "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": code}
    })
}

#[test]
fn a_unit_that_does_not_measure_the_fact_is_refused_while_it_counts() {
    let fresh = "2026-11-20T08:00:00Z";
    let expected = at_place("wrong-unit", "entry[1].resource.valueQuantity.code");
    assert_eq!(
        refused_record(&record(&[weight(70.0, "cm", fresh)])),
        expected
    );
    assert_eq!(
        refused_record(&record(&[weight(70.0, "furlong", fresh)])),
        expected
    );
    let import = read(&record(&[weight(70.0, "furlong", "1999-01-01")])).expect("read");
    assert!(
        import
            .unmapped
            .iter()
            .any(|entry| entry.reason.contains("furlong"))
    );
}

#[test]
fn a_number_out_of_range_is_refused_while_it_counts() {
    let expected = at_place("out-of-range", "entry[1].resource.valueQuantity.value");
    assert_eq!(
        refused_record(&record(&[weight(7000.0, "kg", "2026-11-20")])),
        expected
    );
    let import = read(&record(&[weight(3.2, "kg", "1970-03-09")])).expect("read");
    assert!(
        import
            .unmapped
            .iter()
            .any(|entry| entry.reason.contains("3.2 kg is outside"))
    );
}
