//! Why a profile was refused: the number, what it was, and what it may be.
//!
//! The names of the parts are those of the JSON contract. Ours; shown by
//! `a_profile_outside_its_ranges_is_refused_with_the_part_and_the_bound`.

use super::Mode;
use crate::codec::closed;
use core::fmt;

closed! {
    /// A number of a profile, for errors.
    pub enum Part {
        /// The force of a pull.
        Force = 1 "force_n",
        /// The force between pulls.
        Base = 2 "base_n",
        /// The rate upwards.
        Ramp = 3 "ramp_n_per_s",
        /// The rate downwards.
        Release = 4 "release_n_per_s",
        /// The length of a pull.
        Hold = 5 "hold_s",
        /// The length of a rest.
        Rest = 6 "rest_s",
        /// The number of pulls.
        Cycles = 7 "cycles",
        /// The length of the whole.
        Total = 8 "total_s",
        /// The weakest pull of a progressive or regressive profile.
        Least = 9 "least_n",
        /// The slow half of a logarithmic rise.
        Rise = 10 "rise_s",
        /// The depth of an oscillation.
        Swing = 11 "swing_n",
        /// The period of an oscillation.
        Period = 12 "period_s",
    }
}

/// Why a profile was refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ProfileError {
    /// A number is not a finite one.
    NotFinite(Part),
    /// A number is below the least that is allowed.
    Below {
        /// Which number.
        part: Part,
        /// What it was.
        value: f64,
        /// The least it may be.
        least: f64,
    },
    /// A number is above the most that is allowed.
    Above {
        /// Which number.
        part: Part,
        /// What it was.
        value: f64,
        /// The most it may be.
        most: f64,
    },
    /// A number that the mode does not use is not nought.
    Unused {
        /// Which number.
        part: Part,
        /// What it was.
        value: f64,
        /// The mode.
        mode: Mode,
    },
    /// The weakest pull is not between base and force.
    LeastNotBetween {
        /// The weakest pull, N.
        least: f64,
        /// The base force, N.
        base: f64,
        /// The force, N.
        force: f64,
    },
    /// An oscillating hold is not made of whole periods.
    BrokenPeriod {
        /// The hold, s.
        hold: f64,
        /// The period, s.
        period: f64,
        /// A hold near it that is, s.
        whole: f64,
    },
    /// The base force is not below the force.
    BaseNotBelowForce {
        /// The base force, N.
        base: f64,
        /// The force, N.
        force: f64,
    },
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFinite(part) => write!(f, "{part}: not a finite number"),
            Self::Below { part, value, least } => {
                write!(f, "{part}: {value} is below the least allowed, {least}")
            }
            Self::Above { part, value, most } => {
                write!(f, "{part}: {value} is above the most allowed, {most}")
            }
            Self::Unused { part, value, mode } => {
                write!(f, "{part}: {value} means nothing in {mode} mode; use 0")
            }
            Self::LeastNotBetween { least, base, force } => write!(
                f,
                "least_n: {least} is not between base_n {base} and force_n {force}"
            ),
            Self::BrokenPeriod {
                hold,
                period,
                whole,
            } => write!(
                f,
                "hold_s: {hold} is not a whole number of periods of {period} s; use {whole}"
            ),
            Self::BaseNotBelowForce { base, force } => {
                write!(f, "base_n: {base} is not below force_n {force}")
            }
        }
    }
}

impl core::error::Error for ProfileError {}
