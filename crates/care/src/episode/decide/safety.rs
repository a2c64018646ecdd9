//! Suspensions, adverse events, alerts.

use si::Problem;

use super::{Context, misrouted, past, refuse_if, said};
use crate::decide::Urgency;
use crate::episode::{
    Act, AdverseEvent, Command, Episode, Judged, Severity, SuspendedBy, Suspension, TOLD_FIRST,
    What,
};
use crate::triage::received;

/// The number that the next suspension takes.
pub(super) fn next_suspension(episode: &Episode) -> u32 {
    episode
        .suspensions
        .iter()
        .map(|s| s.number)
        .max()
        .unwrap_or(0)
        .saturating_add(1)
}

/// The number that the next adverse event takes.
pub(super) fn next_adverse(episode: &Episode) -> u32 {
    episode
        .adverse_events
        .iter()
        .map(|e| e.number)
        .max()
        .unwrap_or(0)
        .saturating_add(1)
}

/// The number that the next alert takes.
pub(super) fn next_alert(episode: &Episode) -> u32 {
    episode
        .alerts
        .iter()
        .map(|a| a.number)
        .max()
        .unwrap_or(0)
        .saturating_add(1)
}

/// A new alert, told to the practitioner first.
pub(super) fn first_notice(episode: &Episode, urgency: Urgency, about: String) -> What {
    notice(next_alert(episode), urgency, about)
}

/// The same under a number that the caller gives out.
pub(super) fn notice(alert: u32, urgency: Urgency, about: String) -> What {
    What::Notified {
        alert,
        urgency: urgency.as_str().to_owned(),
        about,
        to: TOLD_FIRST.to_owned(),
        attempt: 1,
    }
}

pub(super) fn answer(
    episode: &Episode,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    match command {
        Command::Suspend { reason } => {
            said("reason", &reason)?;
            Ok(vec![What::Suspended {
                suspension: next_suspension(episode),
                because: SuspendedBy::Person { reason },
            }])
        }
        Command::LiftSuspension { .. } => lifted(episode, command, context),
        Command::OpenAdverseEvent { .. } => opened(episode, command, context),
        Command::NoteAdverseEvent { .. } => noted(episode, command, context),
        Command::CloseAdverseEvent {
            event,
            outcome,
            relation,
        } => {
            said("outcome", &outcome.0)?;
            said("relation", &relation)?;
            still_open(episode, event)?;
            Ok(vec![What::AdverseEventClosed {
                event,
                outcome,
                relation,
            }])
        }
        Command::Acknowledge { alert, note } => acknowledged(episode, alert, note),
        other => Err(misrouted(&other)),
    }
}

fn lifted(
    episode: &Episode,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    let Command::LiftSuspension {
        suspension,
        examined,
        reason,
    } = command
    else {
        return Err(misrouted(&command));
    };
    said("reason", &reason)?;
    past("examined", examined, context)?;
    let Some(found) = episode.suspended().find(|open| open.number == suspension) else {
        return Err(Problem::new(
            "not-suspended",
            "suspension",
            suspension.to_string(),
            "there is no such suspension, or it was lifted",
            "see the list of suspensions",
        ));
    };
    may_be_lifted(episode, found)?;
    if examined <= found.at {
        return Err(Problem::new(
            "examined-too-early",
            "examined",
            examined.to_string(),
            "the examination is not dated after the report",
            format!("examine the patient; the report is of {}", found.at),
        ));
    }
    Ok(vec![What::SuspensionLifted {
        suspension,
        examined,
        reason,
    }])
}

fn may_be_lifted(episode: &Episode, suspension: &Suspension) -> Result<(), Problem> {
    refuse_if(
        suspension.because == SuspendedBy::Death && episode.deceased,
        (
            "deceased",
            "suspension",
            "a record says that the patient has died",
        ),
        "import the corrected record",
    )
}

fn opened(
    episode: &Episode,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    let Command::OpenAdverseEvent {
        description,
        onset,
        severity,
        serious,
        session,
    } = command
    else {
        return Err(misrouted(&command));
    };
    said("description", &description.0)?;
    past("onset", onset, context)?;
    let unknown = session.is_some_and(|id| episode.session(id).is_none());
    refuse_if(
        unknown,
        (
            "session-unknown",
            "session",
            "this patient has no such session",
        ),
        "leave it out, or name a session of this patient",
    )?;
    let mut happened = vec![What::AdverseEventOpened {
        event: next_adverse(episode),
        description,
        onset,
        severity,
        serious: serious == Some(true),
        session,
        received: received(episode, context.at),
        judged: Judged {
            severity: judges(context),
            serious: serious.is_some() && judges(context),
        },
    }];
    if serious == Some(true) || severity == Severity::Major {
        happened.extend(stopped(episode));
    }
    Ok(happened)
}

/// Who closes an adverse event judges it.
fn judges(context: &Context<'_>) -> bool {
    context.actor.role.may(Act::CloseAdverseEvent)
}

/// Sessions are blocked and somebody is told.
fn stopped(episode: &Episode) -> [What; 2] {
    let about = "adverse event".to_owned();
    [
        What::Suspended {
            suspension: next_suspension(episode),
            because: SuspendedBy::Person {
                reason: about.clone(),
            },
        },
        first_notice(episode, Urgency::Urgent, about),
    ]
}

fn noted(episode: &Episode, command: Command, context: &Context<'_>) -> Result<Vec<What>, Problem> {
    let Command::NoteAdverseEvent {
        event,
        note,
        severity,
        serious,
        relation,
        action,
    } = command
    else {
        return Err(misrouted(&command));
    };
    said("note", &note.0)?;
    let open = still_open(episode, event)?;
    refuse_if(
        !judges(context) && (severity.is_some() || serious.is_some() || relation.is_some()),
        (
            "role-may-not",
            "severity, serious, relation",
            "this role may not judge an adverse event",
        ),
        "add the note alone, and ask a practitioner to judge it",
    )?;
    let worse = serious == Some(true) && !open.serious
        || severity == Some(Severity::Major) && open.severity < Severity::Major;
    let mut happened = vec![What::AdverseEventNoted {
        event,
        note,
        severity,
        serious,
        relation,
        action,
        judged: Judged {
            severity: severity.is_some(),
            serious: serious.is_some(),
        },
    }];
    if worse {
        happened.extend(stopped(episode));
    }
    Ok(happened)
}

fn still_open(episode: &Episode, number: u32) -> Result<&AdverseEvent, Problem> {
    let found = episode
        .adverse_events
        .iter()
        .find(|event| event.number == number);
    found.filter(|event| event.closed.is_none()).ok_or_else(|| {
        Problem::new(
            "adverse-event-unknown",
            "event",
            number.to_string(),
            "there is no such adverse event, or it was closed",
            "open a new one",
        )
    })
}

fn acknowledged(episode: &Episode, number: u32, note: String) -> Result<Vec<What>, Problem> {
    let found = episode.open_alerts().any(|alert| alert.number == number);
    if !found {
        return Err(Problem::new(
            "alert-unknown",
            "alert",
            number.to_string(),
            "there is no such alert, or somebody took it",
            "see the list of alerts",
        ));
    }
    Ok(vec![What::Acknowledged {
        alert: number,
        note,
    }])
}
