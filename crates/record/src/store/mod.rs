//! Everything that speaks SQL, and nothing else.
//!
//! The rest of the crate asks this module in terms of streams, events and rows.
//! What it asks is written once, for both databases, in the words of [`sql`];
//! what opens, locks, migrates and cleans is each database's own:
//!
//! | | SQLite | PostgreSQL |
//! |---|---|---|
//! | writes one at a time | a lock file, one connection | an advisory lock, until the commit |
//! | durable | WAL with `synchronous = FULL` | `synchronous_commit = on` |
//! | a whole walk sees one moment | a read transaction | `REPEATABLE READ, READ ONLY` |
//! | erased bytes leave the disk | `secure_delete`, log truncated | `VACUUM`; the server's log and its backups keep them |
//!
//! Positions and numbers of streams have no gaps and are in commit order on both,
//! because whoever appends holds the lock until the commit can be seen.

mod append;
mod batch;
mod blob;
mod checkpoint;
mod copy;
mod erase;
mod found;
mod postgres;
mod project;
mod read;
mod recording;
mod rows;
mod sql;
mod sqlite;
mod turn;
mod walk;

pub(crate) use erase::Standing;
pub(crate) use found::{Kept, Set};
pub(crate) use postgres::{Beside, Follower};
pub use project::{DAMAGED, Rebuilt};
pub(crate) use turn::Alone;
pub(crate) use walk::{Counts, Fields, Found, Listed, Walk};

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use self::postgres::PgPools;
use self::sql::{Dialect, Record, query};
use self::sqlite::SqlitePools;
use crate::alone::Turns;
use crate::announce::Announcer;
use crate::event::{Hash, Stored, instant};
use crate::{DatabaseUrl, Error, Location, Result, Shared};

/// One open store.
pub(crate) struct Store {
    pools: Pools,
    /// The random identity of the store, part of every chain.
    pub(crate) id: Uuid,
    pub(crate) location: Location,
    /// Tells followers what was committed.
    pub(crate) announcer: Announcer,
    /// What its servers share for a short while.
    pub(crate) shared: Shared,
    /// Whose turn it is in this process.
    pub(crate) turns: Turns,
    /// Kinds that this program knows, with the newest version of each; all, if nobody said.
    pub(crate) known: Option<BTreeMap<String, u16>>,
    /// Kinds and versions that are surely in the list of kinds: none ever leaves it.
    listed: Mutex<BTreeSet<(String, u16)>>,
}

/// How a store is opened.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Opening {
    /// Identity of a store that is made where none is.
    pub(crate) create: Option<Uuid>,
    pub(crate) read_only: bool,
    /// How long to wait for another process that writes.
    pub(crate) patience: Option<Duration>,
}

enum Pools {
    Sqlite(SqlitePools),
    Postgres(PgPools),
}

/// Says where, and nothing of how it is reached: a password may be part of that.
impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Store").field(&self.location).finish()
    }
}

impl Store {
    /// Opens the file at `path`.
    pub(crate) async fn open(path: &Path, opening: &Opening) -> Result<Self> {
        let pools = sqlite::open(path, opening).await?;
        Self::over(Pools::Sqlite(pools), Location::File(path.to_owned())).await
    }

    /// Opens the database that `url` names.
    pub(crate) async fn connect(url: &DatabaseUrl, opening: &Opening) -> Result<Self> {
        let pools = postgres::open(url, opening).await?;
        Self::over(Pools::Postgres(pools), url.location()).await
    }

    async fn over(pools: Pools, location: Location) -> Result<Self> {
        let shared = match &pools {
            Pools::Sqlite(_) => Shared::here(),
            Pools::Postgres(pools) => Shared::there(pools.beside()),
        };
        let mut store = Self {
            pools,
            shared,
            turns: Turns::default(),
            id: Uuid::nil(),
            location,
            announcer: Announcer::default(),
            known: None,
            listed: Mutex::default(),
        };
        let mut reader = store.reader().await?;
        let row = query("SELECT id FROM store WHERE one = 1")
            .fetch_optional(&mut reader.on())
            .await?
            .ok_or_else(|| Error::corrupt("store", "it has lost its identity"))?;
        store.id = uuid(&row, "id")?;
        let end = query("SELECT coalesce(max(position), 0) AS position FROM events")
            .fetch_one(&mut reader.on())
            .await?;
        store.announcer = Announcer::after(count(&end, "position")?);
        Ok(store)
    }

    /// Takes the store for a server; what holds it, where its file does not.
    pub(crate) async fn serving(&self, alike: i32) -> Result<Option<PgConnection>> {
        match &self.pools {
            Pools::Sqlite(_) => Ok(None),
            Pools::Postgres(pools) => {
                let held = postgres::serving(pools, &self.location, alike).await;
                held.map(Some)
            }
        }
    }

    const fn dialect(&self) -> Dialect {
        match self.pools {
            Pools::Sqlite(_) => Dialect::Sqlite,
            Pools::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Whether the list of kinds holds this event's, as far as is known here.
    fn lists(&self, event: &Stored) -> bool {
        let listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        listed.contains(&(event.kind.clone(), event.stored_v))
    }

    /// What follows a commit, before any other write of this process: kinds are
    /// remembered as listed, followers are told.
    async fn committed(&self, made: &[&Stored]) {
        {
            let mut listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
            for event in made {
                listed.insert((event.kind.clone(), event.stored_v));
            }
        }
        self.announcer.committed(self, made).await;
    }
}

fn hash(row: &Record, column: &str) -> Result<Hash> {
    let bytes: &[u8] = row.get(column)?;
    bytes
        .try_into()
        .map_err(|_| Error::corrupt(column, format!("{} bytes instead of 32", bytes.len())))
}

fn uuid(row: &Record, column: &str) -> Result<Uuid> {
    let bytes: &[u8] = row.get(column)?;
    Uuid::from_slice(bytes)
        .map_err(|_| Error::corrupt(column, format!("{} bytes instead of 16", bytes.len())))
}

/// Counts and places are stored as signed integers and are never negative.
fn count(row: &Record, column: &str) -> Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| Error::corrupt(column, format!("{value} is negative")))
}

fn instant_of(row: &Record, column: &str) -> Result<Timestamp> {
    Ok(instant(row.get(column)?))
}

fn small(row: &Record, column: &str) -> Result<u16> {
    let value: i64 = row.get(column)?;
    u16::try_from(value).map_err(|_| Error::corrupt(column, format!("{value} is out of range")))
}

/// The other way; a store of 2⁶³ events is beyond any disk.
fn integer(value: u64) -> Result<i64> {
    i64::try_from(value).map_err(|_| Error::corrupt("position", format!("{value} is too great")))
}
