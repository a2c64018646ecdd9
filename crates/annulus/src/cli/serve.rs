//! Arguments of `annulus serve`.

use super::DatabaseArgs;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

pub(crate) const HELP: &str = "Examples:
  annulus serve --demo --data var
  annulus serve --data /var/lib/annulus --listen 127.0.0.1:8700 --bedside /run/annulus/table.sock
  annulus serve --data /var/lib/annulus --listen 0.0.0.0:443 --tls-certificate chain.pem --tls-key key.pem";

/// `serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address to listen on [default: 127.0.0.1:8700].
    #[arg(long, env = "ANNULUS_LISTEN")]
    pub(crate) listen: Option<SocketAddr>,
    /// Folder of the store, its keys and recordings [default: var].
    #[arg(long, value_name = "FOLDER", env = "ANNULUS_DATA")]
    pub(crate) data: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// A demonstration clinic of synthetic patients, with fresh passwords at each start.
    #[arg(long)]
    pub(crate) demo: bool,
    /// Socket of the bedside process.
    #[arg(long, value_name = "SOCKET", env = "ANNULUS_BEDSIDE")]
    pub(crate) bedside: Option<PathBuf>,
    /// TLS ends here, with this PEM file of the server's certificate and those that vouch for it;
    /// a renewed one is taken within a minute.
    #[arg(long, value_name = "FILE", env = "ANNULUS_TLS_CERTIFICATE")]
    pub(crate) tls_certificate: Option<PathBuf>,
    /// PEM file of mode 0600 with the certificate's private key.
    #[arg(long, value_name = "FILE", env = "ANNULUS_TLS_KEY")]
    pub(crate) tls_key: Option<PathBuf>,
    /// TLS ends at a proxy in front. This or a certificate is needed to listen on more than this
    /// machine.
    #[arg(long)]
    pub(crate) behind_proxy: bool,
    /// Address or network of a proxy, which is believed for whom it asks; may be repeated
    /// [default: this machine].
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "ANNULUS_PROXY_ADDRESS",
        value_delimiter = ','
    )]
    pub(crate) proxy_address: Vec<String>,
    /// The key that signed a journal in a database is lost: this server's takes its place. Links,
    /// second factors and Grants of before end.
    #[arg(long, action = clap::ArgAction::Count)]
    pub(crate) new_key: u8,
    /// Whoever works here needs a second factor: who has none sets it up at the next login.
    #[arg(long)]
    pub(crate) second_factor: bool,
    /// The clinic's time zone [default: UTC].
    #[arg(long, env = "ANNULUS_ZONE")]
    pub(crate) zone: Option<String>,
    /// Translations, a folder for each language; patients read those that were reviewed
    /// (docs/translations.md).
    #[arg(long, value_name = "FOLDER", env = "ANNULUS_TRANSLATIONS")]
    pub(crate) translations: Option<PathBuf>,
}
