//! What Today, and the page of a patient, must not hide.

use care::episode::Demographics;
use si::Region;

use crate::browser::{House, Page};

/// Registered by somebody of the staff; names that stand before all others.
async fn registered(house: &House, count: usize) {
    let clinic = &house.server.app().clinic;
    let colin = clinic.user_by_login("colin").await.unwrap().unwrap();
    for number in 0..count {
        let who = Demographics {
            name: format!("Aaron {number}"),
            ..Demographics::default()
        };
        clinic
            .register(&colin.actor(), who, Region::Lumbar)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn an_alarm_is_seen_behind_a_thousand_patients_and_whatever_is_searched() {
    let house = House::open(|options| options.demo = true).await;
    registered(&house, 1_001).await;
    let mut browser = house.as_demo("colin").await;
    let alarm = |page: &crate::browser::Page| {
        page.shows("data-test=\"inbox\"").shows("Ruth Adeyemi");
    };
    alarm(&browser.get("/").await.ok());
    let narrowed = browser.get("/?find=Aaron+999").await.ok();
    alarm(&narrowed);
    narrowed.shows("Aaron 999");
    browser.get("/?find=Ruth").await.ok().shows("Ruth Adeyemi");
    browser.get("/").await.ok().shows("data-test=\"more\"");
}

#[tokio::test]
async fn a_patient_is_found_by_the_beginnings_of_a_name_or_the_date_of_birth() {
    let house = House::open(|options| options.demo = true).await;
    let mut browser = house.as_demo("colin").await;
    let ruth = crate::steps::chart(&house, "Ruth").await;
    let born = ruth.episode.demographics.0.birth_date.unwrap();
    let row = format!("data-row=\"{}\"", ruth.id);
    for asked in [
        "ade+ru".to_owned(),
        "R%C3%9CTH".to_owned(),
        born.to_string(),
    ] {
        let page = browser.get(&format!("/?find={asked}")).await.ok();
        page.shows(&row);
        assert_eq!(page.body.matches("data-row=").count(), 1, "{asked}");
    }
    // What was looked for stands before the alarms, also that there is nobody.
    let first = |page: &Page, what: &str| {
        let [found, inbox] = [what, "data-test=\"inbox\""].map(|one| page.body.find(one).unwrap());
        assert!(found < inbox, "{what}");
    };
    first(&browser.get("/?find=ade+ru").await.ok(), &row);
    let page = browser.get("/?find=uth").await.ok();
    first(&page, "data-test=\"nobody\"");
    assert!(!page.body.contains("data-row="));
}

/// So a minute costs what happened in it, and not how many patients there ever were.
#[tokio::test]
async fn the_clock_looks_at_those_of_whom_something_falls_due_and_at_nobody_else() {
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    for _ in 0..2 {
        console::clinic::tick(clinic).await;
    }
    assert!(clinic.fallen_due().await.unwrap().is_empty());
    let ruth = crate::steps::chart(&house, "Ruth").await;
    let told = ruth.episode.open_alerts().next().unwrap().notified.len();
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    clinic.forward(lead.id, 15 * 60).await.unwrap();
    assert_eq!(clinic.fallen_due().await.unwrap(), [ruth.id]);
    console::clinic::tick(clinic).await;
    let ruth = crate::steps::chart(&house, "Ruth").await;
    let now = ruth.episode.open_alerts().next().unwrap().notified.len();
    assert_eq!(now, told + 1);
    assert!(clinic.fallen_due().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_page_of_a_patient_opens_with_an_open_alarm_and_not_with_an_old_verdict() {
    let house = House::open(|options| options.demo = true).await;
    let mut browser = house.as_demo("colin").await;
    let id = crate::steps::chart(&house, "Ruth").await.id;
    let page = browser.get(&format!("/patients/{id}")).await.ok();
    let head = page.body.split("data-test=\"patient-head\">").nth(1);
    let head = head.and_then(|rest| rest.split('<').next()).unwrap();
    assert_eq!(head, "An alarm is open. Emergency: act now.");
}

/// A check-in that Ruth misses later is a second alarm of the same person.
#[tokio::test]
async fn today_counts_the_people_who_need_somebody_and_not_their_alarms() {
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    clinic.forward(lead.id, 72 * 3600).await.unwrap();
    let ruth = crate::steps::chart(&house, "Ruth").await;
    let keep = care::episode::Command::KeepTime {
        on_call: Vec::new(),
    };
    let kept = clinic.act(ruth.id, &lead.actor(), keep).await;
    let alarms = kept.unwrap().episode.open_alerts().count();
    assert!(alarms >= 2, "{alarms}");
    let mut browser = house.as_demo("colin").await;
    let page = browser.get("/").await.ok();
    page.shows("One person needs you now.");
}

/// Who holds no link cannot answer: somebody calls.
#[tokio::test]
async fn who_holds_no_link_is_on_the_list_of_calls_until_they_do_or_have_answered() {
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let ruth = crate::steps::chart(&house, "Ruth").await;
    let session = ruth.episode.treated().next_back().unwrap();
    let due = session.ended.unwrap() + jiff::SignedDuration::from_hours(49);
    let ahead = due.duration_since(clinic.now()).as_secs();
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    clinic.forward(lead.id, ahead).await.unwrap();
    let mut browser = house.as_demo("colin").await;
    let page = browser.get("/").await.ok();
    let enter = format!("/patients/{}/recover/{}/enter", ruth.id, session.id);
    page.shows("data-test=\"calls\"").shows(&enter);
    let link = care::episode::Command::IssueLink {
        session: session.id,
        token_sha256: "00".repeat(32),
        expires: due + jiff::SignedDuration::from_hours(1),
    };
    clinic.act(ruth.id, &lead.actor(), link).await.unwrap();
    let page = browser.get("/").await.ok();
    assert!(!page.body.contains(&enter), "they can answer themselves");
}

/// What an alarm says is why, and who was told is somebody.
#[tokio::test]
async fn an_alarm_says_why_it_came_and_who_was_told() {
    let house = House::open(|options| options.demo = true).await;
    let mut browser = house.as_demo("colin").await;
    let ruth = crate::steps::chart(&house, "Ruth").await;
    let alert = ruth.episode.open_alerts().next().unwrap();
    assert!(alert.about.starts_with("check-in: "), "{}", alert.about);
    let told = ruth.episode.all_sessions().flat_map(|s| &s.check_ins);
    let triage = told.filter_map(|told| told.triage.as_ref()).next_back();
    let why = triage.unwrap().decision.fired[0].practitioner.clone();
    for path in ["/".to_owned(), format!("/patients/{}", ruth.id)] {
        let page = browser.get(&path).await.ok();
        page.shows(why.trim_end_matches('.'))
            .shows("Shown on Today");
        for slug in [
            "check in: emergency",
            "Told: practitioner",
            ">practitioner<",
        ] {
            assert!(!page.body.contains(slug), "{path}: {slug}");
        }
    }
}

/// Who may not see whose alarm it is can do one thing: tell somebody who may.
#[tokio::test]
async fn the_front_desk_is_told_whom_to_tell_of_an_alarm() {
    let house = House::open(|options| options.demo = true).await;
    let mut desk = house.as_demo("felix").await;
    let page = desk.get("/").await.ok();
    page.shows("An alarm is open: tell a practitioner.");
    let (_, alarm) = page.body.split_once("data-test=\"desk-alarm\"").unwrap();
    let (alarm, _) = alarm.split_once("</div>").unwrap();
    for person in &house.server.app().clinic.settings().on_call {
        assert!(alarm.contains(person), "{person}");
    }
    assert!(!page.body.contains("data-test=\"inbox\""));
    desk.get("/diary").await.ok().shows("Whom to call");
    let strip = desk.get("/inbox").await.ok();
    strip.shows("An alarm is open: tell a practitioner.");
}

/// A licence that ends is one thing this year and another the next.
#[tokio::test]
async fn the_day_on_which_a_licence_ends_has_its_year() {
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let users = clinic.users().await.unwrap();
    let mut ada = house.as_demo("ada").await;
    let page = ada.get("/users").await.ok();
    let mut seen = 0;
    for licence in users.iter().filter_map(|user| user.licence.as_ref()) {
        let day = licence.expires.to_zoned_datetime(clinic.zone().clone());
        page.shows(&day.strftime("until %-d %b %Y").to_string());
        seen += 1;
    }
    assert!(seen > 0);
}
