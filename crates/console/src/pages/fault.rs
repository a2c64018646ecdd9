//! When there is no page: what went wrong, and what to do.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use care::fact::FactKey;
use si::Problem;
use uuid::Uuid;

use crate::app::App;
use crate::door::fault::{Fault, TRY_AGAIN, see};
use crate::door::logins::Login;
use crate::door::route::{Access, Note, Route};
use crate::door::speech::Speech;
use crate::frame::{Frame, Place};
use crate::messages::{Locale, Say};
use crate::pages::login;

/// A check-in was sent without an answer.
pub(super) const NOTHING: &str = "nothing-answered";

/// The table was told; only the record was not.
pub(super) const UNWRITTEN: &str = "record-unwritten";

#[derive(Template)]
#[template(path = "fault.html")]
struct Page {
    f: Frame,
    head: String,
    remedy: String,
    problem: Option<Problem>,
}

/// What ended in a fault.
#[derive(Clone, Copy, Debug)]
pub enum Tried<'a> {
    /// A command for the table, by its route.
    Command(&'a str),
    /// A page or a form; where somebody was, if the browser said so.
    Page(Option<&'a str>),
}

/// The answer to a fault of a route, in the form that its reader reads.
#[must_use]
pub fn of(
    app: &App,
    route: &Route,
    reader: (Option<&Login>, Locale),
    fault: &Fault,
    (correlation, back): (Uuid, Option<&str>),
) -> Response {
    let speech = Speech::of(route.path);
    if speech != Speech::Page {
        return speech.fault(fault, correlation);
    }
    if route.access == Access::Link {
        return of_patient(app, reader.1, fault, route.path);
    }
    let tried = match route.note {
        Note::After => Tried::Command(route.path),
        _ => Tried::Page(back),
    };
    page(app, reader, fault, (correlation, tried))
}

/// The page of a fault; without a login the login page, which leads back to where somebody was.
///
/// A command for the table that was lost says so first, in big
/// words: nobody may be led to a login page and think that STOP arrived.
#[must_use]
pub fn page(
    app: &App,
    reader: (Option<&Login>, Locale),
    fault: &Fault,
    (correlation, tried): (Uuid, Tried<'_>),
) -> Response {
    let lost = match (tried, fault) {
        (Tried::Page(back), Fault::Login) => return see(&login::before(back)),
        (_, Fault::First(page)) => return see(page),
        (Tried::Page(_), _) => None,
        (Tried::Command(route), _) => Some(route),
    };
    let f = Frame::bare(app, reader, Place::Elsewhere);
    let t = f.t;
    let own = f.who.as_ref().is_some_and(|who| who.patient.is_some());
    let (head, remedy, problem) = match fault {
        // The problem's own words are for the staff.
        Fault::Problem(problem) if own => (t.refused_head(), t.refused_own(problem.code), None),
        _ => words(t, fault, correlation),
    };
    let unwritten = |problem: &Problem| problem.code == UNWRITTEN;
    let (head, remedy) = match lost {
        Some(route) if !problem.as_ref().is_some_and(unwritten) => {
            let arrived = if route.ends_with("/stop") {
                t.lost_stop()
            } else {
                t.lost_command()
            };
            (arrived, t.lost_because(head, remedy))
        }
        _ => (head, remedy),
    };
    let status = match fault {
        Fault::Login => StatusCode::UNAUTHORIZED,
        fault => fault.status(),
    };
    let page = Page {
        f,
        head,
        remedy,
        problem,
    };
    let body = page.render().unwrap_or_default();
    let mut response = (status, Html(body)).into_response();
    let wait = match fault {
        Fault::Throttled(seconds) => Some(*seconds),
        Fault::Busy => Some(TRY_AGAIN),
        fault if fault.status() == StatusCode::SERVICE_UNAVAILABLE => Some(TRY_AGAIN),
        _ => None,
    };
    if let Some(seconds) = wait {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[derive(Template)]
#[template(path = "fault_patient.html")]
struct OfPatient {
    f: Frame,
    head: String,
    remedy: String,
    /// Whom to call about answers that do not arrive.
    call: Option<String>,
}

/// The same behind a personal link, in the patient's words: what to do with the answers, and
/// whom to call.
#[must_use]
pub fn of_patient(app: &App, locale: Locale, fault: &Fault, route: &str) -> Response {
    let f = Frame::bare(app, (None, locale), Place::Elsewhere);
    let (t, settings) = (f.t, app.clinic.settings());
    let on_table = route.starts_with(super::on_table::ROUTE);
    let (head, remedy) = match fault {
        _ if on_table => told_at_table(t, fault),
        _ if route.starts_with(super::welcome::ROUTE) => {
            let (head, remedy, _) = words(t, fault, Uuid::nil());
            match fault {
                Fault::Problem(problem) => (t.refused_head(), t.refused(problem.code)),
                _ => (head, remedy),
            }
        }
        Fault::Throttled(seconds) => (t.lost_answers(), t.lost_wait_remedy(seconds)),
        Fault::Problem(problem) if problem.code == NOTHING => {
            (t.lost_nothing_head(), t.lost_nothing_remedy())
        }
        Fault::Problem(problem) => match question(app, &problem.place) {
            Some(asked) => (t.lost_answer_head(), t.lost_answer_remedy(asked)),
            None => (t.lost_answers(), t.lost_answers_remedy()),
        },
        _ => (t.lost_answers(), t.lost_answers_remedy()),
    };
    let page = OfPatient {
        call: (!on_table).then(|| {
            let emergency = t.result_open_emergency(&settings.emergency.number);
            format!("{} {emergency}", t.lost_call(&settings.phone))
        }),
        f,
        head,
        remedy,
    };
    (fault.status(), Html(page.render().unwrap_or_default())).into_response()
}

/// The question whose answer was not taken; the program's own words are for its staff.
fn question<'a>(app: &'a App, place: &str) -> Option<&'a str> {
    let key = FactKey::parse(place.trim_end_matches('.'))?;
    let fact = app.clinic.knowledge().catalogue().get(key.fact.as_str())?;
    Some(&fact.patient)
}

/// On the table nothing is more urgent than how it is stopped without this page.
fn told_at_table(t: Say, fault: &Fault) -> (String, String) {
    match fault {
        Fault::Problem(problem) if problem.code == UNWRITTEN => {
            (t.on_table_unwritten(), t.on_table_unwritten_remedy())
        }
        _ => (t.on_table_lost(), t.on_table_lost_remedy()),
    }
}

/// What went wrong, what to do, and the problem with its place.
fn words(t: Say, fault: &Fault, correlation: Uuid) -> (String, String, Option<Problem>) {
    match fault {
        Fault::Login | Fault::First(_) | Fault::Token(_) => (t.fault_login(), t.lost_login(), None),
        Fault::Forbidden => (t.fault_forbidden(), t.fault_forbidden_remedy(), None),
        Fault::NotFound => (t.fault_not_found(), t.fault_not_found_remedy(), None),
        Fault::Throttled(seconds) => (t.fault_throttled(), t.fault_throttled_remedy(seconds), None),
        Fault::Busy => (t.fault_busy(), t.fault_throttled_remedy(TRY_AGAIN), None),
        Fault::Problem(problem) | Fault::Answer(_, problem) => (
            t.fault_problem(&problem.problem),
            problem.remedy.clone(),
            Some((**problem).clone()),
        ),
        Fault::Internal(_) => (
            t.fault_internal(),
            t.fault_internal_remedy(correlation),
            None,
        ),
    }
}
