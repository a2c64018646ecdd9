//! Issues as an `OperationOutcome`, FHIR's way to say what is wrong.

use crate::check::Issue;
use serde_json::{Value, json};

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
