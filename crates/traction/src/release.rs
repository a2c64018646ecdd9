//! The controlled release on a stop: from the force F₀ when it begins down to
//! nothing at one constant rate R (CLINICAL §5).
//!
//! Target F*(t) = max(0, F₀ − R·t). Carriage velocity v = −min(m, R + c·(F − F*))/k
//! with c = 8/s, k the present stiffness and m = 94.2 % of the region's fastest
//! release: what remains is for the doubt in k. Below 40 N a harness goes slack
//! and is softer than k, down to half at nothing; there m is as much larger,
//! which matters only where force has fallen behind its target. After force above
//! the ceiling R is m. Where nothing tells the force, v = −min(m, R)/k until the second channel ends it.
//! Test: a release from any force, on patients from 9 to 30 N/mm.

use crate::numbers::Numbers;
use crate::{MetresPerSecond, Ticks};
use si::{Newtons, NewtonsPerMetre, NewtonsPerSecond};

const FEEDBACK_PER_S: f64 = 8.0;
const SHARE_OF_FASTEST: f64 = 0.942;
/// As much as the fastest release gives back in this time, s.
const LATE_S: f64 = 0.3;
const SOFT_BELOW: f64 = 40.0;
const SOFTEST_SHARE: f64 = 0.5;

/// A release under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Release {
    from: Newtons,
    rate: NewtonsPerSecond,
    time: Ticks,
}

impl Release {
    /// Begins now, at this force; its rate stays what it is.
    #[must_use]
    pub fn begin(numbers: &Numbers, force: Newtons) -> Self {
        Self {
            from: force.max(Newtons::ZERO),
            rate: numbers.release_rate(force),
            time: Ticks::ZERO,
        }
    }

    /// The same at the region's fastest rate: after force above the ceiling.
    #[must_use]
    pub fn fastest(self, numbers: &Numbers) -> Self {
        Self {
            rate: numbers.release_most * SHARE_OF_FASTEST,
            ..self
        }
    }

    /// One tick later.
    #[must_use]
    pub const fn next(self) -> Self {
        Self {
            time: self.time.next(),
            ..self
        }
    }

    /// The force it should have reached.
    #[must_use]
    pub fn target(&self) -> Newtons {
        (self.from - self.rate * self.time.seconds()).max(Newtons::ZERO)
    }

    /// Its constant rate.
    #[must_use]
    pub const fn rate(&self) -> NewtonsPerSecond {
        self.rate
    }

    /// Whether `force` is so far behind that what a fall shows of the stiffness is not to
    /// be believed: it makes a release slower, and never this slow (ours).
    #[must_use]
    pub fn is_late(&self, numbers: &Numbers, force: Newtons) -> bool {
        (force - self.target()).get() > LATE_S * numbers.release_most.get()
    }

    /// Velocity of the carriage that makes it, never upwards.
    #[must_use]
    pub fn velocity(
        &self,
        numbers: &Numbers,
        force: Option<Newtons>,
        stiffness: NewtonsPerMetre,
    ) -> MetresPerSecond {
        let k = stiffness.clamp(numbers.softest, numbers.stiffest).get();
        let most = numbers.release_most.get() * SHARE_OF_FASTEST;
        let Some(force) = force.filter(|f| f.is_finite()) else {
            return MetresPerSecond::raw(-self.rate.get().min(most) / k);
        };
        let error = (force - self.target()).get();
        let ahead = if self.target() > Newtons::ZERO {
            self.rate.get()
        } else {
            0.0
        };
        let asked = (ahead + FEEDBACK_PER_S * error).max(0.0);
        let rate = asked.min(most / softness(force));
        MetresPerSecond::raw(-rate / k)
    }
}

/// Stiffness at `force` as a share of that well above it.
fn softness(force: Newtons) -> f64 {
    let share = force.get().max(0.0) / SOFT_BELOW;
    (SOFTEST_SHARE + (1.0 - SOFTEST_SHARE) * share).min(1.0)
}
