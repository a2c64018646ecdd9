//! The patient's check-in behind a personal link: no login, one purpose.
//!
//! A GET changes nothing. An answer that triage calls an emergency shows the
//! emergency page at once, by the style sheet alone, before anything is sent;
//! which answers those are is asked of the triage rules, not written here.

use askama::Template;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use care::decide::{Decision, Gate, Request, RuleSet, Urgency};
use care::episode::{Actor, CheckIn, Command, Episode, Role};
use care::fact::{Baseline, By, FactKey, FactSet, Kind, Reading, Value};
use care::triage::Moment;
use jiff::{SignedDuration, Timestamp};
use si::{Problem, Region};
use uuid::Uuid;

use super::fault;
use super::inputs::{self, Entry, Input, Voice};
use crate::clinic::{Chart, Clinic, Emergency};
use crate::door::route::Verb;
use crate::door::{Fault, Reply, Visit, html, link_token, see};
use crate::frame::{Frame, Place};
use crate::random;

/// The route, as the audit log names it.
const ROUTE: &str = "/c/{token}";
const BEGUN: &str = "/c/{token}/begun";
/// The section of signs that are seen today; most may be denied together.
const REST: &str = "today-signs";
/// Of fracture, and of infection or cancer: asked on their own, never denied with others
/// (CLINICAL.md §1.6).
const OWN: [&str; 2] = ["since_fall", "since_fever"];

/// The questions of a check-in.
#[derive(Debug)]
pub struct Form {
    /// Each a question of its own, with its own yes and no.
    pub flags: Vec<Input>,
    /// Ticked where they are so; "none of these" is an answer of its own.
    pub rest: Vec<Input>,
    /// 0 to 10, each at every site.
    pub scores: Vec<Score>,
    /// The rest.
    pub others: Vec<Input>,
}

/// One question from 0 to 10, with the sites it is asked of.
#[derive(Debug)]
pub struct Score {
    /// What is asked.
    pub question: String,
    /// What its ends mean.
    pub anchors: String,
    /// Each site with its field.
    pub sites: Vec<(String, Input)>,
}

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
}

#[derive(Template)]
#[template(path = "gone.html")]
struct Gone {
    f: Frame,
    remedy: String,
}

#[derive(Template)]
#[template(path = "checkin_result.html")]
struct ResultPage {
    f: Frame,
    result: String,
    glyph: &'static str,
    head: String,
    lead: String,
    reasons: Vec<String>,
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
    progress: Option<(String, String)>,
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
    let readings = given(&visit, &chart.episode)?;
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
        number: number(&chart.episode, session, clinic.now()),
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
    let command = Command::BeginCheckIn {
        session,
        form: form_of(&visit)?,
        readings: given(&visit, &chart.episode)?,
    };
    clinic.act(chart.id, &patient(&chart), command).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn given(visit: &Visit, episode: &Episode) -> Result<Vec<Reading>, Fault> {
    let entry = Entry {
        role: Role::Patient,
        who: None,
        at: visit.app.clinic.now(),
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
    // Guessing 128 bits is hopeless; one address is slowed down all the same.
    let now = std::time::Instant::now();
    if let Some(wait) = visit.app.throttle.wait(visit.address, "link", now) {
        return Err(Fault::Throttled(wait.as_secs().max(1)));
    }
    match clinic.link(token).await? {
        Some((patient, session)) => {
            clinic.note(visit, patient, ROUTE, Verb::Get).await?;
            Ok(Some((clinic.chart(patient).await?, session)))
        }
        None => {
            visit.app.throttle.failed(visit.address, "link", now);
            Ok(None)
        }
    }
}

pub(super) fn gone(visit: &Visit) -> Reply {
    let f = Frame::new(visit, Place::Elsewhere);
    let remedy = f.t.checkin_gone_remedy(&visit.app.clinic.settings().phone);
    let mut response = html(&Gone { f, remedy })?;
    *response.status_mut() = StatusCode::GONE;
    Ok(response)
}

async fn result(visit: &Visit, chart: &Chart, told: &CheckIn) -> Reply {
    let triage = told.triage.as_ref();
    let triage = triage.ok_or_else(|| Fault::internal("no triage"))?;
    let f = Frame::new(visit, Place::Elsewhere);
    let (clinic, t) = (&visit.app.clinic, f.t);
    let settings = clinic.settings();
    let (head, lead) = match triage.result.as_str() {
        "emergency" => (t.result_emergency(), t.emergency_why()),
        "see-clinician-today" => (t.result_today(), t.result_today_lead(&settings.phone)),
        "adjust" => (t.result_adjust(), t.result_adjust_lead()),
        "expected-soreness" => (t.result_expected(), t.result_expected_lead()),
        "well" => (t.result_well(), t.result_well_lead()),
        _ => (t.result_contact(), t.result_contact_lead(&settings.phone)),
    };
    let moment = Moment {
        knowledge: clinic.knowledge(),
        at: clinic.now(),
        zone: clinic.zone(),
    };
    let advice = care::advice::advice(&chart.episode, &moment);
    let page = ResultPage {
        glyph: super::glyph(&triage.result),
        result: triage.result.clone(),
        reasons: triage
            .decision
            .fired
            .iter()
            .map(|fired| fired.statement.clone())
            .collect(),
        advice: care::advice::items(&advice)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        told: t.emergency_told(f.when(&triage.at), &settings.phone),
        open: open(&form(&f, clinic, &chart.episode)?, &triage.decision),
        phone: settings.phone.clone(),
        emergency: settings.emergency.clone(),
        answered: t.checkin_answered(f.when(&told.at)),
        again: format!("/c/{}?again=yes", visit.part("token")?),
        next: next(&f, clinic, chart).await?,
        progress: super::course::pain_chart(&f, clinic.knowledge().instruments(), &chart.episode),
        head,
        lead,
        f,
    };
    html(&page)
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

/// What was asked, not answered, and would decide a rule that is open.
fn open(form: &Form, decision: &Decision) -> Vec<String> {
    let asked = form.flags.iter().chain(&form.rest);
    let scores = form.scores.iter().flat_map(|score| &score.sites);
    let asked = asked.chain(scores.map(|(_, input)| input));
    let asked = asked.chain(&form.others);
    let misses = |input: &&Input| {
        let key = input.name.strip_prefix("f:").unwrap_or(&input.name);
        let mut rules = decision.undecided.iter();
        rules.any(|rule| rule.missing.iter().any(|missing| missing == key))
    };
    asked
        .filter(misses)
        .map(|input| input.question.clone())
        .collect()
}

/// The questions of a region, in the patient's words, with the answers that are an emergency.
pub fn form(f: &Frame, clinic: &Clinic, episode: &Episode) -> Result<Form, Fault> {
    let region = episode.region.ok_or(Fault::NotFound)?;
    let catalogue = clinic.knowledge().catalogue();
    let section = |name: &'static str| {
        let facts = catalogue
            .section(name)
            .filter(move |fact| fact.is_for(region));
        facts
            .flat_map(|fact| Input::all(f.t, fact, region, Voice::Patient))
            .collect::<Vec<_>>()
    };
    let mut flags = section("emergency-signs");
    let (own, rest): (Vec<_>, Vec<_>) = section(REST).into_iter().partition(is_own);
    flags.extend(own);
    for input in &mut flags {
        input.doubt = false;
        if is_emergency(clinic, region, &input.name) {
            input.emergency = vec!["yes"];
        }
    }
    let scores = ["pain_now", "pain_worst_since"];
    let scores = scores.map(|id| score(f, clinic, region, id));
    // How far down the pain reaches decides every milder result: it is always asked.
    let ids = [
        "distal_extent",
        "soreness_gone_after",
        "since_function_lost",
    ];
    let mut others = Input::listed(f.t, catalogue, ids, region, Voice::Patient);
    others.iter_mut().for_each(|input| input.doubt = false);
    Ok(Form {
        flags,
        rest,
        scores: scores.into_iter().flatten().collect(),
        others,
    })
}

/// A question from 0 to 10 at every site; nothing where the catalogue lacks it.
fn score(f: &Frame, clinic: &Clinic, region: Region, id: &str) -> Option<Score> {
    let catalogue = clinic.knowledge().catalogue();
    let question = catalogue.get(id)?.patient.clone();
    let inputs = Input::listed(f.t, catalogue, [id], region, Voice::Patient);
    let mut inputs = Input::anchored(inputs, clinic.knowledge().instruments());
    let mut anchors = String::new();
    for input in &mut inputs {
        anchors = std::mem::take(&mut input.anchors).join(" · ");
    }
    let sited = inputs.into_iter().map(|mut input| {
        let key = input.name.strip_prefix("f:").and_then(FactKey::parse);
        let site = key.and_then(|key| key.index.first().cloned());
        let site = f.t.site(site.as_deref().unwrap_or_default(), region);
        input.question = format!("{site}: {question}");
        (site, input)
    });
    Some(Score {
        sites: sited.collect(),
        question,
        anchors,
    })
}

fn is_own(input: &Input) -> bool {
    let key = input.name.strip_prefix("f:").unwrap_or(&input.name);
    OWN.contains(&key)
}

/// What a form of a check-in says. "None of these" denies what was not ticked.
pub(super) fn answers(
    visit: &Visit,
    region: Region,
    entry: &Entry,
) -> Result<Vec<Reading>, Problem> {
    let catalogue = visit.app.clinic.knowledge().catalogue();
    let mut readings = inputs::readings(&visit.form, catalogue, entry)?;
    if visit.form.get("none") != Some(REST) {
        return Ok(readings);
    }
    let rest = catalogue.section(REST).filter(|fact| fact.is_for(region));
    for fact in rest.filter(|fact| !OWN.contains(&fact.id.as_str())) {
        let key = fact.id.as_str();
        if !readings.iter().any(|told| told.fact.as_str() == key) {
            readings.push(inputs::reading(key, "no", catalogue, entry)?);
        }
    }
    Ok(readings)
}

/// Whether "yes" to this question alone is an emergency, by the triage rules.
fn is_emergency(clinic: &Clinic, region: Region, name: &str) -> bool {
    let catalogue = clinic.knowledge().catalogue();
    let key = name.strip_prefix("f:").and_then(FactKey::parse);
    let Some(key) = key.filter(|key| {
        catalogue
            .get(key.fact.as_str())
            .is_some_and(|fact| fact.kind == Kind::Boolean)
    }) else {
        return false;
    };
    let at = clinic.now();
    let facts: FactSet = [Reading::value(key, Value::Bool(true), at, By::Patient)]
        .into_iter()
        .collect();
    let decision = care::decide::decide(&Request {
        set: RuleSet::Triage,
        facts: &facts,
        region,
        gates: Gate::ALL,
        knowledge: clinic.knowledge(),
        at,
        zone: clinic.zone(),
        baseline: Baseline::First,
    });
    decision.urgency == Urgency::Emergency
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
