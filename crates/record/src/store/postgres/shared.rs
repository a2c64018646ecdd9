//! What servers share for a short while, in a table beside the journal.
//!
//! Each call is one statement in a transaction of its own and reads the database's clock. It has
//! connections of its own, so that a login waits behind no event and no list.

use std::time::Duration;

use sqlx::Row as _;
use sqlx::postgres::{PgPool, PgRow};
use uuid::Uuid;

use crate::{Error, Noted, Result};

/// The table.
#[derive(Debug)]
pub(crate) struct Beside(pub(super) PgPool);

impl Beside {
    pub(crate) async fn get(&self, space: &str, key: &[u8]) -> Result<Option<Noted>> {
        let sql = "SELECT value, count, (extract(epoch FROM now() - written) * 1000)::bigint AS age
                   FROM shared WHERE space = $1 AND key = $2 AND now() < expires";
        let row = sqlx::query(sql).bind(space).bind(key);
        let row = row.fetch_optional(&self.0).await?;
        row.as_ref().map(entry).transpose()
    }

    pub(crate) async fn of(&self, space: &str, owner: Uuid) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let sql = "SELECT key, value FROM shared
                   WHERE space = $1 AND owner = $2 AND now() < expires ORDER BY key";
        let rows = sqlx::query(sql).bind(space).bind(&owner.as_bytes()[..]);
        let rows = rows.fetch_all(&self.0).await?;
        let pair = |row: &PgRow| Ok((row.try_get("key")?, row.try_get("value")?));
        rows.iter().map(pair).collect()
    }

    pub(crate) async fn put(
        &self,
        place: (&str, &[u8]),
        what: (Uuid, &[u8]),
        life: Duration,
    ) -> Result<()> {
        self.insert(place, what, life, "").await.map(|_| ())
    }

    pub(crate) async fn claim(
        &self,
        place: (&str, &[u8]),
        what: (Uuid, &[u8]),
        life: Duration,
    ) -> Result<bool> {
        let expired = " WHERE shared.expires <= now()";
        self.insert(place, what, life, expired).await
    }

    pub(crate) async fn lease(
        &self,
        space: &str,
        key: &[u8],
        owner: Uuid,
        life: Duration,
    ) -> Result<bool> {
        let free = " WHERE shared.expires <= now() OR shared.owner = excluded.owner";
        self.insert((space, key), (owner, &[]), life, free).await
    }

    /// Writes it; over another only where `unless` allows it. Whether it was written.
    async fn insert(
        &self,
        (space, key): (&str, &[u8]),
        (owner, value): (Uuid, &[u8]),
        life: Duration,
        unless: &str,
    ) -> Result<bool> {
        let sql = format!(
            "INSERT INTO shared (space, key, owner, value, count, written, expires)
             VALUES ($1, $2, $3, $4, 0, now(), now() + $5 * interval '1 millisecond')
             ON CONFLICT (space, key) DO UPDATE SET owner = excluded.owner, value = excluded.value,
             count = 0, written = excluded.written, expires = excluded.expires{unless}"
        );
        let done = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(space)
            .bind(key)
            .bind(&owner.as_bytes()[..])
            .bind(value)
            .bind(milliseconds(life))
            .execute(&self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    pub(crate) async fn count(&self, space: &str, key: &[u8], life: Duration) -> Result<u64> {
        let sql = "INSERT INTO shared (space, key, owner, value, count, written, expires)
             VALUES ($1, $2, $3, ''::bytea, 1, now(), now() + $4 * interval '1 millisecond')
             ON CONFLICT (space, key) DO UPDATE SET
             count = CASE WHEN shared.expires <= now() THEN 1 ELSE shared.count + 1 END,
             written = excluded.written, expires = excluded.expires RETURNING count";
        let row = sqlx::query(sql)
            .bind(space)
            .bind(key)
            .bind(&Uuid::nil().as_bytes()[..])
            .bind(milliseconds(life))
            .fetch_one(&self.0)
            .await?;
        counted(&row)
    }

    pub(crate) async fn keep(&self, space: &str, key: &[u8], life: Duration) -> Result<bool> {
        let sql = "UPDATE shared SET expires = now() + $3 * interval '1 millisecond'
                   WHERE space = $1 AND key = $2 AND now() < expires";
        let kept = sqlx::query(sql).bind(space).bind(key);
        let kept = kept.bind(milliseconds(life)).execute(&self.0).await?;
        Ok(kept.rows_affected() == 1)
    }

    pub(crate) async fn remove(&self, space: &str, key: &[u8]) -> Result<()> {
        let gone = sqlx::query("DELETE FROM shared WHERE space = $1 AND key = $2");
        gone.bind(space).bind(key).execute(&self.0).await?;
        Ok(())
    }

    pub(crate) async fn remove_of(&self, space: &str, owner: Uuid) -> Result<()> {
        let gone = sqlx::query("DELETE FROM shared WHERE space = $1 AND owner = $2");
        let gone = gone.bind(space).bind(&owner.as_bytes()[..]);
        gone.execute(&self.0).await?;
        Ok(())
    }

    pub(crate) async fn sweep(&self) -> Result<()> {
        let gone = sqlx::query("DELETE FROM shared WHERE expires <= now()");
        gone.execute(&self.0).await?;
        Ok(())
    }

    pub(crate) async fn close(&self) {
        self.0.close().await;
    }
}

fn entry(row: &PgRow) -> Result<Noted> {
    let age: i64 = row.try_get("age")?;
    Ok(Noted {
        value: row.try_get("value")?,
        count: counted(row)?,
        age: Duration::from_millis(u64::try_from(age).unwrap_or(0)),
    })
}

fn counted(row: &PgRow) -> Result<u64> {
    let count: i64 = row.try_get("count")?;
    u64::try_from(count).map_err(|_| Error::corrupt("shared.count", format!("{count} is negative")))
}

fn milliseconds(life: Duration) -> i64 {
    i64::try_from(life.as_millis()).unwrap_or(i64::MAX)
}
