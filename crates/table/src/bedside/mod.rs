//! The bedside process: the loop beside its table, with a socket for consoles.
//!
//! ```text
//! console ─ socket ─ door ─ desk ─┬─ orders (queue), STOP (flag) ─▶ motion ─▶ table
//!                                 └─ lease, tokens, nonces            │
//! console ◀──── status ─── view ◀─────────── copied out ──────────────┤
//! disk ◀── recorder ◀──────────────── bounded ring ───────────────────┤
//! sounder ◀── alarms (50 ms) ◀─────── bits in an atomic ──────────────┘
//! ```
//!
//! In real time a second guard has a thread, a clock and a copy of the sensors of its own,
//! alone commands the drive and feeds its watchdog, and can only lower what the session's
//! thread commands (`bedside::guard`). At simulated speeds one thread calls controller and guard, as
//! replay and campaign do. What survives the death of this process is the drive's watchdog.

mod alarms;
mod arming;
mod asking;
mod bench;
mod bulk;
mod desk;
mod door;
mod evidence;
mod guard;
mod jitter;
mod link;
mod lowering;
mod measure;
mod memory;
mod motion;
mod refusals;
mod scheduling;
mod stopping;
mod urgent;
mod view;

pub use asking::{ANSWER_TICKS, ASK_TICKS, Asking, Unanswered, unanswered};
pub use evidence::{Disks, Files};
pub use jitter::{Jitter, MISSED};
pub use measure::{Measured, measure};
pub use memory::{Memory, lock as lock_memory};

use crate::Table;
use crate::blackbox::{Recorder, Sessions, recover};
use crate::nonce::Nonces;
use crate::simulated::{self, SimulatedTable};
use crate::sounder::{Bell, Player, Sounder};
use alarms::Alarms;
use bench::{Bench, Guarded};
use desk::{Desk, Setup};
use ed25519_dalek::VerifyingKey;
use evidence::{Evidence, Means};
use guard::Guard;
use link::{Link, Orders};
use motion::Motion;
use rustix::fs::{FlockOperation, flock};
use si::Problem;
use std::fs::File;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use view::View;

/// The speeds of a simulated table; a real one has only the first.
pub const SPEEDS: [u32; 3] = [1, 10, 60];
/// How long the end of the process waits for the disk.
const LAST_WRITES: Duration = Duration::from_secs(5);
/// How long the end of the process waits for each thread of the loop: a release and a half.
const LET_GO_WITHIN: Duration = Duration::from_secs(8);
/// How often alarms are looked at; one is heard within 2 s (devices.md §4b.13).
const ALARM_PAUSE: Duration = Duration::from_millis(50);
/// How often the main thread looks for a signal.
const SIGNAL_PAUSE: Duration = Duration::from_millis(10);

/// What a bedside process is started with.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Its Unix socket.
    pub socket: PathBuf,
    /// Where nonces and recordings are kept.
    pub state_dir: PathBuf,
    /// The clinic's Ed25519 public key.
    pub clinic_key: [u8; 32],
    /// Simulated seconds a wall second: 1, 10 or 60.
    pub speed: u32,
    /// The simulated table.
    pub table: simulated::Options,
}

/// Something that a thread does beside its work.
pub type Hook = Box<dyn FnMut() + Send>;

/// What a bedside runs with.
pub struct Parts {
    /// The table.
    pub table: Box<dyn Table>,
    /// What makes alarms heard beside it.
    pub sounder: Box<dyn Sounder>,
    /// Where recordings are made.
    pub disks: Box<dyn Disks>,
    /// How much of the process's memory was locked before any thread started.
    pub memory: Memory,
    /// Called by the session's thread once a wake-up: a test makes it hang.
    pub each_tick: Option<Hook>,
}

impl Parts {
    /// A table, the terminal's bell, and files.
    #[must_use]
    pub fn of(table: Box<dyn Table>) -> Self {
        Self {
            table,
            sounder: Box::new(Bell),
            disks: Box::new(Files),
            memory: Memory::Unlocked,
            each_tick: None,
        }
    }
}

/// A bedside that runs. Dropping it unloads as [`Bedside::stop`] does.
pub struct Bedside {
    link: Arc<Link>,
    desk: Arc<Desk>,
    motion: Option<JoinHandle<()>>,
    /// In real time only.
    guard: Option<JoinHandle<()>>,
    door: Option<JoinHandle<()>>,
    alarms: Option<JoinHandle<()>>,
    shut: Arc<AtomicBool>,
    socket: PathBuf,
    /// Held while the process lives: one bedside a state directory.
    _lock: File,
}

/// Runs a bedside with a simulated table until SIGTERM or SIGINT, then unloads and returns.
///
/// `ready` is called once the socket answers.
///
/// # Errors
/// What keeps it from starting, with place, value and remedy.
pub fn serve(options: Options, ready: impl FnOnce()) -> Result<(), Problem> {
    let memory = lock_memory();
    let table = SimulatedTable::new(options.table.clone())?;
    let parts = Parts {
        memory,
        ..Parts::of(Box::new(table))
    };
    serve_on(parts, options, ready)
}

/// The same with parts of the caller's; of the options' table only the seed is recorded.
///
/// # Errors
/// What keeps it from starting, with place, value and remedy.
pub fn serve_on(parts: Parts, options: Options, ready: impl FnOnce()) -> Result<(), Problem> {
    if parts.memory != Memory::Locked && !parts.table.info().simulated {
        return Err(unlocked(parts.memory));
    }
    let ended = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGTERM, signal_hook::consts::SIGINT] {
        signal_hook::flag::register(signal, Arc::clone(&ended))
            .map_err(|error| system("signals", &error))?;
    }
    let bedside = Bedside::start_on(parts, options)?;
    ready();
    while !ended.load(Ordering::Relaxed) && bedside.is_alive() {
        std::thread::sleep(SIGNAL_PAUSE);
    }
    bedside.stop()
}

impl Bedside {
    /// Starts with the simulated table of the options.
    ///
    /// # Errors
    /// What keeps it from starting.
    pub fn start(options: Options) -> Result<Self, Problem> {
        let table = SimulatedTable::new(options.table.clone())?;
        Self::start_on(Parts::of(Box::new(table)), options)
    }

    /// Starts with parts of the caller's; of the options' table only the seed is recorded.
    ///
    /// # Errors
    /// What keeps it from starting.
    pub fn start_on(parts: Parts, options: Options) -> Result<Self, Problem> {
        let Parts {
            table,
            sounder,
            disks,
            memory,
            each_tick,
        } = parts;
        check_speed(options.speed, table.info().simulated)?;
        let key = VerifyingKey::from_bytes(&options.clinic_key).map_err(|_| bad_key(&options))?;
        let dir = options.state_dir.clone();
        let lock = lock_dir(&dir)?;
        let link = Arc::new(Link::new());
        let nonces = Nonces::open(&dir, link.unix_ms())?;
        let (sessions, recorder) = open_recordings(&dir)?;
        let listener = door::bind(&options.socket)?;
        let (orders, queue) = Orders::new();
        let view = Arc::new(Mutex::new(View::default()));
        let info = table.info().clone();
        let alarms = Arc::new(Alarms::default());
        let shared = (Arc::clone(&link), Arc::clone(&view), Arc::clone(&alarms));
        let (bench, guard) = split(table, options.speed, &link);
        let how = (options.speed, each_tick);
        let motion = Motion::new(bench, queue, shared, recorder.ring(), how);
        let means = Means {
            nonces,
            recorder: Arc::clone(&recorder),
            disks,
            dir,
            orders: orders.clone(),
        };
        let (evidence, keeper) = Evidence::new(means);
        // Left alone at the end: a disk that hangs keeps it, and nobody waits for it.
        spawn("evidence", move || keeper.run())?;
        let setup = Setup {
            info,
            key,
            seed: options.table.seed,
            speed: options.speed,
            memory,
        };
        let wires = (Arc::clone(&link), orders);
        let player = Player::start(sounder).map_err(|error| system("threads", &error))?;
        let shown = (view, alarms, player);
        let desk = Arc::new(Desk::new(
            setup,
            wires,
            shown,
            (evidence, recorder, sessions),
        ));
        let shut = Arc::new(AtomicBool::new(false));
        let guard = guard.map(|guard| spawn("guard", move || guard.run()));
        let guard = guard.transpose()?;
        let motion = spawn("loop", move || motion.run())?;
        let (at_alarms, ended) = (Arc::clone(&desk), Arc::clone(&shut));
        let alarms = spawn("alarms", move || sound_alarms(&at_alarms, &ended))?;
        let (at_door, closed) = (Arc::clone(&desk), Arc::clone(&shut));
        let door = spawn("door", move || door::accept(&listener, &at_door, &closed))?;
        Ok(Self {
            link,
            desk,
            motion: Some(motion),
            guard,
            door: Some(door),
            alarms: Some(alarms),
            shut,
            socket: options.socket,
            _lock: lock,
        })
    }

    /// Unloads, closes the recording, removes the socket.
    ///
    /// # Errors
    /// `loop-died` if the loop had panicked; the drive's watchdog has unloaded then.
    pub fn stop(mut self) -> Result<(), Problem> {
        if self.finish() {
            Ok(())
        } else {
            Err(loop_died())
        }
    }

    fn is_alive(&self) -> bool {
        let runs = |thread: &JoinHandle<()>| !thread.is_finished();
        self.motion.as_ref().is_some_and(runs) && self.guard.as_ref().is_none_or(runs)
    }

    /// Unloads and ends every thread, once; false if the loop had died.
    fn finish(&mut self) -> bool {
        let Some(motion) = self.motion.take() else {
            return true;
        };
        self.link.close();
        let mut lived = ended(motion);
        if let Some(guard) = self.guard.take() {
            lived &= ended(guard);
        }
        self.desk.finish_recording(LAST_WRITES);
        self.shut.store(true, Ordering::Relaxed);
        let _ = self.door.take().map(JoinHandle::join);
        let _ = self.alarms.take().map(JoinHandle::join);
        let _ = std::fs::remove_file(&self.socket);
        lived
    }
}

impl Drop for Bedside {
    fn drop(&mut self) {
        self.finish();
    }
}

/// The list of sessions, after closing what a power cut left open, and the writer of more.
fn open_recordings(dir: &Path) -> Result<(Arc<Mutex<Sessions>>, Arc<Recorder>), Problem> {
    let mut sessions = Sessions::open(dir)?;
    recover(&mut sessions)?;
    let sessions = Arc::new(Mutex::new(sessions));
    let recorder = Recorder::start(Arc::clone(&sessions));
    let recorder = recorder.map_err(|error| system("threads", &error))?;
    Ok((sessions, Arc::new(recorder)))
}

/// In real time the table goes to the guard's thread; else the session's thread has both.
fn split(table: Box<dyn Table>, speed: u32, link: &Arc<Link>) -> (Bench, Option<Guard>) {
    if speed != 1 {
        return (Bench::Own(table), None);
    }
    let (guarded, ends) = Guarded::of(table.as_ref());
    let guard = Guard::new(table, ends, Arc::clone(link));
    (Bench::Guarded(Box::new(guarded)), Some(guard))
}

/// Whether a thread ended, and not by a panic; one that hangs is left behind.
fn ended(thread: JoinHandle<()>) -> bool {
    let since = Instant::now();
    while !thread.is_finished() {
        if since.elapsed() > LET_GO_WITHIN {
            return false;
        }
        std::thread::sleep(SIGNAL_PAUSE);
    }
    thread.join().is_ok()
}

/// Looks at the alarms until `ended`; a sounder that hangs does not hold it up.
fn sound_alarms(desk: &Desk, ended: &AtomicBool) {
    while !ended.load(Ordering::Relaxed) {
        desk.sound_alarms();
        std::thread::sleep(ALARM_PAUSE);
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Problem> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(run)
        .map_err(|error| system("threads", &error))
}

fn check_speed(speed: u32, simulated: bool) -> Result<(), Problem> {
    if SPEEDS.contains(&speed) && (simulated || speed == 1) {
        return Ok(());
    }
    Err(Problem::new(
        "speed",
        "speed",
        speed.to_string(),
        "a simulated table runs at 1, 10 or 60 times real time, a real one at 1",
        "use --speed 1",
    ))
}

/// Makes the state directory, private, and takes it for this process alone.
fn lock_dir(dir: &Path) -> Result<File, Problem> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|error| unusable(dir, &error))?;
    let lock = File::create(dir.join("lock")).map_err(|error| unusable(dir, &error))?;
    flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(|_| {
        Problem::new(
            "state-taken",
            dir.display().to_string(),
            "",
            "another bedside keeps its state here",
            "stop the other bedside or choose another --state directory",
        )
    })?;
    Ok(lock)
}

fn unusable(dir: &Path, error: &std::io::Error) -> Problem {
    Problem::new(
        "state-unusable",
        dir.display().to_string(),
        "",
        format!("the state directory cannot be used: {error}"),
        "choose a --state directory that this user can write to",
    )
}

fn bad_key(options: &Options) -> Problem {
    Problem::new(
        "clinic-key",
        "clinic_key",
        hex::encode(options.clinic_key),
        "the bytes are not an Ed25519 public key",
        "give the bedside the public key that the clinic's server wrote",
    )
}

fn system(place: &str, error: &std::io::Error) -> Problem {
    Problem::new(
        "system",
        place,
        "",
        error.to_string(),
        "mend the system of the bedside and start it again",
    )
}

fn unlocked(memory: Memory) -> Problem {
    Problem::new(
        "memory-unlocked",
        "bedside",
        memory.as_str(),
        "the memory of the bedside may be swapped out, and a real table does not wait for a disk",
        "give the process CAP_IPC_LOCK or an unlimited RLIMIT_MEMLOCK (LimitMEMLOCK=infinity)",
    )
}

fn loop_died() -> Problem {
    Problem::new(
        "loop-died",
        "bedside",
        "",
        "the loop ended by itself; the drive's watchdog has released the patient",
        "keep the recording and report the fault; take the table out of use",
    )
}
