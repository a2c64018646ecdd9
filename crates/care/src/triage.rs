//! After the session: check-ins, what they derive, and what triage makes of them.
//!
//! The answers are compared with that session's own arrival record: what was
//! there before is no alarm. [`derived`] computes rise and duration exactly as
//! CLINICAL.md §6 defines them and leaves out what cannot be known; the rules
//! under `knowledge/rules/triage/` decide, and whatever matches no row, lacks
//! an answer or has no baseline is at least `adjust`.

mod alone;
mod derive;
mod due;
mod phone;

pub use alone::triage_of;
pub(crate) use derive::hours_between;
pub use derive::{SITES, derived};
pub use due::{Due, due, received, received_at, severity};
pub use phone::{Ask, Sheet, SheetRule, sheet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use si::Region;

use crate::decide::{Decision, Gate, Request, RuleSet, Urgency, Verdict, decide};
use crate::episode::{Episode, Session, Visit};
use crate::fact::{Baseline, By, FactKey, FactSet, Reading, Value};
use crate::knowledge::Knowledge;

/// What a decision after a session is told beside the episode.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The rules and facts in force.
    pub knowledge: &'a Knowledge,
    /// Now.
    pub at: Timestamp,
    /// The clinic's time zone.
    pub zone: &'a TimeZone,
}

impl Moment<'_> {
    /// Decides a set that has no gates of its own, over these facts alone.
    pub(crate) fn decide(
        &self,
        set: RuleSet,
        facts: &FactSet,
        region: Region,
        baseline: Baseline,
    ) -> Decision {
        let mut decision = decide(&Request {
            set,
            facts,
            region,
            gates: Gate::ALL,
            knowledge: self.knowledge,
            at: self.at,
            zone: self.zone,
            baseline,
        });
        if set == RuleSet::Triage {
            decision.urgency = decision.urgency.max(urgency(decision.verdict));
        }
        decision
    }
}

/// How soon somebody must act on a result, whichever rule or doubt gave it (CLINICAL.md §1.1).
const fn urgency(result: Verdict) -> Urgency {
    match result {
        Verdict::Emergency => Urgency::Emergency,
        Verdict::SeeClinicianToday => Urgency::Urgent,
        Verdict::ContactPatient | Verdict::Adjust => Urgency::Routine,
        _ => Urgency::None,
    }
}

/// How soon somebody must act on what was answered, whatever is still open.
pub(crate) fn stated(decision: &Decision) -> Urgency {
    let fired = decision.fired.iter();
    let soon = fired.map(|fired| fired.urgency.max(urgency(fired.verdict)));
    soon.max().unwrap_or(Urgency::None)
}

/// What triage makes of answers after a session.
pub fn triage(
    episode: &Episode,
    visit: &Visit,
    session: &Session,
    answers: &[Reading],
    moment: &Moment<'_>,
) -> Decision {
    let region = visit.region.or(episode.region).unwrap_or(Region::Lumbar);
    // Arrival is what to compare with, never an answer: it joins only what was answered.
    let answered = |reading: &&Reading| {
        answers
            .iter()
            .any(|answer| answer.key() == reading.key() && answer.as_value().is_some())
    };
    let mut facts: FactSet = visit.arrival.iter().filter(answered).cloned().collect();
    facts.extend(answers.iter().cloned());
    facts.extend(derived(episode, visit, session, answers, moment.at));
    facts.insert(was_silent(false, moment.at));
    moment.decide(
        RuleSet::Triage,
        &facts,
        region,
        Baseline::Arrival(visit.arrived),
    )
}

/// What triage makes of a silence.
pub fn silence(episode: &Episode, moment: &Moment<'_>) -> Decision {
    let region = episode.region.unwrap_or(Region::Lumbar);
    let facts: FactSet = [was_silent(true, moment.at)].into_iter().collect();
    moment.decide(RuleSet::Triage, &facts, region, Baseline::First)
}

/// Whether nobody answered, for the rules.
fn was_silent(silent: bool, at: Timestamp) -> Reading {
    let key = FactKey::plain("check_in_silent");
    Reading::value(key, Value::Bool(silent), at, By::Device)
}
