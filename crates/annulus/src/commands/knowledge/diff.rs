//! `annulus knowledge diff OLD NEW`: what changed between two states of the knowledge.

use super::{folder, json};
use crate::cli::Format;
use crate::failure::Failure;
use crate::files;
use care::knowledge::{Knowledge, diff};
use std::path::Path;

/// Runs the command; equal or different, it ends well.
pub(super) fn run(old: &Path, new: &Path, format: Format) -> Result<(), Failure> {
    let (old, new) = (texts(old)?, texts(new)?);
    let found = diff(&folder::files(&old), &folder::files(&new)).map_err(|problems| {
        let more = problems.len().saturating_sub(1);
        let first = problems.into_iter().next();
        first.map_or_else(
            || Failure::new("comparing the knowledge", "it cannot be read"),
            |mut first| {
                if more > 0 {
                    first.problem = format!("{} (and {more} more)", first.problem);
                }
                first.into()
            },
        )
    })?;
    match format {
        Format::Json => json(&found),
        Format::Text => files::print(found.to_text().as_bytes()),
    }
}

/// The files of a folder; for `embedded`, those the binary carries.
fn texts(name: &Path) -> Result<Vec<(String, String)>, Failure> {
    if name != Path::new("embedded") {
        return folder::read(name);
    }
    let files = Knowledge::embedded_files().iter();
    Ok(files
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect())
}
