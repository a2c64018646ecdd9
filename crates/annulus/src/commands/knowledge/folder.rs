//! A folder of knowledge files, read in the order the binary embeds them.

use crate::failure::Failure;
use care::knowledge::File;
use si::Problem;
use std::fs;
use std::path::Path;

/// Path below the folder and text of every `.toml` file, by path.
pub(crate) fn read(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let mut found = Vec::new();
    collect(folder, folder, &mut found)?;
    found.sort();
    if found.is_empty() {
        let remedy = "name a folder such as crates/care/knowledge";
        return Err(unreadable(folder, "holds no .toml file", remedy));
    }
    Ok(found)
}

/// The texts as [`care::knowledge::Knowledge::load`] takes them.
pub(crate) fn files(texts: &[(String, String)]) -> Vec<File<'_>> {
    texts
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect()
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) -> Result<(), Failure> {
    let failed = |path: &Path, error: &std::io::Error| {
        let remedy = "name a folder that exists and may be read";
        unreadable(path, &format!("cannot be read: {error}"), remedy)
    };
    let entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| failed(folder, &error))?.path();
        if path.is_dir() {
            collect(root, &path, found)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            let text = fs::read_to_string(&path).map_err(|error| failed(&path, &error))?;
            let below = path.strip_prefix(root).unwrap_or(&path);
            found.push((below.display().to_string(), text));
        }
    }
    Ok(())
}

fn unreadable(path: &Path, problem: &str, remedy: &str) -> Failure {
    Problem::new(
        "unreadable",
        path.display().to_string(),
        "",
        problem,
        remedy,
    )
    .into()
}
