//! Reading streams and events.

use uuid::Uuid;

use super::sql::{Connection, Record, query};
use super::{Store, count, hash, integer, small, uuid};
use crate::event::{Hash, Stored, Stream, commitment, genesis, instant};
use crate::journal::{Announcement, StreamInfo};
use crate::{Error, Result, StreamKind};

/// So many streams are asked for at once.
const ASKED: usize = 500;

pub(super) const EVENT: &str =
    "SELECT e.position, e.sequence, e.kind AS event_kind, e.v, e.at_ns, e.actor,
    e.commitment, e.link, s.id, s.kind, p.salt, p.bytes
    FROM events e JOIN streams s ON s.number = e.stream
    LEFT JOIN payloads p ON p.position = e.position";

pub(super) fn stream_of(row: &Record) -> Result<Stream> {
    let code: i64 = row.get("kind")?;
    let kind = StreamKind::from_code(code)
        .ok_or_else(|| Error::corrupt("streams.kind", format!("{code} is no kind of stream")))?;
    Ok(Stream::new(kind, uuid(row, "id")?))
}

/// An event as found.
pub(super) fn event_of(row: &Record) -> Result<Stored> {
    let v = small(row, "v")?;
    Ok(Stored {
        position: count(row, "position")?,
        stream: stream_of(row)?,
        sequence: count(row, "sequence")?,
        kind: row.get("event_kind")?,
        v,
        stored_v: v,
        at: instant(row.get("at_ns")?),
        actor: uuid(row, "actor")?,
        payload: row.get("bytes")?,
        commitment: hash(row, "commitment")?,
        link: hash(row, "link")?,
    })
}

/// The same, refused when the payload is not the one that was sealed: what was
/// changed on disk is never decided upon.
pub(super) fn sound_event_of(row: &Record) -> Result<Stored> {
    let event = event_of(row)?;
    if let Some(payload) = &event.payload
        && commitment(row.get("salt")?, payload) != event.commitment
    {
        return Err(Error::corrupt(
            format!("stream {} at sequence {}", event.stream.id, event.sequence),
            "its payload is not the one that was sealed",
        ));
    }
    Ok(event)
}

/// A stream's chain on the way: what was changed on disk does not follow.
pub(super) struct Chain {
    sequence: u64,
    link: Hash,
}

impl Chain {
    pub(super) fn begin(store: Uuid, stream: Stream) -> Self {
        Self {
            sequence: 0,
            link: genesis(store, stream),
        }
    }

    pub(super) fn follow(&mut self, event: &Stored) -> Result<()> {
        let follows =
            event.sequence == self.sequence + 1 && event.header()?.link(&self.link) == event.link;
        if !follows {
            return Err(Error::corrupt(
                format!("stream {} at sequence {}", event.stream.id, event.sequence),
                "it does not follow from the event before",
            ));
        }
        (self.sequence, self.link) = (event.sequence, event.link);
        Ok(())
    }
}

pub(super) fn info_of(row: &Record) -> Result<StreamInfo> {
    Ok(StreamInfo {
        stream: stream_of(row)?,
        sequence: count(row, "sequence")?,
        link: hash(row, "link")?,
    })
}

impl Store {
    /// Events of a stream after a sequence, at most `limit`, each following from the one before.
    pub(crate) async fn events(&self, id: Uuid, after: u64, limit: u32) -> Result<Vec<Stored>> {
        let sql =
            format!("{EVENT} WHERE s.id = $1 AND e.sequence > $2 ORDER BY e.sequence LIMIT $3");
        let rows = query(sql)
            .bind(id)
            .bind(integer(after)?)
            .bind(i64::from(limit))
            .fetch_all(&mut self.reader().await?.on())
            .await?;
        let mut events = Vec::with_capacity(rows.len());
        let mut chain = None;
        for row in &rows {
            let event = sound_event_of(row)?;
            let chain = match &mut chain {
                Some(chain) => chain,
                none => none.insert(self.chain_at(event.stream, after).await?),
            };
            chain.follow(&event)?;
            events.push(event);
        }
        Ok(events)
    }

    /// Where a stream's chain stood after a sequence.
    async fn chain_at(&self, stream: Stream, after: u64) -> Result<Chain> {
        if after == 0 {
            return Ok(Chain::begin(self.id, stream));
        }
        let sql = "SELECT e.link FROM events e JOIN streams s ON s.number = e.stream
                   WHERE s.id = $1 AND e.sequence = $2";
        let row = query(sql)
            .bind(stream.id)
            .bind(integer(after)?)
            .fetch_optional(&mut self.reader().await?.on())
            .await?;
        match row {
            Some(row) => Ok(Chain {
                sequence: after,
                link: hash(&row, "link")?,
            }),
            None => Err(Error::corrupt(
                format!("stream {} at sequence {after}", stream.id),
                "the event is missing",
            )),
        }
    }

    /// Events of all streams after a position, in commit order, at most `limit`.
    pub(crate) async fn since(&self, after: u64, limit: u32) -> Result<Vec<Stored>> {
        let sql = format!("{EVENT} WHERE e.position > $1 ORDER BY e.position LIMIT $2");
        query(sql)
            .bind(integer(after)?)
            .bind(i64::from(limit))
            .fetch_all(&mut self.reader().await?.on())
            .await?
            .iter()
            .map(sound_event_of)
            .collect()
    }

    /// What followers are told of the events after a position, at most `limit`.
    pub(crate) async fn announcements(&self, after: u64, limit: u32) -> Result<Vec<Announcement>> {
        let sql = "SELECT e.position, e.sequence, e.kind AS event_kind, s.id, s.kind
                   FROM events e JOIN streams s ON s.number = e.stream
                   WHERE e.position > $1 ORDER BY e.position LIMIT $2";
        query(sql)
            .bind(integer(after)?)
            .bind(i64::from(limit))
            .fetch_all(&mut self.reader().await?.on())
            .await?
            .iter()
            .map(|row| {
                Ok(Announcement {
                    position: count(row, "position")?,
                    stream: stream_of(row)?,
                    sequence: count(row, "sequence")?,
                    kind: row.get("event_kind")?,
                })
            })
            .collect()
    }

    /// Streams of a kind in order of first appearance.
    pub(crate) async fn streams(&self, kind: StreamKind) -> Result<Vec<StreamInfo>> {
        query("SELECT id, kind, sequence, link FROM streams WHERE kind = $1 ORDER BY number")
            .bind(i64::from(kind.code()))
            .fetch_all(&mut self.reader().await?.on())
            .await?
            .iter()
            .map(info_of)
            .collect()
    }

    pub(crate) async fn stream(&self, id: Uuid) -> Result<Option<StreamInfo>> {
        query("SELECT id, kind, sequence, link FROM streams WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut self.reader().await?.on())
            .await?
            .as_ref()
            .map(info_of)
            .transpose()
    }

    /// Where each of these streams stands; in no order, and without those that are not there.
    pub(crate) async fn stand(&self, ids: &[Uuid]) -> Result<Vec<StreamInfo>> {
        let mut all = Vec::new();
        for some in ids.chunks(ASKED) {
            let mut sql = query("SELECT id, kind, sequence, link FROM streams WHERE id IN (");
            for (n, id) in some.iter().enumerate() {
                sql.push(if n == 0 { "" } else { ", " }).push_bind(*id);
            }
            sql.push(")");
            let rows = sql.fetch_all(&mut self.reader().await?.on()).await?;
            for row in &rows {
                all.push(info_of(row)?);
            }
        }
        Ok(all)
    }

    /// Kinds and versions that occur.
    pub(crate) async fn kinds(&self) -> Result<Vec<(String, u32)>> {
        kinds(&mut self.reader().await?.on()).await
    }
}

pub(super) async fn kinds(connection: &mut Connection<'_>) -> Result<Vec<(String, u32)>> {
    query("SELECT kind, v FROM kinds ORDER BY kind, v")
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| Ok((row.get("kind")?, small(row, "v")?.into())))
        .collect()
}
