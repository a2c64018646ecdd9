//! Rules of data types that are held in Rust: order of dates and quantities, units, enableWhen.

use super::issue::{Fault, IssueType};
use super::links::text;
use super::moment::Moment;
use super::place::Place;
use super::walk::Checker;
use super::{reference, ucum};
use crate::json::MAX_DEPTH;
use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::collections::BTreeSet;

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

/// ctm-1: only a practitioner takes part in a care team on behalf of an organisation.
pub(super) fn on_behalf_of<'a>(
    checker: &mut Checker<'a>,
    body: &'a Map<String, Value>,
    place: &Place<'_>,
) {
    let member = body
        .get("member")
        .and_then(|member| text(member, "reference"));
    let kind = member.and_then(|member| reference::named(checker, member));
    if body.contains_key("onBehalfOf") && kind.is_some_and(|kind| kind != "Practitioner") {
        let fault = Fault::invariant(
            "ctm-1",
            "takes part on behalf of someone and is no Practitioner",
            "name a Practitioner as member, or take onBehalfOf out",
        );
        checker.report(fault.of(member.unwrap_or_default()), place);
    }
}

/// The value sets that are required and have a grammar instead of a list: currencies and MIME types.
pub(super) fn grammar<'a>(
    checker: &mut Checker<'a>,
    body: &'a Map<String, Value>,
    name: &'static str,
    place: &Place<'_>,
) {
    let Some(code) = body.get(name).and_then(Value::as_str) else {
        return;
    };
    let (fine, what, remedy) = match name {
        "currency" => (
            code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()),
            "is no currency of ISO 4217",
            "write its three letters, as EUR",
        ),
        _ => (
            code.split_once('/')
                .is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty()),
            "is no MIME type",
            "write type/subtype, as application/pdf",
        ),
    };
    if !fine {
        let fault = Fault::new(IssueType::CodeInvalid, "binding", what, remedy);
        checker.report(fault.of(code), &place.member(name));
    }
}

/// Every question that an `enableWhen` of a questionnaire names is an item of it.
pub(super) fn questions<'a>(
    checker: &mut Checker<'a>,
    body: &'a Map<String, Value>,
    place: &Place<'_>,
) {
    let mut links = BTreeSet::new();
    gather(body, &mut links, 0);
    asked(checker, body, &links, place, 0);
}

fn items(body: &Map<String, Value>) -> &[Value] {
    let items = body.get("item").and_then(Value::as_array);
    items.map_or(&[], Vec::as_slice)
}

fn gather<'a>(body: &'a Map<String, Value>, links: &mut BTreeSet<&'a str>, depth: usize) {
    for item in items(body).iter().filter(|_| depth <= MAX_DEPTH) {
        links.extend(text(item, "linkId"));
        if let Some(inner) = item.as_object() {
            gather(inner, links, depth + 1);
        }
    }
}

fn asked(
    checker: &mut Checker<'_>,
    body: &Map<String, Value>,
    links: &BTreeSet<&str>,
    place: &Place<'_>,
    depth: usize,
) {
    let list = place.member("item");
    for (index, item) in items(body).iter().enumerate() {
        let here = list.item(index);
        let conditions = item.get("enableWhen").and_then(Value::as_array);
        let whens = here.member("enableWhen");
        for (number, condition) in conditions.into_iter().flatten().enumerate() {
            let Some(question) = text(condition, "question").filter(|q| !links.contains(q)) else {
                continue;
            };
            let fault = Fault::new(
                IssueType::NotFound,
                "enable-when",
                "is the linkId of no item",
                "name the linkId of a question of this questionnaire",
            );
            let at = whens.item(number);
            checker.report(fault.of(question), &at.member("question"));
        }
        if let Some(inner) = item.as_object().filter(|_| depth <= MAX_DEPTH) {
            asked(checker, inner, links, &here, depth + 1);
        }
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
