//! The audit stream: who read or wrote whose record, through which route.
//!
//! Notes of many requests go into one append (group commit), and a request is
//! answered only once its note is durable.

use jiff::Timestamp;
use record::{Error, Journal, Rows, Stream};
use serde::{Deserialize, Serialize};
use si::Problem;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::{Clinic, own};
use crate::door::route::{Note as When, Route, Verb};
use crate::door::{Fault, Visit};

/// The kind of an audit event, with its newest version.
pub(super) const KIND: (&str, u16) = ("accessed", 1);
/// Notes that may wait; more make requests wait.
const WAITING: usize = 1024;

/// One visit to a record.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Access {
    /// The user's stream; nobody for a personal link.
    pub user: Option<Uuid>,
    /// In which role.
    pub role: String,
    /// Whose record.
    pub patient: Uuid,
    /// `read` or `write`.
    pub act: String,
    /// The route, without what varies in it.
    pub route: String,
    /// Ties it to the log.
    pub correlation: Uuid,
}

/// A note and whoever waits for it.
pub struct Note {
    access: Access,
    at: Timestamp,
    done: oneshot::Sender<bool>,
}

impl std::fmt::Debug for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Note")
            .field("correlation", &self.access.correlation)
            .finish_non_exhaustive()
    }
}

/// Where notes go.
pub(super) struct Writer(mpsc::Sender<Note>);

impl Writer {
    /// Starts the task that appends them.
    pub(super) fn start(journal: Journal, stream: Stream) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(run(journal, stream, receiver));
        Self(sender)
    }
}

async fn run(journal: Journal, stream: Stream, mut notes: mpsc::Receiver<Note>) {
    let mut batch = Vec::new();
    while notes.recv_many(&mut batch, WAITING).await > 0 {
        let written = append(&journal, stream, &batch).await;
        if let Err(error) = &written {
            tracing::error!(%error, "the audit log could not be written");
        }
        for note in batch.drain(..) {
            // A client that went away waits for nothing.
            let _ = note.done.send(written.is_ok());
        }
    }
}

async fn append(journal: &Journal, stream: Stream, batch: &[Note]) -> Result<(), Error> {
    let expected = journal
        .stream(stream.id)
        .await?
        .map_or(0, |info| info.sequence);
    let invalid = |problem: Problem| Error::Invalid {
        place: "audit",
        what: problem.log(),
    };
    let events = batch
        .iter()
        .map(|note| {
            own(
                KIND.0,
                note.at,
                note.access.user.unwrap_or(Uuid::nil()),
                &note.access,
            )
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(invalid)?;
    journal
        .append(stream, expected, events, Rows::Keep)
        .await
        .map(|_| ())
}

impl Clinic {
    /// Notes that a visit touched a patient's record; without the note, no answer.
    pub async fn note_access(&self, visit: &Visit, route: &Route) -> Result<(), Fault> {
        let patient = visit.patient()?;
        // A look ahead is a form, and reads.
        let verb = match route.note {
            When::First => Verb::Get,
            _ => route.method,
        };
        self.note(visit, patient, route.path, verb).await
    }

    /// The same for a personal link, whose path does not name the patient.
    pub async fn note(
        &self,
        visit: &Visit,
        patient: Uuid,
        route: &str,
        verb: Verb,
    ) -> Result<(), Fault> {
        let access = Access {
            user: visit.login.as_ref().map(|login| login.user),
            role: visit
                .role()
                .map_or("link", care::episode::Role::as_str)
                .to_owned(),
            patient,
            act: if verb == Verb::Get { "read" } else { "write" }.to_owned(),
            route: route.to_owned(),
            correlation: visit.correlation,
        };
        let (done, written) = oneshot::channel();
        let note = Note {
            access,
            at: Timestamp::now(),
            done,
        };
        self.audit
            .0
            .send(note)
            .await
            .map_err(|_| Fault::internal("the audit log is closed"))?;
        match written.await {
            Ok(true) => Ok(()),
            _ => Err(Fault::internal("the audit log could not be written")),
        }
    }

    /// The last accesses, newest first.
    pub async fn accesses(&self, last: u32) -> Result<Vec<(Timestamp, Access)>, Problem> {
        let id = self.streams.audit.id;
        let end = self
            .journal
            .stream(id)
            .await
            .map_err(|e| e.problem())?
            .map_or(0, |s| s.sequence);
        let events = self
            .journal
            .read_after(id, end.saturating_sub(u64::from(last)), last)
            .await
            .map_err(|e| e.problem())?;
        let read = |stored: &record::Stored| {
            let access = serde_json::from_slice(stored.payload.as_deref()?).ok()?;
            Some((stored.at, access))
        };
        Ok(events.iter().rev().filter_map(read).collect())
    }
}
