//! A report on the table: what the in-session rules say of it, and what follows.

use jiff::Timestamp;
use si::{Problem, Region};
use uuid::Uuid;

use super::super::{Context, chart, refuse_if, safety};
use super::find;
use crate::decide::{Decision, RuleSet, Urgency, Verdict};
use crate::episode::subject::SESSION;
use crate::episode::{AdverseEvent, Episode, Judged, Kept, Visit, What};
use crate::fact::{Baseline, By, FactKey, FactSet, Reading, Value, number_in};
use crate::session::arrival_score;
use crate::triage::{Moment, hours_between, received, severity};

/// What the in-session rules say of a report.
pub(super) fn reported(
    episode: &Episode,
    session: Uuid,
    readings: Vec<Reading>,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    let open = find(episode, session)?;
    refuse_if(
        open.started.is_none(),
        (
            "session-not-started",
            "session",
            "this session has not begun",
        ),
        "report on the arrival record instead",
    )?;
    let readings = chart::checked(readings, context)?;
    let visit = episode.visit_of(session);
    let decision = in_session(episode, visit, &readings, context);
    let told = told_at_once(episode, session, &decision, context);
    let report = What::SessionReported {
        session,
        readings,
        decision: Kept::new(decision),
    };
    Ok(std::iter::once(report).chain(told).collect())
}

/// A pressing report: an alert, and an adverse event to be followed.
fn told_at_once(
    episode: &Episode,
    session: Uuid,
    decision: &Decision,
    context: &Context<'_>,
) -> Vec<What> {
    if decision.urgency < Urgency::Urgent {
        return Vec::new();
    }
    let rules: Vec<&str> = decision
        .fired
        .iter()
        .map(|fired| fired.rule.as_str())
        .collect();
    let about = format!("{SESSION}{session}: {}", rules.join(", "));
    let mut happened = Vec::new();
    if episode.open_alerts().all(|alert| alert.about != about) {
        happened.push(safety::first_notice(episode, decision.urgency, about));
    }
    let said = format!("On the table: {}.", rules.join(", "));
    happened.extend(followed_up(
        episode,
        session,
        (said, decision.urgency),
        context,
    ));
    happened
}

/// Opens the session's adverse event, or makes an open one as severe as this report.
fn followed_up(
    episode: &Episode,
    session: Uuid,
    (said, urgency): (String, Urgency),
    context: &Context<'_>,
) -> Option<What> {
    let ended = episode.session(session).and_then(|session| session.ended);
    let result = match urgency {
        Urgency::Emergency => Verdict::Emergency,
        _ => Verdict::SeeClinicianToday,
    };
    let since = hours_between(ended.unwrap_or(context.at), context.at);
    let severity = severity(result, since);
    let followed = |event: &&AdverseEvent| event.session == Some(session) && event.closed.is_none();
    match episode.adverse_events.iter().find(followed) {
        Some(open) if severity <= open.severity => None,
        Some(open) => Some(What::AdverseEventNoted {
            event: open.number,
            note: said.into(),
            severity: Some(severity),
            serious: None,
            relation: None,
            action: None,
            judged: Judged::default(),
        }),
        None => Some(What::AdverseEventOpened {
            event: safety::next_adverse(episode),
            description: said.into(),
            onset: context.at,
            severity,
            serious: false,
            session: Some(session),
            received: received(episode, context.at),
            judged: Judged::default(),
        }),
    }
}

/// Decides the in-session set for a report against what the visit recorded before the pull.
fn in_session(
    episode: &Episode,
    visit: Option<&Visit>,
    readings: &[Reading],
    context: &Context<'_>,
) -> Decision {
    let mut facts: FactSet = readings.iter().cloned().collect();
    let arrival = visit.and_then(|visit| arrival_score(&visit.arrival));
    facts.extend(discomfort_rise(arrival, readings, context.at));
    facts.extend(systolic_rise(visit, readings, context));
    let region = episode.region.unwrap_or(Region::Lumbar);
    let moment = Moment {
        knowledge: context.knowledge,
        at: context.at,
        zone: context.zone,
    };
    moment.decide(RuleSet::InSession, &facts, region, Baseline::First)
}

fn discomfort_rise(arrival: Option<u8>, readings: &[Reading], at: Timestamp) -> Option<Reading> {
    let told = readings
        .iter()
        .rev()
        .find(|reading| reading.fact.as_str() == "discomfort")?;
    let Some(Value::Number(now)) = told.as_value() else {
        return None;
    };
    let rise = now - f64::from(arrival?);
    let key = FactKey::plain("discomfort_rise");
    Some(Reading::value(key, Value::Number(rise), at, By::Device).with_source("derived#session"))
}

/// Systolic pressure on the table minus the last one before the pull, where both were measured.
fn systolic_rise(
    visit: Option<&Visit>,
    readings: &[Reading],
    context: &Context<'_>,
) -> Option<Reading> {
    let visit = visit?;
    let fact = context.knowledge.catalogue().get("systolic_now")?;
    let is_it = |reading: &&Reading| reading.fact.as_str() == fact.id;
    let before = visit.arrival.iter().chain(&visit.start).filter(is_it);
    let before = number_in(before.max_by_key(|reading| reading.at)?, fact)?;
    let now = number_in(readings.iter().rfind(is_it)?, fact)?;
    let key = FactKey::plain("systolic_rise");
    let rise = Reading::value(key, Value::Number(now - before), context.at, By::Device);
    Some(rise.with_unit("mm[Hg]").with_source("derived#session"))
}
