//! What sources contest: each choice with its fence, and what is settled.
use super::{cell, links};
use si::Problem;
use std::fmt::Write as _;
use toml::{Table, Value};

/// The choices and the settled questions of a policy file; a sentence where there is none.
///
/// # Errors
/// The text is not TOML.
pub fn policy(text: &str) -> Result<String, Problem> {
    let table: Table = toml::from_str(text).map_err(|error| {
        let problem = error.message().trim().to_owned();
        Problem::new("policy", "policy.toml", "", problem, "correct the file")
    })?;
    let rows = |name: &str| {
        let list = table.get(name).and_then(Value::as_array);
        list.cloned().unwrap_or_default()
    };
    let (choices, settled) = (rows("choice"), rows("settled"));
    let mut text = String::new();
    if choices.is_empty() && settled.is_empty() {
        text.push_str(
            "Every contested question is settled inside the rules, which name their dissent.\n",
        );
    }
    for choice in &choices {
        heading(&mut text, choice);
        let fence: Vec<String> = list(choice, "fence")
            .iter()
            .map(|v| format!("`{v}`"))
            .collect();
        let (default, fence) = (word(choice, "default"), fence.join(", "));
        let _ = writeln!(
            text,
            "\nThe clinic chooses from {fence}, strictest first; `{default}` until it does.\n"
        );
        for stands in choice
            .get("stands")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let cited = links(&list(stands, "sources"));
            let _ = writeln!(
                text,
                "- `{}`: {} {cited}",
                word(stands, "value"),
                word(stands, "why")
            );
        }
        dissent(&mut text, choice);
    }
    for question in &settled {
        heading(&mut text, question);
        let (answer, reason) = (word(question, "answer"), word(question, "reason"));
        let cited = links(&list(question, "sources"));
        let _ = writeln!(text, "\nSettled: {answer} {reason} {cited}");
        dissent(&mut text, question);
    }
    Ok(text)
}

fn heading(text: &mut String, row: &Value) {
    let number = word(row, "contested");
    let number = match number.as_str() {
        "" => String::new(),
        number => format!(" (question {number})"),
    };
    let _ = writeln!(
        text,
        "\n### `{}`{number}\n{}",
        word(row, "id"),
        word(row, "question")
    );
}

fn dissent(text: &mut String, row: &Value) {
    for words in list(row, "dissent") {
        let _ = writeln!(text, "- Dissent: {}", cell(&words));
    }
}

/// A value of a row as text; nothing where it is not there.
fn word(row: &Value, name: &str) -> String {
    match row.get(name) {
        Some(Value::String(text)) => cell(text),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

/// A list of a row, or a single value, as texts.
fn list(row: &Value, name: &str) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match row.get(name) {
        Some(Value::Array(items)) => items.iter().map(text).collect(),
        Some(one) => vec![text(one)],
        None => Vec::new(),
    }
}
