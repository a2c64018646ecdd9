//! The doors of programs as an OpenAPI 3.1 document. It is made of the route table (paths, who may
//! come in, bodies), of the schemas that the types have, and of what each door is for (`told`).
//! Forms that other standards define stand in `parts.json`, as far as they are relied on.
//!
//! It says the same on every machine, and nothing of any patient.

mod schemas;
mod told;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use self::told::{Body, TOLD, Told};
use crate::door::route::{Access, Route, Verb};
use crate::door::scope::{Act, CDS, DECIDE, Right};
use crate::door::speech::Speech;
use crate::routes::TABLE;

/// The document.
#[must_use]
pub fn document() -> Value {
    let mut paths = Map::new();
    for told in TOLD {
        if let Some(route) = route(told) {
            let path = paths.entry(told.path).or_insert_with(|| json!({}));
            path[method(told.method)] = operation(told, route);
        }
    }
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Annulus for programs",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The doors of an Annulus server for programs: the steps that decide, FHIR R4 and CDS Hooks 2.0. \
                What a door does not know is refused, never passed over. Decision support, not a cleared device: a clinician decides.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas::all(),
            "securitySchemes": { "token": token() },
        },
    })
}

/// The doors that are told of, by method and path.
#[must_use]
pub fn doors() -> BTreeSet<(Verb, &'static str)> {
    TOLD.iter().map(|told| (told.method, told.path)).collect()
}

fn route(told: &Told) -> Option<&'static Route> {
    let mut all = TABLE.iter();
    all.find(|route| (route.method, route.path) == (told.method, told.path))
}

const fn method(verb: Verb) -> &'static str {
    match verb {
        Verb::Get => "get",
        Verb::Post => "post",
    }
}

fn token() -> Value {
    json!({
        "type": "http",
        "scheme": "bearer",
        "description": format!(
            "A token that an administrator of the clinic makes on the page Programs, with scopes: those of SMART App Launch 2 \
             for resources (system/Observation.rs, system/*.cruds), {CDS} for CDS Hooks, {DECIDE} for the steps that decide."
        ),
    })
}

/// The scope that lets a program in; `{type}` stands for the type that the path names.
fn scope(right: Right) -> String {
    match right {
        Right::Type(Act::Search) => "system/{type}.s".to_owned(),
        Right::Type(_) => "system/{type}.r".to_owned(),
        Right::Resources => "system/{type}.c".to_owned(),
        Right::Cds => CDS.to_owned(),
        Right::Decide => DECIDE.to_owned(),
    }
}

fn operation(told: &Told, route: &Route) -> Value {
    let searches = route.access == Access::Client(Right::Type(Act::Search));
    let named = varying(told.path).map(|name| schemas::part(name, searches));
    let beside = told.params.iter().map(|name| schemas::parameter(name));
    let parameters: Vec<Value> = named.chain(beside).collect();
    let mut body = json!({
        "operationId": told.id,
        "summary": told.about,
        "tags": [tag(told.path)],
        "responses": responses(told, route),
    });
    if !parameters.is_empty() {
        body["parameters"] = json!(parameters);
    }
    if !told.takes.is_empty() {
        body["requestBody"] = json!({
            "required": true,
            "description": format!("At most {} bytes.", route.body),
            "content": told.takes.iter().map(content).collect::<Map<String, Value>>(),
        });
    }
    if let Access::Client(right) = route.access {
        body["security"] = json!([{ "token": [scope(right)] }]);
    }
    body
}

fn content(body: &Body) -> (String, Value) {
    let mut told = json!({ "schema": schemas::named(body.schema) });
    let examples = body.examples.iter();
    let examples: Map<String, Value> = examples
        .map(|name| {
            (
                (*name).to_owned(),
                json!({ "value": schemas::example(name) }),
            )
        })
        .collect();
    if !examples.is_empty() {
        told["examples"] = json!(examples);
    }
    (body.kind.to_owned(), told)
}

/// The parts of a path that vary.
fn varying(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn tag(path: &str) -> &'static str {
    match path.split('/').nth(1) {
        Some("fhir") => "FHIR R4",
        Some("cds-services") => "CDS Hooks 2.0",
        Some("api") => "Steps that decide",
        _ => "Server",
    }
}

/// Every answer: what follows from the route, and what the door says beside.
fn responses(told: &Told, route: &Route) -> Value {
    let mut all: BTreeSet<u16> = told.also.iter().copied().collect();
    all.insert(500);
    if matches!(route.access, Access::Client(_)) {
        all.extend([401, 403, 429, 503]);
    }
    if !told.takes.is_empty() {
        all.extend([400, 408, 413, 415, 422]);
    }
    if varying(told.path).next().is_some() {
        all.insert(404);
    }
    if matches!(tag(told.path), "FHIR R4" | "Steps that decide") {
        all.extend([400, 406]);
    }
    let faults = all.into_iter().map(|status| {
        let told = fault(status, Speech::of(told.path));
        (status.to_string(), told)
    });
    let success = ("200".to_owned(), success(told));
    Value::Object(faults.chain([success]).collect())
}

fn success(told: &Told) -> Value {
    let mut body = json!({ "description": "What was asked for." });
    if let Some((kind, schema)) = told.gives {
        body["content"] = json!({ kind: { "schema": schemas::named(schema) } });
    }
    if !told.links.is_empty() {
        let links = told.links.iter();
        let links: Map<String, Value> = links
            .map(|name| ((*name).to_owned(), schemas::link(name)))
            .collect();
        body["links"] = json!(links);
    }
    if told.also.contains(&304) {
        body["headers"] = json!({
            "ETag": { "description": "The version.", "schema": { "type": "string", "pattern": "^W/\"[^\"]+\"$" } },
            "Last-Modified": { "description": "Since when it is so.", "schema": { "type": "string" } },
        });
    }
    body
}

/// An answer that is none of what was asked for, in the form that the path speaks.
fn fault(status: u16, speech: Speech) -> Value {
    let reason = StatusCode::from_u16(status).ok();
    let reason = reason.and_then(|status| status.canonical_reason());
    let mut body = json!({ "description": reason.unwrap_or("A fault") });
    let seconds = json!({ "description": "Seconds.", "required": true, "schema": { "type": "integer", "minimum": 1 } });
    match status {
        304 => return body,
        401 => {
            body["headers"] = json!({ "WWW-Authenticate": {
                "description": "Why (RFC 6750 §3).",
                "required": true,
                "schema": { "type": "string", "pattern": "^Bearer " },
            }});
        }
        429 | 503 => body["headers"] = json!({ "Retry-After": seconds }),
        _ => {}
    }
    let (kind, schema) = match speech {
        Speech::Outcome => ("application/fhir+json", "OperationOutcome"),
        Speech::Problem | Speech::Page => ("application/problem+json", "Problem"),
    };
    body["content"] = json!({ kind: { "schema": schemas::named(schema) } });
    body
}
