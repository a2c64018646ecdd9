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

/// A date, and the element it stands in.
struct Dated<'a, 'v> {
    when: When<'a>,
    view: &'v View<'a>,
    /// The member, and in a period which end.
    name: (&'static str, Option<&'static str>),
}

impl Dated<'_, '_> {
    fn place(&self) -> String {
        let (name, end) = self.name;
        match end {
            Some(end) => format!("{}.{end}", self.view.at(name)),
            None => self.view.at(name),
        }
    }
}

/// The record's instant.
///
/// # Errors
/// No date to go by, a date that is none, or one after the deciding instant.
pub(crate) fn of(record: &Record<'_>, at: Option<Timestamp>) -> Result<Timestamp, Problem> {
    let mut dates = Vec::new();
    for view in &record.resources {
        collect(view, &mut dates)?;
    }
    let latest = dates.iter().map(|dated| dated.when.earliest).max();
    let stated = match &record.bundle {
        Some(bundle) => one(bundle, "timestamp")?,
        None => None,
    };
    let own = stated.as_ref().map(|dated| dated.when.earliest).or(latest);
    let own = own.or(at).ok_or_else(no_date)?;
    let deciding = at.unwrap_or(own);
    let mut all = stated.iter().chain(&dates);
    match all.find(|dated| dated.when.is_after(deciding)) {
        Some(dated) => Err(in_the_future(dated, deciding)),
        None => Ok(own),
    }
}

fn collect<'a, 'v>(view: &'v View<'a>, dates: &mut Vec<Dated<'a, 'v>>) -> Result<(), Problem> {
    let Some((_, names)) = DATES.iter().find(|(kind, _)| *kind == view.kind) else {
        return Ok(());
    };
    let status = view.body.get("status").and_then(|status| status.as_str());
    if status.is_some_and(|status| NOT_DONE.contains(&status)) {
        return Ok(());
    }
    for name in *names {
        let period = name.ends_with("Period") || *name == "period";
        let found = if period {
            begin(view, name)?
        } else {
            one(view, name)?
        };
        dates.extend(found);
    }
    Ok(())
}

fn one<'a, 'v>(view: &'v View<'a>, name: &'static str) -> Result<Option<Dated<'a, 'v>>, Problem> {
    let when = view.when(name)?;
    Ok(when.map(|when| Dated {
        when,
        view,
        name: (name, None),
    }))
}

/// A period's start, else its end: what is under way may end ahead.
fn begin<'a, 'v>(view: &'v View<'a>, name: &'static str) -> Result<Option<Dated<'a, 'v>>, Problem> {
    let Some(period) = view.object(name)? else {
        return Ok(None);
    };
    for end in ["start", "end"] {
        if let Some(when) = period.when(end)? {
            return Ok(Some(Dated {
                when,
                view,
                name: (name, Some(end)),
            }));
        }
    }
    Ok(None)
}

fn in_the_future(dated: &Dated<'_, '_>, at: Timestamp) -> Problem {
    Problem::new(
        "in-the-future",
        dated.place(),
        dated.when.text,
        format!("is more than 24 h after the instant of decision, {at}"),
        "mend the date, or give the instant at which to decide",
    )
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
