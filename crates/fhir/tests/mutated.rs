//! No record makes the reader panic: bytes are damaged, values swapped, members lost.

use crate::support::{AT, condition, knowledge, record};
use fhir::import;
use proptest::prelude::*;
use serde_json::{Value, json};
use si::Region;

/// A record with one of each kind of entry.
fn whole() -> Value {
    record(&[
        condition("64859006", "active", "confirmed"),
        json!({"resourceType": "Observation", "status": "final", "effectiveDateTime": "2026-11",
            "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]},
            "component": [{"code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]},
                "valueQuantity": {"value": 120, "code": "mm[Hg]"}}]}),
        json!({"resourceType": "MedicationRequest", "status": "active", "intent": "order", "authoredOn": "2026-11-10",
            "medicationCodeableConcept": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "855332"}]}}),
        json!({"resourceType": "ImagingStudy", "status": "available", "started": "2026-10-01",
            "series": [{"bodySite": {"system": "http://snomed.info/sct", "code": "122496007"}}]}),
        json!({"resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"}, "period": {"start": "2026-11-20"}}),
        json!({"resourceType": "Procedure", "status": "completed", "performedPeriod": {"start": "2020"},
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "55705006"}]}}),
    ])
}

/// Every place in a value that can be put something else at, as JSON pointers.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(body) => body
            .iter()
            .for_each(|(name, inner)| pointers(inner, &format!("{at}/{name}"), all)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(n, inner)| pointers(inner, &format!("{at}/{n}"), all)),
        _ => {}
    }
}

fn anything() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([{"coding": [{"code": "x"}]}])),
        Just(json!("-9999-13-40T99:99:99Z")),
        Just(json!("+999999-01")),
        Just(json!("9999-12-31T23:59:59.999999999Z")),
        Just(json!("0001-01-01")),
        Just(json!("Patient?identifier=|")),
        Just(json!("#")),
        Just(json!("é12")),
    ]
}

fn read(bytes: &[u8], at: Option<jiff::Timestamp>) -> bool {
    import(bytes, knowledge(), Region::Cervical, at).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn a_record_with_any_value_anywhere_is_read_or_refused(
        pick in any::<prop::sample::Index>(), second in any::<prop::sample::Index>(), value in anything(), other in anything()
    ) {
        let mut record = whole();
        for (index, value) in [(pick, value), (second, other)] {
            let mut all = Vec::new();
            pointers(&record, "", &mut all);
            if let Some(place) = record.pointer_mut(&all[index.index(all.len())]) {
                *place = value;
            }
        }
        let bytes = record.to_string().into_bytes();
        read(&bytes, AT.parse().ok());
        read(&bytes, None);
    }

    #[test]
    fn damaged_bytes_are_read_or_refused(cut in 0usize..2000, byte in any::<u8>(), place in 0usize..2000) {
        let mut bytes = whole().to_string().into_bytes();
        if let Some(target) = bytes.get_mut(place) {
            *target = byte;
        }
        bytes.truncate(bytes.len().saturating_sub(cut.saturating_sub(1000)));
        read(&bytes, None);
    }
}

#[test]
fn the_whole_record_is_read() {
    assert!(read(whole().to_string().as_bytes(), AT.parse().ok()));
}

/// Nothing is dropped in silence: every entry sets a fact, asks, is listed or counted.
#[test]
fn every_entry_is_accounted_for() {
    let record = whole();
    let import = import(
        record.to_string().as_bytes(),
        knowledge(),
        Region::Lumbar,
        AT.parse().ok(),
    )
    .expect("read");
    let entries = record["entry"].as_array().expect("entries");
    for (number, entry) in entries.iter().enumerate() {
        let place = format!("entry[{number}].resource");
        let kind = entry["resource"]["resourceType"].as_str().expect("a type");
        let from = |text: &str| text.contains(&place);
        let seen = import
            .readings
            .iter()
            .any(|reading| reading.source.as_deref().is_some_and(from))
            || import.asks.iter().any(|ask| from(&ask.entry.place))
            || import.unmapped.iter().any(|entry| from(&entry.place))
            || import.administrative.contains_key(kind);
        assert!(seen, "{kind} at {place}");
    }
}
