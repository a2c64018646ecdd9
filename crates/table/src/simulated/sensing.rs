//! What cells, motor and encoder say of a true force and travel, and how they lie.
//!
//! ```text
//! reading = true · gain · own gain + own zero + noise + offset + added noise
//! ```
//! | part | value | source |
//! |---|---|---|
//! | own gain | 1 ± [`CELL_GAIN_ERROR`], drawn | ours: a class C3 cell is far better |
//! | own zero | ± [`CELL_ZERO_ERROR_N`], drawn | ours |
//! | noise | [`CELL_NOISE_N`], [`MOTOR_NOISE_N`], [`ENCODER_NOISE_M`] | ours; a cell below 0.05 N is frozen (devices.md §4b.9) |
//!
//! The healthy sensors draw their noise whether a fault is on or not, and faults draw from a
//! stream of their own: a fault changes nothing but what it changes. Shown by
//! `tests/hazards/sensors.rs`.

use super::fault::{Active, Faults};
use super::line::{Measured, Samples};
use crate::rng::Rng;
use crate::wire::{FaultKind, Sensor, Wrong};
use traction::input::Sample;

/// Standard deviation of a load cell's noise, N.
const CELL_NOISE_N: f64 = 0.3;
/// Standard deviation of the tension inferred from motor current, N.
const MOTOR_NOISE_N: f64 = 3.0;
/// Largest gain error of a healthy cell.
const CELL_GAIN_ERROR: f64 = 0.004;
/// Largest zero error of a healthy cell, N.
const CELL_ZERO_ERROR_N: f64 = 0.5;
/// Standard deviation of the encoder's noise, m.
const ENCODER_NOISE_M: f64 = 2e-6;
/// Names of the streams of chance beside the healthy noise.
const FAULTY: u64 = 1;
const LATE: u64 = 2;

/// One sensor.
#[derive(Clone, Copy, Debug)]
struct Gauge {
    sensor: Sensor,
    gain: f64,
    zero: f64,
    noise: f64,
    /// SI units in the unit of a fault's size.
    unit: f64,
    last: f64,
}

impl Gauge {
    const fn new(sensor: Sensor, noise: f64, unit: f64) -> Self {
        Self {
            sensor,
            gain: 1.0,
            zero: 0.0,
            noise,
            unit,
            last: 0.0,
        }
    }

    fn cell(sensor: Sensor, rng: &mut Rng) -> Self {
        Self {
            gain: 1.0 + CELL_GAIN_ERROR * (2.0 * rng.unit() - 1.0),
            zero: CELL_ZERO_ERROR_N * (2.0 * rng.unit() - 1.0),
            ..Self::new(sensor, CELL_NOISE_N, 1.0)
        }
    }

    /// Whether a fault of `sensor` is one of this gauge.
    fn is(&self, sensor: Sensor) -> bool {
        let cell = matches!(self.sensor, Sensor::CellA | Sensor::CellB);
        sensor == self.sensor || (sensor == Sensor::BothCells && cell)
    }

    fn measure(&mut self, truth: f64, noise: f64) -> f64 {
        self.last = truth * self.gain + self.zero + self.noise * noise;
        self.last
    }

    /// The reading under the faults of this gauge, in the order in which they were given.
    fn lie(&mut self, truth: f64, noise: f64, faults: &Faults, rng: &mut Rng) -> Option<f64> {
        let held = self.last;
        let mine = |active: &&Active| match active.fault.kind {
            FaultKind::Sensor(sensor, _) => self.is(sensor),
            _ => false,
        };
        let mine: Vec<Active> = faults.on().iter().filter(mine).copied().collect();
        let scaled = mine
            .iter()
            .fold(truth, |value, active| match wrong(active) {
                Some(Wrong::Gain) => {
                    value * (1.0 + (active.fault.magnitude - 1.0) * active.share())
                }
                _ => value,
            });
        let mut value = Some(self.measure(scaled, noise));
        for active in &mine {
            value = value.and_then(|value| self.spoil(value, held, active, rng));
        }
        let sticks = |active: &Active| {
            active.share() >= 1.0 && matches!(wrong(active), Some(Wrong::Stuck | Wrong::Held))
        };
        if mine.iter().any(sticks) {
            self.last = held;
        }
        value
    }

    fn spoil(&self, value: f64, held: f64, active: &Active, rng: &mut Rng) -> Option<f64> {
        let size = active.fault.magnitude * self.unit;
        let wrong = wrong(active)?;
        match wrong {
            Wrong::Gain => return Some(value),
            Wrong::Offset => return Some(value + size * active.share()),
            Wrong::Noise => return Some(value + size * active.share() * rng.noise()),
            _ if active.share() < 1.0 => return Some(value),
            _ => {}
        }
        match wrong {
            Wrong::Stuck => Some(held),
            Wrong::Held => Some(held + self.noise * rng.noise()),
            Wrong::Rail => Some(size),
            Wrong::NotANumber => Some(f64::NAN),
            Wrong::Infinite => Some(f64::INFINITY),
            Wrong::Lost => None,
            Wrong::WordSwap => Some(self.of_word(self.word(value).rotate_left(16))),
            Wrong::BitFlip => Some(self.of_word(self.word(value) ^ bit(active.fault.magnitude))),
            Wrong::Gain | Wrong::Offset | Wrong::Noise => Some(value),
        }
    }

    /// The value as it travels: 32 bits of mN or µm.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a cast saturates, as the register does"
    )]
    fn word(&self, value: f64) -> i32 {
        (value / self.unit * 1_000.0).round() as i32
    }

    fn of_word(&self, word: i32) -> f64 {
        f64::from(word) * self.unit / 1_000.0
    }
}

fn wrong(active: &Active) -> Option<Wrong> {
    match active.fault.kind {
        FaultKind::Sensor(_, wrong) => Some(wrong),
        _ => None,
    }
}

/// The bit with this number, 0 to 31.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a checked size is between 0 and 31"
)]
fn bit(number: f64) -> i32 {
    1_i32.wrapping_shl(number as u32)
}

/// All of them.
#[derive(Clone, Debug)]
pub(super) struct Senses {
    rng: Rng,
    faulty: Rng,
    gauges: [Gauge; 4],
    line: Samples,
}

impl Senses {
    /// The sensors of a table, drawn from its seed.
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let gauges = [
            Gauge::cell(Sensor::CellA, &mut rng),
            Gauge::cell(Sensor::CellB, &mut rng),
            Gauge::new(Sensor::Motor, MOTOR_NOISE_N, 1.0),
            Gauge::new(Sensor::Encoder, ENCODER_NOISE_M, 1e-3),
        ];
        Self {
            gauges,
            faulty: rng.fork(FAULTY),
            line: Samples::new(rng.fork(LATE)),
            rng,
        }
    }

    /// Cell A, cell B, motor and encoder at this force and travel.
    pub(super) fn read(&mut self, force: f64, travel: f64, faults: &Faults) -> [Option<Sample>; 4] {
        let healthy = faults.on().is_empty();
        let truths = [force, force, force, travel];
        let mut measured: Measured = [None; 4];
        for ((gauge, truth), value) in self.gauges.iter_mut().zip(truths).zip(&mut measured) {
            let noise = self.rng.noise();
            *value = if healthy {
                Some(gauge.measure(truth, noise))
            } else {
                gauge.lie(truth, noise, faults, &mut self.faulty)
            };
        }
        self.line.arrive(measured, faults)
    }
}
