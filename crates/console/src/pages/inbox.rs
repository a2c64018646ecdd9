//! What needs somebody now, as every page of the staff shows it: how many people, how urgent and
//! since when. No name: who may not read a record sees the same.
//!
//! A page is sent with it, so that nothing moves down once it is read, and asks again and again
//! (`static/inbox.js`); that keeps no login alive.
//! Shown by `tests/inbox.rs` and `tests/browser/inbox.test.mjs`.

use std::cmp::Reverse;

use axum::Json;
use axum::response::IntoResponse as _;
use care::decide::Urgency;
use care::episode::Alert;
use serde::Serialize;

use super::today;
use crate::clinic::Clinic;
use crate::door::route::{Note, Route, Verb};
use crate::door::{Fault, Reply, Visit, role};
use crate::frame::{Frame, Place};

/// The route of today.
const TODAY: &str = "/";

/// What stands on the strip.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Inbox {
    /// People with an alarm that nobody took.
    pub people: usize,
    /// The most urgent of their alarms.
    pub level: &'static str,
    /// In words; empty while nobody is in trouble.
    pub words: String,
    /// What is said where there is room: how urgent, and since when.
    pub more: String,
}

/// GET `/inbox`.
pub async fn show(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Elsewhere);
    Ok(Json(inbox(&f, &visit.app.clinic).await?).into_response())
}

/// What a page about to be shown says of it; nothing for whoever has no list of patients, and
/// nothing on today, which has the list itself. A list that cannot be had keeps no page away: the page asks for it, and says so.
pub async fn ahead(visit: &Visit, route: &Route) -> Option<Inbox> {
    let page = route.method == Verb::Get && route.note == Note::Before && route.path != TODAY;
    let login = visit.login.as_ref().filter(|_| page)?;
    if !role::CLINIC.has(login.role) {
        return None;
    }
    let f = Frame::new(visit, Place::Elsewhere);
    let told = inbox(&f, &visit.app.clinic).await;
    told.inspect_err(|fault| tracing::warn!(%fault, "a page does not say who needs somebody"))
        .ok()
}

async fn inbox(f: &Frame, clinic: &Clinic) -> Result<Inbox, Fault> {
    let charts = clinic.charts_of(&clinic.alarmed().await?).await?;
    let open = charts.iter().flat_map(|chart| chart.episode.open_alerts());
    let worst = open.max_by_key(|alert| rank(alert));
    let mut words = Vec::new();
    if !charts.is_empty() {
        words.push(today::people(f, charts.len()));
    }
    if !clinic.damaged().await?.is_empty() {
        words.push(f.t.today_damaged_head());
    }
    let level = worst.map_or(Urgency::None, |worst| today::urgency(&worst.urgency));
    let since = |worst: &Alert| {
        f.t.inbox_worst(f.t.urgency(&worst.urgency), f.when(&worst.at))
    };
    Ok(Inbox {
        people: charts.len(),
        level: level.as_str(),
        words: words.join(" "),
        more: worst.map(since).unwrap_or_default(),
    })
}

/// The most urgent first, of these the one that waits longest.
fn rank(alert: &Alert) -> (Urgency, Reverse<jiff::Timestamp>) {
    (today::urgency(&alert.urgency), Reverse(alert.at))
}
