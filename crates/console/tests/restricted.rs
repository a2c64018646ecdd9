//! Records that only some open, and how everybody else opens one in an emergency.

use axum::http::StatusCode;
use care::episode::Role;
use console::clinic::{Deed, Wanted};
use console::door::route::{Access, Lock, Note, Scope, Verb};
use console::routes::TABLE;
use jiff::Timestamp;
use uuid::Uuid;

use crate::access::filled;
use crate::browser::{Browser, House};

const WHY: &str = "A colleague is treated here.";
const NEED: &str = "Their team is away, and they cannot stand.";

async fn user(house: &House, login: &str) -> Uuid {
    let clinic = &house.server.app().clinic;
    clinic.user_by_login(login).await.unwrap().unwrap().id
}

/// The demonstration with Elin's record restricted to its lead; her record, and the lead.
async fn restricted() -> (House, Uuid, Browser) {
    let house = House::open(|options| options.demo = true).await;
    let found = house.server.app().clinic.find("Elin", 1).await.unwrap();
    let patient = found.listed[0].id;
    let team = user(&house, "nadia").await.to_string();
    let mut lead = house.as_demo("nadia").await;
    let path = format!("/patients/{patient}/restriction");
    let page = lead.post(&path, &[("team", &team), ("reason", WHY)]).await;
    assert_eq!(page.location(), format!("{path}?said=saved"));
    (house, patient, lead)
}

#[tokio::test]
async fn a_restricted_record_opens_to_its_team_and_to_others_only_with_a_reason() {
    let (house, patient, mut lead) = restricted().await;
    let record = format!("/patients/{patient}");
    lead.get(&record).await.ok().shows("Only one person opens");
    let mut colin = house.as_demo("colin").await;
    let plan = format!("{record}/plan");
    let page = colin.get(&plan).await;
    let way = format!("{record}/emergency");
    assert!(page.location().starts_with(&format!("{way}?then=")));
    let page = colin.get(page.location()).await.ok();
    page.shows("open to its team alone").shows(&plan);
    assert_eq!(colin.get(&record).await.status, StatusCode::SEE_OTHER);

    let page = colin.post(&way, &[("reason", "needed")]).await;
    assert_eq!(page.code(), "reason-unsaid");
    assert_eq!(colin.get(&record).await.status, StatusCode::SEE_OTHER);
    let said = [("reason", NEED), ("then", &*plan)];
    assert_eq!(colin.post(&way, &said).await.location(), plan);
    colin.get(&plan).await.ok();
    colin.get(&record).await.ok();
    // Only who gave the reason is let in.
    let mut other = house.as_demo("sofia").await;
    assert_eq!(other.get(&record).await.status, StatusCode::SEE_OTHER);

    let wanted = Wanted {
        act: Some(Deed::Emergency),
        ..Wanted::default()
    };
    let clinic = &house.server.app().clinic;
    let lines = clinic.accesses(&wanted, 9).await.unwrap().lines;
    let noted: Vec<_> = lines.iter().map(|line| line.access.user).collect();
    assert_eq!(noted, [Some(user(&house, "colin").await)]);
}

/// Who leads nowhere else but to the record leads nobody astray.
/// A name and an hour stay on lists; what the record says does not.
#[tokio::test]
async fn lists_say_of_a_restricted_record_that_it_is_there_and_no_more() {
    let (house, patient, mut lead) = restricted().await;
    let row = |page: &crate::browser::Page| {
        let from = page.body.find(&format!("data-row=\"{patient}\"")).unwrap();
        let rest = &page.body[from..];
        rest[..rest.find("</tr>").unwrap_or(rest.len())].to_owned()
    };
    let told = row(&lead.get("/?find=Elin").await.ok());
    assert!(
        !told.contains("its team knows more") && told.contains("received"),
        "{told}"
    );
    for (login, path) in [
        ("colin", "/?find=Elin"),
        ("sofia", "/renewed?find=Elin"),
        ("felix", "/?find=Elin"),
    ] {
        let mut other = house.as_demo(login).await;
        let told = row(&other.get(path).await.ok());
        assert!(told.contains("Elin"), "{told}");
        let clinical = login != "felix";
        assert_eq!(told.contains("its team knows more"), clinical, "{told}");
        assert!(!told.contains("received"), "{login}: {told}");
    }
}

#[tokio::test]
async fn the_way_in_leads_to_a_page_of_that_record_alone() {
    let (house, patient, _) = restricted().await;
    let record = format!("/patients/{patient}");
    let mut colin = house.as_demo("colin").await;
    for then in ["//evil.example/patients", "https://evil.example", "/users"] {
        let said = [("reason", NEED), ("then", then)];
        let page = colin.post(&format!("{record}/emergency"), &said).await;
        assert_eq!(page.location(), record, "{then}");
    }
}

/// Every route that names a patient, for somebody who is not on the team: closed, or one of those
/// that lower force and of the doors of the restriction itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_of_a_restricted_record_is_closed_to_others_but_what_lowers_force() {
    let (house, patient, _) = restricted().await;
    let patient = patient.to_string();
    let mut colin = house.as_demo("colin").await;
    let (mut closed, mut passed) = (0, 0);
    for route in TABLE.iter().filter(|route| route.scope == Scope::Patient) {
        let Access::Of(roles) = route.access else {
            panic!("{} names a patient to nobody known", route.path)
        };
        if route.lock == Lock::Passed {
            let lowers = route.note == Note::After || route.path.ends_with("/heartbeat");
            let door = ["/restriction", "/restriction/lift", "/emergency"];
            let kept = [
                "/keeping",
                "/keeping/hold",
                "/keeping/lift",
                "/keeping/erase",
            ];
            let own = door.iter().chain(&kept);
            let of = |end: &&str| route.path == format!("/patients/{{patient}}{end}");
            assert!(lowers || own.clone().any(of), "{}", route.path);
            passed += 1;
            continue;
        }
        if !roles.has(Role::Practitioner) {
            continue;
        }
        let path = filled(route.path, &patient);
        match route.method {
            Verb::Get => {
                let page = colin.get(&path).await;
                assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}");
                assert!(page.location().contains("/emergency"), "{path}");
            }
            Verb::Post => {
                let page = colin.post(&path, &[]).await;
                assert_eq!(page.code(), "record-restricted", "{path}");
                assert!(!page.body.contains("Elin"), "{path}");
            }
        }
        closed += 1;
    }
    assert!(
        closed > 80 && passed > 15,
        "{closed} closed, {passed} passed"
    );
    let stop = filled("/patients/{patient}/session/{session}/stop", &patient);
    assert_ne!(colin.post(&stop, &[]).await.code(), "record-restricted");
}

/// Who has no business at the table has no way in at all.
#[tokio::test]
async fn the_front_desk_and_the_administrator_are_not_led_to_a_way_in() {
    let (house, patient, _) = restricted().await;
    for (login, path) in [
        ("felix", "contact"),
        ("ada", "keeping/json"),
        ("ada", "keeping/fhir"),
    ] {
        let mut browser = house.as_demo(login).await;
        let page = browser.get(&format!("/patients/{patient}/{path}")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{login}");
    }
}

#[tokio::test]
async fn an_opening_is_reviewed_once_and_not_by_who_opened_it() {
    let (house, patient, mut lead) = restricted().await;
    let mut colin = house.as_demo("colin").await;
    let record = format!("/patients/{patient}");
    let said = [("reason", NEED)];
    colin.post(&format!("{record}/emergency"), &said).await;
    colin.get(&record).await.ok();
    lead.get("/").await.ok().shows("openings-wait");
    let page = lead.get("/openings").await.ok();
    page.shows(NEED).shows("pages looked at, 1");
    let clinic = &house.server.app().clinic;
    let all = clinic.restrictions().await.unwrap();
    let waiting = all.waiting().next().unwrap();
    let hours = |until: Timestamp| until.duration_since(waiting.at).as_hours();
    assert_eq!((hours(waiting.until()), hours(waiting.due())), (4, 24));
    let opening = waiting.id;
    let review = format!("/openings/{opening}/review");
    let found = [
        ("found", "justified"),
        ("note", "Nobody of the team was here."),
    ];
    assert_eq!(
        colin.post(&review, &found).await.status,
        StatusCode::FORBIDDEN
    );
    let own = clinic.review_opening(user(&house, "colin").await, opening, true, found[1].1);
    assert_eq!(own.await.unwrap_err().code, "own-opening");
    assert_eq!(
        lead.post(&review, &[found[0]]).await.code(),
        "reason-unsaid"
    );
    let odd = [("found", "perhaps"), found[1]];
    assert_eq!(lead.post(&review, &odd).await.code(), "review-unknown");
    let done = lead.post(&review, &found).await;
    assert_eq!(done.location(), "/openings?said=saved");
    let mut keeper = house.as_demo("ada").await;
    assert_eq!(
        keeper.post(&review, &found).await.code(),
        "opening-reviewed"
    );
    keeper.get("/openings").await.ok().shows(found[1].1);
    assert!(!lead.get("/").await.ok().body.contains("openings-wait"));
}

#[tokio::test]
async fn a_team_works_here_and_somebody_in_it_decides() {
    let (house, patient, mut lead) = restricted().await;
    let path = format!("/patients/{patient}/restriction");
    let mut choose = async |team: &[Uuid]| {
        let ids: Vec<String> = team.iter().map(Uuid::to_string).collect();
        let chosen = ids.iter().map(|id| ("team", &**id));
        let form: Vec<_> = chosen.chain([("reason", WHY)]).collect();
        lead.post(&path, &form).await
    };
    let (desk, keeper) = (user(&house, "felix").await, user(&house, "ada").await);
    assert_eq!(choose(&[]).await.code(), "team-cannot-decide");
    assert_eq!(choose(&[desk]).await.code(), "team-cannot-decide");
    assert_eq!(choose(&[keeper]).await.code(), "team-unknown");
    assert_eq!(choose(&[Uuid::nil()]).await.code(), "team-unknown");
    let clinic = &house.server.app().clinic;
    let nadia = user(&house, "nadia").await;
    let team = clinic.restrictions().await.unwrap();
    assert!(
        team.of(patient).unwrap().team.iter().eq([&nadia]),
        "as it was"
    );
    let (lift, ended) = (format!("{path}/lift"), "The course has ended.");
    let page = lead.post(&lift, &[("reason", ended)]).await;
    assert_eq!(page.location(), format!("{path}?said=saved"));
    let mut colin = house.as_demo("colin").await;
    colin.get(&format!("/patients/{patient}")).await.ok();
}
