//! Extensions: value or parts, known or not, where they may stand, of what type.
//!
//! After `extensibility.html` (FHIR 4.0.1) and the extensions that R4 defines.

use super::Extensions;
use super::issue::{Fault, IssueType};
use super::links::text;
use super::place::Place;
use super::primitive::Primitive;
use super::table::Extension;
use super::walk::{Checker, Spot};
use serde_json::{Map, Value};

/// The namespace that HL7 defines its own extensions in.
const HL7: &str = "http://hl7.org/fhir/StructureDefinition/";

fn fault(rule: &'static str, problem: impl Into<String>, remedy: impl Into<String>) -> Fault {
    Fault::new(IssueType::Extension, rule, problem, remedy)
}

/// An extension that stands in `holder`, as its `extension` or `modifierExtension`.
pub(super) fn check<'a>(
    checker: &mut Checker<'a>,
    body: &'a Map<String, Value>,
    place: &Place<'_>,
    spot: Spot,
    holder: Spot,
) {
    let is_value = |key: &String| key.trim_start_matches('_').starts_with("value");
    let value = body.keys().find(|key| is_value(key));
    if value.is_some() == body.contains_key("extension") {
        let fault = Fault::invariant(
            "ext-1",
            "has a value and extensions, or neither",
            "keep either the value or the extensions",
        );
        checker.report(fault, place);
    }
    let Some(url) = body.get("url").and_then(Value::as_str) else {
        return;
    };
    let here = place.member("url");
    let (plain, version) = url.split_once('|').unwrap_or((url, ""));
    if !version.is_empty() {
        let fault = fault(
            "extension-url",
            "has a version, which the url of an extension may not have",
            "leave | and what follows out",
        );
        checker.report(fault.of(url), &here);
    }
    let nested = holder.kind == "Extension";
    if !plain.contains(':') {
        if !nested {
            let fault = fault(
                "extension-url",
                "is not absolute",
                "write the whole address of its definition",
            );
            checker.report(fault.of(url), &here);
        }
        return;
    }
    let modifies = spot.element == "modifierExtension";
    match checker.table.extension(plain) {
        None => unknown(checker, plain, modifies, nested, place),
        Some(known) => {
            let found = value.map(String::as_str);
            defined(checker, known, plain, (body, found), place);
            stands(checker, known, plain, (holder, modifies), place);
        }
    }
}

/// An extension that R4 does not define.
fn unknown(checker: &mut Checker<'_>, url: &str, modifies: bool, nested: bool, place: &Place<'_>) {
    let remedy = "use an extension that FHIR R4 defines, or agree on this one with who reads it";
    if modifies {
        let fault = fault(
            "modifier-extension",
            "is not known, and changes the meaning of what it stands in",
            remedy,
        );
        checker.report(fault.of(url), place);
    } else if checker.extensions == Extensions::Known && !nested {
        let fault = fault(
            "unknown-extension",
            "is an extension that is not known",
            remedy,
        );
        checker.report(fault.of(url), place);
    } else if url.starts_with(HL7) {
        let fault = fault(
            "unknown-extension",
            "is an extension that FHIR 4.0.1 does not define",
            "make sure that a later package of HL7 does",
        );
        checker.report(fault.of(url).warning(), place);
    }
}

/// The value and the parts of an extension that R4 defines.
fn defined<'a>(
    checker: &mut Checker<'a>,
    known: &Extension,
    url: &str,
    (body, value): (&'a Map<String, Value>, Option<&str>),
    place: &Place<'_>,
) {
    let value = value.map(|key| key.trim_start_matches('_').trim_start_matches("value"));
    let is = |kind: &&str| value.is_some_and(|value| value.eq_ignore_ascii_case(kind));
    if value.is_some() && !known.types.iter().any(is) {
        let remedy = match known.types.as_slice() {
            [] => "write its parts as extensions".to_owned(),
            types => format!("write a value of {}", types.join(" or ")),
        };
        let fault = fault("extension-type", "has a value of another type", remedy);
        checker.report(fault.of(url), place);
    }
    let Some(Value::Array(parts)) = body.get("extension") else {
        return;
    };
    let all = place.member("extension");
    for (index, part) in parts.iter().enumerate() {
        let Some(name) = text(part, "url").filter(|name| !name.contains(':')) else {
            continue;
        };
        if !known.parts.contains(&name) {
            let fault = fault(
                "extension-part",
                format!("is no part of {url}"),
                format!("write one of {}", known.parts.join(", ")),
            );
            checker.report(fault.of(name), &all.item(index));
        }
    }
}

/// Whether an extension that R4 defines may stand where it stands.
fn stands(
    checker: &mut Checker<'_>,
    known: &Extension,
    url: &str,
    (holder, modifies): (Spot, bool),
    place: &Place<'_>,
) {
    if known.modifies != modifies {
        let right = if known.modifies {
            "modifierExtension"
        } else {
            "extension"
        };
        let fault = fault(
            "extension-context",
            "does not stand where its definition puts it",
            format!("write it as {right}"),
        );
        checker.report(fault.of(url), place);
    }
    if !may_stand(checker, known, holder, place) {
        let fault = fault(
            "extension-context",
            format!("may not stand in {}", shown(holder)),
            format!("write it in {}", known.contexts.join(" or ")),
        );
        checker.report(fault.of(url), place);
    }
}

fn shown(holder: Spot) -> String {
    match holder.owner {
        "" => holder.kind.to_owned(),
        owner => format!("{owner}.{}", holder.element),
    }
}

fn may_stand(checker: &Checker<'_>, known: &Extension, holder: Spot, place: &Place<'_>) -> bool {
    let contexts = || {
        known
            .contexts
            .iter()
            .map(|context| context.trim_end_matches("[x]"))
    };
    let based = |context: &str| match checker.table.named(holder.kind) {
        Some(id) => checker.table.is_based_on(id, context),
        None => Primitive::named(holder.kind).is_some() && primitive_is(holder.kind, context),
    };
    let own = shown(holder);
    // `Element` is any element, and resources are meant, too.
    let anywhere = |context: &str| context == "*" || context == "Element";
    if contexts().any(|context| anywhere(context) || context == own || based(context)) {
        return true;
    }
    let resource = checker.resource_type();
    let path = place.plain(resource);
    let path = path.rsplit_once('.').map_or("", |(path, _)| path);
    contexts().any(|context| context == path)
}

/// Whether a primitive type is another, or is based on it.
fn primitive_is(kind: &str, context: &str) -> bool {
    let base = match kind {
        "code" | "id" | "markdown" => "string",
        "url" | "canonical" | "oid" | "uuid" => "uri",
        "positiveInt" | "unsignedInt" => "integer",
        _ => kind,
    };
    context == kind || context == base
}
