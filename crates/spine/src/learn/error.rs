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

/// Why a recording tells nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RecordingError {
    /// Columns of different lengths.
    Lengths {
        /// `force` or `travel`.
        place: &'static str,
        /// Values given.
        given: usize,
        /// Values expected: as many as instants.
        expected: usize,
    },
    /// A value that is not finite or that no table reaches.
    Value {
        /// `at`, `force` or `travel`.
        place: &'static str,
        /// Which sample.
        index: usize,
        /// The value given, SI.
        value: f64,
        /// The largest size taken, SI.
        largest: f64,
    },
    /// A sample not after the one before, or too long after it.
    Time {
        /// Which sample.
        index: usize,
        /// Seconds after the one before.
        step: f64,
    },
    /// Nothing pulled.
    NoHold {
        /// Highest force, N.
        highest: f64,
        /// What a hold needs, N.
        least: f64,
    },
    /// No first hold of 10 s.
    Short {
        /// How long it lasted, s.
        lasts: f64,
    },
}

impl RecordingError {
    /// Where in the samples.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::Lengths { place, .. } => (*place).to_owned(),
            Self::Value { place, index, .. } => format!("{place}[{index}]"),
            Self::Time { index, .. } => format!("at[{index}]"),
            Self::NoHold { .. } | Self::Short { .. } => "force".to_owned(),
        }
    }

    /// The value there.
    #[must_use]
    pub fn value(&self) -> String {
        match self {
            Self::Lengths { given, .. } => format!("{given} values"),
            Self::Value { value, .. } => format!("{value}"),
            Self::Time { step, .. } => format!("{step} s after the sample before"),
            Self::NoHold { highest, .. } => format!("at most {highest:.1} N"),
            Self::Short { lasts } => format!("{lasts:.1} s"),
        }
    }

    /// What is wrong with it.
    #[must_use]
    pub fn problem(&self) -> String {
        match self {
            Self::Lengths { expected, .. } => format!("there are {expected} instants"),
            Self::Value { largest, .. } => {
                format!("is not a finite number between -{largest} and {largest}")
            }
            Self::Time { .. } => "is not 0 to 30 s after the one before".to_owned(),
            Self::NoHold { least, .. } => format!("a hold pulls with {least} N at least"),
            Self::Short { .. } => "the first hold must last 10 s".to_owned(),
        }
    }

    /// What helps.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Lengths { .. } => "give time, force and travel of the same samples",
            Self::Value { .. } => "leave out samples of a broken sensor",
            Self::Time { .. } => "give the samples in the order of time, without long gaps",
            Self::NoHold { .. } | Self::Short { .. } => {
                "learn from a session whose first hold was reached and kept"
            }
        }
    }
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (place, value) = (self.place(), self.value());
        write!(f, "{place}: {value}, {}; {}", self.problem(), self.remedy())
    }
}

impl core::error::Error for RecordingError {}
