//! Reads translations from a folder; nothing is decided here.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use si::Problem;

use super::{Draft, REVIEW};

/// Every translation of a folder, in order of its language.
///
/// # Errors
/// A folder that cannot be read. A file that cannot be is a reason of its translation.
pub fn read(folder: &Path) -> Result<Vec<Draft>, Problem> {
    let failed = |error: io::Error| {
        Problem::new(
            "translations-unreadable",
            folder.display().to_string(),
            "",
            format!("cannot be read: {error}"),
            "name a folder that holds a folder for each language, such as translations/de",
        )
    };
    let mut drafts = Vec::new();
    for path in sorted(folder).map_err(failed)? {
        let name = named(&path);
        // What hides itself is not meant for us.
        if path.is_dir() && !name.starts_with('.') {
            drafts.push(draft(&path, name));
        }
    }
    Ok(drafts)
}

fn draft(folder: &Path, tag: String) -> Draft {
    let mut draft = Draft {
        tag,
        ..Draft::default()
    };
    let listed = match sorted(folder) {
        Ok(listed) => listed,
        Err(error) => {
            draft.unread.push(unread(draft.tag.clone(), &error));
            return draft;
        }
    };
    for path in listed {
        let name = named(&path);
        let is_fluent = path.extension().is_some_and(|kind| kind == "ftl");
        if !is_fluent && name != REVIEW {
            continue;
        }
        match fs::read_to_string(&path) {
            Ok(text) if is_fluent => draft.files.push((name, text)),
            Ok(text) => draft.review = Some(text),
            Err(error) => {
                let place = format!("{}/{name}", draft.tag);
                draft.unread.push(unread(place, &error));
            }
        }
    }
    draft
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let listed = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut paths = listed.collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn named(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn unread(place: String, error: &io::Error) -> Problem {
    Problem::new(
        "translation-unreadable",
        place,
        "",
        format!("cannot be read: {error}"),
        "keep plain files of UTF-8 that the server may read",
    )
}
