//! What the drive receives, and the hardware a session is armed on.

use crate::codec::{Codec, Reader, Writer};
use crate::numbers::Numbers;
use core::fmt;
use si::{Newtons, NewtonsPerMetre, Region, Seconds};

/// Velocity, m/s; positive pulls.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct MetresPerSecond(f64);

impl MetresPerSecond {
    /// Standing still.
    pub const ZERO: Self = Self(0.0);

    /// A velocity.
    #[must_use]
    pub const fn raw(value: f64) -> Self {
        Self(value)
    }

    /// The value in m/s.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl Codec for MetresPerSecond {
    const SIZE: usize = 8;
    fn put(&self, out: &mut Writer<'_>) {
        out.f64(self.0);
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
        from.f64().map(Self)
    }
}

/// What the drive is told in one tick.
///
/// A velocity of the carriage, held until the next tick; positive pulls. It is
/// never above the pulling speed of the [`Setup`]; downwards it is bound only by
/// the release. Without torque the carriage is free and the tension passes away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drive {
    /// Velocity of the carriage.
    pub velocity: MetresPerSecond,
    /// Whether the drive may have torque at all: the guard's own line.
    pub torque: bool,
}

impl Drive {
    /// No torque, no motion.
    pub const OFF: Self = Self {
        velocity: MetresPerSecond::ZERO,
        torque: false,
    };
}

impl Codec for Drive {
    const SIZE: usize = 9;
    fn put(&self, out: &mut Writer<'_>) {
        out.item(&self.velocity);
        out.item(&self.torque);
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            velocity: from.item()?,
            torque: from.item()?,
        })
    }
}

/// The table a session is armed on, as the table reports itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setup {
    /// The region that the fitted harness serves.
    pub harness: Region,
    /// Highest force the table itself may make.
    pub table_ceiling: Newtons,
    /// Fastest the carriage pulls.
    pub pull_speed: MetresPerSecond,
    /// Stiffest that patient, harness and cord together can be.
    pub stiffest: NewtonsPerMetre,
    /// From a fault to the drive's answer, at worst.
    pub reaction: Seconds,
    /// The drive's own watchdog, as read back.
    pub watchdog_ms: u32,
    /// Whether losing the console's heartbeat is an event: not where the loop
    /// runs inside the program that commands it.
    pub console_required: bool,
    /// Whether the table is a simulated one.
    pub simulated: bool,
}

impl Setup {
    /// What our simulated table reports: with these numbers force overshoots a
    /// ceiling by at most 15 N/mm × 8 mm/s × 0.2 s = 24 N (lumbar, devices §4b 1).
    #[must_use]
    pub const fn simulated(harness: Region) -> Self {
        let (table_ceiling, pull_speed, stiffest) = match harness {
            Region::Lumbar => (890.0, 0.008, 15_000.0),
            Region::Cervical => (200.0, 0.005, 15_000.0),
        };
        Self {
            harness,
            table_ceiling: Newtons::of(table_ceiling),
            pull_speed: MetresPerSecond::raw(pull_speed),
            stiffest: NewtonsPerMetre::of(stiffest),
            reaction: Seconds::of(match harness {
                Region::Lumbar => 0.2,
                Region::Cervical => 0.12,
            }),
            watchdog_ms: 200,
            console_required: true,
            simulated: true,
        }
    }
}

/// Why a session was not armed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ArmError {
    /// The grant contradicts itself.
    Grant(crate::grant::GrantError),
    /// The harness serves another region than the grant.
    Region {
        /// What the grant is for.
        grant: Region,
        /// What is fitted.
        harness: Region,
    },
    /// The grant holds for simulated tables only.
    SimulatedOnly,
    /// The grant's ceiling is above the table's.
    TableCeiling {
        /// The grant's.
        grant: Newtons,
        /// The table's.
        table: Newtons,
    },
    /// The drive's watchdog is off or too slow.
    Watchdog {
        /// As read back, ms.
        ms: u32,
    },
    /// Stiffness × pulling speed × reaction time is more than the overshoot allowed.
    Overshoot {
        /// How far force could rise.
        by: Newtons,
        /// How far it may.
        most: Newtons,
    },
    /// A number of the table is not finite or not above nought.
    Setup,
}

impl fmt::Display for ArmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grant(error) => error.fmt(f),
            Self::Region { grant, harness } => write!(
                f,
                "harness: {harness}, but the grant is {grant}; fit the right harness"
            ),
            Self::SimulatedOnly => f.write_str("table: the grant holds for a simulated table only"),
            Self::TableCeiling { grant, table } => write!(
                f,
                "table: its ceiling of {} N is below the grant's {} N",
                table.get(),
                grant.get()
            ),
            Self::Watchdog { ms } => write!(
                f,
                "drive.watchdog_ms: {ms} is outside 1 to {MAX_WATCHDOG_MS}; set the drive's watchdog"
            ),
            Self::Overshoot { by, most } => write!(
                f,
                "table: force could overshoot by {} N, at most {} N are allowed; lower the pulling speed",
                by.get(),
                most.get()
            ),
            Self::Setup => f.write_str("table: a number it reports is not finite and above 0"),
        }
    }
}

impl core::error::Error for ArmError {}

/// Slowest watchdog of a drive that is trusted (devices §4b 8).
pub const MAX_WATCHDOG_MS: u32 = 300;

/// Our own table keeps the overshoot that arming asks of every table.
const fn simulated_overshoot_fits(region: Region) -> bool {
    let setup = Setup::simulated(region);
    let by = setup.stiffest.get() * setup.pull_speed.get() * setup.reaction.get();
    by <= Numbers::of(region).over_now.get()
}

const _: () = assert!(simulated_overshoot_fits(Region::Lumbar));
const _: () = assert!(simulated_overshoot_fits(Region::Cervical));
