//! Reading inputs and writing results: whole, bounded, and never half.

use crate::failure::Failure;
use si::Problem;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// No record that a clinic sends is larger; more is a mistake or an attack.
const LARGEST_INPUT: u64 = 64 << 20;

/// The longest session, tick by tick, is below this.
const LARGEST_RECORDING: u64 = 256 << 20;

/// The bytes of a file, or of standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    read_at_most(path, LARGEST_INPUT, "send one patient's record at a time")
}

/// The bytes of a recording.
pub(crate) fn read_recording(path: &Path) -> Result<Vec<u8>, Failure> {
    read_at_most(path, LARGEST_RECORDING, "name the recording of one session")
}

fn read_at_most(path: &Path, most: u64, remedy: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let got = if path == Path::new("-") {
        io::stdin().lock().take(most + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes))
    };
    got.map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > most {
        return Err(Problem::new(
            "input-too-large",
            path.display().to_string(),
            format!("more than {} MiB", most >> 20),
            "is larger than any input may be",
            remedy,
        )
        .into());
    }
    Ok(bytes)
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Problem::new(
        "unreadable",
        path.display().to_string(),
        "",
        format!("cannot be read: {error}"),
        "name a file that exists and may be read, or - for standard input",
    )
    .into()
}

/// Writes a result to a file by way of a neighbour of its own, so that it is there whole or
/// not at all; to standard output without a file. What is not a plain file (a device, a
/// pipe, a link) is never replaced.
pub(crate) fn write(path: Option<&Path>, bytes: &[u8]) -> Result<(), Failure> {
    let Some(path) = path else {
        return print(bytes);
    };
    writable(path)?;
    let failed = |error: io::Error| Failure::new(format!("writing {}", path.display()), error);
    let mut neighbour = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o644))
        .tempfile_in(folder_of(path))
        .map_err(failed)?;
    neighbour
        .write_all(bytes)
        .and_then(|()| neighbour.as_file().sync_all())
        .map_err(failed)?;
    neighbour
        .persist(path)
        .map_err(|error| failed(error.error))?;
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Whether a result may be written there: asked before anything is done for it.
pub(crate) fn writable(path: &Path) -> Result<(), Failure> {
    let refused = |problem: String| {
        let remedy = "name a plain file in a folder that exists";
        Failure::from(Problem::new(
            "unwritable",
            path.display().to_string(),
            "",
            problem,
            remedy,
        ))
    };
    match fs::symlink_metadata(path) {
        Ok(meta) if !meta.is_file() => Err(refused("is not a plain file".into())),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(refused(error.to_string())),
        _ if !folder_of(path).is_dir() => Err(refused("its folder does not exist".into())),
        _ => Ok(()),
    }
}

/// Prints to standard output; a reader that went away is no failure of ours.
pub(crate) fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let end: &[u8] = if bytes.ends_with(b"\n") { b"" } else { b"\n" };
    match out
        .write_all(bytes)
        .and_then(|()| out.write_all(end))
        .and_then(|()| out.flush())
    {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new("writing to standard output", error))
        }
        _ => Ok(()),
    }
}

/// The bytes of a secret file; refused when others may read it.
pub(crate) fn read_secret(path: &Path) -> Result<Vec<u8>, Failure> {
    Ok(console::secret::read(path)?)
}

/// Makes a new file of mode 0600; an existing one is left alone.
pub(crate) fn create_secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|error| {
            let remedy = "name a new file in a folder that may be written";
            Problem::new(
                "unwritable",
                path.display().to_string(),
                "",
                error.to_string(),
                remedy,
            )
            .into()
        })
}
