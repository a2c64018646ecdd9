//! One resource of each type and status as it is written: read it when it changes.
//!
//! `ANNULUS_BLESS=1` writes the file anew.

use super::beside::whole;
use super::stories::all;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[test]
fn one_of_each_is_written_as_it_was_read() {
    let mut examples: BTreeMap<String, Value> = BTreeMap::new();
    for (name, events) in all() {
        for resource in whole(events).resources() {
            let kind = resource["resourceType"].as_str().unwrap_or_default();
            let status = resource["status"].as_str().unwrap_or("-");
            let key = format!("{kind} {status}");
            let smaller =
                |old: &Value| old["resource"].to_string().len() > resource.to_string().len();
            if examples.get(&key).is_none_or(smaller) {
                let example = serde_json::json!({ "story": name, "resource": resource });
                examples.insert(key, example);
            }
        }
    }
    let mut text = serde_json::to_string_pretty(&examples).expect("JSON");
    text.push('\n');
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/export/expected.json");
    if std::env::var_os("ANNULUS_BLESS").is_some() {
        std::fs::write(&path, &text).expect("written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == text,
        "the export changed: bless it and read what changed"
    );
}
