//! Records whose dates are counted from today, so that a demonstration looks current on any day.
//!
//! In the text of a record, `{{-30}}` stands for the day thirty days before
//! today, `{{-30 09:15}}` for that day's quarter past nine in the clinic's
//! zone, `{{-54y}}` and `{{-54y-40}}` for the same day 54 years (and 40 days)
//! before. [`resolve`] writes the dates; nothing else of the text changes.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use si::Problem;

/// `text` with every `{{…}}` as a date or instant, counted from `today` in `zone`.
///
/// # Errors
/// A placeholder that is none of the forms above.
pub fn resolve(text: &str, now: Timestamp, zone: &TimeZone) -> Result<String, Problem> {
    let today = zone.to_datetime(now).date();
    let mut parts = text.split("{{");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inner, rest) = part.split_once("}}").ok_or_else(|| not_one(part))?;
        let date = written(inner, today, zone).ok_or_else(|| not_one(inner))?;
        whole.push_str(&date);
        whole.push_str(rest);
    }
    Ok(whole)
}

fn written(inner: &str, today: Date, zone: &TimeZone) -> Option<String> {
    let (day, time) = match inner.trim().split_once(' ') {
        Some((day, time)) => (day, Some(time)),
        None => (inner.trim(), None),
    };
    let date = counted(day, today)?;
    let Some(time) = time else {
        return Some(date.to_string());
    };
    let time: Time = time.parse().ok()?;
    let instant = zone.to_timestamp(date.to_datetime(time)).ok()?;
    Some(instant.to_string())
}

/// `-30`, `-54y` or `-54y-40` from today.
fn counted(text: &str, today: Date) -> Option<Date> {
    let (years, days) = match text.split_once('y') {
        Some((years, "")) => (years, "0"),
        Some((years, days)) => (years, days),
        None => ("0", text),
    };
    let (years, days): (i16, i32) = (years.parse().ok()?, days.parse().ok()?);
    let bounded = years.abs() <= 150 && days.abs() <= 60_000;
    let span = bounded.then(|| years.years().days(days))?;
    today.checked_add(span).ok()
}

fn not_one(inner: &str) -> Problem {
    Problem::new(
        "not-a-relative-date",
        "{{…}}",
        inner.chars().take(40).collect::<String>(),
        "is not a date counted from today",
        "write {{-30}}, {{-30 09:15}} or {{-54y-40}}",
    )
}
