//! Looking for entries by their values.
//!
//! | what has to hold | how a page is read |
//! |---|---|
//! | something that few entries fulfil | those are looked up, the rest is tested on them, and they are sorted |
//! | something of the value they are ordered by | its rows are read in order, which say themselves whether it holds |
//! | anything else | some entries are walked past in order; where these do not fill the page, those are looked up that fewer fulfil, or the keys that fit are gathered first |

use std::collections::BTreeMap;

use super::super::sql::{Dialect, Query, Record, query};
use super::super::{Store, count, integer, uuid};
use super::AT_ONCE;
use crate::found::seal::{IndexKey, Sealed};
use crate::found::{Bounds, Compare, Criterion, Find, Found, Side, Test, kept};
use crate::{Error, Result};

/// Fewer entries than this are few: they are looked up and sorted in a millisecond, or two *(ours,
/// of 100,000 entries on `SQLite`)*.
const FEW: u64 = 200;
/// Entries that are walked past at a time, and how often, where not few fulfil anything *(ours: 3 ms,
/// where none of them fits)*.
const STEP: u32 = 1000;
const STEPS: usize = 4;
/// Fewer entries than this are few where those did not fill the page: they are looked up and sorted
/// in 8 ms *(ours)*.
const FEW_OF_MANY: u64 = 2000;

/// How the rest of what has to hold is tested.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How<'a> {
    /// On those that fulfil the criterion at this place.
    Few(usize),
    /// On entries in their order, up to the one that is so ordered and has this key, or on all.
    Walk(Option<&'a (String, String)>),
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
        let rows = match self.fewest(&find.all, FEW).await? {
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

    /// A page of what more entries fulfil: it is full soon, unless they stand elsewhere.
    async fn walked(&self, find: &Find) -> Result<Vec<Record>> {
        let (mut step, mut rows) = (find.clone(), Vec::new());
        for _ in 0..STEPS {
            let end = self.end(&step).await?;
            let found = self.page(&step, How::Walk(end.as_ref())).await?;
            step.limit -= u32::try_from(found.len()).unwrap_or(step.limit);
            rows.extend(found);
            if end.is_none() || step.limit == 0 {
                return Ok(rows);
            }
            step.after = end;
        }
        let few = self.fewest(&find.all, FEW_OF_MANY).await?;
        self.page(find, few.map_or(How::Gather, How::Few)).await
    }

    /// The last entry of a step, whatever else holds of those in it; none where fewer are left.
    async fn end(&self, find: &Find) -> Result<Option<(String, String)>> {
        let mut sql = query("SELECT o.value, o.key");
        from(&mut sql, find, How::Gather);
        ordered(&mut sql, find, "o.");
        sql.push(" LIMIT 1 OFFSET ").push_bind(i64::from(STEP - 1));
        let row = sql.fetch_optional(&mut self.reader().await?.on()).await?;
        row.map(|row| Ok((row.get("value")?, row.get("key")?)))
            .transpose()
    }

    async fn page(&self, find: &Find, how: How<'_>) -> Result<Vec<Record>> {
        let mut sql = query(
            "SELECT p.key, p.value, f.stream, f.version, f.listed, f.seal, f.body
             FROM (SELECT o.key, o.value",
        );
        from(&mut sql, find, how);
        rest(&mut sql, find, (how, self.dialect()));
        ordered(&mut sql, find, "o.");
        sql.push(" LIMIT ").push_bind(i64::from(find.limit));
        sql.push(") p JOIN found f ON f.key = p.key");
        ordered(&mut sql, find, "p.");
        sql.fetch_all(&mut self.reader().await?.on()).await
    }

    /// How many entries fit.
    pub(crate) async fn found(&self, find: &Find) -> Result<u64> {
        let few = self.fewest(&find.all, FEW_OF_MANY).await?;
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

    /// Which criterion the fewest values fulfil, where they are fewer than so many.
    async fn fewest(&self, all: &[Criterion], few: u64) -> Result<Option<usize>> {
        let asked: Vec<usize> = (0..all.len()).filter(|one| !all[*one].negated).collect();
        if asked.is_empty() {
            return Ok(None);
        }
        let mut sql = query("SELECT ");
        for (n, place) in asked.iter().enumerate() {
            sql.push(if n == 0 { "" } else { ", " });
            sql.push("(SELECT count(*) FROM (");
            keys(&mut sql, &all[*place], (" UNION ALL ", ""));
            sql.push(" LIMIT ").push_bind(integer(few)?);
            sql.push(&format!(") AS k) AS found{n}"));
        }
        let row = sql.fetch_one(&mut self.reader().await?.on()).await?;
        let mut best: Option<(u64, usize)> = None;
        for (n, place) in asked.into_iter().enumerate() {
            let found = count(&row, &format!("found{n}"))?;
            if found < best.map_or(few, |(count, _)| count) {
                best = Some((found, place));
            }
        }
        Ok(best.map(|(_, place)| place))
    }
}

/// From which rows `o` the entries are ordered by. In SQLite the order of a cross join is the order
/// of its loops; PostgreSQL knows how many rows there are.
fn from<'q>(sql: &mut Query<'q>, find: &'q Find, how: How<'q>) {
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
    if let How::Walk(Some(end)) = how {
        let up_to = if find.descending { ">= (" } else { "<= (" };
        beyond(sql, up_to, end);
    }
}

/// The order of entries.
fn ordered(sql: &mut Query<'_>, find: &Find, table: &str) {
    for (n, column) in ["value", "key"].iter().enumerate() {
        sql.push(if n == 0 { " ORDER BY " } else { ", " });
        sql.push(table).push(column);
        sql.push(if find.descending { " DESC" } else { "" });
    }
}

/// On which side of an entry others stand.
fn beyond<'q>(sql: &mut Query<'q>, side: &str, (value, key): &'q (String, String)) {
    sql.push(" AND (o.value, o.key) ").push(side);
    sql.push_bind(value.as_str()).push(", ");
    sql.push_bind(key.as_str()).push(")");
}

/// What holds of the rows that entries are ordered by, and after which of them the page begins.
fn begun<'q>(sql: &mut Query<'q>, find: &'q Find) {
    sql.push(" WHERE o.name = ").push_bind(find.order.as_str());
    for any in &find.within {
        one_of(sql, "o.", any);
        implied(sql, "o.", any);
    }
    if let Some(last) = &find.after {
        let behind = if find.descending { "< (" } else { "> (" };
        beyond(sql, behind, last);
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
fn rest<'q>(sql: &mut Query<'q>, find: &'q Find, (how, dialect): (How<'_>, Dialect)) {
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
                    sql.push("EXISTS (SELECT 1 FROM found_values v");
                    // One value's keys stand together, a key's values apart from another's.
                    sql.push(if is(tests) { dialect.by_table() } else { "" });
                    sql.push(" WHERE v.key = o.key AND ");
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

/// Whether one value is looked for.
fn is(tests: &[Test]) -> bool {
    let one = |(side, compare, _): &_| (side, compare) == (&Side::Value, &Compare::Is);
    matches!(tests, [test] if test.bounds.iter().any(one))
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
