//! The clinic's own stream: what is written to it, and what it says of one thing, folded when it
//! is asked for from where it was folded last.

use std::sync::Arc;

use jiff::Timestamp;
use record::{Error, Rows};
use serde::Serialize;
use serde::de::DeserializeOwned;
use si::Problem;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::files::{TRIES, contended};
use super::{Clinic, own};

/// Events that are read at once.
const PAGE: u32 = 256;

/// Something that events of one kind in the clinic's stream tell.
pub(super) trait Told: Clone + Default + Send + Sync {
    /// The kind of event.
    const KIND: &'static str;
    /// What one says.
    type Entry: DeserializeOwned;
    /// What is true after one more.
    fn told(&mut self, at: Timestamp, entry: &Self::Entry);
}

/// It, up to an event of the stream.
#[derive(Debug, Default)]
pub(super) struct Kept<T>(Mutex<Folded<T>>);

#[derive(Debug, Default)]
struct Folded<T> {
    all: Arc<T>,
    /// The last event of the stream that was read for it.
    sequence: u64,
    /// Where the journal stood when it was read to its end; 0 before it was.
    moved: u64,
}

impl Clinic {
    /// Appends an event of the clinic's own.
    pub(super) async fn append_own(
        &self,
        by: Uuid,
        kind: &str,
        payload: &impl Serialize,
    ) -> Result<(), Problem> {
        self.append_own_at(Timestamp::now(), by, kind, payload)
            .await
    }

    /// Appends an event of the clinic's own that happened at this instant.
    pub(super) async fn append_own_at(
        &self,
        happened: Timestamp,
        by: Uuid,
        kind: &str,
        payload: &impl Serialize,
    ) -> Result<(), Problem> {
        let stream = self.streams.clinic;
        for _ in 0..TRIES {
            let at = self.journal.stream(stream.id).await;
            let expected = at.map_err(|e| e.problem())?.map_or(0, |info| info.sequence);
            let event = own(kind, happened, by, payload)?;
            let append = self
                .journal
                .append(stream, expected, vec![event], Rows::Keep);
            match append.await {
                Ok(_) => return Ok(()),
                // Somebody else wrote first; this holds after that as well.
                Err(Error::Conflict { .. }) => {}
                Err(error) => return Err(error.problem()),
            }
        }
        Err(contended())
    }

    /// It as of now, and the last event of the stream that was read for it.
    pub(super) async fn follow<T: Told>(&self, kept: &Kept<T>) -> Result<(Arc<T>, u64), Problem> {
        let mut kept = kept.0.lock().await;
        // Most requests of programs and people come when nobody wrote: nothing is asked then.
        if kept.moved > 0 && self.journal.quiet_since(kept.moved) {
            return Ok((Arc::clone(&kept.all), kept.sequence));
        }
        let moved = self.journal.moved_to();
        loop {
            let stream = self.streams.clinic.id;
            let page = self.journal.read_after(stream, kept.sequence, PAGE).await;
            let page = page.map_err(|e| e.problem())?;
            let Some(last) = page.last() else {
                kept.moved = moved;
                return Ok((Arc::clone(&kept.all), kept.sequence));
            };
            for stored in page.iter().filter(|stored| stored.kind == T::KIND) {
                if let Some(payload) = &stored.payload {
                    let entry = super::open::read(payload)?;
                    Arc::make_mut(&mut kept.all).told(stored.at, &entry);
                }
            }
            kept.sequence = last.sequence;
        }
    }
}
