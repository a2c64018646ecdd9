//! From a recording to a lesson.
//!
//! The person is the one of the chart as it was when the session was permitted, so
//! that the same record gives the same lesson whenever it is computed; what was
//! believed is the latest lesson on record.

use si::{Problem, Radians, Region};
use spine::learn::{
    Learned, Noise, OnColumn, Outcome, Recording, RecordingError, Samples, Tie, update,
};
use spine::unknown::Belief;
use uuid::Uuid;

use super::{Because, Doubt, Lesson, Posterior, SOFTWARE, Silence, Taught, Tied};
use crate::episode::{Episode, Session};
use crate::input::bad;
use crate::subject::{BeliefDocument, Lying, refused};

/// Share of a doubt below which nothing is said of it.
const WORTH_SAYING: f64 = 0.02;

/// What a recording says of its session.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    /// The session that its header names.
    pub session: Uuid,
    /// The region that its Grant allowed.
    pub region: Region,
    /// Whether its table was simulated.
    pub simulated: bool,
    /// Time, force and travel.
    pub samples: Samples<'a>,
}

/// Learns from a session that is over: `granted` is the episode as it was when the
/// session was permitted, `now` the same as of now. A recording that cannot be heard
/// gives a lesson, too: nothing, and why.
///
/// # Errors
/// No such session with an end and a recording on record.
pub fn learn(
    now: &Episode,
    granted: &Episode,
    session: Uuid,
    heard: Result<Heard<'_>, Silence>,
) -> Result<Lesson, Problem> {
    let missing = || {
        let (place, problem) = ("session", "has no end with a recording on record");
        let remedy = "wait until the session's recording was fetched";
        bad("session-open", place, "", problem, remedy)
    };
    let of = now.session(session).ok_or_else(missing)?;
    let ended = of.summary.as_ref().filter(|_| of.ended.is_some());
    let recording = ended.and_then(|summary| summary.recording_sha256.clone());
    let visit = now.visit_of(session).and_then(|visit| visit.region);
    let (Some(recording_sha256), Some(region)) = (recording, visit) else {
        return Err(missing());
    };
    let (after, prior) = now.begins(region, of.simulated);
    let taught = heard
        .and_then(|heard| teach(granted, (of, region), &heard, &prior))
        .map_or_else(Taught::Nothing, Taught::Learned);
    Ok(Lesson {
        session,
        region,
        simulated: of.simulated,
        recording_sha256,
        software: SOFTWARE.to_owned(),
        after,
        taught,
    })
}

fn teach(
    granted: &Episode,
    (session, region): (&Session, Region),
    heard: &Heard<'_>,
    prior: &Belief,
) -> Result<Posterior, Silence> {
    if (heard.session, heard.simulated) != (session.id, session.simulated) {
        return Err(Because::RecordingForeign.said(""));
    }
    let told = |because: Because| {
        move |problem: Problem| because.said(format!("{}: {}", problem.place, problem.problem))
    };
    let lying = Lying::of(granted, session.id, session.granted);
    let lying = lying.map_err(told(Because::PersonUnknown))?;
    for own in [heard.region, lying.pull.region] {
        if own != region {
            let detail = format!("{own} on the table, {region} on record");
            return Err(Because::RegionsDiffer.said(detail));
        }
    }
    let angle = Radians::from_degrees(lying.pull.angle_deg);
    let recording = Recording::new(&heard.samples, angle.unwrap_or(Radians::ZERO));
    let recording = recording.map_err(|error| match error {
        RecordingError::NoHold { .. } | RecordingError::Short { .. } => {
            Because::TooShort.said(error.to_string())
        }
        _ => Because::RecordingUnfit.said(error.to_string()),
    })?;
    let column = OnColumn::recorded(&lying.subject, &lying.setting, &recording);
    let column = column.map_err(|error| told(Because::NotComputed)(refused(&error)))?;
    let learned = update(prior, &recording.measured(&Noise::TABLE), &column);
    let learned = learned.map_err(|error| Because::NotComputed.said(error.to_string()))?;
    match learned.outcome {
        Outcome::Refused => {
            let detail = format!("misfit {:.1}, where 1 is usual", learned.misfit);
            Err(Because::Surprising.said(detail))
        }
        Outcome::Learned { settled: false } => Err(Because::Unsettled.said("")),
        Outcome::Learned { settled: true } => Ok(posterior(&learned)),
    }
}

fn posterior(learned: &Learned) -> Posterior {
    let said = learned
        .changes
        .iter()
        .filter(|change| change.worth_saying() || change.known >= WORTH_SAYING);
    let mut doubts: Vec<Doubt> = said
        .map(|change| Doubt {
            unknown: change.unknown.as_str().to_owned(),
            removed: change.removed,
            known: change.known,
        })
        .collect();
    doubts.sort_by(|one, other| other.known.total_cmp(&one.known));
    let tied = |tie: &Tie| Tied {
        one: tie.one.as_str().to_owned(),
        other: tie.other.as_str().to_owned(),
        correlation: tie.correlation,
    };
    Posterior {
        belief: BeliefDocument::of(&learned.posterior),
        misfit: learned.misfit,
        doubts,
        ties: learned.ties.iter().map(tied).collect(),
    }
}
