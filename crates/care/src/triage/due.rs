//! When somebody must be asked, and when silence is an answer.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use uuid::Uuid;

use crate::decide::Verdict;
use crate::episode::{CheckIn, EndCause, Episode, Session, Severity};

/// Check-ins fall due so many hours after the session (CLINICAL.md §6).
const DUE_HOURS: [i64; 4] = [4, 24, 48, 72];
/// Hours until silence counts (ours, CLINICAL.md §6).
const REPLY_HOURS: i64 = 6;
/// The same after a stop or a high peak (ours, CLINICAL.md §6).
const REPLY_HOURS_AFTER_STOP: i64 = 2;
/// A peak of discomfort from here on shortens the window (CLINICAL.md §6).
const HIGH_PEAK: u8 = 6;
/// Triage names everything received in so many hours (CLINICAL.md §6).
const RECEIVED_HOURS: i64 = 72;

/// One check-in that was or will be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The session it follows.
    pub session: Uuid,
    /// Which one, from 0.
    pub number: u8,
    /// When it is asked.
    pub from: Timestamp,
    /// When silence counts.
    pub until: Timestamp,
    /// Whether it was answered.
    pub answered: bool,
    /// Whether it was given up.
    pub missed: bool,
}

impl Due {
    /// Whether it was neither answered nor given up.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !self.answered && !self.missed
    }

    /// Whether an answer is waited for.
    #[must_use]
    pub fn open_at(&self, at: Timestamp) -> bool {
        self.is_open() && self.from <= at
    }

    /// Whether it should be given up now.
    #[must_use]
    pub fn overdue_at(&self, at: Timestamp) -> bool {
        self.is_open() && self.until <= at
    }
}

/// Every check-in of every session that has ended and whose first hour of asking has come, oldest first.
#[must_use]
pub fn due(episode: &Episode, at: Timestamp) -> Vec<Due> {
    let sessions = episode.all_sessions();
    sessions
        .flat_map(|session| of_session(session, at))
        .collect()
}

fn of_session(session: &Session, at: Timestamp) -> Vec<Due> {
    let Some(ended) = session.ended else {
        return Vec::new();
    };
    let window = if is_watched(session) {
        REPLY_HOURS_AFTER_STOP
    } else {
        REPLY_HOURS
    };
    let mut all = Vec::new();
    for (number, hours) in (0_u8..).zip(DUE_HOURS) {
        let from = later(ended, hours);
        if from > at {
            break;
        }
        let mine = |check_in: &&CheckIn| check_in.number == Some(number);
        let told = session.check_ins.iter().filter(mine);
        let missed = told.clone().any(|check_in| check_in.missed);
        all.push(Due {
            session: session.id,
            number,
            from,
            until: later(from, window),
            answered: told.clone().any(|check_in| !check_in.missed),
            missed,
        });
    }
    all
}

/// After a stop or a high peak, silence counts sooner.
fn is_watched(session: &Session) -> bool {
    session.summary.as_ref().is_some_and(|summary| {
        summary.cause.is_stop() && summary.cause != EndCause::Operator
            || summary
                .peak_discomfort
                .is_some_and(|peak| peak >= HIGH_PEAK)
    })
}

fn later(at: Timestamp, hours: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(hours))
        .unwrap_or(Timestamp::MAX)
}

/// Whether an `adjust` is on record for another session of this episode, also where answers that
/// were given before it arrive after it.
pub(super) fn adjusted_before(episode: &Episode, session: Uuid) -> bool {
    let others = episode.sessions().filter(|other| other.id != session);
    let results = others
        .flat_map(|other| &other.check_ins)
        .filter_map(|c| c.triage.as_ref());
    results
        .into_iter()
        .any(|triage| triage.result == Verdict::Adjust.as_str())
}

/// Everything received in the last 72 h, in words of ours (CLINICAL.md §6).
#[must_use]
pub fn received(episode: &Episode, at: Timestamp) -> Vec<String> {
    let since = at
        .checked_sub(SignedDuration::from_hours(RECEIVED_HOURS))
        .unwrap_or(Timestamp::MIN);
    let lately = |then: Timestamp| since <= then && then <= at;
    let mut all = Vec::new();
    for session in episode.all_sessions() {
        if let (Some(ended), Some(summary)) = (session.ended, &session.summary)
            && lately(ended)
        {
            let peak = summary.peak_force_n;
            all.push(line(ended, format_args!("traction, peak {peak:.0} N")));
        }
    }
    for therapy in episode
        .therapies
        .iter()
        .filter(|therapy| lately(therapy.at))
    {
        let what = format_args!("{} ({})", therapy.kind, therapy.region);
        all.push(line(therapy.at, what));
    }
    all.sort();
    all
}

/// To the minute: what was received is told to people.
const MINUTE: &str = "%Y-%m-%d %H:%M";
/// What stands between the minute and what was received.
const UTC: &str = " UTC ";

fn line(at: Timestamp, what: impl std::fmt::Display) -> String {
    format!("{}{UTC}{what}", at.strftime(MINUTE))
}

/// When something was received, and what, of a line of [`received`]; none of a line of another
/// form.
#[must_use]
pub fn received_at(line: &str) -> Option<(Timestamp, &str)> {
    let (at, what) = line.split_once(UTC)?;
    let at = DateTime::strptime(MINUTE, at).ok()?;
    let at = at.to_zoned_datetime(TimeZone::UTC).ok()?;
    Some((at.timestamp(), what))
}

/// The Carnes class an adverse event is opened with (S102); followed up by people.
#[must_use]
pub fn severity(result: Verdict, hours_since: f64) -> Severity {
    match result {
        Verdict::Emergency => Severity::Major,
        _ if hours_since >= 24.0 => Severity::Moderate,
        _ => Severity::Mild,
    }
}
