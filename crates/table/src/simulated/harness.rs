//! Cord, harness and buckle: what lies between carriage and patient, and gives way.
//!
//! ```text
//! reach = carriage − slipped,   tension on the patient = left · F(reach)
//! ```
//! A cord tears evenly in the time of its fault, then carries nothing (H8: 20 ms). A
//! harness slips evenly; a buckle lets go at [`PER_TICK_M`] a tick while it carries more
//! than it holds (ours: the 20 mm in 50 ms of a sudden slip). Nothing of it is taken back
//! before the next patient.

use super::fault::{Active, Faults, ticks};
use crate::wire::FaultKind;

/// What a sudden slip gives in one tick, m (ours: 20 mm in 50 ms).
const PER_TICK_M: f64 = 0.004;
/// How long a slip takes where no time is given, ms (ours).
const SUDDEN_MS: u32 = 50;

/// What has given way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Harness {
    slipped: f64,
    left: f64,
}

impl Harness {
    /// Whole.
    pub(super) const NEW: Self = Self {
        slipped: 0.0,
        left: 1.0,
    };

    /// How far it has slipped, m.
    pub(super) const fn slipped(&self) -> f64 {
        self.slipped
    }

    /// Which share of the tension the cord still carries.
    pub(super) const fn left(&self) -> f64 {
        self.left
    }

    /// One tick at a tension of `force`.
    pub(super) fn step(&mut self, force: f64, faults: &Faults) {
        if faults.on().is_empty() {
            return;
        }
        if let Some(active) = faults.there(FaultKind::HarnessSlip) {
            self.slipped += slip(active);
        }
        if let Some(holds) = faults.size(FaultKind::Buckle)
            && force > holds
        {
            self.slipped += PER_TICK_M;
        }
        if let Some(active) = faults.there(FaultKind::CordBreak) {
            self.left = self.left.min(torn(active));
        }
    }
}

/// Ticks since the fault's onset was over, from 1.
fn since(active: &Active) -> u32 {
    let begun = ticks(active.fault.onset_ms).max(1);
    active.age.saturating_sub(begun).saturating_add(1)
}

/// How far a slip goes in this tick, m.
fn slip(active: &Active) -> f64 {
    let time = active.fault.duration_ms.unwrap_or(SUDDEN_MS);
    let time = ticks(time).max(1);
    if since(active) > time {
        return 0.0;
    }
    active.fault.magnitude * 1e-3 / f64::from(time)
}

/// Which share of a tearing cord is left.
fn torn(active: &Active) -> f64 {
    let time = active.fault.magnitude * 1e-3 / traction::TICK.get();
    (1.0 - f64::from(since(active)) / time).max(0.0)
}
