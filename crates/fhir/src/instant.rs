//! When a record was put together: `Bundle.timestamp`, else its latest entry.
//!
//! Plans and appointments lie ahead of a record and do not date it. A date that
//! records something done is never more than 24 h after the deciding instant.

use crate::bundle::Record;
use crate::view::View;
use crate::when::When;
use jiff::Timestamp;
use si::Problem;

/// The dates that record something done, by resource type; `Period`s by a dot.
const DATES: &[(&str, &[&str])] = &[
    ("AllergyIntolerance", &["recordedDate"]),
    (
        "Condition",
        &["recordedDate", "onsetDateTime", "abatementDateTime"],
    ),
    ("Composition", &["date"]),
    ("DeviceUseStatement", &["recordedOn"]),
    (
        "DiagnosticReport",
        &["effectiveDateTime", "effectivePeriod", "issued"],
    ),
    ("Encounter", &["period"]),
    ("ImagingStudy", &["started"]),
    ("Immunization", &["occurrenceDateTime"]),
    (
        "MedicationAdministration",
        &["effectiveDateTime", "effectivePeriod"],
    ),
    ("MedicationRequest", &["authoredOn"]),
    ("MedicationStatement", &["dateAsserted"]),
    (
        "Observation",
        &["effectiveDateTime", "effectivePeriod", "issued"],
    ),
    ("Patient", &["birthDate", "deceasedDateTime"]),
    ("Procedure", &["performedDateTime", "performedPeriod"]),
    ("QuestionnaireResponse", &["authored"]),
];

/// Statuses of what was never done, or is only planned.
const NOT_DONE: [&str; 8] = [
    "booked",
    "cancelled",
    "draft",
    "entered-in-error",
    "not-done",
    "planned",
    "preparation",
    "proposed",
];

/// The record's instant.
///
/// # Errors
/// No date to go by, a date that is none, or one after the deciding instant.
pub(crate) fn of(record: &Record<'_>, at: Option<Timestamp>) -> Result<Timestamp, Problem> {
    let stated = match &record.bundle {
        Some(bundle) => stated(bundle)?,
        None => None,
    };
    let mut dates = Vec::new();
    for view in &record.resources {
        collect(view, &mut dates)?;
    }
    let latest = dates.iter().map(|(when, _)| when.earliest).max();
    let own = stated
        .as_ref()
        .map(|(when, _)| when.earliest)
        .or(latest)
        .or(at);
    let own = own.ok_or_else(no_date)?;
    let deciding = at.unwrap_or(own);
    for (when, place) in stated.iter().chain(&dates) {
        when.not_after(deciding, place)?;
    }
    Ok(own)
}

fn stated(bundle: &View<'_>) -> Result<Option<(When, String)>, Problem> {
    let when = bundle.when("timestamp")?;
    Ok(when.map(|when| (when, bundle.at("timestamp"))))
}

fn collect(view: &View<'_>, dates: &mut Vec<(When, String)>) -> Result<(), Problem> {
    let Some((_, names)) = DATES.iter().find(|(kind, _)| *kind == view.kind) else {
        return Ok(());
    };
    if view
        .body
        .get("status")
        .and_then(|status| status.as_str())
        .is_some_and(|status| NOT_DONE.contains(&status))
    {
        return Ok(());
    }
    for name in *names {
        if name.ends_with("Period") || *name == "period" {
            if let Some((when, place)) = begin(view, name)? {
                dates.push((when, place));
            }
        } else if let Some(when) = view.when(name)? {
            dates.push((when, view.at(name)));
        }
    }
    Ok(())
}

/// A period's start, else its end: what is under way may end ahead.
fn begin(view: &View<'_>, name: &str) -> Result<Option<(When, String)>, Problem> {
    let Some(period) = view.object(name)? else {
        return Ok(None);
    };
    for end in ["start", "end"] {
        if let Some(when) = period.when(end)? {
            return Ok(Some((when, period.at(end))));
        }
    }
    Ok(None)
}

fn no_date() -> Problem {
    Problem::new(
        "no-date",
        "input",
        "",
        "has no date from which its instant could be told",
        "give the instant at which to decide",
    )
}
