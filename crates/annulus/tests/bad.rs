//! Bad input: place, value, remedy; exit 2; nothing written.

use crate::run::{Folder, annulus, annulus_with, example, facts, samples, unpacked};
use serde_json::{Value, json};
use std::path::Path;

/// A facts document with something changed.
fn changed(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut document = facts("cleared");
    change(&mut document);
    document.to_string().into_bytes()
}

/// The problem that an input is told; it must name its place and a remedy.
fn refused(args: &[&str], input: &[u8], place: &str) -> Value {
    let mut all = args.to_vec();
    all.extend(["--format", "json"]);
    let problem = annulus_with(&all, input).problem();
    let told = problem["place"].as_str().expect("a place");
    assert!(
        told.contains(place),
        "{told} does not name {place}: {problem}"
    );
    assert!(
        problem["remedy"]
            .as_str()
            .is_some_and(|remedy| !remedy.is_empty()),
        "{problem}"
    );
    assert!(
        problem["problem"]
            .as_str()
            .is_some_and(|text| !text.is_empty()),
        "{problem}"
    );
    problem
}

fn evaluate(input: &[u8], place: &str) -> Value {
    refused(&["evaluate", "-"], input, place)
}

fn import(input: &[u8], place: &str) -> Value {
    refused(&["evaluate", "-", "--region", "lumbar"], input, place)
}

#[test]
fn an_unknown_fact_is_named_with_its_nearest() {
    let problem = evaluate(
        &changed(|d| d["facts"]["spinal_implnt"] = json!(false)),
        "facts.spinal_implnt",
    );
    assert!(
        problem["remedy"]
            .as_str()
            .expect("text")
            .contains("spinal_implant"),
        "{problem}"
    );
}

/// hazard: H1
#[test]
fn a_wrong_unit_is_never_guessed() {
    let problem = evaluate(
        &changed(|d| d["facts"]["body_weight"]["unit"] = json!("stone")),
        "body_weight",
    );
    assert!(
        problem["value"].as_str().expect("text").contains("stone"),
        "{problem}"
    );
    evaluate(
        &changed(|d| d["facts"]["body_weight"] = json!(78)),
        "body_weight",
    );
}

#[test]
fn a_value_out_of_range_is_refused() {
    let problem = evaluate(
        &changed(|d| d["facts"]["body_weight"]["value"] = json!(7800)),
        "body_weight",
    );
    assert!(
        problem["value"].as_str().expect("text").contains("7800"),
        "{problem}"
    );
}

#[test]
fn a_date_in_the_future_is_refused() {
    let late = json!({"value": false, "at": "2026-11-25T09:00:00Z"});
    evaluate(
        &changed(|d| d["facts"]["spinal_surgery"] = late),
        "spinal_surgery",
    );
}

#[test]
fn malformed_and_empty_json_say_where() {
    assert_eq!(evaluate(b"", "")["code"], "empty-document");
    evaluate(b"{\"region\": \"lumbar\",\n \"at\" }", "line 2");
    assert_eq!(evaluate(b"[]", "")["code"], "wrong-type");
    import(b"{\"resourceType\": \"Bundle\", \"entry\": [", "line 1");
}

#[test]
fn a_region_that_is_neither_is_bad_input() {
    evaluate(&changed(|d| d["region"] = json!("thoracic")), "region");
}

#[test]
fn the_five_families_are_never_denied_as_a_section() {
    for section in ["cauda-equina", "cord", "vascular", "fracture", "cancer"] {
        evaluate(&changed(|d| d["denied"] = json!([section])), "denied");
    }
}

fn bundle(resources: &[Value]) -> Vec<u8> {
    let entries: Vec<_> = resources
        .iter()
        .map(|resource| json!({ "resource": resource }))
        .collect();
    json!({"resourceType": "Bundle", "type": "collection", "timestamp": "2026-11-22T09:00:00Z", "entry": entries})
        .to_string()
        .into_bytes()
}

fn patient(id: &str) -> Value {
    json!({"resourceType": "Patient", "id": id, "birthDate": "1970-02-03", "gender": "male"})
}

#[test]
fn a_resource_of_another_version_is_recognised() {
    let older = json!({"resourceType": "Condition", "id": "c", "clinicalStatus": "active",
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "64859006"}]},
        "subject": {"reference": "Patient/p"}});
    let problem = import(
        &bundle(&[patient("p"), older]),
        "entry[1].resource.clinicalStatus",
    );
    assert!(problem.to_string().contains("R4"), "{problem}");
}

#[test]
fn two_patients_in_one_bundle_are_refused() {
    import(&bundle(&[patient("a"), patient("b")]), "entry[1]");
}

#[test]
fn a_bundle_needs_to_be_told_its_region() {
    refused(&["evaluate", "-"], &bundle(&[patient("p")]), "region");
}

#[test]
fn nobody_is_planned_who_is_not_cleared() {
    let folder = Folder::new();
    for name in ["refused", "ask-more"] {
        let out = folder.at(&format!("{name}.json"));
        let problem =
            annulus(&["plan", &example(name), "--out", &out, "--format", "json"]).problem();
        assert_eq!(problem["place"], "verdict");
        assert!(!Path::new(&out).exists(), "a refused plan is not written");
    }
}

#[test]
fn a_deceased_patient_is_never_planned() {
    let Some(folder) = samples("a deceased patient is never planned") else {
        return;
    };
    let bytes = unpacked(&folder.join("fhir/synthea_r4/clopidogrel.json.gz"));
    let problem = annulus_with(
        &["plan", "-", "--region", "lumbar", "--format", "json"],
        &bytes,
    )
    .problem();
    assert!(
        problem["place"]
            .as_str()
            .expect("a place")
            .contains("deceased"),
        "{problem}"
    );
}

/// A signed plan as JSON.
fn signed(folder: &Folder) -> Value {
    let signed = crate::path::signed_in(folder);
    serde_json::from_str(&std::fs::read_to_string(signed).expect("it was written")).expect("JSON")
}

fn treat(folder: &Folder, signed: &[u8], start: &str) -> Value {
    let signed = folder.write("tried.json", signed);
    annulus(&["treat", &signed, "--facts", start, "--format", "json"]).problem()
}

#[test]
fn an_unsigned_altered_or_expired_plan_moves_nothing() {
    let folder = Folder::new();
    let good = signed(&folder);
    let start = example("start");
    let unsigned = good["plan"].as_str().expect("the plan").to_owned();
    assert_eq!(
        treat(&folder, unsigned.as_bytes(), &start)["code"],
        "plan-unsigned"
    );
    let mut altered = good.clone();
    altered["plan"] = json!(unsigned.replacen("\"force_n\": 1", "\"force_n\": 4", 1));
    assert_ne!(altered["plan"], good["plan"], "the plan was altered");
    assert_eq!(
        treat(&folder, altered.to_string().as_bytes(), &start)["code"],
        "plan-altered"
    );
    let mut later = facts("start");
    later["at"] = json!("2026-12-23T09:30:00Z");
    let later = folder.write("later.json", later.to_string().as_bytes());
    assert_eq!(
        treat(&folder, good.to_string().as_bytes(), &later)["code"],
        "plan-expired"
    );
}

/// hazard: H21
#[test]
fn a_plan_for_another_region_moves_nothing() {
    let folder = Folder::new();
    let good = signed(&folder);
    let mut neck = facts("start");
    neck["region"] = json!("cervical");
    neck["facts"]
        .as_object_mut()
        .expect("facts")
        .remove("treated_level");
    let neck = folder.write("neck.json", neck.to_string().as_bytes());
    let problem = treat(&folder, good.to_string().as_bytes(), &neck);
    assert!(
        problem["place"]
            .as_str()
            .expect("a place")
            .contains("region"),
        "{problem}"
    );
}

#[test]
fn a_key_that_others_may_read_signs_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let (plan, key) = (folder.at("plan.json"), folder.at("open.key"));
    assert_eq!(
        annulus(&["plan", &example("cleared"), "--out", &plan]).status,
        0
    );
    assert_eq!(annulus(&["key", "new", &key]).status, 0);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644))
        .expect("the mode is set");
    let args = [
        "sign",
        &plan,
        "--candidate",
        "gentle",
        "--by",
        "x",
        "--key",
        &key,
        "--format",
        "json",
    ];
    assert_eq!(annulus(&args).problem()["code"], "secret-is-open");
}

#[test]
fn an_unknown_setting_is_an_error() {
    let folder = Folder::new();
    let file = folder.write("annulus.toml", b"listne = \"127.0.0.1:1\"\n");
    let problem = annulus(&["facts", "list", "--config", &file, "--format", "json"]).problem();
    assert!(
        problem["problem"]
            .as_str()
            .expect("text")
            .contains("listne"),
        "{problem}"
    );
}

#[test]
fn wrong_arguments_are_bad_input_like_any_other() {
    for (args, place) in [
        (["evaluate", "-", "--region", "thoracic"], "--region"),
        (["evaluate", "-", "--at", "tomorrow"], "--at"),
    ] {
        let problem = refused(&args, b"{}", place);
        assert_eq!(problem["value"], args[3]);
    }
}

#[test]
fn a_result_never_replaces_what_is_no_plain_file() {
    let folder = Folder::new();
    let (kept, link, dir) = (
        folder.write("kept.json", b"kept"),
        folder.at("link.json"),
        folder.at("dir"),
    );
    std::os::unix::fs::symlink(&kept, &link).expect("a link");
    std::fs::create_dir(&dir).expect("a folder");
    let part = folder.write("plan.part", b"somebody's own");
    for out in [&link, &dir, &folder.at("nowhere/plan.json")] {
        let problem = annulus(&[
            "plan",
            &example("cleared"),
            "--out",
            out,
            "--format",
            "json",
        ])
        .problem();
        assert_eq!(problem["code"], "unwritable", "{out}");
    }
    assert_eq!(
        annulus(&[
            "plan",
            &example("cleared"),
            "--out",
            &folder.at("plan.json")
        ])
        .status,
        0
    );
    assert_eq!(std::fs::read(kept).expect("it is there"), b"kept");
    assert_eq!(std::fs::read(part).expect("it is there"), b"somebody's own");
}

#[test]
fn a_recording_that_cannot_be_kept_is_refused_before_the_session() {
    let folder = Folder::new();
    let good = signed(&folder);
    let path = folder.write("good.json", good.to_string().as_bytes());
    let start = example("start");
    let recording = folder.at("nowhere/session.frames");
    let args = [
        "treat",
        &path,
        "--facts",
        &start,
        "--recording",
        &recording,
        "--format",
        "json",
    ];
    assert_eq!(annulus(&args).problem()["code"], "unwritable");
    for late in ["nan", "-5", "inf"] {
        let press = format!("--press-switch-at={late}");
        let args = [
            "treat", &path, "--facts", &start, &press, "--format", "json",
        ];
        assert_eq!(
            annulus(&args).problem()["place"],
            "--press-switch-at",
            "{late}"
        );
    }
}

#[test]
fn a_bedside_that_is_not_there_is_named() {
    let folder = Folder::new();
    let good = signed(&folder);
    let path = folder.write("good.json", good.to_string().as_bytes());
    let (start, socket, key) = (
        example("start"),
        folder.at("no.sock"),
        folder.at("demo.key"),
    );
    let args = [
        "treat",
        &path,
        "--facts",
        &start,
        "--bedside",
        &socket,
        "--key",
        &key,
        "--format",
        "json",
    ];
    let problem = annulus(&args).problem();
    assert_eq!(
        (&problem["code"], &problem["value"]),
        (&json!("bedside-unreachable"), &json!(socket))
    );
}
