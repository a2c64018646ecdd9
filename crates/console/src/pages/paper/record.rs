//! A patient's whole record on paper, for the patient: the parts of their own page, all open.

use super::super::mine::{Line, chart, parts};
use super::pdf;
use crate::door::{Reply, Visit};
use crate::frame::{Frame, Place};
use crate::paper::Paper;

/// GET `/patients/{patient}/mine/pdf`.
pub async fn record(visit: Visit) -> Reply {
    let mut f = Frame::new(&visit, Place::Mine);
    // Paper is English: its typefaces and its marks of language are.
    f.t.locale = visit.app.locale;
    let clinic = &visit.app.clinic;
    let chart = chart(&visit).await?;
    let at = clinic.now();
    let id = format!("record/{}/{}", chart.id, chart.sequence);
    let lead = f.t.mine_paper_lead(&clinic.settings().phone);
    let mut paper = Paper::new(&f, clinic, &chart, id, at)
        .titled(f.t.mine_title())
        .paragraph(lead);
    for part in parts(&f, clinic, &chart) {
        let lines = part.lines.into_iter().map(line).collect();
        paper = paper.list(part.title, lines);
    }
    pdf(&visit, paper, "attachment; filename=\"my-record.pdf\"").await
}

fn line(line: Line) -> String {
    let head = format!("{}: {}", line.when, line.what);
    let more = line.more.iter().fold(String::new(), |said, words| {
        let joint = match said.chars().next_back() {
            None => "",
            Some('.' | '?' | '!') => " ",
            Some(_) => "; ",
        };
        said + joint + words
    });
    match more.is_empty() {
        true => head,
        false => format!("{head}\n{more}"),
    }
}
