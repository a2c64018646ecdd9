//! Every version of every resource, as the stream made them.

use super::words::prune;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt;
use uuid::Uuid;

/// Type and id of a resource.
pub(crate) type Key = (&'static str, String);

/// One version of a resource. Debug prints which.
#[derive(Clone, PartialEq)]
pub struct Version {
    /// The entry of the stream that made it: its `versionId`.
    pub sequence: u64,
    /// When the journal took that entry.
    pub at: Timestamp,
    /// The resource; none once the stream was erased.
    pub resource: Option<Value>,
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Version")
            .field("sequence", &self.sequence)
            .field("at", &self.at)
            .field("gone", &self.resource.is_none())
            .finish_non_exhaustive()
    }
}

/// The book that events write into.
pub(crate) struct Book {
    patient: Uuid,
    source: String,
    sequence: u64,
    at: Timestamp,
    held: BTreeMap<Key, Vec<Version>>,
    touched: Vec<Key>,
    numbers: BTreeMap<&'static str, u32>,
}

impl Book {
    pub(crate) fn new(patient: Uuid, source: String) -> Self {
        Self {
            patient,
            source,
            sequence: 0,
            at: Timestamp::UNIX_EPOCH,
            held: BTreeMap::new(),
            touched: Vec::new(),
            numbers: BTreeMap::new(),
        }
    }

    /// What follows comes from this entry of the stream.
    pub(crate) fn turn(&mut self, sequence: u64, at: Timestamp) {
        (self.sequence, self.at) = (sequence, at);
        self.touched.clear();
        self.numbers.clear();
    }

    /// The resources that this entry changed, in the order they were.
    pub(crate) fn touched(&self) -> &[Key] {
        &self.touched
    }

    /// The id of the next resource of a type that this entry makes.
    pub(crate) fn id(&mut self, kind: &'static str) -> String {
        let number = self.numbers.entry(kind).or_default();
        *number += 1;
        let stem = format!("{}-{}", self.patient.simple(), self.sequence);
        match *number {
            1 => stem,
            number => format!("{stem}-{number}"),
        }
    }

    /// A new resource.
    pub(crate) fn add(&mut self, kind: &'static str, body: Value) -> String {
        let id = self.id(kind);
        self.put(kind, &id, body);
        id
    }

    /// A resource as it now is; what says the same as before is no version.
    pub(crate) fn put(&mut self, kind: &'static str, id: &str, mut body: Value) {
        prune(&mut body);
        body["resourceType"] = json!(kind);
        body["id"] = json!(id);
        body["meta"] = json!({
            "versionId": self.sequence.to_string(),
            "lastUpdated": self.at.to_string(),
            "source": self.source,
        });
        let key = (kind, id.to_owned());
        let versions = self.held.entry(key.clone()).or_default();
        let last = versions.last();
        if last
            .and_then(|last| last.resource.as_ref())
            .is_some_and(|old| same(old, &body))
        {
            return;
        }
        if last.is_some_and(|last| last.sequence == self.sequence) {
            versions.pop();
        }
        versions.push(Version {
            sequence: self.sequence,
            at: self.at,
            resource: Some(body),
        });
        if !self.touched.contains(&key) {
            self.touched.push(key);
        }
    }

    /// A change to a resource that is there; to none, nothing.
    pub(crate) fn amend(
        &mut self,
        kind: &'static str,
        id: &str,
        change: impl FnOnce(&mut Map<String, Value>),
    ) {
        let Some(mut body) = self.get(kind, id).cloned() else {
            return;
        };
        if let Some(members) = body.as_object_mut() {
            change(members);
        }
        self.put(kind, id, body);
    }

    /// A resource as it is.
    pub(crate) fn get(&self, kind: &'static str, id: &str) -> Option<&Value> {
        let versions = self.held.get(&(kind, id.to_owned()))?;
        versions.last()?.resource.as_ref()
    }

    /// Everything so far is gone; of each resource stays that it was there.
    pub(crate) fn erase(&mut self) {
        for versions in self.held.values_mut() {
            *versions = vec![Version {
                sequence: self.sequence,
                at: self.at,
                resource: None,
            }];
        }
        self.touched.clear();
    }

    pub(crate) fn into_versions(self) -> BTreeMap<Key, Vec<Version>> {
        self.held
    }
}

/// Whether two versions differ in nothing but their `meta`.
fn same(one: &Value, other: &Value) -> bool {
    let bare = |value: &Value| {
        let mut bare = value.clone();
        if let Some(members) = bare.as_object_mut() {
            members.remove("meta");
        }
        bare
    };
    bare(one) == bare(other)
}

/// Adds to a list of a resource, which begins where there is none.
pub(crate) fn push(members: &mut Map<String, Value>, name: &str, item: Value) {
    if item.is_null() {
        return;
    }
    let list = members.entry(name).or_insert_with(|| json!([]));
    if let Some(list) = list.as_array_mut() {
        list.push(item);
    }
}

/// Sets an extension of a resource, in the place of an earlier one of the same name.
pub(crate) fn set(members: &mut Map<String, Value>, extension: Value) {
    if let Some(all) = members.get_mut("extension").and_then(Value::as_array_mut) {
        all.retain(|one| one["url"] != extension["url"]);
    }
    push(members, "extension", extension);
}
