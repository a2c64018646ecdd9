//! Which faults are on, and what each does to the table.

use crate::wire::FaultName;
use traction::drive::{Drive, MetresPerSecond, Setup};

/// How far the harness slips, m (H8).
const SLIP_M: f64 = 0.020;
/// Slip in one tick, m: all of it in 50 ms.
const SLIP_PER_TICK_M: f64 = SLIP_M / 5.0;
/// Length of one guarding, ticks (H7: 0.2–2 s).
const GUARD_TICKS: u32 = 100;

/// The faults of a table.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Faults {
    on: [bool; FaultName::ALL.len()],
    slip: f64,
    guarding: Option<u32>,
}

impl Faults {
    /// Begins or ends a fault. A slip, once begun, is not taken back.
    pub(super) fn set(&mut self, fault: FaultName, on: bool) {
        if fault == FaultName::Guarding {
            self.guarding = on.then_some(0);
        }
        for (known, state) in FaultName::ALL.iter().zip(&mut self.on) {
            if *known == fault {
                *state = on;
            }
        }
    }

    pub(super) fn is_on(&self, fault: FaultName) -> bool {
        FaultName::ALL
            .iter()
            .zip(&self.on)
            .any(|(known, on)| *known == fault && *on)
    }

    /// One tick goes by.
    pub(super) fn tick(&mut self) {
        if self.is_on(FaultName::HarnessSlip) {
            self.slip = (self.slip + SLIP_PER_TICK_M).min(SLIP_M);
        }
        self.guarding = self
            .guarding
            .map(|ticks| ticks + 1)
            .filter(|ticks| *ticks < GUARD_TICKS);
    }

    /// What the drive does instead of what it was told.
    pub(super) fn drive(&self, told: Drive, setup: &Setup) -> Drive {
        let velocity = if self.is_on(FaultName::Runaway) {
            setup.pull_speed
        } else if self.is_on(FaultName::DriveDead) {
            MetresPerSecond::ZERO
        } else {
            told.velocity
        };
        Drive { velocity, ..told }
    }

    /// How far the harness has slipped, m.
    pub(super) const fn slip(&self) -> f64 {
        self.slip
    }

    /// How much shorter the patient has made himself, as a share of the most: a half-sine
    /// of one second.
    pub(super) fn shortening(&self) -> f64 {
        let Some(ticks) = self.guarding else {
            return 0.0;
        };
        let way = f64::from(ticks) / f64::from(GUARD_TICKS);
        // A parabola in place of the sine: the same bits everywhere, 6 % fuller.
        4.0 * way * (1.0 - way)
    }
}
