//! What is wrong with an input, said so that the sender can mend it.

use alloc::string::String;
use core::fmt;

/// A fault in what somebody sent: where, what was there, what is wrong, what to do.
///
/// The value goes back to the sender alone; logs print [`Problem::log`], which
/// leaves it out because it may be patient data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable identifier, `kebab-case`, for programs and tests.
    pub code: &'static str,
    /// Where in the input, as a path (`facts.weight.unit`, `entry[3].resource`).
    pub place: String,
    /// The offending value as it was sent, shortened by whoever builds it.
    pub value: String,
    /// What is wrong with it.
    pub problem: String,
    /// What the sender can do about it.
    pub remedy: String,
}

impl Problem {
    /// A problem with all its parts.
    #[must_use]
    pub fn new(
        code: &'static str,
        place: impl Into<String>,
        value: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            code,
            place: place.into(),
            value: value.into(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// The same problem seen from further out: `outer` is put before the place.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        let joint = match (self.place.is_empty(), self.place.starts_with('[')) {
            (true, _) | (_, true) => "",
            _ => ".",
        };
        self.place = alloc::format!("{outer}{joint}{}", self.place);
        self
    }

    /// The line a log may keep: code and place, never the value.
    #[must_use]
    pub fn log(&self) -> String {
        alloc::format!("{} at {}", self.code, self.place)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        if !self.value.is_empty() {
            write!(f, "{} ", self.value)?;
        }
        write!(f, "{}; {}", self.problem, self.remedy)
    }
}

impl core::error::Error for Problem {}
