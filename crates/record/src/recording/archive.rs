//! From raw file to Parquet alone, and no step back before the next is certain.

use std::fs;
use std::path::Path;

use super::register::{Recording, Sealed};
use crate::erase::Request;
use crate::event::{Hash, Stored};
use crate::files::{file_sha256, sync_folder_of};
use crate::journal::Journal;
use crate::{Error, Result};

impl Journal {
    /// Leaves of a recording in `folder` its Parquet file only: the raw file is compared
    /// with its seal, and the Parquet with its own where it has one; `rebuilt` is the
    /// SHA-256 of the raw file as whoever knows its format gave it back from the Parquet.
    /// The stream of `request` says so, and only then the raw file is removed.
    ///
    /// # Errors
    /// When any of this does not hold; the raw file is still there then.
    pub async fn archive(
        &self,
        request: &Request,
        recording: &Recording,
        (folder, parquet): (&Path, &str),
        rebuilt: Hash,
    ) -> Result<Stored> {
        let raw = folder.join(&recording.file);
        let fault = |what: &str| Error::Recording {
            path: raw.clone(),
            what: what.to_owned(),
        };
        if file_sha256(&raw)? != recording.sha256 {
            return Err(fault("it is not the file that was sealed"));
        }
        if rebuilt != recording.sha256 {
            return Err(fault("its Parquet file does not give it back"));
        }
        let parquet = folder.join(parquet);
        let sealed = self
            .sealed_parquet(request.stream, recording.session)
            .await?;
        if let Some(Sealed { sha256, .. }) = sealed
            && file_sha256(&parquet)? != sha256
        {
            return Err(fault("its Parquet file is not the one that was sealed"));
        }
        let session = recording.session;
        let stored = self.archive_recording(request, session, &parquet).await?;
        fs::remove_file(&raw).map_err(Error::io("removing", &raw))?;
        sync_folder_of(&raw)?;
        Ok(stored)
    }
}
