//! PostgreSQL 15 or newer: a database that several processes share.
//!
//! Whoever writes takes an advisory lock at the beginning of its transaction and
//! holds it until the commit can be seen by all. So positions and the numbers of
//! streams are given in commit order without gaps, and the heads that an append
//! compares with are the newest. Group commit makes the lock cheap: one taking of
//! it serves all requests that wait.
//!
//! A server that goes away breaks what was under way, which is answered with an
//! error; the pools connect again by themselves.

mod follow;
mod schema;
mod shared;

pub(crate) use follow::Follower;
pub(crate) use shared::Beside;

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{Connection as _, Executor as _, Postgres, Row as _};

use super::Opening;
use super::sql::Transaction;
use crate::{DatabaseUrl, Error, Location, Result};

/// Oldest server, as `server_version_num` says it.
const OLDEST: i32 = 150_000;
/// Readers at once, besides the one that listens.
const READERS: u32 = 8;
/// How long to wait for a server when opening.
const ANSWER: Duration = Duration::from_secs(10);
/// How long a caller waits for a connection, behind others or while the server restarts.
const ACQUIRE: Duration = Duration::from_secs(60);
/// Connections for what servers share; a login takes one for a moment.
const SHARING: u32 = 4;
/// How long who asks for something shared waits for one: somebody waits for the answer (ours).
const SHARED_ACQUIRE: Duration = Duration::from_secs(10);
/// How long a statement may take; whole walks and rebuilds are exempt.
const STATEMENT_MS: &str = "60000";
/// How long to wait for another process that writes; less, so that the error names the lock.
const LOCK: Duration = Duration::from_secs(50);
/// How long a transaction may stand still: a stopped process must not stop the others for ever.
const IDLE_MS: &str = "60000";

/// Advisory locks: numbers that nobody else is likely to take ("Annulus" and a digit).
const WRITING: i64 = 0x416e_6e75_6c75_7330;
/// Held while a checkpoint is made and signed.
const SEALING: i64 = WRITING + 1;
/// Held while the schema is made or migrated.
const OPENING: i64 = WRITING + 2;
/// Held by servers for as long as they serve. An earlier version lets nobody else have it.
const SERVING: i64 = WRITING + 3;
/// Held beside it, with a number that servers which are alike have in common.
const ALIKE: i32 = 0x416e_6e75;
/// Where commits are told to other processes.
const CHANNEL: &str = "annulus_journal";

/// The pools of one open store.
pub(super) struct PgPools {
    /// One connection, absent on a store opened for reading.
    pub(super) writer: Option<PgPool>,
    pub(super) readers: PgPool,
    /// For what servers share, and for whose turn it is.
    shared: PgPool,
}

impl PgPools {
    /// What servers share, over connections of its own.
    pub(super) fn beside(&self) -> Beside {
        Beside(self.shared.clone())
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
    }
}

/// Opens the database.
pub(super) async fn open(url: &DatabaseUrl, opening: &Opening) -> Result<PgPools> {
    let (location, write) = (url.location(), !opening.read_only);
    let patience = opening.patience.unwrap_or(LOCK);
    let options = url.options().options([
        ("synchronous_commit", "on"),
        ("default_transaction_isolation", "read committed"),
        ("statement_timeout", STATEMENT_MS),
        ("lock_timeout", &patience.as_millis().to_string()),
        ("idle_in_transaction_session_timeout", IDLE_MS),
    ]);
    let mut first = first(&options, &location).await?;
    suits(&mut first, &location).await?;
    if write {
        schema::migrate(&mut first, &location, opening.create).await?;
    }
    match schema::found(&mut first, &location).await? {
        0 => return Err(Error::Missing(location)),
        schema::NEWEST => {}
        found => {
            return Err(Error::OlderSchema {
                found,
                known: schema::NEWEST,
            });
        }
    }
    first.close().await?;
    let pool = |connections| {
        PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE)
            .max_lifetime(None)
    };
    let sharing = pool(SHARING).acquire_timeout(SHARED_ACQUIRE);
    let sharing = sharing.connect_lazy_with(options.clone());
    let reading = options
        .clone()
        .options([("default_transaction_read_only", "on")]);
    Ok(PgPools {
        writer: write.then(|| pool(1).connect_lazy_with(options)),
        readers: pool(READERS + 1).connect_lazy_with(reading),
        shared: sharing,
    })
}

/// The first connection: says why there is none.
async fn first(options: &PgConnectOptions, location: &Location) -> Result<PgConnection> {
    let unreachable = |what: String| Error::Unreachable {
        location: location.clone(),
        what,
    };
    match tokio::time::timeout(ANSWER, PgConnection::connect_with(options)).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(unreachable(error.to_string())),
        Err(_) => Err(unreachable(format!(
            "no answer within {} s",
            ANSWER.as_secs()
        ))),
    }
}

/// Whether this server keeps what the journal promises.
async fn suits(connection: &mut PgConnection, location: &Location) -> Result<()> {
    let sql = "SELECT current_setting('server_version_num')::int4 AS version,
               current_setting('server_version') AS name,
               current_setting('server_encoding') AS encoding,
               current_setting('fsync') AS fsync,
               current_setting('full_page_writes') AS pages,
               coalesce(current_schema()::text, '') AS schema";
    let row = connection.fetch_one(sql).await?;
    let text = |column| row.try_get::<&str, _>(column);
    let what = if row.try_get::<i32, _>("version")? < OLDEST {
        format!("it is PostgreSQL {}; 15 or newer is needed", text("name")?)
    } else if text("encoding")? != "UTF8" {
        format!("its encoding is {}; UTF8 is needed", text("encoding")?)
    } else if text("fsync")? != "on" || text("pages")? != "on" {
        "fsync or full_page_writes is off: a loss of power would lose events".to_owned()
    } else if text("schema")?.is_empty() {
        "no schema of its search path exists".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::Unsuitable {
        location: location.clone(),
        what,
    })
}

/// Takes the lock; the followers of other processes are told when the commit can be seen.
pub(super) async fn begin(connection: &mut PoolConnection<Postgres>) -> Result<Transaction<'_>> {
    let mut begun = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1), pg_notify($2, '')")
        .bind(WRITING)
        .bind(CHANNEL)
        .execute(&mut *begun)
        .await
        .map_err(busy)?;
    Ok(Transaction::Postgres(begun))
}

/// The lock was not free in time.
fn busy(error: sqlx::Error) -> Error {
    let code = error.as_database_error().and_then(|error| error.code());
    match code.as_deref() {
        Some("55P03" | "57014") => Error::Busy,
        _ => error.into(),
    }
}

/// A transaction that sees one moment, however long its reader takes.
pub(super) async fn snapshot(pools: &PgPools) -> Result<Transaction<'static>> {
    let sql = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    let mut begun = pools.readers.begin_with(sql).await?;
    patient(&mut begun).await?;
    Ok(Transaction::Postgres(begun))
}

/// Lifts the limits of time for the rest of the transaction.
pub(super) async fn patient(connection: &mut PgConnection) -> Result<()> {
    let sql = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";
    sqlx::raw_sql(sql).execute(connection).await?;
    Ok(())
}

/// A transaction that holds the lock of who signs checkpoints.
pub(super) async fn sealing(pools: &PgPools) -> Result<Transaction<'static>> {
    let mut begun = pools.readers.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(SEALING)
        .execute(&mut *begun)
        .await
        .map_err(busy)?;
    Ok(Transaction::Postgres(begun))
}

/// A transaction that holds the lock with this number.
pub(super) async fn alone(pools: &PgPools, number: i64) -> Result<Transaction<'static>> {
    let mut begun = pools.shared.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(number)
        .execute(&mut *begun)
        .await
        .map_err(busy)?;
    Ok(Transaction::Postgres(begun))
}

/// A connection of its own that holds the locks of who serves; they go with it. A server whose
/// machine went away is gone after half a minute.
pub(super) async fn serving(
    pools: &PgPools,
    location: &Location,
    alike: i32,
) -> Result<PgConnection> {
    let options = pools.readers.connect_options();
    let options = (*options).clone().options([
        ("tcp_keepalives_idle", "10"),
        ("tcp_keepalives_interval", "5"),
        ("tcp_keepalives_count", "4"),
    ]);
    let mut connection = first(&options, location).await?;
    let mut begun = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(OPENING)
        .execute(&mut *begun)
        .await
        .map_err(busy)?;
    let sql = "SELECT pg_try_advisory_lock_shared($1)
               AND NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
               AND objsubid = 2 AND classid::bigint = $2::bigint AND objid::bigint <> $3::bigint
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
               AS free";
    let row = sqlx::query(sql)
        .bind(SERVING)
        .bind(ALIKE)
        .bind(alike)
        .fetch_one(&mut *begun)
        .await?;
    if !row.try_get::<bool, _>("free")? {
        return Err(Error::Served(location.clone()));
    }
    sqlx::query("SELECT pg_advisory_lock_shared($1, $2)")
        .bind(ALIKE)
        .bind(alike)
        .execute(&mut *begun)
        .await?;
    begun.commit().await?;
    Ok(connection)
}

/// Removed rows leave their pages. Nothing is lost when this fails: the server does the same
/// by itself some time later. What its log and its backups keep is the business of whoever
/// keeps them.
pub(super) async fn scrub(connection: &mut PgConnection) -> Result<()> {
    let vacuum = async {
        connection.execute("SET statement_timeout = 0").await?;
        connection
            .execute("VACUUM payloads, rows, recordings")
            .await?;
        let back = format!("SET statement_timeout = {STATEMENT_MS}");
        connection.execute(sqlx::AssertSqlSafe(back)).await
    };
    if let Err(error) = vacuum.await {
        tracing::warn!(%error, "erased bytes were not vacuumed away; the server does it later");
    }
    Ok(())
}
