//! What was received before, as `care` keeps it, told in the clinic's time.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::frame::Frame;

/// Lines as people of this clinic read them.
pub(super) fn lines(f: &Frame, kept: &[String]) -> Vec<String> {
    kept.iter().map(|line| self::line(f, line)).collect()
}

/// `care` begins each with its minute in UTC; what does not begin so stands as it is.
fn line(f: &Frame, kept: &str) -> String {
    let parts = kept.split_once(" UTC ");
    let dated = parts.and_then(|(at, what)| {
        let at = DateTime::strptime("%Y-%m-%d %H:%M", at).ok()?;
        let at = at.to_zoned_datetime(TimeZone::UTC).ok()?;
        Some(f.t.received_line(f.when(&at.timestamp()), what))
    });
    dated.unwrap_or_else(|| kept.to_owned())
}
