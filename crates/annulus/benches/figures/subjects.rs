//! What is measured: whole commands here, calls by the crates' own criterion benches.

use crate::measure::{Figure, Source, estimate, root, timed};
use crate::wire::Wire;
use crate::{campaign, ensemble};
use console::clinic::{Clinic, ClinicOptions, Settings};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_annulus");
const RUNS: usize = 5;

/// The figure that only the long form measures.
pub(crate) const CLONE: &str = "clone, release build, first page served";

/// Every figure, in the order of the issue.
pub(crate) fn all() -> Vec<Figure> {
    let mut figures = Vec::new();
    if std::env::var_os("ANNULUS_LONG").is_some() {
        figures.push(Figure::time(CLONE, 600.0, 1, clone_to_page));
    }
    figures.push(Figure::estimated(
        "screening with all rules, a day's cohort",
        Source::Rate(20_000.0),
        estimate("screening/cohort"),
    ));
    figures.push(Figure::estimated(
        "the next questions, with the decision on an empty chart",
        Source::Time(0.001),
        estimate("screening/empty"),
    ));
    figures.push(Figure::estimated(
        "knowledge loaded and checked",
        Source::Time(0.050),
        estimate("knowledge_load and check"),
    ));
    figures.push(Figure::time("`annulus demo`", 3.0, RUNS, demo));
    figures.push(Figure::estimated(
        "1 MB bundle imported",
        Source::Time(0.050),
        estimate("import/one megabyte"),
    ));
    figures.push(Figure::estimated(
        "20-minute session simulated at every tick, with its black box",
        Source::Time(3.0),
        estimate("session_20_min"),
    ));
    figures.push(Figure::estimated(
        "the same with the whole spine on the table",
        Source::Time(3.0),
        estimate("session_20_min_whole"),
    ));
    figures.push(Figure::time(
        "server start to its first page",
        0.300,
        RUNS,
        || server_start(BINARY),
    ));
    for (name, writers) in [
        ("one writer", "append/1_writers"),
        ("8 writers", "append/8_writers"),
    ] {
        let name = format!("durable journal appends, {name}");
        figures.push(Figure::estimated(
            &name,
            Source::Rate(500.0),
            estimate(writers),
        ));
    }
    figures.extend(spine());
    figures.push(Figure::estimated(
        "controller and guard, a tick",
        Source::Time(2e-6),
        estimate("session_119000_ticks").map(|seconds| seconds / 119_000.0),
    ));
    figures.extend(campaign::speeds());
    figures
}

/// What one instant of a spine, or a session of many, costs.
fn spine() -> Vec<Figure> {
    let figure = |name: &str, bench: &str, calls: f64, [most, better]: [f64; 2]| {
        let seconds = estimate(bench).map(|seconds| seconds / calls);
        Figure::estimated(name, Source::Time(most), seconds).stretch(better)
    };
    vec![
        ensemble::exact(
            figure(
                "20-minute lumbar session of 200 spines predicted on one core",
                "column_200_members",
                1.0,
                [0.100, 0.060],
            ),
            "band",
        ),
        ensemble::exact(
            figure(
                "the same of one spine",
                "column_one_spine",
                1.0,
                [0.010, 0.006],
            ),
            "one",
        ),
        figure(
            "simulated patient, a tick of a session",
            "column_patient_1000_ticks",
            1000.0,
            [20e-6, 12e-6],
        ),
        figure(
            "lumped patient, a tick of a campaign, lumbar",
            "lumped_lumbar_1000_ticks",
            1000.0,
            [2e-6, 1e-6],
        ),
        figure(
            "lumped patient, a tick of a campaign, cervical",
            "lumped_cervical_1000_ticks",
            1000.0,
            [2e-6, 1e-6],
        ),
    ]
}

fn demo() -> Duration {
    timed(|| {
        let status = Command::new(BINARY)
            .arg("demo")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(
            status.expect("the binary runs").success(),
            "annulus demo failed"
        );
    })
}

/// From the start of the process to the login page, in a store that exists.
fn server_start(binary: &str) -> Duration {
    let folder = tempfile::tempdir().expect("a folder");
    let args = ["--demo", "--data", &folder.path().display().to_string()].map(str::to_owned);
    end(&mut serve(binary, &args).0);
    let config = folder.path().join("annulus.toml");
    std::fs::write(&config, CLINIC).expect("the settings are written");
    let data = args[2].clone();
    let args = [
        "--data".to_owned(),
        data,
        "--config".to_owned(),
        config.display().to_string(),
    ];
    let start = Instant::now();
    let (mut child, ready) = serve(binary, &args);
    fetch(address(&ready));
    let took = start.elapsed();
    end(&mut child);
    took
}

/// A clinic of its own: without --demo no password is hashed at the start.
const CLINIC: &str = "[clinic]
name = \"Bench\"
phone = \"0\"
on_call = [\"nobody\"]
[clinic.emergency]
number = \"0\"
hospital = \"none\"
address = \"none\"
";

/// Starts a server on a free port and waits until it says where it listens, and to whom.
pub(crate) fn serve(binary: &str, args: &[String]) -> (Child, serde_json::Value) {
    let mut child = Command::new(binary)
        .args(["serve", "--listen", "127.0.0.1:0", "--format", "json"])
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let out = child.stdout.take().expect("it was piped");
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line).expect("a line");
    (
        child,
        serde_json::from_str(&line).expect("one line of JSON"),
    )
}

/// The store of a demonstration that nobody serves.
pub(crate) async fn store(folder: &Path) -> Clinic {
    let options = ClinicOptions {
        home: folder.into(),
        key: None,
        demo: true,
        settings: Settings::default(),
        knowledge: None,
        serve: false,
        new_key: false,
    };
    Clinic::open(options).await.expect("the store")
}

/// Where a server that was started listens: host and port.
pub(crate) fn address(ready: &serde_json::Value) -> &str {
    let url = ready["url"].as_str().expect("an address");
    url.trim_start_matches("http://").trim_end_matches('/')
}

/// The login page.
fn fetch(address: &str) {
    let mut wire = Wire::open(address).expect("the server listens");
    let request = format!("GET /login HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let answer = wire.send(request.as_bytes()).expect("it answers");
    assert_eq!(answer.status, 200);
}

pub(crate) fn end(child: &mut Child) {
    child.kill().expect("it can be ended");
    child.wait().expect("it ends");
}

/// A clone of this tree, and in it the README's first command, to the first page it serves.
fn clone_to_page() -> Duration {
    let folder = tempfile::tempdir_in(root().join("target")).expect("a folder");
    let clone = folder.path().join("annulus");
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr());
    let address = port.expect("a free port").to_string();
    let start = Instant::now();
    let cloned = Command::new("git")
        .args(["clone", "--quiet"])
        .arg(root())
        .arg(&clone)
        .status();
    assert!(cloned.expect("git runs").success());
    let mut run = Command::new("make")
        .arg("run")
        .current_dir(&clone)
        .env_remove("CARGO_TARGET_DIR")
        .env("ANNULUS_LISTEN", &address)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("make runs");
    while std::net::TcpStream::connect(&address).is_err() {
        assert!(
            run.try_wait().expect("it is ours").is_none(),
            "make run ended early"
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    fetch(&address);
    let took = start.elapsed();
    let stopped = Command::new("pkill")
        .args(["-INT", "-P", &run.id().to_string()])
        .status();
    assert!(stopped.expect("pkill runs").success());
    run.wait().expect("make ends");
    took
}
