//! Programs write records: all of it or nothing, and of each entry it is said what it became.

use axum::http::StatusCode;
use care::episode::Role;
use fhir::check::{self, Severity};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::browser::{House, Page};
use crate::clients::{ask, asking, client};

const PATIENT: &str = "urn:uuid:7d1b1b2e-2a52-4e0c-9a6e-6d5e1f5b0a01";

fn person(number: &str) -> Value {
    json!({
        "fullUrl": PATIENT,
        "resource": {
            "resourceType": "Patient",
            "extension": [{ "url": "urn:annulus:extension:region", "valueCode": "lumbar" }],
            "identifier": [{ "system": "urn:example:numbers", "value": number }],
            "name": [{ "text": format!("Wanda {number}") }],
            "gender": "female",
            "birthDate": "1971-03-04",
        },
        "request": {
            "method": "POST",
            "url": "Patient",
            "ifNoneExist": format!("identifier=urn:example:numbers|{number}"),
        },
    })
}

fn pain(subject: &str) -> Value {
    json!({
        "fullUrl": "urn:uuid:7d1b1b2e-2a52-4e0c-9a6e-6d5e1f5b0a02",
        "resource": {
            "resourceType": "Observation",
            "status": "final",
            "code": { "coding": [{ "system": "http://loinc.org", "code": "72514-3" }] },
            "subject": { "reference": subject },
            "effectiveDateTime": "2026-01-05T09:00:00Z",
            "valueQuantity": { "value": 6, "unit": "{score}", "system": "http://unitsofmeasure.org", "code": "{score}" },
        },
        "request": { "method": "POST", "url": "Observation" },
    })
}

fn bundle(kind: &str, entries: &[Value]) -> Value {
    json!({ "resourceType": "Bundle", "type": kind, "entry": entries })
}

async fn send(house: &House, token: &str, body: &Value) -> Page {
    let json = ("application/fhir+json", body.to_string());
    let request = asking(("POST", "/fhir"), Some(token), json);
    house.browser().send(request).await
}

fn read(page: &Page, status: StatusCode) -> Value {
    assert_eq!(page.status, status, "{}", page.body);
    let body: Value = serde_json::from_str(&page.body).unwrap();
    let issues = check::resource(&body);
    let errors: Vec<_> = issues
        .iter()
        .filter(|one| one.severity >= Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    body
}

fn location(body: &Value, place: usize) -> String {
    let location = body["entry"][place]["response"]["location"].as_str();
    location.unwrap_or_else(|| panic!("{body}")).to_owned()
}

async fn head(house: &House) -> u64 {
    let clinic = &house.server.app().clinic;
    let patients = clinic
        .journal()
        .streams(record::StreamKind::Patient)
        .await
        .unwrap();
    patients.iter().map(|one| one.sequence).sum()
}

async fn house() -> (House, String) {
    let house = House::staffed().await;
    let (_, token) = client(&house, "system/*.crs").await;
    (house, token)
}

#[tokio::test]
async fn a_transaction_writes_a_patient_and_what_refers_to_them() {
    let (house, token) = house().await;
    let sent = bundle("transaction", &[person("w-1"), pain(PATIENT)]);
    let body = read(&send(&house, &token, &sent).await, StatusCode::OK);
    assert_eq!(body["type"], "transaction-response");
    for entry in body["entry"].as_array().unwrap() {
        assert_eq!(entry["response"]["status"], "201 Created", "{body}");
    }
    let patient = location(&body, 0);
    let id = patient.split('/').nth(1).unwrap().to_owned();
    let page = ask(&house, &format!("/fhir/{patient}"), Some(&token))
        .await
        .ok();
    page.shows("1971-03-04").shows("urn:example:numbers");
    let found = location(&body, 1);
    assert!(found.starts_with("Observation/"), "{found}");
    let page = ask(&house, &format!("/fhir/{found}"), Some(&token))
        .await
        .ok();
    page.shows(&format!("Patient/{id}")).shows("pain_on_record");
    // The same again finds the patient and makes no second one.
    let body = read(&send(&house, &token, &sent).await, StatusCode::OK);
    assert_eq!(body["entry"][0]["response"]["status"], "200 OK");
    assert!(location(&body, 0).contains(&id));
    let page = ask(
        &house,
        "/fhir/Patient?identifier=urn:example:numbers|w-1&_total=accurate",
        Some(&token),
    )
    .await;
    assert_eq!(read(&page, StatusCode::OK)["total"], 1);
    let mut admin = house.as_role(Role::Administrator).await;
    admin
        .get(&format!("/audit?record={id}"))
        .await
        .shows("A program (program")
        .shows("/fhir");
}

#[tokio::test]
async fn what_has_a_fault_is_refused_with_its_place_and_nothing_is_written() {
    let (house, token) = house().await;
    let before = head(&house).await;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut sent = bundle("transaction", &[person("w-2"), pain(PATIENT)]);
        change(&mut sent);
        sent
    };
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let set = |place: usize, path: &'static str, value: Value| {
        move |sent: &mut Value| *sent["entry"][place].pointer_mut(path).unwrap() = value.clone()
    };
    for (change, status, place) in [
        (
            &set(1, "/resource/status", json!("nonsense")) as &dyn Fn(&mut Value),
            unprocessable,
            "entry[1]",
        ),
        (
            &set(1, "/resource/subject/reference", json!("Patient/another")),
            unprocessable,
            "entry[1]",
        ),
        (
            &set(
                0,
                "/resource/extension",
                json!([{"url": "urn:x", "valueCode": "y"}]),
            ),
            unprocessable,
            "Patient.extension",
        ),
        (
            &set(0, "/resource/gender", json!("witch")),
            unprocessable,
            "entry[0]",
        ),
        (
            &set(1, "/request/method", json!("DELETE")),
            unprocessable,
            "entry[1]",
        ),
        (
            &set(1, "/request/url", json!("Patient")),
            unprocessable,
            "entry[1]",
        ),
        (
            &set(0, "/request/ifNoneExist", json!("name=Wanda")),
            unprocessable,
            "ifNoneExist",
        ),
    ] {
        let sent = with(change);
        let outcome = read(&send(&house, &token, &sent).await, status);
        assert_eq!(outcome["resourceType"], "OperationOutcome");
        assert!(outcome.to_string().contains(place), "{place}: {outcome}");
    }
    assert_eq!(head(&house).await, before, "nothing was written");
    let page = ask(
        &house,
        "/fhir/Patient?name=wanda&_total=accurate",
        Some(&token),
    )
    .await;
    assert_eq!(read(&page, StatusCode::OK)["total"], 0);
}

/// Whoever is alone with a system of numbers is nobody's else.
#[tokio::test]
async fn a_number_that_is_not_whole_or_of_another_finds_no_patient_to_write_to() {
    let (house, token) = house().await;
    let first = bundle("transaction", &[person("w-1"), pain(PATIENT)]);
    read(&send(&house, &token, &first).await, StatusCode::OK);
    let before = head(&house).await;
    for number in [
        "urn:example:numbers|",
        "|w-1",
        "w-1",
        "urn:example:numbers|w-1",
        "urn:example:numbers|w-2|",
        "urn:example:numbers|w-2,urn:example:numbers|w-1",
        "urn:example:numbers|w\\-2",
    ] {
        let mut sent = bundle("transaction", &[person("w-2"), pain(PATIENT)]);
        sent["entry"][0]["request"]["ifNoneExist"] = json!(format!("identifier={number}"));
        let page = send(&house, &token, &sent).await;
        let outcome = read(&page, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(outcome.to_string().contains("ifNoneExist"), "{outcome}");
    }
    assert_eq!(head(&house).await, before, "nothing was written");
}

#[tokio::test]
async fn what_the_scopes_do_not_permit_and_what_is_no_transaction_is_refused() {
    let (house, token) = house().await;
    let before = head(&house).await;
    let (_, narrow) = client(&house, "system/Patient.c").await;
    let sent = bundle("transaction", &[person("w-3"), pain(PATIENT)]);
    read(&send(&house, &narrow, &sent).await, StatusCode::FORBIDDEN);
    let wrong = bundle("collection", &[]);
    read(&send(&house, &token, &wrong).await, StatusCode::BAD_REQUEST);
    let page = send(&house, &token, &json!("no bundle")).await;
    read(&page, StatusCode::BAD_REQUEST);
    assert_eq!(head(&house).await, before, "nothing was written");
}

#[tokio::test]
async fn a_batch_takes_what_it_can_and_says_of_the_rest_why_not() {
    let (house, token) = house().await;
    let patient = house.pat(si::Region::Lumbar).await;
    let own = format!("Patient/{patient}");
    let nobody = format!("Patient/{}", Uuid::nil());
    let sent = bundle("batch", &[pain(&own), pain(&nobody), person("w-4")]);
    let body = read(&send(&house, &token, &sent).await, StatusCode::OK);
    assert_eq!(body["type"], "batch-response");
    let status = |place: usize| body["entry"][place]["response"]["status"].as_str().unwrap();
    assert_eq!(status(0), "201 Created", "{body}");
    assert!(status(1).starts_with("422"), "{body}");
    assert_eq!(
        body["entry"][1]["response"]["outcome"]["resourceType"],
        "OperationOutcome"
    );
    assert_eq!(status(2), "201 Created", "{body}");
    let page = ask(
        &house,
        &format!("/fhir/Observation?patient={patient}"),
        Some(&token),
    )
    .await;
    page.ok().shows("pain_on_record");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_programs_at_once_make_one_patient() {
    let (house, token) = house().await;
    let sent = bundle("transaction", &[person("w-5"), pain(PATIENT)]);
    let both = tokio::join!(send(&house, &token, &sent), send(&house, &token, &sent));
    for page in [&both.0, &both.1] {
        read(page, StatusCode::OK);
    }
    let page = ask(
        &house,
        "/fhir/Patient?identifier=urn:example:numbers|w-5&_total=accurate",
        Some(&token),
    )
    .await;
    assert_eq!(read(&page, StatusCode::OK)["total"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_of_a_patient_is_all_that_the_scopes_open() {
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let ruth = clinic.find("Ruth", 1).await.unwrap().listed[0].id;
    let (_, token) = client(&house, "system/*.r").await;
    let path = format!("/fhir/Patient/{ruth}/$everything");
    let body = read(&ask(&house, &path, Some(&token)).await, StatusCode::OK);
    let should = clinic.as_fhir(ruth).await.unwrap();
    assert_eq!(body["total"], should.len());
    let (_, narrow) = client(&house, "system/Patient.r system/Observation.r").await;
    let body = read(&ask(&house, &path, Some(&narrow)).await, StatusCode::OK);
    let kinds: std::collections::BTreeSet<&str> = body["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["resource"]["resourceType"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        ["Observation", "Patient"]
    );
    let page = ask(
        &house,
        &format!("/fhir/Flag/{ruth}/$everything"),
        Some(&token),
    )
    .await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

/// What is wrong with a batch itself was passed over, and an answer without entries held a list
/// without any, which R4 does not allow.
#[tokio::test]
async fn a_batch_that_is_none_is_refused_and_an_empty_one_answered_without_a_list() {
    let house = House::staffed().await;
    let (_, token) = client(&house, "system/*.cruds").await;
    let empty = json!({ "resourceType": "Bundle", "type": "batch" });
    let body = read(&send(&house, &token, &empty).await, StatusCode::OK);
    assert_eq!(
        body,
        json!({ "resourceType": "Bundle", "type": "batch-response" })
    );
    for (name, wrong) in [
        ("entry", json!(5)),
        ("entry", json!([])),
        ("entry", json!({ "resource": {} })),
        ("colour", json!("red")),
    ] {
        let mut sent = empty.clone();
        sent[name] = wrong;
        let body = read(
            &send(&house, &token, &sent).await,
            StatusCode::UNPROCESSABLE_ENTITY,
        );
        assert!(body["issue"][0].to_string().contains(name), "{body}");
    }
}
