//! The schemas of the document: those of our own types, and the parts that other standards define.

use std::sync::LazyLock;

use care::decide::Decision;
use care::input::schema_of_facts;
use care::knowledge::Knowledge;
use fhir::cds::Service;
use fhir::search::SEARCHED;
use serde_json::{Map, Value, json};

use super::told::SEARCH;

/// `parts.json`; a test reads all of it.
static PARTS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("parts.json")).unwrap_or_default());

/// Facts that the repository shows; each is decided by the command line as well.
const EXAMPLES: [(&str, &str); 5] = [
    (
        "cleared",
        include_str!("../../../../examples/cleared.facts.json"),
    ),
    (
        "refused",
        include_str!("../../../../examples/refused.facts.json"),
    ),
    (
        "ask-more",
        include_str!("../../../../examples/ask-more.facts.json"),
    ),
    (
        "checkin-expected",
        include_str!("../../../../examples/checkin-expected.facts.json"),
    ),
    (
        "checkin-emergency",
        include_str!("../../../../examples/checkin-emergency.facts.json"),
    ),
];

/// Where a schema stands, by its name.
pub(super) fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Every schema by its name.
pub(super) fn all() -> Map<String, Value> {
    let mut all = PARTS["schemas"].as_object().cloned().unwrap_or_default();
    for (name, schema) in [
        ("Facts", schema_of_facts()),
        ("Decision", Decision::json_schema()),
        ("Fact", Knowledge::schema_of_fact()),
    ] {
        take(&mut all, name, schema);
    }
    all.insert("Search".to_owned(), search());
    all
}

/// Takes a schema in, and what it defines beside: `$defs` of all stand next to each other here.
fn take(all: &mut Map<String, Value>, name: &str, mut schema: Value) {
    if let Some(Value::Object(defined)) = schema.as_object_mut().and_then(|one| one.remove("$defs"))
    {
        for (name, schema) in defined {
            take(all, &name, schema);
        }
    }
    settle(&mut schema);
    all.insert(name.to_owned(), schema);
}

/// Rewrites what a schema calls itself and others by.
fn settle(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for name in ["$schema", "$id"] {
                if members.get(name).is_some_and(Value::is_string) {
                    members.remove(name);
                }
            }
            if let Some(Value::String(place)) = members.get_mut("$ref") {
                *place = place.replace("#/$defs/", "#/components/schemas/");
            }
            members.values_mut().for_each(settle);
        }
        Value::Array(items) => items.iter_mut().for_each(settle),
        _ => {}
    }
}

/// The form of a search that is posted: the same parameters.
fn search() -> Value {
    let params = SEARCH.iter();
    let properties: Map<String, Value> = params
        .map(|name| ((*name).to_owned(), parameter(name)["schema"].clone()))
        .collect();
    json!({ "type": "object", "properties": properties })
}

/// A parameter as `parts.json` has it.
pub(super) fn parameter(name: &str) -> Value {
    let mut told = PARTS["parameters"][name].clone();
    told["name"] = json!(name);
    told
}

/// A part of the path that varies; of types, those that can be searched where `searches`.
pub(super) fn part(name: &str, searches: bool) -> Value {
    let mut told = parameter(name);
    told["in"] = json!("path");
    told["required"] = json!(true);
    let searched = || SEARCHED.iter().map(|one| json!(one.kind)).collect();
    match name {
        "type" if searches => told["schema"] = json!({ "enum": Value::Array(searched()) }),
        "type" => told["schema"] = json!({ "enum": types() }),
        "service" => told["schema"] = json!({ "enum": Service::ALL.map(Service::id) }),
        _ => {}
    }
    told
}

/// The types of resource that are served, as the CapabilityStatement has them.
fn types() -> Vec<Value> {
    let statement = fhir::search::capabilities("", "");
    let all = statement["rest"][0]["resource"].as_array();
    let all = all.into_iter().flatten();
    all.map(|one| one["type"].clone()).collect()
}

/// An example of a body.
pub(super) fn example(name: &str) -> Value {
    let known = EXAMPLES.iter().find(|(one, _)| *one == name);
    known.map_or_else(
        || PARTS["examples"][name].clone(),
        |(_, text)| serde_json::from_str(text).unwrap_or_default(),
    )
}

/// Where an answer leads to.
pub(super) fn link(name: &str) -> Value {
    PARTS["links"][name].clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two types of one name would stand in one place.
    #[test]
    fn no_two_schemas_of_one_name_differ() {
        let all = all();
        for schema in [Decision::json_schema(), Knowledge::schema_of_fact()] {
            for (name, defined) in schema["$defs"].as_object().unwrap() {
                let mut defined = defined.clone();
                settle(&mut defined);
                assert_eq!(all[name], defined, "{name}");
            }
        }
    }

    #[test]
    fn every_part_and_example_is_read() {
        for part in ["parameters", "schemas", "examples", "links"] {
            let parts = PARTS[part].as_object().unwrap();
            assert!(!parts.is_empty(), "{part}");
        }
        for (name, _) in EXAMPLES {
            assert!(example(name)["facts"].is_object(), "{name}");
        }
    }
}
