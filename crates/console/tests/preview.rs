//! Evaluate decides on what is not saved yet as it would once it is saved, and keeps nothing of it.

use axum::http::StatusCode;
use care::episode::{Command, Role};
use care::fact::{By, FactKey, Reading, Value};
use console::clinic::{Deed, Wanted};
use si::Region;
use uuid::Uuid;

use crate::browser::{Browser, House, Page};

async fn patient(house: &House) -> (Uuid, String) {
    let id = house.pat(Region::Lumbar).await;
    (id, format!("/patients/{id}/evaluate"))
}

async fn preview(browser: &mut Browser, page: &str, answers: &[(&str, &str)]) -> Page {
    browser.post(&format!("{page}/preview"), answers).await
}

async fn sequence(house: &House, id: Uuid) -> u64 {
    house.server.app().clinic.chart(id).await.unwrap().sequence
}

/// Verdict and urgency, beside a mark.
fn verdict(page: &Page, mark: &str) -> [String; 2] {
    ["data-verdict", "data-urgency"].map(|name| page.after(mark, name))
}

/// Rules that fired or are undecided, in their order.
fn rules(page: &Page) -> Vec<&str> {
    let marks = ["data-rule=\"", "data-undecided=\""];
    let of = |mark| page.body.split(mark).skip(1);
    let named = marks.into_iter().flat_map(of);
    named.map(|rest| rest.split('"').next().unwrap()).collect()
}

/// Words between two marks.
fn between<'a>(page: &'a Page, from: &str, to: &str) -> &'a str {
    let (_, rest) = page.body.split_once(from).unwrap_or_default();
    rest.split_once(to).unwrap_or_default().0
}

#[tokio::test]
async fn what_is_not_saved_decides_as_it_will_once_it_is_saved() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    for answers in [
        &[("f:cauda_equina_signs", "yes")][..],
        &[("f:bone_weakness", "yes")],
        &[("f:can_lie", "no"), ("f:age", "45")],
        &[("f:body_weight", "78"), ("f:can_lie", "?")],
        &[("f:pain_area[calf-left]", "yes"), ("picture", "whole")],
        &[("f:motor_strength", "reduced"), ("deny", "neurology")],
    ] {
        let (id, page) = patient(&house).await;
        browser.get(&page).await.ok();
        let before = sequence(&house, id).await;
        let ahead = preview(&mut browser, &page, answers).await.ok();
        assert_eq!(ahead.status, StatusCode::OK);
        ahead.shows("data-test=\"unsaved\"");
        assert!(!ahead.body.contains("id=\"decide\""), "nothing can be kept");
        assert_eq!(sequence(&house, id).await, before, "{answers:?}");

        browser.post(&format!("{page}/answers"), answers).await.ok();
        assert!(sequence(&house, id).await > before, "{answers:?}");
        let saved = browser.get(&page).await.ok();
        assert_eq!(
            verdict(&ahead, "data-part=\"verdict\""),
            verdict(&saved, "data-test=\"decision\""),
            "{answers:?}"
        );
        assert_eq!(rules(&ahead), rules(&saved), "{answers:?}");
        let next = between(&ahead, "<ul class=\"list\">", "</b>");
        let asked = between(&saved, "id=\"question\">", "</h1>");
        assert!(!asked.is_empty() && next.ends_with(asked), "{answers:?}");
        let presses = |page: &Page| page.body.contains("data-test=\"pressing\"");
        assert_eq!(presses(&ahead), presses(&saved), "{answers:?}");
    }
}

#[tokio::test]
async fn an_urgent_answer_presses_before_it_is_saved_and_tells_nobody() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let (id, page) = patient(&house).await;
    let own = browser.get(&page).await.ok();
    assert!(!own.body.contains("data-test=\"pressing\""));
    let urgent = [("f:cauda_equina_signs", "yes")];
    let ahead = preview(&mut browser, &page, &urgent).await.ok();
    ahead.shows("data-test=\"pressing\"");
    assert_eq!(verdict(&ahead, "data-part=\"verdict\"")[1], "emergency");
    let chart = house.server.app().clinic.chart(id).await.unwrap();
    assert!(chart.episode.readings.is_empty() && chart.episode.alerts.is_empty());
    let again = browser.get(&page).await.ok();
    assert_eq!(
        verdict(&again, "data-test=\"decision\""),
        verdict(&own, "data-test=\"decision\"")
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_left_out_and_its_field_says_so() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let (_, page) = patient(&house).await;
    let other = [("f:cauda_equina_signs", "yes")];
    let alone = preview(&mut browser, &page, &other).await.ok();
    for (field, value) in [
        ("f:age", "heavy"),
        ("f:age", "900"),
        ("f:spinal_surgery_date", "next spring"),
        ("f:spinal_surgery_date", "2190-01-01"),
        ("f:no_such_fact", "yes"),
    ] {
        let answers = [(field, value), other[0]];
        let ahead = preview(&mut browser, &page, &answers).await.ok();
        ahead.shows(&format!("data-left-out=\"{field}\""));
        assert_eq!(rules(&ahead), rules(&alone), "{field}={value}");
        assert!(!alone.body.contains("data-left-out"));
    }
}

#[tokio::test]
async fn on_the_form_of_everyone_only_what_the_answers_opened_is_asked_next() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let (_, page) = patient(&house).await;
    let form = browser.get(&format!("{page}?form=intake")).await.ok();
    let answers = [("form", "intake"), ("f:bone_weakness", "yes")];
    let ahead = preview(&mut browser, &page, &answers).await.ok();
    let opened = between(&ahead, "data-part=\"then\"", "data-part=\"verdict\"");
    assert!(
        opened.contains("<li>"),
        "a yes opens its findings: {opened}"
    );
    for row in form.body.split("data-fact=\"").skip(1) {
        let question = row.split("<span>").nth(1).unwrap();
        let question = question.split('<').next().unwrap();
        assert!(!opened.contains(question), "{question} stands on the form");
    }
}

#[tokio::test]
async fn a_look_ahead_is_for_who_works_at_the_table_and_is_never_the_same_act() {
    let house = House::staffed().await;
    let (_, page) = patient(&house).await;
    let path = format!("{page}/preview");
    for role in [Role::FrontDesk, Role::Administrator, Role::Researcher] {
        let mut browser = house.as_role(role).await;
        assert_eq!(
            browser.post(&path, &[]).await.status,
            StatusCode::FORBIDDEN,
            "{role:?}"
        );
    }
    let mut browser = house.as_role(Role::Assistant).await;
    let twice = [("once", "7"), ("f:can_lie", "no")];
    for _ in 0..2 {
        let ahead = browser.post(&path, &twice).await;
        assert_eq!(ahead.status, StatusCode::OK);
        ahead.shows("data-rule=\"cannot-lie\"");
    }
}

#[tokio::test]
async fn the_audit_log_knows_who_looked_once_and_not_each_tick() {
    let house = House::staffed().await;
    let (id, page) = patient(&house).await;
    let of = Wanted {
        patient: Some(id),
        ..Wanted::default()
    };
    let noted = async || crate::audit::log(&house, of.clone()).await;
    let mut browser = house.as_role(Role::Practitioner).await;
    for _ in 0..3 {
        preview(&mut browser, &page, &[("f:can_lie", "no")])
            .await
            .ok();
    }
    let told: Vec<Deed> = noted().await.iter().map(|line| line.access.act).collect();
    let why = "who came round the page is noted all the same";
    assert_eq!(told, [Deed::Read], "{why}");
    let mut browser = house.as_role(Role::ClinicalLead).await;
    browser.get(&page).await.ok();
    preview(&mut browser, &page, &[("f:can_lie", "no")])
        .await
        .ok();
    assert_eq!(noted().await.len(), 2);
}

/// What ends a disagreement between sources is decided on before it is saved, too.
#[tokio::test]
async fn what_ends_a_disagreement_is_decided_on_before_it_is_saved() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let (id, page) = patient(&house).await;
    let clinic = &house.server.app().clinic;
    let lead = clinic.users().await.unwrap();
    let lead = lead
        .into_iter()
        .find(|user| user.role == Role::ClinicalLead);
    let lead = lead.expect("a lead").actor();
    let says = |by, value| {
        let fact = FactKey::plain("can_lie");
        let reading = Reading::value(fact, Value::Bool(value), clinic.now(), by);
        let readings = vec![reading];
        clinic.act(
            id,
            &lead,
            Command::RecordFacts {
                readings,
                denied: Vec::new(),
            },
        )
    };
    says(By::Patient, true).await.unwrap();
    says(By::Assistant, false).await.unwrap();
    let open = browser.get(&page).await.ok();
    open.shows("/evaluate/resolve");
    let before = sequence(&house, id).await;
    let asked = |holds: &'static str| [("f:can_lie", holds), ("holds", "f:can_lie")];
    let cannot = preview(&mut browser, &page, &asked("no")).await.ok();
    assert!(
        rules(&cannot).contains(&"cannot-lie"),
        "{:?}",
        rules(&cannot)
    );
    cannot.shows("data-test=\"unsaved\"");
    let can = preview(&mut browser, &page, &asked("yes")).await.ok();
    assert!(!rules(&can).contains(&"cannot-lie"), "{:?}", rules(&can));
    assert_eq!(sequence(&house, id).await, before, "nothing was stored");
}

#[tokio::test]
async fn a_patient_is_asked_in_a_patients_words_with_the_practitioners_beneath() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let (_, page) = patient(&house).await;
    let page = browser.get(&page).await.ok();
    let fact = between(&page, "data-question=\"f:", "\"");
    let catalogue = house.server.app().clinic.knowledge().catalogue();
    let fact = catalogue.get(fact).unwrap();
    assert_eq!(fact.ask, care::decide::Ask::Patient);
    let said = |words: &str| words.replace('\'', "&#39;");
    assert_eq!(
        between(&page, "id=\"question\">", "</h1>"),
        said(&fact.patient)
    );
    assert_eq!(
        between(&page, "data-test=\"meant\">", "</p>"),
        said(&fact.practitioner)
    );
}
