//! Whom to reach, and how: registering somebody by hand, and keeping name, telephone and mail.
//!
//! The front desk does both: it sees nothing else of a record.

use askama::Template;
use axum::http::StatusCode;
use care::episode::{Command, Demographics, Private};
use jiff::civil::Date;
use si::Problem;

use super::who::Desk;
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "contact.html")]
struct Page {
    f: Frame,
    id: uuid::Uuid,
    who: Demographics,
    problem: Option<Problem>,
}

#[derive(Template)]
#[template(path = "register.html")]
struct Register {
    f: Frame,
    /// What somebody was looked for by.
    name: String,
}

/// GET `/register`.
pub async fn register(visit: Visit) -> Reply {
    html(&Register {
        name: visit.query.get("name").unwrap_or_default().to_owned(),
        f: Frame::new(&visit, Place::Diary),
    })
}

/// GET `/patients/{patient}/contact`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    page(
        &visit,
        &desk,
        desk.chart.episode.demographics.0.clone(),
        None,
    )
}

fn page(visit: &Visit, desk: &Desk, who: Demographics, problem: Option<Problem>) -> Reply {
    html(&Page {
        f: Frame::new(visit, Place::Patients),
        id: desk.chart.id,
        who,
        problem,
    })
}

/// POST `/patients/{patient}/contact`.
pub async fn change(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let known = desk.chart.episode.demographics.0.clone();
    match changed(&visit, &desk, known.clone()).await {
        Ok(()) => {}
        Err(Fault::Problem(problem)) => {
            // What was typed stands there, with what is wrong with it.
            let mut typed = known;
            let field = |name: &str| visit.form.get(name).map(str::to_owned);
            typed.name = field("name").unwrap_or_default();
            (typed.phone, typed.email) = (field("phone"), field("email"));
            let mut refused = page(&visit, &desk, typed, Some(*problem))?;
            *refused.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(refused);
        }
        Err(fault) => return Err(fault),
    }
    let f = Frame::new(&visit, Place::Patients);
    match f.clinical() {
        true => Ok(see(&format!("/patients/{}?said=saved", desk.chart.id))),
        false => Ok(see(&format!(
            "/patients/{}/contact?said=saved",
            desk.chart.id
        ))),
    }
}

async fn changed(visit: &Visit, desk: &Desk, known: Demographics) -> Result<(), Fault> {
    let demographics = Private(typed(visit, known)?);
    let command = Command::ChangeContact { demographics };
    desk.act(visit, command).await.map(|_| ())
}

/// What the form says of somebody; what it has no field for stays as it was.
pub(super) fn typed(visit: &Visit, known: Demographics) -> Result<Demographics, Problem> {
    let form = &visit.form;
    Ok(Demographics {
        name: form.need("name")?.trim().to_owned(),
        birth_date: form.read::<Date>("born")?,
        phone: form.get("phone").map(phone).transpose()?,
        email: form.get("email").map(email).transpose()?,
        ..known
    })
}

/// A number that can be dialled: digits, with signs and spaces between them.
fn phone(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let sign = |c: char| c.is_ascii_digit() || " +-/().,;x#*".contains(c);
    match digits >= 3 && text.len() <= 60 && text.chars().all(sign) {
        true => Ok(text.to_owned()),
        false => Err(wrong(
            "phone",
            text,
            "is no number to dial",
            "write digits, such as +1 555 0100",
        )),
    }
}

fn email(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let parts = text.split_once('@');
    let whole = parts
        .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'));
    match whole && text.len() <= 254 && !text.contains(char::is_whitespace) {
        true => Ok(text.to_owned()),
        false => Err(wrong(
            "email",
            text,
            "is no mail address",
            "write it as name@example.org",
        )),
    }
}

fn wrong(place: &str, value: &str, problem: &str, remedy: &str) -> Problem {
    let shown: String = value.chars().take(60).collect();
    Problem::new("contact-unreadable", place, shown, problem, remedy)
}
