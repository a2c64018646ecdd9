//! Kleene's logic, unknowns, tests and answers, over a tiny knowledge of its own.
use care::decide::{Decision, Gate, Request, RuleSet, decide};
use care::fact::{Answer, Baseline, By, FactKey, FactSet, Reading, Value};
use care::knowledge::Knowledge;
use jiff::tz::TimeZone;
use si::Region;

const T: Option<bool> = Some(true);
const F: Option<bool> = Some(false);
const U: Option<bool> = None;

fn boolean(id: &str, more: &str) -> String {
    format!(
        "[[fact]]\nid = \"{id}\"\nlabel = \"{id}\"\nsection = \"s\"\ntype = \"boolean\"\n\
         fresh = \"14 days\"\npatient = \"?\"\npractitioner = \"?\"\nask = \"patient\"\n\
         absence = \"unknown\"\nreviewed = 2026-11-22\n\
         sources = [\"S01\"]\nevidence = \"list\"\n{more}\n"
    )
}

pub(super) fn rule(id: &str, verdict: &str, when: &str) -> String {
    format!(
        "[[rule]]\nid = \"{id}\"\nregions = \"all\"\nverdict = \"{verdict}\"\n\
         urgency = \"routine\"\noverride = \"practitioner\"\nwhen = \"{when}\"\n\
         statement = \"s\"\npractitioner = \"p\"\nwhy = \"w\"\nknown_limits = \"k\"\n\
         sources = [\"S01\"]\nevidence = \"list\"\nreviewed = 2026-11-22\n"
    )
}

pub(super) const SOURCES: &str = "[[source]]\nid = \"S01\"\nkind = \"list\"\n\
    title = \"a list\"\nyear = 2020\nat = \"somewhere\"\n";

pub(super) fn booleans() -> String {
    ["a", "b", "c"].map(|id| boolean(id, "")).concat()
}

/// What one rule does while `a`, `b`, `c` are as given.
fn outcome(when: &str, values: [Option<bool>; 3]) -> Option<bool> {
    let decision = one_rule(&booleans(), when, &chart(values));
    judged(&decision)
}

fn chart(values: [Option<bool>; 3]) -> FactSet {
    let at = "2026-11-22T09:00:00Z".parse().expect("an instant");
    let named = ["a", "b", "c"].into_iter().zip(values);
    let known = named.filter_map(|(id, value)| value.map(|value| (id, value)));
    known
        .map(|(id, value)| Reading::value(FactKey::plain(id), Value::Bool(value), at, By::Patient))
        .collect()
}

fn one_rule(facts: &str, when: &str, chart: &FactSet) -> Decision {
    let rules = rule("r", "refuse", when);
    let files = [
        ("facts/f.toml", facts),
        ("rules/screening/r.toml", &rules),
        ("sources.toml", SOURCES),
    ];
    let knowledge = Knowledge::load(&files).unwrap_or_else(|p| panic!("{when}: {p:?}"));
    decide(&Request {
        set: RuleSet::Screening,
        facts: chart,
        region: Region::Lumbar,
        gates: Gate::EVALUATE,
        knowledge: &knowledge,
        at: "2026-11-22T09:00:00Z".parse().expect("an instant"),
        zone: &TimeZone::UTC,
        baseline: Baseline::First,
    })
}

fn judged(decision: &Decision) -> Option<bool> {
    match (decision.fired.len(), decision.undecided.len()) {
        (1, 0) => T,
        (0, 1) => U,
        (0, 0) => F,
        other => panic!("{other:?}"),
    }
}

#[test]
fn and_or_not_follow_kleenes_tables() {
    let and = [
        (T, T, T),
        (T, F, F),
        (T, U, U),
        (F, F, F),
        (F, U, F),
        (U, U, U),
    ];
    for (a, b, both) in and {
        for (a, b) in [(a, b), (b, a)] {
            assert_eq!(outcome("a and b", [a, b, U]), both, "{a:?} and {b:?}");
            assert_eq!(outcome("all(a, b)", [a, b, U]), both, "all {a:?} {b:?}");
            // De Morgan gives the table of `or`.
            let flip = |value: Option<bool>| value.map(|value| !value);
            let either = flip(both);
            assert_eq!(
                outcome("a or b", [flip(a), flip(b), U]),
                either,
                "{a:?} or {b:?}"
            );
            assert_eq!(outcome("any(a, b)", [flip(a), flip(b), U]), either);
        }
    }
    assert_eq!([T, U, F].map(|a| outcome("not a", [a, U, U])), [F, U, T]);
}

#[test]
fn and_binds_tighter_than_or() {
    assert_eq!(outcome("a or b and c", [T, F, F]), T);
    assert_eq!(outcome("(a or b) and c", [T, F, F]), F);
}

#[test]
fn at_least_counts_what_holds_and_what_still_may() {
    let two = |values| outcome("at_least(2, a, b, c)", values);
    assert_eq!(two([T, T, U]), T);
    assert_eq!(two([T, F, U]), U);
    assert_eq!(two([F, F, U]), F);
    assert_eq!(two([U, U, U]), U);
    assert_eq!(two([T, F, F]), F);
}

#[test]
fn not_shown_is_true_of_false_and_of_unknown() {
    let shown = |a| outcome("not_shown(a)", [a, U, U]);
    assert_eq!([T, U, F].map(shown), [F, T, T]);
}

#[test]
fn a_test_that_is_not_needed_leaves_nothing_undecided() {
    let facts = boolean("a", "") + &boolean("b", "needed_when = \"a\"") + &boolean("c", "");
    let of = |values| judged(&one_rule(&facts, "b", &chart(values)));
    assert_eq!(of([F, U, U]), F);
    assert_eq!(of([T, U, U]), U);
    assert_eq!(of([U, U, U]), U, "an unknown need leaves it undecided");
    assert_eq!(of([F, T, U]), T, "a result counts though nobody needed it");
}

#[test]
fn an_earlier_positive_result_keeps_a_test_needed_after_it_went_stale() {
    let facts = boolean("a", "") + &boolean("b", "needed_when = \"a\"") + &boolean("c", "");
    let old = "2025-01-01T00:00:00Z".parse().expect("an instant");
    for (found, expected) in [(true, U), (false, F)] {
        let mut chart = chart([F, U, U]);
        chart.insert(Reading::value(
            FactKey::plain("b"),
            Value::Bool(found),
            old,
            By::Patient,
        ));
        assert_eq!(judged(&one_rule(&facts, "b", &chart)), expected);
    }
}

#[test]
fn a_missing_need_is_asked_and_its_test_waits_for_it() {
    let facts = boolean("a", "") + &boolean("b", "needed_when = \"a\"") + &boolean("c", "");
    let decision = one_rule(&facts, "b", &FactSet::new());
    let asked: Vec<&str> = decision
        .next_questions
        .iter()
        .map(|q| q.fact.as_str())
        .collect();
    assert_eq!(asked, ["a"]);
    let missing = &decision.undecided[0].missing;
    assert_eq!(*missing, ["a", "b"], "the test is still missing");
}

#[test]
fn facts_that_decide_alone_come_before_those_of_a_deciding_set() {
    let decision = one_rule(&booleans(), "a and b or a and c", &FactSet::new());
    let asked: Vec<_> = decision
        .next_questions
        .iter()
        .map(|q| (q.fact.as_str(), q.decides_alone))
        .collect();
    assert_eq!(asked, [("a", true)], "b and c decide nothing without a");
    let decision = one_rule(&booleans(), "at_least(2, a, b, c)", &FactSet::new());
    assert!(
        decision
            .next_questions
            .iter()
            .all(|question| !question.decides_alone)
    );
    assert_eq!(decision.next_questions.len(), 2, "a smallest deciding set");
}

#[test]
fn declined_and_asked_unknown_stay_unknown() {
    for answer in [Answer::Declined, Answer::AskedUnknown] {
        let at = "2026-11-22T08:00:00Z".parse().expect("an instant");
        let mut chart = chart([U, F, F]);
        chart.insert(Reading::answer(
            FactKey::plain("a"),
            answer,
            at,
            By::Patient,
        ));
        assert_eq!(judged(&one_rule(&booleans(), "a", &chart)), U);
    }
}

#[test]
fn a_reading_of_the_wrong_kind_is_an_error_that_blocks() {
    let at = "2026-11-22T08:00:00Z".parse().expect("an instant");
    let mut chart = FactSet::new();
    chart.insert(Reading::value(
        FactKey::plain("a"),
        Value::Number(1.0),
        at,
        By::Device,
    ));
    let decision = one_rule(&booleans(), "a", &chart);
    assert_eq!(decision.verdict.as_str(), "evaluate-first");
    assert!(decision.undecided[0].error.is_some());
}

#[test]
fn a_rule_in_error_blocks_even_where_the_rest_of_it_is_false() {
    let at = "2026-11-22T08:00:00Z".parse().expect("an instant");
    let mut chart = chart([F, U, F]);
    chart.insert(Reading::value(
        FactKey::plain("b"),
        Value::Choice("x".to_owned()),
        at,
        By::Device,
    ));
    let decision = one_rule(&booleans(), "a and b", &chart);
    assert_eq!(decision.verdict.as_str(), "evaluate-first");
}

#[test]
fn a_reading_of_a_fact_that_the_knowledge_lacks_is_told() {
    let at = "2026-11-22T08:00:00Z".parse().expect("an instant");
    let mut chart = chart([F, F, F]);
    chart.insert(Reading::value(
        FactKey::plain("retired"),
        Value::Bool(true),
        at,
        By::Device,
    ));
    assert_eq!(one_rule(&booleans(), "a", &chart).unread, ["retired"]);
}
