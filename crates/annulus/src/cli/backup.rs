//! Arguments of `annulus backup` and `annulus restore`.

use super::StoreArgs;
use clap::Args;
use std::path::PathBuf;

pub(crate) const BACKUP_HELP: &str = "Examples:
  age-keygen -o clinic.age   # on another machine, where restores are made; it prints the recipient
  annulus backup --data var --to /backup/annulus-$(date +%F).age --recipient age1…
  annulus backup --data var --to clinic.age --passphrase-file backup.passphrase

The server may run meanwhile. The file counts once it was read back and verified; before that it
has no name that looks like a backup.";
pub(crate) const RESTORE_HELP: &str = "Example:
  annulus restore --from annulus-2026-11-30.age --identity-file clinic.age --data /var/lib/annulus
  annulus journal copy --from /var/lib/annulus --to database.url   # where it was in PostgreSQL

The folder is made once everything was verified, or not at all.";

/// `backup`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("for").required(true).multiple(false))]
pub(crate) struct BackupArgs {
    /// The file to make; it must not exist.
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
    /// Whoever may open it, as age-keygen prints it; may be repeated.
    #[arg(long, value_name = "age1…", group = "for")]
    pub(crate) recipient: Vec<String>,
    /// A file of recipients, a line each.
    #[arg(long, value_name = "FILE", group = "for")]
    pub(crate) recipient_file: Option<PathBuf>,
    /// A file of mode 0600 that holds a passphrase.
    #[arg(long, value_name = "FILE", group = "for")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Whoever has the file may read every record in it.
    #[arg(long, group = "for")]
    pub(crate) unencrypted: bool,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

/// `restore`.
#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// The backup.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: PathBuf,
    /// A file of mode 0600 that age-keygen made, of one of the backup's recipients.
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_file")]
    pub(crate) identity_file: Option<PathBuf>,
    /// A file of mode 0600 that holds the backup's passphrase.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// The data folder to make: empty, or not there.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data: PathBuf,
}
