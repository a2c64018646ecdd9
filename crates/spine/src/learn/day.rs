//! What belongs to the person, and what is new every day.
//!
//! ```text
//! ξ of a day = K p + N η      K = diag √k,  N = diag √(1 − k),  p: the person,  η ~ N(0, I) anew every day
//! today:  mean K m,  covariance K P K + N²        for a person believed N(m, P)
//! ```
//!
//! k is the share of an unknown's spread over people that stays with a person.
//! Over people a day is as wide as a person (P = I gives I), so a patient of
//! whom nothing is known is what the tables say. Sessions average η out and
//! leave p; the day's own part is never learned, and never narrows. The shares
//! are ours: no study repeats a harness on one person. Everything not listed
//! belongs to the person (k = 1). Days are independent: a drift over weeks
//! (training, healing) is left out.
//!
//! Shown by the tests below.

use super::algebra::cholesky;
use crate::unknown::{Belief, BeliefError, COUNT, FACTOR, Unknown, packed};

/// Unknown and its k; believed range of every k: ± 0.2.
const STAYS: [(Unknown, f64); 10] = [
    // Strap, cloth and where it sits on the flesh.
    (Unknown::Harness, 0.7),
    (Unknown::HarnessToe, 0.5),
    (Unknown::HarnessToeForce, 0.7),
    (Unknown::HarnessCreep, 0.7),
    (Unknown::HarnessCreepTime, 0.7),
    // Clothing and cover.
    (Unknown::Friction, 0.6),
    (Unknown::Rolling, 0.8),
    // Pain, mood and the time of day.
    (Unknown::Tone, 0.5),
    (Unknown::Guarding, 0.5),
    (Unknown::Swelling, 0.7),
];

/// Share of an unknown's variance over people that is new every day; 0 for what stays.
#[must_use]
pub fn day_to_day(unknown: Unknown) -> f64 {
    STAYS
        .iter()
        .find(|(listed, _)| *listed == unknown)
        .map_or(0.0, |(_, stays)| 1.0 - stays)
}

/// Diagonals of K and N.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Day {
    pub(super) stays: [f64; COUNT],
    pub(super) new: [f64; COUNT],
}

impl Day {
    pub(super) fn shares() -> Self {
        let new = Unknown::ALL.map(day_to_day);
        Self {
            stays: new.map(|new| libm::sqrt(1.0 - new)),
            new: new.map(libm::sqrt),
        }
    }

    /// K p + N η.
    pub(super) fn on(&self, person: &[f64; COUNT], eta: &[f64; COUNT]) -> [f64; COUNT] {
        core::array::from_fn(|index| {
            self.stays[index] * person[index] + self.new[index] * eta[index]
        })
    }
}

/// What is believed of the person's next session: the person with a day's part.
///
/// # Errors
/// A belief so narrow that rounding leaves no factor of it.
pub fn today(person: &Belief) -> Result<Belief, BeliefError> {
    let day = Day::shares();
    let mean = day.on(person.mean(), &[0.0; COUNT]);
    let mut matrix = [0.0; FACTOR];
    for (row, one) in Unknown::ALL.into_iter().enumerate() {
        for (column, other) in Unknown::ALL.into_iter().enumerate().take(row + 1) {
            let carried = person.covariance(one, other) * day.stays[row] * day.stays[column];
            let new = if row == column { day_to_day(one) } else { 0.0 };
            matrix[packed(row, column)] = carried + new;
        }
    }
    person.with(mean, cholesky(&matrix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use si::Region;

    #[test]
    fn the_day_of_a_person_drawn_at_random_is_as_wide_as_the_tables() {
        let prior = Belief::prior(Region::Lumbar);
        let next = today(&prior).expect("a belief");
        for unknown in Unknown::ALL {
            assert!((next.variance(unknown) - 1.0).abs() < 1e-15, "{unknown:?}");
        }
        assert_eq!(next.mean(), prior.mean());
    }

    #[test]
    fn what_belongs_to_the_person_is_kept_and_the_day_is_doubted_again() {
        let prior = Belief::prior(Region::Lumbar);
        let (mut mean, mut factor) = (*prior.mean(), *prior.to_parts().1);
        for unknown in [Unknown::Subject, Unknown::HarnessToe] {
            mean[unknown as usize] = 1.0;
            factor[packed(unknown as usize, unknown as usize)] = 0.1;
        }
        let known = prior.with(mean, factor).expect("a belief");
        let next = today(&known).expect("a belief");
        assert!((next.variance(Unknown::Subject) - 0.01).abs() < 1e-15);
        assert_eq!(next.mean()[Unknown::Subject as usize], 1.0);
        assert!((next.variance(Unknown::HarnessToe) - (0.5 * 0.01 + 0.5)).abs() < 1e-12);
        assert!((next.mean()[Unknown::HarnessToe as usize] - libm::sqrt(0.5)).abs() < 1e-15);
    }
}
