//! Before, on and off the table: may it start, what may it pull, may it close.
//!
//! [`may_start`] asks everything that CLINICAL.md §1.2 and §5 ask before a
//! pull, of the facts of that moment; its answer is what a `traction::Grant`
//! says, short of the ids that the doors make. Nothing here pulls.

mod course;
mod day;
mod record;

pub use course::{cause, day_open, history, sessions_under};
pub(crate) use record::complete;
pub use record::{arrival_score, failed, may_leave};

use course::{day, examined_after};
use day::DayTotal;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use record::{attested, monitored, no_symptom};
use si::{Newtons, Problem, Region};
use traction::limits::Limits;
use traction::profile::Profile;
use uuid::Uuid;

use crate::decide::{Decision, Gate, MonitorAt};
use crate::episode::{Episode, Visit};
use crate::fact::{Reading, Value};
use crate::knowledge::Knowledge;
use crate::plan::{Candidate, Dose, History, Proposal, SessionForce, session_force, still_within};
use crate::review::{Demand, demand};

/// What the arrival record must hold (CLINICAL.md §5): pain per site, most distal point, neurology.
pub const ARRIVAL: [&str; 3] = ["pain_now", "distal_extent", "neuro_unchanged"];
/// What the pre-start list must hold (CLINICAL.md §5), each item with who and when.
pub const START: [&str; 11] = [
    "start_two_identifiers",
    "start_consent_confirmed",
    "start_harness_fits",
    "start_straps_marked",
    "start_skin_intact",
    "start_quick_release_shown",
    "start_switch_pressed",
    "start_stop_word_agreed",
    "start_midline_level",
    "start_bystanders_clear",
    "start_attendant_named",
];
/// What the leaving check must hold (CLINICAL.md §5).
pub const LEAVING: [&str; 5] = [
    "pain_now",
    "distal_extent",
    "leaving_skin_intact",
    "leaving_rose_slowly",
    "leaving_walks_steady",
];
/// The fact that a neurological examination was made.
pub const NEURO_EXAM: &str = "neuro_exam_done";

/// A session that may start: what its Grant says, short of ids.
#[derive(Clone, Debug, PartialEq)]
pub struct Permit {
    /// The visit it belongs to.
    pub visit: u32,
    /// SHA-256 of the signed plan's bytes.
    pub plan_hash: [u8; 32],
    /// The course of force.
    pub profile: Profile,
    /// What it may never exceed.
    pub limits: Limits,
    /// The force, and why it is not more.
    pub force: SessionForce,
}

/// What `may_start` is told beside the episode.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The decision over `eligibility`, `today` and `start` of this moment.
    pub decision: &'a Decision,
    /// The rules that made it.
    pub knowledge: &'a Knowledge,
    /// The numbers of dose.
    pub dose: &'a Dose,
    /// Now.
    pub at: Timestamp,
    /// The clinic's time zone: a day is closed by its calendar.
    pub zone: &'a TimeZone,
}

/// Whether the next session may start, and what it may pull.
///
/// # Errors
/// The first thing that stands against it, with what to do.
pub fn may_start(episode: &Episode, asked: &Asked<'_>) -> Result<Permit, Problem> {
    alive_and_free(episode)?;
    consented(episode)?;
    let visit = arrived(episode, asked)?;
    day_open(episode, asked.at, asked.zone)?;
    not_to_review(episode, asked)?;
    let (proposal, candidate, plan_hash) = planned(episode, asked)?;
    proposal.not_overtaken(asked.decision)?;
    complete("start", &visit.start, &START)?;
    attested(&visit.start)?;
    no_symptom(episode, asked.at)?;
    start_known(asked)?;
    let before: Vec<&Reading> = visit.arrival.iter().chain(&visit.start).collect();
    monitored(asked.decision, &before, MonitorAt::Before)?;
    let done = sessions_under(episode, &hex::encode(plan_hash));
    in_course(&candidate, done)?;
    let history = history(episode, asked.at);
    let force = session_force(&candidate, &history, done, asked.dose, asked.at);
    let cap = weighed(episode, asked, proposal.region, &force, &history)?;
    let force = force.under(cap);
    let arrival = arrival_score(&visit.arrival).unwrap_or(0);
    let limits = candidate.limits((force.force, force.ceiling), arrival)?;
    let profile = candidate.prescription.profile(force.force)?;
    DayTotal::of(episode, asked.at, asked.zone).leaves_room(
        &profile,
        &candidate.course,
        asked.dose,
    )?;
    Ok(Permit {
        visit: visit.number,
        plan_hash,
        profile,
        limits,
        force,
    })
}

/// Whether a session that has its Grant may still be started or resumed: a Grant
/// cannot be called back, so the door asks this before each act that raises force.
///
/// # Errors
/// What has come in between.
pub fn still_permitted(episode: &Episode, session: Uuid, at: Timestamp) -> Result<(), Problem> {
    unblocked(episode)?;
    consented(episode)?;
    let granted = episode.session(session);
    let live = granted.is_some_and(|session| session.ended.is_none() && at < session.expires);
    if live {
        return Ok(());
    }
    Err(stands(
        "grant-over",
        "session",
        "this session is over, or its Grant has expired",
        "record the arrival and ask for a new Grant",
    ))
}

fn unblocked(episode: &Episode) -> Result<(), Problem> {
    if episode.deceased {
        return Err(stands(
            "deceased",
            "episode",
            "a record says that the patient has died",
            "correct the record if it is wrong",
        ));
    }
    if let Some(open) = episode.suspended().next() {
        return Err(Problem::new(
            "suspended",
            format!("suspension {}", open.number),
            open.at.to_string(),
            "sessions are suspended",
            "a practitioner examines the patient and lifts the suspension",
        ));
    }
    Ok(())
}

fn alive_and_free(episode: &Episode) -> Result<(), Problem> {
    unblocked(episode)?;
    if let Some(running) = episode.running() {
        return Err(Problem::new(
            "session-running",
            "session",
            running.id.to_string(),
            "a session is running",
            "end it first",
        ));
    }
    Ok(())
}

fn stands(code: &'static str, place: &str, problem: &str, remedy: &str) -> Problem {
    Problem::new(code, place, "", problem, remedy)
}

fn consented(episode: &Episode) -> Result<(), Problem> {
    if episode.consent.is_some() {
        return Ok(());
    }
    Err(stands(
        "no-consent",
        "consent",
        "no current consent is on record",
        "explain, answer questions, and record the signed consent",
    ))
}

fn arrived<'a>(episode: &'a Episode, asked: &Asked<'_>) -> Result<&'a Visit, Problem> {
    let today = day(asked.at, asked.zone);
    let open = episode.open_visit().filter(|visit| visit.session.is_none());
    let Some(visit) = open.filter(|visit| day(visit.arrived, asked.zone) == today) else {
        return Err(stands(
            "not-arrived",
            "arrival",
            "no arrival record of today is open",
            "record pain per site, most distal point and neurology",
        ));
    };
    complete("arrival", &visit.arrival, &ARRIVAL)?;
    if arrival_score(&visit.arrival).is_none() {
        return Err(stands(
            "arrival-incomplete",
            "arrival.pain_now",
            "pain is not scored",
            "score pain 0 to 10 at every site",
        ));
    }
    let neurology = visit
        .arrival
        .iter()
        .rfind(|r| r.fact.as_str() == "neuro_unchanged");
    let changed = neurology.and_then(Reading::as_value) != Some(&Value::Bool(true));
    if changed && !examined_after(episode, visit.arrived, asked.at) {
        return Err(stands(
            "neurology-changed",
            "arrival.neuro_unchanged",
            "neurology is not what it was at the last examination",
            "a practitioner examines the patient and records it",
        ));
    }
    Ok(visit)
}

fn planned(
    episode: &Episode,
    asked: &Asked<'_>,
) -> Result<(Proposal, Candidate, [u8; 32]), Problem> {
    let Some(plan) = &episode.plan else {
        return Err(stands(
            "no-plan",
            "plan",
            "no signed plan is in force",
            "propose a plan and sign it",
        ));
    };
    let proposal = Proposal::read(&plan.plan)?;
    proposal.sound(asked.dose)?;
    proposal.signed_in_order(&plan.by.name, plan.at, asked.at)?;
    if asked.at >= plan.expires {
        return Err(Problem::new(
            "plan-expired",
            "plan",
            plan.expires.to_string(),
            "the plan has expired",
            "evaluate, propose and sign again",
        ));
    }
    if let Some(region) = episode.region {
        proposal.for_region(region)?;
    }
    if crate::plan::sha256(&plan.plan) != plan.plan_sha256 {
        return Err(stands(
            "plan-altered",
            "plan",
            "the plan's bytes are not what was signed",
            "propose and sign anew",
        ));
    }
    let candidate = proposal.candidate(&plan.candidate)?.clone();
    let mut hash = [0; 32];
    if hex::decode_to_slice(&plan.plan_sha256, &mut hash).is_err() {
        return Err(stands(
            "plan-altered",
            "plan.plan_sha256",
            "this is no SHA-256",
            "propose and sign anew",
        ));
    }
    Ok((proposal, candidate, hash))
}

/// The caps are shares of the weight of this moment, not of the plan's.
fn weighed(
    episode: &Episode,
    asked: &Asked<'_>,
    region: Region,
    force: &SessionForce,
    history: &History,
) -> Result<Newtons, Problem> {
    let facts = episode.facts();
    let now = (region, asked.dose, asked.at);
    let first = history.first_left(&asked.dose.common) > 0;
    still_within(force.force, &facts, asked.decision, now, first)
}

/// No `start` row is unknown, whatever its verdict would be.
fn start_known(asked: &Asked<'_>) -> Result<(), Problem> {
    let is_start = |id: &str| {
        asked
            .knowledge
            .rule(id)
            .is_some_and(|rule| rule.gate == Gate::Start)
    };
    let open = asked
        .decision
        .undecided
        .iter()
        .find(|open| is_start(&open.rule));
    match open {
        None => Ok(()),
        Some(open) => Err(Problem::new(
            "start-unknown",
            "start",
            open.missing.join(", "),
            format!("{} is not decided", open.rule),
            "check it at the table",
        )),
    }
}

fn not_to_review(episode: &Episode, asked: &Asked<'_>) -> Result<(), Problem> {
    let Some(demand) = demand(episode, asked.dose, asked.at) else {
        return Ok(());
    };
    let problem = match demand {
        Demand::Missed => "two appointments were missed: the course must be reviewed first",
        Demand::Gap(_) => "after a gap the course must be reviewed before the next session",
        Demand::Course => "the course must be reviewed before the next session",
    };
    let remedy = "record the scores and review the course";
    Err(stands("review-due", "review", problem, remedy))
}

fn in_course(candidate: &Candidate, done: u32) -> Result<(), Problem> {
    let sessions = candidate.course.sessions;
    if done < sessions {
        return Ok(());
    }
    Err(Problem::new(
        "course-over",
        "plan.course.sessions",
        done.to_string(),
        format!("the signed course has {sessions} sessions"),
        "evaluate again; more sessions need a new plan",
    ))
}
