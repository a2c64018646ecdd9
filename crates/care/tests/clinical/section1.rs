//! §1, decisions: what lowers an urgency, what leads to a test, what an undecided rule does.
use crate::support::{AT, at, knowledge, patient, read, routine_but, screen};
use care::criteria::{Tree, parse};
use care::decide::{Gate, RuleSet, Urgency, Verdict, evaluate};
use care::fact::{By, FactKey, FactSet, Reading, Value};
use care::knowledge::{Expectation, Rule, chart_of, clinic_of};
use jiff::tz::TimeZone;
use serde_json::json;
use si::Region;
use std::collections::BTreeSet;

/// Calls `visit` on every tree inside `not_shown(…)`.
fn not_shown(tree: &Tree, visit: &mut impl FnMut(&Tree)) {
    match tree {
        Tree::All(parts) | Tree::Any(parts) | Tree::AtLeast(_, parts) => {
            parts.iter().for_each(|part| not_shown(part, visit));
        }
        Tree::Not(inner) | Tree::Each { body: inner, .. } => not_shown(inner, visit),
        Tree::NotShown(inner) => visit(inner),
        Tree::Atom(_) => {}
    }
}

fn screening() -> impl Iterator<Item = &'static Rule> {
    let gates = |rule: &&Rule| Gate::EVALUATE.contains(&rule.gate);
    knowledge().rules(RuleSet::Screening).filter(gates)
}

/// §1.1: only the onset or course that a finding itself asks for may lower its own urgency.
#[test]
fn only_an_onset_a_course_or_the_findings_own_answer_lowers_what_is_urgent() {
    for rule in screening().filter(|rule| rule.urgency >= Urgency::Urgent) {
        let own: BTreeSet<String> = rule.facts().into_iter().collect();
        not_shown(rule.tree().expect("criteria"), &mut |inner| {
            inner.for_each_atom(&mut |atom| {
                let fact = knowledge().catalogue().get(&atom.fact).expect("a fact");
                let parent = fact.detail_of.as_ref().or(Some(&fact.id));
                let needs = fact
                    .needed_when
                    .as_deref()
                    .and_then(|text| parse(text).ok());
                let detail = parent.is_some_and(|parent| own.contains(parent))
                    || needs.is_some_and(|tree| own.iter().any(|id| tree.mentions(id)));
                assert!(
                    detail,
                    "{}: {} lowers what is not its own",
                    rule.id, fact.id
                );
            });
        });
    }
}

/// §1.1: every output states urgency first.
#[test]
fn every_text_states_urgency_first() {
    for change in [
        json!({}),
        json!({"cord_signs": true}),
        json!({"can_lie": {"value": false, "by": "practitioner"}}),
    ] {
        let decision = screen(&routine_but(change), Region::Lumbar);
        let text = decision.to_text();
        let head = format!(
            "Urgency: {}\nVerdict: {}\n",
            decision.urgency, decision.verdict
        );
        assert!(text.starts_with(&head), "{text}");
    }
}

/// §1.3: an undecided refusal or evaluation gives `evaluate-first`, an undecided caution its
/// conditions; and none of them an urgency (§1.1).
#[test]
fn an_undecided_rule_holds_back_or_brings_its_conditions_and_adds_no_urgency() {
    for rule in screening() {
        let case = rule
            .vignettes
            .iter()
            .find(|case| case.expect == Expectation::Undecided);
        let case = case.expect("a case that is undecided");
        let region = case
            .region
            .clone()
            .unwrap_or_else(|| rule.regions()[0].as_str().to_owned());
        let document = json!({"region": region, "at": case.at.as_deref().unwrap_or(AT), "facts": chart_of(knowledge(), case)});
        let document = read(&document).expect("facts");
        let clinic = clinic_of(knowledge(), case).expect("a policy");
        let knowledge = clinic.as_ref().unwrap_or_else(|| knowledge());
        let decision = evaluate(
            &document.fact_set(),
            document.region,
            Gate::EVALUATE,
            knowledge,
            document.at,
            &TimeZone::UTC,
        );
        let worst = if rule.verdict == Verdict::Caution {
            Verdict::Caution
        } else {
            Verdict::EvaluateFirst
        };
        assert!(
            decision.set.rank(decision.verdict) <= decision.set.rank(worst),
            "{}",
            rule.id
        );
        let fired = decision.fired.iter().map(|fired| fired.urgency).max();
        assert_eq!(
            decision.urgency,
            fired.unwrap_or(Urgency::None),
            "{}",
            rule.id
        );
        if rule.verdict == Verdict::Caution {
            let named = decision
                .conditions
                .iter()
                .any(|condition| condition.rules.contains(&rule.id));
            assert!(named, "{} is undecided and asks for nothing", rule.id);
        }
    }
}

/// §1.4: every finding has a screening question asked of everyone.
#[test]
fn every_finding_that_forbids_is_reached_from_a_question_that_everyone_is_asked() {
    for region in Region::ALL {
        let minimum: BTreeSet<String> = knowledge()
            .minimum(region)
            .expect("a set")
            .facts()
            .map(str::to_owned)
            .collect();
        let mut reached = minimum.clone();
        loop {
            let leads = |id: &str| {
                let fact = knowledge().catalogue().get(id).expect("a fact");
                let need = fact
                    .needed_when
                    .as_deref()
                    .and_then(|text| parse(text).ok());
                let opened =
                    need.is_some_and(|tree| reached.iter().any(|known| tree.mentions(known)));
                opened
                    || fact
                        .detail_of
                        .as_ref()
                        .is_some_and(|of| reached.contains(of))
                    || fact.section == "policy"
            };
            let facts = knowledge().catalogue().facts().iter();
            let more: Vec<String> = facts
                .map(|fact| fact.id.clone())
                .filter(|id| !reached.contains(id) && leads(id))
                .collect();
            if more.is_empty() {
                break;
            }
            reached.extend(more);
        }
        for rule in screening().filter(|rule| rule.is_for(region)) {
            let lost: Vec<String> = rule
                .facts()
                .into_iter()
                .filter(|fact| !reached.contains(fact))
                .collect();
            assert!(
                lost.is_empty(),
                "{region}: {} reads {lost:?}, which nobody is asked",
                rule.id
            );
        }
    }
}

/// §1.8: the signs that fire for every region.
#[test]
fn every_red_flag_family_refuses_in_both_regions() {
    let families = [
        "cauda_equina_signs",
        "cord_signs",
        "vascular_signs",
        "fracture_signs",
        "cancer_signs",
        "infection_signs",
    ];
    for family in families {
        for region in Region::ALL {
            let mut chart: FactSet = patient(region);
            let key = FactKey::plain(family);
            chart.remove(&key);
            chart.insert(Reading::value(key, Value::Bool(true), at(AT), By::Patient));
            let decision = screen(&chart, region);
            assert_eq!(decision.verdict, Verdict::Refuse, "{family} in {region}");
            assert!(decision.urgency >= Urgency::Urgent, "{family} in {region}");
        }
    }
}

/// §1.12: what sources contest is a policy with a default, and no policy is undecided.
#[test]
fn every_policy_has_a_default_and_leaves_nothing_undecided() {
    let policies = knowledge()
        .catalogue()
        .facts()
        .iter()
        .filter(|fact| fact.section == "policy");
    let mut count = 0;
    for fact in policies {
        count += 1;
        assert!(fact.default.is_some(), "{} has no default", fact.id);
        let read = knowledge()
            .all_rules()
            .iter()
            .any(|rule| rule.facts().contains(&fact.id));
        assert!(read, "no rule reads {}", fact.id);
    }
    assert!(count >= 2, "{count} policies");
    let decision = screen(&FactSet::new(), Region::Lumbar);
    let missing = decision.undecided.iter().flat_map(|open| &open.missing);
    let asked: Vec<&String> = missing.filter(|fact| fact.starts_with("policy_")).collect();
    assert!(asked.is_empty(), "{asked:?}");
}
