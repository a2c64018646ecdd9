//! The daily test of the patient's switch, and the question that a patient is asked.

use std::time::Duration;

use axum::http::StatusCode;
use care::episode::Role;
use table::wire::Question;
use uuid::Uuid;

use crate::browser::{Browser, House};
use crate::steps::{arm_untested, armed, bedside, house, planned, stage, started, test_switch};

/// hazard: H11, H12
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_table_is_armed_whose_switch_was_not_tested_that_day() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 60);
    let mut colin = house.as_demo("colin").await;
    let base = planned(&house, &mut colin).await;
    let untested = arm_untested(&mut colin, &base).await;
    assert_eq!(untested.code(), "switch-untested-today");
    for (force, let_go, code) in [
        ("10", "yes", "switch-test-force"),
        ("100000", "yes", "switch-test-force"),
        ("500", "", "field-missing"),
    ] {
        let page = test_switch(&mut colin, &base, force, let_go).await;
        assert_eq!(page.code(), code, "{force}");
    }
    test_switch(&mut colin, &base, "500", "no").await.ok();
    let failed = arm_untested(&mut colin, &base).await;
    assert_eq!(failed.code(), "switch-untested-today", "it did not let go");
    test_switch(&mut colin, &base, "500", "yes").await.ok();
    let tested = arm_untested(&mut colin, &base).await;
    assert_ne!(tested.code(), "switch-untested-today");
    let clinic = &house.server.app().clinic;
    clinic.forward(uuid::Uuid::nil(), 24 * 3600).await.unwrap();
    let next_day = arm_untested(&mut colin, &base).await;
    assert_eq!(next_day.code(), "switch-untested-today");
    bedside.stop().unwrap();
}

#[tokio::test]
async fn a_switch_test_is_kept_over_a_restart() {
    let mut house = House::staffed().await;
    let table = *b"test-table-00001";
    let test = console::clinic::SwitchTest {
        table: hex::encode(table),
        force_n: 445.0,
        ceiling_n: 890.0,
        passed: true,
        by: "Sofia".into(),
    };
    let clinic = &house.server.app().clinic;
    clinic
        .keep_switch_test(uuid::Uuid::nil(), test)
        .await
        .unwrap();
    clinic.close().await.unwrap();
    let folder = house.folder.path().to_owned();
    house.server = crate::browser::server(folder, |_| ()).await;
    assert!(
        house
            .server
            .app()
            .clinic
            .switch_tested(&table)
            .await
            .is_ok()
    );
    let other = house.server.app().clinic.switch_tested(&[1; 16]);
    assert_eq!(other.await.unwrap_err().code, "switch-untested-today");
    let mut desk = house.as_role(Role::FrontDesk).await;
    let page = desk
        .post(
            "/patients/00000000-0000-4000-8000-000000000001/treat/switch",
            &[],
        )
        .await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

/// hazard: H12
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_patient_is_asked_and_no_answer_is_seen_told_and_on_record() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 10);
    let mut colin = house.as_demo("colin").await;
    let base = planned(&house, &mut colin).await;
    let session = armed(&mut colin, &base).await;
    started(&mut colin, &session).await;
    stage(&house, &["running"]).await;
    let sleeps = [("asleep", "yes")];
    colin
        .post(&format!("{session}/simulate"), &sleeps)
        .await
        .ok();
    let words = "Ask now: how is it, 0 to 10?";
    let early = colin.get(&session).await.ok();
    assert!(!early.body.contains(words), "five minutes are not over");
    rest_a_minute(&house, &mut colin, &session).await;
    questioned(&house, Question::Due).await;
    colin.get(&session).await.ok().shows(words);
    questioned(&house, Question::Unanswered).await;
    let page = colin.get(&session).await.ok();
    page.shows("No answer for 30 s")
        .shows("The patient does not answer");
    stage(&house, &["paused"]).await;
    let onwards = colin.post(&format!("{session}/continue"), &[]).await;
    assert!(onwards.body.contains("nobody answered"), "{}", onwards.body);
    let told = [("score", "2")];
    colin.post(&format!("{session}/comfort"), &told).await.ok();
    questioned(&house, Question::None).await;
    colin.post(&format!("{session}/continue"), &[]).await.ok();
    colin.post(&format!("{session}/stop"), &[]).await.ok();
    stage(&house, &["unloaded"]).await;
    colin.post(&format!("{session}/close"), &[]).await.ok();
    let app = house.server.app();
    let journal = app.clinic.journal();
    // The bedside is told once the session is sealed, and notes it.
    let told = house.folder.path().join("bedside").join("sealed.json");
    for _ in 0..200 {
        if told.exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(told.exists(), "the session never came in");
    let table = Uuid::from_bytes(*b"test-table-00001");
    let events = journal.read(table).await.unwrap();
    let found: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(found, ["patient-unanswered", "session-fetched"]);
    bedside.stop().unwrap();
}

/// A pause by the staff, which is no sign of the patient: the pull itself lasts five minutes.
async fn rest_a_minute(house: &House, browser: &mut Browser, session: &str) {
    browser.post(&format!("{session}/pause"), &[]).await.ok();
    let since = stage(house, &["paused"]).await.tick;
    while stage(house, &["paused"]).await.tick < since + 6_000 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    browser.post(&format!("{session}/continue"), &[]).await.ok();
    stage(house, &["running"]).await;
}

/// Waits until the question to the patient stands so.
async fn questioned(house: &House, wanted: Question) {
    let bedside = house.server.app().bedside.clone().unwrap();
    for _ in 0..1_200 {
        let status = bedside.live().status;
        if status.is_some_and(|status| status.question == wanted) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never {wanted:?}: {:?}", bedside.live().status);
}
