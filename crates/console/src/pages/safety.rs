//! Safety: alarms, suspensions and adverse events of one patient.

use askama::Template;
use care::episode::{
    AdverseEvent, Alert, Command, Episode, Path, Private, Severity, SuspendedBy, Suspension,
};
use jiff::Timestamp;
use jiff::civil::DateTime;
use si::Problem;

use super::inputs::{Input, Voice};
use super::who::{Desk, Who};
use super::{alert, glyph};
use crate::clinic::Clinic;
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};
use crate::messages::Say;

#[derive(Template)]
#[template(path = "safety.html")]
struct Page {
    f: Frame,
    p: Who,
    head: String,
    suspensions: Vec<Block>,
    alerts: Vec<Alarm>,
    events: Vec<Adverse>,
    examination: Vec<Input>,
    now: String,
    /// The alarm that waits for somebody, none where 0: taking it is the next step.
    waits: u32,
}

pub(super) struct Block {
    number: u32,
    title: String,
    pub(super) why: String,
    pub(super) lifted: Option<String>,
}

struct Alarm {
    number: u32,
    glyph: &'static str,
    title: String,
    taken: Option<String>,
}

pub(super) struct Adverse {
    number: u32,
    pub(super) title: String,
    pub(super) relation: String,
    pub(super) description: String,
    pub(super) notes: Vec<String>,
    pub(super) closed: Option<String>,
}

/// GET `/patients/{patient}/safety`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let (f, p) = desk.frame(&visit, Path::Recover);
    let episode = &desk.chart.episode;
    let region = episode.region.ok_or(Fault::NotFound)?;
    let head = if p.suspended > 0 {
        f.t.safety_head_one()
    } else {
        f.t.safety_head_clear()
    };
    let catalogue = visit.app.clinic.knowledge().catalogue();
    let page = Page {
        head,
        suspensions: episode
            .suspensions
            .iter()
            .rev()
            .map(|s| block(&f, s))
            .collect(),
        alerts: episode
            .alerts
            .iter()
            .rev()
            .map(|alert| alarm(&f, &visit.app.clinic, episode, alert))
            .collect(),
        events: episode
            .adverse_events
            .iter()
            .rev()
            .map(|event| adverse(&f, event))
            .collect(),
        examination: Input::listed(
            f.t,
            catalogue,
            [care::session::NEURO_EXAM],
            region,
            Voice::Practitioner,
        ),
        now: f.now.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        waits: episode.open_alerts().last().map_or(0, |alert| alert.number),
        f,
        p,
    };
    html(&page)
}

pub(super) fn block(f: &Frame, suspension: &Suspension) -> Block {
    let why = match &suspension.because {
        SuspendedBy::Decision { verdict, .. } => f.t.safety_by_decision(f.t.verdict(verdict)),
        SuspendedBy::Triage { result, .. } => f.t.safety_by_triage(f.t.verdict(result)),
        SuspendedBy::Person { reason } => f.t.safety_by_person(reason),
        SuspendedBy::Review { result } => f.t.safety_by_review(f.t.verdict(result)),
        SuspendedBy::Death => f.t.safety_by_death(),
    };
    Block {
        number: suspension.number,
        title: f
            .t
            .safety_suspension(suspension.number, f.when(&suspension.at)),
        why,
        lifted: suspension
            .lifted
            .as_ref()
            .map(|l| f.t.safety_lifted(f.when(&l.at), &l.by.name, &l.reason)),
    }
}

/// Who took an alarm, and what they do.
pub(super) fn taken(f: &Frame, alert: &Alert) -> Option<String> {
    let taken = alert.acknowledged.as_ref();
    taken.map(|(at, who, note)| f.t.safety_alert_taken(&who.name, f.when(at), note))
}

fn alarm(f: &Frame, clinic: &Clinic, episode: &Episode, alert: &Alert) -> Alarm {
    Alarm {
        number: alert.number,
        glyph: glyph(&alert.urgency),
        title: format!(
            "{} · {} · {}",
            f.t.urgency(&alert.urgency),
            alert::about(f, clinic, episode, alert),
            f.when(&alert.at)
        ),
        taken: taken(f, alert),
    }
}

pub(super) fn adverse(f: &Frame, event: &AdverseEvent) -> Adverse {
    let severity = class(f.t, event);
    let serious = match (event.judged.serious, event.serious) {
        (false, _) => f.t.adverse_serious_open(),
        (true, true) => f.t.adverse_serious(),
        (true, false) => f.t.adverse_not_serious(),
    };
    Adverse {
        number: event.number,
        title: f.t.adverse_line(severity, serious, f.when(&event.onset)),
        relation: f.t.adverse_relation_line(relation(f.t, event)),
        description: event.description.0.clone(),
        notes: event
            .notes
            .iter()
            .map(|(at, note)| format!("{}: {}", f.when(at), note.0))
            .collect(),
        closed: event
            .closed
            .as_ref()
            .map(|(at, outcome)| f.t.adverse_closed(f.when(at), &outcome.0)),
    }
}

/// Its class, and whether anybody has judged it.
pub(super) fn class(t: Say, event: &AdverseEvent) -> String {
    let so_far = t.severity(event.severity);
    match event.judged.severity {
        true => so_far,
        false => t.adverse_class_open(so_far),
    }
}

/// Its relation to traction, or that nobody has judged it.
pub(super) fn relation(t: Say, event: &AdverseEvent) -> String {
    event
        .relation
        .clone()
        .unwrap_or_else(|| t.adverse_open_yet())
}

/// POST `/patients/{patient}/alerts/{alert}/acknowledge`.
pub async fn acknowledge(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let command = Command::Acknowledge {
        alert: number(&visit, "alert")?,
        note: visit.form.need("note")?.to_owned(),
    };
    desk.act(&visit, command).await?;
    back(&desk, "acknowledged")
}

/// POST `/patients/{patient}/safety/suspend`.
pub async fn suspend(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    desk.act(
        &visit,
        Command::Suspend {
            reason: visit.form.need("reason")?.to_owned(),
        },
    )
    .await?;
    back(&desk, "saved")
}

/// POST `/patients/{patient}/suspensions/{suspension}/lift`: only after an examination.
pub async fn lift(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let examined = instant(&visit, "examined")?;
    let catalogue = visit.app.clinic.knowledge().catalogue();
    let mut readings = super::inputs::readings(&visit.form, catalogue, &desk.entry(&visit))?;
    // The examination is on record at the time it was made.
    readings
        .iter_mut()
        .for_each(|reading| reading.at = examined);
    if !readings.is_empty() {
        desk.act(
            &visit,
            Command::RecordFacts {
                readings,
                denied: Vec::new(),
            },
        )
        .await?;
    }
    let command = Command::LiftSuspension {
        suspension: number(&visit, "suspension")?,
        examined,
        reason: visit.form.need("reason")?.to_owned(),
    };
    desk.act(&visit, command).await?;
    back(&desk, "lifted")
}

/// POST `/patients/{patient}/adverse`.
pub async fn open(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let command = Command::OpenAdverseEvent {
        description: Private(visit.form.need("description")?.to_owned()),
        onset: instant(&visit, "onset")?,
        severity: severity(visit.form.need("severity")?)?,
        serious: serious(&visit),
        session: desk
            .chart
            .episode
            .treated()
            .next_back()
            .map(|session| session.id),
    };
    desk.act(&visit, command).await?;
    back(&desk, "saved")
}

/// POST `/patients/{patient}/adverse/{event}/note`: what is new, and what is judged with it.
pub async fn note(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let command = Command::NoteAdverseEvent {
        event: number(&visit, "event")?,
        note: Private(visit.form.need("note")?.to_owned()),
        severity: told(&visit, "severity").map(severity).transpose()?,
        serious: serious(&visit),
        relation: told(&visit, "relation").map(str::to_owned),
        action: told(&visit, "action").map(str::to_owned),
    };
    desk.act(&visit, command).await?;
    back(&desk, "saved")
}

/// POST `/patients/{patient}/adverse/{event}/close`.
pub async fn close(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let command = Command::CloseAdverseEvent {
        event: number(&visit, "event")?,
        outcome: Private(visit.form.need("outcome")?.to_owned()),
        relation: visit.form.need("relation")?.to_owned(),
    };
    desk.act(&visit, command).await?;
    back(&desk, "saved")
}

fn back(desk: &Desk, said: &str) -> Reply {
    Ok(see(&format!(
        "/patients/{}/safety?said={said}",
        desk.chart.id
    )))
}

pub(super) fn number(visit: &Visit, part: &str) -> Result<u32, Fault> {
    visit.part(part)?.parse().map_err(|_| Fault::NotFound)
}

/// A field that says something.
fn told<'a>(visit: &'a Visit, field: &str) -> Option<&'a str> {
    let typed = visit.form.get(field);
    typed.filter(|words| !words.trim().is_empty())
}

/// What somebody judged; none where the field was left.
fn serious(visit: &Visit) -> Option<bool> {
    told(visit, "serious").map(|word| word == "yes")
}

fn severity(word: &str) -> Result<Severity, Problem> {
    match word {
        "mild" => Ok(Severity::Mild),
        "moderate" => Ok(Severity::Moderate),
        "major" => Ok(Severity::Major),
        other => Err(Problem::new(
            "severity",
            "severity",
            other,
            "is no class of Carnes",
            "choose one of the list",
        )),
    }
}

/// A date and time as typed, in the clinic's time zone.
fn instant(visit: &Visit, field: &str) -> Result<Timestamp, Problem> {
    let typed: DateTime = visit.form.need_read(field)?;
    visit.app.clinic.instant(field, typed)
}
