//! Running the real binary, and the files the tests start from.

use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What a command came to.
pub(crate) struct Ended {
    /// Exit status.
    pub(crate) status: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ended {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.status, 0, "{}", self.err);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// The problem that a refused input is told, as JSON.
    pub(crate) fn problem(&self) -> Value {
        assert_eq!(self.status, 2, "out: {}\nerr: {}", self.out, self.err);
        assert_eq!(self.out, "", "nothing is written for bad input");
        serde_json::from_str(&self.err).unwrap_or_else(|error| panic!("{error}: {}", self.err))
    }
}

/// The binary with its arguments.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_annulus"));
    command
        .args(args)
        .current_dir(crate::house::root())
        .env_remove("ANNULUS_CONFIG")
        .env_remove("ANNULUS_POLICY");
    command
}

/// Runs it to its end.
pub(crate) fn annulus(args: &[&str]) -> Ended {
    ended(
        command(args)
            .stdin(Stdio::null())
            .output()
            .expect("the binary runs"),
    )
}

/// Runs it with something on standard input.
pub(crate) fn annulus_with(args: &[&str], input: &[u8]) -> Ended {
    let mut child = command(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    // A command that refuses early may not read everything.
    let _ = child.stdin.take().expect("it was piped").write_all(input);
    ended(child.wait_with_output().expect("the binary ends"))
}

fn ended(output: Output) -> Ended {
    Ended {
        status: output.status.code().expect("it ended by itself"),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// An example's path.
pub(crate) fn example(name: &str) -> String {
    crate::house::root()
        .join("examples")
        .join(format!("{name}.facts.json"))
        .display()
        .to_string()
}

/// An example as JSON, to be changed.
pub(crate) fn facts(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(example(name)).expect("the example is there"))
        .expect("it is JSON")
}

/// A folder that is thrown away, and paths in it as text.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    /// A new one.
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder can be made"))
    }

    /// A path in it.
    pub(crate) fn at(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// Writes a file into it and gives its path.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.at(name);
        std::fs::write(&path, bytes).expect("the file is written");
        path
    }
}

/// The outside samples, or nothing where a stranger's clone has none; CI must have them.
pub(crate) fn samples(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("ANNULUS_SAMPLES").map_or_else(
        || crate::house::root().join("../shared/samples"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    assert_ne!(
        std::env::var("CI").as_deref(),
        Ok("true"),
        "CI needs the samples at {}",
        folder.display()
    );
    note_skipped(test);
    None
}

fn note_skipped(test: &str) {
    let Some(list) = std::env::var_os("ANNULUS_SKIPPED") else {
        return;
    };
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(list)
        .expect("the list opens");
    writeln!(file, "{test}").expect("the list is written");
}

/// A gzipped sample, unpacked.
pub(crate) fn unpacked(path: &Path) -> Vec<u8> {
    use std::io::Read as _;
    let file =
        std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(file)
        .read_to_end(&mut bytes)
        .expect("the sample unpacks");
    bytes
}
