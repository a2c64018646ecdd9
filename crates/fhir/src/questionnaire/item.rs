//! One fact as an item: its words, its type, its answers, its unit and bounds, when it is shown.

use super::enable::Scope;
use super::{Form, each_link, index_words, keys};
use crate::export::words::{
    FACT, LOINC, UCUM, choice_words, coding, number, quantity, term_coding,
};
use care::fact::{Catalogue, Fact, FactKey, Kind};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// HL7 v2 table 0136: what LOINC's and US Core's questionnaires answer yes and no with.
pub(super) const YES_NO: &str = "http://terminology.hl7.org/CodeSystem/v2-0136";
/// Answers in the place of a value: words of ours, for they are read by patients.
pub(super) const UNKNOWN: &str = "answer.unknown";
pub(super) const DECLINED: &str = "answer.declined";
pub(super) const NOT_APPLICABLE: &str = "answer.not-applicable";

const HL7: &str = "http://hl7.org/fhir/StructureDefinition/";
const SDC: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/";

/// Units in which people give the same quantity; the fact's own stands first on its item.
/// All of them are read by the import *(ours: what scales and tape measures show)*.
const ALIKE: &[&[(&str, &str)]] = &[
    &[("kg", "kg"), ("[lb_av]", "lb")],
    &[("m", "m"), ("cm", "cm"), ("mm", "mm"), ("[in_i]", "in")],
    &[("Cel", "°C"), ("[degF]", "°F")],
    &[("mm[Hg]", "mmHg"), ("kPa", "kPa")],
];

/// Writes the items of one form.
pub(super) struct Writer<'w> {
    pub(super) form: Form,
    pub(super) catalogue: &'w Catalogue,
    pub(super) scope: &'w BTreeSet<&'w str>,
}

impl Writer<'_> {
    /// A fact's item: a group of one item an index where it is indexed.
    pub(super) fn item(&self, fact: &Fact) -> Value {
        let mut body = if fact.index.is_empty() {
            question(fact, &FactKey::plain(&fact.id), self.form.words(fact))
        } else {
            let each = keys(fact, self.form.region())
                .map(|key| Value::Object(question(fact, &key, &index_words(&key.index))));
            Map::from_iter([
                ("linkId".to_owned(), json!(each_link(&fact.id))),
                ("text".to_owned(), json!(self.form.words(fact))),
                ("type".to_owned(), json!("group")),
                ("item".to_owned(), each.collect()),
            ])
        };
        self.shown(fact, &mut body);
        Value::Object(body)
    }

    fn shown(&self, fact: &Fact, body: &mut Map<String, Value>) {
        let scope = Scope {
            catalogue: self.catalogue,
            asked: self.scope,
        };
        if let Some((parts, joined)) = scope.of(fact).parts() {
            if parts.len() > 1 {
                body.insert("enableBehavior".to_owned(), json!(joined));
            }
            body.insert("enableWhen".to_owned(), json!(parts));
        }
    }
}

fn question(fact: &Fact, key: &FactKey, words: &str) -> Map<String, Value> {
    let kind = item_type(fact);
    let mut body = Map::new();
    body.insert("linkId".to_owned(), json!(key.to_string()));
    body.insert("code".to_owned(), codes(fact));
    body.insert("text".to_owned(), json!(words));
    body.insert("type".to_owned(), json!(kind));
    let extensions = match fact.kind {
        Kind::Boolean | Kind::Choice => {
            body.insert("answerOption".to_owned(), options(fact));
            vec![radio()]
        }
        Kind::Number => [units(fact, kind), bounds(fact, kind)].concat(),
        Kind::Date => Vec::new(),
    };
    body.insert("extension".to_owned(), json!(extensions));
    body
}

/// The fact's own code, and LOINC where one means the same.
fn codes(fact: &Fact) -> Value {
    let mut all = vec![json!({ "system": FACT, "code": fact.id, "display": fact.label })];
    let loinc = crate::export::loinc(fact);
    all.extend(loinc.map(|code| coding(LOINC, code)));
    Value::Array(all)
}

/// The type of a fact's item.
pub(super) fn item_type(fact: &Fact) -> &'static str {
    match fact.kind {
        Kind::Boolean | Kind::Choice => "choice",
        Kind::Date => "date",
        Kind::Number if alike(own_unit(fact)).is_some() => "quantity",
        Kind::Number if fact.whole => "integer",
        Kind::Number => "decimal",
    }
}

fn own_unit(fact: &Fact) -> &str {
    fact.unit.as_deref().unwrap_or("1")
}

fn alike(unit: &str) -> Option<&'static [(&'static str, &'static str)]> {
    let has = |row: &&&[(&str, &str)]| row.iter().any(|(code, _)| *code == unit);
    ALIKE.iter().find(has).copied()
}

/// Yes.
pub(super) fn yes() -> (&'static str, Value) {
    ("answerCoding", yes_no(true))
}

/// No.
pub(super) fn no() -> (&'static str, Value) {
    ("answerCoding", yes_no(false))
}

/// Yes or no as a coding.
pub(super) fn yes_no(flag: bool) -> Value {
    let (code, words) = if flag { ("Y", "Yes") } else { ("N", "No") };
    json!({ "system": YES_NO, "code": code, "display": words })
}

/// A choice of a fact as a coding.
pub(super) fn choice(fact: &Fact, word: &str) -> Value {
    let code = format!("{}:{word}", fact.id);
    json!({ "system": FACT, "code": code, "display": choice_words(word) })
}

/// A number as a comparison has it, in the fact's own unit.
pub(super) fn number_answer(fact: &Fact, value: f64) -> (&'static str, Value) {
    match item_type(fact) {
        "quantity" => ("answerQuantity", quantity(value, own_unit(fact))),
        "integer" if value.fract() == 0.0 => ("answerInteger", number(value)),
        _ => ("answerDecimal", number(value)),
    }
}

/// Every answer that may be chosen; "I do not know" is one.
fn options(fact: &Fact) -> Value {
    let mut all: Vec<Value> = match fact.kind {
        Kind::Boolean => vec![yes_no(true), yes_no(false)],
        _ => fact.values.iter().map(|word| choice(fact, word)).collect(),
    };
    all.extend([UNKNOWN, DECLINED].map(term_coding));
    if fact.not_applicable_when.is_some() {
        all.push(term_coding(NOT_APPLICABLE));
    }
    all.into_iter()
        .map(|coding| json!({ "valueCoding": coding }))
        .collect()
}

/// All answers in sight: each can be reached by a key.
fn radio() -> Value {
    let control = json!({
        "system": "http://hl7.org/fhir/questionnaire-item-control",
        "code": "radio-button",
    });
    json!({
        "url": format!("{HL7}questionnaire-itemControl"),
        "valueCodeableConcept": { "coding": [control] },
    })
}

/// The unit of a number, or the units that it may be given in.
fn units(fact: &Fact, kind: &str) -> Vec<Value> {
    let own = own_unit(fact);
    let unit = |name: &str, code: &str, words: &str| {
        let coding = json!({ "system": UCUM, "code": code, "display": words });
        json!({ "url": format!("{HL7}{name}"), "valueCoding": coding })
    };
    if kind != "quantity" {
        let some = (own != "1").then(|| unit("questionnaire-unit", own, own));
        return some.into_iter().collect();
    }
    let all = alike(own).unwrap_or_default();
    let first = all.iter().filter(|(code, _)| *code == own);
    let rest = all.iter().filter(|(code, _)| *code != own);
    first
        .chain(rest)
        .map(|(code, words)| unit("questionnaire-unitOption", code, words))
        .collect()
}

fn bounds(fact: &Fact, kind: &str) -> Vec<Value> {
    let Some([low, high]) = fact.range else {
        return Vec::new();
    };
    let bound = |end: &str, value: f64| match kind {
        "quantity" => json!({
            "url": format!("{SDC}sdc-questionnaire-{end}Quantity"),
            "valueQuantity": quantity(value, own_unit(fact)),
        }),
        "integer" => json!({ "url": format!("{HL7}{end}Value"), "valueInteger": number(value) }),
        _ => json!({ "url": format!("{HL7}{end}Value"), "valueDecimal": number(value) }),
    };
    vec![bound("min", low), bound("max", high)]
}
