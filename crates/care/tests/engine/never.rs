//! No letter and no act softens a rule beyond what it says of itself, in any set.
use crate::support::{AT, at, knowledge, read};
use care::decide::{Gate, OverrideBy, Request, RuleSet, Verdict, decide};
use care::fact::{Baseline, Clearance, FactSet, Override};
use care::knowledge::{Expectation, Knowledge, Rule, chart_of, clinic_of};
use jiff::tz::TimeZone;
use serde_json::json;
use si::Region;

/// A chart on which the rule fires, its region, and the arrival it compares with.
fn firing(rule: &Rule) -> (FactSet, Region, Baseline) {
    let fires = |case: &&care::knowledge::Vignette| case.expect == Expectation::Fires;
    let case = rule
        .vignettes
        .iter()
        .find(fires)
        .expect("a case that fires");
    let region = rule.regions()[0];
    let document = json!({
        "region": case.region.as_deref().unwrap_or(region.as_str()),
        "at": AT, "facts": chart_of(knowledge(), case),
    });
    let document = read(&document).unwrap_or_else(|problem| panic!("{}: {problem}", rule.id));
    let arrival = case.arrival.as_deref().map(at);
    (
        document.fact_set(),
        document.region,
        arrival.map_or(Baseline::First, Baseline::Arrival),
    )
}

fn letter(rule: &Rule, region: Region) -> Clearance {
    Clearance {
        rule: rule.id.clone(),
        region: region.as_str().to_owned(),
        name: "Dr Example".to_owned(),
        profession: "spine surgeon".to_owned(),
        licence: "X 1".to_owned(),
        conditions: vec!["No more than 200 N.".to_owned()],
        issued: at(AT),
        expires: at("2027-02-10T09:00:00Z"),
        document: "letter.pdf".to_owned(),
        confirmed_by: "practitioner 1".to_owned(),
    }
}

fn act(rule: &Rule, second: Option<&str>) -> Override {
    Override {
        rule: rule.id.clone(),
        reason: "examined, and nothing was found".to_owned(),
        examination: "strength, feeling, reflexes".to_owned(),
        patient_told: true,
        by: "practitioner 1".to_owned(),
        second: second.map(str::to_owned),
        at: at(AT),
        until: at("2026-11-22T21:00:00Z"),
        one_session: false,
    }
}

/// The knowledge under what the clinic of the rule's firing case chose.
fn chosen(rule: &Rule) -> Option<Knowledge> {
    let mut cases = rule.vignettes.iter();
    let case = cases.find(|case| case.expect == Expectation::Fires)?;
    clinic_of(knowledge(), case).expect("a policy inside its fence")
}

/// What the rule says on the chart: its verdict, or nothing if it does not fire.
fn says(rule: &Rule, facts: &FactSet, region: Region, baseline: Baseline) -> Option<Verdict> {
    let clinic = chosen(rule);
    let knowledge = clinic.as_ref().unwrap_or_else(|| knowledge());
    let decision = decide(&Request {
        set: rule.set,
        facts,
        region,
        gates: Gate::ALL,
        knowledge,
        at: at(AT),
        zone: &TimeZone::UTC,
        baseline,
    });
    let mut fired = decision.fired.iter();
    fired
        .find(|fired| fired.rule == rule.id)
        .map(|fired| fired.verdict)
}

fn screens(rule: &Rule) -> bool {
    matches!(rule.set, RuleSet::Screening | RuleSet::Indication)
}

#[test]
fn a_letter_softens_only_a_rule_that_names_whose_letter_it_takes() {
    let mut named = 0;
    for rule in knowledge().all_rules() {
        let (mut facts, region, baseline) = firing(rule);
        facts.clearances.push(letter(rule, region));
        let takes = screens(rule) && rule.clearance.is_some();
        named += usize::from(takes);
        let expected = if takes {
            Verdict::Caution
        } else {
            rule.verdict
        };
        assert_eq!(
            says(rule, &facts, region, baseline),
            Some(expected),
            "{}",
            rule.id
        );
        assert!(
            rule.clearance.is_none() || rule.override_by != OverrideBy::Never,
            "{}",
            rule.id
        );
    }
    assert!(named > 0, "no rule takes a letter");
}

#[test]
fn an_act_softens_only_what_its_rule_allows_to_one_or_to_two_clinicians() {
    for rule in knowledge().all_rules() {
        let (facts, region, baseline) = firing(rule);
        for second in [None, Some("practitioner 2"), Some("practitioner 1")] {
            let mut facts = facts.clone();
            facts.overrides.push(act(rule, second));
            let allowed = match rule.override_by {
                OverrideBy::Never => false,
                OverrideBy::SecondClinician => second == Some("practitioner 2"),
                OverrideBy::Practitioner => true,
            };
            let softened = screens(rule) && allowed;
            let expected = if softened {
                Verdict::Caution
            } else {
                rule.verdict
            };
            assert_eq!(
                says(rule, &facts, region, baseline),
                Some(expected),
                "{} {second:?}",
                rule.id
            );
        }
    }
}

#[test]
fn what_is_urgent_is_never_overridden() {
    for rule in knowledge().all_rules() {
        let urgent = rule.urgency >= care::decide::Urgency::Urgent;
        assert!(
            !urgent || rule.override_by == OverrideBy::Never,
            "{}",
            rule.id
        );
    }
}
