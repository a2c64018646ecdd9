//! The steps that decide, by HTTP, and the document of all doors for programs.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use console::clinic::Wanted;
use console::door::route::{Access, Verb};
use console::door::scope::DECIDE;
use console::routes::TABLE;
use fhir::step::{self, Asked, Step};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::audit::log;
use crate::browser::{House, Page};
use crate::clients::{asking, client};

const JSON: &str = "application/json";
const STEPS: [(&str, Step); 3] = [
    ("/api/evaluate", Step::Evaluate),
    ("/api/triage", Step::Triage),
    ("/api/review", Step::Review),
];

fn example(name: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    std::fs::read_to_string(format!("{root}/{name}.facts.json")).expect("an example")
}

async fn post(house: &House, path: &str, token: &str, body: (&'static str, String)) -> Page {
    let request = asking(("POST", path), Some(token), body);
    house.browser().send(request).await
}

fn problem(page: &Page) -> Value {
    assert_eq!(
        page.headers[header::CONTENT_TYPE],
        "application/problem+json"
    );
    serde_json::from_str(&page.body).expect("a problem")
}

#[tokio::test]
async fn a_step_answers_by_http_with_the_bytes_of_the_command_line() {
    let house = House::staffed().await;
    let (_, token) = client(&house, DECIDE).await;
    let knowledge = house.server.app().clinic.knowledge();
    let zone = TimeZone::get("Europe/Berlin").expect("a zone");
    for name in ["cleared", "refused", "ask-more", "checkin-emergency"] {
        let facts = example(name);
        for (path, step) in STEPS {
            let path = format!("{path}?zone=Europe/Berlin");
            let page = post(&house, &path, &token, (JSON, facts.clone()))
                .await
                .ok();
            assert_eq!(page.headers[header::CONTENT_TYPE], JSON);
            let asked = Asked {
                knowledge,
                region: None,
                at: None,
                zone: &zone,
            };
            let gathered = step::gather(facts.as_bytes(), &asked).expect("facts");
            let decision = step.decide(&gathered, knowledge, &zone);
            let text = serde_json::to_string_pretty(&step::written(&decision, None));
            assert_eq!(page.body, text.expect("JSON") + "\n", "{name} {path}");
        }
    }
}

const UNKNOWN: &str = r#"{"region": "lumbar", "at": "2026-11-22T09:00:00Z", "facts": {"x": true}}"#;
const BAD: StatusCode = StatusCode::BAD_REQUEST;
const UNFIT: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const OTHER: StatusCode = StatusCode::UNSUPPORTED_MEDIA_TYPE;

/// What stands after the path, type and body (facts that are right where there is none), the
/// status, and the place.
type Wrong<'a> = (&'a str, (&'a str, Option<&'a str>), StatusCode, &'a str);

const WRONG: [Wrong<'_>; 12] = [
    ("", (JSON, Some("{")), BAD, "line 1 column 1"),
    ("", (JSON, Some("")), BAD, "line 1 column 1"),
    ("", (JSON, Some(UNKNOWN)), UNFIT, "facts.x"),
    ("", (JSON, Some(r#"{"resourceType": 1}"#)), UNFIT, "region"),
    ("", ("text/plain", None), OTHER, "Content-Type"),
    ("?region=thoracic", (JSON, None), BAD, "region"),
    ("?region=", (JSON, None), BAD, "region"),
    ("?region=cervical", (JSON, None), UNFIT, "region"),
    ("?at=noon", (JSON, None), BAD, "at"),
    ("?zone=Here", (JSON, None), BAD, "zone"),
    ("?colour=red", (JSON, None), BAD, "query"),
    ("?zone=UTC&zone=UTC", (JSON, None), BAD, "zone"),
];

#[tokio::test]
async fn what_is_wrong_is_refused_with_its_place_and_status_and_nothing_is_kept() {
    let house = House::staffed().await;
    let (id, token) = client(&house, DECIDE).await;
    let facts = example("cleared");
    for (query, (kind, body), status, place) in WRONG {
        let path = format!("/api/evaluate{query}");
        let body = body.unwrap_or(&facts).to_owned();
        let page = post(&house, &path, &token, (kind, body)).await;
        let told = problem(&page);
        assert_eq!(page.status, status, "{query} {told}");
        assert_eq!(told["place"], place, "{query} {told}");
        assert_ne!(told["remedy"], "", "{query} {told}");
    }
    let kept = house.server.app().clinic.find("", 10).await;
    assert!(kept.expect("a list").listed.is_empty(), "nobody is here");
    let who = Wanted {
        user: Some(id),
        ..Wanted::default()
    };
    let lines = log(&house, who).await;
    assert!(!lines.is_empty() && lines.iter().all(|line| line.access.patient.is_none()));
}

#[tokio::test]
async fn what_a_program_does_not_read_is_not_written() {
    let house = House::staffed().await;
    let (_, token) = client(&house, DECIDE).await;
    let asked = |accept: &str| {
        let body = (JSON, String::new());
        let mut request: Request<Body> = asking(("GET", "/api/facts"), Some(&token), body);
        let accept = accept.parse().expect("a header");
        request.headers_mut().insert(header::ACCEPT, accept);
        request
    };
    let page = house.browser().send(asked("text/html")).await;
    assert_eq!(page.status, StatusCode::NOT_ACCEPTABLE);
    assert_eq!(problem(&page)["place"], "Accept");
    let page = house
        .browser()
        .send(asked("text/html, */*;q=0.1"))
        .await
        .ok();
    let told: Value = serde_json::from_str(&page.body).expect("JSON");
    assert_eq!(told["schema"], "annulus.catalogue/1");
}

/// Routers answer another method of a known path, or a path that is no text, by words of their own.
#[tokio::test]
async fn another_method_of_a_path_for_programs_is_a_405_that_names_those_there_are() {
    let house = House::staffed().await;
    for (path, allowed) in [
        ("/health", "GET,HEAD"),
        ("/api/evaluate", "POST"),
        ("/cds-services", "GET,HEAD"),
        ("/fhir/Patient", "GET,HEAD"),
        ("/fhir", "POST"),
    ] {
        for method in ["DELETE", "PUT", "PATCH", "TRACE"] {
            let body = (JSON, String::new());
            let page = house
                .browser()
                .send(asking((method, path), None, body))
                .await;
            assert_eq!(
                page.status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{method} {path}"
            );
            assert_eq!(page.headers[header::ALLOW], allowed, "{method} {path}");
            let told: Value = serde_json::from_str(&page.body).expect("JSON");
            assert!(told["code"] == "method" || told["resourceType"] == "OperationOutcome");
        }
    }
    let request = asking(("GET", "/fhir/%FF/1"), None, (JSON, String::new()));
    let page = house.browser().send(request).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    page.shows("OperationOutcome");
}

#[tokio::test]
async fn a_body_that_is_too_large_for_a_program_is_a_413() {
    let house = House::staffed().await;
    let (_, token) = client(&house, DECIDE).await;
    let body = " ".repeat(16 * 1024 * 1024 + 1);
    let page = post(&house, "/api/evaluate", &token, (JSON, body)).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(problem(&page)["code"], "body-too-large");
}

#[test]
fn every_door_of_programs_is_in_the_document_and_nothing_else_is() {
    let public = [
        "/health",
        "/api/openapi.json",
        "/cds-services",
        "/fhir/metadata",
    ];
    let doors: BTreeSet<(Verb, &str)> = TABLE
        .iter()
        .filter(|route| match route.access {
            Access::Client(_) => true,
            Access::Public => public.contains(&route.path),
            Access::Of(_) | Access::Link => false,
        })
        .map(|route| (route.method, route.path))
        .collect();
    assert_eq!(
        console::api::doors(),
        doors,
        "tell of a door in crates/console/src/api/told.rs"
    );
    let document = console::api::document();
    let paths = document["paths"].as_object().expect("paths");
    let told: usize = paths
        .values()
        .map(|path| path.as_object().map_or(0, |one| one.len()))
        .sum();
    assert_eq!(told, doors.len());
}

/// Whatever is referred to is there, and every word of a door is said.
#[test]
fn the_document_is_whole() {
    fn walk<'a>(value: &'a Value, seen: &mut Vec<&'a Value>) {
        seen.push(value);
        match value {
            Value::Object(members) => members.values().for_each(|one| walk(one, seen)),
            Value::Array(items) => items.iter().for_each(|one| walk(one, seen)),
            _ => {}
        }
    }
    let document = console::api::document();
    let mut all = Vec::new();
    walk(&document, &mut all);
    let mut referred = 0;
    for place in all.iter().filter_map(|one| one["$ref"].as_str()) {
        let pointer = place.strip_prefix('#').expect("a place in it");
        assert!(document.pointer(pointer).is_some(), "{place}");
        referred += 1;
    }
    assert!(referred > 50, "{referred}");
    let mut ids = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for (method, told) in operations.as_object().expect("operations") {
            let at = format!("{method} {path}");
            assert_ne!(told["summary"].as_str().expect(&at), "", "{at}");
            assert!(ids.insert(told["operationId"].to_string()), "{at}");
            let parameters = told["parameters"].as_array().into_iter().flatten();
            for parameter in parameters {
                let named = ["name", "in", "description"].map(|one| parameter[one].is_string());
                assert_eq!(named, [true; 3], "{at} {parameter}");
                assert!(parameter["schema"].is_object(), "{at} {parameter}");
            }
            let content = &told["requestBody"]["content"];
            let bodies = content.as_object().into_iter().flatten();
            for example in bodies
                .flat_map(|(_, body)| body["examples"].as_object())
                .flatten()
            {
                assert!(example.1["value"].is_object(), "{at} {}", example.0);
            }
        }
    }
    assert_eq!(
        document["components"]["schemas"]["Problem"]["type"],
        json!("object")
    );
}

#[tokio::test]
async fn the_document_is_served_to_everybody() {
    let house = House::staffed().await;
    let page = house.browser().get("/api/openapi.json").await.ok();
    assert_eq!(page.headers[header::CONTENT_TYPE], JSON);
    let served: Value = serde_json::from_str(&page.body).expect("JSON");
    assert_eq!(served, console::api::document());
}
