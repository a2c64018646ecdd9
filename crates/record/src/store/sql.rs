//! One way to ask either database.
//!
//! Statements are written once, with `$1`, `$2`… for their values, which both
//! databases understand, and with three types of value: integers of 64 bits,
//! text, bytes. Where the two differ, the statement takes the words from
//! [`Dialect`].

use std::borrow::Cow;

use futures_util::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Connection as _, Decode, Postgres, Row as _, Sqlite, Type};

use crate::Result;

/// The words that differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// The function that says where in a text another one begins, or 0.
    pub(super) const fn place_in(self) -> &'static str {
        match self {
            Self::Sqlite => "instr",
            Self::Postgres => "strpos",
        }
    }

    /// What keeps a column out of the choice of an index, where the database would choose badly.
    pub(super) const fn unindexed(self) -> &'static str {
        match self {
            Self::Sqlite => "+",
            Self::Postgres => "",
        }
    }

    /// What has values of an index read by name, value and key, where the database would choose
    /// badly (`fileformat2.html`, 2.6.1: the name of a table's own key).
    pub(super) const fn by_table(self) -> &'static str {
        match self {
            Self::Sqlite => " INDEXED BY sqlite_autoindex_found_values_1",
            Self::Postgres => "",
        }
    }
}

/// A connection in use.
pub(super) enum Connection<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// A connection of a pool, until it is dropped.
pub(super) enum Held {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Held {
    pub(super) fn on(&mut self) -> Connection<'_> {
        match self {
            Self::Sqlite(held) => Connection::Sqlite(held),
            Self::Postgres(held) => Connection::Postgres(held),
        }
    }
}

/// A transaction or, within one, a savepoint; undone when it is dropped.
pub(super) enum Transaction<'c> {
    Sqlite(sqlx::Transaction<'c, Sqlite>),
    Postgres(sqlx::Transaction<'c, Postgres>),
}

impl Transaction<'_> {
    pub(super) fn on(&mut self) -> Connection<'_> {
        match self {
            Self::Sqlite(begun) => Connection::Sqlite(begun),
            Self::Postgres(begun) => Connection::Postgres(begun),
        }
    }

    pub(super) async fn savepoint(&mut self) -> Result<Transaction<'_>> {
        Ok(match self {
            Self::Sqlite(begun) => Transaction::Sqlite(begun.begin().await?),
            Self::Postgres(begun) => Transaction::Postgres(begun.begin().await?),
        })
    }

    /// Lifts the limits of time, for what takes as long as the store is large.
    pub(super) async fn patient(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(begun) => super::postgres::patient(begun).await,
        }
    }

    pub(super) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(begun) => begun.commit().await?,
            Self::Postgres(begun) => begun.commit().await?,
        }
        Ok(())
    }

    pub(super) async fn rollback(self) -> Result<()> {
        match self {
            Self::Sqlite(begun) => begun.rollback().await?,
            Self::Postgres(begun) => begun.rollback().await?,
        }
        Ok(())
    }
}

/// A row that a statement gave.
pub(super) enum Record {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Record {
    pub(super) fn get<'r, T>(&'r self, column: &str) -> Result<T>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>,
    {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }
}

/// A value of a statement.
pub(super) enum Value<'q> {
    Integer(i64),
    Text(Cow<'q, str>),
    Bytes(Cow<'q, [u8]>),
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl<'q> From<&'q str> for Value<'q> {
    fn from(value: &'q str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(Cow::Owned(value))
    }
}

impl<'q> From<&'q [u8]> for Value<'q> {
    fn from(value: &'q [u8]) -> Self {
        Self::Bytes(Cow::Borrowed(value))
    }
}

impl<'q, const N: usize> From<&'q [u8; N]> for Value<'q> {
    fn from(value: &'q [u8; N]) -> Self {
        Self::Bytes(Cow::Borrowed(value))
    }
}

impl From<uuid::Uuid> for Value<'_> {
    fn from(value: uuid::Uuid) -> Self {
        value.as_bytes().to_vec().into()
    }
}

/// A statement and its values.
pub(super) struct Query<'q> {
    text: Cow<'static, str>,
    values: Vec<Value<'q>>,
}

/// A statement; no part of it may come from outside, that is what values are for.
pub(super) fn query<'q>(text: impl Into<Cow<'static, str>>) -> Query<'q> {
    Query {
        text: text.into(),
        values: Vec::new(),
    }
}

/// The statement as `sqlx` wants it for one of the databases.
macro_rules! built {
    ($query:expr, $database:ty) => {{
        let Query { text, values } = $query;
        let mut built = sqlx::query::<$database>(AssertSqlSafe(text));
        for value in values {
            built = match value {
                Value::Integer(value) => built.bind(value),
                Value::Text(value) => built.bind(&*value),
                Value::Bytes(value) => built.bind(&*value),
            };
        }
        built
    }};
}

impl<'q> Query<'q> {
    pub(super) fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Lengthens the statement.
    pub(super) fn push(&mut self, text: &str) -> &mut Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// Lengthens the statement by the place of a value.
    pub(super) fn push_bind(&mut self, value: impl Into<Value<'q>>) -> &mut Self {
        self.values.push(value.into());
        let place = format!("${}", self.values.len());
        self.push(&place)
    }

    /// Says how many rows were written or removed.
    pub(super) async fn execute(self, on: &mut Connection<'_>) -> Result<u64> {
        Ok(match on {
            Connection::Sqlite(on) => built!(self, Sqlite)
                .execute(&mut **on)
                .await?
                .rows_affected(),
            Connection::Postgres(on) => built!(self, Postgres)
                .execute(&mut **on)
                .await?
                .rows_affected(),
        })
    }

    /// Rows as they come, few in memory at a time.
    pub(super) fn fetch<'e>(self, on: &'e mut Connection<'_>) -> BoxStream<'e, Result<Record>>
    where
        'q: 'e,
    {
        match on {
            Connection::Sqlite(on) => {
                let rows = built!(self, Sqlite).fetch(&mut **on);
                rows.map_ok(Record::Sqlite).err_into().boxed()
            }
            Connection::Postgres(on) => {
                let rows = built!(self, Postgres).fetch(&mut **on);
                rows.map_ok(Record::Postgres).err_into().boxed()
            }
        }
    }

    pub(super) async fn fetch_all(self, on: &mut Connection<'_>) -> Result<Vec<Record>> {
        self.fetch(on).try_collect().await
    }

    pub(super) async fn fetch_optional(self, on: &mut Connection<'_>) -> Result<Option<Record>> {
        Ok(match on {
            Connection::Sqlite(on) => {
                let row = built!(self, Sqlite).fetch_optional(&mut **on).await?;
                row.map(Record::Sqlite)
            }
            Connection::Postgres(on) => {
                let row = built!(self, Postgres).fetch_optional(&mut **on).await?;
                row.map(Record::Postgres)
            }
        })
    }

    pub(super) async fn fetch_one(self, on: &mut Connection<'_>) -> Result<Record> {
        let row = self.fetch_optional(on).await?;
        row.ok_or_else(|| sqlx::Error::RowNotFound.into())
    }
}
