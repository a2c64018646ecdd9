//! One rule as a section.
use super::{cell, links};
use crate::decide::{Condition, RuleSet};
use crate::knowledge::{Expectation, Knowledge, Rule};
use std::fmt::Write as _;

pub(super) fn write(text: &mut String, rule: &Rule, knowledge: &Knowledge) {
    let _ = writeln!(text, "\n#### `{}`", rule.id);
    let _ = writeln!(
        text,
        "**Urgency {}, {}**: {}\n\nTo the patient: “{}”\n",
        rule.urgency,
        rule.verdict,
        cell(&rule.practitioner),
        cell(&rule.statement)
    );
    if let Some(say) = &rule.say {
        let _ = writeln!(
            text,
            "At the desk of an emergency department: “{}”\n",
            cell(say)
        );
    }
    let row = columns(rule);
    let [names, values] = [
        row.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        row.iter().map(|(_, value)| value.as_str()).collect(),
    ];
    let line = |cells: &[&str]| format!("| {} |", cells.join(" | "));
    let _ = writeln!(
        text,
        "{}\n|{}\n{}\n",
        line(&names),
        "---|".repeat(names.len()),
        line(&values)
    );
    let _ = writeln!(text, "```text\n{}\n```\n", rule.when.trim());
    let _ = writeln!(text, "- Why: {}", cell(&rule.why));
    let _ = writeln!(text, "- Known limits: {}", cell(&rule.known_limits));
    for condition in &rule.conditions {
        let _ = writeln!(text, "- Condition: {}", self::condition(condition));
    }
    for words in &rule.dissent {
        let _ = writeln!(text, "- Dissent: {}", cell(words));
    }
    let cited = rule.sources.iter().map(|id| {
        let kind = knowledge
            .source(id)
            .map_or("", |source| source.kind.as_str());
        format!("{} {kind}", links(std::slice::from_ref(id)))
    });
    let cited: Vec<String> = cited.collect();
    let _ = writeln!(text, "- Sources: {}", cited.join(", "));
}

/// What stands in a rule's table.
fn columns(rule: &Rule) -> Vec<(&'static str, String)> {
    let mut row = Vec::new();
    if matches!(rule.set, RuleSet::Screening | RuleSet::Indication) {
        row.push(("gate", rule.gate.to_string()));
    }
    let regions: Vec<&str> = rule.regions().iter().map(|r| r.as_str()).collect();
    let all = regions.len() == si::Region::ALL.len();
    row.push((
        "regions",
        if all {
            "all".to_owned()
        } else {
            regions.join(", ")
        },
    ));
    row.push(("override", rule.override_by.to_string()));
    if let Some(letter) = &rule.clearance {
        row.push(("clearance", cell(letter)));
    }
    row.push(("evidence", rule.evidence.as_str().to_owned()));
    row.push(("reviewed", rule.reviewed.to_string()));
    let count = |wanted| rule.vignettes.iter().filter(|v| v.expect == wanted).count();
    let cases = Expectation::ALL.map(|wanted| format!("{wanted} {}", count(wanted)));
    row.push((
        "cases",
        cases.join(", ").replace("does-not-fire", "does not"),
    ));
    row
}

/// A condition: its words, and in brackets what a program reads in it.
fn condition(condition: &Condition) -> String {
    let number =
        |value: Option<f64>, unit: &str| value.map(|value| format!("at most {value}{unit}"));
    let share = condition
        .max_body_weight_fraction
        .map(|share| share * 100.0);
    let parts = [
        condition
            .candidates
            .as_ref()
            .map(|left| format!("only {}", left.join(", "))),
        number(condition.max_force_n, " N"),
        number(share, " % of body weight"),
        condition.item.clone(),
        condition.fact.as_ref().map(|fact| {
            let when: Vec<&str> = condition.when.iter().map(|at| at.as_str()).collect();
            format!("`{fact}` {}", when.join(", "))
        }),
        condition
            .stop_at
            .as_ref()
            .map(|at| format!("stop at `{at}`")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match parts.is_empty() {
        true => format!("{} ({})", cell(&condition.text), condition.kind.as_str()),
        false => format!(
            "{} ({}: {})",
            cell(&condition.text),
            condition.kind.as_str(),
            parts.join("; ")
        ),
    }
}
