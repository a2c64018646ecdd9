//! Which examinations by imaging are known, and that none is made up.

use super::setting::{Story, choice, knowledge, minutes, register, told, yes};
use super::stories::{PATIENT, all, answers, of, round, stopped};
use care::episode::{Command, Event, Imported, Private, Role, What};
use care::fact::{By, Reading, Value as Worth};
use fhir::export::{Export, bundle};
use fhir::import;
use jiff::Timestamp;
use serde_json::{Value, json};
use si::Region;

const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const UID: &str = "urn:oid:1.2.840.99999999.1";

/// People and a document tell of images, what they said is settled, and a record brings a study.
pub(crate) fn tell_imaged() -> Vec<Event> {
    let mut story = Story::new();
    story.does(Role::FrontDesk, register(Region::Lumbar));
    let at = story.at;
    let settle = |reading| What::ConflictResolved {
        reading,
        reason: "as its report has it".to_owned(),
    };
    let (hands, own, scan) = (By::Practitioner, By::Patient, By::Imaging);
    facts(
        &mut story,
        Role::Patient,
        vec![choice("imaging_kind", "xray", own, at)],
    );
    let mri = vec![
        yes("imaging_on_file", hands, at),
        choice("imaging_kind", "mri", hands, at),
        date("2026-10-12", hands, at),
        choice("spondylolisthesis", "none", hands, at),
    ];
    facts(&mut story, Role::Practitioner, mri);
    let of_document = |reading: Reading| reading.with_source("CT of the spine#line 3");
    let ct = vec![
        of_document(choice("imaging_kind", "ct", scan, at)),
        of_document(date("2026-05", scan, at)),
        of_document(choice("herniation_type", "protrusion", scan, at)),
    ];
    facts(&mut story, Role::Practitioner, ct);
    story.later(minutes(5));
    let at = story.at;
    story.given(settle(choice("imaging_kind", "mri", hands, at)));
    story.given(settle(date("2026-10-13", hands, at)));
    let record = record().to_string();
    let read = import(record.as_bytes(), knowledge(), Region::Lumbar, Some(at)).expect("read");
    assert!(!read.readings.is_empty(), "a code of the study is a fact");
    story.does(Role::Practitioner, brought(record, read.readings));
    story.events
}

fn facts(story: &mut Story, role: Role, readings: Vec<Reading>) {
    let denied = vec![];
    story.does(role, Command::RecordFacts { readings, denied });
}

fn brought(original: String, readings: Vec<Reading>) -> Command {
    Command::ImportRecord(Imported {
        source: "FHIR R4".to_owned(),
        original: Private(original),
        readings,
        unmapped: vec![],
        asks: vec![],
        deceased: false,
    })
}

fn date(text: &str, by: By, at: Timestamp) -> Reading {
    let date = text.parse().expect("a date");
    told("imaging_date", Worth::Date(date), by, at)
}

/// A record with a study of ours to read, one that is another's to keep out of the export, and
/// members that R4 does not allow.
fn record() -> Value {
    let patient = json!({ "reference": "Patient/p" });
    let study = json!({
        "resourceType": "ImagingStudy", "id": "s", "status": "available", "subject": patient,
        "identifier": [{ "use": "official", "system": "urn:dicom:uid", "value": UID,
            "assigner": { "reference": "Organization/elsewhere" } }],
        "started": "2026-09-30T10:00:00Z",
        "referrer": { "reference": "Practitioner/elsewhere" },
        "numberOfSeries": -1,
        "description": "Lumbar spine",
        "reasonCode": [{ "text": "Pain in the leg" }],
        "procedureCode": [{ "coding": [{ "system": "http://www.ama-assn.org/go/cpt",
            "code": "22840", "display": "Instrumentation" }] }],
        "series": [{ "uid": "1.2.3", "modality": { "system": DCM, "code": "MR" },
            "bodySite": { "system": "http://snomed.info/sct", "code": "122496007" },
            "instance": [{ "uid": "1.2.3.4", "sopClass": { "code": "x" } }] }],
    });
    let nobodys = json!({ "resourceType": "ImagingStudy", "id": "t", "status": "available" });
    json!({ "resourceType": "Bundle", "type": "collection", "entry": [
        { "resource": { "resourceType": "Patient", "id": "p", "gender": "female" } },
        { "resource": study }, { "resource": nobodys },
    ]})
}

fn imaged() -> Export {
    let story = all().iter().find(|(name, _)| *name == "imaged");
    of(&story.expect("the story").1)
}

/// Studies as `status modality started description`.
fn studies(export: &Export) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut all: Vec<String> = export
        .of("ImagingStudy")
        .map(|one| {
            let code = text(&one["modality"][0]["code"]);
            let parts = [
                text(&one["status"]),
                code,
                text(&one["started"]),
                text(&one["description"]),
            ];
            parts.join(" ")
        })
        .collect();
    all.sort();
    all
}

fn study<'a>(export: &'a Export, description: &str) -> &'a Value {
    let mut all = export.of("ImagingStudy");
    all.find(|one| one["description"] == description)
        .expect("the study")
}

/// The facts whose Observations come from a study.
fn shown(export: &Export, study: &Value) -> Vec<String> {
    let name = format!("ImagingStudy/{}", study["id"].as_str().expect("an id"));
    let from = |one: &&Value| {
        let all = one["derivedFrom"].as_array();
        all.is_some_and(|all| all.iter().any(|one| one["reference"] == name.as_str()))
    };
    let codes = export.of("Observation").filter(from);
    let mut codes: Vec<String> = codes
        .map(|one| {
            one["code"]["coding"][0]["code"]
                .as_str()
                .expect("a code")
                .to_owned()
        })
        .collect();
    codes.sort();
    codes.dedup();
    codes
}

#[test]
fn each_examination_that_is_known_is_one_study() {
    assert_eq!(
        studies(&imaged()),
        [
            "available MR 2026-09-30T10:00:00Z Lumbar spine",
            "entered-in-error imaging_kind:xray - -",
            "unknown CT 2026-05 CT of the spine",
            "unknown MR 2026-10-13 -",
        ]
    );
}

#[test]
fn what_an_image_showed_refers_to_its_study() {
    let export = imaged();
    let ct = study(&export, "CT of the spine");
    assert_eq!(
        shown(&export, ct),
        ["herniation_type", "imaging_date", "imaging_kind"]
    );
    let report = export.of("DiagnosticReport").next().expect("a report");
    let name = format!("ImagingStudy/{}", ct["id"].as_str().expect("an id"));
    assert_eq!(report["imagingStudy"], json!([{ "reference": name }]));
    let mri = export
        .of("ImagingStudy")
        .find(|one| one["started"] == "2026-10-13");
    let told = [
        "imaging_date",
        "imaging_kind",
        "imaging_on_file",
        "spondylolisthesis",
    ];
    assert_eq!(shown(&export, mri.expect("the study")), told);
}

#[test]
fn a_brought_study_keeps_what_r4_allows_and_refers_to_nothing_elsewhere() {
    let export = imaged();
    let brought = study(&export, "Lumbar spine");
    assert_eq!(
        brought["identifier"],
        json!([{ "use": "official", "system": "urn:dicom:uid", "value": UID }])
    );
    assert_eq!(
        brought["modality"],
        json!([{ "system": DCM, "code": "MR" }])
    );
    assert_eq!(
        brought["subject"]["reference"],
        format!("Patient/{PATIENT}")
    );
    assert_eq!(
        brought["reasonCode"],
        json!([{ "text": "Pain in the leg" }])
    );
    assert_eq!(
        brought["procedureCode"],
        json!([{ "text": "Instrumentation" }])
    );
    assert_eq!(
        brought["series"],
        json!([{ "uid": "1.2.3", "modality": { "system": DCM, "code": "MR" } }])
    );
    for name in ["referrer", "numberOfSeries"] {
        assert!(brought.get(name).is_none(), "{name}");
    }
    assert!(!shown(&export, brought).is_empty(), "what its code became");
}

#[test]
fn a_study_that_nobody_knows_of_is_not_made_up() {
    // An image on file, of which nobody said more.
    for events in [round(), stopped()] {
        assert_eq!(studies(&of(events)), ["unknown - - -"]);
    }
    // One document of imaging, and its day and modality are not read out of its name.
    let export = of(answers());
    assert_eq!(studies(&export), ["unknown - - MRI of 12 Oct 2026"]);
    // Nothing on file, nothing found, nobody knows; a code of a condition is no image.
    let mut story = Story::new();
    story.does(Role::FrontDesk, register(Region::Lumbar));
    let at = story.at;
    let no = |fact: &str| told(fact, Worth::Bool(false), By::Practitioner, at);
    let none = choice("spondylolisthesis", "none", By::Practitioner, at);
    let readings = vec![
        no("imaging_on_file"),
        no("imaging_finding"),
        no("imaging_fracture"),
        none,
    ];
    facts(&mut story, Role::Practitioner, readings);
    let coded = choice("spondylolisthesis", "isthmic", By::Record, at).with_source("fhir#entry[2]");
    story.does(
        Role::Practitioner,
        brought("no JSON".to_owned(), vec![coded]),
    );
    assert_eq!(of(&story.events).of("ImagingStudy").count(), 0);
}

#[test]
fn an_image_that_turns_out_not_to_be_on_file_was_entered_in_error() {
    let mut story = Story::new();
    story.does(Role::FrontDesk, register(Region::Lumbar));
    let at = story.at;
    facts(
        &mut story,
        Role::Patient,
        vec![yes("imaging_on_file", By::Patient, at)],
    );
    assert_eq!(studies(&of(&story.events)), ["unknown - - -"]);
    let none = told("imaging_on_file", Worth::Bool(false), By::Practitioner, at);
    story.given(What::ConflictResolved {
        reading: none,
        reason: "there is none".to_owned(),
    });
    assert_eq!(studies(&of(&story.events)), ["entered-in-error - - -"]);
}

#[test]
fn a_study_that_is_brought_twice_is_one() {
    let mut story = Story::new();
    story.does(Role::FrontDesk, register(Region::Lumbar));
    for _ in 0..2 {
        story.does(Role::Practitioner, brought(record().to_string(), vec![]));
        story.later(minutes(1));
    }
    assert_eq!(of(&story.events).of("ImagingStudy").count(), 1);
    // What people say of the same kind on the same day is of it.
    let at = story.at;
    let mri = vec![
        choice("imaging_kind", "mri", By::Practitioner, at),
        date("2026-09-30", By::Practitioner, at),
    ];
    facts(&mut story, Role::Practitioner, mri);
    let export = of(&story.events);
    assert_eq!(export.of("ImagingStudy").count(), 1);
    let brought = study(&export, "Lumbar spine");
    assert_eq!(shown(&export, brought), ["imaging_date", "imaging_kind"]);
}

#[test]
fn our_own_studies_come_back_as_studies_and_add_no_facts() {
    let first = imaged();
    let text = bundle::collection(&first, bundle::Address::Urn).to_string();
    let read = import(text.as_bytes(), knowledge(), Region::Lumbar, None).expect("read");
    let mut bare: Value = serde_json::from_str(&text).expect("JSON");
    let entries = bare["entry"].as_array_mut().expect("entries");
    entries.retain(|entry| entry["resource"]["resourceType"] != "ImagingStudy");
    let without = import(
        bare.to_string().as_bytes(),
        knowledge(),
        Region::Lumbar,
        None,
    );
    let plain = |readings: &[Reading]| -> Vec<String> {
        let all = readings
            .iter()
            .map(|one| format!("{} {:?} {}", one.key(), one.content, one.at));
        all.collect()
    };
    assert_eq!(
        plain(&read.readings),
        plain(&without.expect("read").readings)
    );
    let mut story = Story::new();
    story.does(Role::FrontDesk, register(Region::Lumbar));
    story.does(Role::Practitioner, brought(text, read.readings));
    let second = of(&story.events);
    assert_eq!(studies(&second), studies(&first));
    for one in first
        .of("ImagingStudy")
        .filter(|one| one["status"] != "entered-in-error")
    {
        let again = second.of("ImagingStudy");
        let mut again = again.filter(|two| two["started"] == one["started"]);
        let again = again.next().expect("the same study");
        let (before, after) = (shown(&first, one), shown(&second, again));
        assert!(
            after.iter().all(|fact| before.contains(fact)),
            "{before:?} {after:?}"
        );
        assert!(!after.is_empty(), "{before:?}");
    }
}
