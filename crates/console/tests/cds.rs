//! CDS Hooks by HTTP: what is offered, who may call it, what is answered and what is kept.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use console::clinic::Wanted;
use console::door::scope::CDS;
use serde_json::{Value, json};

use crate::audit::log;
use crate::browser::{House, Page};
use crate::clients::{ask, asking, client};

pub(crate) const SIGN: &str = "/cds-services/traction-order-sign";
pub(crate) const JSON: &str = "application/json";

/// An order of traction that is about to be signed for somebody with a cauda equina syndrome.
pub(crate) fn order() -> Value {
    let cauda_equina = json!({
        "resourceType": "Condition", "id": "c1",
        "subject": { "reference": "Patient/p1" },
        "clinicalStatus": { "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active",
        }]},
        "verificationStatus": { "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "confirmed",
        }]},
        "code": { "coding": [{ "system": "http://snomed.info/sct", "code": "192970008" }] },
    });
    json!({
        "hook": "order-sign",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {
            "userId": "Practitioner/example",
            "patientId": "p1",
            "draftOrders": { "resourceType": "Bundle", "entry": [{ "resource": {
                "resourceType": "ServiceRequest", "id": "t", "status": "draft", "intent": "order",
                "subject": { "reference": "Patient/p1" },
                "code": { "coding": [{ "system": "http://www.ama-assn.org/go/cpt", "code": "97012" }] },
            }}]},
        },
        "prefetch": {
            "patient": { "resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1970-03-09" },
            "conditions": { "resourceType": "Bundle", "type": "searchset", "entry": [{ "resource": cauda_equina }] },
            "observations": null, "procedures": null, "medications": null, "devices": null,
        },
    })
}

async fn send(house: &House, path: &str, token: Option<&str>, body: String) -> Page {
    let request = asking(("POST", path), token, (JSON, body));
    house.browser().send(request).await
}

fn read(page: &Page) -> Value {
    serde_json::from_str(&page.body).expect("JSON")
}

#[tokio::test]
async fn whoever_asks_is_told_what_can_be_called() {
    let house = House::staffed().await;
    let page = ask(&house, "/cds-services", None).await;
    assert_eq!(page.status, StatusCode::OK);
    let told = read(&page);
    let ids: Vec<&str> = told["services"]
        .as_array()
        .expect("services")
        .iter()
        .filter_map(|one| one["id"].as_str())
        .collect();
    assert_eq!(
        ids,
        [
            "traction-patient-view",
            "traction-order-select",
            "traction-order-sign"
        ]
    );
}

#[tokio::test]
async fn an_order_of_traction_against_a_contraindication_is_answered_with_its_card() {
    let house = House::staffed().await;
    let (_, token) = client(&house, CDS).await;
    let page = send(&house, SIGN, Some(&token), order().to_string()).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let cards = read(&page)["cards"].as_array().expect("cards").clone();
    let worst = cards.first().expect("a card");
    assert_eq!(worst["indicator"], "critical", "{worst}");
    // The log has the program and the service, and nothing of the patient.
    let lines = log(&house, Wanted::default()).await;
    let line = lines
        .iter()
        .find(|line| line.access.route.starts_with("/cds-services/"));
    let line = line.expect("a line of the audit log");
    assert_eq!(line.access.client.as_deref(), Some("A program"));
    assert_eq!(line.access.patient, None);
}

#[tokio::test]
async fn a_call_without_a_token_or_with_one_of_another_scope_is_not_answered() {
    let house = House::staffed().await;
    let (_, resources) = client(&house, "system/*.cruds").await;
    let shut = send(&house, SIGN, None, order().to_string()).await;
    assert_eq!(shut.status, StatusCode::UNAUTHORIZED);
    let other = send(&house, SIGN, Some(&resources), order().to_string()).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_no_call_is_refused_with_its_place() {
    let house = House::staffed().await;
    let (_, token) = client(&house, CDS).await;
    let unknown = send(&house, "/cds-services/weather", Some(&token), "{}".into()).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let mut of_another = order();
    of_another["hook"] = "patient-view".into();
    let page = send(&house, SIGN, Some(&token), of_another.to_string()).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{}", page.body);
    assert_eq!(read(&page)["place"], "hook", "{}", page.body);
    let mut bare = order();
    bare["prefetch"] = json!({});
    let page = send(&house, SIGN, Some(&token), bare.to_string()).await;
    assert_eq!(
        page.status,
        StatusCode::PRECONDITION_FAILED,
        "{}",
        page.body
    );
}

#[tokio::test]
async fn feedback_is_kept_whole_or_not_at_all() {
    let house = House::staffed().await;
    let (_, token) = client(&house, CDS).await;
    let path = format!("{SIGN}/feedback");
    let entry = |outcome: &str| {
        json!({
            "card": "4e0a3a1e-3283-4575-ab82-028d55fe2719",
            "outcome": outcome,
            "overrideReason": { "reason": { "code": "known", "system": "urn:example" } },
            "outcomeTimestamp": "2026-11-30T10:00:00Z",
        })
    };
    let clinic = &house.server.app().clinic;
    let kept = async || {
        let mut export = Vec::new();
        clinic
            .journal()
            .export(&mut export)
            .await
            .expect("exported");
        String::from_utf8(export)
            .expect("text")
            .matches("cds-feedback")
            .count()
    };
    let before = kept().await;
    let half = json!({ "feedback": [entry("overridden"), entry("perhaps")] });
    let page = send(&house, &path, Some(&token), half.to_string()).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{}", page.body);
    assert_eq!(kept().await, before);
    let whole = json!({ "feedback": [entry("overridden")] });
    let page = send(&house, &path, Some(&token), whole.to_string()).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(kept().await > before);
}

/// A page of another system asks first whether it may (CORS); a cookie opens nothing here.
#[tokio::test]
async fn a_page_of_another_system_may_call_the_services_and_nothing_else() {
    let house = House::staffed().await;
    let asks = |path: &str| {
        Request::builder()
            .method("OPTIONS")
            .uri(path)
            .header(header::HOST, "127.0.0.1")
            .header(header::ORIGIN, "https://ehr.example")
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(
                header::ACCESS_CONTROL_REQUEST_HEADERS,
                "authorization,content-type",
            )
            .body(Body::empty())
            .expect("a request")
    };
    let allowed = |page: &Page| {
        let origin = page.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        origin.map(|value| value.to_str().expect("text").to_owned())
    };
    let page = house.browser().send(asks(SIGN)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(allowed(&page).as_deref(), Some("*"));
    assert!(
        !page
            .headers
            .contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS)
    );
    for path in ["/login", "/fhir/Patient", "/api/evaluate"] {
        let page = house.browser().send(asks(path)).await;
        assert_eq!(allowed(&page), None, "{path}");
        assert!(!page.status.is_success(), "{path}");
    }
}
