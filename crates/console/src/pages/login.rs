//! Logging in and out.

use std::time::Instant;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};

use crate::door::cookie::Name;
use crate::door::logins::Person;
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
    let now = Instant::now();
    if let Some(wait) = visit.app.throttle.wait(visit.address, &login, now) {
        return Err(Fault::Throttled(wait.as_secs().max(1)));
    }
    let user = visit.app.clinic.user_by_login(&login).await?;
    if !visit.app.clinic.check_password(user.as_ref(), sent).await {
        visit.app.throttle.failed(visit.address, &login, now);
        tracing::warn!("a login failed");
        return form(&visit, true);
    }
    let Some(user) = user else {
        return Err(Fault::Login);
    };
    visit.app.throttle.succeeded(visit.address, &login);
    let person = Person {
        user: user.id,
        name: user.name,
        role: user.role,
        patient: user.patient,
    };
    let secret = visit.app.logins.open(person, now);
    let mut response = see(then(visit.form.get("then")));
    let cookies = visit.app.cookies;
    set(&mut response, &cookies.set(Name::Login, &secret));
    set(&mut response, &cookies.clear(Name::Before));
    Ok(response)
}

/// POST `/logout`.
pub async fn leave(visit: Visit) -> Reply {
    if let Some(secret) = &visit.secret {
        visit.app.logins.close(secret);
    }
    let mut response = see("/login");
    set(&mut response, &visit.app.cookies.clear(Name::Login));
    Ok(response)
}

fn form(visit: &Visit, wrong: bool) -> Reply {
    // The same token in every tab, so that the first one opened still works.
    let known = visit.before.clone().filter(|before| before.len() == 32);
    let before = known.unwrap_or_else(random::token);
    let f = Frame::new(visit, Place::Elsewhere);
    let page = Page {
        f,
        before: before.clone(),
        then: visit
            .query
            .get("then")
            .or(visit.form.get("then"))
            .filter(|path| ours(path))
            .map(str::to_owned),
        wrong,
    }
    .render()?;
    let status = if wrong {
        StatusCode::UNAUTHORIZED
    } else {
        StatusCode::OK
    };
    let mut response = (status, Html(page)).into_response();
    set(&mut response, &visit.app.cookies.set(Name::Before, &before));
    Ok(response)
}

/// Where to go on after a login: a page of ours that was asked for, else the first.
fn then(asked: Option<&str>) -> &str {
    asked.filter(|path| ours(path)).unwrap_or("/")
}

/// The login page from where it leads back to `page`.
#[must_use]
pub fn before(page: Option<&str>) -> String {
    let page = page.filter(|path| ours(path) && *path != "/");
    page.map_or_else(
        || "/login".to_owned(),
        |path| {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("then", path)
                .finish();
            format!("/login?{query}")
        },
    )
}

/// Whether this is a path on this server, which no browser takes for another's.
fn ours(path: &str) -> bool {
    const LONGEST: usize = 300;
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
