//! The controlled release on a stop: from the force F₀ when it begins down to
//! nothing at one constant rate R (CLINICAL §5).
//!
//! Target F*(t) = max(0, F₀ − R·t). Carriage velocity v = −(R + c·(F − F*))/(1.15·k)
//! with c = 8/s and k the present stiffness; the 1.15 keeps a stiffness that was
//! guessed too low from making the fall too fast, and the feedback makes up for
//! it. The rate asked of the spring never exceeds the region's fastest release,
//! except below 60 N, where a harness goes slack and is much softer than k.
//! Where no force can be believed, v = −R/k until the second channel ends it.

use crate::numbers::{Numbers, RELEASE_TIME};
use crate::{MetresPerSecond, Ticks};
use si::{Newtons, NewtonsPerMetre, NewtonsPerSecond};

const FEEDBACK_PER_S: f64 = 8.0;
const CAUTION: f64 = 1.15;
const SOFT_BELOW: f64 = 60.0;
const SOFT_FACTOR: f64 = 4.0;

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

    /// Whether the second channel has to remove torque.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.time >= RELEASE_TIME
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
        let Some(force) = force.filter(|f| f.is_finite()) else {
            return MetresPerSecond::raw(-self.rate.get() / k);
        };
        let error = (force - self.target()).get();
        let ahead = if self.target() > Newtons::ZERO {
            self.rate.get()
        } else {
            0.0
        };
        let soft = if force.get() < SOFT_BELOW {
            SOFT_FACTOR
        } else {
            1.0
        };
        let most = self.rate_most(numbers) * soft;
        let rate = (ahead + FEEDBACK_PER_S * error).max(0.0).min(most);
        MetresPerSecond::raw(-rate / (k * CAUTION))
    }

    fn rate_most(&self, numbers: &Numbers) -> f64 {
        numbers.release_most.get()
    }
}
