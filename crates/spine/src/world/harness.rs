//! Straps and flesh between carriage and bone: toe, creep, slip, slack.
//!
//! **Phenomenon.** A carriage first takes up slack, then beds belts into flesh
//! (toe), then pulls; under a steady pull flesh yields on (creep); a belt pulled
//! beyond its grip slips, stays where it slipped to and grips more.
//!
//! ```text
//! h(F)    = α a F / (F + κ F₀) + F / k                       stretch, m
//! ż       = (c h − z) / τ                                    creep, m
//! z⁺      = e z + A c h₀ + B c h,  e = exp(−Δt/τ),           exact for a stretch
//!           B = 1 − φ, A = φ − e, φ = (1 − e) τ / Δt         that goes straight
//! s⁺      = s + max(0, F − G − H s) / H                      slip, m
//! reach   = travel − slack − displacement along the pull = h + z⁺ + s⁺
//! ```
//!
//! a, F₀, k, c, τ: `toe`, `toe_force`, `give` = 1/k, `creep`, `creep_time`, drawn
//! (`Unknown::HarnessToe`, `HarnessToeForce`, `Harness`, `HarnessCreep`,
//! `HarnessCreepTime`; `tables::harness`); G, H: `grip`, 1/`yielding`
//! (`tables::couch`, ours). α = 1.10 and κ = 0.72 bring the rational toe within
//! 0.065 a of the exponential a (1 − e^(−F/F₀)) of `lumped` for F ≤ 20 F₀: under
//! 1 mm. The rational toe has a closed inverse (a quadratic in F), also with
//! creep and slip inside, so the tension for a given reach needs no iteration.
//!
//! Departure: the belt's grip hardens by its whole slip and does not depend on
//! the angle. Valid for F ≥ 0; a slack harness gives exactly zero. Shown by the
//! tests below.

use crate::real::Real;
use crate::tables::couch;
use crate::unknown::{Draw, Unknown};
use si::Region;

/// α: the rational toe's length over the exponential's.
const TOE_LENGTH: f64 = 1.10;
/// κ: the rational toe's force over the exponential's.
const TOE_FORCE: f64 = 0.72;

/// The harness with what is under it.
#[derive(Clone, Copy, Debug)]
pub struct Harness<T> {
    /// Travel before it touches, m.
    slack: T,
    /// α a, m.
    toe: T,
    /// κ F₀, N.
    toe_force: T,
    /// 1/k, m/N.
    give: T,
    /// c.
    creep: T,
    /// τ, s.
    creep_time: T,
    /// G, N.
    grip: T,
    /// 1/H, m/N.
    yielding: T,
}

/// What a harness remembers, m.
#[derive(Clone, Copy, Debug)]
pub struct HarnessState<T> {
    /// Stretch h at the end of the last step.
    pub stretch: T,
    /// Creep z.
    pub crept: T,
    /// Slip s; never goes back by itself.
    pub slipped: T,
}

/// Creep over one step length.
#[derive(Clone, Copy, Debug)]
pub struct HarnessGains<T> {
    /// e.
    keep: T,
    /// A c.
    before: T,
    /// B c.
    now: T,
}

/// What the harness pulls with.
#[derive(Clone, Copy, Debug)]
pub struct Tension<T> {
    /// F, N; never negative.
    pub force: T,
    /// dF/d(reach) ≥ 0, N/m: what a displacement along the pull takes away.
    pub stiffness: T,
}

impl<T: Real> Harness<T> {
    /// A pelvic belt or a halter with `slack` (m) before it touches.
    pub fn new(region: Region, slack: f64, draw: &Draw<T>) -> Self {
        let one = draw[Unknown::Harness];
        let grip = match region {
            Region::Lumbar => couch::BELT_GRIP.value,
            Region::Cervical => couch::HALTER_GRIP.value,
        };
        Self {
            slack: one.of(slack),
            toe: draw[Unknown::HarnessToe] * TOE_LENGTH,
            toe_force: draw[Unknown::HarnessToeForce] * TOE_FORCE,
            give: one.of(1.0) / one,
            creep: draw[Unknown::HarnessCreep],
            creep_time: draw[Unknown::HarnessCreepTime],
            grip: one.of(grip),
            yielding: one.of(1.0 / couch::GRIP_HARDENING.value),
        }
    }

    /// A harness just put on.
    pub fn fresh(&self) -> HarnessState<T> {
        let zero = self.slack.of(0.0);
        HarnessState {
            stretch: zero,
            crept: zero,
            slipped: zero,
        }
    }

    /// The creep of steps of `dt` s (set-up).
    pub fn gains(&self, dt: f64) -> HarnessGains<T> {
        let rate = self.slack.of(dt) / self.creep_time;
        let keep = rate.map(|x| libm::exp(-x));
        let mean = rate.map(|x| -libm::expm1(-x) / x);
        HarnessGains {
            keep,
            before: (mean - keep) * self.creep,
            now: (-mean + 1.0) * self.creep,
        }
    }

    /// h(F), m, and dh/dF, m/N.
    #[inline(always)]
    pub fn stretch(&self, force: T) -> (T, T) {
        let inverse = force.of(1.0) / (force + self.toe_force);
        let toe = self.toe * inverse;
        (
            toe * force + force * self.give,
            toe * self.toe_force * inverse + self.give,
        )
    }

    /// The tension that holds the carriage at `travel` while the point of
    /// application stands `along` the pull (m) at the end of the step.
    #[inline(always)]
    pub fn tension(
        &self,
        state: &HarnessState<T>,
        gains: &HarnessGains<T>,
        travel: T,
        along: T,
    ) -> Tension<T> {
        let reach = travel - self.slack - along - self.kept(state, gains) - state.slipped;
        let grown = gains.now + 1.0;
        let (toe, give) = (self.toe * grown, self.give * grown);
        let tight = self.invert(toe, give, reach);
        let holds = self.holds(state);
        let slipping = self.invert(toe, give + self.yielding, reach + holds * self.yielding);
        let slips = holds.less(tight.force);
        Tension {
            force: T::select(slips, slipping.force, tight.force),
            stiffness: T::select(slips, slipping.stiffness, tight.stiffness),
        }
    }

    /// Where the carriage stands that pulls with `force` (N), m: the inverse of
    /// [`Self::tension`] for a harness that is not slack.
    #[inline(always)]
    pub fn travel(
        &self,
        state: &HarnessState<T>,
        gains: &HarnessGains<T>,
        force: T,
        along: T,
    ) -> T {
        let stretch = self.stretch(force).0 * (gains.now + 1.0);
        let slipped = state.slipped + self.slips(state, force);
        self.slack + along + self.kept(state, gains) + stretch + slipped
    }

    /// Ends a step in which the harness came to pull with `force` N.
    #[inline(always)]
    pub fn commit(&self, state: &mut HarnessState<T>, gains: &HarnessGains<T>, force: T) {
        let stretch = self.stretch(force).0;
        state.crept = self.kept(state, gains) + gains.now * stretch;
        state.slipped += self.slips(state, force);
        state.stretch = stretch;
    }

    /// Creep at the end of the step but for this step's stretch, m.
    #[inline(always)]
    fn kept(&self, state: &HarnessState<T>, gains: &HarnessGains<T>) -> T {
        gains.keep * state.crept + gains.before * state.stretch
    }

    /// The tension at which the belt slips on, N.
    #[inline(always)]
    fn holds(&self, state: &HarnessState<T>) -> T {
        self.grip + state.slipped / self.yielding
    }

    /// What the belt slips by under `force`, m.
    #[inline(always)]
    fn slips(&self, state: &HarnessState<T>, force: T) -> T {
        (force - self.holds(state)).max(force.of(0.0)) * self.yielding
    }

    /// F of `toe` F/(F + κF₀) + `give` F = `length`, zero where the length is not positive.
    #[inline(always)]
    fn invert(&self, toe: T, give: T, length: T) -> Tension<T> {
        let zero = length.of(0.0);
        let taut = length.max(zero);
        let straight = toe + give * self.toe_force - taut;
        let root = (straight * straight + taut * self.toe_force * give * 4.0).sqrt();
        // Of the two forms of the root, the one that subtracts nothing.
        let sum = straight.abs() + root;
        let early = taut * self.toe_force * 2.0 / sum;
        let late = sum / (give * 2.0);
        let force = T::select(straight.less(zero), late, early);
        let inverse = length.of(1.0) / (force + self.toe_force);
        let slope = toe * self.toe_force * inverse * inverse + give;
        Tension {
            force,
            stiffness: T::select(zero.less(length), length.of(1.0) / slope, zero),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::harness as table;
    use crate::unknown::COUNT;

    const SLACK: f64 = 0.010;

    fn belt() -> Harness<f64> {
        let mut draw = Draw([1.0; COUNT]);
        draw.0[Unknown::Harness as usize] = table::LUMBAR_STIFFNESS.value;
        draw.0[Unknown::HarnessToe as usize] = table::LUMBAR_TOE.value;
        draw.0[Unknown::HarnessToeForce as usize] = table::TOE_FORCE.value;
        draw.0[Unknown::HarnessCreep as usize] = table::CREEP.value;
        draw.0[Unknown::HarnessCreepTime as usize] = table::CREEP_TIME.value;
        Harness::new(Region::Lumbar, SLACK, &draw)
    }

    /// A harness that has pulled 700 N for a minute: crept and slipped.
    fn used(belt: &Harness<f64>) -> HarnessState<f64> {
        let mut state = belt.fresh();
        for _ in 0..60 {
            belt.commit(&mut state, &belt.gains(1.0), 700.0);
        }
        state
    }

    #[test]
    fn tension_and_travel_are_inverse_with_creep_and_slip_inside() {
        let belt = belt();
        for state in [belt.fresh(), used(&belt)] {
            for dt in [1e-3, 1.0, 60.0] {
                let gains = belt.gains(dt);
                for force in [1e-6, 0.3, 20.0, 150.0, 599.0, 650.0, 950.0] {
                    let travel = belt.travel(&state, &gains, force, 2e-3);
                    let found = belt.tension(&state, &gains, travel, 2e-3).force;
                    assert!(
                        (found - force).abs() < 1e-8 * (1.0 + force),
                        "{found} {force}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_tangent_is_the_slope_of_the_tension_over_the_reach() {
        let (belt, h) = (belt(), 1e-8);
        for state in [belt.fresh(), used(&belt)] {
            let gains = belt.gains(1.0);
            for force in [0.5, 20.0, 300.0, 650.0, 900.0] {
                let travel = belt.travel(&state, &gains, force, 0.0);
                let at = |along| belt.tension(&state, &gains, travel, along);
                let slope = (at(-h).force - at(h).force) / (2.0 * h);
                let told = at(0.0).stiffness;
                assert!(
                    (told - slope).abs() < 1e-4 * told,
                    "{force}: {told} {slope}"
                );
            }
        }
    }

    #[test]
    fn the_rational_toe_keeps_to_the_exponential_one_within_a_millimetre() {
        let (belt, a, f0) = (belt(), table::LUMBAR_TOE.value, table::TOE_FORCE.value);
        for force in 0..=400 {
            let force = f64::from(force);
            let lumped = a * (1.0 - libm::exp(-force / f0)) + force / table::LUMBAR_STIFFNESS.value;
            assert!((belt.stretch(force).0 - lumped).abs() < 0.066 * a);
        }
    }

    #[test]
    fn a_slack_harness_pulls_with_nothing() {
        let belt = belt();
        let (state, gains) = (belt.fresh(), belt.gains(0.01));
        for travel in [-0.05, 0.0, 0.0099, SLACK] {
            let slack = belt.tension(&state, &gains, travel, 0.0);
            assert!(slack.force.abs() <= 0.0 && slack.stiffness.abs() <= 0.0);
        }
        assert!(belt.tension(&state, &gains, SLACK, 1e-3).force <= 0.0);
        assert!(belt.tension(&state, &gains, SLACK, -1e-3).force > 0.0);
    }

    #[test]
    fn a_belt_keeps_what_it_slipped_and_slips_no_more_under_the_same_pull() {
        let belt = belt();
        let (mut state, gains) = (belt.fresh(), belt.gains(1.0));
        belt.commit(&mut state, &gains, 590.0);
        assert!(state.slipped.abs() <= 0.0);
        belt.commit(&mut state, &gains, 680.0);
        let slipped = (680.0 - couch::BELT_GRIP.value) / couch::GRIP_HARDENING.value;
        assert!((state.slipped - slipped).abs() < 1e-12);
        for force in [680.0, 0.0, 300.0, 680.0] {
            belt.commit(&mut state, &gains, force);
            assert!((state.slipped - slipped).abs() < 1e-12);
        }
        let late = belt.travel(&state, &gains, 1.0, 0.0);
        assert!(late > belt.travel(&belt.fresh(), &gains, 1.0, 0.0) + slipped);
    }

    #[test]
    fn creep_follows_its_exponential_at_any_step() {
        let belt = belt();
        let steady = table::CREEP.value * belt.stretch(200.0).0;
        for (dt, steps) in [(0.5, 240), (60.0, 2)] {
            let mut state = belt.fresh();
            state.stretch = belt.stretch(200.0).0;
            for _ in 0..steps {
                belt.commit(&mut state, &belt.gains(dt), 200.0);
            }
            let expected = steady * (1.0 - libm::exp(-120.0 / table::CREEP_TIME.value));
            assert!((state.crept - expected).abs() < 1e-12, "{dt}");
        }
    }

    #[test]
    fn creep_of_a_stretch_that_goes_straight_is_exact_in_one_step() {
        let belt = belt();
        let full = belt.stretch(300.0).0;
        let (mut once, mut often) = (belt.fresh(), belt.fresh());
        belt.commit(&mut once, &belt.gains(60.0), 300.0);
        let gains = belt.gains(0.6);
        for step in 1..=100 {
            let force = belt.invert(belt.toe, belt.give, full * f64::from(step) / 100.0);
            belt.commit(&mut often, &gains, force.force);
        }
        assert!((once.crept - often.crept).abs() < 1e-12);
    }

    #[test]
    fn a_cycle_of_the_carriage_gives_no_energy_back() {
        let belt = belt();
        for (period, far) in [(2.0, 0.03), (120.0, 0.04), (60.0, 0.1)] {
            let (mut state, mut work, mut last) = (belt.fresh(), 0.0, (0.0, 0.0));
            let gains = belt.gains(period / 1000.0);
            for step in 1..=3000 {
                let phase = core::f64::consts::TAU * f64::from(step) / 1000.0;
                let travel = far * 0.5 * (1.0 - libm::cos(phase));
                let force = belt.tension(&state, &gains, travel, 0.0).force;
                belt.commit(&mut state, &gains, force);
                work += 0.5 * (force + last.1) * (travel - last.0);
                last = (travel, force);
            }
            assert!(work > 0.0, "{period} {far}: {work}");
        }
    }
}
