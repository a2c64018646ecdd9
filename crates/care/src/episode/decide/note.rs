//! The note of a visit: signed once, then only added to.

use si::Problem;

use super::{misrouted, refuse_if, said};
use crate::episode::{Command, Episode, Note, Visit, What};

pub(super) fn answer(episode: &Episode, command: Command) -> Result<Vec<What>, Problem> {
    match command {
        Command::SignNote { visit, note } => signed(find(episode, visit)?, note),
        Command::AmendNote { visit, addendum } => {
            said("addendum", &addendum.0)?;
            let found = find(episode, visit)?;
            refuse_if(
                found.note.is_none(),
                (
                    "note-unsigned",
                    "visit",
                    "the note of this visit is not signed yet",
                ),
                "write it into the note and sign",
            )?;
            Ok(vec![What::NoteAmended { visit, addendum }])
        }
        other => Err(misrouted(&other)),
    }
}

fn find(episode: &Episode, number: u32) -> Result<&Visit, Problem> {
    let mut visits = episode.visits.iter();
    visits.find(|visit| visit.number == number).ok_or_else(|| {
        Problem::new(
            "visit-unknown",
            "visit",
            number.to_string(),
            "there is no such visit",
            "open the note from the patient's page",
        )
    })
}

fn signed(visit: &Visit, note: Note) -> Result<Vec<What>, Problem> {
    if visit.note.as_ref().is_some_and(|kept| kept.note == note) {
        return Ok(Vec::new());
    }
    refuse_if(
        visit.note.is_some(),
        ("note-signed", "visit", "the note of this visit is signed"),
        "add to it: what was signed stays as it was",
    )?;
    let session = visit.session.as_ref();
    refuse_if(
        session.is_some_and(|session| session.started.is_some() && session.ended.is_none()),
        (
            "session-runs",
            "visit",
            "the session of this visit still runs",
        ),
        "sign once it has ended",
    )?;
    for (place, text) in [
        ("note.subjective", &note.subjective),
        ("note.objective", &note.objective),
        ("note.assessment", &note.assessment),
        ("note.plan", &note.plan),
    ] {
        said(place, &text.0)?;
    }
    let treated = session.is_some_and(|session| session.started.is_some());
    refuse_if(
        note.code.is_some() && !treated,
        (
            "code-without-session",
            "note.code",
            "no traction was given at this visit",
        ),
        "leave the code away",
    )?;
    let visit = visit.number;
    Ok(vec![What::NoteSigned { visit, note }])
}
