//! What the session's thread sees of the table: the table itself, or the guard's thread.
//!
//! At simulated speeds the table is stepped in the thread of the session, controller and guard
//! one after the other, as in a replay. In real time the guard's thread has the table
//! ([`super::guard`]); here is the session's end of it: sensors come with the tick, a command
//! goes back, and nothing is waited for longer than a tick and a half.

use super::guard::{Ask, Done, Ends, Proposal, Seen, Sensed, TICK};
use super::refusals;
use crate::wire::{LoopFigures, Simulated};
use crate::{Openings, Sensors, Table, TableInfo, TorqueLine};
use si::{Newtons, Problem, Region};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};
use traction::frame::Frame;
use traction::grant::Grant;
use traction::guard::Watch;
use traction::input::{Sample, Switch};
use traction::{Drive, Setup};

/// How long a tick of the guard is waited for before the session goes on without (ours).
const PATIENCE: Duration = Duration::from_millis(15);
/// How long the table may take to be made ready.
const READY_WITHIN: Duration = Duration::from_secs(2);
/// Questions to the table that may wait.
const ASKS: usize = 16;
/// Answers that may wait for the guard: one late, one in time.
const PROPOSALS: usize = 2;

/// The table as the session's thread has it.
pub(super) enum Bench {
    /// In this thread.
    Own(Box<dyn Table>),
    /// In the guard's.
    Guarded(Box<Guarded>),
}

impl Bench {
    pub(super) fn table(&mut self) -> &mut dyn Table {
        match self {
            Self::Own(table) => table.as_mut(),
            Self::Guarded(guarded) => guarded.as_mut(),
        }
    }

    /// A session is armed.
    pub(super) fn arm(&mut self, grant: &Grant, setup: &Setup) -> Result<(), Problem> {
        match self {
            Self::Own(_) => Ok(()),
            Self::Guarded(guarded) => guarded.arm(grant, setup),
        }
    }

    /// How punctual the guard's thread was since the last arming, where it has one.
    pub(super) fn session_figures(&self) -> Option<LoopFigures> {
        match self {
            Self::Own(_) => None,
            Self::Guarded(guarded) => guarded.last.map(|last| last.session_figures),
        }
    }

    /// What the guard's thread did by itself so far, where there is one.
    pub(super) fn done(&self) -> Option<Done> {
        match self {
            Self::Own(_) => None,
            Self::Guarded(guarded) => {
                Some(guarded.last.map_or_else(Done::default, |last| last.done))
            }
        }
    }

    /// This tick's command and what it was given with goes to the guard.
    pub(super) fn hand_on(&mut self, frame: Option<&Frame>) {
        if let Self::Guarded(guarded) = self {
            guarded.hand_on(frame);
        }
    }
}

/// The session's end of the guard's thread.
pub(super) struct Guarded {
    info: TableInfo,
    line: Option<TorqueLine>,
    asks: SyncSender<Ask>,
    proposals: SyncSender<Proposal>,
    sensed: Receiver<Sensed>,
    last: Option<Sensed>,
    /// When the tick after the last one is due.
    expected: Option<Instant>,
    armed: u32,
    drive: Drive,
    feels: Option<u8>,
}

impl Guarded {
    /// The two ends for `table`.
    pub(super) fn of(table: &dyn Table) -> (Self, Ends) {
        let (asks, asked) = sync_channel(ASKS);
        let (proposals, proposed) = sync_channel(PROPOSALS);
        let (sender, sensed) = sync_channel(1);
        let guarded = Self {
            info: table.info().clone(),
            line: table.torque_line().cloned(),
            asks,
            proposals,
            sensed,
            last: None,
            expected: None,
            armed: 0,
            drive: Drive::OFF,
            feels: None,
        };
        let ends = Ends {
            asks: asked,
            proposals: proposed,
            sensed: sender,
        };
        (guarded, ends)
    }

    /// Waits for the guard's next tick; by how much this thread is late for its own.
    pub(super) fn wait(&mut self) -> Duration {
        let now = || Instant::now();
        match self.sensed.recv_timeout(PATIENCE) {
            Ok(sensed) => {
                let due = self.expected.map_or(sensed.due, |at| at.min(sensed.due));
                self.expected = Some(sensed.due + TICK);
                self.last = Some(sensed);
                now().saturating_duration_since(due)
            }
            Err(_) => {
                // A guard that is gone is waited for as one that hangs.
                let due = self.expected.unwrap_or_else(now);
                let rest = (due + TICK).saturating_duration_since(now());
                std::thread::sleep(rest.min(TICK));
                self.expected = Some(now() + TICK);
                Duration::ZERO
            }
        }
    }

    /// The figures of the guard's thread, and what it did alone.
    pub(super) fn figures(&self) -> Option<(LoopFigures, Done)> {
        self.last.map(|last| (last.figures, last.done))
    }

    fn arm(&mut self, grant: &Grant, setup: &Setup) -> Result<(), Problem> {
        self.armed = self.armed.wrapping_add(1);
        let what = Box::new((*grant, *setup));
        self.ask(Ask::Arm(what, self.armed))
    }

    fn hand_on(&mut self, frame: Option<&Frame>) {
        let session = frame.map(|frame| Seen {
            armed: self.armed,
            watch: Watch {
                state: frame.output.state,
                target: frame.output.target,
                ceiling: frame.output.ceiling,
            },
            command: frame.input.command,
            comfort: frame.input.comfort,
        });
        let proposal = Proposal {
            number: self.last.map_or(0, |last| last.number),
            drive: self.drive,
            session,
            feels: self.feels.take(),
        };
        // A guard that hangs takes nothing; it goes on from what it took last.
        let _ = self.proposals.try_send(proposal);
    }

    fn ask(&self, ask: Ask) -> Result<(), Problem> {
        self.asks
            .try_send(ask)
            .map_err(|_| refusals::guard_silent())
    }

    fn answer<T>(
        &self,
        ask: impl FnOnce(SyncSender<Result<T, Problem>>) -> Ask,
    ) -> Result<T, Problem> {
        let (answer, answered) = sync_channel(1);
        self.ask(ask(answer))?;
        let answer = answered.recv_timeout(READY_WITHIN);
        answer.map_err(|_| refusals::guard_silent())?
    }
}

/// A sample is as old as it was when it was read, and as it has waited since.
fn aged(sample: Option<Sample>, by: Duration) -> Option<Sample> {
    let by = u16::try_from(by.as_millis()).unwrap_or(u16::MAX);
    sample.map(|sample| Sample {
        age_ms: sample.age_ms.saturating_add(by),
        ..sample
    })
}

impl Table for Guarded {
    fn info(&self) -> &TableInfo {
        &self.info
    }

    fn prepare(&mut self, region: Region) -> Result<Setup, Problem> {
        self.answer(|answer| Ask::Prepare(region, answer))
    }

    fn hold_under(&mut self, ceiling: Newtons) -> Result<(), Problem> {
        self.answer(|answer| Ask::HoldUnder(ceiling, answer))
    }

    fn read(&mut self) -> Sensors {
        let Some(last) = &self.last else {
            return Sensors {
                force_a: None,
                force_b: None,
                travel: None,
                motor_force: None,
                switch: Switch::MISSING,
                drive_fault: false,
            };
        };
        let by = last.read_at.elapsed();
        let read = last.sensors;
        Sensors {
            force_a: aged(read.force_a, by),
            force_b: aged(read.force_b, by),
            travel: aged(read.travel, by),
            motor_force: aged(read.motor_force, by),
            drive_fault: read.drive_fault || last.refused,
            ..read
        }
    }

    /// Kept for [`Bench::hand_on`]; torque is taken away by the second line at once, which
    /// needs no guard.
    fn apply(&mut self, drive: Drive) -> Result<(), Problem> {
        self.drive = drive;
        if let Some(line) = self.line.as_ref().filter(|_| !drive.torque) {
            line.set(false);
        }
        Ok(())
    }

    fn simulate(&mut self, act: Simulated) -> bool {
        self.ask(Ask::Simulate(act)).is_ok()
    }

    fn feels(&mut self, score: u8) {
        self.feels = Some(score);
    }

    fn comfort(&mut self) -> Option<u8> {
        self.last.and_then(|last| last.comfort)
    }

    fn answers(&self) -> bool {
        self.last.is_some_and(|last| last.answers)
    }

    fn openings(&self) -> Option<Openings> {
        self.last.and_then(|last| last.openings)
    }
}
