//! Purity of the lower rooms (ENGINEERING 2): what they may depend on is a
//! checked-in list, and what they may call is denied at the head of `lib.rs`.
//!
//! `UPDATE_PURITY=1 cargo test -p annulus purity` writes the lists anew; read the
//! difference before committing it.

use crate::house::{read, report, root};
use std::process::Command;

const PURE: [&str; 5] = ["si", "traction", "spine", "draw", "care"];

/// The dependency tree of a crate with features, without versions and paths.
fn tree(name: &str) -> String {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--package",
            name,
            "--edges",
            "normal,features",
            "--prefix",
            "none",
            "--no-dedupe",
        ])
        .args(["--format", "{lib} {f}"])
        .current_dir(root())
        .output()
        .expect("cargo prints a tree");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("a tree is UTF-8");
    let mut lines: Vec<_> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.sort_unstable();
    lines.dedup();
    lines.join("\n") + "\n"
}

#[test]
fn pure_crates_depend_on_what_their_list_says() {
    let mut complaints = Vec::new();
    for name in PURE {
        let path = format!("docs/purity/{name}.txt");
        let now = tree(name);
        if std::env::var_os("UPDATE_PURITY").is_some() {
            std::fs::write(root().join(&path), &now).expect("the list is written");
        }
        if std::fs::read_to_string(root().join(&path)).unwrap_or_default() != now {
            complaints.push(format!(
                "{path} differs from cargo tree; read it, then UPDATE_PURITY=1"
            ));
        }
    }
    report(&complaints);
}

#[test]
fn pure_crates_deny_clocks_files_environment_and_hash_order() {
    let complaints: Vec<_> = ["traction", "spine", "draw", "care"]
        .into_iter()
        .filter(|name| {
            let head = read(&format!("crates/{name}/src/lib.rs"));
            !(head.contains("clippy::disallowed_methods")
                && head.contains("clippy::disallowed_types"))
        })
        .map(|name| format!("crates/{name}/src/lib.rs does not deny the disallowed lists"))
        .collect();
    report(&complaints);
}

#[test]
fn no_pure_crate_reaches_a_runtime_or_a_database() {
    for name in PURE {
        let tree = tree(name);
        for banned in ["tokio", "sqlx", "axum", "hyper", "rand", "getrandom", "mio"] {
            assert!(
                !tree
                    .lines()
                    .any(|line| line.split(' ').next() == Some(banned)),
                "{name} reaches {banned}"
            );
        }
    }
}

/// Otherwise a session of another source would have the name of this one.
#[test]
fn what_names_no_session_is_built_into_none() {
    let text = read("crates/annulus/build.rs");
    let list = text.split("const OF_OTHERS").nth(1).expect("the list");
    let list = list.split(';').nth(1).expect("its names");
    let names: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    assert!(!names.is_empty());
    let tree = tree("table");
    assert!(tree.lines().any(|line| line.starts_with("zeroize ")));
    for name in names {
        let with_space = format!("{name} ");
        let found = tree.lines().any(|line| line.starts_with(&with_space));
        assert!(!found, "a session is built from {name}");
    }
}
