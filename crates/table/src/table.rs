//! One trait for a traction table.

use crate::wire::Simulated;
use si::{Metres, Newtons, NewtonsPerSecond, Problem, Radians, Region, Segment};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use traction::drive::MetresPerSecond;
use traction::input::{Sample, Switch};
use traction::{Drive, Setup};

/// What a table is, before any session.
#[derive(Clone, Debug, PartialEq)]
pub struct TableInfo {
    /// Its id; a Grant names it.
    pub id: [u8; 16],
    /// Whether it is simulated.
    pub simulated: bool,
    /// The regions it has harnesses for.
    pub regions: Vec<Region>,
    /// The most force it can make in any of them.
    pub hardware_ceiling: Newtons,
}

/// What a table measures in one tick; the part of `traction::input::Input` that is its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sensors {
    /// First load cell, N.
    pub force_a: Option<Sample>,
    /// Second load cell, N.
    pub force_b: Option<Sample>,
    /// Position of the carriage, m.
    pub travel: Option<Sample>,
    /// Tension inferred from motor current, N.
    pub motor_force: Option<Sample>,
    /// The patient's switch.
    pub switch: Switch,
    /// Whether the drive reports a fault.
    pub drive_fault: bool,
}

/// What is true after the last tick of a simulated table, whatever its sensors say.
///
/// Checkers read it; the loop never does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Truth {
    /// Tension on the patient.
    pub force: Newtons,
    /// Its change over the last tick.
    pub rate: NewtonsPerSecond,
    /// Part of `force` that the patient makes by moving: what it is above (or, negative,
    /// below) the tension on the same patient had he lain still.
    pub patient_force: Newtons,
    /// Travel of the carriage from home.
    pub travel: Metres,
    /// Its velocity; positive pulls.
    pub velocity: MetresPerSecond,
    /// Whether the drive has torque, whatever it was told.
    pub torque: bool,
    /// Whether the patient presses the switch, whatever its poles tell.
    pub pressed: bool,
    /// Where the couch stands, if its axes move.
    pub couch: Option<Couch>,
}

/// Where the axes of a couch stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Couch {
    /// Height above where it stood when the patient lay down.
    pub height: Metres,
    /// Tilt since then; positive lifts the head.
    pub tilt: Radians,
}

/// How much further apart the bones of one level are than at rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opening {
    /// The level.
    pub segment: Segment,
    /// At the front of its disc.
    pub front: Metres,
    /// At its back.
    pub back: Metres,
}

/// The levels that move with the pull, from the head downwards; then nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Openings(pub [Option<Opening>; 8]);

/// The second line to a drive's torque: a wire of its own beside the commands.
///
/// Whoever holds a clone may open it from any thread, at any time: no command, no tick
/// and no other part of the program is needed. A drive has torque only while it is closed.
#[derive(Clone, Debug)]
pub struct TorqueLine(Arc<AtomicBool>);

impl TorqueLine {
    /// A line that is closed.
    #[must_use]
    pub fn closed() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }

    /// Closes or opens it.
    pub fn set(&self, closed: bool) {
        self.0.store(closed, Ordering::SeqCst);
    }

    /// Whether it is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// A traction table.
///
/// `read` and `apply` are called once a tick, in this order, and must not wait
/// for anything longer than a small part of one.
pub trait Table: Send {
    /// What it is.
    fn info(&self) -> &TableInfo;

    /// Makes ready for a session in `region`, and reports drive, harness and watchdog as read back.
    ///
    /// # Errors
    /// A problem that names what is missing.
    fn prepare(&mut self, region: Region) -> Result<Setup, Problem>;

    /// The ceiling of the session to be armed: a table that can hold one by itself does.
    ///
    /// # Errors
    /// A table that does not echo it.
    fn hold_under(&mut self, _ceiling: Newtons) -> Result<(), Problem> {
        Ok(())
    }

    /// Measures.
    fn read(&mut self) -> Sensors;

    /// How many tests of the switch's inputs were answered, mod 64: its sign of life (H11).
    /// Nothing where the table makes none; served over Modbus, its switch then counts as
    /// missing.
    fn switch_tests(&self) -> Option<u8> {
        None
    }

    /// Tells the drive what to do until the next tick.
    ///
    /// # Errors
    /// A drive that does not take the command; the loop treats it as a drive fault.
    fn apply(&mut self, drive: Drive) -> Result<(), Problem>;

    /// The second line to the drive's torque, where the table has one of its own.
    fn torque_line(&self) -> Option<&TorqueLine> {
        None
    }

    /// One tick goes by in which the loop neither read nor told anything. A real table lets
    /// time pass by itself; a simulated one must be told, and its drive's watchdog counts it.
    ///
    /// # Errors
    /// What keeps the simulation from going on.
    fn elapse(&mut self) -> Result<(), Problem> {
        Ok(())
    }

    /// Does something to a simulated table; false where it cannot.
    fn simulate(&mut self, _act: Simulated) -> bool {
        false
    }

    /// What is true, where it is known: only a simulation knows it.
    fn truth(&self) -> Option<Truth> {
        None
    }

    /// The true tension, where it is known.
    fn true_force(&self) -> Option<Newtons> {
        self.truth().map(|truth| truth.force)
    }

    /// The discomfort on the patient's own control, 0–10, where the table has one.
    fn comfort(&mut self) -> Option<u8> {
        None
    }

    /// The patient tells this discomfort, 0–10: a simulated body guards by it.
    fn feels(&mut self, _score: u8) {}

    /// Whether a simulated patient answers when asked how it is; a real one is asked by people.
    fn answers(&self) -> bool {
        false
    }

    /// What each level does now: only a simulation knows it, and no loop reads it.
    fn openings(&self) -> Option<Openings> {
        None
    }
}
