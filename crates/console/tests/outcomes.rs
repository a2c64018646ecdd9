//! What the clinic's own courses show, and whom a rule touched.

use crate::browser::House;

#[tokio::test]
async fn the_clinic_sees_its_courses_their_soreness_and_who_was_not_treated_and_why() {
    let house = House::open(|options| options.demo = true).await;
    let mut browser = house.as_demo("nadia").await;
    let page = browser.get("/outcomes").await.ok();
    page.shows("data-test=\"groups\"").shows("data-group=\"1\"");
    let refused = refused(&house).await;
    assert!(!refused.is_empty(), "the demonstration refuses somebody");
    for rule in &refused {
        page.shows(&format!("href=\"/knowledge/rules/{rule}\""));
    }
    for name in ["Ruth", "Adeyemi", "Elin", "Oskar", "Henrik"] {
        assert!(!page.body.contains(name), "nobody is named: {name}");
    }
    let all = browser.get("/outcomes?since=all").await.ok();
    all.shows("id=\"since-all\" href=\"/outcomes?since=all\" aria-current=\"true\"");
    // What is no period is the usual one.
    let odd = browser.get("/outcomes?since=%3Cb%3E").await.ok();
    odd.shows("href=\"/outcomes?since=year\" aria-current=\"true\"");
}

/// The rules that refuse somebody in the demonstration, as the charts say.
async fn refused(house: &House) -> Vec<String> {
    let clinic = &house.server.app().clinic;
    let mut rules = Vec::new();
    for summary in clinic.patients().await.unwrap() {
        let chart = clinic.chart(summary.id).await.unwrap();
        let Some(kept) = &chart.episode.decision else {
            continue;
        };
        let fired = kept.decision.fired.iter();
        let refuse = fired.filter(|fired| fired.verdict == care::decide::Verdict::Refuse);
        rules.extend(refuse.map(|fired| fired.rule.clone()));
    }
    rules
}

#[tokio::test]
async fn a_rule_names_the_patients_whom_it_touched_to_those_who_treat_them_alone() {
    let house = House::open(|options| options.demo = true).await;
    let rules = refused(&house).await;
    let (mut colin, mut ada) = (house.as_demo("colin").await, house.as_demo("sofia").await);
    let path = format!("/knowledge/rules/{}", rules[0]);
    let clinic = &house.server.app().clinic;
    let touched = clinic.touched(&rules[0], 20).await.unwrap();
    let who = touched.listed.first().expect("somebody");
    assert!(!touched.more);
    let page = colin.get(&path).await.ok();
    page.shows("data-test=\"touched\"")
        .shows(&format!("/patients/{}", who.id));
    let page = ada.get(&path).await.ok();
    assert!(
        !page.body.contains(&who.name),
        "an assistant decides nothing"
    );
    let none = clinic.touched("no.such.rule", 20).await.unwrap();
    assert!(none.listed.is_empty());
}
