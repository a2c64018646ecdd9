//! What a new fact does to a session that is armed or pulling.

use std::time::Duration;

use axum::http::StatusCode;
use care::episode::Command;
use care::fact::{By, FactKey, Reading, Value};
use console::bedside::Live;

use crate::browser::House;
use crate::steps::{armed, bedside, chart, house, planned, started, until};

/// A red flag that somebody enters at another desk.
async fn red_flag(house: &House) {
    let clinic = &house.server.app().clinic;
    let colin = clinic.user_by_login("colin").await.unwrap().unwrap();
    let reading = Reading::value(
        FactKey::plain("saddle_numbness"),
        Value::Bool(true),
        clinic.now(),
        By::Practitioner,
    );
    let command = Command::RecordFacts {
        readings: vec![reading],
        denied: Vec::new(),
    };
    let id = chart(house, "Elin").await.id;
    let after = clinic.act(id, &colin.actor(), command).await.unwrap();
    assert!(
        after.episode.suspended().next().is_some(),
        "it suspends the plan"
    );
}

/// Waits for what the table says; five seconds at most.
async fn table(house: &House, what: &str, wanted: impl Fn(&table::wire::Status) -> bool) {
    let bedside = house.server.app().bedside.clone().unwrap();
    for _ in 0..100 {
        let Live { status, .. } = bedside.live();
        if status.as_ref().is_some_and(&wanted) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never: {what}: {:?}", bedside.live().status);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_red_flag_between_arming_and_confirming_keeps_the_table_still() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 60);
    let mut browser = house.as_demo("colin").await;
    let base = planned(&house, &mut browser).await;
    let session = armed(&mut browser, &base).await;
    for switch in ["press", "release"] {
        browser
            .post(&format!("{session}/simulate"), &[("switch", switch)])
            .await
            .ok();
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    browser
        .post(&format!("{session}/prepare"), &[("purpose", "start")])
        .await
        .ok();
    red_flag(&house).await;
    let page = browser.post(&format!("{session}/confirm"), &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.code(), "suspended");
    tokio::time::sleep(Duration::from_secs(1)).await;
    table(&house, "it stays armed", |status| status.stage == "armed").await;
    assert!(chart(&house, "Elin").await.episode.running().is_none());
    bedside.stop().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_red_flag_while_it_pulls_withholds_every_increase_and_tells_the_inbox() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 10);
    let mut browser = house.as_demo("colin").await;
    let base = planned(&house, &mut browser).await;
    let session = armed(&mut browser, &base).await;
    started(&mut browser, &session).await;
    table(&house, "it pulls", |s| {
        s.stage == "running" && s.held.is_none()
    })
    .await;
    red_flag(&house).await;
    table(&house, "increases are withheld", |s| {
        s.held.as_deref() == Some("staff-no-increase")
    })
    .await;
    let page = browser.get(&session).await.ok();
    page.shows("data-test=\"live-record\">Sessions are suspended");
    browser.get("/").await.shows("data-test=\"inbox\"");
    let alerts = chart(&house, "Elin").await;
    assert!(alerts.episode.open_alerts().any(|a| a.urgency != "routine"));
    let page = browser.post(&format!("{session}/allow"), &[]).await;
    assert_eq!(page.code(), "suspended", "nobody raises it past the record");
    bedside.stop().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_withdrawn_while_it_pulls_stops_the_table() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 10);
    let mut browser = house.as_demo("colin").await;
    let base = planned(&house, &mut browser).await;
    let session = armed(&mut browser, &base).await;
    started(&mut browser, &session).await;
    table(&house, "it pulls", |s| s.stage == "running").await;
    until(&house, "Elin", "the session is on record", |c| {
        c.episode.running().is_some()
    })
    .await;
    browser
        .post(&format!("{base}/consent/withdraw"), &[("reason", "enough")])
        .await
        .ok();
    table(&house, "it lets go", |s| {
        matches!(s.stage.as_str(), "unloading" | "unloaded") && s.latch.is_some()
    })
    .await;
    bedside.stop().unwrap();
}
