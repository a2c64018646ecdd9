//! The screening that counts, as a letter: the answer, what was known, what led to it, what
//! comes next, and who decided.

mod chart;

use std::collections::BTreeSet;

use care::decide::Verdict;
use care::episode::{Event, KeptAt, What};
use care::knowledge::Source;
use si::Problem;

use self::chart::Chart;
use super::super::decision::{DecisionView, FiredView};
use super::super::plan::signed;
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
    let told = visit.app.clinic.told(desk.chart.id).await?;
    let paper = letter(&visit, &desk, &f, (kept, &told));
    pdf(&visit, paper, "inline; filename=\"evaluation.pdf\"").await
}

fn letter(visit: &Visit, desk: &Desk, f: &Frame, (kept, told): (&KeptAt, &[Event])) -> Paper {
    let (clinic, chart, t) = (&visit.app.clinic, &desk.chart, f.t);
    let view = DecisionView::of(f, &kept.decision).for_patient(f, clinic, chart.id);
    let region = chart.episode.region.map_or("", si::Region::as_str);
    let id = format!("evaluation/{}/{}", chart.id, kept.at);
    let pressing = view.pressing().map(|fired| fired.statement.clone());
    let known = Chart::of(f, clinic, &chart.episode, kept.at);
    let treated = known.treated();
    let mut paper = Paper::new(f, clinic, chart, id, kept.at)
        .titled(t.paper_evaluation())
        .urgent(pressing)
        .about(t.paper_region(), region);
    if !treated.is_empty() {
        paper = paper.about(t.paper_treated(), treated);
    }
    paper = paper
        .about(t.paper_screened(), f.when(&kept.at))
        .about(t.paper_answer(), view.verdict_words.clone())
        .about(t.paper_urgency(), view.urgency_words.clone());
    paper = reasons(f, known.told(paper), &view);
    paper = next(f, paper, (kept, told), &view);
    let sources = sources(visit, &view);
    let paper = match decided_by(f, kept, told) {
        Some(who) => paper.signed(who),
        None => paper,
    };
    paper
        .list(t.paper_source_list(), sources)
        .remark(t.paper_support(&view.knowledge))
        .remark(f.unapproved().unwrap_or_default())
}

fn reasons(f: &Frame, paper: Paper, view: &DecisionView) -> Paper {
    match view.fired.is_empty() {
        true => paper
            .heading(f.t.paper_reasons())
            .paragraph(f.t.paper_nothing_fired()),
        false => view
            .fired
            .iter()
            .fold(paper, |paper, fired| reason(f, paper, fired)),
    }
}

/// The plan where one is signed, else what must be asked and examined before there is any.
fn next(f: &Frame, paper: Paper, of: (&KeptAt, &[Event]), view: &DecisionView) -> Paper {
    let (kept, told) = of;
    let t = f.t;
    // Whom nobody may treat now is treated under no conditions either.
    let treats = matches!(kept.decision.verdict, Verdict::Cleared | Verdict::Caution);
    let conditions = if treats {
        view.conditions.clone()
    } else {
        Vec::new()
    };
    let plan = signed_after(told, kept).filter(|_| treats);
    let plan = plan.and_then(|sha256| signed::candidate(told, sha256));
    let plan = plan.map(|plan| {
        let course = &plan.course;
        let ceiling = format!("{:.0}", course.ceiling_n);
        vec![
            signed::line(f, &plan),
            t.plan_course_line(course.sessions, course.per_week, ceiling),
        ]
    });
    paper
        .list(t.paper_conditions(), conditions)
        .list(t.paper_conflicts(), view.conflicts.clone())
        .list(t.paper_plan(), plan.unwrap_or_default())
        .list(t.paper_undecided(), undecided(f, view))
}

/// The plan that was signed from this screening or after it, while nothing ended it.
fn signed_after<'a>(told: &'a [Event], kept: &KeptAt) -> Option<&'a str> {
    let later = told.iter().rev().take_while(|event| kept.at <= event.at);
    let mut later = later.filter(|event| {
        let ends = matches!(event.what, What::Discharged { .. } | What::Reopened { .. });
        ends || matches!(event.what, What::PlanSigned { .. })
    });
    match &later.next()?.what {
        What::PlanSigned { plan_sha256, .. } => Some(plan_sha256),
        _ => None,
    }
}

/// Whoever kept the screening, with the licence of that day.
fn decided_by(f: &Frame, kept: &KeptAt, told: &[Event]) -> Option<String> {
    let mut latest_first = told.iter().rev();
    let event = latest_first.find(|event| match &event.what {
        What::Decided { decision } => event.at == kept.at && *decision == kept.decision,
        _ => false,
    })?;
    let by = &event.by;
    let licence = by.licence.as_ref();
    let licence = licence.map_or_else(|| f.t.role(by.role), |licence| licence.number.clone());
    let named = (!by.name.is_empty()).then_some(&by.name)?;
    Some(f.t.paper_decided_by(named, licence, f.when(&kept.at)))
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
