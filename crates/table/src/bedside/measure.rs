//! How punctual the loop is under load: a session in real time on the simulated table, while
//! threads that never rest and consoles that never stop asking share its processors.
//!
//! The figures are those of the very bedside that runs beside a patient; the memory is locked
//! as far as the system allows. Run by `annulus bedside --measure`.

use super::{Bedside, Memory, Options, Parts};
use crate::SignedGrant;
use crate::client::{Client, ClientError};
use crate::simulated::{self, SimulatedTable};
use crate::sounder::Bell;
use crate::wire::{GuardFigures, LoopFigures, Purpose, Simulated};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use si::{Metres, Newtons, NewtonsPerSecond, Problem, Region, Seconds};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use traction::grant::Grant;
use traction::{ComfortLimits, Limits, LimitsSpec, Mode, Profile, ProfileSpec, Shape, Ticks};

/// Consoles that ask for the status 20 times a second.
const LOOKERS: usize = 3;
/// How often the session's console proves that it lives.
const HEARTBEAT: Duration = Duration::from_millis(100);
/// A tried switch, and the loop's time to see it.
const SWITCH_PAUSE: Duration = Duration::from_millis(300);
/// How often a start is tried.
const START_TRIES: u32 = 10;
/// The table that is measured on.
const TABLE: [u8; 16] = *b"annulus-measured";
/// The longest measurement: the longest session there may be.
const MOST_S: u32 = 1_800;

/// What was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Seconds of session.
    pub seconds: u32,
    /// Threads that never rest.
    pub load: usize,
    /// `locked`, `present` or `unlocked`.
    pub memory: String,
    /// `fifo`, `nice` or `plain`.
    pub scheduling: String,
    /// The guard's thread, which commands the drive.
    pub guard: LoopFigures,
    /// The session's thread.
    pub controller: LoopFigures,
    /// What the guard did that the session had not asked for.
    pub alone: GuardFigures,
    /// Frames that could not be recorded.
    pub lost_frames: u64,
    /// What latched the session, if the machine was so slow that it let go.
    pub latch: Option<String>,
}

/// Runs a session for `seconds` beside `load` threads that never rest, with its state in `dir`.
///
/// # Errors
/// `measure-seconds` outside 1 to 1,800; what keeps the bedside from starting or its session
/// from running.
pub fn measure(seconds: u32, load: usize, memory: Memory, dir: &Path) -> Result<Measured, Problem> {
    if !(1..=MOST_S).contains(&seconds) {
        return Err(Problem::new(
            "measure-seconds",
            "--measure",
            seconds.to_string(),
            "a measurement lasts 1 to 1,800 s",
            "measure for 60 s",
        ));
    }
    let grant = grant()?;
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| failed(&error.to_string()))?;
    let key = SigningKey::from_bytes(&secret);
    let table = simulated::Options::lumped(TABLE, 1);
    let mut parts = Parts::of(Box::new(SimulatedTable::new(table.clone())?));
    parts.sounder = Box::new(Bell);
    parts.memory = memory;
    let options = Options {
        socket: dir.join("socket"),
        state_dir: dir.join("state"),
        clinic_key: key.verifying_key().to_bytes(),
        speed: 1,
        table,
    };
    let socket = options.socket.clone();
    let bedside = Bedside::start_on(parts, options)?;
    let measured = under_load(load, &socket, || {
        session(&socket, &SignedGrant::sign(&grant, &key), seconds)
    });
    bedside.stop()?;
    let measured = measured.map_err(|error| failed(&error.to_string()))?;
    Ok(Measured { load, ..measured })
}

/// Does `work` while other threads take all the time they get.
fn under_load<T>(load: usize, socket: &Path, work: impl FnOnce() -> T) -> T {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..load {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    std::hint::black_box((0..10_000_u64).sum::<u64>());
                }
            });
        }
        for number in 0..LOOKERS {
            let over = &over;
            scope.spawn(move || look(socket, number, over));
        }
        let done = work();
        over.store(true, Ordering::Relaxed);
        done
    })
}

fn look(socket: &Path, number: usize, over: &AtomicBool) {
    let Ok(client) = Client::connect(socket, &format!("looker-{number}")) else {
        return;
    };
    let _ = client.subscribe(20);
    while !over.load(Ordering::Relaxed) && client.next_status(HEARTBEAT).is_ok() {}
}

fn session(socket: &Path, grant: &SignedGrant, seconds: u32) -> Result<Measured, ClientError> {
    let client = Client::connect(socket, "measure")?;
    client.take_lease()?;
    client.arm(grant)?;
    for pressed in [true, false] {
        client.simulate(Simulated::Switch { pressed })?;
        std::thread::sleep(SWITCH_PAUSE);
        client.heartbeat()?;
    }
    begin(&client)?;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(u64::from(seconds)) {
        client.heartbeat()?;
        std::thread::sleep(HEARTBEAT);
    }
    let status = client.status()?;
    client.stop()?;
    Ok(Measured {
        seconds,
        load: 0,
        memory: status.memory,
        scheduling: status.scheduling,
        guard: status.loop_figures,
        controller: status.controller_figures.unwrap_or_default(),
        alone: status.guard.unwrap_or_default(),
        lost_frames: status.ring.lost,
        latch: status.latch,
    })
}

/// Starts; a tick that came late, as under load it does, is not ready, the next one may be.
fn begin(client: &Client) -> Result<(), ClientError> {
    let mut tries = 0;
    loop {
        let started = client.start(&client.token(Purpose::Start)?);
        tries += 1;
        if started.is_ok() || tries == START_TRIES {
            return started;
        }
        client.heartbeat()?;
        std::thread::sleep(SWITCH_PAUSE);
    }
}

/// Half an hour at 100 N, for the simulated table only.
fn grant() -> Result<Grant, Problem> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now_ms = now.map_or(0, |now| i64::try_from(now.as_millis()).unwrap_or(0));
    let (force, rate) = (Newtons::of(100.0), NewtonsPerSecond::of(10.0));
    let profile = Profile::new(ProfileSpec {
        mode: Mode::Static,
        force,
        base: Newtons::of(20.0),
        ramp: rate,
        release: rate,
        hold: Seconds::of(f64::from(MOST_S)),
        rest: Seconds::of(0.0),
        cycles: 1,
        shape: Shape::NONE,
    });
    let profile = profile.map_err(|error| failed(&error.to_string()))?;
    let comfort = ComfortLimits::from_arrival(0);
    let limits = Limits::new(LimitsSpec {
        region: Region::Lumbar,
        ceiling: force,
        rate_up: rate,
        rate_down: rate,
        total_time: Ticks::from_secs(2 * MOST_S),
        travel: Metres::of(0.12),
        resume_factor: 0.75,
        comfort: comfort.ok_or_else(|| failed("nobody arrives at 0"))?,
        guarding_step: traction::limits::standard_guarding(Region::Lumbar),
    });
    Ok(Grant {
        plan_hash: [0; 32],
        session: [1; 16],
        table: TABLE,
        pseudonym: [0; 16],
        not_before_ms: now_ms - 1_000,
        expires_ms: now_ms + 3_600_000,
        nonce: [1; 16],
        profile,
        limits: limits.map_err(|error| failed(&error.to_string()))?,
        simulated_only: true,
    })
}

fn failed(why: &str) -> Problem {
    Problem::new(
        "measure-failed",
        "--measure",
        "",
        format!("the loop could not be measured: {why}"),
        "measure on a machine that has time for a session, with a folder to write to",
    )
}
