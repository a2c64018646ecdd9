//! What a prescription is expected to do, through `spine::lumped`.
//!
//! For people only: no verdict, no limit and no candidate depends on it. Where
//! age is not recorded, or the body lies outside the column's range, there is
//! no forecast rather than a guess.

use si::{Interval, Metres, Newtons, Problem, Quantity, Radians, Seconds};
use spine::lumped::{self, Lumped, Patient, Pull, Support};
use traction::Ticks;
use traction::profile::Profile;

use super::body::Body;
use super::{Forecast, LevelForecast, Prescription, Range};

/// A prescribed pull as the spine sees it.
#[derive(Clone, Copy, Debug)]
pub struct PrescribedPull {
    profile: Profile,
    angle: Radians,
}

impl PrescribedPull {
    /// From start to end, pauses not counted.
    #[must_use]
    pub fn duration(&self) -> Seconds {
        self.profile.total().seconds()
    }
}

impl Prescription {
    /// The pull of the first session, as the spine sees it.
    ///
    /// # Errors
    /// A setting that `traction` refuses, or an angle that is no number.
    pub fn pull(&self) -> Result<PrescribedPull, Problem> {
        let profile = self.profile(Newtons::raw(self.force_n));
        let profile = profile.map_err(|problem| Problem {
            remedy: "give a setting inside the range that the problem names".to_owned(),
            ..problem
        })?;
        let angle = Radians::from_degrees(self.angle_deg).ok_or_else(|| {
            Problem::new(
                "prescription-impossible",
                "prescription.angle_deg",
                self.angle_deg.to_string(),
                "is not a number",
                "give the angle in degrees, positive towards flexion",
            )
        })?;
        Ok(PrescribedPull { profile, angle })
    }
}

impl Pull for PrescribedPull {
    fn tension(&self, t: Seconds) -> Newtons {
        let ticks = Ticks::from_seconds(t).unwrap_or(Ticks::ZERO);
        self.profile.at(ticks).force
    }

    fn angle(&self) -> Radians {
        self.angle
    }
}

/// The forecast, where the body's measures allow one.
pub(super) fn forecast(prescription: &Prescription, body: &Body) -> Option<Forecast> {
    let patient = Patient {
        sex: body.sex,
        age_years: body.age?,
        height: body.height,
        mass: body.mass,
    };
    let support = Support {
        position: prescription.position.spine(),
        ..Support::level(prescription.table_split)
    };
    let column = Lumped::new(&patient, prescription.region, &support).ok()?;
    let pull = prescription.pull().ok()?;
    let found = lumped::predict(&column, &pull, pull.duration()).ok()?;
    let level = |level: &lumped::LevelPrediction| LevelForecast {
        segment: level.segment,
        opening_mm: millimetres(&level.opening),
        share_of_force: level.share_of_force,
    };
    Some(Forecast {
        levels: found.levels.iter().map(level).collect(),
        delivered_n: range(&found.delivered, Newtons::get),
        elongation_mm: millimetres(&found.elongation),
        extrapolated: found.extrapolated,
        note: "A forecast from published averages, with its doubt; nothing is decided by it."
            .to_owned(),
    })
}

fn millimetres(of: &Interval<Metres>) -> Range {
    range(of, Metres::mm)
}

fn range<Q: Quantity>(of: &Interval<Q>, show: impl Fn(Q) -> f64) -> Range {
    Range {
        low: show(of.low()),
        mid: show(of.mid()),
        high: show(of.high()),
    }
}
