//! Writing the parts: tar, each with its SHA-256, the manifest last.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use si::Problem;

use super::failed;
use super::manifest::{Manifest, NAME, Part, SCHEMA};
use super::seal::{Seal, Unseal};
use super::stage::Staged;

/// Writes a backup, and says what is in it and what opens it again.
pub(super) fn write(
    to: &mut File,
    staged: &Staged,
    seal: &Seal,
    at: Timestamp,
) -> Result<(Manifest, Unseal), Problem> {
    let broken = failed("writing", Path::new("backup"));
    let begun = seal.begin(BufWriter::new(to));
    let (sealed, unseal) = begun.map_err(|error| broken(&error))?;
    let mut tar = tar::Builder::new(sealed);
    let mut parts = Vec::with_capacity(staged.parts.len());
    for (name, file) in &staged.parts {
        parts.push(part(&mut tar, name, file)?);
    }
    let manifest = Manifest {
        schema: SCHEMA.to_owned(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        at,
        journal: staged.stand.clone(),
        parts,
        missing: staged.missing.clone(),
    };
    let text = serde_json::to_vec_pretty(&manifest).map_err(|error| broken(&error))?;
    append(&mut tar, NAME, text.len() as u64, &text[..]).map_err(|error| broken(&error))?;
    let finished = tar.into_inner().and_then(super::seal::Sealed::finish);
    let flushed = finished.and_then(|mut writer| writer.flush());
    flushed.map_err(|error| broken(&error))?;
    Ok((manifest, unseal))
}

fn part<W: Write>(tar: &mut tar::Builder<W>, name: &str, path: &Path) -> Result<Part, Problem> {
    let unread = failed("reading", path);
    let file = File::open(path).map_err(|error| unread(&error))?;
    let bytes = file.metadata().map_err(|error| unread(&error))?.len();
    let mut file = Hashing::new(file.take(bytes));
    append(tar, name, bytes, &mut file).map_err(|error| unread(&error))?;
    if file.read != bytes {
        return Err(unread(&"it became shorter while it was read"));
    }
    Ok(Part {
        name: name.to_owned(),
        bytes,
        sha256: file.sha256(),
    })
}

fn append<W: Write>(
    tar: &mut tar::Builder<W>,
    name: &str,
    bytes: u64,
    from: impl Read,
) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_entry_type(tar::EntryType::Regular);
    tar.append_data(&mut header, name, from)
}

/// Counts and hashes what is read through it.
pub(super) struct Hashing<R> {
    from: R,
    hash: Sha256,
    pub(super) read: u64,
}

impl<R> Hashing<R> {
    pub(super) fn new(from: R) -> Self {
        Self {
            from,
            hash: Sha256::new(),
            read: 0,
        }
    }

    pub(super) fn sha256(self) -> String {
        hex::encode(self.hash.finalize())
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.hash.update(&buffer[..read]);
        self.read += read as u64;
        Ok(read)
    }
}
