//! Walking the whole store in one snapshot, a bounded part of it in memory.

use std::collections::BTreeMap;

use super::checkpoint::checkpoints_after;
use super::project::project;
use super::read::{EVENT, event_of, info_of};
use super::recording::recording_of;
use super::rows::of_stream;
use super::sql::{Connection, Record, Transaction, query};
use super::{Store, count, hash, integer, small, uuid};
use crate::checkpoint::Checkpoint;
use crate::event::{Hash, Stored, commitment};
use crate::journal::StreamInfo;
use crate::recording::Recording;
use crate::row::{Projector, Row};
use crate::upcast::Upcasters;
use crate::{Error, Result, Stream};
use futures_util::TryStreamExt as _;

/// A snapshot of the store.
pub(crate) struct Walk<'c> {
    snapshot: Transaction<'c>,
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

fn fields_of(row: &Record) -> Result<Fields> {
    Ok(Fields {
        sequence: count(row, "sequence")?,
        kind: row.get("kind")?,
        v: small(row, "v")?,
        at_ns: row.get("at_ns")?,
        actor: uuid(row, "actor")?,
        commitment: hash(row, "commitment")?,
        link: hash(row, "link")?,
    })
}

/// A recording as listed: its stream, the position of its event, itself.
pub(crate) type Listed = (uuid::Uuid, u64, Recording);

fn listed_of(row: &Record) -> Result<Listed> {
    Ok((
        uuid(row, "stream")?,
        count(row, "position")?,
        recording_of(row)?,
    ))
}

impl Store {
    /// Begins a walk; the store may be written meanwhile.
    pub(crate) async fn walk(&self) -> Result<Walk<'static>> {
        Ok(Walk::over(self.snapshot().await?, self.id))
    }
}

impl<'c> Walk<'c> {
    /// A walk over what a transaction sees.
    pub(super) const fn over(snapshot: Transaction<'c>, store: uuid::Uuid) -> Self {
        Self { snapshot, store }
    }

    /// The identity of the store.
    pub(crate) const fn store(&self) -> uuid::Uuid {
        self.store
    }

    /// Keeps what its transaction wrote.
    pub(crate) async fn commit(self) -> Result<()> {
        self.snapshot.commit().await
    }

    pub(super) fn on(&mut self) -> Connection<'_> {
        self.snapshot.on()
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
        let made = project(&mut self.on(), store, stream, projector, upcasters).await;
        made.map_err(|error| match error {
            Error::Database(
                error @ (sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. }),
            ) => Error::corrupt(format!("stream {}", stream.id), error.to_string()),
            other => other,
        })
    }

    /// What the database itself finds wrong with its file; a server looks after its own.
    pub(crate) async fn integrity(&mut self) -> Result<Vec<String>> {
        match &mut self.snapshot {
            Transaction::Sqlite(snapshot) => super::sqlite::integrity(snapshot).await,
            Transaction::Postgres(_) => Ok(Vec::new()),
        }
    }

    pub(crate) async fn counts(&mut self) -> Result<Counts> {
        let sql = "SELECT (SELECT count(*) FROM events) AS events,
             (SELECT count(*) FROM payloads) AS payloads,
             (SELECT count(*) FROM rows) AS rows,
             (SELECT count(*) FROM checkpoints) AS checkpoints";
        let row = query(sql).fetch_one(&mut self.on()).await?;
        Ok(Counts {
            events: count(&row, "events")?,
            payloads: count(&row, "payloads")?,
            rows: count(&row, "rows")?,
            checkpoints: count(&row, "checkpoints")?,
        })
    }

    /// Every stream with its number and its stored head.
    pub(crate) async fn streams(&mut self) -> Result<Vec<(i64, Result<StreamInfo>)>> {
        query("SELECT number, id, kind, sequence, link FROM streams ORDER BY number")
            .fetch_all(&mut self.on())
            .await?
            .iter()
            .map(|row| Ok((row.get("number")?, info_of(row))))
            .collect()
    }

    /// The next events in commit order.
    pub(crate) async fn events(&mut self, after: u64, limit: u32) -> Result<Vec<Found>> {
        let sql = "SELECT position, stream, sequence, kind, v, at_ns, actor, commitment, link
             FROM events WHERE position > $1 ORDER BY position LIMIT $2";
        let rows = query(sql)
            .bind(integer(after)?)
            .bind(i64::from(limit))
            .fetch_all(&mut self.on())
            .await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            found.push(Found {
                position: count(row, "position")?,
                stream: row.get("stream")?,
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
             WHERE position > $1 AND position <= $2 ORDER BY position";
        let mut on = self.on();
        let mut rows = query(sql)
            .bind(integer(after)?)
            .bind(integer(last)?)
            .fetch(&mut on);
        let mut found = BTreeMap::new();
        while let Some(row) = rows.try_next().await? {
            let commits_to = commitment(row.get("salt")?, row.get("bytes")?);
            found.insert(count(&row, "position")?, commits_to);
        }
        Ok(found)
    }

    /// One payload.
    pub(crate) async fn payload(&mut self, position: u64) -> Result<Option<Vec<u8>>> {
        let row = query("SELECT bytes FROM payloads WHERE position = $1")
            .bind(integer(position)?)
            .fetch_optional(&mut self.on())
            .await?;
        row.map(|r| r.get("bytes")).transpose()
    }

    /// The next checkpoints.
    pub(crate) async fn checkpoints(
        &mut self,
        after: u64,
        limit: u32,
    ) -> Result<Vec<(u64, Result<Checkpoint>)>> {
        checkpoints_after(&mut self.on(), after, limit).await
    }

    /// Kinds and versions as listed.
    pub(crate) async fn kinds(&mut self) -> Result<Vec<(String, i64)>> {
        query("SELECT kind, v FROM kinds ORDER BY kind, v")
            .fetch_all(&mut self.on())
            .await?
            .iter()
            .map(|row| Ok((row.get("kind")?, row.get("v")?)))
            .collect()
    }

    /// Every listed recording.
    pub(crate) async fn recordings(&mut self) -> Result<Vec<Result<Listed>>> {
        let sql = "SELECT session, stream, bedside, position, file, sha, frames, parquet
             FROM recordings";
        let rows = query(sql).fetch_all(&mut self.on()).await?;
        Ok(rows.iter().map(listed_of).collect())
    }

    /// Shows `see` each blob: the SHA-256 that it is stored under, and its bytes.
    pub(crate) async fn blobs(
        &mut self,
        mut see: impl FnMut(&[u8], &[u8]) -> Result<()>,
    ) -> Result<()> {
        let mut on = self.on();
        let mut rows = query("SELECT sha, bytes FROM blobs ORDER BY sha").fetch(&mut on);
        while let Some(row) = rows.try_next().await? {
            see(row.get("sha")?, row.get("bytes")?)?;
        }
        Ok(())
    }

    /// Shows `see` each event as stored, with its salt, in commit order.
    pub(crate) async fn each_event(
        &mut self,
        mut see: impl FnMut(Stored, Option<&[u8]>) -> Result<()>,
    ) -> Result<()> {
        let sql = format!("{EVENT} ORDER BY e.position");
        let mut on = self.on();
        let mut rows = query(sql).fetch(&mut on);
        while let Some(row) = rows.try_next().await? {
            see(event_of(&row)?, row.get("salt")?)?;
        }
        Ok(())
    }

    /// Stored rows of a stream, by model and key.
    pub(crate) async fn rows(&mut self, stream: Stream) -> Result<Vec<Row>> {
        of_stream(&mut self.on(), stream.id).await
    }
}
