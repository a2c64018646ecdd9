//! How a route says that something went wrong: people read a page, programs a document.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use si::Problem;
use uuid::Uuid;

use super::fault::{Fault, TRY_AGAIN, is_away};
use crate::clinic::{BEHIND, INDEXED_IN};

/// The type of a FHIR resource (R4, §3.1.0.1.11).
pub const FHIR_JSON: &str = "application/fhir+json; charset=utf-8";

/// Which form a fault takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    /// A page.
    Page,
    /// An `OperationOutcome` of FHIR.
    Outcome,
    /// Problem details (RFC 9457).
    Problem,
}

/// Paths whose faults programs read; what is below one belongs to it.
const PROGRAMS: [(&str, Speech); 4] = [
    ("/fhir", Speech::Outcome),
    (SHARED, Speech::Problem),
    ("/api", Speech::Problem),
    ("/health", Speech::Problem),
];

/// What pages of other systems may call as well.
const SHARED: &str = "/cds-services";

impl Speech {
    /// By the path of a request or of a route.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let mut all = PROGRAMS.iter();
        let found = all.find(|(begin, _)| below(path, begin));
        found.map_or(Self::Page, |(_, speech)| *speech)
    }

    /// The answer to a program; a page is made elsewhere.
    #[must_use]
    pub fn fault(self, fault: &Fault, correlation: Uuid) -> Response {
        let (problem, status) = (problem(fault, correlation), status(fault));
        let (body, kind) = match self {
            Self::Outcome => (fhir::refusal(kind(status), &problem), FHIR_JSON),
            Self::Page | Self::Problem => (details(status, &problem), "application/problem+json"),
        };
        let mut response = (status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        match fault {
            Fault::Throttled(seconds) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
            }
            Fault::Busy => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(TRY_AGAIN));
            }
            Fault::Problem(problem) if problem.code == BEHIND => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(INDEXED_IN));
            }
            Fault::Problem(problem) if is_away(problem.code) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(TRY_AGAIN));
            }
            Fault::Token(why) => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(why));
            }
            _ => {}
        }
        response
    }
}

fn below(path: &str, begin: &str) -> bool {
    let rest = path.strip_prefix(begin);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether pages of other systems may call this path, with a program's token.
#[must_use]
pub fn is_shared(path: &str) -> bool {
    below(path, SHARED)
}

/// A fault as FHIR says it, for an answer within an answer.
#[must_use]
pub fn outcome(fault: &Fault, correlation: Uuid) -> (StatusCode, Value) {
    let status = status(fault);
    (
        status,
        fhir::refusal(kind(status), &problem(fault, correlation)),
    )
}

fn status(fault: &Fault) -> StatusCode {
    match fault {
        Fault::Login | Fault::First(_) => StatusCode::UNAUTHORIZED,
        fault => fault.status(),
    }
}

/// A fault of ours is told by the number by which the log knows it, and nothing else.
fn problem(fault: &Fault, correlation: Uuid) -> Problem {
    let say =
        |code, problem: &str, remedy: &str| Problem::new(code, "request", "", problem, remedy);
    match fault {
        Fault::Problem(problem) | Fault::Answer(_, problem) => (**problem).clone(),
        Fault::Login | Fault::First(_) | Fault::Token(_) => say(
            "token",
            "no token that is open",
            "send the header Authorization with the word Bearer and the token of this client",
        ),
        Fault::Forbidden => say(
            "scope",
            "the scopes of this client do not permit it",
            "ask the administrator for a client with the scope that it takes",
        ),
        Fault::NotFound => say(
            "not-found",
            "there is no such thing here",
            "check the address",
        ),
        Fault::Throttled(seconds) => say(
            "throttled",
            "too many wrong tokens from this address",
            &format!("wait {seconds} s"),
        ),
        Fault::Busy => say(
            "busy",
            "too many connections are open",
            &format!("try again in {TRY_AGAIN} s"),
        ),
        Fault::Internal(_) => say(
            "internal",
            "this server failed",
            &format!("tell the clinic this number: {correlation}"),
        ),
    }
}

/// Problem details, with our own members beside those of RFC 9457.
fn details(status: StatusCode, problem: &Problem) -> Value {
    json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "detail": format!("{}; {}", problem.problem, problem.remedy),
        "code": problem.code,
        "place": problem.place,
        "value": problem.value,
        "problem": problem.problem,
        "remedy": problem.remedy,
    })
}

/// The word of FHIR's value set `issue-type` for a status.
const fn kind(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "login",
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED
        | StatusCode::NOT_ACCEPTABLE
        | StatusCode::UNSUPPORTED_MEDIA_TYPE => "not-supported",
        StatusCode::CONFLICT => "conflict",
        StatusCode::GONE => "deleted",
        StatusCode::TOO_MANY_REQUESTS => "throttled",
        StatusCode::SERVICE_UNAVAILABLE => "transient",
        StatusCode::INTERNAL_SERVER_ERROR => "exception",
        _ => "invalid",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_a_path_of_programs_speaks_to_programs() {
        for (path, speech) in [
            ("/fhir", Speech::Outcome),
            ("/fhir/Patient/1", Speech::Outcome),
            ("/fhirs", Speech::Page),
            ("/cds-services/x", Speech::Problem),
            ("/api/evaluate", Speech::Problem),
            ("/health", Speech::Problem),
            ("/apis", Speech::Page),
            ("/patients/1/mine/fhir", Speech::Page),
            ("/", Speech::Page),
        ] {
            assert_eq!(Speech::of(path), speech, "{path}");
        }
    }
}
