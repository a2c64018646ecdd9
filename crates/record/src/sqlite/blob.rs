//! Blobs: bytes that many events refer to by SHA-256, stored once.

use sqlx::Row as _;

use super::Sqlite;
use crate::Result;
use crate::event::Hash;

impl Sqlite {
    /// Stores the bytes unless they are there already; says whether they were new.
    pub(crate) async fn put_blob(&self, sha: &Hash, bytes: &[u8]) -> Result<bool> {
        let mut turn = self.turn().await?;
        let done = sqlx::query("INSERT OR IGNORE INTO blobs (sha, bytes) VALUES (?, ?)")
            .bind(&sha[..])
            .bind(bytes)
            .execute(&mut *turn)
            .await?;
        turn.clean();
        Ok(done.rows_affected() == 1)
    }

    pub(crate) async fn blob(&self, sha: &Hash) -> Result<Option<Vec<u8>>> {
        let row = sqlx::query("SELECT bytes FROM blobs WHERE sha = ?")
            .bind(&sha[..])
            .fetch_optional(self.readers())
            .await?;
        Ok(row.map(|r| r.try_get("bytes")).transpose()?)
    }
}
