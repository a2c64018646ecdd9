//! Everything that can go wrong with the journal, by what a caller can do about it.

use std::path::PathBuf;

use si::Problem;
use uuid::Uuid;

use crate::Location;

/// Result of a journal operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the journal did not do what it was asked. No variant carries patient data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Somebody else appended first: read the stream again and decide again.
    #[error("stream {stream} is at sequence {actual}, not {expected}")]
    Conflict {
        /// The stream.
        stream: Uuid,
        /// Where the caller believed it to be.
        expected: u64,
        /// Where it is.
        actual: u64,
    },
    /// The store may be read but not written.
    #[error("the journal is open read-only: {0}")]
    ReadOnly(ReadOnly),
    /// Another process holds the store for writing.
    #[error("another process{} is writing to {}", pid.map(|p| format!(" ({p})")).unwrap_or_default(), path.display())]
    InUse {
        /// The store.
        path: PathBuf,
        /// The process that holds it, where its lock file says so.
        pid: Option<u32>,
    },
    /// A server serves the store that is not alike.
    #[error(
        "a server of another version, or with other knowledge or another key, serves the journal at {0}"
    )]
    Served(Location),
    /// There is no store at this place and the options do not create one.
    #[error("there is no journal at {0}")]
    Missing(Location),
    /// The file was written by a later version of the program.
    #[error("the store has schema {found}; this program knows {known}")]
    NewerSchema {
        /// Schema of the file.
        found: u32,
        /// Newest schema of this program.
        known: u32,
    },
    /// The file was written by an earlier version and is open for reading only.
    #[error("the store has schema {found}; this program reads {known}")]
    OlderSchema {
        /// Schema of the file.
        found: u32,
        /// Schema of this program.
        known: u32,
    },
    /// It is a database, but not a journal.
    #[error("{0} is not an Annulus journal")]
    NotAJournal(Location),
    /// The database server cannot be reached, or lets nobody in.
    #[error("{location} does not answer: {what}")]
    Unreachable {
        /// The database.
        location: Location,
        /// What was answered, if anything.
        what: String,
    },
    /// The database server cannot keep what the journal promises.
    #[error("{location} cannot hold a journal: {what}")]
    Unsuitable {
        /// The database.
        location: Location,
        /// What it lacks.
        what: String,
    },
    /// A copy was refused; nothing was changed.
    #[error("{to} cannot become a copy: {what}")]
    Copy {
        /// Where the copy would be.
        to: Location,
        /// Why not.
        what: String,
    },
    /// The copy made before a migration could not be proven good; nothing was migrated.
    #[error("the backup {} could not be verified: {what}", path.display())]
    Backup {
        /// The copy.
        path: PathBuf,
        /// What was wrong with it.
        what: String,
    },
    /// The stream exists, but is of another kind.
    #[error("stream {0} is of another kind")]
    WrongKind(Uuid),
    /// There is no such stream.
    #[error("there is no stream {0}")]
    UnknownStream(Uuid),
    /// An event or row that can never be stored.
    #[error("{place}: {what}")]
    Invalid {
        /// Which part of the request.
        place: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// Retention or a legal hold forbids erasure.
    #[error("stream {stream} must be kept: {why}")]
    Kept {
        /// The stream.
        stream: Uuid,
        /// The reason, as it was given.
        why: String,
    },
    /// The store contradicts itself.
    #[error("{place}: {what}")]
    Corrupt {
        /// Where.
        place: String,
        /// What contradicts what.
        what: String,
    },
    /// An entry that is found by its values is not as it was written, or was written under another
    /// key.
    #[error(
        "an entry of stream {0} that is found by its values was changed behind the journal's back"
    )]
    Unsealed(Uuid),
    /// The caller's projector or upcaster refused an event.
    #[error("{place}: {what}")]
    Projection {
        /// Which event.
        place: String,
        /// What it said.
        what: String,
    },
    /// Another process was writing for longer than this one may wait.
    #[error("another process has been writing to the same database for too long")]
    Busy,
    /// The journal was closed.
    #[error("the journal is closed")]
    Closed,
    /// The transaction could not be committed; nothing of it was acknowledged.
    #[error("not committed: {0}")]
    Commit(String),
    /// The signing key cannot be used.
    #[error("key {}: {what}", path.display())]
    Key {
        /// The key file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A recording cannot be written or read.
    #[error("recording {}: {what}", path.display())]
    Recording {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A Parquet file is damaged, not ours, or not what it was when it was written.
    #[error("{}, {place}: {what}", path.display())]
    Altered {
        /// The file.
        path: PathBuf,
        /// Where in it: a column with its rows, the metadata, the file.
        place: String,
        /// What is wrong there.
        what: String,
    },
    /// The database refused.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The file system refused.
    #[error("{doing} {}: {source}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// The answer of the operating system.
        source: std::io::Error,
    },
}

/// Why a store is open read-only.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadOnly {
    /// The caller asked for it.
    #[error("it was opened for reading")]
    Asked,
    /// The store holds an event that this program does not know.
    #[error("it holds events `{kind}` version {v}, which this program does not know")]
    Unknown {
        /// Kind of the event.
        kind: String,
        /// Its version.
        v: u32,
    },
}

impl Error {
    pub(crate) fn io(
        doing: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            doing,
            path,
            source,
        }
    }

    pub(crate) fn corrupt(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Corrupt {
            place: place.into(),
            what: what.into(),
        }
    }

    /// The same error as a problem with its remedy, for the person at the door.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let (code, remedy) = self.advice();
        if let Self::Altered { path, place, what } = self {
            let place = format!("{}, {place}", path.display());
            return Problem::new(code, place, "", what, remedy);
        }
        Problem::new(code, "journal", "", self.to_string(), remedy)
    }

    fn advice(&self) -> (&'static str, &'static str) {
        match self {
            Self::Conflict { .. } => ("journal-conflict", "load the record again and repeat"),
            Self::ReadOnly(ReadOnly::Asked) => ("journal-read-only", "use the running server"),
            Self::ReadOnly(_) => (
                "journal-read-only",
                "use the version of Annulus that wrote it, or a later one",
            ),
            Self::InUse { .. } => (
                "journal-in-use",
                "stop that process, or choose another state directory",
            ),
            Self::Served(_) => (
                "journal-served",
                "stop every server of that database, then start all of them with the same program, \
                 knowledge and clinic.key",
            ),
            Self::Missing(_) => (
                "journal-missing",
                "check the path, or start the server once",
            ),
            Self::NewerSchema { .. } => (
                "journal-newer",
                "use the version of Annulus that wrote it, or a later one",
            ),
            Self::OlderSchema { .. } => (
                "journal-older",
                "start the server once: it migrates the store after a backup",
            ),
            Self::NotAJournal(_) => ("journal-foreign", "choose another path or database"),
            Self::Unreachable { .. } => (
                "journal-unreachable",
                "start PostgreSQL, and check server, user, password and database of the URL",
            ),
            Self::Unsuitable { .. } => (
                "journal-unsuitable",
                "change the server's settings, or use another server",
            ),
            Self::Copy { .. } => ("journal-copy", "copy a sound journal to a new, empty place"),
            Self::Backup { .. } => ("journal-backup", "free disk space and start again"),
            Self::WrongKind(_) | Self::UnknownStream(_) => ("journal-stream", "check the id"),
            Self::Invalid { .. } => ("journal-invalid", "correct the request"),
            Self::Kept { .. } => (
                "journal-kept",
                "wait for the period to end or lift the hold",
            ),
            Self::Corrupt { .. } | Self::Unsealed(_) => CORRUPT,
            Self::Projection { .. } => ("journal-projection", "report this as a defect"),
            Self::Busy => (
                "journal-busy",
                "wait for its rebuild or copy to end, then load the record and try again",
            ),
            Self::Closed => ("journal-closed", "start the server again"),
            Self::Commit(_) => (
                "journal-commit",
                "check disk space and the database server, then load the record and try again",
            ),
            Self::Key { .. } => ("journal-key", "restore the key file with mode 0600"),
            Self::Recording { .. } => (
                "journal-recording",
                "compare the file with its registered SHA-256",
            ),
            Self::Altered { .. } => (
                "recording-altered",
                "take the file from the clinic's store again, or the raw recording from its bedside",
            ),
            Self::Database(error) => database_advice(error),
            Self::Io { .. } => ("journal-file", "check space and permissions"),
        }
    }
}

/// What was changed behind the journal's back.
const CORRUPT: (&str, &str) = ("journal-corrupt", "run `annulus journal verify`");

/// What the database's own words ask for.
fn database_advice(error: &sqlx::Error) -> (&'static str, &'static str) {
    let code = error.as_database_error().and_then(|error| error.code());
    match (code.as_deref(), error) {
        // query_canceled
        (Some("57014"), _) => (
            "journal-slow",
            "ask for less, or see what keeps the server busy",
        ),
        // admin_shutdown, crash_shutdown, cannot_connect_now
        (Some("57P01" | "57P02" | "57P03"), _)
        | (_, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) => (
            "journal-unreachable",
            "check that the database server runs, then try again",
        ),
        _ => ("journal-database", "run `annulus journal verify`"),
    }
}
