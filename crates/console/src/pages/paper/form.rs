//! The questions of a check-in on paper, for a patient without a telephone that shows pages.

use super::super::checkin::{self, Form};
use super::super::inputs::Input;
use super::super::who::Desk;
use super::pdf;
use crate::door::{Reply, Visit};
use crate::frame::{Frame, Place};
use crate::paper::Paper;

/// Lines for words of one's own.
const LINES: u8 = 4;
/// What stays free beside the body, in its own widths: large enough to mark, and no whole page.
const LARGE: f64 = 0.5;

/// GET `/patients/{patient}/check-in/pdf`.
pub async fn form(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let f = Frame::new(&visit, Place::Patients);
    let (clinic, chart) = (&visit.app.clinic, &desk.chart);
    let asked = checkin::form(&f, clinic, &chart.episode)?;
    let at = clinic.now();
    let id = format!("check-in/{}/{at}", chart.id);
    let settings = clinic.settings();
    let emergency = &settings.emergency;
    let (number, hospital) = (&emergency.number, &emergency.hospital);
    let urgent = f.t.paper_form_urgent(number, hospital, &emergency.address);
    let paper = Paper::new(&f, clinic, chart, id, at)
        .titled(f.t.paper_form())
        .urgent(Some(urgent))
        .paragraph(f.t.paper_form_lead(&settings.phone));
    let paper = questions(&f, paper, &asked).lines(&f.t.paper_form_more(), LINES);
    let paper = paper.lines(&f.t.paper_form_when(), 1);
    pdf(&visit, paper, "inline; filename=\"check-in.pdf\"").await
}

/// Emergencies first, as on the telephone; then how strong, since when, where and how.
fn questions(f: &Frame, paper: Paper, asked: &Form) -> Paper {
    let goes = |input: &&Input| !input.emergency.is_empty();
    let (now, others): (Vec<_>, Vec<_>) = asked.flags.iter().partition(goes);
    let ask = |paper: Paper, input: &Input| paper.boxes(&input.question, answers(f, input));
    let mut paper = paper.heading(f.t.paper_form_emergency());
    paper = now.into_iter().fold(paper, ask);
    paper = paper.heading(f.t.paper_form_other());
    paper = others.into_iter().chain(&asked.rest).fold(paper, ask);
    for score in &asked.scores {
        for (_, input) in &score.sites {
            let question = format!("{} ({})", input.question, score.anchors);
            paper = paper.boxes(&question, (0..=10).map(|n: u8| n.to_string()).collect());
        }
    }
    let paper = asked.others.iter().fold(paper, ask);
    pain(f, paper, asked)
}

/// Where it hurts, on a body to mark by hand and as places to tick; then what it feels like.
fn pain(f: &Frame, mut paper: Paper, asked: &Form) -> Paper {
    if let Some(chart) = &asked.chart {
        let places: Vec<String> = chart.areas.iter().map(|area| area.words.clone()).collect();
        let (svg, alt) = (chart.views.beside(LARGE), places.join("; "));
        paper = paper
            .heading(&chart.question)
            .figure(f.t.paper_form_chart(), svg, alt)
            .boxes(&f.t.paper_form_places(), places);
    }
    match &asked.feels {
        Some(feels) => {
            let words = feels.words.iter().map(|(_, word)| word.clone());
            paper.boxes(&feels.question, words.collect())
        }
        None => paper,
    }
}

fn answers(f: &Frame, input: &Input) -> Vec<String> {
    match input.choices.is_empty() {
        true => vec![f.t.yes(), f.t.no()],
        false => input
            .choices
            .iter()
            .map(|(_, words)| words.clone())
            .collect(),
    }
}
