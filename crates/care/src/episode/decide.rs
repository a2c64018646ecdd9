//! From a command to its events, or to the problem in its way.

mod aftercare;
mod chart;
mod check_in;
mod course;
mod intake;
mod lesson;
mod note;
mod permission;
mod referral;
mod safety;
mod visit;

pub use aftercare::wakes_at;
use jiff::{Timestamp, tz::TimeZone};
use si::Problem;

use super::{Act, Actor, Command, Episode, Event, Role, What};
use crate::knowledge::{Approvals, Knowledge};

/// What `decide` is told about the world.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The rules and facts in force.
    pub knowledge: &'a Knowledge,
    /// What of it a clinician vouches for; a real table needs all that counts.
    pub approvals: &'a Approvals,
    /// Now, by the clinic's clock.
    pub at: Timestamp,
    /// The clinic's time zone.
    pub zone: &'a TimeZone,
    /// Who asks.
    pub actor: &'a Actor,
}

/// The events a command causes, in order; nothing was changed yet.
///
/// # Errors
/// The role may not, the state does not allow it, or the input is wrong.
pub fn decide(
    episode: &Episode,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<Event>, Problem> {
    let act = command.act();
    permitted(act, context)?;
    in_state(episode, act)?;
    let happened = answer(episode, command, context)?;
    let stamp = |what| Event::new(context.at, context.actor.clone(), what);
    Ok(happened.into_iter().map(stamp).collect())
}

fn answer(
    episode: &Episode,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    match command.act() {
        Act::Register
        | Act::ChangeContact
        | Act::ImportRecord
        | Act::RecordFacts
        | Act::ResolveConflict
        | Act::FileClearance
        | Act::OverrideRule
        | Act::WithdrawPermission
        | Act::Evaluate
        | Act::GiveConsent
        | Act::WithdrawConsent => intake::answer(episode, command, context),
        Act::ProposePlan
        | Act::SignPlan
        | Act::Review
        | Act::Discharge
        | Act::Reopen
        | Act::MarkAppointment => course::answer(episode, command, context),
        Act::RecordArrival
        | Act::CheckStart
        | Act::IssueGrant
        | Act::ReportFromBedside
        | Act::ReportInSession
        | Act::CheckLeaving
        | Act::ExplainStop => visit::answer(episode, command, context),
        Act::LearnSpine => lesson::answer(episode, command),
        Act::SignNote | Act::AmendNote => note::answer(episode, command, context),
        Act::IssueLink
        | Act::AnswerCheckIn
        | Act::BeginCheckIn
        | Act::KeepTime
        | Act::RecordTherapy => aftercare::answer(episode, command, context),
        Act::Suspend
        | Act::LiftSuspension
        | Act::OpenAdverseEvent
        | Act::NoteAdverseEvent
        | Act::CloseAdverseEvent
        | Act::Acknowledge => safety::answer(episode, command, context),
        Act::Refer | Act::CloseReferral => referral::answer(episode, command, context),
    }
}

/// The role, and for those who sign the licence.
fn permitted(act: Act, context: &Context<'_>) -> Result<(), Problem> {
    let actor = context.actor;
    if !actor.role.may(act) {
        return Err(Problem::new(
            "role-may-not",
            "actor.role",
            actor.role.as_str(),
            format!("this role may not {}", words(act)),
            format!("ask {} to do it", who_may(act)),
        ));
    }
    let licensed_only = matches!(
        act,
        Act::SignPlan
            | Act::OverrideRule
            | Act::FileClearance
            | Act::ResolveConflict
            | Act::ExplainStop
            | Act::Discharge
            | Act::LiftSuspension
            | Act::IssueGrant
            | Act::SignNote
            | Act::AmendNote
            | Act::Refer
    );
    if licensed_only && !actor.licensed(context.at) {
        return Err(Problem::new(
            "licence-lapsed",
            "actor.licence",
            actor
                .licence
                .as_ref()
                .map_or("none on file", |l| l.number.as_str()),
            "no current licence is on file",
            "have the administrator enter the renewed licence",
        ));
    }
    Ok(())
}

fn words(act: Act) -> String {
    let mut words = String::new();
    for letter in format!("{act:?}").chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

fn who_may(act: Act) -> &'static str {
    let may = |role: &&Role| role.may(act);
    let last = [Role::ClinicalLead, Role::Program];
    let mut people = Role::ALL.iter().rev().filter(|role| !last.contains(role));
    let found = people.find(may).or_else(|| last.iter().find(may));
    found.map_or("nobody", |role| role.as_str())
}

/// What must be true of the episode for the act to have a meaning.
fn in_state(episode: &Episode, act: Act) -> Result<(), Problem> {
    if act == Act::Register {
        return refuse_if(
            episode.number > 0,
            ("already-registered", "episode", "the patient is registered"),
            "open the patient's page; after a discharge, reopen",
        );
    }
    refuse_if(
        episode.number == 0,
        ("not-registered", "episode", "there is no such patient yet"),
        "register the patient first",
    )?;
    let over = episode.discharged.is_some();
    if act == Act::Reopen {
        return refuse_if(
            !over,
            (
                "not-discharged",
                "episode",
                "the episode of care is still open",
            ),
            "discharge it first",
        );
    }
    let stays_open = matches!(
        act,
        Act::ChangeContact
            | Act::RecordFacts
            | Act::AnswerCheckIn
            | Act::BeginCheckIn
            | Act::KeepTime
            | Act::Suspend
            | Act::LiftSuspension
            | Act::OpenAdverseEvent
            | Act::NoteAdverseEvent
            | Act::CloseAdverseEvent
            | Act::Acknowledge
            | Act::WithdrawConsent
            | Act::ImportRecord
            | Act::ResolveConflict
            | Act::ReportFromBedside
            | Act::CheckLeaving
            | Act::ExplainStop
            | Act::LearnSpine
            | Act::SignNote
            | Act::AmendNote
            | Act::Refer
            | Act::CloseReferral
    );
    refuse_if(
        over && !stays_open,
        ("discharged", "episode", "the episode of care is over"),
        "reopen the patient for a new episode",
    )
}

/// A problem of state: `(code, place, problem)` and what to do.
fn refuse_if(bad: bool, what: (&'static str, &str, &str), remedy: &str) -> Result<(), Problem> {
    let (code, place, problem) = what;
    if bad {
        return Err(Problem::new(code, place, "", problem, remedy));
    }
    Ok(())
}

/// `dispatch` sent a command to the wrong module: a defect, said as such.
fn misrouted(command: &Command) -> Problem {
    Problem::new(
        "misrouted",
        "command",
        words(command.act()),
        "no part of the program answers this command",
        "report this as a defect",
    )
}

/// Free text that must not be empty.
fn said(place: &'static str, text: &str) -> Result<(), Problem> {
    if text.trim().is_empty() {
        return Err(Problem::new(
            "not-said",
            place,
            text,
            "this must be said",
            "write a sentence",
        ));
    }
    Ok(())
}

/// An instant that lies in the past.
fn past(place: &'static str, at: Timestamp, context: &Context<'_>) -> Result<(), Problem> {
    if at > context.at {
        return Err(Problem::new(
            "in-the-future",
            place,
            at.to_string(),
            "this lies in the future",
            format!("give an instant up to {}", context.at),
        ));
    }
    Ok(())
}
