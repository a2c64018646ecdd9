//! The column: many spines, long times, hard settings, bad input.

mod bits;
mod contradictions;
mod laws;
mod refusals;
mod robust;
mod time;

use si::{Kilograms, Metres, Newtons, Radians, Region, Seconds, Segment};
use spine::anatomy::{Measured, Posture};
use spine::column::{
    Column, ColumnError, Comfort, Ensemble, Grid, Instants, Output, Overall, Scratch, Setting,
    State, Subject, levels, stated_range, step,
};
use spine::lumped::{Patient, Sex};
use spine::unknown::{Belief, Draw};
use spine::world::{Load, Position, Pull, Support};

/// A man of 71 kg and 175 cm.
pub(crate) fn man() -> Patient {
    Patient {
        sex: Some(Sex::Male),
        age_years: 46.0,
        height: Some(Metres::of(1.75)),
        mass: Kilograms::of(71.0),
    }
}

pub(crate) fn degrees(angle: f64) -> Radians {
    Radians::raw(angle.to_radians())
}

/// That man on his back.
pub(crate) fn subject() -> Subject {
    lying(&Measured::default())
}

/// That man on his back, as measured.
pub(crate) fn lying(measured: &Measured) -> Subject {
    Subject::new(&man(), &Posture::neutral(Position::Supine), measured).unwrap()
}

/// A relaxed person on a level couch.
pub(crate) fn setting(region: Region, split: bool) -> Setting {
    Setting {
        region,
        support: Support::level(split),
        comfort: Comfort::default(),
    }
}

/// Straight up in `rise` seconds, held, and straight down from `until` in as many.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hold {
    pub(crate) force: f64,
    pub(crate) rise: f64,
    pub(crate) until: f64,
    pub(crate) degrees: f64,
}

impl Hold {
    pub(crate) fn of(force: f64) -> Self {
        Self {
            force,
            rise: 10.0,
            until: f64::MAX,
            degrees: 0.0,
        }
    }
}

impl Pull for Hold {
    fn tension(&self, t: Seconds) -> Newtons {
        let up = (t.get() / self.rise).min(1.0);
        let down = 1.0 - ((t.get() - self.until) / self.rise).clamp(0.0, 1.0);
        Newtons::of(self.force * up * down)
    }

    fn angle(&self) -> Radians {
        degrees(self.degrees)
    }
}

/// What an ensemble told: instants, places, members.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    region: Region,
    pub(crate) times: Vec<f64>,
    pub(crate) members: usize,
    values: Vec<f64>,
}

impl Told {
    /// Runs `members` from the prior.
    pub(crate) fn of(ensemble: &Ensemble, region: Region, members: usize) -> Self {
        let belief = Belief::prior(region);
        Self::drawn(ensemble, region, members, |m| belief.member(m as u32)).unwrap()
    }

    /// Runs the members that `draw` gives.
    pub(crate) fn drawn(
        ensemble: &Ensemble,
        region: Region,
        members: usize,
        draw: impl Fn(usize) -> Draw<f64>,
    ) -> Result<Self, ColumnError> {
        let times: Vec<f64> = ensemble.grid().told().map(|knot| knot.at).collect();
        let width = ensemble.width();
        let mut values = vec![f64::NAN; times.len() * width * members];
        ensemble.each(0..members, draw, |told, place, member, value| {
            values[(told * width + place) * members + member] = value;
        })?;
        Ok(Self {
            region,
            times,
            members,
            values,
        })
    }

    fn width(&self) -> usize {
        Overall::COUNT + levels(self.region).len() * Output::COUNT
    }

    /// The told instant at `t` seconds.
    pub(crate) fn at(&self, t: f64) -> usize {
        let near = |at: &f64| (at - t).abs() < 1e-6;
        self.times.iter().position(near).expect("a told instant")
    }

    pub(crate) fn last(&self) -> usize {
        self.times.len() - 1
    }

    pub(crate) fn overall(&self, quantity: Overall, told: usize, member: usize) -> f64 {
        self.values[(told * self.width() + quantity as usize) * self.members + member]
    }

    pub(crate) fn level(
        &self,
        output: Output,
        segment: Segment,
        told: usize,
        member: usize,
    ) -> f64 {
        let level = levels(self.region).iter().position(|one| *one == segment);
        let level = level.expect("a told level");
        let place = Overall::COUNT + level * Output::COUNT + output as usize;
        self.values[(told * self.width() + place) * self.members + member]
    }

    /// Every number of one member at one instant.
    pub(crate) fn row(&self, told: usize, member: usize) -> Vec<f64> {
        let place = |place| self.values[(told * self.width() + place) * self.members + member];
        (0..self.width()).map(place).collect()
    }

    /// Every number of one member, as bits.
    pub(crate) fn bits(&self, member: usize) -> Vec<u64> {
        let rows = (0..self.times.len()).flat_map(|told| self.row(told, member));
        rows.map(f64::to_bits).collect()
    }

    pub(crate) fn all_finite(&self) -> bool {
        self.values.iter().all(|value| value.is_finite())
    }
}

/// The ensemble of a pull, stepped and told every `dt`.
pub(crate) fn every(
    subject: &Subject,
    setting: &Setting,
    pull: &dyn Pull,
    (duration, dt): (f64, f64),
) -> Result<Ensemble, ColumnError> {
    let count = (duration / dt).round() as usize + 1;
    let told = Instants::Even(count);
    let range = stated_range(setting.region);
    let grid = Grid::new(pull, Seconds::of(duration), &told, range)?;
    Ensemble::new(subject, setting, grid, pull.angle())
}

/// One median spine that is stepped by hand.
pub(crate) struct Bench {
    pub(crate) column: Column<f64>,
    pub(crate) state: State<f64>,
    pub(crate) scratch: Scratch<f64>,
}

impl Bench {
    pub(crate) fn new(region: Region, split: bool) -> Self {
        let draw = Belief::prior(region).member(0);
        Self::drawn(&subject(), &setting(region, split), &draw)
    }

    pub(crate) fn drawn(subject: &Subject, setting: &Setting, draw: &Draw<f64>) -> Self {
        let column = Column::new(subject, setting, draw).unwrap();
        Self {
            state: State::rest(&column),
            scratch: Scratch::new(&column),
            column,
        }
    }

    pub(crate) fn pull(&mut self, newtons: f64, seconds: f64) -> Result<(), ColumnError> {
        let load = Load::along(Newtons::of(newtons));
        let dt = Seconds::of(seconds);
        step(&self.column, &mut self.state, &mut self.scratch, load, dt)
    }
}
