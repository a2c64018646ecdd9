//! Partial dates: `2024`, `2024-03`, `2024-03-09` or an instant, each the interval it names.
//!
//! A date without a zone could be any place's day, so its interval begins where
//! that day begins first (UTC+14) and ends where it ends last (UTC−12).
//! Freshness counts from the earliest instant (ENGINEERING.md §2).

use care::fact::PartialDate;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// How far ahead of the deciding instant a date may lie (ENGINEERING.md §2).
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// The zone where a day begins first.
const EAST: Offset = Offset::constant(14);
/// The zone where a day ends last.
const WEST: Offset = Offset::constant(-12);

/// A date as it was written, and the instants between which it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct When<'a> {
    /// As written.
    pub(crate) text: &'a str,
    /// The first instant it may mean.
    pub(crate) earliest: Timestamp,
    /// The last instant it may mean.
    pub(crate) latest: Timestamp,
}

impl<'a> When<'a> {
    /// Reads a FHIR `date`, `dateTime` or `instant`; nothing for other text.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let (earliest, latest) = interval(text)?;
        Some(Self {
            text,
            earliest,
            latest,
        })
    }

    /// As a fact's date.
    pub(crate) fn partial(self) -> Option<PartialDate> {
        self.text.parse().ok()
    }

    /// The calendar part: at most `YYYY-MM-DD`, no more exact than what was written.
    pub(crate) fn date(self) -> &'a str {
        self.text.split('T').next().unwrap_or(self.text)
    }

    /// Whole years from here until `at`, if every day it may mean gives as many.
    pub(crate) fn years_until(self, at: Timestamp) -> Option<i16> {
        let first = |year, month| Date::new(year, month, 1).ok();
        let (from, until) = match self.partial()? {
            PartialDate::Year(year) => (first(year, 1)?, first(year, 12)?.last_of_month()),
            PartialDate::Month(year, month) => {
                (first(year, month)?, first(year, month)?.last_of_month())
            }
            PartialDate::Day(day) => (day, day),
            PartialDate::Instant(_) => return None,
        };
        let at = Offset::UTC.to_datetime(at).date();
        (years(from, at) == years(until, at)).then(|| years(from, at))
    }

    /// Whether it is more than 24 h after `at`, whatever it may mean.
    pub(crate) fn is_after(self, at: Timestamp) -> bool {
        self.earliest.duration_since(at) > AHEAD
    }
}

/// Whole years from one day to another.
fn years(from: Date, to: Date) -> i16 {
    let unfinished = (to.month(), to.day()) < (from.month(), from.day());
    to.year() - from.year() - i16::from(unfinished)
}

fn interval(text: &str) -> Option<(Timestamp, Timestamp)> {
    if !text.is_ascii() {
        return None;
    }
    match text.len() {
        4 => days(format!("{text}-01-01"), 1.year()),
        7 => days(format!("{text}-01"), 1.month()),
        10 => days(text.to_owned(), 1.day()),
        _ => moment(text),
    }
}

/// From the day `first` for `span`.
fn days(first: String, span: jiff::Span) -> Option<(Timestamp, Timestamp)> {
    let first: Date = first.parse().ok()?;
    let end = first.checked_add(span).ok()?;
    Some((at(EAST, first.into())?, at(WEST, end.into())?))
}

/// An instant; a time of day without a zone is somewhere between the zones.
fn moment(text: &str) -> Option<(Timestamp, Timestamp)> {
    if !text.contains('T') {
        return None;
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some((instant, instant));
    }
    let local: DateTime = text.parse().ok()?;
    Some((at(EAST, local)?, at(WEST, local)?))
}

fn at(offset: Offset, local: DateTime) -> Option<Timestamp> {
    offset.to_timestamp(local).ok()
}
