//! Primitive values: the JSON type each has, and the form of its text.
//!
//! After the regular expressions of `datatypes.html#primitive` (FHIR 4.0.1),
//! read by hand: no expression engine.

use super::issue::{Fault, IssueType};
use super::moment::{self, Moment, Wrong};
use serde_json::Value;

/// The primitive types of FHIR R4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Primitive {
    Base64Binary,
    Boolean,
    Canonical,
    Code,
    Date,
    DateTime,
    Decimal,
    Id,
    Instant,
    Integer,
    Markdown,
    Oid,
    PositiveInt,
    String,
    Time,
    UnsignedInt,
    Uri,
    Url,
    Uuid,
    Xhtml,
}

const NAMES: [(&str, Primitive); 20] = [
    ("base64Binary", Primitive::Base64Binary),
    ("boolean", Primitive::Boolean),
    ("canonical", Primitive::Canonical),
    ("code", Primitive::Code),
    ("date", Primitive::Date),
    ("dateTime", Primitive::DateTime),
    ("decimal", Primitive::Decimal),
    ("id", Primitive::Id),
    ("instant", Primitive::Instant),
    ("integer", Primitive::Integer),
    ("markdown", Primitive::Markdown),
    ("oid", Primitive::Oid),
    ("positiveInt", Primitive::PositiveInt),
    ("string", Primitive::String),
    ("time", Primitive::Time),
    ("unsignedInt", Primitive::UnsignedInt),
    ("uri", Primitive::Uri),
    ("url", Primitive::Url),
    ("uuid", Primitive::Uuid),
    ("xhtml", Primitive::Xhtml),
];

impl Primitive {
    /// The type of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let found = NAMES.iter().find(|(known, _)| *known == name)?;
        Some(found.1)
    }

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        let found = NAMES.iter().find(|(_, kind)| *kind == self);
        found.map_or("", |(name, _)| name)
    }

    /// What is wrong with a value that should be of this type.
    pub(super) fn fault(self, value: &Value) -> Option<Fault> {
        match (self, value) {
            (Self::Boolean, Value::Bool(_)) | (Self::Decimal, Value::Number(_)) => None,
            (Self::Integer | Self::UnsignedInt | Self::PositiveInt, Value::Number(number)) => {
                self.integer(number).map(|fault| fault.of_value(value))
            }
            (
                Self::Boolean
                | Self::Decimal
                | Self::Integer
                | Self::UnsignedInt
                | Self::PositiveInt,
                _,
            ) => Some(self.other_shape(value)),
            (_, Value::String(text)) => self.text(text).map(|fault| fault.of(text)),
            _ => Some(self.other_shape(value)),
        }
    }

    fn other_shape(self, value: &Value) -> Fault {
        let wanted = match self {
            Self::Boolean => "true or false, without quotes",
            Self::Decimal => "a number, without quotes",
            Self::Integer | Self::UnsignedInt | Self::PositiveInt => {
                "a whole number, without quotes"
            }
            _ => "text in quotes",
        };
        Fault::new(
            IssueType::Structure,
            "json-type",
            format!("is not the JSON form of a {}", self.name()),
            format!("write {wanted}"),
        )
        .of_value(value)
    }

    fn integer(self, number: &serde_json::Number) -> Option<Fault> {
        let least = match self {
            Self::UnsignedInt => 0,
            Self::PositiveInt => 1,
            _ => i64::from(i32::MIN),
        };
        let greatest = i64::from(i32::MAX);
        match number.as_i64() {
            Some(whole) if (least..=greatest).contains(&whole) => None,
            _ => Some(Fault::new(
                IssueType::Value,
                "format",
                format!("is no {}", self.name()),
                format!("write a whole number from {least} to {greatest}"),
            )),
        }
    }

    fn text(self, text: &str) -> Option<Fault> {
        if text.is_empty() {
            return Some(Fault::new(
                IssueType::Value,
                "empty",
                "is empty text",
                "leave the element out, or give it a value",
            ));
        }
        let remedy = match self {
            Self::Base64Binary => (!is_base64(text)).then_some("write base64, a multiple of four"),
            Self::Code => (!is_code(text))
                .then_some("write a code: no blank at its ends, one at a time inside"),
            Self::Date => wrong(Moment::date(text), "write 2024, 2024-03 or 2024-03-09"),
            Self::DateTime => wrong(
                Moment::read(text),
                "write 2024, 2024-03, 2024-03-09 or 2024-03-09T14:30:00Z",
            ),
            Self::Instant => wrong(Moment::instant(text), "write 2024-03-09T14:30:00.000Z"),
            Self::Time => moment::time(text).is_none().then_some("write 14:30:00"),
            Self::Id => (!is_id(text)).then_some("use 1 to 64 of A-Z, a-z, 0-9, '-' and '.'"),
            Self::Oid => (!is_oid(text)).then_some("write urn:oid: and numbers, as urn:oid:2.5.4"),
            Self::Uuid => (!is_uuid(text)).then_some("write urn:uuid: and a UUID"),
            Self::Uri | Self::Url | Self::Canonical => uri(text),
            Self::String | Self::Markdown => (!is_string(text))
                .then_some("take the control characters out, or leave the element out"),
            _ => None,
        }?;
        Some(Fault::new(
            IssueType::Value,
            "format",
            format!("is no {}", self.name()),
            remedy,
        ))
    }
}

fn wrong(read: Result<Moment, Wrong>, remedy: &'static str) -> Option<&'static str> {
    match read {
        Ok(_) => None,
        Err(Wrong::Form) => Some(remedy),
        Err(Wrong::NoZone) => Some("a time needs its zone: add Z or +01:00"),
    }
}

fn is_base64(text: &str) -> bool {
    let (mut length, mut padding) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => continue,
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => {}
            _ => return false,
        }
        length += 1;
    }
    length > 0 && length.is_multiple_of(4) && padding <= 2
}

fn is_code(text: &str) -> bool {
    let blank = |c: char| c.is_whitespace() || c.is_control();
    let mut after_blank = true;
    for c in text.chars() {
        if blank(c) && (after_blank || c != ' ') {
            return false;
        }
        after_blank = blank(c);
    }
    !after_blank
}

/// `[A-Za-z0-9\-\.]{1,64}`.
pub(super) fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    (1..=64).contains(&text.len()) && text.bytes().all(allowed)
}

/// `urn:oid:[0-2](\.(0|[1-9][0-9]*))+`.
fn is_oid(text: &str) -> bool {
    let Some(numbers) = text.strip_prefix("urn:oid:") else {
        return false;
    };
    let number = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let mut parts = numbers.split('.');
    matches!(parts.next(), Some("0" | "1" | "2")) && parts.clone().count() > 0 && parts.all(number)
}

/// `urn:uuid:` and 8-4-4-4-12 hexadecimal digits.
pub(super) fn is_uuid(text: &str) -> bool {
    let Some(digits) = text.strip_prefix("urn:uuid:") else {
        return false;
    };
    let group = |(part, length): (&str, usize)| {
        part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    digits.split('-').count() == 5 && digits.split('-').zip([8, 4, 4, 4, 12]).all(group)
}

/// What to do about text that is no URI.
fn uri(text: &str) -> Option<&'static str> {
    let blank = match text.is_ascii() {
        true => text.bytes().any(|byte| byte <= b' ' || byte == 0x7F),
        false => text.chars().any(|c| c.is_whitespace() || c.is_control()),
    };
    if blank {
        return Some("write an address without blanks");
    }
    if text.starts_with("urn:oid:") && !is_oid(text) {
        return Some("write urn:oid: and numbers, as urn:oid:2.5.4");
    }
    if text.starts_with("urn:uuid:") && !is_uuid(text.split(['|', '#']).next().unwrap_or(text)) {
        return Some("write urn:uuid: and a UUID of 8-4-4-4-12 digits");
    }
    None
}

/// Any character above the controls, tab and line ends; something else than blanks.
fn is_string(text: &str) -> bool {
    let allowed = |byte: u8| byte >= b' ' || matches!(byte, b'\t' | b'\r' | b'\n');
    text.bytes().all(allowed) && !text.trim_start().is_empty()
}
