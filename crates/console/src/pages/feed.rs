//! Appointments for a calendar program (RFC 5545): times, purposes and tables, and nobody's
//! name. A calendar is kept by others; who comes stands behind a login.

use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use care::diary::Appointment;
use care::episode::Role;
use ics::properties::{DtEnd, DtStart, Location, Name, Status, Summary, URL};
use ics::{Event, ICalendar, escape_text};
use jiff::{SignedDuration, Timestamp};

use crate::clinic::{Clinic, User};
use crate::door::{Fault, Reply, Visit};
use crate::messages::Say;

/// What a calendar shows of the past and of the future, days (ours).
const BACK: i64 = 30;
const AHEAD: i64 = 365;

/// As the route table names it.
pub(crate) const ROUTE: &str = "/feed/{token}";

/// GET `/feed/{token}`.
pub async fn show(visit: Visit) -> Reply {
    let app = &visit.app;
    let Some(user) = app.clinic.behind_feed(visit.part("token")?).await? else {
        visit.wrong_link().await?;
        return Ok(StatusCode::GONE.into_response());
    };
    app.clinic.note_feed(&visit, &user, ROUTE).await?;
    let t = Say { locale: app.locale };
    let text = calendar(t, &app.clinic, &user, &visit.origin()).await?;
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
    Ok((kind, text).into_response())
}

/// Whether somebody in this role has a calendar: whoever is booked, or books.
#[must_use]
pub fn has_one(role: Role) -> bool {
    is_booked(role) || matches!(role, Role::Assistant | Role::FrontDesk)
}

fn is_booked(role: Role) -> bool {
    matches!(role, Role::Practitioner | Role::ClinicalLead)
}

async fn calendar(t: Say, clinic: &Clinic, user: &User, origin: &str) -> Result<String, Fault> {
    let now = clinic.now();
    let days = |days: i64| SignedDuration::from_hours(24 * days);
    let from = now.checked_sub(days(BACK)).unwrap_or(now);
    let until = now.checked_add(days(AHEAD)).unwrap_or(now);
    let staff = clinic.users().await?;
    let diary = clinic.diary().await?;
    let mut calendar = ICalendar::new("2.0", "-//Annulus//Diary//EN");
    calendar.push(Name::new(escape_text(clinic.settings().name.clone())));
    let all = diary.between(from, until).filter(|_| has_one(user.role));
    let theirs = all.filter(|one| !is_booked(user.role) || one.place.practitioner == user.id);
    for one in theirs {
        let with = staff
            .iter()
            .find(|other| other.id == one.place.practitioner);
        let with = with.filter(|other| other.id != user.id);
        let with = with.map(|other| other.name.as_str());
        calendar.add_event(event(t, one, now, (with, origin)));
    }
    Ok(calendar.to_string())
}

fn event<'a>(
    t: Say,
    one: &Appointment,
    now: Timestamp,
    (with, origin): (Option<&str>, &str),
) -> Event<'a> {
    let utc = |at: Timestamp| at.strftime("%Y%m%dT%H%M%SZ").to_string();
    let purpose = t.purpose(one.purpose);
    let summary = match with {
        Some(with) => t.feed_with(purpose, with),
        None => purpose,
    };
    let mut event = Event::new(one.id.to_string(), utc(now));
    event.push(DtStart::new(utc(one.place.from)));
    event.push(DtEnd::new(utc(one.place.until)));
    event.push(Summary::new(escape_text(summary)));
    if let Some(table) = &one.place.table {
        event.push(Location::new(escape_text(table.clone())));
    }
    event.push(match one.holds() {
        true => Status::confirmed(),
        false => Status::cancelled(),
    });
    event.push(URL::new(format!("{origin}/patients/{}", one.patient)));
    event
}
