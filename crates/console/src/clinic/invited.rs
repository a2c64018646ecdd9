//! The link by which a patient makes an account of their own, or a new password for it.
//!
//! It is made from the clinic's key, the patient and how their accounts stand: nothing is kept,
//! it ends by itself, and whatever happens to an account ends it: that it is made, gets another
//! password, is closed. Whoever makes one has seen who the patient is.

use jiff::{SignedDuration, Timestamp};
use si::Problem;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::{Clinic, User};

/// How long an invitation answers *(ours: the patient is there, or at home that evening)*.
pub const LIFE: SignedDuration = SignedDuration::from_hours(24);
/// Hex digits of a patient, and of a second.
const PATIENT: usize = 32;
const SECOND: usize = 10;

/// Who was invited.
#[derive(Debug)]
pub struct Invited {
    /// Whose record it is.
    pub patient: Uuid,
    /// Their account, where they have one: it gets a new password.
    pub account: Option<User>,
}

impl Clinic {
    /// The token of an invitation that is made now.
    ///
    /// # Errors
    /// The patient has died, or their record was erased.
    pub async fn invitation(&self, patient: Uuid) -> Result<String, Problem> {
        if !self.may_have_one(patient).await? {
            return Err(Problem::new(
                "no-account",
                "patient",
                "",
                "this record has no patient who could read it",
                "give a copy on paper to whoever has a right to it",
            ));
        }
        let until = self.now().as_second() + LIFE.as_secs();
        let accounts = self.accounts_of(patient).await?;
        Ok(self.invitation_until(patient, &accounts, until))
    }

    /// Whether a record has a patient who may have an account: not once they died, nor once it
    /// was erased.
    pub async fn may_have_one(&self, patient: Uuid) -> Result<bool, Problem> {
        if !self.knows(patient).await? {
            return Ok(false);
        }
        let chart = self.chart(patient).await?;
        Ok(chart.episode.number > 0 && !chart.episode.deceased)
    }

    fn invitation_until(&self, patient: Uuid, accounts: &[User], until: i64) -> String {
        let mut stand: Vec<(Uuid, u64)> = accounts.iter().map(|a| (a.id, a.sequence)).collect();
        stand.sort_unstable();
        let words = format!("account of {} until {until} {stand:?}", patient.simple());
        let secret = self.key().secret(&words);
        format!("{}{until:010x}{secret}", patient.simple())
    }

    /// Who is invited by a token, while it answers.
    pub async fn invited(&self, token: &str) -> Result<Option<Invited>, Problem> {
        let Some((patient, until)) = parts(token) else {
            return Ok(None);
        };
        let ends = Timestamp::from_second(until).unwrap_or(Timestamp::MIN);
        let accounts = self.accounts_of(patient).await?;
        let ours = self.invitation_until(patient, &accounts, until);
        let fits = bool::from(ours.as_bytes().ct_eq(token.as_bytes()));
        if !fits || self.now() >= ends || !self.may_have_one(patient).await? {
            return Ok(None);
        }
        let account = accounts.into_iter().find(|account| !account.closed);
        Ok(Some(Invited { patient, account }))
    }
}

fn parts(token: &str) -> Option<(Uuid, i64)> {
    let patient = Uuid::try_parse(token.get(..PATIENT)?).ok()?;
    let until = i64::from_str_radix(token.get(PATIENT..PATIENT + SECOND)?, 16).ok()?;
    Some((patient, until))
}
