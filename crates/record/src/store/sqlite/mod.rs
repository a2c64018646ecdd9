//! SQLite: a file, one connection that writes, a small pool that reads.

mod schema;

use std::path::Path;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{Connection as _, Row as _, Sqlite};
use uuid::Uuid;

use super::Opening;
use super::sql::Transaction;
use crate::files::{private_file, sync_folder_of};
use crate::{Error, Result};

/// Readers at once; each costs a thread and a page cache.
const READERS: u32 = 4;
/// Memory for pages of the file, KiB, as SQLite's `cache_size` takes it with a sign: its own 2 MiB
/// hold less than an append to a store of 100,000 resources touches *(ours: an index of theirs has
/// 700 MB; the system keeps what these do not)*.
const WRITERS_PAGES: &str = "-65536";
const READERS_PAGES: &str = "-16384";
/// Rows fetched ahead of who takes them one by one; each may hold a whole payload.
const ROWS_AHEAD: usize = 8;
/// The same where all are taken at once: a page of a list does not wait for its taker in between.
const PAGE_AHEAD: usize = 64;
/// How long a statement waits for another process before it gives up.
const BUSY: Duration = Duration::from_secs(5);
/// How long a writer waits for its turn behind a rebuild.
const TURN: Duration = Duration::from_secs(600);

/// The pools of one open store.
pub(super) struct SqlitePools {
    /// One connection, absent on a store opened for reading.
    pub(super) writer: Option<SqlitePool>,
    pub(super) readers: SqlitePool,
    /// What walks through all of it, a row at a time; opened when it is needed.
    pub(super) walkers: SqlitePool,
}

impl SqlitePools {
    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.walkers.close().await;
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
    }
}

/// Opens the file at `path`.
pub(super) async fn open(path: &Path, opening: &Opening) -> Result<SqlitePools> {
    let create = opening.create;
    if !opening.read_only && create.is_some() && !path.exists() {
        private_file(path)?;
        sync_folder_of(path)?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(opening.patience.unwrap_or(BUSY))
        .row_buffer_size(ROWS_AHEAD);
    let writer = match opening.read_only {
        true => None,
        false => Some(open_writer(path, options.clone(), create).await?),
    };
    let options = options
        .read_only(true)
        .pragma("query_only", "on")
        .pragma("cache_size", READERS_PAGES);
    let walkers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .connect_lazy_with(options.clone());
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(1)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.row_buffer_size(PAGE_AHEAD))
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
    Ok(SqlitePools {
        writer,
        readers,
        walkers,
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
        .pragma("secure_delete", "on")
        .pragma("cache_size", WRITERS_PAGES);
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

/// The lock file keeps other processes out, the single connection other tasks.
pub(super) async fn begin(connection: &mut PoolConnection<Sqlite>) -> Result<Transaction<'_>> {
    let begun = connection.begin_with("BEGIN IMMEDIATE").await?;
    Ok(Transaction::Sqlite(begun))
}

/// The removed bytes must leave the log as well as the table.
pub(super) async fn scrub(connection: &mut SqliteConnection) -> Result<()> {
    let flushed = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_one(connection)
        .await?;
    if flushed.try_get::<i64, _>(0)? != 0 {
        tracing::warn!("a reader kept the log busy; erased bytes leave it when it ends");
    }
    Ok(())
}

/// What SQLite finds wrong with the file.
pub(super) async fn integrity(connection: &mut SqliteConnection) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for row in sqlx::query("PRAGMA integrity_check(10)")
        .fetch_all(&mut *connection)
        .await?
    {
        found.push(row.try_get::<String, _>(0)?);
    }
    found.retain(|line| line != "ok");
    for row in sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(connection)
        .await?
    {
        let table: String = row.try_get(0)?;
        found.push(format!("a row of {table} refers to nothing"));
    }
    Ok(found)
}
