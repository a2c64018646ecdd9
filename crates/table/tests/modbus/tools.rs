//! Tools from outside: there, or noted as skipped; with CI=true they must be there.

use si::{Problem, Region};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use table::Table as _;
use table::modbus::ModbusTable;
use tempfile::TempDir;
use traction::Setup;

/// Whether `name` answers; if not, the test is noted in the list that `make test` counts.
pub(crate) fn has(name: &str, args: &[&str]) -> bool {
    let found = Command::new(name)
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if found {
        return true;
    }
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!ci, "{name} is missing: run scripts/install-test-tools");
    if let Some(list) = std::env::var_os("ANNULUS_SKIPPED") {
        let thread = std::thread::current();
        let line = format!("table {} ({name})\n", thread.name().unwrap_or("a test"));
        let file = OpenOptions::new().append(true).create(true).open(list);
        file.and_then(|mut file| file.write_all(line.as_bytes()))
            .expect("the list is written");
    }
    false
}

/// Prepares, and again while the machine, busy with other tests, makes the line a slow one.
pub(crate) fn prepared(table: &mut ModbusTable, region: Region) -> Result<Setup, Problem> {
    let start = Instant::now();
    loop {
        match table.prepare(region) {
            Err(problem)
                if problem.code == "table-slow" && start.elapsed() < Duration::from_secs(60) => {}
            other => return other,
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Whether socat is here.
pub(crate) fn has_socat() -> bool {
    has("socat", &["-V"])
}

/// Two terminals that are one line.
pub(crate) struct Pair {
    child: Child,
    _folder: TempDir,
    pub(crate) ends: [PathBuf; 2],
}

impl Pair {
    /// Made by socat.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let ends = ["a", "b"].map(|name| folder.path().join(name));
        let pty = |end: &Path| format!("pty,raw,echo=0,link={}", end.display());
        let child = Command::new("socat")
            .args([pty(&ends[0]), pty(&ends[1])])
            .stderr(Stdio::null())
            .spawn()
            .expect("socat starts");
        let start = Instant::now();
        while !ends.iter().all(|end| end.exists()) {
            assert!(start.elapsed() < Duration::from_secs(10), "no terminals");
            std::thread::sleep(Duration::from_millis(5));
        }
        Self {
            child,
            _folder: folder,
            ends,
        }
    }

    /// Address of one end.
    pub(crate) fn address(&self, end: usize) -> table::modbus::Address {
        let path = self.ends[end].clone();
        let baud = table::modbus::BAUD;
        table::modbus::Address::Rtu { path, baud }
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
