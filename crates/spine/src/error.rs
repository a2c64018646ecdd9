//! What the column refuses, with place, value and remedy.

use core::fmt;
use si::Segment;

/// An input that no spine has, or a number that is none.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum ColumnError {
    /// A value outside the range the model is stated for.
    OutOfRange {
        /// Where: `patient.mass`, `support.incline`, `pull.tension`, …
        place: &'static str,
        /// The value in the unit named by `unit`.
        value: f64,
        /// Lowest value taken.
        low: f64,
        /// Highest value taken.
        high: f64,
        /// Unit of value and range.
        unit: &'static str,
    },
    /// A number in the state stopped being finite.
    NotFinite {
        /// The level, or nothing if it was the pull, the carriage or the harness.
        segment: Option<Segment>,
        /// The step since the state was at rest.
        step: u64,
    },
    /// No equilibrium was found within the iterations that a step may take.
    NotSettled {
        /// The step since the state was at rest.
        step: u64,
    },
}

impl ColumnError {
    /// The value unless it is outside `low ..= high`; not finite is outside.
    pub(crate) fn check(
        place: &'static str,
        value: f64,
        range: (f64, f64),
        unit: &'static str,
    ) -> Result<f64, Self> {
        let (low, high) = range;
        if (low..=high).contains(&value) {
            return Ok(value);
        }
        Err(Self::OutOfRange {
            place,
            value,
            low,
            high,
            unit,
        })
    }

    /// Where the fault is.
    #[must_use]
    pub const fn place(&self) -> &'static str {
        match self {
            Self::OutOfRange { place, .. } => place,
            Self::NotFinite { segment: None, .. } | Self::NotSettled { .. } => "state",
            Self::NotFinite {
                segment: Some(segment),
                ..
            } => segment.as_str(),
        }
    }

    /// What the caller can do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::OutOfRange { .. } => "give a value inside the range",
            Self::NotFinite { .. } => {
                "check that pull, carriage and step length are finite numbers"
            }
            Self::NotSettled { .. } => "let the pull change more slowly, or take shorter steps",
        }
    }
}

impl fmt::Display for ColumnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place();
        match self {
            Self::OutOfRange {
                value,
                low,
                high,
                unit,
                ..
            } => write!(
                f,
                "{place}: {value} {unit} is outside {low} to {high} {unit}; {}",
                self.remedy()
            ),
            Self::NotSettled { step } => write!(
                f,
                "{place}: no equilibrium was found at step {step}; {}",
                self.remedy()
            ),
            Self::NotFinite { step, .. } => write!(
                f,
                "{place}: a number is not finite at step {step}; {}",
                self.remedy()
            ),
        }
    }
}

impl core::error::Error for ColumnError {}
