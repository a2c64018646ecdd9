//! What sessions teach the next plan: learned beside the pages, once a session.
//!
//! ```text
//! end on record, recording kept, no lesson ──▶ due (Episode::unlearned)
//! due ──▶ chart as permitted + recording ──▶ care::lesson::learn (own thread) ──▶ spine-learned
//! ```
//! A server that was stopped in between finds the same sessions due when it comes back,
//! and `care` refuses a second lesson of one session. Only records of which something is due
//! are opened. It waits while a table pulls, and nothing waits for it. What
//! cannot be read from the disk just now is tried again later; what teaches nothing is
//! recorded as that.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use care::episode::{Command, Episode};
use care::lesson::{Because, Heard, Lesson, Silence};
use jiff::SignedDuration;
use record::Location;
use si::Problem;
use table::measured::Measured;
use uuid::Uuid;

use crate::aside::aside;
use crate::bedside::{Bedside, recording, stored};
use crate::clinic::{Clinic, program};

/// Between two looks at what is due.
const PAUSE: Duration = Duration::from_secs(5);
/// A recording that no server had for so long is missing (ours: longer than a server is off).
const MISSING: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The code of the problem of a recording that another server may keep.
const ELSEWHERE: &str = "recording-elsewhere";
/// After which a session whose learning failed is tried again.
const AGAIN: Duration = Duration::from_secs(600);

/// Learns from whatever is due, for as long as it is polled.
pub async fn run(clinic: Arc<Clinic>, bedside: Option<Bedside>) {
    let mut learner = Learner::default();
    loop {
        tokio::time::sleep(PAUSE).await;
        let mut more = true;
        while more && !bedside.as_ref().is_some_and(Bedside::pulls) {
            more = match learner.one(&clinic).await {
                Ok(learned) => learned.is_some(),
                Err(problem) if problem.code == ELSEWHERE => true,
                Err(problem) => {
                    tracing::warn!(problem = %problem.log(), "a session could not be learned from yet");
                    false
                }
            };
        }
    }
}

/// Learns, one session after the other.
#[derive(Debug, Default)]
pub struct Learner {
    /// When what failed was tried.
    failed: BTreeMap<Uuid, Instant>,
}

impl Learner {
    /// Learns from the session that has been due longest; says which, if there was one.
    ///
    /// # Errors
    /// The journal, the disk, or a lesson that the record refuses; the session stays due.
    pub async fn one(&mut self, clinic: &Clinic) -> Result<Option<Uuid>, Problem> {
        self.failed.retain(|_, tried| tried.elapsed() < AGAIN);
        let mut due = clinic.unlearned().await?.into_iter();
        let Some((patient, session)) = due.find(|(_, id)| !self.failed.contains_key(id)) else {
            return Ok(None);
        };
        let learned = learn(clinic, patient, session).await;
        if learned.is_err() {
            self.failed.insert(session, Instant::now());
        }
        learned.map(|()| Some(session))
    }
}

async fn learn(clinic: &Clinic, patient: Uuid, session: Uuid) -> Result<(), Problem> {
    let now = clinic.chart(patient).await?;
    let (granted, _) = clinic.permitted(patient, session).await?;
    let file = recording(clinic.folder(), &session.simple().to_string());
    let others = may_be_elsewhere(clinic, &now.episode, session);
    let work = move || lesson(&now.episode, &granted, session, (&file, others));
    let lesson = aside("lesson", work).await;
    let lesson = lesson.unwrap_or_else(|| Err(unheard("the computation ended without an answer")));
    let command = Command::LearnSpine(lesson?);
    clinic.act(patient, &program(), command).await.map(|_| ())
}

/// Whether another server may keep the recording: one of several keeps it, and teaches. What none
/// has after some days is missing.
fn may_be_elsewhere(clinic: &Clinic, now: &Episode, session: Uuid) -> bool {
    let ended = now.session(session).and_then(|session| session.ended);
    let recent = ended.is_none_or(|ended| clinic.now().duration_since(ended) < MISSING);
    recent && matches!(clinic.journal().location(), Location::Database(_))
}

fn lesson(
    now: &Episode,
    granted: &Episode,
    session: Uuid,
    (file, others): (&Path, bool),
) -> Result<Lesson, Problem> {
    let measured = hear(now, session, file)?;
    let missing = |silence: &Silence| silence.because == Because::RecordingMissing;
    if others && measured.as_ref().is_err_and(missing) {
        let (what, remedy) = ("is not kept at this server", "another one learns from it");
        return Err(Problem::new(ELSEWHERE, "recording", "", what, remedy));
    }
    let heard = measured.as_ref().map(|measured| Heard {
        session: Uuid::from_bytes(measured.session),
        region: measured.region,
        simulated: measured.simulated,
        samples: measured.samples(),
    });
    care::lesson::learn(now, granted, session, heard.map_err(Clone::clone))
}

/// The recording, if it is the one on record; a disk that cannot answer now is an error.
fn hear(now: &Episode, session: Uuid, file: &Path) -> Result<Result<Measured, Silence>, Problem> {
    let bytes = match stored(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Err(Because::RecordingMissing.said("")));
        }
        Err(error) => return Err(unheard(&error.to_string())),
    };
    let summary = now.session(session).and_then(|of| of.summary.as_ref());
    let digest = hex::encode(record::sha256(&bytes));
    if summary.and_then(|summary| summary.recording_sha256.as_ref()) != Some(&digest) {
        return Ok(Err(Because::RecordingAltered.said("")));
    }
    Ok(Measured::read(&bytes).map_err(|problem| {
        let detail = format!("{}: {}", problem.place, problem.problem);
        Because::RecordingUnfit.said(detail)
    }))
}

fn unheard(what: &str) -> Problem {
    let remedy = "it is tried again in ten minutes";
    Problem::new("lesson", "recording", "", what, remedy)
}
