//! A table whose drive stops taking commands: the trait as a real table would use it.

use crate::support::*;
use si::{Problem, Region};
use table::runner::{Start, run};
use table::simulated::{Script, SimulatedTable};
use table::wire::Simulated;
use table::{Sensors, Table, TableInfo};
use traction::{Drive, Setup};

/// The simulated table behind a line that breaks after so many commands, or with a setup of its own.
struct Broken {
    inner: SimulatedTable,
    commands_left: u32,
    watchdog_ms: u32,
    harness: Option<Region>,
}

impl Broken {
    fn after(commands_left: u32) -> Self {
        Self {
            inner: table(1),
            commands_left,
            watchdog_ms: 200,
            harness: None,
        }
    }
}

impl Table for Broken {
    fn info(&self) -> &TableInfo {
        self.inner.info()
    }

    fn prepare(&mut self, region: Region) -> Result<Setup, Problem> {
        let setup = self.inner.prepare(region)?;
        Ok(Setup {
            watchdog_ms: self.watchdog_ms,
            harness: self.harness.unwrap_or(setup.harness),
            ..setup
        })
    }

    fn read(&mut self) -> Sensors {
        self.inner.read()
    }

    fn apply(&mut self, drive: Drive) -> Result<(), Problem> {
        if let Some(left) = self.commands_left.checked_sub(1) {
            self.commands_left = left;
            return self.inner.apply(drive);
        }
        // What the drive's own watchdog does when nothing reaches it.
        self.inner.apply(Drive::OFF)?;
        Err(Problem::new(
            "line",
            "drive",
            "",
            "no answer",
            "mend the line",
        ))
    }

    fn simulate(&mut self, act: Simulated) -> bool {
        self.inner.simulate(act)
    }
}

const START: Start = Start {
    at_ms: NOW_MS,
    seed: 1,
};

#[test]
fn a_drive_that_takes_no_more_commands_stops_the_session_as_a_fault() {
    let grant = grant(static_profile(300.0, 60.0));
    let mut table = Broken::after(6_000);
    let recording = run(&signed(&grant), &mut table, Script::routine(), START).expect("armed");
    let summary = &recording.summary;
    let stop = summary.stops.first().expect("a stop");
    assert_eq!(stop.cause, "drive-fault", "{summary:#?}");
    assert!(
        stop.unloaded_ms.is_some_and(|ms| ms < 5_000),
        "{summary:#?}"
    );
    assert!(table.inner.true_force().get() < 20.0);
}

#[test]
fn a_table_with_a_drive_watchdog_that_is_off_or_another_harness_is_not_armed() {
    let grant = grant(static_profile(300.0, 60.0));
    let mut unwatched = Broken::after(u32::MAX);
    unwatched.watchdog_ms = 0;
    let mut neck = Broken::after(u32::MAX);
    neck.harness = Some(Region::Cervical);
    for (mut table, what) in [(unwatched, "watchdog"), (neck, "harness")] {
        let refused = run(&signed(&grant), &mut table, Script::routine(), START);
        let problem = refused.map(drop).expect_err("not armable");
        assert_eq!(problem.code, "grant-not-armable");
        assert!(
            !problem.value.is_empty() && !problem.remedy.is_empty(),
            "{problem:?}"
        );
        assert!(problem.problem.contains(what), "{problem}");
    }
}
