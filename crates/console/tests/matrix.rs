//! The whole matrix: every route, for every role and for nobody, with a patient's own record,
//! another's and none. What the route table declares is what happens.

use axum::http::StatusCode;
use care::episode::Role;
use console::clinic::NewUser;
use console::door::route::{Access, Note, Route, Scope, Verb};
use console::routes::TABLE;
use si::Region;
use uuid::Uuid;

use crate::access::filled;
use crate::browser::{Browser, House, PASSWORD, Page};

/// A record that nobody registered.
const NOBODY: &str = "00000000-0000-4000-8000-000000000001";
const NAME: &str = "Pat Example";

/// Whose record a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// For a patient their own; for whoever works here one of the clinic's.
    Own,
    /// Another one of the clinic's.
    Other,
    /// No record's at all.
    No,
}

/// What has to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// The login page, or that nothing arrived.
    Login,
    /// Not open to this role, whatever the record.
    Forbidden,
    /// No such record, as far as this person may know.
    NotFound,
    /// The handler answers.
    In,
}

/// What the table declares.
fn declared(route: &Route, role: Option<Role>, whose: Whose) -> Outcome {
    let Access::Of(roles) = route.access else {
        return Outcome::In;
    };
    match role {
        None => Outcome::Login,
        Some(role) if !roles.has(role) => Outcome::Forbidden,
        Some(_) if route.scope != Scope::Patient => Outcome::In,
        Some(Role::Patient) if whose == Whose::Other => Outcome::NotFound,
        Some(_) if whose == Whose::No => Outcome::NotFound,
        Some(_) => Outcome::In,
    }
}

async fn knock(browser: &mut Browser, route: &Route, path: &str) -> Page {
    match route.method {
        Verb::Get => browser.get(path).await,
        Verb::Post => browser.post(path, &[]).await,
    }
}

fn check(route: &Route, path: &str, outcome: Outcome, page: &Page, who: &str) {
    let at = format!("{who} at {path}: {}", page.status);
    match outcome {
        Outcome::Login if route.note == Note::After => {
            assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{at}");
            page.shows("did not arrive");
        }
        Outcome::Login => {
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{at}");
            let asked = route.method == Verb::Get && path != "/";
            let then = format!("/login?then={}", path.replace('/', "%2F"));
            let login = if asked { then.as_str() } else { "/login" };
            assert_eq!(page.location(), login, "{at}");
        }
        Outcome::Forbidden => assert_eq!(page.status, StatusCode::FORBIDDEN, "{at}"),
        Outcome::NotFound => assert_eq!(page.status, StatusCode::NOT_FOUND, "{at}"),
        Outcome::In => {
            assert_ne!(page.status, StatusCode::FORBIDDEN, "{at}");
            assert!(!page.status.is_server_error(), "{at}");
        }
    }
    if outcome != Outcome::In {
        assert!(!page.body.contains(NAME), "{at} tells a name");
    }
}

/// Routes of roles: whoever leaves is out, so that comes last. A stream of a session that is not
/// there ends before it begins.
fn walked() -> impl Iterator<Item = &'static Route> {
    let of_roles = |route: &&Route| matches!(route.access, Access::Of(_));
    let leaves = |route: &&Route| route.path == "/logout";
    let all = || TABLE.iter().filter(of_roles);
    let stays = all().filter(move |route| !leaves(route));
    stays.chain(all().filter(leaves))
}

/// The clinic, two patients of it, and an account of the first.
async fn clinic() -> (House, [Uuid; 2]) {
    let house = House::staffed().await;
    let patients = [
        house.pat(Region::Lumbar).await,
        house.pat(Region::Cervical).await,
    ];
    let own = NewUser {
        login: "own".into(),
        name: "Somebody".into(),
        role: Role::Patient,
        licence: None,
        patient: Some(patients[0]),
        password: PASSWORD.into(),
        temporary: false,
    };
    let added = house.server.app().clinic.add_user(Uuid::nil(), own).await;
    added.unwrap();
    (house, patients)
}

async fn walk(house: &House, patients: [Uuid; 2], role: Option<Role>) -> usize {
    let mut browser = match role {
        None => house.browser(),
        Some(Role::Patient) => {
            let mut browser = house.browser();
            browser.login("own", PASSWORD).await;
            browser
        }
        Some(role) => house.as_role(role).await,
    };
    let who = role.map_or("nobody", Role::as_str);
    let [own, other] = patients.map(|id| id.to_string());
    let mut steps = 0;
    for route in walked() {
        for (whose, patient) in [
            (Whose::Own, &*own),
            (Whose::Other, &*other),
            (Whose::No, NOBODY),
        ] {
            if whose != Whose::Own && !route.path.contains("{patient}") {
                continue;
            }
            let path = filled(route.path, patient);
            let page = knock(&mut browser, route, &path).await;
            check(route, &path, declared(route, role, whose), &page, who);
            steps += 1;
        }
    }
    steps
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_does_for_everybody_what_it_declares() {
    let (house, patients) = clinic().await;
    let people = Role::ALL.into_iter().filter(|role| *role != Role::Program);
    let people: Vec<Option<Role>> = people.map(Some).chain([None]).collect();
    assert_eq!(people.len(), 8);
    let mut steps = 0;
    for role in people {
        steps += walk(&house, patients, role).await;
    }
    assert!(steps > 2_000, "{steps}");
}

/// A link opens what it was made for; another opens nothing and tells no name.
#[tokio::test]
async fn a_link_that_was_never_made_opens_nothing() {
    let (house, patients) = clinic().await;
    let links = TABLE.iter().filter(|route| route.access == Access::Link);
    let links: Vec<_> = links.collect();
    assert!(links.len() >= 10, "{}", links.len());
    for route in links {
        for token in [
            "x",
            &"0".repeat(32),
            &format!("{}{}", patients[0].simple(), "0".repeat(42)),
        ] {
            // Each from a browser of its own: wrong links are slowed down.
            let path = route.path.replace("{token}", token);
            let page = knock(&mut house.browser(), route, &path).await;
            let closed = page.status == StatusCode::NOT_FOUND
                || page.status == StatusCode::GONE
                || page.status == StatusCode::FORBIDDEN
                || page.status == StatusCode::TOO_MANY_REQUESTS;
            assert!(closed, "{path}: {}", page.status);
            assert!(!page.body.contains(NAME), "{path}");
        }
    }
}

/// OpenEMR read forms of one patient through another's page (CVE-2026-27943): an id below a
/// record has to belong to that record.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_belongs_to_one_patient_is_not_reached_through_another() {
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let named = async |name: &str| {
        let found = clinic.find(name, 1).await.unwrap().listed;
        clinic.chart(found[0].id).await.unwrap()
    };
    let (treated, other) = (named("Tomás").await, named("Elin").await);
    let session = treated.episode.all_sessions().next().unwrap().id;
    assert!(other.episode.session(session).is_none());
    let mut browser = house.as_demo("nadia").await;
    let mut walked = 0;
    for route in TABLE
        .iter()
        .filter(|route| route.path.contains("{session}"))
    {
        let session = session.to_string();
        let path = route.path.replace("{session}", &session);
        let path = filled(&path, &other.id.to_string());
        let page = knock(&mut browser, route, &path).await;
        let told = page.body.contains("Tomás") || page.body.contains(&*treated.id.to_string());
        assert!(!told, "{path} tells of the other");
        assert!(!page.status.is_success(), "{path}: {}", page.status);
        walked += 1;
    }
    assert!(walked > 30, "{walked}");
    for before in [treated, other] {
        let after = clinic.chart(before.id).await.unwrap();
        assert_eq!(after.sequence, before.sequence, "nothing was written");
    }
}
