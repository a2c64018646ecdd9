//! Programs look for what stands in no index: lines of the audit log, forms.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use console::clinic::Wanted;
use fhir::questionnaire::{Form, questionnaire};
use serde_json::Value;
use uuid::Uuid;

use crate::audit::log;
use crate::browser::House;
use crate::clients::{ask, client};
use crate::fhir_search::{bundle, demo, entries, ids, next, patient};

/// Everything that the pages of a search hold.
async fn pages(house: &House, mut path: String, token: &str) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let page = bundle(house, &path, token).await;
        all.extend(entries(&page, "match").cloned());
        match next(&page) {
            Some(next) => path = next,
            None => return all,
        }
    }
}

/// An administrator's program asks who opened a record, and when.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_opened_a_record_is_asked_of_the_audit_log_newest_first() {
    let (house, id, token) = demo("system/AuditEvent.rs").await;
    let ruth = patient(&house, "Ruth").await;
    let mut colin = house.as_demo("colin").await;
    for _ in 0..3 {
        colin.get(&format!("/patients/{ruth}")).await;
    }
    let clinic = &house.server.app().clinic;
    let colin = clinic.user_by_login("colin").await.unwrap().unwrap().id;
    let record = clinic.as_fhir(ruth).await.unwrap();
    let all: BTreeMap<&str, &Value> = record
        .of("AuditEvent")
        .map(|one| (one["id"].as_str().unwrap(), one))
        .collect();
    assert!(all.len() >= 3, "{}", all.len());
    // Page by page, each line once, as the record itself has it.
    let path = format!("/fhir/AuditEvent?patient={ruth}&_count=2");
    let lines = pages(&house, path, &token).await;
    // Its own looks came after the record was read.
    let lines = lines.iter().filter_map(|one| {
        let should = all.get(one["id"].as_str().unwrap())?;
        Some((one, *should))
    });
    let mut seen: Vec<&str> = Vec::new();
    for (one, should) in lines {
        assert_eq!(one, should);
        seen.push(one["recorded"].as_str().unwrap());
    }
    assert_eq!(seen.len(), all.len());
    let newest_first = seen.windows(2).all(|two| two[0] >= two[1]);
    assert!(newest_first, "{seen:?}");
    let by = format!("/fhir/AuditEvent?patient={ruth}&agent=Practitioner/{colin}&_count=200");
    let found = bundle(&house, &by, &token).await;
    assert!(entries(&found, "match").count() >= 3);
    let who = format!("Practitioner/{colin}");
    for one in entries(&found, "match") {
        assert_eq!(one["agent"][0]["who"]["reference"], who.as_str());
        assert_eq!(
            one["entity"][0]["what"]["reference"],
            format!("Patient/{ruth}")
        );
    }
    let today = clinic.now().to_string();
    let count = async |date: &str| {
        let found = bundle(&house, &format!("{by}&date={date}"), &token).await;
        entries(&found, "match").count()
    };
    let own = entries(&found, "match").count();
    assert_eq!(count(&format!("ge{}", &today[..4])).await, own);
    assert_eq!(count(&format!("lt{}", &today[..4])).await, 0);
    assert_eq!(count("2001-01-01").await, 0);
    // A look of the program is a line, too.
    let who = Wanted {
        user: Some(id),
        patient: Some(ruth),
        ..Wanted::default()
    };
    assert!(log(&house, who).await.len() > 2);
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    let why = "A colleague who is a patient here";
    let restrict = clinic.restrict(lead.id, ruth, [lead.id].into(), why);
    restrict.await.unwrap();
    let found = bundle(&house, &by, &token).await;
    assert_eq!(entries(&found, "match").count(), 0);
}

/// What one answer shows of many records is written at once, and found under each of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_of_many_records_is_one_event_and_a_line_of_each_record() {
    let (house, id, token) = demo("system/Patient.rs system/AuditEvent.rs").await;
    let clinic = &house.server.app().clinic;
    let by = Wanted {
        user: Some(id),
        ..Wanted::default()
    };
    let before = log(&house, by.clone()).await.len();
    let found = bundle(&house, "/fhir/Patient", &token).await;
    let shown: BTreeSet<Uuid> = ids(&found).iter().map(|id| id.parse().unwrap()).collect();
    assert!(shown.len() > 3, "{}", shown.len());
    let lines = log(&house, by).await;
    let lines = &lines[..lines.len() - before];
    let of: BTreeSet<Uuid> = lines.iter().filter_map(|one| one.access.patient).collect();
    assert_eq!((lines.len(), of), (shown.len(), shown.clone()));
    let event = lines[0].sequence;
    let version = event.to_string();
    assert!(lines.iter().all(|one| one.sequence == event), "{lines:?}");
    for patient in &shown {
        let of = Wanted {
            patient: Some(*patient),
            user: Some(id),
            ..Wanted::default()
        };
        assert_eq!(log(&house, of).await.len(), 1);
        let record = clinic.as_fhir(*patient).await.unwrap();
        let of_event = |one: &&Value| one["meta"]["versionId"] == *version;
        let mut own = record.of("AuditEvent").filter(of_event);
        let own = own.next().unwrap().to_string();
        assert!(own.contains(&patient.to_string()));
        let others = shown.iter().filter(|other| *other != patient);
        assert!(
            others
                .into_iter()
                .all(|one| !own.contains(&one.to_string()))
        );
    }
    // Page by page through the middle of it, each line once: of the log, and for programs.
    let mut wanted = Wanted::default();
    let mut places = Vec::new();
    while places.len() < shown.len() {
        let page = clinic.accesses(&wanted, 2).await.unwrap();
        let own = page.lines.iter().filter(|one| one.sequence == event);
        places.extend(own.filter_map(|one| one.access.patient));
        wanted.before = page.older.map(|place| place.to_string().parse().unwrap());
    }
    let each: BTreeSet<Uuid> = places.iter().copied().collect();
    assert_eq!((places.len(), each), (shown.len(), shown.clone()));
    let lines = pages(&house, "/fhir/AuditEvent?_count=4".to_owned(), &token).await;
    let of_event = |one: &&Value| one["meta"]["versionId"] == *version;
    assert_eq!(lines.iter().filter(of_event).count(), shown.len());
}

#[tokio::test]
async fn what_the_audit_log_cannot_be_asked_is_a_400() {
    let house = House::staffed().await;
    let (_, token) = client(&house, "system/AuditEvent.rs").await;
    for refused in [
        "_sort=date",
        "_total=accurate",
        "_count=0",
        "colour=red",
        "_page=x",
        "_include=AuditEvent:patient",
    ] {
        let path = format!("/fhir/AuditEvent?{refused}");
        let page = ask(&house, &path, Some(&token)).await;
        assert_eq!(
            page.status,
            StatusCode::BAD_REQUEST,
            "{refused}: {}",
            page.body
        );
    }
}

/// The questions of the catalogue, as another program looks for them.
#[tokio::test]
async fn forms_are_read_and_found_by_their_names() {
    let house = House::staffed().await;
    let (_, token) = client(&house, "system/Questionnaire.rs").await;
    let all = bundle(&house, "/fhir/Questionnaire?_total=accurate", &token).await;
    assert_eq!((all["total"].as_u64(), ids(&all).len()), (Some(4), 4));
    for (asked, count) in [
        ("url=urn:annulus:questionnaire:intake-lumbar", 1),
        ("url=urn:annulus:questionnaire:intake", 0),
        ("name=annulusintake", 2),
        ("title=evaluation", 2),
        ("title=cervical", 2),
        ("status=active", 4),
        ("status=draft", 0),
        ("_id=annulus-evaluation-cervical", 1),
        ("_id:not=annulus-evaluation-cervical", 3),
    ] {
        let found = bundle(&house, &format!("/fhir/Questionnaire?{asked}"), &token).await;
        assert_eq!(ids(&found).len(), count, "{asked}");
    }
    let first = bundle(&house, "/fhir/Questionnaire?_count=3", &token).await;
    let second = bundle(&house, &next(&first).unwrap(), &token).await;
    assert_eq!([ids(&first), ids(&second)].concat(), ids(&all));
    assert_eq!(next(&second), None);
    let knowledge = house.server.app().clinic.knowledge();
    for form in Form::ALL {
        let page = ask(
            &house,
            &format!("/fhir/Questionnaire/annulus-{form}"),
            Some(&token),
        )
        .await;
        assert_eq!(page.status, StatusCode::OK);
        let read: Value = serde_json::from_str(&page.body).unwrap();
        assert_eq!(read, questionnaire(form, knowledge));
    }
    let none = ask(&house, "/fhir/Questionnaire/annulus-x", Some(&token)).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    for refused in ["colour=red", "_sort=title", "_page=x", "name="] {
        let page = ask(
            &house,
            &format!("/fhir/Questionnaire?{refused}"),
            Some(&token),
        )
        .await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{refused}");
    }
}
