//! What each condition changes, with what speaks against it.
use super::{cell, links};
use crate::plan::{Basis, Contrary, Dose};
use std::fmt::Write as _;

pub(super) fn write(text: &mut String, dose: &Dose) {
    text.push_str(
        "\n### What a condition changes\nThe first row that fits holds; it can lower a cap, never raise it.\n",
    );
    for row in &dose.condition {
        let stages: Vec<String> = row.stages.iter().map(ToString::to_string).collect();
        let lists = [&row.conditions, &row.types, &row.locations, &stages];
        let named = lists.iter().filter(|words| !words.is_empty());
        let words: Vec<String> = named.map(|words| words.join(", ")).collect();
        let (id, region) = (&row.id, &row.region);
        let _ = writeln!(text, "\n**{id}** ({region}; {})", words.join("; "));
        line(
            text,
            "why",
            &row.why,
            (&row.sources, &row.evidence),
            &row.dissent,
        );
        if let Some(mode) = &row.mode {
            let first = if mode.from_first {
                " from the first session"
            } else {
                ""
            };
            let only = if mode.only { " and no other" } else { "" };
            let name = format!("mode {}{first}{only}", mode.value.traction());
            line(
                text,
                &name,
                &mode.why,
                (&mode.sources, &mode.evidence),
                &mode.dissent,
            );
        }
        if let Some(lies) = &row.position {
            let name = format!("position {}", lies.value.as_str());
            line(
                text,
                &name,
                &lies.why,
                (&lies.sources, &lies.evidence),
                &lies.dissent,
            );
        }
        for (name, unit, number) in row.numbers() {
            let unit = if unit == "1" { "" } else { unit };
            let name = format!("{} {} {unit}", name.replace('_', " "), number.value);
            let basis = (number.sources.as_slice(), number.evidence.as_str());
            line(text, name.trim(), &number.why, basis, &number.dissent);
        }
    }
    said(text, dose);
}

/// Of each mode what is known, and what plans say beside their numbers.
fn said(text: &mut String, dose: &Dose) {
    text.push_str("\n### What is known of each mode\nA practitioner may choose it within the limits of a plan.\n\n");
    for row in &dose.mode {
        let basis = (row.sources.as_slice(), row.evidence.as_str());
        line(text, row.mode.as_str(), &row.why, basis, &row.dissent);
    }
    text.push_str("\n**Said with plans**\n");
    let notes = &dose.notes;
    let all: [(&str, &Basis); 8] = [
        ("every plan", &notes.every_plan),
        ("a herniation with a side", &notes.side),
        ("no condition", &notes.no_condition),
        ("no row", &notes.no_row),
        ("no duration", &notes.no_duration),
        ("settings that a practitioner chose", &notes.chosen),
        ("a mode chosen for a first session", &notes.chosen_first),
        ("a force that may be raised in a session", &notes.headroom),
    ];
    for (name, note) in all {
        line(
            text,
            name,
            &note.why,
            (&note.sources, &note.evidence),
            &note.dissent,
        );
    }
}

fn line(
    text: &mut String,
    name: &str,
    why: &str,
    (sources, evidence): (&[String], &str),
    dissent: &[Contrary],
) {
    let cited = |sources: &[String]| match sources {
        [] => links(&["ours".to_owned()]),
        some => links(some),
    };
    let _ = writeln!(
        text,
        "- {name}: {} {} ({})",
        cell(why),
        cited(sources),
        cell(evidence)
    );
    for contrary in dissent {
        let _ = writeln!(
            text,
            "  - against: {} {}",
            cell(&contrary.says),
            cited(&contrary.sources)
        );
    }
}
