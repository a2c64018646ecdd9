//! Telling followers what was committed: in commit order, each event once.
//!
//! What this process commits is told straight away. Where another process came
//! between (or, on PostgreSQL, told of it by the server), what is missing is
//! read from the store first, so that no follower meets a gap.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{Mutex, broadcast};

use crate::Result;
use crate::event::{Stored, StreamKind};
use crate::journal::Announcement;
use crate::store::Store;

/// Announcements that a slow follower may fall behind before it must read again.
const ANNOUNCED: usize = 4096;
/// Events read from the store at a time.
const PAGE: u32 = 256;

/// Who tells the followers.
#[derive(Debug)]
pub(crate) struct Announcer {
    sender: broadcast::Sender<Announcement>,
    /// Position of the last event that was told.
    last: Mutex<u64>,
    /// Position of the last event that this process committed, or found at its start, but for
    /// lines of the audit log.
    moved: AtomicU64,
}

impl Default for Announcer {
    fn default() -> Self {
        Self::after(0)
    }
}

impl Announcer {
    /// Tells of what comes after a position.
    pub(crate) fn after(position: u64) -> Self {
        Self {
            sender: broadcast::channel(ANNOUNCED).0,
            last: Mutex::new(position),
            moved: AtomicU64::new(position),
        }
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Announcement> {
        self.sender.subscribe()
    }

    /// Tells of events that this process has just committed, in order.
    pub(crate) async fn committed(&self, store: &Store, made: &[&Stored]) {
        let Some(first) = made.first() else {
            return;
        };
        let of_records = made
            .iter()
            .filter(|one| one.stream.kind != StreamKind::Audit);
        if let Some(moved) = of_records.map(|one| one.position).max() {
            self.moved.fetch_max(moved, Ordering::AcqRel);
        }
        let mut last = self.last.lock().await;
        // Others came between; where they cannot be read now, these wait with them.
        if first.position > *last + 1 && self.read(store, &mut last).await.is_err() {
            return;
        }
        for event in made {
            if event.position == *last + 1 {
                self.tell(&mut last, announcement(event));
            }
        }
    }

    /// Position of the last event that is no line of the audit log, as far as this process knows.
    pub(crate) fn moved(&self) -> u64 {
        self.moved.load(Ordering::Acquire)
    }

    /// Whether this process committed nothing after a position but lines of the audit log.
    pub(crate) fn quiet_since(&self, position: u64) -> bool {
        self.moved() <= position
    }

    /// Tells of everything that others have committed meanwhile.
    pub(crate) async fn catch_up(&self, store: &Store) -> Result<()> {
        self.read(store, &mut *self.last.lock().await).await
    }

    async fn read(&self, store: &Store, last: &mut u64) -> Result<()> {
        loop {
            let page = store.announcements(*last, PAGE).await?;
            if page.is_empty() {
                return Ok(());
            }
            for next in page {
                self.tell(last, next);
            }
        }
    }

    /// Nobody following is no error.
    fn tell(&self, last: &mut u64, next: Announcement) {
        *last = next.position;
        let _ = self.sender.send(next);
    }
}

fn announcement(event: &Stored) -> Announcement {
    Announcement {
        position: event.position,
        stream: event.stream,
        sequence: event.sequence,
        kind: event.kind.clone(),
    }
}
