//! Which letters were sent, as the clinic's own stream keeps it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use si::Problem;
use uuid::Uuid;

use super::Clinic;
use super::follow::Told;

/// The event of one try.
pub(super) const KIND: &str = "mail-tried";
/// A letter that is not taken is tried again after a minute, then after twice as long, up to
/// this many; no more than so often (ours).
const LONGEST_MINUTES: i64 = 15;
const TRIES: u32 = 20;
/// Where there are more letters than these, older ones than this are forgotten: what they are
/// about is long over (ours).
const MANY: usize = 10_000;
const OLD_DAYS: i64 = 60;
/// So many of the last tries are listed.
const LISTED: usize = 100;

/// What a letter is about; one of each is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum About {
    /// Somebody on call is told of an alarm.
    Alarm {
        /// Whose.
        patient: Uuid,
        /// Its number.
        alert: u32,
        /// Which of its notifications, from 1.
        attempt: u32,
    },
    /// A patient is asked for a check-in.
    Reminder {
        /// Who.
        patient: Uuid,
        /// After which session.
        session: Uuid,
        /// Which check-in.
        number: u8,
    },
}

/// One try to send a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailed {
    /// What it is about.
    #[serde(flatten)]
    pub about: About,
    /// To which address, where it is one of the staff's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Why it was not taken, where it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// Every letter that was tried.
#[derive(Clone, Debug, Default)]
pub struct MailLog {
    letters: BTreeMap<About, Standing>,
    last: Vec<(Timestamp, Mailed)>,
}

#[derive(Clone, Copy, Debug)]
struct Standing {
    sent: bool,
    tries: u32,
    at: Timestamp,
}

impl Told for MailLog {
    const KIND: &'static str = KIND;
    type Entry = Mailed;

    fn told(&mut self, at: Timestamp, tried: &Mailed) {
        let letter = self.letters.entry(tried.about).or_insert(Standing {
            sent: false,
            tries: 0,
            at,
        });
        letter.sent |= tried.failed.is_none();
        letter.tries += 1;
        letter.at = at;
        if self.letters.len() > MANY {
            let old = SignedDuration::from_hours(24 * OLD_DAYS);
            self.letters
                .retain(|_, letter| at.duration_since(letter.at) < old);
        }
        self.last.push((at, tried.clone()));
        if self.last.len() > LISTED {
            self.last.remove(0);
        }
    }
}

impl MailLog {
    /// Whether a letter is to be sent now: it was not, and the last try is long enough ago.
    #[must_use]
    pub fn wants(&self, about: &About, now: Timestamp) -> bool {
        let Some(letter) = self.letters.get(about) else {
            return true;
        };
        let minutes = 1_i64 << letter.tries.saturating_sub(1).min(10);
        let wait = SignedDuration::from_mins(minutes.min(LONGEST_MINUTES));
        !letter.sent && letter.tries < TRIES && now.duration_since(letter.at) >= wait
    }

    /// The last tries, the latest first.
    pub fn last(&self) -> impl Iterator<Item = &(Timestamp, Mailed)> {
        self.last.iter().rev()
    }
}

impl Clinic {
    /// Notes that a letter was tried.
    pub(crate) async fn note_mail(&self, tried: &Mailed) -> Result<(), Problem> {
        let (at, by) = (self.now(), super::program().id);
        self.append_own_at(at, by, KIND, tried).await
    }

    /// The letters so far.
    pub async fn mail_log(&self) -> Result<Arc<MailLog>, Problem> {
        Ok(self.follow(&self.mail).await?.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{About, MailLog, Mailed, TRIES, Told as _};
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    fn tried(failed: bool) -> Mailed {
        Mailed {
            about: About::Alarm {
                patient: Uuid::nil(),
                alert: 1,
                attempt: 2,
            },
            to: Some("somebody@clinic.example".to_owned()),
            failed: failed.then(|| "nobody there".to_owned()),
        }
    }

    #[test]
    fn a_letter_is_tried_again_ever_less_often_and_never_once_it_was_taken() {
        let (mut log, mut at) = (MailLog::default(), Timestamp::UNIX_EPOCH);
        let about = tried(true).about;
        let mut waits = Vec::new();
        for _ in 0..TRIES {
            let mut waited = 0;
            while !log.wants(&about, at) {
                at += SignedDuration::from_mins(1);
                waited += 1;
            }
            waits.push(waited);
            log.told(at, &tried(true));
        }
        assert_eq!(waits[..7], [0, 1, 2, 4, 8, 15, 15]);
        assert!(
            !log.wants(&about, at + SignedDuration::from_hours(99)),
            "at last it is given up"
        );

        let mut log = MailLog::default();
        log.told(at, &tried(true));
        log.told(at, &tried(false));
        assert!(!log.wants(&about, at + SignedDuration::from_hours(99)));
        let next = About::Alarm {
            patient: Uuid::nil(),
            alert: 1,
            attempt: 3,
        };
        assert!(log.wants(&next, at), "the next contact is another letter");
    }

    #[test]
    fn a_try_is_kept_as_it_was_first_written() {
        let written = serde_json::to_string(&tried(true)).unwrap();
        assert_eq!(
            written,
            r#"{"about":"alarm","patient":"00000000-0000-0000-0000-000000000000","alert":1,"attempt":2,"to":"somebody@clinic.example","failed":"nobody there"}"#
        );
        assert_eq!(
            serde_json::from_str::<Mailed>(&written).unwrap(),
            tried(true)
        );
    }
}
