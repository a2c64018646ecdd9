//! Where a backup is put together: in the data folder, where patients' data is already.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use record::recording::Recording;
use record::{Journal, OpenOptions};
use rustix::fs::{FlockOperation, flock};
use si::Problem;

use super::manifest::Stand;
use super::{JOURNAL, KEY, PUBLIC, RECORDINGS, failed};
use crate::clinic::Home;

/// Its folder. What a backup that was killed left there is cleared by the next.
const FOLDER: &str = ".backup";
/// A recording may become Parquet, or be erased, between the copy of the journal and the look at
/// its file: it is copied once more then. What is still missing is missing.
const TRIES: usize = 2;

/// The folder of one backup, as long as it is made.
#[derive(Debug)]
pub(super) struct Stage {
    folder: PathBuf,
    /// That no other backup is made; the kernel lets go of it whatever becomes of this process.
    _lock: File,
}

/// What goes into a backup, where it lies now.
#[derive(Debug)]
pub(super) struct Staged {
    /// Where the journal stood.
    pub(super) stand: Stand,
    /// Every part: its name, and its file.
    pub(super) parts: Vec<(String, PathBuf)>,
    /// Recordings that are not there, or not as they were.
    pub(super) missing: Vec<String>,
}

impl Stage {
    /// An empty folder that nobody else uses.
    pub(super) fn begin(home: &Path) -> Result<Self, Problem> {
        let folder = home.join(FOLDER);
        made(&folder)?;
        let path = folder.join("lock");
        let lock = fs::OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| failed("locking", &path)(&error))?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(|_| {
            let what = "another backup of this store is being made";
            let place = folder.display().to_string();
            Problem::new("backup-running", place, "", what, "wait until it is done")
        })?;
        let stage = Self {
            folder,
            _lock: lock,
        };
        for name in ["copy", RECORDINGS, "back"] {
            stage.clear(name)?;
        }
        Ok(stage)
    }

    /// A folder of its own that is empty.
    pub(super) fn empty(&self, name: &str) -> Result<PathBuf, Problem> {
        self.clear(name)?;
        let folder = self.folder.join(name);
        made(&folder)?;
        Ok(folder)
    }

    fn clear(&self, name: &str) -> Result<(), Problem> {
        let folder = self.folder.join(name);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(failed("clearing", &folder)(&error))
            }
            _ => Ok(()),
        }
    }

    /// A copy of the journal as of now, verified, and everything that belongs to it.
    pub(super) async fn fill(&self, home: &Home) -> Result<Staged, Problem> {
        let mut tries = 0;
        loop {
            tries += 1;
            let staged = self.try_fill(home).await?;
            if staged.missing.is_empty() || tries == TRIES {
                return Ok(staged);
            }
        }
    }

    async fn try_fill(&self, home: &Home) -> Result<Staged, Problem> {
        let copy = self.empty("copy")?.join(JOURNAL);
        let (stand, listed) = copied(home, &copy).await?;
        let mut parts = vec![(JOURNAL.to_owned(), copy)];
        for name in [KEY, PUBLIC] {
            parts.push((name.to_owned(), home.folder.join(name)));
        }
        let held = self.empty(RECORDINGS)?;
        for name in recordings(&home.folder.join(RECORDINGS))? {
            let file = held.join(&name);
            if hold(&home.folder.join(RECORDINGS).join(&name), &file)? {
                parts.push((format!("{RECORDINGS}/{name}"), file));
            }
        }
        let mut missing: Vec<String> = listed
            .iter()
            .filter(|one| !one.is_whole(&held.join(&one.file)))
            .map(|one| one.file.clone())
            .collect();
        missing.sort_unstable();
        Ok(Staged {
            stand,
            parts,
            missing,
        })
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // What stays is cleared by the next backup.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A folder that only its owner may open.
fn made(folder: &Path) -> Result<(), Problem> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| failed("making", folder)(&error))
}

async fn copied(home: &Home, to: &Path) -> Result<(Stand, Vec<Recording>), Problem> {
    let journal = home
        .standing_journal(OpenOptions::new().read_only())
        .await?;
    let create = OpenOptions::new().create(journal.identity());
    let copy = Journal::open(to, create).await.map_err(|e| e.problem())?;
    let report = journal.copy_to(&copy).await;
    let listed = copy.all_recordings().await;
    copy.close().await;
    journal.close().await;
    let (report, listed) = (
        report.map_err(|e| e.problem())?,
        listed.map_err(|e| e.problem())?,
    );
    let stand = Stand {
        identity: journal.identity(),
        streams: report.streams,
        events: report.events,
        root: hex::encode(report.root),
    };
    Ok((stand, listed))
}

/// Names of the recordings that are there, in their order; what is being written is none.
fn recordings(folder: &Path) -> Result<Vec<String>, Problem> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|error| failed("reading", folder)(&error))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| failed("reading", folder)(&error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && super::manifest::is_recording(&name) {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Keeps a file under a second name, so that it stays as it is while it is read: recordings are
/// written whole and never changed. False where it is gone.
fn hold(file: &Path, at: &Path) -> Result<bool, Problem> {
    match fs::hard_link(file, at).or_else(|_| fs::copy(file, at).map(drop)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        held => held
            .map(|()| true)
            .map_err(|error| failed("reading", file)(&error)),
    }
}
