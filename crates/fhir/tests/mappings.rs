//! What the importer does with each kind of mapping, on a catalogue of the tests' own.

use crate::support::{asks, at, condition, facts, record};
use care::knowledge::Knowledge;
use fhir::{Import, import};
use serde_json::{Value, json};
use si::{Problem, Region};
use std::sync::LazyLock;

static OWN: LazyLock<Knowledge> = LazyLock::new(|| {
    let ours = "[[source]]\nid = \"ours\"\nkind = \"ours\"\ntitle = \"ours\"\n";
    let facts = ("facts/test.toml", include_str!("catalogue.toml"));
    Knowledge::load(&[facts, ("sources.toml", ours)]).expect("the test catalogue")
});

fn try_read(resource: &Value) -> Result<Import, Problem> {
    let bytes = record(std::slice::from_ref(resource))
        .to_string()
        .into_bytes();
    import(&bytes, &OWN, Region::Lumbar, Some(at()))
}

fn read(resource: &Value) -> Import {
    try_read(resource).unwrap_or_else(|problem| panic!("{problem}"))
}

/// Facts set, questions opened, number of entries listed.
fn became(resource: &Value) -> (Vec<String>, Vec<String>, usize) {
    let import = read(resource);
    let asks = asks(&import).into_iter().map(str::to_owned).collect();
    (facts(&import), asks, import.unmapped.len())
}

fn sets(all: &[&str]) -> (Vec<String>, Vec<String>, usize) {
    (all.iter().map(ToString::to_string).collect(), Vec::new(), 0)
}

fn only_asks(all: &[&str]) -> (Vec<String>, Vec<String>, usize) {
    (Vec::new(), all.iter().map(ToString::to_string).collect(), 0)
}

const LISTED: (Vec<String>, Vec<String>, usize) = (Vec::new(), Vec::new(), 1);

fn warfarin(status: &str, authored: &str) -> Value {
    json!({
        "resourceType": "MedicationRequest", "status": status, "intent": "order",
        "medicationCodeableConcept": {"coding": [{
            "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "855332"}]},
        "authoredOn": authored
    })
}

#[test]
fn a_current_prescription_sets_its_fact_and_an_old_or_stopped_one_asks() {
    assert_eq!(
        became(&warfarin("active", "2026-11-10")),
        sets(&["anticoagulant=yes"])
    );
    assert_eq!(
        became(&warfarin("active", "2019-11-10")),
        only_asks(&["anticoagulant"])
    );
    assert_eq!(
        became(&warfarin("stopped", "2026-11-10")),
        only_asks(&["anticoagulant"])
    );
    assert_eq!(
        became(&warfarin("on-hold", "2026-11-10")),
        only_asks(&["anticoagulant"])
    );
    assert_eq!(became(&warfarin("entered-in-error", "2026-11-10")), LISTED);
    let mut not_to_be_taken = warfarin("active", "2026-11-10");
    not_to_be_taken["doNotPerform"] = json!(true);
    assert_eq!(became(&not_to_be_taken), LISTED);
}

#[test]
fn a_prescription_that_may_still_be_dispensed_is_current() {
    let mut request = warfarin("active", "2026-03-01");
    assert_eq!(became(&request), only_asks(&["anticoagulant"]));
    request["dispenseRequest"] = json!({"validityPeriod": {"end": "2027-03-01"}});
    assert_eq!(became(&request), sets(&["anticoagulant=yes"]));
}

#[test]
fn a_prescription_is_read_through_its_reference() {
    let mut request = warfarin("active", "2026-11-10");
    let concept = request["medicationCodeableConcept"].take();
    request
        .as_object_mut()
        .expect("an object")
        .remove("medicationCodeableConcept");
    request["contained"] = json!([{"resourceType": "Medication", "id": "m", "code": concept}]);
    request["medicationReference"] = json!({"reference": "#m"});
    assert_eq!(became(&request), sets(&["anticoagulant=yes"]));
    request["medicationReference"] = json!({"reference": "#other"});
    assert_eq!(became(&request), LISTED);
}

fn operation(code: &str, status: &str) -> Value {
    json!({
        "resourceType": "Procedure", "status": status, "performedDateTime": "2019-05",
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": code}]}
    })
}

#[test]
fn an_operation_sets_its_fact_and_its_date_as_exactly_as_it_is_known() {
    assert_eq!(
        became(&operation("1001", "completed")),
        sets(&["operated=yes", "operated_on=2019-05"])
    );
    assert_eq!(
        became(&operation("1001", "in-progress")),
        only_asks(&["operated"])
    );
    for void in ["not-done", "preparation", "entered-in-error"] {
        assert_eq!(became(&operation("1001", void)), LISTED, "{void}");
    }
}

/// The one date that a record brings to a fact, and how many it lists.
fn date_in_force(resources: &[Value]) -> (String, usize) {
    let bytes = record(resources).to_string().into_bytes();
    let import = import(&bytes, &OWN, Region::Lumbar, Some(at())).expect("read");
    let facts = facts(&import);
    let dates: Vec<&str> = facts
        .iter()
        .filter_map(|fact| fact.strip_prefix("operated_on="))
        .collect();
    let [date] = dates.as_slice() else {
        panic!("one date: {dates:?}")
    };
    ((*date).to_owned(), import.unmapped.len())
}

#[test]
fn of_two_operations_the_later_date_holds_in_whatever_order_they_stand() {
    let on = |date: &str| {
        let mut operation = operation("1001", "completed");
        operation["performedDateTime"] = json!(date);
        operation
    };
    assert_eq!(
        date_in_force(&[on("2026-10-01"), on("2010")]),
        ("2026-10-01".to_owned(), 1)
    );
    assert_eq!(
        date_in_force(&[on("2010"), on("2026-10-01")]),
        ("2026-10-01".to_owned(), 1)
    );
    // It may have been in November: a year that is not over is the later date.
    assert_eq!(
        date_in_force(&[on("2026-10-01"), on("2026")]),
        ("2026".to_owned(), 1)
    );
}

#[test]
fn a_stopped_treatment_only_asks_even_where_its_code_counts_in_any_state() {
    let used = |status: &str| {
        let mut bundle = record(&[
            json!({"resourceType": "DeviceUseStatement", "status": status, "device": {"reference": "Device/d"}}),
        ]);
        let device = json!({"resource": {"resourceType": "Device", "id": "d",
            "type": {"coding": [{"system": "http://snomed.info/sct", "code": "1001"}]}}});
        bundle["entry"]
            .as_array_mut()
            .expect("entries")
            .push(device);
        import(
            bundle.to_string().as_bytes(),
            &OWN,
            Region::Lumbar,
            Some(at()),
        )
        .expect("read")
    };
    assert_eq!(facts(&used("active")), ["operated=yes"]);
    assert_eq!(asks(&used("completed")), ["operated"]);
    assert!(facts(&used("completed")).is_empty());
}

#[test]
fn of_two_codes_for_one_fact_the_one_that_asserts_counts() {
    let mut coded = condition("1003", "active", "confirmed");
    coded["code"]["coding"]
        .as_array_mut()
        .expect("codes")
        .push(json!({"system": "http://snomed.info/sct", "code": "1002"}));
    assert_eq!(became(&coded), sets(&["operated=yes"]));
}

#[test]
fn what_is_resolved_sets_its_history_and_nothing_else() {
    assert_eq!(
        became(&condition("1002", "active", "confirmed")),
        sets(&["operated=yes"])
    );
    assert_eq!(
        became(&condition("1002", "resolved", "confirmed")),
        sets(&["operated_before=yes"])
    );
    assert_eq!(
        became(&condition("1001", "resolved", "confirmed")),
        sets(&["operated=yes"])
    );
    assert_eq!(
        became(&condition("3001", "resolved", "confirmed")),
        only_asks(&["expecting"])
    );
}

fn observed(code: &str, value: &Value) -> Value {
    let mut observation = json!({
        "resourceType": "Observation", "status": "final", "effectiveDateTime": "2026-11-20T08:00:00Z",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]}
    });
    let body = observation.as_object_mut().expect("an object");
    body.extend(value.as_object().expect("an object").clone());
    observation
}

fn answer(code: &str) -> Value {
    json!({"valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": code}]}})
}

#[test]
fn a_coded_answer_sets_the_choice_it_stands_for() {
    assert_eq!(
        became(&observed("2000-1", &answer("2002"))),
        sets(&["grade=high"])
    );
    assert_eq!(
        became(&observed("2000-1", &answer("9999"))),
        only_asks(&["grade"])
    );
    assert_eq!(
        became(&observed("2000-1", &answer("3001"))),
        only_asks(&["grade"])
    );
    assert_eq!(
        became(&observed("2000-1", &json!({"valueString": "high"}))),
        LISTED
    );
}

#[test]
fn a_recorded_yes_sets_its_fact_and_a_recorded_no_only_asks() {
    assert_eq!(
        became(&observed("3000-1", &json!({"valueBoolean": true}))),
        sets(&["expecting=yes"])
    );
    assert_eq!(
        became(&observed("3000-1", &answer("3001"))),
        sets(&["expecting=yes"])
    );
    assert_eq!(
        became(&observed("3000-1", &answer("373066001"))),
        sets(&["expecting=yes"])
    );
    assert_eq!(
        became(&observed("3000-1", &json!({"valueBoolean": false}))),
        only_asks(&["expecting"])
    );
    assert_eq!(
        became(&observed("3000-1", &answer("373067005"))),
        only_asks(&["expecting"])
    );
}

fn quantity(value: f64, unit: &str) -> Value {
    json!({"valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": unit}})
}

/// The number an observation set, in the catalogue's unit.
fn number(resource: &Value) -> f64 {
    match read(resource)
        .readings
        .last()
        .and_then(|reading| reading.as_value().cloned())
    {
        Some(care::fact::Value::Number(number)) => number,
        other => panic!("a number: {other:?}"),
    }
}

#[test]
fn units_of_the_same_kind_are_converted() {
    let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-6, "{found}");
    close(number(&observed("8310-5", &quantity(98.6, "[degF]"))), 37.0);
    close(number(&observed("8310-5", &quantity(310.15, "K"))), 37.0);
    close(
        number(&observed("8480-6", &quantity(16.0, "kPa"))),
        120.009_852,
    );
    close(number(&observed("4000-1", &quantity(4.0, "{score}"))), 4.0);
    assert_eq!(
        try_read(&observed("8480-6", &quantity(37.0, "kg")))
            .expect_err("refused")
            .code,
        "wrong-unit"
    );
}

#[test]
fn a_number_that_is_no_plain_number_sets_nothing() {
    assert_eq!(
        became(&observed("4000-1", &quantity(2.65, "{score}"))),
        LISTED
    );
    let below = json!({"valueQuantity": {"value": 4, "comparator": "<"}});
    assert_eq!(became(&observed("4000-1", &below)), only_asks(&["score"]));
    let unknown = json!({"dataAbsentReason": {"text": "not asked"}});
    assert_eq!(became(&observed("4000-1", &unknown)), LISTED);
}

#[test]
fn components_are_read_one_by_one() {
    let panel = observed(
        "85354-9",
        &json!({"component": [
        {"code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]}, "valueQuantity": {"value": 130, "code": "mm[Hg]"}},
        {"code": {"coding": [{"system": "http://loinc.org", "code": "8462-4"}]}, "valueQuantity": {"value": 80, "code": "mm[Hg]"}}]}),
    );
    let import = read(&panel);
    assert_eq!(facts(&import), ["pressure=130"]);
    assert_eq!(import.unmapped.len(), 1);
    assert_eq!(import.unmapped[0].place, "entry[1].resource.component[1]");
}

#[test]
fn a_fact_of_many_places_is_set_only_where_the_code_says_which() {
    assert_eq!(
        became(&observed("5000-1", &quantity(4.0, "1"))),
        only_asks(&["strength"])
    );
    assert_eq!(
        became(&observed("5000-2", &quantity(4.0, "1"))),
        sets(&["strength[L5,left]=4"])
    );
}

#[test]
fn a_question_of_the_other_region_is_listed_and_not_asked() {
    let coded = json!({
        "resourceType": "Condition",
        "clinicalStatus": {"coding": [{"code": "active"}]}, "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "m43.60"}]}
    });
    assert_eq!(became(&coded), LISTED);
    assert!(read(&coded).unmapped[0].reason.contains("neck_only"));
}

#[test]
fn code_systems_are_known_by_address_object_identifier_and_version() {
    for system in [
        "http://snomed.info/sct",
        "urn:oid:2.16.840.1.113883.6.96",
        "http://snomed.info/sct|http://snomed.info/sct/731000124108",
    ] {
        let mut coded = condition("1001", "active", "confirmed");
        coded["code"]["coding"][0]["system"] = json!(system);
        assert_eq!(became(&coded), sets(&["operated=yes"]), "{system}");
    }
    let mut other = condition("1001", "active", "confirmed");
    other["code"]["coding"][0]["system"] = json!("urn:local");
    assert_eq!(became(&other), LISTED);
}

#[test]
fn a_pregnancy_that_began_more_than_300_days_ago_only_asks() {
    let mut pregnant = condition("72892002", "active", "confirmed");
    let became = |onset: &str, pregnant: &mut Value| {
        pregnant["onsetDateTime"] = json!(onset);
        let import = crate::support::read(&record(std::slice::from_ref(pregnant))).expect("read");
        let is_set = facts(&import).contains(&"pregnancy=yes".to_owned());
        assert_ne!(is_set, asks(&import) == ["pregnancy"]);
        is_set
    };
    assert!(became("2026-03-01", &mut pregnant));
    assert!(!became("2025-12-01", &mut pregnant));
}

#[test]
fn an_allergy_to_a_medicine_says_nothing_about_taking_it() {
    let allergy = json!({
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": {"coding": [{"code": "active"}]}, "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "code": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "855332"}]}
    });
    assert_eq!(became(&allergy), LISTED);
}

#[test]
fn the_reason_for_a_visit_only_asks() {
    let visit = json!({
        "resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"}, "period": {"start": "2026-11-01"},
        "reasonCode": [{"coding": [{"system": "http://snomed.info/sct", "code": "1001"}]}]
    });
    assert_eq!(became(&visit), only_asks(&["operated"]));
}

#[test]
fn one_question_is_asked_once_and_the_other_entries_are_listed() {
    let stopped = || warfarin("stopped", "2026-11-10");
    let bytes = record(&[stopped(), stopped(), stopped()])
        .to_string()
        .into_bytes();
    let import = import(&bytes, &OWN, Region::Lumbar, Some(at())).expect("read");
    assert_eq!(asks(&import), ["anticoagulant"]);
    assert_eq!(import.unmapped.len(), 2);
    assert!(import.unmapped[0].reason.contains("asked for once"));
}

#[test]
fn a_conclusion_of_a_report_only_asks() {
    let report = json!({
        "resourceType": "DiagnosticReport", "status": "final", "effectiveDateTime": "2026-11-01",
        "code": {"coding": [{"system": "http://loinc.org", "code": "0-0"}]},
        "conclusionCode": [{"coding": [{"system": "http://snomed.info/sct", "code": "1001"}]}]
    });
    assert_eq!(
        became(&report),
        (Vec::new(), vec!["operated".to_owned()], 1)
    );
}
