//! What the anatomy refuses, with place, value and remedy.

use crate::lumped::ColumnError;
use core::fmt;
use si::Segment;

/// A body, a posture or a measurement that nobody has.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AnatomyError {
    /// Age, stature or mass outside the range of the regressions.
    Person(ColumnError),
    /// A value outside the range people have.
    OutOfRange {
        /// Where: `measured.disc_height`, `posture.neck_flexion`, …
        place: &'static str,
        /// The level it was given for, if it belongs to one.
        level: Option<&'static str>,
        /// The value in the unit named by `unit`.
        value: f64,
        /// Lowest value taken.
        low: f64,
        /// Highest value taken.
        high: f64,
        /// Unit of value and range.
        unit: &'static str,
    },
    /// A level that no spine of this model has.
    UnknownLevel {
        /// The text that was given.
        given: String,
    },
    /// An apex of a coronal curve too near an end of the spine to be one.
    Apex {
        /// The apex that was given.
        given: Segment,
    },
    /// Measured slices that leave no mass, or too much, for the others.
    Masses {
        /// Sum of the measured slices, kg.
        slices: f64,
        /// Mass of the person, kg.
        person: f64,
    },
}

impl AnatomyError {
    /// Refuses a value outside `low ..= high`; not finite is outside.
    pub(super) fn check(
        place: &'static str,
        level: Option<&'static str>,
        value: f64,
        range: (f64, f64),
        unit: &'static str,
    ) -> Result<(), Self> {
        let (low, high) = range;
        if (low..=high).contains(&value) {
            return Ok(());
        }
        Err(Self::OutOfRange {
            place,
            level,
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
            Self::Person(error) => error.place(),
            Self::OutOfRange { place, .. } => place,
            Self::UnknownLevel { .. } => "measured.level",
            Self::Apex { .. } => "measured.coronal.apex",
            Self::Masses { .. } => "measured.masses",
        }
    }

    /// What the caller can do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Person(error) => error.remedy(),
            Self::OutOfRange { .. } => "give a value inside the range, or none",
            Self::UnknownLevel { .. } => "name a segment from C0-C1 to L5-S1",
            Self::Apex { .. } => "name a segment from C4-C5 to L3-L4",
            Self::Masses { .. } => "give slices that leave at least a tenth of the person",
        }
    }
}

impl fmt::Display for AnatomyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (place, remedy) = (self.place(), self.remedy());
        match self {
            Self::Person(error) => error.fmt(f),
            Self::OutOfRange {
                level,
                value,
                low,
                high,
                unit,
                ..
            } => {
                f.write_str(place)?;
                if let Some(level) = level {
                    write!(f, "[{level}]")?;
                }
                write!(
                    f,
                    ": {value} {unit} is outside {low} to {high} {unit}; {remedy}"
                )
            }
            Self::UnknownLevel { given } => write!(f, "{place}: no level {given:?}; {remedy}"),
            Self::Apex { given } => write!(f, "{place}: {given} is no apex; {remedy}"),
            Self::Masses { slices, person } => write!(
                f,
                "{place}: slices of {slices} kg in a person of {person} kg; {remedy}"
            ),
        }
    }
}

impl core::error::Error for AnatomyError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Person(error) => Some(error),
            _ => None,
        }
    }
}

impl From<ColumnError> for AnatomyError {
    fn from(error: ColumnError) -> Self {
        Self::Person(error)
    }
}
