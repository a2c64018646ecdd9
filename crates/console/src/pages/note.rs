//! The note of a visit: assembled from what was recorded, edited and signed by a practitioner,
//! then only added to.

mod draft;

use askama::Template;
use care::episode::{
    BillingCode, Command, Episode, Note, Path, Private, SignedNote, Visit as OfPatient,
};
use jiff::Timestamp;
use si::Problem;

use self::draft::Draft;
pub(super) use self::draft::{named, said};
use super::plan::authenticate;
use super::who::{Desk, Who};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "note.html")]
struct Page {
    f: Frame,
    p: Who,
    head: String,
    clinic: String,
    number: u32,
    parts: Vec<Part>,
    codes: Vec<Code>,
    signed: Option<Signed>,
    treated: bool,
    problem: Option<Problem>,
}

/// One of the four parts.
pub(super) struct Part {
    name: &'static str,
    pub(super) title: String,
    pub(super) text: String,
    rows: usize,
}

/// A code that may be suggested.
struct Code {
    value: &'static str,
    words: String,
    chosen: bool,
}

/// What stands under a signed note.
pub(super) struct Signed {
    pub(super) by: String,
    pub(super) code: String,
    pub(super) addenda: Vec<(String, String)>,
}

/// GET `/patients/{patient}/note/{visit}`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    page(&visit, &desk, None).await
}

async fn page(visit: &Visit, desk: &Desk, problem: Option<Problem>) -> Reply {
    let (f, p) = desk.frame(visit, Path::Recover);
    let of = of_patient(visit, desk)?;
    let clinic = &visit.app.clinic;
    let until = until(&desk.chart.episode, of).unwrap_or_else(|| clinic.now());
    let diary = clinic.diary().await?;
    let next = diary.next_of(desk.chart.id, until);
    let note = match (&of.note, problem.is_some()) {
        (Some(signed), _) => signed.note.clone(),
        (None, true) => typed(visit)?,
        (None, false) => draft::draft(&Draft {
            f: &f,
            catalogue: clinic.knowledge().catalogue(),
            episode: &desk.chart.episode,
            visit: of,
            until,
            next,
        }),
    };
    let day = f.when(&of.arrived);
    let head = match &of.note {
        Some(_) => f.t.note_head_signed(day),
        None => f.t.note_head(day),
    };
    let session = of.session.as_ref();
    html(&Page {
        head,
        clinic: clinic.settings().name.clone(),
        number: of.number,
        treated: session.is_some_and(|session| session.started.is_some()),
        codes: codes(&f, note.code),
        parts: parts(&f, &note),
        signed: of.note.as_ref().map(|kept| signed(&f, kept)),
        problem,
        f,
        p,
    })
}

/// Up to when a visit's note speaks: the next visit has its own.
fn until(episode: &Episode, of: &OfPatient) -> Option<Timestamp> {
    let later = episode.visits.iter().map(|visit| visit.arrived);
    later.filter(|arrived| of.arrived < *arrived).min()
}

pub(super) fn of_patient<'a>(visit: &Visit, desk: &'a Desk) -> Result<&'a OfPatient, Fault> {
    let number: u32 = visit.part("visit")?.parse().map_err(|_| Fault::NotFound)?;
    let mut visits = desk.chart.episode.visits.iter();
    let found = visits.find(|visit| visit.number == number);
    found.ok_or(Fault::NotFound)
}

pub(super) fn parts(f: &Frame, note: &Note) -> Vec<Part> {
    let part = |name, title, text: &Private<String>| Part {
        name,
        title,
        rows: text
            .0
            .lines()
            .map(|line| 1 + line.len() / 90)
            .sum::<usize>()
            + 1,
        text: text.0.clone(),
    };
    vec![
        part("subjective", f.t.note_subjective(), &note.subjective),
        part("objective", f.t.note_objective(), &note.objective),
        part("assessment", f.t.note_assessment(), &note.assessment),
        part("plan", f.t.note_plan(), &note.plan),
    ]
}

fn codes(f: &Frame, chosen: Option<BillingCode>) -> Vec<Code> {
    let code = |one: Option<BillingCode>, words| Code {
        value: one.map_or("", BillingCode::as_str),
        words,
        chosen: one == chosen,
    };
    vec![
        code(None, f.t.note_code_none()),
        code(Some(BillingCode::Cpt97012), f.t.note_code_97012()),
        code(Some(BillingCode::HcpcsS9090), f.t.note_code_s9090()),
    ]
}

pub(super) fn signed(f: &Frame, kept: &SignedNote) -> Signed {
    let licence = kept.by.licence.as_ref();
    let licence = licence.map_or_else(String::new, |licence| licence.number.clone());
    let added = kept.addenda.iter();
    let added = added.map(|(at, by, words)| {
        let who = f.t.note_added(f.when(at), &by.name);
        (who, words.0.clone())
    });
    Signed {
        by: f.t.note_signed(&kept.by.name, licence, f.when(&kept.at)),
        code: match kept.note.code {
            Some(code) => f.t.note_code_signed(code.as_str()),
            None => f.t.note_code_none(),
        },
        addenda: added.collect(),
    }
}

/// What stands in the form.
fn typed(visit: &Visit) -> Result<Note, Problem> {
    let part = |name: &str| Private(visit.form.get(name).unwrap_or_default().trim().to_owned());
    let code = visit.form.get("code").filter(|code| !code.is_empty());
    let code = code.map(|code| {
        code.parse().map_err(|()| {
            let (problem, remedy) = (
                "is none that the program suggests",
                "choose one of the list",
            );
            Problem::new("code-unknown", "code", code, problem, remedy)
        })
    });
    Ok(Note {
        subjective: part("subjective"),
        objective: part("objective"),
        assessment: part("assessment"),
        plan: part("plan"),
        code: code.transpose()?,
    })
}

/// POST `/patients/{patient}/note/{visit}/sign`: signing is re-authentication.
pub async fn sign(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let number = of_patient(&visit, &desk)?.number;
    let note = typed(&visit)?;
    let done = match authenticate(&visit).await {
        Ok(()) => {
            let command = Command::SignNote {
                visit: number,
                note,
            };
            desk.act(&visit, command).await.map(|_| ())
        }
        Err(fault) => Err(fault),
    };
    finish(&visit, &desk, done).await
}

/// POST `/patients/{patient}/note/{visit}/add`: an addendum.
pub async fn add(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let number = of_patient(&visit, &desk)?.number;
    authenticate(&visit).await?;
    let command = Command::AmendNote {
        visit: number,
        addendum: Private(visit.form.need("addendum")?.trim().to_owned()),
    };
    let done = desk.act(&visit, command).await.map(|_| ());
    finish(&visit, &desk, done).await
}

/// What was refused stands there with what was typed.
async fn finish(visit: &Visit, desk: &Desk, done: Result<(), Fault>) -> Reply {
    match done {
        Ok(()) => Ok(see(&format!(
            "/patients/{}/note/{}?said=saved",
            desk.chart.id,
            visit.part("visit")?
        ))),
        Err(Fault::Problem(problem)) => {
            let mut refused = page(visit, desk, Some(*problem)).await?;
            *refused.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(refused)
        }
        Err(fault) => Err(fault),
    }
}

/// The visits of a patient whose notes may be read, newest first: number, day, whether signed.
#[must_use]
pub fn list(f: &Frame, episode: &Episode) -> Vec<(u32, String, bool)> {
    let newest_first = episode.visits.iter().rev();
    newest_first
        .map(|visit| (visit.number, f.when(&visit.arrived), visit.note.is_some()))
        .collect()
}
