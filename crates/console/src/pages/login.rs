//! Logging in and out.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};

use crate::clinic::{Deed, User};
use crate::door::cookie::Name;
use crate::door::logins::{First, Person};
use crate::door::proof::{self, CODE_WRONG, Tries, failed};
use crate::door::{Fault, Reply, Visit, see};
use crate::frame::{Frame, Place};
use crate::random;

#[derive(Template)]
#[template(path = "login.html")]
struct Page {
    f: Frame,
    before: String,
    /// Where to go on.
    then: Option<String>,
    wrong: bool,
}

#[derive(Template)]
#[template(path = "login_code.html")]
struct Code {
    f: Frame,
    before: String,
    then: Option<String>,
    wrong: bool,
}

/// How long a browser is known, seconds *(ours: half a year)*.
const KNOWN: u64 = 180 * 24 * 3600;

/// GET `/login`.
pub async fn show(visit: Visit) -> Reply {
    if visit.login.is_some() {
        return Ok(see(then(visit.query.get("then"))));
    }
    form(&visit, false)
}

/// POST `/login`.
pub async fn enter(visit: Visit) -> Reply {
    let login = visit.form.get("login").unwrap_or_default().to_lowercase();
    let sent = visit.form.get("password").unwrap_or_default().to_owned();
    let user = visit.app.clinic.user_by_login(&login).await?;
    let tries = Tries::login(&visit, &login, user.as_ref());
    if !proof::password(&visit, &tries, (user.as_ref(), sent)).await? {
        tracing::warn!("a login failed");
        failed(&visit, user.as_ref(), "/login").await?;
        return form(&visit, true);
    }
    let Some(user) = user else {
        return Err(Fault::Login);
    };
    if user.second.is_none() {
        return open(&visit, user, "/login").await;
    }
    let mut response = see(&onward("/login/code", visit.form.get("then")));
    let half = visit.app.clinic.half_login(&user);
    set(&mut response, &visit.app.cookies.set(Name::Half, &half));
    Ok(response)
}

/// GET `/login/code`: the password fitted, and its code is asked for.
pub async fn ask(visit: Visit) -> Reply {
    match half(&visit).await? {
        Some(_) => code_form(&visit, false),
        None => Ok(see(&onward("/login", visit.query.get("then")))),
    }
}

/// POST `/login/code`.
///
/// Wrong codes count for the account, wherever they come from: only who knows its password gets
/// here, so nobody else can make it wait.
pub async fn prove(visit: Visit) -> Reply {
    let Some(user) = half(&visit).await? else {
        return Ok(see(&onward("/login", visit.form.get("then"))));
    };
    let sent = visit.form.get("code").unwrap_or_default();
    match proof::code(&visit, &user, (sent, "/login/code")).await {
        Ok(user) => open(&visit, user, "/login/code").await,
        Err(Fault::Problem(problem)) if problem.code == CODE_WRONG => code_form(&visit, true),
        Err(fault) => Err(fault),
    }
}

/// Who showed a password a moment ago.
async fn half(visit: &Visit) -> Result<Option<User>, Fault> {
    match &visit.half {
        Some(token) => Ok(visit.app.clinic.behind_half(token).await?),
        None => Ok(None),
    }
}

/// The login itself: everything that was asked for was shown.
async fn open(visit: &Visit, user: User, route: &str) -> Reply {
    visit.app.clinic.note_login(visit, &user, route).await?;
    let person = Person {
        first: first(&user, visit.app.second_factor),
        stand: user.sequence,
        user: user.id,
        name: user.name.clone(),
        role: user.role,
        patient: user.patient,
    };
    let onward = person.first.map(First::page);
    let secret = visit.app.logins.open(person).await?;
    let known = visit
        .app
        .clinic
        .known_browser(&user, visit.known.as_deref());
    let mut response = see(onward.unwrap_or_else(|| then(visit.form.get("then"))));
    let cookies = visit.app.cookies;
    set(&mut response, &cookies.set(Name::Login, &secret));
    set(&mut response, &cookies.keep(Name::Known, &known, KNOWN));
    for spent in [Name::Before, Name::Half] {
        set(&mut response, &cookies.clear(spent));
    }
    Ok(response)
}

/// What an account has to do before anything else.
fn first(user: &User, second_factor: bool) -> Option<First> {
    if user.temporary {
        return Some(First::Password);
    }
    let lacks = second_factor && user.patient.is_none() && user.second.is_none();
    lacks.then_some(First::SecondFactor)
}

/// POST `/logout`.
pub async fn leave(visit: Visit) -> Reply {
    if let Some(secret) = &visit.secret {
        visit.app.logins.close(secret).await?;
    }
    let clinic = &visit.app.clinic;
    clinic
        .note_door(&visit, Deed::Logout, "/logout", None)
        .await?;
    let mut response = see("/login");
    set(&mut response, &visit.app.cookies.clear(Name::Login));
    Ok(response)
}

fn form(visit: &Visit, wrong: bool) -> Reply {
    let before = token(visit);
    let page = Page {
        f: Frame::new(visit, Place::Elsewhere),
        before: before.clone(),
        then: asked(visit),
        wrong,
    };
    answer(visit, &page, &before, wrong)
}

fn code_form(visit: &Visit, wrong: bool) -> Reply {
    let before = token(visit);
    let page = Code {
        f: Frame::new(visit, Place::Elsewhere),
        before: before.clone(),
        then: asked(visit),
        wrong,
    };
    answer(visit, &page, &before, wrong)
}

/// The same token in every tab, so that the first one opened still works.
fn token(visit: &Visit) -> String {
    let known = visit.before.clone().filter(|before| before.len() == 32);
    known.unwrap_or_else(random::token)
}

/// The page of ours that was asked for.
fn asked(visit: &Visit) -> Option<String> {
    let asked = visit.query.get("then").or(visit.form.get("then"));
    asked.filter(|path| ours(path)).map(str::to_owned)
}

fn answer(visit: &Visit, page: &impl Template, before: &str, wrong: bool) -> Reply {
    let page = page.render()?;
    let status = if wrong {
        StatusCode::UNAUTHORIZED
    } else {
        StatusCode::OK
    };
    let mut response = (status, Html(page)).into_response();
    set(&mut response, &visit.app.cookies.set(Name::Before, before));
    Ok(response)
}

/// Where to go on after a login: a page of ours that was asked for, else the first.
fn then(asked: Option<&str>) -> &str {
    asked.filter(|path| ours(path)).unwrap_or("/")
}

/// The login page from where it leads back to `page`.
#[must_use]
pub fn before(page: Option<&str>) -> String {
    onward("/login", page)
}

/// A door that leads on to `page`.
pub(super) fn onward(door: &str, page: Option<&str>) -> String {
    let Some(path) = page.filter(|path| ours(path) && *path != "/") else {
        return door.to_owned();
    };
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("then", path)
        .finish();
    format!("{door}?{query}")
}

/// Whether this is a path on this server, which no browser takes for another's.
pub(super) fn ours(path: &str) -> bool {
    // A launch from another record system carries its longest word (ours).
    const LONGEST: usize = 2_000;
    path.len() <= LONGEST
        && path.starts_with('/')
        && !path.starts_with("//")
        && path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && !["/login", "/logout"]
            .iter()
            .any(|door| path.starts_with(door))
}

fn set(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
