//! Users: one stream each, with a password's hash and never the password.

use care::episode::{Actor, Licence, Role};
use jiff::Timestamp;
use record::{RowQuery, Stored, StoredRow, Stream, StreamKind};
use serde::{Deserialize, Serialize};
use si::Problem;
use uuid::Uuid;

use super::{Clinic, own, rows};
use crate::door::password;
use crate::random;

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
}

impl std::fmt::Debug for NewUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewUser")
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize, Deserialize)]
struct Added {
    login: String,
    name: String,
    role: Role,
    licence: Option<Licence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    patient: Option<Uuid>,
    password: String,
}

#[derive(Serialize, Deserialize)]
struct PasswordSet {
    password: String,
}

#[derive(Serialize, Deserialize)]
struct Closed {}

/// Event kinds of user streams, with their newest version.
pub(super) const KINDS: [(&str, u16); 3] = [
    ("user-added", 1),
    ("user-password-set", 1),
    ("user-closed", 1),
];

/// One stored event folded into a user.
pub(super) fn folded(
    id: Uuid,
    user: Option<User>,
    stored: &Stored,
) -> Result<Option<User>, Problem> {
    let Some(payload) = stored.payload.as_ref().filter(|_| !stored.is_own()) else {
        return Ok(user);
    };
    let next = match (stored.kind.as_str(), user) {
        ("user-added", _) => {
            let added: Added = read(payload, &stored.kind)?;
            Some(User {
                id,
                login: added.login,
                name: added.name,
                role: added.role,
                licence: added.licence,
                patient: added.patient,
                password: added.password,
                closed: false,
                sequence: 0,
            })
        }
        ("user-password-set", Some(user)) => {
            let set: PasswordSet = read(payload, &stored.kind)?;
            Some(User {
                password: set.password,
                ..user
            })
        }
        ("user-closed", Some(user)) => Some(User {
            closed: true,
            ..user
        }),
        (_, user) => user,
    };
    Ok(next.map(|user| User {
        sequence: stored.sequence,
        ..user
    }))
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

impl Clinic {
    /// Everybody who works here, by name; patients' own accounts are not among them.
    pub async fn users(&self) -> Result<Vec<User>, Problem> {
        let rows = self
            .journal
            .rows(&RowQuery::of("users"))
            .await
            .map_err(|e| e.problem())?;
        Ok(rows
            .iter()
            .filter_map(|row| serde_json::from_slice(&row.row.body).ok())
            .collect())
    }

    /// The account behind a login name.
    pub async fn user_by_login(&self, login: &str) -> Result<Option<User>, Problem> {
        let login = login.trim().to_lowercase();
        self.account(|model| RowQuery::of(model).key(&login)).await
    }

    /// The account with this id.
    pub async fn user(&self, id: Uuid) -> Result<Option<User>, Problem> {
        self.account(|model| RowQuery::of(model).stream(id)).await
    }

    /// The open account of a patient.
    pub async fn account_of(&self, patient: Uuid) -> Result<Option<User>, Problem> {
        let accounts = self.accounts_of(patient).await?;
        Ok(accounts.into_iter().find(|account| !account.closed))
    }

    /// Every account that a patient had or has.
    pub(super) async fn accounts_of(&self, patient: Uuid) -> Result<Vec<User>, Problem> {
        let patient = patient.simple().to_string();
        let rows = self.all(RowQuery::of("patient-accounts").key(&patient));
        let rows = rows.await?;
        let read = |row: &StoredRow| serde_json::from_slice(&row.row.body).ok();
        Ok(rows.iter().filter_map(read).collect())
    }

    /// An account of whoever works here, else of a patient.
    async fn account(&self, query: impl Fn(&str) -> RowQuery) -> Result<Option<User>, Problem> {
        match self.one(query("users")).await? {
            Some(user) => Ok(Some(user)),
            None => self.one(query("patient-logins")).await,
        }
    }

    async fn one(&self, query: RowQuery) -> Result<Option<User>, Problem> {
        let rows = self.journal.rows(&query.limit(1)).await;
        let rows = rows.map_err(|e| e.problem())?;
        Ok(rows
            .first()
            .and_then(|row| serde_json::from_slice(&row.row.body).ok()))
    }

    /// Makes an account.
    pub async fn add_user(&self, by: Uuid, new: NewUser) -> Result<User, Problem> {
        // Nobody takes the same name, or makes the same patient's account, meanwhile.
        let _turn = self.accounts.lock().await;
        let login = new.login.trim().to_lowercase();
        if !is_login(&login) {
            return Err(Problem::new(
                "login-name",
                "login",
                login,
                "is not a login name",
                "use letters without accents, digits and . - _ + @",
            ));
        }
        if self.user_by_login(&login).await?.is_some() {
            return Err(Problem::new(
                "login-taken",
                "login",
                login,
                "is taken",
                "choose another login name",
            ));
        }
        if new.role == Role::Program || new.name.trim().is_empty() {
            return Err(Problem::new(
                "user-incomplete",
                "name",
                "",
                "the account needs a name and a role of a person",
                "fill in both",
            ));
        }
        if let Some(patient) = new.patient
            && self.account_of(patient).await?.is_some()
        {
            return Err(Problem::new(
                "account-there",
                "patient",
                "",
                "this patient has an account",
                "log in with it, or ask the clinic for a new link",
            ));
        }
        let added = Added {
            login,
            name: new.name.trim().to_owned(),
            role: new.role,
            licence: new.licence,
            patient: new.patient,
            password: hash(new.password).await?,
        };
        let id = random::id();
        self.append_user(id, by, "user-added", &added).await
    }

    /// Sets a password.
    pub async fn set_password(
        &self,
        by: Uuid,
        user: &User,
        password: String,
    ) -> Result<User, Problem> {
        let set = PasswordSet {
            password: hash(password).await?,
        };
        self.append_user(user.id, by, "user-password-set", &set)
            .await
    }

    /// Closes an account for good.
    pub async fn close_user(&self, by: Uuid, user: &User) -> Result<User, Problem> {
        self.append_user(user.id, by, "user-closed", &Closed {})
            .await
    }

    /// Whether this is the user's password; takes its time off the async threads.
    pub async fn check_password(&self, user: Option<&User>, sent: String) -> bool {
        // Without a user a hash is computed all the same, so that the time tells nothing.
        let phc = user.map_or_else(|| NOBODY.clone(), |user| user.password.clone());
        let known = user.is_some_and(|user| !user.closed);
        let fits = tokio::task::spawn_blocking(move || password::verify(&sent, &phc)).await;
        fits.unwrap_or(false) && known
    }

    /// The account as its stream says now, and where the stream stands: the journal's
    /// own events move a stream without changing the account.
    async fn stored_user(&self, id: Uuid) -> Result<(Option<User>, u64), Problem> {
        let events = self.journal.read(id).await.map_err(|e| e.problem())?;
        let user = events
            .iter()
            .try_fold(None, |user, stored| folded(id, user, stored))?;
        Ok((user, events.last().map_or(0, |last| last.sequence)))
    }

    async fn append_user(
        &self,
        id: Uuid,
        by: Uuid,
        kind: &str,
        payload: &impl Serialize,
    ) -> Result<User, Problem> {
        let stream = Stream::new(StreamKind::User, id);
        let event = own(kind, Timestamp::now(), by, payload)?;
        let (user, expected) = self.stored_user(id).await?;
        let preview = Stored {
            position: 0,
            stream,
            sequence: expected + 1,
            kind: kind.to_owned(),
            v: 1,
            stored_v: 1,
            at: event.at,
            actor: by,
            payload: Some(event.payload.clone()),
            commitment: [0; 32],
            link: [0; 32],
        };
        let after = folded(id, user, &preview)?;
        let rows = rows::of_user(after.as_ref());
        self.journal
            .append(stream, expected, vec![event], rows)
            .await
            .map_err(|e| e.problem())?;
        after.ok_or_else(|| {
            Problem::new(
                "user-unknown",
                "user",
                "",
                "there is no such account",
                "add it first",
            )
        })
    }
}

/// Whether an account can have this name. Letters that look like others are none of it.
fn is_login(name: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || ".-_+@".contains(c);
    (1..=60).contains(&name.len()) && name.chars().all(known)
}

static NOBODY: std::sync::LazyLock<String> =
    std::sync::LazyLock::new(|| password::hash(&random::token()).unwrap_or_default());

async fn hash(sent: String) -> Result<String, Problem> {
    tokio::task::spawn_blocking(move || password::hash(&sent))
        .await
        .map_err(|_| {
            Problem::new(
                "password-unusable",
                "password",
                "",
                "could not be stored",
                "try again",
            )
        })?
}
