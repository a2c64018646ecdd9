//! One answer as the value, or the word in its place, that its fact takes.

use super::item::{DECLINED, NOT_APPLICABLE, UNKNOWN, YES_NO, item_type};
use super::read::refused;
use super::written::ABSENT;
use crate::export::words::{FACT, TERM};
use crate::unit;
use crate::view::{Coding, View};
use care::fact::{Fact, Kind};
use serde_json::{Map, Value, json};
use si::Problem;

/// Answers that are a word of HL7's for a value that is not there.
const HL7_ABSENT: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";

/// An answer in the form of the JSON contract; none of one that says that nobody asked.
pub(super) fn content(
    answer: &View<'_>,
    fact: &Fact,
) -> Result<Option<Map<String, Value>>, Problem> {
    let members = answer.body.keys();
    let member = members
        .map(String::as_str)
        .find(|name| name.trim_start_matches('_').starts_with("value"))
        .unwrap_or_default();
    if let Some(why) = absent(answer, member)? {
        return Ok(word_for(why).map(|word| one("answer", json!(word))));
    }
    let raw = &answer.body.get(member);
    match (fact.kind, member) {
        (Kind::Boolean | Kind::Choice, "valueCoding") => coded(answer, fact),
        (Kind::Boolean, "valueBoolean") | (Kind::Date, "valueDate" | "valueDateTime") => {
            Ok(raw.map(|raw| one("value", raw.clone())))
        }
        (Kind::Number, _) => number(answer, member, fact).map(Some),
        _ => Err(unfit(answer, member, fact)),
    }
}

fn one(name: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), value)])
}

fn unfit(answer: &View<'_>, member: &str, fact: &Fact) -> Problem {
    refused(
        ("wrong-answer-type", answer.at(member), member),
        format!("does not answer a question of type {}", item_type(fact)),
        "give the type that the question has",
    )
}

/// Why a value is not there, where its extension says so.
fn absent<'a>(answer: &View<'a>, member: &str) -> Result<Option<&'a str>, Problem> {
    let Some(Value::Object(body)) = answer.body.get(member) else {
        return Ok(None);
    };
    let value = View {
        kind: "",
        body,
        place: answer.at(member),
    };
    for extension in value.objects("extension")? {
        if extension.text("url")? == Some(ABSENT) {
            return extension.text("valueCode");
        }
    }
    Ok(None)
}

/// HL7's reasons for a value that is not there, as answers: every other one is none.
fn word_for(reason: &str) -> Option<&'static str> {
    match reason {
        "asked-unknown" => Some("asked-unknown"),
        "asked-declined" => Some("declined"),
        "not-applicable" => Some("not-applicable"),
        _ => None,
    }
}

fn coded(answer: &View<'_>, fact: &Fact) -> Result<Option<Map<String, Value>>, Problem> {
    let Some(coding) = answer.object("valueCoding")? else {
        return Ok(None);
    };
    let coding = coding.as_coding()?;
    let word = match (coding.system, coding.code) {
        (TERM, UNKNOWN) => Some("asked-unknown"),
        (TERM, DECLINED) => Some("declined"),
        (TERM, NOT_APPLICABLE) => Some("not-applicable"),
        (HL7_ABSENT, code) => match word_for(code) {
            Some(word) => Some(word),
            None => return Ok(None),
        },
        _ => None,
    };
    if let Some(word) = word {
        return Ok(Some(one("answer", json!(word))));
    }
    let value = match fact.kind {
        Kind::Boolean => yes_or_no(coding).map(Value::Bool),
        _ => choice(coding, fact).map(|word| json!(word)),
    };
    match value {
        Some(value) => Ok(Some(one("value", value))),
        None => Err(refused(
            (
                "unknown-choice",
                answer.at("valueCoding"),
                &format!("{}|{}", coding.system, coding.code),
            ),
            "is no answer to this question",
            "choose one of its answerOption",
        )),
    }
}

/// HL7 v2 0136; SNOMED CT and LOINC as the import knows them.
fn yes_or_no(coding: Coding<'_>) -> Option<bool> {
    match (coding.system, coding.code) {
        (YES_NO, "Y")
        | ("http://snomed.info/sct", "373066001")
        | ("http://loinc.org", "LA33-6") => Some(true),
        (YES_NO, "N")
        | ("http://snomed.info/sct", "373067005")
        | ("http://loinc.org", "LA32-8") => Some(false),
        _ => None,
    }
}

fn choice<'a>(coding: Coding<'a>, fact: &Fact) -> Option<&'a str> {
    let (id, word) = coding.code.split_once(':')?;
    (coding.system == FACT && id == fact.id && fact.choice(word).is_some()).then_some(word)
}

fn number(answer: &View<'_>, member: &str, fact: &Fact) -> Result<Map<String, Value>, Problem> {
    let own = fact.unit.as_deref().unwrap_or("1");
    let (number, given, place) = match (item_type(fact), member) {
        ("quantity", "valueQuantity") => {
            let quantity = answer
                .object(member)?
                .ok_or_else(|| unfit(answer, member, fact))?;
            if let Some(comparator) = quantity.text("comparator")? {
                return Err(refused(
                    ("not-exact", quantity.at("comparator"), comparator),
                    "leaves the number open",
                    "give the number itself",
                ));
            }
            let number = quantity.number("value")?;
            let number = number.ok_or_else(|| unfit(answer, member, fact))?;
            (number, unit::of(&quantity)?, quantity.place)
        }
        ("integer", "valueInteger") | ("decimal", "valueInteger" | "valueDecimal") => {
            let number = answer.number(member)?;
            let number = number.ok_or_else(|| unfit(answer, member, fact))?;
            (number, own.to_owned(), answer.at(member))
        }
        _ => return Err(unfit(answer, member, fact)),
    };
    let Some(converted) = unit::convert(number, &given, own) else {
        return Err(refused(
            ("wrong-unit", format!("{place}.code"), &given),
            format!("does not measure {}", fact.label),
            format!("give it in {own}, or another UCUM unit of the same kind"),
        ));
    };
    let mut raw = one("value", json!(converted));
    if own != "1" {
        raw.insert("unit".to_owned(), json!(own));
    }
    Ok(raw)
}
