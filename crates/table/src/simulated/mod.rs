//! The simulated table: drive, harness and patient, deterministic from a seed.
//!
//! ```text
//! velocity told ─▶ drive (lag, speed limits) ─▶ carriage x
//! x − slip + guarding ─▶ spine::column::impose ─▶ true tension F
//! F ─▶ two load cells (gain, offset, noise), motor current; x ─▶ encoder
//! ```
//! Each step is one tick of 10 ms; commands act one tick later than they are
//! given. Symbols: x carriage travel (m), v its velocity (m/s), F tension at
//! the cells (N). The patient is the whole spine of `spine::column`, so the table
//! in the simulation and the forecast on the screen are one model; where speed
//! counts more, the axial one of `spine::lumped` ([`Body`]).
//!
//! Limits of validity: no inertia of carriage or body; the pull has no angle;
//! faults are those of [`FaultName`].

mod body;
mod drive;
mod fault;
mod patient;

pub use body::Body;
pub use patient::{Act, Behaviour, Script};

use crate::rng::Rng;
use crate::wire::{FaultName, Simulated};
use crate::{Openings, Sensors, Table, TableInfo, Truth};
use body::Lying;
use drive::Carriage;
use fault::Faults;
use si::{Metres, Newtons, NewtonsPerSecond, Problem, Region};
use spine::lumped::{Patient, Support};
use traction::PER_SECOND;
use traction::drive::{Drive, MetresPerSecond, Setup};
use traction::input::{Pole, Sample, Switch};

/// Standard deviation of a load cell's noise, N (ours; a frozen cell is one below 0.05 N, devices.md §4b.9).
const CELL_NOISE_N: f64 = 0.3;
/// Standard deviation of the tension inferred from motor current, N (ours).
const MOTOR_NOISE_N: f64 = 3.0;
/// Largest gain error of a healthy cell (ours: a class C3 cell is far better).
const CELL_GAIN_ERROR: f64 = 0.004;
/// Largest zero error of a healthy cell, N (ours).
const CELL_ZERO_ERROR_N: f64 = 0.5;
/// Standard deviation of the encoder's noise, m (ours).
const ENCODER_NOISE_M: f64 = 2e-6;

/// What a simulated table is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The table's id.
    pub id: [u8; 16],
    /// Seed of all its noise.
    pub seed: u64,
    /// Who lies on it.
    pub patient: Patient,
    /// On what.
    pub support: Support,
    /// The regions it has harnesses for.
    pub regions: Vec<Region>,
    /// Which model of that person.
    pub body: Body,
}

impl Options {
    /// A table with both harnesses and a person of 45 years and 75 kg, the whole spine.
    #[must_use]
    pub fn new(id: [u8; 16], seed: u64) -> Self {
        let patient = Patient {
            sex: None,
            age_years: 45.0,
            height: None,
            mass: si::Kilograms::of(75.0),
        };
        Self {
            id,
            seed,
            patient,
            support: Support::level(true),
            regions: Region::ALL.to_vec(),
            body: Body::Whole,
        }
    }

    /// The same with the lumped body: some ten times faster.
    #[must_use]
    pub fn lumped(id: [u8; 16], seed: u64) -> Self {
        Self {
            body: Body::Lumped,
            ..Self::new(id, seed)
        }
    }
}

/// One load cell: what is wrong with it from birth.
#[derive(Clone, Copy, Debug)]
struct Cell {
    gain: f64,
    zero: f64,
    last: f64,
}

impl Cell {
    fn new(rng: &mut Rng) -> Self {
        Self {
            gain: 1.0 + CELL_GAIN_ERROR * (2.0 * rng.unit() - 1.0),
            zero: CELL_ZERO_ERROR_N * (2.0 * rng.unit() - 1.0),
            last: 0.0,
        }
    }

    fn measure(&mut self, force: f64, stuck: bool, rng: &mut Rng) -> f64 {
        let noise = CELL_NOISE_N * rng.noise();
        if !stuck {
            self.last = force * self.gain + self.zero + noise;
        }
        self.last
    }
}

/// The table.
#[derive(Clone, Debug)]
pub struct SimulatedTable {
    options: Options,
    info: TableInfo,
    setup: Setup,
    rng: Rng,
    cells: [Cell; 2],
    carriage: Carriage,
    body: Lying,
    faults: Faults,
    pressed: bool,
    force: f64,
    before: f64,
    /// The same person, lying still, while the one on the table moves.
    still: Option<Lying>,
    by_patient: f64,
}

impl SimulatedTable {
    /// A table with nobody pulled yet.
    ///
    /// # Errors
    /// `simulated-patient` where the column refuses the patient or the couch.
    pub fn new(options: Options) -> Result<Self, Problem> {
        let region = *options.regions.first().unwrap_or(&Region::Lumbar);
        let setup = Setup::simulated(region);
        let body = Lying::new(&options, region)?;
        let mut rng = Rng::new(options.seed);
        let cells = [Cell::new(&mut rng), Cell::new(&mut rng)];
        let hardest = options
            .regions
            .iter()
            .map(|region| Setup::simulated(*region).table_ceiling)
            .fold(Newtons::ZERO, Newtons::max);
        let info = TableInfo {
            id: options.id,
            simulated: true,
            regions: options.regions.clone(),
            hardware_ceiling: hardest,
        };
        Ok(Self {
            info,
            setup,
            rng,
            cells,
            carriage: Carriage::new(&setup),
            body,
            faults: Faults::default(),
            pressed: false,
            force: 0.0,
            before: 0.0,
            still: None,
            by_patient: 0.0,
            options,
        })
    }

    /// The true tension, which no sensor tells exactly; for checkers and reports.
    #[must_use]
    pub const fn true_force(&self) -> Newtons {
        Newtons::raw(self.force)
    }

    /// The tension on the same person had he not moved, while he moves: a second body
    /// is stepped beside the first from where he began.
    fn lying_still(&mut self, reach: f64, moves: bool) -> Result<Option<f64>, Problem> {
        if !moves {
            self.still = None;
            return Ok(None);
        }
        let body = &self.body;
        let still = self.still.get_or_insert_with(|| body.clone());
        still.pull(reach).map(Some)
    }

    /// What is true after the last tick; for checkers and reports.
    #[must_use]
    pub fn truth(&self) -> Truth {
        Truth {
            force: Newtons::raw(self.force),
            rate: NewtonsPerSecond::raw((self.force - self.before) * f64::from(PER_SECOND)),
            patient_force: Newtons::raw(self.by_patient),
            travel: Metres::raw(self.carriage.travel()),
            velocity: MetresPerSecond::raw(self.carriage.velocity()),
            torque: self.carriage.torque(),
            pressed: self.pressed,
            couch: None,
        }
    }

    fn cell(&mut self, index: usize, stuck: FaultName, lost: FaultName) -> Option<Sample> {
        let mut force = self.force;
        if self.faults.is_on(FaultName::BothCellsLow)
            || (index == 0 && self.faults.is_on(FaultName::CellALow))
        {
            force *= 0.5;
        }
        let stuck = self.faults.is_on(stuck);
        let value = self.cells[index].measure(force, stuck, &mut self.rng);
        (!self.faults.is_on(lost)).then_some(Sample::fresh(value))
    }

    fn switch(&self) -> Switch {
        let pole = |open: FaultName| {
            if self.pressed || self.faults.is_on(open) {
                Pole::Open
            } else {
                Pole::Closed
            }
        };
        Switch {
            a: pole(FaultName::PoleAOpen),
            b: pole(FaultName::PoleBOpen),
        }
    }
}

impl Table for SimulatedTable {
    fn info(&self) -> &TableInfo {
        &self.info
    }

    /// A new patient is put on: carriage home, body rested, faults mended, the noise of the seed again.
    fn prepare(&mut self, region: Region) -> Result<Setup, Problem> {
        let mut options = self.options.clone();
        options.regions.retain(|known| *known == region);
        let body = Lying::new(&options, region)?;
        let fresh = Self::new(self.options.clone())?;
        let setup = Setup::simulated(region);
        *self = Self {
            setup,
            carriage: Carriage::new(&setup),
            body,
            ..fresh
        };
        Ok(setup)
    }

    fn read(&mut self) -> Sensors {
        let force_a = self.cell(0, FaultName::CellAStuck, FaultName::CellALost);
        let force_b = self.cell(1, FaultName::CellBStuck, FaultName::CellBLost);
        let motor = self.force + MOTOR_NOISE_N * self.rng.noise();
        let travel = self.carriage.travel() + ENCODER_NOISE_M * self.rng.noise();
        Sensors {
            force_a,
            force_b,
            travel: Some(Sample::fresh(travel)),
            motor_force: Some(Sample::fresh(motor)),
            switch: self.switch(),
            drive_fault: false,
        }
    }

    fn apply(&mut self, drive: Drive) -> Result<(), Problem> {
        self.faults.tick();
        let drive = self.faults.drive(drive, &self.setup);
        self.carriage.step(drive, self.force);
        let shorter = self.body.guards() * self.faults.shortening();
        let holds = if self.faults.is_on(FaultName::CordBreak) {
            0.0
        } else {
            1.0
        };
        self.before = self.force;
        let reach = self.carriage.travel() - self.faults.slip();
        let still = self.lying_still(reach, shorter != 0.0)?;
        self.force = holds * self.body.pull(reach + shorter)?;
        self.by_patient = still.map_or(0.0, |still| self.force - holds * still);
        Ok(())
    }

    fn simulate(&mut self, act: Simulated) -> bool {
        match act {
            Simulated::Switch { pressed } => self.pressed = pressed,
            Simulated::Fault { fault, on } => self.faults.set(fault, on),
        }
        true
    }

    fn truth(&self) -> Option<Truth> {
        Some(Self::truth(self))
    }

    fn feels(&mut self, score: u8) {
        self.body.feels(score);
    }

    fn openings(&self) -> Option<Openings> {
        self.body.openings()
    }
}
