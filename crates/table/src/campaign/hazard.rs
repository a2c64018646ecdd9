//! What fails in a session of the campaign, and what that makes of it: a drive that does
//! not do what it is told, a sensor that lies, something that tears.

use crate::links::LinkAct;
use crate::wire::{Fault, FaultKind, Poles, Sensor};
use traction::TICK_MS;

/// What fails.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Hazard {
    /// Something of the table or the patient.
    Table(Fault),
    /// Something of the consoles, or of the loop's clock.
    Link(LinkAct),
}

impl Hazard {
    /// A name for reports: the kind without its size.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Table(fault) => format!("{:?}", fault.kind),
            Self::Link(act) => {
                let all = format!("{act:?}");
                let name = all.split([' ', '(']).next();
                name.unwrap_or_default().to_owned()
            }
        }
    }

    /// Whether it keeps the drive from doing what it is told.
    pub(super) const fn is_of_drive(&self) -> bool {
        let Self::Table(fault) = self else {
            return false;
        };
        matches!(
            fault.kind,
            FaultKind::Runaway
                | FaultKind::SpeedGain
                | FaultKind::ContactorStuck
                | FaultKind::LineStuck
                | FaultKind::DriveDead
                | FaultKind::CommsLost
                | FaultKind::CommandsLost
                | FaultKind::PowerCut
                | FaultKind::CommandsLate
                | FaultKind::CommandsReplayed
                | FaultKind::RogueMaster
                | FaultKind::BrakeFails
                | FaultKind::BrakeStuck
        )
    }

    /// How long the loop stalls, ticks.
    pub(super) const fn stalls(&self) -> u32 {
        match self {
            Self::Link(LinkAct::LoopStalls { ms }) => ms.div_ceil(TICK_MS),
            _ => 0,
        }
    }

    /// How old it makes samples that are told as fresh, ticks.
    pub(super) const fn ages(&self) -> u32 {
        match self {
            Self::Table(fault) if matches!(fault.kind, FaultKind::SamplesOld) => {
                (fault.magnitude as u32).div_ceil(TICK_MS)
            }
            _ => 0,
        }
    }

    /// Whether it takes two things to fail: the poles of the switch are independent.
    pub(super) const fn is_double(&self) -> bool {
        let Self::Table(fault) = self else {
            return false;
        };
        matches!(fault.kind, FaultKind::PoleClosed(Poles::Both))
    }

    /// How many sensors lie, or their line does: both cells are two.
    pub(super) const fn sensors(&self) -> usize {
        let Self::Table(fault) = self else {
            return 0;
        };
        match fault.kind {
            FaultKind::Sensor(Sensor::BothCells, _) => 2,
            FaultKind::Sensor(..)
            | FaultKind::SamplesLate
            | FaultKind::SamplesOld
            | FaultKind::SamplesRepeated
            | FaultKind::SamplesJitter => 1,
            _ => 0,
        }
    }

    /// Whether a sensor tells what is not so, and does not only come late.
    pub(super) const fn lies(&self) -> bool {
        let Self::Table(fault) = self else {
            return false;
        };
        let late = matches!(
            fault.kind,
            FaultKind::SamplesLate | FaultKind::SamplesJitter
        );
        self.sensors() > 0 && !late
    }

    /// Whether something tears or slips: a fall of force that nobody commands.
    pub(super) const fn tears(&self) -> bool {
        let Self::Table(fault) = self else {
            return false;
        };
        matches!(
            fault.kind,
            FaultKind::CordBreak
                | FaultKind::HarnessSlip
                | FaultKind::Buckle
                | FaultKind::PatientLifts
        )
    }
}
