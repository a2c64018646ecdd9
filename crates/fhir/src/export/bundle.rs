//! Resources as a Bundle.

use super::Export;
use super::book::Version;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
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

/// What a search found: `total` counts the matches of all pages, `included` came along, `links`
/// name the pages.
#[must_use]
pub fn searchset(
    (matches, included): (&[&Value], &[&Value]),
    total: Option<usize>,
    links: &[(&str, String)],
    base: &str,
) -> Value {
    let address = Address::Base(base);
    let found = |resource: &&Value, mode: &str| {
        let mut entry = entry(resource, address);
        entry["search"] = json!({ "mode": mode });
        entry
    };
    let entries = matches
        .iter()
        .map(|one| found(one, "match"))
        .chain(included.iter().map(|one| found(one, "include")))
        .collect();
    let mut bundle = bundle("searchset", entries);
    bundle["total"] = json!(total);
    bundle["link"] = links
        .iter()
        .map(|(relation, url)| json!({ "relation": relation, "url": url }))
        .collect();
    super::words::prune(&mut bundle);
    bundle
}

/// The `$everything` of a patient: the Patient first, then all that speaks of them.
#[must_use]
pub fn everything(export: &Export, base: &str) -> Value {
    let matches: Vec<&Value> = export.resources().collect();
    searchset((&matches, &[]), Some(matches.len()), &[], base)
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
