//! One number of the model: its value, how far it may lie off, and who says so.
//!
//! `low ..= high` is read as the range in which the number is believed to lie
//! for a person drawn at random; half of the belief is below `value` and half
//! above, spread evenly on each side. A prediction propagates that belief and
//! nothing else.

/// How well a number is known, in the words of the reference table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The figure was seen at its source.
    Seen,
    /// Arithmetic on figures that were seen.
    Derived,
    /// From memory, unverified: used only with a wide range.
    Recalled,
    /// Chosen here for want of a source, with a wide range.
    Ours,
}

impl Status {
    /// The mark printed beside a number.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Derived => "derived",
            Self::Recalled => "recalled",
            Self::Ours => "ours",
        }
    }
}

/// A number with its range and source; documentation and model read the same one.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Name, unique within the tables.
    pub name: &'static str,
    /// The value used when one number is asked for: half of the belief lies below it.
    pub value: f64,
    /// Lower end of the range.
    pub low: f64,
    /// Upper end of the range.
    pub high: f64,
    /// SI unit, `1` for a ratio.
    pub unit: &'static str,
    /// Rows of `validation/rows.csv` it stands on.
    pub rows: &'static [&'static str],
    /// How well it is known.
    pub status: Status,
    /// Why this value and this range.
    pub why: &'static str,
}

impl Parameter {
    /// The same parameter, its range and its sources checked when it is built as a constant.
    #[must_use]
    pub const fn checked(self) -> Self {
        assert!(
            self.low <= self.value && self.value <= self.high,
            "low <= value <= high"
        );
        assert!(self.low >= 0.0, "the tables hold sizes, not signs");
        assert!(
            !self.rows.is_empty() || matches!(self.status, Status::Ours),
            "a number without a row is ours"
        );
        self
    }

    /// The value at `belief` (0 = low end, ½ = the value, 1 = high end).
    #[must_use]
    pub fn at(&self, belief: f64) -> f64 {
        if belief < 0.5 {
            self.low + (self.value - self.low) * (2.0 * belief)
        } else {
            self.value + (self.high - self.value) * (2.0 * belief - 1.0)
        }
    }
}
