//! The patient's check-in behind a personal link: no login, one purpose.
//!
//! A GET changes nothing. An answer that triage calls an emergency shows the
//! emergency page at once, by the style sheet alone, before anything is sent;
//! which answers those are is asked of the triage rules, not written here.

mod form;
mod phone;

use askama::Template;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use care::decide::Decision;
use care::episode::{Actor, CheckIn, Command, Episode, Role};
use care::fact::{Reading, Value};
use care::triage::Moment;
use jiff::{SignedDuration, Timestamp};
use si::Problem;
use uuid::Uuid;

pub(super) use self::form::answers;
use self::form::open;
pub use self::form::{Form, form};
use self::phone::Kept;
pub use self::phone::{manifest, start};
use super::course::pain_chart;
use super::inputs::Entry;
use super::{alert, fault};
use crate::clinic::{Chart, Clinic, Emergency};
use crate::door::route::Verb;
use crate::door::{Fault, Reply, Visit, html, link_token, see};
use crate::frame::{Frame, Place};
use crate::messages::Say;
use crate::random;

/// The route, as the audit log names it.
const ROUTE: &str = "/c/{token}";
const BEGUN: &str = "/c/{token}/begun";

#[derive(Template)]
#[template(path = "checkin.html")]
struct Page {
    f: Frame,
    token: String,
    csrf: String,
    /// Its own id: what it says twice is told once.
    id: Uuid,
    form: Form,
    emergency: Emergency,
    early: Option<String>,
    /// By the clinic's clock: nothing on the form was told before.
    made: Timestamp,
    phone: String,
    kept: Kept,
}

/// What a result says to the patient.
#[derive(Debug)]
pub struct Meaning {
    /// The word of the rules.
    pub result: String,
    /// Its sign.
    pub glyph: &'static str,
    /// In a few words.
    pub head: String,
    /// And what follows.
    pub lead: String,
}

pub(super) fn meaning(t: Say, result: &str, phone: &str) -> Meaning {
    let (head, lead) = match result {
        "emergency" => (t.result_emergency(), t.emergency_why()),
        "see-clinician-today" => (t.result_today(), t.result_today_lead(phone)),
        "adjust" => (t.result_adjust(), t.result_adjust_lead()),
        "expected-soreness" => (t.result_expected(), t.result_expected_lead()),
        "well" => (t.result_well(), t.result_well_lead()),
        _ => (t.result_contact(), t.result_contact_lead(phone)),
    };
    Meaning {
        result: result.to_owned(),
        glyph: super::glyph(result),
        head,
        lead,
    }
}

/// What helps until the next session.
fn advice(episode: &Episode, moment: &Moment<'_>) -> Vec<String> {
    let advice = care::advice::advice(episode, moment);
    let items = care::advice::items(&advice).into_iter();
    items.map(str::to_owned).collect()
}

#[derive(Template)]
#[template(path = "gone.html")]
struct Gone {
    f: Frame,
    phone: String,
    emergency: Emergency,
}

#[derive(Template)]
#[template(path = "checkin_result.html")]
struct ResultPage {
    f: Frame,
    means: Meaning,
    reasons: Vec<String>,
    /// What is said at the desk of an emergency department.
    says: Vec<String>,
    advice: Vec<String>,
    emergency: Emergency,
    told: String,
    open: Vec<String>,
    phone: String,
    answered: String,
    again: String,
    /// The next appointment, while nothing stands against one.
    next: Option<String>,
    /// Pain so far, drawn, and in a sentence.
    progress: Option<(String, Option<String>)>,
}

/// GET `/c/{token}`: the questions, or what the answers meant. It changes nothing.
pub async fn show(visit: Visit) -> Reply {
    let Some((chart, session)) = behind(&visit).await? else {
        return gone(&visit);
    };
    if let Some(told) = told(&visit, &chart.episode, session) {
        return result(&visit, &chart, told).await;
    }
    questions(&visit, &chart, session)
}

/// The check-in whose result is looked at: the one that was just sent, or the last one while
/// nothing is asked and nobody wants to say something new.
fn told<'a>(visit: &Visit, episode: &'a Episode, session: Uuid) -> Option<&'a CheckIn> {
    let mut latest_first = episode.session(session)?.check_ins.iter().rev();
    if let Some(form) = visit.query.get("told") {
        let form: Option<Uuid> = form.parse().ok();
        return latest_first.find(|told| form.is_some() && told.form == form);
    }
    let is_asked = number(episode, session, visit.app.clinic.now()).is_some();
    let again = is_asked || visit.query.get("again").is_some();
    latest_first.find(|told| !again && !told.missed)
}

fn questions(visit: &Visit, chart: &Chart, session: Uuid) -> Reply {
    let f = Frame::new(visit, Place::Elsewhere);
    let clinic = &visit.app.clinic;
    let form = form(&f, clinic, &chart.episode)?;
    let token = visit.part("token")?.to_owned();
    let settings = clinic.settings();
    let early = number(&chart.episode, session, clinic.now())
        .is_none()
        .then(|| match opens(&f, &chart.episode, session) {
            Some(when) => f.t.checkin_early_lead(when, &settings.phone),
            None => f.t.checkin_over_lead(&settings.phone),
        });
    let page = Page {
        csrf: link_token(&token),
        id: random::id(),
        token,
        form,
        emergency: settings.emergency.clone(),
        made: clinic.now(),
        phone: settings.phone.clone(),
        kept: phone::kept(&f, clinic, chart, session)?,
        early,
        f,
    };
    html(&page)
}

/// When the next check-in of the session opens, in words.
fn opens(f: &Frame, episode: &Episode, session: Uuid) -> Option<String> {
    let now = f.now.timestamp();
    let later = now
        .saturating_add(SignedDuration::from_hours(72))
        .unwrap_or(now);
    let due = care::triage::due(episode, later);
    let next = due
        .iter()
        .find(|due| due.session == session && due.from > now);
    next.map(|due| f.when(&due.from))
}

/// POST `/c/{token}`: answers, triage; what it means is looked at afresh, so that loading it
/// again sends nothing.
pub async fn answer(visit: Visit) -> Reply {
    let Some((chart, session)) = behind(&visit).await? else {
        return gone(&visit);
    };
    let clinic = &visit.app.clinic;
    clinic.note(&visit, chart.id, ROUTE, Verb::Post).await?;
    let at = told_at(&visit, &chart.episode, session);
    let readings = given(&visit, &chart.episode, at)?;
    if readings.is_empty() {
        return Err(Problem::new(
            fault::NOTHING,
            "form",
            "",
            "nothing was answered",
            "go back and answer",
        )
        .into());
    }
    let form = form_of(&visit)?;
    let command = Command::AnswerCheckIn {
        session,
        number: number(&chart.episode, session, at),
        form: Some(form),
        readings,
    };
    clinic.act(chart.id, &patient(&chart), command).await?;
    Ok(see(&format!("/c/{}?told={form}", visit.part("token")?)))
}

/// POST `/c/{token}/begun`: the answers so far of a form that is not sent. The page sends them
/// by itself when an answer is an emergency, and when it is left.
pub async fn begin(visit: Visit) -> Reply {
    let Some((chart, session)) = behind(&visit).await? else {
        return gone(&visit);
    };
    let clinic = &visit.app.clinic;
    clinic.note(&visit, chart.id, BEGUN, Verb::Post).await?;
    let at = told_at(&visit, &chart.episode, session);
    let command = Command::BeginCheckIn {
        session,
        form: form_of(&visit)?,
        readings: given(&visit, &chart.episode, at)?,
    };
    clinic.act(chart.id, &patient(&chart), command).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// When it was answered: a phone without a network sends later, and says how many seconds the
/// answers waited. Its clock is not asked; nothing was told before the form was made or the
/// session ended, nor after now. What cannot be read is none: no answer is refused for it.
fn told_at(visit: &Visit, episode: &Episode, session: Uuid) -> Timestamp {
    let now = visit.app.clinic.now();
    let waited: u32 = visit.form.read("waited").ok().flatten().unwrap_or(0);
    let told = now.saturating_sub(SignedDuration::from_secs(waited.into()));
    let made: Option<Timestamp> = visit.form.read("made").ok().flatten();
    let ended = episode.session(session).and_then(|session| session.ended);
    let earliest = made.max(ended).unwrap_or(now);
    told.unwrap_or(now).max(earliest).min(now)
}

fn given(visit: &Visit, episode: &Episode, at: Timestamp) -> Result<Vec<Reading>, Fault> {
    let entry = Entry {
        role: Role::Patient,
        who: None,
        at,
    };
    let region = episode.region.ok_or(Fault::NotFound)?;
    Ok(answers(visit, region, &entry)?)
}

/// The id that the page gave its form.
pub(super) fn form_of(visit: &Visit) -> Result<Uuid, Problem> {
    Ok(visit.form.read("form")?.unwrap_or_else(random::id))
}

pub(super) fn patient(chart: &Chart) -> Actor {
    Actor {
        id: chart.episode.pseudonym,
        role: Role::Patient,
        name: String::new(),
        licence: None,
    }
}

/// The patient and session behind the link; none once it is too old.
async fn behind(visit: &Visit) -> Result<Option<(std::sync::Arc<Chart>, Uuid)>, Fault> {
    let clinic = &visit.app.clinic;
    let token = visit.part("token")?;
    match clinic.link(token).await? {
        Some((patient, session)) => {
            clinic.note(visit, patient, ROUTE, Verb::Get).await?;
            Ok(Some((clinic.chart(patient).await?, session)))
        }
        None => {
            visit.wrong_link().await?;
            Ok(None)
        }
    }
}

pub(super) fn gone(visit: &Visit) -> Reply {
    let settings = visit.app.clinic.settings();
    let mut response = html(&Gone {
        f: Frame::new(visit, Place::Elsewhere),
        phone: settings.phone.clone(),
        emergency: settings.emergency.clone(),
    })?;
    *response.status_mut() = StatusCode::GONE;
    Ok(response)
}

async fn result(visit: &Visit, chart: &Chart, told: &CheckIn) -> Reply {
    let triage = told.triage.as_ref();
    let triage = triage.ok_or_else(|| Fault::internal("no triage"))?;
    let f = Frame::new(visit, Place::Elsewhere);
    let (clinic, t) = (&visit.app.clinic, f.t);
    let settings = clinic.settings();
    let moment = Moment {
        knowledge: clinic.knowledge(),
        at: clinic.now(),
        zone: clinic.zone(),
    };
    let page = ResultPage {
        means: meaning(t, &triage.result, &settings.phone),
        says: alert::said_at_the_desk(clinic, &triage.decision.fired),
        reasons: triage
            .decision
            .fired
            .iter()
            .map(|fired| fired.statement.clone())
            .collect(),
        advice: advice(&chart.episode, &moment),
        told: t.emergency_told(f.when(&triage.at), &settings.phone),
        open: open(&form(&f, clinic, &chart.episode)?, &triage.decision),
        phone: settings.phone.clone(),
        emergency: settings.emergency.clone(),
        answered: t.checkin_answered(f.when(&told.at)),
        again: format!("/c/{}?again=yes", visit.part("token")?),
        next: next(&f, clinic, chart).await?,
        progress: pain_chart(&f, clinic.knowledge().instruments(), &chart.episode)
            .map(|(svg, words)| (svg, Some(words).filter(|_| !rises(&triage.decision)))),
        f,
    };
    html(&page)
}

/// Whether a result stands on pain that rose: how it stands against the first day, in one
/// sentence, would speak against it.
fn rises(decision: &Decision) -> bool {
    let mut facts = decision.fired.iter().flat_map(|fired| &fired.facts);
    let rose = |value: &Value| matches!(value, Value::Number(points) if *points > 0.0);
    facts.any(|given| given.fact.starts_with("pain_rise") && given.value.as_ref().is_some_and(rose))
}

/// When the patient is expected next. Who is suspended is told to come by a person alone.
async fn next(f: &Frame, clinic: &Clinic, chart: &Chart) -> Result<Option<String>, Fault> {
    if chart.episode.suspended().next().is_some() {
        return Ok(None);
    }
    let diary = clinic.diary().await?;
    let next = diary.next_of(chart.id, clinic.now());
    Ok(next.map(|next| f.t.result_next(f.when(&next.place.from))))
}

/// Which of the due check-ins this answer is; none for one nobody asked for yet.
#[must_use]
pub fn number(episode: &Episode, session: Uuid, at: Timestamp) -> Option<u8> {
    let due = care::triage::due(episode, at);
    due.iter()
        .rev()
        .find(|due| due.session == session && due.open_at(at))
        .map(|due| due.number)
}

/// Whether a check-in was a silence.
#[must_use]
pub fn is_silence(check_in: &CheckIn) -> bool {
    check_in.missed
}
