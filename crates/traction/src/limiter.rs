//! What holds force or velocity below what the profile asks for.
//!
//! [`crate::cause::Cause`] says which finding asks for an action; a limit says
//! which bound is the lowest in a tick, also where nothing was found and the bound
//! is an ordinary one, such as a ramp. It is shown live and kept in every frame.

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
        /// Not told: a frame of version 1.
        Unknown = 255 "unknown",
    }
}
