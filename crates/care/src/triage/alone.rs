//! A check-in without an episode: arrival record, session's end and answers in one
//! set of facts, as a file or another program sends them.
//!
//! Readings up to `session_ended` are the arrival record; later ones are the
//! answers. Without that fact nothing is derived, and only what was told counts.

use jiff::Timestamp;
use si::Region;
use uuid::Uuid;

use super::{Moment, triage};
use crate::decide::{Decision, RuleSet};
use crate::episode::{Episode, Session, Visit};
use crate::fact::{Baseline, FactKey, FactSet, PartialDate, Value};

/// When the session ended that the answers follow.
const ENDED: &str = "session_ended";

/// What triage makes of facts alone.
pub fn triage_of(facts: &FactSet, region: Region, moment: &Moment<'_>) -> Decision {
    let Some(ended) = ended(facts) else {
        return told(facts, region, moment);
    };
    let (arrival, answers): (Vec<_>, Vec<_>) = facts
        .iter()
        .cloned()
        .partition(|reading| reading.at <= ended);
    let session = Session::of_end(ended);
    let arrived = arrival
        .iter()
        .map(|reading| reading.at)
        .max()
        .unwrap_or(ended);
    let visit = Visit {
        number: 1,
        episode: 1,
        region: Some(region),
        arrived,
        arrival,
        start: Vec::new(),
        session: Some(session.clone()),
        leaving: None,
        note: None,
    };
    let episode = Episode {
        number: 1,
        region: Some(region),
        visits: vec![visit.clone()],
        ..Episode::default()
    };
    triage(&episode, &visit, &session, &answers, moment)
}

/// Nothing can be derived; a check-in that is a file was not silent.
fn told(facts: &FactSet, region: Region, moment: &Moment<'_>) -> Decision {
    let mut facts = facts.clone();
    let said = super::was_silent(false, moment.at);
    if facts.of(&said.key()).is_empty() {
        facts.insert(said);
    }
    moment.decide(RuleSet::Triage, &facts, region, Baseline::First)
}

fn ended(facts: &FactSet) -> Option<Timestamp> {
    facts
        .of(&FactKey::plain(ENDED))
        .iter()
        .rev()
        .find_map(|reading| match reading.as_value() {
            Some(Value::Date(PartialDate::Instant(at))) => Some(*at),
            _ => None,
        })
}

impl Session {
    /// A session of which nothing is known but its end: a check-in that is a file.
    #[must_use]
    pub const fn of_end(ended: Timestamp) -> Self {
        Self {
            id: Uuid::nil(),
            table: Uuid::nil(),
            plan_sha256: String::new(),
            attendant: String::new(),
            force_n: 0.0,
            granted: ended,
            grant: String::new(),
            expires: ended,
            simulated: true,
            started: Some(ended),
            reports: Vec::new(),
            ended: Some(ended),
            summary: None,
            explained: None,
            check_ins: Vec::new(),
            begun: None,
            links: Vec::new(),
        }
    }
}
