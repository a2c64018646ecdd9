//! Pouring one store into another, table by table, as it stands.

use futures_util::TryStreamExt as _;

use super::count;
use super::sql::{Record, Value, query};
use super::turn::Turn;
use super::walk::Walk;
use crate::Result;

/// Rows written by one statement, and bytes that may wait for it.
const ROWS: usize = 64;
const WAITING: usize = 1 << 20;

#[derive(Clone, Copy)]
enum Kind {
    Integer,
    Text,
    Bytes,
}

use Kind::{Bytes, Integer, Text};

struct Table {
    name: &'static str,
    columns: &'static [(&'static str, Kind)],
}

/// What a store is, in an order that refers to nothing that is not there yet.
const TABLES: [Table; 8] = [
    Table {
        name: "streams",
        columns: &[
            ("number", Integer),
            ("id", Bytes),
            ("kind", Integer),
            ("sequence", Integer),
            ("link", Bytes),
        ],
    },
    Table {
        name: "events",
        columns: &[
            ("position", Integer),
            ("stream", Integer),
            ("sequence", Integer),
            ("kind", Text),
            ("v", Integer),
            ("at_ns", Integer),
            ("actor", Bytes),
            ("commitment", Bytes),
            ("link", Bytes),
        ],
    },
    Table {
        name: "payloads",
        columns: &[("position", Integer), ("salt", Bytes), ("bytes", Bytes)],
    },
    Table {
        name: "kinds",
        columns: &[("kind", Text), ("v", Integer)],
    },
    Table {
        name: "rows",
        columns: &[
            ("stream", Bytes),
            ("model", Text),
            ("key", Text),
            ("sort", Text),
            ("body", Bytes),
        ],
    },
    Table {
        name: "blobs",
        columns: &[("sha", Bytes), ("bytes", Bytes)],
    },
    Table {
        name: "checkpoints",
        columns: &[
            ("number", Integer),
            ("at_ns", Integer),
            ("position", Integer),
            ("streams", Integer),
            ("root", Bytes),
            ("previous", Bytes),
            ("key", Bytes),
            ("signature", Bytes),
        ],
    },
    Table {
        name: "recordings",
        columns: &[
            ("session", Bytes),
            ("stream", Bytes),
            ("bedside", Bytes),
            ("position", Integer),
            ("file", Text),
            ("sha", Bytes),
            ("frames", Integer),
            ("parquet", Integer),
        ],
    },
];

impl Table {
    fn names(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }

    /// The values of a row, and how many bytes they take.
    fn values(&self, row: &Record) -> Result<(Vec<Value<'static>>, usize)> {
        let mut size = 0;
        let mut values = Vec::with_capacity(self.columns.len());
        for (name, kind) in self.columns {
            values.push(match kind {
                Integer => row.get::<i64>(name)?.into(),
                Text => {
                    let text: String = row.get(name)?;
                    size += text.len();
                    text.into()
                }
                Bytes => {
                    let bytes: Vec<u8> = row.get(name)?;
                    size += bytes.len();
                    bytes.into()
                }
            });
        }
        Ok((values, size))
    }

    async fn insert(&self, rows: &mut Vec<Vec<Value<'static>>>, into: &mut Walk<'_>) -> Result<()> {
        let mut sql = query(format!(
            "INSERT INTO {} ({}) VALUES ",
            self.name,
            self.names()
        ));
        for (n, row) in rows.drain(..).enumerate() {
            sql.push(if n == 0 { "(" } else { ", (" });
            for (n, value) in row.into_iter().enumerate() {
                sql.push(if n == 0 { "" } else { ", " }).push_bind(value);
            }
            sql.push(")");
        }
        sql.execute(&mut into.on()).await?;
        Ok(())
    }
}

impl Turn {
    /// A transaction that writes a whole store and can walk what it has written.
    pub(crate) async fn begin_walk(&mut self, store: uuid::Uuid) -> Result<Walk<'_>> {
        let mut transaction = self.begin().await?;
        transaction.patient().await?;
        Ok(Walk::over(transaction, store))
    }
}

impl Walk<'_> {
    /// Whether nothing was ever written here.
    pub(crate) async fn is_empty(&mut self) -> Result<bool> {
        let counts: Vec<_> = TABLES
            .iter()
            .map(|table| format!("(SELECT count(*) FROM {})", table.name))
            .collect();
        let sql = format!("SELECT {} AS held", counts.join(" + "));
        let row = query(sql).fetch_one(&mut self.on()).await?;
        Ok(count(&row, "held")? == 0)
    }

    /// Writes everything that this one sees into the other, few rows in memory at a time.
    pub(crate) async fn pour(&mut self, into: &mut Walk<'_>) -> Result<()> {
        for table in &TABLES {
            let sql = format!("SELECT {} FROM {} ORDER BY 1", table.names(), table.name);
            let mut on = self.on();
            let mut found = query(sql).fetch(&mut on);
            let (mut rows, mut waiting) = (Vec::with_capacity(ROWS), 0);
            while let Some(row) = found.try_next().await? {
                let (values, size) = table.values(&row)?;
                waiting += size;
                rows.push(values);
                if rows.len() == ROWS || waiting >= WAITING {
                    table.insert(&mut rows, into).await?;
                    waiting = 0;
                }
            }
            if !rows.is_empty() {
                table.insert(&mut rows, into).await?;
            }
        }
        Ok(())
    }
}
