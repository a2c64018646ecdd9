//! Masters of other makers against our table, on TCP and on a pair of terminals:
//! mbpoll (libmodbus) and pymodbus. And our own client on the terminals.

use super::tools::{Pair, has, has_socat, prepared};
use serde_json::{Value, json};
use si::Region;
use std::path::PathBuf;
use std::process::Command;
use table::Table as _;
use table::modbus::{Address, ModbusTable, Served, Server};
use table::simulated::{Options, SimulatedTable};

fn serve(address: &Address) -> Server {
    let table = SimulatedTable::new(Options::lumped([7; 16], 1)).expect("a table");
    let served = Served::new(Box::new(table), Region::Lumbar).expect("its numbers fit");
    Server::start(address, served).expect("it serves")
}

fn tcp() -> Server {
    serve(&"tcp://127.0.0.1:0".parse().expect("an address"))
}

fn port(server: &Server) -> String {
    server.at().expect("a port").port().to_string()
}

fn has_mbpoll() -> bool {
    has("mbpoll", &["-V"])
}

/// Debian's own Python, which has Debian's pymodbus.
const PYTHON: &str = "/usr/bin/python3";

fn has_pymodbus() -> bool {
    has(PYTHON, &["-c", "import pymodbus.client"])
}

fn mbpoll(line: &[&str], rest: &[&str]) -> (bool, String) {
    let output = Command::new("mbpoll")
        .args(line)
        .args(["-a", "1", "-0", "-1"])
        .args(rest)
        .output()
        .expect("mbpoll runs");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    (output.status.success(), said)
}

/// mbpoll reads the block and is refused where there is none.
fn polled(line: &[&str], place: &str) {
    let (good, said) = mbpoll(line, &["-r", "0", "-c", "21", "-t", "4:hex", place]);
    assert!(good, "{said}");
    assert!(said.contains("0x5452"), "no magic in {said}");
    let (good, said) = mbpoll(line, &["-r", "60", "-c", "2", "-t", "4", place]);
    assert!(!good || said.contains("Illegal"), "{said}");
}

fn pymodbus(kind: &str, place: &str) -> Value {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/modbus/peer.py");
    let output = Command::new(PYTHON)
        .arg(script)
        .args([kind, place])
        .output()
        .expect("Python runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

/// What pymodbus must have found on either line.
fn found() -> Value {
    json!({
        "magic": 0x5452, "fixed_sum": true, "asked": 0x1234,
        "driven": 5, "stale": 3,
        "off": 0, "outside": 2, "single": 1, "after": 0,
    })
}

#[test]
fn mbpoll_reads_the_table_on_tcp() {
    if has_mbpoll() {
        let server = tcp();
        polled(&["-m", "tcp", "-p", &port(&server)], "127.0.0.1");
    }
}

#[test]
fn pymodbus_reads_drives_and_lets_go_on_tcp() {
    if has_pymodbus() {
        let server = tcp();
        assert_eq!(pymodbus("tcp", &port(&server)), found());
        // What pymodbus drove has moved.
        let travel = server.with(|served| served.table().read().travel);
        assert!(
            travel.is_some_and(|travel| travel.value > 1e-4),
            "{travel:?}"
        );
    }
}

#[test]
fn mbpoll_reads_the_table_on_a_serial_line() {
    if has_mbpoll() && has_socat() {
        let pair = Pair::new();
        let _server = serve(&pair.address(1));
        let end = pair.ends[0].display().to_string();
        polled(&["-m", "rtu", "-b", "115200", "-P", "none"], &end);
    }
}

#[test]
fn pymodbus_reads_drives_and_lets_go_on_a_serial_line() {
    if has_pymodbus() && has_socat() {
        let pair = Pair::new();
        let _server = serve(&pair.address(1));
        let end = pair.ends[0].display().to_string();
        assert_eq!(pymodbus("rtu", &end), found());
    }
}

#[test]
fn our_own_client_prepares_and_reads_on_a_serial_line() {
    if has_socat() {
        let pair = Pair::new();
        let _server = serve(&pair.address(1));
        let mut table = ModbusTable::connect(&pair.address(0)).expect("it answers");
        let setup = prepared(&mut table, Region::Lumbar).expect("a good line");
        assert_eq!((setup.harness, setup.watchdog_ms), (Region::Lumbar, 200));
        assert!(table.read().force_a.is_some());
    }
}
