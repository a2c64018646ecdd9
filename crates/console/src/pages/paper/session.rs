//! The report of one session: what was allowed and given, the force as recorded, what the
//! patient told before, during and after.

use care::episode::{Episode, Session, Visit as OfPatient};
use care::fact::Reading;

use super::super::note::said;
use super::super::who::Desk;
use super::pdf;
use crate::door::{Fault, Reply, Visit};
use crate::frame::{Frame, Place};
use crate::paper::Paper;
use crate::recorded::{ON_PAPER, picture};

/// GET `/patients/{patient}/session/{session}/pdf`.
pub async fn session(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let f = Frame::new(&visit, Place::Patients);
    let asked: uuid::Uuid = visit
        .part("session")?
        .parse()
        .map_err(|_| Fault::NotFound)?;
    let (of, session) = found(&desk.chart.episode, asked).ok_or(Fault::NotFound)?;
    let paper = head(&visit, &desk, &f, session);
    let paper = match visit.app.clinic.frames(asked).await? {
        Some(frames) => {
            let (svg, words) = picture(&asked.to_string(), &frames, ON_PAPER);
            paper.figure(f.t.paper_session_force_curve(), svg, words)
        }
        None => paper.remark(f.t.paper_session_unrecorded()),
    };
    let paper = told(&visit, &f, paper, of, session);
    pdf(&visit, paper, "inline; filename=\"session.pdf\"").await
}

fn found(episode: &Episode, id: uuid::Uuid) -> Option<(&OfPatient, &Session)> {
    let mut visits = episode.visits.iter();
    visits.find_map(|visit| {
        let session = visit.session.as_ref().filter(|session| session.id == id)?;
        Some((visit, session))
    })
}

fn head(visit: &Visit, desk: &Desk, f: &Frame, session: &Session) -> Paper {
    let (clinic, chart, t) = (&visit.app.clinic, &desk.chart, f.t);
    let at = session.ended.or(session.started).unwrap_or(session.granted);
    let id = format!("session/{}/{at}", session.id);
    let table = match session.simulated {
        true => t.paper_session_sim(),
        false => t.paper_session_real(),
    };
    let started = session.started.as_ref().map(|at| f.when(at));
    let plan: String = session.plan_sha256.chars().take(8).collect();
    let whole = |number: f64| format!("{number:.0}");
    let mut paper = Paper::new(f, clinic, chart, id, at)
        .titled(t.paper_session())
        .about(
            t.paper_session_day(),
            started.unwrap_or_else(|| t.paper_session_never()),
        )
        .about(t.paper_session_attendant(), &session.attendant)
        .about(t.paper_session_table(), table)
        .about(t.paper_session_plan(), plan)
        .about(t.paper_session_allowed(), whole(session.force_n));
    if let Some(summary) = &session.summary {
        let worst = summary.peak_discomfort;
        let worst = worst.map(|worst| t.paper_session_of_ten(worst));
        paper = paper
            .about(t.paper_session_force(), whole(summary.peak_force_n))
            .about(t.paper_session_tolerated(), whole(summary.tolerated_n))
            .about(
                t.paper_session_minutes(),
                format!("{:.1}", summary.duration_s / 60.0),
            )
            .about(t.paper_session_peak(), worst.unwrap_or_else(|| t.unknown()))
            .about(t.paper_session_end(), t.cause(summary.cause));
    }
    paper
}

/// What was told and checked, in the order of the day.
fn told(visit: &Visit, f: &Frame, paper: Paper, of: &OfPatient, session: &Session) -> Paper {
    let (t, catalogue) = (f.t, visit.app.clinic.knowledge().catalogue());
    let lines = |readings: &[Reading]| readings.iter().map(|one| said(catalogue, one)).collect();
    let during = session.reports.iter().flat_map(|report| {
        let at = f.when(&report.at);
        let told = report.readings.iter();
        told.map(move |one| format!("{at}: {}", said(catalogue, one)))
    });
    let left = of.leaving.iter().flat_map(|left| &left.check.readings);
    let left: Vec<Reading> = left.cloned().collect();
    let recording = session
        .summary
        .as_ref()
        .and_then(|s| s.recording_sha256.as_ref());
    let paper = paper
        .list(t.paper_session_arrival(), lines(&of.arrival))
        .list(t.paper_session_start(), lines(&of.start))
        .list(t.paper_session_during(), during.collect())
        .list(t.paper_session_left(), lines(&left));
    match recording {
        Some(sha256) => paper.remark(t.paper_session_recording(sha256)),
        None => paper,
    }
}
