//! Creep and recovery: two first-order terms that follow a target.
//!
//! ```text
//! ż = (u − z) / τ        τ = τ_i while z grows, ρ τ_i while it shrinks
//! z(t + Δt) = z + (u − z)(1 − e^(−Δt/τ))      exact for u constant in the step
//! ```
//!
//! u = s_i C(T), where the shares s_fast and s_slow are scaled so that a steady
//! pull has crept by exactly C(T) after 20 min, the time of the published
//! reading. Within a step u is the mean of its ends: second order in Δt. The
//! map grows with u and with z, so more pull never gives less creep.
//!
//! Sources: A027 (amount), C038 (ρ), the rest ours (`tables::creep`).
//! Shown by `tests/numerics.rs` (closed form, step-length independence).

use crate::tables::lumbar::KURUTZ_FINAL_TIME;

/// Time constants and shares of the two terms.
#[derive(Clone, Copy, Debug)]
pub(super) struct Creep {
    pub(super) fast_time: f64,
    pub(super) slow_time: f64,
    /// s_fast and s_slow.
    pub(super) fast_scale: f64,
    pub(super) slow_scale: f64,
    /// ρ.
    pub(super) recovery: f64,
}

impl Creep {
    /// Shares scaled to the 20-minute reading.
    pub(super) fn new(fast_time: f64, slow_time: f64, fast_share: f64, recovery: f64) -> Self {
        let reached = |time: f64| -libm::expm1(-KURUTZ_FINAL_TIME / time);
        Self {
            fast_time,
            slow_time,
            fast_scale: fast_share / reached(fast_time),
            slow_scale: (1.0 - fast_share) / reached(slow_time),
            recovery,
        }
    }
}

/// How far one term goes towards its target in one step: growing, going back.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Gain {
    growing: f64,
    returning: f64,
}

impl Gain {
    /// The gain over `dt` of a term with time constant `time`, `slowdown` times slower going back.
    pub(super) fn over(dt: f64, time: f64, slowdown: f64) -> Self {
        Self {
            growing: -libm::expm1(-dt / time),
            returning: -libm::expm1(-dt / (time * slowdown)),
        }
    }

    /// The term after the step, and how much of a change of `target` it takes up.
    pub(super) fn follow(&self, now: f64, target: f64) -> (f64, f64) {
        let gain = if target > now {
            self.growing
        } else {
            self.returning
        };
        (now + (target - now) * gain, gain)
    }
}
