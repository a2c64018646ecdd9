//! Hearing of what other processes commit.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::CHANNEL;
use crate::store::{Pools, Store};

/// How long a missed notice can delay an announcement (ours: a table that pulls hears within 1 s
/// of what another server wrote, and half of that is left for telling it).
const POLL: Duration = Duration::from_millis(500);

/// The task that listens; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Follower(JoinHandle<()>);

impl Follower {
    /// Follows a store that other processes write to; one in a file has no others.
    pub(crate) fn start(store: &Arc<Store>) -> Option<Self> {
        let Pools::Postgres(pools) = &store.pools else {
            return None;
        };
        let task = follow(store.clone(), pools.readers.clone());
        Some(Self(tokio::spawn(task)))
    }

    /// Ends the task and waits until its connection is given back.
    pub(crate) async fn finish(mut self) {
        self.0.abort();
        let _ = (&mut self.0).await;
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn follow(store: Arc<Store>, pool: PgPool) {
    loop {
        if let Err(error) = listen(&store, &pool).await {
            tracing::warn!(%error, "not hearing of other processes' commits; trying again");
        }
        sleep(POLL).await;
    }
}

/// Looks whenever the server says so, and now and then all the same.
async fn listen(store: &Store, pool: &PgPool) -> crate::Result<()> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        store.announcer.catch_up(store).await?;
        if let Ok(heard) = timeout(POLL, listener.recv()).await {
            heard?;
        }
        // Many notices, one look.
        while listener.next_buffered().is_some() {}
    }
}
