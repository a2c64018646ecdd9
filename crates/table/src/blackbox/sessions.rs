//! The list of sessions that are over, and what a restart adds to it.
//!
//! One JSON line a session in `sessions.jsonl`, appended and synced when its
//! recording is closed. A console asks for the lines after the last it knows
//! and fetches those recordings, so that each reaches the record once.

use super::file_name;
use super::format::{Contents, End, Tail};
use super::retention::sealed_line;
use crate::nonce::sync_parent;
use crate::wire::{GuardFigures, SessionLine};
use sha2::{Digest as _, Sha256};
use si::Problem;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Why a session ended that a restart found open.
const RESTARTED: &str = "bedside-restarted";

/// The list.
#[derive(Debug)]
pub struct Sessions {
    dir: PathBuf,
    lines: Vec<SessionLine>,
    /// The last line up to which the clinic's server has sealed everything.
    sealed: u64,
}

impl Sessions {
    /// Reads the list under `dir`. A last line cut by a power loss is left out:
    /// [`recover`] lists its recording again.
    ///
    /// # Errors
    /// `sessions-unreadable` where it exists and cannot be read.
    pub fn open(dir: &Path) -> Result<Self, Problem> {
        let path = dir.join("sessions.jsonl");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(trouble("sessions-unreadable", &path, &error.to_string())),
        };
        let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
        let lines = whole
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| trouble("sessions-unreadable", &path, &error.to_string()))?;
        if whole.len() < text.len() {
            truncate(&path, whole.len())
                .map_err(|error| trouble("sessions-unwritable", &path, &error.to_string()))?;
        }
        Ok(Self {
            dir: dir.to_owned(),
            sealed: sealed_line(dir, &lines),
            lines,
        })
    }

    /// The lines after line `after`.
    #[must_use]
    pub fn since(&self, after: u64) -> &[SessionLine] {
        let start = usize::try_from(after)
            .unwrap_or(usize::MAX)
            .min(self.lines.len());
        &self.lines[start..]
    }

    /// Where the recordings are.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The last line up to which everything is sealed; 0 for none.
    #[must_use]
    pub const fn sealed(&self) -> u64 {
        self.sealed
    }

    /// Everything up to `line` is sealed; it never goes back.
    pub(super) fn seal(&mut self, line: u64) {
        self.sealed = self.sealed.max(line);
    }

    /// The line of a session.
    #[must_use]
    pub fn find(&self, session: &str) -> Option<&SessionLine> {
        self.lines.iter().find(|line| line.session == session)
    }

    /// Where a session's recording is.
    #[must_use]
    pub fn path(&self, session: &[u8; 16]) -> PathBuf {
        self.dir.join(file_name(session))
    }

    /// Lists a closed recording, durably, with what the guard's own thread did in it.
    ///
    /// # Errors
    /// The error of the disk.
    pub fn add(
        &mut self,
        session: &[u8; 16],
        recording: &[u8],
        guard: Option<GuardFigures>,
    ) -> std::io::Result<()> {
        let line = SessionLine {
            guard,
            ..self.describe(session, recording)
        };
        let path = self.dir.join("sessions.jsonl");
        let mut text = serde_json::to_string(&line)?;
        text.push('\n');
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        sync_parent(&path)?;
        self.lines.push(line);
        Ok(())
    }

    fn describe(&self, session: &[u8; 16], recording: &[u8]) -> SessionLine {
        let contents = Contents::read(recording).ok();
        let end = contents.as_ref().and_then(|contents| contents.end.clone());
        let end = end.unwrap_or(End {
            completed: false,
            lost: 0,
            reason: "recording-unreadable".into(),
        });
        SessionLine {
            line: self.lines.len() as u64 + 1,
            session: hex::encode(session),
            file: file_name(session),
            reason: end.reason,
            completed: end.completed,
            frames: contents.map_or(0, |contents| contents.frame_count() as u64),
            lost_frames: end.lost,
            bytes: recording.len() as u64,
            sha256: hex::encode(Sha256::digest(recording)),
            guard: None,
        }
    }
}

/// Closes and lists every recording under the list's directory that is not on it:
/// its session was cut short, and is over (ENGINEERING §5).
///
/// Bytes behind the last whole chunk are kept beside it in a `.torn` file.
///
/// # Errors
/// `recording-unwritable` where a recording cannot be closed.
pub fn recover(sessions: &mut Sessions) -> Result<usize, Problem> {
    let dir = sessions.dir.clone();
    let mut found: Vec<PathBuf> = std::fs::read_dir(&dir)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .map_err(|error| trouble("state-unreadable", &dir, &error.to_string()))?;
    found.sort();
    let mut closed = 0;
    for path in found {
        let Some(session) = session_of(&path) else {
            continue;
        };
        if sessions.find(&hex::encode(session)).is_some() {
            continue;
        }
        close(sessions, &path, &session)
            .map_err(|error| trouble("recording-unwritable", &path, &error.to_string()))?;
        closed += 1;
    }
    Ok(closed)
}

fn close(sessions: &mut Sessions, path: &Path, session: &[u8; 16]) -> std::io::Result<()> {
    let mut bytes = std::fs::read(path)?;
    if let Ok(contents) = Contents::read(&bytes)
        && contents.tail != Tail::Closed
    {
        if contents.intact < bytes.len() {
            std::fs::write(path.with_extension("torn"), &bytes[contents.intact..])?;
        }
        bytes.truncate(contents.intact);
        let end = End {
            completed: false,
            lost: 0,
            reason: RESTARTED.into(),
        };
        contents.resume().finish(&end, &mut bytes);
        rewrite(path, &bytes)?;
    }
    sessions.add(session, &bytes, None)
}

fn rewrite(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)?;
    sync_parent(path)
}

fn truncate(path: &Path, length: usize) -> std::io::Result<()> {
    let file = OpenOptions::new().write(true).open(path)?;
    file.set_len(length as u64)?;
    file.sync_all()
}

/// The session a file name belongs to, if it is a recording's.
fn session_of(path: &Path) -> Option<[u8; 16]> {
    let name = path.file_name()?.to_str()?;
    let digits: String = name
        .strip_prefix("session-")?
        .strip_suffix(".frames")?
        .split('-')
        .collect();
    let mut session = [0; 16];
    hex::decode_to_slice(digits, &mut session).ok()?;
    Some(session)
}

pub(super) fn trouble(code: &'static str, path: &Path, why: &str) -> Problem {
    Problem::new(
        code,
        path.display().to_string(),
        "",
        why.to_owned(),
        "mend the state directory of the bedside (its permissions, its disk) and start it again",
    )
}
