//! `enableWhen` against the criteria that it follows from: what is needed is always shown.

use super::{contents, each};
use crate::support::{at, knowledge};
use care::criteria::{self, Kleene};
use care::fact::{Baseline, Fact, FactKey, FactSet, Moment, Reading};
use fhir::questionnaire::{Form, items, questionnaire};
use jiff::tz::TimeZone;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// As many combinations of answers as are tried for one question.
const MOST: usize = 60_000;

/// Every question of a form that something opens, by its fact.
fn opened(form: Form) -> BTreeMap<String, Value> {
    let body = questionnaire(form, knowledge());
    let mut found = BTreeMap::new();
    each(&body, &mut |item| {
        let link = item["linkId"].as_str().expect("a linkId");
        let id = link.strip_prefix("each:").unwrap_or(link);
        if !id.contains('[') && !link.starts_with("section:") {
            found.insert(id.to_owned(), item.clone());
        }
    });
    found
}

/// The facts that the criteria ask and the answers that may be given to each, none among them.
fn answers(text: &str) -> Vec<Vec<Option<Reading>>> {
    let tree = criteria::parse(text).expect("criteria");
    let mut ids = BTreeSet::new();
    let mut edges: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    tree.for_each_atom(&mut |atom| {
        ids.insert(atom.fact.clone());
        if let criteria::Check::Compare(_, number) = &atom.check {
            edges
                .entry(atom.fact.clone())
                .or_default()
                .push(number.value);
        }
    });
    let of = |id: &String| {
        let fact = knowledge().catalogue().get(id).expect("a fact");
        let mut all: Vec<Option<Reading>> = vec![None];
        all.extend(contents(fact, &FactKey::plain(id)).into_iter().map(Some));
        let near = edges.get(id).into_iter().flatten();
        all.extend(
            near.flat_map(|edge| [edge - 1.0, *edge, edge + 1.0].map(|n| Some(number(fact, n)))),
        );
        all
    };
    ids.iter().map(of).collect()
}

fn number(fact: &Fact, value: f64) -> Reading {
    let mut one = contents(fact, &FactKey::plain(&fact.id)).remove(0);
    one.content = care::fact::Content::Value(care::fact::Value::Number(value));
    one
}

/// Whether a response's answers enable an item, as FHIR R4 has it.
fn enabled(item: &Value, given: &BTreeMap<&str, &Value>) -> bool {
    let Some(parts) = item["enableWhen"].as_array() else {
        return true;
    };
    let holds = |when: &Value| {
        let answer = given.get(when["question"].as_str().expect("a question"));
        let value = |body: &Value, stem: &str| {
            let members = body.as_object().expect("an object");
            let found = members.iter().find(|(name, _)| name.starts_with(stem));
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let wanted = value(when, "answer");
        let operator = when["operator"].as_str().expect("an operator");
        let Some(found) = answer.map(|answer| value(answer, "value")) else {
            return operator == "exists" && wanted == false;
        };
        let size = |of: &Value| of.as_f64().or_else(|| of["value"].as_f64());
        match operator {
            "exists" => wanted == true,
            "=" => found["code"] == wanted["code"],
            "!=" => found["code"] != wanted["code"],
            other => size(&found)
                .zip(size(&wanted))
                .is_some_and(|(a, b)| match other {
                    "<" => a < b,
                    "<=" => a <= b,
                    ">" => a > b,
                    _ => a >= b,
                }),
        }
    };
    match item["enableBehavior"].as_str() {
        Some("any") => parts.iter().any(holds),
        _ => parts.iter().all(holds),
    }
}

/// An answer as a reading, and as it stands in a response.
type Told = (Reading, String, Value);

/// A reading with its answer.
fn told(form: Form, reading: Reading) -> Told {
    let items = items(form, std::slice::from_ref(&reading), knowledge()).expect("asked");
    let answer = items[0]["item"][0]["answer"][0].clone();
    let link = reading.key().to_string();
    (reading, link, answer)
}

/// Calls `visit` with every combination.
fn combined<'t>(
    choices: &'t [Vec<Option<Told>>],
    chosen: &mut Vec<&'t Told>,
    visit: &mut impl FnMut(&[&'t Told]),
) {
    let Some((first, rest)) = choices.split_first() else {
        return visit(chosen);
    };
    for one in first {
        chosen.extend(one);
        combined(rest, chosen, visit);
        if one.is_some() {
            chosen.pop();
        }
    }
}

fn held_to_its_criteria(form: Form, fact: &Fact, item: &Value) -> (usize, usize) {
    let text = fact.needed_when.as_ref().expect("criteria");
    let choices: Vec<Vec<Option<Told>>> = answers(text)
        .into_iter()
        .map(|all| {
            all.into_iter()
                .map(|one| one.map(|one| told(form, one)))
                .collect()
        })
        .collect();
    let count: usize = choices.iter().map(Vec::len).product();
    assert!(count < MOST, "{}: {count}", fact.id);
    let key = FactKey {
        fact: fact.id.as_str().into(),
        index: fact.indices(form.region()).remove(0),
    };
    let (mut shown, mut hidden) = (0, 0);
    combined(&choices, &mut Vec::new(), &mut |readings: &[&Told]| {
        let mut facts = FactSet::new();
        readings
            .iter()
            .for_each(|reading| facts.insert(reading.0.clone()));
        let moment = Moment {
            at: at(),
            zone: &TimeZone::UTC,
        };
        let view = knowledge().view(&facts, moment, Baseline::First);
        let needed = knowledge().needed(&key, form.region(), &view);
        let given = readings
            .iter()
            .map(|(_, link, answer)| (link.as_str(), answer))
            .collect();
        let is_shown = enabled(item, &given);
        assert!(
            is_shown || needed != Kleene::True,
            "{form}: {}: {readings:?}",
            fact.id
        );
        if is_shown { shown += 1 } else { hidden += 1 }
    });
    (shown, hidden)
}

#[test]
fn what_the_criteria_need_is_shown_whatever_else_was_answered() {
    // Each criterion once: a hundred facts share a dozen of them.
    let mut seen = BTreeSet::new();
    let mut always = BTreeSet::new();
    for form in Form::ALL {
        let opened = opened(form);
        for fact in form.facts(knowledge()) {
            let Some(text) = &fact.needed_when else {
                continue;
            };
            let item = &opened[&fact.id];
            if !seen.insert((text.clone(), item["enableWhen"].to_string())) {
                continue;
            }
            if item.get("enableWhen").is_none() {
                always.insert(text.clone());
                continue;
            }
            let asked = form.keys(knowledge());
            let tree = criteria::parse(text).expect("criteria");
            let mut whole = true;
            tree.for_each_atom(&mut |atom| whole &= asked.contains(&atom.fact));
            if whole {
                let (shown, hidden) = held_to_its_criteria(form, fact, item);
                assert!(
                    shown > 0 && hidden > 0,
                    "{form}: {}: {shown} {hidden}",
                    fact.id
                );
            }
        }
    }
    assert!(seen.len() > 30, "{}", seen.len());
    assert!(always.is_empty(), "nothing hides {always:?}");
}
