//! Guarding: muscle tightens when it is pulled, lets go within minutes, and
//! obeys the will.
//!
//! One activation α (share of maximal voluntary) for the person, one habituation h:
//!
//! ```text
//! s = T/(T + T½)     v = |Ṫ|/(|Ṫ| + Ṫ½)     u = T/(T + T_h)
//! r = f (1 + g_p P) (g_s s (1 − h) + g_v v (1 − c h))
//! α̇ = (min(r + e, 1) − α)/τ
//! ḣ = (u − h)/τ_h    fading while u > h, τ_r returning
//! G = α F_max
//! ```
//!
//! | symbol | identifier | unit |
//! |---|---|---|
//! | T, Ṫ | `stretch`, `rate`: tension that arrives, its rate | N, N/s |
//! | P | `pain`, 0–10 | points |
//! | e | `effort`: how much of maximal the person pulls against it, 0–1 | 1 |
//! | f | [`Unknown::Guarding`]: acts on the reflex, not on the will | 1 |
//! | G | compression that muscle adds across a joint | N |
//!
//! Both equations are integrated exactly for a stimulus that is constant over
//! the step, so any step from 1 ms to 10 s is stable and α, h stay in [0, 1]. Muscle
//! contracts within τ: it answers the tension at the step's end. Habituation takes minutes:
//! it sees the mean.
//! Sources: A092–A101, [`crate::tables::guarding`]; the angle of the pull has no
//! effect (A098) and no place here. Effort above the pull compresses the disc
//! (A011). Range: lying, relaxed subjects and patients; inversion differs (A102).
//! Departures: one activation for all muscle; pain strengthens the reflex but
//! does not keep it from fading.
//! Shown by `guarding::*`.

use super::ligament::{LUMBAR, THORAX};
use crate::real::Real;
use crate::tables::guarding::{
    CERVICAL_FORCE, CONTRACTION_TIME, FADE_HALF, FADE_TIME, LUMBAR_FORCE, PAIN_GAIN, RATE_FADE,
    RATE_GAIN, RATE_HALF, RETURN_TIME, STRETCH_GAIN, STRETCH_HALF, THORACIC_FORCE,
};
use crate::unknown::{Draw, Unknown};

/// The reflex of one person.
#[derive(Clone, Copy, Debug)]
pub struct Guarding<T> {
    stretch_gain: T,
    rate_gain: T,
}

/// Where the reflex is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GuardState<T> {
    /// Activation α, share of maximal voluntary, 0–1.
    pub activation: T,
    /// Habituation h, 0 (fresh) to 1 (used to it).
    pub habituation: T,
}

impl<T: Real> GuardState<T> {
    /// Relaxed and fresh; `like` gives the kind of number.
    #[must_use]
    pub fn rest(like: T) -> Self {
        Self {
            activation: like.of(0.0),
            habituation: like.of(0.0),
        }
    }
}

/// What acts on the reflex during a step.
#[derive(Clone, Copy, Debug)]
pub struct Stimulus<T> {
    /// Rate of the tension that arrives, N/s, of either sign.
    pub rate: T,
    /// Tension that arrives at the start and at the end of the step, N.
    pub stretch: [T; 2],
    /// Pain, 0–10.
    pub pain: f64,
    /// Voluntary effort against the pull, 0–1.
    pub effort: f64,
}

/// The exponentials of one length of step.
#[derive(Clone, Copy, Debug)]
pub struct GuardStep {
    activation: f64,
    fade: f64,
    comeback: f64,
}

impl GuardStep {
    /// For steps of `dt` seconds.
    #[must_use]
    pub fn prepare(dt: f64) -> Self {
        let left = |time: f64| libm::exp(-dt.max(0.0) / time);
        Self {
            activation: left(CONTRACTION_TIME.value),
            fade: left(FADE_TIME.value),
            comeback: left(RETURN_TIME.value),
        }
    }
}

impl<T: Real> Guarding<T> {
    /// The reflex of the person drawn.
    pub fn build(draw: &Draw<T>) -> Self {
        let factor = draw[Unknown::Guarding];
        Self {
            stretch_gain: factor * STRETCH_GAIN.value,
            rate_gain: factor * RATE_GAIN.value,
        }
    }

    /// Lets the time of `step` pass under `stimulus`.
    #[inline(always)]
    pub fn advance(&self, step: &GuardStep, stimulus: &Stimulus<T>, state: &mut GuardState<T>) {
        let zero = self.rate_gain.of(0.0);
        let [start, end] = stimulus.stretch;
        let stretch = ((start + end) * 0.5).max(zero);
        let used = stretch / (stretch + FADE_HALF.value);
        let before = state.habituation;
        let fading = before.less(used);
        let left = T::select(fading, zero.of(step.fade), zero.of(step.comeback));
        let after = used + (before - used) * left;
        state.habituation = after;

        let target = self.target(stimulus, after);
        state.activation = target + (state.activation - target) * step.activation;
    }

    /// Activation towards which the muscle goes.
    #[inline(always)]
    fn target(&self, stimulus: &Stimulus<T>, habituation: T) -> T {
        let one = habituation.of(1.0);
        let stretch = stimulus.stretch[1].max(one.of(0.0));
        let rate = stimulus.rate.abs();
        let steady = self.stretch_gain * (stretch / (stretch + STRETCH_HALF.value));
        let moving = self.rate_gain * (rate / (rate + RATE_HALF.value));
        let reflex = steady * (one - habituation) + moving * (one - habituation * RATE_FADE.value);
        let pain = 1.0 + PAIN_GAIN.value * stimulus.pain.clamp(0.0, 10.0);
        (reflex * pain + stimulus.effort.clamp(0.0, 1.0)).min(one)
    }

    /// Force with which muscle draws the bones of joint number `joint` together, N.
    #[inline(always)]
    pub fn force(&self, state: &GuardState<T>, joint: usize) -> T {
        let most = if joint < THORAX {
            CERVICAL_FORCE.value
        } else if joint < LUMBAR {
            THORACIC_FORCE.value
        } else {
            LUMBAR_FORCE.value
        };
        state.activation * most
    }
}
