//! What is believed of one spine: a normal distribution over the coordinates ξ.
//!
//! ```text
//! ξ = m + L z,   z ~ N(0, I)          L lower triangular, covariance P = L Lᵀ
//! ```
//!
//! | symbol | identifier | unit |
//! |---|---|---|
//! | m | `mean` | 1 |
//! | L | `factor`, rows packed | 1 |
//!
//! Before any session m = 0, L = I: the published spread ([`Shapes`]). What a
//! session teaches changes m and L only ([`crate::learn`]); the maps from ξ to
//! values stay, so every draw is a spine inside its physical ranges.
//!
//! Shown by the tests below and by `learn`.

use super::{COUNT, Draw, Members, Shapes, TAIL, Unknown};
use core::fmt;
use si::Region;

/// Entries of the packed lower factor.
pub const FACTOR: usize = COUNT * (COUNT + 1) / 2;

/// A normal distribution over the coordinates of one spine.
#[derive(Clone, Debug, PartialEq)]
pub struct Belief {
    region: Region,
    mean: [f64; COUNT],
    factor: [f64; FACTOR],
    shapes: Shapes,
}

/// Numbers that are no belief.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BeliefError {
    /// Another number of entries than expected.
    Length {
        /// `mean` or `factor`.
        place: &'static str,
        /// Entries given.
        given: usize,
        /// Entries expected.
        expected: usize,
    },
    /// A mean that is not finite or farther out than any person (± 8).
    Mean {
        /// Which unknown.
        unknown: Unknown,
        /// The value given.
        value: f64,
    },
    /// A row of the factor whose diagonal is not positive or whose spread is not finite or above 8.
    Factor {
        /// Which unknown.
        unknown: Unknown,
        /// The spread (square root of the variance) given.
        value: f64,
    },
}

impl fmt::Display for BeliefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length {
                place,
                given,
                expected,
            } => write!(
                f,
                "belief.{place}: {given} numbers, {expected} expected; it was written by another version, start from the prior"
            ),
            Self::Mean { unknown, value } => write!(
                f,
                "belief.mean.{}: {value} is outside -8 to 8; start from the prior",
                unknown.as_str()
            ),
            Self::Factor { unknown, value } => write!(
                f,
                "belief.factor.{}: a spread of {value} is not above 0 and at most 8; start from the prior",
                unknown.as_str()
            ),
        }
    }
}

impl core::error::Error for BeliefError {}

/// Farthest mean and widest spread of a coordinate that is taken.
const FARTHEST: f64 = 8.0;

impl Belief {
    /// What is believed of a person drawn at random.
    #[must_use]
    pub fn prior(region: Region) -> Self {
        let mut factor = [0.0; FACTOR];
        for index in 0..COUNT {
            factor[packed(index, index)] = 1.0;
        }
        Self {
            region,
            mean: [0.0; COUNT],
            factor,
            shapes: Shapes::of(region),
        }
    }

    /// The belief that was written by [`Self::to_parts`].
    ///
    /// # Errors
    /// Another length, or numbers that no belief has.
    pub fn from_parts(region: Region, mean: &[f64], factor: &[f64]) -> Result<Self, BeliefError> {
        let wrong = |place, given, expected| BeliefError::Length {
            place,
            given,
            expected,
        };
        let mean: [f64; COUNT] = mean
            .try_into()
            .map_err(|_| wrong("mean", mean.len(), COUNT))?;
        let factor: [f64; FACTOR] = factor
            .try_into()
            .map_err(|_| wrong("factor", factor.len(), FACTOR))?;
        Self {
            region,
            mean,
            factor,
            shapes: Shapes::of(region),
        }
        .checked()
    }

    fn checked(self) -> Result<Self, BeliefError> {
        for unknown in Unknown::ALL {
            let value = self.mean[unknown as usize];
            if !(-FARTHEST..=FARTHEST).contains(&value) {
                return Err(BeliefError::Mean { unknown, value });
            }
            let spread = libm::sqrt(self.variance(unknown));
            let diagonal = self.factor[packed(unknown as usize, unknown as usize)];
            if !(diagonal > 0.0 && spread <= FARTHEST) {
                let value = if diagonal > 0.0 { spread } else { diagonal };
                return Err(BeliefError::Factor { unknown, value });
            }
        }
        Ok(self)
    }

    /// Mean and packed lower factor, row by row: what is stored of a patient.
    #[must_use]
    pub fn to_parts(&self) -> (&[f64; COUNT], &[f64; FACTOR]) {
        (&self.mean, &self.factor)
    }

    /// The region whose pull it is about.
    #[must_use]
    pub const fn region(&self) -> Region {
        self.region
    }

    /// m.
    #[must_use]
    pub const fn mean(&self) -> &[f64; COUNT] {
        &self.mean
    }

    /// Entry (row, column) of L, 0 above the diagonal and outside.
    #[must_use]
    pub fn factor(&self, row: usize, column: usize) -> f64 {
        if column <= row && row < COUNT {
            self.factor[packed(row, column)]
        } else {
            0.0
        }
    }

    /// Variance of the coordinate of an unknown; 1 before any session.
    #[must_use]
    pub fn variance(&self, unknown: Unknown) -> f64 {
        self.covariance(unknown, unknown)
    }

    /// Covariance of two coordinates.
    #[must_use]
    pub fn covariance(&self, one: Unknown, other: Unknown) -> f64 {
        let (one, other) = (one as usize, other as usize);
        (0..=one.min(other)).fold(0.0, |sum, column| {
            sum + self.factor(one, column) * self.factor(other, column)
        })
    }

    /// Correlation of two coordinates.
    #[must_use]
    pub fn correlation(&self, one: Unknown, other: Unknown) -> f64 {
        let scale = libm::sqrt(self.variance(one) * self.variance(other));
        self.covariance(one, other) / scale
    }

    /// The coordinates ξ of the standard normal point `z`.
    #[must_use]
    pub fn coordinates(&self, z: &[f64; COUNT]) -> [f64; COUNT] {
        core::array::from_fn(|row| {
            (0..=row).fold(self.mean[row], |sum, column| {
                sum + self.factor[packed(row, column)] * z[column]
            })
        })
    }

    /// The spine at the standard normal point `z`; the origin is the median spine.
    #[must_use]
    pub fn draw(&self, z: &[f64; COUNT]) -> Draw<f64> {
        self.shapes.at(&self.coordinates(z))
    }

    /// Member `index` of the ensemble; member 0 is the median spine.
    #[must_use]
    pub fn member(&self, index: u32) -> Draw<f64> {
        self.draw(&Members::normal(index))
    }

    /// The spine at coordinates ξ, without mean and factor.
    #[must_use]
    pub fn at(&self, xi: &[f64; COUNT]) -> Draw<f64> {
        self.shapes.at(xi)
    }

    /// The 5 %, 50 % and 95 % points of one unknown, in its unit.
    #[must_use]
    pub fn quantiles(&self, unknown: Unknown) -> [f64; 3] {
        let (mean, spread) = (
            self.mean[unknown as usize],
            libm::sqrt(self.variance(unknown)),
        );
        [-TAIL, 0.0, TAIL].map(|z| self.shapes.get(unknown).at(mean + z * spread))
    }

    /// The same region with another mean and factor.
    ///
    /// # Errors
    /// Numbers that no belief has.
    pub fn with(&self, mean: [f64; COUNT], factor: [f64; FACTOR]) -> Result<Self, BeliefError> {
        Self {
            region: self.region,
            mean,
            factor,
            shapes: self.shapes.clone(),
        }
        .checked()
    }
}

/// Place of (row, column) in a packed lower triangle.
pub(crate) const fn packed(row: usize, column: usize) -> usize {
    row * (row + 1) / 2 + column
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_any_session_the_tables_come_out() {
        let prior = Belief::prior(Region::Lumbar);
        let [low, mid, high] = prior.quantiles(Unknown::Harness);
        assert!(
            (low - 6e3).abs() < 1e-6 && (mid - 12e3).abs() < 1e-6 && (high - 25e3).abs() < 1e-6
        );
        let median = prior.member(0);
        assert!((median[Unknown::Tone] - 50.0).abs() < 1e-9);
    }

    #[test]
    fn members_have_the_mean_and_covariance_of_the_belief() {
        let prior = Belief::prior(Region::Cervical);
        let (mut mean, mut factor) = (*prior.mean(), *prior.to_parts().1);
        (mean[0], mean[3]) = (0.4, -0.7);
        factor[packed(3, 0)] = -0.8;
        factor[packed(3, 3)] = 0.6;
        let belief = prior.with(mean, factor).expect("a belief");
        let (mut sums, n) = ([0.0; 3], 4096);
        for index in 1..=n {
            let xi = belief.coordinates(&Members::normal(index));
            for (sum, term) in sums
                .iter_mut()
                .zip([xi[0], xi[3], (xi[0] - 0.4) * (xi[3] + 0.7)])
            {
                *sum += term / f64::from(n);
            }
        }
        for (got, told) in sums.iter().zip([0.4, -0.7, -0.8]) {
            assert!((got - told).abs() < 5e-3, "{sums:?}");
        }
        assert!((belief.correlation(Unknown::Tension, Unknown::Subject) + 0.8).abs() < 1e-12);
    }

    #[test]
    fn it_is_written_and_read_without_a_bit_lost_and_nonsense_is_refused() {
        let prior = Belief::prior(Region::Lumbar);
        let (mean, factor) = prior.to_parts();
        let again = Belief::from_parts(Region::Lumbar, mean, factor);
        assert_eq!(again.as_ref(), Ok(&prior));
        let refuse = |mean: &[f64], factor: &[f64]| {
            Belief::from_parts(Region::Lumbar, mean, factor)
                .expect_err("nonsense")
                .to_string()
        };
        assert!(refuse(&mean[1..], factor).starts_with("belief.mean: 35 numbers"));
        let mut bad = *mean;
        bad[5] = f64::NAN;
        assert!(refuse(&bad, factor).starts_with("belief.mean.creep_amount: NaN"));
        let mut bad = *factor;
        bad[packed(4, 4)] = -1.0;
        assert!(refuse(mean, &bad).contains("compression_stiffness"));
        bad[packed(4, 4)] = f64::INFINITY;
        assert!(refuse(mean, &bad).contains("compression_stiffness"));
    }
}
