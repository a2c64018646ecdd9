//! Names the program that every recording carries: its version and, where a release is
//! built from a clone of its own, the commit. Another build than a release names no
//! commit, so that a commit alone compiles nothing anew.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let get = |name: &str| std::env::var(name).unwrap_or_default();
    let mut program = format!("annulus {}", get("CARGO_PKG_VERSION"));
    if get("PROFILE") == "release"
        && let Some(commit) = commit(Path::new(&get("CARGO_MANIFEST_DIR")))
    {
        program += &format!(" {commit}");
    }
    println!("cargo:rustc-env=ANNULUS_PROGRAM={program}");
}

/// The commit of the clone whose `crates/table` this is.
fn commit(here: &Path) -> Option<String> {
    let git = |args: &[&str]| {
        let out = Command::new("git").arg("-C").arg(here).args(args).output();
        let out = out.ok().filter(|out| out.status.success())?;
        String::from_utf8(out.stdout)
            .ok()
            .map(|text| text.trim().to_owned())
    };
    let top = git(&["rev-parse", "--show-toplevel"])?;
    let ours = here.parent().and_then(Path::parent)?;
    if Path::new(&top).canonicalize().ok()? != ours.canonicalize().ok()? {
        return None;
    }
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    println!("cargo:rerun-if-changed={}", here.join(log).display());
    git(&["rev-parse", "--short=12", "HEAD"])
}
