//! Everything a request may reach.

use std::sync::Arc;
use std::time::Duration;

use si::Problem;

use crate::bedside::Bedside;
use crate::clinic::Clinic;
use crate::door::cookie::Cookies;
use crate::door::fault::Fault;
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
    /// What asks other record systems.
    pub smart: crate::smart::Wire,
    /// Whether a patient pressed STOP on their own page.
    pub asked: crate::pages::on_table::Asked,
}

/// How long it is asked where else a table is *(ours: somebody may be waiting to stop it)*.
const ASKING: Duration = Duration::from_secs(1);

impl App {
    /// The link to the table.
    ///
    /// # Errors
    /// At which server the table is, where it is not at this one; else `without`.
    pub async fn table(&self, without: impl Into<Fault>) -> Result<Bedside, Fault> {
        match (&self.bedside, self.elsewhere().await) {
            (Some(bedside), _) => Ok(bedside.clone()),
            (None, Some(place)) => Err(Problem::new(
                "table-elsewhere",
                "bedside",
                place,
                "the table is linked to this other server",
                "open this page there; at the table, its own panel and switch stop it",
            )
            .into()),
            (None, None) => Err(without.into()),
        }
    }

    /// At which other servers tables are, where none is at this one.
    pub async fn elsewhere(&self) -> Option<String> {
        if self.bedside.is_some() {
            return None;
        }
        let asked = tokio::time::timeout(ASKING, self.clinic.tables_elsewhere()).await;
        let places = asked.ok()?.ok()?.join(", ");
        (!places.is_empty()).then_some(places)
    }
}
