//! Who stays away is reviewed before the next session, and nobody vanishes from Today.

use care::diary::{Change, Mark, Place, Purpose};
use care::episode::{Demographics, NextStep, Role};
use jiff::SignedDuration;
use si::Region;
use uuid::Uuid;

use crate::browser::House;
use crate::steps::{answers, chart, fill};

/// Tomás misses an appointment, as the front desk says.
async fn misses(house: &House, patient: Uuid, practitioner: Uuid) {
    let clinic = &house.server.app().clinic;
    let felix = clinic.user_by_login("felix").await.unwrap().unwrap();
    let id = booked_in_the_past(house, patient, practitioner, felix.id).await;
    let mut desk = house.as_demo("felix").await;
    let mark = [("mark", "no-show"), ("day", "")];
    let path = format!("/diary/{id}/mark");
    desk.post(&path, &mark).await.ok();
    // Pressed twice, it is one.
    let mark = Change::Mark {
        id,
        mark: Mark::NoShow,
    };
    clinic.enter(felix.id, &mark).await.unwrap();
}

/// So many names stand before his.
async fn crowded(house: &House) {
    let clinic = &house.server.app().clinic;
    let colin = clinic.user_by_login("colin").await.unwrap().unwrap();
    for number in 0..60 {
        let who = Demographics {
            name: format!("Aaron {number}"),
            ..Demographics::default()
        };
        let actor = colin.actor();
        clinic.register(&actor, who, Region::Lumbar).await.unwrap();
    }
}

/// At the last hour at which he has none: the demonstration has given him one of its own today.
async fn booked_in_the_past(house: &House, patient: Uuid, practitioner: Uuid, by: Uuid) -> Uuid {
    let clinic = &house.server.app().clinic;
    for hours in 1..12 {
        let from = clinic.now() - SignedDuration::from_hours(hours);
        let id = Uuid::from_u128(from.as_nanosecond() as u128);
        let place = Place {
            from,
            until: from + SignedDuration::from_mins(20),
            practitioner,
            table: None,
        };
        let book = Change::Book {
            id,
            patient,
            purpose: Purpose::ReEvaluation,
            place,
        };
        match clinic.enter(by, &book).await {
            Ok(_) => return id,
            Err(problem) => assert_eq!(problem.code, "double-booking"),
        }
    }
    panic!("half a day is taken");
}

async fn ahead(house: &House, span: SignedDuration) {
    let clinic = &house.server.app().clinic;
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    clinic.forward(lead.id, span.as_secs()).await.unwrap();
}

#[tokio::test]
async fn the_second_missed_appointment_leads_to_a_review_that_no_arrival_takes_the_place_of() {
    let house = House::open(|options| options.demo = true).await;
    crowded(&house).await;
    let (mut colin, id) = (house.as_demo("colin").await, chart(&house, "Tom").await.id);
    let next = || async {
        let clinic = &house.server.app().clinic;
        clinic.next_step(&chart(&house, "Tom").await.episode)
    };
    let new = house.hire(Role::Practitioner).await;
    misses(&house, id, new).await;
    assert_ne!(next().await, NextStep::Review);
    let row = format!("data-row=\"{id}\"");
    assert!(!colin.get("/").await.ok().body.contains(&row));
    ahead(&house, SignedDuration::from_hours(24)).await;
    misses(&house, id, new).await;
    assert_eq!(chart(&house, "Tom").await.episode.missed.len(), 2);
    assert_eq!(next().await, NextStep::Review);
    let today = colin.get("/").await.ok();
    today.shows(&row).shows("missed twice: review");
    let first = today.after("<tr data-row", "data-row");
    assert_eq!(first, id.to_string(), "it stands first");
    let base = format!("/patients/{id}");
    let treat = colin.get(&format!("{base}/treat")).await.ok();
    treat.shows("missed twice: review");
    let fields = answers(&treat, &[("pain_now", "3"), ("distal_extent", "spine")]);
    let path = format!("{base}/treat/arrival");
    fill(&mut colin, &path, &fields, &[]).await.ok();
    assert!(chart(&house, "Tom").await.episode.open_visit().is_some());
    assert_eq!(next().await, NextStep::Review, "he has arrived");
    colin.get("/").await.ok().shows("missed twice: review");
    colin.post(&format!("{base}/review"), &[]).await.ok();
    let today = colin.get("/").await.ok();
    assert!(!today.body.contains("missed twice: review"));
}

#[tokio::test]
async fn who_has_had_no_session_for_a_fortnight_stands_first_on_today() {
    let house = House::open(|options| options.demo = true).await;
    crowded(&house).await;
    let (mut colin, id) = (house.as_demo("colin").await, chart(&house, "Ruth").await.id);
    let row = format!("data-row=\"{id}\"");
    assert!(!colin.get("/").await.ok().body.contains(&row));
    let of = chart(&house, "Ruth").await;
    let ended = of.episode.treated().next_back().unwrap().ended.unwrap();
    let now = house.server.app().clinic.now();
    let gap = SignedDuration::from_hours(14 * 24);
    let almost = (ended + gap).duration_since(now) - SignedDuration::from_mins(5);
    ahead(&house, almost).await;
    assert!(!colin.get("/").await.ok().body.contains(&row));
    ahead(&house, SignedDuration::from_mins(6)).await;
    let today = colin.get("/").await.ok();
    today.shows(&row).shows("no session since ");
    let treat = colin.get(&format!("/patients/{id}/treat")).await.ok();
    treat.shows("no session since ");
}
