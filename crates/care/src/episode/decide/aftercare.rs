//! Links, silence, other therapies.

use jiff::{SignedDuration, Timestamp};
use si::Problem;
use uuid::Uuid;

use super::{Context, check_in, misrouted, past, referral, refuse_if, safety, said};
use crate::decide::Urgency;
use crate::episode::subject::CHECK_IN;
use crate::episode::{Alert, Command, Episode, Kept, Session, What};
use crate::triage::{Moment, due, received, silence};

/// Minutes without an acknowledgement until the next contact is told (CLINICAL.md §6).
const ESCALATE_MINUTES: i64 = 15;

pub(super) fn answer(
    episode: &Episode,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    match command {
        Command::IssueLink {
            session,
            token_sha256,
            expires,
        } => {
            find_ended(episode, session)?;
            refuse_if(
                token_sha256.len() != 64 || !token_sha256.bytes().all(|b| b.is_ascii_hexdigit()),
                ("not-a-hash", "token_sha256", "this is no SHA-256"),
                "keep the hash of the token, never the token",
            )?;
            Ok(vec![What::LinkIssued {
                session,
                token_sha256,
                expires,
            }])
        }
        Command::AnswerCheckIn {
            session,
            number,
            form,
            readings,
        } => check_in::answered(episode, (session, number, form), readings, context),
        Command::BeginCheckIn {
            session,
            form,
            readings,
        } => check_in::begun(episode, (session, form), readings, context),
        Command::KeepTime { on_call } => Ok(kept_time(episode, &on_call, context)),
        Command::RecordTherapy(visit) => {
            said("therapy.kind", &visit.kind)?;
            said("therapy.region", &visit.region)?;
            past("therapy.at", visit.at, context)?;
            refuse_if(
                episode.therapies_suspended_at(visit.at),
                (
                    "therapies-suspended",
                    "therapy.at",
                    "every therapy is suspended by an emergency or urgent result",
                ),
                "examine the patient and lift the suspension; what came before keeps its own time",
            )?;
            Ok(vec![What::TherapyRecorded(visit)])
        }
        other => Err(misrouted(&other)),
    }
}

pub(super) fn find_ended(episode: &Episode, session: Uuid) -> Result<&Session, Problem> {
    let found = episode
        .session(session)
        .filter(|session| session.ended.is_some());
    found.ok_or_else(|| {
        Problem::new(
            "session-unknown",
            "session",
            session.to_string(),
            "this patient has no such session that has ended",
            "a check-in follows a session that has ended",
        )
    })
}

/// The first instant at which [`Command::KeepTime`] has something to do: a check-in that is
/// given up, a form that is taken for left, an alarm whose next contact is told, a letter
/// that nothing came of. Before it, and where there is none, the clock need not look at this patient.
#[must_use]
pub fn wakes_at(episode: &Episode) -> Option<Timestamp> {
    let silence = due(episode, Timestamp::MAX)
        .into_iter()
        .filter(|due| due.is_open())
        .map(|due| due.until);
    let left = episode.all_sessions().filter_map(check_in::left_at);
    let escalation = ringing(episode).filter_map(escalates_at);
    let letters = episode.open_referrals();
    let letters = letters.filter_map(|letter| referral::reminds_at(episode, letter));
    silence.chain(left).chain(escalation).chain(letters).min()
}

/// Silence, forms that were left, letters without an answer, and escalation: whatever fell
/// due by now.
fn kept_time(episode: &Episode, on_call: &[String], context: &Context<'_>) -> Vec<What> {
    let mut happened = Vec::new();
    let mut next_alert = safety::next_alert(episode);
    let moment = Moment {
        knowledge: context.knowledge,
        at: context.at,
        zone: context.zone,
    };
    let overdue = due(episode, context.at)
        .into_iter()
        .filter(|due| due.overdue_at(context.at));
    for overdue in overdue {
        happened.push(What::CheckInMissed {
            session: overdue.session,
            number: overdue.number,
        });
        // Nobody is told to call somebody who died.
        if episode.deceased {
            continue;
        }
        let decision = silence(episode, &moment);
        happened.push(What::Triaged {
            session: overdue.session,
            number: Some(overdue.number),
            result: decision.verdict.as_str().to_owned(),
            received: received(episode, context.at),
            decision: Kept::new(decision),
        });
        let about = format!("{CHECK_IN}no reply to number {}", overdue.number);
        happened.push(safety::notice(next_alert, Urgency::Routine, about));
        next_alert += 1;
    }
    let left = check_in::abandoned(episode, next_alert, context);
    next_alert += notices(&left);
    happened.extend(left);
    happened.extend(referral::overdue(episode, next_alert, context));
    happened.extend(ringing(episode).filter_map(|alert| escalated(alert, on_call, context.at)));
    happened
}

/// Alarms that ask for somebody.
fn ringing(episode: &Episode) -> impl Iterator<Item = &Alert> {
    let open = episode.open_alerts();
    open.filter(|alert| !referral::is_in_vain(episode, alert))
}

/// How many alarms are new among these.
fn notices(happened: &[What]) -> u32 {
    let new = |what: &&What| matches!(what, What::Notified { attempt: 1, .. });
    u32::try_from(happened.iter().filter(new).count()).unwrap_or(u32::MAX)
}

/// When the next contact is told, unless somebody acknowledges before.
fn escalates_at(alert: &Alert) -> Option<Timestamp> {
    if alert.urgency == Urgency::Routine.as_str() {
        return None;
    }
    let last = alert.notified.last().map_or(alert.at, |(told, _)| *told);
    // The first on call is told at once, the next after a quarter of an hour.
    let wait = if alert.notified.len() <= 1 {
        0
    } else {
        ESCALATE_MINUTES
    };
    let at = last.checked_add(SignedDuration::from_mins(wait));
    Some(at.unwrap_or(Timestamp::MAX))
}

/// The next contact on the list, and round again, until somebody acknowledges.
fn escalated(alert: &Alert, on_call: &[String], at: Timestamp) -> Option<What> {
    escalates_at(alert).filter(|due| *due <= at && !on_call.is_empty())?;
    let told = alert.notified.len();
    Some(What::Notified {
        alert: alert.number,
        urgency: alert.urgency.clone(),
        about: alert.about.clone(),
        to: on_call[told.saturating_sub(1) % on_call.len()].clone(),
        attempt: u32::try_from(told).unwrap_or(u32::MAX) + 1,
    })
}
