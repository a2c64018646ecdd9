//! Who is logged in: random session tokens, kept only as hashes, at every server of the clinic.
//!
//! A clinic in an SQLite file has one server: its logins are in memory, and a restart logs
//! everybody out. Servers that share a database keep them in it: who logs in at one is known at
//! all, and a login that ends anywhere has ended everywhere with the next request. Nothing
//! clinical depends on it. What lowers force waits for no database: a login that was seen here a
//! moment ago is taken at its word.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use record::Journal;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use si::Problem;
use uuid::Uuid;

use crate::clinic::User;
use crate::random;
use crate::role::Role;

/// A login that nobody used for this long ends *(ours: a working half-day)*.
pub const IDLE: Duration = Duration::from_secs(4 * 3600);
/// No login lasts longer *(ours: a working day)*.
pub const LONGEST: Duration = Duration::from_secs(12 * 3600);
/// Use is written down once in so long: [`IDLE`] is so exact *(ours)*.
const USED: Duration = Duration::from_secs(60);
/// How long what lowers force waits for the database *(ours: nobody notices it)*.
const PATIENCE: Duration = Duration::from_millis(250);
/// How long it is taken for logged in who was, while the database does not answer *(ours: a
/// restart of the database is over by then)*.
const REMEMBERED: Duration = Duration::from_secs(60);
/// Logins that this server remembers at most *(ours)*.
const KEPT: usize = 10_000;
/// Where they are among what servers share.
const SPACE: &str = "login";

/// What a login has to do before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum First {
    /// Choose a password of their own: somebody else chose the present one.
    Password,
    /// Set up a second factor: this clinic asks for one.
    SecondFactor,
}

impl First {
    /// The page where it is done.
    #[must_use]
    pub const fn page(self) -> &'static str {
        match self {
            Self::Password => "/account",
            Self::SecondFactor => "/account/second-factor",
        }
    }
}

/// One person at one browser.
#[derive(Clone, Debug)]
pub struct Login {
    /// The stream of the user.
    pub user: Uuid,
    /// The name pages show.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// For a patient, the only patient they see.
    pub patient: Option<Uuid>,
    /// What they have to do before anything else.
    pub first: Option<First>,
    /// The token every form of this login carries.
    pub csrf: String,
    /// Whose records it opened at this server, each noted in the audit log.
    opened: Arc<Mutex<BTreeSet<Uuid>>>,
}

/// A person who has shown their password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Person {
    /// The stream of the user.
    pub user: Uuid,
    /// The name pages show.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// For a patient, the only patient they see.
    pub patient: Option<Uuid>,
    /// What they have to do before anything else.
    pub first: Option<First>,
    /// The last event of the account that the login knows of.
    pub stand: u64,
}

/// A login as servers share it.
#[derive(Serialize, Deserialize)]
struct Kept {
    person: Person,
    csrf: String,
    /// Seconds since 1970 at which it was opened.
    since: i64,
}

/// All logins of the clinic.
#[derive(Debug)]
pub struct Logins {
    journal: Journal,
    seen: Mutex<BTreeMap<[u8; 32], Seen>>,
}

/// A login as this server saw it last.
#[derive(Debug)]
struct Seen {
    login: Login,
    at: Instant,
    used: Instant,
}

impl Logins {
    /// Those of the clinic with this journal.
    #[must_use]
    pub fn of(journal: Journal) -> Self {
        Self {
            journal,
            seen: Mutex::default(),
        }
    }

    /// Opens a login and returns its secret, which only the browser keeps.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn open(&self, person: Person) -> Result<String, Problem> {
        let (secret, user) = (random::token(), person.user);
        let kept = Kept {
            person,
            csrf: random::token(),
            since: Timestamp::now().as_second(),
        };
        let bytes = serde_json::to_vec(&kept).map_err(|_| unreadable())?;
        let (key, shared) = (digest(&secret), self.journal.shared());
        let put = shared.put(SPACE, &key, (user, &bytes), IDLE);
        put.await.map_err(|e| e.problem())?;
        Ok(secret)
    }

    /// The login behind a secret, if it still lives; this uses it.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn find(&self, secret: &str) -> Result<Option<Login>, Problem> {
        self.look(secret, true).await
    }

    /// The same without using it.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn peek(&self, secret: &str) -> Result<Option<Login>, Problem> {
        self.look(secret, false).await
    }

    /// The same for what no database may hold up: where it does not answer at once, the login as
    /// it was a moment ago.
    pub async fn recall(&self, secret: &str) -> Option<Login> {
        match tokio::time::timeout(PATIENCE, self.find(secret)).await {
            Ok(Ok(found)) => found,
            Ok(Err(_)) | Err(_) => {
                let seen = self.seen();
                let seen = seen.get(&digest(secret));
                let seen = seen.filter(|seen| seen.at.elapsed() < REMEMBERED)?;
                Some(seen.login.clone())
            }
        }
    }

    async fn look(&self, secret: &str, uses: bool) -> Result<Option<Login>, Problem> {
        let (key, shared) = (digest(secret), self.journal.shared());
        let found = shared.get(SPACE, &key).await.map_err(|e| e.problem())?;
        let Some(found) = found else {
            self.seen().remove(&key);
            return Ok(None);
        };
        let kept: Kept = serde_json::from_slice(&found.value).map_err(|_| unreadable())?;
        let age = Timestamp::now().as_second().saturating_sub(kept.since);
        let Some(life) = life(age) else {
            return Ok(None);
        };
        let (login, due) = self.see(key, kept, uses);
        if due {
            let kept = shared.keep(SPACE, &key, life).await;
            kept.map_err(|e| e.problem())?;
        }
        Ok(Some(login))
    }

    /// The login, and whether its use is to be written down.
    fn see(&self, key: [u8; 32], kept: Kept, uses: bool) -> (Login, bool) {
        let (mut seen, now) = (self.seen(), Instant::now());
        if seen.len() > KEPT {
            seen.retain(|_, seen| now.duration_since(seen.at) < REMEMBERED);
        }
        let known = seen.get(&key);
        let due = uses && known.is_none_or(|known| now.duration_since(known.used) >= USED);
        let used = known.filter(|_| !due).map_or(now, |known| known.used);
        let opened = known.map(|known| Arc::clone(&known.login.opened));
        let login = kept.login(opened.unwrap_or_default());
        let at = Seen {
            login: login.clone(),
            at: now,
            used,
        };
        seen.insert(key, at);
        (login, due)
    }

    /// Ends one login.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn close(&self, secret: &str) -> Result<(), Problem> {
        let key = digest(secret);
        self.seen().remove(&key);
        let gone = self.journal.shared().remove(SPACE, &key).await;
        gone.map_err(|e| e.problem())
    }

    /// Ends every login of a user: a new password, a new role, a leaver.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn close_all(&self, user: Uuid) -> Result<(), Problem> {
        self.seen().retain(|_, seen| seen.login.user != user);
        let gone = self.journal.shared().remove_of(SPACE, user).await;
        gone.map_err(|e| e.problem())
    }

    /// Ends what no longer goes by the account as it is: whoever changed it, at whichever server,
    /// or with a program beside them. `changed` is the event that asks everybody to log in again,
    /// if one does.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn heed(
        &self,
        id: Uuid,
        user: Option<&User>,
        changed: Option<u64>,
    ) -> Result<(), Problem> {
        let shared = self.journal.shared();
        let logins = shared.of(SPACE, id).await.map_err(|e| e.problem())?;
        for (key, value) in logins {
            let kept: Kept = serde_json::from_slice(&value).map_err(|_| unreadable())?;
            if !kept.person.holds(user, changed) {
                let gone = shared.remove(SPACE, &key).await;
                gone.map_err(|e| e.problem())?;
            }
        }
        Ok(())
    }

    fn seen(&self) -> MutexGuard<'_, BTreeMap<[u8; 32], Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Person {
    /// Whether a login still says what is true of its account.
    fn holds(&self, user: Option<&User>, changed: Option<u64>) -> bool {
        let current = |user: &User| {
            !user.closed && (user.role, user.name.as_str()) == (self.role, self.name.as_str())
        };
        user.is_some_and(current) && changed.is_none_or(|changed| changed <= self.stand)
    }
}

impl Kept {
    fn login(self, opened: Arc<Mutex<BTreeSet<Uuid>>>) -> Login {
        let Self { person, csrf, .. } = self;
        Login {
            user: person.user,
            name: person.name,
            role: person.role,
            patient: person.patient,
            first: person.first,
            csrf,
            opened,
        }
    }
}

impl Login {
    /// A visit to this record is in the audit log.
    pub fn opens(&self, patient: Uuid) {
        self.records().insert(patient);
    }

    /// Whether one is.
    #[must_use]
    pub fn has_opened(&self, patient: Uuid) -> bool {
        self.records().contains(&patient)
    }

    /// Whether it looks at a list for the first time: the words say which.
    #[must_use]
    pub fn looks(&self, list: &str) -> bool {
        let digest = Sha256::digest(list.as_bytes());
        let list = Uuid::from_slice(&digest[..16]).unwrap_or_default();
        self.records().insert(list)
    }

    fn records(&self) -> MutexGuard<'_, BTreeSet<Uuid>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long a login of this age, s, lives on when it is used now; none when it is over.
fn life(age: i64) -> Option<Duration> {
    let age = Duration::from_secs(u64::try_from(age).unwrap_or(0));
    let left = LONGEST.checked_sub(age).filter(|left| !left.is_zero())?;
    Some(left.min(IDLE))
}

fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

fn unreadable() -> Problem {
    let (problem, remedy) = ("cannot be read", "log in again");
    Problem::new("login-unreadable", "login", "", problem, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::OpenOptions;

    async fn logins() -> (tempfile::TempDir, Logins) {
        let folder = tempfile::tempdir().unwrap();
        let options = OpenOptions::new().create(Uuid::from_u128(1));
        let journal = Journal::open(folder.path().join("journal"), options).await;
        (folder, Logins::of(journal.unwrap()))
    }

    fn person() -> Person {
        Person {
            user: Uuid::from_u128(1),
            name: "Ada".into(),
            role: Role::Practitioner,
            patient: None,
            first: None,
            stand: 3,
        }
    }

    fn account() -> User {
        let json = serde_json::json!({
            "id": Uuid::from_u128(1), "login": "ada", "name": "Ada", "role": "practitioner",
            "password": "", "sequence": 3
        });
        serde_json::from_value(json).unwrap()
    }

    #[tokio::test]
    async fn a_login_lives_until_it_is_closed_and_every_one_of_a_user_with_all() {
        let (_folder, logins) = logins().await;
        let (one, other) = (
            logins.open(person()).await.unwrap(),
            logins.open(person()).await.unwrap(),
        );
        assert!(logins.find("no secret").await.unwrap().is_none());
        let found = logins.find(&one).await.unwrap().unwrap();
        found.opens(Uuid::from_u128(9));
        let again = logins.peek(&one).await.unwrap().unwrap();
        assert!(again.has_opened(Uuid::from_u128(9)));
        assert_eq!(again.csrf, found.csrf);
        logins.close(&one).await.unwrap();
        assert!(logins.find(&one).await.unwrap().is_none());
        assert!(
            logins.recall(&one).await.is_none(),
            "the end is not forgotten"
        );
        assert!(logins.find(&other).await.unwrap().is_some());
        logins.close_all(Uuid::from_u128(1)).await.unwrap();
        assert!(logins.find(&other).await.unwrap().is_none());
    }

    #[test]
    fn use_carries_a_login_on_but_not_past_its_longest_life() {
        assert_eq!(life(0), Some(IDLE));
        assert_eq!(
            life(9 * 3600),
            Some(LONGEST - Duration::from_secs(9 * 3600))
        );
        assert_eq!(life(12 * 3600), None);
        assert_eq!(life(-5), Some(IDLE), "another server's clock may be ahead");
    }

    #[tokio::test]
    async fn a_login_ends_when_its_account_is_closed_or_becomes_another() {
        let (_folder, logins) = logins().await;
        let id = Uuid::from_u128(1);
        let lives = async |user: Option<&User>, changed| {
            let secret = logins.open(person()).await.unwrap();
            logins.heed(id, user, changed).await.unwrap();
            logins.find(&secret).await.unwrap().is_some()
        };
        assert!(lives(Some(&account()), None).await);
        assert!(
            lives(Some(&account()), Some(3)).await,
            "it was opened after that"
        );
        assert!(!lives(Some(&account()), Some(4)).await, "another password");
        assert!(!lives(None, None).await);
        let mut changed = account();
        changed.role = Role::Administrator;
        assert!(!lives(Some(&changed), None).await);
        let mut closed = account();
        closed.closed = true;
        assert!(!lives(Some(&closed), None).await);
    }
}
