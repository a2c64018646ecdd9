//! Read-model rows: written inside an append's transaction, found by model, key and sort value.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, SqliteConnection};
use uuid::Uuid;

use super::Sqlite;
use super::read::stream_of;
use crate::row::{Row, RowQuery, Rows, StoredRow};
use crate::{Error, Result};

/// Greater than every other character, so it closes the range of a prefix.
const LAST: char = '\u{10ffff}';

pub(super) async fn apply(
    connection: &mut SqliteConnection,
    stream: Uuid,
    rows: &Rows,
) -> Result<()> {
    match rows {
        Rows::Keep => Ok(()),
        Rows::Replace(rows) => replace(connection, stream, rows).await.map(|_| ()),
        Rows::Change { put, remove } => {
            for (model, key) in remove {
                delete(connection, stream, model, key).await?;
            }
            for row in put {
                insert(connection, stream, row).await?;
            }
            Ok(())
        }
    }
}

/// Writes only what differs: most appends change one row of many. Says how many did.
pub(super) async fn replace(
    connection: &mut SqliteConnection,
    stream: Uuid,
    rows: &[Row],
) -> Result<u64> {
    let mut wanted: BTreeMap<(String, String), &Row> = BTreeMap::new();
    for row in rows {
        let name = (row.model.clone(), row.key.clone());
        if wanted.insert(name, row).is_some() {
            return Err(Error::Invalid {
                place: "rows",
                what: format!("two rows of model {} have the same key", row.model),
            });
        }
    }
    let mut changed = 0;
    for old in of_stream(connection, stream).await? {
        let name = (old.model.clone(), old.key.clone());
        match wanted.get(&name) {
            Some(new) if **new == old => {
                wanted.remove(&name);
            }
            Some(_) => {}
            None => {
                delete(connection, stream, &old.model, &old.key).await?;
                changed += 1;
            }
        }
    }
    for row in wanted.into_values() {
        insert(connection, stream, row).await?;
        changed += 1;
    }
    Ok(changed)
}

/// Stored rows of a stream, by model and key.
pub(super) async fn of_stream(connection: &mut SqliteConnection, stream: Uuid) -> Result<Vec<Row>> {
    let sql = "SELECT model, key, sort, body FROM rows WHERE stream = ? ORDER BY model, key";
    sqlx::query(sql)
        .bind(&stream.as_bytes()[..])
        .fetch_all(connection)
        .await?
        .iter()
        .map(row_of)
        .collect()
}

async fn insert(connection: &mut SqliteConnection, stream: Uuid, row: &Row) -> Result<()> {
    let sql = "INSERT INTO rows (model, key, stream, sort, body) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT (model, key, stream)
               DO UPDATE SET sort = excluded.sort, body = excluded.body";
    sqlx::query(sql)
        .bind(row.model.as_str())
        .bind(row.key.as_str())
        .bind(&stream.as_bytes()[..])
        .bind(row.sort.as_str())
        .bind(row.body.as_slice())
        .execute(connection)
        .await?;
    Ok(())
}

async fn delete(
    connection: &mut SqliteConnection,
    stream: Uuid,
    model: &str,
    key: &str,
) -> Result<()> {
    sqlx::query("DELETE FROM rows WHERE model = ? AND key = ? AND stream = ?")
        .bind(model)
        .bind(key)
        .bind(&stream.as_bytes()[..])
        .execute(connection)
        .await?;
    Ok(())
}

fn row_of(row: &SqliteRow) -> Result<Row> {
    Ok(Row {
        model: row.try_get("model")?,
        key: row.try_get("key")?,
        sort: row.try_get("sort")?,
        body: row.try_get("body")?,
    })
}

impl Sqlite {
    /// The rows that a query names, in its order.
    pub(crate) async fn rows(&self, query: &RowQuery) -> Result<Vec<StoredRow>> {
        let mut sql = QueryBuilder::new(
            "SELECT r.model, r.key, r.sort, r.body, s.id, s.kind
             FROM rows r JOIN streams s ON s.id = r.stream WHERE r.model = ",
        );
        sql.push_bind(query.model.as_str());
        narrow(&mut sql, query);
        let direction = match query.descending {
            true => " DESC",
            false => "",
        };
        sql.push(" ORDER BY");
        for (n, column) in ["sort", "key", "stream"].into_iter().enumerate() {
            let joint = if n == 0 { " r." } else { ", r." };
            sql.push(joint).push(column).push(direction);
        }
        sql.push(" LIMIT ").push_bind(i64::from(query.limit));
        sql.build()
            .fetch_all(self.readers())
            .await?
            .iter()
            .map(|row| {
                Ok(StoredRow {
                    stream: stream_of(row)?,
                    row: row_of(row)?,
                })
            })
            .collect()
    }

    /// One row of a stream.
    pub(crate) async fn row(&self, model: &str, key: &str, stream: Uuid) -> Result<Option<Row>> {
        let sql = "SELECT model, key, sort, body FROM rows
                   WHERE model = ? AND key = ? AND stream = ?";
        sqlx::query(sql)
            .bind(model)
            .bind(key)
            .bind(&stream.as_bytes()[..])
            .fetch_optional(self.readers())
            .await?
            .as_ref()
            .map(row_of)
            .transpose()
    }
}

fn narrow(sql: &mut QueryBuilder<sqlx::Sqlite>, query: &RowQuery) {
    if let Some(key) = &query.key {
        sql.push(" AND r.key = ").push_bind(key.as_str());
    }
    if let Some(prefix) = &query.key_prefix {
        sql.push(" AND r.key >= ").push_bind(prefix.as_str());
        sql.push(" AND r.key < ")
            .push_bind(format!("{prefix}{LAST}"));
    }
    if let Some(stream) = &query.stream {
        sql.push(" AND r.stream = ")
            .push_bind(stream.as_bytes().to_vec());
    }
    if let Some(from) = &query.sort_from {
        sql.push(" AND r.sort >= ").push_bind(from.as_str());
    }
    if let Some(below) = &query.sort_below {
        sql.push(" AND r.sort < ").push_bind(below.as_str());
    }
    if let Some((sort, key, stream)) = &query.after {
        sql.push(" AND (r.sort, r.key, r.stream) ");
        sql.push(if query.descending { "< (" } else { "> (" });
        sql.push_bind(sort.as_str()).push(", ");
        sql.push_bind(key.as_str()).push(", ");
        sql.push_bind(stream.as_bytes().to_vec()).push(")");
    }
}
