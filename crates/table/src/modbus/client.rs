//! A table at the other end of a Modbus line.
//!
//! ```text
//! loop ─ apply ─▶ newest command ─▶ ┌ I/O thread, 5 ms ┐ ─ function 23 ─▶ table
//! loop ◀─ read ── newest live block ◀ one exchange      ┘ ◀─────────────
//! age told = age in the block + time since the request left
//! ```
//! All input and output waits in a thread of its own; `read` and `apply` copy
//! under a lock that is never held while anything waits. Each exchange writes a
//! nonce and reads the live block in one transaction: a block whose nonce is not
//! the one just written is an old reply and is dropped, and so is one whose
//! sequence runs backwards. A command of the loop goes out once; a loop that
//! gives none lets the lease run out, so the drive's watchdog is fed by nobody else.

use super::cadence::{FEWEST, SLOWEST};
use super::codec::{Reply, Request, Span};
use super::line::Line;
use super::map::{FIXED, Fixed, LIVE, Live, Misread, State};
use super::worker::{PERIOD, Shared, Told, Worker, lock};
use super::{Address, refusals};
use crate::wire::Simulated;
use crate::{Sensors, Table, TableInfo};
use si::{Newtons, NewtonsPerMetre, Problem, Region, Seconds};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use traction::drive::MAX_WATCHDOG_MS;
use traction::input::{Sample, Switch};
use traction::{Drive, MetresPerSecond, Setup};

/// How long a table may take to answer at all.
const FIRST_ANSWER: Duration = Duration::from_secs(3);
/// How long `prepare` waits for the cadence, at the slowest line that is worth waiting for.
const MEASURED_BY: Duration = Duration::from_secs(12);
/// Above this age a reading tells nothing of the switch, and the line is down (devices §4b 8).
const LOST: Duration = Duration::from_millis(100);

/// A table over Modbus.
pub struct ModbusTable {
    info: TableInfo,
    address: Address,
    fixed: Fixed,
    pull_speed: f64,
    shared: Arc<Mutex<Shared>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl ModbusTable {
    /// Finds the table, starts to read it and measures the line.
    ///
    /// # Errors
    /// Nothing answers, or what answers is no table of this map.
    pub fn connect(address: &Address) -> Result<Self, Problem> {
        let mut line = Line::new(address.clone());
        let fixed = first(&mut line, FIXED, address, Fixed::read)?;
        let live = first(&mut line, LIVE, address, Live::read)?;
        let regions = [
            (fixed.lumbar, Region::Lumbar),
            (fixed.cervical, Region::Cervical),
        ];
        let info = TableInfo {
            id: fixed.id,
            simulated: fixed.simulated,
            regions: regions
                .into_iter()
                .filter_map(|(has, region)| has.then_some(region))
                .collect(),
            hardware_ceiling: Newtons::of(f64::from(live.table_ceiling)),
        };
        let shared = Arc::new(Mutex::new(Shared {
            ceiling: live.table_ceiling,
            ..Shared::default()
        }));
        let ended = Arc::new(AtomicBool::new(false));
        let worker = Worker::new(
            line,
            (Arc::clone(&shared), Arc::clone(&ended)),
            live.written,
        );
        let thread = std::thread::Builder::new()
            .name("modbus".into())
            .spawn(move || worker.run())
            .map_err(|error| refusals::silent(address, &error.to_string()))?;
        let table = Self {
            info,
            address: address.clone(),
            fixed,
            pull_speed: f64::from(fixed.pull_speed) * 1e-6,
            shared,
            ended,
            thread: Some(thread),
        };
        // Measured here, so that `prepare` keeps no loop waiting; it judges.
        let start = Instant::now();
        while table.cadence().is_none() && start.elapsed() < MEASURED_BY {
            std::thread::sleep(PERIOD);
        }
        Ok(table)
    }

    /// Median and 99th percentile of an exchange, once 100 were made.
    #[must_use]
    pub fn cadence(&self) -> Option<(Duration, Duration)> {
        let shared = lock(&self.shared);
        let cadence = &shared.cadence;
        cadence.percentile(50).zip(cadence.percentile(99))
    }

    /// The newest live block that was proved fresh, and its age now.
    #[must_use]
    pub fn live(&self) -> Option<(Live, Duration)> {
        let (live, asked) = lock(&self.shared).live?;
        let told = Duration::from_millis(u64::from(live.age_ms));
        Some((live, told + asked.elapsed()))
    }

    /// Waits until the line is measured.
    fn measured(&self) -> Result<Duration, Problem> {
        let start = Instant::now();
        loop {
            if let Some((median, slow)) = self.cadence() {
                if slow > SLOWEST {
                    return Err(refusals::slow(&self.address, median, slow));
                }
                return Ok(slow);
            }
            if start.elapsed() > MEASURED_BY {
                let shared = lock(&self.shared);
                let known = shared.cadence.known();
                let why = format!("{known} of {FEWEST} exchanges; {}", shared.last_error);
                return Err(refusals::silent(&self.address, &why));
            }
            std::thread::sleep(PERIOD);
        }
    }

    /// What the table says now that it is: a harness may have been changed.
    fn read_again(&self) -> Result<Fixed, Problem> {
        let start = Instant::now();
        {
            let mut shared = lock(&self.shared);
            shared.fixed = None;
            shared.wants_fixed = true;
        }
        while start.elapsed() < FIRST_ANSWER {
            std::thread::sleep(PERIOD);
            if let Some(fixed) = lock(&self.shared).fixed.take() {
                return Ok(fixed);
            }
        }
        let why = lock(&self.shared).last_error.clone();
        Err(refusals::silent(&self.address, &why))
    }

    /// Writes off and the table's own ceiling, and waits until the table echoes both.
    fn settle(&self, ceiling: u16) -> Result<Live, Problem> {
        let start = Instant::now();
        loop {
            {
                let mut shared = lock(&self.shared);
                shared.ceiling = ceiling;
                let drive = Drive::OFF;
                shared.command = Some(Told { drive, basis: 0 });
            }
            std::thread::sleep(PERIOD);
            let live = self.live().filter(|(_, age)| *age < LOST);
            let settled = live.filter(|(live, _)| live.ceiling == ceiling);
            match (settled, live) {
                (Some((live, _)), _) if live.state == State::Off => return Ok(live),
                _ if start.elapsed() < FIRST_ANSWER => {}
                (_, Some((live, _))) => {
                    return Err(refusals::ceiling(&self.address, ceiling, live.ceiling));
                }
                (_, None) => {
                    let why = lock(&self.shared).last_error.clone();
                    return Err(refusals::silent(&self.address, &why));
                }
            }
        }
    }
}

impl Drop for ModbusTable {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A thread that died has written nothing since, so the lease has run out.
            let _ = thread.join();
        }
    }
}

impl Table for ModbusTable {
    fn info(&self) -> &TableInfo {
        &self.info
    }

    fn prepare(&mut self, region: Region) -> Result<Setup, Problem> {
        self.fixed = self.read_again()?;
        if self.fixed.harness != region {
            return Err(refusals::region(&self.address, region, self.fixed.harness));
        }
        let live = self.settle(self.info.hardware_ceiling.get() as u16)?;
        if !(1..=MAX_WATCHDOG_MS).contains(&u32::from(live.watchdog_ms)) {
            return Err(refusals::watchdog(&self.address, live.watchdog_ms));
        }
        if live.table_ceiling != live.ceiling {
            let (told, found) = (live.table_ceiling, live.ceiling);
            return Err(refusals::ceiling(&self.address, told, found));
        }
        let slow = self.measured()?;
        // What the line adds to the reaction is taken from the speed: v·t stays as it was.
        let own = f64::from(self.fixed.reaction_ms) * 1e-3;
        let reaction = own + slow.as_secs_f64();
        self.pull_speed = f64::from(self.fixed.pull_speed) * 1e-6 * own / reaction;
        Ok(Setup {
            harness: self.fixed.harness,
            table_ceiling: Newtons::of(f64::from(live.table_ceiling)),
            pull_speed: MetresPerSecond::raw(self.pull_speed),
            stiffest: NewtonsPerMetre::of(f64::from(self.fixed.stiffest)),
            reaction: Seconds::of(reaction),
            watchdog_ms: u32::from(live.watchdog_ms),
            console_required: true,
            simulated: self.fixed.simulated,
        })
    }

    fn read(&mut self) -> Sensors {
        let Some((live, age)) = self.live() else {
            return NOTHING;
        };
        let age_ms = u16::try_from(age.as_millis()).unwrap_or(u16::MAX);
        let sample = |value: Option<f64>| value.map(|value| Sample { value, age_ms });
        let motor = |ma: i16| f64::from(ma) * f64::from(self.fixed.motor_constant) * 1e-3;
        let lost = age > LOST;
        let shared = lock(&self.shared);
        let let_go = shared.energised && matches!(live.state, State::Lapsed | State::Tripped);
        let stranger = shared.stranger.is_some_and(|until| Instant::now() < until);
        Sensors {
            force_a: sample(live.force_a),
            force_b: sample(live.force_b),
            travel: sample(live.travel),
            motor_force: sample(live.motor_ma.map(motor)),
            switch: if lost || !shared.life.is_there() {
                Switch::MISSING
            } else {
                live.switch
            },
            drive_fault: live.faults.drive || let_go || stranger || shared.bent.is_some(),
        }
    }

    fn apply(&mut self, drive: Drive) -> Result<(), Problem> {
        let velocity = drive.velocity.get().min(self.pull_speed);
        let mut shared = lock(&self.shared);
        shared.energised = drive.torque;
        let basis = shared.live.map_or(0, |(live, _)| live.sequence);
        let velocity = MetresPerSecond::raw(velocity);
        let drive = Drive { velocity, ..drive };
        shared.command = Some(Told { drive, basis });
        let lost = shared.live.is_none_or(|(_, asked)| asked.elapsed() > LOST);
        match shared.refused {
            Some(exception) => Err(refusals::refused(&self.address, exception)),
            None if lost => Err(refusals::silent(&self.address, &shared.last_error)),
            None => Ok(()),
        }
    }

    fn hold_under(&mut self, ceiling: Newtons) -> Result<(), Problem> {
        let own = self.info.hardware_ceiling.get();
        // Whole newtons, rounded down, so that the table's ceiling is never above the session's.
        let ceiling = ceiling.get().clamp(1.0, own.max(1.0)) as u16;
        self.settle(ceiling).map(|_| ())
    }

    fn simulate(&mut self, act: Simulated) -> bool {
        match act {
            Simulated::Switch { pressed } if self.info.simulated => {
                lock(&self.shared).patient = Some(pressed);
                true
            }
            _ => false,
        }
    }
}

/// Before the first reading.
const NOTHING: Sensors = Sensors {
    force_a: None,
    force_b: None,
    travel: None,
    motor_force: None,
    switch: Switch::MISSING,
    drive_fault: false,
};

/// Reads a block until it is whole, or says what was there instead.
fn first<T>(
    line: &mut Line,
    span: Span,
    address: &Address,
    read: impl Fn(&[u16]) -> Result<T, Misread>,
) -> Result<T, Problem> {
    let start = Instant::now();
    loop {
        let problem = match line.ask(&Request::Read(span)) {
            Ok(Reply::Registers(registers)) => match read(&registers) {
                Ok(block) => return Ok(block),
                Err(why) => refusals::unknown(address, why),
            },
            Ok(Reply::Refused(why)) => refusals::refused(address, why),
            Ok(Reply::Written(_)) => refusals::silent(address, "another reply"),
            Err(error) => refusals::silent(address, &error.to_string()),
        };
        if start.elapsed() > FIRST_ANSWER {
            return Err(problem);
        }
        std::thread::sleep(PERIOD);
    }
}
