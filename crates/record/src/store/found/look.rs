//! Looking for entries by their values.
//!
//! | what has to hold | how a page is read |
//! |---|---|
//! | something that few entries fulfil | those are looked up, the rest is tested on them, and they are sorted |
//! | something of the value they are ordered by | its rows are read in order, which say themselves whether it holds |
//! | anything else | entries are walked in order, some and then more of them; where these do not fill the page, the keys that fit are gathered first |

use std::collections::BTreeMap;

use super::super::sql::{Dialect, Query, Record, query};
use super::super::{Store, count, integer, uuid};
use super::AT_ONCE;
use crate::found::seal::{IndexKey, Sealed};
use crate::found::{Bounds, Compare, Criterion, Find, Found, Side, Test, kept};
use crate::{Error, Result};

/// Fewer entries than this are few: they are sorted faster than others are walked past *(ours: of
/// 100,000 entries, 2,000 are looked up and sorted in 8 ms)*.
const FEW: u64 = 2000;
/// Entries that are walked past before more are, and before the keys that fit are gathered *(ours:
/// 2 and 20 ms)*.
const WALKED: [i64; 2] = [400, 4000];

/// How the rest of what has to hold is tested.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// On those that fulfil the criterion at this place.
    Few(usize),
    /// On entries in their order, but no more than so many.
    Walk(i64),
    /// By the keys that fit.
    Gather,
}

impl Store {
    /// The bodies of entries by their keys.
    pub(crate) async fn entries(
        &self,
        sealing: &IndexKey,
        keys: &[String],
    ) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut all = BTreeMap::new();
        for some in keys.chunks(AT_ONCE) {
            let mut sql =
                query("SELECT key, stream, version, listed, seal, body FROM found WHERE key IN (");
            for (n, key) in some.iter().enumerate() {
                sql.push(if n == 0 { "" } else { ", " });
                sql.push_bind(kept(key));
            }
            sql.push(")");
            for row in sql.fetch_all(&mut self.reader().await?.on()).await? {
                all.insert(row.get("key")?, self.unchanged(sealing, &row)?);
            }
        }
        Ok(all)
    }

    /// The body of an entry that is as it was written.
    fn unchanged(&self, sealing: &IndexKey, row: &Record) -> Result<Vec<u8>> {
        let (stream, body) = (uuid(row, "stream")?, row.get::<Vec<u8>>("body")?);
        let sealed = Sealed {
            stream,
            key: row.get("key")?,
            version: row.get("version")?,
            listed: row.get("listed")?,
            body: &body,
        };
        match sealing.entry(self.id, &sealed)[..] == *row.get::<&[u8]>("seal")? {
            true => Ok(body),
            false => Err(Error::Unsealed(stream)),
        }
    }

    /// Entries that fit, in their order.
    pub(crate) async fn find(&self, sealing: &IndexKey, find: &Find) -> Result<Vec<Found>> {
        let rows = match self.fewest(&find.all).await? {
            Some(place) => self.page(find, How::Few(place)).await?,
            // Nothing is walked past.
            None if find.all.is_empty() => self.page(find, How::Gather).await?,
            None => self.walked(find).await?,
        };
        let found = |row: &Record| {
            Ok(Found {
                key: row.get("key")?,
                order: row.get("value")?,
                body: self.unchanged(sealing, row)?,
            })
        };
        rows.iter().map(found).collect()
    }

    /// A page of what many entries fulfil: it is full soon, unless they stand elsewhere.
    async fn walked(&self, find: &Find) -> Result<Vec<Record>> {
        for most in WALKED {
            let rows = self.page(find, How::Walk(most)).await?;
            if rows.len() >= find.limit as usize {
                return Ok(rows);
            }
        }
        self.page(find, How::Gather).await
    }

    async fn page(&self, find: &Find, how: How) -> Result<Vec<Record>> {
        let direction = if find.descending { " DESC" } else { "" };
        let order = |sql: &mut Query<'_>, table: &str| {
            for (n, column) in ["value", "key"].iter().enumerate() {
                sql.push(if n == 0 { " ORDER BY " } else { ", " });
                sql.push(table).push(column).push(direction);
            }
        };
        let mut sql = query(
            "SELECT p.key, p.value, f.stream, f.version, f.listed, f.seal, f.body
             FROM (SELECT o.key, o.value",
        );
        match how {
            How::Walk(most) => {
                sql.push(" FROM (SELECT o.key, o.value FROM found_values o");
                begun(&mut sql, find);
                order(&mut sql, "o.");
                sql.push(" LIMIT ").push_bind(most).push(") o WHERE 1 = 1");
            }
            How::Few(_) | How::Gather => from(&mut sql, find, how),
        }
        rest(&mut sql, find, (how, self.dialect()));
        order(&mut sql, "o.");
        sql.push(" LIMIT ").push_bind(i64::from(find.limit));
        sql.push(") p JOIN found f ON f.key = p.key");
        order(&mut sql, "p.");
        sql.fetch_all(&mut self.reader().await?.on()).await
    }

    /// How many entries fit.
    pub(crate) async fn found(&self, find: &Find) -> Result<u64> {
        let few = self.fewest(&find.all).await?;
        let how = few.map_or(How::Gather, How::Few);
        let all = Find {
            after: None,
            ..find.clone()
        };
        let mut sql = query("SELECT count(*) AS found");
        from(&mut sql, &all, how);
        rest(&mut sql, &all, (how, self.dialect()));
        let row = sql.fetch_one(&mut self.reader().await?.on()).await?;
        count(&row, "found")
    }

    /// Which criterion the fewest values fulfil, where they are few.
    async fn fewest(&self, all: &[Criterion]) -> Result<Option<usize>> {
        let asked: Vec<usize> = (0..all.len()).filter(|one| !all[*one].negated).collect();
        if asked.is_empty() {
            return Ok(None);
        }
        let mut sql = query("SELECT ");
        for (n, place) in asked.iter().enumerate() {
            sql.push(if n == 0 { "" } else { ", " });
            sql.push("(SELECT count(*) FROM (");
            keys(&mut sql, &all[*place], (" UNION ALL ", ""));
            sql.push(" LIMIT ").push_bind(integer(FEW)?);
            sql.push(&format!(") AS k) AS found{n}"));
        }
        let row = sql.fetch_one(&mut self.reader().await?.on()).await?;
        let mut best: Option<(u64, usize)> = None;
        for (n, place) in asked.into_iter().enumerate() {
            let found = count(&row, &format!("found{n}"))?;
            if found < best.map_or(FEW, |(count, _)| count) {
                best = Some((found, place));
            }
        }
        Ok(best.map(|(_, place)| place))
    }
}

/// From which rows `o` the entries are ordered by. In SQLite the order of a cross join is the order
/// of its loops; PostgreSQL knows how many rows there are.
fn from<'q>(sql: &mut Query<'q>, find: &'q Find, how: How) {
    sql.push(" FROM ");
    let few = match how {
        How::Few(place) => find.all.get(place),
        How::Walk(_) | How::Gather => None,
    };
    if let Some(criterion) = few {
        sql.push("(");
        keys(sql, criterion, (" UNION ", "DISTINCT "));
        sql.push(") k CROSS JOIN ");
    }
    sql.push("found_values o");
    begun(sql, find);
    if few.is_some() {
        sql.push(" AND o.key = k.key");
    }
}

/// What holds of the rows that entries are ordered by, and after which of them the page begins.
fn begun<'q>(sql: &mut Query<'q>, find: &'q Find) {
    sql.push(" WHERE o.name = ").push_bind(find.order.as_str());
    for any in &find.within {
        one_of(sql, "o.", any);
        implied(sql, "o.", any);
    }
    if let Some((value, key)) = &find.after {
        sql.push(" AND (o.value, o.key) ");
        sql.push(if find.descending { "< (" } else { "> (" });
        sql.push_bind(value.as_str()).push(", ");
        sql.push_bind(key.as_str()).push(")");
    }
}

/// One of these holds of a value.
fn one_of<'a>(sql: &mut Query<'_>, table: &str, any: impl IntoIterator<Item = &'a Bounds>) {
    for (n, bounds) in any.into_iter().enumerate() {
        sql.push(if n == 0 { " AND ((" } else { ") OR (" });
        sql.push("1 = 1");
        all_of(sql, table, bounds);
    }
    sql.push("))");
}

/// What each of them implies bounds the rows that are read: a range does not end before it begins.
fn implied<'a, I>(sql: &mut Query<'_>, table: &str, any: I)
where
    I: IntoIterator<Item = &'a Bounds> + Clone,
{
    let least = any.clone().into_iter().map(|bounds| {
        let least = bounds.iter().filter(|(side, compare, _)| {
            *side == Side::Value && matches!(compare, Compare::Is | Compare::Least | Compare::Above)
        });
        least.map(|(_, _, text)| text.as_str()).max()
    });
    let least: Option<Vec<&str>> = least.collect();
    let most = any.into_iter().map(|bounds| {
        let most = bounds.iter().filter(|(_, compare, _)| {
            matches!(compare, Compare::Is | Compare::Most | Compare::Below)
        });
        most.map(|(_, _, text)| text.as_str()).min()
    });
    let most: Option<Vec<&str>> = most.collect();
    let least = least.and_then(|all| all.into_iter().min());
    let most = most.and_then(|all| all.into_iter().max());
    for (compare, text) in [("value >= ", least), ("value <= ", most)] {
        if let Some(text) = text {
            sql.push(" AND ").push(table);
            sql.push(compare).push_bind(kept(text));
        }
    }
}

/// What else has to hold.
fn rest<'q>(sql: &mut Query<'q>, find: &'q Find, (how, dialect): (How, Dialect)) {
    for (place, criterion) in find.all.iter().enumerate() {
        if how == How::Few(place) {
            continue;
        }
        sql.push(match criterion.negated {
            true => " AND NOT (",
            false => " AND (",
        });
        for (n, tests) in parts(criterion).into_iter().enumerate() {
            sql.push(if n == 0 { "" } else { " OR " });
            match how {
                How::Gather => {
                    sql.push(dialect.unindexed());
                    sql.push("o.key IN (SELECT v.key FROM found_values v WHERE ");
                    bounds(sql, tests);
                }
                How::Few(_) | How::Walk(_) => {
                    sql.push("EXISTS (SELECT 1 FROM found_values v WHERE v.key = o.key AND ");
                    bounds(sql, tests);
                    // PostgreSQL would gather all that fits for a few entries.
                    sql.push(" LIMIT 1 OFFSET 0");
                }
            }
            sql.push(")");
        }
        sql.push(")");
    }
}

/// Tests that are looked up together: those of ranges under one name, which overlap; any other by
/// itself.
fn parts(criterion: &Criterion) -> Vec<&[Test]> {
    let any = &criterion.any;
    let ranges = any.iter().flat_map(|test| &test.bounds);
    let ranges = ranges.into_iter().any(|(side, ..)| *side == Side::Until);
    match any.first() {
        Some(first) if ranges && any.iter().all(|test| test.name == first.name) => vec![any],
        _ => any.chunks(1).collect(),
    }
}

/// The keys for which one of the tests holds.
fn keys<'q>(sql: &mut Query<'q>, criterion: &'q Criterion, (beside, each): (&str, &str)) {
    for (n, tests) in parts(criterion).into_iter().enumerate() {
        sql.push(if n == 0 { "" } else { beside });
        sql.push("SELECT ").push(each);
        sql.push("v.key FROM found_values v WHERE ");
        bounds(sql, tests);
        implied(sql, "v.", tests.iter().map(|test| &test.bounds));
    }
}

/// One of the tests, which have one name, holds of a value.
fn bounds<'q>(sql: &mut Query<'q>, tests: &'q [Test]) {
    let Some(first) = tests.first() else {
        return;
    };
    sql.push("v.name = ").push_bind(first.name.as_str());
    match tests {
        [one] => all_of(sql, "v.", &one.bounds),
        _ => one_of(sql, "v.", tests.iter().map(|test| &test.bounds)),
    }
}

fn all_of(sql: &mut Query<'_>, table: &str, bounds: &Bounds) {
    for (side, compare, text) in bounds {
        sql.push(" AND ").push(table);
        sql.push(match side {
            Side::Value => "value ",
            Side::Until => "until ",
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
