//! Programs look for resources: what is found, page by page, and what is refused.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use console::clinic::Wanted;
use fhir::check::{self, Severity};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit::log;
use crate::browser::House;
use crate::clients::{ask, asking, client};

pub(crate) async fn demo(scopes: &str) -> (House, Uuid, String) {
    let house = House::open(|options| options.demo = true).await;
    let (id, token) = client(&house, scopes).await;
    (house, id, token)
}

pub(crate) async fn patient(house: &House, name: &str) -> Uuid {
    let found = house.server.app().clinic.find(name, 1).await.unwrap();
    found.listed[0].id
}

pub(crate) async fn bundle(house: &House, path: &str, token: &str) -> Value {
    let page = ask(house, path, Some(token)).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    let body: Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(body["type"], "searchset", "{path}");
    body
}

pub(crate) fn entries<'a>(bundle: &'a Value, mode: &'a str) -> impl Iterator<Item = &'a Value> {
    let all = bundle["entry"].as_array().into_iter().flatten();
    let fits = move |entry: &&Value| entry["search"]["mode"] == mode;
    all.filter(fits).map(|entry| &entry["resource"])
}

pub(crate) fn ids(bundle: &Value) -> Vec<String> {
    let id = |one: &Value| one["id"].as_str().unwrap().to_owned();
    entries(bundle, "match").map(id).collect()
}

pub(crate) fn next(bundle: &Value) -> Option<String> {
    let links = bundle["link"].as_array().unwrap();
    let next = links.iter().find(|link| link["relation"] == "next")?;
    let url = next["url"].as_str().unwrap();
    Some(url[url.find("/fhir").unwrap()..].to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_found_is_what_the_records_hold() {
    let (house, _, token) = demo("system/*.rs").await;
    let clinic = &house.server.app().clinic;
    let ruth = patient(&house, "Ruth").await;
    let record = clinic.as_fhir(ruth).await.unwrap();
    let every = [
        "Patient",
        "Observation",
        "RiskAssessment",
        "Procedure",
        "CarePlan",
        "Appointment",
    ];
    for kind in every {
        let person = if kind == "Patient" { "_id" } else { "patient" };
        let path = format!("/fhir/{kind}?{person}={ruth}&_count=200&_total=accurate");
        let found = bundle(&house, &path, &token).await;
        let mut should: Vec<&Value> = record.of(kind).collect();
        assert_eq!(found["total"], should.len(), "{kind}");
        assert!(!should.is_empty(), "{kind}");
        for one in entries(&found, "match") {
            should.retain(|other| *other != one);
        }
        assert_eq!(should, Vec::<&Value>::new(), "{kind}");
        let issues = check::resource(&found);
        let errors: Vec<_> = issues
            .iter()
            .filter(|one| one.severity >= Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{kind}: {errors:?}");
    }
    let path = format!("/fhir/Observation?subject=Patient/{ruth}&code=http://loinc.org|72514-3");
    let pain = bundle(&house, &path, &token).await;
    assert!(entries(&pain, "match").next().is_some());
    for one in entries(&pain, "match") {
        let codings = one["code"]["coding"].as_array().unwrap();
        assert!(codings.iter().any(|coding| coding["code"] == "72514-3"));
    }
    let found = bundle(&house, "/fhir/Patient?name=ruth", &token).await;
    assert_eq!(ids(&found), [ruth.to_string()]);
    let none = bundle(&house, "/fhir/Patient?birthdate=lt1800", &token).await;
    assert!(ids(&none).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_lead_through_everything_once_whatever_is_written_meanwhile() {
    let (house, _, token) = demo("system/*.rs").await;
    let all = bundle(
        &house,
        "/fhir/RiskAssessment?_count=200&_total=accurate",
        &token,
    )
    .await;
    let total = all["total"].as_u64().unwrap();
    assert!((8..200).contains(&total), "{total}");
    for sort in ["_lastUpdated", "-_lastUpdated", "date", "-date"] {
        let mut path = format!("/fhir/RiskAssessment?_count=3&_sort={sort}");
        let mut seen: Vec<String> = Vec::new();
        loop {
            let page = bundle(&house, &path, &token).await;
            seen.extend(ids(&page));
            let elin = patient(&house, "Elin").await;
            let mut nadia = house.as_demo("nadia").await;
            let phone = format!("555-0{:03}", seen.len());
            let contact = [("name", "Elin Somebody"), ("phone", &*phone)];
            let form = format!("/patients/{elin}/contact");
            nadia.post(&form, &contact).await.ok();
            match next(&page) {
                Some(next) => path = next,
                None => break,
            }
        }
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        assert_eq!(
            (seen.len(), once.len() as u64),
            (once.len(), total),
            "{sort}"
        );
    }
}

/// Who asks a date and names no order is answered by the date, the last first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_date_is_asked_of_comes_last_first_and_a_page_of_another_order_is_refused() {
    let (house, _, token) = demo("system/*.rs").await;
    let path = "/fhir/RiskAssessment?date=ge2000-01-01&_count=3";
    let sorted = path.replace("_count=3", "_count=200&_sort=-date");
    let sorted = ids(&bundle(&house, &sorted, &token).await);
    let (mut seen, mut path, mut second) = (Vec::new(), path.to_owned(), None);
    loop {
        let page = bundle(&house, &path, &token).await;
        seen.extend(ids(&page));
        let Some(next) = next(&page) else { break };
        second = second.or_else(|| Some(next.clone()));
        path = next;
    }
    assert!(seen.len() > 3 && seen == sorted, "{seen:?}");
    let other = format!("{}&_sort=_lastUpdated", second.unwrap());
    let other = other.replace("date=ge2000-01-01&", "");
    let page = ask(&house, &other, Some(&token)).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_is_found_at_once_and_what_is_erased_no_more() {
    let (house, _, token) = demo("system/*.rs").await;
    let elin = patient(&house, "Elin").await;
    let before = bundle(&house, &format!("/fhir/Patient?_id={elin}"), &token).await;
    let name = entries(&before, "match").next().unwrap()["name"][0]["text"].clone();
    let name = name.as_str().unwrap();
    let mut nadia = house.as_demo("nadia").await;
    let contact = [("name", name), ("phone", "555-0199"), ("born", "")];
    nadia
        .post(&format!("/patients/{elin}/contact"), &contact)
        .await
        .ok();
    let found = bundle(&house, "/fhir/Patient?phone=555-0199", &token).await;
    assert_eq!(ids(&found), [elin.to_string()]);
    let erase = [("reason", "asked for it"), ("name", name)];
    nadia
        .post(&format!("/patients/{elin}/keeping/erase"), &erase)
        .await
        .ok();
    let found = bundle(&house, "/fhir/Patient?phone=555-0199", &token).await;
    assert!(ids(&found).is_empty());
    let found = bundle(&house, &format!("/fhir/Observation?patient={elin}"), &token).await;
    assert!(ids(&found).is_empty());
}

/// Somebody who can write the database and has no key of the clinic.
async fn intrude(house: &House, stream: Uuid, key: String, body: Value) {
    let journal = house.server.app().clinic.journal();
    let entry = record::Entry {
        key,
        version: "1".to_owned(),
        body: body.to_string().into_bytes(),
        values: Vec::new(),
    };
    let stands = journal.stream(stream).await.unwrap().unwrap();
    let index = journal.found_by(record::IndexKey::new([1; 32]));
    let set = index
        .set(stream, (stands.sequence, "false"), &[entry])
        .await;
    set.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_behind_the_servers_back_is_made_again_and_never_served() {
    let (house, _, token) = demo("system/*.rs").await;
    let ruth = patient(&house, "Ruth").await;
    let at = format!("/fhir/Patient/{ruth}");
    let before = ask(&house, &at, Some(&token)).await.body;
    assert!(before.contains("Ruth"), "{before}");
    let body = json!({ "resourceType": "Patient", "id": ruth, "active": false });
    intrude(&house, ruth, format!("Patient/{ruth}"), body).await;
    let after = ask(&house, &at, Some(&token)).await;
    assert_eq!((after.status, after.body), (StatusCode::OK, before));
    let observations = format!("/fhir/Observation?patient={ruth}&_total=accurate");
    let found = bundle(&house, &observations, &token).await;
    assert!(found["total"].as_u64().unwrap() > 1);
    // What belongs to no record, likewise.
    let staff = bundle(&house, "/fhir/Practitioner?_total=accurate", &token).await;
    let clinic = &house.server.app().clinic;
    let streams = clinic.journal().streams(record::StreamKind::Clinic).await;
    let body = json!({ "resourceType": "Practitioner", "id": "x" });
    let stream = streams.unwrap()[0].stream.id;
    intrude(&house, stream, "Practitioner/x".to_owned(), body).await;
    let page = ask(&house, "/fhir/Practitioner/x", Some(&token)).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "{}", page.body);
    let again = bundle(&house, "/fhir/Practitioner?_total=accurate", &token).await;
    assert_eq!(again, staff);
    let key = clinic.key().index();
    let verify = record::Verify {
        index: Some(&key),
        ..record::Verify::default()
    };
    let report = clinic.journal().verify(verify).await.unwrap();
    assert!(report.is_sound(), "{:?}", report.faults);
    assert!(report.found.unwrap().entries > 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_along_is_within_the_scopes_and_everybody_shown_is_in_the_log() {
    let (house, id, token) = demo("system/*.rs").await;
    let ruth = patient(&house, "Ruth").await;
    let path = format!("/fhir/Observation?patient={ruth}&_include=Observation:subject&_count=2");
    let found = bundle(&house, &path, &token).await;
    let included: Vec<&Value> = entries(&found, "include").collect();
    assert_eq!(included.len(), 1);
    assert_eq!(included[0]["id"], ruth.to_string());
    let (_, narrow) = client(&house, "system/Observation.rs").await;
    let found = bundle(&house, &path, &narrow).await;
    assert_eq!(entries(&found, "include").count(), 0);
    let who = |user| Wanted {
        user: Some(user),
        ..Wanted::default()
    };
    let lines = log(&house, who(id)).await;
    assert_eq!((lines.len(), lines[0].access.patient), (1, Some(ruth)));
    // Of many, each.
    let found = bundle(&house, "/fhir/Patient?_count=200", &token).await;
    let shown = ids(&found).len();
    assert!(shown > 3);
    assert_eq!(log(&house, who(id)).await.len(), 1 + shown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_is_restricted_is_open_to_no_program() {
    let (house, id, token) = demo("system/*.crs").await;
    let ruth = patient(&house, "Ruth").await;
    let clinic = &house.server.app().clinic;
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    let why = "A colleague who is a patient here";
    let restrict = clinic.restrict(lead.id, ruth, [lead.id].into(), why);
    restrict.await.unwrap();
    for path in [
        format!("/fhir/Patient/{ruth}"),
        format!("/fhir/Patient/{ruth}/_history"),
        format!("/fhir/Patient/{ruth}/$everything"),
        format!("/fhir/Flag/{}-1", ruth.simple()),
    ] {
        let page = ask(&house, &path, Some(&token)).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        assert!(!page.body.contains("Ruth"), "{path}");
    }
    for path in [
        "/fhir/Patient?name=ruth&_total=accurate".to_owned(),
        format!("/fhir/Observation?patient={ruth}&_include=Observation:subject"),
    ] {
        let found = bundle(&house, &path, &token).await;
        assert_eq!(found.get("entry"), None, "{path}");
        assert_eq!(found.get("total"), None, "{path}");
    }
    nothing_tells_of(&house, ruth, &token).await;
    let who = Wanted {
        user: Some(id),
        patient: Some(ruth),
        ..Wanted::default()
    };
    let lines = log(&house, who).await;
    assert_eq!(lines.len(), 4);
    assert!(
        lines
            .iter()
            .all(|line| line.access.act.as_str() == "refused")
    );
}

/// Neither what a page lacks nor where the next begins tells that there is a record.
async fn nothing_tells_of(house: &House, ruth: Uuid, token: &str) {
    let path = format!("/fhir/Observation?patient={ruth}&date=ge2000-01-01&_count=1");
    let found = bundle(house, &path, token).await;
    assert_eq!(found["link"].as_array().map(Vec::len), Some(1), "{found}");
    let (mut seen, mut next) = (
        0,
        Some("/fhir/Patient?_count=1&_sort=-_lastUpdated".to_owned()),
    );
    while let Some(path) = next {
        let page = bundle(house, &path, token).await;
        assert_eq!(page["entry"].as_array().map(Vec::len), Some(1), "{path}");
        seen += 1;
        next = self::next(&page);
        if let Some(place) = next.as_deref().and_then(|next| next.split("_page=").nth(1)) {
            let place = URL_SAFE_NO_PAD.decode(place).unwrap();
            let place = String::from_utf8(place).unwrap();
            assert!(!place.contains(&ruth.to_string()), "{place}");
        }
    }
    let all = house.server.app().clinic.patients().await.unwrap().len();
    assert_eq!(seen, all - 1);
}

#[tokio::test]
async fn a_search_that_is_not_understood_is_a_400_that_names_it() {
    let house = House::staffed().await;
    let (_, token) = client(&house, "system/*.rs").await;
    for (path, named) in [
        ("/fhir/Observation?colour=red", "colour"),
        ("/fhir/Observation?code:above=x", "code:above"),
        ("/fhir/Observation?date=ap2026", "ap2026"),
        ("/fhir/Observation?_sort=colour", "colour"),
        ("/fhir/Observation?status=", "status"),
        (
            "/fhir/Observation?_revinclude=Provenance:target",
            "_revinclude",
        ),
        (
            "/fhir/Observation?_include=Observation:colour",
            "Observation:colour",
        ),
        ("/fhir/Observation?subject.name=x", "subject.name"),
        ("/fhir/Observation?_page=x", "_page"),
        ("/fhir/Spaceship", "Spaceship"),
        ("/fhir/Observation?_sort=date'--", "date'--"),
    ] {
        let page = ask(&house, path, Some(&token)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path}");
        let body: Value = serde_json::from_str(&page.body).unwrap();
        let said = body["issue"][0]["diagnostics"].as_str().unwrap();
        assert!(said.contains(named), "{path}: {said}");
        assert!(
            check::resource(&body)
                .iter()
                .all(|one| one.severity < Severity::Error),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_search_is_posted_as_a_form_and_what_is_served_is_declared() {
    let house = House::staffed().await;
    let patient = house.pat(si::Region::Lumbar).await;
    let (_, token) = client(&house, "system/Patient.rs").await;
    let form = (
        "application/x-www-form-urlencoded",
        format!("_id={patient}&name=PAT"),
    );
    let request = asking(("POST", "/fhir/Patient/_search"), Some(&token), form);
    let page = house.browser().send(request).await.ok();
    assert_eq!(
        ids(&serde_json::from_str(&page.body).unwrap()),
        [patient.to_string()]
    );
    let json = ("application/json", "{}".to_owned());
    let request = asking(("POST", "/fhir/Patient/_search"), Some(&token), json);
    let page = house.browser().send(request).await;
    assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let page = ask(&house, "/fhir/metadata", None).await.ok();
    let declared: Value = serde_json::from_str(&page.body).unwrap();
    let issues = check::resource(&declared);
    let errors: Vec<_> = issues
        .iter()
        .filter(|one| one.severity >= Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let (_, all) = client(&house, "system/*.rs").await;
    for resource in declared["rest"][0]["resource"].as_array().unwrap() {
        let kind = resource["type"].as_str().unwrap();
        for param in resource["searchParam"].as_array().into_iter().flatten() {
            let name = param["name"].as_str().unwrap();
            let path = format!("/fhir/{kind}?{name}:missing=true&_count=1");
            assert_eq!(
                ask(&house, &path, Some(&all)).await.status,
                StatusCode::OK,
                "{path}"
            );
        }
    }
}
