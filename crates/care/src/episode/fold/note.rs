//! Notes of visits and of examinations into the episode.

use crate::episode::{Episode, Event, Examination, Note, Private, SignedNote, Visit, What};

pub(super) fn folded(episode: &mut Episode, event: &Event) {
    match &event.what {
        What::NoteSigned { visit, note } => {
            if let Some(visit) = numbered(episode, *visit) {
                visit.note = Some(signed(event, note));
            }
        }
        What::NoteAmended { visit, addendum } => {
            let note = numbered(episode, *visit).and_then(|visit| visit.note.as_mut());
            add(note, event, addendum);
        }
        What::ExaminationNoted { day, note, .. } => {
            let (day, number) = (*day, episode.number);
            episode.examinations.push(Examination {
                day,
                episode: number,
                note: signed(event, note),
            });
        }
        What::ExaminationAmended { day, addendum } => {
            let mut all = episode.examinations.iter_mut();
            let found = all.find(|one| one.day == *day);
            add(found.map(|one| &mut one.note), event, addendum);
        }
        _ => {}
    }
}

fn signed(event: &Event, note: &Note) -> SignedNote {
    SignedNote {
        at: event.at,
        by: event.by.clone(),
        note: note.clone(),
        addenda: Vec::new(),
    }
}

fn add(note: Option<&mut SignedNote>, event: &Event, addendum: &Private<String>) {
    if let Some(note) = note {
        let added = (event.at, event.by.clone(), addendum.clone());
        note.addenda.push(added);
    }
}

fn numbered(episode: &mut Episode, number: u32) -> Option<&mut Visit> {
    let mut visits = episode.visits.iter_mut();
    visits.find(|visit| visit.number == number)
}
