//! One tick of an open session: read, step, apply, record.
//!
//! The real-time loop and the in-process runner call the same function, so a
//! test of one is a test of the other.

use crate::{Sensors, Table};
use si::Problem;
use traction::frame::Frame;
use traction::grant::Grant;
use traction::input::{Command, Input};
use traction::session::Session;
use traction::{ArmError, Drive, Setup};

/// What reaches a tick besides the table.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outside {
    pub(crate) comfort: Option<u8>,
    pub(crate) command: Option<Command>,
    pub(crate) heartbeat_age_ms: Option<u32>,
    pub(crate) late_ms: u16,
}

/// An open session.
pub(crate) struct Cycle {
    session: Session,
    drive_refused: bool,
}

impl Cycle {
    pub(crate) fn arm(grant: &Grant, setup: &Setup) -> Result<Self, ArmError> {
        Ok(Self {
            session: Session::arm(grant, setup)?,
            drive_refused: false,
        })
    }

    /// One tick. A drive that does not take its command has a fault in the next one.
    pub(crate) fn tick(&mut self, table: &mut dyn Table, outside: Outside) -> Frame {
        if let Some(score) = told(&outside) {
            table.feels(score);
        }
        let sensors = table.read();
        let mut input = input(&sensors, outside);
        input.drive_fault |= self.drive_refused;
        let output = self.session.step(&input);
        set_line(table, output.drive);
        self.drive_refused = table.apply(output.drive).is_err();
        Frame { input, output }
    }
}

/// The discomfort that is told in this tick, by the patient's control or at the console.
fn told(outside: &Outside) -> Option<u8> {
    match outside.command {
        Some(Command::Comfort(score)) => Some(score),
        _ => outside.comfort,
    }
}

/// A tick without a session: the drive is off, the sensors are read for those who look.
pub(crate) fn idle(table: &mut dyn Table) -> Sensors {
    let sensors = table.read();
    set_line(table, Drive::OFF);
    // Nothing depends on an idle drive taking "off"; arming reads it back.
    let _ = table.apply(Drive::OFF);
    sensors
}

/// Torque goes by two ways: by the command, and by the line that needs no command (H5).
fn set_line(table: &dyn Table, drive: Drive) {
    if let Some(line) = table.torque_line() {
        line.set(drive.torque);
    }
}

fn input(sensors: &Sensors, outside: Outside) -> Input {
    Input {
        force_a: sensors.force_a,
        force_b: sensors.force_b,
        travel: sensors.travel,
        motor_force: sensors.motor_force,
        switch: sensors.switch,
        comfort: outside.comfort,
        command: outside.command,
        heartbeat_age_ms: outside.heartbeat_age_ms,
        late_ms: outside.late_ms,
        drive_fault: sensors.drive_fault,
    }
}

/// The refusal of a Grant that this table, as it is set up, cannot hold.
pub(crate) fn not_armable(why: &str) -> Problem {
    Problem::new(
        "grant-not-armable",
        "grant",
        "",
        why.to_owned(),
        "fit what the grant asks for, or issue a grant that this table can hold",
    )
}
