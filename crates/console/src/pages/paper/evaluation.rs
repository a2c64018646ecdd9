//! The screening that counts, as a letter: the answer, what led to it, what is open.

use std::collections::BTreeSet;

use care::decide::Verdict;
use care::episode::KeptAt;
use care::knowledge::Source;
use si::Problem;

use super::super::decision::{DecisionView, FiredView};
use super::super::who::Desk;
use super::pdf;
use crate::door::{Reply, Visit};
use crate::frame::{Frame, Place};
use crate::paper::Paper;

/// GET `/patients/{patient}/evaluation/pdf`.
pub async fn evaluation(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let f = Frame::new(&visit, Place::Patients);
    let Some(kept) = &desk.chart.episode.decision else {
        let (what, remedy) = (
            f.t.paper_evaluation_none(),
            f.t.paper_evaluation_none_remedy(),
        );
        return Err(Problem::new("not-screened", "patient", "", what, remedy).into());
    };
    let paper = letter(&visit, &desk, &f, kept);
    pdf(&visit, paper, "inline; filename=\"evaluation.pdf\"").await
}

fn letter(visit: &Visit, desk: &Desk, f: &Frame, kept: &KeptAt) -> Paper {
    let (clinic, chart, t) = (&visit.app.clinic, &desk.chart, f.t);
    let view = DecisionView::of(f, &kept.decision).for_patient(f, clinic, chart.id);
    let region = chart.episode.region.map_or("", si::Region::as_str);
    let id = format!("evaluation/{}/{}", chart.id, kept.at);
    let pressing = view.pressing().map(|fired| fired.statement.clone());
    let mut paper = Paper::new(f, clinic, chart, id, kept.at)
        .titled(t.paper_evaluation())
        .urgent(pressing)
        .about(t.paper_region(), region)
        .about(t.paper_screened(), f.when(&kept.at))
        .about(t.paper_answer(), view.verdict_words.clone())
        .about(t.paper_urgency(), view.urgency_words.clone());
    if view.fired.is_empty() {
        paper = paper.paragraph(t.paper_nothing_fired());
    }
    for fired in &view.fired {
        paper = reason(f, paper, fired);
    }
    // Whom nobody may treat now is treated under no conditions either.
    let treats = matches!(kept.decision.verdict, Verdict::Cleared | Verdict::Caution);
    let conditions = if treats {
        view.conditions.clone()
    } else {
        Vec::new()
    };
    let (undecided, sources) = (undecided(f, &view), sources(visit, &view));
    paper
        .list(t.paper_conditions(), conditions)
        .list(t.paper_conflicts(), view.conflicts)
        .list(t.paper_undecided(), undecided)
        .list(t.paper_source_list(), sources)
        .remark(t.paper_support(&view.knowledge))
        .remark(f.unapproved().unwrap_or_default())
}

/// What to ask next, and how many findings wait for answers: a letter is no list of them all.
fn undecided(f: &Frame, view: &DecisionView) -> Vec<String> {
    let next = view.questions.iter().map(|next| next.practitioner.clone());
    let mut lines: Vec<String> = next.collect();
    if !view.undecided.is_empty() {
        lines.push(f.t.paper_waiting(view.undecided.len()));
    }
    lines
}

/// The sources of all reasons, each once, in the order of the clinic's list.
fn sources(visit: &Visit, view: &DecisionView) -> Vec<String> {
    let knowledge = visit.app.clinic.knowledge();
    let ids: BTreeSet<&String> = view.fired.iter().flat_map(|fired| &fired.sources).collect();
    let mut sources: Vec<_> = ids
        .into_iter()
        .filter_map(|id| knowledge.source(id))
        .collect();
    sources.sort_by(|a, b| a.place().cmp(&b.place()));
    let line = |source: &Source| format!("{}: {}", source.id, source.line());
    sources.into_iter().map(line).collect()
}

fn reason(f: &Frame, paper: Paper, fired: &FiredView) -> Paper {
    let t = f.t;
    let mut lines = vec![t.paper_why(&fired.why)];
    let mut tell = |texts: &[String], joint: &str, words: &dyn Fn(String) -> String| {
        if !texts.is_empty() {
            lines.push(words(texts.join(joint)));
        }
    };
    tell(&fired.facts, "; ", &|facts| t.paper_on_record(facts));
    tell(&fired.sources, "; ", &|sources| t.paper_sources(sources));
    tell(&fired.dissent, " ", &|words| t.paper_dissent(words));
    lines.push(t.paper_strength(fired.evidence));
    lines.extend(fired.note.clone());
    paper
        .heading(t.paper_fired(&fired.verdict_words, &fired.statement))
        .paragraph(lines.join("\n"))
}
