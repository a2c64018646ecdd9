//! Rules of a `Bundle`: what its type asks of its entries, links and references.
//!
//! After bdl-1 to bdl-12 and `bundle.html`, `documents.html`, `search.html`
//! (FHIR 4.0.1).

use super::issue::{Fault, IssueType};
use super::links::{entries, restful, text, versioned};
use super::place::Place;
use super::table::table;
use super::walk::Checker;
use crate::json::MAX_DEPTH;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

type Body = Map<String, Value>;

fn fault(rule: &'static str, problem: &str, remedy: &str) -> Fault {
    Fault::invariant(rule, problem, remedy)
}

/// Everything about a bundle that its elements do not say by themselves.
pub(super) fn check<'a>(checker: &mut Checker<'a>, body: &'a Body, place: &Place<'_>) {
    let kind = body.get("type").and_then(Value::as_str).unwrap_or_default();
    whole(checker, body, kind, place);
    relations(checker, body, place);
    let list = place.member("entry");
    let mut seen = BTreeSet::new();
    let wanted = searched(body);
    for (index, entry) in entries(body).iter().enumerate() {
        let here = list.item(index);
        let Some(entry) = entry.as_object() else {
            continue;
        };
        parts(checker, entry, kind, &here);
        address(checker, entry, &here);
        if kind == "searchset" {
            result(checker, entry, wanted.as_deref(), &here);
        }
        if let Some(url) = entry.get("fullUrl").and_then(Value::as_str) {
            let meta = entry.get("resource").and_then(|inner| inner.get("meta"));
            let version = meta.and_then(|meta| text(meta, "versionId"));
            if kind != "history" && !seen.insert((url, version)) {
                let fault = fault(
                    "bdl-7",
                    "is the fullUrl of two entries of the same version",
                    "keep one, or give each its meta.versionId",
                );
                checker.report(fault.of(url), &here.member("fullUrl"));
            }
        }
    }
    if matches!(kind, "document" | "message") {
        first_links(checker, body, &list);
    }
}

/// What the bundle itself must and must not have.
fn whole(checker: &mut Checker<'_>, body: &Body, kind: &str, place: &Place<'_>) {
    if body.contains_key("total") && !matches!(kind, "searchset" | "history") {
        let fault = fault(
            "bdl-1",
            "has a total, which only results of searches and histories have",
            "take total out",
        );
        checker.report(fault.of(kind), place);
    }
    let first = entries(body)
        .first()
        .and_then(|entry| entry.get("resource"));
    let first = first.and_then(|resource| text(resource, "resourceType"));
    let (rule, wanted) = match kind {
        "document" => ("bdl-11", "Composition"),
        "message" => ("bdl-12", "MessageHeader"),
        _ => return,
    };
    if first != Some(wanted) {
        let fault = Fault::invariant(
            rule,
            format!("is a {kind} whose first entry is no {wanted}"),
            format!("put the {wanted} first"),
        );
        checker.report(fault.of(first.unwrap_or_default()), place);
    }
    if kind == "document" {
        let identifier = body.get("identifier");
        let has = |name| identifier.is_some_and(|of| of.get(name).is_some());
        if !has("system") || !has("value") {
            let fault = fault(
                "bdl-9",
                "is a document without an identifier of system and value",
                "add identifier.system and identifier.value",
            );
            checker.report(fault, place);
        }
        if !body.contains_key("timestamp") {
            let fault = fault(
                "bdl-10",
                "is a document without a timestamp",
                "add timestamp",
            );
            checker.report(fault, place);
        }
    }
}

/// `self`, `first`, `previous`, `next` and `last` stand once each.
fn relations(checker: &mut Checker<'_>, body: &Body, place: &Place<'_>) {
    const ONCE: [&str; 6] = ["self", "first", "previous", "prev", "next", "last"];
    let links = body.get("link").and_then(Value::as_array);
    let list = place.member("link");
    let mut seen = BTreeSet::new();
    for (index, link) in links.map_or(&[][..], Vec::as_slice).iter().enumerate() {
        let Some(relation) = text(link, "relation") else {
            continue;
        };
        if ONCE.contains(&relation) && !seen.insert(relation) {
            let fault = Fault::new(
                IssueType::BusinessRule,
                "bundle-link",
                "is the relation of two links",
                "keep one",
            );
            checker.report(fault.of(relation), &list.item(index));
        }
    }
}

/// What an entry has, by the type of the bundle.
fn parts(checker: &mut Checker<'_>, entry: &Body, kind: &str, place: &Place<'_>) {
    let has = |name| entry.contains_key(name);
    if !has("resource") && !has("request") && !has("response") {
        let fault = fault(
            "bdl-5",
            "has no resource, no request and no response",
            "add the resource, or take the entry out",
        );
        checker.report(fault, place);
    }
    if has("search") && kind != "searchset" {
        let fault = fault(
            "bdl-2",
            "has search, which only results of searches have",
            "take search out",
        );
        checker.report(fault, place);
    }
    let asked = matches!(kind, "batch" | "transaction" | "history");
    let answered = matches!(kind, "batch-response" | "transaction-response" | "history");
    for (rule, name, wanted) in [("bdl-3", "request", asked), ("bdl-4", "response", answered)] {
        if has(name) != wanted {
            let (problem, remedy) = match wanted {
                true => (format!("has no {name}"), format!("add {name}")),
                false => (format!("has a {name}"), format!("take {name} out")),
            };
            let fault = Fault::invariant(rule, format!("is in a {kind} and {problem}"), remedy);
            checker.report(fault, place);
        }
    }
}

/// The `fullUrl` of an entry: absolute, without a version, and of its resource.
fn address(checker: &mut Checker<'_>, entry: &Body, place: &Place<'_>) {
    let Some(url) = entry.get("fullUrl").and_then(Value::as_str) else {
        return;
    };
    let here = place.member("fullUrl");
    if !url.contains(':') {
        let fault = Fault::new(
            IssueType::Value,
            "full-url",
            "is not absolute",
            "write the whole address, or urn:uuid: and a UUID",
        );
        checker.report(fault.of(url), &here);
        return;
    }
    if versioned(url).1.is_some() {
        let fault = fault(
            "bdl-8",
            "names a version",
            "leave /_history/ and what follows out",
        );
        checker.report(fault.of(url), &here);
    }
    let (Some((_, kind, id)), Some(resource)) = (restful(versioned(url).0), entry.get("resource"))
    else {
        return;
    };
    let (own_kind, own_id) = (text(resource, "resourceType"), text(resource, "id"));
    if url.starts_with("http") && (own_kind != Some(kind) || own_id.is_some_and(|own| own != id)) {
        let own = format!("{}/{}", own_kind.unwrap_or("?"), own_id.unwrap_or("?"));
        let fault = Fault::new(
            IssueType::BusinessRule,
            "full-url",
            format!("is not the address of {own}"),
            "end it with the resource's type and id",
        );
        checker.report(fault.of(url), &here);
    }
}

/// The types that a search asked for, by its `self` link; nothing where it does not say.
fn searched(body: &Body) -> Option<Vec<&str>> {
    let links = body.get("link").and_then(Value::as_array)?;
    let is_self = |link: &&Value| text(link, "relation") == Some("self");
    let url = text(links.iter().find(is_self)?, "url")?;
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let parameter = |pair: &'_ str| pair.starts_with("_type=");
    if let Some(types) = query.split('&').find(|pair| parameter(pair)) {
        let names = types.trim_start_matches("_type=");
        return Some(names.split(',').collect());
    }
    let kind = path.trim_end_matches("/_search").rsplit('/').next()?;
    table().resource(kind).map(|_| vec![kind])
}

/// An entry among the results of a search.
fn result(checker: &mut Checker<'_>, entry: &Body, wanted: Option<&[&str]>, place: &Place<'_>) {
    let search = entry.get("search");
    let Some(mode) = search.and_then(|search| text(search, "mode")) else {
        return;
    };
    let Some(resource) = entry.get("resource") else {
        return;
    };
    let kind = text(resource, "resourceType").unwrap_or_default();
    let mut refuse = |problem: String, remedy: &str| {
        let fault = Fault::new(IssueType::BusinessRule, "search-result", problem, remedy);
        checker.report(fault, &place.member("resource"));
    };
    if mode == "outcome" {
        if kind != "OperationOutcome" {
            let problem = format!("is the outcome of a search, and of the type {kind}");
            refuse(problem, "write an OperationOutcome, or search.mode match");
        }
        return;
    }
    if resource.get("id").is_none() {
        refuse(
            "is found by a search and has no id".to_owned(),
            "add its id",
        );
    }
    if let Some(wanted) = wanted.filter(|wanted| mode == "match" && !wanted.contains(&kind)) {
        let problem = format!(
            "is of the type {kind}, and the search was for {}",
            wanted.join(", ")
        );
        refuse(problem, "write search.mode include, or leave it out");
    }
}

/// What the first entry of a document or message refers to is in the bundle, once.
fn first_links(checker: &mut Checker<'_>, body: &Body, list: &Place<'_>) {
    let Some(entry) = entries(body).first() else {
        return;
    };
    let Some(Value::Object(resource)) = entry.get("resource") else {
        return;
    };
    let here = list.item(0);
    let here = here.member("resource");
    let from = text(entry, "fullUrl");
    let names: &[&str] = match text(&entry["resource"], "resourceType") {
        Some("Composition") => &[
            "subject",
            "encounter",
            "author",
            "attester",
            "custodian",
            "event",
            "section",
        ],
        Some("MessageHeader") => &["focus"],
        _ => &[],
    };
    for name in names {
        if let Some(value) = resource.get(*name) {
            linked(checker, value, from, &here.member(name), 0);
        }
    }
}

/// Every reference in a value is to an entry of the bundle, and to one alone.
fn linked(
    checker: &mut Checker<'_>,
    value: &Value,
    from: Option<&str>,
    place: &Place<'_>,
    depth: usize,
) {
    match value {
        _ if depth > MAX_DEPTH => {}
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                linked(checker, item, from, &place.item(index), depth + 1);
            }
        }
        Value::Object(inner) => {
            if let Some(reference) = text(value, "reference") {
                found_once(checker, reference, from, place);
            }
            for (name, value) in inner {
                if !matches!(name.as_str(), "text" | "extension" | "identifier") {
                    linked(checker, value, from, &place.member(name), depth + 1);
                }
            }
        }
        _ => {}
    }
}

fn found_once(checker: &mut Checker<'_>, reference: &str, from: Option<&str>, place: &Place<'_>) {
    if reference.starts_with('#') {
        return;
    }
    let Some(links) = checker.bundles.last() else {
        return;
    };
    let found = links.resolve(reference, from).len();
    let by_id = found == 0 && from.is_none() && links.has_bare(reference);
    let fault = match found {
        0 if !by_id => Fault::new(
            IssueType::NotFound,
            "bundle-reference",
            "is in no entry of the bundle",
            "add the resource, with the fullUrl that this reference leads to",
        ),
        2.. => Fault::new(
            IssueType::BusinessRule,
            "bundle-reference",
            format!("leads to {found} entries"),
            "name the version: /_history/ and meta.versionId",
        ),
        _ => return,
    };
    checker.report(fault.of(reference), place);
}
