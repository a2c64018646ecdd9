//! Writing the audit stream: one task, many notes in one append, and again where another server
//! wrote first.

use jiff::Timestamp;
use record::{Error, Journal, NewEvent, Rows, Stream};
use si::Problem;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::super::own;
use super::Access;
use super::index::{Index, Key, keys};

/// Notes that may wait; more make requests wait.
const WAITING: usize = 1024;
/// Times a batch is appended anew; each time another server's counts.
const TRIES: u32 = 20;
/// Rows of the index that are kept at hand.
const KEPT: usize = 50_000;

/// A note and whoever waits for it.
pub struct Note {
    access: Access,
    at: Timestamp,
    done: oneshot::Sender<bool>,
}

impl Note {
    /// A note of now.
    pub(super) fn new(access: Access, done: oneshot::Sender<bool>) -> Self {
        Self {
            access,
            at: Timestamp::now(),
            done,
        }
    }
}

impl std::fmt::Debug for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Note")
            .field("correlation", &self.access.correlation)
            .finish_non_exhaustive()
    }
}

/// Where notes go.
pub(in crate::clinic) struct Writer(mpsc::Sender<Note>);

impl Writer {
    /// Starts the task that appends them.
    pub(in crate::clinic) fn start(journal: Journal, stream: Stream) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let book = Book {
            journal,
            stream,
            index: Index::default(),
            stands: 0,
        };
        tokio::spawn(book.run(receiver));
        Self(sender)
    }

    pub(super) async fn send(&self, note: Note) -> Result<(), mpsc::error::SendError<Note>> {
        self.0.send(note).await
    }
}

/// The stream, and the rows of it that were written of late.
struct Book {
    journal: Journal,
    stream: Stream,
    index: Index,
    /// The line up to which the rows at hand are true.
    stands: u64,
}

impl Book {
    async fn run(mut self, mut notes: mpsc::Receiver<Note>) {
        let mut batch = Vec::new();
        while notes.recv_many(&mut batch, WAITING).await > 0 {
            let written = self.append(&batch).await;
            if let Err(error) = &written {
                tracing::error!(%error, "the audit log could not be written");
            }
            for note in batch.drain(..) {
                // A client that went away waits for nothing.
                let _ = note.done.send(written.is_ok());
            }
        }
    }

    async fn append(&mut self, batch: &[Note]) -> Result<(), Error> {
        let events = events(batch)?;
        for _ in 0..TRIES {
            let stood = self.journal.stream(self.stream.id).await?;
            let expected = stood.map_or(0, |info| info.sequence);
            // Another server wrote since: what is at hand lacks its lines.
            if expected != self.stands {
                self.index = Index::default();
            }
            let rows = self.rows(batch, expected).await?;
            let append = self
                .journal
                .append(self.stream, expected, events.clone(), rows);
            match append.await {
                Ok(made) => {
                    self.stands = made.last().map_or(expected, |last| last.sequence);
                    return Ok(());
                }
                // What is at hand counts lines that were not written, and lacks another's.
                Err(Error::Conflict { .. }) => self.index = Index::default(),
                Err(error) => {
                    self.index = Index::default();
                    return Err(error);
                }
            }
        }
        Err(Error::Invalid {
            place: "audit",
            what: "other servers write without a pause".to_owned(),
        })
    }

    /// The rows of the index after these lines.
    async fn rows(&mut self, batch: &[Note], expected: u64) -> Result<Rows, Error> {
        if self.index.len() > KEPT {
            self.index = Index::default();
        }
        let mut touched: Vec<Key> = batch
            .iter()
            .flat_map(|note| keys(note.at, &note.access))
            .collect();
        touched.sort_unstable();
        touched.dedup();
        for key in touched
            .iter()
            .filter(|key| !self.index.has(key))
            .cloned()
            .collect::<Vec<_>>()
        {
            let row = self.journal.row(key.0, &key.1, self.stream.id).await?;
            if let Some(tally) = row.and_then(|row| serde_json::from_slice(&row.body).ok()) {
                self.index.known(key, tally);
            }
        }
        for (sequence, note) in (expected + 1..).zip(batch) {
            self.index.add(sequence, note.at, &note.access);
        }
        Ok(Rows::Change {
            put: self.index.rows_of(touched),
            remove: Vec::new(),
        })
    }
}

fn events(batch: &[Note]) -> Result<Vec<NewEvent>, Error> {
    let invalid = |problem: Problem| Error::Invalid {
        place: "audit",
        what: problem.log(),
    };
    let event = |note: &Note| {
        let user = note.access.user.unwrap_or(Uuid::nil());
        own(note.access.kind(), note.at, user, &note.access).map_err(invalid)
    };
    batch.iter().map(event).collect()
}
