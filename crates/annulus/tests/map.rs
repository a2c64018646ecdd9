//! `ARCHITECTURE.md` against the tree: every path exists, every crate appears,
//! every import points down and is in the table.

use crate::house::{crates, read, report, root};
use std::collections::BTreeMap;

/// The crate table: name to allowed imports.
fn table() -> BTreeMap<String, Vec<String>> {
    let text = read("ARCHITECTURE.md");
    let section = text
        .split("## Crates")
        .nth(1)
        .and_then(|rest| rest.split("\n## ").next())
        .expect("the map has a section Crates");
    section
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let imports = cells[1]
                .split(", ")
                .filter(|name| *name != "–")
                .map(str::to_owned);
            (cells[0].trim_end_matches('`').to_owned(), imports.collect())
        })
        .collect()
}

/// Workspace crates that a manifest's section depends on.
fn imports(name: &str, section: &str) -> Vec<String> {
    let manifest: toml::Table = read(&format!("crates/{name}/Cargo.toml"))
        .parse()
        .expect("a manifest is TOML");
    let known = crates();
    manifest
        .get(section)
        .and_then(|section| section.as_table())
        .map(|table| {
            table
                .keys()
                .filter(|key| known.contains(key))
                .cloned()
                .collect()
        })
        .unwrap_or_default()
}

#[test]
fn every_crate_is_on_the_map_and_every_row_is_a_crate() {
    let on_map: Vec<_> = table().into_keys().collect();
    assert_eq!(on_map, crates());
}

#[test]
fn every_path_on_the_map_exists() {
    let text = read("ARCHITECTURE.md");
    let complaints: Vec<_> = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.contains('/') && !word.contains(' '))
        .filter(|path| !root().join(path).exists() && !root().join(format!("{path}.rs")).exists())
        .map(|path| format!("ARCHITECTURE.md names {path}, which does not exist"))
        .collect();
    report(&complaints);
}

#[test]
fn every_import_is_on_the_map() {
    let map = table();
    let mut complaints = Vec::new();
    for name in crates() {
        let allowed = map.get(&name).cloned().unwrap_or_default();
        for import in imports(&name, "dependencies") {
            if !allowed.contains(&import) {
                complaints.push(format!(
                    "{name} imports {import}, which its row does not allow"
                ));
            }
        }
    }
    report(&complaints);
}

#[test]
fn every_import_points_down() {
    let map = table();
    let text = read("ARCHITECTURE.md");
    let order: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(|name| map.contains_key(*name))
        .collect();
    let place = |name: &str| order.iter().position(|other| *other == name);
    for (name, imports) in &map {
        for import in imports {
            assert!(
                place(import) < place(name),
                "{name} must not import {import}, which stands above it"
            );
        }
    }
}

#[test]
fn every_library_says_what_it_must_never_know() {
    let complaints: Vec<_> = crates()
        .into_iter()
        .filter(|name| root().join(format!("crates/{name}/src/lib.rs")).exists())
        .filter(|name| !read(&format!("crates/{name}/src/lib.rs")).contains("ust never know"))
        .map(|name| format!("crates/{name}/src/lib.rs does not say what it must never know"))
        .collect();
    report(&complaints);
}
