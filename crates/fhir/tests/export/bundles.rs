//! Bundles.

use super::laws::references;
use super::stories::{of, round, source, stopped, told};
use fhir::export::bundle::Found;
use fhir::export::{bundle, export, history};
use serde_json::{Value, json};

const BASE: &str = "https://a.example/fhir";

#[test]
fn in_a_collection_without_a_place_every_reference_is_an_entry() {
    let bundle = bundle::collection(&of(round()), bundle::Address::Urn);
    let entries = bundle["entry"].as_array().expect("entries");
    let urls: Vec<&str> = entries
        .iter()
        .filter_map(|one| one["fullUrl"].as_str())
        .collect();
    let unique: std::collections::BTreeSet<&&str> = urls.iter().collect();
    assert_eq!(unique.len(), entries.len());
    for url in &urls {
        let uuid = url.strip_prefix("urn:uuid:").expect("a UUID");
        uuid.parse::<uuid::Uuid>().expect("a UUID");
    }
    let mut found = Vec::new();
    references(&bundle, &mut found);
    assert!(!found.is_empty());
    for one in found {
        assert!(urls.contains(&one.as_str()), "{one}");
    }
}

#[test]
fn a_page_of_a_search_names_its_pages_and_what_came_along() {
    let export = of(round());
    let matches: Vec<_> = export.of("Procedure").map(Found::of).collect();
    let included: Vec<_> = export.of("Patient").map(Found::of).collect();
    let next = [("next", format!("{BASE}/Procedure?page=2"))];
    let page = bundle::searchset((&matches, &included), Some(40), &next, BASE);
    let page = serde_json::to_value(page).expect("it is written");
    assert_eq!(page["link"][0]["relation"], "next");
    assert_eq!(page["total"], 40);
    let entries = page["entry"].as_array().expect("entries");
    for entry in entries {
        let resource = &entry["resource"];
        let text = |name: &str| resource[name].as_str().unwrap_or_default();
        let url = format!("{BASE}/{}/{}", text("resourceType"), text("id"));
        assert_eq!(entry["fullUrl"], url.as_str());
    }
    let modes: Vec<&str> = entries
        .iter()
        .filter_map(|one| one["search"]["mode"].as_str())
        .collect();
    assert_eq!(modes.iter().filter(|mode| **mode == "include").count(), 1);
    assert_eq!(modes.last(), Some(&"include"));
    let none: [Found<&Value>; 0] = [];
    let none = bundle::searchset((&none, &none), Some(0), &[], BASE);
    let none = serde_json::to_value(none).expect("it is written");
    assert_eq!(
        none,
        json!({"resourceType": "Bundle", "type": "searchset", "total": 0})
    );
}

#[test]
fn a_history_is_told_newest_first() {
    let events = stopped();
    let told = told(events);
    let source = source(&told);
    let export = export(&source);
    let session = export.of("Procedure").next().expect("a session");
    let id = session["id"].as_str().expect("an id");
    let bundle = bundle::history(&history(&source, "Procedure", id), ("Procedure", id), BASE);
    let entries = bundle["entry"].as_array().expect("entries");
    assert_eq!(entries[0]["resource"], *session);
    assert_eq!(
        entries.last().expect("a first")["response"]["status"],
        "201"
    );
    assert_eq!(bundle["total"], entries.len());
}
