//! What the evidence says, and the instruments, as lists and a table.
use super::{cell, links};
use crate::evidence::{Kind, Row};
use crate::instrument::{Held, Instrument};
use crate::knowledge::Knowledge;
use si::Region;
use std::fmt::Write as _;

pub(super) fn write(text: &mut String, knowledge: &Knowledge) {
    let evidence = knowledge.evidence();
    text.push_str("\n## What the evidence says\nPlan and consent quote these lines, for the region and the condition.\n\n");
    for region in Region::ALL {
        let summary = evidence.summary(region, None);
        for line in [summary.position(), summary.results()].concat() {
            let _ = writeln!(text, "- {region}: {line}");
        }
    }
    for kind in Kind::ALL {
        let rows: Vec<&Row> = evidence
            .rows
            .iter()
            .filter(|row| row.kind == kind)
            .collect();
        if !rows.is_empty() {
            let _ = writeln!(text, "\n### Evidence: {}", kind.as_str().replace('-', " "));
        }
        for row in rows {
            let _ = writeln!(
                text,
                "- `{}` ({}: {}; {}) {} {}",
                row.id,
                row.region,
                row.conditions.join(", "),
                row.direction.as_str(),
                cell(&row.says),
                links(&row.sources)
            );
        }
    }
}

pub(super) fn instruments(text: &mut String, knowledge: &Knowledge) {
    text.push_str(
        "\n## Instruments\n| instrument | score | what is here | change that counts | sources |\n|---|---|---|---|---|\n",
    );
    for one in &knowledge.instruments().all {
        let held = match one.held {
            Held::Full => "in full",
            Held::ScoreOnly => "score only",
        };
        let _ = writeln!(
            text,
            "| `{}` {} | {} {} | {held}: {} | {} | {} |",
            one.id,
            cell(&one.name),
            cell(&one.score),
            cell(&one.missing),
            cell(&one.licence),
            changes(one),
            links(&one.sources)
        );
    }
}

fn changes(one: &Instrument) -> String {
    let change = |change: &crate::instrument::Change| {
        let part = change.part.iter().map(|part| format!(" ({part})"));
        let share = change.share.iter().map(|share| format!(" or {share} %"));
        let mdc = change.mdc.iter().map(|mdc| format!(", error {mdc}"));
        let rest: String = part.chain(share).chain(mdc).collect();
        format!(
            "{}: {}{rest}. {} {}",
            change.region,
            change.points,
            cell(&change.why),
            links(&change.sources)
        )
    };
    let all: Vec<String> = one.changes.iter().map(change).collect();
    all.join("<br>")
}
