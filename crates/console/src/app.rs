//! Everything a request may reach.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::bedside::Bedside;
use crate::clinic::Clinic;
use crate::door::cookie::Cookies;
use crate::door::logins::Logins;
use crate::door::throttle::Throttle;
use crate::messages::Locale;

/// The running server.
#[derive(Debug)]
pub struct App {
    /// The application layer.
    pub clinic: Arc<Clinic>,
    /// The link to the table; none where no socket was given.
    pub bedside: Option<Bedside>,
    /// Who is logged in.
    pub logins: Logins,
    /// How often a login may be tried.
    pub throttle: Throttle,
    /// Cookie names and flags.
    pub cookies: Cookies,
    /// Whether a proxy stands in front and names the address.
    pub behind_proxy: bool,
    /// Which words are shown.
    pub locale: Locale,
    /// First acts at the table that wait for their second.
    pub acts: crate::pages::session::Acts,
    /// Makes tokens of forms that no login carries; new at each start.
    pub secret: [u8; 32],
}

impl App {
    /// The token of the form behind a personal link.
    #[must_use]
    pub fn link_csrf(&self, token: &str) -> String {
        let mut hash = Sha256::new_with_prefix(self.secret);
        hash.update(b"link");
        hash.update(token.as_bytes());
        hex::encode(&hash.finalize()[..16])
    }
}
