//! Starting, running and ending the server.

use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use care::knowledge::Knowledge;
use record::DatabaseUrl;
use record::Serving;
use si::Problem;
use tokio::net::TcpListener;

use crate::app::App;
use crate::bedside::Bedside;
use crate::clinic::{self, Clinic, ClinicOptions, Home, Settings};
use crate::demo::{self, DemoLogin};
use crate::door::cookie::Cookies;
use crate::door::dispatch;
use crate::front::Front;
use crate::front::limits::Limits;
use crate::front::proxies::Proxies;
use crate::front::tls::{self, Tls};
use crate::mail::Post;
use crate::messages::Locale;
use crate::messages::translation::{self, Shown};
use crate::paper::{PrintSettings, Printer};
use crate::{lessons, routes};

/// Between two signed checkpoints (ENGINEERING.md §4).
const CHECKPOINT: Duration = Duration::from_secs(60);
/// Between two looks at what fell due.
const TICK: Duration = Duration::from_secs(15);
/// How long open answers may take at the end; a live stream never ends by itself.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

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
    /// That no other server serves this store, as long as it is held.
    serving: Serving,
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
        let listener = TcpListener::bind(options.listen)
            .await
            .map_err(|e| taken(options.listen, &e))?;
        let address = listener
            .local_addr()
            .map_err(|e| taken(options.listen, &e))?;
        let clinic = Clinic::open(ClinicOptions {
            home: Home {
                folder: options.data.clone(),
                database: options.database.clone(),
            },
            key: options.key.clone(),
            demo: options.demo,
            settings: options.settings.clone(),
            knowledge: options.knowledge,
        })
        .await?;
        let serving = clinic.journal().serve().await.map_err(|e| e.problem())?;
        let clinic = Arc::new(clinic);
        let logins = if options.demo {
            demo::seed(&clinic).await?
        } else {
            Vec::new()
        };
        let bedside = options
            .bedside
            .clone()
            .map(|socket| Bedside::start(socket, &clinic));
        let app = Arc::new(App {
            clinic,
            bedside,
            logins: Default::default(),
            throttle: Default::default(),
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
            once: Default::default(),
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
    /// A journal that cannot be closed.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), Problem> {
        let router = self.router();
        let (over, last) = tokio::sync::oneshot::channel::<()>();
        let clinic = Arc::clone(&self.app.clinic);
        let lessons = lessons::run(Arc::clone(&clinic), self.app.bedside.clone());
        let lessons = tokio::spawn(lessons);
        let post = tokio::spawn(posted(self.post, Arc::clone(&clinic)));
        let timers = tokio::spawn(timers(clinic, last));
        tracing::info!(address = %self.address, tls = self.front.tls.is_some(), "listening");
        self.front.run(router, stop, LAST_ANSWERS).await;
        // What the clock began is ended before the last checkpoint is signed.
        // A letter that was not noted yet is sent once more.
        post.abort();
        let _ = post.await;
        let _ = over.send(());
        let _ = timers.await;
        // A lesson that is not finished stays due.
        lessons.abort();
        let _ = lessons.await;
        if let Some(bedside) = &self.app.bedside {
            bedside.shut();
        }
        self.app.clinic.close().await?;
        // The next one may serve.
        drop(self.serving);
        Ok(())
    }
}

async fn timers(clinic: Arc<Clinic>, mut over: tokio::sync::oneshot::Receiver<()>) {
    let (mut tick, mut checkpoint) = (
        tokio::time::interval(TICK),
        tokio::time::interval(CHECKPOINT),
    );
    loop {
        tokio::select! {
            _ = &mut over => return,
            _ = tick.tick() => clinic::tick(&clinic).await,
            _ = checkpoint.tick() => {
                if let Err(problem) = clinic.checkpoint().await {
                    tracing::error!(problem = %problem.log(), "no checkpoint");
                }
            }
        }
    }
}

/// Mail has a clock of its own: a server that does not answer holds up nothing else.
async fn posted(post: Option<Post>, clinic: Arc<Clinic>) {
    let Some(mut post) = post else { return };
    let mut tick = tokio::time::interval(TICK);
    loop {
        tick.tick().await;
        post.deliver(&clinic).await;
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
