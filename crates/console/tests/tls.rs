//! TLS that ends at this server, met by a client that believes only what it can check.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use console::front::tls::{Files, Tls, read};
use console::{Options, Server};
use jiff::Timestamp;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion, version};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::browser::House;
use crate::front::Port;

const NAME: &str = "clinic.example";

/// A certificate of its own in two files.
fn certified(folder: &Path, with: impl FnOnce(&mut CertificateParams)) -> CertificateDer<'static> {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![NAME.to_owned()]).unwrap();
    with(&mut params);
    let certificate = params.self_signed(&key).unwrap();
    fs::write(folder.join("chain.pem"), certificate.pem()).unwrap();
    let path = folder.join("key.pem");
    fs::write(&path, key.serialize_pem()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    certificate.der().clone()
}

fn files(folder: &Path) -> Files {
    Files {
        look: Duration::from_millis(50),
        ..Files::new(folder.join("chain.pem"), folder.join("key.pem"))
    }
}

/// A client that believes this certificate and no other, and speaks this version.
fn connector(
    trusted: &CertificateDer<'static>,
    speaks: &'static SupportedProtocolVersion,
) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[speaks])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

async fn asked(
    connector: &TlsConnector,
    address: std::net::SocketAddr,
    path: &str,
) -> std::io::Result<String> {
    let socket = TcpStream::connect(address).await?;
    let name = ServerName::try_from(NAME).unwrap();
    let mut sealed = connector.connect(name, socket).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n");
    sealed.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    sealed.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test]
async fn a_browser_is_answered_over_tls_with_cookies_that_stay_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let trusted = certified(folder.path(), |_| ());
    let mut options = Options::new("0.0.0.0:0".parse().unwrap(), folder.path().join("var"));
    options.tls = Some(files(folder.path()));
    // Other machines may reach it: no proxy is needed.
    let server = Server::bind(options).await.unwrap();
    assert!(server.url().starts_with("https://"), "{}", server.url());
    let address = ([127, 0, 0, 1], server.address().port()).into();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async { drop(stopped.await) }));
    for speaks in [&version::TLS13, &version::TLS12] {
        let answer = asked(&connector(&trusted, speaks), address, "/login").await;
        let answer = answer.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let head = answer.split("\r\n\r\n").next().unwrap();
        assert!(
            head.contains("set-cookie: __Host-annulus-before="),
            "{head}"
        );
        assert!(head.contains("; Secure"), "{head}");
        assert!(
            head.contains("strict-transport-security: max-age=31536000"),
            "{head}"
        );
    }
    let other = tempfile::tempdir().unwrap();
    let stranger = certified(other.path(), |_| ());
    let refused = asked(&connector(&stranger, &version::TLS13), address, "/login").await;
    assert!(refused.is_err(), "whoever does not know it is not fooled");
    // What is not TLS is told nothing.
    let mut plain = TcpStream::connect(address).await.unwrap();
    plain
        .write_all(b"GET /login HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    let mut told = Vec::new();
    let _ = plain.read_to_end(&mut told).await;
    assert!(!String::from_utf8_lossy(&told).contains("HTTP"));
    drop(stop);
    running.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_restart_and_a_broken_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let first = certified(folder.path(), |_| ());
    let house = House::staffed().await;
    let tls = Tls::open(&files(folder.path())).unwrap();
    let port = Port::of(&house, |front| front.tls = Some(tls)).await;
    // A client of its own each time: one that was there before takes up where it was.
    let believes = |trusted: &CertificateDer<'static>| connector(trusted, &version::TLS13);
    asked(&believes(&first), port.address, "/health")
        .await
        .unwrap();
    // Half of a renewal, or a mistake: the one before stays.
    fs::write(folder.path().join("chain.pem"), "no certificate").unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    asked(&believes(&first), port.address, "/health")
        .await
        .unwrap();
    let second = certified(folder.path(), |_| ());
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        if asked(&believes(&second), port.address, "/health")
            .await
            .is_ok()
        {
            let first = believes(&first);
            assert!(asked(&first, port.address, "/health").await.is_err());
            return;
        }
    }
    panic!("the renewed certificate was never shown");
}

#[tokio::test]
async fn whoever_begins_no_handshake_is_let_go() {
    let folder = tempfile::tempdir().unwrap();
    certified(folder.path(), |_| ());
    let house = House::staffed().await;
    let tls = Tls::open(&files(folder.path())).unwrap();
    let port = Port::of(&house, |front| {
        front.tls = Some(tls);
        front.limits.handshake = Duration::from_millis(300);
    })
    .await;
    let mut silent = TcpStream::connect(port.address).await.unwrap();
    let mut told = Vec::new();
    let closed = silent.read_to_end(&mut told);
    let closed = tokio::time::timeout(Duration::from_secs(5), closed).await;
    assert!(closed.is_ok(), "it is still open");
}

/// What is said of files after something was done to them: which file, what.
fn said(spoil: impl FnOnce(&TempDir)) -> (String, String, String) {
    let folder = tempfile::tempdir().unwrap();
    certified(folder.path(), |_| ());
    spoil(&folder);
    let problem = read(&files(folder.path()), Timestamp::now()).unwrap_err();
    assert!(!problem.remedy.is_empty());
    let file = Path::new(&problem.place).file_name().unwrap();
    let file = file.to_string_lossy().into_owned();
    (file, problem.problem.clone(), problem.value.clone())
}

#[test]
fn what_is_wrong_with_a_certificate_is_said_with_its_file() {
    let (file, what, value) = said(|folder| {
        certified(folder.path(), |params| {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        });
    });
    assert_eq!(
        (file.as_str(), what.as_str()),
        ("chain.pem", "the certificate has expired")
    );
    assert!(value.starts_with("2021-01-01"), "{value}");
    let (file, what, _) = said(|folder| {
        certified(folder.path(), |params| {
            params.not_before = date_time_ymd(2099, 1, 1);
            params.not_after = date_time_ymd(2100, 1, 1);
        });
    });
    assert_eq!(
        (file.as_str(), what.as_str()),
        ("chain.pem", "the certificate is not valid yet")
    );
    let write = |name: &'static str, text: &'static str| {
        move |folder: &TempDir| fs::write(folder.path().join(name), text).unwrap()
    };
    let (file, what, _) = said(write("chain.pem", "nothing"));
    assert_eq!(
        (file.as_str(), what.as_str()),
        ("chain.pem", "holds no certificate")
    );
    let (file, what, _) = said(write("key.pem", "nothing"));
    assert_eq!(
        (file.as_str(), what.as_str()),
        ("key.pem", "holds no private key")
    );
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let (file, what, _) = said(write("chain.pem", broken));
    assert_eq!(
        (file.as_str(), what.as_str()),
        ("chain.pem", "holds a certificate that cannot be read")
    );
    let (file, what, _) = said(|folder| {
        let other = KeyPair::generate().unwrap().serialize_pem();
        fs::write(folder.path().join("key.pem"), other).unwrap();
    });
    assert_eq!(file, "key.pem");
    assert!(
        what.contains("is not the key of the first certificate"),
        "{what}"
    );
    let (file, what, value) = said(|folder| {
        let key = folder.path().join("key.pem");
        fs::set_permissions(key, fs::Permissions::from_mode(0o640)).unwrap();
    });
    assert_eq!(
        (file.as_str(), what.as_str(), value.as_str()),
        ("key.pem", "may be read by others", "mode 640")
    );
}
