//! Resources as a Bundle.

use super::Export;
use super::book::Version;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// How a Bundle addresses its entries.
#[derive(Clone, Copy, Debug)]
pub enum Address<'a> {
    /// Below this address, which ends without a slash: references stay as they are.
    Base(&'a str),
    /// By `urn:uuid:`, for a file that lies nowhere: references are rewritten to it.
    Urn,
}

impl Address<'_> {
    /// The `fullUrl` of a resource.
    #[must_use]
    pub fn of(self, kind: &str, id: &str) -> String {
        match self {
            Self::Base(base) => format!("{base}/{kind}/{id}"),
            Self::Urn => format!("urn:uuid:{}", urn(kind, id)),
        }
    }
}

/// A UUID (version 8) that depends on type and id alone.
fn urn(kind: &str, id: &str) -> Uuid {
    let digest = Sha256::digest(format!("{kind}/{id}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    Uuid::from_bytes(bytes)
}

/// Everything in one file.
#[must_use]
pub fn collection(export: &Export, address: Address<'_>) -> Value {
    let entries: Vec<Value> = export
        .resources()
        .map(|resource| entry(resource, address))
        .collect();
    let mut bundle = bundle("collection", entries);
    bundle["timestamp"] = json!(export.at.map(|at| at.to_string()));
    super::words::prune(&mut bundle);
    bundle
}

/// A resource of a page, as it is at hand: a value, or text that was written before.
#[derive(Clone)]
pub struct Found<R> {
    /// Its type.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The resource.
    pub resource: R,
}

/// Its type alone: the rest is a patient's.
impl<R> fmt::Debug for Found<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl<'a> Found<&'a Value> {
    /// One that says itself what it is.
    #[must_use]
    pub fn of(resource: &'a Value) -> Self {
        let text = |name: &str| resource[name].as_str().unwrap_or_default().to_owned();
        Self {
            kind: text("resourceType"),
            id: text("id"),
            resource,
        }
    }
}

/// A page of what a search found, to be written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Searchset<'a, R> {
    resource_type: &'static str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    link: Vec<Link<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entry: Vec<Entry<'a, R>>,
}

/// How many it has: the rest is patients'.
impl<R> fmt::Debug for Searchset<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Searchset")
            .field("entries", &self.entry.len())
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Link<'a> {
    relation: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a, R> {
    full_url: String,
    resource: &'a R,
    search: Search,
}

#[derive(Serialize)]
struct Search {
    mode: &'static str,
}

/// What a search found: `total` counts the matches of all pages, `included` came along, `links`
/// name the pages.
#[must_use]
pub fn searchset<'a, R: Serialize>(
    (matches, included): (&'a [Found<R>], &'a [Found<R>]),
    total: Option<usize>,
    links: &'a [(&str, String)],
    base: &str,
) -> Searchset<'a, R> {
    let address = Address::Base(base);
    let entry = |mode: &'static str| {
        move |one: &'a Found<R>| Entry {
            full_url: address.of(&one.kind, &one.id),
            resource: &one.resource,
            search: Search { mode },
        }
    };
    let link = |(relation, url): &'a (&str, String)| Link { relation, url };
    let matches = matches.iter().map(entry("match"));
    Searchset {
        resource_type: "Bundle",
        r#type: "searchset",
        total,
        link: links.iter().map(link).collect(),
        entry: matches
            .chain(included.iter().map(entry("include")))
            .collect(),
    }
}

/// The versions of one resource, newest first.
#[must_use]
pub fn history(versions: &[Version], (kind, id): (&str, &str), base: &str) -> Value {
    let entries = versions
        .iter()
        .enumerate()
        .rev()
        .map(|(place, version)| {
            let method = if version.resource.is_none() {
                "DELETE"
            } else {
                "PUT"
            };
            let status = match (&version.resource, place) {
                (None, _) => "204",
                (_, 0) => "201",
                _ => "200",
            };
            json!({
                "fullUrl": Address::Base(base).of(kind, id),
                "resource": version.resource,
                "request": { "method": method, "url": format!("{kind}/{id}") },
                "response": {
                    "status": status,
                    "etag": format!("W/\"{}\"", version.sequence),
                    "lastModified": version.at.to_string(),
                },
            })
        })
        .collect();
    let mut bundle = bundle("history", entries);
    bundle["total"] = json!(versions.len());
    super::words::prune(&mut bundle);
    bundle
}

fn bundle(kind: &str, entries: Vec<Value>) -> Value {
    json!({ "resourceType": "Bundle", "type": kind, "entry": entries })
}

fn entry(resource: &Value, address: Address<'_>) -> Value {
    let text = |name: &str| resource[name].as_str().unwrap_or_default();
    let url = address.of(text("resourceType"), text("id"));
    let mut resource = resource.clone();
    if matches!(address, Address::Urn) {
        rewrite(&mut resource);
    }
    json!({ "fullUrl": url, "resource": resource })
}

/// References by type and id become references by UUID.
fn rewrite(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(text)) = members.get_mut("reference")
                && let Some((kind, id)) = text.split_once('/')
            {
                *text = format!("urn:uuid:{}", urn(kind, id));
            }
            members.values_mut().for_each(rewrite);
        }
        Value::Array(items) => items.iter_mut().for_each(rewrite),
        _ => {}
    }
}
