//! The journal on SQLite: everything that speaks SQL, and nothing else.
//!
//! The rest of the crate asks this module in terms of streams, events and rows,
//! so that another database is another module with the same functions. One
//! connection writes, a small pool reads; WAL with `synchronous = FULL` makes a
//! commit durable before it is acknowledged.

mod append;
mod batch;
mod blob;
mod checkpoint;
mod erase;
mod open;
mod project;
mod read;
mod recording;
mod rows;
mod schema;
mod walk;

pub(crate) use erase::Standing;
pub(crate) use open::{Sqlite, open};
pub use project::{DAMAGED, Rebuilt};
pub(crate) use walk::{Counts, Fields, Found, Listed, Walk};

use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::event::{Hash, instant};
use crate::{Error, Result};

fn hash(row: &SqliteRow, column: &str) -> Result<Hash> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes
        .try_into()
        .map_err(|_| Error::corrupt(column, format!("{} bytes instead of 32", bytes.len())))
}

fn uuid(row: &SqliteRow, column: &str) -> Result<Uuid> {
    let bytes: &[u8] = row.try_get(column)?;
    Uuid::from_slice(bytes)
        .map_err(|_| Error::corrupt(column, format!("{} bytes instead of 16", bytes.len())))
}

/// Counts and places are stored as signed integers and are never negative.
fn count(row: &SqliteRow, column: &str) -> Result<u64> {
    let value: i64 = row.try_get(column)?;
    u64::try_from(value).map_err(|_| Error::corrupt(column, format!("{value} is negative")))
}

fn instant_of(row: &SqliteRow, column: &str) -> Result<Timestamp> {
    Ok(instant(row.try_get(column)?))
}

fn small(row: &SqliteRow, column: &str) -> Result<u16> {
    let value: i64 = row.try_get(column)?;
    u16::try_from(value).map_err(|_| Error::corrupt(column, format!("{value} is out of range")))
}

/// The other way; a store of 2⁶³ events is beyond any disk.
fn integer(value: u64) -> Result<i64> {
    i64::try_from(value).map_err(|_| Error::corrupt("position", format!("{value} is too great")))
}
