//! The audit stream: who read or wrote whose record, who came in and who was kept out.
//!
//! Notes of many requests go into one append (group commit), and a request is
//! answered only once its note is durable.

mod index;
mod search;
mod write;

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::{Client, Clinic, User};
use crate::door::logins::Login;
use crate::door::route::{Note as When, Route, Verb};
use crate::door::{Fault, Visit};

pub(super) use self::index::Index;
pub use self::search::{Line, Lines, Place, Wanted};
pub use self::write::Note;
pub(super) use self::write::Writer;

/// The role of a program.
const CLIENT: &str = "client";

/// A program at the door that was kept out.
pub(crate) struct Knock<'a> {
    /// Whose token it was; none of an unknown one.
    pub(crate) client: Option<&'a Client>,
    /// Whose record it asked for, where that is what it was refused.
    pub(crate) patient: Option<Uuid>,
    /// The route that it asked for.
    pub(crate) route: &'a str,
    /// From where.
    pub(crate) address: IpAddr,
    /// Ties it to the log.
    pub(crate) correlation: Uuid,
}

/// Kinds of audit events, with their newest version: of a record, and of everything else.
pub(super) const KINDS: [(&str, u16); 2] = [("accessed", 1), ("noted", 1)];

/// What somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// Read a record, or a list of names.
    Read,
    /// Wrote to one.
    Write,
    /// Came in.
    Login,
    /// Was not let in: a password or a code was wrong.
    LoginFailed,
    /// Left.
    Logout,
    /// Asked for what their role does not open.
    Refused,
    /// Changed an account.
    Account,
    /// Opened a restricted record in an emergency.
    Emergency,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Read,
        Self::Write,
        Self::Login,
        Self::LoginFailed,
        Self::Logout,
        Self::Refused,
        Self::Account,
        Self::Emergency,
    ];

    /// As the log says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Login => "login",
            Self::LoginFailed => "login-failed",
            Self::Logout => "logout",
            Self::Refused => "refused",
            Self::Account => "account",
            Self::Emergency => "emergency",
        }
    }

    const fn of(verb: Verb) -> Self {
        match verb {
            Verb::Get => Self::Read,
            Verb::Post => Self::Write,
        }
    }
}

/// One line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Access {
    /// The user's stream; nobody for a personal link, or before a login.
    pub user: Option<Uuid>,
    /// In which role.
    pub role: String,
    /// Whose record; none for a list or a door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<Uuid>,
    /// Whose records, where one answer shows something of several; a [`Line`] is of one.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub patients: BTreeSet<Uuid>,
    /// What was done.
    pub act: Deed,
    /// The route, without what varies in it.
    pub route: String,
    /// Ties it to the log.
    pub correlation: Uuid,
    /// The name of a program, which has no account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The account that was changed, or that somebody tried to log in to; a client likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Uuid>,
    /// From where, for doors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
}

impl Access {
    /// A deed of whoever visits.
    fn by(visit: &Visit, act: Deed, route: &str) -> Self {
        if let Some(client) = &visit.client {
            return Self::of_client(Some(client), act, (route, visit.correlation));
        }
        Self {
            user: visit.login.as_ref().map(|login| login.user),
            role: visit
                .role()
                .map_or("link", care::episode::Role::as_str)
                .to_owned(),
            client: None,
            patient: None,
            patients: BTreeSet::new(),
            act,
            route: route.to_owned(),
            correlation: visit.correlation,
            subject: None,
            address: None,
        }
    }

    /// A deed of a program; of none that is known where its token was none.
    fn of_client(client: Option<&Client>, act: Deed, (route, correlation): (&str, Uuid)) -> Self {
        Self {
            user: client.map(|client| client.id),
            role: CLIENT.to_owned(),
            client: client.map(|client| client.name.clone()),
            patient: None,
            patients: BTreeSet::new(),
            act,
            route: route.to_owned(),
            correlation,
            subject: None,
            address: None,
        }
    }

    /// Whether this program did something here, and was not kept out.
    #[must_use]
    pub fn is_use_by(&self, client: Uuid) -> bool {
        self.user == Some(client) && matches!(self.act, Deed::Read | Deed::Write)
    }

    fn kind(&self) -> &'static str {
        match self.records().next() {
            Some(_) => KINDS[0].0,
            None => KINDS[1].0,
        }
    }

    /// Whose records it is about.
    fn records(&self) -> impl Iterator<Item = Uuid> {
        self.patient.iter().chain(&self.patients).copied()
    }
}

impl Clinic {
    /// Notes a visit to a patient's record, or to a list of names; without the note, no answer.
    pub async fn note_access(&self, visit: &Visit, route: &Route) -> Result<(), Fault> {
        // A look ahead is a form, and reads.
        let verb = match route.note {
            When::First => Verb::Get,
            _ => route.method,
        };
        self.write_note(Access {
            patient: visit.patient().ok(),
            ..Access::by(visit, Deed::of(verb), route.path)
        })
        .await
    }

    /// The same for a personal link, whose path does not name the patient.
    pub async fn note(
        &self,
        visit: &Visit,
        patient: Uuid,
        route: &str,
        verb: Verb,
    ) -> Result<(), Fault> {
        self.write_note(Access {
            patient: Some(patient),
            ..Access::by(visit, Deed::of(verb), route)
        })
        .await
    }

    /// Notes that whoever is logged in looks at a list, once a login and list: a page asks for it
    /// again and again.
    pub async fn note_glance(&self, visit: &Visit, route: &str, words: &str) -> Result<(), Fault> {
        let login = visit.who()?;
        match login.looks(&format!("{route} {words}")) {
            true => self.write_note(Access::by(visit, Deed::Read, route)).await,
            false => Ok(()),
        }
    }

    /// Notes that a calendar program read somebody's appointments.
    pub async fn note_feed(&self, visit: &Visit, user: &User, route: &str) -> Result<(), Fault> {
        self.write_note(Access {
            user: Some(user.id),
            role: user.role.as_str().to_owned(),
            ..Access::by(visit, Deed::Read, route)
        })
        .await
    }

    /// Notes that somebody opened a restricted record in an emergency.
    pub async fn note_emergency(&self, visit: &Visit, patient: Uuid) -> Result<(), Fault> {
        self.write_note(Access {
            patient: Some(patient),
            ..Access::by(visit, Deed::Emergency, "/patients/{patient}/emergency")
        })
        .await
    }

    /// Notes that somebody came in with their account.
    pub async fn note_login(&self, visit: &Visit, user: &User, route: &str) -> Result<(), Fault> {
        self.write_note(Access {
            user: Some(user.id),
            role: user.role.as_str().to_owned(),
            address: Some(visit.address),
            ..Access::by(visit, Deed::Login, route)
        })
        .await
    }

    /// Notes what was done at a door or to an account.
    pub async fn note_door(
        &self,
        visit: &Visit,
        act: Deed,
        route: &str,
        subject: Option<Uuid>,
    ) -> Result<(), Fault> {
        let role = visit.role().map_or("", care::episode::Role::as_str);
        self.write_note(Access {
            role: role.to_owned(),
            subject,
            address: Some(visit.address),
            ..Access::by(visit, act, route)
        })
        .await
    }

    /// Notes that somebody asked for what is not open to them.
    pub async fn note_refused(
        &self,
        login: &Login,
        route: &str,
        patient: Option<Uuid>,
        correlation: Uuid,
    ) -> Result<(), Fault> {
        let patient = match patient {
            Some(patient) if self.knows(patient).await? => Some(patient),
            _ => None,
        };
        self.write_note(Access {
            user: Some(login.user),
            role: login.role.as_str().to_owned(),
            client: None,
            patient,
            patients: BTreeSet::new(),
            act: Deed::Refused,
            route: route.to_owned(),
            correlation,
            subject: None,
            address: None,
        })
        .await
    }

    /// Notes that a record stayed closed to whoever visits; where that fails it stays closed too.
    pub(crate) async fn note_shut(&self, visit: &Visit, route: &str) {
        let Some(login) = &visit.login else {
            return;
        };
        let patient = visit.patient().ok();
        let refused = self.note_refused(login, route, patient, visit.correlation);
        if let Err(fault) = refused.await {
            tracing::error!(%fault, "a refusal was not noted in the audit log");
        }
    }

    /// Notes that a program was kept out: its token opens nothing, or not this.
    pub(crate) async fn note_kept_out(&self, knock: &Knock<'_>) -> Result<(), Fault> {
        let act = match knock.client {
            Some(_) => Deed::Refused,
            None => Deed::LoginFailed,
        };
        self.write_note(Access {
            patient: knock.patient,
            address: Some(knock.address),
            ..Access::of_client(knock.client, act, (knock.route, knock.correlation))
        })
        .await
    }

    /// Notes what a program did to these records: all that one answer shows is one event, and a
    /// line of each record. Without a record it is one of none.
    pub async fn note_records(
        &self,
        visit: &Visit,
        route: &str,
        (verb, patients): (Verb, &BTreeSet<Uuid>),
    ) -> Result<(), Fault> {
        let by = Access::by(visit, Deed::of(verb), route);
        let access = match patients.len() {
            0 | 1 => Access {
                patient: patients.first().copied(),
                ..by
            },
            _ => Access {
                patients: patients.clone(),
                ..by
            },
        };
        visit.noting.of(self.write_note(access)).await
    }

    async fn write_note(&self, access: Access) -> Result<(), Fault> {
        let (done, written) = oneshot::channel();
        self.audit
            .send(Note::new(access, done))
            .await
            .map_err(|_| Fault::internal("the audit log is closed"))?;
        match written.await {
            Ok(true) => Ok(()),
            _ => Err(Fault::internal("the audit log could not be written")),
        }
    }
}
