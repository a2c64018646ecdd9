//! Values as an index keeps them: texts that compare as what they stand for does.
//!
//! | kind | rows of a value |
//! |---|---|
//! | token | its code (`=code`), with its system (`system\|code`), its system (`system\|`), its code without one (`\|code`) |
//! | date | from when, until when, in nanoseconds of 21 digits |
//! | reference | `Type/id` |
//! | uri | itself |
//! | text | itself and each rest that begins with a word, in small letters |
//! | quantity | the number as 16 digits; under its unit's code, too, with and without the system |

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::Value;

use super::Kind;

/// A named value. What is a range lies between `value` and `until`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// Type and parameter.
    pub name: String,
    /// The value, or where it begins.
    pub value: String,
    /// Where it ends; empty where it is no range.
    pub until: String,
}

/// Before and after all dates.
const FIRST: &str = "000000000000000000000";
const LAST: &str = "999999999999999999999";
/// Nanoseconds that are added to those since 1970, so that none are negative: years 1 to 9999
/// lie within 62,135,596,800 s before it and 253,402,300,800 s after it.
const OFFSET: i128 = 100_000_000_000_000_000_000;

/// The end of a row's name that holds the one value by which a type is sorted.
pub(super) const ORDER: &str = "~";

/// Between which values a token's code stands without its system: `=` and what comes after it.
pub(super) const CODES: [&str; 2] = ["=", ">"];

fn row(name: &str, value: impl Into<String>) -> Row {
    Row {
        name: name.to_owned(),
        value: value.into(),
        until: String::new(),
    }
}

/// The rows of one value.
pub(super) fn rows(kind: Kind, name: &str, value: &Value, rows: &mut Vec<Row>) {
    match kind {
        Kind::Token => tokens(name, value, rows),
        Kind::Date => rows.extend(span_of(value).map(|(value, until)| Row {
            name: name.to_owned(),
            value,
            until,
        })),
        Kind::Reference => {
            let text = value["reference"].as_str().or_else(|| value.as_str());
            rows.extend(text.map(|text| row(name, text)));
        }
        Kind::Text => texts(name, value, rows),
        Kind::Uri => rows.extend(value.as_str().map(|text| row(name, text))),
        Kind::Quantity => quantity(name, value, rows),
    }
}

/// The row by which a resource is sorted; one without the value comes before all others.
pub(super) fn order(name: &str, found: &[&Value]) -> Row {
    let mut begins = found.iter().filter_map(|one| span_of(one));
    let begin = begins.next().map_or(FIRST.to_owned(), |(begin, _)| begin);
    row(&format!("{name}{ORDER}"), begin)
}

fn tokens(name: &str, value: &Value, rows: &mut Vec<Row>) {
    let mut token = |system: Option<&str>, code: &str| {
        let system = system.unwrap_or_default();
        rows.push(row(name, format!("={code}")));
        rows.push(row(name, format!("{system}|{code}")));
        if !system.is_empty() {
            rows.push(row(name, format!("{system}|")));
        }
    };
    match value {
        Value::Bool(value) => token(None, if *value { "true" } else { "false" }),
        Value::String(code) => token(None, code),
        Value::Object(_) => {
            if let Some(codings) = value["coding"].as_array() {
                for one in codings {
                    if let Some(code) = one["code"].as_str() {
                        token(one["system"].as_str(), code);
                    }
                }
            } else if let Some(code) = value["code"].as_str() {
                token(value["system"].as_str(), code);
            } else if let Some(number) = value["value"].as_str() {
                // A telephone has a system, too, which is no address (R4, §3.1.1.4.10).
                let system = value["system"].as_str();
                token(system.filter(|system| system.contains(':')), number);
            }
        }
        _ => {}
    }
}

fn texts(name: &str, value: &Value, rows: &mut Vec<Row>) {
    let mut add = |text: &str| {
        let folded = folded(text);
        let mut rest = folded.as_str();
        while !rest.is_empty() {
            rows.push(row(name, rest));
            rest = rest.split_once(' ').map_or("", |(_, rest)| rest);
        }
    };
    match value {
        Value::String(text) => add(text),
        // The parts of a name.
        Value::Object(members) => {
            for part in members.values() {
                let items = part
                    .as_array()
                    .map_or(std::slice::from_ref(part), Vec::as_slice);
                items.iter().filter_map(Value::as_str).for_each(&mut add);
            }
        }
        _ => {}
    }
}

/// Text as it is compared: small letters, one space between words *(ours: accents count)*.
pub(super) fn folded(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

fn quantity(name: &str, value: &Value, rows: &mut Vec<Row>) {
    let Some(number) = value["value"].as_f64() else {
        return;
    };
    let number = ordered(number);
    rows.push(row(name, number.clone()));
    if let Some(code) = value["code"].as_str() {
        rows.push(row(&format!("{name}|{code}"), number.clone()));
        if let Some(system) = value["system"].as_str() {
            rows.push(row(&format!("{name}|{system}|{code}"), number));
        }
    }
}

/// A number as digits that compare as numbers do (IEEE 754, the order of its bits).
pub(super) fn ordered(number: f64) -> String {
    let bits = (number + 0.0).to_bits();
    let bits = match bits >> 63 {
        0 => bits | 1 << 63,
        _ => !bits,
    };
    format!("{bits:016x}")
}

/// From when until when a date, an instant or a period lasts; the end is not part of it.
fn span_of(value: &Value) -> Option<(String, String)> {
    match value {
        Value::String(text) => span(text).map(|(from, until)| (nanos(from), nanos(until))),
        Value::Object(_) => {
            let end = |name: &str| span(value[name].as_str()?);
            let (start, over) = (end("start"), end("end"));
            if start.is_none() && over.is_none() {
                return None;
            }
            let from = start.map_or(FIRST.to_owned(), |(from, _)| nanos(from));
            let until = over.map_or(LAST.to_owned(), |(_, until)| nanos(until));
            Some((from, until))
        }
        _ => None,
    }
}

/// An instant as digits that compare as instants do.
pub(super) fn nanos(at: Timestamp) -> String {
    format!("{:021}", at.as_nanosecond() + OFFSET)
}

/// The instant that these digits stand for.
pub(super) fn at(digits: &str) -> Option<Timestamp> {
    let nanos: i128 = digits.parse().ok()?;
    Timestamp::from_nanosecond(nanos - OFFSET).ok()
}

/// What a date or time of FHIR lasts by its precision; without a zone it is in UTC *(ours)*.
pub(super) fn span(text: &str) -> Option<(Timestamp, Timestamp)> {
    let of = |first: Date, next: Date| {
        let at = |day: Date| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok();
        Some((at(first)?, at(next)?))
    };
    let digits = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-')
    };
    match text.len() {
        4 if digits(text) => {
            let first = Date::new(text.parse().ok()?, 1, 1).ok()?;
            of(first, first.checked_add(1.year()).ok()?)
        }
        7 if digits(text) => {
            let first: Date = format!("{text}-01").parse().ok()?;
            of(first, first.checked_add(1.month()).ok()?)
        }
        10 if digits(text) => {
            let first: Date = text.parse().ok()?;
            of(first, first.tomorrow().ok()?)
        }
        _ => instant(text),
    }
}

fn instant(text: &str) -> Option<(Timestamp, Timestamp)> {
    let (day, time) = text.split_once('T')?;
    let end = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(end);
    let (clock, step) = match (clock.len(), clock.split_once('.')) {
        // Minutes are as exact as a time may be said in a search (R4, §3.1.1.4.4).
        (5, None) => (format!("{clock}:00"), SignedDuration::from_mins(1)),
        (8, None) => (clock.to_owned(), SignedDuration::from_secs(1)),
        (_, Some((_, fraction))) if (1..=9).contains(&fraction.len()) => {
            let places = u32::try_from(9 - fraction.len()).ok()?;
            (
                clock.to_owned(),
                SignedDuration::from_nanos(10_i64.pow(places)),
            )
        }
        _ => return None,
    };
    let zone = if zone.is_empty() { "Z" } else { zone };
    let from: Timestamp = format!("{day}T{clock}{zone}").parse().ok()?;
    Some((from, from.checked_add(step).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_lasts_as_long_as_its_precision_says() {
        for (text, from, until) in [
            ("2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("2026-02", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"),
            ("2026-02-28", "2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z"),
            (
                "2026-02-28T09:30",
                "2026-02-28T09:30:00Z",
                "2026-02-28T09:31:00Z",
            ),
            (
                "2026-02-28T09:30:05+01:00",
                "2026-02-28T08:30:05Z",
                "2026-02-28T08:30:06Z",
            ),
            (
                "2026-02-28T09:30:05.25Z",
                "2026-02-28T09:30:05.25Z",
                "2026-02-28T09:30:05.26Z",
            ),
        ] {
            let should = (from.parse().unwrap(), until.parse().unwrap());
            assert_eq!(span(text), Some(should), "{text}");
        }
        for wrong in [
            "",
            "26",
            "2026-13",
            "2026-02-30",
            "yesterday",
            "2026-02-28T9",
            "2026-1",
        ] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_and_instants_compare_as_their_texts_do() {
        let numbers = [-1e9, -2.0, -0.5, 0.0, 1e-9, 1.0, 3.0, 1e12];
        let texts: Vec<String> = numbers.iter().map(|one| ordered(*one)).collect();
        assert!(texts.is_sorted_by(|a, b| a < b), "{texts:?}");
        assert_eq!(ordered(0.0), ordered(-0.0));
        let instants = [
            "0001-01-01T00:00:00Z",
            "1969-12-31T00:00:00Z",
            "2026-01-01T00:00:00Z",
        ];
        let texts: Vec<String> = instants
            .iter()
            .map(|one| nanos(one.parse().unwrap()))
            .collect();
        assert!(texts.is_sorted_by(|a, b| a < b), "{texts:?}");
        assert!(FIRST < texts[0].as_str() && texts[2].as_str() < LAST);
    }
}
