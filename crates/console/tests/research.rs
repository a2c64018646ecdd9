//! Research: a yes of its own, and a data set in which nobody is named.

use std::collections::BTreeSet;

use axum::http::{StatusCode, header};
use care::episode::{Demographics, Role};
use console::clinic::{LEAST, NewUser, Wanted};
use console::research::TABLES;
use jiff::civil::date;
use serde_json::Value;
use si::Region;
use uuid::Uuid;

use crate::audit::log;
use crate::browser::{Browser, House, PASSWORD, Page};

/// The demonstration with somebody who does research; all its patients.
async fn house() -> (House, Vec<Uuid>) {
    let house = House::open(|options| options.demo = true).await;
    house.hire(Role::Researcher).await;
    let patients = house.server.app().clinic.patients().await.unwrap();
    let patients = patients.iter().map(|one| one.id).collect();
    (house, patients)
}

/// Somebody born on a day, of whom nothing else is known.
async fn register(house: &House, number: i16) -> Uuid {
    let clinic = &house.server.app().clinic;
    let colin = clinic.user_by_login("colin").await.unwrap().unwrap();
    let who = Demographics {
        name: format!("Quirin Sonderling{number}"),
        birth_date: Some(date(1920 + number, 2, 3)),
        phone: Some(format!("555-77{number:02}")),
        ..Demographics::default()
    };
    let made = clinic.register(&colin.actor(), who, Region::Cervical).await;
    made.unwrap().id
}

async fn agree(colin: &mut Browser, patient: Uuid) {
    let path = format!("/patients/{patient}/consent/research");
    let page = colin.post(&path, &[("explained_by", "Colin Marsh")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
}

/// The demonstration's patients and as many others as are needed, all of whom agreed.
async fn agreed() -> (House, Vec<Uuid>, Browser) {
    let (house, mut patients) = house().await;
    for number in 0..11 {
        patients.push(register(&house, number).await);
    }
    let mut colin = house.as_demo("colin").await;
    for patient in &patients {
        agree(&mut colin, *patient).await;
    }
    (house, patients, colin)
}

async fn table(browser: &mut Browser, name: &str) -> Page {
    browser.get(&format!("/research/{name}")).await
}

/// All tables, one after the other.
async fn whole(browser: &mut Browser) -> String {
    let mut whole = String::new();
    for one in &TABLES {
        let page = table(browser, one.name).await.ok();
        let kind = page.headers[header::CONTENT_TYPE].to_str().unwrap();
        assert!(kind.starts_with("text/csv"), "{kind}");
        whole.push_str(&page.body);
    }
    whole
}

fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines = text.lines().skip(1);
    lines.map(|line| line.split(',').collect()).collect()
}

/// Every text in a document, of a key or a value.
fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            // A plan is a document within the document.
            match serde_json::from_str::<Value>(text) {
                Ok(inner @ Value::Object(_)) => texts(&inner, found),
                _ => drop(found.insert(text.clone())),
            }
        }
        Value::Array(all) => all.iter().for_each(|one| texts(one, found)),
        Value::Object(all) => all.values().for_each(|one| texts(one, found)),
        _ => {}
    }
}

/// What names somebody or tells a day: words with a space, a capital or an at, days, instants, ids.
fn is_telling(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let words = text.len() > 3 && text.contains([' ', '@', '.', ':']);
    words || digits >= 6 || text.starts_with(|first: char| first.is_uppercase()) && text.len() > 3
}

#[tokio::test]
async fn nothing_that_names_anybody_is_in_a_data_set() {
    let (house, patients, _) = agreed().await;
    let clinic = &house.server.app().clinic;
    let mut researcher = house.as_role(Role::Researcher).await;
    let set = whole(&mut researcher).await;
    let mut found = BTreeSet::new();
    for patient in &patients {
        found.extend([patient.to_string(), patient.simple().to_string()]);
        let name = clinic.name_of(*patient).await.unwrap().unwrap();
        found.extend(name.split(' ').map(str::to_owned));
        for event in clinic.told(*patient).await.unwrap() {
            texts(&serde_json::to_value(&event).unwrap(), &mut found);
        }
    }
    for user in clinic.users().await.unwrap() {
        found.extend([user.id.to_string(), user.name.clone()]);
    }
    let telling: Vec<&String> = found.iter().filter(|text| is_telling(text)).collect();
    assert!(telling.len() > 500, "{}", telling.len());
    for text in telling {
        assert!(!set.contains(text.as_str()), "{text} is in the data set");
    }
    // And by its form: a cell is a number, or a code that begins with a letter.
    let heads: BTreeSet<String> = TABLES.iter().map(|one| one.columns.join(",")).collect();
    for line in set.lines().filter(|line| !heads.contains(*line)) {
        for cell in line.split(',').skip(1) {
            let number = cell
                .parse::<f64>()
                .is_ok_and(|number| number.abs() < 100_000.0);
            let code = cell
                .chars()
                .all(|one| one.is_ascii_lowercase() || one == '-' || one == '_');
            let short = cell.len() <= 31;
            let coded = code || cell.starts_with(|first: char| first.is_ascii_lowercase());
            assert!(number || coded && short, "{cell} in {line}");
        }
    }
    assert!(set.contains("nprs") && set.contains("completed"), "{set}");
}

#[tokio::test]
async fn a_data_set_says_what_was_done_and_what_came_of_it() {
    let (house, patients, _) = agreed().await;
    let clinic = &house.server.app().clinic;
    let mut lead = house.as_demo("nadia").await;
    lead.get("/research")
        .await
        .ok()
        .shows(&format!("{} patients agreed", patients.len()));
    let all = table(&mut lead, "patients").await.ok().body;
    assert_eq!(rows(&all).len(), patients.len());
    let ids: BTreeSet<&str> = rows(&all).iter().map(|row| row[0]).collect();
    assert_eq!(ids.len(), patients.len(), "an id of their own each");
    // Born in 1920, and in 1930: from 90 on an age is one.
    let ages: Vec<&str> = rows(&all).iter().map(|row| row[1]).collect();
    assert!(
        ages.contains(&"90") && !ages.iter().any(|age| age.len() > 2),
        "{ages:?}"
    );
    let mut treated = 0;
    for patient in &patients {
        let chart = clinic.chart(*patient).await.unwrap();
        let id = clinic.study_id(*patient);
        let sessions = table(&mut lead, "sessions").await.ok().body;
        let own: Vec<Vec<&str>> = rows(&sessions)
            .into_iter()
            .filter(|row| row[0] == id)
            .collect();
        let pulled: Vec<_> = chart
            .episode
            .all_sessions()
            .filter(|one| one.started.is_some())
            .collect();
        assert_eq!(own.len(), pulled.len());
        treated += own.len();
        for (row, session) in own.iter().zip(pulled) {
            assert!((row[4].parse::<f64>().unwrap() - session.force_n).abs() < 0.01);
            let told = session.summary.as_ref().unwrap();
            assert!((row[5].parse::<f64>().unwrap() - told.peak_force_n).abs() < 0.01);
        }
        if patients.iter().position(|one| one == patient) > Some(2) && treated > 0 {
            break;
        }
    }
    assert!(treated > 0);
    let plans = table(&mut lead, "plans").await.ok().body;
    let first = &rows(&plans)[0];
    assert!(first[4].parse::<f64>().unwrap() > 0.0 && first[6].parse::<f64>().unwrap() > 0.0);
}

#[tokio::test]
async fn without_a_yes_of_its_own_nobody_is_in_a_data_set_and_few_make_none() {
    let (house, patients) = house().await;
    let mut researcher = house.as_role(Role::Researcher).await;
    // The demonstration's patients agreed to treatment, some of them: that says nothing of research.
    let page = researcher.get("/research").await.ok();
    page.shows("Fewer than 11 patients agreed");
    let page = table(&mut researcher, "patients").await;
    assert_eq!(page.code(), "research-too-few");
    let mut colin = house.as_demo("colin").await;
    let mut all = patients;
    while all.len() < LEAST {
        all.push(register(&house, i16::try_from(all.len()).unwrap()).await);
    }
    for patient in &all[..LEAST - 1] {
        agree(&mut colin, *patient).await;
    }
    assert_eq!(
        table(&mut researcher, "scores").await.code(),
        "research-too-few"
    );
    agree(&mut colin, all[LEAST - 1]).await;
    table(&mut researcher, "scores").await.ok();
}

#[tokio::test]
async fn who_takes_it_back_is_erased_or_restricted_is_in_no_next_data_set() {
    let (house, patients, mut colin) = agreed().await;
    let clinic = &house.server.app().clinic;
    let mut researcher = house.as_role(Role::Researcher).await;
    let mut here = async |patient: Uuid| {
        let text = table(&mut researcher, "patients").await.ok().body;
        text.contains(&clinic.study_id(patient))
    };
    let [taken_back, erased, restricted] = [0, 1, 2].map(|one| patients[patients.len() - 1 - one]);
    for patient in [taken_back, erased, restricted] {
        assert!(here(patient).await);
    }
    let path = format!("/patients/{taken_back}/consent/research/withdraw");
    colin.post(&path, &[]).await.ok();
    assert!(!here(taken_back).await);
    let page = colin.get(&format!("/patients/{taken_back}/consent")).await;
    page.ok().shows("Not part of research");

    let mut lead = house.as_demo("nadia").await;
    let name = clinic.name_of(erased).await.unwrap().unwrap();
    let erase = format!("/patients/{erased}/keeping/erase");
    lead.post(&erase, &[("reason", "asked for it"), ("name", &name)])
        .await
        .ok();
    assert!(!here(erased).await);

    let nadia = clinic
        .user_by_login("nadia")
        .await
        .unwrap()
        .unwrap()
        .id
        .to_string();
    let path = format!("/patients/{restricted}/restriction");
    let why = "A colleague is treated here.";
    lead.post(&path, &[("team", &nadia), ("reason", why)])
        .await
        .ok();
    assert!(!here(restricted).await);
}

#[tokio::test]
async fn a_patient_reads_what_they_agreed_to_and_when_it_was_used_and_takes_it_back() {
    let (house, patients, _) = agreed().await;
    let (clinic, own) = (&house.server.app().clinic, *patients.last().unwrap());
    let account = NewUser {
        login: "own".into(),
        name: "Somebody".into(),
        role: Role::Patient,
        licence: None,
        patient: Some(own),
        password: PASSWORD.into(),
        temporary: false,
    };
    clinic.add_user(Uuid::nil(), account).await.unwrap();
    let mut patient = house.browser();
    patient.login("own", PASSWORD).await;
    let mine = format!("/patients/{own}/mine");
    let page = patient.get(&mine).await.ok();
    page.shows("Part of research since")
        .shows("Colin Marsh explained it");
    assert!(!page.body.contains("research data set"));
    let mut researcher = house.as_role(Role::Researcher).await;
    table(&mut researcher, "check-ins").await.ok();
    patient
        .get(&mine)
        .await
        .ok()
        .shows("Last taken along in a research data set");
    // The audit log has the download on each of the records.
    let lines = log(&house, Wanted::default()).await;
    let taken = lines
        .iter()
        .filter(|line| line.access.route == "/research/{table}");
    let noted: BTreeSet<Uuid> = taken.filter_map(|line| line.access.patient).collect();
    assert_eq!(noted, patients.iter().copied().collect());
    patient
        .post(&format!("{mine}/research/withdraw"), &[])
        .await
        .ok();
    patient.get(&mine).await.ok().shows("Not part of research");
    assert!(clinic.research_consent(own).await.unwrap().is_none());
}

#[tokio::test]
async fn an_id_of_a_study_is_the_same_each_time_and_another_in_another_clinic() {
    let (house, patients) = house().await;
    // Those of the demonstration have one key.
    let other = House::open(|_| ()).await;
    let here = &house.server.app().clinic;
    assert_eq!(here.study_id(patients[0]), here.study_id(patients[0]));
    let there = &other.server.app().clinic;
    assert_ne!(here.study_id(patients[0]), there.study_id(patients[0]));
}
