//! Two deliberate acts: what can raise force is asked for, then confirmed, by one page.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use si::{Newtons, Problem};
use table::client::Client;
use table::wire::{Purpose, Request};
use uuid::Uuid;

use super::change::Change;
use super::control::{in_charge, page};
use super::{at_table, permitted};
use crate::bedside::Bedside;
use crate::clinic::grant;
use crate::door::{Fault, Reply, Visit, see};

/// The bedside's own limit for the second act (ENGINEERING.md §5).
const SECOND_ACT: Duration = Duration::from_secs(30);

/// Above this force, N, the second act says so itself (devices.md §4b.11, TM-300 18 kg). No
/// pull on a neck comes near it (CLINICAL.md §4: 98 N).
const CONFIRMED_N: f64 = 177.0;

/// POST `…/prepare`: the first of two acts; `purpose` is `start`, `resume` or `change`.
pub async fn prepare(visit: Visit) -> Reply {
    in_charge(&visit)?;
    let (bedside, href) = at_table(&visit).await?;
    let purpose = match visit.form.get("purpose") {
        Some("resume") => Purpose::Resume,
        Some("change") => Purpose::Change,
        _ => Purpose::Start,
    };
    let (change, force_n) = wanted(&visit, &bedside, purpose).await?;
    let token = bedside.call(move |client| client.token(purpose)).await?;
    let first = First {
        session: visit.id("session")?,
        page: page(&visit)?.id,
        purpose,
        change,
        force_n,
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
    let first = visit.app.acts.begun(session, &page, Instant::now());
    if first.ok_or_else(late)? > CONFIRMED_N && visit.form.get("above") != Some("yes") {
        return Err(unsaid());
    }
    let first = visit.app.acts.take(session, &page, Instant::now());
    let first = first.ok_or_else(late)?;
    let change = first.change;
    bedside.call(move |client| told(client, first)).await?;
    match change {
        Some(change) => visit.app.acts.follow(session, change),
        None => bedside.nudge(),
    }
    // What came in while the table was being told counts as well.
    if let Err(fault) = permitted(&visit).await {
        bedside.call(Client::stop).await?;
        return Err(fault);
    }
    Ok(see(&href))
}

/// What a first act leads to: a change, if it is one, and the most force, N.
async fn wanted(
    visit: &Visit,
    bedside: &Bedside,
    purpose: Purpose,
) -> Result<(Option<Change>, f64), Fault> {
    let chart = visit.app.clinic.chart(visit.patient()?).await?;
    let session = chart.episode.session(visit.id("session")?);
    let session = session.ok_or(Fault::NotFound)?;
    let status = bedside.call(Client::status).await?;
    let grant = grant(&session.grant)?;
    let running = visit.app.acts.running(session.id);
    if purpose == Purpose::Change {
        let change = Change::of(visit, &grant, &status)?;
        change.profile(&grant.profile)?;
        return Ok((Some(change), change.force.get()));
    }
    let signed = grant.profile.spec().force;
    let force = running.map_or(signed, |change| change.force);
    Ok((None, force.get().min(status.ceiling_n)))
}

fn told(client: &Client, first: First) -> Result<(), table::client::ClientError> {
    let token = first.token;
    match first.change {
        Some(Change { mode, force }) => {
            let mode = mode.as_str().to_owned();
            let force_n = Newtons::get(force);
            let change = Request::Change {
                token,
                mode,
                force_n,
            };
            client.call(&change).map(|_| ())
        }
        None if first.purpose == Purpose::Start => client.start(&token),
        None => client.resume(&token),
    }
}

fn unsaid() -> Fault {
    Problem::new(
        "force-unconfirmed",
        "above",
        "",
        format!("this is more than {CONFIRMED_N:.0} N, and nobody said that it is meant"),
        "say that the force is meant, then confirm again",
    )
    .into()
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
    change: Option<Change>,
    force_n: f64,
    token: String,
    at: Instant,
}

/// The first act that waits for its second, of which the bedside knows one at a time; and the
/// change that a session follows since its last, for the drawing of the next.
#[derive(Debug, Default)]
pub struct Acts {
    held: Mutex<Option<First>>,
    followed: Mutex<Option<(Uuid, Change)>>,
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
            Some(Purpose::Change) => "change",
            _ => "",
        }
    }

    /// The force, N, that a page's second act would lead to where it must be said; else nothing.
    #[must_use]
    pub fn to_say(&self, session: Uuid, page: &str, now: Instant) -> Option<f64> {
        let force = self.begun(session, page, now);
        force.filter(|force| *force > CONFIRMED_N)
    }

    /// The change that a session follows.
    #[must_use]
    pub fn running(&self, session: Uuid) -> Option<Change> {
        let followed = self.followed.lock();
        let followed = *followed.unwrap_or_else(PoisonError::into_inner);
        followed.and_then(|(of, change)| (of == session).then_some(change))
    }

    fn follow(&self, session: Uuid, change: Change) {
        let followed = self.followed.lock();
        *followed.unwrap_or_else(PoisonError::into_inner) = Some((session, change));
    }

    /// The force, N, of what a page has begun.
    fn begun(&self, session: Uuid, page: &str, now: Instant) -> Option<f64> {
        let held = self.lock();
        let first = held.as_ref().filter(|first| first.is(session, page, now));
        first.map(|first| first.force_n)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(force_n: f64) -> Acts {
        let acts = Acts::default();
        acts.hold(First {
            session: Uuid::nil(),
            page: "page".into(),
            purpose: Purpose::Start,
            change: None,
            force_n,
            token: String::new(),
            at: Instant::now(),
        });
        acts
    }

    /// hazard: H1
    #[test]
    fn only_a_force_above_177_newtons_must_be_said_again() {
        let now = Instant::now();
        let say = |force_n| begun(force_n).to_say(Uuid::nil(), "page", now);
        assert_eq!((say(177.0), say(177.1)), (None, Some(177.1)));
    }

    #[test]
    fn a_first_act_is_finished_by_its_own_page_in_its_own_session_in_time() {
        let (acts, now) = (begun(100.0), Instant::now());
        assert_eq!(acts.held(Uuid::nil(), "page", now), "start");
        assert_eq!(acts.held(Uuid::nil(), "another", now), "");
        assert_eq!(acts.held(Uuid::max(), "page", now), "");
        assert_eq!(acts.held(Uuid::nil(), "page", now + SECOND_ACT), "");
        assert!(acts.take(Uuid::nil(), "another", now).is_none());
        assert!(acts.take(Uuid::nil(), "page", now).is_some());
        assert!(acts.take(Uuid::nil(), "page", now).is_none(), "once");
    }
}
