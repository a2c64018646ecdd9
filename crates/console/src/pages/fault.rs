//! When there is no page: what went wrong, and what to do.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse as _, Response};
use si::Problem;
use uuid::Uuid;

use crate::app::App;
use crate::door::fault::{Fault, see};
use crate::door::logins::Login;
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "fault.html")]
struct Page {
    f: Frame,
    head: String,
    remedy: String,
    problem: Option<Problem>,
}

/// The page of a fault; without a login the login page.
#[must_use]
pub fn page(app: &App, login: Option<&Login>, fault: &Fault, correlation: Uuid) -> Response {
    if matches!(fault, Fault::Login) {
        return see("/login");
    }
    let f = Frame::bare(app, login, Place::Elsewhere);
    let t = f.t;
    let (head, remedy, problem) = match fault {
        Fault::Login => (t.fault_login(), String::new(), None),
        Fault::Forbidden => (t.fault_forbidden(), t.fault_forbidden_remedy(), None),
        Fault::NotFound => (t.fault_not_found(), t.fault_not_found_remedy(), None),
        Fault::Throttled(seconds) => (t.fault_throttled(), t.fault_throttled_remedy(seconds), None),
        Fault::Problem(problem) => (
            t.fault_problem(&problem.problem),
            problem.remedy.clone(),
            Some((**problem).clone()),
        ),
        Fault::Internal(_) => (
            t.fault_internal(),
            t.fault_internal_remedy(correlation),
            None,
        ),
    };
    let body = Page {
        f,
        head,
        remedy,
        problem,
    }
    .render()
    .unwrap_or_default();
    let mut response = (fault.status(), Html(body)).into_response();
    if let Fault::Throttled(seconds) = fault {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}
