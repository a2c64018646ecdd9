//! The line to the drive and back: what arrives late, twice, from somebody else or not at all.
//!
//! A command arrives in the tick in which it is told, a measurement in which it is made.
//! Faults keep the last 640 ms of each and hand out an older one (H10, H13, H17, H25).
//! The patient's switch has wires of its own and is never late.

use super::fault::Faults;
use crate::rng::Rng;
use crate::wire::FaultKind;
use traction::TICK_MS;
use traction::drive::{Drive, MetresPerSecond};
use traction::input::Sample;

/// How many ticks are kept: more than the longest delay of a fault.
const KEPT: usize = 64;

/// The last [`KEPT`] values.
#[derive(Clone, Debug)]
pub(super) struct Past<T> {
    kept: [T; KEPT],
    /// How many were ever put in.
    count: usize,
}

impl<T: Copy> Past<T> {
    fn new(nothing: T) -> Self {
        Self {
            kept: [nothing; KEPT],
            count: 0,
        }
    }

    fn push(&mut self, value: T) {
        let at = self.count % KEPT;
        if let Some(slot) = self.kept.get_mut(at) {
            *slot = value;
        }
        self.count = self.count.wrapping_add(1);
    }

    /// The value of so many ticks ago; 0 is the last one.
    fn ago(&self, ticks: usize) -> Option<T> {
        let back = ticks.checked_add(1).filter(|back| *back <= KEPT)?;
        let at = self.count.checked_sub(back)?;
        self.kept.get(at % KEPT).copied()
    }
}

/// Commands on their way.
#[derive(Clone, Debug)]
pub(super) struct Commands {
    past: Past<Option<Drive>>,
    rated: MetresPerSecond,
}

impl Commands {
    /// A line to a drive with this rated speed.
    pub(super) fn new(rated: MetresPerSecond) -> Self {
        Self {
            past: Past::new(None),
            rated,
        }
    }

    /// What arrives at the drive in a tick in which this was told.
    pub(super) fn arrive(&mut self, told: Option<Drive>, faults: &Faults) -> Option<Drive> {
        self.past.push(told);
        if faults.on().is_empty() {
            return told;
        }
        let lost = [
            FaultKind::CommandsLost,
            FaultKind::CommsLost,
            FaultKind::PowerCut,
        ];
        if lost.iter().any(|kind| faults.is_on(*kind)) {
            return None;
        }
        let odd = self.past.count % 2 == 1;
        if odd && faults.is_on(FaultKind::RogueMaster) {
            return Some(Drive {
                velocity: self.rated,
                torque: true,
            });
        }
        let late = faults.ticks(FaultKind::CommandsLate);
        let again = faults.ticks(FaultKind::CommandsReplayed).filter(|_| odd);
        match again.or(late) {
            Some(ticks) => self.past.ago(ticks).flatten(),
            None => told,
        }
    }
}

/// What a table measured in a tick: cells, motor, encoder.
pub(super) type Measured = [Option<f64>; 4];

/// Measurements on their way.
#[derive(Clone, Debug)]
pub(super) struct Samples {
    past: Past<Measured>,
    rng: Rng,
}

impl Samples {
    /// A line with this source of chance.
    pub(super) fn new(rng: Rng) -> Self {
        Self {
            past: Past::new([None; 4]),
            rng,
        }
    }

    /// What the loop reads in a tick in which this was measured.
    pub(super) fn arrive(&mut self, now: Measured, faults: &Faults) -> [Option<Sample>; 4] {
        self.past.push(now);
        if faults.on().is_empty() {
            return now.map(|value| value.map(Sample::fresh));
        }
        let (ticks, told) = self.delay(faults);
        let age = if told { ticks } else { 0 };
        let age_ms = u16::try_from(age).unwrap_or(u16::MAX);
        let age_ms = age_ms.saturating_mul(u16::try_from(TICK_MS).unwrap_or(u16::MAX));
        let then = self.past.ago(ticks).unwrap_or([None; 4]);
        then.map(|value| value.map(|value| Sample { value, age_ms }))
    }

    /// How many ticks late this tick's samples are, and whether they say so.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a delay is at most 60 ticks"
    )]
    fn delay(&mut self, faults: &Faults) -> (usize, bool) {
        if let Some(most) = faults.ticks(FaultKind::SamplesJitter) {
            return ((self.rng.unit() * (most + 1) as f64) as usize, true);
        }
        if let Some(every) = faults.ticks(FaultKind::SamplesRepeated) {
            return (self.past.count % every, false);
        }
        if let Some(old) = faults.ticks(FaultKind::SamplesOld) {
            return (old, false);
        }
        (faults.ticks(FaultKind::SamplesLate).unwrap_or(0), true)
    }
}
