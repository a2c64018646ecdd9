//! Readings as the answers of a QuestionnaireResponse.

use super::item::{self, DECLINED, NOT_APPLICABLE, UNKNOWN, choice, item_type, yes_no};
use super::{Form, each_link, fact_of, index_words, keys, section_link, sections};
use crate::export::absent_code;
use crate::export::words::{number, quantity, term_coding};
use care::fact::{Answer, Content, Fact, FactKey, Kind, PartialDate, Reading, Value as Worth};
use care::knowledge::Knowledge;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// HL7's extension for a value that is not there.
pub(super) const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// A reading as an `answer`, of the type that its fact's item has.
fn answer(reading: &Reading, fact: &Fact) -> Value {
    let (name, value) = match &reading.content {
        Content::Answer(answer) => return absent(*answer, fact),
        Content::Value(Worth::Bool(flag)) => ("valueCoding", yes_no(*flag)),
        Content::Value(Worth::Choice(word)) => ("valueCoding", choice(fact, word)),
        Content::Value(Worth::Date(date @ PartialDate::Instant(_))) => {
            ("valueDateTime", json!(date.to_string()))
        }
        Content::Value(Worth::Date(date)) => ("valueDate", json!(date.to_string())),
        Content::Value(Worth::Number(value)) => amount(*value, reading.unit.as_deref(), fact),
    };
    json!({ name: value })
}

fn amount(value: f64, unit: Option<&str>, fact: &Fact) -> (&'static str, Value) {
    let own = fact.unit.as_deref().unwrap_or("1");
    let given = unit.unwrap_or(own);
    let kind = item_type(fact);
    if kind == "quantity" {
        return ("valueQuantity", quantity(value, given));
    }
    let value = care::fact::convert(value, given, own).unwrap_or(value);
    match kind {
        "integer" if value.fract() == 0.0 => ("valueInteger", number(value)),
        _ => ("valueDecimal", number(value)),
    }
}

/// An answer in the place of a value: a choice of ours where there are choices, else why the
/// value is not there.
fn absent(answer: Answer, fact: &Fact) -> Value {
    if matches!(fact.kind, Kind::Boolean | Kind::Choice) {
        let code = match answer {
            Answer::AskedUnknown => UNKNOWN,
            Answer::Declined => DECLINED,
            Answer::NotApplicable => NOT_APPLICABLE,
        };
        return json!({ "valueCoding": term_coding(code) });
    }
    let why = json!({ "extension": [{ "url": ABSENT, "valueCode": absent_code(answer) }] });
    match item::item_type(fact) {
        "quantity" => json!({ "valueQuantity": why }),
        "integer" => json!({ "_valueInteger": why }),
        "decimal" => json!({ "_valueDecimal": why }),
        _ => json!({ "_valueDate": why }),
    }
}

/// The items of a response to a form, in its groups and its order; the latest reading of each
/// key. None where the form does not ask one of the readings.
#[must_use]
pub fn items(form: Form, readings: &[Reading], knowledge: &Knowledge) -> Option<Vec<Value>> {
    let mut left: BTreeMap<String, &Reading> = BTreeMap::new();
    for reading in readings {
        left.insert(reading.key().to_string(), reading);
    }
    let mut items = Vec::new();
    let all = form.facts(knowledge);
    for (section, facts) in sections(&all) {
        let own: Vec<Value> = facts
            .into_iter()
            .filter_map(|fact| of_fact(form, fact, &mut left))
            .collect();
        if !own.is_empty() {
            items.push(json!({ "linkId": section_link(section), "item": own }));
        }
    }
    left.is_empty().then_some(items)
}

fn of_fact(form: Form, fact: &Fact, left: &mut BTreeMap<String, &Reading>) -> Option<Value> {
    let mut answered = keys(fact, form.region()).filter_map(|key| {
        let reading = left.remove(&key.to_string())?;
        Some(one(&key, reading, (fact, form.words(fact))))
    });
    if fact.index.is_empty() {
        return answered.next();
    }
    let all: Vec<Value> = answered.collect();
    (!all.is_empty()).then(|| json!({ "linkId": each_link(&fact.id), "item": all }))
}

fn one(key: &FactKey, reading: &Reading, (fact, words): (&Fact, &str)) -> Value {
    let words = match key.index.as_slice() {
        [] => words.to_owned(),
        index => index_words(index),
    };
    let mut body = Map::new();
    body.insert("linkId".to_owned(), json!(key.to_string()));
    body.insert("text".to_owned(), json!(words));
    body.insert("answer".to_owned(), json!([answer(reading, fact)]));
    Value::Object(body)
}

/// Readings as items that stand in no form.
pub(crate) fn flat(readings: &[Reading], knowledge: &Knowledge) -> Vec<Value> {
    let known = |reading: &Reading| {
        let key = reading.key();
        let fact = fact_of(&key, knowledge.catalogue())?;
        Some(one(&key, reading, (fact, &fact.label)))
    };
    readings.iter().filter_map(known).collect()
}
