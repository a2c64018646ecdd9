//! Check-ins: answers, what they bring with them, forms that were begun and left.

use jiff::{SignedDuration, Timestamp};
use si::Problem;
use uuid::Uuid;

use super::aftercare::find_ended;
use super::{Context, chart, refuse_if, safety};
use crate::decide::{Decision, Urgency, Verdict};
use crate::episode::subject::CHECK_IN;
use crate::episode::{Episode, Judged, Kept, Private, Session, SuspendedBy, What};
use crate::fact::Reading;
use crate::triage::{Due, Moment, due, hours_between, received, severity, stated, triage};

/// Minutes after its last answer until a form that was not sent counts as left (ours).
const LEFT_MINUTES: i64 = 30;

/// Which session, which of its check-ins, on which form.
type Which = (Uuid, Option<u8>, Option<Uuid>);

/// Answers that were sent. The same form with the same answers says nothing new: it was sent
/// twice, gone back to, or loaded again.
pub(super) fn answered(
    episode: &Episode,
    (id, number, form): Which,
    readings: Vec<Reading>,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    let session = find_ended(episode, id)?;
    let before = form.and_then(|form| told_on(session, form));
    if before.is_some_and(|before| is_same(before, &readings)) {
        return Ok(Vec::new());
    }
    if let Some(number) = number {
        not_answered_before(episode, (id, number), context)?;
    }
    let readings = chart::checked(readings, context)?;
    let Some(decision) = triaged(episode, session, &readings, context) else {
        return Ok(Vec::new());
    };
    let told = told_at(&readings, context);
    let mut consequences = consequences(episode, (session, number, told), decision, context);
    if before.is_some() {
        consequences.retain(|what| !stands(episode, id, what));
    }
    let reassessed = chart::reassess(episode, &readings, context);
    let mut happened = vec![What::CheckInAnswered {
        session: id,
        number,
        form,
        readings,
    }];
    happened.extend(consequences);
    happened.extend(renumbered(episode, &happened, reassessed));
    Ok(happened)
}

/// Answers that are not sent yet. An emergency among them is told as if they were.
pub(super) fn begun(
    episode: &Episode,
    (id, form): (Uuid, Uuid),
    readings: Vec<Reading>,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    let session = find_ended(episode, id)?;
    let kept = session.begun.as_ref().filter(|begun| begun.form == form);
    let known = kept.map(|begun| begun.readings.as_slice());
    let mut known = known.into_iter().chain(told_on(session, form));
    if readings.is_empty() || known.any(|known| is_same(known, &readings)) {
        return Ok(Vec::new());
    }
    let checked = chart::checked(readings.clone(), context)?;
    let decision = triaged(episode, session, &checked, context);
    if decision.is_some_and(|decision| is_new_emergency(session, form, &decision)) {
        let open = open(episode, id, told_at(&checked, context));
        return answered(episode, (id, open, Some(form)), readings, context);
    }
    Ok(vec![What::CheckInBegun {
        session: id,
        form,
        readings: checked,
    }])
}

/// Forms that were left, each told once; the alerts take numbers from this one on. How soon
/// goes by what was answered.
pub(super) fn abandoned(episode: &Episode, first: u32, context: &Context<'_>) -> Vec<What> {
    let left = |session: &Session| {
        left_at(session).filter(|left| *left <= context.at)?;
        let begun = session.begun.as_ref()?;
        let decision = triaged(episode, session, &begun.readings, context);
        let urgency = decision.map_or(Urgency::None, |decision| stated(&decision));
        Some((session.id, begun.form, urgency.max(Urgency::Routine)))
    };
    let left = episode.all_sessions().filter_map(left);
    (first..)
        .zip(left)
        .flat_map(|(alert, (session, form, urgency))| {
            let about = format!("{CHECK_IN}begun and not sent");
            [
                What::CheckInAbandoned { session, form },
                safety::notice(alert, urgency, about),
            ]
        })
        .collect()
}

/// When a form that was begun and not sent is taken for left, unless it was already.
pub(super) fn left_at(session: &Session) -> Option<Timestamp> {
    let begun = session.begun.as_ref()?;
    let left = begun
        .at
        .checked_add(SignedDuration::from_mins(LEFT_MINUTES));
    begun
        .abandoned
        .is_none()
        .then(|| left.unwrap_or(Timestamp::MAX))
}

/// Whether an emergency is among the answers that was not told on this form before.
fn is_new_emergency(session: &Session, form: Uuid, decision: &Decision) -> bool {
    let on_form = session
        .check_ins
        .iter()
        .filter(|told| told.form == Some(form));
    let triages = on_form.filter_map(|told| told.triage.as_ref());
    let told: Vec<&str> = triages
        .flat_map(|triage| &triage.decision.fired)
        .map(|fired| fired.rule.as_str())
        .collect();
    let mut fired = decision.fired.iter();
    fired.any(|rule| rule.urgency == Urgency::Emergency && !told.contains(&rule.rule.as_str()))
}

/// What was told last on a form.
fn told_on(session: &Session, form: Uuid) -> Option<&[Reading]> {
    let mut latest_first = session.check_ins.iter().rev();
    let told = latest_first.find(|check_in| check_in.form == Some(form))?;
    Some(&told.readings)
}

/// Whether two lists answer the same questions in the same way, whenever that was.
fn is_same(before: &[Reading], now: &[Reading]) -> bool {
    let said = |one: &Reading| {
        let mut all = before.iter();
        all.any(|other| other.key() == one.key() && other.content == one.content)
    };
    before.len() == now.len() && now.iter().all(said)
}

/// The check-in of a session that waits for an answer.
fn open(episode: &Episode, session: Uuid, at: Timestamp) -> Option<u8> {
    let due = due(episode, at);
    let mut latest_first = due.iter().rev();
    let open = latest_first.find(|due| due.session == session && due.open_at(at))?;
    Some(open.number)
}

/// What triage makes of the answers; nothing for a session without its visit.
fn triaged(
    episode: &Episode,
    session: &Session,
    readings: &[Reading],
    context: &Context<'_>,
) -> Option<Decision> {
    let visit = episode.visit_of(session.id)?;
    let moment = Moment {
        knowledge: context.knowledge,
        at: told_at(readings, context),
        zone: context.zone,
    };
    Some(triage(episode, visit, session, readings, &moment))
}

/// When the answers were given: a phone without a network sends them later, and what was
/// sore for five hours then was not sore for the hours until they arrived.
fn told_at(readings: &[Reading], context: &Context<'_>) -> Timestamp {
    let told = readings.iter().map(|reading| reading.at).max();
    told.map_or(context.at, |at| at.min(context.at))
}

/// Whether a correction would only repeat what the form already brought about, and what
/// nobody has dealt with since.
fn stands(episode: &Episode, id: Uuid, what: &What) -> bool {
    match what {
        What::Suspended { because, .. } => episode.suspended().any(|open| open.because == *because),
        What::AdverseEventOpened { severity, .. } => {
            let mut of_session = episode
                .adverse_events
                .iter()
                .filter(|event| event.session == Some(id) && event.closed.is_none());
            of_session.any(|event| event.severity >= *severity)
        }
        What::Notified { about, .. } => episode.open_alerts().any(|alert| alert.about == *about),
        _ => false,
    }
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

/// Triage, suspension, adverse event, notice: what a result brings with it. What is told began
/// when it was told at the latest, however late it arrives.
fn consequences(
    episode: &Episode,
    (session, number, told): (&Session, Option<u8>, Timestamp),
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
        let ended = session.ended.unwrap_or(told);
        happened.push(What::AdverseEventOpened {
            event: safety::next_adverse(episode),
            description: Private(description),
            onset: told,
            severity: severity(result, hours_between(ended, told)),
            serious: false,
            session: Some(session.id),
            received,
            judged: Judged::default(),
        });
    }
    if urgency > Urgency::None {
        let about = format!("{CHECK_IN}{}", result.as_str());
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
