//! One server for one store, for as long as servers keep some of what they know to themselves.

use std::fmt;

use sqlx::postgres::PgConnection;

use crate::Result;
use crate::journal::Journal;

/// Says that this process serves the store, until it is dropped or loses the database.
pub struct Serving(
    /// What holds the lock; none on SQLite, where the journal's own lock says it.
    #[expect(dead_code, reason = "it is held, and nothing is asked of it")]
    Option<PgConnection>,
);

impl fmt::Debug for Serving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serving").finish_non_exhaustive()
    }
}

impl Journal {
    /// Takes the store for one server. Other processes may open it and append beside it.
    ///
    /// # Errors
    /// [`Error::Served`](crate::Error::Served) where another server has it; a database that
    /// does not answer.
    pub async fn serve(&self) -> Result<Serving> {
        self.inner.store.serving().await.map(Serving)
    }
}
