//! What is sent twice is done once: a form that was pressed twice, or sent again after going
//! back, leads to where its first sending led. Each page carries an id of its own in its forms;
//! the same person, path, id and contents are the same act, and anything changed is a new one.
//!
//! It is kept in memory: a restart forgets it, and a page of before the restart that is sent
//! again is done again.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{StatusCode, header};
use sha2::{Digest as _, Sha256};
use tokio::sync::{Mutex as Turn, oneshot};
use tracing::Instrument as _;

use super::fault::{Fault, Reply, see};
use super::visit::Visit;

/// The field with the id of the page.
const FIELD: &str = "once";
/// So many acts are remembered *(ours: a busy day of a large clinic, 1 MB)*.
const KEPT: usize = 8192;

/// One act: a hash of who sent what from which page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Act([u8; 32]);

/// Where an act led, once it is done.
type Led = Arc<Turn<Option<String>>>;

/// The acts of late.
#[derive(Debug, Default)]
pub struct Once(Mutex<Acts>);

#[derive(Debug, Default)]
struct Acts {
    led: BTreeMap<Act, Led>,
    order: VecDeque<Act>,
}

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
    /// Does it, unless it was done: then where it led. The second of two waits for the first,
    /// and a browser that goes away undoes nothing. What failed may be tried again.
    pub(super) async fn run(
        &self,
        act: Act,
        doing: impl Future<Output = Reply> + Send + 'static,
    ) -> Reply {
        let mut led = self.led(act).lock_owned().await;
        if let Some(to) = led.as_deref() {
            return Ok(see(to));
        }
        let (done, answered) = oneshot::channel();
        let acting = async move {
            let reply = doing.await;
            *led = landed(&reply);
            drop(led);
            // Nobody may be left to hear the answer.
            let _ = done.send(reply);
        };
        tokio::spawn(acting.in_current_span());
        let lost = |_| Err(Fault::internal("the act ended without an answer"));
        answered.await.unwrap_or_else(lost)
    }

    fn led(&self, act: Act) -> Led {
        let mut acts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(led) = acts.led.get(&act) {
            return Arc::clone(led);
        }
        if acts.order.len() >= KEPT
            && let Some(oldest) = acts.order.pop_front()
        {
            acts.led.remove(&oldest);
        }
        acts.order.push_back(act);
        Arc::clone(acts.led.entry(act).or_default())
    }
}

/// Where a reply leads, if it says that something was done.
fn landed(reply: &Reply) -> Option<String> {
    let response = reply.as_ref().ok()?;
    let is_done = response.status() == StatusCode::SEE_OTHER
        && !response.headers().contains_key(header::SET_COOKIE);
    let to = response.headers().get(header::LOCATION)?;
    is_done.then(|| to.to_str().ok().map(str::to_owned))?
}
