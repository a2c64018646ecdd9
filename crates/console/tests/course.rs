//! One patient all the way round, with a real bedside beside the server.

use std::time::Duration;

use axum::http::StatusCode;
use care::episode::{EndCause, NextStep};

use crate::browser::{Browser, House, server};
use crate::steps::{
    answers, armed, bedside, chart, fill, house, planned, sign, started, told, until,
};

/// STOP while it pulls; the end and its recording reach the record.
async fn stopped_mid_hold(house: &House, browser: &mut Browser, session: &str) {
    until(house, "Elin", "the session is on record", |c| {
        c.episode.running().is_some()
    })
    .await;
    browser
        .get(session)
        .await
        .shows("id=\"stop\"")
        .shows("data-live=\"force\"");
    tokio::time::sleep(Duration::from_secs(2)).await;
    browser.post(&format!("{session}/stop"), &[]).await.ok();
    tokio::time::sleep(Duration::from_secs(1)).await;
    browser
        .post(
            &format!("{session}/explain"),
            &[("stop", "comfort"), ("reason", "too tight")],
        )
        .await
        .ok();
    browser.post(&format!("{session}/close"), &[]).await.ok();
    let chart = until(house, "Elin", "the end is on record", |c| {
        c.episode.treated().any(|s| s.ended.is_some())
    })
    .await;
    let summary = chart
        .episode
        .treated()
        .next()
        .unwrap()
        .summary
        .clone()
        .unwrap();
    assert_eq!(summary.cause, EndCause::Comfort);
    assert!(
        summary.peak_force_n > 0.0 && summary.recording_sha256.is_some(),
        "{summary:?}"
    );
    recorded_once(house, session).await;
    let ended = browser.get(session).await.ok();
    ended.shows("data-test=\"session-ended\"");
    // Why it stopped is said in words, not by its name on the wire.
    ended.shows("STOP was pressed").shows("one stop.");
    assert!(!ended.body.contains(">console-stop<"), "{}", ended.body);
}

/// The recording lies where nobody else reads it, and its patient's stream names it once.
async fn recorded_once(house: &House, session: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let id: uuid::Uuid = session.rsplit('/').next().unwrap().parse().unwrap();
    let clinic = &house.server.app().clinic;
    let patient = chart(house, "Elin").await.id;
    let mut found = None;
    for _ in 0..100 {
        found = clinic.journal().recording(id).await.unwrap();
        if found.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let (stream, recording) = found.expect("the recording is registered");
    assert_eq!(stream.id, patient);
    let file = house.folder.path().join("recordings").join(&recording.file);
    let bytes = std::fs::read(&file).unwrap();
    assert_eq!(recording.sha256, record::sha256(&bytes));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    // Beside it lies its Parquet, sealed in the same event, which gives it back.
    let sealed = clinic.journal().sealed_parquet(stream, id).await.unwrap();
    let sealed = sealed.expect("the Parquet is sealed with it");
    let beside = file.with_file_name(&sealed.file);
    assert_eq!(
        sealed.sha256,
        record::sha256(&std::fs::read(&beside).unwrap())
    );
    assert!(console::bedside::from_parquet(&beside).unwrap() == bytes);
    // Two more looks at the table, and a second registration, change nothing.
    tokio::time::sleep(Duration::from_millis(2500)).await;
    clinic
        .register_recording(patient, &recording, None)
        .await
        .unwrap();
    let events = clinic.journal().read(patient).await.unwrap();
    let named = events.iter().filter(|e| e.is_own()).count();
    assert_eq!(named, 1, "sealed exactly once");
    let stands = events.last().unwrap().sequence;
    assert_eq!(clinic.chart(patient).await.unwrap().sequence, stands);
}

/// The leaving check, and the personal link that is shown once.
async fn left(browser: &mut Browser, base: &str, session: &str) -> String {
    let id = session.rsplit('/').next().unwrap().to_owned();
    let page = browser.get(&format!("{base}/leaving/{id}")).await.ok();
    page.shows("Left leg: NPRS now");
    assert!(!page.body.contains("(limb-left)"));
    let fields = answers(
        &page,
        &[("pain_now", "3"), ("distal_extent", "thigh-or-upper-arm")],
    );
    fill(
        browser,
        &format!("{base}/leaving/{id}"),
        &fields,
        &[("warning_card", "yes")],
    )
    .await
    .ok();
    let page = browser
        .post(&format!("{base}/recover/{id}/link"), &[])
        .await
        .ok();
    page.shows("data-test=\"personal-link\"").shows("<svg");
    // Whoever copies it has the whole address.
    let address = page.after("id=\"personal-address\"", "value");
    assert!(
        address.starts_with("http") && address.contains("/c/"),
        "{address}"
    );
    let link = page
        .body
        .split("href=\"/c/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    format!("/c/{link}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_patient_is_carried_from_the_plan_to_the_review() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 60);
    let mut browser = house.as_demo("colin").await;
    let base = planned(&house, &mut browser).await;
    let session = armed(&mut browser, &base).await;
    started(&mut browser, &session).await;
    stopped_mid_hold(&house, &mut browser, &session).await;
    let link = left(&mut browser, &base, &session).await;
    check_in(&house, &link).await;

    browser
        .get("/")
        .await
        .shows("Elin Rose Marsh")
        .shows("data-test=\"inbox\"");
    let chart = self::chart(&house, "Elin").await;
    let alert = chart.episode.open_alerts().next().unwrap().number;
    browser
        .post(
            &format!("{base}/alerts/{alert}/acknowledge"),
            &[("note", "calling now")],
        )
        .await
        .ok();
    let blocked = browser.post(&format!("{base}/treat/arrival"), &[]).await;
    assert_eq!(
        blocked.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a suspension blocks the next visit"
    );
    lift_all(&house, &mut browser, &base).await;
    browser.post(&format!("{base}/review"), &[]).await.ok();
    browser
        .get(&format!("{base}/review"))
        .await
        .shows("data-test=\"review\"");
    let chart = self::chart(&house, "Elin").await;
    assert_eq!(chart.episode.reviews.len(), 1);
    browser
        .get(&base)
        .await
        .shows("data-test=\"timeline\"")
        .shows("data-test=\"course\"");
    bedside.stop().unwrap();
}

/// A GET changes nothing; an emergency answer shows the emergency page and reaches the record.
async fn check_in(house: &House, link: &str) {
    let before = chart(house, "Elin").await.sequence;
    let mut patient = house.browser();
    let page = patient.get(link).await.ok();
    page.shows("id=\"emergency-now\"").shows("data-emergency");
    patient.get(link).await.ok();
    assert_eq!(
        chart(house, "Elin").await.sequence,
        before,
        "looking changes nothing"
    );
    let forged = patient.request(
        "POST",
        link,
        axum::body::Body::from("f%3Asince_saddle_numbness=yes"),
    );
    assert_eq!(
        patient.send(forged).await.status,
        StatusCode::FORBIDDEN,
        "without the form's token nothing is taken"
    );
    a_patient_who_is_well_is_told_so(&mut patient, link).await;
    // What was told stands there until something new is to be said.
    patient.get(link).await.ok().shows("data-result=\"well\"");
    let page = patient.get(&format!("{link}?again=yes")).await.ok();
    let given = [
        ("since_saddle_numbness", "yes"),
        ("since_", "no"),
        ("pain_", "4"),
        ("distal_extent", "spine"),
        ("soreness", ""),
    ];
    let result = told(&mut patient, link, &page, &given).await;
    result.shows("data-result=\"emergency\"");
    let chart = chart(house, "Elin").await;
    assert!(chart.episode.suspended().next().is_some());
    let wrong = patient.get("/c/00000000000000000000000000000000").await;
    assert_eq!(wrong.status, StatusCode::GONE);
}

/// Nothing hurts more and nothing is new: the page asks all that the rules for it need.
async fn a_patient_who_is_well_is_told_so(patient: &mut Browser, link: &str) {
    let page = patient.get(link).await.ok();
    let given = [
        ("since_", "no"),
        ("pain_", "3"),
        ("distal_extent", "thigh-or-upper-arm"),
        ("soreness", ""),
    ];
    let result = told(patient, link, &page, &given).await;
    result.shows("data-result=\"well\"");
}

async fn lift_all(house: &House, browser: &mut Browser, base: &str) {
    let clinic = &house.server.app().clinic;
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    clinic.forward(lead.id, 3600).await.unwrap();
    let open: Vec<u32> = chart(house, "Elin")
        .await
        .episode
        .suspended()
        .map(|s| s.number)
        .collect();
    for number in open {
        let page = browser.get(&format!("{base}/safety")).await;
        let examined = page.after(&format!("id=\"examined-{number}\""), "value");
        let fields = [
            ("examined", examined.as_str()),
            ("f:neuro_exam_done", "yes"),
            ("reason", "examined, no deficit"),
        ];
        browser
            .post(&format!("{base}/suspensions/{number}/lift"), &fields)
            .await
            .ok();
    }
    assert_ne!(
        clinic.next_step(&chart(house, "Elin").await.episode),
        NextStep::LiftSuspension
    );
}

/// The server of a folder, started again.
async fn back(folder: &std::path::Path) -> console::Server {
    server(folder.to_owned(), |options| {
        options.demo = true;
        options.bedside = Some(folder.join("bedside.sock"));
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_goes_away_finds_the_session_whole_when_it_comes_back() {
    let mut house = house().await;
    // The link is lost after five seconds of wall time: the session must last longer.
    let bedside = bedside(house.folder.path(), 10);
    let mut browser = house.as_demo("colin").await;
    let base = planned(&house, &mut browser).await;
    let session = armed(&mut browser, &base).await;
    started(&mut browser, &session).await;
    until(&house, "Elin", "the session is on record", |c| {
        c.episode.running().is_some()
    })
    .await;
    drop(browser);
    // The link falls silent as it does when the process is killed; the journal's lock goes with it.
    house.server.app().bedside.as_ref().unwrap().shut();
    house.server.app().clinic.close().await.unwrap();
    tokio::time::sleep(Duration::from_secs(7)).await;
    house.server = back(house.folder.path()).await;
    let mut browser = house.as_demo("colin").await;
    browser.open(&session);
    for _ in 0..100 {
        let page = browser.post(&format!("{session}/control"), &[]).await;
        if page.status.is_redirection() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for _ in 0..100 {
        if browser
            .post(&format!("{session}/close"), &[])
            .await
            .status
            .is_redirection()
        {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let chart = until(&house, "Elin", "the end is on record", |c| {
        c.episode.treated().any(|s| s.ended.is_some())
    })
    .await;
    let summary = chart
        .episode
        .treated()
        .next()
        .unwrap()
        .summary
        .clone()
        .unwrap();
    assert_eq!(
        summary.cause,
        EndCause::Technical,
        "the bedside let go by itself: {summary:?}"
    );
    tokio::time::sleep(Duration::from_secs(2)).await;
    let ends = self::chart(&house, "Elin")
        .await
        .episode
        .timeline
        .iter()
        .filter(|e| e.kind == "session-ended")
        .count();
    assert_eq!(ends, 1, "appended exactly once");
    bedside.stop().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unsigned_plan_arms_nothing_and_an_expired_one_cannot_be_signed() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 60);
    let mut browser = house.as_demo("colin").await;
    let base = format!("/patients/{}", chart(&house, "Elin").await.id);
    browser
        .post(&format!("{base}/plan/propose"), &[])
        .await
        .ok();
    let mut page = browser
        .post(
            &format!("{base}/treat/arm"),
            &[("attendant", "Sofia"), ("heard", "yes")],
        )
        .await;
    while page.code() == "no-table" {
        tokio::time::sleep(Duration::from_millis(100)).await;
        page = browser
            .post(
                &format!("{base}/treat/arm"),
                &[("attendant", "Sofia"), ("heard", "yes")],
            )
            .await;
    }
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = browser.get(&format!("{base}/plan")).await;
    let sha = page.after("id=\"sign-form\"", "name=\"plan_sha256\" value");
    let clinic = &house.server.app().clinic;
    clinic
        .forward(uuid::Uuid::nil(), 15 * 24 * 3600)
        .await
        .unwrap();
    let password = house.password("colin");
    let late = sign(&mut browser, &base, &sha, &password).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        chart(&house, "Elin").await.episode.plan.is_none(),
        "{}",
        late.code()
    );
    bedside.stop().unwrap();
}
