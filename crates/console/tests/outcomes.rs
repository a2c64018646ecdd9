//! What the clinic's own courses show, and whom a rule touched.

use std::collections::BTreeSet;

use console::clinic::Clinic;

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
    // Soreness and harm of each condition and mode, each with its interval.
    let harm = page.body.split("data-test=\"harm\"").nth(1).unwrap();
    let harm = harm.split("</table>").next().unwrap();
    assert!(harm.contains("Static") && harm.contains("lumbar"), "{harm}");
    assert!(harm.contains("Soreness that passes") && harm.contains("(95 %: "));
    assert!(harm.contains("Adverse events"), "{harm}");
    // Every screening that cleared nobody, and who decided, by the name of the role.
    let turned = page.body.split("data-test=\"turned\"").nth(1).unwrap();
    assert!(turned.contains("one screening in one episode"), "{turned}");
    assert!(turned.contains("Decided by: Practitioner "), "{turned}");
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
    let touched = clinic.touched(&rules[0], None, 20).await.unwrap();
    let first = touched.listed.first().expect("somebody");
    let who = &first.who;
    assert!(first.now && touched.next.is_none());
    let page = colin.get(&path).await.ok();
    page.shows("data-test=\"touched\"")
        .shows(&format!("/patients/{}", who.id));
    let page = ada.get(&path).await.ok();
    assert!(
        !page.body.contains(&who.name),
        "an assistant decides nothing"
    );
    let none = clinic.touched("no.such.rule", None, 20).await.unwrap();
    assert!(none.listed.is_empty());
}

#[tokio::test]
async fn rules_of_every_kept_set_and_facts_name_whom_they_touched_also_of_earlier_decisions() {
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let mut colin = house.as_demo("colin").await;
    let (mut sets, mut past) = (BTreeSet::new(), 0);
    for summary in clinic.patients().await.unwrap() {
        let episode = clinic.chart(summary.id).await.unwrap().episode.clone();
        let now = episode.touched_now();
        for (rule, touch) in &episode.touched {
            let all = everybody(clinic, rule).await;
            let mine = all.iter().find(|(id, ..)| *id == summary.id);
            let (_, at, counts) = mine.expect("the row of the patient");
            assert_eq!(at.as_second(), touch.at.as_second(), "{rule}");
            assert_eq!(*counts, now.contains(&**rule), "{rule}");
            past += u32::from(!counts);
            sets.insert(touch.set.as_str());
        }
    }
    for set in ["screening", "triage", "review"] {
        assert!(sets.contains(set), "{set}: {sets:?}");
    }
    assert!(past > 0, "somebody has an earlier decision");
    let weighed = clinic.recorded("body_weight", None, 20).await.unwrap();
    let page = colin.get("/knowledge/facts/body_weight").await.ok();
    page.shows("Patients of whom it is recorded");
    for touch in &weighed.listed {
        page.shows(&format!("/patients/{}", touch.who.id));
    }
    assert!(!weighed.listed.is_empty());
    let advice = "/knowledge/rules/".to_owned() + advice_rule(clinic);
    colin.get(&advice).await.ok().shows("nobody is named here");
    let mut desk = house.as_demo("sofia").await;
    let page = desk.get("/knowledge/facts/body_weight").await.ok();
    assert!(!page.body.contains(&weighed.listed[0].who.name));
}

fn advice_rule(clinic: &Clinic) -> &str {
    let mut advice = clinic.knowledge().rules(care::decide::RuleSet::Advice);
    &advice.next().expect("a rule").id
}

/// Everybody whom a rule touched, one at a time: those of whom it counts now stand first.
async fn everybody(clinic: &Clinic, rule: &str) -> Vec<(uuid::Uuid, jiff::Timestamp, bool)> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let part = clinic.touched(rule, after.as_deref(), 1).await.unwrap();
        all.extend(part.listed.iter().map(|one| (one.who.id, one.at, one.now)));
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    let whole = clinic.touched(rule, None, 1000).await.unwrap();
    assert_eq!(all.len(), whole.listed.len(), "{rule}");
    assert!(all.is_sorted_by_key(|(_, at, now)| std::cmp::Reverse((*now, at.as_second()))));
    all
}
