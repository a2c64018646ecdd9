//! Before, on and off the table: may it start, what may it pull, may it close.
//!
//! [`may_start`] asks everything that CLINICAL.md §1.2 and §5 ask before a
//! pull, of the facts of that moment; its answer is what a `traction::Grant`
//! says, short of the ids that the doors make. Nothing here pulls.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use si::Problem;
use traction::limits::Limits;
use traction::profile::Profile;

use crate::decide::{Decision, MonitorAt};
use crate::episode::{Episode, Session, Visit};
use crate::fact::{FactKey, Reading, Value};
use crate::plan::{Candidate, Dose, History, Proposal, SessionForce, session_force};

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
    let (proposal, candidate, plan_hash) = planned(episode, asked)?;
    proposal.not_overtaken(asked.decision)?;
    decided(asked.decision)?;
    complete("start", &visit.start, &START)?;
    monitored(asked.decision, visit, MonitorAt::Before)?;
    let done = sessions_under(episode, &hex::encode(plan_hash));
    in_course(&candidate, done)?;
    let history = history(episode, asked.at);
    let force = session_force(&candidate, &history, done, asked.dose, asked.at);
    let limits = candidate.limits(force.force, arrival_score(&visit.arrival).unwrap_or(0))?;
    let profile = candidate.prescription.profile(force.force)?;
    Ok(Permit {
        visit: visit.number,
        plan_hash,
        profile,
        limits,
        force,
    })
}

fn alive_and_free(episode: &Episode) -> Result<(), Problem> {
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
    Ok(visit)
}

/// The score every in-session rise is measured from: the worst site at arrival.
#[must_use]
pub fn arrival_score(arrival: &[Reading]) -> Option<u8> {
    let scores = arrival
        .iter()
        .filter(|reading| reading.fact.as_str() == "pain_now");
    let scores = scores.filter_map(|reading| match reading.as_value() {
        Some(Value::Number(score)) if (0.0..=10.0).contains(score) => {
            Some(libm::round(*score) as u8)
        }
        _ => None,
    });
    scores.max()
}

/// Every named fact has a value, for each of its sites where it has sites.
pub(crate) fn complete(
    place: &str,
    readings: &[Reading],
    required: &[&str],
) -> Result<(), Problem> {
    let holds = |key: &FactKey| {
        readings
            .iter()
            .any(|reading| reading.key() == *key && reading.as_value().is_some())
    };
    let missing = |fact: &&&str| keys_of(fact).iter().any(|key| !holds(key));
    if let Some(fact) = required.iter().find(missing) {
        let key = keys_of(fact).into_iter().find(|key| !holds(key));
        let key = key.unwrap_or_else(|| FactKey::plain(fact));
        return Err(Problem::new(
            "record-incomplete",
            format!("{place}.{key}"),
            "",
            "this was not recorded",
            "record it; each item keeps who and when",
        ));
    }
    negative(place, readings, required)
}

fn keys_of(fact: &str) -> Vec<FactKey> {
    if fact == "pain_now" {
        let sites = crate::triage::SITES.iter();
        return sites.map(|site| FactKey::indexed(fact, &[site])).collect();
    }
    vec![FactKey::plain(fact)]
}

/// A list item answered "no" is not done.
fn negative(place: &str, readings: &[Reading], required: &[&str]) -> Result<(), Problem> {
    let is_item = |reading: &&Reading| {
        let id = reading.fact.as_str();
        required.contains(&id) && (id.starts_with("start_") || id.starts_with("leaving_"))
    };
    let latest = |id: &str| readings.iter().rfind(|reading| reading.fact.as_str() == id);
    let refused = readings.iter().filter(is_item).find(|reading| {
        latest(reading.fact.as_str()).and_then(Reading::as_value) == Some(&Value::Bool(false))
    });
    match refused {
        None => Ok(()),
        Some(item) => Err(Problem::new(
            "check-failed",
            format!("{place}.{}", item.fact),
            "no",
            "this check failed",
            "put it right and check again, or send the patient home",
        )),
    }
}

/// A symptom or unexplained stop closes the day until a neurological examination after it.
pub fn day_open(episode: &Episode, at: Timestamp, zone: &TimeZone) -> Result<(), Problem> {
    let closes = |session: &&Session| cause(session).is_some_and(|cause| cause.closes_day());
    let Some(stopped) = episode.sessions().rev().find(closes) else {
        return Ok(());
    };
    let ended = stopped.ended.unwrap_or(at);
    let examined = episode.readings.iter().any(|reading| {
        reading.fact.as_str() == NEURO_EXAM
            && reading.by == crate::fact::By::Practitioner
            && reading.as_value() == Some(&Value::Bool(true))
            && ended < reading.at
            && reading.at <= at
    });
    if examined {
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

/// How a session ended, as far as it was explained.
#[must_use]
pub fn cause(session: &Session) -> Option<crate::episode::EndCause> {
    session
        .explained
        .or(session.summary.as_ref().map(|summary| summary.cause))
}

fn day(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned_datetime(zone.clone()).date()
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

/// The verdict permits, and no `start` row is unknown.
fn decided(decision: &Decision) -> Result<(), Problem> {
    if !decision.permits_traction() {
        return Err(Problem::new(
            "not-permitted",
            "decision.verdict",
            decision.verdict.as_str(),
            "the facts of this moment do not permit a session",
            "the decision names the findings and what to ask",
        ));
    }
    Ok(())
}

/// Monitoring that a condition asks for, before or after the session.
pub(crate) fn monitored(
    decision: &Decision,
    visit: &Visit,
    when: MonitorAt,
) -> Result<(), Problem> {
    let asked = decision
        .conditions
        .iter()
        .filter(|condition| condition.when.contains(&when));
    for condition in asked {
        let Some(fact) = &condition.fact else {
            continue;
        };
        let left = visit.leaving.iter().flat_map(|left| &left.check.readings);
        let mut of_visit = visit.arrival.iter().chain(&visit.start).chain(left);
        let entered = of_visit
            .any(|reading| reading.key().to_string() == *fact && reading.as_value().is_some());
        if !entered {
            return Err(Problem::new(
                "monitoring-missing",
                fact.as_str(),
                "",
                condition.text.clone(),
                "enter it: the decision's conditions ask for it",
            ));
        }
    }
    Ok(())
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
    let treated: Vec<&Session> = episode
        .treated()
        .filter(|session| session.ended.is_some())
        .collect();
    let last = treated.last();
    let summary = last.and_then(|session| session.summary.as_ref());
    let results = |session: &&&Session| {
        session
            .check_ins
            .iter()
            .filter_map(|c| c.triage.as_ref())
            .count()
    };
    let calm = |session: &&Session| {
        let mut results = session
            .check_ins
            .iter()
            .filter_map(|check_in| check_in.triage.as_ref());
        results.all(|triage| matches!(triage.result.as_str(), "well" | "expected-soreness"))
    };
    let signed = episode.plan.as_ref().map_or(Timestamp::MIN, |plan| plan.at);
    let adjusted = episode
        .sessions()
        .flat_map(|session| &session.check_ins)
        .any(|check_in| {
            check_in.triage.as_ref().is_some_and(|triage| {
                triage.at > signed
                    && triage.at <= at
                    && !matches!(
                        triage.result.as_str(),
                        "well" | "expected-soreness" | "contact-patient"
                    )
            })
        });
    History {
        sessions: u32::try_from(treated.len()).unwrap_or(u32::MAX),
        last: last.and_then(|session| session.ended),
        tolerated_n: summary.map(|summary| summary.tolerated_n),
        peak_n: summary.map(|summary| summary.peak_force_n),
        settled: last.is_some_and(|session| {
            results(&session) > 0
                && calm(session)
                && cause(session) == Some(crate::episode::EndCause::Completed)
        }),
        adjusted,
    }
}

/// Whether the visit may close.
///
/// # Errors
/// An item of the leaving check is missing, or monitoring after the session is.
pub fn may_leave(
    readings: &[Reading],
    warning_card: bool,
    decision: Option<&Decision>,
    visit: &Visit,
) -> Result<(), Problem> {
    let required = LEAVING.iter().copied().collect::<Vec<_>>();
    let present = |fact: &&str| {
        // A failed item is recorded and acted on; only a missing one keeps the visit open.
        keys_of(fact).iter().all(|key| {
            readings
                .iter()
                .any(|r| r.key() == *key && r.as_value().is_some())
        })
    };
    if let Some(fact) = required.iter().find(|fact| !present(fact)) {
        return Err(Problem::new(
            "record-incomplete",
            format!("leaving.{fact}"),
            "",
            "this was not checked",
            "check it before the patient leaves",
        ));
    }
    if !warning_card {
        return Err(stands(
            "no-warning-card",
            "leaving.warning_card",
            "the warning card was not handed over",
            "hand over the written advice with the warning card of the region",
        ));
    }
    let Some(decision) = decision else {
        return Ok(());
    };
    for condition in decision
        .conditions
        .iter()
        .filter(|c| c.when.contains(&MonitorAt::After))
    {
        let Some(fact) = &condition.fact else {
            continue;
        };
        let entered = readings
            .iter()
            .any(|r| r.key().to_string() == *fact && r.at >= visit.arrived);
        if !entered {
            return Err(Problem::new(
                "monitoring-missing",
                fact.as_str(),
                "",
                condition.text.clone(),
                "enter it: the decision's conditions ask for it",
            ));
        }
    }
    Ok(())
}
