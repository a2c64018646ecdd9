//! What is kept of a patient, for how long, and how it ends: a hold, its end, and erasure.
//!
//! Erasure takes what the record says and leaves that there was one (ENGINEERING.md §4): the
//! events of the patient's stream, of accounts of their own, and recordings of their sessions.
//! Appointments, the mail log and the audit log name a record by a random id alone; they stay.
//! So do the words with which somebody restricted the record, opened it or reviewed that: they
//! account for who may look and who looked, and the pages that ask for them say so.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use record::{Error, Request, Retention, Stream, StreamKind};
use serde::Deserialize;
use si::Problem;
use uuid::Uuid;

use super::rows::Rows;
use super::{Clinic, Patient};
use crate::random;

/// How long the record of a patient is kept after its last event, where a clinic says nothing
/// *(ours: laws ask for six to ten years, and for longer of children)*.
pub const RETENTION_YEARS: u16 = 10;
/// A granted session may still be armed for so long, or run.
const SESSION: SignedDuration = SignedDuration::from_hours(14);
/// Times a request is made anew.
const TRIES: u32 = 8;

/// What is kept of a patient.
#[derive(Debug)]
pub struct Keeping {
    /// Events on record.
    pub events: u64,
    /// The last of them.
    pub last: Option<Timestamp>,
    /// Until when the law keeps them, where a retention period is set.
    pub until: Option<Timestamp>,
    /// Since when and why they are held.
    pub held: Option<(Timestamp, String)>,
    /// Whether they were erased, and why.
    pub erased: Option<(Timestamp, String)>,
}

/// What an erasure ended, and what it could not end.
#[derive(Debug)]
pub struct Gone {
    /// The patient's own accounts: their logins end with them.
    pub accounts: Vec<Uuid>,
    /// Recordings that could not be deleted, by name. All else is gone.
    pub left: Option<Problem>,
}

/// What is asked of the journal.
#[derive(Clone, Copy)]
enum Wish {
    Hold,
    Lift,
    Erase,
}

#[derive(Deserialize)]
struct Why {
    why: String,
}

impl Clinic {
    /// What is kept of a patient.
    pub async fn keeping(&self, patient: Uuid) -> Result<Keeping, Problem> {
        let events = self.journal.read(patient).await;
        let events = events.map_err(|e| e.problem())?;
        let mut keeping = Keeping {
            events: events.len() as u64,
            last: events.last().map(|event| event.at),
            until: None,
            held: None,
            erased: None,
        };
        for event in &events {
            let why = || {
                let why = event.payload.as_deref().map(serde_json::from_slice::<Why>);
                (
                    event.at,
                    why.and_then(Result::ok)
                        .map_or_else(String::new, |said| said.why),
                )
            };
            match event.kind.as_str() {
                "hold" => keeping.held = Some(why()),
                "hold-lifted" => keeping.held = None,
                "erased" => keeping.erased = Some(why()),
                // Somebody came back: a new record under the old id.
                _ => {}
            }
        }
        let period = retention(self.settings.retention_years, self.demo);
        keeping.until = period
            .zip(keeping.last)
            .and_then(|(retention, last)| last.saturating_add(retention.period).ok());
        Ok(keeping)
    }

    /// Holds a record: nobody erases it until the hold is lifted.
    pub async fn hold_record(&self, by: Uuid, patient: Uuid, why: &str) -> Result<(), Problem> {
        let stream = Patient(patient).stream();
        self.request(stream, by, why, Wish::Hold).await.map(|_| ())
    }

    /// Ends a hold.
    pub async fn lift_hold(&self, by: Uuid, patient: Uuid, why: &str) -> Result<(), Problem> {
        let stream = Patient(patient).stream();
        self.request(stream, by, why, Wish::Lift).await.map(|_| ())
    }

    /// Erases a record, the patient's own accounts and the recordings of their sessions.
    ///
    /// # Errors
    /// A hold, a retention period, a session that may still run: nothing is gone then.
    pub async fn erase_record(&self, by: Uuid, patient: Uuid, why: &str) -> Result<Gone, Problem> {
        self.refuse_running(patient).await?;
        let accounts = self.accounts_of(patient).await?;
        let stream = Patient(patient).stream();
        // What may be refused is asked before anything is gone; the accounts go first, so that an
        // erasure that was cut short is begun again by the name that the record still has.
        self.may_erase(patient, why).await?;
        for account in &accounts {
            let stream = Stream::new(StreamKind::User, account.id);
            self.request(stream, by, why, Wish::Erase).await?;
        }
        let files = self.request(stream, by, why, Wish::Erase).await?;
        // Another server may keep them.
        let told = self.says_erased(&files).await;
        self.charts().remove(&patient);
        let folder = self.folder().join("recordings");
        let left = files.iter().filter(|file| !delete(&folder.join(file)));
        let left: Vec<&str> = left.map(String::as_str).collect();
        Ok(Gone {
            accounts: accounts.into_iter().map(|account| account.id).collect(),
            left: match left.is_empty() {
                true => told.err(),
                false => Some(recordings_left(&left)),
            },
        })
    }

    async fn refuse_running(&self, patient: Uuid) -> Result<(), Problem> {
        let chart = self.chart(patient).await?;
        let since = self.now() - SESSION;
        let mut sessions = chart.episode.all_sessions();
        if sessions.any(|session| session.ended.is_none() && session.granted > since) {
            return Err(Problem::new(
                "session-open",
                "session",
                "",
                "a session of this patient was granted and has not ended",
                "close it at the table, or wait until it can be armed no more",
            ));
        }
        Ok(())
    }

    /// Whether the journal would erase a record now, as far as can be known before.
    async fn may_erase(&self, patient: Uuid, why: &str) -> Result<(), Problem> {
        said(why)?;
        let kept = self.keeping(patient).await?;
        let runs = kept.until.filter(|until| Timestamp::now() < *until);
        let period = retention(self.settings.retention_years, self.demo).filter(|_| runs.is_some());
        let kept = kept.held.map(|(_, why)| why);
        match kept.or_else(|| period.map(|period| period.why)) {
            None => Ok(()),
            Some(why) => Err(Error::Kept {
                stream: patient,
                why,
            }
            .problem()),
        }
    }

    /// Asks the journal, and again where somebody wrote first; the files that are left to delete.
    async fn request(
        &self,
        stream: Stream,
        by: Uuid,
        why: &str,
        wish: Wish,
    ) -> Result<Vec<String>, Problem> {
        said(why)?;
        for _ in 0..TRIES {
            let stood = self
                .journal
                .stream(stream.id)
                .await
                .map_err(|e| e.problem())?;
            let request = Request {
                stream,
                expected: stood.map_or(0, |info| info.sequence),
                why: why.trim().to_owned(),
                actor: by,
                at: Timestamp::now(),
                salt: random::bytes(),
            };
            let done = match wish {
                Wish::Hold => self.journal.hold(&request).await.map(|_| Vec::new()),
                Wish::Lift => self.journal.lift_hold(&request).await.map(|_| Vec::new()),
                Wish::Erase => {
                    let erased = self.journal.erase(&request, &Rows).await;
                    erased.map(|erased| erased.files)
                }
            };
            match done {
                Ok(files) => return Ok(files),
                Err(Error::Conflict { .. }) => {}
                Err(error) => return Err(error.problem()),
            }
        }
        Err(super::files::contended())
    }
}

fn said(why: &str) -> Result<(), Problem> {
    if !why.trim().is_empty() {
        return Ok(());
    }
    let remedy = "say why, without naming anybody: the reason is kept for ever";
    Err(Problem::new(
        "reason-missing",
        "reason",
        "",
        "is not said",
        remedy,
    ))
}

fn recordings_left(names: &[&str]) -> Problem {
    Problem::new(
        "recording-left",
        "recordings",
        names.join(", "),
        "could not be deleted; the record itself is erased",
        "delete these files in the folder of recordings by hand",
    )
}

/// A file that is not there is deleted.
pub(super) fn delete(path: &Path) -> bool {
    match std::fs::remove_file(path) {
        Ok(()) => true,
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// The period that a clinic keeps records for; invented patients have none.
pub(super) fn retention(years: u16, demo: bool) -> Option<Retention> {
    const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24 + 6);
    (years > 0 && !demo).then(|| Retention {
        kind: StreamKind::Patient,
        period: YEAR * i32::from(years),
        why: format!("records are kept for {years} years after the last entry"),
    })
}
