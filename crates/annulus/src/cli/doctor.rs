//! Arguments of `annulus doctor`.

use super::StoreArgs;
use clap::Args;
use std::path::PathBuf;

pub(crate) const HELP: &str = "Examples:
  annulus doctor --data var
  annulus doctor --config annulus.toml --whole --format json | jq '.checks[] | select(.state != \"good\")'

Nothing is changed, and the server may run meanwhile. Exit status: 0 where all is good or needs
attention only, 1 where something is wrong.";

/// `doctor`.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// Walk every chain and hold every list against its events, as `annulus journal verify` does.
    #[arg(long)]
    pub(crate) whole: bool,
    /// Socket of the bedside process.
    #[arg(long, value_name = "SOCKET", env = "ANNULUS_BEDSIDE")]
    pub(crate) bedside: Option<PathBuf>,
    /// PEM file of the server's certificate.
    #[arg(long, value_name = "FILE", env = "ANNULUS_TLS_CERTIFICATE")]
    pub(crate) tls_certificate: Option<PathBuf>,
    /// PEM file of its private key.
    #[arg(long, value_name = "FILE", env = "ANNULUS_TLS_KEY")]
    pub(crate) tls_key: Option<PathBuf>,
}
