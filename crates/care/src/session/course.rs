//! What the sessions so far say about the next one.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use si::Problem;

use super::NEURO_EXAM;
use crate::episode::{EndCause, Episode, Session};
use crate::fact::{By, Value};
use crate::plan::History;

/// How a session ended, as far as it was explained.
#[must_use]
pub fn cause(session: &Session) -> Option<EndCause> {
    let explained = session.explained.as_ref().filter(|said| said.after);
    let told = session.summary.as_ref().map(|summary| summary.cause);
    explained.map(|said| said.cause).or(told)
}

/// A symptom or unexplained stop closes the day until a neurological examination after it.
///
/// # Errors
/// The session that closed the day.
pub fn day_open(episode: &Episode, at: Timestamp, zone: &TimeZone) -> Result<(), Problem> {
    let closes = |session: &&Session| cause(session).is_some_and(|cause| cause.closes_day());
    let Some(stopped) = episode.all_sessions().rev().find(closes) else {
        return Ok(());
    };
    let ended = stopped.ended.unwrap_or(at);
    if examined_after(episode, ended, at) {
        return Ok(());
    }
    let closed = if day(ended, zone) == day(at, zone) {
        "closes the day"
    } else {
        "is not followed up"
    };
    Err(Problem::new(
        "day-closed",
        "session",
        stopped.id.to_string(),
        format!("its stop by a symptom, or unexplained, {closed}"),
        "a practitioner records a neurological examination made after it",
    ))
}

/// Whether a practitioner recorded a neurological examination made after an instant.
#[must_use]
pub(super) fn examined_after(episode: &Episode, after: Timestamp, at: Timestamp) -> bool {
    episode.readings.iter().any(|reading| {
        reading.fact.as_str() == NEURO_EXAM
            && reading.by == By::Practitioner
            && reading.as_value() == Some(&Value::Bool(true))
            && after < reading.at
            && reading.at <= at
    })
}

/// The clinic's calendar day of an instant.
pub(super) fn day(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned_datetime(zone.clone()).date()
}

/// Sessions that pulled under one plan.
#[must_use]
pub fn sessions_under(episode: &Episode, plan_sha256: &str) -> u32 {
    let under = episode
        .treated()
        .filter(|session| session.plan_sha256 == plan_sha256);
    u32::try_from(under.count()).unwrap_or(u32::MAX)
}

/// What the sessions so far tell the next one.
#[must_use]
pub fn history(episode: &Episode, at: Timestamp) -> History {
    let treated: Vec<&Session> = episode.treated().filter(|s| s.ended.is_some()).collect();
    let last = treated.last().copied();
    let summary = last.and_then(|session| session.summary.as_ref());
    History {
        sessions: u32::try_from(treated.len()).unwrap_or(u32::MAX),
        last: last.and_then(|session| session.ended),
        tolerated_n: summary.map(|summary| summary.tolerated_n),
        peak_n: summary.map(|summary| summary.peak_force_n),
        settled: last.is_some_and(settled),
        adjusted: adjusted(episode, at),
    }
}

/// It ran to its end, somebody answered, and nothing was more than soreness.
fn settled(session: &Session) -> bool {
    let mut results = results(session).peekable();
    results.peek().is_some()
        && results.all(|(_, result)| matches!(result, "well" | "expected-soreness"))
        && cause(session) == Some(EndCause::Completed)
}

/// A result of `adjust` or worse since the plan in force was signed.
fn adjusted(episode: &Episode, at: Timestamp) -> bool {
    let signed = episode.plan.as_ref().map_or(Timestamp::MIN, |plan| plan.at);
    let mut all = episode.sessions().flat_map(results);
    all.any(|(told, result)| {
        told > signed
            && told <= at
            && !matches!(result, "well" | "expected-soreness" | "contact-patient")
    })
}

fn results(session: &Session) -> impl Iterator<Item = (Timestamp, &str)> {
    let triaged = session
        .check_ins
        .iter()
        .filter_map(|check_in| check_in.triage.as_ref());
    triaged.map(|triage| (triage.at, triage.result.as_str()))
}
