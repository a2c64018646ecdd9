//! The diary of a day: who comes, where each stands, and booking.

mod book;

use askama::Template;
use care::diary::{Appointment, Standing, standing};
use care::episode::NextStep;
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan as _};
use si::Problem;
use uuid::Uuid;

pub use book::{book, change, mark};

use self::book::Booking;
use super::decision::in_short;
use super::glyph;
use super::who::href;
use crate::clinic::User;
use crate::door::{Fault, Reply, Visit, html};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "diary.html")]
struct Page {
    f: Frame,
    head: String,
    day: Date,
    today: Date,
    before: Date,
    after: Date,
    lines: Vec<Line>,
    booking: Booking,
    problem: Option<Problem>,
}

/// One appointment on a list.
pub(super) struct Line {
    pub(super) id: Uuid,
    pub(super) patient: Uuid,
    pub(super) name: String,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) minutes: i64,
    pub(super) purpose: String,
    pub(super) practitioner: Uuid,
    pub(super) who: String,
    pub(super) table: String,
    pub(super) standing: Standing,
    pub(super) words: String,
    pub(super) verdict: (&'static str, String),
    pub(super) next: Option<(String, String)>,
}

impl Line {
    /// Nobody has come, and it can still be moved.
    pub(super) fn is_open(&self) -> bool {
        self.standing == Standing::Booked
    }

    /// The person is here, and no table tells when it is over.
    pub(super) fn is_here(&self) -> bool {
        self.standing == Standing::Arrived
    }

    /// The person was missed, and may come after all.
    pub(super) fn is_missed(&self) -> bool {
        self.standing == Standing::NoShow
    }
}

/// GET `/diary`.
pub async fn show(visit: Visit) -> Reply {
    page(&visit, None).await
}

/// The day as it stands, with what was typed and why it was not taken.
async fn page(visit: &Visit, problem: Option<Problem>) -> Reply {
    let f = Frame::new(visit, Place::Diary);
    let day = book::day(visit, &f)?;
    let lines = of_day(visit, &f, day).await?;
    let (before, after) = (day.saturating_sub(1.day()), day.saturating_add(1.day()));
    html(&Page {
        head: head(&f, day, &lines),
        booking: Booking::of(visit, &f, day).await?,
        today: f.now.date(),
        day,
        before,
        after,
        lines,
        problem,
        f,
    })
}

fn head(f: &Frame, day: Date, lines: &[Line]) -> String {
    let counts = |line: &&Line| line.standing != Standing::Cancelled;
    let named = day.strftime("%A %-d %B").to_string();
    f.t.diary_head(named, lines.iter().filter(counts).count())
}

/// The appointments of a day in their order.
pub(super) async fn of_day(visit: &Visit, f: &Frame, day: Date) -> Result<Vec<Line>, Fault> {
    let clinic = &visit.app.clinic;
    let diary = clinic.diary().await?;
    let users = clinic.users().await?;
    let midnight = |day: Date| begin(f, day);
    let (from, until) = (midnight(day), midnight(day.saturating_add(1.day())));
    let mut lines = Vec::new();
    for appointment in diary.between(from, until) {
        let chart = clinic.readable(appointment.patient).await?;
        // Of somebody whose record was erased nothing is shown.
        if let Some(chart) = chart.filter(|chart| chart.episode.number > 0) {
            lines.push(line(f, appointment, &chart, &users));
        }
    }
    Ok(lines)
}

/// The first instant of a day in the clinic's zone.
pub(super) fn begin(f: &Frame, day: Date) -> Timestamp {
    let midnight = day.to_datetime(Time::midnight());
    let zoned = midnight.to_zoned_datetime(f.zone.clone());
    zoned.map_or(Timestamp::MIN, |zoned| zoned.timestamp())
}

fn line(f: &Frame, one: &Appointment, chart: &crate::clinic::Chart, users: &[User]) -> Line {
    let (episode, place) = (&chart.episode, &one.place);
    let stands = standing(one, episode, &f.zone);
    let user = users.iter().find(|user| user.id == place.practitioner);
    let next = f.next_step(episode);
    let goes_on = matches!(
        stands,
        Standing::Booked | Standing::Arrived | Standing::InSession
    );
    let shows = f.clinical() && goes_on && next != NextStep::Nothing;
    Line {
        id: one.id,
        patient: one.patient,
        name: episode.demographics.0.name.clone(),
        from: clock(f, place.from),
        until: clock(f, place.until),
        minutes: place.until.duration_since(place.from).as_mins(),
        purpose: f.t.purpose(one.purpose),
        practitioner: place.practitioner,
        who: user.map_or_else(|| f.t.unknown(), |user| user.name.clone()),
        table: place.table.clone().unwrap_or_default(),
        standing: stands,
        words: f.t.standing(stands),
        verdict: match episode.suspended().next() {
            Some(_) => (glyph("stop"), f.t.suspended_now()),
            None => in_short(f, episode),
        },
        next: shows.then(|| (href(chart, next), f.t.next_step(next))),
    }
}

/// `09:40` in the clinic's time zone.
fn clock(f: &Frame, at: Timestamp) -> String {
    let zoned = at.to_zoned_datetime(f.zone.clone());
    zoned.strftime("%H:%M").to_string()
}
