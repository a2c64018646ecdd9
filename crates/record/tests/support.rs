//! A store in a temporary directory, and events to fill it with.

use jiff::Timestamp;
use record::{
    CheckpointKey, Journal, NewEvent, OpenOptions, Projector, Report, Row, Stored, Stream,
    StreamKind, Verify, WholeStream,
};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const STORE: Uuid = Uuid::from_u128(0x1234_5678);

pub(crate) struct Place {
    pub(crate) dir: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            dir: TempDir::new().expect("a temporary directory"),
        }
    }

    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.dir.path().join("journal.db")
    }

    pub(crate) async fn open(&self) -> Journal {
        Journal::open(self.path(), OpenOptions::new().create(STORE))
            .await
            .expect("the store opens")
    }
}

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).expect("an instant")
}

pub(crate) fn patient(n: u128) -> Stream {
    Stream::new(StreamKind::Patient, Uuid::from_u128(n))
}

pub(crate) fn event(kind: &str, payload: &str) -> NewEvent {
    let mut salt = [7; 32];
    for (s, p) in salt.iter_mut().zip(payload.bytes()) {
        *s ^= p;
    }
    NewEvent {
        kind: kind.to_owned(),
        v: 1,
        at: at(0),
        actor: Uuid::from_u128(0xac),
        payload: payload.as_bytes().to_vec(),
        salt,
    }
}

pub(crate) fn row(key: &str, sort: &str, body: &str) -> Row {
    Row::new("notes", key, sort, body)
}

pub(crate) fn key() -> CheckpointKey {
    CheckpointKey::from_seed([9; 32])
}

/// One row per event that still has its payload, and one that counts them all;
/// the journal's own events are passed over.
pub(crate) fn notes(_: Stream, events: &[Stored]) -> Result<Vec<Row>, String> {
    let events: Vec<_> = events.iter().filter(|e| !e.is_own()).collect();
    let count = events.len();
    if count == 0 {
        return Ok(Vec::new());
    }
    let sort = format!("{count:05}");
    let mut rows = vec![Row::new("counts", "events", sort, count.to_string())];
    for event in events {
        if let Some(payload) = &event.payload {
            let text = String::from_utf8(payload.clone()).map_err(|e| e.to_string())?;
            rows.push(row(&event.sequence.to_string(), &text, &text));
        }
    }
    Ok(rows)
}

pub(crate) fn projector() -> impl Projector {
    WholeStream(notes)
}

/// Appends one event and the rows that the projector makes of the stream.
pub(crate) async fn write(journal: &Journal, stream: Stream, text: &str) -> Stored {
    let before = journal.read(stream.id).await.expect("read");
    let mut after = before.clone();
    let new = event("note", text);
    after.push(Stored {
        position: 0,
        stream,
        sequence: before.len() as u64 + 1,
        kind: new.kind.clone(),
        v: 1,
        stored_v: 1,
        at: new.at,
        actor: new.actor,
        payload: Some(new.payload.clone()),
        commitment: [0; 32],
        link: [0; 32],
    });
    let rows = notes(stream, &after).expect("rows");
    let made = journal
        .append(stream, before.len() as u64, vec![new], rows)
        .await
        .expect("appended");
    made.into_iter().next().expect("one event")
}

/// Everything against everything.
pub(crate) async fn verified(journal: &Journal) -> Report {
    let projector = projector();
    let against = Verify {
        trusted: &[key().public()],
        projector: Some(&projector),
    };
    journal.verify(against).await.expect("the walk ends")
}

/// A connection that minds no constraint: the intruder's.
pub(crate) async fn intrude(path: &std::path::Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(false)
        .pragma("ignore_check_constraints", "on");
    SqliteConnection::connect_with(&options)
        .await
        .expect("connects")
}
