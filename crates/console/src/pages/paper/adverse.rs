//! The report of an adverse event: what happened, what was received before, what was done.

use care::episode::AdverseEvent;

use super::super::received;
use super::super::safety::{class, number, relation};
use super::super::who::Desk;
use super::pdf;
use crate::door::{Fault, Reply, Visit};
use crate::frame::{Frame, Place};
use crate::paper::Paper;

/// GET `/patients/{patient}/adverse/{event}/pdf`.
pub async fn adverse(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let f = Frame::new(&visit, Place::Patients);
    let asked = number(&visit, "event")?;
    let mut events = desk.chart.episode.adverse_events.iter();
    let event = events.find(|event| event.number == asked);
    let event = event.ok_or(Fault::NotFound)?;
    let paper = report(&visit, &desk, &f, event);
    pdf(&visit, paper, "inline; filename=\"adverse-event.pdf\"").await
}

/// That nothing was received is said, too.
fn before(f: &Frame, event: &AdverseEvent) -> Vec<String> {
    match event.received.is_empty() {
        true => vec![f.t.paper_adverse_nothing()],
        false => received::lines(f, &event.received),
    }
}

fn report(visit: &Visit, desk: &Desk, f: &Frame, event: &AdverseEvent) -> Paper {
    let (clinic, chart, t) = (&visit.app.clinic, &desk.chart, f.t);
    let closed = event.closed.as_ref();
    let noted = event.notes.last().map_or(event.at, |(at, _)| *at);
    let at = closed.map_or(noted, |(at, _)| *at);
    let id = format!("adverse/{}/{}/{at}", chart.id, event.number);
    let serious = match (event.judged.serious, event.serious) {
        (false, _) => t.adverse_open_yet(),
        (true, true) => t.yes(),
        (true, false) => t.no(),
    };
    let paper = Paper::new(f, clinic, chart, id, at)
        .titled(t.paper_adverse())
        .about(t.paper_adverse_number(), event.number.to_string())
        .about(t.paper_adverse_onset(), f.when(&event.onset))
        .about(t.paper_adverse_opened(), f.when(&event.at))
        .about(t.paper_adverse_class(), class(t, event))
        .about(t.paper_adverse_serious(), serious)
        .heading(t.paper_adverse_what())
        .paragraph(&event.description.0)
        .list(t.paper_adverse_before(), before(f, event));
    let recording = event.session.iter();
    let recording = recording.map(|session| t.paper_adverse_recording(session));
    let notes = event.notes.iter();
    let notes = notes.map(|(at, note)| format!("{}: {}", f.when(at), note.0));
    let paper = paper
        .list(t.paper_adverse_session(), recording.collect())
        .list(
            t.paper_adverse_done(),
            event.action.iter().cloned().collect(),
        )
        .list(t.paper_adverse_notes(), notes.collect())
        .list(t.paper_adverse_relation(), vec![relation(t, event)]);
    match closed {
        Some((at, outcome)) => paper.heading(t.paper_adverse_outcome()).paragraph(format!(
            "{}: {}",
            f.when(at),
            outcome.0
        )),
        None => paper.remark(t.paper_adverse_open()),
    }
}
