//! A patient's own account: who makes it, what it opens, how it ends, and what is taken away.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::Value;
use uuid::Uuid;

use crate::browser::{Browser, House, Page};
use crate::paper::printing;
use crate::steps::{chart, planned, told};

const LOGIN: &str = "tomas@example.org";
const PASSWORD: &str = "four words nobody joins";
const OTHER: &str = "another four words nobody joins";

/// The way to a link that somebody makes for a patient who is there.
async fn link(house: &House, patient: Uuid) -> String {
    let mut colin = house.as_demo("colin").await;
    let path = format!("/patients/{patient}/account");
    colin.get(&path).await.ok();
    let made = colin.post(&path, &[("seen", "yes")]).await.ok();
    let address = made.after("id=\"invite-address\"", "value");
    address[address.find("/w/").unwrap()..].to_owned()
}

/// Follows a link and saves a name and a password.
async fn choose(house: &House, link: &str, login: &str, password: &str) -> Page {
    let mut browser = house.browser();
    browser.get(link).await.ok();
    let fields = [("login", login), ("password", password)];
    browser.post(link, &fields).await
}

async fn enters(house: &House, login: &str, password: &str) -> Option<Browser> {
    let mut browser = house.browser();
    let status = browser.login(login, password).await.status;
    (status == StatusCode::SEE_OTHER).then_some(browser)
}

/// A demonstration in which Tomás, who was treated, has an account and is logged in.
async fn owner() -> (House, Uuid, Browser) {
    let house = House::open(|options| options.demo = true).await;
    let id = chart(&house, "Tomás").await.id;
    let saved = choose(&house, &link(&house, id).await, LOGIN, PASSWORD).await;
    assert_eq!(saved.location(), "/login?said=welcome");
    let browser = enters(&house, LOGIN, PASSWORD).await.unwrap();
    (house, id, browser)
}

#[tokio::test]
async fn a_patient_reads_their_own_record_and_nothing_else() {
    let (house, id, mut browser) = owner().await;
    assert_eq!(
        browser.get("/").await.location(),
        format!("/patients/{id}/mine")
    );
    let page = browser.get(&format!("/patients/{id}/mine")).await.ok();
    let parts = ["sessions", "check-ins", "decision", "plan", "facts", "all"];
    for part in parts {
        page.shows(&format!("id=\"{part}\" data-test=\"part\""));
    }
    assert!(!page.body.contains("nav-knowledge") && !page.body.contains("nav-today"));
    let other = chart(&house, "Elin").await.id;
    for path in ["mine", "mine/pdf", "mine/json", "mine/fhir"] {
        let path = format!("/patients/{other}/{path}");
        assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
    }
    for path in ["", "/account", "/facts", "/recover"] {
        let path = format!("/patients/{id}{path}");
        assert_eq!(browser.get(&path).await.status, StatusCode::FORBIDDEN);
    }
    // Whoever works here does not read it as the patient.
    let mut colin = house.as_demo("colin").await;
    let mine = colin.get(&format!("/patients/{id}/mine")).await;
    assert_eq!(mine.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_file_holds_every_event_of_that_patient_as_it_was_written() {
    let (house, id, mut browser) = owner().await;
    let file = browser.get(&format!("/patients/{id}/mine/json")).await.ok();
    let whole: Value = serde_json::from_str(&file.body).unwrap();
    let events = whole["events"].as_array().unwrap();
    let chart = house.server.app().clinic.chart(id).await.unwrap();
    assert_eq!(events.len() as u64, chart.sequence);
    assert_eq!(whole["patient"], id.to_string());
    // Folded again they are the same chart, but for whom an alarm was told.
    let mut episode = care::episode::Episode::default();
    for event in events {
        if event["kind"] == "notified" {
            assert!(event["event"].is_null(), "{event}");
            continue;
        }
        let bytes = event["event"].to_string().into_bytes();
        let v = event["v"].as_u64().unwrap() as u16;
        let kind = event["kind"].as_str().unwrap();
        let read = care::episode::Event::read(kind, v, &bytes).unwrap();
        episode = care::episode::fold(episode, &read);
    }
    let told = |episode: &care::episode::Episode| {
        let known = serde_json::to_value(episode).unwrap();
        [
            "visits",
            "readings",
            "plan",
            "consent",
            "decision",
            "reviews",
            "demographics",
        ]
        .map(|part| known[part].clone())
    };
    assert_eq!(told(&episode), told(&chart.episode));
    let page = browser.get(&format!("/patients/{id}/mine")).await.ok();
    for contact in &house.server.app().clinic.settings().on_call {
        let number = contact.rsplit(' ').next().unwrap();
        assert!(
            !file.body.contains(number) && !page.body.contains(number),
            "{contact}"
        );
    }
}

/// What stands against a session stands first, and no verdict that cleared speaks against it.
#[tokio::test]
async fn an_open_alarm_comes_before_everything_and_overtakes_the_verdict() {
    let (house, id, mut browser) = owner().await;
    let mine = format!("/patients/{id}/mine");
    let calm = browser.get(&mine).await.ok();
    calm.shows("Your record.").shows("You come again on");
    calm.shows("Cleared");
    let clinic = &house.server.app().clinic;
    let reading = care::fact::Reading::value(
        care::fact::FactKey::parse("since_saddle_numbness").unwrap(),
        care::fact::Value::Bool(true),
        clinic.now(),
        care::fact::By::Patient,
    );
    let chart = clinic.chart(id).await.unwrap();
    let session = chart.episode.treated().next_back().unwrap().id;
    let told = care::episode::Command::AnswerCheckIn {
        session,
        number: None,
        form: None,
        readings: vec![reading],
    };
    let colin = clinic.user_by_login("colin").await.unwrap().unwrap();
    clinic.act(id, &colin.actor(), told).await.unwrap();
    let page = browser.get(&mine).await.ok();
    page.shows("Go to the emergency department now.");
    // What is done now: whom to call, where to go, what to say.
    let emergency = clinic.settings().emergency.clone();
    page.shows(&format!("href=\"tel:{}\"", emergency.number));
    page.shows(&emergency.hospital).shows(&emergency.address);
    page.shows("data-test=\"say\"");
    assert!(!page.body.contains("If nobody has called you"));
    page.shows("Was: Cleared");
    assert!(!page.body.contains("You come again on"));
    // Somebody took it: what is left is that sessions are stopped.
    let mut colin = house.as_demo("colin").await;
    let number = clinic.chart(id).await.unwrap();
    let number = number.episode.open_alerts().next().unwrap().number;
    let path = format!("/patients/{id}/alerts/{number}/acknowledge");
    colin.get(&format!("/patients/{id}/safety")).await.ok();
    colin.post(&path, &[("note", "called")]).await.ok();
    let page = browser.get(&mine).await.ok();
    page.shows("Your sessions are stopped for now.")
        .shows("data-test=\"call-clinic\"")
        .shows("Was: Cleared");
}

#[tokio::test]
async fn a_link_is_made_by_whoever_has_seen_the_patient_and_answers_once() {
    let house = House::open(|options| options.demo = true).await;
    let id = chart(&house, "Tomás").await.id;
    let mut colin = house.as_demo("colin").await;
    let path = format!("/patients/{id}/account");
    colin.get(&path).await.ok();
    let refused = colin.post(&path, &[]).await;
    assert_eq!(refused.code(), "patient-unseen");
    let made = link(&house, id).await;
    // Whose record it opens stands nowhere on the page.
    let page = house.browser().get(&made).await.ok();
    assert!(!page.body.to_lowercase().contains("tomás"));
    choose(&house, &made, LOGIN, PASSWORD).await.ok();
    assert_eq!(house.browser().get(&made).await.status, StatusCode::GONE);
    // A token is no other patient's, and ends when it says.
    let other = chart(&house, "Elin").await.id;
    let forged = made.replace(&id.simple().to_string(), &other.simple().to_string());
    assert_eq!(house.browser().get(&forged).await.status, StatusCode::GONE);
    let later = link(&house, other).await;
    let clinic = &house.server.app().clinic;
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    let day = console::clinic::INVITED_FOR;
    assert_eq!(day, SignedDuration::from_hours(24));
    clinic.forward(lead.id, 24 * 3600).await.unwrap();
    assert_eq!(house.browser().get(&later).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_new_link_sets_a_new_password_and_ends_what_the_old_one_opened() {
    let (house, id, mut browser) = owner().await;
    let again = link(&house, id).await;
    assert!(enters(&house, LOGIN, PASSWORD).await.is_some());
    // The name is the account's, whatever the form says.
    choose(&house, &again, "somebody", OTHER).await.ok();
    assert_eq!(browser.get("/").await.location(), "/login");
    assert!(enters(&house, LOGIN, PASSWORD).await.is_none());
    assert!(enters(&house, "somebody", OTHER).await.is_none());
    assert!(enters(&house, LOGIN, OTHER).await.is_some());
    assert_eq!(house.browser().get(&again).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_closed_account_opens_nothing_and_its_name_can_be_taken_again() {
    let house = House::open(|options| options.demo = true).await;
    let id = chart(&house, "Tomás").await.id;
    let used = link(&house, id).await;
    choose(&house, &used, LOGIN, PASSWORD).await.ok();
    let mut browser = enters(&house, LOGIN, PASSWORD).await.unwrap();
    let mut colin = house.as_demo("colin").await;
    let path = format!("/patients/{id}/account");
    colin.get(&path).await.ok().shows(LOGIN);
    let unused = link(&house, id).await;
    colin.get(&path).await.ok();
    colin.post(&format!("{path}/close"), &[]).await.ok();
    for old in [&used, &unused] {
        assert_eq!(house.browser().get(old).await.status, StatusCode::GONE);
    }
    assert_eq!(browser.get("/").await.location(), "/login");
    assert!(enters(&house, LOGIN, PASSWORD).await.is_none());
    choose(&house, &link(&house, id).await, LOGIN, OTHER)
        .await
        .ok();
    assert!(enters(&house, LOGIN, OTHER).await.is_some());
}

#[tokio::test]
async fn what_is_refused_of_a_name_or_a_password_keeps_the_name() {
    let (house, _, _) = owner().await;
    let other = chart(&house, "Elin").await.id;
    let link = link(&house, other).await;
    for (login, password, said) in [
        (LOGIN, PASSWORD, "Somebody else has this name."),
        ("elin", "short", "Your password needs 12 to 256 characters."),
        ("El in", PASSWORD, "letters without accents, digits and"),
    ] {
        let refused = choose(&house, &link, login, password).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{login}");
        assert_eq!(refused.after("id=\"login\"", "value"), login);
        // In a patient's words, and not in the program's own.
        refused.shows(said);
        assert!(!refused.body.contains("too short or too long"));
    }
    let staff = choose(&house, &link, "colin", PASSWORD).await;
    assert_eq!(staff.status, StatusCode::UNPROCESSABLE_ENTITY);
    choose(&house, &link, "elin", PASSWORD).await.ok();
}

#[tokio::test]
async fn an_account_answers_the_check_in_that_waits() {
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    // At some hours of the day nobody's is: the clock goes on to the first that waits.
    let mut waits = clinic.awaited().await.unwrap();
    for _ in 0..24 {
        if !waits.is_empty() {
            break;
        }
        clinic.forward(lead.id, 3600).await.unwrap();
        waits = clinic.awaited().await.unwrap();
    }
    let id = *waits.first().expect("somebody's answer is waited for");
    let saved = choose(&house, &link(&house, id).await, "pat", PASSWORD).await;
    saved.ok();
    let mut browser = enters(&house, "pat", PASSWORD).await.unwrap();
    let mine = format!("/patients/{id}/mine");
    browser.get(&mine).await.ok().shows("mine-check-in");
    let there = browser.post(&format!("{mine}/check-in"), &[]).await;
    let page = browser.get(there.location()).await.ok();
    let link = there.location();
    told(&mut browser, link, &page, &crate::checkin::WELL).await;
    let after = browser.get(&mine).await.ok();
    assert!(!after.body.contains("mine-check-in"));
}

/// With a plan and before the first session; whoever has had one knows.
#[tokio::test]
async fn who_has_a_plan_and_no_session_yet_reads_what_to_expect_and_when_to_call() {
    let house = printing().await;
    let mut colin = house.as_demo("colin").await;
    let base = planned(&house, &mut colin).await;
    let elin = chart(&house, "Elin").await.id;
    choose(&house, &link(&house, elin).await, LOGIN, PASSWORD).await;
    let mut browser = enters(&house, LOGIN, PASSWORD).await.unwrap();
    let page = browser.get(&format!("/patients/{elin}/mine")).await.ok();
    let settings = house.server.app().clinic.settings();
    let (emergency, phone) = (&settings.emergency, &settings.phone);
    let said = [
        "You can stop it at any time".to_owned(),
        "Press it, and the table lets go within 5 seconds.".to_owned(),
        "sore or stiff for a day or two".to_owned(),
        format!("Call {phone} if one of these is new"),
        format!(
            "Call {} or go to {} at once.",
            emergency.number, emergency.hospital
        ),
        "further down your leg".to_owned(),
    ];
    page.shows("data-test=\"expect\"");
    for words in &said {
        page.shows(words);
    }
    // A back is treated: the words for a neck are not there.
    assert!(!page.body.contains("further down your arm"));
    let paper = colin.get(&format!("{base}/consent/pdf")).await.ok();
    for words in &said {
        paper.shows(words);
    }
    let signed = paper.body.find("\"signed\"").unwrap();
    let expect = paper.body.find("What to expect").unwrap();
    assert!(signed < expect, "it is no part of what was signed");
    let (_house, id, mut treated) = owner().await;
    let page = treated.get(&format!("/patients/{id}/mine")).await.ok();
    assert!(!page.body.contains("data-test=\"expect\""));
}

#[tokio::test]
async fn a_patient_reads_the_note_of_an_examination_too() {
    let (house, id, mut browser) = owner().await;
    let chart = chart(&house, "Tomás").await;
    let zone = house.server.app().clinic.zone();
    let day = chart.episode.examined_on(zone)[0];
    let mut colin = house.as_demo("colin").await;
    let password = house.password("colin");
    let fields = [
        ("subjective", "Leg pain."),
        ("objective", "Strength is full."),
        ("assessment", "A root of the fifth lumbar."),
        ("plan", "Sessions."),
        ("password", &*password),
    ];
    let path = format!("/patients/{id}/note/{day}/sign");
    assert_eq!(
        colin.post(&path, &fields).await.status,
        StatusCode::SEE_OTHER
    );
    let page = browser.get(&format!("/patients/{id}/mine")).await.ok();
    page.shows("A root of the fifth lumbar.");
}

/// The program's own words for a problem are for the staff.
#[tokio::test]
async fn what_is_refused_of_somebody_logged_in_is_said_in_a_patients_words() {
    let (_house, _, mut patient) = owner().await;
    for (old, new, said) in [
        ("not that one", OTHER, "The old password is not right."),
        (
            PASSWORD,
            "short",
            "Your password needs 12 to 256 characters.",
        ),
    ] {
        let fields = [("old", old), ("new", new)];
        let refused = patient.post("/account/password", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        refused.shows(said);
        assert!(!refused.body.contains("fault-code"), "{}", refused.body);
    }
}
