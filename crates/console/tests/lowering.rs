//! Less force and a symptom reach the table whatever else fails, and a lost one is said.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use care::episode::EndCause;
use console::door::route::Note;
use console::routes::TABLE;

use crate::browser::{Browser, House, Page, encode};
use crate::steps::{
    answers, armed, bedside, chart, fill, house, planned, stage, started, told, until,
};

/// Posts as the page's script does.
async fn fetched(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let csrf = browser.csrf.clone();
    let mut fields = fields.to_vec();
    fields.push(("csrf", &csrf));
    let mut request: Request<Body> = browser.request("POST", path, Body::from(encode(&fields)));
    let value = "1".parse().unwrap();
    request.headers_mut().insert("x-annulus-fetch", value);
    browser.send(request).await
}

#[test]
fn only_what_lowers_reports_or_answers_an_alarm_is_noted_after_the_act() {
    let mut after: Vec<&str> = TABLE
        .iter()
        .filter(|route| route.note == Note::After)
        .map(|route| route.path.rsplit('/').next().unwrap())
        .collect();
    after.sort_unstable();
    let lowering = [
        "ack",
        "comfort",
        "lower",
        "monitor",
        "no-increase",
        "pause",
        "silence",
        "stop",
        "symptom",
        "well",
    ];
    assert_eq!(after, lowering);
}

#[tokio::test]
async fn a_stop_without_a_login_says_that_it_did_not_arrive() {
    let house = House::staffed().await;
    let session = "00000000-0000-4000-8000-000000000000";
    let stop = format!("/patients/{session}/session/{session}/stop");
    let mut browser = house.browser();
    for page in [
        browser.post(&stop, &[]).await,
        fetched(&mut browser, &stop, &[]).await,
    ] {
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        page.shows("STOP did not arrive. Use the patient");
    }
    let pause = stop.replace("/stop", "/pause");
    let page = fetched(&mut browser, &pause, &[]).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    page.shows("The command did not arrive.");
}

/// hazard: H30
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stop_reaches_the_table_although_journal_and_audit_are_gone() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 10);
    let mut browser = house.as_demo("colin").await;
    let base = planned(&house, &mut browser).await;
    let session = armed(&mut browser, &base).await;
    started(&mut browser, &session).await;
    stage(&house, &["running"]).await;
    house.server.app().clinic.close().await.unwrap();
    let page = fetched(&mut browser, &format!("{session}/pause"), &[]).await;
    assert_eq!(page.status, StatusCode::NO_CONTENT, "{}", page.body);
    let page = fetched(&mut browser, &format!("{session}/stop"), &[]).await;
    assert_eq!(page.status, StatusCode::NO_CONTENT, "{}", page.body);
    let status = stage(&house, &["unloading", "unloaded"]).await;
    assert!(status.latch.is_some(), "{status:?}");
    bedside.stop().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_symptom_without_control_lets_go_and_is_on_record() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 10);
    let mut browser = house.as_demo("colin").await;
    let base = planned(&house, &mut browser).await;
    let session = armed(&mut browser, &base).await;
    started(&mut browser, &session).await;
    stage(&house, &["running"]).await;
    let app = house.server.app().bedside.clone().unwrap();
    app.call(table::client::Client::release_lease)
        .await
        .unwrap();
    let told = [("symptom", "numbness")];
    browser
        .post(&format!("{session}/symptom"), &told)
        .await
        .ok();
    stage(&house, &["unloading", "unloaded"]).await;
    let reported = |c: &console::clinic::Chart| {
        let mut lines = c.episode.timeline.iter();
        lines.any(|line| line.kind == "session-reported")
    };
    until(&house, "Elin", "the symptom is on record", reported).await;
    bedside.stop().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_explained_on_the_table_names_who_and_why_and_a_blank_flag_stays_open() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 60);
    let mut browser = house.as_demo("colin").await;
    let base = planned(&house, &mut browser).await;
    let session = armed(&mut browser, &base).await;
    started(&mut browser, &session).await;
    stage(&house, &["running"]).await;
    let explain = format!("{session}/explain");
    let why = [("stop", "comfort"), ("reason", "too tight")];
    let early = browser.post(&explain, &why).await;
    assert_eq!(early.code(), "nothing-stopped");
    browser.post(&format!("{session}/stop"), &[]).await.ok();
    stage(&house, &["unloaded"]).await;
    let mute = browser.post(&explain, &why[..1]).await;
    assert_eq!(mute.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.post(&explain, &why).await.ok();
    let explained = chart(&house, "Elin").await;
    let line = explained.episode.timeline.iter();
    let line = line.filter(|line| line.kind == "stop-explained").count();
    assert_eq!(line, 1);
    let clinic = &house.server.app().clinic;
    let events = clinic.journal().read(explained.id).await.unwrap();
    let said = events.iter().rev().find(|e| e.kind == "stop-explained");
    let said = said.unwrap();
    let colin = clinic.user_by_login("colin").await.unwrap().unwrap();
    assert_eq!(said.actor, colin.id);
    let payload = String::from_utf8_lossy(said.payload.as_deref().unwrap());
    assert!(payload.contains("too tight"));
    browser.post(&format!("{session}/close"), &[]).await.ok();
    let ended = until(&house, "Elin", "the end is on record", |c| {
        c.episode.treated().any(|s| s.ended.is_some())
    })
    .await;
    let of = ended.episode.treated().next().unwrap();
    assert_eq!(care::session::cause(of), Some(EndCause::Comfort));
    bedside.stop().unwrap();
    blank(&house, &mut browser, &base, &session).await;
}

/// One red flag is left blank: nobody is told that nothing was found.
async fn blank(house: &House, browser: &mut Browser, base: &str, session: &str) {
    let id = session.rsplit('/').next().unwrap();
    let page = browser.get(&format!("{base}/leaving/{id}")).await.ok();
    let same = [("pain_now", "3"), ("distal_extent", "thigh-or-upper-arm")];
    let fields = answers(&page, &same);
    let card = [("warning_card", "yes")];
    fill(browser, &format!("{base}/leaving/{id}"), &fields, &card)
        .await
        .ok();
    let page = browser
        .post(&format!("{base}/recover/{id}/link"), &[])
        .await
        .ok();
    let link = page.body.split("href=\"/c/").nth(1).unwrap();
    let link = format!("/c/{}", link.split('"').next().unwrap());
    let mut patient = house.browser();
    let page = patient.get(&link).await.ok();
    let given = [
        ("since_saddle_numbness", ""),
        ("since_", "no"),
        ("pain_", "3"),
        ("distal_extent", "thigh-or-upper-arm"),
        ("soreness", ""),
    ];
    let result = told(&mut patient, &link, &page, &given).await;
    result
        .shows("data-result=\"adjust\"")
        .shows("data-test=\"open\"")
        .shows("call the clinic now");
    assert!(!result.body.contains("Nothing dangerous"));
}
