//! Group commit: one task gathers waiting appends into one transaction.
//!
//! Each request is all-or-nothing inside the transaction (a savepoint) and is
//! answered only after the commit, so an acknowledged event is durable. One
//! `fsync` serves every request that waited for it, which is what carries many
//! small appends a second on a slow disk.

use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::event::Stored;
use crate::journal::Append;
use crate::lock::Lock;
use crate::store::Store;
use crate::{Error, Result};

/// Requests that wait before callers are held back.
const WAITING: usize = 1024;
/// Payloads that wait before callers are held back, KiB.
const ROOM_KIB: u32 = 64 << 10;
/// Requests in one transaction.
const BATCH: usize = 256;

/// What each request is answered.
pub(crate) type Answer = Result<Vec<Vec<Stored>>>;

struct Request {
    appends: Vec<Append>,
    answer: oneshot::Sender<Answer>,
}

/// Takes requests for the writing task.
#[derive(Clone)]
pub(crate) struct Sender {
    requests: mpsc::Sender<Request>,
    room: Arc<Semaphore>,
}

/// The writing task.
#[derive(Debug)]
pub(crate) struct Writer {
    requests: mpsc::Sender<Request>,
    room: Arc<Semaphore>,
    task: JoinHandle<()>,
}

impl Writer {
    pub(crate) fn sender(&self) -> Sender {
        Sender {
            requests: self.requests.clone(),
            room: self.room.clone(),
        }
    }

    /// Waits until everything accepted is written.
    pub(crate) async fn finish(self) {
        drop(self.requests);
        let _ = self.task.await;
    }
}

/// Starts the task; it holds the store's lock, if there is one, until its last request is answered.
pub(crate) fn start(store: Arc<Store>, lock: Option<Lock>) -> Writer {
    let (requests, waiting) = mpsc::channel(WAITING);
    let task = tokio::spawn(async move {
        serve(&store, waiting).await;
        drop(lock);
    });
    let room = Arc::new(Semaphore::new(ROOM_KIB as usize));
    Writer {
        requests,
        room,
        task,
    }
}

/// Hands a request to the task and waits for its commit.
pub(crate) async fn submit(sender: Sender, appends: Vec<Append>) -> Answer {
    let size = kib(&appends);
    let _room = sender.room.acquire_many(size).await;
    let (answer, answered) = oneshot::channel();
    let request = Request { appends, answer };
    let sent = sender.requests.send(request).await;
    sent.map_err(|_| Error::Closed)?;
    answered.await.map_err(|_| Error::Closed)?
}

/// How much room a request takes; one that needs more than all gets all.
fn kib(appends: &[Append]) -> u32 {
    let events = appends.iter().flat_map(|append| &append.events);
    let bytes: usize = events.map(|event| event.payload.len()).sum();
    u32::try_from(bytes / 1024 + 1).map_or(ROOM_KIB, |kib| kib.min(ROOM_KIB))
}

async fn serve(store: &Store, mut waiting: mpsc::Receiver<Request>) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let (appends, answers): (Vec<_>, Vec<_>) =
            batch.drain(..).map(|r| (r.appends, r.answer)).unzip();
        match store.commit(&appends).await {
            Ok(results) => {
                for (answer, result) in answers.into_iter().zip(results) {
                    let _ = answer.send(result);
                }
            }
            Err(error) => {
                tracing::error!(%error, "journal commit failed");
                for answer in answers {
                    let _ = answer.send(Err(Error::Commit(error.to_string())));
                }
            }
        }
    }
}
