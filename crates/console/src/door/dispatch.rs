//! The one way in: correlation id, login, role, patient, body, token, audit,
//! and only then the handler. Whatever the table does not name is not found.
//! What lowers force is done first and noted after: no disk stands before it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{ConnectInfo, RawPathParams, Request};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, on};
use sha2::{Digest as _, Sha256};
use si::Problem;
use subtle::ConstantTimeEq as _;
use tokio::sync::oneshot;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::timeout::TimeoutLayer;
use tracing::Instrument as _;

use super::arriving;
use super::bearer;
use super::cookie::Name;
use super::fault::{Fault, Reply};
use super::form::Form;
use super::headers;
use super::logins::Login;
use super::once::Act;
use super::route::{Access, Lock, Note, Route, Scope, Verb};
use super::speech::{self, Speech};
use super::timing::Noting;
use super::tongue::Tongue;
use super::visit::Visit;
use crate::app::App;
use crate::front::Spare;
use crate::pages;
use crate::pages::fault::Tried;
use crate::random;
use crate::role::Role;

/// No answer may take longer to begin; the live stream begins at once.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);

/// What a page of another system sends with a call of a service.
const SHARED: [header::HeaderName; 2] = [header::AUTHORIZATION, header::CONTENT_TYPE];

/// A script that sent a command asks to be told by the status alone what became of it.
const FETCHED: &str = "x-annulus-fetch";

/// The router over the whole table.
pub fn router(app: &Arc<App>, table: &'static [Route]) -> Router {
    let (mut router, mut shared) = (Router::new(), Router::new());
    for route in table {
        let app = Arc::clone(app);
        let filter = match route.method {
            Verb::Get => MethodFilter::GET,
            Verb::Post => MethodFilter::POST,
        };
        let answer = on(filter, move |parts: Parts, request: Request| {
            arrive(Arc::clone(&app), route, parts, request)
        });
        // Pages of other systems may call what is for their programs: no cookie opens it.
        match speech::is_shared(route.path) {
            true => shared = shared.route(route.path, answer),
            false => router = router.route(route.path, answer),
        }
    }
    let lost = Arc::clone(app);
    let refused = move |request: Request| refuse(Arc::clone(&lost), request, Fault::NotFound);
    let lost = Arc::clone(app);
    let unserved = move |request: Request| {
        let fault = unserved(&request);
        refuse(Arc::clone(&lost), request, fault)
    };
    let shared = shared
        .method_not_allowed_fallback(unserved.clone())
        .layer(CorsLayer::new().allow_origin(Any).allow_headers(SHARED));
    router
        .method_not_allowed_fallback(unserved)
        .merge(shared)
        .fallback(refused)
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            LONGEST_ANSWER,
        ))
        // The length of a page tells its secrets (BREACH) only to who can have it asked for with
        // words of their own: a login's cookie is `SameSite=Strict`. Streams go as they are.
        // The longest form costs 2 ms more than with the fastest, and is an eighth smaller.
        .layer(CompressionLayer::new().quality(CompressionLevel::Default))
}

/// The parts of a path that vary; an error where one is no text.
type Parts = Result<RawPathParams, RawPathParamsRejection>;

async fn arrive(app: Arc<App>, route: &'static Route, parts: Parts, request: Request) -> Response {
    match parts {
        Ok(parts) => enter(app, route, parts, request).await,
        Err(_) => refuse(app, request, Fault::NotFound).await,
    }
}

/// A program is told that the path has other methods, which axum names in `Allow`; for people
/// there is nothing.
fn unserved(request: &Request) -> Fault {
    match Speech::of(request.uri().path()) {
        Speech::Page => Fault::NotFound,
        Speech::Outcome | Speech::Problem => Fault::answer(
            StatusCode::METHOD_NOT_ALLOWED,
            Problem::new(
                "method",
                "request",
                request
                    .method()
                    .as_str()
                    .chars()
                    .take(20)
                    .collect::<String>(),
                "is not served at this path",
                "the header Allow names what is",
            ),
        ),
    }
}

async fn enter(
    app: Arc<App>,
    route: &'static Route,
    parts: RawPathParams,
    mut request: Request,
) -> Response {
    let (correlation, noting) = (random::id(), Noting::default());
    request.extensions_mut().insert(noting.clone());
    let span = tracing::info_span!("request", %correlation, route = route.path);
    let (secure, since) = (app.cookies.secure, Instant::now());
    async move {
        let found = login_of(&app, route, request.headers()).await;
        let known = found.as_ref().ok().cloned().flatten();
        let tongue = Tongue::of(&app, Some(route), known.as_ref(), request.headers());
        let path = parts
            .iter()
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .collect();
        let patient = patient_of(&parts);
        let shell = Arc::clone(&app);
        let fetched = request.headers().contains_key(FETCHED);
        let back = back(route, &request);
        let spare = request.extensions().get::<Spare>().copied();
        let answer = async {
            room(route, spare)?;
            let visit = admit(app, route, path, (found?, tongue), request, correlation).await?;
            match route.note {
                Note::Before if is_look(route) => look(route, visit).await,
                Note::Before | Note::First | Note::Never => act(route, visit, fetched).await,
                Note::After => act_first(route, visit).await,
            }
        };
        let mut response = match answer.await {
            Ok(done) if fetched && done.status() == StatusCode::SEE_OTHER => {
                StatusCode::NO_CONTENT.into_response()
            }
            Ok(page) => page,
            Err(fault) => {
                tracing::info!(status = fault.status().as_u16(), fault = %fault, "no page");
                if let (Fault::Forbidden, Some(login)) = (&fault, &known) {
                    let clinic = &shell.clinic;
                    let refused = clinic.note_refused(login, route.path, patient, correlation);
                    if let Err(fault) = refused.await {
                        tracing::error!(%fault, "a refusal was not noted in the audit log");
                    }
                }
                let reader = (known.as_ref(), tongue.locale);
                pages::fault::of(
                    &shell,
                    route,
                    reader,
                    &fault,
                    (correlation, back.as_deref()),
                )
            }
        };
        headers::add(response.headers_mut(), secure);
        tongue.mark(response.headers_mut());
        if Speech::of(route.path) != Speech::Page {
            noting.tell(&mut response, since.elapsed());
        }
        log(route, response.status(), since);
        response
    }
    .instrument(span)
    .await
}

/// What is asked for again and again is logged for whoever looks closely.
fn log(route: &Route, status: StatusCode, since: Instant) {
    let micros = u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX);
    let status = status.as_u16();
    match route.note {
        Note::First | Note::Never => tracing::trace!(status, micros, "answered"),
        Note::Before | Note::After => tracing::info!(status, micros, "answered"),
    }
}

/// On a spare place only what lowers force is answered.
fn room(route: &Route, spare: Option<Spare>) -> Result<(), Fault> {
    match spare {
        Some(_) if !route.lowers() => Err(Fault::Busy),
        _ => Ok(()),
    }
}

/// The patient whom a path names.
fn patient_of(parts: &RawPathParams) -> Option<uuid::Uuid> {
    let (_, id) = parts.iter().find(|(name, _)| *name == "patient")?;
    id.parse().ok()
}

/// The page that somebody was on or asked for: a login that ended leads back to it.
fn back(route: &Route, request: &Request) -> Option<String> {
    let asked = match route.method {
        Verb::Get => request.uri().path_and_query()?.as_str(),
        Verb::Post => {
            let from = request.headers().get(header::REFERER)?.to_str().ok()?;
            let (_, rest) = from.split_once("://")?;
            &rest[rest.find('/')?..]
        }
    };
    Some(asked.to_owned())
}

async fn refuse(app: Arc<App>, request: Request, fault: Fault) -> Response {
    let speech = Speech::of(request.uri().path());
    if speech != Speech::Page {
        let mut response = speech.fault(&fault, random::id());
        headers::add(response.headers_mut(), app.cookies.secure);
        return response;
    }
    let login = match app.cookies.read(request.headers(), Name::Login) {
        Some(secret) => app.logins.recall(&secret).await,
        None => None,
    };
    let tongue = Tongue::of(&app, None, login.as_ref(), request.headers());
    let mut response = pages::fault::page(
        &app,
        (login.as_ref(), tongue.locale),
        &fault,
        (random::id(), Tried::Page(None)),
    );
    headers::add(response.headers_mut(), app.cookies.secure);
    tongue.mark(response.headers_mut());
    response
}

/// Answers; what a page sends twice is done once. A script that sends knows what it does, and
/// what is not noted each time writes nothing: it is answered each time.
async fn act(route: &'static Route, visit: Visit, fetched: bool) -> Reply {
    let act = match (route.method, route.note) {
        (Verb::Post, Note::Before | Note::After) if !fetched => Act::of(&visit, route.path),
        _ => None,
    };
    let app = Arc::clone(&visit.app);
    let doing = (route.handler)(visit);
    match act {
        Some(act) => app.once.run(act, doing).await,
        None => doing.await,
    }
}

/// Looks at a list of names while the look is noted: the answer waits for both.
async fn look(route: &'static Route, visit: Visit) -> Reply {
    let noted = visit.shell();
    let noting = noted.app.clinic.note_access(&noted, route);
    let (reply, noted) = tokio::join!((route.handler)(visit), noting);
    noted.and(reply)
}

/// Acts, answers, and notes the access last; a browser that goes away undoes nothing.
async fn act_first(route: &'static Route, visit: Visit) -> Reply {
    let noted = visit.shell();
    let (done, answered) = oneshot::channel();
    let act = async move {
        // Nobody may be left to hear the answer.
        let _ = done.send((route.handler)(visit).await);
        if let Err(fault) = noted.app.clinic.note_access(&noted, route).await {
            tracing::error!(%fault, "an act was not noted in the audit log");
        }
    };
    tokio::spawn(act.in_current_span());
    let lost = |_| Err(Fault::internal("the act ended without an answer"));
    answered.await.unwrap_or_else(lost)
}

/// Everything that must hold before a handler runs.
async fn admit(
    app: Arc<App>,
    route: &Route,
    path: Vec<(String, String)>,
    (login, tongue): (Option<Login>, Tongue),
    request: Request,
    correlation: uuid::Uuid,
) -> Result<Visit, Fault> {
    allow(route, login.as_ref())?;
    let address = address(&app, &request);
    let mut visit = Visit {
        client: bearer::client(
            &app,
            route,
            &path,
            (request.headers(), address, correlation),
        )
        .await?,
        bytes: Default::default(),
        headers: bearer::sent(route, request.headers()),
        address,
        host: headers::host(request.headers()).to_owned(),
        secret: app.cookies.read(request.headers(), Name::Login),
        before: app.cookies.read(request.headers(), Name::Before),
        half: app.cookies.read(request.headers(), Name::Half),
        known: app.cookies.read(request.headers(), Name::Known),
        query: Form::urlencoded(request.uri().query().unwrap_or_default().as_bytes()),
        form: Form::default(),
        app,
        login,
        locale: tongue.locale,
        path,
        inbox: None,
        noting: request.extensions().get().cloned().unwrap_or_default(),
        correlation,
    };
    if route.scope == Scope::Patient {
        own(&visit, route).await?;
        if route.lock == Lock::Kept {
            let page = request.uri().path_and_query().map(PathAndQuery::as_str);
            let asked = page.filter(|_| route.method == Verb::Get);
            pages::restricted::admit(&visit, route.path, asked).await?;
        }
    }
    if Speech::of(route.path) != Speech::Page {
        visit.bytes = arriving::bytes(request, route.body, visit.app.body).await?;
    } else if route.method == Verb::Post {
        same_origin(request.headers())?;
        visit.form = arriving::form(request, route.body, visit.app.body).await?;
        token(&visit, route.access)?;
    }
    match route.scope {
        Scope::Patient => note(&visit, route).await?,
        Scope::List if route.method == Verb::Post => {
            visit.app.clinic.note_access(&visit, route).await?;
        }
        Scope::List | Scope::None => {}
    }
    visit.inbox = pages::inbox::ahead(&visit, route).await;
    Ok(visit)
}

/// Whether it shows a list of the clinic, and changes nothing.
fn is_look(route: &Route) -> bool {
    route.scope == Scope::List && route.method == Verb::Get
}

/// Notes the visit to a record before anything is shown of it.
async fn note(visit: &Visit, route: &Route) -> Result<(), Fault> {
    let (login, patient) = (visit.who()?, visit.patient()?);
    let noted = match route.note {
        Note::Before => true,
        Note::First => !login.has_opened(patient),
        Note::After | Note::Never => false,
    };
    if noted {
        visit.app.clinic.note_access(visit, route).await?;
        login.opens(patient);
    }
    Ok(())
}

fn allow(route: &Route, login: Option<&Login>) -> Result<(), Fault> {
    match (route.access, login) {
        (Access::Public | Access::Link | Access::Client(_), _) => Ok(()),
        (Access::Of(_), None) => Err(Fault::Login),
        (Access::Of(roles), Some(login)) if !roles.has(login.role) => Err(Fault::Forbidden),
        (Access::Of(_), Some(login)) => comes_first(route, login),
    }
}

/// A login that has something to do first does it before anything else, or leaves. What lowers
/// force is open to everybody at once.
fn comes_first(route: &Route, login: &Login) -> Result<(), Fault> {
    let account = route.path.starts_with("/account") || route.path == "/logout";
    match login.first {
        Some(first) if !account && route.note != Note::After => {
            Err(Fault::First(first.page().to_owned()))
        }
        _ => Ok(()),
    }
}

/// A patient sees their own record only, and is not told which others exist: what else they ask
/// for is noted, and takes as long, whether it is there or not.
async fn own(visit: &Visit, route: &Route) -> Result<(), Fault> {
    let (login, patient) = (visit.who()?, visit.patient()?);
    let own = login.role != Role::Patient || login.patient == Some(patient);
    if !own {
        visit.app.clinic.note_shut(visit, route.path).await;
    }
    if own && visit.app.clinic.knows(patient).await? {
        Ok(())
    } else {
        Err(Fault::NotFound)
    }
}

/// A browser says where a form came from; another site's is refused.
fn same_origin(headers: &HeaderMap) -> Result<(), Fault> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if matches!(
        text(header::HeaderName::from_static("sec-fetch-site")),
        Some("cross-site" | "same-site")
    ) {
        return Err(Fault::Forbidden);
    }
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else {
        return Ok(());
    };
    let authority = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    if authority == host {
        Ok(())
    } else {
        Err(Fault::Forbidden)
    }
}

fn token(visit: &Visit, access: Access) -> Result<(), Fault> {
    let expected = match (access, &visit.login) {
        (Access::Of(_), Some(login)) => login.csrf.clone(),
        (Access::Of(_), None) => return Err(Fault::Login),
        (Access::Public, _) => visit.before.clone().ok_or(Fault::Forbidden)?,
        (Access::Link, _) => link_token(visit.part("token")?),
        // A program sends no form.
        (Access::Client(_), _) => return Err(Fault::Forbidden),
    };
    let sent = visit.form.get("csrf").unwrap_or_default();
    if !expected.is_empty() && bool::from(sent.as_bytes().ct_eq(expected.as_bytes())) {
        Ok(())
    } else {
        Err(Fault::Forbidden)
    }
}

/// The token of the form behind a personal link. Whoever knows the link may answer, so it
/// hangs on nothing else: a form that was opened before a restart can still be sent.
#[must_use]
pub fn link_token(link: &str) -> String {
    let hash = Sha256::new_with_prefix(b"annulus form behind a link").chain_update(link);
    hex::encode(&hash.finalize()[..16])
}

/// Who is logged in; a cookie opens nothing that is for programs. What a page asks for by itself
/// keeps no login alive that nobody uses; what lowers force, says that a page lives or needs no
/// login waits for no database.
async fn login_of(app: &App, route: &Route, headers: &HeaderMap) -> Result<Option<Login>, Fault> {
    if Speech::of(route.path) != Speech::Page {
        return Ok(None);
    }
    let Some(secret) = app.cookies.read(headers, Name::Login) else {
        return Ok(None);
    };
    let logins = &app.logins;
    Ok(match (route.method, route.note, route.access) {
        (Verb::Get, Note::Never, Access::Of(_)) => logins.peek(&secret).await?,
        (_, Note::After | Note::Never, _) | (_, _, Access::Public | Access::Link) => {
            logins.recall(&secret).await
        }
        _ => logins.find(&secret).await?,
    })
}

/// The peer's address, or whom it asks for where it is a proxy that was named.
fn address(app: &App, request: &Request) -> IpAddr {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([127, 0, 0, 1]), |info| info.0.ip());
    match &app.proxies {
        Some(proxies) => proxies.asker(peer, request.headers()),
        None => peer.to_canonical(),
    }
}

/// A page as HTML.
pub fn html(page: &impl askama::Template) -> Reply {
    Ok(axum::response::Html(page.render()?).into_response())
}
