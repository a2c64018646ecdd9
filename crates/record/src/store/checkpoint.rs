//! Checkpoints and what they are made from.

use super::read::stream_of;
use super::sql::{Connection, Record, query};
use super::{Store, count, hash, integer};
use crate::checkpoint::Checkpoint;
use crate::event::{Hash, instant, nanoseconds};
use crate::merkle::leaf;
use crate::{Error, Result};

/// The end of the journal, and the streams that moved on the way there.
pub(crate) struct Heads {
    pub(crate) position: u64,
    pub(crate) changed: Vec<Head>,
}

/// One stream's leaf.
pub(crate) struct Head {
    pub(crate) index: usize,
    pub(crate) leaf: Hash,
}

const COLUMNS: &str = "number, at_ns, position, streams, root, previous, key, signature";

pub(super) fn checkpoint_of(row: &Record) -> Result<Checkpoint> {
    let signature: &[u8] = row.get("signature")?;
    Ok(Checkpoint {
        number: count(row, "number")?,
        at: instant(row.get("at_ns")?),
        position: count(row, "position")?,
        streams: count(row, "streams")?,
        root: hash(row, "root")?,
        previous: hash(row, "previous")?,
        key: hash(row, "key")?,
        signature: signature
            .try_into()
            .map_err(|_| Error::corrupt("signature", "it has not 64 bytes"))?,
    })
}

fn head_of(row: &Record) -> Result<Head> {
    let number = count(row, "number")?;
    let index = number
        .checked_sub(1)
        .and_then(|n| usize::try_from(n).ok())
        .ok_or_else(|| Error::corrupt("streams.number", format!("{number} is no number")))?;
    let leaf = leaf(
        stream_of(row)?,
        count(row, "sequence")?,
        &hash(row, "link")?,
    );
    Ok(Head { index, leaf })
}

impl Store {
    /// The heads that moved after a position, in one snapshot.
    pub(crate) async fn heads_since(&self, position: u64) -> Result<Heads> {
        let mut snapshot = self.snapshot().await?;
        let end = query("SELECT coalesce(max(position), 0) AS position FROM events")
            .fetch_one(&mut snapshot.on())
            .await?;
        let changed = "SELECT number, id, kind, sequence, link FROM streams
             WHERE number IN (SELECT stream FROM events WHERE position > $1) ORDER BY number";
        let all = "SELECT number, id, kind, sequence, link FROM streams
             WHERE $1 = 0 ORDER BY number";
        let changed = query(if position == 0 { all } else { changed })
            .bind(integer(position)?)
            .fetch_all(&mut snapshot.on())
            .await?
            .iter()
            .map(head_of)
            .collect::<Result<_>>()?;
        Ok(Heads {
            position: count(&end, "position")?,
            changed,
        })
    }

    pub(crate) async fn last_checkpoint(&self) -> Result<Option<Checkpoint>> {
        let sql = format!("SELECT {COLUMNS} FROM checkpoints ORDER BY number DESC LIMIT 1");
        query(sql)
            .fetch_optional(&mut self.reader().await?.on())
            .await?
            .as_ref()
            .map(checkpoint_of)
            .transpose()
    }

    pub(crate) async fn add_checkpoint(&self, made: &Checkpoint) -> Result<()> {
        let sql =
            format!("INSERT INTO checkpoints ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
        let mut turn = self.turn().await?;
        let mut transaction = turn.begin().await?;
        query(sql)
            .bind(integer(made.number)?)
            .bind(nanoseconds(made.at)?)
            .bind(integer(made.position)?)
            .bind(integer(made.streams)?)
            .bind(&made.root)
            .bind(&made.previous)
            .bind(&made.key)
            .bind(&made.signature)
            .execute(&mut transaction.on())
            .await?;
        transaction.commit().await?;
        turn.clean();
        Ok(())
    }
}

/// Checkpoints after a number, in order, as found.
pub(crate) async fn checkpoints_after(
    connection: &mut Connection<'_>,
    after: u64,
    limit: u32,
) -> Result<Vec<(u64, Result<Checkpoint>)>> {
    let sql =
        format!("SELECT {COLUMNS} FROM checkpoints WHERE number > $1 ORDER BY number LIMIT $2");
    query(sql)
        .bind(integer(after)?)
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| Ok((count(row, "number")?, checkpoint_of(row))))
        .collect()
}
