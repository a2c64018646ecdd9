//! The link to the table: what it says, what it is told, what it recorded.
//!
//! A thread of its own receives the bedside's status. The heartbeat is not the server's:
//! each one is a sign of life of the page in control, passed on ([`control`]). A task
//! fetches every session that ended, also those that ended while this server
//! was down, and appends each exactly once.

mod archive;
mod catch_up;
pub mod control;
mod heed;
mod link;
mod parquet;
mod summary;

use std::future::Future;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use si::Problem;
use table::client::{Client, ClientError};
use table::wire::Status;
use tokio::sync::{Notify, watch};

use self::control::{Control, Page, Standing};
use crate::clinic::Clinic;

pub use archive::thin_out;
pub(crate) use catch_up::recording;
pub use catch_up::{KINDS, keep};
pub use parquet::{from_parquet, stored, to_parquet};
pub use summary::summary;

/// Statuses a second: what moves looks smooth (ours).
const HZ: u8 = 20;

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
    control: Mutex<Control>,
    stop: AtomicBool,
    /// The last line that the present connection was told to be sealed.
    sealed: AtomicU64,
    news: Notify,
}

#[derive(Default)]
struct Curve {
    session: Option<String>,
    points: Vec<Point>,
}

impl Shared {
    /// Nothing was heard yet.
    fn new(socket: PathBuf) -> Self {
        Self {
            socket,
            client: Mutex::new(None),
            live: watch::Sender::new(Live::default()),
            curve: Mutex::new(Curve::default()),
            control: Mutex::new(Control::default()),
            stop: AtomicBool::new(false),
            sealed: AtomicU64::new(0),
            news: Notify::new(),
        }
    }
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
        let shared = Arc::new(Shared::new(socket));
        link::spawn(&shared);
        let bedside = Self { shared };
        tokio::spawn(catch_up::run(bedside.clone(), Arc::clone(clinic)));
        // Before anything can be written that it would not hear.
        let heard = clinic.journal().subscribe();
        tokio::spawn(heed::run(bedside.clone(), Arc::clone(clinic), heard));
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

    /// Whether a page may take control now.
    ///
    /// # Errors
    /// Who controls the table.
    pub fn may_take(&self, page: &str) -> Result<(), Problem> {
        self.may_take_from(page, self.at_rest())
    }

    fn may_take_from(&self, page: &str, (free, idle): (bool, bool)) -> Result<(), Problem> {
        lock(&self.shared.control).may_take(page, free, idle, Instant::now())
    }

    /// Takes control for a page: from here on its signs of life are the heartbeat.
    ///
    /// # Errors
    /// Another page or another console controls the table.
    pub async fn take_control(&self, page: Page) -> Result<(), Problem> {
        self.take_with(page, self.call(Client::take_lease)).await
    }

    /// The same with the lease to come. What the table said before it gave the lease decides: once
    /// it is given, a table that still unloads counts as held, by this very server, and a page that
    /// was refused for that would leave it in nobody's hands.
    async fn take_with(
        &self,
        page: Page,
        lease: impl Future<Output = Result<(), Problem>>,
    ) -> Result<(), Problem> {
        let (free, idle) = self.at_rest();
        self.may_take_from(&page.id, (free, idle))?;
        lease.await?;
        lock(&self.shared.control).take(page, free, idle, Instant::now())?;
        self.shared.live.send_modify(|live| live.in_control = true);
        Ok(())
    }

    /// A page says that it lives; that of the page in control goes on to the table.
    ///
    /// # Errors
    /// The table does not answer.
    pub async fn heard(&self, page: &str) -> Result<(), Problem> {
        let in_control = lock(&self.shared.control).heard(page, Instant::now());
        match in_control {
            true => self.call(Client::heartbeat).await,
            false => Ok(()),
        }
    }

    /// Who controls, who asks: to be read or changed.
    pub fn control<T>(&self, of: impl FnOnce(&mut Control, Instant) -> T) -> T {
        of(&mut lock(&self.shared.control), Instant::now())
    }

    /// How a page stands to control. A table that another console holds is in no page's.
    #[must_use]
    pub fn standing(&self, page: &str) -> Standing {
        let standing = self.control(|control, now| control.standing(page, now));
        match self.live().in_control {
            true => standing,
            false => Standing {
                asked: standing.asked,
                ..Standing::default()
            },
        }
    }

    /// Whether the table may change hands without a word, and whether it holds no session.
    fn at_rest(&self) -> (bool, bool) {
        let live = self.live();
        let Some(status) = &live.status else {
            return (true, true);
        };
        let still = heed::STILL.contains(&status.stage.as_str());
        (still || status.lease.is_none(), status.session.is_none())
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

#[cfg(test)]
mod tests {
    use std::future::ready;

    use uuid::Uuid;

    use super::*;
    use crate::pages::alarms::blank_status;

    /// A table that unloads after its page fell silent, and who has its lease.
    fn unloading(lease: Option<&str>) -> Live {
        Live {
            status: Some(Status {
                session: Some("5e".into()),
                stage: "unloading".into(),
                lease: lease.map(str::to_owned),
                ..blank_status()
            }),
            connected: true,
            in_control: lease.is_some(),
        }
    }

    fn page(user: u128) -> Page {
        Page::new("first-tab", Uuid::from_u128(user), "Ann").expect("an id of ours")
    }

    fn met(live: Live) -> Bedside {
        let shared = Arc::new(Shared::new(PathBuf::new()));
        shared.live.send_replace(live);
        Bedside { shared }
    }

    /// hazard: H15
    #[tokio::test]
    async fn a_status_that_comes_while_the_lease_is_given_takes_control_from_nobody() {
        let bedside = met(unloading(None));
        let given = async {
            bedside
                .shared
                .live
                .send_replace(unloading(Some("clinic-server")));
            Ok(())
        };
        bedside
            .take_with(page(1), given)
            .await
            .expect("nobody had it");
        assert!(bedside.standing(&page(1).id).mine);
        let late = bedside.take_with(page(2), ready(Ok(()))).await;
        assert_eq!(late.expect_err("it lives").code, "not-in-control");
    }
}
