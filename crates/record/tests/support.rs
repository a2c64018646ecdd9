//! A store in a temporary directory, and events to fill it with.

use jiff::Timestamp;
use record::{Journal, NewEvent, OpenOptions, Row, Stream, StreamKind};
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
