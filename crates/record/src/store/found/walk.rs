//! Walking all that is found, for whoever believes nothing of it.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::super::sql::{Record, query};
use super::super::{Walk, count, uuid};
use crate::Result;
use crate::found::Named;

/// All entries of a stream, as the store says.
pub(crate) struct Set {
    pub(crate) sequence: u64,
    pub(crate) made: String,
    pub(crate) seal: Vec<u8>,
}

/// An entry as stored.
pub(crate) struct Kept {
    pub(crate) stream: Uuid,
    pub(crate) key: String,
    pub(crate) version: String,
    pub(crate) listed: Vec<u8>,
    pub(crate) seal: Vec<u8>,
    pub(crate) body: Vec<u8>,
    pub(crate) values: Vec<Named>,
}

impl Walk<'_> {
    /// What is said of all entries of each stream.
    pub(crate) async fn sets(&mut self) -> Result<BTreeMap<Uuid, Set>> {
        query("SELECT stream, sequence, made, seal FROM found_streams")
            .fetch_all(&mut self.on())
            .await?
            .iter()
            .map(|row| {
                let set = Set {
                    sequence: count(row, "sequence")?,
                    made: row.get("made")?,
                    seal: row.get("seal")?,
                };
                Ok((uuid(row, "stream")?, set))
            })
            .collect()
    }

    /// The next entries by key, with what they are found by.
    pub(crate) async fn entries(&mut self, after: &str, limit: u32) -> Result<Vec<Kept>> {
        let sql = "SELECT key, stream, version, listed, seal, body FROM found
                   WHERE key > $1 ORDER BY key LIMIT $2";
        let rows = query(sql)
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(&mut self.on())
            .await?;
        let mut page = rows.iter().map(kept_of).collect::<Result<Vec<_>>>()?;
        let Some(last) = page.last().map(|one| one.key.clone()) else {
            return Ok(page);
        };
        let sql = "SELECT key, name, value, until FROM found_values WHERE key > $1 AND key <= $2";
        let rows = query(sql)
            .bind(after)
            .bind(last)
            .fetch_all(&mut self.on())
            .await?;
        let mut values: BTreeMap<String, Vec<Named>> = BTreeMap::new();
        for row in &rows {
            let of = values.entry(row.get("key")?).or_default();
            of.push(Named {
                name: row.get("name")?,
                value: row.get("value")?,
                until: row.get("until")?,
            });
        }
        for one in &mut page {
            one.values = values.remove(&one.key).unwrap_or_default();
        }
        Ok(page)
    }

    /// How many values there are.
    pub(crate) async fn values(&mut self) -> Result<u64> {
        let row = query("SELECT count(*) AS found FROM found_values")
            .fetch_one(&mut self.on())
            .await?;
        count(&row, "found")
    }
}

fn kept_of(row: &Record) -> Result<Kept> {
    Ok(Kept {
        stream: uuid(row, "stream")?,
        key: row.get("key")?,
        version: row.get("version")?,
        listed: row.get("listed")?,
        seal: row.get("seal")?,
        body: row.get("body")?,
        values: Vec::new(),
    })
}
