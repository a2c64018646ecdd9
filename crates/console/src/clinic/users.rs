//! Users: one stream each, with a password's hash and never the password.
//!
//! What is true of an account is folded from its stream; [`Change`] is everything that may happen
//! to one. `accounts` reads and changes them, `second` is their second factor.

use care::episode::{Actor, Licence, Role};
use jiff::Timestamp;
use record::{NewEvent, Stored};
use serde::{Deserialize, Serialize};
use si::Problem;
use uuid::Uuid;

use super::own;

/// A person with an account.
#[derive(Clone, Serialize, Deserialize)]
pub struct User {
    /// The user's stream.
    pub id: Uuid,
    /// The name typed at the login, lower case.
    pub login: String,
    /// The name pages show.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Practitioners and leads have one.
    #[serde(default)]
    pub licence: Option<Licence>,
    /// For a patient, the only record they see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<Uuid>,
    /// The password's PHC string.
    pub password: String,
    /// Whether somebody else chose the password: it is changed at the first login.
    #[serde(default, skip_serializing_if = "is_false")]
    pub temporary: bool,
    /// What is asked for beside the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<SecondFactor>,
    /// Whether the account is closed.
    #[serde(default)]
    pub closed: bool,
    /// Sequence of the last event.
    #[serde(default)]
    pub sequence: u64,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// A second factor: codes by time (RFC 6238), and codes on paper for when the device is lost.
#[derive(Clone, Serialize, Deserialize)]
pub struct SecondFactor {
    /// Since when.
    pub since: Timestamp,
    /// From which the clinic's key makes the secret: the secret is kept nowhere.
    pub nonce: String,
    /// Digests of the codes on paper that were not used yet.
    pub paper: Vec<String>,
    /// The last step of time whose code was used; none is used twice.
    pub last_step: u64,
}

/// An account to be made.
#[derive(Clone)]
pub struct NewUser {
    /// The name typed at the login.
    pub login: String,
    /// The name pages show.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Practitioners and leads have one.
    pub licence: Option<Licence>,
    /// For a patient, whose record they see.
    pub patient: Option<Uuid>,
    /// The password, hashed before anything is stored.
    pub password: String,
    /// Whether somebody else chose it: it is changed at the first login.
    pub temporary: bool,
}

impl std::fmt::Debug for NewUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewUser")
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// What may happen to an account, as its stream keeps it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Change {
    /// It is made.
    Added(Added),
    /// It gets another password.
    PasswordSet(PasswordSet),
    /// Another name, role or licence.
    Set(Set),
    /// A second factor is asked for from now on.
    SecondSet(SecondSet),
    /// A code was used.
    SecondUsed(SecondUsed),
    /// No second factor is asked for any more.
    SecondRemoved(SecondRemoved),
    /// It is closed for good.
    Closed(Closed),
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Added {
    pub(super) login: String,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) licence: Option<Licence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) patient: Option<Uuid>,
    pub(super) password: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) temporary: bool,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct PasswordSet {
    pub(super) password: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) temporary: bool,
}

/// What an administrator keeps of a colleague.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Set {
    /// The name pages show.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Practitioners and leads have one.
    pub licence: Option<Licence>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SecondSet {
    pub(super) nonce: String,
    pub(super) paper: Vec<String>,
    /// The step of the code that showed that the device has the secret.
    pub(super) step: u64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SecondUsed {
    /// A code by time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) step: Option<u64>,
    /// The digest of a code on paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) paper: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SecondRemoved {}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Closed {}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks for it")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// Event kinds of user streams, with their newest version.
pub(super) const KINDS: [(&str, u16); 7] = [
    ("user-added", 1),
    ("user-password-set", 1),
    ("user-set", 1),
    ("user-second-set", 1),
    ("user-second-used", 1),
    ("user-second-removed", 1),
    ("user-closed", 1),
];

/// Whether an event of an account asks whoever is logged in with it to log in again.
pub(crate) fn asks_again(kind: &str) -> bool {
    [
        "user-password-set",
        "user-second-set",
        "user-second-removed",
    ]
    .contains(&kind)
}

impl Change {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Added(_) => "user-added",
            Self::PasswordSet(_) => "user-password-set",
            Self::Set(_) => "user-set",
            Self::SecondSet(_) => "user-second-set",
            Self::SecondUsed(_) => "user-second-used",
            Self::SecondRemoved(_) => "user-second-removed",
            Self::Closed(_) => "user-closed",
        }
    }

    /// As the journal takes it.
    pub(super) fn event(&self, at: Timestamp, by: Uuid) -> Result<NewEvent, Problem> {
        own(self.kind(), at, by, self)
    }

    fn read(kind: &str, payload: &[u8]) -> Result<Option<Self>, Problem> {
        Ok(Some(match kind {
            "user-added" => Self::Added(read(payload, kind)?),
            "user-password-set" => Self::PasswordSet(read(payload, kind)?),
            "user-set" => Self::Set(read(payload, kind)?),
            "user-second-set" => Self::SecondSet(read(payload, kind)?),
            "user-second-used" => Self::SecondUsed(read(payload, kind)?),
            "user-second-removed" => Self::SecondRemoved(read(payload, kind)?),
            "user-closed" => Self::Closed(read(payload, kind)?),
            _ => return Ok(None),
        }))
    }
}

/// One stored event folded into a user.
pub(super) fn folded(
    id: Uuid,
    user: Option<User>,
    stored: &Stored,
) -> Result<Option<User>, Problem> {
    let Some(payload) = stored.payload.as_ref().filter(|_| !stored.is_own()) else {
        return Ok(user);
    };
    let next = match Change::read(&stored.kind, payload)? {
        Some(change) => changed(id, user, change, stored.at),
        None => user,
    };
    Ok(next.map(|user| User {
        sequence: stored.sequence,
        ..user
    }))
}

/// An account after a change.
pub(super) fn changed(id: Uuid, user: Option<User>, change: Change, at: Timestamp) -> Option<User> {
    if let Change::Added(added) = change {
        return Some(made(id, added));
    }
    let mut user = user?;
    match change {
        Change::Added(_) => {}
        Change::PasswordSet(set) => {
            user.password = set.password;
            user.temporary = set.temporary;
        }
        Change::Set(set) => {
            user.name = set.name;
            user.role = set.role;
            user.licence = set.licence;
        }
        Change::SecondSet(set) => {
            user.second = Some(SecondFactor {
                since: at,
                nonce: set.nonce,
                paper: set.paper,
                last_step: set.step,
            });
        }
        Change::SecondUsed(used) => {
            if let Some(second) = &mut user.second {
                second.last_step = used.step.unwrap_or(second.last_step);
                second.paper.retain(|one| Some(one) != used.paper.as_ref());
            }
        }
        Change::SecondRemoved(_) => user.second = None,
        Change::Closed(_) => user.closed = true,
    }
    Some(user)
}

fn made(id: Uuid, added: Added) -> User {
    User {
        id,
        login: added.login,
        name: added.name,
        role: added.role,
        licence: added.licence,
        patient: added.patient,
        password: added.password,
        temporary: added.temporary,
        second: None,
        closed: false,
        sequence: 0,
    }
}

fn read<'a, T: Deserialize<'a>>(payload: &'a [u8], kind: &str) -> Result<T, Problem> {
    serde_json::from_slice(payload).map_err(|_| {
        Problem::new(
            "event-unreadable",
            kind,
            "",
            "cannot be read",
            "verify the journal",
        )
    })
}

impl User {
    /// As `care` knows who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor {
            id: self.id,
            role: self.role,
            name: self.name.clone(),
            licence: self.licence.clone(),
        }
    }
}
