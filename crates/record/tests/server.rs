//! A PostgreSQL server of our own, from Debian's package: made at first use, with a socket in a
//! temporary directory and no port, stopped and removed when this process ends, however it ends.

use std::ffi::OsStr;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use record::DatabaseUrl;
use tempfile::TempDir;

/// Waits for the end of this process, then cleans up after it.
const WATCH: &str = r#"trap '' INT TERM HUP
cat
kill -QUIT "$(head -n 1 "$0/data/postmaster.pid")" 2>/dev/null
n=0
while [ -e "$0/data/postmaster.pid" ] && [ $n -lt 50 ]; do sleep 0.1; n=$((n + 1)); done
rm -rf "$0""#;

pub(crate) struct Server {
    bin: PathBuf,
    dir: PathBuf,
    /// Its end of a pipe closes with this process.
    _watch: Child,
}

/// The server that all tests share but those that kill theirs.
pub(crate) fn shared() -> Option<&'static Server> {
    static SHARED: OnceLock<Option<Server>> = OnceLock::new();
    SHARED.get_or_init(Server::start).as_ref()
}

/// Debian's newest server, 15 or later.
fn bin() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let version = |path: &PathBuf| path.file_name()?.to_str()?.parse().ok();
    let found = versions.filter_map(|entry| Some(entry.ok()?.path()));
    let newest = found.max_by_key(|path| version(path).unwrap_or(0_u32))?;
    (version(&newest)? >= 15).then(|| newest.join("bin"))
}

impl Server {
    /// A new server; without Debian's package the test is noted as skipped, in CI it fails.
    pub(crate) fn start() -> Option<Self> {
        let Some(bin) = bin() else {
            let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!ci, "PostgreSQL is missing: run scripts/install-test-tools");
            return None;
        };
        let dir = TempDir::with_prefix("annulus-pg-").expect("a directory");
        let dir = dir.keep();
        if rustix::process::getuid().is_root() {
            run(Command::new("chown").arg("postgres").arg(&dir));
        }
        let watch = Command::new("sh")
            .args(["-c", WATCH])
            .arg(&dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("a watch");
        let server = Self {
            bin,
            dir,
            _watch: watch,
        };
        // Another order of text than that of bytes, so that relying on the default is noticed.
        run(server
            .command("initdb")
            .arg("--pgdata")
            .arg(server.dir.join("data"))
            .args(["--username=annulus", "--auth=trust", "--encoding=UTF8"])
            .args([
                "--locale=C.UTF-8",
                "--locale-provider=icu",
                "--icu-locale=en",
            ])
            .arg("--no-sync"));
        server.set(&format!(
            "listen_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 200\n\
             shared_buffers = 64MB\nfsync = on\n",
            server.dir.display()
        ));
        server.run();
        Some(server)
    }

    /// One of its programs, as the user that may run it.
    pub(crate) fn command(&self, program: &str) -> Command {
        self.as_owner(self.bin.join(program))
    }

    /// Any program, as that user.
    fn as_owner(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = match rustix::process::getuid().is_root() {
            true => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
                command.arg(program.as_ref());
                command
            }
            false => Command::new(program),
        };
        command.current_dir(&self.dir);
        command
    }

    /// Lets it run, again after it was killed.
    pub(crate) fn run(&self) {
        let begin = Instant::now();
        loop {
            let done = self
                .command("pg_ctl")
                .args(["start", "--wait", "--silent", "--pgdata"])
                .arg(self.dir.join("data"))
                .arg("--log")
                .arg(self.dir.join("log"))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .expect("pg_ctl runs");
            if done.success() {
                return;
            }
            // The processes of the one that was killed may still be going.
            let waited = begin.elapsed() < Duration::from_secs(60);
            let log = std::fs::read_to_string(self.dir.join("log"));
            assert!(waited, "{}", log.unwrap_or_default());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn pid(&self) -> String {
        let file = self.dir.join("data/postmaster.pid");
        let text = std::fs::read_to_string(file).expect("it runs");
        text.lines().next().expect("a number").to_owned()
    }

    /// Kills it with everything that it has started, as a loss of power would.
    pub(crate) fn kill(&self) {
        let pid = self.pid();
        let children = format!("/proc/{pid}/task/{pid}/children");
        let mut all = vec![pid];
        let children = std::fs::read_to_string(children).unwrap_or_default();
        all.extend(children.split_whitespace().map(str::to_owned));
        // Some end by themselves meanwhile.
        let _ = Command::new("kill")
            .arg("-KILL")
            .args(all)
            .stderr(Stdio::null())
            .status();
    }

    /// Lets it answer at a port too, by TLS; returns the address of a database there.
    pub(crate) fn behind_tls(&self, database: &str) -> String {
        let request = "openssl req -x509 -newkey rsa:2048 -nodes -keyout server.key -out server.crt \
             -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
             -addext basicConstraints=critical,CA:FALSE && chmod 600 server.key";
        run(self.as_owner("sh").args(["-c", request]));
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("bound").port();
        let dir = self.dir.display();
        self.set(&format!(
            "listen_addresses = 'localhost'\nport = {port}\nssl = on\n\
             ssl_cert_file = '{dir}/server.crt'\nssl_key_file = '{dir}/server.key'\n"
        ));
        drop(free);
        self.restart();
        format!(
            "postgres://annulus@localhost:{port}/{database}?sslmode=verify-full&sslrootcert={dir}/server.crt"
        )
    }

    /// Adds to its settings, for its next start.
    fn set(&self, settings: &str) {
        let file = self.dir.join("data/postgresql.conf");
        let file = std::fs::OpenOptions::new().append(true).open(file);
        let mut file = file.expect("its settings");
        file.write_all(settings.as_bytes()).expect("written");
    }

    /// Restarts it, as an administrator does.
    pub(crate) fn restart(&self) {
        run(self
            .command("pg_ctl")
            .args(["restart", "--wait", "--mode=fast", "--silent", "--pgdata"])
            .arg(self.dir.join("data"))
            .arg("--log")
            .arg(self.dir.join("log"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null()));
    }

    /// The address of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        let socket = self.dir.display().to_string().replace('/', "%2F");
        format!("postgres://annulus@{socket}/{database}")
    }

    /// The address of a new, empty database.
    pub(crate) fn database(&self) -> String {
        self.url(&self.create())
    }

    /// The name of a new, empty database.
    pub(crate) fn create(&self) -> String {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("test_{number}");
        run(self.command("createdb").arg("--host").arg(&self.dir).args([
            "--username=annulus",
            "--template=template0",
            &name,
        ]));
        name
    }
}

fn run(command: &mut Command) -> Output {
    let output = command.output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    output
}

pub(crate) fn parsed(url: &str) -> DatabaseUrl {
    DatabaseUrl::parse(url).expect("a URL")
}

/// Notes a test as skipped in the list that `make test` counts.
pub(crate) fn skipped(test: &str) {
    if let Some(list) = std::env::var_os("ANNULUS_SKIPPED") {
        let line = format!("record {test} (PostgreSQL)\n");
        let file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(Path::new(&list));
        file.and_then(|mut file| file.write_all(line.as_bytes()))
            .expect("the list is written");
    }
}
