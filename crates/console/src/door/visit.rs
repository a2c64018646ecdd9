//! One request after the door let it in: who, to what, with what.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use uuid::Uuid;

use super::fault::Fault;
use super::form::Form;
use super::logins::Login;
use crate::app::App;
use crate::messages::Locale;
use crate::pages::inbox::Inbox;
use crate::role::Role;

/// A request that passed the route table.
pub struct Visit {
    /// The clinic and everything around it.
    pub app: Arc<App>,
    /// Who is logged in; the table guarantees it on every route that asks for roles.
    pub login: Option<Login>,
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
    /// Where the request came from.
    pub address: IpAddr,
    /// The host that the browser asked.
    pub host: String,
    /// The token a login form sent before anybody is logged in.
    pub before: Option<String>,
    /// What a browser carries from a password that fitted to its code.
    pub half: Option<String>,
    /// What needs somebody now, as the page says it over its own contents.
    pub inbox: Option<Inbox>,
    /// Ties the log lines of one request together.
    pub correlation: Uuid,
}

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
            locale: self.locale,
            secret: None,
            path: self.path.clone(),
            query: Form::default(),
            form: Form::default(),
            address: self.address,
            host: String::new(),
            before: None,
            half: None,
            inbox: None,
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

    /// A link that opens nothing was tried. Guessing 128 bits is hopeless; one address is
    /// slowed down all the same.
    pub fn wrong_link(&self) -> Result<(), Fault> {
        let (throttle, now) = (&self.app.throttle, Instant::now());
        if let Some(wait) = throttle.wait(self.address, "link", now) {
            return Err(Fault::Throttled(wait.as_secs().max(1)));
        }
        throttle.failed(self.address, "link", now);
        Ok(())
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
