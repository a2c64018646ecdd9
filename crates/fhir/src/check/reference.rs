//! References: their form, whether what is contained is there, and of what type it is.
//!
//! After `references.html` (FHIR 4.0.1): `#id`, an absolute address, `Type/id`
//! with an optional version, or, in a transaction, a search.

use super::issue::{Fault, IssueType};
use super::links::{restful, text, versioned};
use super::place::Place;
use super::primitive::{is_id, is_uuid};
use super::table::Typed;
use super::walk::Checker;
use serde_json::{Map, Value};

/// The type of the contained resource that `#id` names.
fn contained<'a>(checker: &Checker<'a>, id: &str) -> Option<&'a str> {
    checker.containers.last()?.get(id).copied()
}

fn is_absolute(url: &str) -> bool {
    let scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    url.split_once(':').is_some_and(|(front, _)| scheme(front))
}

/// The form of a `Reference`, and that what it names inside the resource is there.
pub(super) fn check<'a>(
    checker: &mut Checker<'a>,
    body: &'a Map<String, Value>,
    place: &Place<'_>,
) {
    let Some(reference) = body.get("reference").and_then(Value::as_str) else {
        let said = [
            "reference",
            "_reference",
            "identifier",
            "display",
            "_display",
            "extension",
        ];
        if !said.iter().any(|name| body.contains_key(*name)) {
            let fault = Fault::new(
                IssueType::Required,
                "reference",
                "has no reference, no identifier and no display",
                "add one of them",
            );
            checker.report(fault, place);
        }
        return;
    };
    let here = place.member("reference");
    if let Some(id) = reference.strip_prefix('#') {
        if !id.is_empty() && contained(checker, id).is_none() {
            let fault = Fault::invariant(
                "ref-1",
                "names nothing that the resource contains",
                "put the resource into contained, or name it by its address",
            );
            checker.report(fault.of(reference), &here);
        }
        return;
    }
    let (address, version) = versioned(reference);
    let search = address.split_once('?').map(|(kind, _)| kind);
    let fine = match (is_absolute(address), search) {
        (true, _) if address.starts_with("urn:uuid:") => is_uuid(address),
        (true, _) => true,
        (false, Some(kind)) => checker.table.resource(kind).is_some(),
        (false, None) => match restful(address) {
            Some((base, _, id)) => base.is_empty() && is_id(id) && version.is_none_or(is_id),
            None => false,
        },
    };
    if !fine {
        let fault = Fault::new(
            IssueType::Value,
            "reference",
            "is no reference",
            "write Type/id, #id of what is contained, or an absolute address",
        );
        checker.report(fault.of(reference), &here);
    }
}

/// That a reference names a resource of a type it may name.
pub(super) fn target(checker: &mut Checker<'_>, typed: &Typed, value: &Value, place: &Place<'_>) {
    if typed.targets.is_empty() || typed.name != "Reference" {
        return;
    }
    let said = text(value, "type").map(|kind| kind.rsplit('/').next().unwrap_or(kind));
    let named = text(value, "reference").and_then(|reference| named(checker, reference));
    for kind in [named, said].into_iter().flatten() {
        if !typed.targets.contains(&kind) {
            let fault = Fault::new(
                IssueType::Structure,
                "reference-target",
                format!("refers to the type {kind}"),
                format!("name one of {}", typed.targets.join(", ")),
            );
            let shown = text(value, "reference").unwrap_or(kind).to_owned();
            return checker.report(fault.of(&shown), place);
        }
    }
}

/// The type of the resource that a reference names, where it can be told.
pub(super) fn named(checker: &Checker<'_>, reference: &str) -> Option<&'static str> {
    let known = |kind: &str| {
        let id = checker.table.resource(kind)?;
        Some(checker.table.types[id].name)
    };
    if let Some(id) = reference.strip_prefix('#') {
        return known(contained(checker, id)?);
    }
    let (address, _) = versioned(reference);
    if let Some((kind, _)) = address.split_once('?') {
        return known(kind.rsplit('/').next()?);
    }
    if address.starts_with("urn:") {
        let links = checker.bundles.last()?;
        return known(links.resolve(address, None).first()?.kind);
    }
    restful(address).and_then(|(_, kind, _)| known(kind))
}

/// A `canonical`: absolute, or of what is contained; not plainly of another type.
pub(super) fn canonical(checker: &mut Checker<'_>, typed: &Typed, url: &str, place: &Place<'_>) {
    const HL7: &str = "http://hl7.org/fhir/";
    if let Some(id) = url.strip_prefix('#') {
        if !id.is_empty() && contained(checker, id).is_none() {
            let fault = Fault::new(
                IssueType::NotFound,
                "canonical",
                "names nothing that the resource contains",
                "put it into contained, or write its canonical address",
            );
            checker.report(fault.of(url), place);
        }
        return;
    }
    let plain = url.split(['|', '#']).next().unwrap_or(url);
    if !is_absolute(plain) {
        let fault = Fault::new(
            IssueType::Value,
            "canonical",
            "is not absolute",
            "write the whole canonical address, as http://example.org/fhir/Library/x",
        );
        return checker.report(fault.of(url), place);
    }
    // HL7 names what it defines by its type: an address of its own of another type is another thing.
    let Some((_, kind, _)) = plain.strip_prefix(HL7).and_then(restful) else {
        return;
    };
    if !typed.targets.is_empty() && !typed.targets.contains(&kind) {
        let fault = Fault::new(
            IssueType::Value,
            "canonical-target",
            format!("is an address of the type {kind}"),
            format!("name one of {}", typed.targets.join(", ")),
        );
        checker.report(fault.of(url), place);
    }
}
