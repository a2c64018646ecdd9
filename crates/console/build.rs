//! Makes methods of the messages, and builds the TypeScript islands with npm where
//! Node is present, empty files where it is not: then everything works but the live
//! drawing and the triage of a phone without a network, and the pages say so.
//! `UI_PREBUILT` names a folder with finished bundles to embed instead.

#[path = "build/messages.rs"]
mod messages;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

const INPUTS: [&str; 9] = [
    "package.json",
    "package-lock.json",
    ".npmrc",
    "tsconfig.json",
    "vite.config.ts",
    "src/live.ts",
    "src/phone.ts",
    "src/styles.d.ts",
    "src/triage.ts",
];
/// One bundle each.
const ISLANDS: [&str; 3] = ["live", "phone", "triage"];
/// What they become.
const BUNDLES: [&str; 7] = [
    "live.js",
    "live.css",
    "phone.js",
    "triage.mjs",
    "letters.woff2",
    "more-letters.woff2",
    "letters.txt",
];
/// The typeface, and what its files are called here.
const TYPEFACE: &str = "node_modules/@fontsource-variable/atkinson-hyperlegible-next";
const FACES: [(&str, &str); 3] = [
    (
        "files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
        "letters.woff2",
    ),
    (
        "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
        "more-letters.woff2",
    ),
    ("LICENSE", "letters.txt"),
];
/// The oldest Node the bundler is tried with.
const NODE: (u32, u32) = (20, 19);

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-env-changed=UI_PREBUILT");
    for input in INPUTS {
        println!("cargo:rerun-if-changed=ui/{input}");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    demo(&out).expect("the demonstration's files can be listed");
    if let Err(reason) = messages::generate(&out) {
        panic!("{reason}");
    }
    let bundles = out.join("islands");
    fs::create_dir_all(&bundles).expect("OUT_DIR can be written");
    if let Some(finished) = env::var_os("UI_PREBUILT") {
        for bundle in BUNDLES {
            let from = Path::new(&finished).join(bundle);
            println!("cargo:rerun-if-changed={}", from.display());
            fs::copy(from, bundles.join(bundle)).expect("UI_PREBUILT holds every bundle");
        }
        return;
    }
    if let Err(reason) = build(&out.join("ui"), &bundles) {
        println!("cargo:warning=the islands are left out: {reason}");
        for bundle in BUNDLES {
            fs::write(bundles.join(bundle), "").expect("OUT_DIR can be written");
        }
    }
}

/// Lists the demonstration's files, so that they are embedded by name.
fn demo(out: &Path) -> io::Result<()> {
    println!("cargo:rerun-if-changed=demo");
    let folder = Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("demo");
    let mut names: Vec<_> = fs::read_dir(&folder)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    let mut text = String::from("&[\n");
    for name in names
        .iter()
        .filter(|name| name.ends_with(".json") || name.ends_with(".toml"))
    {
        let path = folder.join(name);
        text.push_str(&format!("    ({name:?}, include_str!({path:?})),\n"));
    }
    text.push(']');
    fs::write(out.join("demo.rs"), text)
}

/// Builds in a copy under `OUT_DIR`, so that the source tree stays as it is.
fn build(workshop: &Path, bundles: &Path) -> Result<(), String> {
    node()?;
    for input in INPUTS {
        let to = workshop.join(input);
        let parent = to.parent().ok_or("no folder to build in")?;
        fs::create_dir_all(parent).map_err(said)?;
        fs::copy(Path::new("ui").join(input), to).map_err(said)?;
    }
    run(Command::new("npm")
        .args(["ci", "--omit=dev", "--no-audit", "--no-fund"])
        .current_dir(workshop))?;
    for (face, name) in FACES {
        fs::copy(workshop.join(TYPEFACE).join(face), bundles.join(name)).map_err(said)?;
    }
    ISLANDS.iter().try_for_each(|island| {
        run(Command::new("npm")
            .args([
                "run", "--silent", "build", "--", "--mode", island, "--outDir",
            ])
            .arg(bundles)
            .current_dir(workshop))
    })
}

fn node() -> Result<(), String> {
    let answer = Command::new("node")
        .arg("--version")
        .output()
        .map_err(|_| "Node is not installed".to_owned())?;
    let text = String::from_utf8_lossy(&answer.stdout);
    let mut parts = text
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map(|part| part.parse().unwrap_or(0));
    let version: (u32, u32) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if version < NODE {
        return Err(format!(
            "Node {}.{} or newer is needed, this is {}",
            NODE.0,
            NODE.1,
            text.trim()
        ));
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(said)?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Err(text
        .lines()
        .find(|line| line.contains("rror"))
        .unwrap_or("npm failed")
        .to_owned())
}

#[allow(clippy::needless_pass_by_value, reason = "used in map_err")]
fn said(error: io::Error) -> String {
    error.to_string()
}
