//! Everything a request may reach.

use std::sync::Arc;
use std::time::Duration;

use crate::bedside::Bedside;
use crate::clinic::Clinic;
use crate::door::cookie::Cookies;
use crate::door::logins::Logins;
use crate::door::throttle::Throttle;
use crate::front::proxies::Proxies;
use crate::messages::Locale;
use crate::messages::translation::Shown;
use crate::paper::Printer;

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
    /// Proxies in front, which name the address of whoever asks.
    pub proxies: Option<Proxies>,
    /// How long a body may take to arrive.
    pub body: Duration,
    /// Whether whoever works here needs a second factor.
    pub second_factor: bool,
    /// What sets documents on paper.
    pub printer: Printer,
    /// Which words are shown.
    pub locale: Locale,
    /// What patients may read instead.
    pub translations: Shown,
    /// First acts at the table that wait for their second.
    pub acts: crate::pages::session::Acts,
    /// The sessions that somebody looks at.
    pub shows: crate::pages::live::Shows,
    /// What was done of late, so that nothing is done twice.
    pub once: crate::door::once::Once,
    /// Whether a patient pressed STOP on their own page.
    pub asked: crate::pages::on_table::Asked,
}
