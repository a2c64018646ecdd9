//! What comes in over a client's connection: answers to their callers, statuses to whoever looks.

use super::ClientError;
use crate::wire::{Addressed, Reader, Reply, Status};
use std::collections::BTreeMap;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(super) type Answer = (Reply, Vec<u8>);
pub(super) type Waiting = Arc<Mutex<BTreeMap<u32, SyncSender<Answer>>>>;

/// The newest pushed status; older ones that nobody fetched are dropped.
#[derive(Default)]
pub(super) struct Newest {
    slot: Mutex<(Option<Status>, bool)>,
    changed: Condvar,
}

impl Newest {
    /// Whether the connection is over: nothing asked from now on is answered.
    pub(super) fn is_over(&self) -> bool {
        lock(&self.slot).1
    }

    /// Takes it, waiting for one if need be.
    pub(super) fn take(&self, timeout: Duration) -> Result<Option<Status>, ClientError> {
        let slot = lock(&self.slot);
        let waiting = |slot: &mut (Option<Status>, bool)| slot.0.is_none() && !slot.1;
        let (mut slot, _) = self
            .changed
            .wait_timeout_while(slot, timeout, waiting)
            .unwrap_or_else(PoisonError::into_inner);
        match slot.0.take() {
            None if slot.1 => Err(ClientError::Closed),
            status => Ok(status),
        }
    }
}

/// Sorts what comes in until the connection ends.
pub(super) struct Sorter {
    pub(super) waiting: Waiting,
    pub(super) newest: Arc<Newest>,
}

impl Sorter {
    pub(super) fn run(self, stream: UnixStream) {
        let mut reader = Reader::new(stream);
        while let Ok(Some(frame)) = reader.read() {
            let Ok(addressed) = frame.message::<Addressed>() else {
                break;
            };
            self.sort(addressed, frame.blob);
        }
        // Whoever still waits learns that the connection is over.
        lock(&self.newest.slot).1 = true;
        lock(&self.waiting).clear();
        self.newest.changed.notify_all();
    }

    fn sort(&self, addressed: Addressed, blob: Vec<u8>) {
        match (addressed.re, addressed.reply) {
            (Some(re), reply) => {
                if let Some(answered) = lock(&self.waiting).remove(&re) {
                    let _ = answered.try_send((reply, blob));
                }
            }
            (None, Reply::Status(status)) => {
                lock(&self.newest.slot).0 = Some(*status);
                self.newest.changed.notify_all();
            }
            (None, _) => {}
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
