//! Small records to import, and the published samples where there are any.

use care::knowledge::Knowledge;
use fhir::{Import, import};
use jiff::Timestamp;
use serde_json::{Value, json};
use si::{Problem, Region};
use std::io::{Read, Write};
use std::path::PathBuf;

/// The day the small records are read at.
pub(crate) const AT: &str = "2026-11-22T09:00:00Z";

pub(crate) fn at() -> Timestamp {
    AT.parse().expect("an instant")
}

pub(crate) fn knowledge() -> &'static Knowledge {
    Knowledge::embedded().expect("the embedded knowledge loads")
}

pub(crate) fn read(record: &Value) -> Result<Import, Problem> {
    read_text(&record.to_string())
}

pub(crate) fn read_text(text: &str) -> Result<Import, Problem> {
    import(text.as_bytes(), knowledge(), Region::Lumbar, Some(at()))
}

/// A collection of one patient and these resources about her.
pub(crate) fn record(resources: &[Value]) -> Value {
    let patient = json!({"resource": {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1970-03-09"}});
    let about_her = resources.iter().enumerate().map(|(number, resource)| {
        let mut resource = resource.clone();
        let body = resource.as_object_mut().expect("a resource");
        body.entry("id").or_insert(json!(format!("r{number}")));
        body.entry("subject")
            .or_insert(json!({"reference": "Patient/p"}));
        json!({"resource": resource})
    });
    let entries: Vec<Value> = std::iter::once(patient).chain(about_her).collect();
    json!({"resourceType": "Bundle", "type": "collection", "timestamp": "2026-11-21T10:00:00Z", "entry": entries})
}

/// A condition with a SNOMED CT code.
pub(crate) fn condition(code: &str, clinical: &str, verification: &str) -> Value {
    json!({
        "resourceType": "Condition",
        "clinicalStatus": {"coding": [{"code": clinical}]},
        "verificationStatus": {"coding": [{"code": verification}]},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": code, "display": "as coded"}]},
        "recordedDate": "2026-10-01"
    })
}

/// The plain facts an import set, `id=value`, sorted.
pub(crate) fn facts(import: &Import) -> Vec<String> {
    let mut set: Vec<String> = import
        .readings
        .iter()
        .filter_map(|reading| Some(format!("{}={}", reading.key(), reading.as_value()?)))
        .collect();
    set.sort();
    set.dedup();
    set
}

pub(crate) fn asks(import: &Import) -> Vec<&str> {
    import.asks.iter().map(|ask| ask.fact.as_str()).collect()
}

/// One published sample; none where the samples are not on this machine, which
/// is a failure under `CI=true`.
pub(crate) fn sample(name: &str) -> Option<Vec<u8>> {
    let root = std::env::var_os("ANNULUS_SAMPLES").map_or_else(
        || {
            PathBuf::from(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../../shared/samples"
            ))
        },
        PathBuf::from,
    );
    let path = root.join("fhir").join(name);
    let Ok(bytes) = std::fs::read(&path) else {
        let must = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!must, "{} is missing, and CI=true needs it", path.display());
        skipped();
        return None;
    };
    if !name.ends_with(".gz") {
        return Some(bytes);
    }
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(bytes.as_slice())
        .read_to_end(&mut text)
        .expect("a gzip file");
    Some(text)
}

/// Notes the running test in the list that `make test` counts at its end.
fn skipped() {
    let Some(list) = std::env::var_os("ANNULUS_SKIPPED") else {
        return;
    };
    let thread = std::thread::current();
    let test = format!("fhir {}\n", thread.name().unwrap_or("a test"));
    let noted = std::fs::read_to_string(&list).unwrap_or_default();
    if !noted.contains(&test) {
        let file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(list);
        file.and_then(|mut file| file.write_all(test.as_bytes()))
            .expect("the list is written");
    }
}
