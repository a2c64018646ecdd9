//! One update: the most probable spine, and how far it may lie off.
//!
//! Equations, argument and limits: the head of [`crate::learn`]. r = R^(−½)(y − f).
//! The step solves in the small space of the features:
//!
//! ```text
//! x = S⁻¹ (r + J θ)     θ* = Jᵀ x     θ ← θ + α (θ* − θ)
//! ```
//!
//! with α the best of 1, ½, … 1/16, tried in one batch; a step that does not
//! lower the sum ends the search. With G = 0, θ* = 0 and M = I, bit for bit.
//!
//! The model bends between the points where it is linearised. What the tangent
//! misses is added to R, as in a second-order Kalman filter, with the second
//! differences c_i of r along each ξ_i over the spread of the population:
//!
//! ```text
//! Ω = (½ + ½) Σ c_i c_iᵀ        S = I + Ω + J Jᵀ        sum of squares with (I + Ω)⁻¹
//! ```
//!
//! The first half is the pure second derivatives; the second stands for the
//! mixed ones, which would cost 630 more runs (ours, 0 to 1½). Without Ω every
//! session is linearised elsewhere and each such tangent claims a direction that
//! the others left free: over four sessions the coverage of the lumbar levels
//! fell from 0.91 to 0.86 (`tests/learning.rs`; with it, it stays).

use super::algebra::{Row, Small, cholesky, dot, forwards, small_factor};
use super::day::Day;
use super::learned::{Fit, Outcome};
use super::{FEATURES, Feature, Features, LearnError, Learned, Measured};
use crate::unknown::{Belief, COUNT, Draw, FACTOR, packed};

/// Half step of the differences, in standard deviations over people: the slope is
/// the one across a person's doubt, and the same runs give the curvature.
const STEP: f64 = 1.0;
/// Weight of the curvature in Ω: ½ for the pure second derivatives, ½ for the mixed ones.
const MISSED: f64 = 1.0;
/// Most linearisations.
const ITERATIONS: usize = 12;
/// Lengths of a step that are tried.
const LENGTHS: [f64; 5] = [1.0, 0.5, 0.25, 0.125, 0.0625];
/// A gain in ½χ² below which the search ends: a twentieth of a deviation.
const GAIN: f64 = 1e-3;
/// Standard normal point of the share 1e-4: a session that fits worse is not learned from.
const UNLIKELY: f64 = 3.719;

/// A model of the session: what the table would measure on each spine.
pub trait Forward {
    /// Why a run failed.
    type Error;

    /// The features of the session on each of `draws`; `out` is as long.
    ///
    /// # Errors
    /// A spine the model refuses.
    fn features(&self, draws: &[Draw<f64>], out: &mut [Features]) -> Result<(), Self::Error>;
}

/// The belief of the person after a session, and what changed.
///
/// # Errors
/// Measurements that are none, or a forward model that fails.
pub fn update<F: Forward>(
    prior: &Belief,
    measured: &Measured,
    forward: &F,
) -> Result<Learned, LearnError<F::Error>> {
    measured.check()?;
    let mut search = Search {
        prior,
        day: Day::shares(),
        measured,
        forward,
        runs: 0,
    };
    let mut at = Point::ORIGIN;
    let mut tangent = search.tangent(&at)?;
    let mut iterations = 1;
    let mut settled = false;
    while !settled && iterations < ITERATIONS {
        let target = tangent.solution(&at);
        let now = tangent.cost(&at, &tangent.residual);
        let (best, lowest) = search.best(&at, &target, &tangent)?;
        settled = lowest > now - GAIN;
        if lowest < now {
            at = best;
            tangent = search.tangent(&at)?;
            iterations += 1;
        }
    }
    let misfit = 2.0 * tangent.cost(&at, &tangent.residual);
    let (outcome, posterior) = if unlikely(misfit, measured.count()) {
        (Outcome::Refused, prior.clone())
    } else {
        let posterior = moved(prior, &at.person, &tangent)?;
        (Outcome::Learned { settled }, posterior)
    };
    let fit = Fit {
        outcome,
        misfit: misfit / measured.count().max(1) as f64,
        iterations,
        runs: search.runs,
    };
    Ok(Learned::new(prior, posterior, fit)?)
}

/// Whether a sum of `count` squares is above its 99.99 % point (Wilson and Hilferty 1931).
fn unlikely(sum: f64, count: usize) -> bool {
    let k = count as f64;
    if count == 0 {
        return false;
    }
    let part = 2.0 / (9.0 * k);
    let root = 1.0 - part + UNLIKELY * libm::sqrt(part);
    sum > k * root * root * root
}

/// θ: the person's part w and the day's part η.
#[derive(Clone, Copy)]
struct Point {
    person: Row,
    day: Row,
}

impl Point {
    const ORIGIN: Self = Self {
        person: [0.0; COUNT],
        day: [0.0; COUNT],
    };

    /// |θ|².
    fn square(&self) -> f64 {
        let square = |sum: f64, x: &f64| sum + x * x;
        self.day
            .iter()
            .fold(self.person.iter().fold(0.0, square), square)
    }

    /// The point `length` of the way to `target`.
    fn towards(&self, target: &Self, length: f64) -> Self {
        let between = |from: &Row, to: &Row| -> Row {
            core::array::from_fn(|index| from[index] + length * (to[index] - from[index]))
        };
        Self {
            person: between(&self.person, &target.person),
            day: between(&self.day, &target.day),
        }
    }
}

struct Search<'a, F> {
    prior: &'a Belief,
    day: Day,
    measured: &'a Measured,
    forward: &'a F,
    runs: usize,
}

impl<F: Forward> Search<'_, F> {
    /// ξ at θ.
    fn coordinates(&self, at: &Point) -> Row {
        self.day.on(&self.prior.coordinates(&at.person), &at.day)
    }

    /// r at each of the coordinates ξ.
    fn residuals(&mut self, points: &[Row]) -> Result<Vec<[f64; FEATURES]>, LearnError<F::Error>> {
        let draws: Vec<_> = points.iter().map(|xi| self.prior.at(xi)).collect();
        let mut features = vec![Features::default(); points.len()];
        self.forward
            .features(&draws, &mut features)
            .map_err(LearnError::Forward)?;
        self.runs += points.len();
        for of in &features {
            for feature in Feature::ALL {
                if !of.get(feature).is_finite() {
                    return Err(LearnError::NotFinite { feature });
                }
            }
        }
        Ok(features
            .iter()
            .map(|of| self.measured.residual(of))
            .collect())
    }

    /// r, J and Ω at θ.
    fn tangent(&mut self, at: &Point) -> Result<Tangent, LearnError<F::Error>> {
        let mut points = vec![self.coordinates(at); 2 * COUNT + 1];
        for index in 0..COUNT {
            points[2 * index + 1][index] += STEP;
            points[2 * index + 2][index] -= STEP;
        }
        let residuals = self.residuals(&points)?;
        let mut tangent = Tangent::flat(residuals[0]);
        for index in 0..COUNT {
            let (more, less) = (&residuals[2 * index + 1], &residuals[2 * index + 2]);
            let bend: [f64; FEATURES] = core::array::from_fn(|feature| {
                let here = residuals[0][feature];
                ((more[feature] - here) + (less[feature] - here)) / (STEP * STEP)
            });
            for feature in 0..FEATURES {
                let slope = (less[feature] - more[feature]) / (2.0 * STEP);
                tangent.day[feature][index] = slope * self.day.new[index];
                let carried = slope * self.day.stays[index];
                for column in 0..=index {
                    tangent.person[feature][column] += carried * self.prior.factor(index, column);
                }
                for other in 0..=feature {
                    tangent.missed[feature][other] += MISSED * bend[feature] * bend[other];
                }
            }
        }
        tangent.factorise();
        Ok(tangent)
    }

    /// The best point on the way from `at` to `target`, and its cost.
    fn best(
        &mut self,
        at: &Point,
        target: &Point,
        tangent: &Tangent,
    ) -> Result<(Point, f64), LearnError<F::Error>> {
        let points = LENGTHS.map(|length| at.towards(target, length));
        let coordinates = points.map(|point| self.coordinates(&point));
        let residuals = self.residuals(&coordinates)?;
        let mut best = (points[0], f64::INFINITY);
        for (point, residual) in points.iter().zip(&residuals) {
            let cost = tangent.cost(point, residual);
            if cost < best.1 {
                best = (*point, cost);
            }
        }
        Ok(best)
    }
}

/// r, J and Ω at one point, with the lower factors of I + Ω and S.
struct Tangent {
    residual: [f64; FEATURES],
    person: [Row; FEATURES],
    day: [Row; FEATURES],
    /// Ω, then the lower factor of I + Ω.
    missed: Small,
    factor: Small,
}

impl Tangent {
    /// A model that nothing moves.
    fn flat(residual: [f64; FEATURES]) -> Self {
        Self {
            residual,
            person: [[0.0; COUNT]; FEATURES],
            day: [[0.0; COUNT]; FEATURES],
            missed: [[0.0; FEATURES]; FEATURES],
            factor: [[0.0; FEATURES]; FEATURES],
        }
    }

    fn factorise(&mut self) {
        for row in 0..FEATURES {
            self.missed[row][row] += 1.0;
            for column in 0..=row {
                self.factor[row][column] = self.missed[row][column]
                    + dot(&self.person[row], &self.person[column])
                    + dot(&self.day[row], &self.day[column]);
            }
        }
        small_factor(&mut self.missed);
        small_factor(&mut self.factor);
    }

    /// ½ |θ|² + ½ rᵀ (I + Ω)⁻¹ r.
    fn cost(&self, at: &Point, residual: &[f64; FEATURES]) -> f64 {
        let mut r = *residual;
        forwards(&self.missed, &mut r);
        0.5 * r.iter().fold(at.square(), |sum, x| sum + x * x)
    }

    /// θ*.
    fn solution(&self, at: &Point) -> Point {
        let factor = &self.factor;
        let mut x: [f64; FEATURES] = core::array::from_fn(|row| {
            self.residual[row] + dot(&self.person[row], &at.person) + dot(&self.day[row], &at.day)
        });
        forwards(factor, &mut x);
        for row in (0..FEATURES).rev() {
            for after in row + 1..FEATURES {
                x[row] -= factor[after][row] * x[after];
            }
            x[row] /= factor[row][row];
        }
        let back = |jacobian: &[Row; FEATURES]| -> Row {
            core::array::from_fn(|index| {
                (0..FEATURES).fold(0.0, |sum, row| sum + jacobian[row][index] * x[row])
            })
        };
        Point {
            person: back(&self.person),
            day: back(&self.day),
        }
    }

    /// M, the lower factor of I − J_wᵀ S⁻¹ J_w.
    fn narrowing(&self) -> [f64; FACTOR] {
        let mut k = self.person;
        for row in 0..FEATURES {
            for before in 0..row {
                let known = k[before];
                for (value, known) in k[row].iter_mut().zip(known) {
                    *value -= self.factor[row][before] * known;
                }
            }
            for value in &mut k[row] {
                *value /= self.factor[row][row];
            }
        }
        let mut matrix = [0.0; FACTOR];
        for row in 0..COUNT {
            for column in 0..=row {
                let shared = (0..FEATURES).fold(0.0, |sum, f| sum + k[f][row] * k[f][column]);
                let one = if row == column { 1.0 } else { 0.0 };
                matrix[packed(row, column)] = one - shared;
            }
        }
        cholesky(&matrix)
    }
}

/// The posterior: mean m + L w, factor L M.
fn moved<E>(prior: &Belief, w: &Row, tangent: &Tangent) -> Result<Belief, LearnError<E>> {
    let narrowing = tangent.narrowing();
    let mut factor = [0.0; FACTOR];
    for row in 0..COUNT {
        for column in 0..=row {
            factor[packed(row, column)] = (column..=row).fold(0.0, |sum, between| {
                sum + prior.factor(row, between) * narrowing[packed(between, column)]
            });
        }
    }
    prior
        .with(prior.coordinates(w), factor)
        .map_err(LearnError::Belief)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unknown::Unknown;
    use core::convert::Infallible;
    use si::Region;

    /// Facets and muscle have a symmetric log scale, friction a symmetric linear
    /// one: on these three this model is linear in ξ.
    struct Linear {
        facets: f64,
        muscle: f64,
        friction: f64,
    }

    impl Forward for Linear {
        type Error = Infallible;

        fn features(&self, draws: &[Draw<f64>], out: &mut [Features]) -> Result<(), Infallible> {
            let coordinate = |log: f64| log / (libm::log(2.5) / crate::unknown::TAIL);
            for (draw, features) in draws.iter().zip(out) {
                let friction = (draw[Unknown::Friction] - 0.5) / (0.15 / crate::unknown::TAIL);
                let facets = coordinate(libm::log(draw[Unknown::Facets]));
                let muscle = coordinate(libm::log(draw[Unknown::Muscle]));
                features.0 = [0.0; FEATURES];
                features.0[0] = self.facets * facets + self.muscle * muscle;
                features.0[1] = self.friction * friction;
            }
            Ok(())
        }
    }

    const MODEL: Linear = Linear {
        facets: 2.0,
        muscle: 1.0,
        friction: 3.0,
    };

    fn measured(values: [f64; FEATURES], deviation: f64) -> Measured {
        Measured {
            values,
            deviations: [deviation; FEATURES],
        }
    }

    fn taught(values: [f64; FEATURES], deviation: f64) -> Learned {
        let prior = Belief::prior(Region::Lumbar);
        update(&prior, &measured(values, deviation), &MODEL).expect("a linear model")
    }

    #[test]
    fn a_linear_model_gives_the_closed_form_of_bayes() {
        let (y, z, deviation) = (1.5, 0.8, 0.5);
        let learned = taught([y, z, 0.0, 0.0, 0.0, 0.0, 0.0], deviation);
        let at = |unknown: Unknown| learned.posterior.mean()[unknown as usize];
        let s = 2.0 * 2.0 + 1.0 + deviation * deviation;
        assert!((at(Unknown::Facets) - 2.0 * y / s).abs() < 1e-9);
        assert!((at(Unknown::Muscle) - y / s).abs() < 1e-9);
        let spread = |one, other| learned.posterior.covariance(one, other);
        assert!((spread(Unknown::Facets, Unknown::Facets) - (1.0 - 4.0 / s)).abs() < 1e-9);
        assert!((spread(Unknown::Facets, Unknown::Muscle) + 2.0 / s).abs() < 1e-9);
        // Friction: 0.6 of it is the person's, the rest is new every day.
        let (k, s) = (0.6, 9.0 + deviation * deviation);
        assert!((at(Unknown::Friction) - libm::sqrt(k) * 3.0 * z / s).abs() < 1e-9);
        let left = 1.0 - k * 9.0 / s;
        assert!((spread(Unknown::Friction, Unknown::Friction) - left).abs() < 1e-9);
    }

    #[test]
    fn what_is_known_only_as_a_sum_is_told_as_tied_and_stays_wide() {
        let learned = taught([1.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], 0.01);
        let tie = learned.ties.first().expect("a tie");
        assert_eq!((tie.one, tie.other), (Unknown::Facets, Unknown::Muscle));
        assert!(tie.correlation < -0.99);
        assert!(learned.posterior.variance(Unknown::Muscle) > 0.7);
    }

    #[test]
    fn data_without_information_change_no_bit_of_the_belief() {
        let prior = taught([1.5, 0.3, 0.0, 0.0, 0.0, 0.0, 0.0], 0.5).posterior;
        let silent = Linear {
            facets: 0.0,
            muscle: 0.0,
            friction: 0.0,
        };
        let data = measured([0.4, -0.1, 0.2, 0.0, 0.0, 0.3, 0.0], 0.5);
        let learned = update(&prior, &data, &silent).expect("a silent model");
        assert_eq!(learned.posterior, prior);
        assert!(learned.changes.iter().all(|change| change.removed < 1e-12));
        assert_eq!(learned.said().count(), 0);

        let nothing = Feature::ALL.into_iter().fold(data, Measured::without);
        let learned = update(&prior, &nothing, &MODEL).expect("no data");
        assert_eq!(learned.posterior, prior);
    }

    #[test]
    fn an_unknown_that_the_data_do_not_touch_keeps_its_bits() {
        let learned = taught([1.5, 0.8, 0.0, 0.0, 0.0, 0.0, 0.0], 0.5);
        for unknown in Unknown::ALL {
            let touched = matches!(
                unknown,
                Unknown::Facets | Unknown::Muscle | Unknown::Friction
            );
            let kept = learned.posterior.variance(unknown).to_bits() == 1.0_f64.to_bits();
            assert_eq!(kept, !touched, "{unknown:?}");
        }
    }

    #[test]
    fn a_session_that_no_spine_shows_is_refused_and_teaches_nothing() {
        let learned = taught([0.0, 0.0, 9.0, 0.0, 0.0, 0.0, 0.0], 0.5);
        assert_eq!(learned.outcome, Outcome::Refused);
        assert_eq!(learned.posterior, Belief::prior(Region::Lumbar));
    }

    #[test]
    fn a_measurement_that_is_none_is_refused_by_name() {
        let prior = Belief::prior(Region::Lumbar);
        let data = measured([0.0, f64::NAN, 0.0, 0.0, 0.0, 0.0, 0.0], 0.5);
        let told = update(&prior, &data, &MODEL).expect_err("no number");
        assert!(matches!(
            told,
            LearnError::Measured {
                feature: Feature::Ramp,
                ..
            }
        ));
    }
}
