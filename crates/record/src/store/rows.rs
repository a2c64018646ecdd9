//! Read-model rows: written inside an append's transaction, found by model, key and sort value.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::Store;
use super::read::stream_of;
use super::sql::{Connection, Dialect, Query, Record, query};
use crate::row::{Row, RowQuery, Rows, StoredRow};
use crate::{Error, Result};

/// Rows that one statement writes: each binds five values, and SQLite takes 32,766
/// (`SQLITE_MAX_VARIABLE_NUMBER`).
const AT_ONCE: usize = 200;
/// Greater than every other character, so it closes the range of a prefix.
const LAST: char = '\u{10ffff}';

pub(super) async fn apply(
    connection: &mut Connection<'_>,
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
            let put: BTreeMap<_, _> = put
                .iter()
                .map(|row| ((&row.model, &row.key), row))
                .collect();
            insert(connection, stream, put.into_values()).await
        }
    }
}

/// Writes only what differs: most appends change one row of many. Says how many did.
pub(super) async fn replace(
    connection: &mut Connection<'_>,
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
    changed += wanted.len() as u64;
    insert(connection, stream, wanted.into_values()).await?;
    Ok(changed)
}

/// Stored rows of a stream, by model and key.
pub(super) async fn of_stream(connection: &mut Connection<'_>, stream: Uuid) -> Result<Vec<Row>> {
    let sql = "SELECT model, key, sort, body FROM rows WHERE stream = $1 ORDER BY model, key";
    query(sql)
        .bind(stream)
        .fetch_all(connection)
        .await?
        .iter()
        .map(row_of)
        .collect()
}

/// Writes rows of different names, many with a statement.
async fn insert<'r>(
    connection: &mut Connection<'_>,
    stream: Uuid,
    rows: impl Iterator<Item = &'r Row>,
) -> Result<()> {
    let rows: Vec<&Row> = rows.collect();
    for some in rows.chunks(AT_ONCE) {
        let mut sql = query("INSERT INTO rows (model, key, stream, sort, body) VALUES ");
        for (n, row) in some.iter().enumerate() {
            sql.push(if n == 0 { "(" } else { ", (" });
            sql.push_bind(row.model.as_str()).push(", ");
            sql.push_bind(row.key.as_str()).push(", ");
            sql.push_bind(stream).push(", ");
            sql.push_bind(row.sort.as_str()).push(", ");
            sql.push_bind(row.body.as_slice()).push(")");
        }
        sql.push(
            " ON CONFLICT (model, key, stream)
             DO UPDATE SET sort = excluded.sort, body = excluded.body",
        );
        sql.execute(connection).await?;
    }
    Ok(())
}

async fn delete(
    connection: &mut Connection<'_>,
    stream: Uuid,
    model: &str,
    key: &str,
) -> Result<()> {
    query("DELETE FROM rows WHERE model = $1 AND key = $2 AND stream = $3")
        .bind(model)
        .bind(key)
        .bind(stream)
        .execute(connection)
        .await?;
    Ok(())
}

fn row_of(row: &Record) -> Result<Row> {
    Ok(Row {
        model: row.get("model")?,
        key: row.get("key")?,
        sort: row.get("sort")?,
        body: row.get("body")?,
    })
}

impl Store {
    /// The rows that a query names, in its order.
    pub(crate) async fn rows(&self, query: &RowQuery) -> Result<Vec<StoredRow>> {
        // No stored text has one, and PostgreSQL would not even take the question.
        if query.texts().any(|text| text.contains('\0')) {
            return Ok(Vec::new());
        }
        select("", query, self.dialect())
            .fetch_all(&mut self.reader().await?.on())
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
        if model.contains('\0') || key.contains('\0') {
            return Ok(None);
        }
        let sql = "SELECT model, key, sort, body FROM rows
                   WHERE model = $1 AND key = $2 AND stream = $3";
        query(sql)
            .bind(model)
            .bind(key)
            .bind(stream)
            .fetch_optional(&mut self.reader().await?.on())
            .await?
            .as_ref()
            .map(row_of)
            .transpose()
    }
}

fn select<'q>(before: &'static str, rows: &'q RowQuery, dialect: Dialect) -> Query<'q> {
    let mut sql = query(before);
    sql.push(
        "SELECT r.model, r.key, r.sort, r.body, s.id, s.kind
         FROM rows r JOIN streams s ON s.id = r.stream WHERE r.model = ",
    );
    sql.push_bind(rows.model.as_str());
    narrow(&mut sql, rows, dialect);
    let direction = if rows.descending { " DESC" } else { "" };
    // Few rows are found by key or stream, so they are sorted after they are
    // found; SQLite would walk the whole model in order.
    let few = rows.key.is_some() || rows.key_prefix.is_some() || rows.stream.is_some();
    sql.push(" ORDER BY ");
    if !rows.by_key {
        let sign = if few { dialect.unindexed() } else { "" };
        sql.push(sign).push("r.sort").push(direction).push(", ");
    }
    sql.push("r.key")
        .push(direction)
        .push(", r.stream")
        .push(direction);
    sql.push(" LIMIT ").push_bind(i64::from(rows.limit));
    sql
}

fn narrow<'q>(sql: &mut Query<'q>, query: &'q RowQuery, dialect: Dialect) {
    if let Some(key) = &query.key {
        sql.push(" AND r.key = ").push_bind(key.as_str());
    }
    if let Some(prefix) = &query.key_prefix {
        sql.push(" AND r.key >= ").push_bind(prefix.as_str());
        sql.push(" AND r.key < ")
            .push_bind(format!("{prefix}{LAST}"));
    }
    if let Some(stream) = &query.stream {
        sql.push(" AND r.stream = ").push_bind(*stream);
    }
    if let Some(from) = &query.sort_from {
        sql.push(" AND r.sort >= ").push_bind(from.as_str());
    }
    if let Some(below) = &query.sort_below {
        sql.push(" AND r.sort < ").push_bind(below.as_str());
    }
    for text in &query.sort_holds {
        sql.push(" AND ").push(dialect.place_in()).push("(r.sort, ");
        sql.push_bind(text.as_str()).push(") > 0");
    }
    if let Some((sort, key, stream)) = &query.after {
        let (columns, sorted) = match query.by_key {
            true => ("(r.key, r.stream)", None),
            false => ("(r.sort, r.key, r.stream)", Some(sort)),
        };
        sql.push(" AND ").push(columns);
        sql.push(if query.descending { " < (" } else { " > (" });
        if let Some(sort) = sorted {
            sql.push_bind(sort.as_str()).push(", ");
        }
        sql.push_bind(key.as_str()).push(", ");
        sql.push_bind(*stream).push(")");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn plan(store: &Store, query: RowQuery) -> String {
        let rows = select("EXPLAIN QUERY PLAN ", &query, Dialect::Sqlite)
            .fetch_all(&mut store.reader().await.expect("a reader").on())
            .await
            .expect("a plan");
        let lines = rows
            .iter()
            .map(|row| row.get::<String>("detail").expect("text"));
        lines.collect::<Vec<_>>().join("; ")
    }

    #[tokio::test]
    async fn no_query_walks_more_of_a_model_than_it_must() {
        let dir = tempfile::TempDir::new().expect("a directory");
        let path = dir.path().join("journal.db");
        let opening = super::super::Opening {
            create: Some(Uuid::nil()),
            ..Default::default()
        };
        let store = Store::open(&path, &opening).await.expect("opens");
        let of = || RowQuery::of("m");
        let last = StoredRow {
            stream: crate::Stream::new(crate::StreamKind::User, Uuid::nil()),
            row: Row::new("m", "k", "s", []),
        };
        for (query, index) in [
            (of(), "rows_by_sort (model=?)"),
            (of().descending(), "rows_by_sort (model=?)"),
            (
                of().sort_from("a").sort_below("b"),
                "rows_by_sort (model=? AND sort>? AND sort<?)",
            ),
            (
                of().after(&last),
                "rows_by_sort (model=? AND (sort,key,stream)>(?,?,?))",
            ),
            (of().key("k"), "sqlite_autoindex_rows_1 (model=? AND key=?)"),
            (
                of().key_prefix("k"),
                "sqlite_autoindex_rows_1 (model=? AND key>? AND key<?)",
            ),
            (of().stream(Uuid::nil()), "rows_by_stream (stream=?)"),
            (
                of().key_prefix("k").sort_holds("s").by_key(),
                "sqlite_autoindex_rows_1 (model=? AND key>? AND key<?)",
            ),
        ] {
            let by_key = query.by_key;
            let plan = plan(&store, query).await;
            assert!(plan.contains(index), "{plan} instead of {index}");
            assert!(!(by_key && plan.contains("TEMP B-TREE")), "{plan}: sorts");
        }
    }
}
