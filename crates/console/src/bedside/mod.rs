//! The link to the table: what it says, what it is told, what it recorded.
//!
//! Two threads of their own speak to the bedside: one receives its status, one
//! sends the heartbeat, and only while the pages' own runtime is alive. A task
//! fetches every session that ended, also those that ended while this server
//! was down, and appends each exactly once.

mod catch_up;
mod heed;
mod link;
mod summary;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use si::Problem;
use table::client::{Client, ClientError};
use table::wire::Status;
use tokio::sync::{Notify, watch};

use crate::clinic::Clinic;

pub(crate) use catch_up::recording;
pub use catch_up::{KINDS, keep};
pub use summary::summary;

/// Statuses a second.
const HZ: u8 = 10;
/// How often the heartbeat is sent while in control.
const HEARTBEAT: Duration = Duration::from_millis(250);
/// The pages' runtime counts as dead after this long without its own sign of life.
const LIFE: Duration = Duration::from_millis(1000);

/// What the table said last.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// Its status; none before the first.
    pub status: Option<Status>,
    /// Whether the connection stands.
    pub connected: bool,
    /// Whether this server controls the table.
    pub in_control: bool,
}

/// One point of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Seconds since arming, in session time.
    pub t: f64,
    /// Tension, N; none where no cell answered.
    pub force: Option<f64>,
    /// Set-point, N.
    pub set: f64,
    /// Ceiling, N.
    pub ceiling: f64,
    /// Seconds the session is expected to take.
    pub total: f64,
}

/// A handle to the link; clones share it.
#[derive(Clone)]
pub struct Bedside {
    shared: Arc<Shared>,
}

struct Shared {
    socket: PathBuf,
    client: Mutex<Option<Arc<Client>>>,
    live: watch::Sender<Live>,
    curve: Mutex<Curve>,
    started: Instant,
    alive_ms: AtomicU64,
    stop: AtomicBool,
    news: Notify,
}

#[derive(Default)]
struct Curve {
    session: Option<String>,
    points: Vec<Point>,
}

impl std::fmt::Debug for Bedside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bedside")
            .field("socket", &self.shared.socket)
            .finish_non_exhaustive()
    }
}

impl Bedside {
    /// Starts the link; the bedside may come later, or go and come back.
    #[must_use]
    pub fn start(socket: PathBuf, clinic: &Arc<Clinic>) -> Self {
        let shared = Arc::new(Shared {
            socket,
            client: Mutex::new(None),
            live: watch::Sender::new(Live::default()),
            curve: Mutex::new(Curve::default()),
            started: Instant::now(),
            alive_ms: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            news: Notify::new(),
        });
        link::spawn(&shared);
        tokio::spawn(breathe(Arc::clone(&shared)));
        let bedside = Self { shared };
        tokio::spawn(catch_up::run(bedside.clone(), Arc::clone(clinic)));
        tokio::spawn(heed::run(bedside.clone(), clinic.warnings()));
        bedside
    }

    /// What the table said last.
    #[must_use]
    pub fn live(&self) -> Live {
        self.shared.live.borrow().clone()
    }

    /// Follows what the table says.
    #[must_use]
    pub fn follow(&self) -> watch::Receiver<Live> {
        self.shared.live.subscribe()
    }

    /// Points of the curve of the present session from the `after`-th on, and how many there are.
    #[must_use]
    pub fn points(&self, after: usize) -> (Vec<Point>, usize) {
        let curve = lock(&self.shared.curve);
        let from = if after > curve.points.len() { 0 } else { after };
        (curve.points[from..].to_vec(), curve.points.len())
    }

    /// The table's id, once it was met.
    #[must_use]
    pub fn table(&self) -> Option<([u8; 16], bool)> {
        lock(&self.shared.client)
            .as_ref()
            .map(|client| (client.welcome().table, client.welcome().simulated))
    }

    /// The most force its hardware can make, N.
    #[must_use]
    pub fn ceiling_n(&self) -> Option<f64> {
        lock(&self.shared.client)
            .as_ref()
            .map(|client| client.welcome().hardware_ceiling_n)
    }

    /// Whether the table pulls somebody, as far as it was heard.
    #[must_use]
    pub fn pulls(&self) -> bool {
        let live = self.live();
        let status = live.status.filter(|_| live.connected);
        status.is_some_and(|status| {
            status.session.is_some() && !heed::STILL.contains(&status.stage.as_str())
        })
    }

    /// Speaks to the table off the async threads.
    pub async fn call<T: Send + 'static>(
        &self,
        speak: impl FnOnce(&Client) -> Result<T, ClientError> + Send + 'static,
    ) -> Result<T, Problem> {
        let client = lock(&self.shared.client).clone().ok_or_else(unreachable)?;
        let answer = tokio::task::spawn_blocking(move || speak(&client)).await;
        answer
            .map_err(|_| unreachable())?
            .map_err(|error| problem(&error))
    }

    /// Takes control: from here on the heartbeat is sent.
    pub async fn take_control(&self) -> Result<(), Problem> {
        self.call(Client::take_lease).await?;
        self.shared.live.send_modify(|live| live.in_control = true);
        Ok(())
    }

    /// A session ended or was closed: fetch it now rather than in a second.
    pub fn nudge(&self) {
        self.shared.news.notify_one();
    }

    /// Ends the threads; the bedside sees the link go and unloads by itself.
    pub fn shut(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        lock(&self.shared.client).take();
    }
}

/// The runtime that answers pages says that it lives.
async fn breathe(shared: Arc<Shared>) {
    let mut tick = tokio::time::interval(Duration::from_millis(100));
    while !shared.stop.load(Ordering::Relaxed) {
        tick.tick().await;
        shared.alive_ms.store(shared.now_ms(), Ordering::Relaxed);
    }
}

impl Shared {
    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn runtime_lives(&self) -> bool {
        let age = self
            .now_ms()
            .saturating_sub(self.alive_ms.load(Ordering::Relaxed));
        u128::from(age) < LIFE.as_millis()
    }
}

fn unreachable() -> Problem {
    Problem::new(
        "bedside-unreachable",
        "bedside",
        "",
        "the bedside process does not answer",
        "start `annulus bedside` beside the table; use the panel at the table to stop",
    )
}

/// A refusal in the bedside's own words; anything else as a lost link.
fn problem(error: &ClientError) -> Problem {
    match error.refusal() {
        Some(refusal) => Problem::new(
            "bedside-refused",
            refusal.place.clone(),
            refusal.value.clone(),
            refusal.problem.clone(),
            refusal.remedy.clone(),
        ),
        None => unreachable(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
