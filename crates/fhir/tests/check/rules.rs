//! Invariants, references, contained resources, periods, units, vital signs.

use super::{all, broken};
use fhir::{check, outcome};
use serde_json::{Value, json};

const UCUM: &str = "http://unitsofmeasure.org";

fn encounter(period: Value) -> Value {
    json!({"resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"}, "period": period})
}

#[test]
fn a_period_does_not_end_before_it_starts() {
    let of = |start: &str, end: &str| encounter(json!({"start": start, "end": end}));
    all(&[
        (&[], of("2024-01-01", "2024-01-01")),
        (&[], of("2024", "2025-06")),
        (&[], of("2024-01-01T10:00:00+02:00", "2024-01-01T08:00:00Z")),
        (
            &["per-1"],
            of("2024-01-01T10:00:00+01:00", "2024-01-01T08:00:00Z"),
        ),
        (&["per-1"], of("2024-02", "2024-01-31")),
        // More exact than the other, and equal so far: not true, so broken.
        (&["per-1"], of("2023-06-21", "2023-06-21T06:20:00Z")),
        (&[], encounter(json!({"start": "2024-01-01"}))),
    ]);
}

/// One line each: a resource, and the invariants it breaks by FHIR's keys.
#[test]
fn the_invariants_of_a_clinics_resources_hold() {
    let mut seen = 0;
    for line in include_str!("invariants.jsonl").lines() {
        let case: Value = serde_json::from_str(line).expect("JSON");
        let expected: Vec<&str> = case["breaks"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(broken(&case["resource"]), expected, "{line}");
        seen += 1;
    }
    assert!(seen > 90, "{seen} cases");
}

#[test]
fn references_have_a_form_a_type_and_a_target() {
    let subject = |reference: Value| json!({"resourceType": "Condition", "subject": reference});
    let inside = |id: &str, reference: &str| {
        json!({"resourceType": "Condition", "subject": {"reference": reference},
            "contained": [{"resourceType": "Patient", "id": id}]})
    };
    all(&[
        (&[], subject(json!({"reference": "Patient/p/_history/2"}))),
        (
            &[],
            subject(json!({"reference": "https://x.example/fhir/Patient/p"})),
        ),
        (&[], subject(json!({"reference": "Patient?identifier=a|b"}))),
        (&[], subject(json!({"display": "Ann"}))),
        (&["reference"], subject(json!({"type": "Patient"}))),
        (&["ele-1", "reference"], subject(json!({}))),
        (&["reference"], subject(json!({"reference": "p"}))),
        (&["reference"], subject(json!({"reference": "Patient/p q"}))),
        (&["reference"], subject(json!({"reference": "urn:uuid:1"}))),
        (
            &["reference-target"],
            subject(json!({"reference": "Device/d"})),
        ),
        (
            &["reference-target"],
            subject(json!({"type": "Device", "display": "x"})),
        ),
        (&["ref-1"], subject(json!({"reference": "#p"}))),
        (&[], inside("p", "#p")),
        (&["dom-3", "ref-1"], inside("p", "#q")),
        (
            &["canonical-target"],
            json!({"resourceType": "QuestionnaireResponse", "status": "completed",
            "questionnaire": "http://hl7.org/fhir/ValueSet/x"}),
        ),
        (
            &["dom-4"],
            json!({"resourceType": "Condition", "subject": {"reference": "#p"},
            "contained": [{"resourceType": "Patient", "id": "p", "meta": {"versionId": "1"}}]}),
        ),
        (
            &["contained-id"],
            json!({"resourceType": "Condition", "subject": {"display": "x"},
            "contained": [{"resourceType": "Patient"}]}),
        ),
    ]);
}

fn quantity(code: &str) -> Value {
    json!({"resourceType": "Observation", "status": "final", "code": {"text": "x"},
        "valueQuantity": {"value": 1, "system": UCUM, "code": code}})
}

#[test]
fn units_are_of_ucum() {
    for unit in [
        "kg",
        "mm[Hg]",
        "/min",
        "Cel",
        "[degF]",
        "{score}",
        "kg/m2",
        "10*3/uL",
        "m.s-2",
        "%",
        "N",
        "N.m",
        "mmol/L",
        "mL/min/{1.73_m2}",
        "ug/mL{FEU}",
        "[lb_av]",
        "1",
        "a",
        "mo",
        "wk",
        "(mg/d)/kg",
        "[iU]/L",
        "cm[H2O]",
        "umol/(24.h)",
        "Pa.s",
        "deg",
        "10*-6",
        "meq/L",
    ] {
        assert!(broken(&quantity(unit)).is_empty(), "{unit}");
    }
    for unit in [
        "kgs", "lbs", "mmHg", "bpm", "C°", "kg/", "{a", "m2s", "k%", "(kg", "/", "kg m", "Kg",
    ] {
        assert_eq!(broken(&quantity(unit)), ["ucum"], "{unit}");
    }
}

fn vital(code: &str, quantity: Value) -> Value {
    json!({"resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/p"},
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "effectiveDateTime": "2024-01-01", "valueQuantity": quantity})
}

#[test]
fn vital_signs_have_their_code_unit_and_parts() {
    let kg = json!({"value": 70, "unit": "kg", "system": UCUM, "code": "kg"});
    let without = |name: &str| {
        let mut body = vital("29463-7", kg.clone());
        body.as_object_mut().expect("an object").remove(name);
        body
    };
    let mut snomed = vital("29463-7", kg.clone());
    snomed["code"] = json!({"coding": [{"system": "http://snomed.info/sct", "code": "27113001"}]});
    let pressure = |parts: &[&str]| {
        let mut body = vital("85354-9", kg.clone());
        body.as_object_mut()
            .expect("an object")
            .remove("valueQuantity");
        let part = |code: &&str| {
            json!({"code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "valueQuantity": {"value": 120, "unit": "mmHg", "system": UCUM, "code": "mm[Hg]"}})
        };
        body["component"] = parts.iter().map(part).collect();
        body
    };
    let wrong = &["vital-signs"][..];
    all(&[
        (&[], vital("29463-7", kg.clone())),
        (
            wrong,
            vital("29463-7", json!({"value": 70, "unit": "stone"})),
        ),
        (wrong, vital("8310-5", kg.clone())),
        (wrong, without("subject")),
        (wrong, without("category")),
        (wrong, without("effectiveDateTime")),
        (wrong, without("valueQuantity")),
        (wrong, snomed),
        (&[], pressure(&["8480-6", "8462-4"])),
        (wrong, pressure(&["8480-6"])),
    ]);
}

#[test]
fn an_outcome_is_itself_a_resource_of_r4() {
    for resource in [
        json!({"resourceType": "Patient"}),
        json!({"resourceType": "Patient", "gender": "banana", "x": 1}),
    ] {
        let issues = check::resource(&resource);
        let outcome = outcome(&issues);
        assert!(check::resource(&outcome).is_empty(), "{outcome:#}");
        assert_eq!(
            outcome["issue"].as_array().map(Vec::len),
            Some(issues.len().max(1))
        );
    }
    let issues = check::bytes(b"{\"resourceType\": ", check::Extensions::Any);
    let outcome = outcome(&issues);
    assert_eq!(outcome["issue"][0]["severity"], "fatal");
    assert!(check::resource(&outcome).is_empty(), "{outcome:#}");
}

#[test]
fn an_issue_is_a_problem_like_any_other() {
    let mut issues = check::resource(&json!({"resourceType": "Patient", "gender": "banana"}));
    let issue = issues.swap_remove(0);
    let said = issue.to_string();
    let problem = si::Problem::from(issue);
    assert_eq!(
        (problem.code, problem.place.as_str()),
        ("binding", "Patient.gender")
    );
    assert_eq!(problem.to_string(), said);
    assert_eq!(problem.log(), "binding at Patient.gender");
}
