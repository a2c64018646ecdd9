//! The consent that is on record, for the patient to take home: the words that were read, who
//! explained them, what was asked and answered, who signed.

use care::episode::Consent;
use si::{Problem, Region};

use super::super::expect;
use super::super::who::Desk;
use super::pdf;
use crate::clinic::Clinic;
use crate::door::{Reply, Visit};
use crate::frame::{Frame, Place};
use crate::paper::Paper;

/// GET `/patients/{patient}/consent/pdf`.
pub async fn consent(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let f = Frame::new(&visit, Place::Patients);
    let kept = desk.chart.episode.consent.as_ref();
    let kept = kept.ok_or_else(|| none(&f))?;
    let paper = signed(&visit, &desk, &f, kept)?;
    pdf(&visit, paper, "inline; filename=\"consent.pdf\"").await
}

fn none(f: &Frame) -> Problem {
    let (problem, remedy) = (f.t.paper_consent_none(), f.t.paper_consent_none_remedy());
    Problem::new("no-consent", "consent", "", problem, remedy)
}

fn signed(visit: &Visit, desk: &Desk, f: &Frame, kept: &Consent) -> Result<Paper, Problem> {
    let (clinic, chart, t) = (&visit.app.clinic, &desk.chart, f.t);
    let given = &kept.given;
    let id = format!("consent/{}/{}", chart.id, kept.at);
    let mut paper = Paper::new(f, clinic, chart, id, kept.at)
        .titled(t.paper_consent())
        .about(t.paper_consent_explained(), &given.explained_by);
    for (label, value) in [
        (t.paper_consent_interpreter(), &given.interpreter),
        (t.paper_consent_cost(), &given.cost),
    ] {
        if let Some(value) = value {
            paper = paper.about(label, value);
        }
    }
    let paper = paper.about(t.paper_consent_text(), &given.text_version);
    let words = match &given.words {
        Some(words) => words.clone(),
        None => care::consent::of_episode(clinic.knowledge(), &chart.episode)?.plain(),
    };
    // A text of before words were kept: what is printed is the text of today, and says so.
    let paper = match &given.words {
        Some(_) => paper,
        None => paper.paragraph(t.paper_consent_old()),
    };
    let lines = words.lines().filter(|line| !line.trim().is_empty());
    let paper = lines.fold(paper, |paper, line| paper.paragraph(line));
    let questions = given.questions.0.lines().map(str::to_owned).collect();
    let paper = paper
        .list(t.paper_consent_questions(), questions)
        .paragraph(t.paper_consent_withdraw(&clinic.settings().phone))
        .signed(t.paper_consent_signed(
            &given.signed_by.0,
            &kept.recorded_by.name,
            f.when(&kept.at),
        ));
    Ok(expected(f, paper, clinic, chart.episode.region))
}

/// How a session will be, behind what was signed: it is no part of that.
fn expected(f: &Frame, paper: Paper, clinic: &Clinic, region: Option<Region>) -> Paper {
    let Some(region) = region else { return paper };
    let paper = paper
        .heading(f.t.expect_head())
        .paragraph(f.t.paper_consent_expect());
    let parts = expect::parts(f, clinic.settings(), region).into_iter();
    parts.fold(paper, |paper, part| paper.list(part.title, part.lines))
}
