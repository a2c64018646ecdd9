//! A value with its doubt.

use crate::Quantity;

/// A central value with the interval it is believed to lie in: `low <= mid <= high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval<Q> {
    low: Q,
    mid: Q,
    high: Q,
}

impl<Q: Quantity> Interval<Q> {
    /// The interval, or nothing unless `low <= mid <= high`.
    #[must_use]
    pub fn new(low: Q, mid: Q, high: Q) -> Option<Self> {
        (low <= mid && mid <= high).then_some(Self { low, mid, high })
    }

    /// The lower end.
    #[must_use]
    pub fn low(&self) -> Q {
        self.low
    }

    /// The central value.
    #[must_use]
    pub fn mid(&self) -> Q {
        self.mid
    }

    /// The upper end.
    #[must_use]
    pub fn high(&self) -> Q {
        self.high
    }

    /// Whether `value` lies inside, ends included.
    #[must_use]
    pub fn contains(&self, value: Q) -> bool {
        self.low <= value && value <= self.high
    }

    /// The interval widened until each side is at least `half` from the middle.
    #[must_use]
    pub fn at_least(&self, half: Q) -> Self {
        let widen =
            |end: f64, floor: f64, up: bool| if up { end.max(floor) } else { end.min(floor) };
        let (mid, half) = (self.mid.get(), half.get().abs());
        let low = Q::new(widen(self.low.get(), mid - half, false)).unwrap_or(self.low);
        let high = Q::new(widen(self.high.get(), mid + half, true)).unwrap_or(self.high);
        Self {
            low,
            mid: self.mid,
            high,
        }
    }
}
