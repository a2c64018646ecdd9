//! What holds for every screening rule: more found is never better, stale is missing.
use super::properties::{Chart, charts, screen, value};
use crate::support::{AT, at, knowledge, patient};
use care::criteria::{Check, Literal, Tree, parse};
use care::decide::{Decision, Gate, RuleSet, Verdict};
use care::fact::{Baseline, By, Fact, FactKey, FactSet, Freshness, Kind, Moment, Reading, Value};
use care::knowledge::Rule;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use si::Region;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Having no image is no finding of the patient, and a signed reason is none either: the
/// policy says what they do, so neither is a contraindication by itself. Age is none: great
/// age makes bone a question and pregnancy none.
const NO_FINDING: [&str; 2] = ["imaging_on_file", "age"];

/// What forbidding rules ask of a fact, and whether it is worse when that holds.
type Asked = BTreeMap<String, Vec<(Check, bool)>>;

/// Every question of a tree with whether its holding makes the whole more likely to hold.
fn polarised(tree: &Tree, holding_is_worse: bool, found: &mut Asked) {
    match tree {
        Tree::All(parts) | Tree::Any(parts) | Tree::AtLeast(_, parts) => {
            parts
                .iter()
                .for_each(|part| polarised(part, holding_is_worse, found));
        }
        Tree::Not(inner) | Tree::NotShown(inner) => polarised(inner, !holding_is_worse, found),
        Tree::Each { body, .. } => polarised(body, holding_is_worse, found),
        Tree::Atom(atom) => {
            let list = found.entry(atom.fact.clone()).or_default();
            list.push((atom.check.clone(), holding_is_worse));
        }
    }
}

/// Rules that ask what a yes meant: a finding that explains the yes ends them, rightly.
fn explains(rule: &Rule) -> bool {
    rule.file == "rules/screening/unexplained.toml"
}

/// Screening alone: what brings a patient (indication) is a kind of complaint, no finding.
fn asked_by_forbidding_rules() -> Asked {
    let mut found = Asked::new();
    let rules = knowledge().rules(RuleSet::Screening);
    for rule in rules.filter(|rule| Gate::EVALUATE.contains(&rule.gate) && !explains(rule)) {
        polarised(rule.tree().expect("criteria"), true, &mut found);
    }
    found
}

/// Whether a value passes a check; nothing for what compares with a date or a baseline.
fn passes(value: &Value, check: &Check) -> Option<bool> {
    let is = |literal: &Literal| match (literal, value) {
        (Literal::Word(word), Value::Choice(choice)) => word == choice,
        (Literal::Word(word), Value::Bool(bool)) => {
            matches!(
                (word.as_str(), bool),
                ("yes" | "true", true) | ("no" | "false", false)
            )
        }
        (Literal::Number(wanted), Value::Number(found)) => wanted.value == *found,
        _ => false,
    };
    match (check, value) {
        (Check::Holds, Value::Bool(value)) => Some(*value),
        (Check::Is(literal), _) => Some(is(literal)),
        (Check::In(literals), _) => Some(literals.iter().any(is)),
        (Check::Compare(operator, limit), Value::Number(found)) => {
            Some(operator.holds(*found, limit.value))
        }
        _ => None,
    }
}

/// Values worth trying: every choice, and numbers at, below and above each threshold.
fn candidates(fact: &Fact, checks: &[(Check, bool)]) -> Vec<Value> {
    match fact.kind {
        Kind::Boolean => vec![Value::Bool(true), Value::Bool(false)],
        Kind::Choice => fact.values.iter().cloned().map(Value::Choice).collect(),
        Kind::Date => Vec::new(),
        Kind::Number => {
            let [low, high] = fact.range.expect("a range");
            let limits = checks.iter().filter_map(|(check, _)| match check {
                Check::Compare(_, limit) => Some(limit.value),
                _ => None,
            });
            let near = limits
                .flat_map(|limit| [limit - 1.0, limit - 0.1, limit, limit + 0.1, limit + 1.0]);
            let valid = |number: &f64| {
                (low..=high).contains(number) && (!fact.whole || number.fract() == 0.0)
            };
            [low, high]
                .into_iter()
                .chain(near)
                .filter(valid)
                .map(Value::Number)
                .collect()
        }
    }
}

/// A finding: a fact, a value that no forbidding rule minds, and one that some rule does.
#[derive(Clone, Debug)]
struct Finding {
    key: FactKey,
    benign: Value,
    contra: Value,
}

/// Every finding there is, read once.
fn findings() -> &'static [Finding] {
    static ALL: LazyLock<Vec<Finding>> = LazyLock::new(|| {
        let asked = asked_by_forbidding_rules();
        asked
            .iter()
            .flat_map(|(id, checks)| findings_of(id, checks))
            .collect()
    });
    &ALL
}

fn findings_of(id: &str, checks: &[(Check, bool)]) -> Vec<Finding> {
    let fact = knowledge().catalogue().get(id).expect("a fact");
    if fact.section == "policy" || NO_FINDING.contains(&id) {
        return Vec::new();
    }
    let index = fact
        .indices(Region::Lumbar)
        .into_iter()
        .next_back()
        .unwrap_or_default();
    let key = FactKey {
        fact: id.into(),
        index,
    };
    let minded = |value: &Value| {
        checks
            .iter()
            .any(|(check, worse)| passes(value, check) == Some(*worse))
    };
    let (mut bad, mut good): (Vec<Value>, Vec<Value>) =
        candidates(fact, checks).into_iter().partition(minded);
    if good.is_empty() {
        // Graded findings stand between two thresholds: ask what the grade does alone.
        let held_back = |value: &Value| {
            let chart = with(&patient(Region::Lumbar), &key, value);
            screen(&chart, Region::Lumbar).verdict != Verdict::Cleared
        };
        (bad, good) = bad.into_iter().partition(held_back);
    }
    let Some(benign) = good.into_iter().next() else {
        return Vec::new();
    };
    let finding = |contra| Finding {
        key: key.clone(),
        benign: benign.clone(),
        contra,
    };
    bad.into_iter().map(finding).collect()
}

/// The chart with a fact of this value alone, by the practitioner, no yes unexplained, and
/// a no to what may not apply because of it: an age past pregnancy answers that question.
fn with(chart: &FactSet, key: &FactKey, value: &Value) -> FactSet {
    let mut facts = chart.clone();
    let subjects = knowledge()
        .rules(RuleSet::Screening)
        .filter(|rule| explains(rule));
    let mut set = |key: FactKey, value: Value| {
        facts.remove(&key);
        facts.insert(Reading::value(key, value, at(AT), By::Practitioner));
    };
    for rule in subjects {
        let subject = FactKey::plain(&rule.facts()[0]);
        set(subject, Value::Bool(false));
    }
    for fact in knowledge().catalogue().facts() {
        let text = fact.not_applicable_when.iter();
        for tree in text.filter_map(|text| parse(text).ok()) {
            let mut reads = false;
            tree.for_each_atom(&mut |atom| reads |= atom.fact == key.fact.as_str());
            if reads {
                set(FactKey::plain(&fact.id), Value::Bool(false));
            }
        }
    }
    set(key.clone(), value.clone());
    facts
}

/// What a decision says, without the readings and the hash.
fn said(decision: &Decision) -> String {
    let fired = decision.fired.iter().map(|rule| rule.rule.as_str());
    let fired: Vec<&str> = fired.collect();
    let open = decision.undecided.iter();
    let open: Vec<_> = open.map(|rule| (&rule.rule, &rule.missing)).collect();
    let (verdict, urgency) = (decision.verdict, decision.urgency);
    format!("{verdict} {urgency}, fired {fired:?}, undecided {open:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_contraindication_in_place_of_its_absence_never_betters_verdict_or_urgency(
        chart in charts(), places in prop::collection::vec(any::<prop::sample::Index>(), 10)
    ) {
        let Chart { region, facts: mut chart, .. } = chart;
        let policies: Vec<FactKey> = chart.keys().filter(|key| key.fact.as_str().starts_with("policy_")).cloned().collect();
        for key in policies {
            chart.remove(&key);
        }
        let all = findings();
        for place in places {
            let Finding { key, benign, contra } = &all[place.index(all.len())];
            let before = screen(&with(&chart, key, benign), region);
            let after = screen(&with(&chart, key, contra), region);
            prop_assert!(
                after.set.rank(after.verdict) <= before.set.rank(before.verdict) && after.urgency >= before.urgency,
                "{key} = {contra} is {}, = {benign} is {}", said(&after), said(&before)
            );
        }
    }

    #[test]
    fn a_stale_answer_decides_as_a_missing_one_unless_it_was_positive(
        chart in charts(), places in prop::collection::vec((any::<prop::sample::Index>(), 0u64..1_000_000), 6)
    ) {
        let Chart { region, facts: chart, .. } = chart;
        let keys: Vec<FactKey> = chart.keys().cloned().collect();
        for (place, seed) in places {
            let key = &keys[place.index(keys.len())];
            let fact = knowledge().catalogue().get(key.fact.as_str()).expect("a fact");
            let mut less = chart.clone();
            less.remove(key);
            let mut old = less.clone();
            let long_ago = at(AT).checked_sub(SignedDuration::from_hours(24 * 365 * 12)).expect("an instant");
            old.insert(Reading::value(key.clone(), value(fact, seed), long_ago, By::Patient));
            let moment = Moment { at: at(AT), zone: &TimeZone::UTC };
            let view = knowledge().view(&old, moment, Baseline::First);
            let positive = old.of(key).iter().any(|reading| view.is_positive(reading));
            if fact.freshness() == Freshness::Permanent || positive {
                continue;
            }
            prop_assert_eq!(said(&screen(&old, region)), said(&screen(&less, region)), "{}", key);
        }
    }
}

#[test]
fn findings_of_every_subject_are_among_those_that_are_added() {
    let all = findings();
    let facts: BTreeSet<&str> = all
        .iter()
        .map(|finding| finding.key.fact.as_str())
        .collect();
    for fact in [
        "cauda_equina_signs",
        "dxa_t_score",
        "motor_strength",
        "can_signal",
        "sensation",
        "alignment",
        "myotome",
        "pregnancy",
    ] {
        assert!(facts.contains(fact), "{fact} is not among {facts:?}");
    }
    let red_flags = knowledge()
        .catalogue()
        .facts()
        .iter()
        .filter(|fact| fact.red_flag && fact.kind == Kind::Boolean);
    let read = asked_by_forbidding_rules();
    for fact in red_flags.filter(|fact| read.contains_key(&fact.id)) {
        assert!(
            facts.contains(fact.id.as_str()),
            "the red flag {} is left out",
            fact.id
        );
    }
}
