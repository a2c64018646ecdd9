//! A clinic's store in one file, sealed with age, and the store again from it.
//!
//! ```text
//! journal (SQLite or PostgreSQL, in use) ─ copied, verified ─▶ SQLite ─┐
//! clinic.key, clinic.pub, recordings ──────────────────────────────────┴▶ tar, manifest last ─▶ age ─▶ FILE
//! FILE ─▶ age ─▶ tar, every part against the manifest ─▶ chains against the clinic's key ─▶ folder
//! ```
//!
//! The file is tar within age: it opens without this program, too. A backup counts once it was
//! read back from the disk, unsealed, unpacked and verified; until then it has no name that looks
//! like one. What is in it: the journal (with every account, record and audit entry), the
//! clinic's private key (links and grants hang on it), recordings. What is not: settings, policy and
//! translations, which are files of whoever runs the server, and the bedside's own state.

mod manifest;
mod pack;
mod restore;
mod seal;
mod stage;
mod whole;

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use si::Problem;

pub use self::manifest::Manifest;
pub use self::restore::restore;
pub use self::seal::{Seal, Unseal};
use self::stage::Stage;
use crate::clinic::Home;

/// The parts that are not recordings.
const JOURNAL: &str = "journal.sqlite";
const KEY: &str = "clinic.key";
const PUBLIC: &str = "clinic.pub";
/// The folder of those that are.
const RECORDINGS: &str = "recordings";
/// What says when the last backup was made, in the data folder.
const LAST: &str = "last-backup.json";

/// When a backup of this store was made last, and where it went.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Last {
    /// When.
    pub at: Timestamp,
    /// Its file.
    pub file: PathBuf,
}

impl Last {
    /// What the data folder says; nothing where no backup was made, or it cannot be told.
    #[must_use]
    pub fn of(folder: &Path) -> Option<Self> {
        let bytes = fs::read(folder.join(LAST)).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    fn keep(&self, folder: &Path) -> Result<(), Problem> {
        let path = folder.join(LAST);
        let failed = failed("noting the backup in", &path);
        let bytes = serde_json::to_vec(self).map_err(|error| failed(&error))?;
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
        file.write_all(&bytes).map_err(|error| failed(&error))?;
        file.persist(&path).map_err(|error| failed(&error))?;
        Ok(())
    }
}

/// Makes a backup of a store, which may be in use, and reads it back. Nothing is left at `to`
/// unless it is whole.
///
/// # Errors
/// A file that is there already, a store that is not sound, a disk that is full: what is wrong,
/// and what to do.
pub async fn make(home: &Home, to: &Path, seal: &Seal, at: Timestamp) -> Result<Manifest, Problem> {
    let folder = free(to)?;
    let stage = Stage::begin(&home.folder)?;
    let staged = stage.fill(home).await?;
    // Readable by its owner alone, and a name that is no backup's until it is one.
    let mut partial = tempfile::Builder::new()
        .prefix(".annulus-backup-")
        .suffix(".partial")
        .permissions(fs::Permissions::from_mode(0o600))
        .tempfile_in(folder)
        .map_err(|error| failed("writing beside", to)(&error))?;
    let (manifest, unseal) = pack::write(partial.as_file_mut(), &staged, seal, at)?;
    let written = partial.as_file().sync_all();
    written.map_err(|error| failed("writing", to)(&error))?;
    let back = stage.empty("back")?;
    let found = restore::unpack(partial.path(), &unseal, &back)?;
    if found != manifest {
        return Err(damaged(to, "does not read back as it was written"));
    }
    whole::check(&back, &found).await?;
    partial
        .persist_noclobber(to)
        .map_err(|error| failed("writing", to)(&error.error))?;
    sync(folder)?;
    let last = Last {
        at,
        file: fs::canonicalize(to).unwrap_or_else(|_| to.to_owned()),
    };
    last.keep(&home.folder)?;
    Ok(manifest)
}

/// The folder of a file that does not exist yet.
fn free(to: &Path) -> Result<&Path, Problem> {
    let refused = |what: &str, remedy: &str| {
        Problem::new("backup-target", to.display().to_string(), "", what, remedy)
    };
    if fs::symlink_metadata(to).is_ok() {
        return Err(refused(
            "is there already",
            "name a new file: no backup is written over another",
        ));
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    if folder.is_dir() && to.file_name().is_some() {
        Ok(folder)
    } else {
        Err(refused(
            "is in a folder that does not exist",
            "make that folder first",
        ))
    }
}

/// What the disk said while something was done to a file.
fn failed(doing: &'static str, path: &Path) -> impl Fn(&dyn std::fmt::Display) -> Problem {
    let place = path.display().to_string();
    move |error| {
        let remedy = "free disk space, and see that the folder may be written";
        Problem::new(
            "backup-io",
            &*place,
            "",
            format!("{doing} it failed: {error}"),
            remedy,
        )
    }
}

/// A backup that is not what it should be.
fn damaged(path: &Path, what: impl Into<String>) -> Problem {
    let remedy = "take another backup; this one is not whole";
    Problem::new(
        "backup-damaged",
        path.display().to_string(),
        "",
        what,
        remedy,
    )
}

/// Makes names in a folder survive a loss of power.
fn sync(folder: &Path) -> Result<(), Problem> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|error| failed("writing", folder)(&error))
}

/// A new file that only its owner may read.
fn private(path: &Path) -> Result<File, Problem> {
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| failed("making", path)(&error))
}
