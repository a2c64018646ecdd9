//! Where a store is, and the secret by which a database is reached.

use std::fmt;
use std::fs;
use std::net::IpAddr;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use si::Problem;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::Url;

/// Where a store is. Shows no user and no password.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// An SQLite file.
    File(PathBuf),
    /// A PostgreSQL database, as server and name.
    Database(String),
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Database(name) => name.fmt(f),
        }
    }
}

impl From<&Path> for Location {
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

/// Parameters that a database URL may have. Others could turn off what the journal promises.
const PARAMETERS: [&str; 6] = [
    "host",
    "port",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
];

/// How a PostgreSQL database is reached: a secret, for a password may be part of it.
///
/// Nothing shows more of it than server and database. Beyond this machine it
/// asks for TLS: `sslmode=require`, or better `verify-full`.
#[derive(Clone)]
pub struct DatabaseUrl {
    options: PgConnectOptions,
    location: Location,
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({})", self.location)
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.location.fmt(f)
    }
}

impl DatabaseUrl {
    /// Reads `postgres://user:password@host/database`.
    ///
    /// # Errors
    /// When it is no such URL, names no database, has a parameter that is not
    /// allowed, or would send patients' data over a network without TLS. No error
    /// repeats the URL.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let url = Url::parse(text.trim()).map_err(|error| {
            let form = "write postgres://user:password@host/database";
            problem("", &format!("is no URL: {error}"), form)
        })?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            let known = "use postgres:// or postgresql://";
            return Err(problem("scheme", "is not PostgreSQL's", known));
        }
        for (name, _) in url.query_pairs() {
            if !PARAMETERS.contains(&&*name) {
                let known = format!("use only {}", PARAMETERS.join(", "));
                return Err(problem(&name, "is not a parameter for the journal", &known));
            }
        }
        let options: PgConnectOptions = text.trim().parse().map_err(|_| {
            let form = "check host, port and sslmode";
            problem("", "cannot be understood", form)
        })?;
        let Some(database) = options.get_database().filter(|name| !name.is_empty()) else {
            let name = "end it with the name of the database";
            return Err(problem("database", "is missing", name));
        };
        let server = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        let location = Location::Database(format!("PostgreSQL {server}/{database}"));
        let sealed = matches!(
            options.get_ssl_mode(),
            PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull
        );
        if !sealed && !is_local(&options) {
            let tls = "add sslmode=verify-full, or sslmode=require";
            let what = "would let patients' data cross the network without TLS";
            return Err(problem("sslmode", what, tls));
        }
        Ok(Self { options, location })
    }

    /// Reads the URL from a file that only its owner may read.
    ///
    /// # Errors
    /// When the file cannot be read, when others than its owner may, and as [`DatabaseUrl::parse`].
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let refused = |what: String, remedy: &str| {
            let path = path.display().to_string();
            Problem::new("database-url-file", "database URL file", path, what, remedy)
        };
        let unreadable =
            |error: std::io::Error| refused(format!("cannot be read: {error}"), "check the path");
        let mode = fs::metadata(path).map_err(unreadable)?.mode();
        if mode & 0o077 != 0 {
            let what = "may be read by others than its owner".to_owned();
            return Err(refused(what, "set its mode to 0600"));
        }
        Self::parse(&fs::read_to_string(path).map_err(unreadable)?)
    }

    pub(crate) fn options(&self) -> PgConnectOptions {
        self.options.clone().application_name("annulus")
    }

    pub(crate) fn location(&self) -> Location {
        self.location.clone()
    }
}

fn problem(place: &str, what: &str, remedy: &str) -> Problem {
    let place = match place {
        "" => "database URL".to_owned(),
        place => format!("database URL, {place}"),
    };
    Problem::new("database-url", place, "", what, remedy)
}

/// Whether the server is on this machine.
fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
