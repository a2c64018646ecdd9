//! `docs/security.md`: every test that it names is there.

use crate::house::{read, report, rust_sources, tracked};

const PAGE: &str = "docs/security.md";

/// Names of tests in a page: `crate::file::test`.
fn named(page: &str) -> Vec<&str> {
    let words = page.split('`').skip(1).step_by(2);
    words
        .filter(|word| word.matches("::").count() == 2)
        .collect()
}

/// Whether a source has a test of this name: marked as one, or in the list of those that run on
/// both databases.
fn tests(source: &str, name: &str) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let both = source.split("on_both!(").nth(1).unwrap_or_default();
    let head = format!("fn {name}(");
    let marked = |at: usize| {
        let before = &lines[at.saturating_sub(3)..at];
        let marks = before.iter().filter(|line| line.starts_with("#["));
        marks.into_iter().any(|mark| mark.contains("test"))
    };
    let on_both = both.split([',', ')']).any(|one| one.trim() == name);
    let mut found = (0..lines.len()).filter(|at| lines[*at].contains(&head));
    found.any(|at| on_both || marked(at))
}

/// Whether a file of a crate, by its name or its folder's, has this test.
fn exists(sources: &[String], named: &str) -> bool {
    let parts: Vec<&str> = named.split("::").collect();
    let [of, file, test] = parts[..] else {
        return false;
    };
    let root = format!("crates/{of}/");
    let ends = [format!("/{file}.rs"), format!("/{file}/mod.rs")];
    sources
        .iter()
        .filter(|path| {
            path.starts_with(&root) && ends.iter().any(|end| path.ends_with(end.as_str()))
        })
        .any(|path| tests(&read(path), test))
}

#[test]
fn every_test_that_answers_a_threat_exists() {
    assert!(tracked().iter().any(|path| path == PAGE));
    let (page, sources) = (read(PAGE), rust_sources());
    let all = named(&page);
    assert!(all.len() > 50, "{} tests are named", all.len());
    let lost = all.into_iter().filter(|name| !exists(&sources, name));
    let complaints: Vec<_> = lost
        .map(|name| format!("{PAGE} names {name}, which does not exist"))
        .collect();
    report(&complaints);
}

#[test]
fn every_threat_names_a_test() {
    let page = read(PAGE);
    let (_, threats) = page.split_once("## Threats").expect("the table");
    let (threats, _) = threats.split_once("\n## ").expect("what follows it");
    let rows = threats
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1);
    let open = rows.filter(|row| named(row).is_empty());
    report(
        &open
            .map(|row| format!("{PAGE}: no test: {row}"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn a_test_that_is_gone_would_be_found() {
    let sources = rust_sources();
    let here = "annulus::threats::a_test_that_is_gone_would_be_found";
    assert!(exists(&sources, here));
    assert!(
        !exists(&sources, "annulus::threats::named"),
        "it is no test"
    );
    assert!(!exists(
        &sources,
        "annulus::tidy::a_test_that_is_gone_would_be_found"
    ));
}
