//! What a bundle holds, and which entry a reference in it names.
//!
//! After `bundle.html#references` (FHIR 4.0.1): an absolute reference is an
//! entry's `fullUrl`; a relative one is put behind the server's address that the
//! `fullUrl` of its own entry begins with; a version is `meta.versionId`.

use super::table::table;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The most entries of one address that are told apart.
const MAX_VERSIONS: usize = 64;

/// An entry that a reference may name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    pub(super) kind: &'a str,
    version: Option<&'a str>,
}

/// The entries of a bundle by their addresses.
#[derive(Clone, Debug)]
pub(super) struct Links<'a> {
    by_url: BTreeMap<&'a str, Vec<Target<'a>>>,
    /// Type and id of the entries that have no address.
    bare: BTreeSet<(&'a str, &'a str)>,
}

/// A text member.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

/// The entries of a bundle; none where there is no list of them.
pub(super) fn entries(bundle: &Map<String, Value>) -> &[Value] {
    let entries = bundle.get("entry").and_then(Value::as_array);
    entries.map_or(&[], Vec::as_slice)
}

/// An address without its version, and the version.
pub(super) fn versioned(url: &str) -> (&str, Option<&str>) {
    match url.split_once("/_history/") {
        Some((url, version)) => (url, Some(version)),
        None => (url, None),
    }
}

/// The type and the id at the end of a server's address, and what stands before them.
pub(super) fn restful(url: &str) -> Option<(&str, &str, &str)> {
    let (front, id) = url.rsplit_once('/')?;
    let (base, kind) = front.rsplit_once('/').unwrap_or(("", front));
    table().resource(kind)?;
    Some((base, kind, id))
}

impl<'a> Links<'a> {
    /// The entries of this bundle.
    pub(super) fn of(bundle: &'a Map<String, Value>) -> Self {
        let mut by_url: BTreeMap<&str, Vec<Target<'_>>> = BTreeMap::new();
        let mut bare = BTreeSet::new();
        for entry in entries(bundle) {
            let Some(resource) = entry.get("resource") else {
                continue;
            };
            let Some(url) = text(entry, "fullUrl") else {
                bare.extend(text(resource, "resourceType").zip(text(resource, "id")));
                continue;
            };
            let same = by_url.entry(url).or_default();
            if same.len() == MAX_VERSIONS {
                continue;
            }
            same.push(Target {
                kind: text(resource, "resourceType").unwrap_or_default(),
                version: resource
                    .get("meta")
                    .and_then(|meta| text(meta, "versionId")),
            });
        }
        Self { by_url, bare }
    }

    /// The entries that a reference names, out of an entry with the address `from`.
    pub(super) fn resolve(&self, reference: &str, from: Option<&str>) -> Vec<Target<'a>> {
        let reference = reference.split('#').next().unwrap_or_default();
        let (url, version) = versioned(reference);
        let base = from.and_then(|from| restful(versioned(from).0));
        let absolute = match base {
            Some((base, ..)) if !url.contains(':') && !base.is_empty() => format!("{base}/{url}"),
            _ => url.to_owned(),
        };
        let found = self.by_url.get(absolute.as_str());
        let found = found.map_or(&[][..], Vec::as_slice).iter();
        let named = |target: &&Target<'_>| version.is_none() || target.version == version;
        found.filter(named).copied().collect()
    }

    /// Whether an entry without an address is what `Type/id` names.
    pub(super) fn has_bare(&self, reference: &str) -> bool {
        let named = restful(versioned(reference).0);
        named.is_some_and(|(_, kind, id)| self.bare.contains(&(kind, id)))
    }
}
