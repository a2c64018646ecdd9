//! Forms of the catalogue: a program shows one, and its answers come back as facts.

use axum::http::StatusCode;
use care::episode::Role;
use care::fact::{By, Content, Reading, Value as Worth};
use serde_json::{Value, json};
use si::Region;

use crate::browser::{Browser, House};

/// A response to a form that the clinic serves.
async fn response(browser: &mut Browser, patient: uuid::Uuid) -> Value {
    let form = browser.get("/knowledge/forms/intake-lumbar").await.ok();
    let form: Value = serde_json::from_str(&form.body).unwrap();
    assert_eq!(form["resourceType"], "Questionnaire");
    let canonical = format!(
        "{}|{}",
        form["url"].as_str().unwrap(),
        form["version"].as_str().unwrap()
    );
    let no = json!({ "system": "http://terminology.hl7.org/CodeSystem/v2-0136", "code": "N" });
    json!({
        "resourceType": "QuestionnaireResponse",
        "questionnaire": canonical,
        "status": "completed",
        "subject": { "reference": format!("Patient/{patient}") },
        "authored": jiff::Timestamp::now().to_string(),
        "source": { "reference": format!("Patient/{patient}"), "display": "Pat Example" },
        "item": [
            { "linkId": "section:person", "item": [
                { "linkId": "age", "answer": [{ "valueDecimal": 46 }] } ] },
            { "linkId": "cancer_history", "answer": [{ "valueCoding": no }] },
        ],
    })
}

async fn send(browser: &mut Browser, patient: uuid::Uuid, body: &Value) -> crate::browser::Page {
    let path = format!("/patients/{patient}/answers");
    browser.post(&path, &[("answers", &body.to_string())]).await
}

async fn readings(house: &House, patient: uuid::Uuid) -> Vec<Reading> {
    let chart = house.server.app().clinic.chart(patient).await.unwrap();
    chart.episode.readings.clone()
}

#[tokio::test]
async fn answers_to_a_form_become_facts_and_leave_as_they_were_given() {
    let house = House::staffed().await;
    let patient = house.pat(Region::Lumbar).await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let page = browser
        .get(&format!("/patients/{patient}/facts"))
        .await
        .ok();
    page.shows("/knowledge/forms/intake-lumbar");
    let body = response(&mut browser, patient).await;
    let sent = send(&mut browser, patient, &body).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let told = readings(&house, patient).await;
    let of = |fact: &str| told.iter().find(|one| one.fact.as_str() == fact).unwrap();
    assert_eq!(of("age").content, Content::Value(Worth::Number(46.0)));
    let no = of("cancer_history");
    assert_eq!(no.content, Content::Value(Worth::Bool(false)));
    // It came as a record, and says on which form and by whom it was told.
    assert_eq!(no.by, By::Record);
    assert_eq!(no.who.as_deref(), Some("Pat Example"));
    assert!(no.source.as_deref().unwrap().contains("intake-lumbar"));
    let clinic = &house.server.app().clinic;
    let export = clinic.as_fhir(patient).await.unwrap();
    let form = export.of("QuestionnaireResponse").next().unwrap();
    for member in ["questionnaire", "authored", "item", "status"] {
        assert_eq!(form[member], body[member], "{member}");
    }
}

#[tokio::test]
async fn answers_that_do_not_fit_change_nothing_and_are_refused_with_their_place() {
    let house = House::staffed().await;
    let patient = house.pat(Region::Lumbar).await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let whole = response(&mut browser, patient).await;
    let before = readings(&house, patient).await.len();
    for (member, value, code) in [
        ("status", json!("in-progress"), "not-finished"),
        (
            "subject",
            json!({ "reference": "Patient/other" }),
            "another-patient",
        ),
        (
            "source",
            json!({ "reference": "Practitioner/x" }),
            "not-vouched",
        ),
        (
            "item",
            json!([{ "linkId": "age", "answer": [{ "valueString": "old" }] }]),
            "wrong-answer-type",
        ),
        ("item", json!([{ "linkId": "age" }]), "answers-empty"),
    ] {
        let mut body = whole.clone();
        body[member] = value;
        let page = send(&mut browser, patient, &body).await;
        assert_eq!(page.code(), code, "{member}: {}", page.body);
    }
    assert_eq!(readings(&house, patient).await.len(), before);
    let path = format!("/patients/{patient}/answers");
    assert_eq!(browser.post(&path, &[]).await.code(), "answers-missing");
    let unknown = browser.get("/knowledge/forms/other-form").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

/// A record as it goes out, comes in as another patient's with the same facts.
#[tokio::test]
async fn a_record_that_leaves_through_the_journal_comes_back_with_the_same_facts() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let clinic = &house.server.app().clinic;
    let at = clinic.now();
    let zone = jiff::tz::TimeZone::UTC;
    for text in [
        include_str!("../demo/ruth-adeyemi.fhir.json"),
        include_str!("../demo/oskar-brandt.fhir.json"),
        include_str!("../demo/tomas-rey.fhir.json"),
    ] {
        let record = fhir::relative::resolve(text, at, &zone).unwrap();
        let first = taken(&mut browser, &record).await;
        let out = clinic.fhir_file(first).await.unwrap();
        let second = taken(&mut browser, &String::from_utf8(out).unwrap()).await;
        let facts = |readings: Vec<Reading>| {
            let mut all: Vec<String> = readings
                .iter()
                .map(|one| {
                    let sure = one.unconfirmed;
                    format!(
                        "{} {:?} {} {:?} {sure}",
                        one.key(),
                        one.content,
                        one.at,
                        one.source
                    )
                })
                .collect();
            all.sort();
            all
        };
        let told = facts(readings(&house, first).await);
        assert!(told.len() > 3, "{told:?}");
        assert_eq!(told, facts(readings(&house, second).await));
    }
}

async fn taken(browser: &mut Browser, record: &str) -> uuid::Uuid {
    let fields = [("bundle", record), ("region", "lumbar")];
    let page = browser.post("/import", &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    let id = page.location().split(['/', '?']).nth(2).unwrap();
    id.parse().unwrap()
}
