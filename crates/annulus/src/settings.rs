//! `annulus.toml`: flag over environment over file over default; an unknown key is an error.

use crate::cli::{DatabaseArgs, StoreArgs};
use crate::failure::Failure;
use console::clinic::{Emergency, Home};
use console::front::proxies::Proxies;
use console::front::tls::Files;
use console::paper::PrintSettings;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use record::DatabaseUrl;
use serde::Deserialize;
use si::Problem;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What the file may say. Everything is optional; there are no other keys.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Address that `serve` listens on.
    pub(crate) listen: Option<SocketAddr>,
    /// Folder of the store.
    pub(crate) data: Option<PathBuf>,
    /// A file of mode 0600 with the URL of the database that holds the journal.
    pub(crate) database_url_file: Option<PathBuf>,
    /// The clinic's time zone, an IANA name.
    pub(crate) zone: Option<String>,
    /// Socket of the bedside process.
    pub(crate) bedside: Option<PathBuf>,
    /// PEM file of the server's certificate; TLS ends here then.
    pub(crate) tls_certificate: Option<PathBuf>,
    /// PEM file of mode 0600 with its private key.
    pub(crate) tls_key: Option<PathBuf>,
    /// Whether TLS ends at a proxy in front.
    pub(crate) behind_proxy: Option<bool>,
    /// Addresses and networks of proxies; this machine where none is named.
    pub(crate) proxy_addresses: Option<Vec<String>>,
    /// Whether whoever works here needs a second factor.
    pub(crate) second_factor: Option<bool>,
    /// The clinic's policy, where it answers what the sources contest.
    pub(crate) policy_file: Option<PathBuf>,
    /// Folder of translations; patients read those that were reviewed.
    pub(crate) translations: Option<PathBuf>,
    /// What the clinic says of itself; a clinic of real patients needs it.
    pub(crate) clinic: Option<Clinic>,
    /// How mail is sent; without it an alarm is seen in the console alone.
    pub(crate) mail: Option<Mail>,
    /// What sets documents on paper.
    pub(crate) print: Option<PrintSettings>,
}

/// How mail is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mail {
    /// The server, where it needs no password.
    pub(crate) server: Option<String>,
    /// A file of mode 0600 that names the server and its password.
    pub(crate) server_file: Option<PathBuf>,
    /// Who writes.
    pub(crate) from: String,
    /// Where the console is reached.
    pub(crate) address: String,
    /// When no patient is reminded: from, until.
    pub(crate) quiet: Option<[Time; 2]>,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").finish_non_exhaustive()
    }
}

/// Somebody on call: a name as it is shown, and an address where they have one.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum OnCall {
    /// Told in the console and by telephone.
    Name(String),
    /// Told by mail too.
    Contact {
        /// The name as it is shown.
        name: String,
        /// The address.
        email: String,
    },
}

/// The clinic: every word of it reaches patients.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Clinic {
    /// Its name.
    pub(crate) name: String,
    /// Its telephone.
    pub(crate) phone: String,
    /// Its tables, by the names that people book; one unless it says otherwise.
    pub(crate) tables: Option<Vec<String>>,
    /// Whom an alarm notifies, in this order, round and round.
    pub(crate) on_call: Vec<OnCall>,
    /// How long records are kept after their last entry, years; 0 for no period.
    pub(crate) retention_years: Option<u16>,
    /// Where an emergency goes.
    pub(crate) emergency: Emergency,
}

impl Settings {
    /// The clinic's time zone: what the caller named, else the file's, else UTC.
    pub(crate) fn zone(&self, named: Option<&str>) -> Result<TimeZone, Failure> {
        let name = named.or(self.zone.as_deref()).unwrap_or("UTC");
        Ok(console::clinic::zone(name)?)
    }

    /// The data folder: what the caller named, else the file's, else `var`.
    pub(crate) fn data(&self, named: Option<PathBuf>) -> PathBuf {
        named
            .or_else(|| self.data.clone())
            .unwrap_or_else(|| PathBuf::from("var"))
    }

    /// The certificate and its key, if TLS ends here: what the caller named, else the file's.
    pub(crate) fn tls(
        &self,
        certificate: Option<PathBuf>,
        key: Option<PathBuf>,
    ) -> Result<Option<Files>, Problem> {
        let certificate = certificate.or_else(|| self.tls_certificate.clone());
        let key = key.or_else(|| self.tls_key.clone());
        let alone = |named: &Path, missing: &'static str| {
            Problem::new(
                "tls",
                missing,
                "",
                format!("is not named, and {} is", named.display()),
                "name a certificate and its key, or neither",
            )
        };
        match (certificate, key) {
            (Some(certificate), Some(key)) => Ok(Some(Files::new(certificate, key))),
            (Some(named), None) => Err(alone(&named, "tls_key")),
            (None, Some(named)) => Err(alone(&named, "tls_certificate")),
            (None, None) => Ok(None),
        }
    }

    /// The proxies in front, if there are any.
    pub(crate) fn proxies(
        &self,
        behind: bool,
        named: Vec<String>,
    ) -> Result<Option<Proxies>, Problem> {
        let named = match named {
            named if named.is_empty() => self.proxy_addresses.clone().unwrap_or_default(),
            named => named,
        };
        let behind = behind || self.behind_proxy.unwrap_or(false);
        if !behind && !named.is_empty() {
            return Err(Problem::new(
                "proxy-address",
                "proxy-address",
                named.join(", "),
                "is named, and no proxy is in front",
                "say --behind-proxy too, or name no proxy",
            ));
        }
        let networks = named
            .iter()
            .map(|one| one.parse())
            .collect::<Result<_, _>>()?;
        Ok(behind.then(|| Proxies::of(networks)))
    }

    /// The database of the journal, if it is in one: by the file that the caller named, else by
    /// the environment, else by the file that the settings name.
    pub(crate) fn database(&self, named: DatabaseArgs) -> Result<Option<DatabaseUrl>, Failure> {
        let url = match (named.database_url_file, std::env::var(DATABASE_URL)) {
            (Some(path), _) => DatabaseUrl::read(&path)?,
            (None, Ok(url)) => DatabaseUrl::parse(&url).map_err(|p| p.within(DATABASE_URL))?,
            (None, Err(_)) => match &self.database_url_file {
                Some(path) => DatabaseUrl::read(path)?,
                None => return Ok(None),
            },
        };
        Ok(Some(url))
    }

    /// The data folder, and the database if the journal is in one.
    pub(crate) fn store(&self, named: StoreArgs) -> Result<Home, Failure> {
        Ok(Home {
            folder: self.data(named.data),
            database: self.database(named.database)?,
        })
    }
}

/// Where the URL of the database may be too.
const DATABASE_URL: &str = "ANNULUS_DATABASE_URL";

/// Reads the file that was named, or `annulus.toml` here if there is one.
pub(crate) fn load(named: Option<&Path>) -> Result<Settings, Failure> {
    let here = Path::new("annulus.toml");
    let Some(path) = named.or_else(|| here.exists().then_some(here)) else {
        return Ok(Settings::default());
    };
    let bytes = crate::files::read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    toml::from_str(&text).map_err(|error| {
        Problem::new(
            "settings",
            path.display().to_string(),
            "",
            error.to_string().trim().replace('\n', " "),
            "keys are listen, data, zone, bedside, database_url_file, tls_certificate, tls_key, behind_proxy, proxy_addresses, second_factor, policy_file, translations and the tables [clinic], [mail] and [print]",
        )
        .into()
    })
}
