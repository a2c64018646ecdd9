//! `annulus knowledge evidence` and `annulus knowledge consent`: what is known, and what is told.

use super::json;
use crate::cli::Format;
use crate::failure::Failure;
use crate::settings::Settings;
use crate::{files, input};
use care::evidence::Row;
use serde_json::json;
use si::Region;
use std::fmt::Write as _;

/// The rows for a region and a condition, or for everything.
pub(super) fn list(
    region: Option<Region>,
    condition: Option<&str>,
    settings: &Settings,
    format: Format,
) -> Result<(), Failure> {
    let knowledge = input::knowledge(settings)?;
    let evidence = knowledge.evidence();
    if let (Some(region), Some(id)) = (region, condition) {
        evidence.condition(region, id)?;
    }
    let regions = region.map_or_else(|| Region::ALL.to_vec(), |region| vec![region]);
    let speaks = |row: &&Row| regions.iter().any(|region| row.is_of(*region, condition));
    let rows: Vec<&Row> = evidence.rows.iter().filter(speaks).collect();
    if format == Format::Json {
        let summary = region.map(|region| evidence.summary(region, condition));
        return json(&json!({
            "schema": "annulus.evidence/1",
            "knowledge": knowledge.reference(),
            "region": region.map(Region::as_str),
            "condition": condition,
            "conditions": evidence.conditions,
            "summary": summary,
            "rows": rows,
        }));
    }
    let mut text = String::new();
    for region in &regions {
        let summary = evidence.summary(*region, condition);
        for line in [summary.position(), summary.results()].concat() {
            let _ = writeln!(text, "{region}: {line}");
        }
    }
    for row in rows {
        let (kind, direction) = (row.kind.as_str(), row.direction.as_str());
        let _ = writeln!(
            text,
            "\n{} ({}, {kind}, {direction})\n  {}",
            row.id,
            row.region,
            row.cited()
        );
    }
    files::print(text.as_bytes())
}

/// The text of consent.
pub(super) fn consent(
    region: Region,
    condition: Option<&str>,
    settings: &Settings,
    format: Format,
) -> Result<(), Failure> {
    let knowledge = input::knowledge(settings)?;
    let text = care::consent::text(knowledge, region, condition)?;
    if format == Format::Json {
        let sections = text.sections.iter();
        let sections: Vec<_> = sections
            .map(|(heading, paragraphs)| json!({"heading": heading, "paragraphs": paragraphs}))
            .collect();
        return json(&json!({
            "schema": "annulus.consent/1",
            "region": region.as_str(),
            "condition": text.condition,
            "language": text.language,
            "version": text.version,
            "sections": sections,
        }));
    }
    let mut words = String::new();
    for (heading, paragraphs) in &text.sections {
        let _ = writeln!(words, "{heading}\n");
        for paragraph in paragraphs {
            let _ = writeln!(words, "  {paragraph}");
        }
        words.push('\n');
    }
    let _ = writeln!(words, "Text {}", text.version);
    files::print(words.as_bytes())
}
