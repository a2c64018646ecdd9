//! The note of a visit: drafted from the record, signed with a password, then only added to.

use axum::http::StatusCode;
use care::diary::{Change, Mark};
use care::episode::{BillingCode, Command, Demographics, Private, Role, TherapyVisit};
use care::fact::{By, FactKey, Reading, Value};
use jiff::SignedDuration;

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
    let password = match password {
        true => house.password("colin"),
        false => "wrong".into(),
    };
    let fields = [
        ("subjective", parts[0].as_str()),
        ("objective", &parts[1]),
        ("assessment", &parts[2]),
        ("plan", plan),
        ("code", "97012"),
        ("password", &*password),
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
    let subjective = written(&page, "subjective");
    for said in ["Complaint: ", "On arrival: ", "On leaving: "] {
        assert!(subjective.contains(said), "{said} is not in {subjective}");
    }
    for said in ["Prescribed: ", "Leaving check: "] {
        assert!(objective.contains(said), "{said} is not in {objective}");
    }
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
    let password = house.password("colin");
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

/// No part is empty, none says that a thing is unknown, and a day without an arrival has no code.
#[tokio::test]
async fn every_visit_and_every_examination_has_a_note_of_four_parts() {
    let house = House::open(|options| options.demo = true).await;
    let mut browser = house.as_demo("colin").await;
    let clinic = &house.server.app().clinic;
    let mut days = 0;
    for summary in clinic.patients().await.unwrap() {
        let patient = browser.get(&format!("/patients/{}", summary.id)).await.ok();
        for href in links(&patient, &format!("/patients/{}/note/", summary.id)) {
            let page = browser.get(&href).await.ok();
            for part in ["subjective", "objective", "assessment", "plan"] {
                let text = written(&page, part);
                assert!(!text.trim().is_empty(), "{href} {part}");
                assert!(!text.contains("unknown"), "{href} {part}: {text}");
            }
            let of_a_day = href.rsplit('/').next().unwrap().contains('-');
            days += u32::from(of_a_day);
            let coded = page.body.contains("name=\"code\"");
            assert!(!(of_a_day && coded), "{href} suggests a code");
        }
    }
    assert!(days > 0, "somebody was examined and not treated that day");
}

fn links(page: &Page, below: &str) -> Vec<String> {
    let mark = format!("href=\"{below}");
    let rest = page.body.split(&mark).skip(1);
    let keys = rest.map(|rest| rest.split_once('"').unwrap().0);
    let mut all: Vec<String> = keys.map(|key| format!("{below}{key}")).collect();
    all.sort();
    all.dedup();
    all
}

#[tokio::test]
async fn a_first_visit_without_an_arrival_is_noted_signed_and_added_to() {
    let house = House::open(|options| options.demo = true).await;
    let mut browser = house.as_demo("colin").await;
    let elin = crate::steps::chart(&house, "Elin").await;
    assert!(elin.episode.visits.is_empty(), "nobody arrived yet");
    let path = format!("/patients/{}", elin.id);
    let page = browser.get(&path).await.ok();
    let base = links(&page, &format!("{path}/note/"))
        .pop()
        .expect("a note");
    let page = browser.get(&base).await.ok();
    let objective = written(&page, "objective");
    assert!(!objective.contains("traction"), "{objective}");
    assert!(written(&page, "assessment").contains("Screening of"));
    assert!(written(&page, "subjective").contains("Complaint: "));
    // No traction was given: a code is refused, whoever sends it.
    let coded = sign(&mut browser, &house, &base, "Sessions.", true).await;
    coded.shows("data-code=\"code-without-session\"");
    let unsigned = browser.get(&format!("{base}/pdf")).await;
    assert_eq!(unsigned.code(), "note-unsigned");
    let password = house.password("colin");
    let fields = [
        ("subjective", "Leg pain."),
        ("objective", "Strength is full."),
        ("assessment", "A root."),
        ("plan", "Sessions twice a week."),
        ("password", &*password),
    ];
    let signed = browser.post(&format!("{base}/sign"), &fields).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.body);
    let added = [("addendum", "The films came."), ("password", &*password)];
    browser.post(&format!("{base}/add"), &added).await.ok();
    let page = browser.get(&base).await.ok();
    page.shows("Signed by Colin Abara").shows("The films came.");
    let chart = crate::steps::chart(&house, "Elin").await;
    assert_eq!(chart.episode.examinations.len(), 1);
    // The line of the timeline leads back to it.
    let page = browser.get(&path).await.ok();
    page.shows("Note of an examination signed");
    assert_eq!(
        browser.get(&format!("{path}/note/2001-01-01")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn who_came_to_a_first_visit_by_the_diary_has_a_note_of_that_day() {
    let house = House::open(|options| options.demo = true).await;
    let mut browser = house.as_demo("colin").await;
    let clinic = &house.server.app().clinic;
    let colin = clinic.user_by_login("colin").await.unwrap().unwrap();
    let who = Demographics {
        name: "Ansel Grey".to_owned(),
        ..Demographics::default()
    };
    let actor = colin.actor();
    let chart = clinic.register(&actor, who, si::Region::Lumbar).await;
    let patient = chart.unwrap().id;
    let (id, from) = (uuid::Uuid::from_u128(7), clinic.now());
    let new = house.hire(Role::Practitioner).await;
    let place = care::diary::Place {
        from,
        until: from.checked_add(SignedDuration::from_mins(40)).unwrap(),
        practitioner: new,
        table: None,
    };
    let purpose = care::diary::Purpose::FirstVisit;
    let book = Change::Book {
        id,
        patient,
        purpose,
        place,
    };
    clinic.enter(colin.id, &book).await.unwrap();
    let below = format!("/patients/{patient}/note/");
    let page = browser.get(&format!("/patients/{patient}")).await.ok();
    assert!(links(&page, &below).is_empty(), "nobody came yet");
    let mark = Mark::Arrived;
    clinic
        .enter(colin.id, &Change::Mark { id, mark })
        .await
        .unwrap();
    let page = browser.get(&format!("/patients/{patient}")).await.ok();
    let base = links(&page, &below).pop().expect("a note");
    let page = browser.get(&base).await.ok();
    // What is not on record is said to be missing, and nothing else is said.
    page.shows("Nobody has screened the patient yet.");
    let password = house.password("colin");
    let fields = [
        ("subjective", "Back pain."),
        ("objective", "Not examined."),
        ("assessment", "Open."),
        ("plan", "Comes again."),
        ("password", &*password),
    ];
    let signed = browser.post(&format!("{base}/sign"), &fields).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.body);
    let chart = clinic.chart(patient).await.unwrap();
    assert_eq!(chart.episode.examinations.len(), 1);
}

#[tokio::test]
async fn the_note_of_a_visit_says_what_was_decided_and_done_since_the_one_before() {
    let house = House::open(|options| options.demo = true).await;
    let mut browser = house.as_demo("colin").await;
    let clinic = &house.server.app().clinic;
    let actor = clinic
        .user_by_login("colin")
        .await
        .unwrap()
        .unwrap()
        .actor();
    let tom = crate::steps::chart(&house, "Tom").await;
    assert!(!tom.episode.reviews.is_empty(), "there was a review");
    let (at, zone) = (clinic.now(), clinic.zone().clone());
    let told = |key: &str, value: Value| {
        Reading::value(FactKey::parse(key).unwrap(), value, at, By::Patient)
    };
    let site = |name: &str| told(&format!("pain_now[{name}]"), Value::Number(3.0));
    let mut readings: Vec<Reading> = ["spine", "limb-left", "limb-right"].map(site).into();
    readings.push(told("distal_extent", Value::Choice("spine".to_owned())));
    let mut neuro = told("neuro_unchanged", Value::Bool(true));
    neuro.by = By::Practitioner;
    readings.push(neuro);
    let therapy = TherapyVisit {
        kind: "exercise".to_owned(),
        region: "lumbar".to_owned(),
        at,
        detail: "10 minutes".to_owned(),
        response: Private("easier to bend".to_owned()),
        reaction: None,
    };
    for command in [
        Command::RecordTherapy(therapy),
        Command::RecordArrival { readings },
    ] {
        clinic.act(tom.id, &actor, command).await.unwrap();
    }
    let number = tom.episode.visits.len() + 1;
    let page = browser
        .get(&format!("/patients/{}/note/{number}", tom.id))
        .await
        .ok();
    let plan = written(&page, "plan");
    assert!(plan.contains("Review of "), "{plan}");
    assert!(plan.contains("Supportive therapy, "), "{plan}");
    assert!(plan.contains("easier to bend"), "{plan}");
    let objective = written(&page, "objective");
    assert!(objective.contains("No traction was given."), "{objective}");
    let pain = "Pain now: spine 3, limb left 3, limb right 3";
    let subjective = written(&page, "subjective");
    assert!(subjective.contains(pain), "{subjective}");
    // A day with an arrival has no second note.
    let day = at.to_zoned_datetime(zone).date();
    let of_day = browser
        .get(&format!("/patients/{}/note/{day}", tom.id))
        .await;
    assert_eq!(of_day.status, StatusCode::NOT_FOUND);
}
