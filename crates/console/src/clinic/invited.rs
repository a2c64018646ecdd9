//! The link by which a patient makes an account of their own, or a new password for it.
//!
//! It is made from the clinic's key, the patient and their password of now: nothing is kept,
//! it ends by itself, and using it ends it. Whoever makes one has seen who the patient is.

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
    pub async fn invitation(&self, patient: Uuid) -> Result<String, Problem> {
        let until = self.now().as_second() + LIFE.as_secs();
        let account = self.account_of(patient).await?;
        Ok(self.invitation_until(patient, account.as_ref(), until))
    }

    fn invitation_until(&self, patient: Uuid, account: Option<&User>, until: i64) -> String {
        let password = account.map_or("none", |user| user.password.as_str());
        let words = format!("account of {} until {until} {password}", patient.simple());
        let secret = self.key().secret(&words);
        format!("{}{until:010x}{secret}", patient.simple())
    }

    /// Who is invited by a token, while it answers.
    pub async fn invited(&self, token: &str) -> Result<Option<Invited>, Problem> {
        let Some((patient, until)) = parts(token) else {
            return Ok(None);
        };
        let ends = Timestamp::from_second(until).unwrap_or(Timestamp::MIN);
        let account = self.account_of(patient).await?;
        let ours = self.invitation_until(patient, account.as_ref(), until);
        let fits = bool::from(ours.as_bytes().ct_eq(token.as_bytes()));
        let answers = fits && self.now() < ends && self.knows(patient);
        Ok(answers.then_some(Invited { patient, account }))
    }
}

fn parts(token: &str) -> Option<(Uuid, i64)> {
    let patient = Uuid::try_parse(token.get(..PATIENT)?).ok()?;
    let until = i64::from_str_radix(token.get(PATIENT..PATIENT + SECOND)?, 16).ok()?;
    Some((patient, until))
}
