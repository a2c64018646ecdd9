//! Partial dates: `2024`, `2024-03`, `2024-03-09` or an instant, each the interval it names.
//!
//! A date without a zone could be any place's day, so its interval begins where
//! that day begins first (UTC+14) and ends where it ends last (UTC−12).
//! Freshness counts from the earliest instant (ENGINEERING.md §2).

use care::fact::PartialDate;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};
use si::Problem;

/// How far ahead of the deciding instant a date may lie (ENGINEERING.md §2).
pub(crate) const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// The zone where a day begins first.
const EAST: Offset = Offset::constant(14);
/// The zone where a day ends last.
const WEST: Offset = Offset::constant(-12);

/// A date as it was written, and the instants between which it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct When {
    /// As written.
    pub(crate) text: String,
    /// The first instant it may mean.
    pub(crate) earliest: Timestamp,
    /// The last instant it may mean.
    pub(crate) latest: Timestamp,
}

impl When {
    /// Reads a FHIR `date`, `dateTime` or `instant`.
    ///
    /// # Errors
    /// Text that is none of these, at `place`.
    pub(crate) fn parse(text: &str, place: &str) -> Result<Self, Problem> {
        interval(text)
            .map(|(earliest, latest)| Self {
                text: text.to_owned(),
                earliest,
                latest,
            })
            .ok_or_else(|| {
                Problem::new(
                    "not-a-date",
                    place,
                    text,
                    "is not a FHIR date",
                    "write 2024, 2024-03, 2024-03-09 or 2024-03-09T14:30:00Z",
                )
            })
    }

    /// As a fact's date.
    pub(crate) fn partial(&self) -> Option<PartialDate> {
        self.text.parse().ok()
    }

    /// The calendar part: at most `YYYY-MM-DD`, no more exact than what was written.
    pub(crate) fn date(&self) -> &str {
        self.text.split('T').next().unwrap_or(&self.text)
    }

    /// Whole years from here until `at`, if every day it may mean gives as many.
    pub(crate) fn years_until(&self, at: Timestamp) -> Option<i16> {
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

    /// Refuses a date more than 24 h after `at`.
    ///
    /// # Errors
    /// The date is in the future.
    pub(crate) fn not_after(&self, at: Timestamp, place: &str) -> Result<(), Problem> {
        if self.earliest.duration_since(at) <= AHEAD {
            return Ok(());
        }
        Err(Problem::new(
            "in-the-future",
            place,
            &*self.text,
            format!("is more than 24 h after the instant of decision, {at}"),
            "mend the date, or give the instant at which to decide",
        ))
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
