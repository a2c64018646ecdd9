//! Patients, couches and pulls for every test.

use si::{Kilograms, Metres, Newtons, Radians, Region, Seconds};
use spine::lumped::{Load, Lumped, Parameters, Patient, Pull, Scratch, Sex, State, Support, step};

/// A woman of 71 kg and 168 cm.
pub(crate) fn patient(age_years: f64) -> Patient {
    Patient {
        sex: Some(Sex::Female),
        age_years,
        height: Some(Metres::of(1.68)),
        mass: Kilograms::of(71.0),
    }
}

/// A level table whose moving section slides.
pub(crate) fn split() -> Support {
    Support::level(true)
}

/// The nominal column of `patient(age)`.
pub(crate) fn column(age_years: f64, region: Region) -> Lumped {
    Lumped::new(&patient(age_years), region, &split()).unwrap()
}

/// A column that gets every newton of the pull at every level: hanging, not lying.
pub(crate) fn hanging(age_years: f64, region: Region, change: fn(&mut Parameters)) -> Lumped {
    let mut parameters = Parameters::nominal(region);
    parameters.weight = 0.0;
    parameters.slices = 0.0;
    change(&mut parameters);
    Lumped::with(&patient(age_years), region, &split(), &parameters).unwrap()
}

/// A spine that is stepped by a pull along the couch.
pub(crate) struct Bench {
    pub(crate) column: Lumped,
    pub(crate) state: State,
    pub(crate) scratch: Scratch,
}

impl Bench {
    pub(crate) fn new(column: Lumped) -> Self {
        Self {
            state: State::rest(&column),
            scratch: Scratch::new(),
            column,
        }
    }

    /// Lets `seconds` pass while the pull goes to `newtons`.
    pub(crate) fn pull(&mut self, newtons: f64, seconds: f64) {
        let load = Load::along(Newtons::of(newtons));
        let dt = Seconds::of(seconds);
        step(&self.column, &mut self.state, &mut self.scratch, load, dt).unwrap();
    }

    /// The opening of a level, mm.
    pub(crate) fn opening(&self, level: usize) -> f64 {
        self.state.levels()[level].opening().mm()
    }

    /// All openings, mm.
    pub(crate) fn openings(&self) -> Vec<f64> {
        let levels = self.state.levels().iter();
        levels.map(|level| level.opening().mm()).collect()
    }
}

/// Ramps of 10 s, holds of 40 s, rests of 20 s at half, over and over; then let go.
pub(crate) struct Intermittent {
    pub(crate) force: f64,
    pub(crate) until: f64,
}

impl Intermittent {
    pub(crate) fn session(force: f64) -> Self {
        Self {
            force,
            until: 1200.0,
        }
    }
}

impl Pull for Intermittent {
    fn tension(&self, t: Seconds) -> Newtons {
        if t.get() >= self.until {
            return Newtons::ZERO;
        }
        let share = match t.get() % 80.0 {
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

pub(crate) fn close(one: f64, other: f64, share: f64) -> bool {
    (one - other).abs() <= share * other.abs()
}
