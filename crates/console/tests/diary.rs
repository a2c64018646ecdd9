//! The diary: booked by the front desk, seen by everybody, nothing twice.

use axum::http::StatusCode;
use care::episode::{Demographics, Role};
use si::Region;
use uuid::Uuid;

use crate::browser::{Browser, House, Page};

struct Clinic {
    house: House,
    desk: Browser,
    day: String,
}

impl Clinic {
    async fn open() -> Self {
        let house = House::staffed().await;
        let desk = house.as_role(Role::FrontDesk).await;
        let clinic = &house.server.app().clinic;
        let today = clinic.now().to_zoned_datetime(clinic.zone().clone());
        // Tomorrow: whatever the hour, every time of it lies ahead.
        let day = today.date().tomorrow().unwrap().to_string();
        Self { house, desk, day }
    }

    async fn patient(&self, name: &str) -> Uuid {
        let clinic = &self.house.server.app().clinic;
        let by = clinic.user_by_login("practitioner").await.unwrap();
        let who = Demographics {
            name: name.into(),
            ..Demographics::default()
        };
        let chart = clinic
            .register(&by.unwrap().actor(), who, Region::Lumbar)
            .await;
        chart.unwrap().id
    }

    async fn user(&self, login: &str) -> Uuid {
        let clinic = &self.house.server.app().clinic;
        clinic.user_by_login(login).await.unwrap().unwrap().id
    }

    /// The page on which this patient is booked.
    async fn form(&mut self, patient: Uuid) -> Page {
        let path = format!("/diary?day={}&patient={patient}", self.day);
        self.desk.get(&path).await.ok()
    }

    async fn book(&mut self, page: &Page, patient: Uuid, time: &str, with: Uuid) -> Page {
        let id = page.after("name=\"id\"", "value");
        let (patient, with, day) = (patient.to_string(), with.to_string(), self.day.clone());
        let fields = [
            ("id", id.as_str()),
            ("patient", &patient),
            ("purpose", "session"),
            ("day", &day),
            ("time", time),
            ("minutes", "40"),
            ("practitioner", &with),
            ("table", "Table 1"),
        ];
        self.desk.post("/diary", &fields).await
    }
}

fn rows(page: &Page) -> usize {
    page.body.matches("data-appointment=").count()
}

#[tokio::test]
async fn the_front_desk_finds_a_patient_and_books_once() {
    let mut clinic = Clinic::open().await;
    let patient = clinic.patient("Ada Sample").await;
    let with = clinic.user("practitioner").await;
    let day = clinic.day.clone();
    let found = clinic.desk.get(&format!("/diary?day={day}&find=ada")).await;
    found.ok().shows(&format!("patient={patient}"));
    let page = clinic.form(patient).await;
    let booked = clinic.book(&page, patient, "10:00", with).await;
    assert_eq!(booked.status, StatusCode::SEE_OTHER);
    // The same form a second time: a double press, or the back button.
    let again = clinic.book(&page, patient, "10:00", with).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    let page = clinic.desk.get(&format!("/diary?day={day}")).await.ok();
    assert_eq!(rows(&page), 1);
    page.shows("one appointment")
        .shows("Ada Sample")
        .shows("10:00");
}

#[tokio::test]
async fn a_table_that_is_taken_is_refused_with_the_next_free_time_and_what_was_typed() {
    let mut clinic = Clinic::open().await;
    let first = clinic.patient("Ada Sample").await;
    let second = clinic.patient("Ben Sample").await;
    let (with, other) = (
        clinic.user("practitioner").await,
        clinic.user("clinical-lead").await,
    );
    let page = clinic.form(first).await;
    clinic.book(&page, first, "10:00", with).await.ok();
    let page = clinic.form(second).await;
    let refused = clinic.book(&page, second, "10:20", other).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused
        .shows("data-code=\"double-booking\"")
        .shows("the table is taken from 10:00 to 10:40")
        .shows("the next free time is 10:40")
        .shows("Ben Sample");
    assert_eq!(refused.after("id=\"time\"", "value"), "10:20");
    // The form that was refused can be sent again with another time.
    let booked = clinic.book(&refused, second, "10:40", other).await;
    assert_eq!(booked.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_appointment_is_moved_and_marked_and_a_wrong_mark_is_refused() {
    let mut clinic = Clinic::open().await;
    let patient = clinic.patient("Ada Sample").await;
    let with = clinic.user("practitioner").await;
    let page = clinic.form(patient).await;
    clinic.book(&page, patient, "10:00", with).await.ok();
    let day = clinic.day.clone();
    let page = clinic.desk.get(&format!("/diary?day={day}")).await.ok();
    let id = page.after("<tr data-appointment", "data-appointment");
    let with = with.to_string();
    let fields = [
        ("day", day.as_str()),
        ("time", "11:30"),
        ("minutes", "40"),
        ("practitioner", &with),
        ("table", "Table 1"),
    ];
    let moved = clinic
        .desk
        .post(&format!("/diary/{id}/move"), &fields)
        .await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER);
    // Tomorrow's appointment cannot be missed today.
    let mark = format!("/diary/{id}/mark");
    let missed = [("mark", "no-show"), ("day", day.as_str())];
    let ahead = clinic.desk.post(&mark, &missed).await;
    assert_eq!(ahead.status, StatusCode::UNPROCESSABLE_ENTITY);
    ahead.shows("appointment-ahead");
    let off = [("mark", "cancelled"), ("day", day.as_str())];
    clinic.desk.post(&mark, &off).await.ok();
    let page = clinic.desk.get(&format!("/diary?day={day}")).await.ok();
    page.shows("11:30")
        .shows("Called off")
        .shows("nobody is booked");
}

#[tokio::test]
async fn who_is_booked_today_stands_on_the_first_page() {
    let house = House::open(|options| options.demo = true).await;
    let mut browser = house.as_demo("colin").await;
    let page = browser.get("/").await.ok();
    page.shows("data-test=\"booked\"").shows("Henrik Sole");
    let mut desk = house.as_demo("felix").await;
    let page = desk.get("/diary").await.ok();
    page.shows("Henrik Sole")
        .shows("Is here")
        .shows("Called off");
    // The front desk books, keeps contact data, and reads no record.
    let mut links = page.body.split("href=\"/patients/").skip(1);
    let contact = |rest: &str| rest.split('"').next().unwrap().ends_with("/contact");
    assert!(links.all(contact));
}

#[tokio::test]
async fn who_comes_today_stands_with_the_day_of_the_verdict_and_the_check_in() {
    let house = House::open(|options| options.demo = true).await;
    let mut colin = house.as_demo("colin").await;
    let page = colin.get("/diary").await.ok();
    page.shows("data-test=\"decided\">decided ")
        .shows("data-test=\"check-in\"");
    // A fortnight later what was found is stale: the old verdict says so.
    let clinic = &house.server.app().clinic;
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    let day = page.after("name=\"day\"", "value");
    clinic.forward(lead.id, 15 * 24 * 3600).await.unwrap();
    let page = colin.get(&format!("/diary?day={day}")).await.ok();
    page.shows("data-test=\"again\">Re-screen today");
    // Nor does it read as one that holds in the list of everybody, or on the patient's own page.
    let tomas = crate::steps::chart(&house, "Tomás").await;
    for path in ["/?find=Tom".to_owned(), format!("/patients/{}", tomas.id)] {
        let page = colin.get(&path).await.ok();
        page.shows("data-test=\"again\">Re-screen today")
            .shows("Was: Cleared");
    }
}
