//! Who is logged in: random session tokens, kept only as hashes, in memory.
//! A restart logs everybody out; nothing clinical depends on it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::random;
use crate::role::Role;

/// A login that nobody used for this long ends *(ours: a working half-day)*.
pub const IDLE: Duration = Duration::from_secs(4 * 3600);
/// No login lasts longer *(ours: a working day)*.
pub const LONGEST: Duration = Duration::from_secs(12 * 3600);

/// What a login has to do before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Whose records it opened, each noted in the audit log.
    opened: Arc<Mutex<BTreeSet<Uuid>>>,
    since: Instant,
    used: Instant,
}

/// A person who has shown their password.
#[derive(Clone, Debug)]
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
}

/// All logins of this process.
#[derive(Debug, Default)]
pub struct Logins {
    open: Mutex<BTreeMap<[u8; 32], Login>>,
}

impl Logins {
    /// Opens a login and returns its secret, which only the browser keeps.
    pub fn open(&self, person: Person, now: Instant) -> String {
        let secret = random::token();
        let login = Login {
            user: person.user,
            name: person.name,
            role: person.role,
            patient: person.patient,
            first: person.first,
            csrf: random::token(),
            opened: Arc::default(),
            since: now,
            used: now,
        };
        let mut open = self.lock();
        open.retain(|_, login| login.lives(now));
        open.insert(digest(&secret), login);
        secret
    }

    /// The login behind a secret, if it still lives.
    pub fn find(&self, secret: &str, now: Instant) -> Option<Login> {
        let mut open = self.lock();
        let login = open
            .get_mut(&digest(secret))
            .filter(|login| login.lives(now))?;
        login.used = now;
        Some(login.clone())
    }

    /// The same without using it.
    pub fn peek(&self, secret: &str, now: Instant) -> Option<Login> {
        let open = self.lock();
        let login = open.get(&digest(secret))?;
        login.lives(now).then(|| login.clone())
    }

    /// Ends one login.
    pub fn close(&self, secret: &str) {
        self.lock().remove(&digest(secret));
    }

    /// Ends every login of a user: a new password, a new role, a leaver.
    pub fn close_all(&self, user: Uuid) {
        self.lock().retain(|_, login| login.user != user);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<[u8; 32], Login>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
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

    fn records(&self) -> MutexGuard<'_, BTreeSet<Uuid>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lives(&self, now: Instant) -> bool {
        now.duration_since(self.used) < IDLE && now.duration_since(self.since) < LONGEST
    }
}

fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> Person {
        Person {
            user: Uuid::from_u128(1),
            name: "Ada".into(),
            role: Role::Practitioner,
            patient: None,
            first: None,
        }
    }

    #[test]
    fn a_login_ends_when_idle_when_old_and_when_closed() {
        let (logins, now) = (Logins::default(), Instant::now());
        let secret = logins.open(person(), now);
        assert!(
            logins
                .find(&secret, now + IDLE - Duration::from_secs(1))
                .is_some()
        );
        assert!(logins.find(&secret, now + IDLE * 2).is_none());
        let secret = logins.open(person(), now);
        logins.close(&secret);
        assert!(logins.find(&secret, now).is_none());
    }

    #[test]
    fn a_look_keeps_no_login_alive() {
        let (logins, now) = (Logins::default(), Instant::now());
        let secret = logins.open(person(), now);
        assert!(logins.peek(&secret, now + IDLE / 2).is_some());
        assert!(logins.peek(&secret, now + IDLE).is_none());
        assert!(logins.find(&secret, now + IDLE).is_none());
    }

    #[test]
    fn use_does_not_carry_a_login_past_its_longest_life() {
        let (logins, now) = (Logins::default(), Instant::now());
        let secret = logins.open(person(), now);
        for hour in 1..12 {
            assert!(
                logins
                    .find(&secret, now + Duration::from_secs(3600 * hour))
                    .is_some()
            );
        }
        assert!(logins.find(&secret, now + LONGEST).is_none());
    }
}
