//! The note of a visit: drafted from the record, signed with a password, then only added to.

use axum::http::StatusCode;
use care::episode::{BillingCode, Role};

use crate::browser::{Browser, House, Page};

/// A demonstration clinic, and the first visit of somebody who was treated in it.
async fn treated(login: &str) -> (House, Browser, String) {
    let house = House::open(|options| options.demo = true).await;
    let browser = house.as_demo(login).await;
    let chart = crate::steps::chart(&house, "Tom").await;
    let base = format!("/patients/{}/note/1", chart.id);
    (house, browser, base)
}

fn written(page: &Page, part: &str) -> String {
    let mark = format!("name=\"{part}\"");
    let rest = page.body.split(&mark).nth(1).unwrap();
    let text = rest.split_once('>').unwrap().1;
    text.split_once("</textarea>").unwrap().0.to_owned()
}

/// Signs what stands on the page, with one part changed.
async fn sign(
    browser: &mut Browser,
    house: &House,
    base: &str,
    plan: &str,
    password: bool,
) -> Page {
    let page = browser.get(base).await.ok();
    let parts = ["subjective", "objective", "assessment"].map(|part| written(&page, part));
    let colin = house.server.logins().iter().find(|l| l.login == "colin");
    let password = if password {
        &*colin.unwrap().password
    } else {
        "wrong"
    };
    let fields = [
        ("subjective", parts[0].as_str()),
        ("objective", &parts[1]),
        ("assessment", &parts[2]),
        ("plan", plan),
        ("code", "97012"),
        ("password", password),
    ];
    browser.post(&format!("{base}/sign"), &fields).await
}

#[tokio::test]
async fn a_note_is_drafted_from_what_was_recorded() {
    let (house, mut browser, base) = treated("colin").await;
    let page = browser.get(&base).await.ok();
    let chart = crate::steps::chart(&house, "Tom").await;
    let session = chart.episode.treated().next().unwrap();
    let summary = session.summary.as_ref().unwrap();
    let objective = written(&page, "objective");
    for said in [
        format!("Peak {:.0} N", summary.peak_force_n),
        format!("allowed {:.0} N", session.force_n),
        session.attendant.clone(),
        "a simulated table".to_owned(),
    ] {
        assert!(objective.contains(&said), "{said} is not in {objective}");
    }
    assert!(written(&page, "subjective").contains("On arrival: "));
    assert!(written(&page, "assessment").contains("Screening of"));
    let plan = written(&page, "plan");
    assert!(plan.contains("Next appointment: "), "{plan}");
    page.shows("nothing is submitted");
}

#[tokio::test]
async fn a_note_is_signed_once_with_the_password_and_then_only_added_to() {
    let (house, mut browser, base) = treated("colin").await;
    let wrong = sign(&mut browser, &house, &base, "As agreed.", false).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    // What was typed stands there still.
    assert_eq!(written(&wrong, "plan"), "As agreed.");
    let empty = sign(&mut browser, &house, &base, " ", true).await;
    empty.shows("data-code=\"not-said\"");
    let signed = sign(&mut browser, &house, &base, "As agreed.", true).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.body);
    let page = browser.get(&base).await.ok();
    page.shows("Signed by Colin Abara DEMO-PT-1002")
        .shows("As agreed.");
    assert!(!page.body.contains("name=\"plan\""), "it cannot be changed");
    let chart = crate::steps::chart(&house, "Tom").await;
    let kept = chart.episode.visits[0].note.as_ref().unwrap();
    assert_eq!(kept.note.code, Some(BillingCode::Cpt97012));
    let colin = house.server.logins().iter().find(|l| l.login == "colin");
    let password = colin.unwrap().password.clone();
    let added = [
        ("addendum", "Stairs were no trouble."),
        ("password", &*password),
    ];
    browser.post(&format!("{base}/add"), &added).await.ok();
    browser
        .get(&base)
        .await
        .ok()
        .shows("Stairs were no trouble.");
}

#[tokio::test]
async fn an_assistant_reads_a_note_and_signs_none() {
    let (_house, mut browser, base) = treated("sofia").await;
    let page = browser.get(&base).await.ok();
    assert!(!page.body.contains("note-sign"));
    let refused = browser.post(&format!("{base}/sign"), &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(!Role::Assistant.may(care::episode::Act::SignNote));
}
