//! Names the sources that a simulated session depends on, for the reports of campaigns: the
//! four crates that it runs through, what they are built from, and the compiler. Sessions give
//! the same bits however and wherever these are built, so one name is one program.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest as _, Sha256};

/// The crates a session runs through; the last imports the others.
const CRATES: [&str; 4] = ["si", "spine", "traction", "table"];

/// Packages that stand below those in the lock file for features that other crates ask for alone:
/// no session is built from them (`crates/annulus/tests/purity.rs` looks), and they name none.
const OF_OTHERS: [&str; 3] = ["der_derive", "flagset", "zeroize_derive"];

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let root = here.join("../..");
    let mut files = BTreeSet::from([root.join("rust-toolchain.toml")]);
    for name in CRATES {
        let folder = root.join("crates").join(name);
        files.insert(folder.join("Cargo.toml"));
        walk(&folder.join("src"), &mut files)?;
    }
    let mut hash = Sha256::new();
    for file in &files {
        println!("cargo:rerun-if-changed={}", file.display());
        let name = file.strip_prefix(&root).unwrap_or(file);
        one(&mut hash, name.to_string_lossy().as_bytes());
        one(&mut hash, &fs::read(file)?);
    }
    let lock = root.join("Cargo.lock");
    println!("cargo:rerun-if-changed={}", lock.display());
    for package in closure(&fs::read_to_string(lock)?) {
        one(&mut hash, package.as_bytes());
    }
    let name = hex::encode(&hash.finalize()[..8]);
    println!("cargo:rustc-env=ANNULUS_SESSIONS={name}");
    Ok(())
}

/// With its length, so that no two lists of parts are the same bytes.
fn one(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_le_bytes());
    hash.update(part);
}

/// Every file below a folder; the folders are watched for new ones.
fn walk(folder: &Path, files: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else {
            files.insert(path);
        }
    }
    Ok(())
}

/// Every package that the crates are built from: name, version and checksum, which is its source.
/// What one depends on stands in the lock file for features that other crates ask for, too, and
/// is in the closure with its own checksum: those lines say nothing of the source.
fn closure(lock: &str) -> BTreeSet<String> {
    let packages: Vec<&str> = lock.split("\n\n").collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut wanted: Vec<&str> = CRATES.to_vec();
    let mut found = BTreeSet::new();
    while let Some(dependency) = wanted.pop() {
        for package in packages.iter().filter(|package| is(package, dependency)) {
            if seen.insert(package) {
                wanted.extend(package.lines().filter_map(named).filter(is_ours));
                found.insert(source(package));
            }
        }
    }
    found
}

/// Whether a package is `name`, or `name version`.
fn is(package: &str, dependency: &str) -> bool {
    let (name, version) = dependency.split_once(' ').unwrap_or((dependency, ""));
    let says = |key: &str, value: &str| {
        let line = format!("{key} = \"{value}\"");
        package.lines().any(|l| l == line)
    };
    says("name", name) && (version.is_empty() || says("version", version))
}

/// The dependency that a line of a package names.
fn named(line: &str) -> Option<&str> {
    line.strip_prefix(" \"")?.strip_suffix("\",")
}

/// Whether a session may be built from it.
fn is_ours(dependency: &&str) -> bool {
    let name = dependency.split(' ').next().unwrap_or(dependency);
    !OF_OTHERS.contains(&name)
}

fn source(package: &str) -> String {
    let says = |line: &&str| {
        let mut keys = ["name = ", "version = ", "checksum = "].iter();
        keys.any(|key| line.starts_with(key))
    };
    let lines = package.lines().filter(says);
    lines.map(|line| line.to_owned() + "\n").collect()
}
