//! `annulus knowledge list|show|check|diff|evidence|consent|policy|approve`.

mod check;
mod diff;
mod evidence;
pub(crate) mod folder;

use crate::cli::{Format, KnowledgeCommand};
use crate::commands::{approve, policy};
use crate::failure::Failure;
use crate::settings::Settings;
use crate::{files, input};
use care::knowledge::{Approvals, DOSE, Knowledge, Rule};
use serde::Serialize;
use si::Problem;
use std::fmt::Write as _;
use std::path::Path;

const SETS: &str = "screening, in-session, triage, review, indication or advice";

/// Runs the command.
pub(crate) fn run(
    command: KnowledgeCommand,
    settings: &Settings,
    format: Format,
) -> Result<(), Failure> {
    match command {
        KnowledgeCommand::Approve(args) => approve::run(args, settings, format),
        KnowledgeCommand::Check { folder } => {
            if folder.is_none() {
                // With a policy, the clinic's own file is checked, too.
                input::knowledge(settings)?;
            }
            check::run(folder.as_deref())
        }
        KnowledgeCommand::List { set, data } => {
            let approvals = approvals(data.as_deref())?;
            let knowledge = input::knowledge(settings)?;
            list(set.as_deref(), (knowledge, approvals.as_ref()), format)
        }
        KnowledgeCommand::Show { id, data } => {
            let approvals = approvals(data.as_deref())?;
            show(
                &id,
                (input::knowledge(settings)?, approvals.as_ref()),
                format,
            )
        }
        KnowledgeCommand::Policy => policy::print(input::knowledge(settings)?, format),
        KnowledgeCommand::Docs { file } => docs(file.as_deref(), settings),
        KnowledgeCommand::Diff { old, new } => diff::run(&old, &new, format),
        KnowledgeCommand::Evidence { region, condition } => {
            evidence::list(region, condition.as_deref(), settings, format)
        }
        KnowledgeCommand::Consent { region, condition } => {
            evidence::consent(region, condition.as_deref(), settings, format)
        }
    }
}

/// The approvals of a store, where one was named.
fn approvals(data: Option<&Path>) -> Result<Option<Approvals>, Failure> {
    data.map(|folder| approve::read(&folder.into())).transpose()
}

fn list(
    set: Option<&str>,
    (knowledge, approvals): (&Knowledge, Option<&Approvals>),
    format: Format,
) -> Result<(), Failure> {
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
            "rules": rules.iter().map(|rule| told(rule, knowledge, approvals)).collect::<Vec<_>>(),
        });
        return json(&whole);
    }
    let mut text = String::new();
    for rule in &rules {
        let approved = approvals.map_or_else(String::new, |approvals| {
            let approval = approvals.of(knowledge, &rule.id);
            format!("  {}", approve::in_words(approval))
        });
        let _ = writeln!(
            text,
            "{:<12} {:<40} {:<20} {:<10} {}{approved}",
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
    if let Some(approvals) = approvals {
        let approval = approvals.of(knowledge, DOSE);
        let _ = writeln!(
            text,
            "Numbers of dose approved {}",
            approve::in_words(approval)
        );
    }
    files::print(text.as_bytes())
}

/// A rule with who approved it; nobody, where no store was named.
fn told(rule: &Rule, knowledge: &Knowledge, approvals: Option<&Approvals>) -> serde_json::Value {
    let approval = approvals.and_then(|approvals| approvals.of(knowledge, &rule.id));
    let mut told = serde_json::json!(rule);
    told["approved"] = serde_json::json!(approval);
    told
}

fn show(
    id: &str,
    (knowledge, approvals): (&Knowledge, Option<&Approvals>),
    format: Format,
) -> Result<(), Failure> {
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
        Format::Json => json(&told(rule, knowledge, approvals)),
        Format::Text => files::print(page(rule, knowledge, approvals).as_bytes()),
    }
}

fn page(rule: &Rule, knowledge: &Knowledge, approvals: Option<&Approvals>) -> String {
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
    if let Some(approvals) = approvals {
        let approval = approvals.of(knowledge, &rule.id);
        line("Approved", &approve::in_words(approval));
    }
    line("File", &rule.file);
    text
}

/// The knowledge as a page for people.
fn docs(file: Option<&Path>, settings: &Settings) -> Result<(), Failure> {
    let text = care::knowledge::document::document(input::knowledge(settings)?)?;
    files::write(file, text.as_bytes())
}

fn json<T: Serialize + ?Sized>(value: &T) -> Result<(), Failure> {
    let text =
        serde_json::to_string_pretty(value).map_err(|error| Failure::new("writing JSON", error))?;
    files::print(text.as_bytes())
}
