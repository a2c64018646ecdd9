//! The guard's own stiffness of patient, harness and cord: the slope of force over
//! travel by least squares in a window that forgets.
//!
//! Weighted means and sums with w' = λ·w + 1, λ = 0.96 (memory 0.25 s), a = λ·w/w':
//! Cxx' = λ·Cxx + a·Δx², and so on for Cxf and Cff, Δ the distance from the mean.
//! k = Cxf/Cxx [N/m], taken only where the window has moved by 0.03 mm and 1.5 N
//! (standard deviations) and force follows travel with r² ≥ 0.9: a patient's own
//! muscle, creep and noise do not; and only while the carriage still moves (0.15 mm/s,
//! smoothed over 30 ms), so that muscle after a movement does not count, and goes where
//! it was sent, so that an encoder that lies does not. A reading that comes again to the
//! bit is none: the way until the next one adds up. A fifth of the difference is taken
//! in a tick. What was learnt speaks for forces to 1.6 times those of its window and 12 N;
//! above, the region's first guess is the least.
//! Held between the region's softest and stiffest. Ours; written apart from the
//! controller's estimator, which takes secants. Test:
//! `the_guard_alone_lets_go_when_the_controller_pulls`.

use crate::numbers::Numbers;
use si::NewtonsPerMetre;

const FORGET: f64 = 0.96;
const LEAST_WEIGHT: f64 = 8.0;
const LEAST_TRAVEL: f64 = 0.03e-3;
const LEAST_FORCE: f64 = 1.5;
const LEAST_R2: f64 = 0.9;
/// The carriage moves from this on, m a tick.
const MOVES: f64 = 1.5e-6;
const PACE_NEW: f64 = 0.3;
const SHARE_OF_NEW: f64 = 0.2;
/// Cells that read lower than one part in this are taken to have taught it before.
const MOST_LIE: f64 = 2.5;

/// The encoder may differ in a tick from where the carriage was sent by this, m, and this
/// share of the way: lag and noise (ours).
const OFF_BY: f64 = 0.04e-3;
const OFF_SHARE: f64 = 0.35;

/// What was learnt speaks for this share of the force that taught it, and so much more, N.
const REACH: (f64, f64) = (1.6, 12.0);

/// A running estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slope {
    estimate: f64,
    /// Highest force for which it speaks, N.
    reach: f64,
    /// Where the encoder stood in the last tick, m.
    stood: Option<f64>,
    /// The way sent since it stood elsewhere, m.
    owed: f64,
    window: Window,
}

/// The weighted moments of force over travel.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Window {
    weight: f64,
    x: f64,
    f: f64,
    xx: f64,
    xf: f64,
    ff: f64,
    last: Option<f64>,
    pace: f64,
}

impl Window {
    const EMPTY: Self = Self {
        weight: 0.0,
        x: 0.0,
        f: 0.0,
        xx: 0.0,
        xf: 0.0,
        ff: 0.0,
        last: None,
        pace: 0.0,
    };

    fn with(self, x: f64, f: f64) -> Self {
        let old = FORGET * self.weight;
        let weight = old + 1.0;
        let share = old / weight;
        let (dx, df) = (x - self.x, f - self.f);
        let step = self.last.map_or(0.0, |last| x - last);
        Self {
            weight,
            x: self.x + dx / weight,
            f: self.f + df / weight,
            xx: FORGET * self.xx + share * dx * dx,
            xf: FORGET * self.xf + share * dx * df,
            ff: FORGET * self.ff + share * df * df,
            last: Some(x),
            pace: self.pace + PACE_NEW * (step - self.pace),
        }
    }

    /// The slope, where the window tells one.
    fn slope(&self) -> Option<f64> {
        let moves = self.pace.abs() >= MOVES;
        let moved = self.xx >= LEAST_TRAVEL * LEAST_TRAVEL * self.weight;
        let pulled = self.ff >= LEAST_FORCE * LEAST_FORCE * self.weight;
        let follows = self.xf > 0.0 && self.xf * self.xf >= LEAST_R2 * self.xx * self.ff;
        (self.weight >= LEAST_WEIGHT && moves && moved && pulled && follows)
            .then(|| self.xf / self.xx)
    }
}

impl Slope {
    pub(super) const fn new(numbers: &Numbers) -> Self {
        Self {
            estimate: numbers.guess.get(),
            reach: f64::INFINITY,
            stood: None,
            owed: 0.0,
            window: Window::EMPTY,
        }
    }

    /// N/m.
    pub(super) const fn get(&self) -> f64 {
        self.estimate
    }

    /// N/m, to let a patient go by who is held with `force`, N, where something tells it.
    pub(super) fn at(&self, numbers: &Numbers, force: Option<f64>) -> f64 {
        let far = force.is_some_and(|force| force > self.reach);
        let least = if far { numbers.guess.get() } else { 0.0 };
        self.estimate.max(least)
    }

    /// Takes one tick's readings; an empty hand, a slack cord, or an encoder that does not
    /// go where the carriage was sent, `sent` metres in this tick, empties the window.
    pub(super) fn seen(
        self,
        numbers: &Numbers,
        (force, travel): (Option<f64>, Option<f64>),
        sent: f64,
    ) -> Self {
        let sent = self.owed + sent;
        let pair = travel.zip(self.stood);
        if force.is_some() && pair.is_some_and(|(now, then)| now.to_bits() == then.to_bits()) {
            return Self { owed: sent, ..self };
        }
        let went = pair.map_or(sent, |(now, then)| now - then);
        let honest = (went - sent).abs() <= OFF_BY + OFF_SHARE * sent.abs();
        let this = Self {
            stood: travel,
            owed: 0.0,
            ..self
        };
        let taut = force.filter(|f| *f >= numbers.contact.get());
        match (taut, travel.filter(|_| honest)) {
            (Some(force), Some(travel)) => this.told(numbers, force, travel),
            _ => this.afresh(),
        }
    }

    fn told(self, numbers: &Numbers, force: f64, travel: f64) -> Self {
        let window = self.window.with(travel, force);
        let within = |k: f64| {
            NewtonsPerMetre::raw(k)
                .clamp(numbers.softest, numbers.stiffest)
                .get()
        };
        let Some(k) = window.slope() else {
            return Self { window, ..self };
        };
        Self {
            estimate: self.estimate + SHARE_OF_NEW * (within(k) - self.estimate),
            reach: REACH.0 * force + REACH.1,
            window,
            ..self
        }
    }

    const fn afresh(self) -> Self {
        Self {
            window: Window::EMPTY,
            ..self
        }
    }

    /// Another witness speaks from now on, who reads `share` times the force: what
    /// was learnt from the old one is that much too soft.
    pub(super) fn by_another(self, share: f64) -> Self {
        let share = share.clamp(1.0, MOST_LIE);
        Self {
            estimate: self.estimate * share,
            reach: self.reach * share,
            window: Window::EMPTY,
            ..self
        }
    }
}
