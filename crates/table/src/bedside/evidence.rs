//! What must be on disk before a session may move: its spent nonce and its recording's header.
//!
//! A thread of its own does it, so that a disk that hangs holds up no connection, no lock and
//! no loop. Who arms waits at most [`WITHIN`]; while the disk still hangs, the next arming is
//! refused at once. A recording that was opened too late for whoever asked is closed again.

use super::link::{Order, Orders};
use super::refusals;
use crate::blackbox::{Disk, Header, Recorder, file_name, unwritable};
use crate::nonce::{Nonce, Nonces, sync_parent};
use si::Problem;
use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use traction::grant::Grant;

/// How long who arms waits for the disk: shorter than a client waits for its answer (ours).
const WITHIN: Duration = Duration::from_secs(3);
/// A write that takes longer hangs (ours): ten times the longest wait between two syncs.
const HANGS: Duration = Duration::from_secs(1);
/// No write is under way.
const IDLE: u64 = u64::MAX;

/// Where recordings are made: files, or in tests disks that fail.
pub trait Disks: Send {
    /// Makes a new recording at `path`; an old one is never replaced.
    ///
    /// # Errors
    /// The disk's.
    fn create(&mut self, path: &Path) -> std::io::Result<Box<dyn Disk>>;
}

/// Files that only this user reads.
#[derive(Debug, Default)]
pub struct Files;

impl Disks for Files {
    fn create(&mut self, path: &Path) -> std::io::Result<Box<dyn Disk>> {
        let file = OpenOptions::new()
            .create_new(true)
            .write(true)
            .mode(0o600)
            .open(path)?;
        sync_parent(path)?;
        Ok(Box::new(file))
    }
}

/// Since when a disk has been busy with one write.
#[derive(Debug)]
struct Watch {
    origin: Instant,
    began_ms: AtomicU64,
}

impl Watch {
    fn new() -> Self {
        Self {
            origin: Instant::now(),
            began_ms: AtomicU64::new(IDLE),
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        self.began_ms.store(self.now_ms(), Ordering::SeqCst);
        let done = work();
        self.began_ms.store(IDLE, Ordering::SeqCst);
        done
    }

    fn hangs(&self) -> bool {
        let began = self.began_ms.load(Ordering::SeqCst);
        let limit = u64::try_from(HANGS.as_millis()).unwrap_or(u64::MAX);
        began != IDLE && self.now_ms().saturating_sub(began) > limit
    }
}

/// A disk that tells when it is stuck.
struct Watched {
    disk: Box<dyn Disk>,
    watch: Arc<Watch>,
}

impl Disk for Watched {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> std::io::Result<()> {
        let Self { disk, watch } = self;
        watch.during(|| disk.write_at(bytes, offset))
    }

    fn sync(&mut self) -> std::io::Result<()> {
        let Self { disk, watch } = self;
        watch.during(|| disk.sync())
    }
}

/// What is to be kept, and where the answer goes.
struct Job {
    grant: Box<Grant>,
    header: Box<Header>,
    answer: SyncSender<Result<(), Problem>>,
}

/// What the thread works with.
pub(super) struct Means {
    pub(super) nonces: Nonces,
    pub(super) recorder: Arc<Recorder>,
    pub(super) disks: Box<dyn Disks>,
    pub(super) dir: PathBuf,
    pub(super) orders: Orders,
}

/// What both ends know.
struct Known {
    /// Whether a job is under way.
    busy: AtomicBool,
    writes: Arc<Watch>,
    /// Nonces that are surely spent; the list on disk has the last word.
    spent: Mutex<BTreeSet<Nonce>>,
}

/// The desk's end.
pub(super) struct Evidence {
    jobs: SyncSender<Job>,
    known: Arc<Known>,
}

/// The thread's end.
pub(super) struct Keeper {
    jobs: Receiver<Job>,
    known: Arc<Known>,
    means: Means,
}

impl Evidence {
    /// The two ends; the second is to [`Keeper::run`] in a thread.
    pub(super) fn new(means: Means) -> (Self, Keeper) {
        let (sender, jobs) = std::sync::mpsc::sync_channel(1);
        let known = Arc::new(Known {
            busy: AtomicBool::new(false),
            writes: Arc::new(Watch::new()),
            spent: Mutex::new(means.nonces.spent().copied().collect()),
        });
        let evidence = Self {
            jobs: sender,
            known: Arc::clone(&known),
        };
        (evidence, Keeper { jobs, known, means })
    }

    /// Whether a nonce is known to be spent.
    pub(super) fn is_spent(&self, nonce: &Nonce) -> bool {
        lock(&self.known.spent).contains(nonce)
    }

    /// Whether a write to the black box, or the keeping of a nonce, does not end.
    pub(super) fn hangs(&self) -> bool {
        self.known.writes.hangs()
    }

    /// Keeps the nonce and opens the recording, or says why not.
    pub(super) fn keep(&self, grant: &Grant, header: Header) -> Result<(), Problem> {
        if self.hangs() || self.known.busy.swap(true, Ordering::SeqCst) {
            return Err(refusals::disk_silent());
        }
        let (answer, answered) = std::sync::mpsc::sync_channel(0);
        let job = Job {
            grant: Box::new(*grant),
            header: Box::new(header),
            answer,
        };
        self.jobs
            .try_send(job)
            .map_err(|_| refusals::disk_silent())?;
        answered
            .recv_timeout(WITHIN)
            .map_err(|_| refusals::disk_silent())?
    }
}

impl Keeper {
    /// Until the desk is gone.
    pub(super) fn run(mut self) {
        while let Ok(job) = self.jobs.recv() {
            let kept = self.keep(&job);
            let opened = kept.is_ok();
            // Free before the answer is known: who hears it may arm again at once.
            self.known.busy.store(false, Ordering::SeqCst);
            if job.answer.send(kept).is_err() && opened {
                let _ = self.means.orders.post(Order::Abandon);
            }
        }
    }

    fn keep(&mut self, job: &Job) -> Result<(), Problem> {
        let (grant, means) = (&job.grant, &mut self.means);
        let path = means.dir.join(file_name(&job.header.session));
        means.nonces.spend(grant.nonce, grant.expires_ms)?;
        lock(&self.known.spent).insert(grant.nonce);
        let disk = means.disks.create(&path);
        let disk = disk.map_err(|error| unwritable(&path, &error))?;
        let watch = Arc::clone(&self.known.writes);
        let opened = means
            .recorder
            .open_on(Box::new(Watched { disk, watch }), &job.header);
        opened.map_err(|problem| problem.within(&path.display().to_string()))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
