//! The few numbers of a session that are learned from, and how far they may lie off.
//!
//! All are differences of carriage travel, so slack and where the harness was
//! put on drop out. Standard deviations (ours: no repeatability of a table was
//! found) add up as variances:
//!
//! ```text
//! σ² = instrument² + (share · reach)²
//! ```
//!
//! | feature | instrument, mm (believed range) | share of reach: the model's own error (range) |
//! |---|---|---|
//! | reach | 0.5 (0.2–1) | 0.03 (0.01–0.06) |
//! | ramp | 0.2 (0.1–0.5) | 0.02 (0.01–0.04) |
//! | first creep | 0.1 (0.05–0.3) | 0.005 (0.002–0.01) |
//! | session creep | 0.3 (0.1–0.6) | 0.01 (0.005–0.02) |
//! | hysteresis | 0.5 (0.2–1) | 0.015 (0.005–0.03) |
//! | residual | 0.5 (0.2–1) | 0.01 (0.005–0.02) |
//! | recovery | 0.15 (0.05–0.3) | 0.005 (0.002–0.01) |
//!
//! The second column is there because the chain is a model: two creep terms
//! stand for a tissue with many, the harness's law is ours. Without it a few
//! sessions would make the belief surer than the model deserves.

use super::LearnError;

/// Numbers a session is reduced to.
pub const FEATURES: usize = 7;

/// One number of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub enum Feature {
    /// Travel from first contact to the first hold, 5 s into it.
    Reach,
    /// Travel from half to full force in the first ramp: the apparent compliance.
    Ramp,
    /// Travel within the first hold.
    FirstCreep,
    /// Travel from the first hold to the end of the last.
    SessionCreep,
    /// Travel at half force, letting go for the last time less pulling for the first.
    Hysteresis,
    /// Travel left right after release.
    Residual,
    /// Travel given back while resting after release.
    Recovery,
}

impl Feature {
    /// All, in the order of [`Features`].
    pub const ALL: [Self; FEATURES] = [
        Self::Reach,
        Self::Ramp,
        Self::FirstCreep,
        Self::SessionCreep,
        Self::Hysteresis,
        Self::Residual,
        Self::Recovery,
    ];

    /// The name in JSON and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reach => "reach",
            Self::Ramp => "ramp",
            Self::FirstCreep => "first_creep",
            Self::SessionCreep => "session_creep",
            Self::Hysteresis => "hysteresis",
            Self::Residual => "residual",
            Self::Recovery => "recovery",
        }
    }
}

/// What a session shows, m, in the order of [`Feature::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Features(pub [f64; FEATURES]);

impl Features {
    /// One of them, m.
    #[must_use]
    pub const fn get(&self, feature: Feature) -> f64 {
        self.0[feature as usize]
    }
}

/// How far a feature may lie off: instrument and the model's own error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// Standard deviation of the instrument, m.
    pub instrument: [f64; FEATURES],
    /// Standard deviation of the model's error as a share of the reach.
    pub discrepancy: [f64; FEATURES],
}

impl Noise {
    /// A table's encoder and load cells, and this model (the table in this file's head).
    pub const TABLE: Self = Self {
        instrument: [0.5e-3, 0.2e-3, 0.1e-3, 0.3e-3, 0.5e-3, 0.5e-3, 0.15e-3],
        discrepancy: [0.03, 0.02, 0.005, 0.01, 0.015, 0.01, 0.005],
    };

    /// Standard deviations for a session of this reach, m.
    #[must_use]
    pub fn deviations(&self, reach: f64) -> [f64; FEATURES] {
        core::array::from_fn(|index| {
            let model = self.discrepancy[index] * reach;
            libm::sqrt(self.instrument[index] * self.instrument[index] + model * model)
        })
    }
}

/// Features as measured, each with its standard deviation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    pub(super) values: [f64; FEATURES],
    /// Infinite where nothing was measured.
    pub(super) deviations: [f64; FEATURES],
}

impl Measured {
    /// What the table saw; the reach sets the scale of the model's own error.
    #[must_use]
    pub fn new(features: &Features, noise: &Noise) -> Self {
        Self {
            values: features.0,
            deviations: noise.deviations(features.get(Feature::Reach)),
        }
    }

    /// The same without a feature: a session that ended early has no last hold.
    #[must_use]
    pub fn without(mut self, feature: Feature) -> Self {
        self.values[feature as usize] = 0.0;
        self.deviations[feature as usize] = f64::INFINITY;
        self
    }

    /// How many features were measured.
    #[must_use]
    pub fn count(&self) -> usize {
        self.deviations.iter().filter(|one| one.is_finite()).count()
    }

    pub(super) fn check<E>(&self) -> Result<(), LearnError<E>> {
        for feature in Feature::ALL {
            let (value, deviation) = (
                self.values[feature as usize],
                self.deviations[feature as usize],
            );
            if !value.is_finite() {
                return Err(LearnError::Measured { feature, value });
            }
            if deviation.is_nan() || deviation <= 0.0 {
                let value = deviation;
                return Err(LearnError::Measured { feature, value });
            }
        }
        Ok(())
    }

    /// (y − f)/σ, 0 where nothing was measured.
    pub(super) fn residual(&self, of: &Features) -> [f64; FEATURES] {
        core::array::from_fn(|index| (self.values[index] - of.0[index]) / self.deviations[index])
    }
}
