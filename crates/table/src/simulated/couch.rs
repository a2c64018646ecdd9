//! The axes of the couch, their foot switches and the lock that keeps them (H26).
//!
//! ```text
//! stretch = HEIGHT_ARM · height + TILT_ARM · tilt       what a moved couch pulls at the rope
//! ```
//! Anybody may stand on a foot switch, a bystander too. No axis moves while the drive has
//! torque or the rope carries more than [`LOCK_N`]: a switch on the rope breaks the power of
//! the axes, whatever the program does. Without that lock a moved couch pulls.

use super::fault::Faults;
use crate::Couch as Stands;
use crate::wire::{Axis, FaultKind, Way};
use si::{Metres, Radians};

/// Tension above which the axes are locked, N (H26).
const LOCK_N: f64 = 20.0;
/// What the height does in one tick, m (ours: 15 mm/s).
const HEIGHT_STEP: f64 = 1.5e-4;
/// What the tilt does in one tick, rad (ours: 2°/s).
const TILT_STEP: f64 = 3.5e-4;
/// Farthest either goes from where the patient lay down: m, rad (ours).
const FARTHEST: (f64, f64) = (0.30, 0.35);
/// How far the rope is drawn out, m a metre of height (ours: a pull near the horizontal).
const HEIGHT_ARM: f64 = 0.2;
/// The same, m a radian of tilt (ours: the harness lies about 0.4 m from the hinge).
const TILT_ARM: f64 = 0.4;

/// The axes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Couch {
    height: f64,
    tilt: f64,
    height_way: Way,
    tilt_way: Way,
}

impl Couch {
    /// Where the patient lay down.
    pub(super) const NEW: Self = Self {
        height: 0.0,
        tilt: 0.0,
        height_way: Way::Off,
        tilt_way: Way::Off,
    };

    /// Somebody stands on a foot switch, or steps off it.
    pub(super) const fn foot(&mut self, axis: Axis, way: Way) {
        match axis {
            Axis::Height => self.height_way = way,
            Axis::Tilt => self.tilt_way = way,
        }
    }

    /// Where it stands.
    pub(super) const fn stands(&self) -> Stands {
        Stands {
            height: Metres::raw(self.height),
            tilt: Radians::raw(self.tilt),
        }
    }

    /// How far it draws the rope out, m.
    pub(super) fn stretch(&self) -> f64 {
        HEIGHT_ARM * self.height + TILT_ARM * self.tilt
    }

    /// One tick at a tension of `force`.
    pub(super) fn step(&mut self, force: f64, torque: bool, faults: &Faults) {
        if self.height_way == Way::Off && self.tilt_way == Way::Off {
            return;
        }
        let locked = torque || force > LOCK_N;
        if locked && !faults.is_on(FaultKind::InterlockDead) {
            return;
        }
        let (high, steep) = FARTHEST;
        let height = self.height + sign(self.height_way) * HEIGHT_STEP;
        let tilt = self.tilt + sign(self.tilt_way) * TILT_STEP;
        self.height = height.clamp(-high, high);
        self.tilt = tilt.clamp(-steep, steep);
    }
}

const fn sign(way: Way) -> f64 {
    match way {
        Way::Up => 1.0,
        Way::Down => -1.0,
        Way::Off => 0.0,
    }
}
