//! `annulus knowledge list|show|check|diff|evidence|consent`.

mod check;
mod diff;
mod evidence;
pub(crate) mod folder;

use crate::cli::{Format, KnowledgeCommand};
use crate::failure::Failure;
use crate::{files, input};
use care::knowledge::{Knowledge, Rule};
use serde::Serialize;
use si::Problem;
use std::fmt::Write as _;
use std::path::Path;

const SETS: &str = "screening, in-session, triage, review, indication or advice";

/// Runs the command.
pub(crate) fn run(command: &KnowledgeCommand, format: Format) -> Result<(), Failure> {
    match command {
        KnowledgeCommand::List { set } => list(set.as_deref(), format),
        KnowledgeCommand::Show { id } => show(id, format),
        KnowledgeCommand::Check { folder } => check::run(folder.as_deref()),
        KnowledgeCommand::Docs { file } => docs(file.as_deref()),
        KnowledgeCommand::Diff { old, new } => diff::run(old, new, format),
        KnowledgeCommand::Evidence { region, condition } => {
            evidence::list(*region, condition.as_deref(), format)
        }
        KnowledgeCommand::Consent { region, condition } => {
            evidence::consent(*region, condition.as_deref(), format)
        }
    }
}

fn list(set: Option<&str>, format: Format) -> Result<(), Failure> {
    let knowledge = input::knowledge()?;
    let rules: Vec<&Rule> = knowledge
        .all_rules()
        .iter()
        .filter(|rule| set.is_none_or(|set| rule.set.as_str() == set))
        .collect();
    if rules.is_empty() {
        return Err(Problem::new(
            "unknown-set",
            "--set",
            set.unwrap_or_default(),
            "is not a rule set",
            SETS,
        )
        .into());
    }
    if format == Format::Json {
        let whole = serde_json::json!({
            "schema": "annulus.rules/1",
            "knowledge": knowledge.reference(),
            "rules": rules,
        });
        return json(&whole);
    }
    let mut text = String::new();
    for rule in &rules {
        let _ = writeln!(
            text,
            "{:<12} {:<40} {:<20} {:<10} {}",
            rule.set.as_str(),
            rule.id,
            rule.verdict.to_string(),
            rule.urgency.to_string(),
            rule.gate
        );
    }
    let _ = writeln!(
        text,
        "{} rules, knowledge {}",
        rules.len(),
        knowledge.sha256()
    );
    files::print(text.as_bytes())
}

fn show(id: &str, format: Format) -> Result<(), Failure> {
    let knowledge = input::knowledge()?;
    let rule = knowledge.rule(id).ok_or_else(|| {
        Problem::new(
            "unknown-rule",
            "ID",
            id,
            "is not a rule",
            "see `annulus knowledge list`",
        )
    })?;
    match format {
        Format::Json => json(rule),
        Format::Text => files::print(page(rule, knowledge).as_bytes()),
    }
}

fn page(rule: &Rule, knowledge: &Knowledge) -> String {
    let mut text = format!(
        "{} ({})\n{}\n{}\n",
        rule.id,
        rule.set.as_str(),
        rule.statement,
        rule.practitioner
    );
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "\n{name}: {value}");
    };
    line(
        "Verdict",
        &format!(
            "{}, urgency {}, gate {}",
            rule.verdict, rule.urgency, rule.gate
        ),
    );
    line("When", &rule.when);
    line("Why", &rule.why);
    line("Known limits", &rule.known_limits);
    line("Evidence", rule.evidence.as_str());
    for id in &rule.sources {
        let cited = knowledge
            .source(id)
            .map(|source| format!("{}\n  {}", source.cite(), source.at))
            .unwrap_or_default();
        line(&format!("Source {id}"), cited.trim_end());
    }
    for words in &rule.dissent {
        line("Dissent", words);
    }
    line("Override", rule.override_by.as_str());
    line("Reviewed", &rule.reviewed.to_string());
    line("File", &rule.file);
    text
}

/// The knowledge as a page for people.
fn docs(file: Option<&Path>) -> Result<(), Failure> {
    let text = care::knowledge::document::document(input::knowledge()?)?;
    files::write(file, text.as_bytes())
}

fn json<T: Serialize + ?Sized>(value: &T) -> Result<(), Failure> {
    let text =
        serde_json::to_string_pretty(value).map_err(|error| Failure::new("writing JSON", error))?;
    files::print(text.as_bytes())
}
