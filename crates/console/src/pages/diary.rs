//! The diary of a day: who comes, where each stands, and booking.

mod book;

use askama::Template;
use care::decide::RuleSet;
use care::diary::{Appointment, Standing, standing};
use care::episode::{Episode, NextStep};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan as _};
use si::Problem;
use uuid::Uuid;

pub use book::{book, change, mark};

use self::book::Booking;
use super::decision::in_short;
use super::glyph;
use super::who::href;
use crate::clinic::{Chart, Clinic, User};
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
    /// When that was decided.
    pub(super) decided: Option<String>,
    /// What deciding now would say, where that is worse or more is unknown.
    pub(super) again: Option<String>,
    /// What the last check-in meant, or that one is due.
    pub(super) check_in: (&'static str, String),
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
    let (restrictions, user) = (clinic.restrictions().await?, visit.who()?.user);
    let midnight = |day: Date| begin(f, day);
    let (from, until) = (midnight(day), midnight(day.saturating_add(1.day())));
    let mut lines = Vec::new();
    for appointment in diary.between(from, until) {
        let chart = clinic.readable(appointment.patient).await?;
        // Of somebody whose record was erased nothing is shown.
        if let Some(chart) = chart.filter(|chart| chart.episode.number > 0) {
            let again = f.clinical().then(|| again(f, clinic, &chart.episode));
            let again = again.flatten();
            let line = line(f, appointment, (&chart, again.is_some()), &users);
            lines.push(match restrictions.opens(user, chart.id, clinic.now()) {
                true => Line { again, ..line },
                false => line.closed(f),
            });
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

impl Line {
    /// Of a restricted record the name stays, and when it comes.
    fn closed(self, f: &Frame) -> Self {
        Self {
            verdict: ("", f.t.restricted_line()),
            decided: None,
            again: None,
            check_in: ("", String::new()),
            next: None,
            ..self
        }
    }
}

fn line(f: &Frame, one: &Appointment, (chart, stale): (&Chart, bool), users: &[User]) -> Line {
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
            None => in_short(f, episode, stale),
        },
        decided: episode
            .decision
            .as_ref()
            .map(|kept| f.t.decided_on(f.when(&kept.at))),
        again: None,
        check_in: check_in(f, episode),
        next: shows.then(|| (href(chart, next), f.t.next_step(next))),
    }
}

/// What the last check-in of an episode meant; one that is due and unanswered stands first.
pub(super) fn check_in(f: &Frame, episode: &Episode) -> (&'static str, String) {
    let now = f.now.timestamp();
    let due = care::triage::due(episode, now);
    if let Some(due) = due.iter().find(|due| due.open_at(now)) {
        return (glyph(""), f.t.check_in_due(f.when(&due.until)));
    }
    let told = episode.treated().flat_map(|session| &session.check_ins);
    let last = told.last();
    match last.and_then(|told| told.triage.as_ref().map(|triage| (told, triage))) {
        None => ("", f.t.no_check_in()),
        Some((told, triage)) => {
            let words = f.t.verdict(&triage.result);
            (
                glyph(&triage.result),
                f.t.check_in_meant(words, f.when(&told.at)),
            )
        }
    }
}

/// Whether the screening that counts would be worse, or know less, if it were made now.
pub(super) fn again(f: &Frame, clinic: &Clinic, episode: &Episode) -> Option<String> {
    let (kept, region) = (episode.decision.as_ref()?, episode.region?);
    if episode.discharged.is_some() {
        return None;
    }
    let now = super::evaluate::decide(clinic, episode, region, f.now.timestamp());
    let rank = |verdict| RuleSet::Screening.rank(verdict);
    let worse = rank(now.verdict) < rank(kept.decision.verdict);
    let stale = now.undecided.len() > kept.decision.undecided.len();
    let words = || f.t.screen_again(f.t.verdict(now.verdict.as_str()));
    (worse || stale).then(words)
}

/// `09:40` in the clinic's time zone.
fn clock(f: &Frame, at: Timestamp) -> String {
    let zoned = at.to_zoned_datetime(f.zone.clone());
    zoned.strftime("%H:%M").to_string()
}
