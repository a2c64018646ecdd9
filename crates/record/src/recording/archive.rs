//! From raw file to Parquet, and no step back before the next is certain.

use std::fs;
use std::path::Path;

use traction::Frame;

use super::parquet::{read_parquet, write_parquet};
use super::register::Recording;
use crate::erase::Request;
use crate::event::Stored;
use crate::files::file_sha256;
use crate::journal::Journal;
use crate::{Error, Result};

impl Journal {
    /// Turns a raw recording in `folder` into Parquet: the raw file is compared
    /// with its seal, the Parquet file is written and read back bit for bit, the
    /// stream of `request` says so, and only then the raw file is removed.
    /// `frames` are those of the raw file, which its reader decoded.
    ///
    /// # Errors
    /// When any of this fails; the raw file is still there then.
    pub async fn archive(
        &self,
        request: &Request,
        recording: &Recording,
        folder: &Path,
        frames: &[Frame],
    ) -> Result<Stored> {
        let raw = folder.join(&recording.file);
        let fault = |what: &str| Error::Recording {
            path: raw.clone(),
            what: what.to_owned(),
        };
        if file_sha256(&raw)? != recording.sha256 {
            return Err(fault("it is not the file that was sealed"));
        }
        if frames.len() as u64 != recording.frames {
            return Err(fault("it was sealed with another number of frames"));
        }
        let parquet = folder.join(format!("session-{}.parquet", recording.session));
        let notes = [
            ("session", recording.session.to_string()),
            ("table", recording.table.to_string()),
            ("raw.sha256", hex::encode(recording.sha256)),
        ];
        write_parquet(&parquet, &notes, frames.iter().copied())?;
        if !same(&parquet, frames)? {
            return Err(fault("its Parquet file does not read back the same"));
        }
        let session = recording.session;
        let stored = self.archive_recording(request, session, &parquet).await?;
        fs::remove_file(&raw).map_err(Error::io("removing", &raw))?;
        Ok(stored)
    }
}

fn same(parquet: &Path, frames: &[Frame]) -> Result<bool> {
    let mut read = read_parquet(parquet)?;
    for frame in frames {
        match read.next().transpose()? {
            Some(back) if back.encode() == frame.encode() => {}
            _ => return Ok(false),
        }
    }
    Ok(read.next().is_none())
}
