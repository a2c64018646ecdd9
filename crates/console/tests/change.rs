//! Another force in a running session: drawn first, in two acts, by the page in control.

use axum::http::StatusCode;

use crate::steps::{armed, bedside, house, planned, stage, started};

/// hazard: H1, H14
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn force_is_changed_in_two_acts_after_it_was_drawn_and_never_past_what_was_signed() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 10);
    let mut colin = house.as_demo("colin").await;
    let base = planned(&house, &mut colin).await;
    let session = armed(&mut colin, &base).await;
    let page = colin.get(&session).await.ok();
    let course = page.body.split("data-test=\"course\"").nth(1).unwrap();
    let course = course.split("</svg>").next().unwrap();
    assert!(course.contains("<svg"), "its own course is drawn: {course}");
    started(&mut colin, &session).await;
    let running = stage(&house, &["running"]).await;
    assert!(
        !running.limit.is_empty(),
        "the limiter's reason is told: {running:?}"
    );
    let mode = page.after("id=\"change-mode\"", "option value");
    let tab = colin.tab.clone();
    let path = |force: &str| format!("{session}/change?mode={mode}&force_n={force}&page={tab}");
    let drawn = colin.get(&path("40")).await.ok();
    drawn.shows("<svg").shows("data-test=\"change-words\"");
    let more = format!("{:.0}", running.ceiling_n + 1.0);
    for force in [more.as_str(), "0", "nothing"] {
        let page = colin.get(&path(force)).await;
        assert_eq!(page.code(), "force-not-signed", "{force}");
        let change = [("purpose", "change"), ("mode", &mode), ("force_n", force)];
        let page = colin.post(&format!("{session}/prepare"), &change).await;
        assert_eq!(page.code(), "force-not-signed", "{force}");
    }
    let change = [("purpose", "change"), ("mode", &mode), ("force_n", "40")];
    let mut sofia = house.as_demo("sofia").await;
    let page = sofia.post(&format!("{session}/prepare"), &change).await;
    assert_eq!(
        page.status,
        StatusCode::FORBIDDEN,
        "an assistant changes nothing"
    );
    colin
        .post(&format!("{session}/prepare"), &change)
        .await
        .ok();
    colin.post(&format!("{session}/confirm"), &[]).await.ok();
    let app = house.server.app().bedside.clone().unwrap();
    for _ in 0..200 {
        let status = app.live().status.unwrap();
        if status.stage == "running" && (status.set_point_n - 40.0).abs() < 0.5 {
            bedside.stop().unwrap();
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("never 40 N: {:?}", app.live().status);
}
