//! The column as a forward model of a session.
//!
//! The grid is refined once for the median spine; every batch of draws then runs
//! on it, members side by side in the processor's lanes. Travel is the
//! carriage's at the marks, separations are those of the told levels at the end
//! of the last hold.

use super::study::{LEVELS, Shown, Trial};
use super::{Features, Forward, LearnError, MARKS, Mark, Recording, Session};
use crate::ColumnError;
use crate::column::{Ensemble, Instants, Output, Overall, Setting, Subject, levels, refined};
use crate::real::LANES;
use crate::unknown::{Belief, Draw};
use crate::world::Pull;
use si::{Region, Seconds};

/// One patient on one couch in one session, by the column.
#[derive(Clone, Debug)]
pub struct OnColumn {
    ensemble: Ensemble,
    region: Region,
    /// Which marks are read at every told instant.
    marks: Vec<[bool; MARKS]>,
}

impl OnColumn {
    /// The session of `subject` on the couch of `setting`.
    ///
    /// # Errors
    /// A session whose features are not stated, or a person the column refuses.
    pub fn new(
        subject: &Subject,
        setting: &Setting,
        session: Session,
    ) -> Result<Self, LearnError<ColumnError>> {
        let session = session.checked()?;
        let instants = session.instants();
        let pull = (&session as &dyn Pull, session.duration());
        Self::pulled(subject, setting, pull, instants).map_err(LearnError::Forward)
    }

    /// A measured session: the same force, read at the same instants.
    ///
    /// # Errors
    /// A force outside the column's range, or a person it refuses.
    pub fn recorded(
        subject: &Subject,
        setting: &Setting,
        recording: &Recording,
    ) -> Result<Self, ColumnError> {
        let pull = (recording as &dyn Pull, recording.duration());
        Self::pulled(subject, setting, pull, *recording.instants())
    }

    fn pulled(
        subject: &Subject,
        setting: &Setting,
        (pull, duration): (&dyn Pull, f64),
        instants: [f64; MARKS],
    ) -> Result<Self, ColumnError> {
        /// Instants closer than this are one, s.
        const SAME: f64 = 1e-6;
        let ensemble = refined(
            subject,
            setting,
            (pull, Seconds::raw(duration)),
            &Instants::At(instants.to_vec()),
            (&Belief::prior(setting.region), LANES),
        )?;
        let told = ensemble.grid().told();
        let marks = told
            .map(|knot| instants.map(|at| (at - knot.at).abs() <= SAME))
            .collect();
        Ok(Self {
            ensemble,
            region: setting.region,
            marks,
        })
    }

    fn run(&self, draws: &[Draw<f64>], out: &mut [Shown]) -> Result<(), ColumnError> {
        let levels = self.levels();
        let mut travel = vec![[0.0; MARKS]; draws.len()];
        self.ensemble.each(
            0..draws.len(),
            |member| draws[member],
            |told, place, member, value| {
                if place == Overall::Travel as usize {
                    for (travel, here) in travel[member].iter_mut().zip(self.marks[told]) {
                        if here {
                            *travel = value;
                        }
                    }
                } else if self.marks[told][Mark::Last as usize] && place >= Overall::COUNT {
                    let place = place - Overall::COUNT;
                    let (level, output) = (place / Output::COUNT, place % Output::COUNT);
                    if output == Output::Separation as usize && level < levels {
                        out[member].separations[level] = value;
                    }
                }
            },
        )?;
        for (shown, travel) in out.iter_mut().zip(&travel) {
            shown.features = Session::features(travel);
        }
        Ok(())
    }
}

impl Forward for OnColumn {
    type Error = ColumnError;

    fn features(&self, draws: &[Draw<f64>], out: &mut [Features]) -> Result<(), ColumnError> {
        let mut shown = vec![Shown::default(); draws.len()];
        self.run(draws, &mut shown)?;
        for (features, shown) in out.iter_mut().zip(shown) {
            *features = shown.features;
        }
        Ok(())
    }
}

impl Trial for OnColumn {
    fn levels(&self) -> usize {
        levels(self.region).len().min(LEVELS)
    }

    fn shown(&self, draws: &[Draw<f64>], out: &mut [Shown]) -> Result<(), ColumnError> {
        self.run(draws, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anatomy::{Measured, Posture};
    use crate::column::Comfort;
    use crate::learn::{Noise, Outcome, update};
    use crate::lumped::{Patient, Sex};
    use crate::unknown::{Members, Unknown};
    use crate::world::{Position, Support};
    use si::{Kilograms, Metres};

    #[test]
    fn the_column_learns_from_its_own_session_and_nothing_of_what_it_does_not_show() {
        let patient = Patient {
            sex: Some(Sex::Male),
            age_years: 46.0,
            height: Some(Metres::of(1.75)),
            mass: Kilograms::of(71.0),
        };
        let posture = Posture::neutral(Position::Supine);
        let subject =
            Subject::new(&patient, &posture, &Measured::default()).expect("a common person");
        let setting = Setting {
            region: Region::Lumbar,
            support: Support::level(true),
            comfort: Comfort::default(),
        };
        let session = Session {
            cycles: 2,
            ..Session::common(Region::Lumbar)
        };
        let column = OnColumn::new(&subject, &setting, session).expect("a common session");
        let prior = Belief::prior(Region::Lumbar);
        let mut shown = [Shown::default()];
        column
            .shown(&[prior.draw(&Members::normal(77))], &mut shown)
            .expect("a common spine");
        assert!(shown[0].features.0[0] > 5e-3, "{shown:?}");
        let measured = crate::learn::Measured::new(&shown[0].features, &Noise::TABLE);
        let learned = update(&prior, &measured, &column).expect("a common session");
        assert!(matches!(learned.outcome, Outcome::Learned { .. }));
        assert!(learned.posterior.variance(Unknown::Harness) < 0.9);
        assert!(learned.said().count() > 0);
        // Where the column comes to rest depends on the rest by rounding only.
        assert!(learned.posterior.variance(Unknown::PressureFactor) > 1.0 - 1e-9);
    }
}
