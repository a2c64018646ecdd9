//! A soft toe that straightens: the rational law behind the disc's axial and bending response.
//!
//! ```text
//! u(n) = a n / (n + n₀) + c n        n ≥ 0, and the mirror image with its own numbers for n < 0
//! n(u) = 2 u n₀ / (B + √(B² + 4 c u n₀)) = (√(…) − B) / 2c,   B = a + c n₀ − u
//! dn/du = (n + n₀) / √(B² + 4 c u n₀)
//! ```
//!
//! | symbol | field | unit |
//! |---|---|---|
//! | a | `toe` | m or rad |
//! | c | `straight` | m/N or rad/(N m) |
//! | n₀ | `bend` | N or N m |
//!
//! u is what opens, n what opens it, measured from rest. Toes with one n₀ in
//! series add a and c: that is why the elastic stretch and every fluid term share
//! n₀, and why the law has a closed inverse without iteration. Both sides must
//! meet with one compliance, a/n₀ + c, for the law to be C¹ at rest.
//!
//! Valid for n₀ > 0, c > 0, a ≥ 0: then u(n) is strictly increasing, concave
//! outwards, and its inverse is defined for every u. Departure from the
//! literature: exponential toes are usual; this one needs no transcendental
//! function. Shown by the tests below.

use crate::real::Real;

/// Branch and straight part of one extension on one side of rest.
#[derive(Clone, Copy, Debug)]
pub struct Branch<T> {
    /// a: what the toe adds in all.
    pub toe: T,
    /// c: compliance beyond the toe.
    pub straight: T,
}

impl<T: Real> Branch<T> {
    /// The straight line through nothing.
    #[inline(always)]
    pub fn none(like: T) -> Self {
        Self {
            toe: like.of(0.0),
            straight: like.of(0.0),
        }
    }

    /// In series with `share` of another toe of the same n₀.
    #[inline(always)]
    #[must_use]
    pub fn with(self, share: T, other: Self) -> Self {
        Self {
            toe: self.toe + share * other.toe,
            straight: self.straight + share * other.straight,
        }
    }

    /// u(n), odd in n.
    #[inline(always)]
    pub fn opening(self, n: T, bend: T) -> T {
        n * (self.toe / (n.abs() + bend) + self.straight)
    }

    /// Compliance at rest, a/n₀ + c.
    #[inline(always)]
    pub fn at_rest(self, bend: T) -> T {
        self.toe / bend + self.straight
    }

    /// n(u), odd in u, and dn/du: one root and one division. Beyond the toe the other
    /// form of the root is taken, so that nothing cancels however far a trial goes.
    #[inline(always)]
    pub fn solve(self, u: T, bend: T) -> Answer<T> {
        let (size, zero) = (u.abs(), u.of(0.0));
        let lack = self.toe + self.straight * bend - size;
        let root = (lack * lack + self.straight * bend * size * 4.0).sqrt();
        let sum = lack.abs() + root;
        let per = size.of(1.0) / (sum * root * self.straight);
        let inverse = self.straight * per;
        let near = bend * size * root * inverse * 2.0;
        let far = sum * sum * root * per * 0.5;
        let force = T::select(lack.less(zero), far, near);
        Answer {
            force: T::select(u.less(zero), -force, force),
            slope: (force + bend) * (sum * inverse),
        }
    }

    /// `yes` where the mask holds.
    #[inline(always)]
    pub fn select(mask: T::Mask, yes: Self, no: Self) -> Self {
        Self {
            toe: T::select(mask, yes.toe, no.toe),
            straight: T::select(mask, yes.straight, no.straight),
        }
    }
}

/// A force (or moment) and its derivative.
#[derive(Clone, Copy, Debug)]
pub struct Answer<T> {
    /// n, N or N m.
    pub force: T,
    /// dn/du, N/m or N m/rad.
    pub slope: T,
}

impl<T: Real> Answer<T> {
    /// This where the mask holds, `kept` elsewhere.
    #[inline(always)]
    pub(super) fn or(&self, mask: T::Mask, kept: &Self) -> Self {
        Self {
            force: T::select(mask, self.force, kept.force),
            slope: T::select(mask, self.slope, kept.slope),
        }
    }
}

/// Both sides of rest.
#[derive(Clone, Copy, Debug)]
pub struct Law<T> {
    /// For n ≥ 0.
    pub positive: Branch<T>,
    /// n₀ of that side.
    pub positive_bend: T,
    /// For n < 0.
    pub negative: Branch<T>,
    /// n₀ of that side.
    pub negative_bend: T,
}

impl<T: Real> Law<T> {
    /// n(u) and dn/du.
    #[inline(always)]
    pub fn solve(&self, u: T) -> Answer<T> {
        let (branch, bend) = self.on(u);
        branch.solve(u, bend)
    }

    /// u(n).
    #[inline(always)]
    pub fn opening(&self, n: T) -> T {
        let (branch, bend) = self.on(n);
        branch.opening(n, bend)
    }

    #[inline(always)]
    fn on(&self, side: T) -> (Branch<T>, T) {
        let less = side.less(side.of(0.0));
        (
            Branch::select(less, self.negative, self.positive),
            T::select(less, self.negative_bend, self.positive_bend),
        )
    }
}

/// One law either way.
#[derive(Clone, Copy, Debug)]
pub struct Even<T> {
    /// On both sides.
    pub branch: Branch<T>,
    /// n₀.
    pub bend: T,
}

impl<T: Real> Even<T> {
    /// n(u) and dn/du.
    #[inline(always)]
    pub fn solve(&self, u: T) -> Answer<T> {
        self.branch.solve(u, self.bend)
    }

    /// u(n).
    #[inline(always)]
    pub fn opening(&self, n: T) -> T {
        self.branch.opening(n, self.bend)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn law() -> Law<f64> {
        // Compliance at rest on both sides: 0.8e-3/40 + 2.3e-6 = 22.3e-6 m/N.
        let straight = 0.5e-6;
        Law {
            positive: Branch {
                toe: 0.8e-3,
                straight: 2.3e-6,
            },
            positive_bend: 40.0,
            negative: Branch {
                toe: 12.0 * (22.3e-6 - straight),
                straight,
            },
            negative_bend: 12.0,
        }
    }

    #[test]
    fn the_closed_inverse_undoes_the_law() {
        for n in [
            -1e12, -5e3, -900.0, -30.0, -1e-6, 0.0, 1e-6, 5.0, 80.0, 900.0, 5e3, 1e12,
        ] {
            let back = law().solve(law().opening(n)).force;
            assert!((back - n).abs() <= 1e-9 * n.abs() + 1e-12, "{n}: {back}");
        }
    }

    #[test]
    fn the_slope_is_the_derivative_and_is_positive() {
        for u in [-3e-3, -4e-4, -1e-5, 1e-5, 3e-4, 2e-3] {
            let h = 1e-9;
            let slope = (law().solve(u + h).force - law().solve(u - h).force) / (2.0 * h);
            let now = law().solve(u).slope;
            assert!(
                now > 0.0 && (now - slope).abs() < 1e-6 * slope,
                "{u}: {now} {slope}"
            );
        }
    }

    #[test]
    fn both_sides_meet_with_one_slope() {
        let (less, more) = (law().solve(-1e-12).slope, law().solve(1e-12).slope);
        assert!((less - more).abs() < 1e-6 * more);
    }
}
