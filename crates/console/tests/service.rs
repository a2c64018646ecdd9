//! A table whose sensors could not be believed twice is not armed again before service.

use table::client::Client;
use table::wire::{FaultName, Simulated};

use crate::browser::{Browser, House};
use crate::steps::{arm, armed, bedside, house, planned, stage, started};

async fn cell(house: &House, on: bool) {
    let app = house.server.app().bedside.clone().unwrap();
    let fault = FaultName::CellALow;
    app.call(move |client: &Client| client.simulate(Simulated::Fault { fault, on }))
        .await
        .unwrap();
}

/// A cell goes wrong while it pulls harder than this; the table lets go, and the cell is right again.
async fn doubted(house: &House, above_n: f64) {
    let bedside = house.server.app().bedside.clone().unwrap();
    for _ in 0..600 {
        let status = bedside.live().status.unwrap();
        if status.stage == "running" && status.force_n > above_n {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    cell(house, true).await;
    let stopped = stage(house, &["unloaded"]).await;
    assert_eq!(stopped.latch.as_deref(), Some("cells-disagree"));
    cell(house, false).await;
}

async fn resumed(browser: &mut Browser, session: &str) {
    for switch in ["press", "release"] {
        let press = [("switch", switch)];
        browser
            .post(&format!("{session}/simulate"), &press)
            .await
            .ok();
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    }
    let resume = [("purpose", "resume")];
    browser
        .post(&format!("{session}/prepare"), &resume)
        .await
        .ok();
    browser.post(&format!("{session}/confirm"), &[]).await.ok();
}

/// hazard: H2
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sensors_in_doubt_twice_are_shown_and_keep_the_table_from_being_armed() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 10);
    let mut colin = house.as_demo("colin").await;
    let base = planned(&house, &mut colin).await;
    let session = armed(&mut colin, &base).await;
    started(&mut colin, &session).await;
    doubted(&house, 60.0).await;
    let words = "The table needs service";
    let once = colin.get(&session).await.ok();
    assert!(!once.body.contains(words), "once is no reason yet");
    resumed(&mut colin, &session).await;
    doubted(&house, 40.0).await;
    colin.get(&session).await.ok().shows(words);
    colin.post(&format!("{session}/close"), &[]).await.ok();
    let again = arm(&mut colin, &base).await;
    assert_eq!(again.code(), "service-due");
    bedside.stop().unwrap();
}
