//! A session's recording, sealed once in the stream of the patient it is of.

use jiff::Timestamp;
use record::recording::Recording;
use record::{Error, Request};
use si::Problem;
use uuid::Uuid;

use super::files::TRIES;
use super::{Clinic, Patient};
use crate::random;

impl Clinic {
    /// Registers a recording on the patient's stream, unless that was done before.
    ///
    /// # Errors
    /// The journal; a stream that others keep moving.
    pub async fn register_recording(
        &self,
        patient: Uuid,
        recording: &Recording,
    ) -> Result<(), Problem> {
        for _ in 0..TRIES {
            let known = self.journal.recording(recording.session).await;
            if known.map_err(|e| e.problem())?.is_some() {
                return Ok(());
            }
            let request = Request {
                stream: Patient(patient).stream(),
                expected: self.chart(patient).await?.sequence,
                why: "a session of this patient".into(),
                actor: Uuid::nil(),
                at: Timestamp::now(),
                salt: random::bytes(),
            };
            match self.journal.register_recording(&request, recording).await {
                Ok(_) => return self.chart(patient).await.map(|_| ()),
                Err(Error::Conflict { .. }) => {}
                Err(error) => return Err(error.problem()),
            }
        }
        Err(super::files::contended())
    }
}
