//! Writing the audit stream: one task, many notes in one append, and again where another server
//! wrote first.

use std::collections::BTreeSet;

use jiff::Timestamp;
use record::{Error, Journal, NewEvent, Row, Rows, Stream};
use si::Problem;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::super::own;
use super::Access;
use super::index::{Index, Key, Span, keys};

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
            stands: None,
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
    /// The line up to which the rows at hand are true; none before it was asked.
    stands: Option<u64>,
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
            let expected = self.expected().await?;
            let put = self.rows(batch, expected).await?;
            let remove = Vec::new();
            let rows = Rows::Change { put, remove };
            let append = self
                .journal
                .append(self.stream, expected, events.clone(), rows);
            match append.await {
                Ok(made) => {
                    self.stands = Some(made.last().map_or(expected, |last| last.sequence));
                    return Ok(());
                }
                // Another server wrote since: what is at hand counts lines that were not written,
                // and lacks the other's.
                Err(Error::Conflict { .. }) => self.forget(),
                Err(error) => {
                    self.forget();
                    return Err(error);
                }
            }
        }
        Err(Error::Invalid {
            place: "audit",
            what: "other servers write without a pause".to_owned(),
        })
    }

    fn forget(&mut self) {
        self.index = Index::default();
        self.stands = None;
    }

    /// The last line of the stream, as far as this server knows; asked where it does not.
    async fn expected(&mut self) -> Result<u64, Error> {
        if let Some(stands) = self.stands {
            return Ok(stands);
        }
        let stream = self.journal.stream(self.stream.id).await?;
        let stands = stream.map_or(0, |info| info.sequence);
        self.stands = Some(stands);
        Ok(stands)
    }

    /// The rows of the index that are others after these lines.
    async fn rows(&mut self, batch: &[Note], expected: u64) -> Result<Vec<Row>, Error> {
        if self.index.len() > KEPT {
            self.index = Index::default();
        }
        let keys = batch.iter().flat_map(|note| keys(note.at, &note.access));
        let touched: BTreeSet<Key> = keys.collect();
        let mut before = Vec::with_capacity(touched.len());
        for key in touched {
            let stood = match self.index.get(&key) {
                Some(span) => Some(span),
                None => self.stored(&key).await?,
            };
            before.push((key, stood));
        }
        for (sequence, note) in (expected + 1..).zip(batch) {
            self.index.add(sequence, note.at, &note.access);
        }
        Ok(self.index.changed(before))
    }

    /// A row that is not at hand.
    async fn stored(&mut self, key: &Key) -> Result<Option<Span>, Error> {
        let row = self.journal.row(key.0, &key.1, self.stream.id).await?;
        let span = row.and_then(|row| serde_json::from_slice(&row.body).ok());
        if let Some(span) = span {
            self.index.known(key.clone(), span);
        }
        Ok(span)
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
