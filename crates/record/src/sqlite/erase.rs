//! Removing payloads and salts.

use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, Row as _};
use uuid::Uuid;

use super::append::{append, head_of_stream};
use super::project::project;
use super::rows::replace;
use super::{Sqlite, instant_of, recording};
use crate::erase::{ERASED, HOLD, HOLD_LIFTED, KEPT_KINDS};
use crate::event::Stored;
use crate::journal::Append;
use crate::row::Projector;
use crate::upcast::Upcasters;
use crate::{Error, Result, StreamKind};

/// What an erasure took away.
pub(crate) struct Removed {
    /// The event that says so.
    pub(crate) event: Stored,
    /// Payloads removed.
    pub(crate) payloads: u64,
    /// Files of recordings taken off the list.
    pub(crate) files: Vec<String>,
}

/// What decides whether a stream may be erased.
pub(crate) struct Standing {
    pub(crate) kind: StreamKind,
    /// Its newest event.
    pub(crate) newest: jiff::Timestamp,
    /// Payload of the hold in force.
    pub(crate) hold: Option<Vec<u8>>,
}

async fn standing(connection: &mut SqliteConnection, stream: Uuid) -> Result<Standing> {
    let (number, kind) = head_of_stream(connection, stream).await?;
    let newest = sqlx::query("SELECT max(at_ns) AS at_ns FROM events WHERE stream = ?")
        .bind(number)
        .fetch_one(&mut *connection)
        .await?;
    let sql = "SELECT e.kind, p.bytes FROM events e JOIN payloads p ON p.position = e.position
         WHERE e.stream = ? AND e.kind IN (?, ?) ORDER BY e.sequence DESC LIMIT 1";
    let hold = sqlx::query(sql)
        .bind(number)
        .bind(HOLD)
        .bind(HOLD_LIFTED)
        .fetch_optional(connection)
        .await?;
    let hold = match hold {
        Some(row) if row.try_get::<&str, _>("kind")? == HOLD => Some(row.try_get("bytes")?),
        _ => None,
    };
    Ok(Standing {
        kind,
        newest: instant_of(&newest, "at_ns")?,
        hold,
    })
}

async fn remove(connection: &mut SqliteConnection, stream: Uuid) -> Result<u64> {
    let sql = "DELETE FROM payloads WHERE position IN (
             SELECT e.position FROM events e JOIN streams s ON s.number = e.stream
             WHERE s.id = ? AND e.kind NOT IN (?, ?, ?))";
    let mut query = sqlx::query(sql).bind(stream.as_bytes().to_vec());
    for kind in KEPT_KINDS {
        query = query.bind(kind);
    }
    Ok(query.execute(connection).await?.rows_affected())
}

impl Sqlite {
    /// Appends the event that says a stream's payloads are gone, if `may`
    /// permits, removes them, and sets its rows to what is left for `rows`;
    /// `told` runs after the commit, before any other write.
    pub(crate) async fn erase(
        &self,
        request: &Append,
        may: impl FnOnce(&Standing) -> Result<()> + Send,
        rows: (&dyn Projector, &Upcasters),
        told: impl FnOnce(&Stored) + Send,
    ) -> Result<Removed> {
        let stream = request.stream;
        let mut turn = self.turn().await?;
        let mut transaction = turn.begin_with("BEGIN IMMEDIATE").await?;
        may(&standing(&mut transaction, stream.id).await?)?;
        let made = append(&mut transaction, self, request).await?;
        let payloads = remove(&mut transaction, stream.id).await?;
        let files = recording::remove(&mut transaction, stream.id).await?;
        let left = project(&mut transaction, self.id, stream, rows.0, rows.1).await?;
        replace(&mut transaction, stream.id, &left).await?;
        transaction.commit().await?;
        turn.clean();
        let event = made
            .into_iter()
            .next()
            .ok_or_else(|| Error::corrupt(ERASED, "nothing was appended"))?;
        told(&event);
        // The removed bytes must leave the log as well as the table.
        let flushed = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&mut *turn)
            .await?;
        if flushed.try_get::<i64, _>(0)? != 0 {
            tracing::warn!("a reader kept the log busy; erased bytes leave it when it ends");
        }
        Ok(Removed {
            event,
            payloads,
            files,
        })
    }
}
