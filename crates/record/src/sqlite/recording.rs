//! The list of recordings.

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Connection as _, Row as _};
use uuid::Uuid;

use super::append::append;
use super::read::stream_of;
use super::{Sqlite, count, hash, integer, uuid};
use crate::event::{Stored, Stream};
use crate::journal::Append;
use crate::recording::{ArchivedPayload, Format, RECORDING, Recording};
use crate::{Error, Result};

const LISTED: &str = "SELECT r.session, r.bedside, r.file, r.sha, r.frames, r.parquet, s.id, s.kind
    FROM recordings r JOIN streams s ON s.id = r.stream";

pub(super) fn recording_of(row: &SqliteRow) -> Result<Recording> {
    let format = match row.try_get::<i64, _>("parquet")? {
        0 => Format::Frames,
        1 => Format::Parquet,
        _ => return Err(Error::corrupt("recordings.parquet", "neither 0 nor 1")),
    };
    Ok(Recording {
        session: uuid(row, "session")?,
        table: uuid(row, "bedside")?,
        file: row.try_get("file")?,
        sha256: hash(row, "sha")?,
        frames: count(row, "frames")?,
        format,
    })
}

fn listed_of(row: &SqliteRow) -> Result<(Stream, Recording)> {
    Ok((stream_of(row)?, recording_of(row)?))
}

async fn insert(
    connection: &mut SqliteConnection,
    event: &Stored,
    recording: &Recording,
) -> Result<()> {
    let sql =
        "INSERT INTO recordings (session, stream, bedside, position, file, sha, frames, parquet)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (session) DO NOTHING";
    let done = sqlx::query(sql)
        .bind(&recording.session.as_bytes()[..])
        .bind(&event.stream.id.as_bytes()[..])
        .bind(&recording.table.as_bytes()[..])
        .bind(integer(event.position)?)
        .bind(recording.file.as_str())
        .bind(&recording.sha256[..])
        .bind(integer(recording.frames)?)
        .bind(recording.format == Format::Parquet)
        .execute(connection)
        .await?;
    match done.rows_affected() {
        1 => Ok(()),
        _ => Err(Error::Invalid {
            place: "recording.session",
            what: "is registered already".to_owned(),
        }),
    }
}

async fn replace(
    connection: &mut SqliteConnection,
    stream: Uuid,
    archived: &ArchivedPayload,
) -> Result<()> {
    let sql = "UPDATE recordings SET file = ?, sha = ?, parquet = 1
         WHERE session = ? AND stream = ?";
    let done = sqlx::query(sql)
        .bind(archived.file.as_str())
        .bind(&archived.sha256[..])
        .bind(&archived.session.as_bytes()[..])
        .bind(&stream.as_bytes()[..])
        .execute(connection)
        .await?;
    match done.rows_affected() {
        1 => Ok(()),
        _ => Err(Error::Invalid {
            place: "recording.session",
            what: "is not registered in this stream".to_owned(),
        }),
    }
}

fn only(made: Vec<Stored>) -> Result<Stored> {
    let first = made.into_iter().next();
    first.ok_or_else(|| Error::corrupt(RECORDING, "nothing was appended"))
}

impl Sqlite {
    /// Appends the event and lists the recording, together.
    pub(crate) async fn register(
        &self,
        request: &Append,
        recording: &Recording,
        told: impl FnOnce(&Stored) + Send,
    ) -> Result<Stored> {
        let mut turn = self.turn().await?;
        let mut transaction = turn.begin_with("BEGIN IMMEDIATE").await?;
        let event = only(append(&mut transaction, self, request).await?)?;
        insert(&mut transaction, &event, recording).await?;
        transaction.commit().await?;
        turn.clean();
        told(&event);
        Ok(event)
    }

    /// Appends the event and moves the recording to its new file, together.
    pub(crate) async fn archive(
        &self,
        request: &Append,
        archived: &ArchivedPayload,
        told: impl FnOnce(&Stored) + Send,
    ) -> Result<Stored> {
        let mut turn = self.turn().await?;
        let mut transaction = turn.begin_with("BEGIN IMMEDIATE").await?;
        let event = only(append(&mut transaction, self, request).await?)?;
        replace(&mut transaction, request.stream.id, archived).await?;
        transaction.commit().await?;
        turn.clean();
        told(&event);
        Ok(event)
    }

    /// Recordings of a table, newest first, without the first `skip`.
    pub(crate) async fn recordings(
        &self,
        table: Uuid,
        skip: u32,
    ) -> Result<Vec<(Stream, Recording)>> {
        let sql =
            format!("{LISTED} WHERE r.bedside = ? ORDER BY r.position DESC LIMIT -1 OFFSET ?");
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&table.as_bytes()[..])
            .bind(i64::from(skip))
            .fetch_all(self.readers())
            .await?
            .iter()
            .map(listed_of)
            .collect()
    }

    pub(crate) async fn recording(&self, session: Uuid) -> Result<Option<(Stream, Recording)>> {
        let sql = format!("{LISTED} WHERE r.session = ?");
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&session.as_bytes()[..])
            .fetch_optional(self.readers())
            .await?
            .as_ref()
            .map(listed_of)
            .transpose()
    }
}

/// Takes a stream's recordings off the list; returns the names of their files: of a raw
/// one also that of the Parquet that is written beside it.
pub(super) async fn remove(connection: &mut SqliteConnection, stream: Uuid) -> Result<Vec<String>> {
    let rows = sqlx::query("DELETE FROM recordings WHERE stream = ? RETURNING file")
        .bind(&stream.as_bytes()[..])
        .fetch_all(connection)
        .await?;
    let mut files = Vec::with_capacity(2 * rows.len());
    for row in rows {
        let file: String = row.try_get("file")?;
        if let Some(stem) = file.strip_suffix(".frames") {
            files.push(format!("{stem}.parquet"));
        }
        files.push(file);
    }
    Ok(files)
}
