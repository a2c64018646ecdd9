//! What the clinic settled, sentence by sentence: `docs/clinical.md` says which test shows
//! each, and the tests that stood nowhere else stand in the files beside this one.
use std::fs;
use std::path::{Path, PathBuf};

mod section1;
mod section2;
mod section3;
mod section6;

/// Sections whose sentences are about facts, rules, dose, triage or review.
const ITEMS: [&str; 21] = [
    "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9", "1.10", "1.11", "1.12", "1.13",
    "1.14", "1.15", "2", "3", "4", "5", "6", "7",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The rows of the page: item, sentence, tests.
fn rows() -> Vec<(String, String, Vec<String>)> {
    let text = fs::read_to_string(root().join("docs/clinical.md")).expect("docs/clinical.md");
    let row = |line: &str| {
        let line = line
            .strip_prefix("| §")
            .filter(|rest| rest.starts_with(char::is_numeric))?;
        let cells: Vec<&str> = line.split(" | ").collect();
        let tests = cells
            .get(2)?
            .split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned);
        Some((cells[0].to_owned(), cells[1].to_owned(), tests.collect()))
    };
    text.lines().filter_map(row).collect()
}

/// Every test source below a folder, as one text.
fn sources(folder: &Path, text: &mut String) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|end| end == "rs") {
            text.push_str(&fs::read_to_string(&path).expect("a source"));
        }
    }
}

#[test]
fn every_sentence_that_binds_names_a_test_that_exists() {
    let mut tests = String::new();
    for entry in fs::read_dir(root().join("crates")).expect("the crates") {
        let path = entry.expect("an entry").path();
        ["tests", "src"]
            .iter()
            .for_each(|folder| sources(&path.join(folder), &mut tests));
    }
    let cases = root().join("crates/care/tests/cases");
    let exists = |name: &str| match name.strip_prefix("cases/") {
        Some(file) => cases.join(file).is_file(),
        None => tests.contains(&format!("fn {name}(")),
    };
    let mut wrong = Vec::new();
    for (item, sentence, named) in rows() {
        if named.is_empty() {
            wrong.push(format!("§{item} {sentence}: names no test"));
        }
        let missing = named.iter().filter(|name| !exists(name));
        wrong.extend(missing.map(|name| format!("§{item} {sentence}: {name} is no test")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_section_is_left_out() {
    let rows = rows();
    for item in ITEMS {
        assert!(rows.iter().any(|row| row.0 == item), "§{item} has no row");
    }
    assert!(rows.len() >= 90, "only {} rows", rows.len());
}
