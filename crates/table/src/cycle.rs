//! One tick of an open session: read, step, apply, record.
//!
//! The real-time loop and the in-process runner call the same function, so a
//! test of one is a test of the other.

use crate::{Sensors, Table};
use si::{Newtons, Problem};
use traction::frame::Frame;
use traction::grant::{Grant, GrantError};
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

    /// Switches off one check: to show that it is needed.
    #[cfg(feature = "blind")]
    pub(crate) const fn blind(&mut self, check: traction::guard::Check) {
        self.session.blind(check);
    }

    /// Whether the sensors of this session make service due.
    pub(crate) const fn service_due(&self) -> bool {
        self.session.service_due()
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

/// The refusal of a Grant, with what does not fit and what would.
pub(crate) fn refused(error: &ArmError) -> Problem {
    let fit = "fit what the grant asks for, or issue a grant that this table can hold";
    let issue = "let the clinic's server issue a grant whose parts agree";
    let mend = "mend the table's setup; nothing moves before it is read back as it should be";
    let (place, value, remedy) = match *error {
        ArmError::Grant(error) => {
            let (place, value) = part(error);
            (place, value, issue)
        }
        ArmError::Region { harness, .. } => ("table.harness", harness.to_string(), fit),
        ArmError::SimulatedOnly => ("grant.simulated_only", "true".into(), fit),
        ArmError::TableCeiling { grant, .. } => ("grant.limits.ceiling", newtons(grant), fit),
        ArmError::Watchdog { ms } => ("drive.watchdog_ms", ms.to_string(), mend),
        ArmError::Overshoot { by, .. } => ("table.pull_speed", newtons(by), mend),
        ArmError::Setup => ("table.setup", "not finite or not above 0".into(), mend),
    };
    Problem::new("grant-not-armable", place, value, error.to_string(), remedy)
}

/// The part of a Grant that is wrong, and what it says.
fn part(error: GrantError) -> (&'static str, String) {
    match error {
        GrantError::Length { found } => ("grant", format!("{found} bytes")),
        GrantError::Magic => ("grant.magic", String::new()),
        GrantError::Malformed => ("grant", String::new()),
        GrantError::Validity { ms } => ("grant.expires_ms", format!("{ms} ms after not_before")),
        GrantError::ForceAboveCeiling { force, .. } => ("grant.profile.force", newtons(force)),
        GrantError::RateAboveLimit => ("grant.profile.ramp", String::new()),
        GrantError::LongerThanSession => ("grant.limits.total_time", String::new()),
    }
}

fn newtons(force: Newtons) -> String {
    format!("{} N", force.get())
}
