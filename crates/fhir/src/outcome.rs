//! Issues as an `OperationOutcome`, FHIR's way to say what is wrong.

use crate::check::Issue;
use serde_json::{Value, json};
use si::Problem;

/// The `OperationOutcome` of a check; where nothing was found, it says so.
#[must_use]
pub fn outcome(issues: &[Issue]) -> Value {
    let listed: Vec<Value> = match issues {
        [] => vec![json!({
            "severity": "information",
            "code": "informational",
            "diagnostics": "no fault was found",
        })],
        issues => issues.iter().map(listed).collect(),
    };
    json!({"resourceType": "OperationOutcome", "issue": listed})
}

/// The `OperationOutcome` of what was refused for one reason; `kind` is a word of HL7's value set
/// `issue-type`.
#[must_use]
pub fn refusal(kind: &str, problem: &Problem) -> Value {
    let value = match problem.value.as_str() {
        "" => String::new(),
        value => format!(" ({value})"),
    };
    let Problem {
        place,
        problem: what,
        remedy,
        ..
    } = problem;
    let mut issue = json!({
        "severity": "error",
        "code": kind,
        "details": {"text": problem.code},
        "diagnostics": format!("{place}{value}: {what}; {remedy}"),
    });
    // What has a name of letters is a place in a resource, or a parameter.
    if !place.is_empty() && !place.contains(' ') {
        issue["expression"] = json!([place]);
    }
    json!({"resourceType": "OperationOutcome", "issue": [issue]})
}

fn listed(issue: &Issue) -> Value {
    let mut body = json!({
        "severity": issue.severity.code(),
        "code": issue.kind.code(),
        "details": {"text": issue.rule},
        "diagnostics": issue.diagnostics(),
    });
    // Bytes that are no JSON have a line and a column, and no expression.
    if !issue.place.contains(' ') {
        body["expression"] = json!([issue.place]);
    }
    body
}
