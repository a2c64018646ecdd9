//! Booking, moving and marking.

use care::diary::{Change, Mark, Place as Where, Purpose};
use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use si::Problem;
use uuid::Uuid;

use super::page;
use crate::clinic::{Clinic, Summary, User};
use crate::door::{Fault, Reply, Visit, see};
use crate::frame::Frame;
use crate::random;

/// Matches that a search for a patient shows.
const MATCHES: usize = 8;
/// How long an appointment takes unless somebody says otherwise, minutes (ours).
const USUAL: i64 = 40;

/// The form of a new appointment, with what was typed.
pub(super) struct Booking {
    /// Its own id: sent twice it books once.
    pub(super) id: Uuid,
    pub(super) words: String,
    pub(super) matches: Vec<Summary>,
    pub(super) patient: Option<Summary>,
    pub(super) practitioners: Vec<User>,
    pub(super) practitioner: Option<Uuid>,
    pub(super) tables: Vec<String>,
    pub(super) table: String,
    /// As the form sends them, and in words.
    pub(super) purposes: Vec<(&'static str, String)>,
    pub(super) purpose: String,
    pub(super) time: String,
    pub(super) minutes: i64,
    pub(super) day: Date,
}

impl Booking {
    pub(super) async fn of(visit: &Visit, f: &Frame, day: Date) -> Result<Self, Fault> {
        let clinic = &visit.app.clinic;
        let typed = |name: &str| typed(visit, name).unwrap_or_default().to_owned();
        let words = typed("find");
        let patient = match typed("patient").parse() {
            Ok(id) if clinic.knows(id).await? => Some(summary(clinic, id).await?),
            _ => None,
        };
        let purpose = match (typed("purpose"), &patient) {
            (purpose, Some(chosen)) if purpose.is_empty() => usual(clinic, chosen.id).await?,
            (purpose, _) => purpose,
        };
        let matches = match words.trim() {
            "" => Vec::new(),
            words => clinic.find(words, MATCHES).await?.listed,
        };
        Ok(Self {
            id: typed("id").parse().unwrap_or_else(|_| random::id()),
            matches,
            patient,
            practitioners: clinic.practitioners().await?,
            practitioner: typed("practitioner").parse().ok(),
            tables: clinic.settings().tables.clone(),
            table: typed("table"),
            purposes: Purpose::ALL
                .map(|one| (one.as_str(), f.t.purpose(one)))
                .into(),
            purpose,
            time: typed("time"),
            minutes: typed("minutes").parse().unwrap_or(USUAL),
            words,
            day,
        })
    }
}

async fn summary(clinic: &Clinic, id: Uuid) -> Result<Summary, Fault> {
    let chart = clinic.chart(id).await?;
    Ok(Summary::of(id, &chart.episode))
}

/// What somebody comes for most likely: who has a plan, for a session.
async fn usual(clinic: &Clinic, id: Uuid) -> Result<String, Fault> {
    let episode = &clinic.chart(id).await?.episode;
    let purpose = match (&episode.plan, &episode.decision) {
        (Some(_), _) => Purpose::Session,
        (None, Some(_)) => Purpose::ReEvaluation,
        (None, None) => Purpose::FirstVisit,
    };
    Ok(purpose.as_str().to_owned())
}

/// What the form says, or what the address asks for.
fn typed<'a>(visit: &'a Visit, name: &str) -> Option<&'a str> {
    visit.form.get(name).or_else(|| visit.query.get(name))
}

/// The day that is looked at; today unless somebody says otherwise.
pub(super) fn day(visit: &Visit, f: &Frame) -> Result<Date, Problem> {
    let Some(text) = typed(visit, "day").filter(|text| !text.is_empty()) else {
        return Ok(f.now.date());
    };
    text.parse().map_err(|_| {
        Problem::new(
            "not-a-day",
            "day",
            text.chars().take(40).collect::<String>(),
            "is not a day",
            "write it as 2026-11-24",
        )
    })
}

/// POST `/diary`: a new appointment.
pub async fn book(visit: Visit) -> Reply {
    let change = new(&visit);
    entered(&visit, change).await
}

fn new(visit: &Visit) -> Result<Change, Problem> {
    let form = &visit.form;
    Ok(Change::Book {
        id: form.need_read("id")?,
        patient: form.need_read("patient")?,
        purpose: purpose(form.need("purpose")?)?,
        place: place(visit)?,
    })
}

fn purpose(text: &str) -> Result<Purpose, Problem> {
    text.parse().map_err(|()| unknown("purpose", text))
}

fn unknown(place: &str, value: &str) -> Problem {
    let (problem, remedy) = ("is none of the list", "choose one of it");
    Problem::new("not-on-the-list", place, value, problem, remedy)
}

/// POST `/diary/{appointment}/move`.
pub async fn change(visit: Visit) -> Reply {
    let id = visit.id("appointment")?;
    let change = place(&visit).map(|place| Change::Move { id, place });
    entered(&visit, change).await
}

/// POST `/diary/{appointment}/mark`.
pub async fn mark(visit: Visit) -> Reply {
    let id = visit.id("appointment")?;
    let text = visit.form.need("mark")?;
    let mark: Result<Mark, ()> = text.parse();
    let mark = mark.map_err(|()| unknown("mark", text));
    entered(&visit, mark.map(|mark| Change::Mark { id, mark })).await
}

/// When, with whom, where, as typed in the clinic's time zone.
fn place(visit: &Visit) -> Result<Where, Problem> {
    let form = &visit.form;
    let (day, time): (Date, Time) = (form.need_read("day")?, form.need_read("time")?);
    let from = visit.app.clinic.instant("time", day.to_datetime(time))?;
    let minutes: i64 = form.need_read("minutes")?;
    let length = SignedDuration::from_mins(minutes.clamp(0, 24 * 60));
    Ok(Where {
        from,
        until: from.saturating_add(length).unwrap_or(from),
        practitioner: form.need_read("practitioner")?,
        table: form
            .get("table")
            .filter(|t| !t.is_empty())
            .map(str::to_owned),
    })
}

/// Enters it and looks at the day; what was refused stands there with what was typed.
async fn entered(visit: &Visit, change: Result<Change, Problem>) -> Reply {
    let clinic = &visit.app.clinic;
    let done = match &change {
        Ok(change) => clinic.enter(visit.who()?.user, change).await,
        Err(problem) => Err(problem.clone()),
    };
    match done {
        Ok(()) => {
            let day = visit.form.get("day").unwrap_or_default();
            let day: String = day
                .parse::<Date>()
                .map(|day| day.to_string())
                .unwrap_or_default();
            Ok(see(&format!("/diary?day={day}&said=saved")))
        }
        Err(problem) => {
            let mut refused = page(visit, Some(problem)).await?;
            *refused.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(refused)
        }
    }
}
