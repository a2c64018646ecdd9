//! Fluid that a disc gives off and takes up: what creeps under a steady load.
//!
//! ```text
//! z = Σ z_i          the disc's height gained (+) or lost (−) with its fluid, m
//! ż_i = (C_i(n) − z_i) / τ_i        τ_i, or ρ τ_i while z_i goes back
//! ```
//!
//! n is the disc's axial force less that at rest, C_i(n) the share of the
//! swelling equilibrium in compartment i. *Where C comes from.* A disc holds water
//! until its swelling pressure π balances the load on it. At rest π_r = k T/A + p_s
//! (tone T, residual p_s). With height lost the fixed charge is denser and π rises,
//! π ≈ π_r − H z/h; with the balance π = π_r − k n/A this gives z = n h k/(A H): the
//! straight part of C. Close to rest the annulus is slack, its share of H is missing
//! and equilibrium moves further for a newton: the toe of C. Tension cannot
//! lower π below what the fibres let go, so in tension the hours-long term is a toe only.
//!
//! Three compartments, named by where most of their time goes:
//!
//! | i | time τ_i, 30 min scale to hours | stands for | amount from |
//! |---|---|---|---|
//! | 0 | `Unknown::FastTime` ≈ 60 s | fibres straightening, fluid within the disc | A017–A022, A027 |
//! | 1 | `Unknown::SlowTime` ≈ 900 s | nucleus–endplate exchange | A017–A022, A027, C039 fast |
//! | 2 | ten times SlowTime ≈ 2.5 h | exchange of the annulus | C036–C040, diurnal 0.9 mm (B092) |
//!
//! ρ = `Unknown::Recovery` (C038). Which time applies is decided once a step from its
//! start: z_i goes back when z_i (C_i(n) − z_i) < 0 there. At the change the rate is
//! zero either way, so the decision costs no order.
//!
//! Integration is exact for n that takes C_i straight from its value at the start of
//! the step to that at its end (first-order hold):
//!
//! ```text
//! z¹ = z⁰ E + C(n⁰) φ_a + C(n¹) φ_b,   h = Δt/τ, E = e^(−h),
//! φ_b = 1 − (1 − E)/h,   φ_a = (1 − E)/h − E
//! ```
//!
//! L-stable and of second order; Δt = ∞ gives equilibrium (E = φ_a = 0, φ_b = 1).
//! Valid for Δt ≥ 0. Departures: O'Connell's two terms (C039) are our compartments 1
//! and 2; their fits hold for hours, Kurutz's minutes need compartment 0 as well. In
//! compression compartment 0 is set by continuity at rest, not by a measurement.
//! Shown by the tests below, `tests/tissue.rs` (order, recovery) and `tests/tissue_rows.rs`
//! (O’Connell, a day upright).

use crate::real::Real;
use crate::unknown::{Draw, Unknown};

/// Number of compartments.
pub const TERMS: usize = 3;

/// How much slower the annulus exchanges than nucleus and endplate: 2.5 h against
/// 15 min; with 4 h of 1000 N over 80 % is reached (C040). Ours, 6–20.
pub const ANNULUS_TIME: f64 = 10.0;

/// What a step of one length does to one compartment.
#[derive(Clone, Copy, Debug)]
pub struct Share<T> {
    /// E, what is left of z.
    pub keep: T,
    /// φ_a, weight of the target at the start.
    pub first: T,
    /// φ_b, weight of the target at the end.
    pub last: T,
}

impl<T: Real> Share<T> {
    /// Over `dt` seconds with time constant `time`.
    pub fn over(dt: f64, time: T) -> Self {
        let part = |which: fn(Weights) -> f64| time.map(|time| which(Weights::at(dt / time)));
        Self {
            keep: part(|weights| weights.keep),
            first: part(|weights| weights.first),
            last: part(|weights| weights.last),
        }
    }

    #[inline(always)]
    fn select(mask: T::Mask, yes: Self, no: Self) -> Self {
        Self {
            keep: T::select(mask, yes.keep, no.keep),
            first: T::select(mask, yes.first, no.first),
            last: T::select(mask, yes.last, no.last),
        }
    }
}

/// E, φ_a and φ_b at one h = Δt/τ.
#[derive(Clone, Copy)]
struct Weights {
    keep: f64,
    first: f64,
    last: f64,
}

impl Weights {
    /// A short series where the closed form would cancel.
    fn at(h: f64) -> Self {
        let lost = -libm::expm1(-h);
        let keep = 1.0 - lost;
        let (first, last) = if h < 1e-4 {
            (h * (0.5 - h / 3.0), h * (0.5 - h / 6.0))
        } else {
            (lost / h - keep, 1.0 - lost / h)
        };
        Self { keep, first, last }
    }
}

/// Time constants, s.
#[derive(Clone, Copy, Debug)]
pub struct Times<T> {
    /// While z grows.
    pub growing: [T; TERMS],
    /// While z goes back.
    pub returning: [T; TERMS],
}

impl<T: Real> Times<T> {
    /// Of one person.
    pub fn build(draw: &Draw<T>) -> Self {
        let slow = draw[Unknown::SlowTime];
        let growing = [draw[Unknown::FastTime], slow, slow * ANNULUS_TIME];
        Self {
            growing,
            returning: growing.map(|time| time * draw[Unknown::Recovery]),
        }
    }

    /// Gains of a step of `dt` seconds.
    pub fn prepare(&self, dt: f64) -> Pace<T> {
        Pace {
            growing: self.growing.map(|time| Share::over(dt, time)),
            returning: self.returning.map(|time| Share::over(dt, time)),
        }
    }
}

/// What a step of one length does to every compartment.
#[derive(Clone, Copy, Debug)]
pub struct Pace<T> {
    /// While z grows.
    pub growing: [Share<T>; TERMS],
    /// While z goes back.
    pub returning: [Share<T>; TERMS],
}

/// Where the fluid stands.
#[derive(Clone, Copy, Debug)]
pub struct Fluid<T> {
    /// z_i, m.
    pub height: [T; TERMS],
    /// C_i(n) at the same instant, m.
    pub target: [T; TERMS],
}

impl<T: Real> Fluid<T> {
    /// At rest.
    pub fn rest(like: T) -> Self {
        Self {
            height: [like.of(0.0); TERMS],
            target: [like.of(0.0); TERMS],
        }
    }

    /// Height of all compartments, m.
    #[inline(always)]
    pub fn total(&self) -> T {
        self.height[0] + self.height[1] + self.height[2]
    }

    /// Height of the two quick compartments, m.
    #[inline(always)]
    pub fn quick(&self) -> T {
        self.height[0] + self.height[1]
    }

    /// The same at the end of the step, foreseen as if the targets stayed: what goes on in
    /// the step changes it by the square of its length, and it does not depend on `d`.
    #[inline(always)]
    pub fn crept(&self, known: &[T; TERMS], weight: &[T; TERMS]) -> T {
        known[0] + weight[0] * self.target[0] + known[1] + weight[1] * self.target[1]
    }

    /// What each compartment will be at the end of the step without the target at its
    /// end, and the weight φ_b of that target.
    #[inline(always)]
    pub fn ahead(&self, pace: &Pace<T>) -> ([T; TERMS], [T; TERMS]) {
        let mut known = self.height;
        let mut weight = self.height;
        for i in 0..TERMS {
            let (z, target) = (self.height[i], self.target[i]);
            let back = (z * (target - z)).less(z.of(0.0));
            let share = Share::select(back, pace.returning[i], pace.growing[i]);
            known[i] = z * share.keep + target * share.first;
            weight[i] = share.last;
        }
        (known, weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times() -> Times<f64> {
        Times {
            growing: [60.0, 900.0, 9000.0],
            returning: [210.0, 3150.0, 31500.0],
        }
    }

    #[test]
    fn the_weights_keep_a_steady_state_and_follow_a_ramp_exactly() {
        for h in [1e-6, 9.9e-5, 1.01e-4, 0.3, 4.0, 80.0] {
            let Weights { keep, first, last } = Weights::at(h);
            assert!((keep - libm::exp(-h)).abs() < 1e-15);
            assert!((keep + first + last - 1.0).abs() < 1e-12, "{h}");
            // ż = (t − z)/1 from z = 0: z(h) = h − 1 + e^(−h).
            let exact = h + libm::expm1(-h);
            assert!((last * h - exact).abs() < 1e-12 * (1.0 + h), "{h}");
        }
    }

    #[test]
    fn an_endless_step_is_equilibrium() {
        let pace = times().prepare(f64::INFINITY);
        for share in pace.growing {
            assert_eq!((share.keep, share.first, share.last), (0.0, 0.0, 1.0));
        }
    }

    #[test]
    fn a_step_of_no_length_changes_nothing() {
        let fluid = Fluid {
            height: [1e-4, -2e-4, 3e-4],
            target: [2e-4; TERMS],
        };
        let (known, weight) = fluid.ahead(&times().prepare(0.0));
        assert_eq!(known, fluid.height);
        assert_eq!(weight, [0.0; TERMS]);
    }

    #[test]
    fn going_back_is_slower_by_the_factor_of_recovery() {
        let pace = times().prepare(1.0);
        for (growing, returning) in pace.growing.iter().zip(pace.returning) {
            let ratio = libm::log(growing.keep) / libm::log(returning.keep);
            assert!((ratio - 3.5).abs() < 1e-9);
        }
    }
}
