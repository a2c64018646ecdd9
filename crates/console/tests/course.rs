//! One patient all the way round, with a real bedside beside the server.

use std::path::Path;
use std::time::Duration;

use axum::http::StatusCode;
use care::episode::{EndCause, NextStep};
use console::clinic::Chart;
use table::bedside::Bedside;
use table::simulated;

use crate::browser::{Browser, House, Page, server};

/// A bedside on a simulated table, so many times as fast.
fn bedside(folder: &Path, speed: u32) -> Bedside {
    let key = std::fs::read_to_string(folder.join("clinic.pub")).unwrap();
    let mut clinic_key = [0; 32];
    let digits = key.trim();
    for (at, byte) in clinic_key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap();
    }
    Bedside::start(table::bedside::Options {
        socket: folder.join("bedside.sock"),
        state_dir: folder.join("bedside"),
        clinic_key,
        speed,
        table: simulated::Options::new(*b"test-table-00001", 7),
    })
    .unwrap()
}

async fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("bedside.sock");
    let server = server(folder.path().to_owned(), |options| {
        options.demo = true;
        options.bedside = Some(socket);
    })
    .await;
    House { server, folder }
}

async fn chart(house: &House, name: &str) -> std::sync::Arc<Chart> {
    let clinic = &house.server.app().clinic;
    let found = clinic.patients(Some(name)).await.unwrap();
    clinic.chart(found[0].id).await.unwrap()
}

/// Waits until the chart is as wanted; a minute at most.
async fn until(
    house: &House,
    name: &str,
    what: &str,
    wanted: impl Fn(&Chart) -> bool,
) -> std::sync::Arc<Chart> {
    for _ in 0..600 {
        let chart = chart(house, name).await;
        if wanted(&chart) {
            return chart;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("never: {what}");
}

/// Every field of a form on the page, answered: yes to checks, the given words otherwise.
fn answers(page: &Page, given: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for part in page.body.split("name=\"f:").skip(1) {
        let name = format!("f:{}", part.split('"').next().unwrap());
        if fields.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let given = given
            .iter()
            .find(|(key, _)| name.contains(key))
            .map(|(_, value)| (*value).to_owned());
        fields.push((name, given.unwrap_or_else(|| "yes".into())));
    }
    fields
}

async fn fill(
    browser: &mut Browser,
    path: &str,
    fields: &[(String, String)],
    more: &[(&str, &str)],
) -> Page {
    let mut all: Vec<(&str, &str)> = fields
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    all.extend(more);
    browser.post(path, &all).await
}

/// Plan, signature and consent for the cleared patient of the demonstration.
async fn planned(house: &House, browser: &mut Browser) -> String {
    let id = chart(house, "Elin").await.id.to_string();
    let base = format!("/patients/{id}");
    browser
        .post(&format!("{base}/plan/propose"), &[])
        .await
        .ok();
    let page = browser.get(&format!("{base}/plan")).await.ok();
    page.shows("data-candidate=\"gentle\"").shows("id=\"sign\"");
    let sha = page.after("id=\"sign-form\"", "name=\"plan_sha256\" value");
    let password = house
        .server
        .logins()
        .iter()
        .find(|l| l.login == "colin")
        .unwrap()
        .password
        .clone();
    let wrong = browser
        .post(
            &format!("{base}/plan/sign"),
            &[
                ("plan_sha256", &sha),
                ("candidate", "gentle"),
                ("password", "not the password"),
            ],
        )
        .await;
    assert_eq!(wrong.code(), "password-wrong");
    let altered = browser
        .post(
            &format!("{base}/plan/sign"),
            &[
                ("plan_sha256", &sha.replace(['0', '1'], "2")),
                ("candidate", "gentle"),
                ("password", &password),
            ],
        )
        .await;
    assert_eq!(altered.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser
        .post(
            &format!("{base}/plan/sign"),
            &[
                ("plan_sha256", &sha),
                ("candidate", "gentle"),
                ("password", &password),
            ],
        )
        .await
        .ok();
    let page = browser.get(&format!("{base}/consent")).await;
    let version = page.after("name=\"text_version\"", "value");
    browser
        .post(
            &format!("{base}/consent"),
            &[
                ("text_version", &version),
                ("language", "en"),
                ("explained_by", "Colin"),
                ("signed_by", "Elin Marsh"),
            ],
        )
        .await
        .ok();
    browser
        .get(&format!("{base}/plan"))
        .await
        .shows("data-test=\"plan-signed\"");
    base
}

/// Arrival, pre-start list, armed on the table.
async fn armed(browser: &mut Browser, base: &str) -> String {
    let page = browser.get(&format!("{base}/treat")).await.ok();
    let fields = answers(
        &page,
        &[("pain_now", "3"), ("distal_extent", "thigh-or-upper-arm")],
    );
    fill(browser, &format!("{base}/treat/arrival"), &fields, &[])
        .await
        .ok();
    let page = browser.get(&format!("{base}/treat")).await.ok();
    // Checks are done; what the re-screen asks about is not there.
    let fields = answers(
        &page,
        &[
            ("start_", "yes"),
            ("within_table_limits", "yes"),
            ("f:", "no"),
        ],
    );
    fill(browser, &format!("{base}/treat/start"), &fields, &[])
        .await
        .ok();
    let mut page = browser
        .post(&format!("{base}/treat/arm"), &[("attendant", "Sofia Lund")])
        .await;
    for _ in 0..50 {
        if page.status.is_redirection() {
            break;
        }
        assert!(matches!(page.code(), "no-table"), "{}", page.body);
        tokio::time::sleep(Duration::from_millis(100)).await;
        page = browser
            .post(&format!("{base}/treat/arm"), &[("attendant", "Sofia Lund")])
            .await;
    }
    page.ok().location().to_owned()
}

async fn started(browser: &mut Browser, session: &str) {
    // The patient tries the switch first: the table refuses to start without it.
    browser
        .post(&format!("{session}/simulate"), &[("switch", "press")])
        .await
        .ok();
    tokio::time::sleep(Duration::from_millis(150)).await;
    browser
        .post(&format!("{session}/simulate"), &[("switch", "release")])
        .await
        .ok();
    tokio::time::sleep(Duration::from_millis(150)).await;
    let early = browser.post(&format!("{session}/confirm"), &[]).await;
    assert_eq!(
        early.code(),
        "second-act-late",
        "one act does not start a pull"
    );
    browser
        .post(&format!("{session}/prepare"), &[("purpose", "start")])
        .await
        .ok();
    browser.post(&format!("{session}/confirm"), &[]).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_patient_is_carried_from_the_plan_to_the_review() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 60);
    let mut browser = house.as_demo("colin").await;
    let base = planned(&house, &mut browser).await;
    let session = armed(&mut browser, &base).await;
    started(&mut browser, &session).await;
    until(&house, "Elin", "the session is on record", |c| {
        c.episode.running().is_some()
    })
    .await;
    browser
        .get(&session)
        .await
        .shows("id=\"stop\"")
        .shows("data-live=\"force\"");
    tokio::time::sleep(Duration::from_secs(2)).await;
    browser.post(&format!("{session}/stop"), &[]).await.ok();
    tokio::time::sleep(Duration::from_secs(1)).await;
    browser
        .post(&format!("{session}/explain"), &[("stop", "comfort")])
        .await
        .ok();
    browser.post(&format!("{session}/close"), &[]).await.ok();
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
    assert_eq!(summary.cause, EndCause::Comfort);
    assert!(
        summary.peak_force_n > 0.0 && summary.recording_sha256.is_some(),
        "{summary:?}"
    );
    browser
        .get(&session)
        .await
        .shows("data-test=\"session-ended\"");

    let id = session.rsplit('/').next().unwrap().to_owned();
    let page = browser.get(&format!("{base}/leaving/{id}")).await.ok();
    let fields = answers(
        &page,
        &[("pain_now", "3"), ("distal_extent", "thigh-or-upper-arm")],
    );
    fill(
        &mut browser,
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
    page.shows("data-test=\"personal-link\"");
    let link = page
        .body
        .split("href=\"/c/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let link = format!("/c/{link}");
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
    patient.get(link).await.ok();
    let fields = answers(
        &page,
        &[
            ("since_saddle_numbness", "yes"),
            ("since_", "no"),
            ("pain_", "4"),
            ("soreness", ""),
        ],
    );
    let result = fill(&mut patient, link, &fields, &[]).await.ok();
    result.shows("data-result=\"emergency\"");
    let chart = chart(house, "Elin").await;
    assert!(chart.episode.suspended().next().is_some());
    let wrong = patient.get("/c/00000000000000000000000000000000").await;
    assert_eq!(wrong.status, StatusCode::GONE);
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
    let folder = house.folder.path().to_owned();
    tokio::time::sleep(Duration::from_secs(7)).await;
    house.server = server(folder.clone(), |options| {
        options.demo = true;
        options.bedside = Some(folder.join("bedside.sock"));
    })
    .await;
    let mut browser = house.as_demo("colin").await;
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
