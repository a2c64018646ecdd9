//! Entries and their values: written for a stream at once, found by the values of an index.
//!
//! Of all that has to hold, what few entries fulfil is looked up first and the rest is tested on
//! those; where everything is common, entries are walked in the order asked for until enough fit.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::sql::{Connection, Query, query};
use super::{Store, count, integer};
use crate::found::{Compare, Criterion, Entry, Find, Found, Side, Test, kept};
use crate::{Result, StreamKind};

/// Fewer entries than this are few: they are sorted faster than others are walked past *(ours: of
/// 100,000 entries those of a code and a span of dates were found in 22 ms, and in 1.3 s with 1,000
/// in its place)*.
const FEW: u64 = 5000;
/// Values that one statement writes: each binds four, and PostgreSQL takes 65,535.
const AT_ONCE: usize = 200;

impl Store {
    /// Sets what is found of a stream: all of it, made in a way from a stream that stood
    /// somewhere, or these entries beside those that are there. All of a stream that stands
    /// elsewhere by now is not set: it may have been erased, and whoever moved it is looked at
    /// again.
    pub(crate) async fn index(
        &self,
        stream: Uuid,
        all: Option<(u64, &str)>,
        entries: &[Entry],
    ) -> Result<()> {
        let mut turn = self.turn().await?;
        let mut transaction = self.begin(&mut turn).await?;
        if let Some((sequence, _)) = all
            && stands(&mut transaction.on(), stream).await? != Some(integer(sequence)?)
        {
            transaction.rollback().await?;
            turn.clean();
            return Ok(());
        }
        let on = &mut transaction.on();
        let old = match all {
            Some((_, made)) => versions(on, stream, made).await?,
            None => BTreeMap::new(),
        };
        let stay: BTreeSet<String> = entries.iter().map(|entry| kept(&entry.key)).collect();
        for key in old.keys().filter(|key| !stay.contains(*key)) {
            remove(on, key).await?;
        }
        for entry in entries {
            let key = kept(&entry.key);
            if old.get(&key) == Some(&entry.version) {
                continue;
            }
            if all.is_none() || old.contains_key(&key) {
                remove(on, &key).await?;
            }
            write(on, stream, &key, entry).await?;
        }
        if let Some((sequence, made)) = all {
            let sql = "INSERT INTO found_streams (stream, sequence, made) VALUES ($1, $2, $3)
                       ON CONFLICT (stream)
                       DO UPDATE SET sequence = excluded.sequence, made = excluded.made";
            query(sql)
                .bind(stream)
                .bind(integer(sequence)?)
                .bind(made)
                .execute(on)
                .await?;
        }
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

    /// Version and body of one entry by its key.
    pub(crate) async fn entry(&self, key: &str) -> Result<Option<(String, Vec<u8>)>> {
        let row = query("SELECT version, body FROM found WHERE key = $1")
            .bind(kept(key))
            .fetch_optional(&mut self.reader().await?.on())
            .await?;
        row.map(|row| Ok((row.get("version")?, row.get("body")?)))
            .transpose()
    }

    /// Position of the last event; 0 where there is none.
    pub(crate) async fn position(&self) -> Result<u64> {
        let row = query("SELECT coalesce(max(position), 0) AS position FROM events")
            .fetch_one(&mut self.reader().await?.on())
            .await?;
        count(&row, "position")
    }

    /// Entries that fit, in their order.
    pub(crate) async fn find(&self, find: &Find) -> Result<Vec<Found>> {
        let few = self.fewest(&find.all).await?;
        let mut sql = query("SELECT o.key, o.value, f.body");
        narrow(&mut sql, find, few, " CROSS JOIN found f");
        let direction = if find.descending { " DESC" } else { "" };
        if let Some((value, key)) = &find.after {
            sql.push(" AND (o.value, o.key) ");
            sql.push(if find.descending { "< (" } else { "> (" });
            sql.push_bind(value.as_str()).push(", ");
            sql.push_bind(key.as_str()).push(")");
        }
        sql.push(" ORDER BY o.value").push(direction);
        sql.push(", o.key").push(direction).push(" LIMIT ");
        sql.push_bind(i64::from(find.limit));
        sql.fetch_all(&mut self.reader().await?.on())
            .await?
            .iter()
            .map(|row| {
                Ok(Found {
                    key: row.get("key")?,
                    order: row.get("value")?,
                    body: row.get("body")?,
                })
            })
            .collect()
    }

    /// How many entries fit.
    pub(crate) async fn found(&self, find: &Find) -> Result<u64> {
        let few = self.fewest(&find.all).await?;
        let mut sql = query("SELECT count(*) AS found");
        narrow(&mut sql, find, few, "");
        let row = sql.fetch_one(&mut self.reader().await?.on()).await?;
        count(&row, "found")
    }

    /// Which criterion the fewest values fulfil, where they are few.
    async fn fewest(&self, all: &[Criterion]) -> Result<Option<usize>> {
        let mut best: Option<(u64, usize)> = None;
        for (place, criterion) in all.iter().enumerate().filter(|(_, one)| !one.negated) {
            let most = best.map_or(FEW, |(count, _)| count);
            let mut sql = query("SELECT count(*) AS found FROM (");
            keys(&mut sql, criterion);
            sql.push(" LIMIT ").push_bind(integer(most)?).push(") AS k");
            let row = sql.fetch_one(&mut self.reader().await?.on()).await?;
            let found = count(&row, "found")?;
            if found < most {
                best = Some((found, place));
            }
        }
        Ok(best.map(|(_, place)| place))
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

/// Versions of a stream's entries by key; none of those that were made in another way.
async fn versions(
    on: &mut Connection<'_>,
    stream: Uuid,
    made: &str,
) -> Result<BTreeMap<String, String>> {
    let same = query("SELECT made FROM found_streams WHERE stream = $1")
        .bind(stream)
        .fetch_optional(on)
        .await?;
    let same = match same {
        Some(row) => row.get::<String>("made")? == made,
        None => false,
    };
    query("SELECT key, version FROM found WHERE stream = $1")
        .bind(stream)
        .fetch_all(on)
        .await?
        .iter()
        .map(|row| {
            let version: String = row.get("version")?;
            // No version is empty: what was made otherwise is written again.
            Ok((row.get("key")?, if same { version } else { String::new() }))
        })
        .collect()
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

async fn write(on: &mut Connection<'_>, stream: Uuid, key: &str, entry: &Entry) -> Result<()> {
    query("INSERT INTO found (key, stream, version, body) VALUES ($1, $2, $3, $4)")
        .bind(key)
        .bind(stream)
        .bind(entry.version.as_str())
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
    Ok(())
}

/// From which rows `o` the entries are ordered by, and what has to hold of them. In SQLite the
/// order of a cross join is the order of its loops; PostgreSQL knows how many rows there are.
fn narrow<'q>(sql: &mut Query<'q>, find: &'q Find, few: Option<usize>, beside: &str) {
    sql.push(" FROM ");
    if let Some(criterion) = few.and_then(|place| find.all.get(place)) {
        sql.push("(");
        keys(sql, criterion);
        sql.push(") k CROSS JOIN ");
    }
    sql.push("found_values o").push(beside);
    sql.push(" WHERE o.name = ").push_bind(find.order.as_str());
    if few.is_some() {
        sql.push(" AND o.key = k.key");
    }
    if !beside.is_empty() {
        sql.push(" AND f.key = o.key");
    }
    let all = find.all.iter().enumerate();
    for (_, criterion) in all.filter(|(place, _)| few != Some(*place)) {
        sql.push(if criterion.negated {
            " AND NOT ("
        } else {
            " AND ("
        });
        for (n, test) in criterion.any.iter().enumerate() {
            sql.push(if n == 0 { "" } else { " OR " });
            sql.push("EXISTS (SELECT 1 FROM found_values v WHERE v.key = o.key AND ");
            bounds(sql, test);
            sql.push(")");
        }
        sql.push(")");
    }
}

/// The keys for which one of the tests holds, each once.
fn keys<'q>(sql: &mut Query<'q>, criterion: &'q Criterion) {
    for (n, test) in criterion.any.iter().enumerate() {
        sql.push(if n == 0 { "" } else { " UNION " });
        sql.push("SELECT DISTINCT v.key FROM found_values v WHERE ");
        bounds(sql, test);
    }
}

fn bounds<'q>(sql: &mut Query<'q>, test: &'q Test) {
    sql.push("v.name = ").push_bind(test.name.as_str());
    for (side, compare, text) in &test.bounds {
        sql.push(match side {
            Side::Value => " AND v.value ",
            Side::Until => " AND v.until ",
        });
        sql.push(match compare {
            Compare::Is => "= ",
            Compare::Least => ">= ",
            Compare::Above => "> ",
            Compare::Most => "<= ",
            Compare::Below => "< ",
        });
        sql.push_bind(kept(text));
    }
}
