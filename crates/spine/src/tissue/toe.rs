//! One-sided spring with a toe: nothing while slack, then quadratic, then linear.
//!
//! The law of Blankevoort & Huiskes 1991, over a length instead of a strain:
//!
//! ```text
//! x = max(Δ + x₀, 0)     q = min(x, τ)
//! F = K (x − q) + K q²/2τ     dF/dΔ = K q/τ
//! ```
//!
//! | symbol | identifier | unit |
//! |---|---|---|
//! | Δ | `stretch` | m, from rest |
//! | x₀ | `offset` | m, > 0: under tension at rest; < 0: slack at rest |
//! | τ | `knee` | m, length of the toe |
//! | K | `stiffness` | N/m beyond the toe |
//!
//! Force and slope are continuous everywhere, the slope is exact, and neither
//! asks for a branch. Ligaments, facets in contact and passive muscle share it.
//! Shown by `strands::the_slope_of_a_toe_is_the_derivative_of_its_force`.

use crate::real::Real;

/// Shortest toe, m: a law without any would have a jump in its slope.
const SHORTEST: f64 = 1.0e-6;

/// A one-sided spring with a toe.
#[derive(Clone, Copy, Debug)]
pub struct Toe<T> {
    offset: T,
    knee: T,
    stiffness: T,
    rise: T,
}

impl<T: Real> Toe<T> {
    /// From the stiffness beyond the toe (N/m), the stretch already there at rest (m)
    /// and the length of the toe (m).
    pub fn build(stiffness: T, offset: T, knee: T) -> Self {
        let knee = knee.max(knee.of(SHORTEST));
        Self {
            offset,
            knee,
            stiffness,
            rise: stiffness / knee,
        }
    }

    /// As [`Toe::build`], with the force at rest (N, positive) in place of the stretch.
    pub fn loaded(stiffness: T, force: T, knee: T) -> Self {
        let knee = knee.max(knee.of(SHORTEST));
        let toe = stiffness * knee * 0.5;
        let inside = (force * knee * 2.0 / stiffness).sqrt();
        let beyond = force / stiffness + knee * 0.5;
        let offset = T::select(force.less(toe), inside, beyond);
        Self::build(stiffness, offset, knee)
    }

    /// Force at this stretch, N, and its derivative, N/m.
    #[inline(always)]
    pub fn at(&self, stretch: T) -> (T, T) {
        let x = (stretch + self.offset).max(stretch.of(0.0));
        let q = x.min(self.knee);
        let slope = self.rise * q;
        let force = self.stiffness * (x - q) + slope * q * 0.5;
        (force, slope)
    }

    /// Force at rest, N.
    pub fn rest(&self) -> T {
        self.at(self.offset.of(0.0)).0
    }
}

impl Toe<f64> {
    /// The same law for every spine of a lane.
    #[inline(always)]
    pub(super) fn for_all<T: Real>(&self, like: T) -> Toe<T> {
        Toe {
            offset: like.of(self.offset),
            knee: like.of(self.knee),
            stiffness: like.of(self.stiffness),
            rise: like.of(self.rise),
        }
    }
}
