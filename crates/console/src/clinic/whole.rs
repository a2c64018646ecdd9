//! One patient's stream as a file for other programs: every event as it was written, with the
//! link of the chain that seals it. Whom an alarm was told is left out: that is others' data.

use record::Stored;
use serde::Serialize;
use serde_json::value::RawValue;
use si::Problem;
use uuid::Uuid;

use super::Clinic;

/// An event that names somebody on call, with their telephone.
const TOLD: &str = "notified";
/// The form of the file.
const SCHEMA: &str = "annulus.record/1";

#[derive(Serialize)]
struct Whole<'a> {
    schema: &'static str,
    clinic: &'a str,
    patient: Uuid,
    at: String,
    events: Vec<One>,
}

#[derive(Serialize)]
struct One {
    sequence: u64,
    at: String,
    kind: String,
    v: u16,
    by: Uuid,
    /// None once it was erased, and none of whom an alarm was told.
    event: Option<Box<RawValue>>,
    /// The chain up to and including this event, hex.
    link: String,
}

impl Clinic {
    /// Everything on record of a patient, as JSON.
    ///
    /// # Errors
    /// The journal cannot be read, or holds an event that is no JSON.
    pub async fn whole(&self, patient: Uuid) -> Result<Vec<u8>, Problem> {
        let events = self.journal.read(patient).await;
        let events = events.map_err(|e| e.problem())?;
        let events = events.into_iter().map(one).collect::<Result<_, _>>();
        let whole = Whole {
            schema: SCHEMA,
            clinic: &self.settings.name,
            patient,
            at: self.now().to_string(),
            events: events.map_err(|error| unreadable(&error))?,
        };
        serde_json::to_vec_pretty(&whole).map_err(|error| unreadable(&error))
    }
}

fn one(stored: Stored) -> Result<One, serde_json::Error> {
    let event = stored.payload.as_deref().filter(|_| stored.kind != TOLD);
    let event = event.map(serde_json::from_slice);
    Ok(One {
        sequence: stored.sequence,
        at: stored.at.to_string(),
        kind: stored.kind,
        v: stored.v,
        by: stored.actor,
        event: event.transpose()?,
        link: hex::encode(stored.link),
    })
}

fn unreadable(error: &serde_json::Error) -> Problem {
    let what = error.to_string();
    Problem::new("event-unreadable", "record", "", what, "verify the journal")
}
