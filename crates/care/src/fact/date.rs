//! Dates as precisely as somebody knew them.
//!
//! "2019" is the interval from the first instant of that year to the last one
//! in the clinic's time zone; a comparison is decided only where both ends
//! agree (ENGINEERING §2).
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A year, a month, a day or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartialDate {
    /// A whole year.
    Year(i16),
    /// A whole month.
    Month(i16, i8),
    /// A whole day.
    Day(Date),
    /// One instant.
    Instant(Timestamp),
}

/// The text was none of `2019`, `2019-03`, `2019-03-05`, `2019-03-05T10:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date such as 2019, 2019-03, 2019-03-05 or 2019-03-05T10:00:00Z")]
pub struct NotADate;

impl PartialDate {
    /// First and last instant it may mean.
    #[must_use]
    pub fn interval(self, zone: &TimeZone) -> (Timestamp, Timestamp) {
        let (first, last) = match self {
            Self::Instant(at) => return (at, at),
            Self::Day(day) => (day, day),
            Self::Month(year, month) => {
                let first = day(year, month, 1);
                (first, first.last_of_month())
            }
            Self::Year(year) => (day(year, 1, 1), day(year, 12, 31)),
        };
        (start_of(first, zone), end_of(last, zone))
    }
}

/// A civil date; the parser has checked its parts.
fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap_or(Date::MIN)
}

fn start_of(date: Date, zone: &TimeZone) -> Timestamp {
    zone.to_timestamp(date.at(0, 0, 0, 0))
        .unwrap_or(Timestamp::MIN)
}

fn end_of(date: Date, zone: &TimeZone) -> Timestamp {
    zone.to_timestamp(date.at(23, 59, 59, 999_999_999))
        .unwrap_or(Timestamp::MAX)
}

impl FromStr for PartialDate {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        match text.len() {
            4 if digits(text) => year(text).map(Self::Year),
            7 if text.as_bytes()[4] == b'-' && text.is_char_boundary(4) => {
                let (head, tail) = (
                    text.get(..4).ok_or(NotADate)?,
                    text.get(5..).ok_or(NotADate)?,
                );
                let month: i8 = tail.parse().map_err(|_| NotADate)?;
                let year = year(head)?;
                Date::new(year, month, 1).map_err(|_| NotADate)?;
                (digits(head) && digits(tail))
                    .then_some(Self::Month(year, month))
                    .ok_or(NotADate)
            }
            10 => text.parse().map(Self::Day).map_err(|_| NotADate),
            _ => text.parse().map(Self::Instant).map_err(|_| NotADate),
        }
    }
}

fn year(text: &str) -> Result<i16, NotADate> {
    text.parse()
        .ok()
        .filter(|year| (1800..=2200).contains(year))
        .ok_or(NotADate)
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => write!(f, "{day}"),
            Self::Instant(at) => write!(f, "{at}"),
        }
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
