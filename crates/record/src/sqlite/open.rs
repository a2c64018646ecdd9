//! Opening a store: connections, their settings, migration.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sqlx::Sqlite as Db;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use uuid::Uuid;

use super::{schema, uuid};
use crate::event::Stored;
use crate::files::{private_file, sync_folder_of};
use crate::{Error, Result};

/// Readers at once; each costs a thread and a page cache.
const READERS: u32 = 4;
/// Rows fetched ahead of their reader; each may hold a whole payload.
const ROWS_AHEAD: usize = 8;
/// How long a statement waits for another process before it gives up.
const BUSY: Duration = Duration::from_secs(5);
/// How long a writer waits for its turn behind a rebuild.
const TURN: Duration = Duration::from_secs(600);

/// The pools of one open store.
#[derive(Debug)]
pub(crate) struct Sqlite {
    /// One connection, absent on a store opened for reading.
    writer: Option<SqlitePool>,
    readers: SqlitePool,
    /// The random identity of the store, part of every chain.
    pub(crate) id: Uuid,
    pub(crate) path: PathBuf,
    /// Kinds and versions that are surely in the list of kinds.
    listed: Mutex<BTreeSet<(String, u16)>>,
}

/// Opens the store at `path`; `create` is the identity of one that is made where none is.
pub(crate) async fn open(path: &Path, create: Option<Uuid>, write: bool) -> Result<Sqlite> {
    if write && create.is_some() && !path.exists() {
        private_file(path)?;
        sync_folder_of(path)?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .row_buffer_size(ROWS_AHEAD);
    let writer = match write {
        true => Some(open_writer(path, options.clone(), create).await?),
        false => None,
    };
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(1)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.read_only(true).pragma("query_only", "on"))
        .await?;
    if writer.is_none() {
        let mut connection = readers.acquire().await?;
        let found = schema::found(&mut connection, path).await?;
        if found != schema::NEWEST {
            return Err(Error::OlderSchema {
                found,
                known: schema::NEWEST,
            });
        }
    }
    let row = sqlx::query("SELECT id FROM store WHERE one = 1")
        .fetch_optional(&readers)
        .await?
        .ok_or_else(|| Error::corrupt("store", "it has lost its identity"))?;
    Ok(Sqlite {
        writer,
        readers,
        id: uuid(&row, "id")?,
        path: path.to_owned(),
        listed: Mutex::default(),
    })
}

async fn open_writer(
    path: &Path,
    options: SqliteConnectOptions,
    create: Option<Uuid>,
) -> Result<SqlitePool> {
    let options = options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "on");
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(TURN)
        .connect_with(options)
        .await?;
    let mut connection = pool.acquire().await?;
    schema::migrate(&mut connection, path, create).await?;
    drop(connection);
    Ok(pool)
}

/// The writing connection for one caller.
///
/// SQLite undoes a whole transaction by itself when the disk is full or fails,
/// and the connection's own count of transactions is wrong from then on. So a
/// connection that was not given back clean is replaced by a new one.
pub(crate) struct Turn {
    connection: PoolConnection<Db>,
    clean: bool,
}

impl Turn {
    /// Everything begun on the connection was committed or undone.
    pub(crate) fn clean(&mut self) {
        self.clean = true;
    }
}

impl Deref for Turn {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Turn {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.clean {
            self.connection.close_on_drop();
        }
    }
}

impl Sqlite {
    /// The writing connection, as soon as it is this caller's turn.
    pub(crate) async fn turn(&self) -> Result<Turn> {
        let asked = Error::ReadOnly(crate::ReadOnly::Asked);
        let pool = self.writer.as_ref().ok_or(asked)?;
        Ok(Turn {
            connection: pool.acquire().await?,
            clean: false,
        })
    }

    pub(crate) const fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// Whether the list of kinds holds this event's, as far as is known here.
    pub(crate) fn lists(&self, event: &Stored) -> bool {
        let listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        listed.contains(&(event.kind.clone(), event.stored_v))
    }

    /// Remembers that committed events have their kinds listed.
    pub(crate) fn remember<'a>(&self, committed: impl Iterator<Item = &'a Stored>) {
        let mut listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        for event in committed {
            listed.insert((event.kind.clone(), event.stored_v));
        }
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
    }
}
