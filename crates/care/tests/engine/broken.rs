//! Broken knowledge is refused at load with file, line, column and remedy.
use super::logic::{SOURCES, booleans, rule};
use crate::support::knowledge;
use care::knowledge::{Knowledge, check};
use si::Problem;

const NUMBER: &str = "[[fact]]\nid = \"n\"\nlabel = \"n\"\nsection = \"s\"\ntype = \"number\"\n\
    unit = \"kg\"\nrange = [0, 100]\nfresh = \"30 days\"\npatient = \"?\"\npractitioner = \"?\"\n\
    ask = \"patient\"\nabsence = \"unknown\"\nreviewed = 2026-11-22\nsources = [\"S01\"]\nevidence = \"list\"\n";
const DATE: &str = "[[fact]]\nid = \"d\"\nlabel = \"d\"\nsection = \"s\"\ntype = \"date\"\n\
    fresh = \"permanent\"\ndetail_of = \"a\"\npatient = \"?\"\npractitioner = \"?\"\n\
    ask = \"patient\"\nabsence = \"unknown\"\nreviewed = 2026-11-22\nsources = [\"S01\"]\nevidence = \"list\"\n";

fn problems(facts: &str, rules: &str) -> Vec<Problem> {
    check(&[
        ("facts/f.toml", facts),
        ("rules/screening/r.toml", rules),
        ("sources.toml", SOURCES),
    ])
}

/// The one problem with a rule of these criteria.
fn fault(when: &str) -> Problem {
    let facts = [booleans().as_str(), NUMBER, DATE].concat();
    let mut found = problems(&facts, &rule("r", "refuse", when));
    assert_eq!(found.len(), 1, "{when}: {found:?}");
    found.remove(0)
}

fn expect(when: &str, column: usize, problem: &str) {
    let found = fault(when);
    assert!(found.problem.contains(problem), "{when}: {found}");
    // The criteria stand on line 7 of the rule's file, behind `when = "`.
    assert_eq!(
        found.place,
        format!("rules/screening/r.toml:7:{}", column + 8),
        "{when}: {found}"
    );
    assert!(!found.remedy.is_empty());
}

#[test]
fn a_rule_with_an_unknown_fact_is_refused() {
    expect("a and bb", 7, "no fact `bb`");
    assert!(
        fault("a and bb").remedy.contains("`b`") || fault("a and bb").remedy.contains("knowledge")
    );
}

#[test]
fn a_threshold_needs_a_unit_of_the_fact_and_a_place_in_its_range() {
    expect("n > 5", 1, "has no unit");
    expect("n > 5 cm", 1, "not a unit of `n`");
    expect("n > 500 kg", 1, "outside the range");
    assert!(
        problems(
            &[booleans().as_str(), NUMBER].concat(),
            &rule("r", "refuse", "n > 5000 g")
        )
        .is_empty()
    );
}

#[test]
fn types_guards_indices_and_not_shown_are_checked() {
    expect("a > 5", 1, "yes-or-no");
    expect("n", 1, "number fact");
    expect("a = maybe", 1, "neither yes nor no");
    expect("longer_than(d, 14 days)", 13, "detail of `a`");
    expect("b and longer_than(d, 14 days)", 19, "detail of `a`");
    expect("a[left]", 1, "not an index");
    expect("any level: a", 1, "nothing is indexed");
    expect("any level in thoracic: a", 1, "no region `thoracic`");
    expect("not not_shown(a)", 15, "make a result better");
    expect("not_shown(a and not_shown(b))", 27, "make a result better");
    expect("worse_than_baseline(n)", 21, "which way it gets worse");
    expect("a and (b", 9, "expected `)`");
}

#[test]
fn a_detail_guarded_by_its_fact_is_fine_in_any_order() {
    let facts = [booleans().as_str(), DATE].concat();
    for when in [
        "a and longer_than(d, 14 days)",
        "all(not_shown(within(d, 6 months)), any(b, a))",
    ] {
        assert_eq!(problems(&facts, &rule("r", "refuse", when)), [], "{when}");
    }
}

#[test]
fn a_source_that_does_not_resolve_is_refused() {
    let rules = rule("r", "refuse", "a").replace("S01", "S999");
    let found = problems(&booleans(), &rules);
    assert!(
        found[0].problem.contains("`S999` is not in sources.toml"),
        "{}",
        found[0]
    );
    assert!(
        found[0].place.starts_with("rules/screening/r.toml:12:"),
        "{}",
        found[0]
    );
}

#[test]
fn a_circular_need_is_refused() {
    let facts = booleans()
        .replacen(
            "absence = \"unknown\"",
            "absence = \"unknown\"\nneeded_when = \"b\"",
            1,
        )
        .replace("id = \"b\"", "needed_when = \"a\"\nid = \"b\"");
    let found = problems(&facts, "");
    assert!(
        found
            .iter()
            .any(|p| p.problem.contains("leads back to itself")),
        "{found:?}"
    );
}

#[test]
fn two_rules_or_two_facts_with_one_id_are_refused() {
    let twice = rule("r", "refuse", "a") + &rule("r", "caution", "b");
    assert!(
        problems(&booleans(), &twice)[0]
            .problem
            .contains("two rules share this id")
    );
    let facts = booleans() + &booleans();
    assert!(
        problems(&facts, "")[0]
            .problem
            .contains("two facts share this id")
    );
}

#[test]
fn an_urgent_rule_that_may_be_overridden_is_refused() {
    let rules = rule("r", "refuse", "a").replace("routine", "urgent");
    assert!(
        problems(&booleans(), &rules)[0]
            .problem
            .contains("never overridden")
    );
}

#[test]
fn a_verdict_of_another_set_and_an_unknown_key_are_refused() {
    assert!(
        problems(&booleans(), &rule("r", "well", "a"))[0]
            .problem
            .contains("not a word of this set")
    );
    let unknown = rule("r", "refuse", "a") + "severity = 3\n";
    let found = &problems(&booleans(), &unknown)[0];
    assert!(
        found.place.starts_with("rules/screening/r.toml:15:"),
        "{found}"
    );
}

#[test]
fn a_permitting_rule_may_not_rest_on_what_was_not_shown() {
    let rules = rule("r", "well", "not_shown(a)");
    let files = [
        ("facts/f.toml", booleans()),
        ("rules/triage/r.toml", rules),
        ("sources.toml", SOURCES.to_owned()),
    ];
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    assert!(check(&files)[0].problem.contains("make a result better"));
}

#[test]
fn all_faults_are_told_at_once() {
    let rules = rule("r", "refuse", "aa") + &rule("q", "refuse", "a and");
    assert_eq!(problems(&booleans(), &rules).len(), 2);
}

#[test]
fn the_version_follows_every_byte_of_every_file() {
    let files = Knowledge::embedded_files();
    assert_eq!(
        Knowledge::load(files).expect("sound").sha256(),
        knowledge().sha256()
    );
    let mut changed: Vec<(&str, &str)> = files.to_vec();
    let more = format!("{}\n", changed[0].1);
    changed[0].1 = &more;
    assert_ne!(
        Knowledge::load(&changed).expect("sound").sha256(),
        knowledge().sha256()
    );
}

#[test]
fn every_threshold_code_and_text_of_the_embedded_knowledge_is_sound() {
    assert_eq!(check(Knowledge::embedded_files()), []);
    for fact in knowledge().catalogue().facts() {
        for code in &fact.codes {
            let systems = [
                "snomed",
                "icd10cm",
                "loinc",
                "rxnorm",
                "http://www.ama-assn.org/go/cpt",
            ];
            assert!(systems.contains(&code.system.as_str()), "{}", code.system);
            assert!(
                ["found", "recalled"].contains(&code.status.as_str()),
                "{} {}",
                fact.id,
                code.code
            );
            assert!(
                !code.version.is_empty() && !code.note.is_empty(),
                "{} {}",
                fact.id,
                code.code
            );
        }
    }
}
