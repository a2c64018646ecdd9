//! What the clinic's own stream says of one thing: folded when it is asked for, from where it
//! was folded last.

use std::sync::Arc;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use si::Problem;
use tokio::sync::Mutex;

use super::Clinic;

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
pub(super) struct Kept<T>(Mutex<(Arc<T>, u64)>);

impl Clinic {
    /// It as of now, and the last event of the stream that was read for it.
    pub(super) async fn follow<T: Told>(&self, kept: &Kept<T>) -> Result<(Arc<T>, u64), Problem> {
        let mut kept = kept.0.lock().await;
        let (all, sequence) = &mut *kept;
        loop {
            let stream = self.streams.clinic.id;
            let page = self.journal.read_after(stream, *sequence, PAGE).await;
            let page = page.map_err(|e| e.problem())?;
            let Some(last) = page.last() else {
                return Ok((Arc::clone(all), *sequence));
            };
            for stored in page.iter().filter(|stored| stored.kind == T::KIND) {
                if let Some(payload) = &stored.payload {
                    let entry = super::open::read(payload)?;
                    Arc::make_mut(all).told(stored.at, &entry);
                }
            }
            *sequence = last.sequence;
        }
    }
}
