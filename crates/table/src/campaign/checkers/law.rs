//! The laws, what a run is held to, and the truth that they read.

use si::{Newtons, Region};

/// What must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// Never far above the ceiling.
    Overshoot,
    /// Above it by less for a moment only.
    OvershootTime,
    /// Never above what the hardware may make.
    Hardware,
    /// The drive does not pull against the patient.
    PulledAgainstPatient,
    /// Force falls at once after the switch.
    StopFalling,
    /// A stop is over in five seconds.
    StopOver,
    /// No force again after a stop.
    Returned,
    /// No more force while an increase is forbidden.
    Raised,
    /// No harness travels on for ever.
    TooFar,
    /// A silent console frees the patient.
    LinkLost,
    /// A release is no jerk.
    ReleaseRate,
    /// A session ends.
    TooLong,
    /// Nobody is left under tension.
    LeftOn,
    /// A hold is held.
    Tracking,
    /// Force that the patient makes is let out.
    Yielded,
    /// Nothing pulls just after a patient guarded.
    Guarded,
    /// A pause, and a patient who guarded twice, rest at base force.
    Rested,
    /// A patient who guarded three times is let go.
    LetGo,
    /// A lowered ceiling is kept.
    Lowered,
    /// No more force while wires are in doubt.
    Doubted,
}

impl Law {
    /// Every law.
    pub const ALL: [Self; 20] = [
        Self::Overshoot,
        Self::OvershootTime,
        Self::Hardware,
        Self::PulledAgainstPatient,
        Self::StopFalling,
        Self::StopOver,
        Self::Returned,
        Self::Raised,
        Self::TooFar,
        Self::LinkLost,
        Self::ReleaseRate,
        Self::TooLong,
        Self::LeftOn,
        Self::Tracking,
        Self::Yielded,
        Self::Guarded,
        Self::Rested,
        Self::LetGo,
        Self::Lowered,
        Self::Doubted,
    ];

    /// Its stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Overshoot => "overshoot",
            Self::OvershootTime => "overshoot-time",
            Self::Hardware => "hardware",
            Self::PulledAgainstPatient => "pulled-against-patient",
            Self::StopFalling => "stop-falling",
            Self::StopOver => "stop-over",
            Self::Returned => "returned",
            Self::Raised => "raised",
            Self::TooFar => "too-far",
            Self::LinkLost => "link-lost",
            Self::ReleaseRate => "release-rate",
            Self::TooLong => "too-long",
            Self::LeftOn => "left-on",
            Self::Tracking => "tracking",
            Self::Yielded => "yielded",
            Self::Guarded => "guarded",
            Self::Rested => "rested",
            Self::LetGo => "let-go",
            Self::Lowered => "lowered",
            Self::Doubted => "doubted",
        }
    }
}

impl Law {
    /// What its value is measured in.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::OvershootTime
            | Self::PulledAgainstPatient
            | Self::StopFalling
            | Self::StopOver
            | Self::Yielded
            | Self::Guarded => "ms",
            Self::ReleaseRate => "N/s",
            Self::TooLong => "s",
            Self::TooFar => "m",
            _ => "N",
        }
    }
}

/// How many faults a run has; each number has bounds of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Faults {
    /// None.
    None,
    /// One.
    Single,
    /// Two.
    Pair,
}

/// What a run is held to.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Where the force is applied.
    pub region: Region,
    /// The Grant's ceiling.
    pub ceiling: Newtons,
    /// Base force of the profile, N.
    pub base: f64,
    /// Its therapy rate downwards, N/s.
    pub down: f64,
    /// The longest the session may last from first tension, ticks.
    pub longest: u32,
    /// How far the harness may travel once it is taut, m: the Grant's.
    pub travel: f64,
    /// How many faults there are.
    pub faults: Faults,
    /// Whether a fault keeps the drive from doing what it is told.
    pub drive_fails: bool,
    /// How many sensors lie: of two a release is open-loop.
    pub sensors_fail: usize,
    /// Whether one lies and does not only come late.
    pub senses_lie: bool,
    /// Whether both poles of the switch fail: pressing it is then told to nobody.
    pub switch_fails: bool,
    /// Whether the inputs of the switch may hang, or its poles differ where it is pressed: that
    /// is noticed within a tenth of a second.
    pub switch_doubted: bool,
    /// How long the loop may stall, ticks: nobody reads the switch until it goes on, or the
    /// drive's watchdog lets go.
    pub stalled: u32,
    /// How old samples may be that are told as fresh, ticks.
    pub aged: u32,
    /// Whether a second fault may leave the patient hanging on a brake that does not let
    /// go without torque: only the quick release of the harness helps then.
    pub hangs: bool,
}

impl Bounds {
    /// Above the ceiling: for a moment, and never, N (CLINICAL §5, devices §4b 1).
    pub(super) const fn over(&self) -> (f64, f64) {
        match self.region {
            Region::Lumbar => (25.0, 50.0),
            Region::Cervical => (10.0, 20.0),
        }
    }

    /// What the hardware may make, N (devices §4b 1; the neck's is ours).
    pub(super) const fn hardware(&self) -> f64 {
        match self.region {
            Region::Lumbar => 1_000.0,
            Region::Cervical => 300.0,
        }
    }

    /// Fastest release, N/s (CLINICAL §5).
    pub(super) const fn fastest(&self) -> f64 {
        match self.region {
            Region::Lumbar => 200.0,
            Region::Cervical => 50.0,
        }
    }

    /// A rise within 200 ms that nobody takes for the pull's own, N (devices §4b 10, CLINICAL §5).
    pub(super) const fn sudden(&self) -> f64 {
        match self.region {
            Region::Lumbar => 20.0,
            Region::Cervical => 8.0,
        }
    }

    /// The same while the patient settles, on a drive that yields, N (devices §4b 10: half the
    /// step for the loins; and a margin, ours).
    pub(super) const fn settling(&self) -> f64 {
        match self.region {
            Region::Lumbar => 12.0,
            Region::Cervical => 9.0,
        }
    }

    /// The harness carries the patient from here on, N (ours).
    pub(super) const fn taut(&self) -> f64 {
        match self.region {
            Region::Lumbar => 8.0,
            Region::Cervical => 4.0,
        }
    }

    /// What force of his own makes that surely has to be let out, N (ours: half as much
    /// again as where the drive begins to, the neck's twice).
    pub(super) const fn made(&self) -> f64 {
        match self.region {
            Region::Lumbar => 30.0,
            Region::Cervical => 10.0,
        }
    }

    /// What a patient must make before the drive has to answer, N.
    pub(super) const fn effort(&self) -> f64 {
        match self.region {
            Region::Lumbar => 20.0,
            Region::Cervical => 5.0,
        }
    }
}

/// The truth of one tick.
#[derive(Clone, Copy, Debug, Default)]
pub struct Truth {
    /// Force on the patient, N.
    pub force: f64,
    /// The part of it that the patient makes himself, N.
    pub effort: f64,
    /// Velocity of the carriage, m/s; positive pulls.
    pub velocity: f64,
    /// Whether the drive has torque.
    pub torque: bool,
    /// Whether the patient truly presses the switch.
    pub pressed: bool,
    /// How far the carriage is from home, m.
    pub travel: f64,
    /// Whether what is read of the force is too old for an increase.
    pub stale: bool,
    /// Whether somebody forbade an increase in this tick, by word or by a score.
    pub forbidden: bool,
    /// Whether a practitioner allowed increases again in this tick.
    pub allowed: bool,
    /// Whether somebody stopped the session in this tick at a console.
    pub stopped: bool,
    /// Whether a symptom was told in this tick.
    pub symptom: bool,
    /// Whether the second act of a resume was made in this tick, the first not long before.
    pub resumed: bool,
    /// How long the console has truly been silent, ticks; nothing where none is needed.
    pub silent: Option<u32>,
    /// Whether somebody has touched the rope or harness: a fall of force is no release.
    pub torn: bool,
    /// Whether the session is in its course or its pause: not taking up slack, ending or
    /// letting go.
    pub treated: bool,
    /// Whether it is paused, and base force is what it asks for.
    pub rests: bool,
    /// Whether the staff paused it in this tick.
    pub paused: bool,
    /// Whether they went on from a pause in this tick.
    pub goes_on: bool,
    /// Whether they lowered the ceiling in this tick.
    pub lowered: bool,
    /// Whether a pole is open that nobody presses, or no cell gives a number.
    pub unsure: bool,
    /// What the profile asks for, N; nothing while none is followed.
    pub asked: f64,
    /// In a hold of the profile that nothing changes: the force it asks for, N.
    pub hold: Option<f64>,
}

/// A law that was broken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Violation {
    /// Which.
    pub law: Law,
    /// When first, ticks after arming.
    pub tick: u32,
    /// The worst that was measured, in the unit of its law.
    pub value: f64,
    /// What it may be.
    pub bound: f64,
}
