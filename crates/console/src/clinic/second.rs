//! A second factor: codes by time on a device, and ten on paper for when it is lost.
//!
//! The secret of a device is made from the clinic's key, the account and a number that is drawn
//! once; the store holds the number alone. Whoever copies the store has no code of it. Codes on
//! paper are kept as digests under the same key. A code that was used is an event of the account:
//! no server takes it a second time.

use data_encoding::BASE32_NOPAD;
use jiff::{SignedDuration, Timestamp};
use si::Problem;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::users::{Change, SecondRemoved, SecondSet, SecondUsed};
use super::{Clinic, User};
use crate::door::totp::{self, SECRET, Secret};
use crate::random;

/// Codes on paper *(ours)*.
const ON_PAPER: usize = 10;
/// How long a password that fitted waits for its code *(ours)*.
const HALF: SignedDuration = SignedDuration::from_mins(5);
/// Hex digits of an account, and of a second.
const ACCOUNT: usize = 32;
const SECOND: usize = 10;

/// What a device is given; nothing is kept before it showed that it has it.
#[derive(Debug)]
pub struct Offer {
    /// Drawn for it.
    pub nonce: String,
    /// The secret as people type it.
    pub typed: String,
    /// What the picture says.
    pub address: String,
}

impl Clinic {
    /// Something for a device to keep.
    #[must_use]
    pub fn offer_second(&self, user: &User, nonce: Option<&str>) -> Offer {
        let nonce = nonce.filter(|nonce| is_nonce(nonce));
        let nonce = nonce.map_or_else(random::token, str::to_owned);
        let secret = self.second_secret(user.id, &nonce);
        Offer {
            typed: totp::typed(&secret),
            address: totp::address(&secret, &self.settings().name, &user.login),
            nonce,
        }
    }

    /// Asks for a second factor from now on, and tells the codes for paper, once.
    ///
    /// # Errors
    /// The code is not the one that the device shows now; one is asked for already: it is removed
    /// first, with a code of its own.
    pub async fn set_second(
        &self,
        user: &User,
        nonce: &str,
        code: &str,
    ) -> Result<Vec<String>, Problem> {
        let secret = self.second_secret(user.id, nonce);
        let now = Timestamp::now().as_second();
        let step = totp::step_of(&secret, code, now, 0).filter(|_| is_nonce(nonce));
        let step = step.ok_or_else(wrong)?;
        let paper: Vec<String> = (0..ON_PAPER).map(|_| on_paper()).collect();
        let digests = paper.iter().map(|code| self.paper_digest(user.id, code));
        let change = Change::SecondSet(SecondSet {
            nonce: nonce.to_owned(),
            paper: digests.collect(),
            step,
        });
        let first = |user: Option<&User>| match user {
            Some(user) if user.second.is_none() => Ok(change.clone()),
            _ => Err(there()),
        };
        self.change_user(user.id, user.id, first).await?;
        Ok(paper)
    }

    /// Uses a code, of the device or of the paper; none is taken twice.
    ///
    /// # Errors
    /// It is neither, or was used before.
    pub async fn use_second(&self, user: &User, sent: &str) -> Result<User, Problem> {
        let now = Timestamp::now().as_second();
        self.change_user(user.id, user.id, |user| {
            let user = user.filter(|user| !user.closed).ok_or_else(wrong)?;
            let second = user.second.as_ref().ok_or_else(wrong)?;
            let secret = self.second_secret(user.id, &second.nonce);
            if let Some(step) = totp::step_of(&secret, sent, now, second.last_step) {
                return Ok(Change::SecondUsed(SecondUsed {
                    step: Some(step),
                    paper: None,
                }));
            }
            let digest = self.paper_digest(user.id, sent);
            let is_it = |one: &&String| bool::from(one.as_bytes().ct_eq(digest.as_bytes()));
            let paper = second.paper.iter().find(is_it).ok_or_else(wrong)?;
            Ok(Change::SecondUsed(SecondUsed {
                step: None,
                paper: Some(paper.clone()),
            }))
        })
        .await
    }

    /// Asks for no second factor any more: the device is lost, or another takes its place.
    pub async fn remove_second(&self, by: Uuid, user: &User) -> Result<User, Problem> {
        self.change_user(user.id, by, |_| Ok(Change::SecondRemoved(SecondRemoved {})))
            .await
    }

    /// What a browser carries from the password to the code.
    #[must_use]
    pub fn half_login(&self, user: &User) -> String {
        self.half_until(user, (Timestamp::now() + HALF).as_second())
    }

    fn half_until(&self, user: &User, until: i64) -> String {
        // A code that was used, or another password, ends it.
        let stand = (&user.password, user.sequence);
        let words = format!("half login of {} until {until} {stand:?}", user.id.simple());
        let secret = self.key().secret(&words);
        format!("{}{until:010x}{secret}", user.id.simple())
    }

    /// Whose password fitted a moment ago.
    pub async fn behind_half(&self, token: &str) -> Result<Option<User>, Problem> {
        let id = token.get(..ACCOUNT).and_then(|id| Uuid::try_parse(id).ok());
        let until = token.get(ACCOUNT..ACCOUNT + SECOND);
        let until = until.and_then(|digits| i64::from_str_radix(digits, 16).ok());
        let (Some(id), Some(until)) = (id, until) else {
            return Ok(None);
        };
        let user = self.user(id).await?.filter(|user| !user.closed);
        Ok(user.filter(|user| {
            let ours = self.half_until(user, until);
            let fits = bool::from(ours.as_bytes().ct_eq(token.as_bytes()));
            fits && Timestamp::now().as_second() < until
        }))
    }

    fn second_secret(&self, user: Uuid, nonce: &str) -> Secret {
        let words = format!("second factor of {} {nonce}", user.simple());
        let mut secret = [0; SECRET];
        secret.copy_from_slice(&self.key().digest(&words)[..SECRET]);
        secret
    }

    fn paper_digest(&self, user: Uuid, code: &str) -> String {
        let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        let code = code.to_ascii_lowercase();
        self.key()
            .secret(&format!("code on paper of {} {code}", user.simple()))
    }
}

/// Ten letters and digits: 50 bits, behind a password and a throttle.
fn on_paper() -> String {
    let code = BASE32_NOPAD.encode(&random::bytes::<7>()).to_lowercase();
    format!("{}-{}", &code[..5], &code[5..10])
}

fn is_nonce(nonce: &str) -> bool {
    nonce.len() == 32 && nonce.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn there() -> Problem {
    Problem::new(
        "second-factor-there",
        "code",
        "",
        "a second factor is asked for already",
        "remove it first, with a code of it or of your paper",
    )
}

fn wrong() -> Problem {
    Problem::new(
        "code-wrong",
        "code",
        "",
        "is not the code of now, or was used before",
        "wait for the next code of your device and type it; each counts once",
    )
}
