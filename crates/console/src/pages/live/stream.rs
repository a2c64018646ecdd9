//! A session as one page follows it: what everybody sees, with how this page stands to control.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::response::IntoResponse as _;
use axum::response::sse::{Event, KeepAlive, Sse};

use super::super::session::page;
use super::shown::{Moments, Watched};
use crate::app::App;
use crate::door::{Fault, Reply, Visit, role};
use crate::messages::Say;
use uuid::Uuid;

/// Between two looks whether it may still be followed *(ours)*.
const LOOK: Duration = Duration::from_secs(5);

/// Who follows whose session.
struct Follower {
    secret: String,
    patient: Uuid,
}

impl Follower {
    /// Whether the login is still there, in its role, and the record is open to it. A database that
    /// does not answer ends nothing: somebody may be watching a table.
    async fn may(&self, app: &App) -> bool {
        let Some(login) = app.logins.recall(&self.secret).await else {
            return false;
        };
        let open = app.clinic.restrictions().await;
        role::CLINICAL.has(login.role)
            && open.map_or(true, |all| {
                all.opens(login.user, self.patient, app.clinic.now())
            })
    }
}

/// GET `/patients/{patient}/session/{session}/stream`.
pub async fn stream(visit: Visit) -> Reply {
    let watched = Watched {
        patient: visit.patient()?,
        session: visit.id("session")?,
    };
    let chart = visit.app.clinic.chart(watched.patient).await?;
    let known = chart.episode.session(watched.session);
    known.ok_or(Fault::NotFound)?;
    let t = Say {
        locale: visit.locale,
    };
    let moments = visit.app.shows.follow(&visit.app, t, watched);
    let moments = moments.ok_or(Fault::NotFound)?;
    // A page without an id only looks.
    let page = page(&visit).map_or_else(|_| String::new(), |page| page.id);
    let follower = Follower {
        secret: visit.secret.clone().ok_or(Fault::Login)?,
        patient: watched.patient,
    };
    let events = events((Arc::clone(&visit.app), t), moments, page, follower);
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(5)));
    Ok(sse.into_response())
}

fn events(
    (app, t): (Arc<App>, Say),
    mut moments: Moments,
    page: String,
    follower: Follower,
) -> impl futures_util::Stream<Item = Result<Event, Infallible>> {
    async_stream::stream! {
        let (mut known, mut looked) = (None, Instant::now());
        loop {
            let moment = moments.borrow_and_update().clone();
            if let Some(moment) = moment {
                if let Some(event) = moment.event(&app, t, &page, &mut known) {
                    yield Ok(event);
                }
                if moment.over {
                    break;
                }
            }
            if let Ok(Err(_)) = tokio::time::timeout(LOOK, moments.changed()).await {
                break;
            }
            if looked.elapsed() >= LOOK {
                if !follower.may(&app).await {
                    break;
                }
                looked = Instant::now();
            }
        }
    }
}
