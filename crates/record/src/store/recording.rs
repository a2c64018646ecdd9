//! The list of recordings.

use uuid::Uuid;

use super::append::append;
use super::read::stream_of;
use super::sql::{Connection, Record, query};
use super::{Store, count, hash, integer, uuid};
use crate::event::{Stored, Stream};
use crate::journal::Append;
use crate::recording::{ArchivedPayload, Format, RECORDING, Recording};
use crate::{Error, Result};

const LISTED: &str = "SELECT r.session, r.bedside, r.file, r.sha, r.frames, r.parquet, s.id, s.kind
    FROM recordings r JOIN streams s ON s.id = r.stream";

pub(super) fn recording_of(row: &Record) -> Result<Recording> {
    let format = match row.get::<i64>("parquet")? {
        0 => Format::Frames,
        1 => Format::Parquet,
        _ => return Err(Error::corrupt("recordings.parquet", "neither 0 nor 1")),
    };
    Ok(Recording {
        session: uuid(row, "session")?,
        table: uuid(row, "bedside")?,
        file: row.get("file")?,
        sha256: hash(row, "sha")?,
        frames: count(row, "frames")?,
        format,
    })
}

fn listed_of(row: &Record) -> Result<(Stream, Recording)> {
    Ok((stream_of(row)?, recording_of(row)?))
}

async fn insert(
    connection: &mut Connection<'_>,
    event: &Stored,
    recording: &Recording,
) -> Result<()> {
    let sql =
        "INSERT INTO recordings (session, stream, bedside, position, file, sha, frames, parquet)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (session) DO NOTHING";
    let done = query(sql)
        .bind(recording.session)
        .bind(event.stream.id)
        .bind(recording.table)
        .bind(integer(event.position)?)
        .bind(recording.file.as_str())
        .bind(&recording.sha256)
        .bind(integer(recording.frames)?)
        .bind(i64::from(recording.format == Format::Parquet))
        .execute(connection)
        .await?;
    match done {
        1 => Ok(()),
        _ => Err(Error::Invalid {
            place: "recording.session",
            what: "is registered already".to_owned(),
        }),
    }
}

async fn replace(
    connection: &mut Connection<'_>,
    stream: Uuid,
    archived: &ArchivedPayload,
) -> Result<()> {
    let sql = "UPDATE recordings SET file = $1, sha = $2, parquet = 1
         WHERE session = $3 AND stream = $4";
    let done = query(sql)
        .bind(archived.file.as_str())
        .bind(&archived.sha256)
        .bind(archived.session)
        .bind(stream)
        .execute(connection)
        .await?;
    match done {
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

impl Store {
    /// Appends the event and lists the recording, together.
    pub(crate) async fn register(&self, request: &Append, recording: &Recording) -> Result<Stored> {
        let mut turn = self.turn().await?;
        let mut transaction = self.begin(&mut turn).await?;
        let event = only(append(&mut transaction.on(), self, request).await?)?;
        insert(&mut transaction.on(), &event, recording).await?;
        transaction.commit().await?;
        turn.clean();
        self.committed(&[&event]).await;
        Ok(event)
    }

    /// Appends the event and moves the recording to its new file, together.
    pub(crate) async fn archive(
        &self,
        request: &Append,
        archived: &ArchivedPayload,
    ) -> Result<Stored> {
        let mut turn = self.turn().await?;
        let mut transaction = self.begin(&mut turn).await?;
        let event = only(append(&mut transaction.on(), self, request).await?)?;
        replace(&mut transaction.on(), request.stream.id, archived).await?;
        transaction.commit().await?;
        turn.clean();
        self.committed(&[&event]).await;
        Ok(event)
    }

    /// Recordings of a table, newest first, without the first `skip`.
    pub(crate) async fn recordings(
        &self,
        table: Uuid,
        skip: u32,
    ) -> Result<Vec<(Stream, Recording)>> {
        let sql =
            format!("{LISTED} WHERE r.bedside = $1 ORDER BY r.position DESC LIMIT $2 OFFSET $3");
        query(sql)
            .bind(table)
            .bind(i64::MAX)
            .bind(i64::from(skip))
            .fetch_all(&mut self.reader().await?.on())
            .await?
            .iter()
            .map(listed_of)
            .collect()
    }

    /// Every recording, oldest first.
    pub(crate) async fn all_recordings(&self) -> Result<Vec<Recording>> {
        query(format!("{LISTED} ORDER BY r.position"))
            .fetch_all(&mut self.reader().await?.on())
            .await?
            .iter()
            .map(recording_of)
            .collect()
    }

    pub(crate) async fn recording(&self, session: Uuid) -> Result<Option<(Stream, Recording)>> {
        let sql = format!("{LISTED} WHERE r.session = $1");
        query(sql)
            .bind(session)
            .fetch_optional(&mut self.reader().await?.on())
            .await?
            .as_ref()
            .map(listed_of)
            .transpose()
    }
}

/// Takes a stream's recordings off the list; returns the names of their files: of a raw
/// one also that of the Parquet that is written beside it.
pub(super) async fn remove(connection: &mut Connection<'_>, stream: Uuid) -> Result<Vec<String>> {
    let rows = query("DELETE FROM recordings WHERE stream = $1 RETURNING file")
        .bind(stream)
        .fetch_all(connection)
        .await?;
    let mut files = Vec::with_capacity(2 * rows.len());
    for row in rows {
        let file: String = row.get("file")?;
        if let Some(stem) = file.strip_suffix(".frames") {
            files.push(format!("{stem}.parquet"));
        }
        files.push(file);
    }
    Ok(files)
}
