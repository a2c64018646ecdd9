//! Which recordings there are: sealed as events in the patient's stream, listed in a table.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::erase::Request;
use crate::event::{Hash, Stored, Stream, check_name};
use crate::files::file_sha256;
use crate::journal::Journal;
use crate::{Error, Result};

pub(crate) const RECORDING: &str = "recording";
/// Newest version of that event's payload.
pub(crate) const RECORDING_VERSION: u16 = 2;
pub(crate) const ARCHIVED: &str = "recording-archived";

/// Sessions of a table whose raw files are kept (ENGINEERING §5).
pub const RAW_KEPT: u32 = 50;

/// What a recording's file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// As the bedside wrote it.
    Frames,
    /// Parquet.
    Parquet,
}

/// One session's file. The same values are the payload of the event that seals it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// The session.
    pub session: Uuid,
    /// The table it was on.
    pub table: Uuid,
    /// Name of the file in the directory of recordings, without any path.
    pub file: String,
    /// SHA-256 of the file.
    #[serde(with = "hex::serde")]
    pub sha256: Hash,
    /// Frames in it.
    pub frames: u64,
    /// What it is.
    pub format: Format,
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording")
            .field("session", &self.session)
            .field("frames", &self.frames)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// Payload of `recording-archived`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ArchivedPayload {
    pub(crate) session: Uuid,
    pub(crate) file: String,
    #[serde(with = "hex::serde")]
    pub(crate) sha256: Hash,
}

/// A Parquet file, by name and SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Name of the file in the directory of recordings, without any path.
    pub file: String,
    /// SHA-256 of the file.
    #[serde(with = "hex::serde")]
    pub sha256: Hash,
}

/// Payload of `recording` version 2: version 1 with the Parquet file written beside it.
#[derive(Debug, Serialize, Deserialize)]
struct BothPayload {
    #[serde(flatten)]
    recording: Recording,
    parquet: Sealed,
}

fn check_file(file: &str) -> Result<()> {
    check_name("recording.file", file)?;
    if file.contains(['/', '\0']) || file.starts_with('.') {
        return Err(Error::Invalid {
            place: "recording.file",
            what: "is not the plain name of a file".to_owned(),
        });
    }
    Ok(())
}

impl Recording {
    /// Whether this file is there, and as it was sealed.
    #[must_use]
    pub fn is_whole(&self, path: &Path) -> bool {
        file_sha256(path).is_ok_and(|sha256| sha256 == self.sha256)
    }

    /// Describes a file as it is now.
    ///
    /// # Errors
    /// When it cannot be read or has no name.
    pub fn of_file(path: &Path, session: Uuid, table: Uuid, frames: u64) -> Result<Self> {
        let file = path.file_name().ok_or_else(|| Error::Recording {
            path: path.to_owned(),
            what: "it has no name".to_owned(),
        })?;
        let format = match path.extension() {
            Some(end) if end == "parquet" => Format::Parquet,
            _ => Format::Frames,
        };
        Ok(Self {
            session,
            table,
            file: file.to_string_lossy().into_owned(),
            sha256: file_sha256(path)?,
            frames,
            format,
        })
    }

    fn check(&self) -> Result<()> {
        check_file(&self.file)
    }
}

impl Journal {
    /// Seals a session's recording in the stream of `request` (the patient's), with the
    /// Parquet file beside it where there is one, and lists it. A second one for the
    /// same session conflicts.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub async fn register_recording(
        &self,
        request: &Request,
        recording: &Recording,
        parquet: Option<&Sealed>,
    ) -> Result<Stored> {
        recording.check()?;
        self.inner.access.clone().map_err(Error::ReadOnly)?;
        let append = match parquet {
            None => request.append(RECORDING, recording)?,
            Some(parquet) => {
                check_file(&parquet.file)?;
                let payload = BothPayload {
                    recording: recording.clone(),
                    parquet: parquet.clone(),
                };
                request.append_version(RECORDING, RECORDING_VERSION, &payload)?
            }
        };
        self.inner.store.register(&append, recording).await
    }

    /// The Parquet file that was sealed with a session's recording, if one was.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn sealed_parquet(&self, stream: Stream, session: Uuid) -> Result<Option<Sealed>> {
        let events = self.read(stream.id).await?;
        let both = events
            .iter()
            .filter(|event| event.kind == RECORDING)
            .filter_map(|event| {
                serde_json::from_slice::<BothPayload>(event.payload.as_deref()?).ok()
            });
        let mut ours = both.filter(|both| both.recording.session == session);
        Ok(ours.next().map(|both| both.parquet))
    }

    /// Says that a recording is now this Parquet file. The caller removes the
    /// raw one afterwards.
    ///
    /// # Errors
    /// As [`Journal::append`]; also when there is no such recording in the stream.
    pub async fn archive_recording(
        &self,
        request: &Request,
        session: Uuid,
        parquet: &Path,
    ) -> Result<Stored> {
        self.inner.access.clone().map_err(Error::ReadOnly)?;
        let archived = Recording::of_file(parquet, session, Uuid::nil(), 0)?;
        archived.check()?;
        let payload = ArchivedPayload {
            session,
            file: archived.file,
            sha256: archived.sha256,
        };
        let append = request.append(ARCHIVED, &payload)?;
        self.inner.store.archive(&append, &payload).await
    }

    /// The recordings of a table, newest first, with the stream that each belongs to.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn recordings(&self, table: Uuid) -> Result<Vec<(crate::Stream, Recording)>> {
        self.inner.store.recordings(table, 0).await
    }

    /// Every recording of every table, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn all_recordings(&self) -> Result<Vec<Recording>> {
        self.inner.store.all_recordings().await
    }

    /// One session's recording.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn recording(&self, session: Uuid) -> Result<Option<(crate::Stream, Recording)>> {
        self.inner.store.recording(session).await
    }

    /// Raw recordings of a table that have fallen out of the last [`RAW_KEPT`]
    /// sessions and should become Parquet.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn recordings_to_archive(
        &self,
        table: Uuid,
    ) -> Result<Vec<(crate::Stream, Recording)>> {
        let mut old = self.inner.store.recordings(table, RAW_KEPT).await?;
        old.retain(|(_, recording)| recording.format == Format::Frames);
        Ok(old)
    }
}
