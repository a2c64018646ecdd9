//! Every rule does with each of its own cases what the case says.
use crate::support::{AT, knowledge};
use care::decide::{Request, decide};
use care::fact::Baseline;
use care::input::{Context, parse_facts};
use care::knowledge::{Expectation, Rule, Vignette};
use jiff::tz::TimeZone;
use serde_json::json;
use si::Region;

/// What a rule did with a case.
fn outcome(rule: &Rule, case: &Vignette) -> Expectation {
    let region = case.region.as_deref().unwrap_or(rule.regions()[0].as_str());
    let at = case.at.as_deref().unwrap_or(AT);
    let document = json!({"region": region, "at": at, "facts": case.facts});
    let zone = TimeZone::UTC;
    let context = Context {
        knowledge: knowledge(),
        at: None,
        region: None,
        zone: &zone,
    };
    let read = parse_facts(document.to_string().as_bytes(), &context)
        .unwrap_or_else(|problem| panic!("{}: {}: {problem}", rule.id, case.name));
    let arrival = case
        .arrival
        .as_ref()
        .map(|at| at.parse().expect("an instant"));
    let decision = decide(&Request {
        set: rule.set,
        facts: &read.fact_set(),
        region: region.parse::<Region>().expect("a region"),
        gates: &[rule.gate],
        knowledge: knowledge(),
        at: read.at,
        zone: &zone,
        baseline: arrival.map_or(Baseline::First, Baseline::Arrival),
    });
    if decision.fired.iter().any(|fired| fired.rule == rule.id) {
        Expectation::Fires
    } else if decision.undecided.iter().any(|open| open.rule == rule.id) {
        Expectation::Undecided
    } else {
        Expectation::DoesNotFire
    }
}

#[test]
fn every_vignette_of_every_rule_comes_out_as_written() {
    let mut wrong = Vec::new();
    for rule in knowledge().all_rules() {
        for case in &rule.vignettes {
            let found = outcome(rule, case);
            if found != case.expect {
                wrong.push(format!(
                    "{}: {}: {found:?}, not {:?}",
                    rule.id, case.name, case.expect
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case_that_fires_one_that_does_not_and_one_undecided() {
    let wanted = [
        Expectation::Fires,
        Expectation::DoesNotFire,
        Expectation::Undecided,
    ];
    for rule in knowledge().all_rules() {
        for expectation in wanted {
            let has = rule.vignettes.iter().any(|case| case.expect == expectation);
            assert!(has, "{} has no case {expectation:?}", rule.id);
        }
    }
}
