//! A line that lies, on TCP and on RTU: no old value is told as a young one, no
//! write has an effect twice or after a younger one, and nothing panics.
//!
//! What is compared holds at any load: the age that is told is never below the
//! true one, which the instrument knows.

use super::probe::{Probe, Seen};
use super::proxy::{Lies, Proxy};
use super::tools::{Pair, has_socat};
use si::Region;
use std::io::Write as _;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use table::Table as _;
use table::modbus::{Address, ModbusTable, Served, Server};
use table::rng::Rng;
use traction::input::Switch;
use traction::{Drive, MetresPerSecond, Setup};

/// Loops of 10 ms that a run has.
const ROUNDS: i64 = 250;
/// Whole milliseconds are told twice on the way, each rounded down.
const ROUNDING: Duration = Duration::from_millis(2);

fn instrument(address: &Address) -> (Server, Arc<Mutex<Seen>>) {
    let probe = Probe::new(Setup::simulated(Region::Lumbar));
    let seen = Arc::clone(&probe.seen);
    let served = Served::new(Box::new(probe), Region::Lumbar).expect("its numbers fit");
    (Server::start(address, served).expect("it serves"), seen)
}

fn tcp() -> Address {
    "tcp://127.0.0.1:0".parse().expect("an address")
}

/// Reads and commands like the loop does; each command is a velocity of its own.
/// Answers how many readings were young.
fn run(mut table: ModbusTable, seen: &Mutex<Seen>) -> usize {
    let mut young = 0;
    for round in 0..ROUNDS {
        // A table that let go is told off first, as the guard would.
        let torque = round % 40 != 0;
        let velocity = MetresPerSecond::raw(round as f64 * 1e-6);
        let before = Instant::now();
        let sensors = table.read();
        if let Some(travel) = sensors.travel {
            let index = (travel.value * 1e6).round() as usize;
            let made = seen.lock().expect("whole").made.get(index).copied();
            let made = made.expect("a reading that the instrument made");
            let truly = before.saturating_duration_since(made);
            let told = Duration::from_millis(u64::from(travel.age_ms)) + ROUNDING;
            assert!(truly <= told, "{truly:?} old and told as {told:?}");
            young += usize::from(travel.age_ms <= 30);
        }
        // A drive that does not take a command is the guard's to answer.
        let _ = table.apply(Drive { velocity, torque });
        std::thread::sleep(Duration::from_millis(10));
    }
    young
}

/// Velocities rose with the loop, so an older one after a younger one is a write out of its time.
fn each_write_once(seen: &Mutex<Seen>) -> usize {
    let seen = seen.lock().expect("whole");
    for pair in seen.told.windows(2) {
        assert!(pair[0].0 < pair[1].0, "{:?} then {:?}", pair[0], pair[1]);
    }
    seen.told.len()
}

#[test]
fn an_honest_line_carries_every_tick() {
    let (server, seen) = instrument(&tcp());
    let at = Address::Tcp(server.at().expect("a port"));
    let table = ModbusTable::connect(&at).expect("it answers");
    let young = run(table, &seen);
    assert!(young > 0, "no reading was young");
    assert!(each_write_once(&seen) > 0, "no velocity arrived");
}

#[test]
fn a_lying_tcp_line_never_passes_old_for_young_nor_a_write_twice() {
    for seed in 1..=2 {
        let (server, seen) = instrument(&tcp());
        let lies = Lies::new(seed, 0.2);
        let (proxy, at) = Proxy::tcp(server.at().expect("a port"), lies);
        let table = ModbusTable::connect(&Address::Tcp(at)).expect("it answers in the end");
        run(table, &seen);
        each_write_once(&seen);
        assert!(proxy.lies.told() > 10, "the proxy told the truth");
    }
}

#[test]
fn a_lying_serial_line_never_passes_old_for_young_nor_a_write_twice() {
    if !has_socat() {
        return;
    }
    let (near, far) = (Pair::new(), Pair::new());
    let (_server, seen) = instrument(&far.address(1));
    let lies = Lies::new(3, 0.1);
    let proxy = Proxy::rtu([&near.ends[1], &far.ends[0]], lies);
    let table = ModbusTable::connect(&near.address(0)).expect("it answers in the end");
    run(table, &seen);
    each_write_once(&seen);
    assert!(proxy.lies.told() > 5, "the proxy told the truth");
}

#[test]
fn bytes_that_are_no_frames_move_nothing_and_end_nothing_else() {
    let (server, seen) = instrument(&tcp());
    let at = server.at().expect("a port");
    let mut rng = Rng::new(11);
    for _ in 0..60 {
        let mut master = TcpStream::connect(at).expect("a connection");
        let bytes: Vec<u8> = (0..40).map(|_| (rng.unit() * 256.0) as u8).collect();
        // Half of them look like Modbus for a while.
        let head: &[u8] = if rng.unit() < 0.5 {
            &[0, 1, 0, 0, 0, 40, 1, 23]
        } else {
            &[]
        };
        // The table may have closed it already.
        let _ = master.write_all(&[head, &bytes].concat());
    }
    let table = ModbusTable::connect(&Address::Tcp(at)).expect("it still answers");
    assert!(table.live().is_some(), "no reading");
    assert!(server.is_alive());
    assert!(seen.lock().expect("whole").told.is_empty(), "it moved");
}

#[test]
fn a_serial_line_that_carried_noise_answers_again() {
    if !has_socat() {
        return;
    }
    let pair = Pair::new();
    let (server, seen) = instrument(&pair.address(1));
    let noise: Vec<u8> = (0..=255).collect();
    std::fs::write(&pair.ends[0], &noise).expect("a terminal takes bytes");
    let table = ModbusTable::connect(&pair.address(0)).expect("it answers in the end");
    assert!(table.live().is_some(), "no reading");
    assert!(server.is_alive());
    assert!(seen.lock().expect("whole").told.is_empty(), "it moved");
}

/// hazard: H11
#[test]
fn a_switch_whose_inputs_answer_no_test_is_missing_over_modbus_too() {
    let (server, seen) = instrument(&tcp());
    let at = Address::Tcp(server.at().expect("a port"));
    let mut table = ModbusTable::connect(&at).expect("it answers");
    let reads = |table: &mut ModbusTable, wanted: Switch| {
        (0..500).any(|_| {
            std::thread::sleep(Duration::from_millis(10));
            table.read().switch == wanted
        })
    };
    assert!(
        reads(&mut table, Switch::RELEASED),
        "its tests are answered"
    );
    seen.lock().expect("no test panics under it").hangs = true;
    assert!(reads(&mut table, Switch::MISSING), "they are not any more");
    let (live, _) = table.live().expect("it answers all the same");
    assert_eq!(live.switch, Switch::RELEASED, "as it always reads");
}
