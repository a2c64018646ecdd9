//! A store in a temporary directory or a database, and events to fill it with.

use jiff::Timestamp;
use record::{
    CheckpointKey, IndexKey, Journal, NewEvent, OpenOptions, Projector, Report, Row, Stored,
    Stream, StreamKind, Verify, WholeStream,
};
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;
use uuid::Uuid;

use crate::server;

pub(crate) const STORE: Uuid = Uuid::from_u128(0x1234_5678);

/// Where a journal may be: a file, or a database of the shared server; with a directory for what
/// belongs to it.
pub(crate) struct Place {
    pub(crate) dir: TempDir,
    database: Option<String>,
}

impl Place {
    /// For an SQLite file.
    pub(crate) fn new() -> Self {
        Self {
            dir: TempDir::new().expect("a temporary directory"),
            database: None,
        }
    }

    /// A new database; none where PostgreSQL is not installed, which is noted.
    pub(crate) fn postgres(test: &str) -> Option<Self> {
        let Some(server) = server::shared() else {
            server::skipped(test);
            return None;
        };
        Some(Self::of(server.database()))
    }

    /// A new place of the same sort.
    pub(crate) fn another(&self) -> Self {
        match (&self.database, server::shared()) {
            (Some(_), Some(server)) => Self::of(server.database()),
            _ => Self::new(),
        }
    }

    /// A database by its address.
    pub(crate) fn of(database: String) -> Self {
        Self {
            database: Some(database),
            ..Self::new()
        }
    }

    /// The file; only where there is one.
    pub(crate) fn path(&self) -> std::path::PathBuf {
        assert!(self.database.is_none(), "a database has no path");
        self.dir.path().join("journal.db")
    }

    /// The address of the database, if it is one.
    pub(crate) fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    pub(crate) async fn open(&self) -> Journal {
        self.open_with(OpenOptions::new().create(STORE))
            .await
            .expect("the store opens")
    }

    pub(crate) async fn open_with(&self, options: OpenOptions) -> record::Result<Journal> {
        match &self.database {
            None => Journal::open(self.path(), options).await,
            Some(url) => Journal::connect(&server::parsed(url), options).await,
        }
    }

    /// A connection to the database that is not the journal's.
    pub(crate) async fn outsider(&self) -> PgConnection {
        let url = self.database().expect("a database");
        PgConnection::connect(url).await.expect("connects")
    }

    /// Changes the store behind its back, minding no constraint. The SQL is SQLite's; the few
    /// words that PostgreSQL writes otherwise are put in its own.
    pub(crate) async fn tamper(&self, sql: &str) {
        if self.database.is_none() {
            let mut connection = intrude(&self.path()).await;
            let done = sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
                .execute(&mut connection)
                .await;
            done.expect(sql);
            return connection.close().await.expect("closes");
        }
        let sql = sql
            .replace("x'00'", "'\\x00'::bytea")
            .replace("zeroblob(16)", "decode(repeat('00', 16), 'hex')");
        let mut connection = self.outsider().await;
        let sql = format!("SET session_replication_role = replica; {sql}");
        let done = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.as_str()))
            .execute(&mut connection)
            .await;
        done.expect(&sql);
        connection.close().await.expect("closes");
    }
}

/// Runs each of these tests on both databases.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test($crate::support::Place::new()).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $test() {
                let name = concat!(module_path!(), "::", stringify!($test));
                if let Some(place) = $crate::support::Place::postgres(name) {
                    super::$test(place).await;
                }
            })+
        }
    };
}
pub(crate) use on_both;

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

/// The key of what is found.
pub(crate) const fn index_key() -> IndexKey {
    IndexKey::new([5; 32])
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
        index: Some(&index_key()),
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
