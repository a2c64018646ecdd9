//! The part of FHIRPath that the expressions of the table are written in: members, choices of
//! type, `where` by a system or by the type of a reference, alternatives.

use serde_json::Value;

/// Members of the table whose name in JSON ends with their type (R4, §2.6.0.3).
const CHOICES: [&str; 6] = [
    "effective",
    "identified",
    "occurred",
    "occurrence",
    "performed",
    "value",
];

/// What an expression gives for a resource.
pub(super) fn evaluate<'a>(expression: &str, resource: &'a Value) -> Vec<&'a Value> {
    let all = expression.split('|');
    all.flat_map(|one| alternative(one.trim(), resource))
        .collect()
}

fn alternative<'a>(expression: &str, resource: &'a Value) -> Vec<&'a Value> {
    let bare = expression
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or(expression);
    // The first word is the type of the resource, which the table has chosen.
    let mut steps = steps(bare).into_iter().skip(1).peekable();
    let mut found = vec![resource];
    while let Some(step) = steps.next() {
        found = match call(step) {
            Some(("where", condition)) => kept(found, condition),
            Some(_) => Vec::new(),
            None => {
                let kind = steps.peek().and_then(|next| call(next));
                let kind = kind.filter(|(name, _)| *name == "ofType");
                let kind = kind.map(|(_, kind)| kind);
                if kind.is_some() {
                    steps.next();
                }
                found
                    .into_iter()
                    .flat_map(|one| member(one, step, kind))
                    .collect()
            }
        };
    }
    found
}

/// The steps between dots outside of parentheses.
fn steps(expression: &str) -> Vec<&str> {
    let (mut steps, mut depth, mut begin) = (Vec::new(), 0_u32, 0);
    for (at, letter) in expression.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => {
                steps.push(&expression[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    steps.push(&expression[begin..]);
    steps
}

/// The name of a function and what stands in its parentheses.
fn call(step: &str) -> Option<(&str, &str)> {
    step.strip_suffix(')')?.split_once('(')
}

/// The values of a member, item by item.
fn member<'a>(one: &'a Value, name: &str, kind: Option<&str>) -> Vec<&'a Value> {
    let Some(members) = one.as_object() else {
        return Vec::new();
    };
    let fits = |key: &str| match key.strip_prefix(name) {
        Some("") => true,
        Some(end) if CHOICES.contains(&name) => match kind {
            Some(kind) => end.eq_ignore_ascii_case(kind),
            None => end.starts_with(|first: char| first.is_ascii_uppercase()),
        },
        _ => false,
    };
    let found = members.iter().filter(|(key, _)| fits(key));
    found
        .flat_map(|(_, value)| match value {
            Value::Array(items) => items.iter().collect(),
            one => vec![one],
        })
        .filter(|value| !value.is_null())
        .collect()
}

fn kept<'a>(found: Vec<&'a Value>, condition: &str) -> Vec<&'a Value> {
    let fits = |one: &Value| {
        if let Some(kind) = condition.strip_prefix("resolve() is ") {
            let reference = one["reference"].as_str().unwrap_or_default();
            return reference.split('/').next() == Some(kind);
        }
        let system = condition.strip_prefix("system='");
        let system = system.and_then(|rest| rest.strip_suffix('\''));
        system.is_some_and(|system| one["system"] == system)
    };
    found.into_iter().filter(|one| fits(one)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_choices_conditions_and_alternatives_are_followed() {
        let one = json!({
            "resourceType": "Observation",
            "subject": {"reference": "Patient/1"},
            "focus": [{"reference": "Device/2"}, {"reference": "Patient/3"}],
            "valueQuantity": {"value": 3},
            "effectivePeriod": {"start": "2026"},
            "telecom": [{"system": "phone", "value": "1"}, {"system": "email", "value": "a@b"}],
        });
        for (expression, found) in [
            ("Observation.subject", json!([{"reference": "Patient/1"}])),
            (
                "Observation.focus.where(resolve() is Patient)",
                json!([{"reference": "Patient/3"}]),
            ),
            (
                "Observation.focus.reference",
                json!(["Device/2", "Patient/3"]),
            ),
            (
                "(Observation.value.ofType(Quantity))",
                json!([{"value": 3}]),
            ),
            ("Observation.value.ofType(CodeableConcept)", json!([])),
            ("Observation.effective", json!([{"start": "2026"}])),
            (
                "Observation.telecom.where(system='email')",
                json!([{"system": "email", "value": "a@b"}]),
            ),
            (
                "Observation.nothing | Observation.subject",
                json!([{"reference": "Patient/1"}]),
            ),
        ] {
            let given: Vec<_> = evaluate(expression, &one).into_iter().cloned().collect();
            assert_eq!(json!(given), found, "{expression}");
        }
    }
}
