//! Links, check-ins, silence, other therapies.

use jiff::{SignedDuration, Timestamp};
use si::Problem;
use uuid::Uuid;

use super::{Context, chart, misrouted, past, refuse_if, safety, said};
use crate::decide::{Decision, Urgency, Verdict};
use crate::episode::{Alert, Command, Episode, Kept, Private, Session, SuspendedBy, What};
use crate::fact::Reading;
use crate::triage::{Due, Moment, due, hours_between, received, severity, silence, triage};

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
            readings,
        } => answered(episode, (session, number), readings, context),
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

fn find_ended(episode: &Episode, session: Uuid) -> Result<&Session, Problem> {
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

fn answered(
    episode: &Episode,
    (id, number): (Uuid, Option<u8>),
    readings: Vec<Reading>,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    let session = find_ended(episode, id)?;
    if let Some(number) = number {
        not_answered_before(episode, (id, number), context)?;
    }
    let readings = chart::checked(readings, context)?;
    let Some(visit) = episode.visit_of(id) else {
        return Ok(Vec::new());
    };
    let moment = Moment {
        knowledge: context.knowledge,
        at: context.at,
        zone: context.zone,
    };
    let decision = triage(episode, visit, session, &readings, &moment);
    let consequences = consequences(episode, (session, number), decision, context);
    let reassessed = chart::reassess(episode, &readings, context);
    let mut happened = vec![What::CheckInAnswered {
        session: id,
        number,
        readings,
    }];
    happened.extend(consequences);
    happened.extend(renumbered(episode, &happened, reassessed));
    Ok(happened)
}

fn not_answered_before(
    episode: &Episode,
    (session, number): (Uuid, u8),
    context: &Context<'_>,
) -> Result<(), Problem> {
    let asked: Vec<Due> = due(episode, context.at);
    let this = asked
        .iter()
        .find(|due| due.session == session && due.number == number);
    let Some(this) = this else {
        return Err(Problem::new(
            "check-in-not-due",
            "number",
            number.to_string(),
            "this check-in is not due yet",
            "answer without a number: every answer is read at once",
        ));
    };
    refuse_if(
        this.answered,
        ("check-in-answered", "number", "this check-in was answered"),
        "answer without a number to tell something new",
    )
}

/// Triage, suspension, adverse event, notice: what a result brings with it.
fn consequences(
    episode: &Episode,
    (session, number): (&Session, Option<u8>),
    decision: Decision,
    context: &Context<'_>,
) -> Vec<What> {
    let (result, urgency) = (decision.verdict, decision.urgency);
    let received = received(episode, context.at);
    let description = described(&decision);
    let mut happened = vec![What::Triaged {
        session: session.id,
        number,
        result: result.as_str().to_owned(),
        received: received.clone(),
        decision: Kept::new(decision),
    }];
    if matches!(
        result,
        Verdict::Emergency | Verdict::SeeClinicianToday | Verdict::Adjust
    ) {
        happened.push(What::Suspended {
            suspension: safety::next_suspension(episode),
            because: SuspendedBy::Triage {
                result: result.as_str().to_owned(),
                session: session.id,
            },
        });
    }
    if matches!(result, Verdict::Emergency | Verdict::SeeClinicianToday) {
        let ended = session.ended.unwrap_or(context.at);
        happened.push(What::AdverseEventOpened {
            event: safety::next_adverse(episode),
            description: Private(description),
            onset: context.at,
            severity: severity(result, hours_between(ended, context.at)),
            serious: false,
            session: Some(session.id),
            received,
        });
    }
    if urgency > Urgency::None {
        let about = format!("check-in: {}", result.as_str());
        happened.push(safety::first_notice(episode, urgency, about));
    }
    happened
}

/// What happened, in the practitioner's words of every rule that fired.
fn described(decision: &Decision) -> String {
    let mut said = String::from("After a session:");
    for fired in &decision.fired {
        let words = match fired.practitioner.trim() {
            "" => fired.statement.trim(),
            words => words,
        };
        said.push(' ');
        said.push_str(words);
        if !words.ends_with(['.', '!', '?']) {
            said.push('.');
        }
    }
    said
}

/// Numbers that both halves of an answer took are given out once.
fn renumbered(episode: &Episode, first: &[What], second: Vec<What>) -> Vec<What> {
    let suspended = first
        .iter()
        .any(|what| matches!(what, What::Suspended { .. }));
    let noticed = first
        .iter()
        .any(|what| matches!(what, What::Notified { .. }));
    let renumber = |what| match what {
        What::Suspended { because, .. } => What::Suspended {
            suspension: safety::next_suspension(episode) + u32::from(suspended),
            because,
        },
        What::Notified {
            urgency,
            about,
            to,
            attempt,
            ..
        } => What::Notified {
            alert: safety::next_alert(episode) + u32::from(noticed),
            urgency,
            about,
            to,
            attempt,
        },
        other => other,
    };
    second.into_iter().map(renumber).collect()
}

/// Silence and escalation, whatever fell due by now.
fn kept_time(episode: &Episode, on_call: &[String], context: &Context<'_>) -> Vec<What> {
    let mut happened = Vec::new();
    let first = safety::next_alert(episode);
    let moment = Moment {
        knowledge: context.knowledge,
        at: context.at,
        zone: context.zone,
    };
    let overdue = due(episode, context.at)
        .into_iter()
        .filter(|due| due.overdue_at(context.at));
    for (alert, overdue) in (first..).zip(overdue) {
        happened.push(What::CheckInMissed {
            session: overdue.session,
            number: overdue.number,
        });
        let decision = silence(episode, &moment);
        happened.push(What::Triaged {
            session: overdue.session,
            number: Some(overdue.number),
            result: decision.verdict.as_str().to_owned(),
            received: received(episode, context.at),
            decision: Kept::new(decision),
        });
        happened.push(What::Notified {
            alert,
            urgency: Urgency::Routine.as_str().to_owned(),
            about: format!("check-in: no reply to number {}", overdue.number),
            to: safety::PRACTITIONER.to_owned(),
            attempt: 1,
        });
    }
    happened.extend(
        episode
            .open_alerts()
            .filter_map(|alert| escalated(alert, on_call, context.at)),
    );
    happened
}

/// The next contact on the list, and round again, until somebody acknowledges.
fn escalated(alert: &Alert, on_call: &[String], at: Timestamp) -> Option<What> {
    if alert.urgency == Urgency::Routine.as_str() || on_call.is_empty() {
        return None;
    }
    let last = alert.notified.last().map_or(alert.at, |(told, _)| *told);
    // The first on call is told at once, the next after a quarter of an hour.
    let wait = if alert.notified.len() <= 1 {
        0
    } else {
        ESCALATE_MINUTES
    };
    if at.duration_since(last) < SignedDuration::from_mins(wait) {
        return None;
    }
    let next = (alert.notified.len() - 1) % on_call.len();
    Some(What::Notified {
        alert: alert.number,
        urgency: alert.urgency.clone(),
        about: alert.about.clone(),
        to: on_call[next].clone(),
        attempt: u32::try_from(alert.notified.len()).unwrap_or(u32::MAX) + 1,
    })
}
