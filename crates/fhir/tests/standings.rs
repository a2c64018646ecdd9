//! What a status lets a code say (CLINICAL.md §1.7).

use crate::support::{asks, condition, facts, read, record};
use serde_json::{Value, json};

/// Osteoporosis, SNOMED CT.
const OSTEOPOROSIS: &str = "64859006";

/// What one condition with this status did: set a fact, asked, or was listed.
fn became(clinical: &str, verification: &str) -> &'static str {
    outcome(&condition(OSTEOPOROSIS, clinical, verification))
}

fn outcome(resource: &Value) -> &'static str {
    let nothing = read(&record(&[])).expect("read");
    let import = read(&record(std::slice::from_ref(resource))).expect("read");
    let set = import.readings.len() > nothing.readings.len();
    match (set, import.asks.is_empty(), import.unmapped.is_empty()) {
        (true, true, true) => "set",
        (false, false, true) => "asked",
        (false, true, false) => "listed",
        other => panic!("one outcome and no other: {other:?}"),
    }
}

#[test]
fn only_active_and_confirmed_sets_a_fact() {
    for active in ["active", "recurrence", "relapse"] {
        assert_eq!(became(active, "confirmed"), "set", "{active}");
    }
    for doubtful in ["provisional", "differential", "unconfirmed"] {
        assert_eq!(became("active", doubtful), "asked", "{doubtful}");
    }
    for void in ["refuted", "entered-in-error"] {
        assert_eq!(became("active", void), "listed", "{void}");
    }
}

#[test]
fn a_status_that_is_not_given_only_asks() {
    for member in ["clinicalStatus", "verificationStatus"] {
        let mut resource = condition(OSTEOPOROSIS, "active", "confirmed");
        resource.as_object_mut().expect("an object").remove(member);
        assert_eq!(outcome(&resource), "asked", "{member}");
    }
}

#[test]
fn an_active_condition_that_has_ended_only_asks() {
    let mut resource = condition(OSTEOPOROSIS, "active", "confirmed");
    resource["abatementDateTime"] = json!("2025-01");
    assert_eq!(outcome(&resource), "asked");
}

#[test]
fn a_fact_from_a_record_is_unconfirmed_and_dated_by_the_bundle() {
    let mut resource = condition(OSTEOPOROSIS, "active", "confirmed");
    resource["onsetDateTime"] = json!("2003");
    let import = read(&record(&[resource])).expect("read");
    let reading = import
        .readings
        .iter()
        .find(|reading| reading.source.as_deref() == Some("fhir#entry[1].resource"))
        .expect("the fact");
    assert!(reading.unconfirmed);
    assert_eq!(reading.at.to_string(), "2026-11-21T10:00:00Z");
}

#[test]
fn what_no_fact_has_is_listed_with_its_code_and_place() {
    let import = read(&record(&[condition("39065001", "active", "confirmed")])).expect("read");
    let [entry] = import.unmapped.as_slice() else {
        panic!("one entry: {:?}", import.unmapped);
    };
    assert_eq!(entry.resource, "Condition");
    assert_eq!(entry.code, "39065001");
    assert_eq!(entry.display, "as coded");
    assert_eq!(entry.place, "entry[1].resource");
    assert_eq!(entry.reason, "no fact has this code");
}

#[test]
fn what_is_not_about_the_patient_sets_nothing() {
    let mut group = condition(OSTEOPOROSIS, "active", "confirmed");
    group["subject"] = json!({"reference": "Group/g"});
    assert_eq!(outcome(&group), "listed");
    group["subject"] = json!({"display": "somebody"});
    assert_eq!(outcome(&group), "listed");
}

#[test]
fn every_form_of_reference_to_the_patient_is_understood() {
    let mut bundle = record(&[]);
    bundle["entry"][0]["fullUrl"] = json!("urn:uuid:6d1a2c1e-0000-4000-8000-000000000001");
    bundle["entry"][0]["resource"]["identifier"] = json!([{"system": "urn:x", "value": "7"}]);
    let forms = [
        "Patient/p",
        "urn:uuid:6d1a2c1e-0000-4000-8000-000000000001",
        "https://fhir.example/r4/Patient/p",
        "Patient/p/_history/3",
        "Patient?identifier=urn:x|7",
    ];
    for form in forms {
        let mut bundle = bundle.clone();
        let mut hers = condition(OSTEOPOROSIS, "active", "confirmed");
        hers["subject"] = json!({"reference": form});
        bundle["entry"]
            .as_array_mut()
            .expect("a list")
            .push(json!({"resource": hers}));
        let import = read(&bundle).expect(form);
        assert!(import.unmapped.is_empty(), "{form}: {:?}", import.unmapped);
    }
}

#[test]
fn absence_sets_nothing() {
    let import = read(&record(&[])).expect("read");
    let said = facts(&import);
    assert!(said.iter().all(|fact| !fact.ends_with("=no")), "{said:?}");
    assert!(asks(&import).is_empty());
}

#[test]
fn weight_in_pounds_and_height_in_inches_arrive_in_the_catalogue_s_units() {
    let measured = |code: &str, value: f64, unit: &str| {
        json!({
            "resourceType": "Observation", "status": "final", "effectiveDateTime": "2026-11-20T08:00:00Z",
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": unit}
        })
    };
    let import = read(&record(&[measured("29463-7", 154.0, "[lb_av]")])).expect("read");
    let reading = import.readings.last().expect("the weight");
    assert_eq!(reading.unit.as_deref(), Some("kg"));
    let Some(care::fact::Value::Number(kg)) = reading.as_value() else {
        panic!("a number");
    };
    assert!((kg - 69.853_224_98).abs() < 1e-9, "{kg}");
    assert_eq!(outcome(&measured("29463-7", 70.0, "kg")), "set");
}

#[test]
fn only_a_final_observation_is_a_result() {
    let weight = |status: &str| {
        json!({
            "resourceType": "Observation", "status": status, "effectiveDateTime": "2026-11-20T08:00:00Z",
            "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
            "valueQuantity": {"value": 70, "system": "http://unitsofmeasure.org", "code": "kg"}
        })
    };
    for status in ["final", "amended", "corrected"] {
        assert_eq!(outcome(&weight(status)), "set", "{status}");
    }
    assert_eq!(outcome(&weight("preliminary")), "asked");
    for status in ["entered-in-error", "cancelled", "registered"] {
        assert_eq!(outcome(&weight(status)), "listed", "{status}");
    }
}

#[test]
fn a_code_in_the_value_of_an_unknown_observation_only_asks() {
    let family = json!({
        "resourceType": "Observation", "status": "final", "effectiveDateTime": "2026-11-20",
        "code": {"coding": [{"system": "http://loinc.org", "code": "54116-3", "display": "Family history"}]},
        "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": OSTEOPOROSIS}]}
    });
    assert_eq!(outcome(&family), "asked");
}

#[test]
fn a_page_of_a_search_says_that_more_is_missing() {
    let mut bundle = record(&[]);
    bundle["type"] = json!("searchset");
    bundle["link"] = json!([{"relation": "next", "url": "https://fhir.example/?page=2"}]);
    let import = read(&bundle).expect("read");
    assert!(
        import
            .unmapped
            .iter()
            .any(|entry| entry.reason.contains("one page"))
    );
}

#[test]
fn a_deceased_patient_is_imported_and_flagged() {
    let mut bundle = record(&[]);
    bundle["entry"][0]["resource"]["deceasedDateTime"] = json!("2026-05");
    let import = read(&bundle).expect("read");
    assert!(import.patient.deceased);
    assert_eq!(import.patient.deceased_date.as_deref(), Some("2026-05"));
}

#[test]
fn debug_prints_no_name_and_no_date_of_birth() {
    let import = read(&record(&[])).expect("read");
    let text = format!("{import:?} {:?}", import.patient);
    assert!(!text.contains("1970"), "{text}");
}
