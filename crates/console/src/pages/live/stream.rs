//! A session as one page follows it: what everybody sees, with how this page stands to control.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::IntoResponse as _;
use axum::response::sse::{Event, KeepAlive, Sse};

use super::super::session::page;
use super::shown::{Moments, Watched};
use crate::app::App;
use crate::door::{Fault, Reply, Visit};
use crate::messages::Say;

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
    let events = events(Arc::clone(&visit.app), t, moments, page);
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(5)));
    Ok(sse.into_response())
}

fn events(
    app: Arc<App>,
    t: Say,
    mut moments: Moments,
    page: String,
) -> impl futures_util::Stream<Item = Result<Event, Infallible>> {
    async_stream::stream! {
        let mut known = None;
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
            if moments.changed().await.is_err() {
                break;
            }
        }
    }
}
