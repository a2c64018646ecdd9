//! The I/O thread of a Modbus table, and what it shares with the loop.
//!
//! Everything that waits is here. A block is believed if it carries the nonce of
//! this very exchange and its sequence does not run backwards.

use super::cadence::Cadence;
use super::codec::{Exception, Reply, Request};
use super::line::Line;
use super::map::{
    ASK, COMMAND, Command, FIXED, Fixed, LEASE_MOST_MS, LIVE, Live, Order, PATIENT, is_after,
};
use crate::life::Life;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use traction::Drive;

/// Time between two exchanges, where the line is that fast (ours: half a tick).
pub(super) const PERIOD: Duration = Duration::from_millis(5);
/// How long another master's write is told, and nothing but off is written (ours).
const STRANGER: Duration = Duration::from_secs(1);
/// A table silent for so long may have started again: its sequence begins anew.
const RESTARTED: Duration = Duration::from_secs(1);

/// What the I/O thread and the loop share.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) live: Option<(Live, Instant)>,
    /// Whether what reads the switch answers its tests.
    pub(super) life: Life,
    pub(super) command: Option<Told>,
    /// The ceiling to write, N.
    pub(super) ceiling: u16,
    /// Why the last command was not taken.
    pub(super) refused: Option<Exception>,
    /// Until when another master's write is told.
    pub(super) stranger: Option<Instant>,
    /// The ceiling that the table echoes, where it is not the one written.
    pub(super) bent: Option<u16>,
    /// What a simulated patient does with the switch next.
    pub(super) patient: Option<bool>,
    /// Whether the loop wants torque.
    pub(super) energised: bool,
    /// Whether `prepare` waits for the fixed block.
    pub(super) wants_fixed: bool,
    pub(super) fixed: Option<Fixed>,
    pub(super) cadence: Cadence,
    pub(super) last_error: String,
}

/// A command of the loop that has not gone out.
#[derive(Clone, Copy)]
pub(super) struct Told {
    pub(super) drive: Drive,
    pub(super) basis: u16,
}

pub(super) fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where the nonces of this process begin: not where those of the last one stood.
fn nonce() -> u16 {
    let mut bytes = [0; 2];
    // Without randomness the nonces begin at 0; the sequence of the block still rises.
    let _ = getrandom::fill(&mut bytes);
    u16::from_be_bytes(bytes)
}

/// The I/O thread.
pub(super) struct Worker {
    line: Line,
    shared: Arc<Mutex<Shared>>,
    ended: Arc<AtomicBool>,
    ask: u16,
    /// Sequence of the last write that the table is known to have taken.
    taken: u16,
    /// Highest sequence that went out; never lowered, a write may still be under way.
    sent: u16,
    /// Whether the next exchange writes no command: the last one was refused.
    asks_next: bool,
}

impl Worker {
    /// `written` is what the table says was written last.
    pub(super) fn new(
        line: Line,
        (shared, ended): (Arc<Mutex<Shared>>, Arc<AtomicBool>),
        written: u16,
    ) -> Self {
        Self {
            line,
            shared,
            ended,
            ask: nonce(),
            taken: written,
            sent: written,
            asks_next: false,
        }
    }

    /// Until the table is dropped.
    pub(super) fn run(mut self) {
        let mut next = Instant::now();
        while !self.ended.load(Ordering::Relaxed) {
            let start = Instant::now();
            let failed = self.exchange().err();
            let mut shared = lock(&self.shared);
            // A failure is never a quick exchange, however quickly it failed.
            let least = failed
                .as_ref()
                .map_or(Duration::ZERO, |_| self.line.deadline());
            shared.cadence.add(start.elapsed().max(least));
            if let Some(error) = failed {
                shared.last_error = error.to_string();
            }
            let wants_fixed = std::mem::take(&mut shared.wants_fixed);
            let patient = shared.patient.take();
            drop(shared);
            if wants_fixed {
                self.read_fixed();
            }
            if let Some(pressed) = patient {
                self.press(pressed);
            }
            next = (next + PERIOD).max(Instant::now());
            std::thread::sleep(next.saturating_duration_since(Instant::now()));
        }
        // The last word is off; should it be lost, the lease runs out.
        let ceiling = lock(&self.shared).ceiling;
        let sequence = self.next_sequence();
        let off = self.command(sequence, ceiling, Order::Off);
        let values = off.registers().to_vec();
        let first = COMMAND;
        let _ = self.line.ask(&Request::Write { first, values });
    }

    /// The patient's switch, on a simulated table; lost, it is told as every failure is.
    fn press(&mut self, pressed: bool) {
        let (first, values) = (PATIENT, vec![u16::from(pressed)]);
        if self.line.ask(&Request::Write { first, values }).is_err() {
            lock(&self.shared).patient.get_or_insert(pressed);
        }
    }

    /// Reads what the table is; on failure `prepare` is told by its deadline.
    fn read_fixed(&mut self) {
        let read = self.line.ask(&Request::Read(FIXED));
        let fixed = match read {
            Ok(Reply::Registers(registers)) => Fixed::read(&registers).ok(),
            _ => None,
        };
        let mut shared = lock(&self.shared);
        shared.wants_fixed = fixed.is_none();
        shared.fixed = fixed;
    }

    const fn next_sequence(&mut self) -> u16 {
        // Above both: the table may or may not have taken the last one.
        self.sent = self.sent.wrapping_add(1);
        self.sent
    }

    const fn command(&self, sequence: u16, ceiling: u16, order: Order) -> Command {
        Command {
            sequence,
            lease_ms: LEASE_MOST_MS,
            ceiling,
            order,
        }
    }

    /// One exchange: the newest command, if there is one, and the live block.
    fn exchange(&mut self) -> io::Result<()> {
        let (told, ceiling, stranger) = {
            let mut shared = lock(&self.shared);
            let told = match std::mem::take(&mut self.asks_next) {
                true => None,
                false => shared.command.take(),
            };
            (told, shared.ceiling, shared.stranger)
        };
        let stranger = stranger.is_some_and(|until| Instant::now() < until);
        self.ask = self.ask.wrapping_add(1);
        let (first, values) = match told {
            None => (ASK, vec![self.ask]),
            Some(told) => {
                let sequence = self.next_sequence();
                // Who let go beside us is not pulled against.
                let order = if stranger { Order::Off } else { order(told) };
                let command = self.command(sequence, ceiling, order);
                let mut values = command.registers().to_vec();
                values.push(self.ask);
                (COMMAND, values)
            }
        };
        let request = Request::Exchange {
            read: LIVE,
            first,
            values,
        };
        let left = Instant::now();
        match self.line.ask(&request)? {
            Reply::Registers(registers) => {
                let live = Live::read(&registers).map_err(|why| other(&format!("{why:?}")))?;
                self.believe(live, left, told.is_some());
                Ok(())
            }
            Reply::Refused(exception) => {
                self.asks_next = true;
                lock(&self.shared).refused = Some(exception);
                Err(other(&format!("refused: {exception:?}")))
            }
            Reply::Written(_) => Err(other("another reply")),
        }
    }

    /// Takes a block, if it is the answer to this very request and not older than the last.
    fn believe(&mut self, live: Live, left: Instant, commanded: bool) {
        if live.asked != self.ask {
            return;
        }
        let ahead = is_after(live.written, self.taken);
        let own = live.written == self.taken || (ahead && !is_after(live.written, self.sent));
        let mut shared = lock(&self.shared);
        if !own {
            shared.stranger = Some(Instant::now() + STRANGER);
        }
        if commanded {
            shared.refused = None;
            shared.bent = (live.ceiling != shared.ceiling).then_some(live.ceiling);
        }
        self.taken = live.written;
        // The next write must be above what stands there, whoever wrote it.
        if !own || is_after(live.written, self.sent) {
            self.sent = live.written;
        }
        let restarted = |left: &Instant| !shared.energised && left.elapsed() > RESTARTED;
        let last = shared.live.filter(|(_, left)| !restarted(left));
        let last = last.map(|(last, _)| last.sequence);
        match last {
            // A table that stands still measures nothing new: the last block goes on ageing.
            Some(last) if last == live.sequence => {}
            Some(last) if !is_after(live.sequence, last) => {
                shared.last_error = "the sequence ran backwards".into();
            }
            last => {
                let ticks = last.map_or(1, |last| live.sequence.wrapping_sub(last));
                shared.life.seen(live.switch_tests, ticks);
                shared.live = Some((live, left));
            }
        }
    }
}

fn other(why: &str) -> io::Error {
    io::Error::other(why.to_owned())
}

/// What the table is told; rounded so that it never pulls faster than asked.
fn order(told: Told) -> Order {
    let velocity = told.drive.velocity.get() * 1e6;
    if !told.drive.torque || !velocity.is_finite() {
        return Order::Off;
    }
    Order::Velocity {
        velocity: velocity.floor() as i32,
        basis: told.basis,
    }
}
