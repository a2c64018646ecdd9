//! `annulus facts list`: the whole catalogue.

use crate::cli::{FactsCommand, Format};
use crate::failure::Failure;
use crate::settings::Settings;
use crate::{files, input};
use care::fact::Fact;
use std::fmt::Write as _;

/// Runs the command.
pub(crate) fn run(
    command: &FactsCommand,
    settings: &Settings,
    format: Format,
) -> Result<(), Failure> {
    let FactsCommand::List { region } = command;
    let knowledge = input::knowledge(settings)?;
    match format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&knowledge.catalogue_json(*region))
                .map_err(|error| Failure::new("writing JSON", error))?;
            files::print(text.as_bytes())
        }
        Format::Text => {
            let all = knowledge.catalogue().facts().iter();
            let facts: Vec<&Fact> = all
                .filter(|fact| region.is_none_or(|region| fact.is_for(region)))
                .collect();
            files::print(text(&facts).as_bytes())
        }
    }
}

fn text(facts: &[&Fact]) -> String {
    let mut text = String::new();
    let mut section = "";
    for fact in facts {
        if fact.section != section {
            section = &fact.section;
            let _ = writeln!(text, "\n{section}");
        }
        let _ = writeln!(
            text,
            "  {:<34} {:<28} {}",
            fact.id,
            shape(fact),
            fact.practitioner
        );
    }
    let _ = writeln!(
        text,
        "\n{} facts; freshness, questions and codes with --format json",
        facts.len()
    );
    text.trim_start().to_owned()
}

/// Type, unit and range in a few words.
fn shape(fact: &Fact) -> String {
    let mut shape = format!("{:?}", fact.kind).to_lowercase();
    if let Some([low, high]) = fact.range {
        let unit = fact
            .unit
            .as_deref()
            .filter(|unit| *unit != "1")
            .unwrap_or("");
        let _ = write!(shape, " {low}–{high} {unit}");
    }
    if !fact.index.is_empty() {
        let axes: Vec<_> = fact.index.iter().map(care::fact::IndexAxis::name).collect();
        let _ = write!(shape, " [{}]", axes.join(", "));
    }
    shape.trim_end().to_owned()
}
