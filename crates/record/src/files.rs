//! Files that hold patients' data: readable to their owner only, and really on disk.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::event::Hash;
use crate::{Error, Result};

/// The same name with something after it.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A new file that only its owner may read.
pub(crate) fn private_file(path: &Path) -> Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(Error::io("creating", path))
}

/// Makes the name of a new file survive a loss of power.
pub(crate) fn sync_folder_of(path: &Path) -> Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let sync = || File::open(folder)?.sync_all();
    sync().map_err(Error::io("writing", folder))
}

/// SHA-256 of a file, read in pieces.
pub(crate) fn file_sha256(path: &Path) -> Result<Hash> {
    let mut file = File::open(path).map_err(Error::io("reading", path))?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = std::io::Read::read(&mut file, &mut piece);
        match read.map_err(Error::io("reading", path))? {
            0 => return Ok(hash.finalize().into()),
            read => hash.update(&piece[..read]),
        }
    }
}
