//! `journal …`, and where a store is.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `journal …`.
#[derive(Debug, Subcommand)]
pub(crate) enum JournalCommand {
    /// Walk every chain and checkpoint, and say until when they prove
    #[command(after_help = "Example:\n  annulus journal verify --data var")]
    Verify(StoreArgs),
    /// Make every read model anew from the events
    #[command(
        after_help = "Example:\n  annulus journal rebuild --data var   # the server is stopped first"
    )]
    Rebuild(StoreArgs),
    /// Every event as a line of JSON
    #[command(after_help = "Example:\n  annulus journal export --data var > events.jsonl")]
    Export(StoreArgs),
    /// Copy the journal whole into an empty place, from SQLite to PostgreSQL or back
    #[command(after_help = COPY_HELP)]
    Copy(CopyArgs),
}

const COPY_HELP: &str = "Example:
  annulus journal copy --from var --to database.url   # a file of mode 0600 with postgres://…
  annulus serve --data var --database-url-file database.url

Chains, positions and checkpoints are the same bytes in the copy; both are verified, and
nothing is kept unless they agree. Keys and recordings stay in the data folder.";

/// `journal copy`.
#[derive(Debug, Args)]
pub(crate) struct CopyArgs {
    /// The journal: a data folder, or a file of mode 0600 that holds the URL of a database.
    #[arg(long, value_name = "PLACE")]
    pub(crate) from: PathBuf,
    /// Where the copy shall be: a folder without a journal, or such a file.
    #[arg(long, value_name = "PLACE")]
    pub(crate) to: PathBuf,
}

/// Where a store is.
#[derive(Debug, Args)]
pub(crate) struct StoreArgs {
    /// The data folder that `serve` uses [default: var].
    #[arg(long, value_name = "FOLDER", env = "ANNULUS_DATA")]
    pub(crate) data: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
}

/// The database, where the journal is not in the data folder.
#[derive(Clone, Debug, Args)]
pub(crate) struct DatabaseArgs {
    /// A file of mode 0600 with the URL of the PostgreSQL database that holds the journal; the
    /// URL may be in `ANNULUS_DATABASE_URL` instead [default: a file in the data folder].
    #[arg(long, value_name = "FILE", env = "ANNULUS_DATABASE_URL_FILE")]
    pub(crate) database_url_file: Option<PathBuf>,
}
