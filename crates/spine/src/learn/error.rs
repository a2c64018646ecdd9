//! What learning refuses, with place, value and remedy.

use super::Feature;
use crate::unknown::BeliefError;
use core::fmt;

/// Why nothing could be learned.
#[derive(Clone, Debug, PartialEq)]
pub enum LearnError<E> {
    /// A measured feature or its noise that is no number.
    Measured {
        /// Which feature.
        feature: Feature,
        /// The value or the standard deviation given.
        value: f64,
    },
    /// A session outside what the features are stated for.
    Session {
        /// Which number of it.
        place: &'static str,
        /// The value given.
        value: f64,
        /// Lowest and highest value taken.
        range: (f64, f64),
    },
    /// The forward model gave a feature that is not finite.
    NotFinite {
        /// Which feature.
        feature: Feature,
    },
    /// The forward model failed.
    Forward(E),
    /// The result is no belief.
    Belief(BeliefError),
}

impl<E: fmt::Display> fmt::Display for LearnError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Measured { feature, value } => write!(
                f,
                "measured.{}: {value} m is no measurement; leave the feature out",
                feature.as_str()
            ),
            Self::Session {
                place,
                value,
                range: (low, high),
            } => write!(
                f,
                "session.{place}: {value} is outside {low} to {high}; give a value inside the range"
            ),
            Self::NotFinite { feature } => write!(
                f,
                "forward.{}: not a finite number; the session leaves the model's range",
                feature.as_str()
            ),
            Self::Forward(source) => write!(f, "forward: {source}"),
            Self::Belief(source) => source.fmt(f),
        }
    }
}

impl<E> From<BeliefError> for LearnError<E> {
    fn from(source: BeliefError) -> Self {
        Self::Belief(source)
    }
}

impl<E: core::error::Error + 'static> core::error::Error for LearnError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Forward(source) => Some(source),
            Self::Belief(source) => Some(source),
            _ => None,
        }
    }
}
