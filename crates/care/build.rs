//! Lists every file of `knowledge/` so that the binary carries it.
//!
//! The list is sorted by path: the same files give the same bytes, and so the
//! same version of the knowledge, on every machine.
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            found.push(path);
        }
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let folder = root.join("knowledge");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut found = Vec::new();
    collect(&folder, &mut found)?;
    found.sort();
    let mut list = String::from("&[\n");
    for path in &found {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.strip_prefix(&folder).map_err(io::Error::other)?;
        writeln!(list, "    ({:?}, include_str!({:?})),", name, path).map_err(io::Error::other)?;
    }
    list.push_str("]\n");
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("knowledge.rs"), list)
}
