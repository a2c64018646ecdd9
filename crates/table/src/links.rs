//! Consoles, their heartbeats and the loop's clock in a run without threads.
//!
//! ```text
//! desk (in control) ─┬─ heartbeat every 250 ms, commands ─▶ lease ─▶ loop
//! ward (looks on)   ─┘                                       │
//! wall time = ticks of the loop + what it slept through ─────┘
//! ```
//! The lease is the bedside's own ([`crate::lease`]), and the rule of who may command is
//! that of its desk: STOP and what only lowers are open to both, all else to whoever is in
//! control. Faults are those of H13–H16. Two things are not simulated here and are tested
//! on the process itself: tokens, and the clock of the wall, which no loop reads.

use crate::lease::{ConnectionId, Lease};
use std::collections::VecDeque;
use traction::TICK_MS;
use traction::input::Command;

/// How often a console in control is heard (devices.md §4b.7).
const HEARTBEAT_MS: u64 = 250;

/// One of the two consoles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Console {
    /// The one in control from the beginning.
    Desk,
    /// The other one.
    Ward,
}

impl Console {
    const fn name(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Ward => "ward",
        }
    }

    const fn id(self) -> ConnectionId {
        match self {
            Self::Desk => 1,
            Self::Ward => 2,
        }
    }
}

/// What happens to a link or to the clock of the loop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LinkAct {
    /// H16: the loop stands for so many ms (SIGSTOP, a swapped page, a hung thread), then goes on.
    LoopStalls {
        /// How long.
        ms: u32,
    },
    /// H15: the desk is gone for so many ms: tab closed, sleep, Wi-Fi. What it says is lost.
    DeskSilent {
        /// How long.
        ms: u32,
    },
    /// H15: the desk's line hangs half open for so many ms; what it says comes all at once after it.
    DeskHangs {
        /// How long.
        ms: u32,
    },
    /// H13: the desk's last command comes a second time.
    DeskRepeats,
    /// H14: the ward asks for control.
    WardTakes,
    /// H14: the desk hands control to the ward.
    DeskHandsOver,
    /// H14: the ward gives a command.
    Ward(Command),
}

/// The consoles as the loop knows them.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// Whether there is a console at all; without one every command is the program's own.
    console: bool,
    lease: Lease,
    now_ms: u64,
    silent_until: u64,
    hung_until: u64,
    /// What the loop is about to sleep through, ms.
    stall_ms: u32,
    said: VecDeque<Command>,
    hanging: VecDeque<Command>,
    last: Option<Command>,
    worst: Option<u8>,
}

impl Links {
    /// With a desk in control, or without any console.
    pub(crate) fn new(console: bool) -> Self {
        let mut links = Self {
            console,
            ..Self::default()
        };
        links.ask(Console::Desk);
        links
    }

    /// A tick of wall time begins.
    pub(crate) fn tick(&mut self) {
        self.now_ms += u64::from(TICK_MS);
        if !self.console {
            return;
        }
        let now = self.now_ms;
        if now >= self.hung_until {
            self.said.append(&mut self.hanging);
        }
        if now.is_multiple_of(HEARTBEAT_MS) {
            self.lease.heard(Console::Ward.id(), now);
            if now >= self.silent_until && now >= self.hung_until {
                self.lease.heard(Console::Desk.id(), now);
            }
        }
    }

    /// Milliseconds since the console in control was heard.
    pub(crate) fn heartbeat_age_ms(&self) -> Option<u32> {
        if !self.console {
            return Some(0);
        }
        let age = self.lease.age_ms(self.now_ms)?;
        Some(u32::try_from(age).unwrap_or(u32::MAX))
    }

    /// The staff at the desk give a command.
    pub(crate) fn desk(&mut self, command: Command) {
        self.last = Some(command);
        self.say(Console::Desk, command);
    }

    /// Something happens.
    pub(crate) fn act(&mut self, act: LinkAct) {
        let until = |ms: u32| self.now_ms.saturating_add(u64::from(ms));
        match act {
            LinkAct::LoopStalls { ms } => self.stall_ms = self.stall_ms.saturating_add(ms),
            LinkAct::DeskSilent { ms } => self.silent_until = until(ms),
            LinkAct::DeskHangs { ms } => self.hung_until = until(ms),
            LinkAct::DeskRepeats => {
                if let Some(command) = self.last {
                    self.say(Console::Desk, command);
                }
            }
            LinkAct::WardTakes => self.ask(Console::Ward),
            LinkAct::DeskHandsOver => {
                let (desk, ward) = (Console::Desk, Console::Ward);
                // A desk without control hands nothing over: the lease says so itself.
                let _ = self
                    .lease
                    .hand_over(desk.id(), ward.name(), ward.id(), self.now_ms);
            }
            LinkAct::Ward(command) => self.say(Console::Ward, command),
        }
    }

    /// The next command that reaches the loop; STOP before all others.
    pub(crate) fn next(&mut self) -> Option<Command> {
        let stop = self.said.iter().position(|said| *said == Command::Stop);
        self.said.remove(stop.unwrap_or(0))
    }

    /// Whether a command waits.
    pub(crate) fn is_quiet(&self) -> bool {
        self.said.is_empty() && self.hanging.is_empty()
    }

    /// How long the loop now stands, ms; once.
    pub(crate) fn take_stall(&mut self) -> u32 {
        std::mem::take(&mut self.stall_ms)
    }

    fn ask(&mut self, console: Console) {
        // Refused while the other is alive: then nothing changes.
        let _ = self.lease.take(console.name(), console.id(), self.now_ms);
    }

    fn say(&mut self, console: Console, command: Command) {
        let now = self.now_ms;
        let desk = console == Console::Desk;
        if !self.console {
            self.said.push_back(command);
        } else if desk && now < self.silent_until || !self.may(console, command) {
            // Lost, or refused as the bedside's desk would.
        } else if desk && now < self.hung_until {
            self.hanging.push_back(command);
        } else {
            self.said.push_back(command);
        }
    }

    /// Whether a console may give a command: a better score lifts what a worse one held.
    fn may(&mut self, console: Console, command: Command) -> bool {
        let control = self.lease.held_by(console.id(), self.now_ms);
        match command {
            Command::Stop | Command::Pause | Command::Lower | Command::NoIncrease => true,
            Command::Symptom(_) => true,
            Command::Comfort(score) => {
                let may = control || self.worst.is_none_or(|worst| score >= worst);
                self.worst = if may { Some(score) } else { self.worst };
                may
            }
            _ => control,
        }
    }
}
