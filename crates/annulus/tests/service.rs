//! The two processes and the journal behind them, as an operator meets them.

use crate::run::{Folder, annulus, command};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

/// A demonstration server that has printed its address.
pub(crate) struct Server {
    child: Child,
    ready: Value,
}

impl Server {
    fn start(data: &str) -> Self {
        Self::of(command(&[
            "serve",
            "--demo",
            "--data",
            data,
            "--listen",
            "127.0.0.1:0",
            "--format",
            "json",
        ]))
    }

    pub(crate) fn of(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let mut line = String::new();
        let out = child.stdout.take().expect("it was piped");
        BufReader::new(out)
            .read_line(&mut line)
            .expect("it says that it is ready");
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        Self { child, ready }
    }

    /// Ends it as an operator does, and gives its status.
    pub(crate) fn stop(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        let mut kill = Command::new("kill");
        let sent = kill.args(["-TERM", &id]).status().expect("kill runs");
        assert!(sent.success());
        self.child.wait().expect("it ends").code()
    }

    /// The process, and what it said when it was ready.
    pub(crate) fn parts(self) -> (Child, Value) {
        (self.child, self.ready)
    }

    fn passwords(&self) -> Vec<String> {
        let logins = self.ready["logins"].as_array().expect("logins");
        logins
            .iter()
            .map(|login| login["password"].as_str().expect("text").to_owned())
            .collect()
    }
}

#[test]
fn a_second_run_keeps_the_store_and_prints_fresh_passwords() {
    let folder = Folder::new();
    let data = folder.at("var");
    let first = Server::start(&data);
    let old = first.passwords();
    assert_eq!(first.stop(), Some(0));
    let events = |data: &str| {
        annulus(&["journal", "export", "--data", data])
            .out
            .lines()
            .count()
    };
    let before = events(&data);
    let second = Server::start(&data);
    let new = second.passwords();
    assert_eq!(second.stop(), Some(0));
    assert_eq!(old.len(), new.len());
    assert!(
        old.iter().all(|password| !new.contains(password)),
        "a password was used again"
    );
    let registered = annulus(&["journal", "export", "--data", &data])
        .out
        .matches("\"registered\"")
        .count();
    assert_eq!(registered, 6, "the second run reuses the six patients");
    assert!(events(&data) > before, "the new passwords are events, too");
}

#[test]
fn a_taken_port_is_an_error_with_its_remedy() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let folder = Folder::new();
    let data = folder.at("var");
    let args = [
        "serve", "--demo", "--data", &data, "--listen", &address, "--format", "json",
    ];
    let problem = annulus(&args).problem();
    assert!(
        problem["value"]
            .as_str()
            .expect("a value")
            .contains(&address),
        "{problem}"
    );
    assert!(
        problem["remedy"]
            .as_str()
            .is_some_and(|remedy| !remedy.is_empty()),
        "{problem}"
    );
    assert!(
        !std::path::Path::new(&data).join("journal.sqlite").exists(),
        "nothing was made"
    );
}

#[test]
fn an_address_open_to_others_needs_a_proxy_in_front() {
    let folder = Folder::new();
    let data = folder.at("var");
    let args = [
        "serve",
        "--demo",
        "--data",
        &data,
        "--listen",
        "0.0.0.0:0",
        "--format",
        "json",
    ];
    let problem = annulus(&args).problem();
    assert!(
        problem["remedy"]
            .as_str()
            .expect("text")
            .contains("--behind-proxy"),
        "{problem}"
    );
}

#[test]
fn a_certificate_and_its_key_open_an_address_to_others() {
    let folder = Folder::new();
    let data = folder.at("var");
    let key = rcgen::KeyPair::generate().expect("a key");
    let params = rcgen::CertificateParams::new(vec!["clinic.example".to_owned()]);
    let certificate = params.expect("a name").self_signed(&key).expect("signed");
    let chain = folder.write("chain.pem", certificate.pem().as_bytes());
    let secret = folder.write("key.pem", key.serialize_pem().as_bytes());
    let mode = |mode| std::fs::set_permissions(&secret, PermissionsExt::from_mode(mode));
    let args = [
        "serve",
        "--demo",
        "--data",
        &data,
        "--listen",
        "0.0.0.0:0",
        "--tls-certificate",
        &chain,
        "--format",
        "json",
    ];
    assert_eq!(annulus(&args).problem()["place"], "tls_key");
    let args = [&args[..], &["--tls-key", &secret]].concat();
    mode(0o644).expect("set");
    assert_eq!(annulus(&args).problem()["code"], "secret-is-open");
    let made = std::path::Path::new(&data).exists();
    assert!(!made, "nothing is made for a certificate that is refused");
    mode(0o600).expect("set");
    let server = Server::of(command(&args));
    let url = server.ready["url"].as_str().expect("text").to_owned();
    assert!(url.starts_with("https://"), "{url}");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_proxy_that_is_named_wrong_or_for_nothing_is_refused() {
    let folder = Folder::new();
    let data = folder.at("var");
    let serve = ["serve", "--demo", "--data", &data, "--format", "json"];
    for more in [
        &["--proxy-address", "10.0.0.5"][..],
        &["--behind-proxy", "--proxy-address", "10.0.0.0/40"],
    ] {
        let problem = annulus(&[&serve[..], more].concat()).problem();
        assert_eq!(problem["code"], "proxy-address", "{problem}");
    }
}

#[test]
fn the_journal_verifies_rebuilds_to_the_same_rows_and_exports_every_event() {
    let folder = Folder::new();
    let data = folder.at("var");
    assert_eq!(Server::start(&data).stop(), Some(0));
    let report = annulus(&["journal", "verify", "--data", &data, "--format", "json"]).json();
    assert_eq!(report["sound"], true, "{report}");
    assert_eq!(
        report["unproven"], 0,
        "a checkpoint is signed on shutdown: {report}"
    );
    let rebuilt = annulus(&["journal", "rebuild", "--data", &data, "--format", "json"]).json();
    assert_eq!(rebuilt["changed"], 0, "{rebuilt}");
    let export = annulus(&["journal", "export", "--data", &data]);
    let events = export
        .out
        .lines()
        .filter(|line| line.contains("\"sequence\""))
        .count();
    assert_eq!(events as u64, report["events"].as_u64().expect("a count"));
}

/// Whether a file of the store already holds these bytes.
fn stored(data: &str, word: &[u8]) -> bool {
    let files = std::fs::read_dir(data).expect("the folder");
    files.flatten().any(|entry| {
        let journal = entry.file_name().to_string_lossy().starts_with("journal");
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        journal && bytes.windows(word.len()).any(|window| window == word)
    })
}

#[test]
fn a_server_learns_by_itself_from_the_sessions_that_it_finds() {
    let folder = Folder::new();
    let data = folder.at("var");
    let server = Server::start(&data);
    let mut tries = (0..120).map(|_| std::thread::sleep(std::time::Duration::from_millis(500)));
    assert!(tries.any(|()| stored(&data, b"spine-learned")));
    assert_eq!(server.stop(), Some(0));
    let report = annulus(&["journal", "verify", "--data", &data, "--format", "json"]).json();
    assert_eq!(report["sound"], true, "{report}");
    let export = annulus(&["journal", "export", "--data", &data]);
    let lessons = export
        .out
        .lines()
        .filter(|line| line.contains("spine-learned"));
    assert!(lessons.count() >= 1);
}

#[test]
fn an_altered_event_is_found_and_named() {
    let folder = Folder::new();
    let data = folder.at("var");
    assert_eq!(Server::start(&data).stop(), Some(0));
    let path = std::path::Path::new(&data).join("journal.sqlite");
    let mut bytes = std::fs::read(&path).expect("the store is there");
    let word = b"expected-soreness";
    let place = bytes
        .windows(word.len())
        .position(|window| window == word)
        .expect("a triage is stored");
    bytes[place..place + 8].copy_from_slice(b"imagined");
    std::fs::write(&path, bytes).expect("it is written");
    let verified = annulus(&["journal", "verify", "--data", &data]);
    assert_eq!(verified.status, 1, "{}", verified.out);
    assert!(
        verified.out.contains("WRONG") || verified.err.contains("stream"),
        "{}",
        verified.err
    );
}

#[test]
fn the_demonstration_goes_the_whole_way_round() {
    let demo = annulus(&["demo", "--format", "json"]).json();
    let patients = demo["patients"].as_array().expect("patients");
    let standing = |word: &str| {
        patients
            .iter()
            .filter(|p| p["standing"].as_str().is_some_and(|s| s.contains(word)))
            .count()
    };
    assert!(
        standing("cleared") >= 1 && standing("refuse") == 1 && standing("evaluate-first") == 1,
        "{demo}"
    );
    assert_eq!(standing("suspended"), 1, "the alarming check-in suspends");
    let longest = patients[0]["timeline"].to_string();
    for kind in [
        "record-imported",
        "decided",
        "plan-signed",
        "session-ended",
        "triaged",
        "reviewed",
    ] {
        assert!(longest.contains(kind), "the longest way lacks {kind}");
    }
}

pub(crate) const CLINIC: &str = "[clinic]
name = \"Quay Street Clinic\"
phone = \"555-0150\"
on_call = [\"A. Practitioner, 555-0151\"]
[clinic.emergency]
number = \"112\"
hospital = \"General Hospital\"
address = \"1 Example Road\"
";

#[test]
fn a_clinic_that_says_nobody_to_call_does_not_start() {
    let folder = Folder::new();
    let data = folder.at("var");
    let args = [
        "serve",
        "--data",
        &data,
        "--listen",
        "127.0.0.1:0",
        "--format",
        "json",
    ];
    let problem = annulus(&args).problem();
    assert_eq!(problem["code"], "clinic-unnamed");
    assert!(!std::path::Path::new(&data).exists(), "nothing was made");
}

#[test]
fn the_first_account_of_a_new_clinic_has_a_door() {
    let folder = Folder::new();
    let (data, config) = (
        folder.at("var"),
        folder.write("annulus.toml", CLINIC.as_bytes()),
    );
    let add = |login: &str, role: &str| {
        annulus(&[
            "user",
            "add",
            login,
            "--name",
            "Ada Pryce",
            "--role",
            role,
            "--data",
            &data,
        ])
    };
    let added = add("ada", "administrator");
    assert_eq!(added.status, 0, "{}", added.err);
    let password = added
        .out
        .trim()
        .strip_prefix("ada ")
        .expect("login and password")
        .to_owned();
    assert!(password.len() >= 16, "{password}");
    assert_eq!(
        add("bob", "patient").status,
        2,
        "a patient is no member of staff"
    );
    assert_ne!(
        add("ada", "administrator").status,
        0,
        "a login is given once"
    );
    let serve = [
        "serve",
        "--data",
        &data,
        "--listen",
        "127.0.0.1:0",
        "--format",
        "json",
        "--config",
        &config,
    ];
    let server = Server::of(command(&serve));
    assert_eq!(
        server.ready["logins"],
        serde_json::json!([]),
        "a real clinic prints no password"
    );
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_bedside_runs_a_signed_session_for_the_command_line_once() {
    let folder = Folder::new();
    let signed = crate::path::signed_in(&folder);
    let (key, state, socket) = (
        folder.at("demo.key"),
        folder.at("state"),
        folder.at("bedside.sock"),
    );
    let public = format!("{key}.pub");
    let bedside = [
        "bedside",
        "--simulated",
        "--speed",
        "60",
        "--state",
        &state,
        "--socket",
        &socket,
        "--clinic-key",
        &public,
    ];
    let mut child = command(&bedside)
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    while !std::path::Path::new(&socket).exists() {
        assert!(
            child.try_wait().expect("it is ours").is_none(),
            "the bedside ended early"
        );
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let start = crate::run::example("start");
    let args = [
        "treat",
        &signed,
        "--facts",
        &start,
        "--bedside",
        &socket,
        "--key",
        &key,
        "--format",
        "json",
    ];
    let kept = folder.at("session.frames");
    let session = annulus(&[&args[..], &["--recording", &kept]].concat()).json();
    assert_eq!(session["summary"]["completed"], true, "{session}");
    let told = annulus(&["replay", &kept, "--key", &public, "--format", "json"]).json();
    assert_eq!(told["signature"], "verified", "{told}");
    let again = annulus(&args).problem();
    assert!(
        again["problem"]
            .as_str()
            .is_some_and(|text| !text.is_empty()),
        "a nonce opens one session: {again}"
    );
    assert!(
        Command::new("kill")
            .args(["-TERM", &child.id().to_string()])
            .status()
            .expect("kill")
            .success()
    );
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

/// hazard: H16
#[test]
fn a_measurement_of_the_loop_tells_every_figure_as_json() {
    let args = ["bedside", "--simulated", "--measure", "2", "--load", "0"];
    let told = annulus(&[&args[..], &["--format", "json"]].concat()).json();
    assert_eq!((&told["seconds"], &told["load"]), (&2.into(), &0.into()));
    for thread in ["guard", "controller"] {
        let of = &told[thread];
        let figure = |name: &str| of[name].as_u64().unwrap_or_else(|| panic!("{name}: {of}"));
        assert!(figure("wakes") > 0, "{told}");
        let rising = ["p50_us", "p99_us", "p999_us"].map(figure);
        assert!(rising.is_sorted(), "{of}");
        assert!(
            figure("max_us") > 0 && figure("missed") <= figure("wakes"),
            "{of}"
        );
        assert!(of["memory_locked"].is_boolean(), "{of}");
    }
    for (part, name) in [("alone", "alone"), ("alone", "lowered")] {
        assert!(told[part][name].is_u64(), "{told}");
    }
    assert!(told["lost_frames"].is_u64(), "{told}");
    let known = |name: &str, all: &[&str]| all.contains(&told[name].as_str().unwrap_or(""));
    assert!(
        known("memory", &["locked", "present", "unlocked"]),
        "{told}"
    );
    assert!(known("scheduling", &["fifo", "nice", "plain"]), "{told}");
    assert!(
        told["latch"].is_null() || told["latch"].is_string(),
        "{told}"
    );
    let problem = annulus(&[
        "bedside",
        "--simulated",
        "--measure",
        "0",
        "--format",
        "json",
    ]);
    assert_eq!(problem.problem()["code"], "measure-seconds");
}
