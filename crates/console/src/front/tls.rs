//! TLS of this server: a chain of certificates and its key from two files, TLS 1.2 and 1.3.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{InconsistentKeys, ServerConfig, version};
use si::Problem;
use tokio_rustls::TlsAcceptor;
use x509_cert::der::Decode as _;

use crate::secret;

/// Between two looks whether the files were renewed (ours: whoever renews waits a minute).
const LOOK: Duration = Duration::from_secs(60);

/// Where the certificate and its key are.
#[derive(Clone, Debug)]
pub struct Files {
    /// PEM: the server's own certificate first, then those that vouch for it.
    pub certificate: PathBuf,
    /// PEM: the private key, readable by its owner alone.
    pub key: PathBuf,
    /// Between two looks whether they were renewed.
    pub look: Duration,
}

impl Files {
    /// These, looked at once a minute.
    #[must_use]
    pub const fn new(certificate: PathBuf, key: PathBuf) -> Self {
        Self {
            certificate,
            key,
            look: LOOK,
        }
    }
}

/// A certificate that can be shown, and until when.
#[derive(Clone, Debug)]
pub struct Certificate {
    key: Arc<CertifiedKey>,
    /// The instant from which it is of no use.
    pub until: Timestamp,
}

/// TLS with the certificate of now.
#[derive(Debug)]
pub struct Tls {
    pub(super) files: Files,
    config: Arc<ServerConfig>,
    pub(super) shown: Arc<Shown>,
}

/// The certificate that is shown to whoever comes; a renewed one takes its place.
#[derive(Debug)]
pub(super) struct Shown(RwLock<Certificate>);

impl Shown {
    pub(super) fn change(&self, to: Certificate) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = to;
    }

    pub(super) fn until(&self) -> Timestamp {
        self.0.read().unwrap_or_else(PoisonError::into_inner).until
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let shown = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&shown.key))
    }
}

impl Tls {
    /// Reads both files.
    ///
    /// # Errors
    /// As [`read`].
    pub fn open(files: &Files) -> Result<Self, Problem> {
        let certificate = read(files, Timestamp::now())?;
        let shown = Arc::new(Shown(RwLock::new(certificate)));
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])
            .map_err(|error| unusable(&files.certificate, "", error.to_string(), RENEW))?;
        let mut config = builder
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&shown) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            files: files.clone(),
            config: Arc::new(config),
            shown,
        })
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.config))
    }
}

const RENEW: &str = "name the PEM file of the server's certificate, with those that vouch for it";
const KEY: &str = "name the PEM file of the private key that belongs to the certificate";

/// Reads the certificate and its key, and whether they can be used at this instant.
///
/// # Errors
/// The file that is wrong, what is wrong with it, and what to do.
pub fn read(files: &Files, now: Timestamp) -> Result<Certificate, Problem> {
    let chain = chain(&files.certificate)?;
    let until = valid(&files.certificate, &chain, now)?;
    let key = private(&files.key)?;
    let key = CertifiedKey::from_der(chain, key, &ring::default_provider());
    let key = key.map_err(|error| match error {
        rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
            let of = files.certificate.display().to_string();
            let what = "is not the key of the first certificate in that file".to_owned();
            let remedy = "name the key it was made with; the server's own certificate comes first";
            unusable(&files.key, of, what, remedy)
        }
        error => unusable(&files.key, "", format!("cannot be used: {error}"), KEY),
    })?;
    Ok(Certificate {
        key: Arc::new(key),
        until,
    })
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let found =
        CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match found {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        Ok(_) => Err(unusable(path, "", "holds no certificate".into(), RENEW)),
        Err(error) => Err(unusable(path, "", unread(error), RENEW)),
    }
}

fn private(path: &Path) -> Result<PrivateKeyDer<'static>, Problem> {
    let bytes = secret::read(path)?;
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|error| {
        let what = match error {
            pem::Error::NoItemsFound => "holds no private key".to_owned(),
            error => unread(error),
        };
        unusable(path, "", what, KEY)
    })
}

/// What is wrong with a PEM file; nothing of its contents is told.
fn unread(error: pem::Error) -> String {
    match error {
        pem::Error::Io(error) => format!("cannot be read: {error}"),
        _ => "is not PEM".to_owned(),
    }
}

/// Until when the server's own certificate is of use.
fn valid(path: &Path, chain: &[CertificateDer<'_>], now: Timestamp) -> Result<Timestamp, Problem> {
    let broken = || {
        unusable(
            path,
            "",
            "holds a certificate that cannot be read".into(),
            RENEW,
        )
    };
    let own = chain.first().ok_or_else(broken)?;
    let own = x509_cert::Certificate::from_der(own).map_err(|_| broken())?;
    let validity = own.tbs_certificate().validity();
    let instant = |time: x509_cert::time::Time| {
        let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
        Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
    };
    let (from, until) = (instant(validity.not_before), instant(validity.not_after));
    if now >= until {
        let what = "the certificate has expired".to_owned();
        return Err(unusable(
            path,
            until.to_string(),
            what,
            "renew the certificate",
        ));
    }
    if now < from {
        let what = "the certificate is not valid yet".to_owned();
        let remedy = "set the clock of this machine right, or wait until then";
        return Err(unusable(path, from.to_string(), what, remedy));
    }
    Ok(until)
}

fn unusable(path: &Path, value: impl Into<String>, what: String, remedy: &str) -> Problem {
    Problem::new("tls", path.display().to_string(), value, what, remedy)
}
