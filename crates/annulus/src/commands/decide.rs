//! `evaluate`, `triage`, `review`: facts in, a decision with its reasons out.

use crate::cli::{Facts, Format};
use crate::failure::Failure;
use crate::files;
use crate::input::{self, Gathered};
use crate::settings::Settings;
use care::decide::{Decision, Gate};
use care::knowledge::Knowledge;
use care::triage::Moment;
use fhir::Import;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// `evaluate`: screening over the gates `eligibility` and `today`.
pub(crate) fn evaluate(args: &Facts, settings: &Settings, format: Format) -> Result<(), Failure> {
    let knowledge = input::knowledge(settings)?;
    let gathered = input::gather(args, settings, knowledge)?;
    let decision = screen(&gathered, knowledge);
    print(&decision, gathered.record.as_ref(), format)
}

/// The screening decision of an eligibility visit.
pub(crate) fn screen(gathered: &Gathered, knowledge: &Knowledge) -> Decision {
    care::decide::evaluate(
        &gathered.facts,
        gathered.region,
        Gate::EVALUATE,
        knowledge,
        gathered.at,
        &gathered.zone,
    )
}

/// `triage`: a check-in.
pub(crate) fn triage(args: &Facts, settings: &Settings, format: Format) -> Result<(), Failure> {
    let knowledge = input::knowledge(settings)?;
    let gathered = input::gather(args, settings, knowledge)?;
    let moment = Moment {
        knowledge,
        at: gathered.at,
        zone: &gathered.zone,
    };
    let decision = care::triage::triage_of(&gathered.facts, gathered.region, &moment);
    print(&decision, gathered.record.as_ref(), format)
}

/// `review`: a course so far.
pub(crate) fn review(args: &Facts, settings: &Settings, format: Format) -> Result<(), Failure> {
    let knowledge = input::knowledge(settings)?;
    let gathered = input::gather(args, settings, knowledge)?;
    let moment = Moment {
        knowledge,
        at: gathered.at,
        zone: &gathered.zone,
    };
    let decision = care::review::review_of(&gathered.facts, gathered.region, &moment);
    print(&decision, gathered.record.as_ref(), format)
}

fn print(decision: &Decision, record: Option<&Import>, format: Format) -> Result<(), Failure> {
    match format {
        Format::Text => files::print(text(decision, record).as_bytes()),
        Format::Json => {
            let mut value = decision.to_json();
            if let (Value::Object(object), Some(record)) = (&mut value, record) {
                object.insert("record".into(), told(record));
            }
            let text = serde_json::to_string_pretty(&value);
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

/// What the import found beside facts.
fn told(record: &Import) -> Value {
    json!({
        "at": record.at,
        "facts": record.readings.len(),
        "deceased": record.patient.deceased,
        "asks": record.asks,
        "unmapped": record.unmapped,
        "administrative": record.administrative,
    })
}
