//! Rules of data types that are held in Rust: order of dates and quantities, units, enableWhen.

use super::issue::{Fault, IssueType};
use super::links::text;
use super::moment::Moment;
use super::place::Place;
use super::ucum;
use super::walk::Checker;
use serde_json::{Map, Value};
use std::cmp::Ordering;

/// The code system of UCUM.
pub(super) const UCUM: &str = "http://unitsofmeasure.org";

/// per-1: `start <= end`, compared as FHIRPath compares dates.
///
/// Where one is more exact than the other and they are equal as far as both go,
/// that is not true, and so the rule is broken: `2023-06-21` to
/// `2023-06-21T06:20:00Z` may end before it starts.
pub(super) fn period<'a>(
    checker: &mut Checker<'a>,
    body: &'a Map<String, Value>,
    place: &Place<'_>,
) {
    let part = |name| body.get(name).and_then(Value::as_str);
    let (Some(start), Some(end)) = (part("start"), part("end")) else {
        return;
    };
    let (Ok(from), Ok(to)) = (Moment::read(start), Moment::read(end)) else {
        return;
    };
    let problem = match from.compare(to) {
        Some(Ordering::Less | Ordering::Equal) => return,
        Some(Ordering::Greater) => "ends before it starts",
        None => "may end before it starts: one date is more exact than the other",
    };
    let fault = Fault::invariant(
        "per-1",
        problem,
        "write both as exactly, the start no later than the end",
    );
    checker.report(fault.of(&format!("{start} to {end}")), place);
}

/// rng-2: `low <= high`, where both are in the same unit.
pub(super) fn range<'a>(
    checker: &mut Checker<'a>,
    body: &'a Map<String, Value>,
    place: &Place<'_>,
) {
    let (Some(low), Some(high)) = (body.get("low"), body.get("high")) else {
        return;
    };
    let same = |name| low.get(name) == high.get(name);
    let number = |of: &Value| of.get("value").and_then(Value::as_f64);
    if let (Some(from), Some(to), true) = (
        number(low),
        number(high),
        same("code") && same("system") && same("unit"),
    ) && from > to
    {
        let fault = Fault::invariant("rng-2", "has a low above its high", "change the two places");
        checker.report(fault.of(&format!("{from} to {to}")), place);
    }
}

/// The code of a `Quantity` in UCUM is one of UCUM's.
pub(super) fn unit<'a>(checker: &mut Checker<'a>, body: &'a Map<String, Value>, place: &Place<'_>) {
    let part = |name| body.get(name).and_then(Value::as_str);
    let (Some(UCUM), Some(code)) = (part("system"), part("code")) else {
        return;
    };
    if !ucum::is_unit(code) {
        let fault = Fault::new(
            IssueType::CodeInvalid,
            "ucum",
            "is no unit of UCUM",
            "write UCUM's code, as kg, mm[Hg], /min, Cel or {score}",
        );
        checker.report(fault.of(code), &place.member("code"));
    }
}

/// que-12: more than one `enableWhen` needs `enableBehavior`.
///
/// R4's own expression says "more than two", which its words and its later
/// corrections contradict.
pub(super) fn enable_behavior<'a>(
    checker: &mut Checker<'a>,
    body: &'a Map<String, Value>,
    place: &Place<'_>,
) {
    let conditions = body.get("enableWhen").and_then(Value::as_array);
    if conditions.is_some_and(|list| list.len() > 1) && !body.contains_key("enableBehavior") {
        let fault = Fault::invariant(
            "que-12",
            "has more than one enableWhen and no enableBehavior",
            "add enableBehavior: all or any",
        );
        let named = body.get("linkId").and_then(Value::as_str);
        checker.report(fault.of(named.unwrap_or_default()), place);
    }
}

/// Whether a concept has that code of that system.
pub(super) fn has_code(concept: &Value, system: &str, code: &str) -> bool {
    let codings = concept.get("coding").and_then(Value::as_array);
    let is = |coding: &Value| {
        text(coding, "system") == Some(system) && text(coding, "code") == Some(code)
    };
    codings.is_some_and(|codings| codings.iter().any(is))
}
