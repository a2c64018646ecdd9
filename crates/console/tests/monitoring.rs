//! High blood pressure under control: measured before, during and after, or nothing starts and nothing closes.

use care::episode::{Command, EndCause};
use care::fact::{By, FactKey, Reading, Value};

use crate::browser::{Browser, House};
use crate::steps::{
    answers, arm, armed, bedside, chart, fill, house, planned, stage, started, until,
};

/// What Elin Marsh tells of her heart and vessels before the plan is made.
async fn hypertensive(house: &House) {
    let clinic = &house.server.app().clinic;
    let colin = clinic.user_by_login("colin").await.unwrap().unwrap();
    let told = [
        ("heart_lung_blood", true),
        ("hypertension", true),
        ("hypertension_controlled", true),
        ("cardiac_disease", false),
        ("cardiac_disease_unstable", false),
        ("respiratory_insufficiency", false),
        ("anticoagulant", false),
        ("bleeding_disorder", false),
        ("deep_vein_thrombosis", false),
        ("jugular_thrombosis", false),
    ];
    let told = told.map(|(fact, yes)| (fact, Value::Bool(yes), By::Patient));
    let measured = [("systolic_now", 132.0), ("diastolic_now", 80.0)];
    let measured = measured.map(|(fact, value)| (fact, Value::Number(value), By::Assistant));
    let readings = told.into_iter().chain(measured).map(|(fact, value, by)| {
        let unit = matches!(value, Value::Number(_)).then_some("mm[Hg]");
        let reading = Reading::value(FactKey::plain(fact), value, clinic.now(), by);
        unit.into_iter().fold(reading, Reading::with_unit)
    });
    let command = Command::RecordFacts {
        readings: readings.collect(),
        denied: Vec::new(),
    };
    let id = chart(house, "Elin").await.id;
    clinic.act(id, &colin.actor(), command).await.unwrap();
    clinic
        .act(id, &colin.actor(), Command::Evaluate)
        .await
        .unwrap();
}

const SAME: [(&str, &str); 2] = [("pain_now", "3"), ("distal_extent", "thigh-or-upper-arm")];

/// Arrived and checked; nothing is armed until the pressure of this visit is entered.
async fn measured_before(browser: &mut Browser, base: &str) -> String {
    let page = browser.get(&format!("{base}/treat")).await.ok();
    let fields = answers(&page, &SAME);
    fill(browser, &format!("{base}/treat/arrival"), &fields, &[])
        .await
        .ok();
    let page = browser.get(&format!("{base}/treat")).await.ok();
    page.shows("id=\"monitoring-save\"")
        .shows("name=\"f:systolic_now\"")
        .shows("stop at a systolic rise of 30 mmHg");
    assert!(
        !page.body.contains("f:oxygen_saturation"),
        "only what this patient's decision asks for"
    );
    let mut fields = answers(&page, &[("start_", "yes"), ("within_table_limits", "yes")]);
    fields.retain(|(name, _)| name != "f:systolic_now");
    let start = format!("{base}/treat/start");
    fill(browser, &start, &fields, &[]).await.ok();
    let page = arm(browser, base).await;
    assert_eq!(page.code(), "monitoring-missing", "{}", page.body);
    browser
        .post(&start, &[("f:systolic_now", "128")])
        .await
        .ok();
    let page = browser.get(&format!("{base}/treat")).await.ok();
    assert!(!page.body.contains("id=\"monitoring-save\""), "entered");
    arm(browser, base).await.ok().location().to_owned()
}

/// Twelve over the start goes on; thirty lets go.
async fn measured_during(house: &House, session: &str) {
    let mut assistant = house.as_demo("sofia").await;
    let monitor = format!("{session}/monitor");
    let page = assistant.get(session).await.ok();
    page.shows("Before the pull: 128 mmHg")
        .shows("not yet entered")
        .shows("≥ 30 mmHg");
    let wrong = assistant.post(&monitor, &[("f:systolic_now", "30")]).await;
    assert_eq!(wrong.code(), "answer-unreadable");
    assistant
        .post(&monitor, &[("f:systolic_now", "140")])
        .await
        .ok();
    assistant.get(session).await.shows("Last: 140 mmHg");
    stage(house, &["running"]).await;
    assistant
        .post(&monitor, &[("f:systolic_now", "158")])
        .await
        .ok();
    let status = stage(house, &["unloading", "unloaded"]).await;
    assert!(status.latch.is_some(), "{status:?}");
    assistant.get(session).await.shows("Last: 158 mmHg");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pressure_is_measured_before_during_and_after_and_a_rise_of_thirty_lets_go() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 10);
    hypertensive(&house).await;
    let mut browser = house.as_demo("colin").await;
    let base = planned(&house, &mut browser).await;
    let session = measured_before(&mut browser, &base).await;
    started(&mut browser, &session).await;
    stage(&house, &["running"]).await;
    measured_during(&house, &session).await;
    stage(&house, &["unloaded"]).await;
    browser.post(&format!("{session}/close"), &[]).await.ok();
    let ended = until(&house, "Elin", "the end is on record", |c| {
        c.episode.treated().any(|s| s.ended.is_some())
    })
    .await;
    let of = ended.episode.treated().next().unwrap();
    assert_eq!(care::session::cause(of), Some(EndCause::Symptom));
    assert!(
        ended
            .episode
            .open_alerts()
            .any(|a| a.about.contains("pressure-stop"))
    );

    let leaving = format!("{base}/leaving/{}", of.id);
    let page = browser.get(&leaving).await.ok();
    page.shows("name=\"f:systolic_now\"");
    assert!(
        !page.body.contains("during:"),
        "it was measured on the table"
    );
    let mut given = SAME.to_vec();
    given.push(("systolic_now", ""));
    let fields = answers(&page, &given);
    let card = [("warning_card", "yes")];
    let page = fill(&mut browser, &leaving, &fields, &card).await;
    assert_eq!(page.code(), "monitoring-missing");
    given.pop();
    given.push(("systolic_now", "136"));
    let page = browser.get(&leaving).await.ok();
    let fields = answers(&page, &given);
    fill(&mut browser, &leaving, &fields, &card).await.ok();
    let closed = chart(&house, "Elin").await;
    assert!(closed.episode.visits.last().unwrap().leaving.is_some());
    bedside.stop().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pull_cut_short_before_the_measurement_closes_by_saying_so() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 60);
    hypertensive(&house).await;
    let mut browser = house.as_demo("colin").await;
    let base = planned(&house, &mut browser).await;
    let session = measured_before(&mut browser, &base).await;
    started(&mut browser, &session).await;
    stage(&house, &["running"]).await;
    browser.post(&format!("{session}/stop"), &[]).await.ok();
    stage(&house, &["unloaded"]).await;
    browser.post(&format!("{session}/close"), &[]).await.ok();
    until(&house, "Elin", "the end is on record", |c| {
        c.episode.treated().any(|s| s.ended.is_some())
    })
    .await;
    let leaving = format!("{base}/leaving/{}", session.rsplit('/').next().unwrap());
    let page = browser.get(&leaving).await.ok();
    page.shows("name=\"during:systolic_now\"");
    let mut given = SAME.to_vec();
    given.push(("systolic_now", "130"));
    let fields = answers(&page, &given);
    let card = [("warning_card", "yes")];
    let silent = fill(&mut browser, &leaving, &fields, &card).await;
    assert_eq!(silent.code(), "monitoring-missing");
    let said = [card[0], ("during:systolic_now", "?")];
    fill(&mut browser, &leaving, &fields, &said).await.ok();
    let closed = chart(&house, "Elin").await;
    assert!(closed.episode.visits.last().unwrap().leaving.is_some());
    bedside.stop().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_of_the_pull_answered_no_is_kept_and_answered_yes_lets_go() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 10);
    let mut browser = house.as_demo("colin").await;
    let base = planned(&house, &mut browser).await;
    let session = armed(&mut browser, &base).await;
    let monitor = format!("{session}/monitor");
    let early = browser.post(&monitor, &[("f:table_weakness", "no")]).await;
    assert_eq!(early.code(), "session-not-started");
    started(&mut browser, &session).await;
    stage(&house, &["running"]).await;
    let no = [("f:table_weakness", "no")];
    browser.post(&monitor, &no).await.ok();
    stage(&house, &["running"]).await;
    let yes = [("f:table_weakness", "yes")];
    browser.post(&monitor, &yes).await.ok();
    stage(&house, &["unloading", "unloaded"]).await;
    let told = until(&house, "Elin", "both answers are on record", |c| {
        let mut sessions = c.episode.treated();
        sessions.next().is_some_and(|s| s.reports.len() == 2)
    })
    .await;
    let of = told.episode.treated().next().unwrap();
    let said: Vec<&str> = of
        .reports
        .iter()
        .map(|report| report.decision.verdict.as_str())
        .collect();
    assert_eq!(said, ["continue", "stop"]);
    bedside.stop().unwrap();
}
