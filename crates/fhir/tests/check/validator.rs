//! Agreement with the outcomes that HL7's validator recorded for its own test cases.
//!
//! What is reached stands in `docs/fhir-check.md`, and may not fall.
//! `ANNULUS_BLESS=1` writes the table there anew; read the difference.

use crate::support::sample;
use fhir::check::{self, Extensions, Issue};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const FOLDER: &str = "fhir_test_cases_validator";

/// One file: what was recorded, and what we say.
struct Case {
    /// Errors recorded, for each set of options that it was run with.
    recorded: Vec<u64>,
    /// Rules broken where any extension may stand.
    any: Vec<&'static str>,
    /// Rules broken where only R4's own extensions may stand.
    known: Vec<&'static str>,
}

fn rules(bytes: &[u8], extensions: Extensions) -> Vec<&'static str> {
    let issues = check::bytes(bytes, extensions);
    let errors = issues.iter().filter(|issue| issue.is_error());
    let mut rules: Vec<_> = errors.map(|issue: &Issue| issue.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

fn cases() -> Option<BTreeMap<String, Case>> {
    let list = sample(&format!("{FOLDER}/_expected.json"))?;
    let list: Vec<Value> = serde_json::from_slice(&list).expect("a list");
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    for row in list {
        let file = row["file"].as_str().expect("a name");
        let errors = row["expectedErrors"].as_u64().expect("a number");
        if let Some(case) = cases.get_mut(file) {
            case.recorded.push(errors);
            continue;
        }
        let bytes = sample(&format!("{FOLDER}/{file}"))?;
        let case = Case {
            recorded: vec![errors],
            any: rules(&bytes, Extensions::Any),
            known: rules(&bytes, Extensions::Known),
        };
        cases.insert(file.to_owned(), case);
    }
    Some(cases)
}

/// True alarms, of how many; false alarms, of how many.
fn counted(
    cases: &BTreeMap<String, Case>,
    recorded: impl Fn(&Case) -> u64,
    ours: impl Fn(&Case) -> &[&'static str],
) -> [usize; 4] {
    let count = |bad: bool, alarm: bool| {
        let alike =
            |case: &&Case| (recorded(case) > 0) == bad && (!alarm || !ours(case).is_empty());
        cases.values().filter(alike).count()
    };
    [
        count(true, true),
        count(true, false),
        count(false, true),
        count(false, false),
    ]
}

fn worst(case: &Case) -> u64 {
    case.recorded.iter().copied().max().unwrap_or_default()
}

fn last(case: &Case) -> u64 {
    case.recorded.last().copied().unwrap_or_default()
}

/// The page with the table; what stands between the marks is written by this test.
fn page() -> (PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/fhir-check.md");
    let text = std::fs::read_to_string(&path).expect("the page");
    (path, text)
}

const BEGIN: &str = "<!-- cases: begin -->\n";
const END: &str = "<!-- cases: end -->";

fn table(cases: &BTreeMap<String, Case>) -> String {
    let mut lines = vec![
        "| case | errors recorded | rules we find broken | with R4's extensions alone |".to_owned(),
        "|---|---|---|---|".to_owned(),
    ];
    for (file, case) in cases {
        if worst(case) == 0 && case.known.is_empty() {
            continue;
        }
        let recorded: Vec<String> = case.recorded.iter().map(u64::to_string).collect();
        let more = match case.known == case.any {
            true => "the same".to_owned(),
            false => case.known.join(", "),
        };
        let found = if case.any.is_empty() {
            "none".to_owned()
        } else {
            case.any.join(", ")
        };
        lines.push(format!(
            "| {file} | {} | {found} | {more} |",
            recorded.join("; ")
        ));
    }
    lines.join("\n") + "\n"
}

#[test]
fn the_agreement_with_hl7s_validator_does_not_fall() {
    let Some(cases) = cases() else { return };
    assert_eq!(cases.len(), 85);
    // A file is wrong where any of its recordings found an error.
    assert_eq!(counted(&cases, worst, any_of), [39, 44, 0, 41]);
    assert_eq!(counted(&cases, worst, known_of), [43, 44, 1, 41]);
    // By the last recording alone, which for three files is one that was told to let errors pass.
    assert_eq!(counted(&cases, last, any_of), [36, 41, 3, 44]);
    assert_eq!(counted(&cases, last, known_of), [40, 41, 4, 44]);
}

fn any_of(case: &Case) -> &[&'static str] {
    &case.any
}

fn known_of(case: &Case) -> &[&'static str] {
    &case.known
}

#[test]
fn the_page_lists_each_case_as_it_is() {
    let Some(cases) = cases() else { return };
    let (path, text) = page();
    let (front, rest) = text.split_once(BEGIN).expect("the mark");
    let (listed, back) = rest.split_once(END).expect("the mark");
    let found = table(&cases);
    if std::env::var_os("ANNULUS_BLESS").is_some() {
        std::fs::write(path, format!("{front}{BEGIN}{found}{END}{back}")).expect("written");
        return;
    }
    assert_eq!(listed, found);
    for (file, case) in &cases {
        let missed = worst(case) > 0 && case.any.is_empty();
        let said = back.contains(file.as_str()) || front.contains(file.as_str());
        assert!(
            said || !missed,
            "docs/fhir-check.md does not say why {file} is missed"
        );
    }
}
