//! Registering somebody and keeping their contact data, by the front desk as by others.

use axum::http::StatusCode;
use care::episode::{Command, Demographics, Private, Role};
use si::Region;
use uuid::Uuid;

use crate::browser::House;

async fn imported(house: &House) -> Uuid {
    let clinic = &house.server.app().clinic;
    let user = clinic.user_by_login("practitioner").await.unwrap().unwrap();
    let who = Demographics {
        name: "Pat Example".into(),
        sex: Some("female".into()),
        identifiers: vec!["MRN-1".into()],
        ..Demographics::default()
    };
    let chart = clinic.register(&user.actor(), who, Region::Lumbar).await;
    chart.unwrap().id
}

#[tokio::test]
async fn the_front_desk_registers_somebody_and_goes_on_to_book_them() {
    let house = House::staffed().await;
    let mut desk = house.as_role(Role::FrontDesk).await;
    desk.get("/").await.ok().shows("href=\"/register\"");
    let page = desk.get("/diary?find=Ada+Sample").await.ok();
    page.shows("/register?name=Ada%20Sample");
    let page = desk.get("/register?name=Ada%20Sample").await.ok();
    page.shows("value=\"Ada Sample\"");
    let form = [
        ("name", "Ada Sample"),
        ("born", "1970-02-03"),
        ("phone", "+1 555 0100"),
        ("email", "ada@example.org"),
        ("region", "cervical"),
    ];
    let sent = desk.post("/import/by-hand", &form).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let booking = sent.location().to_owned();
    assert!(booking.starts_with("/diary?patient="), "{booking}");
    desk.get(&booking).await.ok().shows("Ada Sample");
    let clinic = &house.server.app().clinic;
    let found = clinic.find("ada", 2).await.unwrap().listed;
    let chart = clinic.chart(found[0].id).await.unwrap();
    let who = &chart.episode.demographics.0;
    assert_eq!(who.email.as_deref(), Some("ada@example.org"));
    assert_eq!(chart.episode.region, Some(Region::Cervical));
}

#[tokio::test]
async fn a_number_is_entered_by_the_front_desk_and_nothing_else_is_lost() {
    let house = House::staffed().await;
    let id = imported(&house).await;
    let path = format!("/patients/{id}/contact");
    let mut desk = house.as_role(Role::FrontDesk).await;
    desk.get("/").await.ok().shows(&path);
    desk.get(&path).await.ok().shows("Pat Example");
    let form = [("name", "Pat Example"), ("phone", "555 0123")];
    let sent = desk.post(&path, &form).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let back = sent.location().to_owned();
    desk.get(&back).await.ok().shows("value=\"555 0123\"");
    let clinic = &house.server.app().clinic;
    let who = clinic
        .chart(id)
        .await
        .unwrap()
        .episode
        .demographics
        .0
        .clone();
    assert_eq!(who.phone.as_deref(), Some("555 0123"));
    assert_eq!(who.sex.as_deref(), Some("female"));
    assert_eq!(who.identifiers, ["MRN-1"]);
    for (name, phone, email, code) in [
        ("", "555 0123", "", "field-missing"),
        ("Pat Example", "none", "", "contact-unreadable"),
        ("Pat Example", "", "pat at example", "contact-unreadable"),
    ] {
        let form = [("name", name), ("phone", phone), ("email", email)];
        let page = desk.post(&path, &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.shows(&format!("data-code=\"{code}\""));
    }
    let after = clinic
        .chart(id)
        .await
        .unwrap()
        .episode
        .demographics
        .0
        .clone();
    assert_eq!(after, who, "what was refused changes nothing");
    let mut other = house.as_role(Role::Assistant).await;
    let page = other.get(&format!("/patients/{id}")).await.ok();
    page.shows(&path);
}

#[tokio::test]
async fn the_call_list_leads_to_where_a_missing_number_is_entered() {
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let colin = clinic.user_by_login("colin").await.unwrap().unwrap();
    for id in clinic.awaited().await.unwrap() {
        let mut who = clinic
            .chart(id)
            .await
            .unwrap()
            .episode
            .demographics
            .0
            .clone();
        (who.phone, who.email) = (None, None);
        let demographics = Private(who);
        let command = Command::ChangeContact { demographics };
        clinic.act(id, &colin.actor(), command).await.unwrap();
    }
    let mut browser = house.as_demo("colin").await;
    let page = browser.get("/").await.ok();
    if page.body.contains("data-test=\"calls\"") {
        page.shows("data-test=\"no-number\"").shows("/contact");
    }
    // An alarm without a number says so too.
    for id in clinic.alarmed().await.unwrap() {
        let mut who = clinic
            .chart(id)
            .await
            .unwrap()
            .episode
            .demographics
            .0
            .clone();
        who.phone = None;
        let demographics = Private(who);
        let command = Command::ChangeContact { demographics };
        clinic.act(id, &colin.actor(), command).await.unwrap();
        let page = browser.get("/").await.ok();
        page.shows(&format!("/patients/{id}/contact"));
    }
}
