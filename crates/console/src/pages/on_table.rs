//! The patient's own page while they lie on the table: how it feels, and STOP.
//!
//! Whoever holds the link may lower, never raise: STOP is the console's, a score counts as the
//! patient's, and one that is better than the last lifts nothing. STOP is told to the table
//! before anything is read or written.

mod link;
mod words;

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use askama::Template;
use axum::response::IntoResponse as _;
use axum::response::sse::{Event, KeepAlive, Sse};
use care::fact::Value;
use jiff::{SignedDuration, Timestamp};
use table::client::Client;
use tracing::Instrument as _;
use uuid::Uuid;

pub(super) use self::link::picture as qr;
pub use self::link::show as link;
use self::words::Words;
use super::checkin::{gone, patient};
use super::session::{arrives, both, is_elsewhere, not_here, report, score};
use crate::app::App;
use crate::bedside::{Bedside, Live};
use crate::door::route::Verb;
use crate::door::{Fault, Reply, Visit, html, link_token, see};
use crate::frame::{Frame, Place};
use crate::messages::Say;

/// As the audit log names it, and what is done there.
pub(super) const ROUTE: &str = "/t/{token}";
const STREAM: &str = "/t/{token}/stream";
const STOP: &str = "/t/{token}/stop";
const COMFORT: &str = "/t/{token}/comfort";
/// How long after the end of its session a page still says so (ours).
const OUTLIVES: SignedDuration = SignedDuration::from_hours(1);
/// Between two looks at the record.
const LOOK: Duration = Duration::from_secs(1);
/// Without news the words are sent again, so that the page can tell silence from calm.
const AGAIN: Duration = Duration::from_secs(1);

#[derive(Template)]
#[template(path = "on_table.html")]
struct Page {
    f: Frame,
    token: String,
    csrf: String,
    words: Words,
}

/// What patients asked for on their own pages.
#[derive(Debug, Default)]
pub struct Asked {
    /// That one pressed STOP, for whoever looks at the session.
    stopped: Mutex<Option<(Uuid, Timestamp)>>,
    /// One score at a time: whether it is better than the last holds until it is told.
    scores: tokio::sync::Mutex<()>,
}

impl Asked {
    fn stop(&self, session: Uuid, at: Timestamp) {
        let stopped = self.stopped.lock();
        *stopped.unwrap_or_else(PoisonError::into_inner) = Some((session, at));
    }

    /// Until this is dropped no other score is told.
    pub(super) async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.scores.lock().await
    }

    /// When, in this session.
    #[must_use]
    pub fn of(&self, session: Uuid) -> Option<Timestamp> {
        let stopped = self.stopped.lock();
        let stopped = *stopped.unwrap_or_else(PoisonError::into_inner);
        stopped.and_then(|(of, at)| (of == session).then_some(at))
    }
}

/// Whose page it is.
#[derive(Clone, Copy, Debug)]
struct Behind {
    patient: Uuid,
    session: Uuid,
}

/// The patient and session of the link; guessing is slowed down.
async fn behind(visit: &Visit) -> Result<Option<Behind>, Fault> {
    let clinic = &visit.app.clinic;
    if let Some((patient, session)) = clinic.behind_table_token(visit.part("token")?) {
        return Ok(Some(Behind { patient, session }));
    }
    visit.wrong_link().await?;
    Ok(None)
}

/// GET `/t/{token}`.
pub async fn show(visit: Visit) -> Reply {
    let Some(of) = behind(&visit).await? else {
        return gone(&visit);
    };
    let clinic = &visit.app.clinic;
    clinic.note(&visit, of.patient, ROUTE, Verb::Get).await?;
    let f = Frame::new(&visit, Place::Elsewhere);
    let chart = clinic.chart(of.patient).await?;
    let session = chart.episode.session(of.session).ok_or(Fault::NotFound)?;
    let old = |end: &Timestamp| clinic.now().duration_since(*end) > OUTLIVES;
    if session.ended.as_ref().is_some_and(old) {
        return gone(&visit);
    }
    let words = Words::of(f.t, (&chart.episode, session), &live(&visit.app));
    let token = visit.part("token")?.to_owned();
    html(&Page {
        csrf: link_token(&token),
        token,
        words,
        f,
    })
}

fn live(app: &App) -> Live {
    let bedside = app.bedside.as_ref();
    bedside.map(Bedside::live).unwrap_or_default()
}

/// GET `/t/{token}/stream`.
pub async fn stream(visit: Visit) -> Reply {
    let of = behind(&visit).await?.ok_or(Fault::NotFound)?;
    let bedside = visit.app.table(Fault::NotFound).await?;
    let noted = visit.app.clinic.note(&visit, of.patient, STREAM, Verb::Get);
    noted.await?;
    let t = Say {
        locale: visit.locale,
    };
    let sse = Sse::new(events(Arc::clone(&visit.app), bedside, t, of));
    let alive = KeepAlive::new().interval(Duration::from_secs(5));
    Ok(sse.keep_alive(alive).into_response())
}

fn events(
    app: Arc<App>,
    bedside: Bedside,
    t: Say,
    of: Behind,
) -> impl futures_util::Stream<Item = Result<Event, Infallible>> {
    async_stream::stream! {
        let mut follow = bedside.follow();
        let mut said: Option<(Words, Instant)> = None;
        let mut record = None;
        let mut looked = None::<Instant>;
        loop {
            let live = follow.borrow_and_update().clone();
            if looked.is_none_or(|at| at.elapsed() >= LOOK) {
                // A record that cannot be read now is as it was: the table goes on.
                record = app.clinic.chart(of.patient).await.ok().or(record);
                looked = Some(Instant::now());
            }
            let Some(episode) = record.as_ref().map(|chart| &chart.episode) else { break };
            let Some(session) = episode.session(of.session) else { break };
            let words = Words::of(t, (episode, session), &live);
            let over = words.state == "over";
            let old = said.as_ref().is_none_or(|(last, at)| *last != words || at.elapsed() >= AGAIN);
            if old && let Ok(event) = Event::default().event("status").json_data(&words) {
                yield Ok(event);
                said = Some((words, Instant::now()));
            }
            if over {
                break;
            }
            if let Ok(Err(_)) = tokio::time::timeout(AGAIN, follow.changed()).await {
                break;
            }
        }
    }
}

/// POST `/t/{token}/stop`: the table lets go, then it is noted. A browser that goes away
/// undoes nothing.
pub async fn stop(visit: Visit) -> Reply {
    let Some(of) = behind(&visit).await? else {
        return gone(&visit);
    };
    let bedside = visit.app.table(Fault::NotFound).await?;
    if is_elsewhere(&bedside.live(), of.session) {
        return Err(not_here(of.session));
    }
    let act = async move {
        bedside.call(Client::stop).await?;
        let app = &visit.app;
        app.asked.stop(of.session, app.clinic.now());
        let noted = app.clinic.note(&visit, of.patient, STOP, Verb::Post).await;
        if let Err(fault) = noted {
            tracing::error!(%fault, "a patient's STOP was not noted in the audit log");
        }
        back(&visit)
    };
    let done = tokio::spawn(act.in_current_span()).await;
    done.unwrap_or_else(|_| Err(Fault::internal("the act ended without an answer")))
}

/// POST `/t/{token}/comfort`: told to the table at once, and to the record.
pub async fn comfort(visit: Visit) -> Reply {
    let Some(of) = behind(&visit).await? else {
        return gone(&visit);
    };
    let score = score(&visit)?;
    let bedside = visit.app.table(Fault::NotFound).await?;
    arrives(&bedside, of.session).await?;
    let turn = visit.app.asked.turn().await;
    // Asked now: what was heard last may be a tenth of a second old.
    let status = bedside.call(Client::status).await?;
    match status.comfort.is_some_and(|told| score < told) {
        // What a worse score held is a practitioner's to lift; that the patient answered counts.
        true => bedside.call(Client::well).await?,
        false => bedside.call(move |client| client.comfort(score)).await?,
    }
    drop(turn);
    both(back(&visit), written(&visit, of, score).await)
}

async fn written(visit: &Visit, of: Behind, score: u8) -> Result<(), Fault> {
    let clinic = &visit.app.clinic;
    let chart = clinic.chart(of.patient).await?;
    let who = (of.patient, patient(&chart));
    let value = Value::Number(f64::from(score));
    report(&visit.app, who, of.session, "discomfort", value).await?;
    clinic.note(visit, of.patient, COMFORT, Verb::Post).await
}

fn back(visit: &Visit) -> Reply {
    Ok(see(&format!("/t/{}", visit.part("token")?)))
}
