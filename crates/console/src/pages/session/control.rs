//! Control of the table, as pages take it, ask for it and hand it over; and their signs of life.

use std::time::{Duration, Instant};

use serde::Serialize;
use table::wire::Question;
use uuid::Uuid;

use super::{at_table, href};
use crate::app::App;
use crate::bedside::Live;
use crate::bedside::control::{Page, Standing};
use crate::door::{Fault, Reply, Visit, see};
use crate::messages::Say;

/// What one page is told about control.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Controls {
    /// Who controls, in a sentence.
    #[serde(skip)]
    pub words: String,
    /// What its button for control says.
    #[serde(skip)]
    pub take: String,
    /// Who asks, in a sentence; empty while nobody does.
    #[serde(skip)]
    pub asking: String,
    /// That the patient is to be asked now; empty while the last answer is young.
    #[serde(skip)]
    pub patient: String,
    /// `mine`, `asked`, `other` or `nobody`.
    pub state: &'static str,
    /// The page that asked first.
    pub ask: String,
    /// The first of two acts that waits for its second: `start`, `resume`, `change`, or nothing.
    pub prepared: &'static str,
    /// What the second act must say of its force; empty where nothing.
    pub above: String,
}

/// How a page stands in a session: whoever stands the same is told the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stand {
    standing: Standing,
    prepared: &'static str,
    /// The force, N, that its second act must say.
    above_n: Option<f64>,
}

impl Stand {
    /// As the page of this id stands.
    #[must_use]
    pub fn of(app: &App, (session, page): (Uuid, &str)) -> Self {
        let now = Instant::now();
        let bedside = app.bedside.as_ref();
        let standing = bedside.map(|bedside| bedside.standing(page));
        let standing = standing.unwrap_or_default();
        Self {
            prepared: app.acts.held(session, page, now),
            above_n: app.acts.to_say(session, page, now),
            standing: Standing {
                // It is told in whole seconds.
                silent: standing.silent.map(|d| Duration::from_secs(d.as_secs())),
                ..standing
            },
        }
    }

    /// What such a page is told, of what the table says in its session or in another.
    #[must_use]
    pub fn controls(&self, t: Say, live: &Live, here: bool) -> Controls {
        let standing = &self.standing;
        let status = live.status.as_ref();
        let here = status.filter(|_| here);
        let lease = status.and_then(|status| status.lease.clone());
        let (state, take) = match (&standing.holder, &lease) {
            _ if standing.mine => ("mine", String::new()),
            _ if standing.asked => ("asked", t.live_control_asked()),
            (Some(_), _) | (None, Some(_)) => ("other", t.live_control_ask()),
            (None, None) => ("nobody", t.live_control()),
        };
        let first = standing.asks.first();
        Controls {
            words: words(t, standing, lease.as_deref()),
            take,
            patient: here.map_or_else(String::new, |status| ask(t, status.question)),
            asking: first.map_or_else(String::new, |(_, name)| t.live_asks(name)),
            state,
            ask: first.map_or_else(String::new, |(id, _)| id.clone()),
            prepared: self.prepared,
            above: self
                .above_n
                .map_or_else(String::new, |force| t.live_above(format!("{force:.0}"))),
        }
    }
}

fn ask(t: Say, question: Question) -> String {
    match question {
        Question::None => String::new(),
        Question::Due => t.live_ask(),
        Question::Unanswered => t.live_unanswered(),
    }
}

fn words(t: Say, standing: &Standing, lease: Option<&str>) -> String {
    match (&standing.holder, standing.silent) {
        _ if standing.mine => t.live_control_mine(),
        (Some(name), Some(silent)) => t.live_control_silent(name, silent.as_secs()),
        (Some(name), None) => t.live_control_other(name),
        (None, _) => match lease {
            Some(_) => t.live_control_elsewhere(),
            None => t.live_control_nobody(),
        },
    }
}

/// The page that a visit comes from.
pub fn page(visit: &Visit) -> Result<Page, Fault> {
    let who = visit.who()?;
    let id = visit.form.get("page").or_else(|| visit.query.get("page"));
    Ok(Page::new(id.unwrap_or_default(), who.user, &who.name)?)
}

/// Errs unless the visit comes from the page in control.
pub(super) fn in_charge(visit: &Visit) -> Result<(), Fault> {
    let bedside = visit.app.bedside.as_ref().ok_or(Fault::NotFound)?;
    let id = page(visit).map_or_else(|_| String::new(), |page| page.id);
    Ok(bedside.control(|control, _| control.check(&id))?)
}

/// POST `…/heartbeat`: the page lives. No record is read for it.
pub async fn heartbeat(visit: Visit) -> Reply {
    let bedside = visit.app.table(Fault::NotFound).await?;
    bedside.heard(&page(&visit)?.id).await?;
    Ok(see(&href(&visit)?))
}

/// POST `…/control`: takes control where nobody has it, asks for it where somebody does.
pub async fn control(visit: Visit) -> Reply {
    let (bedside, href) = at_table(&visit).await?;
    let page = page(&visit)?;
    match bedside.may_take(&page.id) {
        Ok(()) => bedside.take_control(page).await?,
        Err(_) => bedside.control(|control, now| control.ask(page, now)),
    }
    Ok(see(&href))
}

/// POST `…/hand-over`: the page in control gives it to one that asked. A first act that
/// waits for its second is not handed over with it.
pub async fn hand_over(visit: Visit) -> Reply {
    let (bedside, href) = at_table(&visit).await?;
    let (from, to) = (page(&visit)?, visit.form.need("to")?);
    bedside.control(|control, now| control.hand_over(&from.id, to, now))?;
    visit.app.acts.forget();
    Ok(see(&href))
}

/// POST `…/keep`: the page in control answers a wish with no.
pub async fn keep(visit: Visit) -> Reply {
    let (bedside, href) = at_table(&visit).await?;
    let from = page(&visit)?;
    bedside.control(|control, _| control.keep(&from.id))?;
    Ok(see(&href))
}
