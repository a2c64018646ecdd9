//! Codes: out of the value set that is required, and of the code systems that R4 carries.

use super::issue::{Fault, IssueType};
use super::links::text;
use super::place::Place;
use super::table::{Element, Set};
use super::walk::Checker;
use serde_json::{Map, Value};

/// Where HL7 keeps the code systems that belong to FHIR itself.
const FHIR: &str = "http://hl7.org/fhir/";

fn required<'t>(checker: &Checker<'_>, element: &Element) -> Option<&'t Set> {
    element.set.and_then(|set| checker.table.sets.get(set))
}

/// A `code`, or other text, that must be from a value set.
pub(super) fn word(checker: &mut Checker<'_>, element: &Element, word: &str, place: &Place<'_>) {
    if let Some(set) = required(checker, element).filter(|set| !set.has(word)) {
        let fault = Fault::new(
            IssueType::CodeInvalid,
            "binding",
            format!("is no code of {}, which is required", set.url),
            format!("write one of {}", set.some()),
        );
        checker.report(fault.of(word), place);
    }
}

/// A `Coding` or `CodeableConcept` whose code must be from a value set.
pub(super) fn concept(
    checker: &mut Checker<'_>,
    element: &Element,
    value: &Value,
    place: &Place<'_>,
) {
    let Some(set) = required(checker, element) else {
        return;
    };
    let inside = |coding: &Value| {
        let code = text(coding, "code").unwrap_or_default();
        set.has_of(text(coding, "system").unwrap_or_default(), code)
    };
    let found = match value.get("coding") {
        Some(Value::Array(codings)) => codings.iter().any(inside),
        Some(_) => true,
        None => inside(value) || value.get("extension").is_some(),
    };
    if !found {
        let systems: Vec<&str> = set.systems().collect();
        let fault = Fault::new(
            IssueType::CodeInvalid,
            "binding",
            format!("has no code of {}, which is required", set.url),
            format!("add one of {} from {}", set.some(), systems.join(", ")),
        );
        checker.report(fault, place);
    }
}

/// A `Coding` of a code system whose codes are all here: the code is one, the display its own.
///
/// Of FHIR's own systems an unknown code is an error. HL7's other systems are
/// published apart from FHIR and grow, and displays are reworded: a warning.
pub(super) fn coding(checker: &mut Checker<'_>, body: &Map<String, Value>, place: &Place<'_>) {
    let part = |name| body.get(name).and_then(Value::as_str);
    let (Some(system), Some(code)) = (part("system"), part("code")) else {
        return;
    };
    let Some(known) = checker.table.system(system) else {
        return;
    };
    let Ok(found) = known.binary_search_by(|(other, _)| (*other).cmp(code)) else {
        let fault = Fault::new(
            IssueType::CodeInvalid,
            "unknown-code",
            format!("is no code of {system} in FHIR 4.0.1"),
            "write a code of that system, or name the system it is from",
        )
        .of(code);
        let later = !system.starts_with(FHIR) || body.contains_key("version");
        let fault = if later { fault.warning() } else { fault };
        return checker.report(fault, &place.member("code"));
    };
    let (_, own) = known[found];
    if let Some(display) = part("display").filter(|display| !alike(display, own)) {
        let fault = Fault::new(
            IssueType::Value,
            "display",
            format!("is not the display of {code} in {system}"),
            format!("write '{own}', or leave the display out"),
        );
        checker.report(fault.of(display).warning(), &place.member("display"));
    }
}

/// Whether two displays say the same, but for capitals and blanks.
fn alike(a: &str, b: &str) -> bool {
    let words = |text: &str| {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        words.join(" ")
    };
    b.is_empty() || a.eq_ignore_ascii_case(b) || words(a) == words(b)
}
