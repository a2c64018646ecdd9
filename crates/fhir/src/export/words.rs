//! The parts that resources are built from: codes, quantities, references, extensions, text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use care::fact::convert;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// What every name of our own begins with. No domain is ours, so that these are names and no
/// addresses: a reader finds what they mean in the resources of [`super::definitions`].
pub const BASE: &str = "urn:annulus";
/// The code system of facts; a choice of a fact is `fact:choice`.
pub const FACT: &str = "urn:annulus:fact";
/// The code system of rules.
pub const RULE: &str = "urn:annulus:rule";
/// The code system of every other word of ours.
pub const TERM: &str = "urn:annulus:term";
/// What the address of an extension begins with.
pub const EXTENSION: &str = "urn:annulus:extension:";

pub(crate) const LOINC: &str = "http://loinc.org";
pub(crate) const SNOMED: &str = "http://snomed.info/sct";
pub(crate) const CPT: &str = "http://www.ama-assn.org/go/cpt";
pub(crate) const HCPCS: &str = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets";
pub(crate) const UCUM: &str = "http://unitsofmeasure.org";

/// A choice of a fact, as people read it.
pub(crate) fn choice_words(word: &str) -> String {
    word.replace('-', " ")
}

/// A code with its system.
pub(crate) fn coding(system: &str, code: &str) -> Value {
    json!({ "system": system, "code": code })
}

/// A code of ours, with its words.
pub(crate) fn own(system: &str, code: &str, words: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code, "display": words }], "text": words })
}

/// A word of ours as a concept; its display stands in [`super::terms::TERMS`].
pub(crate) fn term(code: &str) -> Value {
    json!({ "coding": [term_coding(code)], "text": super::terms::words(code) })
}

/// A word of ours as a coding.
pub(crate) fn term_coding(code: &str) -> Value {
    json!({ "system": TERM, "code": code, "display": super::terms::words(code) })
}

/// A code of HL7's own terminology.
pub(crate) fn hl7(system: &str, code: &str) -> Value {
    json!({ "coding": [hl7_coding(system, code)] })
}

/// The same as a coding.
pub(crate) fn hl7_coding(system: &str, code: &str) -> Value {
    coding(
        &format!("http://terminology.hl7.org/CodeSystem/{system}"),
        code,
    )
}

/// A concept in words alone.
pub(crate) fn plain(words: &str) -> Value {
    json!({ "text": words })
}

/// A reference to a resource of the export.
pub(crate) fn reference(kind: &str, id: &str) -> Value {
    json!({ "reference": format!("{kind}/{id}") })
}

/// A number as JSON writes it shortest; rounding takes away what a conversion added.
pub(crate) fn number(value: f64) -> Value {
    let rounded = rounded(value);
    let whole = rounded.fract() == 0.0 && rounded.abs() < 9e15;
    #[allow(
        clippy::cast_possible_truncation,
        reason = "whole, and smaller than 2^53"
    )]
    if whole {
        json!(rounded as i64)
    } else {
        json!(rounded)
    }
}

/// To a millionth of a millionth of what a unit of its size can hold.
fn rounded(value: f64) -> f64 {
    let text = format!("{value:.9}");
    let back: f64 = text.parse().unwrap_or(value);
    let near = (back - value).abs() <= value.abs() * 1e-12;
    if near { back } else { value }
}

/// A quantity in a UCUM unit.
pub(crate) fn quantity(value: f64, unit: &str) -> Value {
    json!({ "value": number(value), "unit": unit, "system": UCUM, "code": unit })
}

/// The same in another unit, where the two measure the same.
pub(crate) fn quantity_in(value: f64, unit: &str, to: &str) -> Value {
    match convert(value, unit, to) {
        Some(converted) => quantity(converted, to),
        None => quantity(value, unit),
    }
}

/// An extension of ours: `value` names the type, such as `valueString`. Without content it is
/// none: R4 has no extension without a value.
pub(crate) fn extension(name: &str, value: &str, content: impl Into<Value>) -> Value {
    let content = content.into();
    if is_nothing(&content) {
        return Value::Null;
    }
    let mut body = Map::new();
    body.insert("url".to_owned(), json!(format!("{EXTENSION}{name}")));
    body.insert(value.to_owned(), content);
    Value::Object(body)
}

/// A part of an extension of ours.
pub(crate) fn part(name: &str, value: &str, content: impl Into<Value>) -> Value {
    let mut body = Map::new();
    body.insert("url".to_owned(), json!(name));
    body.insert(value.to_owned(), content.into());
    Value::Object(body)
}

/// The SHA-256 of what an element holds: R4's own `hash` is SHA-1.
pub(crate) fn sha256(hex: &str) -> Value {
    extension("sha256", "valueString", hex)
}

/// A note by somebody.
pub(crate) fn note(author: &Value, at: Timestamp, words: &str) -> Value {
    if words.trim().is_empty() {
        return Value::Null;
    }
    let named = author["reference"].as_str().unwrap_or_default();
    // A note has no device for its author.
    let author = (!named.is_empty() && !named.starts_with("Device/")).then_some(author);
    json!({ "authorReference": author, "time": at.to_string(), "text": words })
}

/// Bytes as FHIR carries them.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// A generated narrative: one paragraph a line; none of lines that say nothing.
pub(crate) fn narrative(lines: &[String]) -> Value {
    if lines.iter().all(|line| line.trim().is_empty()) {
        return Value::Null;
    }
    let mut div = String::from("<div xmlns=\"http://www.w3.org/1999/xhtml\">");
    for line in lines.iter().filter(|line| !line.trim().is_empty()) {
        div.push_str("<p>");
        line.chars().for_each(|letter| escape(letter, &mut div));
        div.push_str("</p>");
    }
    div.push_str("</div>");
    json!({ "status": "generated", "div": div })
}

fn escape(letter: char, into: &mut String) {
    match letter {
        '&' => into.push_str("&amp;"),
        '<' => into.push_str("&lt;"),
        '>' => into.push_str("&gt;"),
        '"' => into.push_str("&quot;"),
        '\'' => into.push_str("&#39;"),
        '\n' | '\t' => into.push(' '),
        // XML has no other control characters, and no way to write them.
        other if other.is_control() => {}
        other => into.push(other),
    }
}

/// Takes away what says nothing: null, empty text, empty lists and objects. FHIR allows none.
pub(crate) fn prune(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(prune);
            members.retain(|_, member| !is_nothing(member));
        }
        Value::Array(items) => {
            items.iter_mut().for_each(prune);
            items.retain(|item| !is_nothing(item));
        }
        Value::String(text) if text.chars().any(is_unwritable) => {
            text.retain(|letter| !is_unwritable(letter));
        }
        _ => {}
    }
}

/// FHIR's text has no control characters but the line's.
fn is_unwritable(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
