//! The lumped patient fitted to the column, for one person.
//!
//! **Why.** Campaigns run millions of ticks: they take [`crate::lumped`], which is
//! one axial chain. It stands for a person of [`crate::column`] once its numbers
//! are those with which it moves as that column does.
//!
//! **How.** The column is pulled steadily with a quarter, a half, three quarters
//! and all of the region's common force for 20 minutes, let go, and left for 10
//! minutes; then at rest again through three holds of a minute. The lumped chain
//! is pulled alike; its parameters p are sought with
//!
//! ```text
//! min Σ ((u(p) − u_column) / 0.5 mm)² + Σ (0.1 ln(p/p₀))²       u: travel, opening of each level
//! at contact, the ramp's end, 1, 5, 20 min of the hold, after release and 1, 10 min
//! later; every 2 s through the three holds, which together weigh as much as one pull
//! ```
//!
//! by Gauss–Newton in ln p with Levenberg's damping (a step that does not help is
//! shortened). p₀ are the numbers that the drawn spine has in common with the axial
//! model ([`crate::learn::parameters`]); the small second sum only decides where
//! the first does not care. A parameter moves to no more than ten times and no
//! less than a tenth of p₀.
//!
//! **What is told.** [`Misfit`]: the error over a session that was not fitted (15
//! holds of 60 s), of travel and elongation under the same force and of the force
//! under the same travel.
//!
//! **What it reaches** (a woman of 46, 71 kg; 300 N and 100 N): travel within
//! 1.9 mm lumbar (0.8 mm rms; 15 mm unfitted) and 0.4 mm cervical, force within
//! 13 N (5.4 N rms) and 2.3 N, openings together within 1.2 mm and 0.6 mm. What is
//! left is the law's: lumbar, the straight branch, the slow time and the slowness of
//! recovery come to rest at ten times p₀, because the column stiffens and recovers
//! in ways that two creep terms and one branch do not have. The search ends at its
//! last linearisation, not at rest.
//!
//! **Departures.** The lumped chain has no thoracic spine: what opens there is
//! taken for harness. It has no guarding, bending or nucleus.
//!
//! Shown by `tests/fit.rs`.

mod course;
mod search;

use crate::column::{
    ColumnError, Ensemble, Instants, Output, Overall, Setting, Subject, levels, refined,
};
use crate::learn::{Session, parameters};
use crate::lumped::{Carriage, Load, Lumped, Parameters, Scratch, State, impose, step};
use crate::unknown::{Belief, Draw};
use crate::world::Pull;
use course::Course;
use search::Search;
use si::{Metres, Newtons, Radians, Region, Seconds, Segment};

/// The most levels that both models have.
pub(crate) const SHARED: usize = 8;

/// How far the lumped patient lies from the column over the reference session.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Misfit {
    /// Travel under the same force, m: largest and root mean square.
    pub travel: (f64, f64),
    /// Sum of the openings of the levels that both have, m.
    pub elongation: (f64, f64),
    /// Force under the same travel, N.
    pub force: (f64, f64),
}

/// A lumped patient that stands for a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// Its parameters.
    pub parameters: Parameters,
    /// Where the search began.
    pub before: Misfit,
    /// Where it ended.
    pub after: Misfit,
    /// Linearisations.
    pub iterations: usize,
}

/// Fits the lumped patient to the column of `draw`.
///
/// # Errors
/// A person, couch or drawn number that either model refuses.
pub fn fit(subject: &Subject, setting: &Setting, draw: &Draw<f64>) -> Result<Fitted, ColumnError> {
    let region = setting.region;
    let start = parameters(region, draw);
    let lumped = Lumped::with(&subject.patient, region, &setting.support, &start)?;
    let shared = Shared::of(region);
    let column = |pull: &dyn Pull, duration: f64, told: &Instants| {
        column(subject, setting, draw, (pull, duration, told), &shared)
    };
    let common = Session::common(region);
    let holds = Session {
        cycles: 3,
        ..common
    };
    let told = Instants::Even(libm::ceil(0.5 * holds.duration()) as usize + 1);
    let mut courses = vec![column(&holds, holds.duration(), &told)?];
    for course in Course::fitted(region) {
        let told = Instants::At(course.told().to_vec());
        courses.push(column(&course, course.duration(), &told)?);
    }
    let found = Search::new(&lumped, &shared, courses).run()?;
    let session = Session {
        cycles: 15,
        ..common
    };
    let instants = libm::ceil(session.duration()) as usize + 1;
    let reference = column(&session, session.duration(), &Instants::Even(instants))?;
    let misfit = |parameters| reference.misfit(&lumped.with_parameters(parameters)?, &shared);
    Ok(Fitted {
        before: misfit(&start)?,
        after: misfit(&found.parameters)?,
        parameters: found.parameters,
        iterations: found.iterations,
    })
}

/// The levels that both models tell of.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    /// Place among the column's told levels, place among the lumped ones.
    places: Vec<(usize, usize)>,
}

impl Shared {
    fn of(region: Region) -> Self {
        let (from, to) = match region {
            Region::Lumbar => (Segment::L1L2, Segment::L5S1),
            Region::Cervical => (Segment::C0C1, Segment::C7T1),
        };
        let told = levels(region);
        let lumped = Segment::ALL[from.index()..=to.index()].iter().enumerate();
        let places = lumped
            .filter_map(|(own, segment)| {
                let place = told.iter().position(|level| level == segment)?;
                Some((place, own))
            })
            .take(SHARED)
            .collect();
        Self { places }
    }

    fn count(&self) -> usize {
        self.places.len()
    }
}

/// One instant: time, pull, travel, opening of each shared level.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sight {
    at: f64,
    pull: f64,
    travel: f64,
    openings: [f64; SHARED],
}

impl Sight {
    fn elongation(&self) -> f64 {
        self.openings.iter().sum()
    }
}

/// What the column showed.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    sights: Vec<Sight>,
    angle: Radians,
}

/// Runs the column.
fn column(
    subject: &Subject,
    setting: &Setting,
    draw: &Draw<f64>,
    (pull, duration, told): (&dyn Pull, f64, &Instants),
    shared: &Shared,
) -> Result<Seen, ColumnError> {
    let prior = Belief::prior(setting.region);
    let duration = (pull, Seconds::raw(duration));
    let ensemble: Ensemble = refined(subject, setting, duration, told, (&prior, 1))?;
    let sight = |knot: &crate::column::Knot| Sight {
        at: knot.at,
        pull: knot.tension,
        ..Sight::default()
    };
    let mut sights: Vec<Sight> = ensemble.grid().told().map(sight).collect();
    ensemble.each(
        0..1,
        |_| *draw,
        |told, place, _, value| {
            if place == Overall::Travel as usize {
                sights[told].travel = value;
            } else if let Some(place) = place.checked_sub(Overall::COUNT) {
                let (level, output) = (place / Output::COUNT, place % Output::COUNT);
                let own = shared.places.iter().position(|both| both.0 == level);
                if let Some(own) = own.filter(|_| output == Output::Separation as usize) {
                    sights[told].openings[own] = value;
                }
            }
        },
    )?;
    Ok(Seen {
        sights,
        angle: pull.angle(),
    })
}

/// Longest step of the lumped chain while the pull changes, s.
const RAMP_STEP: f64 = 1.0;

impl Seen {
    /// What the lumped chain shows at the same instants under the same pull.
    fn followed(&self, lumped: &Lumped, shared: &Shared) -> Result<Vec<Sight>, ColumnError> {
        let (mut state, mut scratch) = (State::rest(lumped), Scratch::new());
        let mut out = Vec::with_capacity(self.sights.len());
        let mut before = Sight::default();
        for sight in &self.sights {
            let (span, rise) = (sight.at - before.at, sight.pull - before.pull);
            let pieces = if rise == 0.0 {
                1.0
            } else {
                libm::ceil(span / RAMP_STEP)
            };
            for piece in 1..=pieces as u32 {
                if span <= 0.0 {
                    break;
                }
                let load = Load {
                    tension: Newtons::raw(before.pull + rise * f64::from(piece) / pieces),
                    angle: self.angle,
                };
                let dt = Seconds::raw(span / pieces);
                step(lumped, &mut state, &mut scratch, load, dt)?;
            }
            before = *sight;
            let mut openings = [0.0; SHARED];
            for (opening, (_, own)) in openings.iter_mut().zip(&shared.places) {
                *opening = state.levels()[*own].opening().get();
            }
            out.push(Sight {
                travel: state.travel(lumped).get(),
                openings,
                ..*sight
            });
        }
        Ok(out)
    }

    /// Largest and root mean square differences.
    fn misfit(&self, lumped: &Lumped, shared: &Shared) -> Result<Misfit, ColumnError> {
        let followed = self.followed(lumped, shared)?;
        let mut sums = [(0.0_f64, 0.0_f64); 3];
        let mut add = |which: usize, off: f64| {
            sums[which].0 = sums[which].0.max(off.abs());
            sums[which].1 += off * off;
        };
        let (mut state, mut scratch) = (State::rest(lumped), Scratch::new());
        let mut at = 0.0;
        for (seen, own) in self.sights.iter().zip(&followed) {
            // Before the first pull the carriage may stand anywhere in the slack.
            if seen.pull > 0.0 {
                add(0, own.travel - seen.travel);
            }
            add(1, own.elongation() - seen.elongation());
            let carriage = Carriage {
                travel: Metres::raw(seen.travel),
                angle: self.angle,
            };
            if seen.at > at {
                let dt = Seconds::raw(seen.at - at);
                let force = impose(lumped, &mut state, &mut scratch, carriage, dt)?;
                add(2, force.get() - seen.pull);
            }
            at = seen.at;
        }
        let count = self.sights.len().max(1) as f64;
        let [travel, elongation, force] = sums.map(|(most, sum)| (most, libm::sqrt(sum / count)));
        Ok(Misfit {
            travel,
            elongation,
            force,
        })
    }
}
