//! An object of a document, read key by key: whatever is wrong has its place.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use si::{Problem, Segment};

use super::bad;
use super::json::{self, Pairs};

/// An object being read, with its place.
pub(crate) struct Object {
    place: &'static str,
    pairs: Pairs,
}

impl Object {
    /// The object, unless it has a key that is none of `keys`.
    pub(crate) fn new(place: &'static str, pairs: Pairs, keys: &[&str]) -> Result<Self, Problem> {
        let object = Self { place, pairs };
        let unknown = object
            .pairs
            .0
            .iter()
            .find(|(key, _)| !keys.contains(&key.as_str()));
        match unknown {
            None => Ok(object),
            Some((key, value)) => {
                let remedy = format!("use {}", keys.join(", "));
                let place = object.at(key);
                Err(bad(
                    "unknown-key",
                    &place,
                    &value.to_string(),
                    "no such key",
                    &remedy,
                ))
            }
        }
    }

    fn at(&self, key: &str) -> String {
        if self.place.is_empty() {
            return key.to_owned();
        }
        format!("{}.{key}", self.place)
    }

    /// What stands under a key, if anything.
    pub(crate) fn optional<T: DeserializeOwned>(
        &self,
        key: &str,
        what: &str,
    ) -> Result<Option<T>, Problem> {
        let value = self.pairs.get(key).filter(|value| !value.is_null());
        value
            .map(|value| typed(&self.at(key), value, what))
            .transpose()
    }

    /// What must stand under a key.
    pub(crate) fn required<T: DeserializeOwned>(
        &self,
        key: &str,
        what: &str,
    ) -> Result<T, Problem> {
        let missing = || {
            let remedy = format!("add it: {what}");
            bad("missing-key", &self.at(key), "", "is missing", &remedy)
        };
        self.optional(key, what)?.ok_or_else(missing)
    }

    /// The object under a key, if there is one.
    pub(crate) fn object(
        &self,
        key: &'static str,
        place: &'static str,
        keys: &[&str],
    ) -> Result<Option<Self>, Problem> {
        let Some(value) = self.pairs.get(key).filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        Self::new(place, json::pairs(place, value)?, keys).map(Some)
    }

    /// Values by segment.
    pub(crate) fn levels<T: DeserializeOwned>(
        &self,
        key: &str,
        what: &str,
    ) -> Result<BTreeMap<String, T>, Problem> {
        let Some(value) = self.pairs.get(key).filter(|value| !value.is_null()) else {
            return Ok(BTreeMap::new());
        };
        let place = self.at(key);
        let mut levels = BTreeMap::new();
        for (level, value) in &json::pairs(&place, value)?.0 {
            let place = format!("{place}[{level}]");
            if level.parse::<Segment>().is_err() {
                let remedy = "name a segment from C0-C1 to L5-S1, such as L4-L5";
                return Err(bad("unknown-level", &place, level, "no such level", remedy));
            }
            levels.insert(level.clone(), typed(&place, value, what)?);
        }
        Ok(levels)
    }
}

fn typed<T: DeserializeOwned>(place: &str, value: &Json, what: &str) -> Result<T, Problem> {
    serde_json::from_value(value.clone()).map_err(|_| {
        let remedy = format!("write {what}");
        bad(
            "wrong-type",
            place,
            &value.to_string(),
            "cannot be taken",
            &remedy,
        )
    })
}
