//! What a bedside keeps of its own recordings, so that its disk does not fill up.
//!
//! The clinic's server says up to which line of the list it has fetched every recording and
//! sealed its SHA-256 in the journal, with the sum of that line. Of those the newest
//! [`KEPT_SESSIONS`] stay here as well, as long as they take no more than [`KEPT_BYTES`];
//! older files are removed, their lines stay. What was not said to be sealed is never
//! removed: a disk that fills up with it refuses the next start, and says so.
//!
//! Ours: both numbers. Shown by `tests/retention.rs`.

use super::Sessions;
use super::sessions::trouble;
use crate::nonce::sync_parent;
use crate::wire::SessionLine;
use serde::{Deserialize, Serialize};
use si::Problem;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Sealed recordings that stay at the bedside: as many as the server keeps raw (ENGINEERING §5).
pub const KEPT_SESSIONS: usize = 50;
/// Bytes of sealed recordings that stay, whatever their number: 2 GiB, about a hundred
/// sessions of twenty minutes (ours).
pub const KEPT_BYTES: u64 = 2 << 30;
/// The file that says up to which line everything is sealed.
const FILE: &str = "sealed.json";

#[derive(Debug, Serialize, Deserialize)]
struct Sealed {
    line: u64,
    sha256: String,
}

/// The last sealed line under `dir`; 0 where that is not known or is said of another list
/// than this, so that nothing is removed.
pub(super) fn sealed_line(dir: &Path, lines: &[SessionLine]) -> u64 {
    let text = std::fs::read(dir.join(FILE)).unwrap_or_default();
    let sealed = serde_json::from_slice::<Sealed>(&text).ok();
    let sealed = sealed.filter(|sealed| is_listed(lines, sealed.line, &sealed.sha256));
    sealed.map_or(0, |sealed| sealed.line)
}

fn is_listed(lines: &[SessionLine], line: u64, sha256: &str) -> bool {
    let place = line.checked_sub(1).and_then(|at| usize::try_from(at).ok());
    place
        .and_then(|at| lines.get(at))
        .is_some_and(|line| line.sha256 == sha256)
}

/// What is to be done with the disk after something was sealed; no lock is held for it.
#[derive(Debug)]
pub struct Retention {
    dir: PathBuf,
    /// What is new to be noted.
    note: Option<Sealed>,
    old: Vec<PathBuf>,
}

impl Retention {
    /// The server has everything up to `line`, whose recording has this SHA-256 (hex).
    ///
    /// # Errors
    /// `seal-unknown` where the list has no such line, or another sum in it.
    pub fn of(sessions: &mut Sessions, line: u64, sha256: &str) -> Result<Self, Problem> {
        if !is_listed(sessions.since(0), line, sha256) {
            return Err(unknown(line));
        }
        let note = (line > sessions.sealed()).then(|| Sealed {
            line,
            sha256: sha256.to_owned(),
        });
        sessions.seal(line);
        let sealed = usize::try_from(sessions.sealed()).unwrap_or(usize::MAX);
        let lines = sessions.since(0);
        let lines = lines.get(..sealed).unwrap_or(lines);
        let mut bytes = 0_u64;
        let mut old = Vec::new();
        for (index, line) in lines.iter().rev().enumerate() {
            bytes = bytes.saturating_add(line.bytes);
            if index >= KEPT_SESSIONS || bytes > KEPT_BYTES {
                old.push(sessions.dir().join(&line.file));
            }
        }
        Ok(Self {
            dir: sessions.dir().to_owned(),
            note,
            old,
        })
    }

    /// Notes what is sealed, durably, then removes the files that need not stay.
    ///
    /// # Errors
    /// `seal-unwritable`; nothing was removed then.
    pub fn carry_out(&self) -> Result<(), Problem> {
        if let Some(sealed) = &self.note {
            let path = self.dir.join(FILE);
            note(&path, sealed)
                .map_err(|error| trouble("seal-unwritable", &path, &error.to_string()))?;
        }
        for file in &self.old {
            match std::fs::remove_file(file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(trouble("seal-unwritable", file, &error.to_string()));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn note(path: &Path, sealed: &Sealed) -> std::io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)?;
    file.write_all(&serde_json::to_vec(sealed)?)?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)?;
    sync_parent(path)
}

fn unknown(line: u64) -> Problem {
    Problem::new(
        "seal-unknown",
        "sealed.line",
        line.to_string(),
        "this bedside has no such line in its list, or another recording in it",
        "ask for sessions-since and fetch again; nothing is removed here",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(dir: &Path, bytes: &[u64]) -> Sessions {
        let line = |(index, bytes): (usize, &u64)| {
            format!(
                "{{\"line\":{},\"session\":\"{index:032x}\",\"file\":\"f{index}\",\"reason\":\"x\",\
                 \"completed\":true,\"frames\":1,\"lost_frames\":0,\"bytes\":{bytes},\"sha256\":\"s{index}\"}}\n",
                index + 1
            )
        };
        let text: String = bytes.iter().enumerate().map(line).collect();
        std::fs::write(dir.join("sessions.jsonl"), text).expect("a list");
        Sessions::open(dir).expect("a list")
    }

    fn old(sessions: &mut Sessions, line: u64) -> Vec<String> {
        let sum = format!("s{}", line - 1);
        let retention = Retention::of(sessions, line, &sum).expect("listed");
        let name = |path: &PathBuf| path.file_name().map(|n| n.to_string_lossy().into_owned());
        retention.old.iter().filter_map(name).collect()
    }

    /// hazard: H24
    #[test]
    fn what_is_sealed_goes_by_number_and_by_size_and_nothing_else_does() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut many = list(dir.path(), &[10; 60]);
        assert!(old(&mut many, 50).is_empty());
        assert_eq!(old(&mut many, 52), ["f1", "f0"]);
        assert_eq!(
            old(&mut many, 3),
            ["f1", "f0"],
            "what is sealed stays sealed"
        );
        let dir = tempfile::tempdir().expect("a directory");
        let mut large = list(dir.path(), &[1, KEPT_BYTES / 2, KEPT_BYTES / 2, KEPT_BYTES]);
        assert_eq!(old(&mut large, 3), ["f0"]);
        assert_eq!(old(&mut large, 4), ["f2", "f1", "f0"]);
    }

    /// hazard: H24
    #[test]
    fn what_was_sealed_of_another_list_is_sealed_of_none() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut sessions = list(dir.path(), &[10; 3]);
        let retention = Retention::of(&mut sessions, 3, "s2").expect("listed");
        retention.carry_out().expect("a disk");
        let open = || Sessions::open(dir.path()).expect("a list").sealed();
        assert_eq!(open(), 3);
        let path = dir.path().join("sessions.jsonl");
        let text = std::fs::read_to_string(&path).expect("a list");
        std::fs::write(&path, text.replace("s2", "another")).expect("a disk");
        assert_eq!(open(), 0);
    }

    #[test]
    fn a_line_that_is_not_listed_or_has_another_sum_seals_nothing() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut sessions = list(dir.path(), &[10; 3]);
        for (line, sum) in [(0, "s0"), (4, "s3"), (2, "s2"), (u64::MAX, "s0")] {
            let refused = Retention::of(&mut sessions, line, sum).expect_err("unknown");
            assert_eq!(refused.code, "seal-unknown");
        }
        assert_eq!(sessions.sealed(), 0);
    }
}
