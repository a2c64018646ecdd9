//! Evidence, consent by condition, and the questionnaire that the patient ticks.

use axum::http::StatusCode;
use care::episode::{Command, Role};
use care::evidence::CONDITION_FACT;
use care::fact::{By, FactKey, Reading, Value};
use si::Region;

use crate::browser::House;

#[tokio::test]
async fn ticked_statements_become_the_score_with_its_provenance() {
    let house = House::staffed().await;
    let clinic = &house.server.app().clinic;
    let id = house.pat(Region::Lumbar).await;
    let mut browser = house.as_role(Role::Assistant).await;
    let path = format!("/patients/{id}/review/rmdq");
    browser
        .get(&format!("/patients/{id}/review"))
        .await
        .ok()
        .shows(&path);
    let page = browser.get(&path).await.ok();
    assert_eq!(page.body.matches("name=\"tick\"").count(), 24);
    let ticks = [("tick", "1"), ("tick", "7"), ("tick", "24")];
    browser.post(&path, &ticks).await.ok();
    browser.post(&path, &[]).await.ok();
    let chart = clinic.chart(id).await.unwrap();
    let kept: Vec<&Reading> = chart
        .episode
        .readings
        .iter()
        .filter(|reading| reading.fact.as_str() == "score_rmdq")
        .collect();
    let values: Vec<_> = kept.iter().map(|reading| reading.as_value()).collect();
    assert_eq!(
        values,
        [Some(&Value::Number(3.0)), Some(&Value::Number(0.0))]
    );
    assert_eq!(
        (kept[0].by, kept[0].source.as_deref()),
        (By::Patient, Some("rmdq#1,7,24"))
    );
    assert!(kept[0].who.is_some(), "who held the screen is kept");
}

#[tokio::test]
async fn a_tick_that_is_no_statement_is_refused_and_the_neck_has_no_such_page() {
    let house = House::staffed().await;
    let clinic = &house.server.app().clinic;
    let id = house.pat(Region::Lumbar).await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let path = format!("/patients/{id}/review/rmdq");
    browser.get(&path).await.ok();
    for wrong in [
        &[("tick", "25")][..],
        &[("tick", "3"), ("tick", "3")],
        &[("tick", "x")],
    ] {
        let page = browser.post(&path, wrong).await;
        assert_eq!(page.code(), "tick-impossible", "{wrong:?}");
    }
    assert!(clinic.chart(id).await.unwrap().episode.readings.is_empty());
    let neck = house.pat(Region::Cervical).await;
    let page = browser.get(&format!("/patients/{neck}/review/rmdq")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let page = browser.get(&format!("/patients/{neck}/review")).await.ok();
    assert!(!page.body.contains("/review/rmdq"));
}

#[tokio::test]
async fn the_consent_page_shows_the_text_of_the_condition_that_was_named() {
    let house = House::staffed().await;
    let clinic = &house.server.app().clinic;
    let id = house.pat(Region::Lumbar).await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let path = format!("/patients/{id}/consent");
    let whole = browser.get(&path).await.ok();
    whole
        .shows("NICE NG59")
        .shows("/knowledge/evidence?region=lumbar");
    let user = clinic.user_by_login("practitioner").await.unwrap().unwrap();
    let key = FactKey::plain(CONDITION_FACT);
    let value = Value::Choice("stenosis".to_owned());
    let record = Command::RecordFacts {
        readings: vec![Reading::value(key, value, clinic.now(), By::Practitioner)],
        denied: Vec::new(),
    };
    clinic.act(id, &user.actor(), record).await.unwrap();
    let own = browser.get(&path).await.ok();
    own.shows("NICE NG59")
        .shows("a narrowed spinal canal")
        .shows("condition=stenosis");
    let version = |page: &crate::browser::Page| page.after("name=\"text_version\"", "value");
    assert_ne!(version(&whole), version(&own));
    let (old, new) = (version(&whole), version(&own));
    let form = |version| {
        [
            ("text_version", version),
            ("language", "en"),
            ("explained_by", "Colin"),
            ("interpreter", "Ida Word"),
            ("cost", "40 a session"),
            ("signed_by", "Pat Example"),
        ]
    };
    assert_eq!(
        browser.post(&path, &form(old.as_str())).await.code(),
        "consent-text-old"
    );
    browser.post(&path, &form(new.as_str())).await.ok();
    let given = clinic
        .chart(id)
        .await
        .unwrap()
        .episode
        .consent
        .clone()
        .unwrap()
        .given;
    assert_eq!(given.condition.as_deref(), Some("stenosis"));
    assert_eq!(given.cost.as_deref(), Some("40 a session"));
    assert!(given.words.unwrap().contains("a narrowed spinal canal"));
    browser
        .get(&path)
        .await
        .ok()
        .shows("Ida Word")
        .shows("40 a session");
}

#[tokio::test]
async fn the_evidence_page_has_every_row_of_the_condition_with_sources() {
    let house = House::staffed().await;
    let evidence = house.server.app().clinic.knowledge().evidence();
    let mut browser = house.as_role(Role::FrontDesk).await;
    for region in Region::ALL {
        for condition in evidence.conditions(region) {
            let path = format!(
                "/knowledge/evidence?region={region}&condition={}",
                condition.id
            );
            let page = browser.get(&path).await.ok();
            for row in &evidence.rows {
                let mark = format!("data-evidence=\"{}\"", row.id);
                let here = row.is_of(region, Some(&condition.id));
                assert_eq!(
                    page.body.contains(&mark),
                    here,
                    "{}: {}",
                    condition.id,
                    row.id
                );
            }
        }
    }
    let page = browser
        .get("/knowledge/evidence?region=cervical&condition=sciatica")
        .await;
    assert_eq!(page.code(), "unknown-condition");
}

#[tokio::test]
async fn scores_of_start_back_give_their_class_and_pain_scales_say_what_their_ends_mean() {
    let house = House::staffed().await;
    let id = house.pat(Region::Lumbar).await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let path = format!("/patients/{id}/review");
    let page = browser.get(&path).await.ok();
    page.shows("0: no pain")
        .shows("10: the worst pain I can imagine");
    assert!(!page.body.contains("data-test=\"start-back\""));
    let scores = [
        ("f:score_start_back", "6"),
        ("f:score_start_back_distress", "4"),
    ];
    browser.post(&format!("{path}/scores"), &scores).await.ok();
    browser.get(&path).await.ok().shows("STarT Back: high risk");
}
