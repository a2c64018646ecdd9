//! Import, export, import: the facts are the same, of every published record that is read.

use super::setting::knowledge;
use super::stories::{PATIENT, answers, of, round, source};
use care::episode::{Actor, Demographics, Event, Imported, Private, Role, What};
use care::fact::{Content, Reading, Value as Worth};
use fhir::export::{Happened, Told, bundle, export};
use fhir::questionnaire::{Reader, read};
use fhir::{Import, import};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use si::Region;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Every JSON file under a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            files(&path, found);
        } else if name.ends_with(".json") || name.ends_with(".json.gz") {
            found.push(path);
        }
    }
    found.sort();
}

/// The published records; none where they are not on this machine, a failure under `CI=true`.
fn samples() -> Vec<(String, Vec<u8>)> {
    let root = std::env::var_os("ANNULUS_SAMPLES").map_or_else(
        || {
            PathBuf::from(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../../shared/samples"
            ))
        },
        PathBuf::from,
    );
    let mut found = Vec::new();
    files(&root.join("fhir"), &mut found);
    let must = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!must || !found.is_empty(), "CI=true needs the samples");
    found
        .into_iter()
        .map(|path| {
            let bytes = std::fs::read(&path).expect("read");
            let name = path.to_string_lossy().into_owned();
            if !name.ends_with(".gz") {
                return (name, bytes);
            }
            let mut text = Vec::new();
            flate2::read::GzDecoder::new(bytes.as_slice())
                .read_to_end(&mut text)
                .expect("gzip");
            (name, text)
        })
        .collect()
}

fn event(at: Timestamp, what: What) -> Event {
    Event {
        v: Event::VERSION,
        at,
        by: Actor {
            id: PATIENT,
            name: "A clinician".to_owned(),
            role: Role::Practitioner,
            licence: None,
        },
        what,
    }
}

/// The record that a patient with this import leaves with.
fn exported(read: &Import, original: &str, region: Region, at: Timestamp) -> Value {
    let patient = &read.patient;
    let registered = What::Registered {
        pseudonym: PATIENT,
        demographics: Private(Demographics {
            name: patient.name.clone(),
            birth_date: patient
                .birth_date
                .as_deref()
                .and_then(|date| date.parse().ok()),
            sex: patient.gender.clone(),
            ..Demographics::default()
        }),
        region,
        language: "en".to_owned(),
    };
    let imported = What::RecordImported(Imported {
        source: "FHIR R4".to_owned(),
        original: Private(original.to_owned()),
        readings: read.readings.clone(),
        unmapped: vec![],
        asks: vec![],
        deceased: patient.deceased,
    });
    let events = [event(at, registered), event(at, imported)];
    let told: Vec<Told<'_>> = (1..)
        .zip(&events)
        .map(|(sequence, event)| Told {
            sequence,
            at,
            what: Happened::Event(event),
        })
        .collect();
    bundle::collection(&export(&source(&told)), bundle::Address::Urn)
}

/// Readings in one order, numbers to a billionth.
fn sorted(readings: &[Reading]) -> Vec<String> {
    let mut all: Vec<String> = readings
        .iter()
        .map(|reading| {
            let mut reading = reading.clone();
            if let Content::Value(Worth::Number(number)) = &mut reading.content {
                *number = (*number * 1e9).round() / 1e9;
            }
            serde_json::to_string(&reading).expect("JSON")
        })
        .collect();
    all.sort();
    all
}

#[test]
fn every_published_record_that_is_read_comes_back_with_the_same_facts() {
    let all = samples();
    let (mut records, mut facts) = (0, 0);
    for (name, bytes) in &all {
        for region in Region::ALL {
            let Ok(own) = import(bytes, knowledge(), region, None) else {
                continue;
            };
            let at = own.at + SignedDuration::from_hours(24);
            let first = import(bytes, knowledge(), region, Some(at)).expect("read");
            let original = String::from_utf8_lossy(bytes);
            let again = exported(&first, &original, region, at).to_string();
            let second = import(again.as_bytes(), knowledge(), region, Some(at));
            let mut second = second.unwrap_or_else(|problem| panic!("{name}: {problem}"));
            // A Patient by itself has no instant but a birth date: no age is counted at that.
            let aged = |one: &Reading| one.fact.as_str() == "age";
            if !first.readings.iter().any(aged) {
                second.readings.retain(|one| !aged(one));
            }
            assert_eq!(sorted(&first.readings), sorted(&second.readings), "{name}");
            records += 1;
            facts += first.readings.len();
        }
    }
    assert!(
        all.is_empty() || (records > 80 && facts > 500),
        "{records} {facts}"
    );
}

#[test]
fn what_another_clinic_found_is_a_record_here_and_its_no_is_a_question() {
    let bundle = bundle::collection(&of(answers()), bundle::Address::Urn).to_string();
    let read = import(bundle.as_bytes(), knowledge(), Region::Lumbar, None).expect("read");
    let of = |fact: &str| -> Vec<&Reading> {
        read.readings
            .iter()
            .filter(|one| one.fact.as_str() == fact)
            .collect()
    };
    let scan = of("herniation_type");
    assert_eq!(scan.len(), 1);
    assert!(scan[0].unconfirmed);
    assert_eq!(scan[0].by, care::fact::By::Record);
    assert_eq!(
        scan[0].source.as_deref(),
        Some("MRI of 12 Oct 2026#finding 2")
    );
    // Settled as a no there; the yes it settled was entered in error.
    assert!(of("infection_signs").is_empty());
    let asks: Vec<&str> = read.asks.iter().map(|ask| ask.fact.as_str()).collect();
    for fact in ["infection_signs", "osteoporosis", "anticoagulant"] {
        assert!(asks.contains(&fact), "{fact}: {asks:?}");
    }
}

#[test]
fn a_form_that_was_brought_in_leaves_as_it_was_given() {
    let export = of(answers());
    let form = export
        .of("QuestionnaireResponse")
        .find(|form| {
            form["source"] == form["subject"] && form["author"]["display"] == "Dr Elsewhere"
        })
        .expect("the form");
    let patient = PATIENT.to_string();
    let reader = Reader {
        knowledge: knowledge(),
        zone: &jiff::tz::TimeZone::UTC,
        at: "2026-11-22T09:00:00Z".parse().expect("an instant"),
        patient: &[&patient],
        answered_by: None,
    };
    let back = read(form.to_string().as_bytes(), &reader).expect("read");
    let told: Vec<String> = back
        .readings
        .iter()
        .map(|one| format!("{} {:?}", one.key(), one.content))
        .collect();
    assert_eq!(
        told,
        [
            "age Value(Number(44.0))",
            "cancer_history Answer(AskedUnknown)"
        ]
    );
    // Its Observations say where they come from.
    let id = form["id"].as_str().expect("an id");
    let name = format!("QuestionnaireResponse/{id}");
    let derived = export.of("Observation");
    let derived = derived.filter(|one| one["derivedFrom"][0]["reference"] == name.as_str());
    assert_eq!(derived.count(), 2);
}

#[test]
fn what_a_patient_answered_here_is_read_back_from_its_form() {
    for events in [answers(), round()] {
        let export = of(events);
        let zone = jiff::tz::TimeZone::UTC;
        let patient = PATIENT.to_string();
        for form in export.of("QuestionnaireResponse") {
            if form.get("questionnaire").is_none() || form["author"] != form["subject"] {
                continue;
            }
            let reader = Reader {
                knowledge: knowledge(),
                zone: &zone,
                at: "2027-11-22T09:00:00Z".parse().expect("an instant"),
                patient: &[&patient],
                answered_by: None,
            };
            let back = read(form.to_string().as_bytes(), &reader).expect("read");
            let told = events.iter().find_map(|event| match &event.what {
                What::FactsRecorded { readings, .. } if event.by.role == Role::Patient => {
                    Some(readings)
                }
                _ => None,
            });
            let plain = |readings: &[Reading]| -> Vec<String> {
                let mut all: Vec<String> = readings
                    .iter()
                    .map(|one| format!("{} {:?} {}", one.key(), one.content, one.at))
                    .collect();
                all.sort();
                all
            };
            assert_eq!(plain(&back.readings), plain(told.expect("told")));
        }
    }
}
