//! The same laws for the sets beside screening: triage, review, in session, advice.
use super::properties::reading;
use crate::support::{AT, at, knowledge};
use care::decide::{Decision, Gate, Request, RuleSet, Verdict, decide};
use care::fact::{Baseline, FactKey, FactSet, Reading};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use si::Region;
use std::collections::BTreeSet;

const SETS: [RuleSet; 4] = [
    RuleSet::Triage,
    RuleSet::Review,
    RuleSet::InSession,
    RuleSet::Advice,
];

/// Every fact and index that a set asks.
fn asked(set: RuleSet, region: Region) -> Vec<FactKey> {
    let ids: BTreeSet<String> = knowledge()
        .rules(set)
        .flat_map(|rule| rule.facts())
        .collect();
    let keys = |id: &String| {
        let fact = knowledge().catalogue().get(id).expect("a fact");
        let of = |index| FactKey {
            fact: id.as_str().into(),
            index,
        };
        fact.indices(region).into_iter().map(of).collect::<Vec<_>>()
    };
    ids.iter().flat_map(keys).collect()
}

fn decided(set: RuleSet, facts: &FactSet, region: Region) -> Decision {
    decide(&Request {
        set,
        facts,
        region,
        gates: Gate::ALL,
        knowledge: knowledge(),
        at: at(AT),
        zone: &TimeZone::UTC,
        baseline: Baseline::Arrival(at("2026-11-22T06:00:00Z")),
    })
}

/// A set, a region and readings of its facts, some of them missing.
fn charts() -> impl Strategy<Value = (RuleSet, Region, FactSet)> {
    let seeds = prop::collection::vec((0u64..1_000_000_000, 0u8..8), 64);
    (
        prop::sample::select(SETS.to_vec()),
        prop::sample::select(Region::ALL.to_vec()),
        seeds,
    )
        .prop_map(|(set, region, seeds)| {
            let keys = asked(set, region);
            let told = keys
                .iter()
                .zip(seeds)
                .filter(|(_, (_, dropped))| *dropped > 0);
            let facts = told.map(|(key, (seed, _))| reading(key, seed)).collect();
            (set, region, facts)
        })
}

/// Results that call for nothing.
fn calm(set: RuleSet, verdict: Verdict) -> bool {
    set.rank(verdict) > set.rank(set.default_verdict()) && verdict != Verdict::Adjust
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn every_decision_of_every_set_names_the_facts_and_sources_it_stands_on(chart in charts()) {
        let (set, region, facts) = chart;
        let decision = decided(set, &facts, region);
        for fired in &decision.fired {
            prop_assert!(!fired.facts.is_empty(), "{} names no fact", fired.rule);
            prop_assert!(!fired.sources.is_empty(), "{} names no source", fired.rule);
            for source in &fired.sources {
                prop_assert!(knowledge().source(source).is_some(), "{} cites {source}", fired.rule);
            }
            // What a rule names is enough for it to fire: nothing it stands on is left out.
            let names: BTreeSet<&str> = fired.facts.iter().map(|given| given.fact.as_str()).collect();
            let named = |reading: &&Reading| names.contains(reading.key().to_string().as_str());
            let alone: FactSet = facts.iter().filter(named).cloned().collect();
            let again = decided(set, &alone, region);
            prop_assert!(again.fired.iter().any(|other| other.rule == fired.rule), "{} stands on more than {names:?}", fired.rule);
        }
        for open in &decision.undecided {
            prop_assert!(!open.missing.is_empty(), "{} misses nothing", open.rule);
        }
    }

    #[test]
    fn without_an_answer_no_result_that_asks_for_an_act_becomes_a_calm_one(chart in charts()) {
        let (set, region, facts) = chart;
        // On the table silence is no report: the switch and the guard watch there.
        if set == RuleSet::InSession || calm(set, decided(set, &facts, region).verdict) {
            return Ok(());
        }
        let keys: Vec<FactKey> = facts.keys().cloned().collect();
        for key in keys {
            let mut less = facts.clone();
            less.remove(&key);
            prop_assert!(!calm(set, decided(set, &less, region).verdict), "{set} without {key}");
        }
    }

    #[test]
    fn the_same_facts_give_the_same_bytes_in_every_set(chart in charts()) {
        let (set, region, facts) = chart;
        let mut turned: Vec<Reading> = facts.iter().cloned().collect();
        turned.reverse();
        let again: FactSet = turned.into_iter().collect();
        let bytes = |facts: &FactSet| decided(set, facts, region).to_json().to_string();
        prop_assert_eq!(bytes(&facts), bytes(&again));
    }
}
