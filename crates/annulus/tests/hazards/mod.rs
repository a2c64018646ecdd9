//! `docs/hazards.md`, written from the rows, the numbers of the code, the tests' own
//! `hazard:` lines and the faults that the simulated table can make. The part between the
//! two markers is written by `crates/table/tests/checks` and carried over as it stands.

mod numbers;
mod tags;

use crate::house::{read, report, root};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use table::wire::FaultKind;
use tags::Shown;

const PAGE: &str = "docs/hazards.md";
/// Around what `crates/table/tests/checks` writes.
const CHECKS: (&str, &str) = ("<!-- checks: begin -->\n", "<!-- checks: end -->\n");
const FOLDER: &str = "crates/annulus/tests/hazards";

#[derive(Deserialize)]
struct Rows {
    hazard: Vec<Row>,
}

/// One hazard.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    name: String,
    cause: String,
    answer: String,
    limit: String,
}

fn rows() -> Vec<Row> {
    let text = read(&format!("{FOLDER}/rows.toml"));
    let rows: Rows = toml::from_str(&text).unwrap_or_else(|error| panic!("rows.toml: {error}"));
    rows.hazard
}

/// The text with each `{name}` replaced by its number; an unknown name is a fault of the row.
fn filled(row: &Row, numbers: &BTreeMap<&str, String>) -> String {
    let mut text = row.limit.clone();
    for (name, value) in numbers {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    assert!(
        !text.contains('{'),
        "{}: `{text}` names a number that numbers.rs does not have",
        row.id
    );
    text
}

/// The kinds of fault that belong to a hazard, in words.
fn faults(id: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let of_it = |kind: &FaultKind| format!("H{}", kind.facts().hazard) == id;
    for name in FaultKind::all().into_iter().filter(of_it).map(named) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// A kind by its name on the wire; a sensor's (cells, both of them, motor, encoder) by what
/// is wrong with it.
fn named(kind: FaultKind) -> String {
    match kind {
        FaultKind::Sensor(_, wrong) => format!("a sensor: {}", words(wrong)),
        FaultKind::PoleOpen(_) => "pole open".to_owned(),
        FaultKind::PoleClosed(_) => "pole closed".to_owned(),
        FaultKind::PoleChatter(_) => "pole chatters".to_owned(),
        other => words(other),
    }
}

/// A name of the wire in words.
fn words(name: impl Serialize) -> String {
    match serde_json::to_value(name).expect("a name is JSON") {
        serde_json::Value::String(name) => name.replace('-', " "),
        other => other.to_string(),
    }
}

/// The table of the checks as the page has it, with its markers; nothing where it has none.
fn checks(page: &str) -> String {
    let (begin, end) = CHECKS;
    let part = page
        .split_once(begin)
        .and_then(|(_, rest)| rest.split_once(end));
    let (kept, _) = part.unwrap_or_default();
    format!("{begin}{kept}{end}")
}

fn page(rows: &[Row], shown: &Shown) -> String {
    let numbers = numbers::all();
    let mut page = read(&format!("{FOLDER}/head.md"));
    page.push_str("\n| hazard | cause | answer | limit | shown by | faults injected |\n");
    page.push_str("|---|---|---|---|---|---|\n");
    for row in rows {
        let tests: Vec<String> = shown
            .of(&row.id)
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        writeln!(
            page,
            "| {} {} | {} | {} | {} | {} | {} |",
            row.id,
            row.name,
            row.cause,
            row.answer,
            filled(row, &numbers),
            tests.join(", "),
            faults(&row.id).join(", ")
        )
        .expect("a string takes what is written");
    }
    page.push('\n');
    page.push_str(&read(&format!("{FOLDER}/tail.md")));
    page.push('\n');
    page.push_str(&checks(&read(PAGE)));
    page
}

#[test]
fn the_hazard_page_is_what_rows_numbers_and_tests_say() {
    let written = page(&rows(), &tags::shown());
    if std::env::var_os("UPDATE_HAZARDS").is_some() {
        std::fs::write(root().join(PAGE), &written).expect("the page can be written");
    }
    assert!(
        read(PAGE) == written,
        "{PAGE} differs from what its rows and the tests say; \
         UPDATE_HAZARDS=1 cargo test -p annulus --test main hazards writes it"
    );
}

#[test]
fn every_hazard_has_a_test_and_every_tag_a_hazard() {
    let (rows, shown) = (rows(), tags::shown());
    let mut complaints: Vec<String> = rows
        .iter()
        .filter(|row| shown.of(&row.id).is_empty())
        .map(|row| {
            format!(
                "{} {}: no test carries `hazard: {}`",
                row.id, row.name, row.id
            )
        })
        .collect();
    let known = |id: &String| rows.iter().any(|row| row.id == *id);
    complaints.extend(
        shown
            .ids()
            .filter(|id| !known(id))
            .map(|id| format!("a test carries `hazard: {id}`, which has no row")),
    );
    report(&complaints);
}

#[test]
fn the_hazards_are_numbered_without_a_gap() {
    let ids: Vec<String> = rows().into_iter().map(|row| row.id).collect();
    let expected: Vec<String> = (1..=ids.len()).map(|n| format!("H{n}")).collect();
    assert!(ids.len() >= 27, "the reference lists 27 hazards");
    assert_eq!(ids, expected);
}
