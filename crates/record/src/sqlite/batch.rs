//! Many requests in one transaction.

use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, Sqlite as Db, Transaction};

use super::Sqlite;
use super::append::append;
use crate::event::Stored;
use crate::journal::Append;
use crate::writer::Answer;
use crate::{Error, Result};

impl Sqlite {
    /// Commits all requests together; each has its own result. `told` runs for
    /// every event after the commit, before any other write.
    pub(crate) async fn commit(
        &self,
        requests: &[Vec<Append>],
        told: impl Fn(&Stored),
    ) -> Result<Vec<Answer>> {
        let mut turn = self.turn().await?;
        let mut transaction = turn.begin_with("BEGIN IMMEDIATE").await?;
        let mut results = Vec::with_capacity(requests.len());
        for appends in requests {
            results.push(apart(&mut transaction, self, appends).await?);
        }
        transaction.commit().await?;
        turn.clean();
        let made = || results.iter().flatten().flatten().flatten();
        self.remember(made());
        made().for_each(told);
        Ok(results)
    }
}

/// One request of many, undone alone when it is refused. Where it cannot be
/// undone alone, nobody's is committed.
async fn apart(
    transaction: &mut Transaction<'_, Db>,
    store: &Sqlite,
    appends: &[Append],
) -> Result<Answer> {
    let mut savepoint = transaction.begin().await?;
    let made = all(&mut savepoint, store, appends).await;
    match made {
        Ok(_) => savepoint.commit().await?,
        Err(Error::Database(error)) => return Err(Error::Database(error)),
        Err(_) => savepoint.rollback().await?,
    }
    Ok(made)
}

async fn all(connection: &mut SqliteConnection, store: &Sqlite, appends: &[Append]) -> Answer {
    let mut made = Vec::with_capacity(appends.len());
    for one in appends {
        made.push(append(connection, store, one).await?);
    }
    Ok(made)
}
