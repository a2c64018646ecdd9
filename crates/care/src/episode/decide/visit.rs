//! Arrival, pre-start list, Grant, session, leaving.

mod report;

use jiff::{SignedDuration, Timestamp};
use si::{Problem, Region};
use traction::grant::Grant;
use uuid::Uuid;

use super::{Context, chart, misrouted, refuse_if, safety, said};
use crate::decide::{Decision, Gate, Urgency, Verdict};
use crate::episode::subject::LEAVING;
use crate::episode::{Command, EndCause, Episode, Kept, Leaving, Session, SessionSummary, What};
use crate::fact::Reading;
use crate::plan::Dose;
use crate::session::{Asked, complete, failed, may_leave, may_start};

pub(super) fn answer(
    episode: &Episode,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    match command {
        Command::RecordArrival { readings } => arrived(episode, readings, context),
        Command::CheckStart { readings } => checked(episode, readings, context),
        command @ Command::IssueGrant { .. } => granted(episode, command, context),
        Command::StartSession { session } => {
            let open = find(episode, session)?;
            refuse_if(
                open.ended.is_some(),
                ("session-over", "session", "this session is over"),
                "a new session needs a new Grant",
            )?;
            if open.started.is_some() {
                return Ok(Vec::new());
            }
            Ok(vec![What::SessionStarted { session }])
        }
        Command::ReportInSession { session, readings } => {
            report::reported(episode, session, readings, context)
        }
        Command::EndSession { session, summary } => ended(episode, session, summary),
        Command::CheckLeaving(check) => leaving(episode, check, context),
        Command::ExplainStop {
            session,
            cause,
            reason,
        } => explained(episode, session, (cause, reason)),
        other => Err(misrouted(&other)),
    }
}

pub(super) fn find(episode: &Episode, session: Uuid) -> Result<&Session, Problem> {
    episode.session(session).ok_or_else(|| {
        Problem::new(
            "session-unknown",
            "session",
            session.to_string(),
            "this patient has no such session",
            "open the patient that the session belongs to",
        )
    })
}

fn arrived(
    episode: &Episode,
    readings: Vec<Reading>,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    refuse_if(
        episode.running().is_some(),
        ("session-running", "session", "a session is running"),
        "end it first",
    )?;
    let unclosed = episode
        .open_visit()
        .and_then(|visit| visit.session.as_ref());
    refuse_if(
        unclosed.is_some_and(|session| session.ended.is_some()),
        ("visit-open", "leaving", "the last visit is not closed"),
        "make its leaving check",
    )?;
    let readings = chart::checked(readings, context)?;
    complete("arrival", &readings, &crate::session::ARRIVAL)?;
    let after = chart::reassess(episode, &readings, context);
    let last = episode.visits.last().map_or(0, |visit| visit.number);
    let arrived = What::ArrivalRecorded {
        visit: last + 1,
        readings,
    };
    Ok(std::iter::once(arrived).chain(after).collect())
}

fn checked(
    episode: &Episode,
    readings: Vec<Reading>,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    let Some(visit) = episode.open_visit().filter(|visit| visit.session.is_none()) else {
        return Err(Problem::new(
            "not-arrived",
            "arrival",
            "",
            "no arrival record is open",
            "record the arrival first",
        ));
    };
    let readings = chart::checked(readings, context)?;
    let after = chart::reassess(episode, &readings, context);
    let start = What::StartChecked {
        visit: visit.number,
        readings,
    };
    Ok(std::iter::once(start).chain(after).collect())
}

fn granted(
    episode: &Episode,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    let Command::IssueGrant {
        session,
        table,
        nonce,
        attendant,
        expires,
        simulated,
    } = command
    else {
        return Err(misrouted(&command));
    };
    said("attendant", &attendant)?;
    in_time(expires, context)?;
    let decision = chart::decision(episode, &[], Gate::TREAT, context);
    let dose = Dose::in_force(context.knowledge, context.approvals)?;
    let asked = Asked {
        decision: &decision,
        knowledge: context.knowledge,
        dose: &dose,
        at: context.at,
        zone: context.zone,
    };
    let permit = may_start(episode, &asked)?;
    unused(episode, session)?;
    if !simulated {
        approved(&decision, &dose, context)?;
    }
    let grant = Grant {
        plan_hash: permit.plan_hash,
        session: session.into_bytes(),
        table: table.into_bytes(),
        pseudonym: episode.pseudonym.into_bytes(),
        not_before_ms: context.at.as_millisecond(),
        expires_ms: expires.as_millisecond(),
        nonce: nonce.into_bytes(),
        profile: permit.profile,
        limits: permit.limits,
        simulated_only: simulated,
    };
    coherent(&grant)?;
    let plan = episode.plan.as_ref();
    Ok(vec![What::GrantIssued {
        visit: permit.visit,
        session,
        table,
        plan_sha256: hex::encode(permit.plan_hash),
        candidate: plan.map(|plan| plan.candidate.clone()).unwrap_or_default(),
        attendant,
        force_n: permit.force.force.get(),
        expires,
        grant: hex::encode(grant.encode()),
        simulated,
        decision: Kept::new(decision),
    }])
}

/// The session's id is new.
fn unused(episode: &Episode, session: Uuid) -> Result<(), Problem> {
    refuse_if(
        episode.session(session).is_some(),
        (
            "session-known",
            "session",
            "this session id was used before",
        ),
        "make a new id",
    )
}

/// A real table pulls only by caps and rules that a clinician vouches for: every
/// rule of the region, of whatever set, for the session and what follows it.
fn approved(decision: &Decision, dose: &Dose, context: &Context<'_>) -> Result<(), Problem> {
    refuse_if(
        dose.approver.is_none(),
        (
            "caps-not-approved",
            "dose.toml",
            "no clinician has approved the caps",
        ),
        "use a simulated table, or have them approved: annulus knowledge approve --dose",
    )?;
    let region = decision.region.parse::<Region>().unwrap_or(Region::Lumbar);
    let open = context.knowledge.unapproved(region, context.approvals);
    let open: Vec<&str> = open.map(|rule| rule.id.as_str()).collect();
    let Some(first) = open.first() else {
        return Ok(());
    };
    Err(Problem::new(
        "rules-not-approved",
        "knowledge",
        *first,
        format!("nobody has approved {} rules that count", open.len()),
        "use a simulated table, or have them approved: annulus knowledge approve",
    ))
}

fn coherent(grant: &Grant) -> Result<(), Problem> {
    grant.check().map_err(|fault| {
        Problem::new(
            "grant-impossible",
            "grant",
            "",
            fault.to_string(),
            "propose the plan again; a signed plan is never mended",
        )
    })
}

fn in_time(expires: Timestamp, context: &Context<'_>) -> Result<(), Problem> {
    // Longest life of a Grant (ENGINEERING §5); `Grant::check` holds the same line.
    let longest = SignedDuration::from_hours(12);
    let life = expires.duration_since(context.at);
    if life > SignedDuration::ZERO && life <= longest {
        return Ok(());
    }
    Err(Problem::new(
        "grant-expiry",
        "expires",
        expires.to_string(),
        "a Grant lives more than nothing and at most 12 h",
        "let it expire at the end of the day",
    ))
}

fn ended(episode: &Episode, session: Uuid, summary: SessionSummary) -> Result<Vec<What>, Problem> {
    let open = find(episode, session)?;
    if open.ended.is_some() {
        // The bedside may tell twice after a restart; the record keeps the first.
        return Ok(Vec::new());
    }
    let numbers = [
        summary.peak_force_n,
        summary.tolerated_n,
        summary.duration_s,
    ];
    refuse_if(
        numbers
            .iter()
            .any(|number| !number.is_finite() || *number < 0.0),
        (
            "summary-broken",
            "summary",
            "a number is not a finite, positive one",
        ),
        "fetch the recording; its frames are the truth",
    )?;
    // What a report said outweighs the bedside's word for a stop without reason.
    let stopped = |report: &crate::episode::Report| report.decision.verdict == Verdict::Stop;
    let symptom = |report: &crate::episode::Report| {
        stopped(report)
            && report
                .decision
                .fired
                .iter()
                .any(|f| f.rule.starts_with("stop-"))
    };
    let mut summary = summary;
    if summary.cause.is_stop() && open.reports.iter().any(symptom) {
        summary.cause = EndCause::Symptom;
    }
    Ok(vec![What::SessionEnded { session, summary }])
}

fn leaving(
    episode: &Episode,
    mut check: Leaving,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    let session = find(episode, check.session)?;
    refuse_if(
        session.ended.is_none(),
        ("session-running", "session", "the session has not ended"),
        "end it first",
    )?;
    let Some(visit) = episode.visit_of(check.session) else {
        return Ok(Vec::new());
    };
    refuse_if(
        visit.leaving.is_some(),
        ("visit-closed", "leaving", "the visit is closed"),
        "record what is new as facts",
    )?;
    check.readings = chart::checked(check.readings, context)?;
    let decision = chart::decision(episode, &[], Gate::EVALUATE, context);
    may_leave(&check.readings, check.warning_card, Some(&decision), visit)?;
    let mut after = chart::reassess(episode, &check.readings, context);
    let failed = failed(&check.readings);
    if !failed.is_empty() {
        let about = format!("{LEAVING}{}", failed.join(", "));
        let told = after
            .iter()
            .filter(|what| matches!(what, What::Notified { .. }))
            .count();
        after.push(safety::notice(
            safety::next_alert(episode) + u32::try_from(told).unwrap_or(0),
            Urgency::Urgent,
            about,
        ));
    }
    Ok(std::iter::once(What::LeavingChecked(check))
        .chain(after)
        .collect())
}

fn explained(
    episode: &Episode,
    session: Uuid,
    (cause, reason): (EndCause, String),
) -> Result<Vec<What>, Problem> {
    said("reason", &reason)?;
    let stopped = find(episode, session)?;
    let told = stopped.summary.as_ref().map(|summary| summary.cause);
    refuse_if(
        told.is_some_and(|cause| cause != EndCause::Unexplained),
        (
            "not-unexplained",
            "session",
            "only an unexplained stop is explained",
        ),
        "a symptom stays a symptom: examine the patient",
    )?;
    refuse_if(
        matches!(cause, EndCause::Unexplained | EndCause::Completed),
        ("no-explanation", "cause", "this explains nothing"),
        "say whether it was comfort, the table, the operator or a symptom",
    )?;
    Ok(vec![What::StopExplained {
        session,
        cause,
        reason,
    }])
}
