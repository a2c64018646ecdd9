//! What is sent twice is done once: a form that was pressed twice, or sent again after going
//! back, leads to where its first sending led, at whichever server of the clinic. Each page
//! carries an id of its own in its forms; the same person, path, id and contents are the same
//! act, and anything changed is a new one.
//!
//! ```text
//! claim ─▶ do ─▶ say where it led          claimed by another ─▶ wait until it says so, or gives up
//! ```
//!
//! A clinic in an SQLite file keeps this in memory: a restart forgets it, and a page of before the
//! restart that is sent again is done again. So is, once its claim has ended, what a server was
//! doing that went away.

use std::future::Future;
use std::time::Duration;

use axum::http::{StatusCode, header};
use record::Journal;
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;
use tracing::Instrument as _;
use uuid::Uuid;

use super::fault::{Fault, Reply, see};
use super::visit::Visit;

/// The field with the id of the page.
const FIELD: &str = "once";
/// Where acts are among what servers share.
const SPACE: &str = "act";
/// How long a claim holds that says nothing yet *(ours: longer than any answer may take)*.
const DOING: Duration = Duration::from_secs(35);
/// How long it is remembered where an act led *(ours: as long as the longest login)*.
const DONE: Duration = Duration::from_secs(12 * 3600);
/// Between two looks at what another is doing.
const LOOK: Duration = Duration::from_millis(50);

/// One act: a hash of who sent what from which page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Act([u8; 32]);

/// The acts of late.
#[derive(Clone, Debug)]
pub struct Once(Journal);

impl Act {
    /// What a visit is about to do; none for a form without the id of a page.
    pub(super) fn of(visit: &Visit, route: &str) -> Option<Self> {
        visit.form.get(FIELD)?;
        let who = visit.login.as_ref().map(|login| login.user.as_bytes());
        let mut hash = Sha256::new();
        let mut add = |text: &[u8]| {
            hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
            hash.update(text);
        };
        add(who.map_or(&[][..], |id| id));
        add(route.as_bytes());
        for (name, value) in &visit.path {
            add(name.as_bytes());
            add(value.as_bytes());
        }
        for (name, value) in visit.form.iter() {
            add(name.as_bytes());
            add(value.as_bytes());
        }
        Some(Self(hash.finalize().into()))
    }
}

impl Once {
    /// Those of the clinic with this journal.
    #[must_use]
    pub const fn of(journal: Journal) -> Self {
        Self(journal)
    }

    /// Does it, unless it was done: then where it led. The second of two waits for the first,
    /// and a browser that goes away undoes nothing. What failed may be tried again.
    pub(super) async fn run(
        &self,
        act: Act,
        doing: impl Future<Output = Reply> + Send + 'static,
    ) -> Reply {
        if let Some(to) = self.claimed(act).await? {
            return Ok(see(&to));
        }
        let (done, answered) = oneshot::channel();
        let once = self.clone();
        let acting = async move {
            let ran = tokio::spawn(doing.in_current_span()).await;
            let reply = ran.unwrap_or_else(|_| Err(lost()));
            once.say(act, landed(&reply)).await;
            // Nobody may be left to hear the answer.
            let _ = done.send(reply);
        };
        tokio::spawn(acting.in_current_span());
        answered.await.unwrap_or_else(|_| Err(lost()))
    }

    /// Claims the act, or says where it led.
    async fn claimed(&self, Act(key): Act) -> Result<Option<String>, Fault> {
        let (shared, nobody) = (self.0.shared(), Uuid::nil());
        loop {
            let claim = shared.claim(SPACE, &key, (nobody, b""), DOING).await;
            if claim.map_err(|e| e.problem())? {
                return Ok(None);
            }
            let found = shared.get(SPACE, &key).await.map_err(|e| e.problem())?;
            let to = found.and_then(|found| String::from_utf8(found.value).ok());
            if let Some(to) = to.filter(|to| !to.is_empty()) {
                return Ok(Some(to));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Says where it led, or that it may be done.
    async fn say(&self, Act(key): Act, led: Option<String>) {
        let shared = self.0.shared();
        let said = match &led {
            Some(to) => {
                let what = (Uuid::nil(), to.as_bytes());
                shared.put(SPACE, &key, what, DONE).await
            }
            None => shared.remove(SPACE, &key).await,
        };
        if let Err(error) = said {
            tracing::error!(%error, "it was not said where an act led");
        }
    }
}

fn lost() -> Fault {
    Fault::internal("the act ended without an answer")
}

/// Where a reply leads, if it says that something was done.
fn landed(reply: &Reply) -> Option<String> {
    let response = reply.as_ref().ok()?;
    let is_done = response.status() == StatusCode::SEE_OTHER
        && !response.headers().contains_key(header::SET_COOKIE);
    let to = response.headers().get(header::LOCATION)?;
    is_done.then(|| to.to_str().ok().map(str::to_owned))?
}
