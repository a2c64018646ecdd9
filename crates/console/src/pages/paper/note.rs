//! A signed note and what was added to it.

use super::super::note::{of_patient, parts, signed};
use super::super::who::Desk;
use super::pdf;
use crate::door::{Reply, Visit};
use crate::frame::{Frame, Place};
use crate::paper::Paper;
use si::Problem;

/// GET `/patients/{patient}/note/{visit}/pdf`.
pub async fn note(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let f = Frame::new(&visit, Place::Patients);
    let of = of_patient(&visit, &desk, &f).await?;
    let Some(kept) = of.note else {
        let (what, remedy) = (f.t.paper_note_unsigned(), f.t.paper_note_unsigned_remedy());
        return Err(Problem::new("note-unsigned", "visit", of.key(), what, remedy).into());
    };
    let (clinic, chart) = (&visit.app.clinic, &desk.chart);
    let at = kept.addenda.last().map_or(kept.at, |(at, ..)| *at);
    let id = format!("note/{}/{}/{}", chart.id, of.key(), kept.addenda.len());
    let mut paper = Paper::new(&f, clinic, chart, id, at)
        .titled(f.t.note_title())
        .about(f.t.paper_visit(), &of.when);
    for part in parts(&f, &kept.note) {
        paper = paper.heading(part.title).paragraph(part.text);
    }
    let under = signed(&f, kept);
    paper = paper.remark(under.code).signed(under.by);
    for (who, words) in under.addenda {
        paper = paper.heading(who).paragraph(words);
    }
    pdf(&visit, paper, "inline; filename=\"visit-note.pdf\"").await
}
