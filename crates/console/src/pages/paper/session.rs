//! The report of one session: what was allowed and given, the force as recorded, what the
//! patient told before, during and after.

use care::episode::{Episode, Session, Visit as OfPatient};

use super::super::checked;
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
            let (svg, words) = picture(f.t, &frames, ON_PAPER);
            paper.figure(f.t.paper_session_force_curve(), svg, words)
        }
        None => paper.remark(f.t.paper_session_unrecorded()),
    };
    let paper = told(&visit, &f, paper, of, &desk.chart.episode);
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
    let mut paper = Paper::new(f, clinic, chart, id, at)
        .titled(t.paper_session())
        .about(
            t.paper_session_day(),
            started.unwrap_or_else(|| t.paper_session_never()),
        )
        .about(t.paper_session_attendant(), &session.attendant)
        .about(t.paper_session_table(), table)
        .about(t.paper_session_plan(), plan);
    for (label, value) in checked::given(f, session) {
        paper = paper.about(label, value);
    }
    paper
}

/// What was told and checked, in the order of the day, each item with who and when.
fn told(visit: &Visit, f: &Frame, paper: Paper, of: &OfPatient, episode: &Episode) -> Paper {
    let catalogue = visit.app.clinic.knowledge().catalogue();
    let lists = checked::lists(f, catalogue, episode, of).into_iter();
    let paper = lists.fold(paper, |paper, list| {
        let lines = list.items.iter().map(checked::Item::line).collect();
        paper.list(list.head, lines)
    });
    let summary = of.session.as_ref().and_then(|one| one.summary.as_ref());
    match summary.and_then(|one| one.recording_sha256.as_ref()) {
        Some(sha256) => paper.remark(f.t.paper_session_recording(sha256)),
        None => paper,
    }
}
