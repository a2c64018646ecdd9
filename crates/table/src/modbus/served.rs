//! A table behind the map: leases, watchdog and ceiling, as a function of the
//! time it is given, so that tests need no clock.
//!
//! ```text
//! drive = off        after command 0, once  now > last write + min(lease, watchdog),
//!                    once F > C + margin; the last two stay until a new command 0
//!       = min(v, 0)  while F ≥ C, or while no cell tells F
//!       = v          else
//! ```
//! F the higher load cell, C the ceiling in force (N), v the velocity written.
//! A write has an effect once: its sequence must be above the last one taken,
//! and a velocity must answer a live block of the last 100 ms, so that a command
//! that lay in a gateway moves nothing.
//!
//! Limits of validity: no authentication, Modbus has none; whoever reaches the
//! line may let go, and whoever does so first may drive. Shown in
//! `tests/modbus/rules.rs`.

use super::codec::{Exception, Reply, Request, Span};
use super::map::{
    ASK, BASIS_MOST, COMMAND, Command, FIXED, Faults, Fixed, LEASE_MOST_MS, LIVE, Live, Misread,
    Order, PATIENT, PUBLISHED, State, WHOLE, is_after,
};
use crate::wire::Simulated;
use crate::{Sensors, Table};
use si::{Problem, Region};
use std::time::Duration;
use traction::{Drive, MetresPerSecond, Setup};

/// Tension for each mA that the served table tells, mN (ours: 3,276 N fit the register).
const MOTOR_MN_PER_MA: u16 = 100;
/// Fastest that a velocity may run back, µm/s (ours: 0.5 m/s, four times the simulated drive's).
const BACK_MOST: i32 = -500_000;

/// Above the ceiling by this much the table lets go by itself, N: the margin
/// that the guard gives the motor as its witness (ours).
const fn margin(region: Region) -> f64 {
    match region {
        Region::Lumbar => 40.0,
        Region::Cervical => 15.0,
    }
}

/// Who wrote: a number for each connection.
pub type Master = u64;

/// The last write that was taken.
#[derive(Clone, Copy, Debug)]
struct Taken {
    command: Command,
    by: Master,
    at: Duration,
}

/// A table behind the map.
pub struct Served {
    table: Box<dyn Table>,
    setup: Setup,
    fixed: Fixed,
    taken: Option<Taken>,
    state: State,
    ceiling: u16,
    velocity: i32,
    sensors: Option<Sensors>,
    sampled: Duration,
    sequence: u16,
    drive_fault: bool,
    held: bool,
    asked: u16,
}

impl Served {
    /// Makes `table` ready with the harness for `region`.
    ///
    /// # Errors
    /// What the table says, or a number that does not fit its register.
    pub fn new(mut table: Box<dyn Table>, region: Region) -> Result<Self, Problem> {
        let setup = table.prepare(region)?;
        let info = table.info();
        let fixed = Fixed {
            harness: setup.harness,
            pull_speed: fits("pull-speed", setup.pull_speed.get() * 1e6)?,
            stiffest: fits("stiffest", setup.stiffest.get())?,
            reaction_ms: fits("reaction", setup.reaction.get() * 1e3)?,
            motor_constant: MOTOR_MN_PER_MA,
            simulated: setup.simulated,
            lumbar: info.regions.contains(&Region::Lumbar),
            cervical: info.regions.contains(&Region::Cervical),
            id: info.id,
        };
        fits("table-ceiling", setup.table_ceiling.get())?;
        fits("watchdog", f64::from(setup.watchdog_ms))?;
        Ok(Self {
            table,
            setup,
            fixed,
            taken: None,
            state: State::Off,
            ceiling: 0,
            velocity: 0,
            sensors: None,
            sampled: Duration::ZERO,
            sequence: 0,
            drive_fault: false,
            held: false,
            asked: 0,
        })
    }

    /// The table itself, for who serves a simulated one.
    pub fn table(&mut self) -> &mut dyn Table {
        self.table.as_mut()
    }

    /// The ceiling in force, N; 0 before the first write.
    #[must_use]
    pub const fn ceiling(&self) -> u16 {
        self.ceiling
    }

    /// One tick of the table: measure, judge, drive.
    pub fn tick(&mut self, now: Duration) {
        let sensors = self.table.read();
        let force = force(&sensors);
        if self.state == State::Driving {
            let most = f64::from(self.ceiling) + margin(self.setup.harness);
            if self.until().is_none_or(|until| now > until) {
                self.state = State::Lapsed;
            } else if force.is_some_and(|force| force > most) {
                self.state = State::Tripped;
            }
        }
        let below = force.is_some_and(|force| force < f64::from(self.ceiling));
        self.held = self.state == State::Driving && !below && self.velocity > 0;
        let velocity = if below {
            self.velocity
        } else {
            self.velocity.min(0)
        };
        let drive = if self.state == State::Driving {
            Drive {
                velocity: MetresPerSecond::raw(f64::from(velocity) * 1e-6),
                torque: true,
            }
        } else {
            Drive::OFF
        };
        self.drive_fault = self.table.apply(drive).is_err() || sensors.drive_fault;
        self.sensors = Some(sensors);
        self.sampled = now;
        self.sequence = self.sequence.wrapping_add(1);
    }

    /// Answers a request. Nothing is changed by one that is refused.
    pub fn answer(&mut self, request: &Request, by: Master, now: Duration) -> Reply {
        let answered = match request {
            Request::Read(span) => self.registers(*span, now).map(Reply::Registers),
            Request::Write { first, values } => self.write(*first, values, by, now).map(|()| {
                let count = u16::try_from(values.len()).unwrap_or(u16::MAX);
                let first = *first;
                Reply::Written(Span { first, count })
            }),
            Request::Exchange {
                read,
                first,
                values,
            } => self
                .readable(*read)
                .and_then(|_| self.write(*first, values, by, now))
                .and_then(|()| self.registers(*read, now))
                .map(Reply::Registers),
        };
        answered.unwrap_or_else(Reply::Refused)
    }

    /// When the table lets go without another write.
    fn until(&self) -> Option<Duration> {
        let taken = self.taken?;
        let lease = u32::from(taken.command.lease_ms).min(self.setup.watchdog_ms);
        Some(taken.at + Duration::from_millis(u64::from(lease)))
    }

    fn live(&self, now: Duration) -> Live {
        let ms = |span: Duration| u16::try_from(span.as_millis()).unwrap_or(u16::MAX);
        let seen = self.sensors;
        let value = |sample: Option<traction::input::Sample>| sample.map(|sample| sample.value);
        let motor = value(seen.and_then(|seen| seen.motor_force));
        let ma = motor.map(|newtons| newtons * 1e3 / f64::from(MOTOR_MN_PER_MA));
        let oldest = seen.map_or(u16::MAX, |seen| {
            [seen.force_a, seen.force_b, seen.travel, seen.motor_force]
                .into_iter()
                .flatten()
                .map(|sample| sample.age_ms)
                .fold(0, u16::max)
        });
        let driving = self.state == State::Driving;
        let left = self.until().filter(|_| driving);
        Live {
            sequence: self.sequence,
            age_ms: ms(now.saturating_sub(self.sampled)).saturating_add(oldest),
            force_a: value(seen.and_then(|seen| seen.force_a)),
            force_b: value(seen.and_then(|seen| seen.force_b)),
            motor_ma: ma
                .filter(|ma| ma.abs() < 32_767.0)
                .map(|ma| ma.round() as i16),
            travel: value(seen.and_then(|seen| seen.travel)),
            state: self.state,
            faults: Faults {
                drive: self.drive_fault,
                lapsed: self.state == State::Lapsed,
                tripped: self.state == State::Tripped,
                held: self.held,
            },
            switch: seen.map_or(traction::input::Switch::MISSING, |seen| seen.switch),
            switch_tests: self.table.switch_tests().unwrap_or(0),
            watchdog_ms: u16::try_from(self.setup.watchdog_ms).unwrap_or(u16::MAX),
            table_ceiling: self.table_ceiling(),
            written: self.written(),
            ceiling: self.ceiling,
            lease_left_ms: left.map_or(0, |until| ms(until.saturating_sub(now))),
            asked: self.asked,
        }
    }

    fn table_ceiling(&self) -> u16 {
        self.setup.table_ceiling.get() as u16
    }

    fn written(&self) -> u16 {
        self.taken.map_or(0, |taken| taken.command.sequence)
    }

    /// The block that holds all of `span`, and where in it that begins.
    fn readable(&self, span: Span) -> Result<(Span, usize), Exception> {
        [LIVE, FIXED]
            .into_iter()
            .find(|block| {
                span.first >= block.first
                    && u32::from(span.first) + u32::from(span.count)
                        <= u32::from(block.first) + u32::from(block.count)
            })
            .map(|block| (block, usize::from(span.first - block.first)))
            .ok_or(Exception::IllegalAddress)
    }

    fn registers(&self, span: Span, now: Duration) -> Result<Vec<u16>, Exception> {
        let (block, skip) = self.readable(span)?;
        let (live, fixed) = (self.live(now).registers(), self.fixed.registers());
        let all: &[u16] = if block == LIVE { &live } else { &fixed };
        let part = all.get(skip..skip + usize::from(span.count));
        part.map(<[u16]>::to_vec).ok_or(Exception::IllegalAddress)
    }

    fn write(
        &mut self,
        first: u16,
        values: &[u16],
        by: Master,
        now: Duration,
    ) -> Result<(), Exception> {
        if let (PATIENT, [pressed]) = (first, values) {
            return self.press(*pressed);
        }
        let (command, ask) = match (first, values.len()) {
            (ASK, 1) => (None, values.first()),
            (COMMAND, PUBLISHED | WHOLE) => (Some(values), None),
            (COMMAND, length) if length == WHOLE + 1 => (values.get(..WHOLE), values.last()),
            _ => return Err(Exception::IllegalAddress),
        };
        if let Some(command) = command {
            let command = Command::read(command).map_err(|why| match why {
                Misread::Length => Exception::IllegalAddress,
                _ => Exception::IllegalValue,
            })?;
            self.take(command, by, now)?;
        }
        if let Some(ask) = ask {
            self.asked = *ask;
        }
        Ok(())
    }

    /// A simulated patient presses or releases; a real table has no such register.
    fn press(&mut self, pressed: u16) -> Result<(), Exception> {
        let pressed = match pressed {
            0 => false,
            1 => true,
            _ => return Err(Exception::IllegalValue),
        };
        let done = self.fixed.simulated && self.table.simulate(Simulated::Switch { pressed });
        done.then_some(()).ok_or(Exception::IllegalAddress)
    }

    /// Takes a command once.
    fn take(&mut self, command: Command, by: Master, now: Duration) -> Result<(), Exception> {
        if self.taken.is_some_and(|taken| taken.command == command) {
            return Ok(());
        }
        if !is_after(command.sequence, self.written()) {
            return Err(Exception::IllegalValue);
        }
        let driving = self.state == State::Driving;
        let known = (1..=LEASE_MOST_MS).contains(&command.lease_ms)
            && (1..=self.table_ceiling()).contains(&command.ceiling);
        match command.order {
            // Letting go asks for nothing but a fresh sequence.
            Order::Off => {
                let by_another = driving && self.taken.is_some_and(|taken| taken.by != by);
                // Who drives must hear of it: the table wants a command 0 of theirs too.
                self.state = if by_another {
                    State::Lapsed
                } else {
                    State::Off
                };
                self.velocity = 0;
            }
            Order::Velocity { velocity, basis } => {
                let fastest = i32::from(self.fixed.pull_speed);
                let timely = self.sequence.wrapping_sub(basis) <= BASIS_MOST;
                let raised = driving && command.ceiling > self.ceiling;
                if !known || raised || !timely || !(BACK_MOST..=fastest).contains(&velocity) {
                    return Err(Exception::IllegalValue);
                }
                if matches!(self.state, State::Lapsed | State::Tripped) {
                    return Err(Exception::DeviceFailure);
                }
                // The lease may have run out since the last tick: only a tick lets go, so it stands.
                if driving && self.until().is_none_or(|until| now > until) {
                    return Err(Exception::DeviceFailure);
                }
                if driving && self.taken.is_some_and(|taken| taken.by != by) {
                    return Err(Exception::Busy);
                }
                self.state = State::Driving;
                self.velocity = velocity;
            }
        }
        if known {
            self.ceiling = command.ceiling;
        }
        let at = now;
        self.taken = Some(Taken { command, by, at });
        Ok(())
    }
}

/// The higher of the cells that tell a force.
fn force(sensors: &Sensors) -> Option<f64> {
    [sensors.force_a, sensors.force_b]
        .into_iter()
        .flatten()
        .map(|sample| sample.value)
        .filter(|value| value.is_finite())
        .reduce(f64::max)
}

/// A number as one register.
fn fits(name: &str, value: f64) -> Result<u16, Problem> {
    let rounded = value.round();
    if (0.0..=65_535.0).contains(&rounded) {
        return Ok(rounded as u16);
    }
    Err(Problem::new(
        "modbus-register",
        format!("modbus.{name}"),
        value.to_string(),
        "does not fit its register",
        "serve a table whose numbers fit the map of docs/modbus.md",
    ))
}
