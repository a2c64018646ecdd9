//! JSON whose objects have no key twice: a repeated fact must not lose a reading.
use super::bad;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value as Json};
use si::Problem;
use std::fmt;

/// The largest facts document that is read.
const MAX_BYTES: usize = 4 << 20;

/// An object's keys and values.
#[derive(Debug)]
pub(crate) struct Pairs(pub(crate) Vec<(String, Json)>);

impl Pairs {
    pub(crate) fn get(&self, key: &str) -> Option<&Json> {
        self.0
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }
}

/// The top object of a facts document.
pub(super) fn document(bytes: &[u8]) -> Result<Pairs, Problem> {
    let remedy = "send a JSON object: {\"region\": \"lumbar\", \"at\": \"…\", \"facts\": {}}";
    object(bytes, remedy)
}

/// The top object of a document; `remedy` shows what one looks like.
pub(crate) fn object(bytes: &[u8], remedy: &str) -> Result<Pairs, Problem> {
    if bytes.len() > MAX_BYTES {
        let value = format!("{} bytes", bytes.len());
        return Err(bad(
            "too-large",
            "document",
            &value,
            "larger than 4 MiB",
            "split it",
        ));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(bad(
            "empty-document",
            "line 1 column 1",
            "",
            "the document is empty",
            remedy,
        ));
    }
    let once: Once = serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("line {} column {}", error.line(), error.column());
        let text = error.to_string();
        let problem = text.split(" at line ").next().unwrap_or(&text).to_owned();
        bad(
            "malformed-json",
            &place,
            "",
            &problem,
            "mend the JSON at that place",
        )
    })?;
    pairs("document", &once.0)
}

/// The members of an object.
pub(crate) fn pairs(place: &str, raw: &Json) -> Result<Pairs, Problem> {
    match raw {
        Json::Object(map) => Ok(Pairs(
            map.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
        )),
        other => {
            let remedy = "write an object, { … }";
            Err(bad(
                "wrong-type",
                place,
                &other.to_string(),
                "not an object",
                remedy,
            ))
        }
    }
}

/// A JSON value read with every repeated key refused.
struct Once(Json);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OnceVisitor).map(Self)
    }
}

struct OnceVisitor;

impl<'de> Visitor<'de> for OnceVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Number::from_f64(value)
            .map(Json::Number)
            .ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(Once(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut map = Map::new();
        while let Some((key, Once(value))) = entries.next_entry::<String, Once>()? {
            if map.insert(key.clone(), value).is_some() {
                return Err(A::Error::custom(format!("the key `{key}` stands twice")));
            }
        }
        Ok(Json::Object(map))
    }
}
