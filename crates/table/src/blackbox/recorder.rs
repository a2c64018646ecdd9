//! The thread that writes recordings, and the ring that feeds it.
//!
//! The loop only ever tries to put a frame into a bounded ring of
//! [`RING_FRAMES`]; a slow, full or dead disk fills the ring and then costs
//! frames, which are counted, never time (H24, devices.md §4b.12). What is
//! written is synced at least every [`SYNC_EVERY`].

use super::format::{End, Header};
use super::tape::{Disk, SYNC_EVERY, Tape};
use super::{Sessions, file_name};
use crate::nonce::sync_parent;
use crate::wire::{GuardFigures, RingFigures};
use si::Problem;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Bytes of one frame.
pub const FRAME_BYTES: usize = traction::frame::Frame::BYTES;
/// Frames the ring holds: 240 s at real time (the least is 60 s, devices.md
/// §4b.12), 24 s of wall time at 10×, 4 s at 60×.
pub const RING_FRAMES: usize = 24_000;
/// Wait before a failed write or sync is tried again.
const RETRY_AFTER: Duration = Duration::from_millis(100);
/// Wait before a session that could not be listed is listed again.
const LIST_AFTER: Duration = Duration::from_secs(1);
/// Frames taken from the ring between two writes.
const BATCH: usize = 512;

const _: () = assert!(
    RING_FRAMES >= 6_000,
    "the ring holds at least 60 s of ticks"
);

enum Item {
    Open(Box<Recording>),
    Frame([u8; FRAME_BYTES]),
    End(End, Option<GuardFigures>),
    Leave,
}

/// A recording being written.
struct Recording {
    tape: Tape,
    session: [u8; 16],
}

#[derive(Default)]
struct Shared {
    sent: AtomicU64,
    taken: AtomicU64,
    lost: AtomicU64,
    written: AtomicU64,
    failing: AtomicBool,
    leaving: AtomicBool,
}

/// The loop's end of the ring.
pub struct Ring {
    sender: SyncSender<Item>,
    shared: Arc<Shared>,
    lost: u64,
    unsent_end: Option<(End, Option<GuardFigures>)>,
}

impl Ring {
    /// Records one tick, or counts it as lost. Never waits.
    pub fn push(&mut self, frame: [u8; FRAME_BYTES]) {
        if self.sender.try_send(Item::Frame(frame)).is_ok() {
            self.shared.sent.fetch_add(1, Ordering::Relaxed);
        } else {
            self.lost += 1;
            self.shared.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Closes the recording; where the ring is full, as soon as [`Self::poll`] finds room.
    pub fn end(&mut self, completed: bool, reason: &str) {
        self.end_guarded(completed, reason, None);
    }

    /// The same of a session beside which a second guard ran, with what that did by itself.
    pub fn end_guarded(&mut self, completed: bool, reason: &str, guard: Option<GuardFigures>) {
        let end = End {
            completed,
            lost: std::mem::take(&mut self.lost),
            reason: reason.to_owned(),
        };
        self.unsent_end = Some((end, guard));
        self.poll();
    }

    /// Tries again to close a recording; true when nothing is waiting.
    pub fn poll(&mut self) -> bool {
        if let Some((end, guard)) = self.unsent_end.take() {
            match self.sender.try_send(Item::End(end, guard)) {
                Err(TrySendError::Full(Item::End(end, guard))) => {
                    self.unsent_end = Some((end, guard));
                }
                _ => return true,
            }
        }
        self.unsent_end.is_none()
    }
}

/// The writer's handle.
pub struct Recorder {
    sender: SyncSender<Item>,
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

impl Recorder {
    /// Starts the writer; what it closes it adds to `sessions`.
    ///
    /// # Errors
    /// The system's, if no thread can be started.
    pub fn start(sessions: Arc<Mutex<Sessions>>) -> std::io::Result<Self> {
        let (sender, receiver) = std::sync::mpsc::sync_channel(RING_FRAMES);
        let shared = Arc::new(Shared::default());
        let writer = Writer {
            receiver,
            shared: Arc::clone(&shared),
            sessions,
            open: None,
            unlisted: Vec::new(),
            listed: Instant::now(),
            begun: Instant::now(),
        };
        let thread = std::thread::Builder::new()
            .name("black-box".into())
            .spawn(move || writer.run())?;
        Ok(Self {
            sender,
            shared,
            thread,
        })
    }

    /// The loop's end of the ring.
    #[must_use]
    pub fn ring(&self) -> Ring {
        Ring {
            sender: self.sender.clone(),
            shared: Arc::clone(&self.shared),
            lost: 0,
            unsent_end: None,
        }
    }

    /// Creates the recording of a session under `dir`; its header is on disk when this returns.
    ///
    /// # Errors
    /// `recording-unwritable`: the session must not start without its black box.
    pub fn open(&self, dir: &Path, header: &Header) -> Result<(), Problem> {
        let path = dir.join(file_name(&header.session));
        let file = OpenOptions::new()
            .create_new(true)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(|error| unwritable(&path, &error))?;
        self.open_on(Box::new(file), header)
            .and_then(|()| sync_parent(&path).map_err(|error| unwritable(&path, &error)))
            .map_err(|problem| problem.within(&path.display().to_string()))
    }

    /// Like [`Self::open`], on a disk of the caller's choice.
    ///
    /// # Errors
    /// `recording-unwritable`.
    pub fn open_on(&self, disk: Box<dyn Disk>, header: &Header) -> Result<(), Problem> {
        let tape = Tape::start(disk, header)
            .map_err(|error| unwritable(Path::new("recording"), &error))?;
        let recording = Recording {
            tape,
            session: header.session,
        };
        self.sender
            .try_send(Item::Open(Box::new(recording)))
            .map_err(|_| {
                unwritable(
                    Path::new("recording"),
                    &std::io::Error::other("the writer is behind"),
                )
            })
    }

    /// How the black box keeps up.
    #[must_use]
    pub fn figures(&self) -> RingFigures {
        let sent = self.shared.sent.load(Ordering::Relaxed);
        let taken = self.shared.taken.load(Ordering::Relaxed);
        RingFigures {
            waiting: sent.saturating_sub(taken),
            lost: self.shared.lost.load(Ordering::Relaxed),
            written: self.shared.written.load(Ordering::Relaxed),
            failing: self.shared.failing.load(Ordering::Relaxed),
        }
    }

    /// Writes out what is in the ring and ends the thread; waits for it at most `within`.
    /// A disk that fails now is given up on at once, one that hangs is left hanging.
    pub fn finish(&self, within: Duration) {
        let deadline = Instant::now() + within;
        self.shared.leaving.store(true, Ordering::Relaxed);
        let mut told = false;
        while !self.thread.is_finished() && Instant::now() < deadline {
            told = told || self.sender.try_send(Item::Leave).is_ok();
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

struct Writer {
    receiver: Receiver<Item>,
    shared: Arc<Shared>,
    sessions: Arc<Mutex<Sessions>>,
    open: Option<Box<Recording>>,
    /// Sessions whose recording is closed and which the list does not have yet.
    unlisted: Vec<([u8; 16], Option<GuardFigures>)>,
    listed: Instant,
    begun: Instant,
}

impl Writer {
    fn run(mut self) {
        loop {
            let more = self.take_batch();
            self.save(!more);
            if !self.unlisted.is_empty() && self.listed.elapsed() >= LIST_AFTER {
                self.list();
            }
            if !more {
                return;
            }
        }
    }

    /// Takes what the ring holds, waiting a little for the first; false once it is closed and empty.
    fn take_batch(&mut self) -> bool {
        match self.receiver.recv_timeout(SYNC_EVERY / 2) {
            Ok(Item::Leave) | Err(RecvTimeoutError::Disconnected) => return false,
            Ok(item) => self.handle(item),
            Err(RecvTimeoutError::Timeout) => return true,
        }
        for _ in 0..BATCH {
            match self.receiver.try_recv() {
                Ok(Item::Leave) | Err(TryRecvError::Disconnected) => return false,
                Ok(item) => self.handle(item),
                Err(TryRecvError::Empty) => return true,
            }
        }
        true
    }

    fn handle(&mut self, item: Item) {
        match item {
            Item::Open(recording) => {
                self.save(true);
                self.open = Some(recording);
            }
            Item::Frame(frame) => {
                self.shared.taken.fetch_add(1, Ordering::Relaxed);
                if let Some(open) = &mut self.open {
                    open.tape.take(&frame);
                }
            }
            Item::End(end, guard) => self.close(&end, guard),
            Item::Leave => {}
        }
    }

    fn close(&mut self, end: &End, guard: Option<GuardFigures>) {
        let Some(mut open) = self.open.take() else {
            return;
        };
        open.tape.close(end);
        let session = open.session;
        self.open = Some(open);
        self.save(true);
        self.open = None;
        self.unlisted.push((session, guard));
        self.list();
    }

    /// Lists what is closed; what the disk refuses stays to be tried again.
    fn list(&mut self) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        self.unlisted.retain(|(session, guard)| {
            let path = sessions.path(session);
            std::fs::read(path)
                .and_then(|bytes| sessions.add(session, &bytes, *guard))
                .is_err()
        });
        let failing = !self.unlisted.is_empty();
        self.shared.failing.store(failing, Ordering::Relaxed);
        self.listed = Instant::now();
    }

    /// Writes what is encoded, again and again while the disk fails: the ring holds the rest.
    fn save(&mut self, all: bool) {
        let now = self.begun.elapsed();
        let Some(open) = &mut self.open else { return };
        let keep = if all { Tape::keep_all } else { Tape::keep };
        while let Err(_error) = keep(&mut open.tape, now) {
            self.shared.failing.store(true, Ordering::Relaxed);
            if self.shared.leaving.load(Ordering::Relaxed) {
                return;
            }
            std::thread::sleep(RETRY_AFTER);
        }
        self.shared.failing.store(false, Ordering::Relaxed);
        if let Some(durable) = open.tape.durable() {
            self.shared.written.store(durable, Ordering::Relaxed);
        }
    }
}

/// The refusal where a recording cannot be made or written.
pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(
        "recording-unwritable",
        path.display().to_string(),
        "",
        format!("the black box cannot be written: {error}"),
        "free space or mend the permissions of the state directory; no session starts without its black box",
    )
}
