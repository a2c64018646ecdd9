//! What becomes of a fetched recording: registered with its Parquet beside it, and in
//! time its Parquet alone.
//!
//! The owner is the clinic's server and not the bedside: the bedside has no journal, and
//! its disk and its time belong to the loop. The raw files of a table's last fifty
//! sessions stay (ENGINEERING §5); of older ones the Parquet stays, once it was read
//! back and gave the sealed bytes. Shown by `console/tests/parquet.rs`.

use std::path::{Path, PathBuf};

use record::recording::{Recording, Sealed};
use record::sha256;
use si::Problem;
use uuid::Uuid;

use super::catch_up::unkept;
use super::parquet::{from_parquet, to_parquet};
use crate::clinic::Clinic;

/// Writes the Parquet and seals both files in the patient's stream, unless that was done.
pub(super) async fn register(
    clinic: &Clinic,
    patient: Uuid,
    (file, bytes): (PathBuf, Vec<u8>),
    (session, table): (Uuid, Uuid),
) -> Result<(), Problem> {
    let known = clinic.journal().recording(session).await;
    if known.map_err(|e| e.problem())?.is_some() {
        return Ok(());
    }
    let described = aside(move || describe(&file, &bytes, session, table)).await?;
    let (recording, sealed) = described;
    clinic
        .register_recording(patient, &recording, sealed.as_ref())
        .await
}

/// The raw file as it is on the disk now, and its Parquet; a recording that cannot be
/// one (its bedside could not close it) stays raw.
fn describe(
    file: &Path,
    bytes: &[u8],
    session: Uuid,
    table: Uuid,
) -> Result<(Recording, Option<Sealed>), Problem> {
    let frames = table::blackbox::Contents::read(bytes).map_or(0, |read| read.frame_count());
    let recording = Recording::of_file(file, session, table, frames as u64);
    let recording = recording.map_err(|e| e.problem())?;
    let parquet = file.with_extension("parquet");
    let sealed = match to_parquet(&parquet, bytes) {
        Ok(written) => Some(Sealed {
            file: name(&parquet),
            sha256: written.sha256,
        }),
        Err(problem) if problem.code == "journal-file" => return Err(problem),
        Err(problem) => {
            tracing::warn!(problem = %problem.log(), "a recording stays raw");
            None
        }
    };
    Ok((recording, sealed))
}

fn name(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Of every recording older than the table's last fifty leaves the Parquet only. One
/// that cannot be left so stays, is told, and keeps no other.
///
/// # Errors
/// The journal's, where it cannot tell which recordings there are.
pub async fn thin_out(clinic: &Clinic, table: Uuid) -> Result<(), Problem> {
    let old = clinic.journal().recordings_to_archive(table).await;
    for (stream, recording) in old.map_err(|e| e.problem())? {
        if let Err(problem) = thin(clinic, stream, &recording).await {
            tracing::warn!(problem = %problem.log(), "a raw recording could not be let go");
        }
    }
    Ok(())
}

async fn thin(
    clinic: &Clinic,
    stream: record::Stream,
    recording: &Recording,
) -> Result<(), Problem> {
    let folder = clinic.folder().join("recordings");
    let raw = folder.join(&recording.file);
    let parquet = raw.with_extension("parquet");
    let sealed = clinic
        .journal()
        .sealed_parquet(stream, recording.session)
        .await;
    let sealed = sealed.map_err(|e| e.problem())?.is_some();
    let beside = parquet.clone();
    let rebuilt = aside(move || {
        if !sealed {
            // Registered before there was a Parquet beside each.
            let bytes = std::fs::read(&raw);
            let bytes = bytes.map_err(|e| unkept(&raw.display().to_string(), e.to_string()))?;
            to_parquet(&beside, &bytes)?;
        }
        from_parquet(&beside).map(|raw| sha256(&raw))
    })
    .await?;
    let place = (folder.as_path(), &*name(&parquet));
    clinic
        .archive_recording(stream.id, recording, place, rebuilt)
        .await
}

/// Work with a disk, off the server's own threads.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| unkept("", "could not be read".into()))?
}
