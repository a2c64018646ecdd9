//! What must be on record at arrival, at the start and on leaving.

use jiff::Timestamp;
use si::Problem;

use super::{LEAVING, START, cause};
use crate::decide::{Decision, MonitorAt};
use crate::episode::{EndCause, Episode, Visit};
use crate::fact::{By, FactKey, Reading, Value};
use crate::plan::days_between;

/// As long as a `session` reading lasts.
const SYMPTOM_HOURS: f64 = 12.0;

/// The score every in-session rise is measured from: the worst site at arrival.
#[must_use]
pub fn arrival_score(arrival: &[Reading]) -> Option<u8> {
    let scores = arrival
        .iter()
        .filter(|reading| reading.fact.as_str() == "pain_now");
    let scores = scores.filter_map(|reading| match reading.as_value() {
        Some(Value::Number(score)) if (0.0..=10.0).contains(score) => {
            Some(libm::round(*score) as u8)
        }
        _ => None,
    });
    scores.max()
}

/// Every named fact has a value, for each of its sites where it has sites.
pub(crate) fn complete(
    place: &str,
    readings: &[Reading],
    required: &[&str],
) -> Result<(), Problem> {
    present(place, readings, required)?;
    negative(place, readings, required)
}

fn present(place: &str, readings: &[Reading], required: &[&str]) -> Result<(), Problem> {
    let holds = |key: &FactKey| {
        readings
            .iter()
            .any(|reading| reading.key() == *key && reading.as_value().is_some())
    };
    let missing = |fact: &&&str| keys_of(fact).iter().any(|key| !holds(key));
    if let Some(fact) = required.iter().find(missing) {
        let key = keys_of(fact).into_iter().find(|key| !holds(key));
        let key = key.unwrap_or_else(|| FactKey::plain(fact));
        return Err(Problem::new(
            "record-incomplete",
            format!("{place}.{key}"),
            "",
            "this was not recorded",
            "record it; each item keeps who and when",
        ));
    }
    Ok(())
}

fn keys_of(fact: &str) -> Vec<FactKey> {
    if fact == "pain_now" {
        let sites = crate::triage::SITES.iter();
        return sites.map(|site| FactKey::indexed(fact, &[site])).collect();
    }
    vec![FactKey::plain(fact)]
}

/// A list item answered "no" is not done.
fn negative(place: &str, readings: &[Reading], required: &[&str]) -> Result<(), Problem> {
    let is_item = |reading: &&Reading| {
        let id = reading.fact.as_str();
        required.contains(&id) && (id.starts_with("start_") || id.starts_with("leaving_"))
    };
    let latest = |id: &str| readings.iter().rfind(|reading| reading.fact.as_str() == id);
    let refused = readings.iter().filter(is_item).find(|reading| {
        latest(reading.fact.as_str()).and_then(Reading::as_value) == Some(&Value::Bool(false))
    });
    match refused {
        None => Ok(()),
        Some(item) => Err(Problem::new(
            "check-failed",
            format!("{place}.{}", item.fact),
            "no",
            "this check failed",
            "put it right and check again, or send the patient home",
        )),
    }
}

/// Monitoring that a condition asks for, among the readings of that time.
pub(crate) fn monitored(
    decision: &Decision,
    entered: &[&Reading],
    when: MonitorAt,
) -> Result<(), Problem> {
    told(decision, entered, (when, false))
}

/// The same; where `unmeasured` may be, "asked, and no value" counts as told.
fn told(
    decision: &Decision,
    entered: &[&Reading],
    (when, unmeasured): (MonitorAt, bool),
) -> Result<(), Problem> {
    let asked = decision
        .conditions
        .iter()
        .filter(|c| c.when.contains(&when));
    for condition in asked {
        let Some(fact) = &condition.fact else {
            continue;
        };
        let is_it = |reading: &&Reading| {
            reading.key().to_string() == *fact && (unmeasured || reading.as_value().is_some())
        };
        if !entered.iter().any(is_it) {
            return Err(Problem::new(
                "monitoring-missing",
                fact.as_str(),
                "",
                condition.text.clone(),
                "enter it: the decision's conditions ask for it",
            ));
        }
    }
    Ok(())
}

/// Whether the visit may close.
///
/// # Errors
/// An item of the leaving check is missing, or monitoring during or after the session is.
pub fn may_leave(
    readings: &[Reading],
    warning_card: bool,
    decision: Option<&Decision>,
    visit: &Visit,
) -> Result<(), Problem> {
    // A failed item is recorded and acted on; only a missing one keeps the visit open.
    present("leaving", readings, &LEAVING)?;
    if !warning_card {
        return Err(Problem::new(
            "no-warning-card",
            "leaving.warning_card",
            "",
            "the warning card was not handed over",
            "hand over the written advice with the warning card of the region",
        ));
    }
    let Some(decision) = decision else {
        return Ok(());
    };
    let session = visit.session.iter();
    let during: Vec<&Reading> = session
        .flat_map(|s| &s.reports)
        .flat_map(|r| &r.readings)
        .collect();
    // A pull that was cut short may have ended before the measurement: that is said, not left out.
    let cut_short = visit.session.as_ref().and_then(cause) != Some(EndCause::Completed);
    told(decision, &during, (MonitorAt::During, cut_short))?;
    monitored(
        decision,
        &readings.iter().collect::<Vec<_>>(),
        MonitorAt::After,
    )
}

/// Each item of the start list was seen by staff, who are named (CLINICAL.md §5).
pub(super) fn attested(start: &[Reading]) -> Result<(), Problem> {
    let latest = |id: &str| start.iter().rfind(|reading| reading.fact.as_str() == id);
    let seen = |reading: &Reading| {
        let staff = matches!(reading.by, By::Practitioner | By::Assistant);
        staff
            && reading
                .who
                .as_deref()
                .is_some_and(|who| !who.trim().is_empty())
    };
    let mut items = START.iter().filter_map(|id| latest(id));
    match items.find(|reading| !seen(reading)) {
        None => Ok(()),
        Some(item) => Err(Problem::new(
            "check-unattested",
            format!("start.{}", item.fact),
            item.who.clone().unwrap_or_default(),
            "an item of the start list is checked by named staff",
            "check it at the table and record `by` (practitioner or assistant) and `who`",
        )),
    }
}

/// No stop symptom has been told since the last session: on the table it would stop at once.
pub(super) fn no_symptom(episode: &Episode, at: Timestamp) -> Result<(), Problem> {
    let ended = episode
        .all_sessions()
        .filter_map(|session| session.ended)
        .max();
    let fresh = |reading: &&Reading| {
        let hours = days_between(reading.at, at) * 24.0;
        hours <= SYMPTOM_HOURS && ended.is_none_or(|ended| reading.at > ended)
    };
    let told: Vec<&Reading> = episode
        .readings
        .iter()
        .filter(|reading| reading.fact.as_str().starts_with("table_"))
        .filter(fresh)
        .collect();
    let is_yes = |reading: &&&Reading| reading.as_value() == Some(&Value::Bool(true));
    let withdrawn = |symptom: &Reading| {
        let later = |other: &&Reading| other.key() == symptom.key() && other.at > symptom.at;
        told.iter()
            .any(|other| later(other) && other.as_value() == Some(&Value::Bool(false)))
    };
    match told
        .iter()
        .filter(is_yes)
        .find(|symptom| !withdrawn(symptom))
    {
        None => Ok(()),
        Some(symptom) => Err(Problem::new(
            "stop-symptom",
            format!("start.{}", symptom.key()),
            "yes",
            "a symptom that stops a session is present before it",
            "a practitioner examines the patient; nothing starts while it is there",
        )),
    }
}

/// Items of the leaving check that were answered "no".
#[must_use]
pub fn failed(readings: &[Reading]) -> Vec<&str> {
    let no = |reading: &&Reading| {
        LEAVING.contains(&reading.fact.as_str()) && reading.as_value() == Some(&Value::Bool(false))
    };
    readings
        .iter()
        .filter(no)
        .map(|reading| reading.fact.as_str())
        .collect()
}
