//! The patient's switch: two normally-closed poles in his hand (H11, H12), and the test
//! of what reads them ([`crate::life`]).

use super::fault::Faults;
use crate::life::{COUNTS, Life};
use crate::rng::Rng;
use crate::wire::{FaultKind, Poles};
use traction::input::{Pole, Switch};

/// Name of its stream of chance.
const CHATTER: u64 = 3;

/// The switch and the hand on it.
#[derive(Clone, Debug)]
pub(super) struct Button {
    /// What the patient means to do.
    wanted: bool,
    last: Switch,
    /// Tests of the inputs that were answered.
    tests: u8,
    life: Life,
    rng: Rng,
}

impl Button {
    /// In the hand of a patient who does not press it.
    pub(super) fn new(seed: u64) -> Self {
        Self {
            wanted: false,
            last: Switch::RELEASED,
            tests: 0,
            life: Life::default(),
            rng: Rng::new(seed).fork(CHATTER),
        }
    }

    /// The patient wants to press it, or lets go.
    pub(super) const fn want(&mut self, pressed: bool) {
        self.wanted = pressed;
    }

    /// Whether he presses it: not where it fell down, nor in his sleep.
    pub(super) fn pressed(&self, faults: &Faults) -> bool {
        let out_of_hand =
            || faults.is_on(FaultKind::SwitchDropped) || faults.is_on(FaultKind::PatientAsleep);
        self.wanted && !out_of_hand()
    }

    /// Tests of the inputs that were answered.
    pub(super) const fn tests(&self) -> u8 {
        self.tests
    }

    /// What is read of it: nothing, where the inputs do not answer their test.
    pub(super) fn read(&mut self, faults: &Faults) -> Switch {
        if !faults.is_on(FaultKind::SwitchHangs) {
            self.tests = (self.tests + 1) % COUNTS;
            let pressed = self.pressed(faults);
            self.last = if faults.on().is_empty() {
                both(pressed)
            } else {
                self.faulty(pressed, faults)
            };
        }
        self.life.seen(self.tests, 1);
        if self.life.is_there() {
            self.last
        } else {
            Switch::MISSING
        }
    }

    fn faulty(&mut self, pressed: bool, faults: &Faults) -> Switch {
        if faults.is_on(FaultKind::SwitchUnplugged) {
            return Switch::MISSING;
        }
        Switch {
            a: self.pole(Poles::A, pressed, faults),
            b: self.pole(Poles::B, pressed, faults),
        }
    }

    /// An open wire wins over a shorted one, both over a loose one.
    fn pole(&mut self, which: Poles, pressed: bool, faults: &Faults) -> Pole {
        let size = |kind: fn(Poles) -> FaultKind| {
            let own = faults.size(kind(which));
            own.or_else(|| faults.size(kind(Poles::Both)))
        };
        let loose = size(FaultKind::PoleChatter).is_some_and(|share| self.rng.unit() < share);
        if size(FaultKind::PoleOpen).is_some() {
            Pole::Open
        } else if size(FaultKind::PoleClosed).is_some() {
            Pole::Closed
        } else if pressed || loose {
            Pole::Open
        } else {
            Pole::Closed
        }
    }
}

/// Both poles alike.
const fn both(pressed: bool) -> Switch {
    if pressed {
        Switch::PRESSED
    } else {
        Switch::RELEASED
    }
}
