//! Walking the whole store in one snapshot, a bounded part of it in memory.

use std::collections::BTreeMap;

use futures_util::TryStreamExt as _;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Row as _, Sqlite as Db, Transaction};

use super::checkpoint::checkpoints_after;
use super::project::project;
use super::read::{EVENT, event_of, info_of};
use super::recording::recording_of;
use super::rows::of_stream;
use super::{Sqlite, count, hash, integer, small, uuid};
use crate::checkpoint::Checkpoint;
use crate::event::{Hash, Stored, commitment};
use crate::journal::StreamInfo;
use crate::recording::Recording;
use crate::row::{Projector, Row};
use crate::upcast::Upcasters;
use crate::{Error, Result, Stream};

/// A snapshot of the store.
pub(crate) struct Walk {
    snapshot: Transaction<'static, Db>,
    store: uuid::Uuid,
}

/// An event as found, not yet believed.
pub(crate) struct Found {
    pub(crate) position: u64,
    /// Number of its stream.
    pub(crate) stream: i64,
    pub(crate) fields: Result<Fields>,
    /// What its payload commits to; `None` when there is no payload.
    pub(crate) payload: Option<Hash>,
}

/// The parts of a header that are stored with the event.
pub(crate) struct Fields {
    pub(crate) sequence: u64,
    pub(crate) kind: String,
    pub(crate) v: u16,
    pub(crate) at_ns: i64,
    pub(crate) actor: uuid::Uuid,
    pub(crate) commitment: Hash,
    pub(crate) link: Hash,
}

/// How many of each there are.
pub(crate) struct Counts {
    pub(crate) events: u64,
    pub(crate) payloads: u64,
    pub(crate) rows: u64,
    pub(crate) checkpoints: u64,
}

fn fields_of(row: &SqliteRow) -> Result<Fields> {
    Ok(Fields {
        sequence: count(row, "sequence")?,
        kind: row.try_get("kind")?,
        v: small(row, "v")?,
        at_ns: row.try_get("at_ns")?,
        actor: uuid(row, "actor")?,
        commitment: hash(row, "commitment")?,
        link: hash(row, "link")?,
    })
}

/// A recording as listed: its stream, the position of its event, itself.
pub(crate) type Listed = (uuid::Uuid, u64, Recording);

fn listed_of(row: &SqliteRow) -> Result<Listed> {
    Ok((
        uuid(row, "stream")?,
        count(row, "position")?,
        recording_of(row)?,
    ))
}

impl Sqlite {
    /// Begins a walk; the store may be written meanwhile.
    pub(crate) async fn walk(&self) -> Result<Walk> {
        Ok(Walk {
            snapshot: self.readers().begin().await?,
            store: self.id,
        })
    }
}

impl Walk {
    fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.snapshot
    }

    /// The rows that a stream's events give. What cannot be decoded is
    /// [`Error::Corrupt`]: the database could be read, but not believed.
    pub(crate) async fn project(
        &mut self,
        stream: Stream,
        projector: &dyn Projector,
        upcasters: &Upcasters,
    ) -> Result<Vec<Row>> {
        let store = self.store;
        let made = project(self.connection(), store, stream, projector, upcasters).await;
        made.map_err(|error| match error {
            Error::Database(
                error @ (sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. }),
            ) => Error::corrupt(format!("stream {}", stream.id), error.to_string()),
            other => other,
        })
    }

    /// What the database itself finds wrong with its file.
    pub(crate) async fn integrity(&mut self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for row in sqlx::query("PRAGMA integrity_check(10)")
            .fetch_all(self.connection())
            .await?
        {
            found.push(row.try_get::<String, _>(0)?);
        }
        found.retain(|line| line != "ok");
        for row in sqlx::query("PRAGMA foreign_key_check")
            .fetch_all(self.connection())
            .await?
        {
            let table: String = row.try_get(0)?;
            found.push(format!("a row of {table} refers to nothing"));
        }
        Ok(found)
    }

    pub(crate) async fn counts(&mut self) -> Result<Counts> {
        let sql = "SELECT (SELECT count(*) FROM events) AS events,
             (SELECT count(*) FROM payloads) AS payloads,
             (SELECT count(*) FROM rows) AS rows,
             (SELECT count(*) FROM checkpoints) AS checkpoints";
        let row = sqlx::query(sql).fetch_one(self.connection()).await?;
        Ok(Counts {
            events: count(&row, "events")?,
            payloads: count(&row, "payloads")?,
            rows: count(&row, "rows")?,
            checkpoints: count(&row, "checkpoints")?,
        })
    }

    /// Every stream with its number and its stored head.
    pub(crate) async fn streams(&mut self) -> Result<Vec<(i64, Result<StreamInfo>)>> {
        sqlx::query("SELECT number, id, kind, sequence, link FROM streams ORDER BY number")
            .fetch_all(self.connection())
            .await?
            .iter()
            .map(|row| Ok((row.try_get("number")?, info_of(row))))
            .collect()
    }

    /// The next events in commit order.
    pub(crate) async fn events(&mut self, after: u64, limit: u32) -> Result<Vec<Found>> {
        let sql = "SELECT position, stream, sequence, kind, v, at_ns, actor, commitment, link
             FROM events WHERE position > ? ORDER BY position LIMIT ?";
        let rows = sqlx::query(sql)
            .bind(integer(after)?)
            .bind(i64::from(limit))
            .fetch_all(self.connection())
            .await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            found.push(Found {
                position: count(row, "position")?,
                stream: row.try_get("stream")?,
                fields: fields_of(row),
                payload: None,
            });
        }
        let last = found.last().map_or(after, |f| f.position);
        let mut payloads = self.payloads(after, last).await?;
        for event in &mut found {
            event.payload = payloads.remove(&event.position);
        }
        Ok(found)
    }

    /// Commitments of the payloads in a range, computed while they stream by.
    async fn payloads(&mut self, after: u64, last: u64) -> Result<BTreeMap<u64, Hash>> {
        let sql = "SELECT position, salt, bytes FROM payloads
             WHERE position > ? AND position <= ? ORDER BY position";
        let mut rows = sqlx::query(sql)
            .bind(integer(after)?)
            .bind(integer(last)?)
            .fetch(self.connection());
        let mut found = BTreeMap::new();
        while let Some(row) = rows.try_next().await? {
            let commits_to = commitment(row.try_get("salt")?, row.try_get("bytes")?);
            found.insert(count(&row, "position")?, commits_to);
        }
        Ok(found)
    }

    /// One payload.
    pub(crate) async fn payload(&mut self, position: u64) -> Result<Option<Vec<u8>>> {
        let row = sqlx::query("SELECT bytes FROM payloads WHERE position = ?")
            .bind(integer(position)?)
            .fetch_optional(self.connection())
            .await?;
        Ok(row.map(|r| r.try_get("bytes")).transpose()?)
    }

    /// The next checkpoints.
    pub(crate) async fn checkpoints(
        &mut self,
        after: u64,
        limit: u32,
    ) -> Result<Vec<(u64, Result<Checkpoint>)>> {
        checkpoints_after(self.connection(), after, limit).await
    }

    /// Kinds and versions as listed.
    pub(crate) async fn kinds(&mut self) -> Result<Vec<(String, i64)>> {
        sqlx::query("SELECT kind, v FROM kinds ORDER BY kind, v")
            .fetch_all(self.connection())
            .await?
            .iter()
            .map(|row| Ok((row.try_get("kind")?, row.try_get("v")?)))
            .collect()
    }

    /// Every listed recording.
    pub(crate) async fn recordings(&mut self) -> Result<Vec<Result<Listed>>> {
        let sql = "SELECT session, stream, bedside, position, file, sha, frames, parquet
             FROM recordings";
        let rows = sqlx::query(sql).fetch_all(self.connection()).await?;
        Ok(rows.iter().map(listed_of).collect())
    }

    /// Shows `see` each blob: the SHA-256 that it is stored under, and its bytes.
    pub(crate) async fn blobs(
        &mut self,
        mut see: impl FnMut(&[u8], &[u8]) -> Result<()>,
    ) -> Result<()> {
        let mut rows =
            sqlx::query("SELECT sha, bytes FROM blobs ORDER BY sha").fetch(self.connection());
        while let Some(row) = rows.try_next().await? {
            see(row.try_get("sha")?, row.try_get("bytes")?)?;
        }
        Ok(())
    }

    /// Shows `see` each event as stored, with its salt, in commit order.
    pub(crate) async fn each_event(
        &mut self,
        mut see: impl FnMut(Stored, Option<&[u8]>) -> Result<()>,
    ) -> Result<()> {
        let sql = format!("{EVENT} ORDER BY e.position");
        let mut rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch(self.connection());
        while let Some(row) = rows.try_next().await? {
            see(event_of(&row)?, row.try_get("salt")?)?;
        }
        Ok(())
    }

    /// Stored rows of a stream, by model and key.
    pub(crate) async fn rows(&mut self, stream: Stream) -> Result<Vec<Row>> {
        of_stream(self.connection(), stream.id).await
    }
}
