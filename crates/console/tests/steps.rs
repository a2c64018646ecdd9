//! Steps that several courses share: a clinic with a bedside, a plan, a table that is armed.

use std::path::Path;
use std::time::Duration;

use axum::http::StatusCode;
use console::clinic::Chart;
use table::bedside::Bedside;
use table::simulated;

use crate::browser::{Browser, House, Page, server};

/// A bedside on a simulated table, so many times as fast.
pub(crate) fn bedside(folder: &Path, speed: u32) -> Bedside {
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

pub(crate) async fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("bedside.sock");
    let server = server(folder.path().to_owned(), |options| {
        options.demo = true;
        options.bedside = Some(socket);
    })
    .await;
    House { server, folder }
}

pub(crate) async fn chart(house: &House, name: &str) -> std::sync::Arc<Chart> {
    let clinic = &house.server.app().clinic;
    let found = clinic.find(name, 2).await.unwrap().listed;
    assert_eq!(found.len(), 1, "{name}");
    clinic.chart(found[0].id).await.unwrap()
}

/// Waits until the chart is as wanted; a minute at most.
pub(crate) async fn until(
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
pub(crate) fn answers(page: &Page, given: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for part in page.body.split("name=\"f:").skip(1) {
        let name = format!("f:{}", part.split('"').next().unwrap());
        // A place on the body that is not marked is not sent, nor a word that is not ticked.
        let picture = name.starts_with("f:pain_area") || name.starts_with("f:pain_feel");
        if picture || fields.iter().any(|(known, _)| *known == name) {
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

pub(crate) async fn fill(
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

/// Sends a check-in from its page, and looks at what it means.
pub(crate) async fn told(
    patient: &mut Browser,
    link: &str,
    page: &Page,
    given: &[(&str, &str)],
) -> Page {
    let form = page.after("name=\"form\"", "value");
    let fields = answers(page, given);
    let sent = fill(patient, link, &fields, &[("form", form.as_str())]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    patient.get(sent.location()).await.ok()
}

pub(crate) async fn sign(browser: &mut Browser, base: &str, sha: &str, password: &str) -> Page {
    let fields = [
        ("plan_sha256", sha),
        ("candidate", "gentle"),
        ("password", password),
    ];
    browser.post(&format!("{base}/plan/sign"), &fields).await
}

/// A plan that nobody signed yet.
pub(crate) async fn proposed(house: &House, browser: &mut Browser) -> String {
    let base = format!("/patients/{}", chart(house, "Elin").await.id);
    let path = format!("{base}/plan/propose");
    browser.post(&path, &[]).await.ok();
    base
}

/// A digest that is certainly another one.
fn with_first_digit_changed(sha: &str) -> String {
    let (first, rest) = sha.split_at(1);
    format!("{}{rest}", if first == "0" { "1" } else { "0" })
}

/// Plan, signature and consent for the cleared patient of the demonstration.
pub(crate) async fn planned(house: &House, browser: &mut Browser) -> String {
    let id = chart(house, "Elin").await.id.to_string();
    let base = format!("/patients/{id}");
    browser
        .post(&format!("{base}/plan/propose"), &[])
        .await
        .ok();
    let page = browser.get(&format!("{base}/plan")).await.ok();
    page.shows("data-candidate=\"gentle\"").shows("id=\"sign\"");
    let sha = page.after("id=\"sign-form\"", "name=\"plan_sha256\" value");
    let password = house.password("colin");
    let wrong = sign(browser, &base, &sha, "not the password").await;
    assert_eq!(wrong.code(), "password-wrong");
    let altered = sign(browser, &base, &with_first_digit_changed(&sha), &password).await;
    assert_eq!(altered.status, StatusCode::UNPROCESSABLE_ENTITY);
    sign(browser, &base, &sha, &password).await.ok();
    let page = browser.get(&format!("{base}/consent")).await;
    let version = page.after("name=\"text_version\"", "value");
    browser
        .post(
            &format!("{base}/consent"),
            &[
                ("text_version", &version),
                ("language", "en"),
                ("explained_by", "Colin"),
                ("cost", "40 a session"),
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
pub(crate) async fn armed(browser: &mut Browser, base: &str) -> String {
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
    let session = arm(browser, base).await.ok().location().to_owned();
    browser.open(&session);
    session
}

/// The day's test of the switch, as somebody saw it.
pub(crate) async fn test_switch(
    browser: &mut Browser,
    base: &str,
    force_n: &str,
    let_go: &str,
) -> Page {
    let fields = [("force_n", force_n), ("let_go", let_go)];
    browser.post(&format!("{base}/treat/switch"), &fields).await
}

/// Tests the switch, then asks for the Grant.
pub(crate) async fn arm(browser: &mut Browser, base: &str) -> Page {
    for _ in 0..50 {
        let page = test_switch(browser, base, "500", "yes").await;
        if page.code() != "no-table" {
            page.ok();
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    arm_untested(browser, base).await
}

/// Asks for the Grant, again while no table has answered yet.
pub(crate) async fn arm_untested(browser: &mut Browser, base: &str) -> Page {
    let attendant = [("attendant", "Sofia Lund"), ("heard", "yes")];
    let path = format!("{base}/treat/arm");
    let mut page = browser.post(&path, &attendant).await;
    for _ in 0..50 {
        if page.code() != "no-table" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        page = browser.post(&path, &attendant).await;
    }
    page
}

/// Waits until the table is in one of these stages; ten seconds at most.
pub(crate) async fn stage(house: &House, wanted: &[&str]) -> table::wire::Status {
    let bedside = house.server.app().bedside.clone().unwrap();
    for _ in 0..200 {
        let status = bedside.live().status;
        if let Some(status) = status.filter(|s| wanted.contains(&s.stage.as_str())) {
            return status;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never {wanted:?}: {:?}", bedside.live().status);
}

pub(crate) async fn started(browser: &mut Browser, session: &str) {
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
