//! The schema and its migrations: forward only, one transaction each, after a
//! verified copy when there is something to lose.

use std::path::{Path, PathBuf};

use sqlx::{Connection as _, Row as _, SqliteConnection};
use uuid::Uuid;

use crate::files::private_file;
use crate::{Error, Result};

/// Marks a file as ours (`PRAGMA application_id`): "Anls".
const APPLICATION: i64 = 0x416e_6c73;

/// Each step forward; the index of the last one plus one is the schema's number.
const STEPS: [&str; 4] = [
    include_str!("schema/0001_journal.sql"),
    include_str!("schema/0002_recordings.sql"),
    include_str!("schema/0003_found.sql"),
    include_str!("schema/0004_found_sealed.sql"),
];

/// The schema of this program.
pub(super) const NEWEST: u32 = STEPS.len() as u32;

/// Refuses files that are not ours or too new; returns the file's schema, 0 when it is empty.
pub(super) async fn found(connection: &mut SqliteConnection, path: &Path) -> Result<u32> {
    let application = pragma(connection, "PRAGMA application_id").await?;
    let version = pragma(connection, "PRAGMA user_version").await?;
    let tables = pragma(connection, "SELECT count(*) FROM sqlite_schema").await?;
    if application != APPLICATION && (tables > 0 || version != 0) {
        return Err(Error::NotAJournal(path.into()));
    }
    match u32::try_from(version) {
        Ok(found) if found <= NEWEST => Ok(found),
        found => Err(Error::NewerSchema {
            found: found.unwrap_or(u32::MAX),
            known: NEWEST,
        }),
    }
}

async fn pragma(connection: &mut SqliteConnection, sql: &'static str) -> Result<i64> {
    Ok(sqlx::query(sql).fetch_one(connection).await?.try_get(0)?)
}

/// Takes the store to the newest schema. `id` is the identity of a store that does not exist yet.
pub(super) async fn migrate(
    connection: &mut SqliteConnection,
    path: &Path,
    id: Option<Uuid>,
) -> Result<()> {
    let from = found(connection, path).await?;
    if from == NEWEST {
        return Ok(());
    }
    if from > 0 {
        back_up(connection, path, from).await?;
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for (number, step) in (1..).zip(STEPS).skip(from as usize) {
        sqlx::raw_sql(step).execute(&mut *transaction).await?;
        tracing::info!(schema = number, "journal migrated");
    }
    if from == 0 {
        let id = id.ok_or_else(|| Error::Missing(path.into()))?;
        sqlx::query("INSERT INTO store (one, id) VALUES (1, ?)")
            .bind(&id.as_bytes()[..])
            .execute(&mut *transaction)
            .await?;
    }
    let mark = format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {NEWEST};");
    sqlx::raw_sql(sqlx::AssertSqlSafe(mark))
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// Copies the store beside itself and compares every row before anything is changed.
async fn back_up(connection: &mut SqliteConnection, path: &Path, from: u32) -> Result<()> {
    let copy = free_name(path, from);
    let file = private_file(&copy)?;
    let name = copy.to_string_lossy().into_owned();
    sqlx::query("VACUUM INTO ?")
        .bind(name.as_str())
        .execute(&mut *connection)
        .await?;
    file.sync_all().map_err(Error::io("writing", &copy))?;
    sqlx::query("ATTACH ? AS copy")
        .bind(name)
        .execute(&mut *connection)
        .await?;
    let compared = compare(connection).await;
    sqlx::raw_sql("DETACH copy").execute(connection).await?;
    match compared? {
        Some(what) => Err(Error::Backup { path: copy, what }),
        None => {
            tracing::info!(schema = from, "journal backed up before migration");
            Ok(())
        }
    }
}

/// What differs between the store and its copy, if anything does.
async fn compare(connection: &mut SqliteConnection) -> Result<Option<String>> {
    let integrity = sqlx::query("PRAGMA copy.integrity_check(1)")
        .fetch_one(&mut *connection)
        .await?;
    let answer: String = integrity.try_get(0)?;
    if answer != "ok" {
        return Ok(Some(answer));
    }
    let tables = sqlx::query("SELECT name FROM main.sqlite_schema WHERE type = 'table'")
        .fetch_all(&mut *connection)
        .await?;
    for table in &tables {
        let table: &str = table.try_get(0)?;
        let differ = format!(
            "SELECT (SELECT count(*) FROM main.{table}) <> (SELECT count(*) FROM copy.{table})
             OR EXISTS (SELECT * FROM main.{table} EXCEPT SELECT * FROM copy.{table})"
        );
        let differ = sqlx::query(sqlx::AssertSqlSafe(differ))
            .fetch_one(&mut *connection)
            .await?;
        if differ.try_get::<i64, _>(0)? != 0 {
            return Ok(Some(format!("table {table} differs from the store")));
        }
    }
    Ok(None)
}

/// A name that no earlier copy has.
fn free_name(path: &Path, from: u32) -> PathBuf {
    let named = |n: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".schema-{from}-{n}.backup"));
        PathBuf::from(name)
    };
    (1..)
        .map(named)
        .find(|p| !p.exists())
        .unwrap_or_else(|| named(0))
}
