//! The simulated table: drive, harness and patient, deterministic from a seed.
//!
//! ```text
//! velocity told ─▶ line ─▶ drive (lag, limits, watchdog, second line) ─▶ carriage x
//! x − slip + couch + what the patient does ─▶ spine::column::impose ─▶ true tension F
//! F ─▶ two load cells (gain, offset, noise), motor current; x ─▶ encoder ─▶ line ─▶ loop
//! ```
//! Each step is one tick of 10 ms; commands act one tick later than they are
//! given. Symbols: x carriage travel (m), v its velocity (m/s), F tension at
//! the cells (N). The patient is the whole spine of `spine::column`, so the table
//! in the simulation and the forecast on the screen are one model; where speed
//! counts more, the axial one of `spine::lumped` ([`Body`]).
//!
//! Every part fails in the ways of devices.md §4a as [`Fault`] lists them; what is
//! true meanwhile is told by [`Table::truth`]. Limits of validity: no inertia of
//! carriage or body; the pull has no angle.

mod body;
mod button;
mod couch;
mod drive;
mod fault;
mod harness;
mod line;
mod patient;
mod person;
mod sensing;

pub use body::Body;
pub use patient::{Act, Behaviour, Script};

use crate::wire::{Fault, FaultKind, FaultName, Simulated};
use crate::{Openings, Sensors, Table, TableInfo, TorqueLine, Truth};
use body::Lying;
use button::Button;
use couch::Couch;
use drive::Carriage;
use fault::Faults;
use harness::Harness;
use line::Commands;
use person::Person;
use sensing::Senses;
use si::{Metres, Newtons, NewtonsPerSecond, Problem, Region};
use spine::lumped::{Patient, Support};
use traction::PER_SECOND;
use traction::drive::{Drive, MetresPerSecond, Setup};
use traction::input::Switch;

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
    /// The harness that is fitted, where it is not the one that is asked for (H21).
    pub fitted: Option<Region>,
    /// The drive's watchdog as it is set and reads back, ms; 0 is off (H16).
    pub watchdog_ms: u32,
    /// How many times as stiff as the model the body is on its whole way: 1 is the model.
    pub stiffer: f64,
    /// Whether the drive goes as fast as it is told, without a limit of its own (H5).
    pub any_speed: bool,
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
            fitted: None,
            watchdog_ms: Setup::simulated(Region::Lumbar).watchdog_ms,
            stiffer: 1.0,
            any_speed: false,
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

/// The table.
#[derive(Clone, Debug)]
pub struct SimulatedTable {
    options: Options,
    info: TableInfo,
    faults: Faults,
    commands: Commands,
    carriage: Carriage,
    harness: Harness,
    couch: Couch,
    body: Lying,
    person: Person,
    button: Button,
    senses: Senses,
    force: f64,
    before: f64,
}

impl SimulatedTable {
    /// A table with nobody pulled yet.
    ///
    /// # Errors
    /// `simulated-patient` where the column refuses the patient or the couch.
    pub fn new(options: Options) -> Result<Self, Problem> {
        let region = *options.regions.first().unwrap_or(&Region::Lumbar);
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
        Self::lay(options, info, region, TorqueLine::closed())
    }

    /// Somebody is laid on it for `region`: everything whole, at home and at rest.
    fn lay(
        options: Options,
        info: TableInfo,
        region: Region,
        line: TorqueLine,
    ) -> Result<Self, Problem> {
        let body = Lying::new(&options, region)?;
        let setup = setup(&options, region);
        Ok(Self {
            info,
            faults: Faults::default(),
            commands: Commands::new(setup.pull_speed),
            carriage: Carriage::new(&setup, line, options.any_speed),
            harness: Harness::NEW,
            couch: Couch::NEW,
            body,
            person: Person::default(),
            button: Button::new(options.seed),
            senses: Senses::new(options.seed),
            force: 0.0,
            before: 0.0,
            options,
        })
    }

    /// The true tension, which no sensor tells exactly; for checkers and reports.
    #[must_use]
    pub const fn true_force(&self) -> Newtons {
        Newtons::raw(self.force)
    }

    /// What is true after the last tick; for checkers and reports.
    #[must_use]
    pub fn truth(&self) -> Truth {
        Truth {
            force: Newtons::raw(self.force),
            rate: NewtonsPerSecond::raw((self.force - self.before) * f64::from(PER_SECOND)),
            patient_force: Newtons::raw(self.person.by_patient()),
            travel: Metres::raw(self.carriage.travel()),
            velocity: MetresPerSecond::raw(self.carriage.velocity()),
            torque: self.carriage.torque(),
            pressed: self.button.pressed(&self.faults),
            couch: Some(self.couch.stands()),
        }
    }

    /// Gives the table a fault; one of the same kind ends.
    ///
    /// # Errors
    /// `fault-size` where its size is outside its kind's range.
    pub fn inject(&mut self, fault: Fault) -> Result<(), Problem> {
        fault.check()?;
        if moves(fault.kind) {
            self.person.begin(fault);
        } else {
            self.faults.begin(fault);
        }
        Ok(())
    }

    /// Ends every fault of a kind; what broke stays broken.
    pub fn mend(&mut self, kind: FaultKind) {
        self.faults.end(kind);
        self.person.end(kind);
    }

    /// The fault behind a console's name for it, on the body that lies here.
    fn named(&self, name: FaultName) -> Fault {
        match name.kind() {
            kind @ FaultKind::PatientShortens => Fault::of(kind, self.body.guards_mm()),
            kind => Fault::usual(kind),
        }
    }

    /// One tick of time, with the command that was told in it.
    fn pass(&mut self, told: Option<Drive>) -> Result<(), Problem> {
        self.faults.tick();
        let faults = &self.faults;
        let arrived = self.commands.arrive(told, faults);
        self.carriage.step(arrived, self.force, faults);
        self.harness.step(self.force, faults);
        let torque = self.carriage.torque();
        self.couch.step(self.force, torque, faults);
        let reach = self.carriage.travel() - self.harness.slipped() + self.couch.stretch();
        let reach = reach * self.options.stiffer;
        let left = self.harness.left();
        self.before = self.force;
        self.force = self.person.pull(&mut self.body, reach, left)?;
        self.faults.forget();
        Ok(())
    }

    /// Whether the loop and the table no longer hear each other.
    fn cut_off(&self) -> bool {
        self.faults.is_on(FaultKind::CommsLost) || self.faults.is_on(FaultKind::PowerCut)
    }
}

/// What the table reports for `region`.
fn setup(options: &Options, region: Region) -> Setup {
    Setup {
        harness: options.fitted.unwrap_or(region),
        watchdog_ms: options.watchdog_ms,
        ..Setup::simulated(region)
    }
}

/// Whether a fault is a movement of the patient.
const fn moves(kind: FaultKind) -> bool {
    matches!(
        kind,
        FaultKind::PatientPulls | FaultKind::PatientShortens | FaultKind::PatientLifts
    )
}

impl Table for SimulatedTable {
    fn info(&self) -> &TableInfo {
        &self.info
    }

    /// A new patient is put on: carriage home, body rested, faults mended, the noise of the seed again.
    fn prepare(&mut self, region: Region) -> Result<Setup, Problem> {
        let line = self.carriage.line().clone();
        *self = Self::lay(self.options.clone(), self.info.clone(), region, line)?;
        Ok(setup(&self.options, region))
    }

    fn read(&mut self) -> Sensors {
        let travel = self.carriage.travel();
        let [force_a, force_b, motor_force, travel] =
            self.senses.read(self.force, travel, &self.faults);
        let sensors = Sensors {
            force_a,
            force_b,
            travel,
            motor_force,
            switch: self.button.read(&self.faults),
            drive_fault: self.faults.is_on(FaultKind::DriveFault),
        };
        if self.cut_off() { SILENCE } else { sensors }
    }

    fn switch_tests(&self) -> Option<u8> {
        Some(self.button.tests())
    }

    fn apply(&mut self, drive: Drive) -> Result<(), Problem> {
        self.pass(Some(drive))?;
        if self.cut_off() {
            return Err(no_answer());
        }
        Ok(())
    }

    fn torque_line(&self) -> Option<&TorqueLine> {
        Some(self.carriage.line())
    }

    fn elapse(&mut self) -> Result<(), Problem> {
        self.pass(None)
    }

    fn simulate(&mut self, act: Simulated) -> bool {
        match act {
            Simulated::Switch { pressed } => self.button.want(pressed),
            Simulated::Fault { fault, on: true } => return self.inject(self.named(fault)).is_ok(),
            Simulated::Fault { fault, on: false } => self.mend(fault.kind()),
            Simulated::Inject { fault } => return self.inject(fault).is_ok(),
            Simulated::Comfort { .. } => return false,
            Simulated::Mend { fault } => self.mend(fault),
            Simulated::FootSwitch { axis, way } => self.couch.foot(axis, way),
        }
        true
    }

    fn truth(&self) -> Option<Truth> {
        Some(Self::truth(self))
    }

    fn feels(&mut self, score: u8) {
        if !self.faults.is_on(FaultKind::PatientAsleep) {
            self.body.feels(score);
        }
    }

    fn answers(&self) -> bool {
        !self.faults.is_on(FaultKind::PatientAsleep)
    }

    fn openings(&self) -> Option<Openings> {
        self.body.openings()
    }
}

/// What is read where nothing answers.
const SILENCE: Sensors = Sensors {
    force_a: None,
    force_b: None,
    travel: None,
    motor_force: None,
    switch: Switch::MISSING,
    drive_fault: false,
};

fn no_answer() -> Problem {
    Problem::new(
        "table-silent",
        "table",
        "",
        "the table does not answer",
        "use the quick release of the harness; mend line and power before the next patient",
    )
}
