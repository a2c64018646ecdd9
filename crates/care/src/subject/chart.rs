//! The spine of a chart: what is on record of the person, as a [`SpineDocument`].
//!
//! Discs are as imaging graded them. A lordosis or a curve of a standing film is
//! not taken over: the column lies, and no source tells one from the other.

use jiff::Timestamp;
use si::{Kilograms, Metres, Problem};
use spine::lumped::Sex;

use super::{CouchDocument, MeasuredDocument, PostureDocument, SexDocument, SpineDocument};
use crate::fact::FactSet;
use crate::input::bad;
use crate::plan::Measures;

impl SpineDocument {
    /// The person of a chart, weighing `mass` as their plan says.
    ///
    /// # Errors
    /// Age is not on record: nothing is known of a spine without it.
    pub fn of_chart(facts: &FactSet, mass: Kilograms, at: Timestamp) -> Result<Self, Problem> {
        let found = Measures::read(facts, at);
        let age_years = found.age.ok_or_else(|| {
            bad(
                "age-missing",
                "facts.age",
                "",
                "age is not on record, and without it nothing is known of a spine",
                "record the date of birth or the age",
            )
        })?;
        Ok(Self {
            schema: Self::SCHEMA.to_owned(),
            sex: found.sex.map(|sex| match sex {
                Sex::Female => SexDocument::Female,
                Sex::Male => SexDocument::Male,
            }),
            age_years,
            height_m: found.height.map(Metres::get),
            mass_kg: mass.get(),
            measured: MeasuredDocument {
                grade: found
                    .grades
                    .iter()
                    .map(|(segment, grade)| (segment.to_string(), *grade))
                    .collect(),
                ..MeasuredDocument::default()
            },
            posture: PostureDocument::default(),
            couch: CouchDocument::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_without_an_age_has_no_spine_and_says_where() {
        let problem =
            SpineDocument::of_chart(&FactSet::new(), Kilograms::of(70.0), Timestamp::UNIX_EPOCH)
                .unwrap_err();
        assert_eq!(
            (problem.code, problem.place.as_str()),
            ("age-missing", "facts.age")
        );
    }
}
