//! A whole bedside with its table at the other end of a Modbus line.
//!
//! It runs in real time, so a machine that stalls may have it let go; that, too,
//! must end slack and with its cause told.

use crate::support::{Controlling, fresh_grant, options, signed, static_profile, table, wait};
use si::Region;
use std::time::Duration;
use table::bedside::{Bedside, Parts};
use table::client::Client;
use table::modbus::{Address, ModbusTable, Served, Server};
use table::wire::{Purpose, Status};
use traction::grant::Grant;
use traction::supervisor::Stage;

/// What a machine that holds up one of the threads makes the guard find.
const STALLS: [&str; 5] = [
    "loop-late",
    "sample-stale",
    "sample-lost",
    "patient-switch",
    "drive-fault",
];

/// Arms, and again while the machine, busy with other tests, makes the line a slow one.
fn arm(client: &Client, grant: &Grant) {
    let mut slow = String::new();
    for _ in 0..300 {
        match client.arm(&signed(grant)) {
            Ok(_) => return,
            Err(error) if error.to_string().contains("99th percentile") => {
                slow = error.to_string();
            }
            Err(error) => panic!("{error}"),
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("{slow}");
}

#[test]
fn a_session_over_modbus_pulls_under_the_tables_own_ceiling_and_ends_slack() {
    let served = Served::new(Box::new(table(5)), Region::Lumbar).expect("its numbers fit");
    let address = "tcp://127.0.0.1:0".parse().expect("an address");
    let server = Server::start(&address, served).expect("it serves");
    let at = Address::Tcp(server.at().expect("a port"));
    let remote = ModbusTable::connect(&at).expect("it answers");
    let dir = tempfile::tempdir().expect("a directory");
    let bedside =
        Bedside::start_on(Parts::of(Box::new(remote)), options(dir.path(), 1)).expect("a bedside");
    let client = Client::connect(&dir.path().join("socket"), "console").expect("a connection");
    let console = Controlling::new(client.into());
    arm(&console.client, &fresh_grant(static_profile(40.0, 5.0), 21));
    console.try_switch();
    let token = console.client.token(Purpose::Start).expect("a token");
    console.client.start(&token).expect("ready to start");
    // The grant's ceiling is 60 N; the table's own is 890 N.
    let ceiling = server.with(|served| served.ceiling());
    assert_eq!(ceiling, 60);
    let is_over =
        |status: &Status| status.last_reason.is_some() || status.stage == Stage::Unloaded.as_str();
    let pulled = wait(&console.client, "a pull", |status| {
        status.force_n > 15.0 || is_over(status)
    });
    assert!(pulled.force_n <= 70.0, "{} N", pulled.force_n);
    let last = wait(&console.client, "the end of the session", is_over);
    let stalled = last.loop_figures.missed > pulled.loop_figures.missed
        || last
            .latch
            .as_deref()
            .is_some_and(|cause| STALLS.contains(&cause));
    assert!(
        stalled || last.last_reason.as_deref() == Some("completed"),
        "{last:#?}"
    );
    bedside.stop().expect("a loop that lived");
    let force = server.with(|served| served.table().true_force());
    assert!(force.is_some_and(|force| force.get() < 20.0), "{force:?}");
}
