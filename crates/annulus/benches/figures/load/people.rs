//! What a store is filled with: people with readings, and the records of published samples.

use flate2::read::GzDecoder;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::path::Path;

/// Where the category of a reading has its code from.
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
/// Readings of a person.
const READINGS: usize = 12;

/// A transaction that brings a person with readings of their weight over two years (LOINC 29463-7:
/// a code that means the same at every server).
pub(crate) fn person(number: usize) -> Vec<u8> {
    let subject = format!("urn:uuid:00000000-0000-4000-8000-{number:012}");
    let patient = json!({
        "fullUrl": subject,
        "resource": {
            "resourceType": "Patient",
            "extension": [{ "url": "urn:annulus:extension:region", "valueCode": "lumbar" }],
            "identifier": [{ "system": "urn:example:numbers", "value": number.to_string() }],
            "name": [{ "family": crate::crowd::name(number / 7 + 3), "given": [crate::crowd::name(number)] }],
            "gender": if number.is_multiple_of(2) { "female" } else { "male" },
            "birthDate": format!("{}-{:02}-{:02}", 1940 + number % 60, 1 + number % 12, 1 + number % 28),
        },
        "request": { "method": "POST", "url": "Patient" },
    });
    let reading = |place: usize| {
        let month = (number + 2 * place) % 24;
        json!({
            "fullUrl": format!("urn:uuid:00000000-0000-4000-9{place:03}-{number:012}"),
            "resource": {
                "resourceType": "Observation",
                "status": "final",
                "category": [{ "coding": [{ "system": CATEGORY, "code": "vital-signs" }] }],
                "code": { "coding": [{ "system": "http://loinc.org", "code": "29463-7" }] },
                "subject": { "reference": subject },
                "effectiveDateTime": format!("{}-{:02}-{:02}T09:00:00Z", 2024 + month / 12, 1 + month % 12, 1 + number % 28),
                "valueQuantity": { "value": 50 + (number + place) % 60, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg" },
            },
            "request": { "method": "POST", "url": "Observation" },
        })
    };
    let entries: Vec<Value> = std::iter::once(patient)
        .chain((0..READINGS).map(reading))
        .collect();
    bundle(&entries)
}

fn bundle(entries: &[Value]) -> Vec<u8> {
    let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries });
    bundle.to_string().into_bytes()
}

/// The published records of Synthea with the region that each is treated in, and how many
/// resources each has; none where the samples are not there.
pub(crate) fn records(samples: &Path) -> Vec<(Vec<u8>, usize)> {
    let folder = samples.join("fhir/synthea_r4");
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = files.map(|file| file.path()).collect();
    paths.sort();
    let zipped = paths
        .iter()
        .filter(|path| path.extension() == Some("gz".as_ref()));
    zipped.filter_map(|path| record(path)).collect()
}

fn record(path: &Path) -> Option<(Vec<u8>, usize)> {
    let file = File::open(path).expect("the sample is read");
    let mut bundle: Value = serde_json::from_reader(GzDecoder::new(file)).expect("JSON");
    let entries = bundle["entry"].as_array_mut()?;
    let patient = entries
        .iter_mut()
        .find(|entry| entry["resource"]["resourceType"] == "Patient")?;
    let said = &mut patient["resource"]["extension"];
    if !said.is_array() {
        *said = json!([]);
    }
    said.as_array_mut()?
        .push(json!({ "url": "urn:annulus:extension:region", "valueCode": "lumbar" }));
    let count = entries.len();
    Some((bundle.to_string().into_bytes(), count))
}
