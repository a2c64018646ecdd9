//! The schema and its migrations: forward only, in one transaction, one process at a time.

use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Row as _};
use uuid::Uuid;

use super::OPENING;
use crate::{Error, Location, Result};

/// Each step forward; the index of the last one plus one is the schema's number.
const STEPS: [&str; 4] = [
    include_str!("0001_journal.sql"),
    include_str!("0002_found.sql"),
    include_str!("0003_shared.sql"),
    include_str!("0004_found_sealed.sql"),
];

/// The schema of this program.
pub(super) const NEWEST: u32 = STEPS.len() as u32;

/// Marks a database as ours, and says its schema.
const MARK: &str =
    "CREATE TABLE annulus_journal (one BIGINT PRIMARY KEY CHECK (one = 1), schema BIGINT NOT NULL)";

/// Refuses databases that are not ours or too new; returns the schema, 0 when there is nothing.
pub(super) async fn found(connection: &mut PgConnection, location: &Location) -> Result<u32> {
    let sql = "SELECT count(*), count(*) FILTER (WHERE relname = 'annulus_journal')
               FROM pg_class WHERE relnamespace = current_schema()::regnamespace
               AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')";
    let row = sqlx::query(sql).fetch_one(&mut *connection).await?;
    match (row.try_get::<i64, _>(0)?, row.try_get::<i64, _>(1)?) {
        (0, _) => return Ok(0),
        (_, 0) => return Err(Error::NotAJournal(location.clone())),
        _ => {}
    }
    let row = sqlx::query("SELECT schema FROM annulus_journal WHERE one = 1")
        .fetch_optional(connection)
        .await?
        .ok_or_else(|| Error::NotAJournal(location.clone()))?;
    match u32::try_from(row.try_get::<i64, _>("schema")?) {
        Ok(found) if (1..=NEWEST).contains(&found) => Ok(found),
        found => Err(Error::NewerSchema {
            found: found.unwrap_or(u32::MAX),
            known: NEWEST,
        }),
    }
}

/// Takes the store to the newest schema. `id` is the identity of a store that does not exist
/// yet; of two processes that come at once, one makes it and the other finds it.
pub(super) async fn migrate(
    connection: &mut PgConnection,
    location: &Location,
    id: Option<Uuid>,
) -> Result<()> {
    let mut transaction = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(OPENING)
        .execute(&mut *transaction)
        .await?;
    let from = found(&mut transaction, location).await?;
    if from == NEWEST {
        return Ok(());
    }
    let missing = || Error::Missing(location.clone());
    let id = match from {
        0 => Some(id.ok_or_else(missing)?),
        _ => None,
    };
    for (number, step) in (1..).zip(STEPS).skip(from as usize) {
        sqlx::raw_sql(step).execute(&mut *transaction).await?;
        tracing::info!(schema = number, "journal migrated");
    }
    if let Some(id) = id {
        sqlx::raw_sql(MARK).execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO store (one, id) VALUES (1, $1)")
            .bind(&id.as_bytes()[..])
            .execute(&mut *transaction)
            .await?;
    }
    let mark = "INSERT INTO annulus_journal (one, schema) VALUES (1, $1)
                ON CONFLICT (one) DO UPDATE SET schema = excluded.schema";
    sqlx::query(mark)
        .bind(i64::from(NEWEST))
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}
