//! Two deliberate acts: what can raise force is asked for, then confirmed, by one page.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use si::Problem;
use table::client::Client;
use table::wire::Purpose;
use uuid::Uuid;

use super::control::{in_charge, page};
use super::{at_table, permitted};
use crate::door::{Fault, Reply, Visit, see};

/// The bedside's own limit for the second act (ENGINEERING.md §5).
const SECOND_ACT: Duration = Duration::from_secs(30);

/// POST `…/prepare`: the first of two acts; `purpose` is `start` or `resume`.
pub async fn prepare(visit: Visit) -> Reply {
    in_charge(&visit)?;
    let (bedside, href) = at_table(&visit).await?;
    let purpose = match visit.form.get("purpose") {
        Some("resume") => Purpose::Resume,
        _ => Purpose::Start,
    };
    let token = bedside.call(move |client| client.token(purpose)).await?;
    let first = First {
        session: visit.id("session")?,
        page: page(&visit)?.id,
        purpose,
        token,
        at: Instant::now(),
    };
    visit.app.acts.hold(first);
    Ok(see(&href))
}

/// POST `…/confirm`: the second act, if the facts of this moment still permit it.
pub async fn confirm(visit: Visit) -> Reply {
    in_charge(&visit)?;
    let (bedside, href) = at_table(&visit).await?;
    permitted(&visit).await?;
    let (session, page) = (visit.id("session")?, page(&visit)?.id);
    let first = visit.app.acts.take(session, &page, Instant::now());
    let First { purpose, token, .. } = first.ok_or_else(late)?;
    let start = purpose == Purpose::Start;
    bedside
        .call(move |client| match start {
            true => client.start(&token),
            false => client.resume(&token),
        })
        .await?;
    bedside.nudge();
    // What came in while the table was being told counts as well.
    if let Err(fault) = permitted(&visit).await {
        bedside.call(Client::stop).await?;
        return Err(fault);
    }
    Ok(see(&href))
}

fn late() -> Fault {
    Problem::new(
        "second-act-late",
        "confirm",
        "",
        "the first act is missing or too long ago",
        "begin with the first act again",
    )
    .into()
}

/// A first act: of which page, in which session, what for, with which token, since when.
#[derive(Clone, Debug)]
struct First {
    session: Uuid,
    page: String,
    purpose: Purpose,
    token: String,
    at: Instant,
}

/// The first act that waits for its second; the bedside knows one at a time.
#[derive(Debug, Default)]
pub struct Acts {
    held: Mutex<Option<First>>,
}

impl Acts {
    fn hold(&self, first: First) {
        *self.lock() = Some(first);
    }

    /// The name of what a page has begun in a session: `start`, `resume`, or nothing.
    #[must_use]
    pub fn held(&self, session: Uuid, page: &str, now: Instant) -> &'static str {
        let held = self.lock();
        let first = held.as_ref().filter(|first| first.is(session, page, now));
        match first.map(|first| first.purpose) {
            Some(Purpose::Start) => "start",
            Some(Purpose::Resume) => "resume",
            _ => "",
        }
    }

    /// Drops it: whoever confirms must have begun.
    pub fn forget(&self) {
        self.lock().take();
    }

    fn take(&self, session: Uuid, page: &str, now: Instant) -> Option<First> {
        self.lock().take_if(|first| first.is(session, page, now))
    }

    fn lock(&self) -> MutexGuard<'_, Option<First>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl First {
    fn is(&self, session: Uuid, page: &str, now: Instant) -> bool {
        let fresh = now.duration_since(self.at) < SECOND_ACT;
        fresh && (self.session, self.page.as_str()) == (session, page)
    }
}
