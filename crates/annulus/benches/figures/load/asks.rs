//! What is asked: reads by id, and searches as a clinic's programs make them.

use super::rate::Ask;
use super::server::Server;
use crate::wire::Wire;
use serde_json::Value;
use std::time::{Duration, Instant};

/// A kind of request.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) search: bool,
    /// Its path, `{id}`, `{patient}`, `{name}` and `{number}` filled in.
    path: &'static str,
}

const fn read(name: &'static str, path: &'static str) -> Kind {
    Kind {
        name,
        search: false,
        path,
    }
}

const fn search(name: &'static str, path: &'static str) -> Kind {
    Kind {
        name,
        search: true,
        path,
    }
}

/// Every kind, asked in turn.
pub(crate) const KINDS: [Kind; 10] = [
    read("Patient by id", "/Patient/{patient}"),
    search("people by name", "/Patient?name={name}"),
    read("Observation by id", "/Observation/{id}"),
    search(
        "a person by number",
        "/Patient?identifier=urn:example:numbers|{number}",
    ),
    search("a person's readings", "/Observation?patient={patient}"),
    search(
        "readings of a code of late",
        "/Observation?code=http://loinc.org|29463-7&date=ge2025-06-01",
    ),
    search(
        "a person's readings of a code",
        "/Observation?patient={patient}&code=http://loinc.org|29463-7&_sort=-date",
    ),
    search(
        "readings of years by date",
        "/Observation?date=ge2024-01-01&_sort=-date",
    ),
    search("people born in a year", "/Patient?birthdate={year}"),
    search(
        "a person's readings with the person",
        "/Observation?patient={patient}&_include=Observation:subject",
    ),
];

/// Pages of ids that are gathered, and how many a page has.
const PAGES: usize = 20;
const PAGE: usize = 100;
/// Different requests of a kind.
const DIFFERENT: usize = 1000;

/// What a server declares of each type.
fn types(server: &Server, wire: &mut Wire) -> Vec<Value> {
    let (_, body) = server.get(wire, "/metadata");
    let types = body["rest"][0]["resource"].as_array();
    types.cloned().unwrap_or_default()
}

/// What a server keeps for itself.
const OWN: [&str; 2] = ["AuditEvent", "SearchParameter"];

/// Resources of people that a store has, of the types that it serves.
pub(crate) fn count(server: &Server) -> u64 {
    let wire = &mut server.wire();
    let types = types(server, wire);
    let counted = |kind: &Value| {
        let kind = kind["type"].as_str()?;
        let path = format!("/{kind}?_total=accurate&_count=1");
        server.get(wire, &path).1["total"].as_u64()
    };
    let own = |kind: &&Value| OWN.iter().any(|own| kind["type"] == *own);
    let types = types.iter().filter(|kind| !own(kind));
    types.filter_map(counted).sum()
}

/// Requests of every kind in turn, for resources that are there.
pub(crate) fn of(server: &Server) -> Vec<Ask> {
    let wire = &mut server.wire();
    let patients = gathered(server, wire, "/Patient");
    let observations = gathered(server, wire, "/Observation");
    let ids = |all: &[Value]| -> Vec<String> {
        let ids = all.iter().filter_map(|one| one["id"].as_str());
        ids.map(str::to_owned).collect()
    };
    let names: Vec<String> = patients
        .iter()
        .filter_map(|one| {
            one["name"][0]["family"]
                .as_str()
                .or(one["name"][0]["text"].as_str())
        })
        .map(|name| {
            name.chars()
                .take_while(|one| one.is_alphanumeric())
                .collect()
        })
        .collect();
    let (patients, observations) = (ids(&patients), ids(&observations));
    let pick = |list: &[String], number: usize| list[number * 7919 % list.len()].clone();
    let mut all = Vec::new();
    for number in 0..DIFFERENT {
        for (kind, what) in KINDS.iter().enumerate() {
            let path = what
                .path
                .replace("{patient}", &pick(&patients, number))
                .replace("{id}", &pick(&observations, number))
                .replace("{name}", &pick(&names, number))
                .replace("{number}", &(number % 500).to_string())
                .replace("{year}", &(1940 + number % 60).to_string())
                .replace('|', "%7C");
            // Pages of one size: servers have their own where nobody says.
            let count = if what.search { "&_count=50" } else { "" };
            all.push(Ask {
                kind,
                path: format!("{}{path}{count}", server.base),
            });
        }
    }
    all
}

/// Entries that an answer of each kind has, over so many requests of it: servers that find less
/// have less to do.
pub(crate) fn found(server: &Server, asks: &[Ask]) -> Vec<f64> {
    const LOOKED: usize = 50;
    let wire = &mut server.wire();
    let mut of = |kind| {
        let these = asks.iter().filter(|ask| ask.kind == kind).take(LOOKED);
        let found = these.map(|ask| {
            let path = ask.path.strip_prefix(server.base).unwrap_or(&ask.path);
            let (_, body) = server.get(wire, path);
            body["entry"].as_array().map_or(0, Vec::len)
        });
        found.sum::<usize>() as f64 / LOOKED as f64
    };
    (0..KINDS.len()).map(&mut of).collect()
}

fn gathered(server: &Server, wire: &mut Wire, path: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut next = Some(format!("{path}?_count={PAGE}"));
    for _ in 0..PAGES {
        let Some(path) = next.take() else { break };
        let (status, body) = server.get(wire, &path);
        assert_eq!(status, 200, "{path}: {body}");
        let entries = body["entry"].as_array().into_iter().flatten();
        all.extend(entries.map(|entry| entry["resource"].clone()));
        let links = body["link"].as_array().into_iter().flatten();
        let mut links = links.filter(|link| link["relation"] == "next");
        let url = links.next().and_then(|link| link["url"].as_str());
        next = url.and_then(|url| {
            let (_, rest) = url.split_once("://")?;
            let path = rest[rest.find('/')?..].to_owned();
            Some(
                path.strip_prefix(server.base)
                    .map_or(path.clone(), str::to_owned),
            )
        });
    }
    all
}

/// Every parameter, sort and include that a server declares, one after the other: the request that
/// took longest, and how long.
pub(crate) fn every_parameter(server: &Server) -> (String, Duration) {
    let wire = &mut server.wire();
    let types = types(server, wire);
    let mut longest = (String::new(), Duration::ZERO);
    for path in types.iter().flat_map(declared) {
        let start = Instant::now();
        let (status, body) = server.get(wire, &path);
        let took = start.elapsed();
        // Not every date is one to sort by; what is declared is answered.
        if status == 400 && path.contains("_sort") {
            continue;
        }
        assert_eq!(status, 200, "{path}: {body}");
        if took > longest.1 {
            longest = (path, took);
        }
    }
    longest
}

/// Searches of one type as the server declares it.
fn declared(one: &Value) -> Vec<String> {
    let kind = one["type"].as_str().unwrap_or_default();
    let searched = one["interaction"].as_array().into_iter().flatten();
    if !searched.into_iter().any(|one| one["code"] == "search-type") {
        return Vec::new();
    }
    let mut all = Vec::new();
    for param in one["searchParam"].as_array().into_iter().flatten() {
        let name = param["name"].as_str().unwrap_or_default();
        all.push(format!("/{kind}?{name}:missing=false"));
        all.push(format!("/{kind}?{name}:missing=true"));
        if param["type"] == "date" {
            for from in ["ge1900-01-01", "lt2100-01-01", "eq2026", "ne2025-01-01"] {
                all.push(format!("/{kind}?{name}={from}"));
                all.push(format!("/{kind}?{name}={from}&_sort=-{name}"));
                all.push(format!("/{kind}?{name}={from}&_sort={name}"));
            }
        }
    }
    for name in one["searchInclude"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap_or_default();
        all.push(format!("/{kind}?_include={name}&_count=100"));
    }
    all
}
