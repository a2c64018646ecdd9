//! `annulus backup` and `annulus restore`.

use crate::cli::{BackupArgs, Format, RestoreArgs};
use crate::commands::journal::spinner;
use crate::failure::Failure;
use crate::files;
use crate::settings::Settings;
use console::backup::{Manifest, Seal, Unseal, make, restore as restored};
use jiff::Timestamp;
use si::Problem;
use std::fmt::Write as _;
use std::path::Path;

/// Makes a backup.
pub(crate) fn backup(args: BackupArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    let seal = seal(&args)?;
    let home = settings.store(args.store)?;
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::new("starting the runtime", error))?;
    let bar = spinner("copying, sealing, reading back");
    let made = runtime.block_on(make(&home, &args.to, &seal, Timestamp::now()));
    bar.finish_and_clear();
    tell(&made?, "is in", &args.to, format)
}

/// Makes a data folder out of one.
pub(crate) fn restore(args: &RestoreArgs, format: Format) -> Result<(), Failure> {
    let unseal = match (&args.identity_file, &args.passphrase_file) {
        (Some(path), _) => Unseal::identities_of(path)?,
        (None, Some(path)) => Unseal::passphrase_of(path)?,
        (None, None) => Unseal::Open,
    };
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::new("starting the runtime", error))?;
    let bar = spinner("unpacking, verifying");
    let made = runtime.block_on(restored(&args.from, &unseal, &args.data));
    bar.finish_and_clear();
    tell(&made?, "is restored to", &args.data, format)
}

fn seal(args: &BackupArgs) -> Result<Seal, Problem> {
    match (&args.recipient_file, &args.passphrase_file) {
        (Some(path), _) => Seal::recipients_of(path),
        (None, Some(path)) => Seal::passphrase_of(path),
        (None, None) if args.unencrypted => Ok(Seal::Open),
        (None, None) => Seal::recipients(args.recipient.iter().map(String::as_str)),
    }
}

fn tell(manifest: &Manifest, is: &str, place: &Path, format: Format) -> Result<(), Failure> {
    let text = match format {
        Format::Json => {
            serde_json::to_string(manifest).map_err(|error| Failure::new("writing JSON", error))?
        }
        Format::Text => text(manifest, is, place),
    };
    files::print(text.as_bytes())
}

fn text(manifest: &Manifest, is: &str, place: &Path) -> String {
    let (journal, parts) = (&manifest.journal, manifest.parts.len());
    let bytes: u64 = manifest.parts.iter().map(|part| part.bytes).sum();
    let mut text = format!(
        "The clinic as of {} {is} {}: {} events of {} streams, {parts} files of {} kB, all verified.\n\
         The chains end in {}\n",
        manifest.at,
        place.display(),
        journal.events,
        journal.streams,
        bytes.div_ceil(1000),
        journal.root,
    );
    for name in &manifest.missing {
        let _ = writeln!(
            text,
            "MISSING recordings/{name}: it was missing or damaged in the store"
        );
    }
    text
}
