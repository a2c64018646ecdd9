//! Who lies there.

use super::ColumnError;
use crate::tables::friction;
use si::{Kilograms, Metres, Newtons};

/// Sex, as the published tables distinguish it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// What the published regressions need to know of a body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patient {
    /// Sex, or nothing: then the mean of both.
    pub sex: Option<Sex>,
    /// Age in years (10–110).
    pub age_years: f64,
    /// Stature, if known (1.0–2.3 m); a man's head is weighed by it.
    pub height: Option<Metres>,
    /// Body mass (20–350 kg).
    pub mass: Kilograms,
}

impl Patient {
    pub(crate) fn check(&self) -> Result<(), ColumnError> {
        ColumnError::check("patient.age_years", self.age_years, (10.0, 110.0), "a")?;
        ColumnError::check("patient.mass", self.mass.get(), (20.0, 350.0), "kg")?;
        if let Some(height) = self.height {
            ColumnError::check("patient.height", height.get(), (1.0, 2.3), "m")?;
        }
        Ok(())
    }

    /// Weight of the head: a man's by mass and stature (B105), otherwise a share of weight (B101).
    #[must_use]
    pub fn head_weight(&self) -> Newtons {
        let share = |share: f64| self.mass.weight() * share;
        let [men, women] = friction::HEAD_SHARE;
        match (self.sex, self.height) {
            (Some(Sex::Male), Some(height)) => {
                let kg = friction::head_mass_of_man(self.mass.get(), height.get() * 100.0);
                Kilograms::raw(kg).weight()
            }
            (Some(Sex::Male), None) => share(men),
            (Some(Sex::Female), _) => share(women),
            (None, _) => share(0.5 * (men + women)),
        }
    }
}
