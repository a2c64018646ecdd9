//! A patient's own record: what comes next, how it has gone, everything on record in their
//! words, and the same to take away: on paper, and for other programs.

mod record;

use std::sync::Arc;

use askama::Template;
use care::decide::Urgency;
use care::episode::{Alert, Episode};
use uuid::Uuid;

use self::record::Part;
pub(super) use self::record::{Line, parts};
use super::keeping::taken;
use super::recover::issue_link;
use super::today::urgency;
use super::{alert, expect};
use crate::clinic::{Chart, Clinic, Emergency, program};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "mine.html")]
struct Page {
    f: Frame,
    patient: Uuid,
    head: String,
    lead: String,
    /// Where an alarm is an emergency: what the patient does now.
    danger: Option<Danger>,
    /// Whether sessions are stopped, or an alarm is open.
    stopped: bool,
    emergency: Emergency,
    /// The day of the session after which an answer is waited for.
    asked: Option<String>,
    /// Before the first session: how it will be.
    expect: Vec<expect::Part>,
    /// Pain so far, drawn, and in a sentence.
    progress: Option<(String, String)>,
    parts: Vec<Part>,
    phone: String,
    research: super::research::Answer,
}

/// What must be known first, in words.
#[derive(Default)]
struct Top {
    head: String,
    lead: String,
    danger: Option<Danger>,
    stopped: bool,
}

/// What the patient says at the desk of a hospital, and what the clinic knows.
struct Danger {
    /// Whether they had traction.
    general: bool,
    says: Vec<String>,
    told: String,
}

/// GET `/patients/{patient}/mine`.
pub async fn show(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Mine);
    let clinic = &visit.app.clinic;
    let chart = chart(&visit).await?;
    let phone = clinic.settings().phone.clone();
    let top = headline(&visit, &f, &chart).await?;
    let asked = asked(&f, &chart.episode);
    let session = asked.and_then(|session| chart.episode.session(session));
    let research = super::research::answer(&visit, &f, chart.id).await?;
    html(&Page {
        research,
        patient: chart.id,
        head: top.head,
        lead: top.lead,
        danger: top.danger,
        stopped: top.stopped,
        emergency: clinic.settings().emergency.clone(),
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
async fn headline(visit: &Visit, f: &Frame, chart: &Chart) -> Result<Top, Fault> {
    let t = f.t;
    let open = chart.episode.open_alerts();
    if let Some(alert) = open.max_by_key(|alert| urgency(&alert.urgency)) {
        return Ok(match urgency(&alert.urgency) {
            Urgency::Emergency => Top {
                head: t.emergency_head(),
                lead: t.emergency_why(),
                danger: Some(danger(f, &visit.app.clinic, &chart.episode, alert)),
                stopped: true,
            },
            _ => Top {
                head: t.mine_head_alarm(),
                lead: t.mine_lead_alarm(f.when(&alert.at)),
                stopped: true,
                ..Top::default()
            },
        });
    }
    Ok(match chart.episode.suspended().next() {
        Some(_) => Top {
            head: t.mine_head_stopped(),
            lead: t.mine_lead_stopped(),
            stopped: true,
            ..Top::default()
        },
        None => Top {
            head: t.mine_head(),
            lead: next(visit, f, chart).await?,
            ..Top::default()
        },
    })
}

fn danger(f: &Frame, clinic: &Clinic, episode: &Episode, alert: &Alert) -> Danger {
    let fired = alert::decided(episode, alert).map_or(&[][..], |decision| &decision.fired);
    Danger {
        general: episode.treated().next().is_some(),
        says: alert::said_at_the_desk(clinic, fired),
        told: f
            .t
            .mine_danger_told(f.when(&alert.at), &clinic.settings().phone),
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
    Ok(taken("application/json", "my-record.json", whole))
}
