//! What holds of every export: ids, references, versions, the same bytes.

use super::beside::whole;
use super::stories::{PATIENT, all, of, source, told};
use fhir::export::{Export, Happened, Told, at, export, histories, history};
use serde_json::Value;
use std::collections::BTreeSet;

fn text<'a>(resource: &'a Value, name: &str) -> &'a str {
    resource[name].as_str().unwrap_or_default()
}

/// Every `reference` below a value.
pub(crate) fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(one)) = members.get("reference") {
                found.push(one.clone());
            }
            members.values().for_each(|one| references(one, found));
        }
        Value::Array(items) => items.iter().for_each(|one| references(one, found)),
        _ => {}
    }
}

#[test]
fn ids_are_fhirs_and_each_stands_once() {
    for (name, events) in all() {
        let export = whole(events);
        let mut seen = BTreeSet::new();
        for resource in export.resources() {
            let id = text(resource, "id");
            let legal = |letter: char| letter.is_ascii_alphanumeric() || "-.".contains(letter);
            assert!(
                (1..=64).contains(&id.len()) && id.chars().all(legal),
                "{name}: {id}"
            );
            assert!(
                seen.insert((text(resource, "resourceType"), id)),
                "{name}: {id} twice"
            );
        }
    }
}

#[test]
fn every_reference_is_to_a_resource_of_the_export() {
    for (name, events) in all() {
        for last in 1..=events.len() {
            let export = if last == events.len() {
                whole(events)
            } else {
                of(&events[..last])
            };
            for resource in export.resources() {
                let mut found = Vec::new();
                references(resource, &mut found);
                for one in found {
                    let (kind, id) = one.split_once('/').expect("a type and an id");
                    assert!(
                        export.get(kind, id).is_some(),
                        "{name} at {last}: {one} in {}",
                        resource["id"]
                    );
                }
            }
        }
    }
}

#[test]
fn nothing_in_a_resource_is_empty() {
    fn check(place: &str, value: &Value) {
        match value {
            Value::Null => panic!("{place} is null"),
            Value::String(text) => assert!(!text.trim().is_empty(), "{place} is empty"),
            Value::Array(items) => {
                assert!(!items.is_empty(), "{place} is empty");
                items.iter().for_each(|one| check(place, one));
            }
            Value::Object(members) => {
                assert!(!members.is_empty(), "{place} is empty");
                for (name, one) in members {
                    check(&format!("{place}.{name}"), one);
                }
            }
            _ => {}
        }
    }
    for (_, events) in all() {
        for resource in whole(events).resources() {
            check(text(resource, "resourceType"), resource);
        }
    }
}

#[test]
fn the_same_source_gives_the_same_bytes() {
    for (name, events) in all() {
        let write = || {
            let export = whole(events);
            export.resources().map(Value::to_string).collect::<Vec<_>>()
        };
        assert_eq!(write(), write(), "{name}");
    }
}

#[test]
fn an_earlier_export_is_the_export_of_the_stream_up_to_there() {
    for (name, events) in all() {
        let told = told(events);
        for last in (0..=events.len()).rev().step_by(4) {
            let shorter = source(&told[..last]);
            let earlier = at(&source(&told), last as u64);
            assert_eq!(earlier, export(&shorter), "{name} at {last}");
        }
    }
}

#[test]
fn versions_only_rise_and_the_last_is_the_resource() {
    for (name, events) in all() {
        let told = told(events);
        let source = source(&told);
        let then: Vec<Export> = (0..=events.len() as u64)
            .map(|last| at(&source, last))
            .collect();
        let now = export(&source);
        let all = histories(&source);
        for resource in now.resources() {
            let (kind, id) = (text(resource, "resourceType"), text(resource, "id"));
            let Some(versions) = all.get(&(kind.to_owned(), id.to_owned())) else {
                assert!(
                    resource["meta"]["versionId"].is_null(),
                    "{name}: {kind}/{id}"
                );
                continue;
            };
            let rise = versions
                .windows(2)
                .all(|pair| pair[0].sequence < pair[1].sequence);
            assert!(rise, "{name}: {kind}/{id}");
            let last = versions.last().and_then(|last| last.resource.as_ref());
            assert_eq!(last, Some(resource), "{name}: {kind}/{id}");
            for version in versions {
                let index = usize::try_from(version.sequence).expect("a place");
                let body = version.resource.as_ref().expect("a resource");
                assert_eq!(then[index].get(kind, id), Some(body));
                let own = (version.sequence.to_string(), version.at.to_string());
                assert_eq!(body["meta"]["versionId"], own.0.as_str());
                assert_eq!(body["meta"]["lastUpdated"], own.1.as_str());
            }
        }
    }
}

#[test]
fn the_history_of_one_resource_is_the_one_of_all() {
    let events = super::stories::stopped();
    let told = told(events);
    let source = source(&told);
    let all = histories(&source);
    for ((kind, id), versions) in all.iter().filter(|(key, _)| key.0 != "Observation") {
        assert_eq!(history(&source, kind, id), *versions);
    }
    assert!(history(&source, "Patient", "nobody").is_empty());
}

#[test]
fn an_erased_stream_leaves_that_it_was_there_and_nothing_else() {
    let events = super::stories::round();
    let mut told = told(events);
    let last = told.last().expect("an entry").to_owned();
    told.push(Told {
        sequence: last.sequence + 1,
        at: last.at,
        what: Happened::Erased,
    });
    let source = source(&told);
    assert!(export(&source).is_empty());
    let versions = history(&source, "Patient", &PATIENT.to_string());
    assert_eq!(versions.len(), 1);
    assert_eq!(versions[0].sequence, last.sequence + 1);
    assert!(versions[0].resource.is_none());
    // What comes after is a new beginning.
    let again = events[0].clone();
    told.push(Told {
        sequence: last.sequence + 2,
        at: last.at,
        what: Happened::Event(&again),
    });
    let source = super::stories::source(&told);
    let kinds: BTreeSet<String> = export(&source)
        .resources()
        .map(|one| text(one, "resourceType").to_owned())
        .collect();
    assert!(
        kinds.contains("Patient") && !kinds.contains("Observation"),
        "{kinds:?}"
    );
}

#[test]
fn a_version_says_something_new() {
    for (name, events) in all() {
        let told = told(events);
        for ((kind, id), versions) in histories(&source(&told)) {
            let bodies: Vec<Value> = versions
                .into_iter()
                .filter_map(|version| version.resource)
                .map(|mut body| {
                    body["meta"] = Value::Null;
                    body
                })
                .collect();
            let all_new = bodies.windows(2).all(|pair| pair[0] != pair[1]);
            assert!(all_new, "{name}: {kind}/{id}");
        }
    }
}

#[test]
fn every_quantity_is_in_a_unit_of_ucum_and_every_instant_has_its_offset() {
    fn check(value: &Value) {
        if let Value::Object(members) = value {
            if members
                .get("system")
                .is_some_and(|one| one == "http://unitsofmeasure.org")
            {
                let unit = members["code"].as_str().expect("a unit");
                let known = care::fact::is_known_unit(unit) || unit == "N/s";
                assert!(known && members["value"].is_number(), "{value}");
            }
            for (name, one) in members {
                let dated = name.ends_with("DateTime")
                    || ["date", "start", "end", "recorded"].contains(&name.as_str());
                if let Some(text) = one.as_str().filter(|text| dated && text.contains('T')) {
                    text.parse::<jiff::Timestamp>()
                        .expect("an instant with its offset");
                }
                check(one);
            }
        } else if let Value::Array(items) = value {
            items.iter().for_each(check);
        }
    }
    for (_, events) in all() {
        whole(events).resources().for_each(check);
    }
}

#[test]
fn an_order_that_no_clinic_writes_is_exported_too() {
    for (_, events) in all() {
        let mut backwards: Vec<_> = events.to_vec();
        backwards.reverse();
        assert!(!of(&backwards).is_empty());
        // Half of a story, as if the rest were never told.
        let half: Vec<_> = events.iter().step_by(2).cloned().collect();
        assert!(!of(&half).is_empty());
    }
}

#[test]
fn nothing_of_a_patient_reaches_a_debug_print() {
    let told = told(super::stories::every_kind());
    let source = source(&told);
    let export = export(&source);
    let versions = histories(&source);
    let printed = format!("{export:?} {versions:?}");
    for secret in ["Ada Sample", "555 0100", "sharp pain", "Numb between"] {
        assert!(!printed.contains(secret), "{secret}");
    }
}
