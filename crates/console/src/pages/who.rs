//! The strip over every page of one patient: who, and where on the path.

use std::cmp::Reverse;
use std::sync::Arc;

use care::decide::Urgency;
use care::episode::{Actor, Alert, Command, Episode, NextStep, Path};
use uuid::Uuid;

use super::inputs::Entry;
use super::{alert, today};
use crate::clinic::{Chart, Clinic};
use crate::door::{Fault, Visit};
use crate::frame::{Frame, Place};

/// Who the page is about.
#[derive(Debug)]
pub struct Who {
    /// The patient's stream.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Age, region, when the episode began.
    pub line: String,
    /// The steps of the path: address, words, state (`done`, `now` or nothing).
    pub steps: Vec<(String, String, &'static str)>,
    /// The step that comes next.
    pub next: NextStep,
    /// In words.
    pub next_words: String,
    /// Its address.
    pub next_href: String,
    /// Sessions are blocked.
    pub suspended: usize,
    /// The most urgent alarm that nobody took.
    pub alarm: Option<OpenAlarm>,
    /// Whether the next step is done on the page of this step of the path.
    here: bool,
    /// Clearances and overrides in force: what stands, what ends it, and their page.
    pub standing: Vec<(String, String)>,
}

/// An alarm of the patient that nobody took.
#[derive(Debug)]
pub struct OpenAlarm {
    /// How urgent.
    urgency: Urgency,
    /// How urgent, in words.
    level: String,
    /// How urgent, what it is about, and since when.
    pub words: String,
}

/// A page about one patient: chart, frame, strip.
#[derive(Debug)]
pub struct Desk {
    /// The patient as of now.
    pub chart: Arc<Chart>,
    /// Who acts.
    pub actor: Actor,
}

impl Desk {
    /// The patient of a visit, and the actor behind its login.
    pub async fn of(visit: &Visit) -> Result<Self, Fault> {
        let clinic = &visit.app.clinic;
        let chart = clinic.chart(visit.patient()?).await?;
        let user = clinic.user(visit.who()?.user).await?.ok_or(Fault::Login)?;
        if user.closed {
            return Err(Fault::Login);
        }
        Ok(Self {
            chart,
            actor: user.actor(),
        })
    }

    /// Decides and appends.
    pub async fn act(&self, visit: &Visit, command: Command) -> Result<Arc<Chart>, Fault> {
        Ok(visit
            .app
            .clinic
            .act(self.chart.id, &self.actor, command)
            .await?)
    }

    /// Whoever enters answers on this visit.
    #[must_use]
    pub fn entry(&self, visit: &Visit) -> Entry {
        Entry {
            role: self.actor.role,
            who: Some(self.actor.name.clone()),
            at: visit.app.clinic.now(),
        }
    }

    /// Frame and strip.
    #[must_use]
    pub fn frame(&self, visit: &Visit, at: Path) -> (Frame, Who) {
        let f = Frame::new(visit, Place::Patients);
        let who = Who::of(&f, &visit.app.clinic, &self.chart, at);
        (f, who)
    }
}

impl Who {
    /// Of a chart, on the page of a step.
    #[must_use]
    fn of(f: &Frame, clinic: &Clinic, chart: &Chart, at: Path) -> Self {
        let episode = &chart.episode;
        let next = f.next_step(episode);
        Self {
            id: chart.id,
            name: episode.demographics.0.name.clone(),
            line: line(f, chart),
            steps: steps(f, chart, at),
            next,
            next_words: f.t.next_step(next),
            next_href: href(chart, next),
            suspended: episode.suspended().count(),
            alarm: alarm(f, clinic, episode),
            here: href(chart, next) == step_href(chart.id, name_of(at)),
            standing: super::permission::standing(f, clinic, chart),
        }
    }
}

impl Who {
    /// Where the next step is done, if that is another page than this one of the path.
    #[must_use]
    pub fn elsewhere(&self) -> Option<&str> {
        let some = self.next != NextStep::Nothing && !self.here;
        some.then_some(&*self.next_href)
    }

    /// How soon somebody must act: what the decision says, or an open alarm if that is worse.
    #[must_use]
    pub fn urgency(&self, f: &Frame, decision: &str) -> String {
        let worse = |alarm: &&OpenAlarm| alarm.urgency > today::urgency(decision);
        match self.alarm.as_ref().filter(worse) {
            Some(alarm) => f.t.urgency_by_alarm(&alarm.level),
            None => f.t.urgency(decision),
        }
    }
}

/// The most urgent of what nobody took, of these the one that waits longest.
fn alarm(f: &Frame, clinic: &Clinic, episode: &Episode) -> Option<OpenAlarm> {
    let rank = |alert: &&Alert| (today::urgency(&alert.urgency), Reverse(alert.at));
    let worst = episode.open_alerts().max_by_key(rank)?;
    Some(OpenAlarm {
        urgency: today::urgency(&worst.urgency),
        level: f.t.urgency(&worst.urgency),
        words: f.t.open_alarm(
            f.t.urgency(&worst.urgency),
            alert::about(f, clinic, episode, worst),
            f.when(&worst.at),
        ),
    })
}

fn line(f: &Frame, chart: &Chart) -> String {
    let episode = &chart.episode;
    let age = episode
        .demographics
        .0
        .birth_date
        .and_then(|born| f.now.date().since((jiff::Unit::Year, born)).ok())
        .map(|span| span.get_years());
    let region = episode.region.map_or("", si::Region::as_str);
    let since = episode
        .opened
        .as_ref()
        .map(|at| f.day(at))
        .unwrap_or_default();
    match age {
        Some(age) => f.t.who_line(age, region, since),
        None => f.t.who_line_no_age(region, since),
    }
}

fn steps(f: &Frame, chart: &Chart, at: Path) -> Vec<(String, String, &'static str)> {
    let reached = f.path(&chart.episode);
    [
        Path::Evaluate,
        Path::Plan,
        Path::Treat,
        Path::Recover,
        Path::Review,
    ]
    .into_iter()
    .map(|path| {
        let state = if path == at {
            "now"
        } else if path < reached {
            "done"
        } else {
            ""
        };
        (step_href(chart.id, name_of(path)), f.t.path(path), state)
    })
    .collect()
}

/// The page of a step of the path.
const fn name_of(path: Path) -> &'static str {
    match path {
        Path::Discharged => "",
        Path::Evaluate => "evaluate",
        Path::Plan => "plan",
        Path::Treat => "treat",
        Path::Recover => "recover",
        Path::Review => "review",
    }
}

fn step_href(patient: Uuid, page: &str) -> String {
    format!("/patients/{patient}/{page}")
}

/// Where the next step is done.
#[must_use]
pub fn href(chart: &Chart, step: NextStep) -> String {
    let page = match step {
        NextStep::Register | NextStep::Nothing => "",
        NextStep::Acknowledge | NextStep::LiftSuspension => "/safety",
        NextStep::Evaluate | NextStep::AskMore | NextStep::Refused => "/evaluate",
        NextStep::ProposePlan | NextStep::SignPlan => "/plan",
        NextStep::Consent => "/consent",
        NextStep::Arrive | NextStep::CheckStart => "/treat",
        NextStep::Start | NextStep::Attend => return session_href(chart),
        NextStep::CheckLeaving => return leaving_href(chart),
        NextStep::AwaitCheckIn => "/recover",
        NextStep::Review | NextStep::Discharge => "/review",
    };
    format!("/patients/{}{page}", chart.id)
}

fn session_href(chart: &Chart) -> String {
    let episode = &chart.episode;
    let open = episode
        .open_visit()
        .and_then(|visit| visit.session.as_ref());
    match episode.running().or(open) {
        Some(session) => format!("/patients/{}/session/{}", chart.id, session.id),
        None => format!("/patients/{}/treat", chart.id),
    }
}

fn leaving_href(chart: &Chart) -> String {
    match chart
        .episode
        .open_visit()
        .and_then(|visit| visit.session.as_ref())
    {
        Some(session) => format!("/patients/{}/leaving/{}", chart.id, session.id),
        None => format!("/patients/{}/treat", chart.id),
    }
}
