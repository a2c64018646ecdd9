//! Every rule does with each of its own cases what the case says, and the minimum
//! data sets do what CLINICAL §1.5 asks; a case that is wrong is found.
use super::logic::{SOURCES, booleans, rule};
use crate::support::knowledge;
use care::knowledge::{Knowledge, examine, missing};

#[test]
fn every_case_comes_out_as_written_and_every_rule_has_one_of_each_kind() {
    let wrong = examine(knowledge(), Knowledge::embedded_files());
    let lines: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    assert!(wrong.is_empty(), "{}", lines.join("\n"));
}

#[test]
fn a_case_that_comes_out_otherwise_is_named_with_its_place() {
    let case = "\n[[rule.vignettes]]\nname = \"a is yes\"\nexpect = \"does-not-fire\"\nfacts = { a = { value = true } }\n";
    let rules = rule("r", "refuse", "a") + case;
    let facts = booleans();
    let files = [
        ("facts/f.toml", facts.as_str()),
        ("rules/screening/r.toml", rules.as_str()),
        ("sources.toml", SOURCES),
    ];
    let knowledge = Knowledge::load(&files).expect("sound");
    let found = examine(&knowledge, &files);
    assert_eq!(found[0].place, "rules/screening/r.toml:17:9", "{found:?}");
    assert!(found[0].problem.contains("is fires, not does-not-fire"));
    let missing: Vec<bool> = found[1..]
        .iter()
        .map(|p| p.problem.contains("no case"))
        .collect();
    assert_eq!(missing, [true, true], "no case fires, none is undecided");
}

#[test]
fn a_fault_of_a_minimum_data_set_is_named_with_its_file() {
    let set = |routine: &str| {
        format!(
            "region = \"lumbar\"\npatient = [\"a\", \"b\"]\nexamination = []\n\n[routine]\n{routine}\n"
        )
    };
    let told = |rules: &str, routine: &str| {
        let (facts, set) = (booleans(), set(routine));
        let files = [
            ("facts/f.toml", facts.as_str()),
            ("minimum/lumbar.toml", &set),
            ("rules/screening/r.toml", rules),
            ("sources.toml", SOURCES),
        ];
        let knowledge = Knowledge::load(&files).unwrap_or_else(|found| panic!("{}", found[0]));
        let found = examine(&knowledge, &files).into_iter();
        let found = found.filter(|problem| problem.place.starts_with("minimum/"));
        found
            .map(|p| format!("{} {}", p.value, p.problem))
            .collect::<Vec<_>>()
    };
    let (one, both) = (rule("r", "refuse", "a"), rule("r", "refuse", "a and b"));
    let no = "{ value = false }";
    assert!(told(&one, &format!("a = {no}")).is_empty());
    let refused = told(&one, "a = { value = true }");
    assert_eq!(refused, ["routine the routine patient is refuse: r"]);
    let idle = told(&one, &format!("a = {no}\nb = {no}"));
    assert_eq!(idle, ["b its answer decides nothing"]);
    assert_eq!(told(&both, &format!("a = {no}\nb = {no}")).len(), 2);
}

#[test]
fn a_file_that_is_missing_is_named_and_the_embedded_knowledge_has_them_all() {
    assert_eq!(missing(Knowledge::embedded_files()), []);
    let without = |file: &care::knowledge::File<'_>| file.0 != "dose.toml";
    let files: Vec<_> = Knowledge::embedded_files()
        .iter()
        .copied()
        .filter(without)
        .collect();
    let found = missing(&files);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].place, "dose.toml:1:1");
}
