//! `docs/coverage.md` against the knowledge: each row names what exists, no contraindication
//! lacks a row, and no rule stands nowhere.
use crate::support::knowledge;
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../../docs/coverage.md");

/// The rows: name, rules, names in the remark.
fn rows() -> Vec<(&'static str, Vec<&'static str>, Vec<&'static str>)> {
    let row = |line: &'static str| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.split('|').map(str::trim).collect();
        let [name, rules, remark, ""] = cells[..] else {
            return None;
        };
        (name != "row").then(|| (name, ticked(rules), ticked(remark)))
    };
    PAGE.lines().filter_map(row).collect()
}

fn ticked(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_rule_and_fact_that_the_coverage_names_exists() {
    let rule = |id: &str| knowledge().rule(id).is_some();
    let fact = |id: &str| knowledge().catalogue().get(id).is_some();
    let mut wrong = Vec::new();
    for (name, rules, remark) in rows() {
        if rules.is_empty() {
            wrong.push(format!("{name} names no rule"));
        }
        let no_rule = rules.into_iter().filter(|id| !rule(id));
        wrong.extend(no_rule.map(|id| format!("{name}: {id} is no rule")));
        let neither = remark
            .into_iter()
            .filter(|id| !rule(id) && !fact(id) && *id != "lower");
        wrong.extend(neither.map(|id| format!("{name}: {id} is neither rule nor fact")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_contraindication_of_the_reference_has_a_line() {
    let names: Vec<&str> = rows().into_iter().map(|row| row.0).collect();
    let numbered = (1..=39).map(|number| format!("CX-{number:02}"));
    for code in numbered.chain(["CX-08b".to_owned(), "CX-10b".to_owned()]) {
        let lines = names
            .iter()
            .filter(|name| name.split(' ').next() == Some(code.as_str()));
        assert_eq!(lines.count(), 1, "{code} has one line");
    }
}

#[test]
fn every_rule_stands_in_the_coverage() {
    let named: BTreeSet<&str> = rows().into_iter().flat_map(|row| row.1).collect();
    let lost: Vec<&str> = knowledge()
        .all_rules()
        .iter()
        .map(|rule| rule.id.as_str())
        .filter(|id| !named.contains(id))
        .collect();
    assert!(lost.is_empty(), "rules that cover nothing: {lost:?}");
}
