//! A letter to another place: written from the record, signed as it stands, followed until
//! somebody tells what came of it.

use axum::http::StatusCode;
use care::episode::ReferralEnd;

use crate::browser::{Browser, House, Page};
use crate::steps::chart;

/// The emergency of the demonstration.
async fn ruth() -> (House, Browser, String) {
    let house = House::open(|options| options.demo = true).await;
    let browser = house.as_demo("colin").await;
    let base = format!("/patients/{}/referrals", chart(&house, "Ruth").await.id);
    (house, browser, base)
}

/// Text of a page as it was before it was escaped.
fn plain(text: &str) -> String {
    let marks = [
        ("&#39;", "'"),
        ("&#34;", "\""),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
    ];
    marks.iter().fold(text.to_owned(), |text, (mark, sign)| {
        text.replace(mark, sign)
    })
}

fn area(page: &Page, name: &str) -> String {
    let rest = page.body.split(&format!("name=\"{name}\"")).nth(1).unwrap();
    let text = rest.split_once('>').unwrap().1;
    plain(text.split_once("</textarea>").unwrap().0)
}

fn urgency(page: &Page) -> String {
    let (before, _) = page.body.split_once("\" selected").expect("one is chosen");
    before.rsplit_once('"').unwrap().1.to_owned()
}

/// What stands in the form, field by field.
fn form(page: &Page) -> Vec<(&'static str, String)> {
    let mut fields: Vec<(&'static str, String)> = ["reason", "findings", "request"]
        .map(|name| (name, area(page, name)))
        .into();
    for name in ["onset", "to"] {
        fields.push((
            name,
            plain(&page.after(&format!("name=\"{name}\""), "value")),
        ));
    }
    fields.push(("urgency", urgency(page)));
    fields
}

async fn sign(browser: &mut Browser, base: &str, fields: &[(&str, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    browser.post(base, &fields).await
}

#[tokio::test]
async fn the_record_writes_the_letter_and_two_clicks_sign_it() {
    let (house, mut browser, base) = ruth().await;
    let id = chart(&house, "Ruth").await.id;
    let safety = browser.get(&format!("/patients/{id}/safety")).await.ok();
    safety.shows(&format!("href=\"{base}\" id=\"to-referrals\""));
    let page = browser.get(&base).await.ok();
    let fields = form(&page);
    let sent = sign(&mut browser, &base, &fields).await;
    assert_eq!(sent.location(), format!("{base}?said=letter"));

    let ruth = chart(&house, "Ruth").await;
    let letter = &ruth.episode.referrals[0].letter;
    assert_eq!(letter.urgency.as_str(), "emergency");
    let emergency = &house.server.app().clinic.settings().emergency;
    assert!(letter.to.contains(&emergency.hospital), "{}", letter.to);
    let reason = &letter.reason.0;
    assert!(reason.to_lowercase().contains("cauda equina"), "{reason}");
    assert!(letter.onset.0.contains("20"), "a day: {}", letter.onset.0);
    let findings = &letter.findings.0;
    assert!(
        findings.contains("Received in the last 72 hours"),
        "{findings}"
    );
    browser
        .get(&base)
        .await
        .ok()
        .shows("waits for an answer")
        .shows("Letters without an answer: 1.");
}

#[tokio::test]
async fn what_is_refused_stands_there_with_what_was_typed() {
    let (house, mut browser, base) = ruth().await;
    let mut fields = form(&browser.get(&base).await.ok());
    for (name, value) in &mut fields {
        match *name {
            "onset" => value.clear(),
            "findings" => "straight leg raise 40 degrees".clone_into(value),
            _ => {}
        }
    }
    let refused = sign(&mut browser, &base, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        refused.after("data-test=\"refused\"", "data-code"),
        "not-said"
    );
    assert_eq!(area(&refused, "findings"), "straight leg raise 40 degrees");
    assert_eq!(urgency(&refused), "emergency");
    assert_eq!(chart(&house, "Ruth").await.episode.referrals, []);
}

#[tokio::test]
async fn a_letter_nobody_answers_comes_back_to_today_until_somebody_tells_what_came_of_it() {
    let (house, mut browser, base) = ruth().await;
    let clinic = &house.server.app().clinic;
    let fields = form(&browser.get(&base).await.ok());
    sign(&mut browser, &base, &fields).await;
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    clinic.forward(lead.id, 24 * 3_600).await.unwrap();
    console::clinic::tick(clinic).await;
    let today = browser.get("/").await.ok();
    today.shows("no answer to letter 1");
    browser
        .get(&base)
        .await
        .ok()
        .shows("Nobody had told what came of it");

    let mut assistant = house.as_demo("sofia").await;
    let page = assistant.get(&base).await.ok();
    assert!(
        !page.body.contains("id=\"referral-sign\""),
        "an assistant signs nothing"
    );
    let found = [
        ("end", "answered"),
        ("words", "No compression on the image."),
    ];
    let closed = assistant.post(&format!("{base}/1/close"), &found).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.body);
    let ruth = chart(&house, "Ruth").await;
    let (_, who, end, words) = ruth.episode.referrals[0].closed.as_ref().unwrap();
    assert_eq!(
        (*end, words.0.as_str()),
        (ReferralEnd::Answered, found[1].1)
    );
    assert!(!who.name.is_empty());
    let again = assistant.post(&format!("{base}/1/close"), &found).await;
    assert_eq!(again.code(), "referral-unknown");
    browser
        .get(&base)
        .await
        .ok()
        .shows("Every letter has its answer.");
}

/// She is in hospital, and misses her later check-ins: that is no reason to write less.
#[tokio::test]
async fn a_silence_that_comes_after_an_emergency_does_not_hide_it_from_a_letter() {
    let (house, mut browser, base) = ruth().await;
    let clinic = &house.server.app().clinic;
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    clinic.forward(lead.id, 72 * 3_600).await.unwrap();
    console::clinic::tick(clinic).await;
    let ruth = chart(&house, "Ruth").await;
    let session = ruth.episode.treated().next_back().unwrap();
    let last = session.check_ins.last().unwrap().triage.as_ref().unwrap();
    assert_ne!(last.result, "emergency", "a silence came last");
    let page = browser.get(&base).await.ok();
    assert_eq!(urgency(&page), "emergency");
    assert!(area(&page, "reason").contains("cauda equina"));
}

/// Who is referred for no emergency is written about to their own physician.
#[tokio::test]
async fn a_letter_without_a_red_flag_is_routine_and_says_what_the_screening_says() {
    let house = House::open(|options| options.demo = true).await;
    let mut browser = house.as_demo("colin").await;
    let tom = chart(&house, "Tom").await.id;
    let page = browser
        .get(&format!("/patients/{tom}/referrals"))
        .await
        .ok();
    assert_eq!(urgency(&page), "routine");
    assert!(page.after("name=\"to\"", "value").contains("physician"));
}

#[tokio::test]
async fn a_letter_says_the_day_that_was_told_as_the_onset() {
    let house = House::open(|options| options.demo = true).await;
    let mut browser = house.as_demo("colin").await;
    let base = format!("/patients/{}", chart(&house, "Tom").await.id);
    browser.get(&base).await.ok();
    let told = [
        ("f:saddle_numbness", "yes"),
        ("f:saddle_numbness_onset", "2026-11-25"),
    ];
    let answers = format!("{base}/evaluate/answers");
    browser.post(&answers, &told).await.ok();
    let page = browser.get(&format!("{base}/evaluate")).await.ok();
    page.shows("id=\"to-referrals\"");
    let page = browser.get(&format!("{base}/referrals")).await.ok();
    assert_eq!(urgency(&page), "emergency");
    assert_eq!(page.after("name=\"onset\"", "value"), "2026-11-25");
}

#[tokio::test]
async fn an_open_letter_stands_on_today_and_with_its_patient_until_it_is_answered() {
    let (house, mut browser, base) = ruth().await;
    let today = browser.get("/").await.ok();
    today.shows(&format!("href=\"{base}\" data-test=\"refer\""));
    assert!(!today.body.contains("data-test=\"open-letters\""));
    let fields = form(&browser.get(&base).await.ok());
    sign(&mut browser, &base, &fields).await;
    let id = chart(&house, "Ruth").await.id;
    for page in ["/".to_owned(), format!("/patients/{id}")] {
        let page = browser.get(&page).await.ok();
        page.shows("data-test=\"open-letters\"")
            .shows("since today");
    }
    let clinic = &house.server.app().clinic;
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    clinic.forward(lead.id, 50 * 3600).await.unwrap();
    browser.get("/").await.ok().shows("for 2 days");
    let end = [("end", "answered"), ("words", "They saw her.")];
    browser.post(&format!("{base}/1/close"), &end).await;
    let page = browser.get("/").await.ok();
    assert!(!page.body.contains("data-test=\"open-letters\""));
}
