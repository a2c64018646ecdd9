//! Whose turn it is to write, and connections to read with.

use super::sql::{Held, Transaction};
use super::{Pools, Store, read};
use crate::journal::unknown_among;
use crate::{Error, ReadOnly, Result};

/// The writing connection for one caller.
///
/// SQLite undoes a whole transaction by itself when the disk is full or fails,
/// and the connection's own count of transactions is wrong from then on. So a
/// connection that was not given back clean is replaced by a new one.
pub(crate) struct Turn {
    connection: Held,
    clean: bool,
}

impl Turn {
    /// Everything begun on the connection was committed or undone.
    pub(crate) fn clean(&mut self) {
        self.clean = true;
    }

    /// A transaction that alone may write, until its commit can be seen.
    pub(super) async fn begin(&mut self) -> Result<Transaction<'_>> {
        match &mut self.connection {
            Held::Sqlite(connection) => super::sqlite::begin(connection).await,
            Held::Postgres(connection) => super::postgres::begin(connection).await,
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.clean {
            match &mut self.connection {
                Held::Sqlite(connection) => connection.close_on_drop(),
                Held::Postgres(connection) => connection.close_on_drop(),
            }
        }
    }
}

impl Store {
    /// The writing connection, as soon as it is this caller's turn.
    pub(crate) async fn turn(&self) -> Result<Turn> {
        let asked = Error::ReadOnly(ReadOnly::Asked);
        let connection = match &self.pools {
            Pools::Sqlite(pools) => {
                Held::Sqlite(pools.writer.as_ref().ok_or(asked)?.acquire().await?)
            }
            Pools::Postgres(pools) => {
                Held::Postgres(pools.writer.as_ref().ok_or(asked)?.acquire().await?)
            }
        };
        Ok(Turn {
            connection,
            clean: false,
        })
    }

    /// A transaction to write events in. A newer program may share the database: once it has
    /// written what this one does not know, this one only reads, as if it had been opened later.
    pub(super) async fn begin<'t>(&self, turn: &'t mut Turn) -> Result<Transaction<'t>> {
        let mut transaction = turn.begin().await?;
        if matches!(self.pools, Pools::Postgres(_)) && self.known.is_some() {
            let kinds = read::kinds(&mut transaction.on()).await?;
            if let Some(unknown) = unknown_among(&kinds, self.known.as_ref()) {
                transaction.rollback().await?;
                return Err(Error::ReadOnly(unknown));
            }
        }
        Ok(transaction)
    }

    /// A connection to read with.
    pub(super) async fn reader(&self) -> Result<Held> {
        Ok(match &self.pools {
            Pools::Sqlite(pools) => Held::Sqlite(pools.readers.acquire().await?),
            Pools::Postgres(pools) => Held::Postgres(pools.readers.acquire().await?),
        })
    }

    /// A transaction that sees one moment of the store, however long it takes.
    pub(super) async fn snapshot(&self) -> Result<Transaction<'static>> {
        Ok(match &self.pools {
            Pools::Sqlite(pools) => Transaction::Sqlite(pools.walkers.begin().await?),
            Pools::Postgres(pools) => super::postgres::snapshot(pools).await?,
        })
    }

    /// The right to sign the next checkpoint, until dropped: of several processes one has it.
    pub(crate) async fn sealing(&self) -> Result<Sealing> {
        Ok(Sealing {
            _held: match &self.pools {
                Pools::Sqlite(_) => None,
                Pools::Postgres(pools) => Some(super::postgres::sealing(pools).await?),
            },
        })
    }

    /// The right to do what has this number, until dropped: of several processes one has it.
    pub(crate) async fn alone(&self, number: i64) -> Result<Option<Alone>> {
        match &self.pools {
            Pools::Sqlite(_) => Ok(None),
            Pools::Postgres(pools) => {
                let held = super::postgres::alone(pools, number).await?;
                Ok(Some(Alone { _held: held }))
            }
        }
    }

    /// Takes erased bytes off the disk as far as the database can.
    pub(super) async fn scrub(&self, turn: &mut Turn) -> Result<()> {
        match &mut turn.connection {
            Held::Sqlite(connection) => super::sqlite::scrub(connection).await,
            Held::Postgres(connection) => super::postgres::scrub(connection).await,
        }
    }

    pub(crate) async fn close(&self) {
        self.shared.close().await;
        match &self.pools {
            Pools::Sqlite(pools) => pools.close().await,
            Pools::Postgres(pools) => pools.close().await,
        }
    }
}

/// See [`Store::sealing`].
pub(crate) struct Sealing {
    _held: Option<Transaction<'static>>,
}

/// See [`Store::alone`].
pub(crate) struct Alone {
    _held: Transaction<'static>,
}
