//! Alarms through the server: whoever sees the session answers them, and none is unheard.

use std::time::Duration;

use crate::browser::Browser;
use crate::steps::{arm, armed, bedside, house, planned, stage, started};

/// hazard: H23
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alarm_is_silenced_and_acknowledged_by_a_page_that_only_looks() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 10);
    let mut colin = house.as_demo("colin").await;
    let base = planned(&house, &mut colin).await;
    let session = armed(&mut colin, &base).await;
    started(&mut colin, &session).await;
    stage(&house, &["running"]).await;
    let press = [("switch", "press")];
    colin
        .post(&format!("{session}/simulate"), &press)
        .await
        .ok();
    stage(&house, &["unloading", "unloaded"]).await;
    let mut sofia = house.as_demo("sofia").await;
    let page = sofia.get(&session).await.ok();
    page.shows("data-priority=\"high\" data-seen=\"false\" data-alarm=\"patient-switch\"");
    // What is younger nobody can have seen, and so is not acknowledged.
    tokio::time::sleep(Duration::from_millis(2 * table::alarm::SEEN_MS)).await;
    let seen = "data-seen=\"true\" data-alarm=\"patient-switch\"";
    for (act, shown) in [("silence", "Silent for "), ("ack", seen)] {
        sofia.post(&format!("{session}/{act}"), &[]).await.ok();
        shows(&mut sofia, &session, shown).await;
    }
    bedside.stop().unwrap();
}

/// Loads the page until it shows this; five seconds at most.
async fn shows(browser: &mut Browser, session: &str, words: &str) {
    let mut page = browser.get(session).await.ok();
    for _ in 0..100 {
        if page.body.contains(words) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        page = browser.get(session).await.ok();
    }
    page.shows(words);
}

/// hazard: H23
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_armed_whose_alarms_nobody_heard() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 60);
    let mut colin = house.as_demo("colin").await;
    let base = planned(&house, &mut colin).await;
    arm(&mut colin, &base).await;
    let deaf = [("attendant", "Sofia Lund")];
    let page = colin.post(&format!("{base}/treat/arm"), &deaf).await;
    assert_eq!(page.code(), "sound-untested");
    bedside.stop().unwrap();
}

#[tokio::test]
async fn the_sound_of_a_page_is_the_tables_own() {
    let house = crate::browser::House::staffed().await;
    for priority in ["high", "medium", "low"] {
        let page = house
            .browser()
            .get(&format!("/assets/alarm-{priority}.wav"))
            .await
            .ok();
        assert_eq!(page.headers["content-type"], "audio/wav");
        page.shows("RIFF");
    }
}
