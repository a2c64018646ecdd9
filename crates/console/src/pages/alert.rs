//! An alarm to the clinic in words: what it stands on, and what the patient says of it.

use care::decide::{Decision, Fired, Urgency};
use care::episode::{Alert, Episode};

/// The decision that raised an alarm: it was written in the same act.
pub(super) fn decided<'a>(episode: &'a Episode, alert: &Alert) -> Option<&'a Decision> {
    let told = episode.all_sessions().flat_map(|s| &s.check_ins);
    let triaged = told.filter_map(|told| told.triage.as_ref());
    let mut of_then = triaged.filter(|triage| triage.at == alert.at);
    let kept = of_then.next_back().map(|triage| &triage.decision);
    let screened = episode.decision.as_ref();
    let screened = screened.filter(|kept| kept.at == alert.at);
    let kept = kept.or(screened.map(|kept| &kept.decision));
    kept.map(|kept| &**kept)
}

/// What the patient says at the desk of an emergency department, a line for each emergency.
pub(super) fn said_at_the_desk(fired: &[Fired]) -> Vec<String> {
    let pressing = fired.iter();
    let pressing = pressing.filter(|fired| fired.urgency == Urgency::Emergency);
    pressing.map(|fired| fired.practitioner.clone()).collect()
}
