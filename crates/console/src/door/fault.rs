//! What a request can end in other than its page.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use si::Problem;

use crate::clinic::BEHIND;

/// A body that did not arrive in time.
pub(super) const SLOW: &str = "body-too-slow";

/// A body that is larger than its route takes.
pub(super) const LARGE: &str = "body-too-large";

/// Seconds after which whoever found no room may try again (ours: as long as an idle connection
/// is kept).
pub const TRY_AGAIN: u64 = 20;

/// Why a handler gave no page.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Nobody is logged in.
    #[error("not logged in")]
    Login,
    /// Something else comes first, on the page at this path.
    #[error("something else comes first")]
    First(String),
    /// The role, the licence or the form's token does not allow it.
    #[error("not allowed")]
    Forbidden,
    /// There is no such thing, or none this person may know of.
    #[error("not found")]
    NotFound,
    /// Too many tries; the seconds to wait.
    #[error("too many tries")]
    Throttled(u64),
    /// Too many connections are open; only what lowers force is answered.
    #[error("no room")]
    Busy,
    /// No token of a program, or none that is open; what `WWW-Authenticate` says of it.
    #[error("no open token")]
    Token(&'static str),
    /// What a program asked for is answered with this status, and why.
    #[error("{}", .1.log())]
    Answer(StatusCode, Box<Problem>),
    /// The input is wrong, and this is how to mend it.
    #[error("{}", .0.log())]
    Problem(Box<Problem>),
    /// A failure of ours; the text goes to the log, never to the page.
    #[error("{0}")]
    Internal(String),
}

/// What a handler returns.
pub type Reply = Result<Response, Fault>;

impl Fault {
    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Login | Self::First(_) => StatusCode::SEE_OTHER,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Token(_) => StatusCode::UNAUTHORIZED,
            Self::Answer(status, _) => *status,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Problem(problem) if problem.code == "conflict" => StatusCode::CONFLICT,
            Self::Problem(problem) if problem.code == SLOW => StatusCode::REQUEST_TIMEOUT,
            Self::Problem(problem) if problem.code == LARGE => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Problem(problem) if is_away(problem.code) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Problem(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// An answer to a program with a status of its own.
    #[must_use]
    pub fn answer(status: StatusCode, problem: Problem) -> Self {
        Self::Answer(status, Box::new(problem))
    }

    /// A failure of ours, from an error whose text names no patient.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }
}

/// Whether what it needs is not there for a while.
pub(super) fn is_away(code: &str) -> bool {
    [
        BEHIND,
        "journal-unreachable",
        "journal-slow",
        "journal-closed",
    ]
    .contains(&code)
}

/// What failed in the store is nobody's input; the database's own words are for the log.
impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        match problem.code {
            "journal-database" | "journal-corrupt" | "journal-file" => {
                Self::internal(problem.log())
            }
            _ => Self::Problem(Box::new(problem)),
        }
    }
}

impl From<askama::Error> for Fault {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

/// After a change: look at `location` with a fresh GET.
#[must_use]
pub fn see(location: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    // Locations are made here from ids and fixed words, which are always a header value.
    let value = HeaderValue::from_str(location).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, value);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_store_lacks_is_nobodys_input() {
        let of = |code| Fault::from(Problem::new(code, "", "", "sql: near x", "remedy"));
        for code in [
            BEHIND,
            "journal-unreachable",
            "journal-slow",
            "journal-closed",
        ] {
            assert_eq!(of(code).status(), StatusCode::SERVICE_UNAVAILABLE, "{code}");
        }
        for code in ["journal-database", "journal-corrupt", "journal-file"] {
            assert!(matches!(of(code), Fault::Internal(_)), "{code}");
        }
        assert_eq!(
            of("journal-kept").status(),
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
}
