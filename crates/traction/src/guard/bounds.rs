//! What bounds the carriage in a tick: the lowest of them goes, and is named.
//!
//! Velocities in m/s, positive pulls. None lets more through than the demand. Force that is
//! let out goes by the guard's own stiffness, k in N/m, at 95 % of the region's fastest
//! release at most. Test: `each_bound_of_the_guard_is_named_while_it_holds`.

use super::{Blind, Config, Demand, Found, State, Watch};
use crate::cause::{Action, Cause};
use crate::limiter::{Bound, Limit, lowest};
use crate::numbers::{TRACKING_N, TRACKING_SHARE};
use crate::supervisor::Stage;
use si::Newtons;

/// Share of an unasked rise that is let out in a second.
const YIELD_PER_S: f64 = 10.0;
/// Share of the region's fastest release at which the guard yields: what remains is
/// for the doubt in the stiffness (ours).
const SHARE_OF_FASTEST: f64 = 0.95;

/// The lowest of everything that bounds the carriage in this tick.
pub(super) fn limited(
    config: &Config,
    state: &State,
    watch: &Watch,
    found: &Found,
    demand: Demand,
) -> Bound {
    let force = state.senses.force();
    let k = state.slope.get();
    let (learnt, down) = state.stiffness(&config.numbers);
    let above = |limit: Newtons| force > limit + band(limit);
    let base = config.base.max(config.numbers.contact);
    let excess = (force - watch.target).get();
    let made = excess >= config.numbers.patient_made.get();
    let unasked = if state.blind.to(Cause::MotorAbove) {
        0.0
    } else {
        YIELD_PER_S * state.body.motor_excess()
    };
    if let Some(release) = state.release {
        // Cells that stand look like a patient who pulls: what is let out goes by the guess.
        let full = yielding(config, down.max(config.numbers.guess.get()), f64::INFINITY);
        let witness = state.witness(&config.numbers);
        let unseen = state.unseen(&config.numbers);
        let planned = release.velocity(&config.numbers, (witness, unseen), (learnt, down));
        return seen(
            state.blind,
            &[
                Bound::of(Limit::Release, planned.get()),
                Bound::when(state.believed && made, Limit::Yield, full),
                Bound::of(Limit::None, demand.velocity.get()),
            ],
        );
    }
    // Cells that read less than the motor feels have taught a patient too soft by as much.
    let down = down * state.body.hidden_share();
    let full = yielding(config, down, f64::INFINITY);
    let (paused, ending) = (
        watch.state.stage == Stage::Paused,
        watch.state.stage == Stage::Ending,
    );
    seen(
        state.blind,
        &[
            Bound::when(made, Limit::Yield, full),
            Bound::when(
                found.guarding,
                Limit::Yield,
                yielding(config, down, YIELD_PER_S * excess),
            ),
            Bound::when(unasked > 0.0, Limit::Yield, yielding(config, down, unasked)),
            Bound::when(found.action() >= Action::NoIncrease, Limit::Held, 0.0),
            state.cap.and_then(|cap| capped(config, force, cap, down)),
            Bound::when(paused && above(base), Limit::Base, 0.0),
            Bound::when(ending, Limit::Ending, 0.0),
            Bound::when(above(watch.target), Limit::Target, 0.0),
            // Lowered: while the target is still on its way down, nothing follows it up.
            Bound::when(watch.target > watch.ceiling, Limit::Lowered, 0.0),
            Bound::when(k > config.stiffest.get(), Limit::Stiffness, slow(config, k)),
            Bound::of(Limit::PullSpeed, config.pull_speed.get()),
            Bound::of(Limit::None, demand.velocity.get()),
        ],
    )
}

/// While an increase is forbidden nothing pulls above this force, and what a patient in
/// pain makes beyond the tracking band is let out.
fn capped(config: &Config, force: Newtons, cap: Newtons, k: f64) -> Option<Bound> {
    let beyond = (force - cap).get() - band(cap).get();
    let rate = YIELD_PER_S * beyond.max(0.0);
    Bound::when(force >= cap, Limit::Cap, yielding(config, k, rate))
}

/// How far force may be from what is steered for.
fn band(of: Newtons) -> Newtons {
    Newtons::of(TRACKING_N).max(of * TRACKING_SHARE)
}

/// The lowest of the bounds that are looked at: all of them, in the product.
fn seen<const N: usize>(blind: Blind, bounds: &[Option<Bound>; N]) -> Bound {
    lowest(&bounds.map(|bound| bound.filter(|bound| !blind.lets(bound.limit))))
}

/// The pull on a patient stiffer than arming assumed, m/s: k·v·reaction stays within
/// the overshoot that is allowed (devices §4b 1).
fn slow(config: &Config, k: f64) -> f64 {
    config.numbers.over_now.get() / (k * config.reaction.get())
}

/// Velocity, m/s, that lets force out at this rate, N/s, at most near the region's fastest.
fn yielding(config: &Config, k: f64, rate: f64) -> f64 {
    let most = SHARE_OF_FASTEST * config.numbers.release_most.get();
    0.0 - rate.max(0.0).min(most) / k
}
