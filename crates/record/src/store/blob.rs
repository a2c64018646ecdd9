//! Blobs: bytes that many events refer to by SHA-256, stored once.

use super::Store;
use super::sql::query;
use crate::Result;
use crate::event::Hash;

impl Store {
    /// Stores the bytes unless they are there already; says whether they were new.
    pub(crate) async fn put_blob(&self, sha: &Hash, bytes: &[u8]) -> Result<bool> {
        let mut turn = self.turn().await?;
        let mut transaction = turn.begin().await?;
        let done = query("INSERT INTO blobs (sha, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(sha)
            .bind(bytes)
            .execute(&mut transaction.on())
            .await?;
        transaction.commit().await?;
        turn.clean();
        Ok(done == 1)
    }

    pub(crate) async fn blob(&self, sha: &Hash) -> Result<Option<Vec<u8>>> {
        let row = query("SELECT bytes FROM blobs WHERE sha = $1")
            .bind(sha)
            .fetch_optional(&mut self.reader().await?.on())
            .await?;
        row.map(|r| r.get("bytes")).transpose()
    }
}
