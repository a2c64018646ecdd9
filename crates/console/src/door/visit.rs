//! One request after the door let it in: who, to what, with what.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use si::Problem;
use uuid::Uuid;

use super::fault::Fault;
use super::form::Form;
use super::logins::Login;
use super::timing::Noting;
use crate::app::App;
use crate::clinic::Client;
use crate::messages::Locale;
use crate::pages::inbox::Inbox;
use crate::role::Role;

/// A request that passed the route table.
pub struct Visit {
    /// The clinic and everything around it.
    pub app: Arc<App>,
    /// Who is logged in; the table guarantees it on every route that asks for roles.
    pub login: Option<Login>,
    /// The program that came in by its token, on a route for programs.
    pub client: Option<Arc<Client>>,
    /// Which words are shown to them.
    pub locale: Locale,
    /// The secret of the login's cookie, to end it.
    pub secret: Option<String>,
    /// The parts of the path that vary.
    pub path: Vec<(String, String)>,
    /// What follows `?`.
    pub query: Form,
    /// The body of a POST, its token already checked.
    pub form: Form,
    /// The body as a program sent it; empty where a browser came.
    pub bytes: Bytes,
    /// What a program sent with it, without its token.
    pub headers: HeaderMap,
    /// Where the request came from.
    pub address: IpAddr,
    /// The host that the browser asked.
    pub host: String,
    /// The token a login form sent before anybody is logged in.
    pub before: Option<String>,
    /// What a browser carries from a password that fitted to its code.
    pub half: Option<String>,
    /// What a browser keeps in which somebody was logged in before.
    pub known: Option<String>,
    /// What needs somebody now, as the page says it over its own contents.
    pub inbox: Option<Inbox>,
    /// Time that the audit log takes of this visit.
    pub noting: Noting,
    /// Ties the log lines of one request together.
    pub correlation: Uuid,
}

/// What counts as JSON (RFC 8259; R4, §3.1.0.1.11).
const JSON: [&str; 2] = ["application/json", "application/fhir+json"];

/// Neither form nor path: they may be patient data.
impl std::fmt::Debug for Visit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Visit")
            .field("correlation", &self.correlation)
            .finish_non_exhaustive()
    }
}

impl Visit {
    /// Who came, to what: without what they sent.
    #[must_use]
    pub fn shell(&self) -> Self {
        Self {
            app: Arc::clone(&self.app),
            login: self.login.clone(),
            client: self.client.clone(),
            locale: self.locale,
            secret: None,
            path: self.path.clone(),
            query: Form::default(),
            form: Form::default(),
            bytes: Bytes::new(),
            headers: HeaderMap::new(),
            address: self.address,
            host: String::new(),
            before: None,
            half: None,
            known: None,
            inbox: None,
            noting: self.noting.clone(),
            correlation: self.correlation,
        }
    }

    /// A varying part of the path.
    pub fn part(&self, name: &str) -> Result<&str, Fault> {
        self.path
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .ok_or(Fault::NotFound)
    }

    /// A part of the path that is an id; anything else is not found.
    pub fn id(&self, name: &str) -> Result<Uuid, Fault> {
        self.part(name)?.parse().map_err(|_| Fault::NotFound)
    }

    /// The patient the path names.
    pub fn patient(&self) -> Result<Uuid, Fault> {
        self.id("patient")
    }

    /// Who is logged in.
    pub fn who(&self) -> Result<&Login, Fault> {
        self.login.as_ref().ok_or(Fault::Login)
    }

    /// The program that came in.
    pub fn program(&self) -> Result<&Arc<Client>, Fault> {
        self.client.as_ref().ok_or(Fault::Forbidden)
    }

    /// The types that a program reads, as it says; all where it says nothing.
    #[must_use]
    pub fn accepts(&self) -> &str {
        let accept = self.headers.get(header::ACCEPT);
        accept
            .and_then(|value| value.to_str().ok())
            .unwrap_or("*/*")
    }

    /// The type of what a program sent, without its parameters.
    #[must_use]
    pub fn sent(&self) -> &str {
        let kind = self.headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        kind.split(';').next().unwrap_or_default().trim()
    }

    /// Refuses what a program sent as another type than JSON.
    ///
    /// # Errors
    /// 415.
    pub fn is_json(&self) -> Result<(), Fault> {
        let kind = self.sent();
        if JSON.iter().any(|one| kind.eq_ignore_ascii_case(one)) {
            return Ok(());
        }
        Err(Fault::answer(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Problem::new(
                "body-type",
                "Content-Type",
                kind.chars().take(60).collect::<String>(),
                "is not JSON",
                format!("send one of {}", JSON.join(", ")),
            ),
        ))
    }

    /// What a program sent, read as JSON.
    ///
    /// # Errors
    /// 415 for another type; 400 with the line and column for what is none.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        self.is_json()?;
        serde_json::from_slice(&self.bytes).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            let problem = if error.is_data() {
                error.to_string()
            } else {
                "is not JSON".to_owned()
            };
            Fault::answer(
                StatusCode::BAD_REQUEST,
                Problem::new("body-unreadable", place, "", problem, "correct the body"),
            )
        })
    }

    /// A link that opens nothing was tried. Guessing 128 bits is hopeless; one address is
    /// slowed down all the same.
    pub async fn wrong_link(&self) -> Result<(), Fault> {
        let throttle = &self.app.throttle;
        if let Some(wait) = throttle.wait(self.address, "link").await? {
            return Err(Fault::Throttled(wait.as_secs().max(1)));
        }
        Ok(throttle.failed(self.address, "link").await?)
    }

    /// How the browser reaches the server, without a path.
    #[must_use]
    pub fn origin(&self) -> String {
        let scheme = if self.app.cookies.secure {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.host)
    }

    /// The role of whoever is logged in.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.login.as_ref().map(|login| login.role)
    }
}
