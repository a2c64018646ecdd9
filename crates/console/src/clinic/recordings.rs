//! A session's recording, sealed once in the stream of the patient it is of.

use jiff::Timestamp;
use record::recording::{Format, Recording, Sealed};
use record::{Error, Location, Request, sha256};
use si::Problem;
use std::path::Path;
use table::blackbox::Contents;
use traction::frame::Frame;
use uuid::Uuid;

use super::files::TRIES;
use super::{Clinic, Patient};
use crate::aside::aside;
use crate::bedside::from_parquet;
use crate::random;

impl Clinic {
    /// Registers a recording on the patient's stream, with the Parquet file beside it
    /// where there is one, unless that was done before.
    ///
    /// # Errors
    /// The journal; a stream that others keep moving.
    pub async fn register_recording(
        &self,
        patient: Uuid,
        recording: &Recording,
        parquet: Option<&Sealed>,
    ) -> Result<(), Problem> {
        for _ in 0..TRIES {
            let known = self.journal.recording(recording.session).await;
            if known.map_err(|e| e.problem())?.is_some() {
                return Ok(());
            }
            let request = self.of_program(patient).await?;
            let asked = self
                .journal
                .register_recording(&request, recording, parquet);
            match asked.await {
                Ok(_) => return self.chart(patient).await.map(|_| ()),
                Err(Error::Conflict { .. }) => {}
                Err(error) => return Err(error.problem()),
            }
        }
        Err(super::files::contended())
    }

    /// Leaves of a registered recording its Parquet only, which gave back a raw file of
    /// this SHA-256.
    ///
    /// # Errors
    /// The journal; a stream that others keep moving.
    pub async fn archive_recording(
        &self,
        patient: Uuid,
        recording: &Recording,
        (folder, parquet): (&Path, &str),
        rebuilt: [u8; 32],
    ) -> Result<(), Problem> {
        for _ in 0..TRIES {
            let request = self.of_program(patient).await?;
            let place = (folder, parquet);
            match self
                .journal
                .archive(&request, recording, place, rebuilt)
                .await
            {
                Ok(_) => return self.chart(patient).await.map(|_| ()),
                Err(Error::Conflict { .. }) => {}
                Err(error) => return Err(error.problem()),
            }
        }
        Err(super::files::contended())
    }

    /// The frames of a session, as they were sealed; none where no recording is kept here.
    ///
    /// # Errors
    /// The journal; a file that is not what was sealed.
    pub async fn frames(&self, session: Uuid) -> Result<Option<Vec<Frame>>, Problem> {
        let found = self.journal.recording(session).await;
        let Some((_, recording)) = found.map_err(|e| e.problem())? else {
            return Ok(None);
        };
        let file = self.folder().join("recordings").join(&recording.file);
        let name = recording.file.clone();
        let shared = matches!(self.journal.location(), Location::Database(_));
        if shared && !file.exists() {
            let what = "is kept at the server beside its table, and not at this one";
            let remedy = "look at this page there, or bring it back from that server's backup";
            let problem = Problem::new("recording-elsewhere", "recordings", name, what, remedy);
            return Err(problem);
        }
        let read = aside("recording", move || decoded(&file, &recording)).await;
        read.ok_or_else(|| lost(&name, "could not be read"))?
            .map(Some)
    }

    /// What the program itself asks of a patient's stream, as it stands now.
    async fn of_program(&self, patient: Uuid) -> Result<Request, Problem> {
        Ok(Request {
            stream: Patient(patient).stream(),
            expected: self.chart(patient).await?.sequence,
            why: "a session of this patient".into(),
            actor: Uuid::nil(),
            at: Timestamp::now(),
            salt: random::bytes(),
        })
    }
}

/// The frames of a file, raw or Parquet, that is still the one that was sealed.
fn decoded(file: &Path, recording: &Recording) -> Result<Vec<Frame>, Problem> {
    let refused = |what: &str| lost(&recording.file, what);
    let bytes = std::fs::read(file).map_err(|error| refused(&error.to_string()))?;
    if sha256(&bytes) != recording.sha256 {
        return Err(refused("is not the file that was sealed"));
    }
    let raw = match recording.format {
        Format::Frames => bytes,
        Format::Parquet => from_parquet(file)?,
    };
    let contents = Contents::read(&raw)?;
    let frames: Option<Vec<Frame>> = contents.frames().map(Frame::decode).collect();
    frames.ok_or_else(|| refused("holds a frame that is none"))
}

fn lost(name: &str, what: &str) -> Problem {
    let remedy = "annulus journal verify names what changed; bring it back from a backup";
    Problem::new("recording-lost", "recordings", name, what, remedy)
}
