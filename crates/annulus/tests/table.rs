//! `annulus table serve` as whoever starts it meets it; its registers are tested in `table`.

use crate::run::{annulus, command};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

fn refused(more: &[&str]) -> Value {
    let args = [&["table", "serve", "--format", "json"], more].concat();
    let problem = annulus(&args).problem();
    for part in ["place", "problem", "remedy"] {
        let said = problem[part].as_str().unwrap_or_default();
        assert!(!said.is_empty(), "{more:?} says no {part}: {problem}");
    }
    problem
}

fn at(problem: &Value) -> &str {
    problem["place"].as_str().expect("text")
}

/// hazard: H25
#[test]
fn an_address_that_is_none_or_open_to_others_is_refused() {
    for (address, code) in [
        ("127.0.0.1:1502", "modbus-address"),
        ("tcp://localhost:1502", "modbus-address"),
        ("tcp://127.0.0.1", "modbus-address"),
        ("tcp://127.0.0.1:99999", "modbus-address"),
        ("rtu://ttyUSB0", "modbus-address"),
        ("rtu:///dev/ttyUSB0?baud=300", "modbus-address"),
        ("tcp://0.0.0.0:0", "modbus-open"),
        ("tcp://192.0.2.1:1502", "modbus-open"),
        ("rtu:///nowhere/tty", "modbus-unusable"),
    ] {
        let problem = refused(&["--modbus", address]);
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(
            (&problem["place"], &problem["value"]),
            (&"--modbus".into(), &address.into())
        );
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("tcp://{}", taken.local_addr().expect("its address"));
    let problem = refused(&["--modbus", &address]);
    assert_eq!(
        (&problem["code"], &problem["value"]),
        (&"modbus-unusable".into(), &address.into())
    );
}

#[test]
fn arguments_that_it_does_not_know_serve_nothing() {
    let address = ["--modbus", "tcp://127.0.0.1:0"];
    for (more, place) in [
        (["--region", "thoracic"], "--region"),
        (["--seed", "many"], "--seed"),
    ] {
        let problem = refused(&[&address[..], &more].concat());
        assert!(at(&problem).starts_with(place), "{problem}");
    }
    let problem = refused(&[]);
    assert!(at(&problem).starts_with("--modbus"), "{problem}");
}

/// A table that serves, and where.
struct Served {
    child: Child,
    at: String,
}

impl Served {
    fn start(more: &[&str]) -> Self {
        let args = ["table", "serve", "--modbus", "tcp://127.0.0.1:0"];
        let mut child = command(&[&args, more].concat())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut line = String::new();
        let told = child.stderr.take().expect("it was piped");
        BufReader::new(told)
            .read_line(&mut line)
            .expect("it says where it serves");
        let (_, address) = line
            .split_once("tcp://")
            .unwrap_or_else(|| panic!("no address: {line}"));
        let end = address.find(|c: char| !(c.is_ascii_digit() || ".:".contains(c)));
        let at = address[..end.unwrap_or(address.len())].to_owned();
        Self { child, at }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It has ended where the test ended it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first 14 registers, by a frame of Modbus TCP that is written by hand.
fn registers(at: &str) -> Vec<u16> {
    let mut line = TcpStream::connect(at).expect("it listens");
    let ask = [0, 7, 0, 0, 0, 6, 1, 3, 0, 0, 0, 14];
    line.write_all(&ask).expect("it is sent");
    let mut answer = [0; 9 + 28];
    line.read_exact(&mut answer).expect("an answer");
    assert_eq!(answer[..9], [0, 7, 0, 0, 0, 31, 1, 3, 28]);
    let words = answer[9..].chunks(2);
    words
        .map(|word| u16::from_be_bytes([word[0], word[1]]))
        .collect()
}

/// The same once the table ticks: it says where it serves before that, a cell reads nothing
/// until then, and a fault begins with the first tick.
fn ticking(at: &str) -> Vec<u16> {
    for _ in 0..2_000 {
        let read = registers(at);
        if read[2] > 2 {
            return read;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("it never ticks");
}

#[test]
fn it_answers_a_stranger_and_ends_at_sigterm() {
    let mut served = Served::start(&[]);
    let read = ticking(&served.at);
    assert_eq!(read[..2], [0x5452, 1], "magic and version");
    assert_ne!(read[4], 0x8000, "a whole cell is read");
    let id = served.child.id().to_string();
    let kill = Command::new("kill").args(["-TERM", &id]).status();
    assert!(kill.expect("kill runs").success());
    let status = served.child.wait().expect("it ends");
    assert_eq!(status.code(), Some(0));
    assert!(
        TcpStream::connect(&served.at).is_err(),
        "nobody serves any more"
    );
}

/// hazard: H2, H11
#[test]
fn a_table_is_served_with_the_faults_that_are_named_and_with_no_other_name() {
    let served = Served::start(&["--fault", "cell-a-lost", "--fault", "pole-a-open"]);
    let read = ticking(&served.at);
    assert_eq!(read[4..6], [0x8000, 0], "the first cell is not read");
    assert_ne!(read[6], 0x8000, "the second is");
    assert_eq!(read[13] & 0b11, 0b10, "the first pole is open");
    for name in ["", "cell-a", "Cell-A-Lost", "cell-a-lost,pole-a-open"] {
        let problem = refused(&["--modbus", "tcp://127.0.0.1:0", "--fault", name]);
        assert_eq!(
            (&problem["place"], &problem["value"]),
            (&"--fault".into(), &name.into())
        );
        let remedy = problem["remedy"].as_str().expect("text");
        assert!(remedy.contains("cell-a-lost"), "{remedy}");
    }
}
