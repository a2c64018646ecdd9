//! The numbers of dose as tables.
use super::{cell, condition, links};
use crate::knowledge::Knowledge;
use crate::plan::{Dose, Parameter};
use si::Problem;
use std::fmt::Write as _;

pub(super) fn write(text: &mut String, knowledge: &Knowledge) -> Result<(), Problem> {
    let dose = Dose::of_knowledge(knowledge)?;
    text.push_str("\n## Numbers of dose\nUntil a clinic's clinician approves them, only simulated tables use them.\n");
    table(text, "Both regions", dose.common.all());
    table(text, "Low back", dose.lumbar.all());
    table(text, "Neck", dose.cervical.all());
    condition::write(text, &dose);
    text.push_str("\n### Angle and position\n| region | for | what | why | sources | evidence |\n|---|---|---|---|---|---|\n");
    for row in &dose.angle {
        let (levels, degrees) = (row.segments.join(", "), format!("{}°", row.degrees));
        let rest = [cell(&row.why), links(&row.sources), cell(&row.evidence)];
        let _ = writeln!(
            text,
            "| {} | {levels} | {degrees} | {} |",
            row.region,
            rest.join(" | ")
        );
    }
    for row in &dose.position {
        let rest = [cell(&row.why), links(&row.sources), cell(&row.evidence)];
        let _ = writeln!(
            text,
            "| {} | eased by {} | {} | {} |",
            row.region,
            row.preference,
            row.position.as_str(),
            rest.join(" | ")
        );
    }
    Ok(())
}

fn table<'a>(
    text: &mut String,
    name: &str,
    numbers: impl Iterator<Item = (&'static str, &'a Parameter)>,
) {
    let _ = writeln!(
        text,
        "\n### {name}\n| number | value | why | sources | evidence |\n|---|---|---|---|---|"
    );
    for (name, number) in numbers {
        let unit = match number.unit.as_str() {
            "1" => String::new(),
            unit => format!(" {unit}"),
        };
        let cited = match number.sources.is_empty() {
            true => links(&["ours".to_owned()]),
            false => links(&number.sources),
        };
        let _ = writeln!(
            text,
            "| {} | {}{unit} | {} | {cited} | {} |",
            name.replace('_', " "),
            number.value,
            cell(&number.why),
            cell(&number.evidence)
        );
    }
}
