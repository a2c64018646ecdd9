//! Checks that are switched off: nothing in the product, which is built without the
//! feature `blind`. A campaign removes one check at a time with it and shows that force
//! is then found to be wrong; where another check covers the same fault, that one too.

use super::Config;
#[cfg(feature = "blind")]
use crate::MetresPerSecond;
use crate::cause::Cause;
use crate::controller::Demand;
use crate::limiter::Limit;
use crate::supervisor::Stage;

/// How many times the fastest pull a hasty controller asks for.
#[cfg(feature = "blind")]
const HASTY: f64 = 10.0;
/// Something that can be switched off.
#[cfg(feature = "blind")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// What finds this cause.
    Cause(Cause),
    /// The guard's bound of this name.
    Limit(Limit),
    /// The controller: it asks for the full pull, whatever happens.
    Controller,
    /// The same, and it asks for ten times the fastest pull.
    HastyController,
    /// The controller, once the session ends: it asks for a number that is none.
    LostController,
    /// The supervisor's own ear for STOP and symptoms, besides the guard's.
    Ear,
}

/// The checks that are off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Blind {
    #[cfg(feature = "blind")]
    causes: u64,
    #[cfg(feature = "blind")]
    limits: u32,
    #[cfg(feature = "blind")]
    controller: bool,
    #[cfg(feature = "blind")]
    hasty: bool,
    #[cfg(feature = "blind")]
    lost: bool,
    #[cfg(feature = "blind")]
    ear: bool,
}

#[cfg(not(feature = "blind"))]
impl Blind {
    pub(crate) const NONE: Self = Self {};

    pub(crate) const fn to(self, _: Cause) -> bool {
        false
    }

    pub(crate) const fn lets(self, _: Limit) -> bool {
        false
    }

    pub(crate) const fn demanded(self, demand: Demand, _: &Config, _: Stage) -> Demand {
        demand
    }

    pub(crate) const fn deaf(self) -> bool {
        false
    }
}

#[cfg(feature = "blind")]
impl Blind {
    pub(crate) const NONE: Self = Self {
        causes: 0,
        limits: 0,
        controller: false,
        hasty: false,
        lost: false,
        ear: false,
    };

    /// Whether this cause is not looked for.
    pub(crate) const fn to(self, cause: Cause) -> bool {
        self.causes & bit(cause.code()) != 0
    }

    /// Whether this bound lets everything through.
    pub(crate) const fn lets(self, limit: Limit) -> bool {
        self.limits as u64 & bit(limit.code()) != 0
    }

    /// What a broken controller demands where the drive has torque.
    pub(crate) fn demanded(self, demand: Demand, config: &Config, stage: Stage) -> Demand {
        let pull = config.pull_speed.get();
        let velocity = match (self.controller, self.hasty, self.lost) {
            _ if !stage.energised() => return demand,
            (_, _, true) if stage == Stage::Ending => f64::NAN,
            (_, true, _) => HASTY * pull,
            (true, _, _) => pull,
            _ => return demand,
        };
        Demand {
            velocity: MetresPerSecond::raw(velocity),
        }
    }

    /// Whether the supervisor hears no STOP.
    pub(crate) const fn deaf(self) -> bool {
        self.ear
    }

    pub(crate) const fn also(self, check: Check) -> Self {
        match check {
            Check::Cause(cause) => Self {
                causes: self.causes | bit(cause.code()),
                ..self
            },
            Check::Limit(limit) => Self {
                limits: self.limits | bit(limit.code()) as u32,
                ..self
            },
            Check::Controller => Self {
                controller: true,
                ..self
            },
            Check::HastyController => Self {
                hasty: true,
                ..self
            },
            Check::LostController => Self { lost: true, ..self },
            Check::Ear => Self { ear: true, ..self },
        }
    }
}

/// Codes are below 64, those of limits below 32; one that is not cannot be switched off.
#[cfg(feature = "blind")]
const fn bit(code: u8) -> u64 {
    match 1_u64.checked_shl(code as u32) {
        Some(bit) => bit,
        None => 0,
    }
}
