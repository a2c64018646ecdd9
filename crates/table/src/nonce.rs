//! Nonces spent by opened sessions, kept on disk until their Grant expires.
//!
//! One line a nonce: `expires_ms nonce-in-hex`. A nonce is on disk and synced
//! before the session it opens can move; a file that cannot be read or written
//! refuses the session, because a Grant that might be a replay is one.

use si::Problem;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The number a Grant may be used once with.
pub type Nonce = [u8; 16];

/// The durable list.
#[derive(Debug)]
pub struct Nonces {
    path: PathBuf,
    spent: BTreeMap<Nonce, i64>,
}

impl Nonces {
    /// Reads the list under `dir`, leaving out what expired before `now_ms` (Unix milliseconds).
    ///
    /// # Errors
    /// `nonces-unreadable` where the file exists and cannot be read or parsed.
    pub fn open(dir: &Path, now_ms: i64) -> Result<Self, Problem> {
        let path = dir.join("nonces");
        let mut text = String::new();
        match File::open(&path) {
            Ok(mut file) => {
                file.read_to_string(&mut text)
                    .map_err(|error| unreadable(&path, &error.to_string()))?;
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(unreadable(&path, &error.to_string())),
        }
        let torn = !text.is_empty() && !text.ends_with('\n');
        let spent = parse(&path, &text, torn)?;
        let mut nonces = Self { path, spent };
        nonces.forget_expired(now_ms, torn)?;
        Ok(nonces)
    }

    /// Spends a nonce, durably, before it returns.
    ///
    /// # Errors
    /// `nonce-spent` for one already on the list, `nonces-unwritable` where it could not be kept.
    pub fn spend(&mut self, nonce: Nonce, expires_ms: i64) -> Result<(), Problem> {
        if self.spent.contains_key(&nonce) {
            return Err(Problem::new(
                "nonce-spent",
                "grant.nonce",
                hex::encode(nonce),
                "this grant has opened a session already",
                "issue a new grant for a new session",
            ));
        }
        let mut file = open_private(&self.path, true)?;
        file.write_all(line(&nonce, expires_ms).as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| sync_parent(&self.path))
            .map_err(|error| unwritable(&self.path, &error.to_string()))?;
        self.spent.insert(nonce, expires_ms);
        Ok(())
    }

    /// Every nonce on the list.
    pub fn spent(&self) -> impl Iterator<Item = &Nonce> {
        self.spent.keys()
    }

    /// Whether a nonce was spent.
    #[must_use]
    pub fn is_spent(&self, nonce: &Nonce) -> bool {
        self.spent.contains_key(nonce)
    }

    /// Rewrites the file without the expired and the torn, by a temporary file and a rename.
    fn forget_expired(&mut self, now_ms: i64, torn: bool) -> Result<(), Problem> {
        let before = self.spent.len();
        self.spent.retain(|_, expires_ms| *expires_ms > now_ms);
        if self.spent.len() == before && !torn {
            return Ok(());
        }
        let fresh = self.path.with_extension("new");
        let text: String = self.spent.iter().map(|(n, at)| line(n, *at)).collect();
        let mut file = open_private(&fresh, false)?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| std::fs::rename(&fresh, &self.path))
            .and_then(|()| sync_parent(&self.path))
            .map_err(|error| unwritable(&self.path, &error.to_string()))
    }
}

fn line(nonce: &Nonce, expires_ms: i64) -> String {
    format!("{expires_ms} {}\n", hex::encode(nonce))
}

/// Reads the lines. A last line without its newline was cut by a power loss before
/// [`Nonces::spend`] returned, so its session never opened: it counts where it is whole
/// and is dropped where it is not. Any other bad line is an error.
fn parse(path: &Path, text: &str, torn: bool) -> Result<BTreeMap<Nonce, i64>, Problem> {
    let mut spent = BTreeMap::new();
    let count = text.lines().count();
    for (index, line) in text.lines().enumerate() {
        match parse_line(line) {
            Some((nonce, expires_ms)) => {
                spent.insert(nonce, expires_ms);
            }
            None if torn && index + 1 == count => {}
            None => {
                let why = format!("line {} is not `expires_ms nonce`", index + 1);
                return Err(unreadable(path, &why));
            }
        }
    }
    Ok(spent)
}

fn parse_line(line: &str) -> Option<(Nonce, i64)> {
    let (expires, nonce) = line.split_once(' ')?;
    let mut bytes = [0; 16];
    hex::decode_to_slice(nonce, &mut bytes).ok()?;
    Some((bytes, expires.parse().ok()?))
}

fn open_private(path: &Path, append: bool) -> Result<File, Problem> {
    OpenOptions::new()
        .create(true)
        .append(append)
        .write(true)
        .truncate(!append)
        .mode(0o600)
        .open(path)
        .map_err(|error| unwritable(path, &error.to_string()))
}

/// Makes a new or renamed entry durable.
pub(crate) fn sync_parent(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(dir) => File::open(dir)?.sync_all(),
        None => Ok(()),
    }
}

fn unreadable(path: &Path, why: &str) -> Problem {
    Problem::new(
        "nonces-unreadable",
        path.display().to_string(),
        "",
        format!("the list of spent grants cannot be read: {why}"),
        "restore the file, or move it away only after every grant issued in the last 12 h has expired",
    )
}

fn unwritable(path: &Path, why: &str) -> Problem {
    Problem::new(
        "nonces-unwritable",
        path.display().to_string(),
        "",
        format!("the spent grant cannot be kept: {why}"),
        "free space or mend the permissions of the state directory, then arm again",
    )
}
