//! Gauss–Newton in the logarithms of the lumped parameters.

use super::{SHARED, Seen, Shared, Sight};
use crate::column::ColumnError;
use crate::lumped::{Lumped, Parameters};

/// Numbers that are sought besides one factor a level.
const COMMON: usize = 15;
/// Most numbers sought.
const MOST: usize = COMMON + SHARED;
/// What counts as one off, m.
const UNIT: f64 = 0.5e-3;
/// Instants of a steady pull: a course with more weighs no more.
const TOLD: f64 = 10.0;
/// Weight of ln(p/p₀): it decides only where the column does not.
const WEAK: f64 = 0.1;
/// Farthest ln(p/p₀): ten times.
const FARTHEST: f64 = core::f64::consts::LN_10;
/// Step of the difference quotients.
const STEP: f64 = 1e-4;
/// Linearisations at most.
const ITERATIONS: usize = 60;
/// A sum of squares that falls by less than this share has settled.
const SETTLED: f64 = 1e-4;

type Point = [f64; MOST];

/// The column's courses and the lumped chain that follows them.
pub(super) struct Search<'a> {
    lumped: &'a Lumped,
    shared: &'a Shared,
    courses: Vec<Seen>,
}

/// Where the search ended.
pub(super) struct Found {
    pub(super) parameters: Parameters,
    pub(super) iterations: usize,
}

impl<'a> Search<'a> {
    pub(super) const fn new(lumped: &'a Lumped, shared: &'a Shared, courses: Vec<Seen>) -> Self {
        Self {
            lumped,
            shared,
            courses,
        }
    }

    fn count(&self) -> usize {
        COMMON + self.shared.count()
    }

    /// p at ln(p/p₀) = θ.
    fn at(&self, theta: &Point) -> Parameters {
        let mut p = *self.lumped.parameters();
        let odds = p.fast_share / (1.0 - p.fast_share) * libm::exp(theta[COMMON - 1]);
        let common: [&mut f64; COMMON - 1] = [
            &mut p.subject,
            &mut p.linear,
            &mut p.toe,
            &mut p.toe_force,
            &mut p.creep,
            &mut p.linear_creep,
            &mut p.fast_time,
            &mut p.slow_time,
            &mut p.recovery,
            &mut p.harness,
            &mut p.harness_toe,
            &mut p.harness_toe_force,
            &mut p.harness_creep,
            &mut p.harness_creep_time,
        ];
        for (value, theta) in common.into_iter().zip(theta) {
            *value *= libm::exp(*theta);
        }
        p.fast_share = odds / (1.0 + odds);
        for (index, (_, own)) in self.shared.places.iter().enumerate() {
            p.levels[*own] *= libm::exp(theta[COMMON + index]);
        }
        p
    }

    /// Differences to the column in units, then what holds θ near 0.
    fn residuals(&self, theta: &Point) -> Result<Vec<f64>, ColumnError> {
        let lumped = self.lumped.with_parameters(&self.at(theta))?;
        let levels = self.shared.count();
        let mut out = Vec::new();
        for course in &self.courses {
            let followed = course.followed(&lumped, self.shared)?;
            let weight = libm::sqrt((TOLD / course.sights.len() as f64).min(1.0));
            for (seen, own) in course.sights.iter().zip(&followed) {
                let pulled = if seen.pull > 0.0 { weight } else { 0.0 };
                out.push(pulled * (own.travel - seen.travel) / UNIT);
                let off = |of: &Sight, level: usize| weight * of.openings[level] / UNIT;
                out.extend((0..levels).map(|level| off(own, level) - off(seen, level)));
            }
        }
        out.extend(theta.iter().take(self.count()).map(|theta| WEAK * theta));
        Ok(out)
    }

    /// The best parameters found.
    pub(super) fn run(&self) -> Result<Found, ColumnError> {
        let mut theta = [0.0; MOST];
        let mut residuals = self.residuals(&theta)?;
        let mut damping = 1e-2;
        let mut iterations = 0;
        let mut settled = false;
        while !settled && iterations < ITERATIONS {
            iterations += 1;
            let (matrix, slope) = self.linearised(&theta, &residuals)?;
            let now = squares(&residuals);
            settled = true;
            for _ in 0..8 {
                let step = solved(&matrix, &slope, damping, self.count());
                let tried: Point = core::array::from_fn(|index| {
                    (theta[index] - step[index]).clamp(-FARTHEST, FARTHEST)
                });
                let next = self.residuals(&tried)?;
                let sum = squares(&next);
                if sum < now {
                    settled = now - sum < SETTLED * now && damping < 1.0;
                    (theta, residuals) = (tried, next);
                    damping = (damping * 0.3).max(1e-9);
                    break;
                }
                damping *= 4.0;
            }
        }
        Ok(Found {
            parameters: self.at(&theta),
            iterations,
        })
    }

    /// JᵀJ and Jᵀr.
    fn linearised(
        &self,
        theta: &Point,
        residuals: &[f64],
    ) -> Result<([Point; MOST], Point), ColumnError> {
        let mut columns = Vec::with_capacity(self.count());
        for index in 0..self.count() {
            let mut moved = *theta;
            moved[index] += STEP;
            let next = self.residuals(&moved)?;
            let slope = next.iter().zip(residuals);
            columns.push(slope.map(|(b, a)| (b - a) / STEP).collect::<Vec<f64>>());
        }
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).fold(0.0, |sum, (x, y)| sum + x * y);
        let mut matrix = [[0.0; MOST]; MOST];
        let mut slope = [0.0; MOST];
        for (row, of) in columns.iter().enumerate() {
            slope[row] = dot(of, residuals);
            for (column, other) in columns.iter().enumerate().take(row + 1) {
                matrix[row][column] = dot(of, other);
            }
        }
        Ok((matrix, slope))
    }
}

fn squares(of: &[f64]) -> f64 {
    of.iter().fold(0.0, |sum, x| sum + x * x)
}

/// (A + λ diag A) x = b by Cholesky; A in its lower half, positive by the weak pull to 0.
fn solved(matrix: &[Point; MOST], slope: &Point, damping: f64, count: usize) -> Point {
    let mut factor = *matrix;
    let mut x = *slope;
    for row in 0..count {
        factor[row][row] *= 1.0 + damping;
        for column in 0..=row {
            let mut sum = factor[row][column];
            let known = factor[row].iter().zip(&factor[column]).take(column);
            for (one, other) in known {
                sum -= one * other;
            }
            factor[row][column] = if row == column {
                libm::sqrt(sum)
            } else {
                sum / factor[column][column]
            };
        }
        for before in 0..row {
            x[row] -= factor[row][before] * x[before];
        }
        x[row] /= factor[row][row];
    }
    for row in (0..count).rev() {
        for after in row + 1..count {
            x[row] -= factor[after][row] * x[after];
        }
        x[row] /= factor[row][row];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damped_system_of_two_is_solved() {
        let (mut matrix, mut slope) = ([[0.0; MOST]; MOST], [0.0; MOST]);
        (matrix[0][0], matrix[1][0], matrix[1][1]) = (4.0, 1.0, 3.0);
        (slope[0], slope[1]) = (9.0, 7.0);
        // With λ = 0.5: 6 x + y = 9, x + 4.5 y = 7.
        let x = solved(&matrix, &slope, 0.5, 2);
        assert!((6.0 * x[0] + x[1] - 9.0).abs() < 1e-12);
        assert!((x[0] + 4.5 * x[1] - 7.0).abs() < 1e-12);
    }
}
