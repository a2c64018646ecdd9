//! Time in the loop: a count of ticks, because a session's timers never ask a clock.

use crate::codec::Codec;
use si::Seconds;

/// Length of one step of the loop (DESIGN: a 10 ms tick).
pub const TICK: Seconds = Seconds::of(0.01);
/// Milliseconds in one tick.
pub const TICK_MS: u32 = 10;
/// Ticks in one second.
pub const PER_SECOND: u32 = 100;

const _: () = assert!(TICK_MS * PER_SECOND == 1000);

/// A time span or instant of the session, in ticks of [`TICK`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticks(u32);

impl Ticks {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// This many ticks.
    #[must_use]
    pub const fn new(count: u32) -> Self {
        Self(count)
    }

    /// Whole seconds, at most the largest span that can be counted.
    #[must_use]
    pub const fn from_secs(seconds: u32) -> Self {
        Self(seconds.saturating_mul(PER_SECOND))
    }

    /// Milliseconds, rounded down to whole ticks.
    #[must_use]
    pub const fn from_ms(ms: u32) -> Self {
        Self(ms / TICK_MS)
    }

    /// A span rounded up to whole ticks; nothing if it is negative, not finite
    /// or longer than about 497 days.
    #[must_use]
    pub fn from_seconds(span: Seconds) -> Option<Self> {
        let count = libm::ceil(span.get() * f64::from(PER_SECOND) - 1e-9);
        let fits = span.get() >= 0.0 && count <= f64::from(u32::MAX);
        fits.then_some(Self(count as u32))
    }

    /// The number of ticks.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.0
    }

    /// The span in seconds.
    #[must_use]
    pub fn seconds(self) -> Seconds {
        Seconds::raw(f64::from(self.0) / f64::from(PER_SECOND))
    }

    /// The next instant; the count stops at its largest value.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Later by `span`, stopping at the largest count.
    #[must_use]
    pub const fn plus(self, span: Self) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// The span since `earlier`, nothing if that is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }
}

impl Codec for Ticks {
    const SIZE: usize = 4;
    fn put(&self, out: &mut crate::codec::Writer<'_>) {
        out.u32(self.0);
    }
    fn take(from: &mut crate::codec::Reader<'_>) -> Option<Self> {
        from.u32().map(Self)
    }
}
