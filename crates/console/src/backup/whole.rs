//! Whether a folder that came out of a backup is the store that went in.

use std::fs;
use std::path::Path;

use record::{OpenOptions, Verify};
use si::Problem;

use super::manifest::{Manifest, Stand};
use super::{JOURNAL, KEY, PUBLIC, RECORDINGS, damaged};
use crate::clinic::{ClinicKey, Home};

/// Walks every chain and checkpoint, and holds the key and the recordings against them.
pub(super) async fn check(folder: &Path, manifest: &Manifest) -> Result<(), Problem> {
    let public = key(folder)?;
    let options = OpenOptions::new().read_only();
    let journal = Home::from(folder).standing_journal(options).await?;
    let trusted = [public];
    let verify = Verify {
        trusted: &trusted,
        // Lists are made anew by the program that opens the store; an older one made these.
        projector: None,
        // A copy has none.
        index: None,
    };
    let report = journal.verify(verify).await;
    let listed = journal.all_recordings().await;
    let identity = journal.identity();
    journal.close().await;
    let report = report.map_err(|e| e.problem())?;
    if let Some(fault) = report.first_broken() {
        return Err(damaged(&folder.join(JOURNAL), fault.to_string()));
    }
    let stand = Stand {
        identity,
        streams: report.streams,
        events: report.events,
        root: hex::encode(report.root),
    };
    if stand != manifest.journal {
        return Err(damaged(
            &folder.join(JOURNAL),
            "is not the journal that was copied",
        ));
    }
    for recording in listed.map_err(|e| e.problem())? {
        let file = folder.join(RECORDINGS).join(&recording.file);
        if !manifest.missing.contains(&recording.file) && !recording.is_whole(&file) {
            return Err(damaged(
                &file,
                "is not the recording that the journal lists",
            ));
        }
    }
    Ok(())
}

/// The clinic's public key, which must be that of its private one.
fn key(folder: &Path) -> Result<[u8; 32], Problem> {
    let (private, public) = (folder.join(KEY), folder.join(PUBLIC));
    let said = fs::read_to_string(&public).unwrap_or_default();
    let key = ClinicKey::read(&private)?;
    let own = key.verifying_key().to_bytes();
    match hex::encode(own) == said.trim() {
        true => Ok(own),
        false => Err(damaged(
            &public,
            "is not the public half of the clinic's key",
        )),
    }
}
