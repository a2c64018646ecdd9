//! Many requests in one transaction.

use super::Store;
use super::append::append;
use super::sql::{Connection, Transaction};
use crate::journal::Append;
use crate::writer::Answer;
use crate::{Error, Result};

impl Store {
    /// Commits all requests together; each has its own result. Followers are told
    /// of every event after the commit, before any other write.
    pub(crate) async fn commit(&self, requests: &[Vec<Append>]) -> Result<Vec<Answer>> {
        let mut turn = self.turn().await?;
        let transaction = match self.begin(&mut turn).await {
            Err(Error::ReadOnly(why)) => {
                let refused = |_| Err(Error::ReadOnly(why.clone()));
                return Ok(requests.iter().map(refused).collect());
            }
            begun => begun?,
        };
        let results = match requests {
            [one] => vec![single(transaction, self, one).await?],
            many => together(transaction, self, many).await?,
        };
        turn.clean();
        let made: Vec<_> = results.iter().flatten().flatten().flatten().collect();
        self.committed(&made).await;
        Ok(results)
    }
}

/// One request in a transaction of its own, or in a savepoint, which is undone alone when it is
/// refused. Where it cannot be undone, nobody's is committed.
async fn single(
    mut transaction: Transaction<'_>,
    store: &Store,
    appends: &[Append],
) -> Result<Answer> {
    let made = all(&mut transaction.on(), store, appends).await;
    match made {
        Ok(_) => transaction.commit().await?,
        Err(Error::Database(error)) => return Err(Error::Database(error)),
        Err(_) => transaction.rollback().await?,
    }
    Ok(made)
}

async fn together(
    mut transaction: Transaction<'_>,
    store: &Store,
    requests: &[Vec<Append>],
) -> Result<Vec<Answer>> {
    let mut results = Vec::with_capacity(requests.len());
    for appends in requests {
        let savepoint = transaction.savepoint().await?;
        results.push(single(savepoint, store, appends).await?);
    }
    transaction.commit().await?;
    Ok(results)
}

async fn all(connection: &mut Connection<'_>, store: &Store, appends: &[Append]) -> Answer {
    let mut made = Vec::with_capacity(appends.len());
    for one in appends {
        made.push(append(connection, store, one).await?);
    }
    Ok(made)
}
