//! The note of a visit: assembled from what was recorded, edited and signed by a practitioner,
//! then only added to.

mod draft;
mod occasion;

use askama::Template;
use care::diary::{Appointment, Diary, Standing, standing};
use care::episode::{BillingCode, Command, Note, Path, Private, SignedNote};
use care::fact::{Baseline, Moment};
use si::Problem;

use self::draft::Draft;
pub(super) use self::draft::{named, said};
use self::occasion::Occasion;
pub(super) use self::occasion::{list, of_patient};
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
    key: String,
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
    let of = of_patient(visit, desk, &f).await?;
    let clinic = &visit.app.clinic;
    let note = match (of.note, problem.is_some()) {
        (Some(signed), _) => signed.note.clone(),
        (None, true) => typed(visit)?,
        (None, false) => drafted(visit, desk, &f, &of).await?,
    };
    let head = match of.note {
        Some(_) => f.t.note_head_signed(&of.when),
        None => f.t.note_head(&of.when),
    };
    let session = of.visit.and_then(|visit| visit.session.as_ref());
    html(&Page {
        head,
        clinic: clinic.settings().name.clone(),
        key: of.key(),
        treated: session.is_some_and(|session| session.started.is_some()),
        codes: codes(&f, note.code),
        parts: parts(&f, &note),
        signed: of.note.map(|kept| signed(&f, kept)),
        problem,
        f,
        p,
    })
}

/// What the record says of it.
async fn drafted(visit: &Visit, desk: &Desk, f: &Frame, of: &Occasion<'_>) -> Result<Note, Fault> {
    let (clinic, episode) = (&visit.app.clinic, &desk.chart.episode);
    let (knowledge, facts) = (clinic.knowledge(), episode.facts());
    let moment = Moment {
        at: f.now.timestamp(),
        zone: clinic.zone(),
    };
    let diary = clinic.diary().await?;
    Ok(draft::draft(&Draft {
        f,
        catalogue: knowledge.catalogue(),
        instruments: knowledge.instruments(),
        view: &knowledge.view(&facts, moment, Baseline::First),
        episode,
        told: &clinic.told(desk.chart.id).await?,
        of,
        next: next(f, desk, &diary, of),
    }))
}

/// The next appointment: of the same day one that nobody has come to yet.
fn next<'a>(
    f: &Frame,
    desk: &Desk,
    diary: &'a Diary,
    of: &Occasion<'_>,
) -> Option<&'a Appointment> {
    let (chart, from) = (&desk.chart, of.visit.map_or(of.from, |visit| visit.arrived));
    let mut all = diary.of(chart.id);
    all.find(|one| {
        let later = of.until <= one.place.from;
        let waits = || standing(one, &chart.episode, &f.zone) == Standing::Booked;
        one.holds() && from < one.place.from && (later || waits())
    })
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
    let f = Frame::new(&visit, Place::Patients);
    let encounter = of_patient(&visit, &desk, &f).await?.encounter;
    let note = typed(&visit)?;
    let done = match authenticate(&visit).await {
        Ok(()) => {
            let command = Command::SignNote {
                visit: encounter,
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
    let f = Frame::new(&visit, Place::Patients);
    let encounter = of_patient(&visit, &desk, &f).await?.encounter;
    authenticate(&visit).await?;
    let command = Command::AmendNote {
        visit: encounter,
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
