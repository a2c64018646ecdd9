//! Serving a store: several servers may, where they are alike in what each of them must take for
//! granted, such as the version of the lists that they write.

use std::fmt;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgConnection;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::event::sha256;
use crate::journal::Journal;
use crate::store::Store;
use crate::{Error, Result};

/// Between two looks at whether the database still knows of this server (ours).
const LOOK: Duration = Duration::from_secs(2);
/// A database that says nothing for so long does not (ours).
const ANSWER: Duration = Duration::from_secs(10);

/// Says that this process serves the store, until it is dropped.
pub struct Serving {
    lost: watch::Receiver<bool>,
    /// What keeps saying so; none on SQLite, where the journal's own lock says it.
    held: Option<JoinHandle<()>>,
}

impl fmt::Debug for Serving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serving").finish_non_exhaustive()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if let Some(held) = &self.held {
            held.abort();
        }
    }
}

impl Serving {
    /// Resolves once servers that are not alike have taken the store, while the database was away:
    /// then this one serves no longer.
    pub async fn lost(&mut self) {
        if self.held.is_none() || self.lost.wait_for(|lost| *lost).await.is_err() {
            pending::<()>().await;
        }
    }
}

impl Journal {
    /// Takes the store for a server. Others that say the same words may take it too, and any
    /// process may open it and append beside them.
    ///
    /// # Errors
    /// [`Error::Served`] where a server has it that says other words; a database that does not
    /// answer.
    pub async fn serve(&self, alike: &str) -> Result<Serving> {
        let number = number(alike);
        let store = Arc::clone(&self.inner.store);
        let taken = store.serving(number).await?;
        let (told, lost) = watch::channel(false);
        let held = taken.map(|connection| tokio::spawn(hold(store, number, connection, told)));
        Ok(Serving { lost, held })
    }
}

/// Words as a lock of the database knows them.
fn number(alike: &str) -> i32 {
    let hash = sha256(alike.as_bytes());
    i32::from_be_bytes([hash[0] & 0x7f, hash[1], hash[2], hash[3]])
}

/// A database that was away has forgotten who serves: it is told again.
async fn hold(
    store: Arc<Store>,
    number: i32,
    mut connection: PgConnection,
    told: watch::Sender<bool>,
) {
    loop {
        sleep(LOOK).await;
        let known = sqlx::Connection::ping(&mut connection);
        if timeout(ANSWER, known)
            .await
            .is_ok_and(|known| known.is_ok())
        {
            continue;
        }
        tracing::warn!("the database does not answer; whoever serves it is to be said again");
        connection = loop {
            match store.serving(number).await {
                Ok(Some(again)) => break again,
                Err(Error::Served(_)) => {
                    let _ = told.send(true);
                    return;
                }
                Ok(None) | Err(_) => sleep(LOOK).await,
            }
        };
    }
}
