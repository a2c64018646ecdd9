//! How one slice of the person rests on the couch: it bears, it sticks, it slides.
//!
//! **Phenomenon.** A slice of weight W on a couch of slope β presses with
//! N₀ = s W cos β (s: the part of it that touches). Lifted by n it presses less and
//! lets go; moved along the couch, skin and flesh shear until the slice slides.
//!
//! ```text
//! bearing   a = N₀ − k n,  N(n) = ½ (a + √(a² + 4 w²)),  ΔN = N(n) − N(0)
//! stick     t = k_s (u − s),  held = max(−μN, min(μN, t)),  s⁺ = u − held / k_s
//! force     −(held + ε k_s u) along and across,  ΔN upwards,  W sin β downhill
//! limit     μ N,  N = max(0, N₀ − lift)
//! ```
//!
//! n: [`Rest::bear`]'s `raised`, m; u: `moved`, m; s: where it slid to, m; lift:
//! the pull's part away from the couch, N; k = N₀ / sink, k_s = μ N₀ / stick
//! travel, N/m. The return to the limit is exact and so are the tangents; w and
//! ε keep them from vanishing (both ours: w = 2 % of N₀, ε = 2·10⁻⁴, under 1 %
//! of the limit for 30 mm). Held grows with the shift and is the slope of a convex
//! potential. At the corner the stiffer slope is told: Newton that starts where the
//! last step ended does not leap across the stick range when the pull turns round.
//!
//! Sources: μ A085, A088, A091; the loss A086, A087; the rest `tables::couch`, ours.
//!
//! Departures: along and across slide each by itself (the limit is a square, not
//! a circle, 41 % high on the diagonal); the limit follows the pull's lift, not
//! the bearing of the moment, so that tangents stay symmetric. What sticks at the
//! end of a pull stays held until the person moves: so does a real body.
//!
//! Valid for shifts up to some 50 mm and slopes up to 20°. Shown by the tests
//! below and by `tests/world`.

use crate::real::Real;
use crate::tables::couch;

/// Width of the passage from bearing to hanging, share of N₀.
const PASSAGE: f64 = 0.02;
/// Hardening of a sliding slice, share of its stick stiffness.
const HARDENING: f64 = 2e-4;
/// At the corner itself, where a sliding slice stands when the next step begins,
/// it sticks: the share over the limit that rounding may leave.
const CORNER: f64 = 1.0 + 1e-9;
/// No slice bears less than this, N: its springs must not vanish.
const LEAST_BEARING: f64 = 0.5;

/// One slice on the couch.
#[derive(Clone, Copy, Debug)]
pub struct Rest<T> {
    /// N₀, N.
    bearing: T,
    /// k, N/m.
    sink: T,
    /// 4 w², N².
    passage: T,
    /// N(0), N.
    preload: T,
    /// μ.
    friction: T,
    /// k_s, N/m.
    stick: T,
}

/// What one direction of sliding answers.
#[derive(Clone, Copy, Debug)]
pub struct Held<T> {
    /// Force against the shift, N (the slice feels its negative).
    pub force: T,
    /// Its slope over the shift, N/m; never zero.
    pub stiffness: T,
    /// Where the slice has slid to, m.
    pub slip: T,
}

impl<T: Real> Rest<T> {
    /// A slice that bears `bearing` N at rest with friction coefficient `friction`.
    pub fn new(bearing: T, friction: T) -> Self {
        let bearing = bearing.max(bearing.of(LEAST_BEARING));
        let width = bearing * PASSAGE;
        let passage = width * width * 4.0;
        Self {
            bearing,
            sink: bearing * (1.0 / couch::SINK.value),
            passage,
            preload: (bearing + (bearing * bearing + passage).sqrt()) * 0.5,
            friction,
            stick: friction * bearing * (1.0 / couch::STICK_TRAVEL.value),
        }
    }

    /// Stiffness with which it bears at rest, N/m.
    #[must_use]
    pub fn sinking(&self) -> T {
        self.sink
    }

    /// Change of the couch's push on a slice `raised` off it (m), N, and the
    /// stiffness −dN/dn, N/m.
    #[inline(always)]
    pub fn bear(&self, raised: T) -> (T, T) {
        let pressed = self.bearing - self.sink * raised;
        let root = (pressed * pressed + self.passage).sqrt();
        let push = (pressed + root) * 0.5;
        (push - self.preload, self.sink * push / root)
    }

    /// The friction that a slice can hold while the pull lifts it by `lift` N, N.
    #[inline(always)]
    pub fn limit(&self, lift: T) -> T {
        self.friction * (self.bearing - lift).max(lift.of(0.0))
    }

    /// The answer to a shift `moved` (m) of a slice that had slid to `slip` (m).
    #[inline(always)]
    pub fn slide(&self, moved: T, slip: T, limit: T) -> Held<T> {
        let (zero, hardening) = (moved.of(0.0), self.stick * HARDENING);
        let trial = self.stick * (moved - slip);
        let held = trial.min(limit).max(-limit);
        let sticks = trial.abs().less(limit * CORNER);
        Held {
            force: held + hardening * moved,
            stiffness: T::select(sticks, self.stick, zero) + hardening,
            slip: T::select(sticks, slip, moved - held / self.stick),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pelvis() -> Rest<f64> {
        Rest::new(350.0, 0.5)
    }

    #[test]
    fn below_the_threshold_a_slice_shifts_by_its_stick_stiffness_and_comes_back() {
        let rest = pelvis();
        let held = rest.slide(0.5e-3, 0.0, rest.limit(0.0));
        let stick = 175.0 / couch::STICK_TRAVEL.value;
        assert!((held.force - 0.5e-3 * stick * (1.0 + HARDENING)).abs() < 1e-9);
        assert!(held.slip.abs() <= 0.0);
        assert!(rest.slide(0.0, held.slip, 175.0).force.abs() <= 0.0);
    }

    #[test]
    fn a_sliding_slice_holds_friction_times_normal_force() {
        let rest = pelvis();
        for (lift, limit) in [(0.0, 175.0), (100.0, 125.0), (-50.0, 200.0), (400.0, 0.0)] {
            assert!((rest.limit(lift) - limit).abs() < 1e-9);
            let held = rest.slide(0.02, 0.0, limit).force;
            assert!((held - limit).abs() <= 0.01 * 175.0, "{held} {limit}");
        }
    }

    #[test]
    fn the_tangents_are_the_slopes_of_the_forces() {
        let (rest, h) = (pelvis(), 1e-8);
        for moved in [-0.02, -0.7e-3, 0.0, 0.4e-3, 0.9e-3, 1.3e-3, 0.01] {
            for slip in [0.0, 0.25e-3, -2e-3] {
                let at = |moved| rest.slide(moved, slip, 175.0);
                let slope = (at(moved + h).force - at(moved - h).force) / (2.0 * h);
                assert!((at(moved).stiffness - slope).abs() < 1e-5 * rest.stick);
            }
        }
        for raised in [-0.02, 0.0, 0.01, 0.0148, 0.015, 0.0153, 0.05] {
            let slope = (rest.bear(raised - h).0 - rest.bear(raised + h).0) / (2.0 * h);
            assert!((rest.bear(raised).1 - slope).abs() < 1e-5 * rest.sink);
            assert!(rest.bear(raised).1 > 0.0);
        }
    }

    #[test]
    fn a_lifted_slice_hangs_with_its_whole_weight_and_no_more() {
        let rest = pelvis();
        assert!(rest.bear(0.0).0.abs() <= 0.0);
        assert!((rest.bear(0.2).0 + 350.0).abs() < 1.0);
        assert!(rest.bear(0.005).0 > -350.0 / 2.0);
    }

    #[test]
    fn a_cycle_of_sliding_gives_no_energy_back() {
        let rest = pelvis();
        for size in [0.4e-3, 2e-3, 15e-3] {
            let (mut slip, mut last, mut work) = (0.0, (0.0, 0.0), 0.0);
            for step in 1..=4000 {
                let phase = core::f64::consts::TAU * f64::from(step) / 2000.0;
                // A limit that comes and goes with the pull's lift does not change the sign.
                let limit = 175.0 - 80.0 * libm::sin(3.0 * phase);
                let moved = size * libm::sin(phase);
                let held = rest.slide(moved, slip, limit);
                work += 0.5 * (held.force + last.1) * (moved - last.0);
                (slip, last) = (held.slip, (moved, held.force));
            }
            assert!(work > -1e-9, "{size}: {work}");
        }
    }

    #[test]
    fn what_slid_is_held_when_the_pull_lets_go() {
        let rest = pelvis();
        let out = rest.slide(5e-3, 0.0, 175.0);
        let back = rest.slide(4.9e-3, out.slip, 175.0);
        assert!(back.force < out.force && back.force > 100.0);
        let home = rest.slide(0.0, out.slip, 175.0);
        assert!(
            (home.force + 175.0).abs() < 1e-9,
            "it now holds the other way"
        );
    }
}
