//! A patient's own record: what comes next, how it has gone, everything on record in their
//! words, and the same to take away: on paper, and for other programs.

mod record;

use std::sync::Arc;

use askama::Template;
use axum::http::header;
use axum::response::IntoResponse as _;
use care::decide::Urgency;
use care::episode::Episode;
use uuid::Uuid;

use self::record::Part;
pub(super) use self::record::{Line, parts};
use super::expect;
use super::recover::issue_link;
use super::today::urgency;
use crate::clinic::{Chart, Clinic, program};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "mine.html")]
struct Page {
    f: Frame,
    patient: Uuid,
    head: String,
    lead: String,
    /// The day of the session after which an answer is waited for.
    asked: Option<String>,
    /// Before the first session: how it will be.
    expect: Vec<expect::Part>,
    /// Pain so far, drawn, and in a sentence.
    progress: Option<(String, String)>,
    parts: Vec<Part>,
    phone: String,
}

/// GET `/patients/{patient}/mine`.
pub async fn show(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Mine);
    let clinic = &visit.app.clinic;
    let chart = chart(&visit).await?;
    let phone = clinic.settings().phone.clone();
    let (head, lead) = headline(&visit, &f, &chart).await?;
    let asked = asked(&f, &chart.episode);
    let session = asked.and_then(|session| chart.episode.session(session));
    html(&Page {
        patient: chart.id,
        head,
        lead,
        asked: session.and_then(|session| session.started.as_ref().map(|at| f.when(at))),
        expect: awaited(&f, clinic, &chart.episode),
        progress: super::course::pain_chart(&f, clinic.knowledge().instruments(), &chart.episode),
        parts: parts(&f, clinic, &chart),
        phone,
        f,
    })
}

/// How the first session will be, for whoever has a plan and had none yet.
fn awaited(f: &Frame, clinic: &Clinic, episode: &Episode) -> Vec<expect::Part> {
    let first = episode.plan.is_some() && episode.treated().next().is_none();
    let stopped = episode.suspended().next().is_some() || episode.discharged.is_some();
    match episode.region.filter(|_| first && !stopped) {
        Some(region) => expect::parts(f, clinic.settings(), region),
        None => Vec::new(),
    }
}

/// The record, while it has a patient who reads it.
pub(super) async fn chart(visit: &Visit) -> Result<Arc<Chart>, Fault> {
    let (clinic, patient) = (&visit.app.clinic, visit.patient()?);
    match clinic.may_have_one(patient).await? {
        true => Ok(clinic.chart(patient).await?),
        false => Err(Fault::NotFound),
    }
}

/// What must be known first: an alarm that nobody took, then that sessions are stopped, then
/// when the patient comes again.
async fn headline(visit: &Visit, f: &Frame, chart: &Chart) -> Result<(String, String), Fault> {
    let (t, settings) = (f.t, visit.app.clinic.settings());
    let (phone, number) = (&settings.phone, &settings.emergency.number);
    let open = chart.episode.open_alerts();
    if let Some(alert) = open.max_by_key(|alert| urgency(&alert.urgency)) {
        let head = match urgency(&alert.urgency) {
            Urgency::Emergency => t.emergency_head(),
            _ => t.mine_head_alarm(),
        };
        return Ok((head, t.mine_lead_alarm(f.when(&alert.at), phone, number)));
    }
    match chart.episode.suspended().next() {
        Some(_) => Ok((t.mine_head_stopped(), t.mine_lead_stopped(phone, number))),
        None => Ok((t.mine_head(), next(visit, f, chart).await?)),
    }
}

/// When the patient comes next.
async fn next(visit: &Visit, f: &Frame, chart: &Chart) -> Result<String, Fault> {
    let clinic = &visit.app.clinic;
    let diary = clinic.diary().await?;
    let next = diary.next_of(chart.id, clinic.now());
    Ok(next.map_or_else(
        || f.t.mine_next_none(),
        |next| f.t.mine_next(f.when(&next.place.from)),
    ))
}

/// The session after which an answer is waited for now.
fn asked(f: &Frame, episode: &Episode) -> Option<Uuid> {
    let now = f.now.timestamp();
    let due = care::triage::due(episode, now);
    let open = due.iter().rev().find(|due| due.open_at(now));
    open.map(|due| due.session)
}

/// POST `/patients/{patient}/mine/check-in`: to the questions that wait.
pub async fn check_in(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Mine);
    let chart = chart(&visit).await?;
    let Some(session) = asked(&f, &chart.episode) else {
        return Ok(see("/"));
    };
    let of = (chart.id, session);
    let token = issue_link(&visit.app.clinic, of, &program()).await?;
    Ok(see(&format!("/c/{token}")))
}

/// GET `/patients/{patient}/mine/json`: every event on record, as it was written.
pub async fn file(visit: Visit) -> Reply {
    let chart = chart(&visit).await?;
    let whole = visit.app.clinic.whole(chart.id).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"my-record.json\"",
        ),
    ];
    Ok((headers, whole).into_response())
}
