//! The checker of FHIR R4, from outside: its rules, recorded outcomes, samples, damaged input.

mod bundles;
mod definitions;
mod mutated;
mod published;
mod rules;
mod types;
mod validator;

use fhir::check::{self, Issue};
use serde_json::Value;

/// The rules that a resource breaks, each once, in order.
fn broken(resource: &Value) -> Vec<&'static str> {
    let issues = check::resource(resource);
    issues.iter().for_each(complete);
    let mut rules: Vec<_> = issues
        .iter()
        .filter(|issue| issue.is_error())
        .map(|issue| issue.rule)
        .collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// An issue names its place, what is wrong and what to do.
fn complete(issue: &Issue) {
    assert!(!issue.place.is_empty(), "{issue:?}");
    assert!(!issue.problem.is_empty(), "{issue:?}");
    assert!(!issue.remedy.is_empty(), "{issue:?}");
    assert!(!issue.log().contains(&issue.value) || issue.value.is_empty());
}

/// Each resource breaks the rules beside it and no other.
fn all(cases: &[(&[&str], Value)]) {
    for (rules, resource) in cases {
        assert_eq!(broken(resource), *rules, "{resource:#}");
    }
}
