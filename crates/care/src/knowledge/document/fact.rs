//! The facts as one table a section.
use super::{cell, links};
use crate::fact::{Fact, IndexAxis, Kind};
use crate::knowledge::Knowledge;
use std::fmt::Write as _;

pub(super) fn write(text: &mut String, knowledge: &Knowledge) {
    text.push_str(
        "\n## Facts\nWhat is asked, measured or read, by section. The question is the patient's; an examiner's where nobody asks the patient. What it rests on beside the rules that read it stands with each: `ours` where nothing else is cited.\n",
    );
    let facts = knowledge.catalogue().facts();
    let mut sections: Vec<&str> = Vec::new();
    for fact in facts {
        if !sections.contains(&fact.section.as_str()) {
            sections.push(&fact.section);
        }
    }
    for section in sections {
        let _ = writeln!(
            text,
            "\n### Facts: {}\n| fact | takes | fresh for | question | if unknown | sources | evidence | reviewed |\n|---|---|---|---|---|---|---|---|",
            section.replace(['-', '_'], " ")
        );
        for fact in facts.iter().filter(|fact| fact.section == section) {
            let question = match fact.ask {
                crate::decide::Ask::Patient => &fact.patient,
                _ => &fact.practitioner,
            };
            let reviewed = fact.reviewed.map(|date| date.to_string());
            let reviewed = reviewed.unwrap_or_default();
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | {} | {} | {} | {} | {} |",
                fact.id,
                takes(fact),
                cell(&fact.fresh),
                cell(question),
                cell(&fact.absence),
                links(&fact.sources),
                fact.evidence.as_str(),
                reviewed
            );
        }
        let of_section = facts.iter().filter(|fact| fact.section == section);
        for fact in of_section.filter(|fact| !fact.dissent.is_empty()) {
            let _ = writeln!(
                text,
                "\n- Dissent on `{}`: {}",
                fact.id,
                cell(&fact.dissent.join(" "))
            );
        }
    }
}

/// What a fact takes: kind, unit, range or choices, and what it is indexed over.
fn takes(fact: &Fact) -> String {
    let mut words = match fact.kind {
        Kind::Boolean => "yes or no".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::Choice => fact.values.join(", "),
        Kind::Number => {
            let unit = fact.unit.as_deref().filter(|unit| *unit != "1");
            let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
            let range = fact.range.map(|[low, high]| format!("{low} to {high}"));
            format!("{}{unit}", range.unwrap_or_else(|| "number".to_owned()))
        }
    };
    let axes: Vec<&str> = fact.index.iter().map(IndexAxis::name).collect();
    if !axes.is_empty() {
        let _ = write!(words, ", per {}", axes.join(" and "));
    }
    if fact.red_flag {
        words.push_str("; red flag");
    }
    if fact.is_test() {
        words.push_str("; a test, asked where needed");
    }
    cell(&words)
}
