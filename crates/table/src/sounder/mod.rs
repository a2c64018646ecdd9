//! The sounder at the table: heard although no console is connected.
//!
//! A [`Sounder`] makes one burst of sound. The [`Player`] gives it a thread of its own, so
//! that one that hangs or is missing blocks nobody: what it cannot take is dropped and told.
//!
//! [`Command`] pipes a WAV to a command of the clinic's (`aplay -q -`); [`Bell`] rings the
//! terminal. Must never know: what an alarm means. Shown by `tests/sounder.rs`.

mod wav;

pub use wav::{RATE_HZ, burst};

use crate::wire::{AlarmPriority, SounderNow};
use si::Problem;
use std::io::{IsTerminal as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::{Duration, Instant};

/// Longest that one burst may take; the longest lasts less than 4 s (ours).
pub const LONGEST: Duration = Duration::from_secs(8);
/// How often a running command is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Time between the rings of a bell.
const RING_EVERY: Duration = Duration::from_millis(200);

/// Makes bursts of sound.
pub trait Sounder: Send {
    /// Its name in the status.
    fn name(&self) -> &'static str;

    /// Whether it is to be heard once when the bedside starts, so that one that is missing is
    /// known before a patient lies there.
    fn is_tried_at_start(&self) -> bool {
        true
    }

    /// Makes one burst, and returns when it is over.
    ///
    /// # Errors
    /// What kept it from being heard.
    fn sound(&mut self, priority: AlarmPriority) -> Result<(), Problem>;
}

/// Rings the terminal: as many rings as the burst has pulses. Without a terminal it is no
/// sounder, and its name says so.
#[derive(Debug, Default)]
pub struct Bell;

impl Sounder for Bell {
    fn name(&self) -> &'static str {
        if std::io::stderr().is_terminal() {
            "bell"
        } else {
            "none"
        }
    }

    fn is_tried_at_start(&self) -> bool {
        false
    }

    fn sound(&mut self, priority: AlarmPriority) -> Result<(), Problem> {
        if !std::io::stderr().is_terminal() {
            return Ok(());
        }
        for _ in 0..wav::pulses(priority) {
            let mut terminal = std::io::stderr();
            let rung = terminal.write_all(b"\x07").and_then(|()| terminal.flush());
            rung.map_err(|error| silent("bell", &error.to_string()))?;
            std::thread::sleep(RING_EVERY);
        }
        Ok(())
    }
}

/// Pipes the burst as a WAV to a command of the shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    command: String,
    longest: Duration,
}

impl Command {
    /// `command` is given to `sh -c`; the WAV is its standard input.
    #[must_use]
    pub fn new(command: impl Into<String>) -> Self {
        Self {
            command: command.into(),
            longest: LONGEST,
        }
    }

    /// The same, given up on after `longest`.
    #[must_use]
    pub fn within(self, longest: Duration) -> Self {
        Self { longest, ..self }
    }
}

impl Sounder for Command {
    fn name(&self) -> &'static str {
        "command"
    }

    fn sound(&mut self, priority: AlarmPriority) -> Result<(), Problem> {
        let failed = |why: &str| silent(&self.command, why);
        let mut child = std::process::Command::new("sh")
            .args(["-c", &self.command])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A group of its own, so that what the shell starts can be ended with it.
            .process_group(0)
            .spawn()
            .map_err(|error| failed(&error.to_string()))?;
        if let Some(mut input) = child.stdin.take() {
            let bytes = burst(priority);
            // A command that does not read leaves this thread waiting until it is ended.
            let _ = std::thread::Builder::new()
                .name("sounder-pipe".into())
                .spawn(move || input.write_all(&bytes));
        }
        match ended(&mut child, self.longest) {
            Some(true) => Ok(()),
            Some(false) => Err(failed("the command failed")),
            None => Err(failed("the command did not end and was ended")),
        }
    }
}

/// Whether a command succeeded; nothing if it had to be ended with all it had started.
fn ended(child: &mut Child, longest: Duration) -> Option<bool> {
    let begun = Instant::now();
    while begun.elapsed() < longest {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) => std::thread::sleep(LOOK_EVERY),
            Err(_) => return Some(false),
        }
    }
    let group = i32::try_from(child.id()).ok();
    if let Some(group) = group.and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.wait();
    None
}

fn silent(what: &str, why: &str) -> Problem {
    Problem::new(
        "sounder",
        "sounder",
        what,
        format!("the sounder at the table was not heard: {why}"),
        "mend the command given with --sounder, and the loudspeaker; consoles still show and sound",
    )
}

/// What is known of the sounder.
#[derive(Debug)]
struct Shared {
    origin: Instant,
    /// When the burst that is being made began, ms; [`IDLE`] between bursts.
    began_ms: AtomicU64,
    failed: AtomicBool,
    heard: AtomicU64,
    name: &'static str,
}

const IDLE: u64 = u64::MAX;

impl Shared {
    fn now_ms(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// A sounder in a thread of its own.
#[derive(Clone, Debug)]
pub struct Player {
    sender: SyncSender<AlarmPriority>,
    shared: Arc<Shared>,
}

impl Player {
    /// Starts the thread. It ends with the last clone of the player, or never where its
    /// sounder hangs: nobody waits for it.
    ///
    /// # Errors
    /// The system's, if no thread can be started.
    pub fn start(sounder: Box<dyn Sounder>) -> std::io::Result<Self> {
        let (sender, bursts) = std::sync::mpsc::sync_channel(1);
        let shared = Arc::new(Shared {
            origin: Instant::now(),
            began_ms: AtomicU64::new(IDLE),
            failed: AtomicBool::new(false),
            heard: AtomicU64::new(0),
            name: sounder.name(),
        });
        let tried = sounder.is_tried_at_start();
        let told = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("sounder".into())
            .spawn(move || play(sounder, &bursts, &told))?;
        let player = Self { sender, shared };
        if tried {
            player.play(AlarmPriority::Low);
        }
        Ok(player)
    }

    /// Hands over a burst. Never waits: one more than is being made is kept, others are dropped.
    pub fn play(&self, priority: AlarmPriority) {
        let _ = self.sender.try_send(priority);
    }

    /// Whether the last burst failed or the present one does not end.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        let began = self.shared.began_ms.load(Ordering::SeqCst);
        let longest = u64::try_from(LONGEST.as_millis()).unwrap_or(u64::MAX);
        let hangs = began != IDLE && self.shared.now_ms().saturating_sub(began) > longest + 1_000;
        hangs || self.shared.failed.load(Ordering::SeqCst)
    }

    /// As a status tells it.
    #[must_use]
    pub fn now(&self) -> SounderNow {
        SounderNow {
            name: self.shared.name.to_owned(),
            heard: self.shared.heard.load(Ordering::SeqCst),
            failing: self.is_failing(),
        }
    }
}

fn play(mut sounder: Box<dyn Sounder>, bursts: &Receiver<AlarmPriority>, told: &Shared) {
    while let Ok(priority) = bursts.recv() {
        told.began_ms.store(told.now_ms(), Ordering::SeqCst);
        let heard = sounder.sound(priority).is_ok();
        told.failed.store(!heard, Ordering::SeqCst);
        told.heard.fetch_add(u64::from(heard), Ordering::SeqCst);
        told.began_ms.store(IDLE, Ordering::SeqCst);
    }
}
