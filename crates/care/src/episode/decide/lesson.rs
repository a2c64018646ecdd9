//! What a session taught: computed elsewhere, checked here against the record.

use si::Problem;

use super::visit::find;
use super::{misrouted, refuse_if};
use crate::episode::{Command, Episode, What};
use crate::lesson::{Lesson, Posterior, Taught};

pub(super) fn answer(episode: &Episode, command: Command) -> Result<Vec<What>, Problem> {
    let Command::LearnSpine(lesson) = command else {
        return Err(misrouted(&command));
    };
    once(episode, &lesson)?;
    of_this_session(episode, &lesson)?;
    if let Taught::Learned(posterior) = &lesson.taught {
        sound(episode, &lesson, posterior)?;
    }
    Ok(vec![What::SpineLearned(lesson)])
}

/// Nothing is learned twice: from no session, and from no recording.
fn once(episode: &Episode, lesson: &Lesson) -> Result<(), Problem> {
    let remedy = "leave it: what it taught is on record";
    refuse_if(
        episode.lesson_of(lesson.session).is_some(),
        (
            "lesson-known",
            "lesson.session",
            "this session was learned from",
        ),
        remedy,
    )?;
    let mut known = episode.lessons.iter();
    refuse_if(
        known.any(|known| known.recording_sha256 == lesson.recording_sha256),
        (
            "lesson-known",
            "lesson.recording_sha256",
            "this recording was learned from as another session's",
        ),
        remedy,
    )
}

/// Session, recording, region and table are those on record.
fn of_this_session(episode: &Episode, lesson: &Lesson) -> Result<(), Problem> {
    let session = find(episode, lesson.session)?;
    let summary = session.summary.as_ref().filter(|_| session.ended.is_some());
    let Some(summary) = summary else {
        return Err(Problem::new(
            "session-running",
            "lesson.session",
            lesson.session.to_string(),
            "the session has not ended",
            "learn from it once its recording was fetched",
        ));
    };
    refuse_if(
        summary.recording_sha256.as_ref() != Some(&lesson.recording_sha256),
        (
            "recording-foreign",
            "lesson.recording_sha256",
            "this is not the recording that the end of the session has on record",
        ),
        "read the recording of this session",
    )?;
    let visit = episode.visit_of(lesson.session);
    refuse_if(
        visit.and_then(|visit| visit.region) != Some(lesson.region),
        (
            "regions-differ",
            "lesson.region",
            "the visit treated another region",
        ),
        "learn of each region from its own sessions",
    )?;
    refuse_if(
        session.simulated != lesson.simulated,
        (
            "tables-differ",
            "lesson.simulated",
            "the session ran on a table of the other kind",
        ),
        "say what the Grant says: a simulated table shows a simulated body",
    )
}

/// A belief of this region, on top of what is believed now.
fn sound(episode: &Episode, lesson: &Lesson, posterior: &Posterior) -> Result<(), Problem> {
    posterior
        .belief
        .belief(lesson.region)
        .map_err(|problem| problem.within("lesson.belief"))?;
    let shares = posterior
        .doubts
        .iter()
        .flat_map(|doubt| [doubt.removed, doubt.known]);
    let ties = posterior.ties.iter().map(|tie| tie.correlation);
    let mut numbers = shares.chain(ties).chain([posterior.misfit]);
    refuse_if(
        numbers.any(|number| !number.is_finite()),
        (
            "lesson-broken",
            "lesson.taught",
            "a number is not a finite one",
        ),
        "report this as a defect: what is learned is finite",
    )?;
    let (after, _) = episode.begins(lesson.region, lesson.simulated);
    refuse_if(
        after != lesson.after,
        (
            "lesson-overtaken",
            "lesson.after",
            "another session was learned from in between",
        ),
        "learn again, from what is believed now",
    )
}
