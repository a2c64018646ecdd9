//! What is kept of a patient: a copy, a hold, a period, and erasure that leaves a sound chain.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use care::episode::Role;
use console::clinic::{ClinicProjector, NewUser};
use fhir::check::Severity;
use jiff::Timestamp;
use record::recording::{Format, Recording};
use record::{Request, Stream, StreamKind, Verify};
use serde_json::Value;
use si::Region;
use uuid::Uuid;

use crate::browser::{Browser, House, PASSWORD, Page};

const WHY: (&str, &str) = ("reason", "asked for in writing");

async fn ask(browser: &mut Browser, patient: Uuid, what: &str, name: &str) -> Page {
    let path = format!("/patients/{patient}/keeping/{what}");
    browser.post(&path, &[WHY, ("name", name)]).await
}

/// An account of the patient's own, and a browser that is logged in with it.
async fn own(house: &House, patient: Uuid, name: &str) -> (Uuid, Browser) {
    let own = NewUser {
        login: "elin.own".into(),
        name: name.to_owned(),
        role: Role::Patient,
        licence: None,
        patient: Some(patient),
        password: PASSWORD.into(),
        temporary: false,
    };
    let clinic = &house.server.app().clinic;
    let account = clinic.add_user(Uuid::nil(), own).await.unwrap().id;
    let mut theirs = house.browser();
    theirs.login("elin.own", PASSWORD).await;
    theirs.get(&format!("/patients/{patient}/mine")).await.ok();
    (account, theirs)
}

async fn demo(name: &str) -> (House, Uuid) {
    let house = House::open(|options| options.demo = true).await;
    let found = house.server.app().clinic.find(name, 1).await.unwrap();
    let id = found.listed[0].id;
    (house, id)
}

#[tokio::test]
async fn a_record_that_is_erased_is_gone_everywhere_and_the_chain_verifies() {
    let (house, patient) = demo("Elin").await;
    let clinic = &house.server.app().clinic;
    let name = clinic.name_of(patient).await.unwrap().unwrap();
    let (account, mut theirs) = own(&house, patient, &name).await;
    let mut lead = house.as_demo("nadia").await;
    let copy = lead
        .get(&format!("/patients/{patient}/keeping/json"))
        .await
        .ok();
    assert!(copy.body.contains(&name));

    assert_eq!(
        ask(&mut lead, patient, "erase", "Somebody Else")
            .await
            .code(),
        "name-differs"
    );
    let unsaid = format!("/patients/{patient}/keeping/erase");
    let page = lead.post(&unsaid, &[("name", &name)]).await;
    assert_eq!(page.code(), "reason-missing");
    ask(&mut lead, patient, "erase", &name.to_uppercase())
        .await
        .ok();

    assert!(clinic.find(&name, 1).await.unwrap().listed.is_empty());
    assert!(clinic.user(account).await.unwrap().is_none());
    assert_eq!(theirs.get("/").await.location(), "/login");
    let page = lead.get(&format!("/patients/{patient}/keeping")).await.ok();
    page.shows("keeping-erased").shows(WHY.1);
    let mut export = Vec::new();
    clinic.journal().export(&mut export).await.unwrap();
    let left = String::from_utf8(export).unwrap();
    assert!(!left.contains(&name) && !left.contains("elin.own"));
    clinic.checkpoint().await.unwrap();
    let trusted = clinic.key().checkpoint().public();
    let verify = Verify {
        trusted: &[trusted],
        projector: Some(&ClinicProjector),
        index: Some(&clinic.key().index()),
    };
    let report = clinic.journal().verify(verify).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
}

/// What is left of a file that cannot be deleted is said, and everything else is ended all the same.
#[tokio::test]
async fn a_recording_that_cannot_be_deleted_keeps_no_login_of_the_erased_alive() {
    let (house, patient) = demo("Elin").await;
    let clinic = &house.server.app().clinic;
    let name = clinic.name_of(patient).await.unwrap().unwrap();
    let (_, mut theirs) = own(&house, patient, &name).await;
    let stream = Stream::new(StreamKind::Patient, patient);
    let stood = clinic.journal().stream(patient).await.unwrap();
    let request = Request {
        stream,
        expected: stood.map_or(0, |info| info.sequence),
        why: "sealed".into(),
        actor: Uuid::nil(),
        at: Timestamp::now(),
        salt: [7; 32],
    };
    let recording = Recording {
        session: Uuid::from_u128(7),
        table: Uuid::from_u128(8),
        file: "stuck.frames".into(),
        sha256: [0; 32],
        frames: 1,
        format: Format::Frames,
    };
    let sealed = clinic
        .journal()
        .register_recording(&request, &recording, None);
    sealed.await.unwrap();
    // A folder of that name is deleted by nobody who wants to delete a file.
    let stuck = house.folder.path().join("recordings/stuck.frames");
    std::fs::create_dir_all(&stuck).unwrap();

    let mut lead = house.as_demo("nadia").await;
    let told = ask(&mut lead, patient, "erase", &name).await;
    assert_eq!(told.code(), "recording-left");
    told.shows("stuck.frames");
    assert_eq!(theirs.get("/").await.location(), "/login");
    let page = lead.get(&format!("/patients/{patient}/keeping")).await.ok();
    page.shows("keeping-erased");
}

/// Everybody of the demonstration, with their course, appointments and who looked at them: what
/// leaves the clinic is FHIR R4 as far as our checker knows it, and other programs' checkers get
/// the same from the crate's own tests.
#[tokio::test]
async fn every_record_of_a_clinic_leaves_as_fhir() {
    let (house, _) = demo("Elin").await;
    let clinic = &house.server.app().clinic;
    let mut lead = house.as_demo("nadia").await;
    let all = clinic.find("", 50).await.unwrap().listed;
    assert!(all.len() > 5);
    let mut kinds = BTreeSet::new();
    for one in &all {
        let page = lead.get(&format!("/patients/{}", one.id)).await.ok();
        page.shows(&one.name);
        let file = lead
            .get(&format!("/patients/{}/keeping/fhir", one.id))
            .await
            .ok();
        assert_eq!(file.headers["content-type"], "application/fhir+json");
        let bundle: Value = serde_json::from_str(&file.body).unwrap();
        let issues = fhir::check::resource(&bundle);
        let errors: Vec<_> = issues
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
        for entry in bundle["entry"].as_array().unwrap() {
            kinds.insert(
                entry["resource"]["resourceType"]
                    .as_str()
                    .unwrap()
                    .to_owned(),
            );
        }
    }
    for kind in [
        "Patient",
        "Observation",
        "RiskAssessment",
        "CarePlan",
        "Procedure",
        "Appointment",
        "AuditEvent",
        "Consent",
    ] {
        assert!(kinds.contains(kind), "{kind} is not among {kinds:?}");
    }
}

#[tokio::test]
async fn nobody_erases_what_is_held() {
    let (house, patient) = demo("Elin").await;
    let clinic = &house.server.app().clinic;
    let name = clinic.name_of(patient).await.unwrap().unwrap();
    let (account, mut theirs) = own(&house, patient, &name).await;
    let mut lead = house.as_demo("nadia").await;
    ask(&mut lead, patient, "hold", "").await.ok();
    let page = lead.get(&format!("/patients/{patient}/keeping")).await.ok();
    page.shows("keeping-refused").shows(WHY.1);
    let refused = ask(&mut lead, patient, "erase", &name).await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, "journal-kept")
    );
    assert!(clinic.user(account).await.unwrap().is_some());
    theirs.get(&format!("/patients/{patient}/mine")).await.ok();
    ask(&mut lead, patient, "lift", "").await.ok();
    ask(&mut lead, patient, "erase", &name).await.ok();
}

/// The accounts go first: what was cut short is begun again by the name that the record still has.
#[tokio::test]
async fn an_erasure_that_was_cut_short_is_begun_again() {
    let (house, patient) = demo("Elin").await;
    let clinic = &house.server.app().clinic;
    let name = clinic.name_of(patient).await.unwrap().unwrap();
    let (account, _) = own(&house, patient, &name).await;
    let stood = clinic.journal().stream(account).await.unwrap();
    let request = Request {
        stream: Stream::new(StreamKind::User, account),
        expected: stood.map_or(0, |info| info.sequence),
        why: "cut short".into(),
        actor: Uuid::nil(),
        at: Timestamp::now(),
        salt: [7; 32],
    };
    clinic
        .journal()
        .erase(&request, &ClinicProjector)
        .await
        .unwrap();
    let mut lead = house.as_demo("nadia").await;
    ask(&mut lead, patient, "erase", &name).await.ok();
    assert_eq!(clinic.name_of(patient).await.unwrap(), None);
}

#[tokio::test]
async fn nobody_erases_before_the_period_of_the_clinic_has_ended() {
    let kept = House::staffed().await;
    let none = House::open(|options| options.settings.retention_years = 0).await;
    for role in [Role::Practitioner, Role::Administrator] {
        none.hire(role).await;
    }
    for (house, refused) in [(kept, true), (none, false)] {
        let patient = house.pat(Region::Lumbar).await;
        let mut admin = house.as_role(Role::Administrator).await;
        let page = admin
            .get(&format!("/patients/{patient}/keeping"))
            .await
            .ok();
        assert_eq!(page.body.contains("keeping-refused"), refused);
        let page = ask(&mut admin, patient, "erase", "Pat Example").await;
        let code = if refused { "journal-kept" } else { "" };
        assert_eq!(page.code(), code);
        let there = house.server.app().clinic.name_of(patient).await.unwrap();
        assert_eq!(there.is_some(), refused);
    }
}
