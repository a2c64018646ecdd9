//! Contained resources: no nesting, no version of their own, and each is needed (dom-2 to dom-5).

use super::issue::{Fault, IssueType};
use super::links::text;
use super::place::Place;
use super::walk::Checker;
use crate::json::MAX_DEPTH;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What a resource contains: the type of each by its id.
pub(super) type Container<'a> = BTreeMap<&'a str, &'a str>;

/// What a resource contains.
pub(super) fn within<'a>(body: &'a Map<String, Value>) -> Container<'a> {
    let list = body.get("contained").and_then(Value::as_array);
    let named = |inner: &'a Value| {
        let kind = text(inner, "resourceType").unwrap_or_default();
        Some((text(inner, "id")?, kind))
    };
    list.into_iter().flatten().filter_map(named).collect()
}

/// Every text after a `#` that may name something contained.
fn fragments<'a>(value: &'a Value, depth: usize, into: &mut BTreeSet<&'a str>) {
    match value {
        _ if depth > MAX_DEPTH => {}
        Value::String(text) => into.extend(text.strip_prefix('#')),
        Value::Array(items) => items
            .iter()
            .for_each(|item| fragments(item, depth + 1, into)),
        Value::Object(body) => body
            .values()
            .for_each(|inner| fragments(inner, depth + 1, into)),
        _ => {}
    }
}

/// What a resource contains is referred to from it, or refers to it; ids differ.
pub(super) fn check<'a>(
    checker: &mut Checker<'a>,
    body: &'a Map<String, Value>,
    place: &Place<'_>,
) {
    let Some(Value::Array(list)) = body.get("contained") else {
        return;
    };
    let mut used = BTreeSet::new();
    body.values()
        .for_each(|value| fragments(value, 0, &mut used));
    let mut ids = BTreeSet::new();
    let all = place.member("contained");
    for (index, inner) in list.iter().enumerate() {
        let here = all.item(index);
        let Some(id) = text(inner, "id") else {
            let fault = Fault::new(
                IssueType::Required,
                "contained-id",
                "has no id, so nothing can refer to it",
                "give it an id and refer to it as #id",
            );
            checker.report(fault, &here);
            continue;
        };
        if !ids.insert(id) {
            let fault = Fault::new(
                IssueType::BusinessRule,
                "contained-id",
                "is the id of two contained resources",
                "give each its own",
            );
            checker.report(fault.of(id), &here.member("id"));
        }
        let mut own = BTreeSet::new();
        fragments(inner, 0, &mut own);
        if !used.contains(id) && !own.contains("") {
            let fault = Fault::invariant(
                "dom-3",
                "is contained, but nothing in the resource refers to it",
                "refer to it as #id, or take it out",
            );
            checker.report(fault.of(id), &here);
        }
    }
}

/// What a contained resource may not have.
pub(super) fn inside<'a>(
    checker: &mut Checker<'a>,
    body: &'a Map<String, Value>,
    place: &Place<'_>,
) {
    let mut refuse = |rule, name: &str, problem| {
        let fault = Fault::invariant(rule, problem, "take it out");
        checker.report(fault, &place.member(name));
    };
    if body.contains_key("contained") {
        refuse("dom-2", "contained", "is inside a contained resource");
    }
    let meta = |name: &str| {
        body.get("meta")
            .is_some_and(|meta| meta.get(name).is_some())
    };
    if meta("versionId") || meta("lastUpdated") {
        refuse(
            "dom-4",
            "meta",
            "has a version, inside a contained resource",
        );
    }
    if meta("security") {
        refuse(
            "dom-5",
            "meta",
            "has a security label, inside a contained resource",
        );
    }
}
