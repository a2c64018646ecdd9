//! Arguments of `annulus replay`.

use clap::Args;
use std::path::PathBuf;

pub(crate) const HELP: &str = "Examples:
  annulus replay session.frames
  annulus replay session.parquet --svg session.svg
  annulus replay session.frames --parquet session.parquet
  annulus replay session.frames --key var/clinic.pub
  annulus replay session.frames --format json | jq '.replay'

Exit status: 0 where every output comes out again, 1 where one does not, 2 for a file that is
cut short, altered, under a grant that the owner of --key did not sign, or of another program
whose outputs differ.";

/// Arguments of `annulus replay`.
#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// The recording: as a bedside or `treat` wrote it, or its Parquet.
    pub(crate) file: PathBuf,
    /// Draw the session into this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Write the recording into this file as Parquet, without loss, for any other tool.
    #[arg(long, value_name = "FILE", conflicts_with = "intact")]
    pub(crate) parquet: Option<PathBuf>,
    /// Check the grant's signature with this public key; else with the clinic.pub of the data
    /// folder, if there is one.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Take a file that was cut short or altered, and replay what is intact before that.
    #[arg(long)]
    pub(crate) intact: bool,
}
