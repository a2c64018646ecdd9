//! The course of an episode on paper: what was received, how pain and function went.

use care::episode::{Episode, Session};
use care::outcomes::Tally;

use super::super::course as drawn;
use super::super::safety::class;
use super::super::session::ended_by;
use super::super::who::Desk;
use super::pdf;
use crate::door::{Reply, Visit};
use crate::frame::{Frame, Place};
use crate::paper::Paper;

/// GET `/patients/{patient}/course/pdf`.
pub async fn course(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let f = Frame::new(&visit, Place::Patients);
    let paper = summary(&visit, &desk, &f);
    pdf(&visit, paper, "inline; filename=\"course.pdf\"").await
}

fn summary(visit: &Visit, desk: &Desk, f: &Frame) -> Paper {
    let (clinic, chart, t) = (&visit.app.clinic, &desk.chart, f.t);
    let episode = &chart.episode;
    let at = clinic.now();
    let id = format!("course/{}/{at}", chart.id);
    let region = episode.region.map_or("", si::Region::as_str);
    let since = episode
        .opened
        .as_ref()
        .map_or_else(|| t.unknown(), |at| f.when(at));
    let mut paper = Paper::new(f, clinic, chart, id, at)
        .titled(t.paper_course())
        .about(t.paper_region(), region)
        .about(t.paper_since(), since)
        .about(t.paper_received(), received(f, episode));
    if let Some(words) = drawn::sentence(f, episode) {
        paper = paper.paragraph(words);
    }
    for (title, svg, words) in drawn::charts(f, clinic.knowledge().instruments(), episode) {
        paper = paper.figure(title, svg, words);
    }
    let rows = episode.treated().map(|session| row(f, session));
    let changes = drawn::changes(clinic.knowledge().instruments(), episode);
    let changes = changes.iter();
    let changes = changes.map(|(at, value)| format!("{}: {value:+}", f.when(at)));
    paper = paper.list(t.lanes_changed(), changes.collect());
    paper
        .table(t.paper_sessions(), head(f), rows.collect())
        .list(t.paper_course_events(), events(f, episode))
        .list(t.paper_course_reviews(), reviews(f, episode))
        .remark(f.unapproved().unwrap_or_default())
}

/// Sessions received, of those that were planned.
fn received(f: &Frame, episode: &Episode) -> String {
    let tally = Tally::of(episode);
    match tally.planned {
        0 => tally.received.to_string(),
        planned => f.t.paper_planned(tally.received, planned),
    }
}

fn head(f: &Frame) -> Vec<String> {
    let t = f.t;
    vec![
        t.paper_session_day(),
        t.paper_session_force(),
        t.paper_session_minutes(),
        t.paper_session_worst(),
        t.paper_session_end(),
    ]
}

fn row(f: &Frame, session: &Session) -> Vec<String> {
    let t = f.t;
    let day = session
        .started
        .as_ref()
        .map_or_else(|| t.unknown(), |at| f.when(at));
    let told = |text: Option<String>| text.unwrap_or_else(|| t.unknown());
    let summary = session.summary.as_ref();
    let end = told(ended_by(t, session));
    let end = match session.simulated {
        true => t.paper_session_simulated(end),
        false => end,
    };
    vec![
        day,
        told(summary.map(|summary| format!("{:.0}", summary.peak_force_n))),
        told(summary.map(|summary| format!("{:.0}", summary.duration_s / 60.0))),
        told(
            summary
                .and_then(|summary| summary.peak_discomfort)
                .map(|worst| worst.to_string()),
        ),
        end,
    ]
}

fn events(f: &Frame, episode: &Episode) -> Vec<String> {
    let events = episode.adverse_events.iter();
    let own = events.filter(|event| episode.has_begun(event.at));
    let line = own.map(|event| {
        let severity = class(f.t, event);
        format!(
            "{}: {} ({severity})",
            f.when(&event.onset),
            event.description.0
        )
    });
    line.collect()
}

fn reviews(f: &Frame, episode: &Episode) -> Vec<String> {
    let reviews = episode.reviews.iter();
    let line = reviews.map(|review| {
        f.t.paper_course_review(f.t.verdict(&review.result), f.when(&review.at))
    });
    line.collect()
}
