//! Bytes to one JSON value: strictly, in one pass, bounded in size and depth.
//!
//! `serde_json::Value` alone would keep the last of two equal names in an
//! object and drop the other in silence; a record in which `verificationStatus`
//! stands twice must not be read by luck, so a name may stand once.

use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use si::Problem;
use std::fmt;

/// The largest record read, in bytes (ours: about 20 times the largest sample).
pub const MAX_BYTES: usize = 32 * 1024 * 1024;

/// How deep a value may be nested (ours: R4 resources of the samples stay below
/// 20, the parser's own stack bound is 128).
pub const MAX_DEPTH: usize = 64;

const TOO_DEEP: &str = "nested too deep";
const TWICE: &str = "stands twice in one object";

/// The one JSON value in `bytes`.
///
/// # Errors
/// Empty, too large, too deep, a name twice, or not JSON; the place is line and column.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    if bytes.len() > MAX_BYTES {
        return Err(Problem::new(
            "too-large",
            "input",
            format!("{} bytes", bytes.len()),
            format!("is more than {MAX_BYTES} bytes"),
            "send one patient at a time, without attachments",
        ));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::new(
            "empty",
            "input",
            "",
            "holds nothing",
            "send a FHIR R4 Bundle as JSON",
        ));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict(0)
        .deserialize_with(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| malformed(bytes, &error))
}

/// Says where reading stopped, and what the text there suggests.
fn malformed(bytes: &[u8], error: &serde_json::Error) -> Problem {
    let place = format!("line {}, column {}", error.line(), error.column());
    let text = error.to_string();
    let problem = text.split(" at line ").next().unwrap_or_default();
    if text.contains(TOO_DEEP) || text.contains("recursion limit") {
        return Problem::new(
            "too-deep",
            place,
            "",
            format!("is nested deeper than {MAX_DEPTH} levels"),
            "send the record as exported, one Bundle",
        );
    }
    if text.contains(TWICE) {
        return Problem::new(
            "name-twice",
            place,
            problem.replace(TWICE, "").trim(),
            TWICE,
            "keep one of the two: which one holds is not for the reader to guess",
        );
    }
    Problem::new(
        "malformed-json",
        place,
        "",
        format!("is not JSON: {problem}"),
        remedy(bytes, error),
    )
}

/// What to do about text that is not JSON, by what it looks like.
fn remedy(bytes: &[u8], error: &serde_json::Error) -> &'static str {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let at_error = bytes
        .split(|byte| *byte == b'\n')
        .nth(error.line().saturating_sub(1))
        .and_then(|line| line.get(error.column().saturating_sub(1)));
    match (first, at_error, error.is_eof()) {
        (Some(b'<'), _, _) => "this is XML: export the record as FHIR JSON",
        (_, Some(b'/' | b'#'), _) => "take the comments out: JSON has none",
        (_, _, true) => "the text ends too early: send the whole file",
        (Some(b'{'), Some(b'{'), _) => "send one Bundle, not one resource a line",
        _ => "mend the text at that place",
    }
}

/// A value read with its depth, each name once.
#[derive(Clone, Copy)]
struct Strict(usize);

impl Strict {
    fn deserialize_with<'de, D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }

    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.0 >= MAX_DEPTH {
            return Err(E::custom(TOO_DEEP));
        }
        Ok(Self(self.0 + 1))
    }
}

impl<'de> serde::de::DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        self.deserialize_with(from)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number that is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut map = Map::new();
        while let Some(name) = items.next_key::<String>()? {
            let value = items.next_value_seed(inner)?;
            if map.contains_key(&name) {
                return Err(A::Error::custom(format!("{name} {TWICE}")));
            }
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}
