//! `evaluate`, `triage`, `review`: facts in, a decision with its reasons out.

use crate::cli::{Facts, Format};
use crate::failure::Failure;
use crate::files;
use crate::input::{self, Gathered};
use crate::settings::Settings;
use care::decide::Decision;
use care::knowledge::Knowledge;
use fhir::Import;
use fhir::step::{self, Step};
use std::fmt::Write as _;

/// Decides and prints.
pub(crate) fn run(
    step: Step,
    args: &Facts,
    settings: &Settings,
    format: Format,
) -> Result<(), Failure> {
    let knowledge = input::knowledge(settings)?;
    let gathered = input::gather(args, settings, knowledge)?;
    let decision = decision(step, &gathered, knowledge);
    print(&decision, gathered.document.record.as_ref(), format)
}

/// What a step comes to.
pub(crate) fn decision(step: Step, gathered: &Gathered, knowledge: &Knowledge) -> Decision {
    step.decide(&gathered.document, knowledge, &gathered.zone)
}

fn print(decision: &Decision, record: Option<&Import>, format: Format) -> Result<(), Failure> {
    match format {
        Format::Text => files::print(text(decision, record).as_bytes()),
        Format::Json => {
            let text = serde_json::to_string_pretty(&step::written(decision, record));
            files::print(
                text.map_err(|error| Failure::new("writing JSON", error))?
                    .as_bytes(),
            )
        }
    }
}

fn text(decision: &Decision, record: Option<&Import>) -> String {
    let mut text = decision.to_text();
    text.push_str("Decision support, not a cleared device: a clinician decides.\n");
    if record.is_some_and(|record| record.patient.deceased) {
        text.insert_str(
            0,
            "The record says that this patient has died: nothing is planned.\n",
        );
    }
    if let Some(record) = record {
        let _ = writeln!(
            text,
            "\nFrom the record: {} facts, {} questions opened, {} clinical entries not mapped.",
            record.readings.len(),
            record.asks.len(),
            record.unmapped.len()
        );
        for entry in record.unmapped.iter().take(10) {
            let _ = writeln!(
                text,
                "  not mapped: {} {} ({})",
                entry.resource, entry.display, entry.reason
            );
        }
        let rest = record.unmapped.len().saturating_sub(10);
        if rest > 0 {
            let _ = writeln!(text, "  and {rest} more (--format json lists all)");
        }
    }
    text
}
