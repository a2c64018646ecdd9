//! What is ours and stands in an export is defined by the resources that go with it.

use super::beside::whole;
use super::setting::knowledge;
use super::stories::all;
use fhir::export::{EXTENSION, FACT, TERM, definitions};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The types of value that each extension takes, and where it stands.
fn extensions() -> BTreeMap<String, (BTreeSet<String>, Option<String>)> {
    let texts = |list: &Value, name: &str| -> BTreeSet<String> {
        let all = list.as_array().into_iter().flatten();
        all.filter_map(|one| one[name].as_str().map(str::to_owned))
            .collect()
    };
    definitions(knowledge())
        .iter()
        .filter(|one| one["resourceType"] == "StructureDefinition")
        .map(|one| {
            let on = texts(&one["context"], "expression");
            let elements = one["differential"]["element"].as_array();
            let value = elements
                .into_iter()
                .flatten()
                .find(|element| element["path"] == "Extension.value[x]");
            let takes = value.and_then(|value| texts(&value["type"], "code").pop_first());
            (
                one["url"].as_str().unwrap_or_default().to_owned(),
                (on, takes),
            )
        })
        .collect()
}

#[test]
fn every_extension_stands_where_its_definition_says_and_holds_its_type() {
    let known = extensions();
    let mut seen = BTreeSet::new();
    let mut look = |kind: &str, value: &Value| {
        for one in value["extension"].as_array().into_iter().flatten() {
            let url = one["url"].as_str().unwrap_or_default();
            let (on, takes) = &known[url];
            assert!(on.contains(kind), "{url} on {kind}");
            let held = takes.as_ref().map(|takes| {
                let (head, tail) = takes.split_at(1);
                format!("value{}{tail}", head.to_uppercase())
            });
            let member = held.unwrap_or_else(|| "extension".to_owned());
            assert!(one.get(&member).is_some(), "{url} without {member}");
            seen.insert(url.to_owned());
        }
    };
    for (_, events) in all() {
        for resource in whole(events).resources() {
            let kind = resource["resourceType"].as_str().unwrap_or_default();
            look(kind, resource);
            look("Attachment", &resource["sourceAttachment"]);
            let contents = resource["content"].as_array().into_iter().flatten();
            contents.for_each(|one| look("Attachment", &one["attachment"]));
            let signatures = resource["signature"].as_array().into_iter().flatten();
            signatures.for_each(|one| look("Signature", one));
        }
    }
    let unseen: Vec<&String> = known.keys().filter(|url| !seen.contains(*url)).collect();
    assert!(unseen.is_empty(), "no story has {unseen:?}");
    assert!(seen.iter().all(|url| url.starts_with(EXTENSION)));
}

#[test]
fn every_word_of_ours_is_defined() {
    let definitions = definitions(knowledge());
    let defined: BTreeSet<String> = definitions
        .iter()
        .filter(|one| one["url"] == TERM || one["url"] == FACT)
        .flat_map(|one| one["concept"].as_array().cloned().unwrap_or_default())
        .flat_map(|one| {
            let inner = one["concept"].as_array().cloned().unwrap_or_default();
            std::iter::once(one).chain(inner)
        })
        .filter_map(|one| one["code"].as_str().map(str::to_owned))
        .collect();
    let addresses: BTreeSet<String> = definitions
        .iter()
        .filter_map(|one| one["url"].as_str().map(str::to_owned))
        .collect();
    fn look(value: &Value, found: &mut Vec<String>, urls: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                let ours = members
                    .get("system")
                    .is_some_and(|one| one == TERM || one == FACT);
                if let Some(code) = members.get("code").and_then(Value::as_str).filter(|_| ours) {
                    found.push(code.to_owned());
                }
                let url = members.get("url").and_then(Value::as_str);
                urls.extend(url.filter(|url| url.starts_with("urn:")).map(str::to_owned));
                members.values().for_each(|one| look(one, found, urls));
            }
            Value::Array(items) => items.iter().for_each(|one| look(one, found, urls)),
            _ => {}
        }
    }
    for (name, events) in all() {
        let (mut found, mut urls) = (Vec::new(), Vec::new());
        for resource in whole(events).resources() {
            look(resource, &mut found, &mut urls);
        }
        for code in found {
            assert!(defined.contains(&code), "{name}: {code}");
        }
        for url in urls {
            assert!(addresses.contains(&url), "{name}: {url}");
        }
    }
}
