//! Starting, running and ending the server.

use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use care::knowledge::Knowledge;
use record::DatabaseUrl;
use record::Serving;
use si::Problem;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::app::App;
use crate::bedside::Bedside;
use crate::clinic::{self, CLOCK, Clinic, ClinicOptions, Home, MAIL, Settings};
use crate::demo::{self, DemoLogin};
use crate::door::cookie::Cookies;
use crate::door::dispatch;
use crate::door::logins::Logins;
use crate::door::once::Once;
use crate::door::throttle::Throttle;
use crate::front::Front;
use crate::front::limits::Limits;
use crate::front::proxies::Proxies;
use crate::front::tls::{self, Tls};
use crate::mail::Post;
use crate::messages::Locale;
use crate::messages::translation::{self, Shown};
use crate::paper::{PrintSettings, Printer};
use crate::{heard, lessons, routes};

/// Between two signed checkpoints (ENGINEERING.md §4).
const CHECKPOINT: Duration = Duration::from_secs(60);
/// Between two looks at what fell due.
const TICK: Duration = Duration::from_secs(15);
/// The code of the problem of a server whose database others have taken.
const REPLACED: &str = "server-replaced";
/// Between two times that other servers are told of the table (ours).
const LINKED: Duration = Duration::from_secs(5);
/// How long open answers may take at the end; a live stream never ends by itself.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// Which key may sign a journal in a database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signing {
    /// The one that signed it before.
    #[default]
    AsBefore,
    /// Any: the one that signed it is lost, and this one takes its place.
    Anew,
}

/// What `annulus serve` is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The folder of the store, its keys and recordings.
    pub data: PathBuf,
    /// The database of the journal, where it is not in the folder.
    pub database: Option<DatabaseUrl>,
    /// A demonstration clinic.
    pub demo: bool,
    /// The bedside's socket.
    pub bedside: Option<PathBuf>,
    /// The clinic's private key; in the folder by default.
    pub key: Option<PathBuf>,
    /// TLS ends at a proxy in front: which those are.
    pub proxies: Option<Proxies>,
    /// TLS ends here, with this certificate.
    pub tls: Option<tls::Files>,
    /// How long a connection may take, and how many there may be.
    pub limits: Limits,
    /// Which key may sign a journal in a database.
    pub signing: Signing,
    /// Whoever works here needs a second factor.
    pub second_factor: bool,
    /// Name, zone, whom to call.
    pub settings: Settings,
    /// Facts and rules in force; those that the binary carries by default.
    pub knowledge: Option<&'static Knowledge>,
    /// What sets documents on paper; the program beside the one that runs, by default.
    pub print: PrintSettings,
    /// Which words are shown.
    pub locale: Locale,
    /// A folder of translations; those that were reviewed are shown to patients.
    pub translations: Option<PathBuf>,
}

impl Options {
    /// Loopback, a folder, and nothing else.
    #[must_use]
    pub fn new(listen: SocketAddr, data: PathBuf) -> Self {
        Self {
            listen,
            data,
            database: None,
            demo: false,
            bedside: None,
            key: None,
            proxies: None,
            tls: None,
            limits: Limits::default(),
            signing: Signing::AsBefore,
            second_factor: false,
            settings: Settings::default(),
            knowledge: None,
            print: PrintSettings::default(),
            locale: Locale::English,
            translations: None,
        }
    }

    /// Whether browsers reach this server over TLS.
    const fn is_sealed(&self) -> bool {
        self.tls.is_some() || self.proxies.is_some()
    }
}

/// A server that is ready to answer.
#[derive(Debug)]
pub struct Server {
    app: Arc<App>,
    front: Front,
    address: SocketAddr,
    logins: Vec<DemoLogin>,
    post: Option<Post>,
    /// That servers unlike this one do not serve this store, as long as it is held.
    serving: Option<Serving>,
}

/// Serves until `stop` resolves, then checkpoints and closes the journal.
///
/// # Errors
/// What stands in the way of starting, with its remedy.
pub async fn serve(
    options: Options,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Problem> {
    Server::bind(options).await?.run(stop).await
}

impl Server {
    /// Opens the store and takes the port; nothing is answered yet.
    ///
    /// # Errors
    /// An address open to others without TLS, a certificate that cannot be used, a taken port, a
    /// store or a folder of translations that cannot be opened.
    pub async fn bind(options: Options) -> Result<Self, Problem> {
        refuse_open_address(&options)?;
        let tls = options.tls.as_ref().map(Tls::open).transpose()?;
        let mail = options.settings.mail.clone();
        let post = mail.map(|mail| Post::new(mail, options.locale));
        let post = post.transpose()?;
        let translations = translated(options.translations.as_deref())?;
        let (listener, address) = listen(options.listen).await?;
        let clinic = Clinic::open(ClinicOptions {
            home: Home {
                folder: options.data.clone(),
                database: options.database.clone(),
            },
            key: options.key.clone(),
            demo: options.demo,
            settings: options.settings.clone(),
            knowledge: options.knowledge,
            serve: true,
            new_key: options.signing == Signing::Anew,
        })
        .await?;
        let serving = clinic.take_serving();
        let clinic = Arc::new(clinic);
        let logins = match options.demo {
            true => seeded(&clinic).await?,
            false => Vec::new(),
        };
        let bedside = options
            .bedside
            .clone()
            .map(|socket| Bedside::start(socket, &clinic));
        let journal = clinic.journal().clone();
        let app = Arc::new(App {
            clinic,
            bedside,
            logins: Logins::of(journal.clone()),
            throttle: Throttle::of(journal.clone()),
            cookies: Cookies {
                secure: options.is_sealed(),
            },
            proxies: options.proxies.clone(),
            body: options.limits.body,
            second_factor: options.second_factor,
            printer: Printer::new(options.print.clone()),
            locale: options.locale,
            translations,
            acts: Default::default(),
            shows: Default::default(),
            once: Once::of(journal),
            smart: Default::default(),
            asked: Default::default(),
        });
        let front = Front {
            listener,
            tls,
            limits: options.limits.within_files(),
            proxies: options.proxies,
        };
        Ok(Self {
            app,
            front,
            address,
            logins,
            post,
            serving,
        })
    }

    /// Where it listens: the port that was chosen where 0 was asked for.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address as a browser on this machine writes it.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.front.tls.is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.address)
    }

    /// Logins of a demonstration, with the passwords of this start.
    #[must_use]
    pub fn logins(&self) -> &[DemoLogin] {
        &self.logins
    }

    /// Everything a request may reach.
    #[must_use]
    pub const fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// The router, for tests without a port.
    pub fn router(&self) -> Router {
        dispatch::router(&self.app, routes::TABLE)
    }

    /// Answers until `stop` resolves.
    ///
    /// # Errors
    /// A journal that cannot be closed; servers unlike this one that have taken the store.
    pub async fn run(
        mut self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Problem> {
        let router = self.router();
        let (over, last) = tokio::sync::oneshot::channel::<()>();
        let clinic = Arc::clone(&self.app.clinic);
        let mut aside = self.aside();
        let timers = tokio::spawn(timers(Arc::clone(&clinic), last));
        // Held to the end: until then the next version waits.
        let mut lost = pin!(lost(self.serving.take()));
        tracing::info!(address = %self.address, tls = self.front.tls.is_some(), "listening");
        let served = tokio::select! {
            () = self.front.run(router, stop, LAST_ANSWERS) => Ok(()),
            problem = &mut lost => Err(problem),
        };
        // What the clock began is ended before the last checkpoint is signed. A letter that was
        // not noted yet is sent once more, a lesson that is not finished stays due.
        aside.shutdown().await;
        let _ = over.send(());
        let _ = timers.await;
        if let Some(bedside) = &self.app.bedside {
            bedside.shut();
        }
        match &served {
            // Its key may be another's by now: nothing is signed.
            Err(problem) if problem.code == REPLACED => clinic.journal().close().await,
            _ => clinic.close().await?,
        }
        served
    }

    /// What runs beside the answers, until it is ended.
    fn aside(&mut self) -> JoinSet<()> {
        let mut aside = JoinSet::new();
        let (app, clinic) = (Arc::clone(&self.app), Arc::clone(&self.app.clinic));
        let heard = clinic.journal().subscribe();
        aside.spawn(heard::run(app, heard));
        let bedside = self.app.bedside.clone();
        aside.spawn(clinic::keep(Arc::clone(&clinic)));
        aside.spawn(lessons::run(Arc::clone(&clinic), bedside.clone()));
        aside.spawn(says_table(bedside, Arc::clone(&clinic), self.address));
        aside.spawn(posted(self.post.take(), clinic));
        aside
    }
}

/// Takes the port; where it is, if any was asked for.
async fn listen(at: SocketAddr) -> Result<(TcpListener, SocketAddr), Problem> {
    let listener = TcpListener::bind(at).await.map_err(|e| taken(at, &e))?;
    let address = listener.local_addr().map_err(|e| taken(at, &e))?;
    Ok((listener, address))
}

/// Resolves once servers unlike this one have taken the store; holds it until then.
async fn lost(serving: Option<Serving>) -> Problem {
    match serving {
        Some(mut serving) => serving.lost().await,
        None => std::future::pending().await,
    }
    Problem::new(
        REPLACED,
        "journal",
        "",
        "servers of another version, knowledge or key have taken this database",
        "start this server again with the same program, knowledge and clinic.key as they",
    )
}

async fn timers(clinic: Arc<Clinic>, mut over: tokio::sync::oneshot::Receiver<()>) {
    let (mut tick, mut checkpoint) = (
        tokio::time::interval(TICK),
        tokio::time::interval(CHECKPOINT),
    );
    loop {
        tokio::select! {
            _ = &mut over => return,
            _ = tick.tick() => if clinic.leads(CLOCK).await {
                clinic::tick(&clinic).await;
            },
            _ = checkpoint.tick() => minute(&clinic).await,
        }
    }
}

/// What is done once a minute: by one server, but for the files that each has for itself.
async fn minute(clinic: &Clinic) {
    clinic.delete_erased().await;
    if !clinic.leads(CLOCK).await {
        return;
    }
    clinic.sweep().await;
    if let Err(problem) = clinic.checkpoint().await {
        tracing::error!(problem = %problem.log(), "no checkpoint");
    }
}

/// Tells the other servers where the table is, as long as it is linked to this one.
async fn says_table(bedside: Option<Bedside>, clinic: Arc<Clinic>, address: SocketAddr) {
    let Some(bedside) = bedside else { return };
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let place = format!("{} ({address})", host.trim());
    let mut tick = tokio::time::interval(LINKED);
    loop {
        tick.tick().await;
        if bedside.table().is_some()
            && let Err(problem) = clinic.says_table(&place).await
        {
            tracing::warn!(problem = %problem.log(), "other servers are not told of the table");
        }
    }
}

/// The demonstration, made by the first of servers that start at once.
async fn seeded(clinic: &Clinic) -> Result<Vec<DemoLogin>, Problem> {
    let alone = clinic.journal().alone("demonstration").await;
    let _alone = alone.map_err(|e| e.problem())?;
    demo::seed(clinic).await
}

/// Mail has a clock of its own: a server that does not answer holds up nothing else.
async fn posted(post: Option<Post>, clinic: Arc<Clinic>) {
    let Some(mut post) = post else { return };
    let mut tick = tokio::time::interval(TICK);
    loop {
        tick.tick().await;
        if clinic.leads(MAIL).await {
            post.deliver(&clinic).await;
        }
    }
}

/// What patients may read beside English. A translation that may not be shown stops nobody; a
/// folder that is not there is a mistake of whoever starts the server.
fn translated(folder: Option<&Path>) -> Result<Shown, Problem> {
    let drafts = folder.map(translation::read).transpose()?;
    let drafts = drafts.unwrap_or_default();
    let today = translation::latest_day(jiff::Timestamp::now());
    let judged = drafts.iter().map(|one| translation::judge(one, today));
    Ok(Shown::of(judged.collect()))
}

/// Patient data never crosses a network without TLS.
fn refuse_open_address(options: &Options) -> Result<(), Problem> {
    if options.listen.ip().is_loopback() || options.is_sealed() {
        return Ok(());
    }
    Err(Problem::new(
        "listen-open",
        "listen",
        options.listen.to_string(),
        "is reachable from other machines, and there is no TLS",
        "listen on 127.0.0.1, name --tls-certificate and --tls-key, or put a TLS proxy in front and say --behind-proxy",
    ))
}

fn taken(address: SocketAddr, error: &std::io::Error) -> Problem {
    let what = if error.kind() == std::io::ErrorKind::AddrInUse {
        "is taken by another program"
    } else {
        "cannot be used"
    };
    Problem::new(
        "listen-taken",
        "listen",
        address.to_string(),
        what,
        "end that program, or choose another address with --listen",
    )
}
