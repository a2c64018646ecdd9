//! What a pull will do, with its doubt.
//!
//! The median spine gives the middle; members drawn from the belief by a
//! low-discrepancy sequence give the interval, 5th to 95th percentile, widened to
//! hold the middle. All share one grid, cut where halving a step changed the
//! first members, in the root mean square, by more than [`ROUGH`]; the same question
//! gives the same bits. A single level's separation is shown never narrower than
//! ± 0.5 mm, because nobody can measure it more finely (B092, B093); the raw band is
//! kept beside it.

use super::ensemble::Told;
use super::model::stated_range;
use super::reading::{levels, place};
use super::{
    Band, ColumnError, Ensemble, Grid, Instants, Knot, Output, Overall, Part, Setting, Subject,
};
use crate::real::LANES;
use crate::tables::lumbar::KURUTZ_TENSION;
use crate::unknown::Belief;
use crate::world::Pull;
use si::{Radians, Region, Seconds, Segment};

/// The most that halving a step may change the elongation of the first members, root mean
/// square, as a share of the largest that each has reached.
const ROUGH: f64 = 2e-3;
/// A pull on the loins within so many degrees of the couch's length counts as one along it
/// (ours: the published ones were set by eye).
const STRAIGHT: f64 = 5.0;
/// The most parts that a step is cut into.
const MOST_PARTS: f64 = 8.0;

/// Why a prediction is to be read with more care than its intervals say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The pull exceeds what elongations were measured at.
    Extrapolated,
    /// The person is older or younger, heavier or lighter than those measured.
    Person,
    /// A disc is degenerated beyond what was measured in tension.
    Degenerated,
    /// A coronal curve: no measurement of one under traction was found.
    Curved,
    /// A pull on the neck: its stiffness was measured on specimens (B061), in life only which
    /// side opens more (A066, A067).
    Specimens,
    /// A pull on the loins at an angle: of it only which side opens more was found (A044).
    Angled,
}

impl Warning {
    /// What is said to people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Extrapolated => {
                "the pull is greater than what elongations were measured at; beyond it the model extrapolates"
            }
            Self::Person => "age or weight lies outside the people that were measured",
            Self::Degenerated => {
                "no tension measurement of strongly degenerated discs was found; their share is ours"
            }
            Self::Curved => "no measurement of a sideways curved spine under traction was found",
            Self::Specimens => {
                "how a neck stretches was measured on specimens; in life only which side opens more"
            }
            Self::Angled => {
                "of a pull on the loins at an angle only which side opens more was found measured"
            }
        }
    }
}

/// What a pull does to a spine, instant by instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    region: Region,
    /// The told instants: time, s, and pull at the load cells, N.
    pub instants: Vec<(f64, f64)>,
    /// Index of the end of the last hold.
    pub held: usize,
    /// Members of the ensemble, the median spine among them.
    pub members: usize,
    /// What to read it with.
    pub warnings: Vec<Warning>,
    batches: Vec<Told>,
    width: usize,
}

/// What `pull` does to `subject` in `duration`, starting at rest, with `members` spines.
///
/// # Errors
/// A pull, a couch or a duration outside the model's range, or a number that is not finite.
pub fn predict(
    subject: &Subject,
    setting: &Setting,
    (pull, duration): (&dyn Pull, Seconds),
    told: &Instants,
    (belief, members): (&Belief, usize),
) -> Result<Prediction, ColumnError> {
    let ensemble = refined(subject, setting, (pull, duration), told, (belief, members))?;
    let part = ensemble.run(0..members.max(1), |member| belief.member(member as u32))?;
    Ok(Prediction::joined(subject, setting, &ensemble, vec![part]))
}

/// The ensemble on a grid that is fine enough for `members` spines, judged by as many of
/// them as one lane holds.
///
/// # Errors
/// As [`predict()`].
pub fn refined(
    subject: &Subject,
    setting: &Setting,
    (pull, duration): (&dyn Pull, Seconds),
    told: &Instants,
    (belief, members): (&Belief, usize),
) -> Result<Ensemble, ColumnError> {
    let range = stated_range(setting.region);
    let asked = Grid::new(pull, duration, told, range)?;
    let parts = parts(
        subject,
        setting,
        &asked,
        (pull, belief, members.clamp(1, LANES)),
    )?;
    let fine = asked.cut(|step| parts[step]);
    Ensemble::new(subject, setting, fine, pull.angle())
}

/// Into how many parts each step of a grid is to be cut for the first members: a step's
/// error falls with the square of its length.
fn parts(
    subject: &Subject,
    setting: &Setting,
    grid: &Grid,
    (pull, belief, asked): (&dyn Pull, &Belief, usize),
) -> Result<Vec<usize>, ColumnError> {
    let ensemble = Ensemble::new(subject, setting, grid.clone(), pull.angle())?;
    let judged = ensemble.judged(asked, |member| belief.member(member as u32))?;
    let mut largest = [1e-6_f64; LANES];
    let needed = |[whole, halves]: [[f64; LANES]; 2]| {
        let missed = |member: usize| {
            largest[member] = largest[member].max(halves[member].abs());
            (whole[member] - halves[member]) / (ROUGH * largest[member])
        };
        let squares = (0..asked).map(missed).map(|missed| missed * missed);
        let error = libm::sqrt(squares.sum::<f64>() / asked as f64);
        libm::ceil(libm::sqrt(error)).clamp(1.0, MOST_PARTS) as usize
    };
    Ok(judged.into_iter().map(needed).collect())
}

impl Prediction {
    /// The prediction from the parts of an ensemble, whose first member is the median spine.
    #[must_use]
    pub fn joined(
        subject: &Subject,
        setting: &Setting,
        ensemble: &Ensemble,
        parts: Vec<Part>,
    ) -> Self {
        let told = |knot: &Knot| (knot.at, knot.tension);
        let mut prediction = Self {
            region: setting.region,
            instants: ensemble.grid().told().map(told).collect(),
            held: ensemble.grid().held,
            members: parts.iter().map(|part| part.members.len()).sum(),
            warnings: Vec::new(),
            batches: parts.into_iter().flat_map(|part| part.batches).collect(),
            width: ensemble.width(),
        };
        prediction.warnings = prediction.warn(subject, ensemble.angle());
        prediction
    }

    /// The levels told of, from the head downwards.
    #[must_use]
    pub fn levels(&self) -> &'static [Segment] {
        levels(self.region)
    }

    /// The raw band of `output` at `segment` at told instant `instant`; nothing for a
    /// level or an instant that is not told of.
    #[must_use]
    pub fn at(&self, output: Output, segment: Segment, instant: usize) -> Option<Band> {
        let level = self.levels().iter().position(|level| *level == segment)?;
        self.band(place(level, output), instant)
    }

    /// The band as people are shown it: separations never narrower than ± 0.5 mm.
    #[must_use]
    pub fn shown(&self, output: Output, segment: Segment, instant: usize) -> Option<Band> {
        let band = self.at(output, segment, instant)?;
        Some(band.at_least(output.shown_at_least()))
    }

    /// The raw band of a quantity of the whole spine.
    #[must_use]
    pub fn overall(&self, quantity: Overall, instant: usize) -> Option<Band> {
        self.band(quantity as usize, instant)
    }

    /// What every member gave for `output` at `segment`, the median spine first.
    #[must_use]
    pub fn members_at(&self, output: Output, segment: Segment, instant: usize) -> Option<Vec<f64>> {
        let level = self.levels().iter().position(|level| *level == segment)?;
        self.row(place(level, output), instant)
    }

    /// The numbers at one place of the rows of an instant, member by member.
    fn row(&self, place: usize, instant: usize) -> Option<Vec<f64>> {
        let mut row = vec![0.0; self.members];
        for batch in &self.batches {
            let count = batch.members.len();
            let from = (instant * self.width + place) * count;
            let kept = batch.values.get(from..from + count)?;
            for (member, value) in batch.members.iter().zip(kept) {
                *row.get_mut(*member)? = f64::from(*value);
            }
        }
        Some(row)
    }

    fn band(&self, place: usize, instant: usize) -> Option<Band> {
        Band::of(&mut self.row(place, instant)?)
    }

    fn warn(&self, subject: &Subject, angle: Radians) -> Vec<Warning> {
        let delivered = self.overall(Overall::Delivered, self.held);
        let measured = match self.region {
            Region::Lumbar => KURUTZ_TENSION,
            Region::Cervical => f64::INFINITY,
        };
        let patient = &subject.patient;
        let mut warnings = Vec::new();
        if delivered.is_some_and(|band| band.high > measured) {
            warnings.push(Warning::Extrapolated);
        }
        if !(18.0..=85.0).contains(&patient.age_years) || patient.mass.get() > 130.0 {
            warnings.push(Warning::Person);
        }
        let told = self.levels();
        let joints = &subject.anatomy.joints[told[0].index()..=told[told.len() - 1].index()];
        if joints.iter().any(|joint| joint.grade >= 4) {
            warnings.push(Warning::Degenerated);
        }
        if subject
            .anatomy
            .bones
            .iter()
            .any(|bone| bone.lean.abs() > 0.05)
        {
            warnings.push(Warning::Curved);
        }
        match self.region {
            Region::Cervical => warnings.push(Warning::Specimens),
            Region::Lumbar if angle.degrees().abs() > STRAIGHT => warnings.push(Warning::Angled),
            Region::Lumbar => {}
        }
        warnings
    }
}
