//! Whole sessions in process.

use crate::support::*;
use si::Region;
use table::blackbox::Contents;
use table::replay::{Replayed, replay};
use table::runner::{Recording, Start, run};
use table::simulated::{Act, Script};
use table::wire::{FaultName, Simulated};
use traction::input::Command;
use traction::profile::Profile;

const START: Start = Start {
    at_ms: NOW_MS,
    seed: 1,
};

fn play(profile: Profile, script: Script) -> Recording {
    run(&signed(&grant(profile)), &mut table(1), script, START).expect("a session that can be armed")
}

#[test]
fn a_quiet_session_delivers_its_whole_profile() {
    let recording = play(static_profile(300.0, 60.0), Script::routine());
    let summary = &recording.summary;
    assert!(summary.completed, "{summary:#?}");
    assert!((summary.mean_hold_n - 300.0).abs() < 6.0, "{summary:#?}");
    assert!(summary.stops.is_empty(), "{summary:#?}");
}
