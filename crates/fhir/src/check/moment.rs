//! Dates and times as FHIR's primitive types write them, and which comes first.
//!
//! Two moments compare as FHIRPath does it: part by part, as far as both are
//! written. Equal so far and one more exact than the other is no answer; with
//! a zone on both, they compare as instants.

use std::cmp::Ordering;

/// A `date`, `dateTime` or `instant` that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// Year, month, day; zero where not written.
    day: [i64; 3],
    /// Nanoseconds into the day and minutes east of Greenwich, where a time is written.
    time: Option<(i64, i64)>,
}

/// Why text is no moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Not the form of it.
    Form,
    /// A time without a zone.
    NoZone,
}

const NANOS: i64 = 1_000_000_000;

impl Moment {
    /// A `dateTime`: a year, a month, a day, or a day with time and zone.
    pub(super) fn read(text: &str) -> Result<Self, Wrong> {
        let (day, time) = match text.split_once('T') {
            Some((day, time)) => (day, Some(time)),
            None => (text, None),
        };
        let day = date(day).ok_or(Wrong::Form)?;
        let time = match time {
            None => None,
            Some(_) if day[2] == 0 => return Err(Wrong::Form),
            Some(text) => Some(zoned(text)?),
        };
        Ok(Self { day, time })
    }

    /// A `date`: no time.
    pub(super) fn date(text: &str) -> Result<Self, Wrong> {
        let day = date(text).ok_or(Wrong::Form)?;
        Ok(Self { day, time: None })
    }

    /// An `instant`: a time with its zone.
    pub(super) fn instant(text: &str) -> Result<Self, Wrong> {
        match Self::read(text)? {
            moment @ Self { time: Some(_), .. } => Ok(moment),
            _ => Err(Wrong::Form),
        }
    }

    /// Nanoseconds since 1970 in UTC, where a time is written.
    fn nanos(self) -> Option<i128> {
        let (nanos, east) = self.time?;
        let days = i128::from(days(self.day));
        let local = days * 86_400 * i128::from(NANOS) + i128::from(nanos);
        Some(local - i128::from(east * 60) * i128::from(NANOS))
    }

    /// Which comes first; nothing where that cannot be told.
    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        if let (Some(a), Some(b)) = (self.nanos(), other.nanos()) {
            return Some(a.cmp(&b));
        }
        for (a, b) in self.day.into_iter().zip(other.day) {
            match (a, b) {
                (0, 0) => return Some(Ordering::Equal),
                (0, _) | (_, 0) => return None,
                (a, b) if a != b => return Some(a.cmp(&b)),
                _ => {}
            }
        }
        (self.time.is_none() && other.time.is_none()).then_some(Ordering::Equal)
    }
}

/// Days since 1970-01-01 in the Gregorian calendar.
fn days([year, month, day]: [i64; 3]) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn digits(text: &str, length: usize) -> Option<i64> {
    let all = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

/// Year, month and day as far as they are written.
fn date(text: &str) -> Option<[i64; 3]> {
    let mut parts = text.split('-');
    let year = digits(parts.next()?, 4).filter(|year| *year > 0)?;
    let month = match parts.next() {
        None => return Some([year, 0, 0]),
        Some(month) => digits(month, 2).filter(|month| (1..=12).contains(month))?,
    };
    let day = match parts.next() {
        None => return Some([year, month, 0]),
        Some(day) => digits(day, 2).filter(|day| (1..=length(year, month)).contains(day))?,
    };
    parts.next().is_none().then_some([year, month, day])
}

fn length(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Nanoseconds into the day of `hh:mm:ss`, with a fraction.
pub(super) fn time(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.split(':');
    let hour = digits(parts.next()?, 2).filter(|hour| *hour < 24)?;
    let minute = digits(parts.next()?, 2).filter(|minute| *minute < 60)?;
    // A leap second is second 60.
    let second = digits(parts.next()?, 2).filter(|second| *second <= 60)?;
    if parts.next().is_some() || fraction.is_empty() {
        return None;
    }
    let mut nanos = 0;
    let mut unit = NANOS;
    for byte in fraction.bytes() {
        let digit = byte.is_ascii_digit().then_some(i64::from(byte) - 48)?;
        unit /= 10;
        nanos += digit * unit;
    }
    Some((hour * 3600 + minute * 60 + second) * NANOS + nanos)
}

/// A time and its zone, in minutes east.
fn zoned(text: &str) -> Result<(i64, i64), Wrong> {
    let end = text.find(['Z', '+', '-']);
    let (clock, zone) = match end {
        Some(end) => text.split_at(end),
        None if time(text).is_some() => return Err(Wrong::NoZone),
        None => return Err(Wrong::Form),
    };
    let clock = time(clock).ok_or(Wrong::Form)?;
    Ok((clock, offset(zone).ok_or(Wrong::Form)?))
}

fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let hours = digits(hours, 2)?;
    let minutes = digits(minutes, 2).filter(|minutes| *minutes < 60)?;
    let east = hours * 60 + minutes;
    (east <= 14 * 60).then_some(if zone.starts_with('-') { -east } else { east })
}
