//! Two states of the knowledge beside each other: what was, and what is.
use crate::support::{Files, borrowed, edited, embedded};
use care::knowledge::{Change, Difference, What, diff};

fn compare(old: &Files, new: &Files) -> Difference {
    diff(&borrowed(old), &borrowed(new)).expect("both can be compared")
}

/// Each change as `sign id field: old -> new`.
fn lines(changes: &[Change]) -> Vec<String> {
    let of = |change: &Change| {
        let named = change.fields.iter().map(|field| {
            let [old, new] = [&field.old, &field.new].map(|v| v.as_deref().unwrap_or("nothing"));
            format!(
                "{:?} {} {}: {old} -> {new}",
                change.what, change.id, field.field
            )
        });
        named.collect::<Vec<_>>()
    };
    changes.iter().flat_map(of).collect()
}

#[test]
fn knowledge_equals_itself_and_comments_or_the_order_of_entries_are_no_change() {
    let same = compare(&embedded(), &embedded());
    assert!(same.equal && same.old == same.new);
    assert_eq!(same.to_text(), "no entry differs\n");
    let comment = edited("dose.toml", "[common.gap]", "# a remark\n[common.gap]");
    let found = compare(&embedded(), &comment);
    assert!(found.equal && found.old != found.new, "{}", found.to_text());
}

#[test]
fn a_changed_rule_names_its_fields_old_and_new() {
    let new = edited(
        "rules/screening/person.toml",
        "id = \"under-18\"\n",
        "id = \"under-18\"\nclearance = \"a letter\"\n",
    );
    let found = compare(&embedded(), &new);
    assert_eq!(
        lines(&found.rules),
        ["Changed under-18 clearance: nothing -> a letter"]
    );
    assert!(!found.equal && found.facts.is_empty() && found.dose.is_empty());
    let text = found.to_text();
    assert!(
        text.starts_with("rules: 0 added, 0 removed, 1 changed\n~ under-18\n"),
        "{text}"
    );
    assert!(
        text.contains("    clearance: nothing → a letter\n"),
        "{text}"
    );
    let back = compare(&new, &embedded());
    assert_eq!(
        lines(&back.rules),
        ["Changed under-18 clearance: a letter -> nothing"]
    );
}

#[test]
fn a_renamed_rule_is_one_added_and_one_removed() {
    let new = edited(
        "rules/screening/person.toml",
        "id = \"under-18\"",
        "id = \"minor\"",
    );
    let found = compare(&embedded(), &new);
    let what: Vec<_> = found
        .rules
        .iter()
        .map(|c| (c.what, c.id.as_str()))
        .collect();
    assert_eq!(what, [(What::Added, "minor"), (What::Removed, "under-18")]);
}

#[test]
fn a_rule_moved_to_another_file_says_so() {
    let rule = |id: &str| super::logic::rule(id, "refuse", "a");
    let old = vec![
        ("rules/screening/a.toml".to_owned(), rule("r") + &rule("s")),
        ("rules/triage/b.toml".to_owned(), String::new()),
    ];
    let new = vec![
        ("rules/screening/a.toml".to_owned(), rule("s")),
        ("rules/triage/b.toml".to_owned(), rule("r")),
    ];
    assert_eq!(
        lines(&compare(&old, &new).rules),
        ["Changed r file: rules/screening/a.toml -> rules/triage/b.toml"]
    );
}

#[test]
fn a_number_of_dose_a_fact_a_source_and_a_document_are_compared() {
    let number = edited("dose.toml", "value = 534.0", "value = 500.0");
    assert_eq!(
        lines(&compare(&embedded(), &number).dose),
        ["Changed lumbar.ceiling value: 534.0 -> 500.0"]
    );
    let fact = edited(
        "facts/person.toml",
        "fresh = \"30 days\"",
        "fresh = \"14 days\"",
    );
    assert_eq!(
        lines(&compare(&embedded(), &fact).facts),
        ["Changed body_weight fresh: 30 days -> 14 days"]
    );
    let source = edited("sources.toml", "publisher = \"Lane CC\"\n", "");
    assert_eq!(
        lines(&compare(&embedded(), &source).sources),
        ["Changed S02 publisher: Lane CC -> nothing"]
    );
    let set = edited("minimum/lumbar.toml", "  \"goal_of_care\",\n", "");
    let found = compare(&embedded(), &set);
    assert_eq!(found.documents[0].id, "minimum/lumbar.toml");
    assert_eq!(found.documents[0].fields.len(), 1, "{:?}", found.documents);
    assert_eq!(found.documents[0].fields[0].field, "patient");
}

#[test]
fn a_case_put_first_is_one_change_and_two_of_one_name_are_both_read() {
    let rule = super::logic::rule("r", "refuse", "a");
    let case = |name: &str, expect: &str| {
        format!("[[rule.vignettes]]\nname = \"{name}\"\nexpect = \"{expect}\"\n")
    };
    let file = |text: String| vec![("rules/screening/r.toml".to_owned(), text)];
    let old = file(format!("{rule}{}", case("one", "fires")));
    let new = file(format!(
        "{rule}{}{}",
        case("two", "undecided"),
        case("one", "fires")
    ));
    let found = lines(&compare(&old, &new).rules);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found.iter().all(|line| line.contains("vignettes[two]")),
        "{found:?}"
    );
    let twice = |last: &str| {
        file(format!(
            "{rule}{}{}",
            case("one", "fires"),
            case("one", last)
        ))
    };
    assert_eq!(
        lines(&compare(&twice("fires"), &twice("undecided")).rules),
        ["Changed r vignettes[one (2)].expect: fires -> undecided"]
    );
}

#[test]
fn what_cannot_be_read_is_refused_and_says_on_which_side() {
    let broken = edited("dose.toml", "[common.gap]", "[common.gap");
    let problems = diff(&borrowed(&embedded()), &borrowed(&broken)).expect_err("no TOML");
    assert!(
        problems[0].place.starts_with("new: dose.toml:"),
        "{}",
        problems[0]
    );
    let rule = super::logic::rule("r", "refuse", "a");
    let twice = vec![("rules/screening/r.toml".to_owned(), format!("{rule}{rule}"))];
    let problems = diff(&borrowed(&twice), &[]).expect_err("one id twice");
    assert!(
        problems[0].problem.contains("share this id"),
        "{}",
        problems[0]
    );
    let nameless = vec![(
        "facts/f.toml".to_owned(),
        "[[fact]]\nlabel = \"x\"\n".to_owned(),
    )];
    let problems = diff(&[], &borrowed(&nameless)).expect_err("no id");
    assert!(problems[0].problem.contains("no id"), "{}", problems[0]);
}
