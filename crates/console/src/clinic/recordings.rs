//! A session's recording, sealed once in the stream of the patient it is of.

use jiff::Timestamp;
use record::recording::{Recording, Sealed};
use record::{Error, Request};
use si::Problem;
use std::path::Path;
use uuid::Uuid;

use super::files::TRIES;
use super::{Clinic, Patient};
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
