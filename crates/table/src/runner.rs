//! A whole session in process, as fast as it can, from a script.
//!
//! The same cycle as the bedside's, the same recording byte for byte; no
//! thread, no socket, no clock. Equal grant, table and script give equal bytes.

use crate::Table;
use crate::blackbox::{Encoder, End, FRAME_BYTES, Header};
use crate::cycle::{Cycle, Outside, not_armable};
use crate::grant::SignedGrant;
use crate::simulated::{Act, Behaviour, Script};
use crate::summary::{Summary, is_complete, outcome};
use sha2::{Digest as _, Sha256};
use si::{Newtons, Problem};
use traction::frame::Frame;
use traction::input::Command;
use traction::supervisor::Stage;
use traction::{PER_SECOND, Setup};

/// The longest run: the longest session with an hour around it.
const MOST_TICKS: u32 = 8_000 * PER_SECOND;
/// How long a session waits, unloaded or unstarted, after the script's last act.
const PATIENCE: u32 = 5 * PER_SECOND;

/// What identifies a run besides its Grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// When the session is armed, Unix milliseconds.
    pub at_ms: i64,
    /// The seed of the table, for the header.
    pub seed: u64,
}

/// A session that was run.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// The recording, as the bedside would have written it.
    pub bytes: Vec<u8>,
    /// Its SHA-256, hex.
    pub sha256: String,
    /// What the session came to.
    pub summary: Summary,
    /// The highest true force, where the table knows it.
    pub true_peak: Option<Newtons>,
}

/// Runs a session. The Grant's signature, window and table are the caller's to check
/// ([`crate::grant::admit`]): here it may be a demonstration's.
///
/// # Errors
/// `grant-malformed`, `grant-not-armable`, or a table that cannot be made ready.
pub fn run(
    signed: &SignedGrant,
    table: &mut dyn Table,
    script: Script,
    start: Start,
) -> Result<Recording, Problem> {
    let grant = signed.decode()?;
    // No console: the program that commands the loop is the loop's own.
    let setup = Setup {
        console_required: false,
        ..table.prepare(grant.limits.region)?
    };
    let mut cycle = Cycle::arm(&grant, &setup).map_err(|error| not_armable(&error.to_string()))?;
    let expected = grant.limits.total_time.count() as usize;
    let mut tape = Tape::start(&header(signed, table, setup, start)?, expected);
    let mut player = Player::new(script);
    let mut true_peak = table.true_force();
    for tick in 0..MOST_TICKS {
        let outside = player.play(tick, table);
        let frame = cycle.tick(table, outside);
        tape.push(&frame);
        true_peak = table.true_force().zip(true_peak).map(|(a, b)| a.max(b));
        if player.is_over(tick, &frame) {
            break;
        }
    }
    Ok(tape.finish(true_peak))
}

fn header(
    signed: &SignedGrant,
    table: &dyn Table,
    setup: Setup,
    start: Start,
) -> Result<Header, Problem> {
    let info = table.info();
    Ok(Header {
        frame_bytes: u32::try_from(FRAME_BYTES).unwrap_or(u32::MAX),
        simulated: info.simulated,
        seed: start.seed,
        armed_at_ms: start.at_ms,
        table: info.id,
        session: signed.decode()?.session,
        setup,
        grant: signed.bytes.clone(),
        signature: signed.signature,
    })
}

/// The frames of a run, encoded as they come.
struct Tape {
    encoder: Encoder,
    bytes: Vec<u8>,
    frames: Vec<Frame>,
}

impl Tape {
    fn start(header: &Header, expected: usize) -> Self {
        let mut bytes = Vec::with_capacity(expected * (FRAME_BYTES + 4));
        let encoder = Encoder::start(header, &mut bytes);
        Self {
            encoder,
            bytes,
            frames: Vec::with_capacity(expected),
        }
    }

    fn push(&mut self, frame: &Frame) {
        self.encoder.push(&frame.encode(), &mut self.bytes);
        self.frames.push(*frame);
    }

    fn finish(mut self, true_peak: Option<Newtons>) -> Recording {
        let last = self.frames.last().map(|frame| frame.output);
        let end = End {
            completed: last.as_ref().is_some_and(is_complete),
            lost: 0,
            reason: last.as_ref().map_or_else(|| "empty".into(), outcome),
        };
        self.encoder.finish(&end, &mut self.bytes);
        Recording {
            sha256: hex::encode(Sha256::digest(&self.bytes)),
            bytes: self.bytes,
            summary: Summary::of(self.frames),
            true_peak,
        }
    }
}

/// Plays the script: at most one command a tick, table acts at once.
struct Player {
    behaviour: Behaviour,
    waiting: Option<Command>,
    comfort: Option<u8>,
    last_act: u32,
}

impl Player {
    const fn new(script: Script) -> Self {
        Self {
            behaviour: Behaviour::new(script),
            waiting: None,
            comfort: None,
            last_act: 0,
        }
    }

    fn play(&mut self, tick: u32, table: &mut dyn Table) -> Outside {
        while self.waiting.is_none() {
            let Some(act) = self.behaviour.due(tick) else {
                break;
            };
            self.last_act = tick;
            match act {
                Act::Staff(command) => self.waiting = Some(command),
                Act::Table(act) => {
                    table.simulate(act);
                }
                Act::Feels(score) => self.comfort = Some(score),
            }
        }
        Outside {
            comfort: self.comfort,
            command: self.waiting.take(),
            heartbeat_age_ms: Some(0),
            late_ms: 0,
        }
    }

    /// Over when complete, or when nothing moves and nobody will act any more.
    fn is_over(&self, tick: u32, frame: &Frame) -> bool {
        let quiet = self.behaviour.is_done() && tick >= self.last_act.saturating_add(PATIENCE);
        match frame.output.state.stage {
            Stage::Complete => true,
            Stage::Armed | Stage::Unloaded => quiet,
            _ => false,
        }
    }
}
