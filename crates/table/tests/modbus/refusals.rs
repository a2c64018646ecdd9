//! Tables that are not armed on: place, value, remedy.

use super::probe::Probe;
use super::proxy::{Lies, Proxy};
use super::tools::prepared;
use si::{Problem, Region};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;
use table::Table as _;
use table::modbus::codec::{Framing, Front, Reply, Request, Span, crc_of, frame, tcp_front};
use table::modbus::{Address, ModbusTable, Served, Server};
use traction::{Drive, MetresPerSecond, Setup};

fn serve(setup: Setup) -> (Server, Address) {
    let served = Served::new(Box::new(Probe::new(setup)), setup.harness).expect("its numbers fit");
    let address = "tcp://127.0.0.1:0".parse().expect("an address");
    let server = Server::start(&address, served).expect("it serves");
    let at = Address::Tcp(server.at().expect("a port"));
    (server, at)
}

fn armed_on(setup: Setup, region: Region) -> Result<Setup, Problem> {
    let (_server, at) = serve(setup);
    prepared(&mut ModbusTable::connect(&at)?, region)
}

#[test]
fn a_table_of_another_region_is_refused_by_its_register() {
    let problem = armed_on(Setup::simulated(Region::Cervical), Region::Lumbar)
        .expect_err("the harness is another");
    assert_eq!(
        (problem.code, problem.value.as_str()),
        ("table-region", "cervical")
    );
    assert!(problem.place.ends_with("register 40"), "{}", problem.place);
    assert!(problem.remedy.contains("harness"), "{}", problem.remedy);
}

#[test]
fn a_watchdog_that_reads_nought_or_too_slow_is_refused() {
    for (ms, value) in [(0, "0"), (301, "301")] {
        let setup = Setup {
            watchdog_ms: ms,
            ..Setup::simulated(Region::Lumbar)
        };
        let problem = armed_on(setup, Region::Lumbar).expect_err("no such watchdog");
        assert_eq!(
            (problem.code, problem.value.as_str()),
            ("table-watchdog", value)
        );
        assert!(problem.place.ends_with("register 14"), "{}", problem.place);
    }
}

#[test]
fn a_good_table_is_prepared_and_its_line_slows_the_pull() {
    let own = Setup::simulated(Region::Lumbar);
    let setup = armed_on(own, Region::Lumbar).expect("a good table");
    assert_eq!(setup.watchdog_ms, own.watchdog_ms);
    assert_eq!(setup.table_ceiling, own.table_ceiling);
    assert!(setup.reaction > own.reaction);
    let swept = |setup: &Setup| setup.pull_speed.get() * setup.reaction.get();
    assert!((swept(&setup) - swept(&own)).abs() < 1e-9);
}

#[test]
fn what_is_no_table_is_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let at = Address::Tcp(listener.local_addr().expect("a port"));
    let problem = ModbusTable::connect(&at).err().expect("nothing answers");
    assert_eq!(
        (problem.code, problem.place),
        ("table-silent", at.to_string())
    );
}

#[test]
fn an_address_is_refused_with_its_remedy() {
    for bad in [
        "",
        "tcp://localhost",
        "rtu://dev",
        "rtu:///dev/x?baud=3",
        "udp://1",
    ] {
        let problem = bad.parse::<Address>().expect_err("no address");
        assert_eq!(
            (problem.code, problem.value.as_str()),
            ("modbus-address", bad)
        );
    }
    for good in [
        "tcp://127.0.0.1:1502",
        "rtu:///dev/ttyS0",
        "rtu:///dev/ttyS0?baud=57600",
    ] {
        assert_eq!(
            good.parse::<Address>().expect("an address").to_string(),
            good
        );
    }
}

#[test]
fn a_slow_line_is_refused_with_its_percentile() {
    let (server, _) = serve(Setup::simulated(Region::Lumbar));
    let lies = Lies::slow(Duration::from_millis(17));
    let (_proxy, at) = Proxy::tcp(server.at().expect("a port"), lies);
    let mut table = ModbusTable::connect(&Address::Tcp(at)).expect("it answers");
    let problem = table.prepare(Region::Lumbar).expect_err("34 ms and more");
    assert_eq!(problem.code, "table-slow");
    assert!(problem.value.ends_with(" ms"), "{}", problem.value);
    assert!(
        problem.problem.contains("30.0 ms at most"),
        "{}",
        problem.problem
    );
}

/// Carries exchanges to a good table, and tells another ceiling in each live block.
fn bend_the_ceiling(mut master: TcpStream, to: std::net::SocketAddr) -> std::io::Result<()> {
    let mut table = TcpStream::connect(to)?;
    let (mut asked, mut some) = (Vec::new(), [0; 600]);
    loop {
        let count = master.read(&mut some)?;
        asked.extend_from_slice(&some[..count]);
        let Front::Frame(request, length) = tcp_front(&asked) else {
            if count == 0 {
                return Ok(());
            }
            continue;
        };
        table.write_all(&asked[..length])?;
        asked.drain(..length);
        let count = table.read(&mut some)?;
        let Front::Frame(reply, _) = tcp_front(&some[..count]) else {
            return Ok(());
        };
        let pdu = match Request::decode(&request.pdu) {
            Ok(request) => bent(&reply.pdu, &request),
            Err(_) => reply.pdu,
        };
        master.write_all(&frame(Framing::Tcp, reply.transaction, reply.unit, &pdu))?;
    }
}

fn bent(pdu: &[u8], request: &Request) -> Vec<u8> {
    match Reply::decode(pdu, request) {
        Some(Reply::Registers(mut registers)) if registers.len() == 21 => {
            registers[17] = 500;
            registers[20] = crc_of(&registers[..20]);
            Reply::Registers(registers).encode(request.function())
        }
        _ => pdu.to_vec(),
    }
}

#[test]
fn a_table_that_echoes_another_ceiling_is_refused() {
    let (server, _) = serve(Setup::simulated(Region::Lumbar));
    let to = server.at().expect("a port");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let at = Address::Tcp(listener.local_addr().expect("a port"));
    // It ends with the test's process; each line of it ends with its master.
    std::thread::spawn(move || {
        for master in listener.incoming().flatten() {
            std::thread::spawn(move || bend_the_ceiling(master, to));
        }
    });
    let mut table = ModbusTable::connect(&at).expect("it answers");
    let problem = table
        .prepare(Region::Lumbar)
        .expect_err("500 N are not 890 N");
    assert_eq!(
        (problem.code, problem.value.as_str()),
        ("table-ceiling", "500")
    );
    assert!(problem.place.ends_with("register 17"), "{}", problem.place);
}

#[test]
fn a_master_that_lets_go_beside_us_is_a_fault_and_not_pulled_against() {
    let (server, at) = serve(Setup::simulated(Region::Lumbar));
    let mut table = ModbusTable::connect(&at).expect("it answers");
    prepared(&mut table, Region::Lumbar).expect("a good table");
    let velocity = MetresPerSecond::raw(0.003);
    let pull = Drive {
        velocity,
        torque: true,
    };
    let mut told = 0;
    let mut faults = 0;
    // At most 3 s; the other master comes after ten commands.
    for _ in 0..300 {
        faults += u32::from(table.read().drive_fault);
        let _ = table.apply(pull);
        told += 1;
        if told == 10 {
            let written = server.with(off_by_another);
            assert!(written, "anybody may let go");
        }
        if faults > 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(faults > 0, "nobody was told");
}

/// Lets go as a second master on the line would.
fn off_by_another(served: &mut Served) -> bool {
    use table::modbus::map::{COMMAND, Command, LIVE, Live, Order};
    let now = Duration::from_secs(3_600);
    let Reply::Registers(registers) = served.answer(&Request::Read(LIVE), 77, now) else {
        return false;
    };
    let live = Live::read(&registers).expect("a whole block");
    let off = Command {
        sequence: live.written.wrapping_add(1),
        lease_ms: 250,
        ceiling: live.ceiling,
        order: Order::Off,
    };
    let (first, values) = (COMMAND, off.registers().to_vec());
    let reply = served.answer(&Request::Write { first, values }, 77, now);
    reply == Reply::Written(Span { first, count: 12 })
}
