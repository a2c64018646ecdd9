//! Every kind of event is mapped, to what the table says, or left out with a reason.

use super::stories::{every_kind, source, told};
use care::episode::What;
use fhir::export::{MAPPED, at};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn the_table_has_every_kind_once() {
    let kinds: Vec<&str> = MAPPED.iter().map(|one| one.kind).collect();
    assert_eq!(
        kinds,
        What::KINDS,
        "map the new kind, or say why it is left out"
    );
    for one in MAPPED.iter().filter(|one| one.resources.is_empty()) {
        assert!(
            !one.note.is_empty(),
            "{} is left out without a reason",
            one.kind
        );
    }
}

/// What changed with each event of a stream, by type.
fn changed(events: &[care::episode::Event]) -> Vec<(&'static str, BTreeSet<String>)> {
    let told = told(events);
    let source = source(&told);
    let versions = |last: u64| -> BTreeMap<String, (String, String)> {
        let export = at(&source, last);
        export
            .resources()
            .map(|one| {
                let kind = one["resourceType"].as_str().unwrap_or_default();
                let name = format!("{kind}/{}", one["id"]);
                (
                    name,
                    (kind.to_owned(), one["meta"]["versionId"].to_string()),
                )
            })
            .collect()
    };
    let mut before = BTreeMap::new();
    (1..)
        .zip(events)
        .map(|(sequence, event)| {
            let after = versions(sequence);
            let own = format!("\"{sequence}\"");
            let new = after.iter().filter(|(name, (_, version))| {
                *version == own && before.get(*name) != after.get(*name)
            });
            let kinds = new.map(|(_, (kind, _))| kind.clone()).collect();
            before = after.clone();
            (event.kind(), kinds)
        })
        .collect()
}

#[test]
fn every_mapped_kind_changes_what_the_table_says_and_nothing_else() {
    let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (_, events) in super::stories::all() {
        for (kind, types) in changed(events) {
            seen.entry(kind).or_default().extend(types);
        }
    }
    let mut missing: Vec<String> = Vec::new();
    for one in MAPPED {
        let mut types = seen.remove(one.kind).unwrap_or_default();
        let provenance = types.remove("Provenance");
        let listed = |name: &String| one.resources.contains(&name.as_str());
        let extra: Vec<&String> = types.iter().filter(|name| !listed(name)).collect();
        assert!(extra.is_empty(), "{} also makes {extra:?}", one.kind);
        let unseen: Vec<&&str> = one
            .resources
            .iter()
            .filter(|name| !types.contains(**name) && **name != "Provenance")
            .collect();
        missing.extend(unseen.iter().map(|name| format!("{}: {name}", one.kind)));
        assert_eq!(provenance, !one.resources.is_empty(), "{}", one.kind);
    }
    assert!(missing.is_empty(), "no story makes {missing:#?}");
}

#[test]
fn the_golden_events_are_all_told() {
    let kinds: BTreeSet<&str> = every_kind()
        .iter()
        .map(care::episode::Event::kind)
        .collect();
    assert_eq!(kinds.len(), What::KINDS.len());
}
