//! One axis: a range, its unit, and ticks at round numbers.

use crate::svg::{decimals, human};

/// A range of values and how it is labelled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis<'a> {
    /// Value at the left or bottom.
    pub low: f64,
    /// Value at the right or top.
    pub high: f64,
    /// Unit, written once at the end of the axis.
    pub unit: &'a str,
    /// How many of the data's units make one of the axis' (60 for seconds shown as minutes).
    pub per_unit: f64,
}

impl<'a> Axis<'a> {
    /// An axis in the data's own unit.
    #[must_use]
    pub const fn new(low: f64, high: f64, unit: &'a str) -> Self {
        Self {
            low,
            high,
            unit,
            per_unit: 1.0,
        }
    }

    /// Data in seconds from 0, shown in minutes.
    #[must_use]
    pub const fn minutes(seconds: f64, unit: &'a str) -> Self {
        Self {
            low: 0.0,
            high: seconds,
            unit,
            per_unit: 60.0,
        }
    }

    /// Where `value` lies between low (0) and high (1).
    pub(crate) fn share(&self, value: f64) -> f64 {
        let (low, high) = self.range();
        (value - low) / (high - low)
    }

    /// Ticks at round numbers, about `wanted` of them, as values of the data.
    pub(crate) fn ticks(&self, wanted: usize) -> Vec<Tick> {
        let per_unit = if self.per_unit > 0.0 {
            self.per_unit
        } else {
            1.0
        };
        let (low, high) = self.range();
        let (low, high) = (low / per_unit, high / per_unit);
        let step = round_step((high - low) / wanted.max(1) as f64);
        let places = places(step);
        let first = libm::ceil(low / step - 1e-9);
        (0..=4 * wanted)
            .map(|index| (first + index as f64) * step)
            .take_while(|value| *value <= high + 1e-9 * step)
            .map(|value| Tick {
                value: value * per_unit,
                label: human(value, places),
            })
            .collect()
    }

    /// The range, repaired if it is empty, reversed or not finite.
    fn range(&self) -> (f64, f64) {
        let (low, high) = (self.low, self.high);
        if low.is_finite() && high.is_finite() && high - low > 1e-12 {
            return (low, high);
        }
        let low = if low.is_finite() { low } else { 0.0 };
        (low, low + 1.0)
    }
}

/// One mark of an axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub(crate) value: f64,
    pub(crate) label: String,
}

/// The next of 1, 2, 5 × 10ⁿ at or above `rough`.
fn round_step(rough: f64) -> f64 {
    let mut decade = 1e-9;
    while decade < 1e9 {
        for step in [1.0, 2.0, 5.0] {
            if step * decade >= rough * (1.0 - 1e-9) {
                return step * decade;
            }
        }
        decade *= 10.0;
    }
    decade
}

/// Decimals that a label at this step needs.
fn places(step: f64) -> usize {
    let text = decimals(step, 6);
    text.split_once('.').map_or(0, |(_, places)| places.len())
}
