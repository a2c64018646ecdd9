//! Plan, signature, review, discharge.

use jiff::Timestamp;
use si::{Newtons, Problem};
use uuid::Uuid;

use super::{Context, chart, misrouted, refuse_if, safety, said};
use crate::decide::Gate;
use crate::episode::{Command, Episode, Kept, SuspendedBy, What};
use crate::plan::{Choice, Dose, Proposal, Request, SignedPlan, propose};
use crate::review::{review, suspends};
use crate::triage::Moment;

pub(super) fn answer(
    episode: &Episode,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    match command {
        Command::ProposePlan {
            table_ceiling_n,
            choice,
        } => proposed(episode, (table_ceiling_n, choice.as_deref()), context),
        Command::SignPlan {
            plan_sha256,
            candidate,
            document,
        } => signed(episode, (plan_sha256, candidate, document), context),
        Command::Review => reviewed(episode, context),
        Command::Discharge { reason, outcome } => {
            said("reason", &reason)?;
            refuse_if(
                episode.running().is_some(),
                ("session-running", "session", "a session is running"),
                "end it first",
            )?;
            Ok(vec![What::Discharged { reason, outcome }])
        }
        Command::Reopen { region } => Ok(vec![What::Reopened { region }]),
        Command::MarkAppointment {
            appointment,
            from,
            missed,
        } => Ok(marked(episode, (appointment, from, missed))),
        other => Err(misrouted(&other)),
    }
}

/// What is on record already is not told again.
fn marked(episode: &Episode, (appointment, from, missed): (Uuid, Timestamp, bool)) -> Vec<What> {
    let mut known = episode.missed.iter();
    let known = known.any(|one| one.appointment == appointment);
    match (missed, known) {
        (true, false) => vec![What::AppointmentMissed { appointment, from }],
        (false, true) => vec![What::AppointmentKept { appointment }],
        _ => Vec::new(),
    }
}

fn proposed(
    episode: &Episode,
    (table_ceiling_n, choice): (Option<f64>, Option<&Choice>),
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    may_plan(episode)?;
    let table_ceiling = table_ceiling_n.map(positive).transpose()?;
    let Some(region) = episode.region else {
        return Ok(Vec::new());
    };
    let decision = chart::decision(episode, &[], Gate::EVALUATE, context);
    let dose = Dose::in_force(context.knowledge, context.approvals)?;
    let proposal = propose(&Request {
        facts: &episode.facts(),
        region,
        decision: &decision,
        history: crate::session::history(episode, context.at),
        table_ceiling,
        belief: Some(&episode.expected(region).belief),
        dose: &dose,
        evidence: context.knowledge.evidence(),
        choice,
        at: context.at,
    })?;
    let plan = proposal.bytes()?;
    let happened = What::PlanProposed {
        plan_sha256: crate::plan::sha256(&plan),
        plan,
        decision_sha256: proposal.decision_hash.clone(),
        expires: proposal.expires,
    };
    Ok(vec![
        What::Decided {
            decision: Kept::new(decision),
        },
        happened,
    ])
}

fn positive(newtons: f64) -> Result<Newtons, Problem> {
    let force = Newtons::new(newtons).filter(|force| *force > Newtons::ZERO);
    force.ok_or_else(|| {
        Problem::new(
            "table-ceiling",
            "table_ceiling_n",
            newtons.to_string(),
            "a table's ceiling is a positive force",
            "give it in newtons, or leave it out",
        )
    })
}

fn may_plan(episode: &Episode) -> Result<(), Problem> {
    refuse_if(
        episode.deceased,
        (
            "deceased",
            "episode",
            "a record says that the patient has died",
        ),
        "correct the record if it is wrong",
    )?;
    refuse_if(
        episode.suspended().next().is_some(),
        ("suspended", "episode", "sessions are suspended"),
        "a practitioner examines the patient and lifts the suspension",
    )
}

fn signed(
    episode: &Episode,
    what: (String, String, Option<String>),
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    let (plan_sha256, candidate, document) = what;
    may_plan(episode)?;
    let Some(proposal) = episode
        .proposal
        .as_ref()
        .filter(|p| p.plan_sha256 == plan_sha256)
    else {
        return Err(Problem::new(
            "plan-unknown",
            "plan_sha256",
            plan_sha256,
            "this is not the proposal on record",
            "read the proposal on record and sign that one",
        ));
    };
    let plan = Proposal::read(&proposal.plan)?;
    plan.in_force(context.at)?;
    plan.candidate(&candidate)?;
    if let Some(region) = episode.region {
        plan.for_region(region)?;
    }
    let now = chart::decision(episode, &[], Gate::EVALUATE, context);
    plan.not_overtaken(&now)?;
    if let Some(document) = &document {
        same_document(document, &plan_sha256, &candidate)?;
    }
    Ok(vec![What::PlanSigned {
        plan_sha256,
        candidate,
        verdict: plan.verdict.as_str().to_owned(),
        decision_sha256: plan.decision_hash.clone(),
        expires: plan.expires,
        document,
    }])
}

/// A signed document that comes along must be about the same plan and candidate.
fn same_document(document: &str, plan_sha256: &str, candidate: &str) -> Result<(), Problem> {
    let signed = SignedPlan::read(document)?;
    let same = signed.plan_sha256 == plan_sha256
        && signed.candidate == candidate
        && crate::plan::sha256(&signed.plan) == plan_sha256;
    refuse_if(
        !same,
        (
            "plan-altered",
            "document",
            "the signed document is about another plan or candidate",
        ),
        "sign the proposal on record",
    )
}

fn reviewed(episode: &Episode, context: &Context<'_>) -> Result<Vec<What>, Problem> {
    let moment = Moment {
        knowledge: context.knowledge,
        at: context.at,
        zone: context.zone,
    };
    let decision = review(episode, &moment);
    let result = decision.verdict;
    let mut happened = vec![What::Reviewed {
        result: result.as_str().to_owned(),
        decision: Kept::new(decision),
    }];
    // Any other suspension may be lifted without a look at the course.
    let already = episode
        .suspended()
        .any(|open| matches!(open.because, SuspendedBy::Review { .. }));
    if let Some(because) = suspends(result).filter(|_| !already) {
        happened.push(What::Suspended {
            suspension: safety::next_suspension(episode),
            because,
        });
    }
    Ok(happened)
}
