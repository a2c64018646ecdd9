//! The patient's own page on the table: it lowers and never raises, needs nothing but its
//! link, and what it tells is on record as the patient's.

use axum::http::StatusCode;
use care::episode::Role;
use care::fact::{By, Value};
use table::wire::Status;

use crate::browser::{Browser, House, Page};
use crate::steps::{armed, bedside, chart, house, planned, stage, started};

/// A patient who lies on the table, with their page: house, practitioner, phone, its path.
struct Lying {
    house: House,
    bedside: table::bedside::Bedside,
    practitioner: Browser,
    phone: Browser,
    session: String,
    page: String,
}

impl Lying {
    async fn down() -> Self {
        let house = house().await;
        let bedside = bedside(house.folder.path(), 10);
        let mut practitioner = house.as_demo("colin").await;
        let base = planned(&house, &mut practitioner).await;
        let session = armed(&mut practitioner, &base).await;
        let link = practitioner.get(&format!("{session}/patient")).await.ok();
        let address = link.body.split("btn next\" href=\"").nth(1).unwrap();
        let address = address.split('"').next().unwrap();
        assert!(address.starts_with("http"), "{address}");
        link.shows("<svg");
        let page = address[address.find("/t/").unwrap()..].to_owned();
        let mut phone = house.browser();
        let shown = phone.get(&page).await.ok();
        phone.csrf = shown.after("name=\"csrf\"", "value");
        started(&mut practitioner, &session).await;
        stage(&house, &["running"]).await;
        Self {
            house,
            bedside,
            practitioner,
            phone,
            session,
            page,
        }
    }

    async fn says(&mut self, score: &str) -> Page {
        let path = format!("{}/comfort", self.page);
        self.phone.post(&path, &[("score", score)]).await
    }

    /// What the table answers now.
    async fn asked(&self) -> Status {
        let bedside = self.house.server.app().bedside.clone().unwrap();
        bedside.call(table::client::Client::status).await.unwrap()
    }

    /// What the table says once it is as wanted; five seconds at most.
    async fn table(&self, what: &str, wanted: impl Fn(&Status) -> bool) -> Status {
        let bedside = self.house.server.app().bedside.clone().unwrap();
        for _ in 0..100 {
            if let Some(status) = bedside.live().status.filter(&wanted) {
                return status;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("never: {what}: {:?}", bedside.live().status);
    }
}

/// hazard: H30
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_tells_how_it_feels_and_stops_it_without_a_login() {
    let mut lying = Lying::down().await;
    let shown = lying.phone.get(&lying.page.clone()).await.ok();
    shown.shows("Move the mark").shows("id=\"stop\"");
    // Nobody told anything: no 0 stands there as if somebody had.
    shown.shows("id=\"score-now\">?</output>");
    for private in ["Elin", "Colin", "N<", "newton"] {
        assert!(!shown.body.contains(private), "{private}: {}", shown.body);
    }

    let page = lying.page.clone();
    let comfort = format!("{}/comfort", lying.session);
    let noted = lying.practitioner.post(&comfort, &[("score", "3")]).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER);
    lying.table("3 noted", |s| s.comfort == Some(3)).await;
    let shown = lying.phone.get(&page).await.ok();
    shown
        .shows("Your therapist noted 3")
        .shows("id=\"score-now\">3</output>");
    assert_eq!(lying.says("4").await.location(), page);
    lying.table("4 told", |s| s.comfort == Some(4)).await;
    lying.phone.get(&page).await.ok().shows("You said 4");
    // What is better lifts nothing: it is on record, and the table goes by what was worse.
    assert_eq!(lying.says("2").await.location(), page);
    let shown = lying.phone.get(&page).await.ok();
    shown.shows("You said 2. Your therapist sees this and decides");
    assert_eq!(lying.asked().await.comfort, Some(4));
    assert_eq!(
        lying.says("11").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );

    let elin = chart(&lying.house, "Elin").await;
    let session = elin.episode.running().unwrap();
    let told: Vec<_> = session
        .reports
        .iter()
        .flat_map(|one| &one.readings)
        .collect();
    let scores: Vec<_> = told.iter().map(|one| one.as_value().cloned()).collect();
    let given = [3.0, 4.0, 2.0].map(|score| Some(Value::Number(score)));
    assert_eq!(scores, given);
    assert!(told.iter().all(|one| one.by == By::Patient));
    let roles = elin.episode.timeline.iter().rev().take(2);
    assert!(
        roles
            .map(|line| line.role)
            .all(|role| role == Role::Patient)
    );

    assert_eq!(
        lying
            .phone
            .post(&format!("{page}/stop"), &[])
            .await
            .location(),
        page
    );
    let status = stage(&lying.house, &["unloading", "unloaded"]).await;
    assert!(status.latch.is_some(), "{status:?}");
    stage(&lying.house, &["unloaded"]).await;
    lying.phone.get(&page).await.ok().shows("It has let go.");
    // Whoever looks at the session is told who stopped it.
    let page = lying.practitioner.get(&lying.session.clone()).await.ok();
    page.shows("The patient pressed STOP on their own page");
    lying.bedside.stop().unwrap();
}

/// hazard: H28
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_score_three_above_the_arrival_lets_go() {
    let mut lying = Lying::down().await;
    let page = lying.page.clone();
    assert_eq!(lying.says("8").await.location(), page);
    stage(&lying.house, &["unloading", "unloaded"]).await;
    let shown = lying.phone.get(&page).await.ok();
    shown.shows("You said 8, so it lets go.");
    lying.bedside.stop().unwrap();
}

/// hazard: H30
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_patients_stop_reaches_the_table_although_journal_and_audit_are_gone() {
    let mut lying = Lying::down().await;
    lying.house.server.app().clinic.close().await.unwrap();
    let path = format!("{}/stop", lying.page);
    let sent = lying.phone.post(&path, &[]).await;
    assert_eq!(sent.location(), lying.page, "{}", sent.body);
    let status = stage(&lying.house, &["unloading", "unloaded"]).await;
    assert!(status.latch.is_some(), "{status:?}");
    lying.bedside.stop().unwrap();
}

/// Whichever comes first: of two scores told at once the worse counts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_scores_at_once_never_make_a_worse_one_better() {
    let mut lying = Lying::down().await;
    let path = format!("{}/comfort", lying.page);
    for _ in 0..3 {
        let mut other = lying.house.browser();
        other.csrf = lying.phone.csrf.clone();
        let (one, two) = tokio::join!(
            lying.phone.post(&path, &[("score", "3")]),
            other.post(&path, &[("score", "4")]),
        );
        assert_eq!(one.status, StatusCode::SEE_OTHER, "{}", one.body);
        assert_eq!(two.status, StatusCode::SEE_OTHER, "{}", two.body);
        assert_eq!(lying.asked().await.comfort, Some(4));
    }
    lying.bedside.stop().unwrap();
}

/// hazard: H30
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_that_does_not_arrive_says_what_stops_the_table() {
    let mut lying = Lying::down().await;
    let patient = chart(&lying.house, "Elin").await.id;
    // A page of another session stops nothing of this one.
    let clinic = &lying.house.server.app().clinic;
    let old = clinic.table_token(patient, uuid::Uuid::from_u128(9));
    let ours = lying.phone.csrf.clone();
    lying.phone.csrf = console::door::link_token(&old);
    let refused = lying.phone.post(&format!("/t/{old}/stop"), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.shows("Press the switch in your hand");
    assert_eq!(lying.asked().await.latch, None);

    lying.phone.csrf = ours;
    lying.bedside.stop().unwrap();
    lying.house.server.app().bedside.as_ref().unwrap().shut();
    let stop = format!("{}/stop", lying.page);
    let refused = lying.phone.post(&stop, &[]).await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
    refused.shows("That did not arrive. Press the switch in your hand.");
    assert!(!refused.body.contains("answer"), "{}", refused.body);
}

#[tokio::test]
async fn a_link_that_this_clinic_did_not_make_shows_nothing_and_tells_the_table_nothing() {
    let house = House::staffed().await;
    let other = House::staffed().await;
    let ids = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
    let theirs = other.server.app().clinic.table_token(ids.0, ids.1);
    let mut phone = house.browser();
    phone.csrf = console::door::link_token(&theirs);
    let page = phone.get(&format!("/t/{theirs}")).await;
    assert_eq!(page.status, StatusCode::GONE);
    for act in ["stop", "comfort"] {
        let page = phone
            .post(&format!("/t/{theirs}/{act}"), &[("score", "4")])
            .await;
        assert_eq!(page.status, StatusCode::GONE, "{act}");
    }
    // A form without its token is nobody's, whatever the link.
    phone.csrf = String::new();
    let ours = house.server.app().clinic.table_token(ids.0, ids.1);
    let page = phone.post(&format!("/t/{ours}/stop"), &[]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}
