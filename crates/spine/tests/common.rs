//! A patient, a couch and a pull for every test.

use si::{Kilograms, Metres, Newtons, Radians, Seconds};
use spine::column::{Patient, Pull, Sex, Support};

pub(crate) fn patient(age_years: f64) -> Patient {
    Patient {
        sex: Some(Sex::Female),
        age_years,
        height: Some(Metres::of(1.68)),
        mass: Kilograms::of(71.0),
    }
}

pub(crate) fn split() -> Support {
    Support::level(true)
}

/// Ramps of 10 s, holds of 40 s, rests of 20 s at half, over and over.
pub(crate) struct Intermittent {
    pub(crate) force: f64,
}

impl Pull for Intermittent {
    fn tension(&self, t: Seconds) -> Newtons {
        let t = t.get() % 80.0;
        let share = match t {
            t if t < 10.0 => 0.5 + 0.05 * t,
            t if t < 50.0 => 1.0,
            t if t < 60.0 => 1.0 - 0.05 * (t - 50.0),
            _ => 0.5,
        };
        Newtons::of(self.force * share)
    }

    fn angle(&self) -> Radians {
        Radians::ZERO
    }
}
