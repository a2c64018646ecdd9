//! A table that is an instrument: it knows when it measured what, and what it was told.
//!
//! Its position in µm is the number of its measurement, so whoever reads a
//! position can be asked how old it truly is.

use si::{Newtons, Problem, Region};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use table::{Sensors, Table, TableInfo};
use traction::input::{Sample, Switch};
use traction::{Drive, Setup};

/// What the instrument saw.
#[derive(Default)]
pub(crate) struct Seen {
    /// When measurement n was made.
    pub(crate) made: Vec<Instant>,
    /// Each velocity in µm/s under torque, with the measurement before it; runs of one are one.
    pub(crate) told: Vec<(i64, usize)>,
    /// Whether the last tick had torque.
    pub(crate) torque: bool,
    /// The force it shows, N.
    pub(crate) force: f64,
    /// Whether what reads its switch hangs.
    pub(crate) hangs: bool,
}

/// The instrument.
pub(crate) struct Probe {
    info: TableInfo,
    setup: Setup,
    pub(crate) seen: Arc<Mutex<Seen>>,
}

impl Probe {
    pub(crate) fn new(setup: Setup) -> Self {
        Self {
            info: TableInfo {
                id: *b"annulus-test-tab",
                simulated: true,
                regions: Region::ALL.to_vec(),
                hardware_ceiling: Newtons::of(890.0),
            },
            setup,
            seen: Arc::default(),
        }
    }
}

impl Table for Probe {
    fn info(&self) -> &TableInfo {
        &self.info
    }

    fn prepare(&mut self, _region: Region) -> Result<Setup, Problem> {
        Ok(self.setup)
    }

    fn read(&mut self) -> Sensors {
        let mut seen = self.seen.lock().expect("no test panics under it");
        seen.made.push(Instant::now());
        let travel = (seen.made.len() - 1) as f64 * 1e-6;
        Sensors {
            force_a: Some(Sample::fresh(seen.force)),
            force_b: Some(Sample::fresh(seen.force + 1.0)),
            travel: Some(Sample::fresh(travel)),
            motor_force: Some(Sample::fresh(seen.force)),
            switch: Switch::RELEASED,
            drive_fault: false,
        }
    }

    fn switch_tests(&self) -> Option<u8> {
        let seen = self.seen.lock().expect("no test panics under it");
        (!seen.hangs).then_some((seen.made.len() % 64) as u8)
    }

    fn apply(&mut self, drive: Drive) -> Result<(), Problem> {
        let mut seen = self.seen.lock().expect("no test panics under it");
        seen.torque = drive.torque;
        let velocity = (drive.velocity.get() * 1e6).round() as i64;
        let tick = seen.made.len();
        if drive.torque && seen.told.last().is_none_or(|(last, _)| *last != velocity) {
            seen.told.push((velocity, tick));
        }
        Ok(())
    }
}
