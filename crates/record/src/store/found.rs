//! Entries and their values: written and sealed for a stream at once, found by the values of an
//! index.

mod look;
mod walk;

pub(crate) use walk::{Kept, Set};

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::sql::{Connection, Dialect, query};
use super::{Store, count, integer};
use crate::event::Hash;
use crate::found::seal::{IndexKey, Sealed, listed};
use crate::found::{Entry, kept};
use crate::{Result, StreamKind};

/// Values that one statement writes: each binds four, and PostgreSQL takes 65,535.
const AT_ONCE: usize = 200;

/// Up to where a stream was read, if all of it was, and how entries were made of it.
type Made<'a> = (Option<u64>, &'a str);

/// An entry that is there: its version and seal.
struct There {
    version: String,
    seal: Vec<u8>,
}

impl Store {
    /// Sets what is found of a stream: all of it, made from a stream that stood somewhere, or
    /// these entries beside those that are there. All of a stream that stands elsewhere by now is
    /// not set: it may have been erased, and whoever moved it is looked at again.
    pub(crate) async fn index(
        &self,
        key: &IndexKey,
        stream: Uuid,
        made: Made<'_>,
        entries: &[Entry],
    ) -> Result<()> {
        let mut turn = self.turn().await?;
        let mut transaction = self.begin(&mut turn).await?;
        let on = &mut transaction.on();
        let moved = match made.0 {
            Some(sequence) => stands(on, stream).await? != Some(integer(sequence)?),
            None => false,
        };
        let wrote = !moved && self.put(on, key, stream, made, entries).await?;
        match wrote {
            true => transaction.commit().await?,
            false => transaction.rollback().await?,
        }
        turn.clean();
        Ok(())
    }

    /// Whether anything had to be written.
    async fn put(
        &self,
        on: &mut Connection<'_>,
        key: &IndexKey,
        stream: Uuid,
        (sequence, made): Made<'_>,
        entries: &[Entry],
    ) -> Result<bool> {
        let (stood, mut there) = before(on, stream, made).await?;
        let mut wrote = stood.is_none();
        if wrote {
            forget(on, stream).await?;
        }
        if sequence.is_some() {
            let stay: BTreeSet<String> = entries.iter().map(|entry| kept(&entry.key)).collect();
            let gone: Vec<String> = there
                .keys()
                .filter(|key| !stay.contains(*key))
                .cloned()
                .collect();
            for key in gone {
                remove(on, &key).await?;
                there.remove(&key);
                wrote = true;
            }
        }
        for entry in entries {
            let name = kept(&entry.key);
            let old = there.get(&name);
            if old.is_some_and(|old| old.version == entry.version) {
                continue;
            }
            if old.is_some() {
                remove(on, &name).await?;
            }
            let seal = write(on, (self.id, key), (stream, &name), entry).await?;
            let version = entry.version.clone();
            let seal = seal.to_vec();
            there.insert(name, There { version, seal });
            wrote = true;
        }
        let sequence = sequence.or(stood).unwrap_or_default();
        if !wrote && stood == Some(sequence) {
            return Ok(false);
        }
        let mut set = key.set(self.id, stream, (sequence, made));
        there.iter().for_each(|(key, one)| set.add(key, &one.seal));
        let sql = "INSERT INTO found_streams (stream, sequence, made, seal)
                   VALUES ($1, $2, $3, $4) ON CONFLICT (stream) DO UPDATE
                   SET sequence = excluded.sequence, made = excluded.made, seal = excluded.seal";
        query(sql)
            .bind(stream)
            .bind(integer(sequence)?)
            .bind(made)
            .bind(&set.end())
            .execute(on)
            .await?;
        Ok(true)
    }

    /// Takes away what is found of a stream.
    pub(crate) async fn unindex(&self, stream: Uuid) -> Result<()> {
        let mut turn = self.turn().await?;
        let mut transaction = self.begin(&mut turn).await?;
        forget(&mut transaction.on(), stream).await?;
        transaction.commit().await?;
        turn.clean();
        Ok(())
    }

    /// Streams of a kind whose entries were not made in this way up to their end.
    pub(crate) async fn behind(&self, kind: StreamKind, made: &str) -> Result<Vec<Uuid>> {
        let sql = "SELECT s.id FROM streams s LEFT JOIN found_streams f ON f.stream = s.id
                   WHERE s.kind = $1
                   AND (f.stream IS NULL OR f.sequence <> s.sequence OR f.made <> $2)
                   ORDER BY s.number";
        query(sql)
            .bind(i64::from(kind.code()))
            .bind(made)
            .fetch_all(&mut self.reader().await?.on())
            .await?
            .iter()
            .map(|row| super::uuid(row, "id"))
            .collect()
    }

    /// Whether a stream's entries were made in this way up to its end.
    pub(crate) async fn found_stands(&self, stream: Uuid, made: &str) -> Result<bool> {
        let sql = "SELECT 1 AS one FROM streams s JOIN found_streams f
                   ON f.stream = s.id AND f.sequence = s.sequence
                   WHERE s.id = $1 AND f.made = $2";
        let row = query(sql)
            .bind(stream)
            .bind(made)
            .fetch_optional(&mut self.reader().await?.on())
            .await?;
        Ok(row.is_some())
    }

    /// Versions of a stream's entries that were made in this way.
    pub(crate) async fn versions(
        &self,
        stream: Uuid,
        made: &str,
    ) -> Result<BTreeMap<String, String>> {
        let (_, there) = before(&mut self.reader().await?.on(), stream, made).await?;
        let version = |(key, one): (String, There)| (key, one.version);
        Ok(there.into_iter().map(version).collect())
    }

    /// Tells PostgreSQL how the index is filled; by itself it looks a minute later.
    pub(crate) async fn weigh(&self) -> Result<()> {
        if self.dialect() == Dialect::Postgres {
            let mut turn = self.turn().await?;
            let mut transaction = self.begin(&mut turn).await?;
            let weigh = query("ANALYZE found_values, found");
            weigh.execute(&mut transaction.on()).await?;
            transaction.commit().await?;
            turn.clean();
        }
        Ok(())
    }

    /// Whether nothing came after a position but lines of the audit log, as far as this process
    /// knows it: a file has one writer.
    pub(crate) fn quiet_since(&self, position: u64) -> bool {
        self.dialect() == Dialect::Sqlite && self.announcer.quiet_since(position)
    }

    /// Position of the last event; 0 where there is none.
    pub(crate) async fn position(&self) -> Result<u64> {
        let row = query("SELECT coalesce(max(position), 0) AS position FROM events")
            .fetch_one(&mut self.reader().await?.on())
            .await?;
        count(&row, "position")
    }
}

/// The last event of a stream, as this transaction sees it: nobody else writes before its end.
async fn stands(on: &mut Connection<'_>, stream: Uuid) -> Result<Option<i64>> {
    query("SELECT sequence FROM streams WHERE id = $1")
        .bind(stream)
        .fetch_optional(on)
        .await?
        .map(|row| row.get("sequence"))
        .transpose()
}

/// Up to where a stream was read, and its entries; nothing of what was made in another way.
async fn before(
    on: &mut Connection<'_>,
    stream: Uuid,
    made: &str,
) -> Result<(Option<u64>, BTreeMap<String, There>)> {
    let stood = query("SELECT sequence FROM found_streams WHERE stream = $1 AND made = $2")
        .bind(stream)
        .bind(made)
        .fetch_optional(on)
        .await?;
    let Some(stood) = stood else {
        return Ok((None, BTreeMap::new()));
    };
    let there = query("SELECT key, version, seal FROM found WHERE stream = $1")
        .bind(stream)
        .fetch_all(on)
        .await?
        .iter()
        .map(|row| {
            let (version, seal) = (row.get("version")?, row.get("seal")?);
            Ok((row.get("key")?, There { version, seal }))
        })
        .collect::<Result<_>>()?;
    Ok((Some(count(&stood, "sequence")?), there))
}

async fn remove(on: &mut Connection<'_>, key: &str) -> Result<()> {
    for sql in [
        "DELETE FROM found_values WHERE key = $1",
        "DELETE FROM found WHERE key = $1",
    ] {
        query(sql).bind(key).execute(on).await?;
    }
    Ok(())
}

/// Everything that is found of a stream goes with it.
pub(super) async fn forget(on: &mut Connection<'_>, stream: Uuid) -> Result<()> {
    for sql in [
        "DELETE FROM found_values WHERE key IN (SELECT key FROM found WHERE stream = $1)",
        "DELETE FROM found WHERE stream = $1",
        "DELETE FROM found_streams WHERE stream = $1",
    ] {
        query(sql).bind(stream).execute(on).await?;
    }
    Ok(())
}

/// Writes an entry and its values; says its seal.
async fn write(
    on: &mut Connection<'_>,
    (store, sealing): (Uuid, &IndexKey),
    (stream, key): (Uuid, &str),
    entry: &Entry,
) -> Result<Hash> {
    let listed = listed(&entry.values);
    let sealed = Sealed {
        stream,
        key,
        version: &entry.version,
        listed: &listed,
        body: &entry.body,
    };
    let seal = sealing.entry(store, &sealed);
    let sql = "INSERT INTO found (key, stream, version, listed, seal, body)
               VALUES ($1, $2, $3, $4, $5, $6)";
    query(sql)
        .bind(key)
        .bind(stream)
        .bind(entry.version.as_str())
        .bind(&listed)
        .bind(&seal)
        .bind(entry.body.as_slice())
        .execute(on)
        .await?;
    for some in entry.values.chunks(AT_ONCE) {
        let mut sql = query("INSERT INTO found_values (name, value, until, key) VALUES ");
        for (n, value) in some.iter().enumerate() {
            sql.push(if n == 0 { "(" } else { ", (" });
            for part in [&value.name, &value.value, &value.until] {
                sql.push_bind(kept(part)).push(", ");
            }
            sql.push_bind(key).push(")");
        }
        sql.push(" ON CONFLICT DO NOTHING");
        sql.execute(on).await?;
    }
    Ok(seal)
}
