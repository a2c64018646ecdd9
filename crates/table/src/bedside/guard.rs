//! The guard's own thread: it alone touches the table and feeds the drive's watchdog.
//!
//! ```text
//! table ─ sensors ─┬───────────────────────────▶ guard::step ─┬─▶ lower of the two ─▶ drive
//!                  └─▶ controller (session) ─ command, watch ─┘
//! ```
//!
//! In real time the session of `traction` runs in the thread of [`super::motion`], controller
//! and its guard in one, so that its recording replays bit for bit. Here a second guard, with
//! a state, a copy of the sensors, a clock and flags for STOP of its own, judges every tick
//! again and can only lower what the session commands. If the session is silent it goes on
//! alone: at once nothing is pulled, from 100 ms on it unloads and latches, by its own law of
//! release. If this thread hangs, nobody feeds the drive's watchdog, and that lets go.
//! What it did by itself is told in the status, and to the session as a fault of the drive.
//!
//! Frames hold what the session commanded, so that they replay; they do not hold what this
//! guard made of it. Where it overrules for longer than [`ALONE`] ticks they show that as the
//! drive's fault and their next inputs show what the drive did; and the ticks in which
//! anything was lowered are counted with each session in the bedside's list and in the
//! journal: where both counts are 0, the drive was told what the frames say.
//!
//! Shown by `tests/threads.rs`.

use super::jitter::Jitter;
use super::link::Link;
use super::scheduling::{self, Importance};
use crate::wire::{GuardFigures, LoopFigures};
use crate::{Openings, Sensors, Table};
use si::{Newtons, Problem, Region};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};
use traction::cause::Action;
use traction::controller::Demand;
use traction::grant::Grant;
use traction::guard::{self, Watch};
use traction::input::{Command, Input};
use traction::numbers::LATE_MS;
use traction::supervisor::Stage;
use traction::{Drive, MetresPerSecond, Session, Setup, TICK_MS};

/// One tick of wall time.
pub(super) const TICK: Duration = Duration::from_millis(TICK_MS as u64);
/// How long into a tick the session's command is waited for (ours: the rest is for the drive).
const ANSWER_BY: Duration = Duration::from_millis(6);
/// A session that is silent for so long has lost its loop: more than a tick may be late.
const LOST: Duration = Duration::from_millis(LATE_MS as u64 + 1);
/// Ticks for which this guard lets go alone before the session is told of a fault (ours): the
/// session hears a STOP in the next tick at the latest.
const ALONE: u32 = 3;
/// How often the figures are made, in ticks.
const FIGURES_EVERY: u64 = 25;
/// Commands that may wait for their tick.
const COMMANDS: usize = 16;

/// What is asked of the table between ticks.
pub(super) enum Ask {
    /// Make ready.
    Prepare(Region, SyncSender<Result<Setup, Problem>>),
    /// Keep this ceiling by itself.
    HoldUnder(Newtons, SyncSender<Result<(), Problem>>),
    /// Guard a session under this Grant from now on; the number names it.
    Arm(Box<(Grant, Setup)>, u32),
    /// Do something to a simulated table.
    Simulate(crate::wire::Simulated),
}

/// What the session's thread sees of the table in one tick.
#[derive(Clone, Copy)]
pub(super) struct Sensed {
    pub(super) number: u64,
    /// When the tick was due.
    pub(super) due: Instant,
    pub(super) read_at: Instant,
    pub(super) sensors: Sensors,
    pub(super) comfort: Option<u8>,
    /// Whether a simulated patient answers when asked.
    pub(super) answers: bool,
    pub(super) openings: Option<Openings>,
    /// Whether the last command did not reach the drive, or was overruled for long.
    pub(super) refused: bool,
    pub(super) figures: LoopFigures,
    /// Since the last arming.
    pub(super) session_figures: LoopFigures,
    pub(super) done: Done,
}

/// What this guard did that the session had not asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Done {
    /// Ticks without the session's command.
    pub(super) alone: u64,
    /// Ticks in which less went to the drive than the session commanded.
    pub(super) lowered: u64,
}

impl Done {
    /// What was done since then.
    pub(super) fn since(self, before: Self) -> GuardFigures {
        GuardFigures {
            alone: self.alone.saturating_sub(before.alone),
            lowered: self.lowered.saturating_sub(before.lowered),
        }
    }
}

/// What the session says in one tick.
#[derive(Clone, Copy)]
pub(super) struct Proposal {
    /// The tick that it answers.
    pub(super) number: u64,
    pub(super) drive: Drive,
    /// Nothing where no session is open.
    pub(super) session: Option<Seen>,
    /// What the simulated patient feels, if it was told.
    pub(super) feels: Option<u8>,
}

/// What the guard is told of an open session.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    /// Which arming it is of.
    pub(super) armed: u32,
    pub(super) watch: Watch,
    /// The command that the session was given in this tick.
    pub(super) command: Option<Command>,
    pub(super) comfort: Option<u8>,
}

/// This thread's ends of the channels.
pub(super) struct Ends {
    pub(super) asks: Receiver<Ask>,
    pub(super) proposals: Receiver<Proposal>,
    pub(super) sensed: SyncSender<Sensed>,
}

/// The second guard of one session.
struct Keeper {
    armed: u32,
    config: guard::Config,
    state: guard::State,
    stage: Stage,
    commands: VecDeque<Command>,
    /// Ticks for which this guard unloads and the session does not.
    overrules: u32,
}

/// The thread.
pub(super) struct Guard {
    table: Box<dyn Table>,
    ends: Ends,
    link: Arc<Link>,
    last: Option<Proposal>,
    /// When the session last said anything.
    heard: Instant,
    /// Whether it has been silent for too long, and the guard was told so.
    lost: bool,
    /// Ticks since the session's thread is gone; 0 while it is there.
    left: u32,
    keeper: Option<Keeper>,
    number: u64,
    refused: bool,
    jitter: Jitter,
    session_jitter: Jitter,
    figures: LoopFigures,
    session_figures: LoopFigures,
    done: Done,
}

impl Guard {
    pub(super) fn new(table: Box<dyn Table>, ends: Ends, link: Arc<Link>) -> Self {
        Self {
            table,
            ends,
            link,
            last: None,
            heard: Instant::now(),
            lost: false,
            left: 0,
            keeper: None,
            number: 0,
            refused: false,
            jitter: Jitter::default(),
            session_jitter: Jitter::default(),
            figures: LoopFigures::default(),
            session_figures: LoopFigures::default(),
            done: Done::default(),
        }
    }

    /// Until the session's thread is gone and nothing is under tension.
    pub(super) fn run(mut self) {
        self.link.runs_as(scheduling::real_time(Importance::Guard));
        let mut due = Instant::now() + TICK;
        loop {
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            let late = due.elapsed();
            self.jitter.add(late);
            self.session_jitter.add(late);
            self.link.guard_beats();
            self.tick(due, late);
            if self.is_done() {
                break;
            }
            // A loop that was held up goes on from now: it never runs ticks faster to catch up.
            due = if late > TICK {
                Instant::now() + TICK
            } else {
                due + TICK
            };
        }
        let _ = self.tell(Drive::OFF);
        self.link.guard_ends();
    }

    fn tick(&mut self, due: Instant, late: Duration) {
        self.take_asks();
        let sensors = self.table.read();
        let comfort = self.table.comfort();
        self.number += 1;
        if self.number % FIGURES_EVERY == 1 {
            self.figures = self.jitter.figures();
            self.session_figures = self.session_jitter.figures();
        }
        let overruled = self.keeper.as_ref().is_some_and(|k| k.overrules > ALONE);
        let sensed = Sensed {
            number: self.number,
            due,
            read_at: Instant::now(),
            sensors,
            comfort,
            answers: self.table.answers(),
            openings: self.table.openings(),
            refused: self.refused || overruled,
            figures: self.figures,
            session_figures: self.session_figures,
            done: self.done,
        };
        // A session that has not taken the last one hangs; it gets the next.
        let _ = self.ends.sensed.try_send(sensed);
        let answered = self.hear(due + ANSWER_BY);
        let drive = self.decide(&sensors, comfort, late, answered);
        self.refused = self.tell(drive).is_err();
    }

    /// Waits for the session's answer to this tick; what comes late is still the newest, and a
    /// sign of life, but nothing is pulled by it.
    fn hear(&mut self, until: Instant) -> bool {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.ends.proposals.recv_timeout(left) {
                Ok(proposal) => {
                    if let Some(score) = proposal.feels {
                        self.table.feels(score);
                    }
                    self.last = Some(proposal);
                    self.heard = Instant::now();
                    self.pass_command();
                    if proposal.number == self.number {
                        return true;
                    }
                }
                Err(RecvTimeoutError::Timeout) => return false,
                Err(RecvTimeoutError::Disconnected) => {
                    self.left = self.left.saturating_add(1);
                    return false;
                }
            }
        }
    }

    fn pass_command(&mut self) {
        self.take_asks();
        let seen = self.last.and_then(|last| last.session);
        if let (Some(keeper), Some(command)) = (&mut self.keeper, seen.and_then(|s| s.command))
            && keeper.commands.len() < COMMANDS
        {
            keeper.commands.push_back(command);
        }
    }

    /// The lower of what the session commands and what this guard lets through.
    fn decide(
        &mut self,
        sensors: &Sensors,
        comfort: Option<u8>,
        late: Duration,
        answered: bool,
    ) -> Drive {
        let Some((last, seen)) = self.last.and_then(|last| Some((last, last.session?))) else {
            self.keeper = None;
            self.link.urgent.guard.clear();
            return Drive::OFF;
        };
        let silence = self.heard.elapsed().saturating_sub(TICK);
        let asked = if answered {
            last.drive
        } else {
            self.done.alone += 1;
            no_pull(last.drive)
        };
        // Told once, as lateness: its own ticks run on meanwhile, and what it counts with them.
        let lost = silence >= LOST;
        let late = if lost && !self.lost {
            late.max(silence)
        } else {
            late
        };
        self.lost = lost;
        let urgent = self.link.urgent.guard.take();
        let Some(keeper) = self.keeper.as_mut().filter(|k| k.armed == seen.armed) else {
            return Drive::OFF;
        };
        if let Some(urgent) = urgent {
            keeper.commands.push_front(urgent);
        }
        let input = Input {
            force_a: sensors.force_a,
            force_b: sensors.force_b,
            travel: sensors.travel,
            motor_force: sensors.motor_force,
            switch: sensors.switch,
            comfort: comfort.max(seen.comfort),
            command: keeper.commands.pop_front(),
            heartbeat_age_ms: self.link.heartbeat_age_ms(),
            late_ms: u16::try_from(late.as_millis()).unwrap_or(u16::MAX),
            drive_fault: sensors.drive_fault || self.refused,
        };
        let drive = keeper.step(&input, &seen.watch, asked);
        let lower = drive.velocity < asked.velocity || drive.torque != asked.torque;
        self.done.lowered += u64::from(lower);
        drive
    }

    /// Torque goes by two ways: by the command, and by the line that needs no command (H5).
    fn tell(&mut self, drive: Drive) -> Result<(), Problem> {
        if let Some(line) = self.table.torque_line() {
            line.set(drive.torque);
        }
        self.table.apply(drive)
    }

    fn take_asks(&mut self) {
        while let Ok(ask) = self.ends.asks.try_recv() {
            match ask {
                Ask::Prepare(region, answer) => {
                    let _ = answer.try_send(self.table.prepare(region));
                }
                Ask::HoldUnder(ceiling, answer) => {
                    let _ = answer.try_send(self.table.hold_under(ceiling));
                }
                Ask::Arm(what, number) => {
                    self.keeper = Keeper::of(&what.0, &what.1, number);
                    self.session_jitter = Jitter::default();
                }
                Ask::Simulate(act) => {
                    self.table.simulate(act);
                }
            }
        }
    }

    /// Whether the session's thread is gone and nothing is left to let go of.
    fn is_done(&self) -> bool {
        let keeper = self.keeper.as_ref();
        let slack = keeper.is_none_or(|keeper| !keeper.stage.energised());
        self.left > 0 && (slack || self.left >= RELEASED)
    }
}

/// Ticks after which a release that this guard makes alone is over: 100 ms until it begins,
/// 5.0 s by the second channel, and a little.
const RELEASED: u32 = 600;

/// What a session that is silent is taken to command: what it did last, but no pull.
fn no_pull(drive: Drive) -> Drive {
    Drive {
        velocity: MetresPerSecond::raw(drive.velocity.get().min(0.0)),
        ..drive
    }
}

impl Keeper {
    /// Configured by its own reading of the Grant; nothing where that cannot be armed.
    fn of(grant: &Grant, setup: &Setup, armed: u32) -> Option<Self> {
        let config = *Session::arm(grant, setup).ok()?.guard_config();
        Some(Self {
            armed,
            config,
            state: guard::State::new(&config),
            stage: Stage::Armed,
            commands: VecDeque::with_capacity(2 * COMMANDS),
            overrules: 0,
        })
    }

    fn step(&mut self, input: &Input, watch: &Watch, asked: Drive) -> Drive {
        let stage = watch.state.stage;
        if self.stage == Stage::Unloaded && stage == Stage::TakeUp {
            self.state = self.state.resumed();
        }
        self.stage = stage;
        let demand = Demand {
            velocity: asked.velocity,
        };
        let (state, verdict) = guard::step(&self.config, self.state, input, watch, demand);
        self.state = state;
        let stopped = !stage.energised() || stage == Stage::Unloading;
        self.overrules = if verdict.action >= Action::Unload && !stopped {
            self.overrules.saturating_add(1)
        } else {
            0
        };
        if asked.torque && verdict.torque {
            Drive {
                velocity: verdict.velocity,
                torque: true,
            }
        } else {
            Drive::OFF
        }
    }
}
