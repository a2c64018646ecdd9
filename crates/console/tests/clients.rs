//! Programs with tokens: what opens to them, what stays closed, and what the log says of it.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use care::episode::Role;
use console::clinic::Wanted;
use console::door::route::{Access, Route, Verb};
use console::door::scope::{CDS, DECIDE, Right};
use console::routes::TABLE;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use si::Region;
use uuid::Uuid;

use crate::access::filled;
use crate::audit::log;
use crate::browser::{Browser, House, Page};

/// A request of a program.
pub(crate) fn asking(
    (method, path): (&str, &str),
    token: Option<&str>,
    (kind, body): (&str, String),
) -> Request<Body> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "127.0.0.1")
        .header(header::CONTENT_TYPE, kind);
    let request = match token {
        Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        None => request,
    };
    request.body(Body::from(body)).unwrap()
}

/// A program of these scopes, for a day; its id and its token.
pub(crate) async fn client(house: &House, scopes: &str) -> (Uuid, String) {
    let until = Timestamp::now() + SignedDuration::from_hours(24);
    let clinic = &house.server.app().clinic;
    // A server makes it beside its answers; a busy machine takes long for a whole demonstration.
    while clinic.demo() && clinic.catch_up().await.is_err() {}
    let made = clinic.register_client(Uuid::nil(), ("A program", scopes), until);
    let (client, token) = made.await.unwrap();
    (client.id, token)
}

/// What a program is answered when it asks for a path.
pub(crate) async fn ask(house: &House, path: &str, token: Option<&str>) -> Page {
    let json = ("application/fhir+json", String::new());
    house
        .browser()
        .send(asking(("GET", path), token, json))
        .await
}

fn programs() -> impl Iterator<Item = (&'static Route, Right)> {
    TABLE.iter().filter_map(|route| match route.access {
        Access::Client(right) => Some((route, right)),
        _ => None,
    })
}

async fn knock(house: &House, route: &Route, path: &str, token: Option<&str>) -> Page {
    let body = ("application/fhir+json", "{}".to_owned());
    let method = route.method.method();
    let request = asking((method.as_str(), path), token, body);
    house.browser().send(request).await
}

fn outcome(page: &Page) -> Value {
    let body: Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(body["resourceType"], "OperationOutcome", "{body}");
    body
}

/// What is kept from who shows no token that is open.
fn shut(page: &Page, at: &str) {
    assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{at}");
    let says = page.headers[header::WWW_AUTHENTICATE].to_str().unwrap();
    assert!(says.starts_with("Bearer"), "{at}: {says}");
    assert!(!page.body.contains("Pat Example"), "{at}");
}

#[tokio::test]
async fn every_route_of_programs_is_shut_to_all_but_a_program_of_its_scope() {
    let house = House::staffed().await;
    let patient = house.pat(Region::Lumbar).await.to_string();
    let (_, cds) = client(&house, CDS).await;
    let (_, decide) = client(&house, DECIDE).await;
    let (_, resources) = client(&house, "system/*.cruds").await;
    let (_, others) = client(&house, "system/Flag.cruds").await;
    let (id, withdrawn) = client(&house, "system/*.cruds system/cds system/decide").await;
    let clinic = &house.server.app().clinic;
    clinic.withdraw_client(Uuid::nil(), id).await.unwrap();
    let mut walked = 0;
    for (route, right) in programs() {
        let path = filled(route.path, &patient);
        shut(&knock(&house, route, &path, None).await, &path);
        // Its address is slowed down after some.
        let page = knock(&house, route, &path, Some(&withdrawn)).await;
        let kept_out = [StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS];
        assert!(kept_out.contains(&page.status), "{path}: {}", page.status);
        assert!(!page.body.contains("Pat Example"), "{path}");
        let (fit, unfit) = match right {
            Right::Cds => (&cds, vec![&resources, &decide]),
            Right::Decide => (&decide, vec![&resources, &cds]),
            Right::Resources => (&resources, vec![&cds, &decide]),
            Right::Type(_) => (&resources, vec![&cds, &others]),
        };
        for token in unfit {
            let page = knock(&house, route, &path, Some(token)).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
            assert!(!page.body.contains("Pat Example"), "{path}");
        }
        let page = knock(&house, route, &path, Some(fit)).await;
        let let_in =
            page.status != StatusCode::UNAUTHORIZED && page.status != StatusCode::FORBIDDEN;
        assert!(
            let_in && !page.status.is_server_error(),
            "{path}: {}",
            page.status
        );
        walked += 1;
    }
    assert!(walked >= 3, "{walked}");
}

#[tokio::test]
async fn a_login_opens_no_route_of_programs_and_a_token_no_page() {
    let house = House::staffed().await;
    let patient = house.pat(Region::Lumbar).await.to_string();
    let (_, token) = client(&house, "system/*.cruds system/cds").await;
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Program) {
        let browser: &mut Browser = &mut house.as_role(role).await;
        for (route, _) in programs().filter(|(route, _)| route.method == Verb::Get) {
            let path = filled(route.path, &patient);
            shut(&browser.get(&path).await, &path);
        }
    }
    let pages = TABLE.iter().filter(|route| route.method == Verb::Get);
    for route in pages.filter(|route| matches!(route.access, Access::Of(_))) {
        let path = filled(route.path, &patient);
        let page = knock(&house, route, &path, Some(&token)).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}");
        assert!(page.location().starts_with("/login"), "{path}");
    }
}

#[tokio::test]
async fn a_token_that_is_over_opens_nothing() {
    let house = House::staffed().await;
    let patient = house.pat(Region::Lumbar).await;
    let clinic = &house.server.app().clinic;
    let until = Timestamp::now() + SignedDuration::from_millis(400);
    let made = clinic.register_client(Uuid::nil(), ("Short", "system/*.r"), until);
    let (_, token) = made.await.unwrap();
    let path = format!("/fhir/Patient/{patient}");
    ask(&house, &path, Some(&token)).await.ok();
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let page = ask(&house, &path, Some(&token)).await;
    shut(&page, &path);
    assert_eq!(outcome(&page)["issue"][0]["code"], "login");
}

#[tokio::test]
async fn what_a_program_does_and_is_refused_is_in_the_audit_log_under_its_name() {
    let house = House::staffed().await;
    let patient = house.pat(Region::Lumbar).await;
    let (id, token) = client(&house, "system/Patient.r").await;
    let clinic = &house.server.app().clinic;
    assert_eq!(clinic.client_used(id).await.unwrap(), None);
    ask(
        &house,
        &format!("/fhir/Flag/{}-1", patient.simple()),
        Some(&token),
    )
    .await;
    assert_eq!(clinic.client_used(id).await.unwrap(), None, "refused");
    ask(&house, &format!("/fhir/Patient/{patient}"), Some(&token))
        .await
        .ok();
    assert!(clinic.client_used(id).await.unwrap().is_some());
    let who = Wanted {
        user: Some(id),
        ..Wanted::default()
    };
    let lines = log(&house, who).await;
    let said: Vec<_> = lines.iter().map(|line| &line.access).collect();
    let acts: Vec<_> = said
        .iter()
        .map(|one| (one.act.as_str(), one.patient))
        .collect();
    assert_eq!(acts, [("read", Some(patient)), ("refused", None)]);
    assert!(said.iter().all(|one| one.role == "client"));
    assert!(
        said.iter()
            .all(|one| one.client.as_deref() == Some("A program"))
    );
    ask(&house, &format!("/fhir/Patient/{patient}"), Some("wrong")).await;
    let all = log(&house, Wanted::default()).await;
    assert_eq!(all[0].access.act.as_str(), "login-failed");
    assert_eq!(all[0].access.role, "client");
    let mut admin = house.as_role(Role::Administrator).await;
    admin.get("/audit").await.shows("A program (program");
}

#[tokio::test]
async fn wrong_tokens_are_slowed_down_by_address_and_an_open_one_is_not() {
    let house = House::staffed().await;
    let patient = house.pat(Region::Lumbar).await;
    let (_, token) = client(&house, "system/*.r").await;
    let path = format!("/fhir/Patient/{patient}");
    for _ in 0..5 {
        shut(&ask(&house, &path, Some("wrong")).await, &path);
    }
    let page = ask(&house, &path, Some("wrong")).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.headers.contains_key(header::RETRY_AFTER));
    let before = log(&house, Wanted::default()).await.len();
    ask(&house, &path, Some("wrong")).await;
    assert_eq!(
        log(&house, Wanted::default()).await.len(),
        before,
        "it fills no log"
    );
    ask(&house, &path, Some(&token)).await.ok();
}

#[tokio::test]
async fn an_administrator_lets_a_program_in_and_withdraws_it_at_once() {
    let house = House::staffed().await;
    let patient = house.pat(Region::Lumbar).await;
    let mut admin = house.as_role(Role::Administrator).await;
    let until = (Timestamp::now() + SignedDuration::from_hours(48)).to_string();
    let fields = [
        ("name", "Registry of spines"),
        ("scopes", "system/Patient.rs"),
        ("until", &until[..10]),
    ];
    let page = admin.post("/clients", &fields).await.ok();
    let token = page.after("id=\"client-token\"", "value");
    assert_eq!(token.len(), 64, "256 bits");
    let path = format!("/fhir/Patient/{patient}");
    ask(&house, &path, Some(&token)).await.ok();
    let page = admin.get("/clients").await.ok();
    page.shows("Registry of spines").shows("system/Patient.rs");
    assert!(!page.body.contains(&token), "it is shown once");
    let id = page.after("data-test=\"clients\"", "data-client");
    admin
        .post(&format!("/clients/{id}/withdraw"), &[])
        .await
        .ok();
    shut(&ask(&house, &path, Some(&token)).await, &path);
    let clinic = &house.server.app().clinic;
    for stream in [record::StreamKind::Clinic, record::StreamKind::Audit] {
        let streams = clinic.journal().streams(stream).await.unwrap();
        let events = clinic.journal().read(streams[0].stream.id).await.unwrap();
        let kept = events.iter().filter_map(|event| event.payload.as_ref());
        let kept: Vec<String> = kept
            .map(|one| String::from_utf8_lossy(one).into())
            .collect();
        assert!(
            !kept.iter().any(|one| one.contains(&token)),
            "it is kept nowhere"
        );
    }
    for (name, wrong) in [
        ("until", "2020-01-01"),
        ("until", "2999-01-01"),
        ("scopes", "all"),
    ] {
        let fields =
            fields.map(|(field, value)| (field, if field == name { wrong } else { value }));
        let page = admin.post("/clients", &fields).await;
        assert_eq!(
            page.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name} {wrong}"
        );
    }
}

#[tokio::test]
async fn a_resource_is_read_with_its_version_and_history() {
    let house = House::staffed().await;
    let patient = house.pat(Region::Lumbar).await;
    let (_, token) = client(&house, "system/*.r").await;
    let path = format!("/fhir/Patient/{patient}");
    let page = ask(&house, &path, Some(&token)).await.ok();
    assert_eq!(
        page.headers[header::CONTENT_TYPE],
        "application/fhir+json; charset=utf-8"
    );
    assert_eq!(page.headers[header::ETAG], "W/\"1\"");
    assert!(
        page.headers[header::LAST_MODIFIED]
            .to_str()
            .unwrap()
            .ends_with("GMT")
    );
    let body: Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(body["name"][0]["text"], "Pat Example");
    let page = ask(&house, &format!("{path}/_history/1"), Some(&token))
        .await
        .ok();
    assert_eq!(serde_json::from_str::<Value>(&page.body).unwrap(), body);
    let page = ask(&house, &format!("{path}/_history"), Some(&token))
        .await
        .ok();
    let history: Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(
        (&history["type"], &history["total"]),
        (&"history".into(), &1.into())
    );
    for (missing, status) in [
        (format!("{path}/_history/9"), StatusCode::NOT_FOUND),
        (
            format!("/fhir/Patient/{}", Uuid::nil()),
            StatusCode::NOT_FOUND,
        ),
        ("/fhir/Nothing/1".to_owned(), StatusCode::NOT_FOUND),
        (
            format!("/fhir/Flag/{}-9", patient.simple()),
            StatusCode::NOT_FOUND,
        ),
        ("/fhir/a/b/c/d".to_owned(), StatusCode::NOT_FOUND),
        (format!("{path}?_summary=true"), StatusCode::BAD_REQUEST),
        (format!("{path}?_format=xml"), StatusCode::NOT_ACCEPTABLE),
    ] {
        let page = ask(&house, &missing, Some(&token)).await;
        assert_eq!(page.status, status, "{missing}");
        outcome(&page);
    }
    let people = house.server.app().clinic.users().await.unwrap();
    let one = people
        .iter()
        .find(|user| user.role == Role::Practitioner)
        .unwrap();
    let page = ask(
        &house,
        &format!("/fhir/Practitioner/{}", one.id),
        Some(&token),
    )
    .await
    .ok();
    page.shows("The practitioner");
}

#[tokio::test]
async fn what_was_erased_is_gone_and_not_unknown() {
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let patient = clinic.find("Elin", 1).await.unwrap().listed[0].id;
    let (_, token) = client(&house, "system/*.r").await;
    let path = format!("/fhir/Patient/{patient}");
    ask(&house, &path, Some(&token)).await.ok();
    let name = clinic.name_of(patient).await.unwrap().unwrap();
    let mut lead = house.as_demo("nadia").await;
    let erase = format!("/patients/{patient}/keeping/erase");
    lead.post(&erase, &[("reason", "asked for it"), ("name", &name)])
        .await
        .ok();
    let page = ask(&house, &path, Some(&token)).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert_eq!(outcome(&page)["issue"][0]["code"], "deleted");
    let page = ask(&house, &format!("{path}/_history"), Some(&token))
        .await
        .ok();
    page.shows("DELETE");
    assert!(!page.body.contains(&name));
    let path = format!("/fhir/EpisodeOfCare/{}-1", patient.simple());
    let page = ask(&house, &path, Some(&token)).await;
    assert_eq!(page.status, StatusCode::GONE);
}

#[tokio::test]
async fn an_answer_to_a_program_says_what_the_audit_log_took_of_its_time() {
    let house = House::staffed().await;
    let patient = house.pat(Region::Lumbar).await;
    let (_, token) = client(&house, "system/*.rs").await;
    let page = ask(&house, &format!("/fhir/Patient/{patient}"), Some(&token)).await;
    let told = page.headers["server-timing"].to_str().unwrap();
    let mut parts = told.split(", ").map(|part| {
        let (name, ms) = part.split_once(";dur=").unwrap();
        (name, ms.parse::<f64>().unwrap())
    });
    let (all, audit) = (parts.next().unwrap(), parts.next().unwrap());
    assert_eq!((all.0, audit.0), ("all", "audit"), "{told}");
    // The line of the log is durable before the answer: that takes time, and is part of all.
    assert!(0.0 < audit.1 && audit.1 <= all.1, "{told}");
    let page = house.browser().get("/login").await;
    assert!(!page.headers.contains_key("server-timing"));
}
