//! What the loop does about a thing, and which thing it was.
//!
//! Actions form a lattice; of all causes present the strongest action wins.
//! Each cause has one action, one condition that clears it and, if it stops the
//! session, one kind of stop (devices §4b; CLINICAL §5 where they differ).

use crate::codec::closed;
use crate::input::StopKind;

closed! {
    /// How strongly the loop answers; the later one wins.
    pub enum Action {
        /// Follow the profile.
        None = 0 "none",
        /// Follow it and tell somebody.
        Warn = 1 "warn",
        /// No more force than now.
        NoIncrease = 2 "no-increase",
        /// Down to base force by the therapy ramp, and wait there.
        GoBase = 3 "go-base",
        /// Controlled release, latched.
        Unload = 4 "unload",
        /// The drive's torque is removed by the second channel, latched.
        TorqueOff = 5 "torque-off",
    }
}

closed! {
    /// What ends a cause's effect.
    pub enum Clearing {
        /// The condition goes away, unless force has by then departed from the profile.
        WhenClears = 1 "when-clears",
        /// A practitioner's act.
        Practitioner = 2 "practitioner",
        /// The two deliberate acts of a resume, once a session.
        TwoActs = 3 "two-acts",
        /// Nothing in this session.
        Never = 4 "never",
    }
}

closed! {
    /// Why the loop does less than the profile asks.
    pub enum Cause {
        /// The patient pressed the switch, or it is unplugged.
        PatientSwitch = 1 "patient-switch",
        /// STOP on a console or panel.
        ConsoleStop = 2 "console-stop",
        /// A stop symptom was reported.
        SymptomReported = 3 "symptom",
        /// Discomfort reached the stop score.
        ComfortStop = 4 "comfort-stop",
        /// Discomfort reached the no-increase score.
        ComfortRise = 5 "comfort-rise",
        /// The staff asked for no increase.
        StaffNoIncrease = 6 "staff-no-increase",
        /// Force was kept below the profile; more needs a practitioner's act.
        Departed = 7 "departed-from-profile",
        /// The staff paused.
        Paused = 8 "paused",
        /// The staff ended the session.
        Ended = 9 "ended",
        /// A pause lasted longer than two minutes.
        PauseTooLong = 10 "pause-too-long",
        /// The session reached its longest time.
        TotalTime = 11 "total-time",
        /// The ceiling was lowered, or is that of a resume.
        LoweredCeiling = 12 "lowered-ceiling",
        /// The console's heartbeat is late.
        LinkLate = 13 "link-late",
        /// The console is lost.
        LinkLost = 14 "link-lost",
        /// A sample is older than it should be.
        SampleStale = 15 "sample-stale",
        /// A sample is missing for too long.
        SampleLost = 16 "sample-lost",
        /// A sample is not a number.
        SampleInvalid = 17 "sample-invalid",
        /// A sample is outside what the sensor can measure.
        OutOfRange = 18 "out-of-range",
        /// The two cells disagree.
        CellsDisagree = 19 "cells-disagree",
        /// The cells and the motor disagree.
        MotorDisagrees = 20 "motor-disagrees",
        /// A cell repeats itself without noise.
        CellFrozen = 21 "cell-frozen",
        /// Force changes faster than a body and this drive can make it.
        ForceRate = 22 "force-rate",
        /// Force fell away: cord, harness or buckle.
        ForceLost = 23 "force-lost",
        /// Force is above the ceiling.
        OverForce = 24 "over-force",
        /// The harness travelled too far.
        OverTravel = 25 "over-travel",
        /// The patient guards: force rose without being asked to.
        Guarding = 26 "guarding",
        /// Guarding twice in a minute.
        GuardingTwice = 27 "guarding-twice",
        /// Guarding three times in the session.
        GuardingThrice = 28 "guarding-thrice",
        /// A tick began late.
        LoopSlow = 29 "loop-slow",
        /// A tick began far too late.
        LoopLate = 30 "loop-late",
        /// One pole of the switch is in doubt.
        SwitchDoubt = 31 "switch-doubt",
        /// The drive reports a fault.
        DriveFault = 32 "drive-fault",
        /// The carriage does not go where it is told, and force is too high.
        DriveIgnores = 33 "drive-ignores",
        /// The time for a release is over: the second channel removes torque.
        ReleaseOver = 34 "release-over",
        /// A number inside the loop is not one.
        Invariant = 35 "invariant",
        /// No contact with the patient was found by the harness.
        NoContact = 36 "no-contact",
        /// Travel does not agree with what the drive was told; force is as it should be.
        DriveAstray = 37 "drive-astray",
        /// The motor feels more than the ceiling allows and the cells do not.
        MotorAbove = 38 "motor-above",
        /// The session has ended and force is still on the harness.
        ForceRemains = 39 "force-remains",
    }
}

impl Cause {
    /// The action that answers it.
    #[must_use]
    pub const fn action(self) -> Action {
        match self {
            Self::LoopSlow | Self::LoweredCeiling => Action::Warn,
            Self::ComfortRise
            | Self::StaffNoIncrease
            | Self::Departed
            | Self::LinkLate
            | Self::SampleStale
            | Self::SampleInvalid
            | Self::Guarding
            | Self::MotorAbove
            | Self::SwitchDoubt => Action::NoIncrease,
            Self::Paused | Self::GuardingTwice | Self::Ended => Action::GoBase,
            Self::DriveIgnores | Self::ReleaseOver => Action::TorqueOff,
            _ => Action::Unload,
        }
    }

    /// What clears it.
    #[must_use]
    pub const fn clearing(self) -> Clearing {
        match self {
            Self::LinkLate
            | Self::SampleStale
            | Self::SampleInvalid
            | Self::Guarding
            | Self::MotorAbove
            | Self::SwitchDoubt
            | Self::LoopSlow => Clearing::WhenClears,
            Self::ComfortRise
            | Self::StaffNoIncrease
            | Self::Departed
            | Self::Paused
            | Self::GuardingTwice => Clearing::Practitioner,
            Self::SymptomReported | Self::TotalTime | Self::Ended | Self::LoweredCeiling => {
                Clearing::Never
            }
            _ => Clearing::TwoActs,
        }
    }

    /// The kind of stop it makes; guarding and a pressed switch stay unexplained
    /// until a practitioner says what they were.
    #[must_use]
    pub const fn kind(self) -> StopKind {
        match self {
            Self::SymptomReported => StopKind::Symptom,
            Self::ComfortStop => StopKind::Comfort,
            Self::PatientSwitch | Self::ConsoleStop | Self::GuardingThrice => StopKind::Unexplained,
            _ => StopKind::Technical,
        }
    }
}
