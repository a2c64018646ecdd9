//! The note of a visit or of an examination: signed once, then only added to.

use jiff::civil::Date;
use si::Problem;
use uuid::Uuid;

use super::{Context, misrouted, refuse_if, said};
use crate::episode::{Command, Encounter, Episode, Note, Session, SignedNote, What};

pub(super) fn answer(
    episode: &Episode,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    match command {
        Command::SignNote { visit, note } => {
            let found = find(episode, visit, context)?;
            signed(&found, &note)?;
            let again = found.note.is_some();
            Ok((!again).then(|| noted(visit, note)).into_iter().collect())
        }
        Command::AmendNote { visit, addendum } => {
            said("addendum", &addendum.0)?;
            let found = find(episode, visit, context)?;
            refuse_if(
                found.note.is_none(),
                (
                    "note-unsigned",
                    "visit",
                    "the note of this visit is not signed yet",
                ),
                "write it into the note and sign",
            )?;
            Ok(vec![match visit {
                Encounter::Visit(visit) => What::NoteAmended { visit, addendum },
                Encounter::Day { day, .. } => What::ExaminationAmended { day, addendum },
            }])
        }
        other => Err(misrouted(&other)),
    }
}

fn noted(visit: Encounter, note: Note) -> What {
    match visit {
        Encounter::Visit(visit) => What::NoteSigned { visit, note },
        Encounter::Day { day, appointment } => What::ExaminationNoted {
            day,
            appointment,
            note,
        },
    }
}

/// What a note can be about.
struct Found<'a> {
    note: Option<&'a SignedNote>,
    session: Option<&'a Session>,
}

fn find<'a>(
    episode: &'a Episode,
    visit: Encounter,
    context: &Context<'_>,
) -> Result<Found<'a>, Problem> {
    let number = match visit {
        Encounter::Day { day, appointment } => return examined(episode, day, appointment, context),
        Encounter::Visit(number) => number,
    };
    let mut visits = episode.visits.iter();
    let found = visits.find(|visit| visit.number == number);
    let found = found.ok_or_else(|| unknown(number.to_string(), "there is no such visit"))?;
    Ok(Found {
        note: found.note.as_ref(),
        session: found.session.as_ref(),
    })
}

fn unknown(value: String, problem: &'static str) -> Problem {
    let remedy = "open the note from the patient's page";
    Problem::new("visit-unknown", "visit", value, problem, remedy)
}

/// Somebody screened the patient that day, or the diary says that they came.
fn examined<'a>(
    episode: &'a Episode,
    day: Date,
    appointment: Option<Uuid>,
    context: &Context<'_>,
) -> Result<Found<'a>, Problem> {
    if let Some(kept) = episode.examination(day) {
        return Ok(Found {
            note: Some(&kept.note),
            session: None,
        });
    }
    if let Some(number) = episode.arrived_on(day, context.zone) {
        return Err(Problem::new(
            "visit-there",
            "visit",
            day.to_string(),
            format!("the patient arrived that day: visit {number}"),
            "write the note of that visit",
        ));
    }
    let today = context.at.to_zoned_datetime(context.zone.clone()).date();
    let came = appointment.is_some() && day <= today;
    if came || episode.examined_on(context.zone).contains(&day) {
        let (note, session) = (None, None);
        return Ok(Found { note, session });
    }
    Err(unknown(
        day.to_string(),
        "nobody examined the patient that day",
    ))
}

/// Nothing stands in the way of signing; a note sent twice says the same.
fn signed(visit: &Found<'_>, note: &Note) -> Result<(), Problem> {
    if visit.note.is_some_and(|kept| kept.note == *note) {
        return Ok(());
    }
    refuse_if(
        visit.note.is_some(),
        ("note-signed", "visit", "the note of this visit is signed"),
        "add to it: what was signed stays as it was",
    )?;
    refuse_if(
        visit
            .session
            .is_some_and(|session| session.started.is_some() && session.ended.is_none()),
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
    let treated = visit
        .session
        .is_some_and(|session| session.started.is_some());
    refuse_if(
        note.code.is_some() && !treated,
        (
            "code-without-session",
            "note.code",
            "no traction was given at this visit",
        ),
        "leave the code away",
    )
}
