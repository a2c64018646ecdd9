//! A store out of a backup: whole and verified, or not at all.

use std::fs::{self, DirBuilder};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;

use si::Problem;

use super::manifest::{Manifest, NAME, Part, SCHEMA, is_recording};
use super::pack::Hashing;
use super::seal::Unseal;
use super::{JOURNAL, KEY, PUBLIC, RECORDINGS, damaged, failed, private, sync, whole};

/// The longest list of parts: 50 bytes of name and 120 of sums each, for 300,000 recordings (ours).
const LONGEST_MANIFEST: u64 = 64 << 20;

/// Makes the folder `to` out of a backup. It must be empty, or not be there; it is made in one
/// step once everything was verified.
///
/// # Errors
/// A folder that holds something, a backup that is not whole or sealed for somebody else, chains
/// that do not verify.
pub async fn restore(from: &Path, unseal: &Unseal, to: &Path) -> Result<Manifest, Problem> {
    let parent = free(to)?;
    let fresh = tempfile::Builder::new()
        .prefix(".annulus-restore-")
        .permissions(fs::Permissions::from_mode(0o700))
        .tempdir_in(parent)
        .map_err(|error| failed("writing beside", to)(&error))?;
    let manifest = unpack(from, unseal, fresh.path())?;
    whole::check(fresh.path(), &manifest).await?;
    for folder in [fresh.path(), &fresh.path().join(RECORDINGS)] {
        if folder.is_dir() {
            sync(folder)?;
        }
    }
    fs::rename(fresh.path(), to).map_err(|error| failed("making", to)(&error))?;
    // It has its name now, and is not cleared.
    let _ = fresh.keep();
    sync(parent)?;
    Ok(manifest)
}

/// The folder in which an empty one is, or is to be.
fn free(to: &Path) -> Result<&Path, Problem> {
    let refused = |what: &str, remedy: &str| {
        let place = to.display().to_string();
        Problem::new("restore-target", place, "", what, remedy)
    };
    match fs::read_dir(to).map(|mut entries| entries.next().is_some()) {
        Ok(true) => Err(refused(
            "is not empty",
            "name a folder that is empty, or not there: nothing is written over a store",
        )),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(refused(
            &format!("cannot be used: {error}"),
            "name a folder that is empty, or not there",
        )),
        _ => {
            let parent = to.parent().filter(|folder| !folder.as_os_str().is_empty());
            let parent = parent.unwrap_or(Path::new("."));
            match parent.is_dir() && to.file_name().is_some() {
                true => Ok(parent),
                false => Err(refused(
                    "is in a folder that does not exist",
                    "make that folder first",
                )),
            }
        }
    }
}

/// Unpacks a backup into an empty folder, each part held against the manifest.
pub(super) fn unpack(from: &Path, unseal: &Unseal, into: &Path) -> Result<Manifest, Problem> {
    let unread = |error: io::Error| damaged(from, format!("cannot be read to its end: {error}"));
    let mut tar = tar::Archive::new(unseal.open(from)?);
    let (mut parts, mut manifest) = (Vec::new(), None);
    for entry in tar.entries().map_err(unread)? {
        let mut entry = entry.map_err(unread)?;
        let name = entry.path().map_err(unread)?.to_string_lossy().into_owned();
        if manifest.is_some() || entry.header().entry_type() != tar::EntryType::Regular {
            return Err(damaged(from, "holds something that no backup holds"));
        }
        if name == NAME {
            let mut text = Vec::new();
            let read = entry.take(LONGEST_MANIFEST).read_to_end(&mut text);
            read.map_err(unread)?;
            manifest = Some(listed(from, &text)?);
        } else {
            parts.push(part(from, &mut entry, name, into)?);
        }
    }
    // To the very end: age says there whether anything was cut off.
    let rest = io::copy(&mut tar.into_inner(), &mut io::sink());
    rest.map_err(unread)?;
    match manifest {
        Some(manifest) if manifest.parts == parts => Ok(manifest),
        Some(_) => Err(damaged(from, "holds other parts than it lists")),
        None => Err(damaged(from, "ends before its list of parts")),
    }
}

fn listed(from: &Path, text: &[u8]) -> Result<Manifest, Problem> {
    let read = serde_json::from_slice::<Manifest>(text);
    let manifest = read.map_err(|error| damaged(from, format!("lists nothing: {error}")))?;
    match manifest.schema == SCHEMA {
        true => Ok(manifest),
        false => Err(damaged(
            from,
            format!("is {}, and not {SCHEMA}", manifest.schema),
        )),
    }
}

/// One part, written as a new file that is safe on the disk.
fn part(from: &Path, entry: &mut impl Read, name: String, into: &Path) -> Result<Part, Problem> {
    let recording = name.strip_prefix("recordings/").is_some_and(is_recording);
    if !recording && ![JOURNAL, KEY, PUBLIC].contains(&name.as_str()) {
        return Err(damaged(from, "holds a file that no backup holds"));
    }
    if recording {
        let folder = into.join(RECORDINGS);
        let made = DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder);
        made.map_err(|error| failed("making", &folder)(&error))?;
    }
    let path = into.join(&name);
    let mut file = private(&path)?;
    let mut hashing = Hashing::new(entry);
    io::copy(&mut hashing, &mut file)
        .map_err(|error| damaged(from, format!("cannot be unpacked: {error}")))?;
    let synced = file.sync_all();
    synced.map_err(|error| failed("writing", &path)(&error))?;
    Ok(Part {
        name,
        bytes: hashing.read,
        sha256: hashing.sha256(),
    })
}
