//! What holds force or velocity below what the profile asks for.
//!
//! [`crate::cause::Cause`] says which finding asks for an action; a limit says
//! which bound is the lowest in a tick, also where nothing was found and the bound
//! is an ordinary one, such as a ramp. It is shown live and kept in every frame.
//!
//! [`lowest`] is the one limiter: the plan asks it for the force, N, that is steered
//! for, the guard for the velocity, m/s, that is let through. Pure; test:
//! `the_limiter_is_the_minimum_and_names_it`.

use crate::codec::closed;

closed! {
    /// The lowest of the bounds of a tick.
    pub enum Limit {
        /// Nothing: what the profile asks for is what is steered for.
        None = 0 "none",
        /// The ceiling of the grant.
        Ceiling = 1 "ceiling",
        /// A ceiling lowered by the staff, or that of a resume.
        Lowered = 2 "lowered-ceiling",
        /// The profile: the controller would pull harder than it asks.
        Profile = 3 "profile",
        /// A ramp: the therapy rate, or that of the grant.
        Rate = 4 "rate",
        /// Samples that are not fresh: force rises the more slowly.
        Freshness = 5 "freshness",
        /// The carriage's fastest pull.
        PullSpeed = 6 "pull-speed",
        /// No increase is allowed.
        Held = 7 "no-increase",
        /// Force is above what is steered for.
        Target = 8 "above-target",
        /// Base force, while paused or resting after guarding.
        Base = 9 "base",
        /// The force at which an increase was forbidden.
        Cap = 10 "cap",
        /// A patient who guards is yielded to.
        Yield = 11 "yield",
        /// The release on a stop.
        Release = 12 "release",
        /// The drive has no torque.
        Torque = 13 "torque-off",
        /// Slack is taken up before the profile goes on.
        Slack = 14 "slack",
        /// The session ends by the therapy ramp.
        Ending = 15 "ending",
        /// The patient is stiffer than arming assumed: the carriage pulls more slowly.
        Stiffness = 16 "stiffness",
        /// Not told: a frame of version 1.
        Unknown = 255 "unknown",
    }
}

/// One of the bounds of a tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// How high it lets go, N or m/s; what is not a number lets nothing go.
    pub value: f64,
    /// Which it is.
    pub limit: Limit,
}

impl Bound {
    /// A bound that holds always.
    #[must_use]
    pub const fn of(limit: Limit, value: f64) -> Option<Self> {
        Some(Self { value, limit })
    }

    /// A bound that holds where this is so.
    #[must_use]
    pub const fn when(holds: bool, limit: Limit, value: f64) -> Option<Self> {
        if holds { Self::of(limit, value) } else { None }
    }

    const fn number(self) -> f64 {
        if self.value.is_finite() {
            self.value
        } else {
            0.0
        }
    }
}

/// The lowest of the bounds that hold, by its name; of two equal ones the first.
/// Where none holds, nothing is let through.
#[must_use]
pub fn lowest(bounds: &[Option<Bound>]) -> Bound {
    let mut least: Option<Bound> = None;
    for bound in bounds.iter().flatten() {
        let lower = least.is_none_or(|least| bound.number() < least.value);
        if lower {
            least = Some(Bound {
                value: bound.number(),
                ..*bound
            });
        }
    }
    least.unwrap_or(Bound {
        value: 0.0,
        limit: Limit::None,
    })
}
