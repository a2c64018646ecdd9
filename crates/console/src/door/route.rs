//! What the route table says about each route.

use std::future::Future;
use std::pin::Pin;

use axum::http::Method;

use super::fault::Reply;
use super::role::Roles;
use super::scope::Right;
use super::visit::Visit;

/// One line of the route table.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// GET or POST; nothing else is served.
    pub method: Verb,
    /// The path, with `{name}` where it varies.
    pub path: &'static str,
    /// Who may come in.
    pub access: Access,
    /// Whose record is touched.
    pub scope: Scope,
    /// Whether the visit is noted before it acts or after.
    pub note: Note,
    /// Whether a restricted record is closed to it.
    pub lock: Lock,
    /// How large a body may be.
    pub body: usize,
    /// What answers.
    pub handler: Handler,
}

/// The two methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// Reads; changes nothing.
    Get,
    /// Changes; needs the form's token.
    Post,
}

/// Who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody: the login page and files without contents.
    Public,
    /// Whoever holds the secret in the path; the handler checks it.
    Link,
    /// These roles, logged in.
    Of(Roles),
    /// Programs that show a bearer token of this right; a login opens none of these.
    Client(Right),
}

/// Whose record a route touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Nobody's.
    None,
    /// The clinic's lists: names without contents of a record.
    List,
    /// The record of the patient named by `{patient}`; each visit is audited.
    Patient,
}

/// Whether the restriction of a record holds for a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Its team alone, and whoever opened it in an emergency.
    Kept,
    /// Everybody whom the role lets in: what lowers force, a sign of life of who controls the
    /// table, and the doors of the restriction itself, which tell nothing of the record.
    Passed,
}

/// When a visit to a record is noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// Before anything else: without the note, no answer.
    Before,
    /// After the act, which lowers force and waits for no disk; a note that fails is logged.
    After,
    /// The first of a login only: a look ahead on a page whose visit is noted, several a minute,
    /// that writes nothing. Whoever never opened the record is noted as ever.
    First,
    /// Not at all: a sign of life, several a second, of a page whose visit is noted.
    Never,
}

/// What answers a request.
pub type Handler = fn(Visit) -> Pin<Box<dyn Future<Output = Reply> + Send>>;

impl Route {
    /// Whether it can only lower force: it is answered to whoever comes, however many there are.
    #[must_use]
    pub fn lowers(&self) -> bool {
        self.method == Verb::Post && (self.note == Note::After || self.path.ends_with("/stop"))
    }
}

impl Verb {
    /// As HTTP says it.
    #[must_use]
    pub const fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
        }
    }
}
