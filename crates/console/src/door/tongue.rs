//! Which language an answer speaks. Patients read theirs where it was translated and reviewed;
//! the staff read English, as the knowledge is written.

use axum::http::{HeaderMap, HeaderValue, header};

use super::logins::Login;
use super::route::{Access, Route};
use crate::app::App;
use crate::messages::Locale;
use crate::pages::feed;
use crate::role::Role;

/// Files without words: the same for everybody, and kept for long.
const WORDLESS: [&str; 3] = ["/assets/{file}", "/check-in-worker.js", "/health"];

/// The language of one answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tongue {
    /// Which words.
    pub(super) locale: Locale,
    /// Whether another browser may read other words at the same address.
    varies: bool,
}

impl Tongue {
    /// By who reads it, and what their browser asks for; no route where there is no such page.
    pub(super) fn of(
        app: &App,
        route: Option<&Route>,
        login: Option<&Login>,
        headers: &HeaderMap,
    ) -> Self {
        let varies = !app.translations.is_empty() && is_for_patients(route, login);
        let asked = headers.get_all(header::ACCEPT_LANGUAGE).iter();
        let asked: Vec<&str> = asked.filter_map(|value| value.to_str().ok()).collect();
        let chosen = varies.then(|| app.translations.choose(&asked.join(",")));
        Self {
            locale: chosen.flatten().map_or(app.locale, Locale::Translated),
            varies,
        }
    }

    /// Tells caches that the language counts.
    pub(super) fn mark(self, headers: &mut HeaderMap) {
        if self.varies {
            headers.append(header::VARY, HeaderValue::from_static("accept-language"));
        }
    }
}

/// A personal link is a patient's, whoever opens it; other pages are by who is logged in. Before
/// a login nobody is of the staff yet.
fn is_for_patients(route: Option<&Route>, login: Option<&Login>) -> bool {
    let access = route.map(|route| (route.access, route.path));
    match (access, login) {
        (Some((_, path)), _) if WORDLESS.contains(&path) => false,
        // A calendar is of the staff.
        (Some((Access::Link, path)), _) => path != feed::ROUTE,
        (_, Some(login)) => login.role == Role::Patient,
        (Some((Access::Public, _)) | None, None) => true,
        (Some((Access::Of(_) | Access::Client(_), _)), None) => false,
    }
}
