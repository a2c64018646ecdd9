//! Reading accounts and changing them: one at a time where a name must be nobody else's.

use care::episode::Role;
use jiff::Timestamp;
use record::{Alone, Error, RowQuery, StoredRow, Stream, StreamKind};
use si::Problem;
use uuid::Uuid;

use super::files::contended;
use super::users::{Added, Change, Closed, PasswordSet, Set, changed, folded};
use super::{Clinic, NewUser, User, rows};
use crate::door::password;
use crate::random;

/// Times a change is decided anew; each time somebody's counts.
const TRIES: u32 = 20;

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
        let _turn = self.naming().await?;
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
            return Err(incomplete());
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
            temporary: new.temporary,
        };
        let change = Change::Added(added);
        self.change_user(random::id(), by, |_| Ok(change.clone()))
            .await
    }

    /// Sets a password. One that somebody else chose is changed at the next login.
    pub async fn set_password(
        &self,
        by: Uuid,
        user: &User,
        password: String,
        temporary: bool,
    ) -> Result<User, Problem> {
        let password = hash(password).await?;
        let change = Change::PasswordSet(PasswordSet {
            password,
            temporary,
        });
        self.change_user(user.id, by, |_| Ok(change.clone())).await
    }

    /// Gives a colleague another name, role or licence.
    ///
    /// # Errors
    /// A name or role that an account cannot have; the last administrator, who stays one.
    pub async fn change_colleague(&self, by: Uuid, user: &User, set: Set) -> Result<User, Problem> {
        let _turn = self.naming().await?;
        if set.name.trim().is_empty() || !is_of_staff(set.role) || !is_of_staff(user.role) {
            return Err(incomplete());
        }
        if set.role != Role::Administrator {
            self.keep_an_administrator(user).await?;
        }
        let change = Change::Set(Set {
            name: set.name.trim().to_owned(),
            ..set
        });
        self.change_user(user.id, by, |_| Ok(change.clone())).await
    }

    /// Closes an account for good.
    ///
    /// # Errors
    /// The last administrator.
    pub async fn close_user(&self, by: Uuid, user: &User) -> Result<User, Problem> {
        let _turn = self.naming().await?;
        self.keep_an_administrator(user).await?;
        self.change_user(user.id, by, |_| Ok(Change::Closed(Closed {})))
            .await
    }

    /// Nobody else, at any server, gives a name or takes an administrator away until this is
    /// dropped.
    async fn naming(&self) -> Result<Alone, Problem> {
        self.journal
            .alone("accounts")
            .await
            .map_err(|e| e.problem())
    }

    /// Without an administrator nobody could make the next one.
    async fn keep_an_administrator(&self, leaving: &User) -> Result<(), Problem> {
        let administers = |user: &User| user.role == Role::Administrator && !user.closed;
        if !administers(leaving) {
            return Ok(());
        }
        let others = self.users().await?;
        if others
            .iter()
            .any(|one| one.id != leaving.id && administers(one))
        {
            return Ok(());
        }
        Err(Problem::new(
            "last-administrator",
            "role",
            "",
            "is the only administrator of this clinic",
            "make another account an administrator first",
        ))
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

    /// Decides a change of an account as it stands, and again where somebody changed it first.
    pub(super) async fn change_user(
        &self,
        id: Uuid,
        by: Uuid,
        decide: impl Fn(Option<&User>) -> Result<Change, Problem> + Send,
    ) -> Result<User, Problem> {
        let stream = Stream::new(StreamKind::User, id);
        for _ in 0..TRIES {
            let (user, expected) = self.stored_user(id).await?;
            let change = decide(user.as_ref())?;
            let at = Timestamp::now();
            let event = change.event(at, by)?;
            let after = changed(id, user, change, at).map(|user| User {
                sequence: expected + 1,
                ..user
            });
            let after = after.ok_or_else(no_such_account)?;
            let rows = rows::of_user(Some(&after));
            match self
                .journal
                .append(stream, expected, vec![event], rows)
                .await
            {
                Ok(_) => return Ok(after),
                Err(Error::Conflict { .. }) => {}
                Err(error) => return Err(error.problem()),
            }
        }
        Err(contended())
    }
}

fn no_such_account() -> Problem {
    Problem::new(
        "user-unknown",
        "user",
        "",
        "there is no such account",
        "add it first",
    )
}

fn incomplete() -> Problem {
    Problem::new(
        "user-incomplete",
        "name",
        "",
        "the account needs a name and a role of a person",
        "fill in both",
    )
}

/// Roles of those who work here.
pub(super) const fn is_of_staff(role: Role) -> bool {
    !matches!(role, Role::Program | Role::Patient)
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
