//! `docs/hazards.md` against the tests it names.

use crate::house::{read, report, rust_sources};

#[test]
fn every_test_that_the_hazard_file_names_exists() {
    let tests: String = rust_sources()
        .iter()
        .filter(|path| path.contains("/tests/"))
        .map(|path| read(path))
        .collect();
    let text = read("docs/hazards.md");
    let named = text
        .lines()
        .filter(|line| line.starts_with("| H"))
        .flat_map(|line| {
            let cell = line.rsplit('|').nth(1).unwrap_or_default();
            cell.split('`').skip(1).step_by(2)
        });
    let complaints: Vec<_> = named
        .filter(|name| !tests.contains(&format!("fn {name}(")))
        .map(|name| format!("docs/hazards.md names {name}, which is no test"))
        .collect();
    report(&complaints);
}

#[test]
fn no_hazard_is_missing() {
    let text = read("docs/hazards.md");
    for number in 1..=27 {
        assert!(
            text.contains(&format!("| H{number} ")),
            "hazard H{number} has no row"
        );
    }
}
