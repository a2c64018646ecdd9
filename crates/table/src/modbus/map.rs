//! The register map of a traction table: what each register is, typed both ways.
//!
//! Registers 0–15 and 100–107 are those of devices.md §5; the rest is ours: an
//! echo of what was taken, a nonce, sums over both blocks, what a table is, and
//! the velocity of its carriage, because our controller commands a velocity.
//! `docs/modbus.md` is written from the list in `registers.rs`.
//!
//! Forces in mN, positions in µm, velocities in µm/s, times in ms, 32-bit values
//! signed, high word first; `i32::MIN` and `i16::MIN` say that nothing was read.

pub use super::registers::{REGISTERS, Register};

use super::codec::{Span, crc_of};
use si::Region;
use traction::input::{Pole, Switch};

/// Register 0.
pub const MAGIC: u16 = 0x5452;
/// Register 1.
pub const VERSION: u16 = 1;
/// What changes: read in one transaction, or not at all.
pub const LIVE: Span = Span {
    first: 0,
    count: 21,
};
/// What a table is.
pub const FIXED: Span = Span {
    first: 40,
    count: 15,
};
/// First register that may be written.
pub const COMMAND: u16 = 100;
/// The published write block, 100–107.
pub const PUBLISHED: usize = 8;
/// With the velocity, 100–111.
pub const WHOLE: usize = 12;
/// Register of the nonce.
pub const ASK: u16 = 112;
/// Register of a simulated patient's switch.
pub const PATIENT: u16 = 113;

/// Longest lease that a write may have, ms.
pub const LEASE_MOST_MS: u16 = 250;
/// Oldest live block that a velocity may answer, in ticks of the table (ours; devices §4b 8: 100 ms).
pub const BASIS_MOST: u16 = 10;

/// Why registers were not taken for a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misread {
    /// Not as many as the block has.
    Length,
    /// The sum is not theirs.
    Sum,
    /// Not a traction table.
    Magic,
    /// Another version of the map.
    Version,
    /// A code that the map does not know.
    Code,
}

/// What the table does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// No torque, as told.
    #[default]
    Off,
    /// Following a velocity.
    Driving,
    /// Let go: a lease or the watchdog lapsed.
    Lapsed,
    /// Let go: the force was above the ceiling and its margin.
    Tripped,
}

impl State {
    const ALL: [Self; 4] = [Self::Off, Self::Driving, Self::Lapsed, Self::Tripped];
}

/// What stands in the way, register 12.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// The drive has a fault, or did not take its command.
    pub drive: bool,
    /// A lease or the watchdog lapsed.
    pub lapsed: bool,
    /// The force was above the ceiling and its margin.
    pub tripped: bool,
    /// A pull is held back: at the ceiling, or no cell tells the force.
    pub held: bool,
}

/// The live block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Live {
    /// Tick of the table.
    pub sequence: u16,
    /// Age of what it measured, ms.
    pub age_ms: u16,
    /// First cell, N.
    pub force_a: Option<f64>,
    /// Second cell, N.
    pub force_b: Option<f64>,
    /// Motor current, mA.
    pub motor_ma: Option<i16>,
    /// Carriage, m.
    pub travel: Option<f64>,
    /// What the table does.
    pub state: State,
    /// What stands in the way.
    pub faults: Faults,
    /// The patient's switch.
    pub switch: Switch,
    /// Tests of its inputs that were answered, mod 64.
    pub switch_tests: u8,
    /// Watchdog of the drive, ms.
    pub watchdog_ms: u16,
    /// Ceiling of the table itself, N.
    pub table_ceiling: u16,
    /// Sequence of the last write taken.
    pub written: u16,
    /// Ceiling in force, N.
    pub ceiling: u16,
    /// What is left of the lease, ms.
    pub lease_left_ms: u16,
    /// The nonce.
    pub asked: u16,
}

fn split(value: i32) -> [u16; 2] {
    let bits = value.cast_unsigned();
    [(bits >> 16) as u16, bits as u16]
}

fn join(high: u16, low: u16) -> i32 {
    ((u32::from(high) << 16) | u32::from(low)).cast_signed()
}

/// A value in millionths or thousandths; nothing where there is none, or none that fits.
fn scaled(value: Option<f64>, scale: f64) -> [u16; 2] {
    let fits = |value: &f64| value.is_finite() && (value * scale).abs() < f64::from(i32::MAX);
    let counted = value
        .filter(fits)
        .map(|value| (value * scale).round() as i32);
    split(counted.unwrap_or(i32::MIN))
}

fn unscaled(high: u16, low: u16, scale: f64) -> Option<f64> {
    let value = join(high, low);
    (value != i32::MIN).then(|| f64::from(value) / scale)
}

fn bits(flags: &[bool]) -> u16 {
    flags
        .iter()
        .enumerate()
        .fold(0, |sum, (index, on)| sum | (u16::from(*on) << index))
}

fn switch_bits(switch: Switch) -> u16 {
    let closed = bits(&[switch.a == Pole::Closed, switch.b == Pole::Closed]);
    closed | (bits(&[switch.a != Pole::Missing, switch.b != Pole::Missing]) << 8)
}

fn switch_of(word: u16) -> Switch {
    let pole = |index: u16| match (word >> (8 + index) & 1, word >> index & 1) {
        (0, _) => Pole::Missing,
        (_, 0) => Pole::Open,
        _ => Pole::Closed,
    };
    Switch {
        a: pole(0),
        b: pole(1),
    }
}

/// The last register is the sum of those before it.
fn summed<const N: usize>(registers: &[u16]) -> Result<[u16; N], Misread> {
    let block: [u16; N] = registers.try_into().map_err(|_| Misread::Length)?;
    match registers.split_last() {
        Some((sum, rest)) if *sum == crc_of(rest) => Ok(block),
        _ => Err(Misread::Sum),
    }
}

impl Live {
    /// Its registers, 0–20.
    #[must_use]
    pub fn registers(&self) -> [u16; LIVE.count as usize] {
        let a = scaled(self.force_a, 1e3);
        let b = scaled(self.force_b, 1e3);
        let x = scaled(self.travel, 1e6);
        let faults = [
            self.faults.drive,
            self.faults.lapsed,
            self.faults.tripped,
            self.faults.held,
        ];
        let mut block = [
            MAGIC,
            VERSION,
            self.sequence,
            self.age_ms,
            a[0],
            a[1],
            b[0],
            b[1],
            self.motor_ma.unwrap_or(i16::MIN).cast_unsigned(),
            x[0],
            x[1],
            self.state as u16,
            bits(&faults),
            switch_bits(self.switch) | (u16::from(self.switch_tests % 64) << 10),
            self.watchdog_ms,
            self.table_ceiling,
            self.written,
            self.ceiling,
            self.lease_left_ms,
            self.asked,
            0,
        ];
        block[20] = crc_of(&block[..20]);
        block
    }

    /// Reads registers 0–20.
    ///
    /// # Errors
    /// Anything that is not a whole live block of this map.
    pub fn read(registers: &[u16]) -> Result<Self, Misread> {
        let block: [u16; LIVE.count as usize] = summed(registers)?;
        if block[0] != MAGIC {
            return Err(Misread::Magic);
        }
        if block[1] != VERSION {
            return Err(Misread::Version);
        }
        let state = State::ALL.get(usize::from(block[11]));
        let motor = block[8].cast_signed();
        Ok(Self {
            sequence: block[2],
            age_ms: block[3],
            force_a: unscaled(block[4], block[5], 1e3),
            force_b: unscaled(block[6], block[7], 1e3),
            motor_ma: (motor != i16::MIN).then_some(motor),
            travel: unscaled(block[9], block[10], 1e6),
            state: *state.ok_or(Misread::Code)?,
            faults: Faults {
                drive: block[12] & 1 != 0,
                lapsed: block[12] & 2 != 0,
                tripped: block[12] & 4 != 0,
                held: block[12] & 8 != 0,
            },
            switch: switch_of(block[13]),
            switch_tests: (block[13] >> 10) as u8,
            watchdog_ms: block[14],
            table_ceiling: block[15],
            written: block[16],
            ceiling: block[17],
            lease_left_ms: block[18],
            asked: block[19],
        })
    }
}

/// What a table is, registers 40–54.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// What the fitted harness is for.
    pub harness: Region,
    /// Fastest pull, µm/s.
    pub pull_speed: u16,
    /// Stiffest body, N/m.
    pub stiffest: u16,
    /// Reaction, ms.
    pub reaction_ms: u16,
    /// Tension for each mA, mN.
    pub motor_constant: u16,
    /// Whether it is simulated.
    pub simulated: bool,
    /// Whether it has a lumbar harness.
    pub lumbar: bool,
    /// Whether it has a cervical harness.
    pub cervical: bool,
    /// Its id.
    pub id: [u8; 16],
}

impl Fixed {
    /// Its registers.
    #[must_use]
    pub fn registers(&self) -> [u16; FIXED.count as usize] {
        let mut block = [0; FIXED.count as usize];
        block[0] = match self.harness {
            Region::Lumbar => 1,
            Region::Cervical => 2,
        };
        block[1] = self.pull_speed;
        block[2] = self.stiffest;
        block[3] = self.reaction_ms;
        block[4] = self.motor_constant;
        block[5] = bits(&[self.simulated, self.lumbar, self.cervical]);
        for (index, pair) in self.id.chunks_exact(2).enumerate() {
            block[6 + index] = u16::from_be_bytes([pair[0], pair[1]]);
        }
        block[14] = crc_of(&block[..14]);
        block
    }

    /// Reads registers 40–54.
    ///
    /// # Errors
    /// Anything that is not that block.
    pub fn read(registers: &[u16]) -> Result<Self, Misread> {
        let block: [u16; FIXED.count as usize] = summed(registers)?;
        let harness = match block[0] {
            1 => Region::Lumbar,
            2 => Region::Cervical,
            _ => return Err(Misread::Code),
        };
        let mut id = [0; 16];
        for (pair, word) in id.chunks_exact_mut(2).zip(&block[6..14]) {
            pair.copy_from_slice(&word.to_be_bytes());
        }
        Ok(Self {
            harness,
            pull_speed: block[1],
            stiffest: block[2],
            reaction_ms: block[3],
            motor_constant: block[4],
            simulated: block[5] & 1 != 0,
            lumbar: block[5] & 2 != 0,
            cervical: block[5] & 4 != 0,
            id,
        })
    }
}

/// What the table is told to do, registers 106 and 108–110.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// No torque.
    Off,
    /// A velocity of the carriage.
    Velocity {
        /// µm/s.
        velocity: i32,
        /// The live block it answers.
        basis: u16,
    },
}

/// A write of registers 100–107 or 100–111.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its sequence.
    pub sequence: u16,
    /// Its lease, ms.
    pub lease_ms: u16,
    /// The ceiling, N.
    pub ceiling: u16,
    /// What to do.
    pub order: Order,
}

impl Command {
    /// Its registers, 100–111.
    #[must_use]
    pub fn registers(&self) -> [u16; WHOLE] {
        let (code, velocity, basis) = match self.order {
            Order::Off => (0, 0, 0),
            Order::Velocity { velocity, basis } => (1, velocity, basis),
        };
        let velocity = split(velocity);
        let mut block = [0; WHOLE];
        block[0] = self.sequence;
        block[1] = self.lease_ms;
        block[5] = self.ceiling;
        block[6] = code;
        block[7] = crc_of(&block[..7]);
        block[8] = velocity[0];
        block[9] = velocity[1];
        block[10] = basis;
        block[11] = crc_of(&block[..11]);
        block
    }

    /// Reads what was written from register 100 on: eight registers or twelve.
    ///
    /// # Errors
    /// Another length, a wrong sum, a command that this table does not take.
    pub fn read(registers: &[u16]) -> Result<Self, Misread> {
        let published: [u16; PUBLISHED] = registers
            .get(..PUBLISHED)
            .map_or(Err(Misread::Length), summed)?;
        let whole: Option<[u16; WHOLE]> = match registers.len() {
            PUBLISHED => None,
            _ => Some(summed(registers)?),
        };
        // A table without a force loop of its own takes no target and no rate.
        if published[2..5] != [0; 3] {
            return Err(Misread::Code);
        }
        let order = match (published[6], whole) {
            (0, _) => Order::Off,
            (1, Some(whole)) => Order::Velocity {
                velocity: join(whole[8], whole[9]),
                basis: whole[10],
            },
            _ => return Err(Misread::Code),
        };
        Ok(Self {
            sequence: published[0],
            lease_ms: published[1],
            ceiling: published[5],
            order,
        })
    }
}

/// Whether `sequence` comes after `last`, in counters that wrap.
#[must_use]
pub const fn is_after(sequence: u16, last: u16) -> bool {
    matches!(sequence.wrapping_sub(last), 1..=0x7FFF)
}
