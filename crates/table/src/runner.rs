//! A whole session in process, as fast as it can, from a script.
//!
//! The same cycle as the bedside's, the same recording byte for byte; no
//! thread, no socket, no clock. Equal grant, table and script give equal bytes.

use crate::Table;
use crate::blackbox::{Encoder, End, FRAME_BYTES, Header, PROGRAM};
use crate::cycle::{Cycle, Outside, refused};
use crate::grant::SignedGrant;
use crate::links::Links;
use crate::simulated::{Act, Behaviour, Script};
use crate::summary::{Summary, is_complete, outcome};
use sha2::{Digest as _, Sha256};
use si::{Newtons, Problem};
use traction::frame::Frame;
use traction::supervisor::Stage;
use traction::{PER_SECOND, Setup, TICK_MS};

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
    run_watched(signed, table, script, start, &mut |_, _| ())
}

/// The same, watched: `watch` sees the table after every tick, with the loop's frame,
/// or with nothing where the loop slept through that tick.
///
/// # Errors
/// As [`run`].
pub fn run_watched(
    signed: &SignedGrant,
    table: &mut dyn Table,
    script: Script,
    start: Start,
    watch: &mut dyn FnMut(Option<&Frame>, &dyn Table),
) -> Result<Recording, Problem> {
    let grant = signed.decode()?;
    let setup = table.prepare(grant.limits.region)?;
    // Without consoles the program that commands the loop is the loop's own.
    let setup = Setup {
        console_required: setup.console_required && script.has_consoles(),
        ..setup
    };
    let mut cycle = Cycle::arm(&grant, &setup).map_err(|error| refused(&error))?;
    let expected = grant.limits.total_time.count() as usize;
    let mut tape = Tape::start(&header(signed, table, setup, start)?, expected);
    let mut player = Player::new(script);
    let mut true_peak = table.true_force();
    for tick in 0..MOST_TICKS {
        let mut outside = player.play(tick, table);
        let slept = player.links.take_stall();
        for _ in 0..slept / TICK_MS {
            table.elapse()?;
            player.links.tick();
            true_peak = higher(true_peak, table);
            watch(None, table);
        }
        outside.late_ms = u16::try_from(slept).unwrap_or(u16::MAX);
        outside.heartbeat_age_ms = player.links.heartbeat_age_ms();
        let frame = cycle.tick(table, outside);
        tape.push(&frame);
        true_peak = higher(true_peak, table);
        watch(Some(&frame), table);
        if player.is_over(tick, &frame) {
            break;
        }
    }
    Ok(tape.finish(true_peak))
}

fn higher(peak: Option<Newtons>, table: &dyn Table) -> Option<Newtons> {
    table.true_force().zip(peak).map(|(a, b)| a.max(b))
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
        program: Some(PROGRAM.to_owned()),
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
    links: Links,
    comfort: Option<u8>,
    last_act: u32,
}

impl Player {
    fn new(script: Script) -> Self {
        Self {
            links: Links::new(script.has_consoles()),
            behaviour: Behaviour::new(script),
            comfort: None,
            last_act: 0,
        }
    }

    fn play(&mut self, tick: u32, table: &mut dyn Table) -> Outside {
        self.links.tick();
        while let Some(act) = self.behaviour.due(tick) {
            self.last_act = tick;
            match act {
                Act::Staff(command) => self.links.desk(command),
                Act::Table(act) => {
                    table.simulate(act);
                }
                Act::Feels(score) => self.comfort = Some(score),
                Act::Link(act) => self.links.act(act),
            }
        }
        Outside {
            comfort: self.comfort,
            command: self.links.next(),
            heartbeat_age_ms: self.links.heartbeat_age_ms(),
            late_ms: 0,
        }
    }

    /// Over when complete, or when nothing moves and nobody will act any more.
    fn is_over(&self, tick: u32, frame: &Frame) -> bool {
        let quiet = self.behaviour.is_done()
            && self.links.is_quiet()
            && tick >= self.last_act.saturating_add(PATIENCE);
        match frame.output.state.stage {
            Stage::Complete => true,
            Stage::Armed | Stage::Unloaded => quiet,
            _ => false,
        }
    }
}
