//! A bedside lets go of what is sealed elsewhere, of nothing else, and knows it after a restart.

use crate::process::code;
use crate::support::*;
use table::blackbox::{KEPT_SESSIONS, file_name};
use table::client::Client;
use table::wire::{Request, SessionLine};

/// A session that is armed and closed.
fn short(console: &Controlling, number: u8) {
    let grant = fresh_grant(static_profile(100.0, 5.0), number);
    console.client.arm(&signed(&grant)).expect("a good grant");
    console.client.close().expect("never started");
    until("the list", || {
        let line = u64::from(number) - 1;
        let listed = console.client.sessions_since(line);
        listed.is_ok_and(|lines| lines.len() == 1)
    });
}

fn seal(client: &Client, line: &SessionLine) {
    let (line, sha256) = (line.line, line.sha256.clone());
    let told = client.call(&Request::Sealed { line, sha256 });
    told.expect("a line of the list");
}

/// hazard: H24
#[test]
fn sealed_recordings_older_than_fifty_sessions_go_and_none_that_was_not_fetched() {
    let mut rig = Rig::new(60);
    let state = rig.dir.path().join("state");
    let there = |number: u8| state.join(file_name(&[number; 16])).exists();
    let last = u8::try_from(KEPT_SESSIONS).expect("fifty") + 4;
    let console = rig.control("desk");
    (1..=last).for_each(|number| short(&console, number));
    let lines = console.client.sessions_since(0).expect("a list");
    assert!((1..=last).all(there), "nothing is sealed");
    seal(&console.client, &lines[KEPT_SESSIONS - 1]);
    assert!(
        (1..=last).all(there),
        "fifty sealed, four that nobody fetched"
    );
    seal(&console.client, &lines[KEPT_SESSIONS + 1]);
    let gone = |number: u8| !there(number);
    assert!((1..=2).all(gone) && (3..=last).all(there));
    let other = Request::Sealed {
        line: u64::from(last),
        sha256: lines[0].sha256.clone(),
    };
    assert_eq!(code(console.client.call(&other)), "seal-unknown");
    assert!((3..=last).all(there));
    let fetched = console.client.fetch_recording(&lines[0].session);
    assert_eq!(code(fetched), "recording-gone");
    drop(console);
    rig.restart(60);
    let client = rig.connect("tablet");
    let again = client.sessions_since(0).expect("a list");
    assert_eq!(again, lines, "the list is whole");
    assert!((1..=2).all(gone) && (3..=last).all(there));
}
