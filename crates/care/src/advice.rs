//! Plain advice after a session; each item has criteria of its own.
//!
//! What is not shown to be safe for this patient is withheld: no fluids where
//! they are restricted, no stretches at `see-clinician-today` or worse.

use si::Region;

use crate::decide::{Decision, RuleSet};
use crate::episode::Episode;
use crate::fact::{Baseline, By, FactKey, Reading, Value};
use crate::triage::Moment;

/// Decides the advice for the patient's present result.
pub fn advice(episode: &Episode, moment: &Moment<'_>) -> Decision {
    let region = episode.region.unwrap_or(Region::Lumbar);
    let mut facts = episode.facts();
    let level = Value::Choice(level(episode).to_owned());
    facts.insert(Reading::value(
        FactKey::plain("advice_level"),
        level,
        moment.at,
        By::Device,
    ));
    moment.decide(RuleSet::Advice, &facts, region, Baseline::First)
}

/// The items that are given, in the patient's words.
#[must_use]
pub fn items(decision: &Decision) -> Vec<&str> {
    decision
        .fired
        .iter()
        .map(|fired| fired.statement.as_str())
        .collect()
}

/// The latest triage result; `well` right after a session, `none` before the first.
fn level(episode: &Episode) -> &str {
    let Some(last) = episode.treated().next_back() else {
        return "none";
    };
    let triaged = last
        .check_ins
        .iter()
        .rev()
        .find_map(|check_in| check_in.triage.as_ref());
    match triaged {
        Some(triage) => &triage.result,
        None if crate::session::cause(last).is_some_and(|cause| cause.closes_day()) => "adjust",
        None => "well",
    }
}
