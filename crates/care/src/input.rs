//! Facts in: the JSON contract, read strictly.
//!
//! Whatever is wrong comes back as a [`Problem`] with its place, its value and
//! what to do about it; nothing is guessed and nothing is half-read.
pub(crate) mod json;
pub(crate) mod object;
mod read;

pub use read::{Defaults, read_reading, schema_of_facts};

use crate::decide::Ask;
use crate::fact::{By, Clearance, Fact, FactKey, FactSet, Kind, Override, Reading};
use crate::knowledge::Knowledge;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use json::Pairs;
use serde_json::Value as Json;
use si::{Problem, Region};

/// The form of document this code reads.
pub const SCHEMA: &str = "annulus.facts/1";

/// The sections that no denial answers: each is a question of its own (CLINICAL §1.6).
pub const NEVER_DENIED: [&str; 5] = ["cauda-equina", "cord", "vascular", "fracture", "cancer"];

const KEYS: [&str; 7] = [
    "schema",
    "region",
    "at",
    "facts",
    "denied",
    "clearances",
    "overrides",
];

/// A facts document as read.
#[derive(Clone, Debug, PartialEq)]
pub struct FactsDocument {
    /// Where force is to be applied.
    pub region: Region,
    /// The instant of decision.
    pub at: Timestamp,
    /// The readings, those that a denial made among them.
    pub readings: Vec<Reading>,
    /// The sections denied.
    pub denied: Vec<String>,
    /// Letters that clear a finding.
    pub clearances: Vec<Clearance>,
    /// Overrides on file.
    pub overrides: Vec<Override>,
}

impl FactsDocument {
    /// The facts as decisions read them.
    #[must_use]
    pub fn fact_set(&self) -> FactSet {
        let mut facts: FactSet = self.readings.iter().cloned().collect();
        facts.clearances.clone_from(&self.clearances);
        facts.overrides.clone_from(&self.overrides);
        facts
    }
}

/// What the caller knows beside the document.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The knowledge whose catalogue the facts must be in.
    pub knowledge: &'a Knowledge,
    /// The instant of decision, before the document's own `at`.
    pub at: Option<Timestamp>,
    /// The region, where the document names none.
    pub region: Option<Region>,
    /// The clinic's time zone.
    pub zone: &'a TimeZone,
}

/// Reads a facts document.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn parse_facts(bytes: &[u8], context: &Context<'_>) -> Result<FactsDocument, Problem> {
    let document = json::document(bytes)?;
    if let Some((key, value)) = document
        .0
        .iter()
        .find(|(key, _)| !KEYS.contains(&key.as_str()))
    {
        let remedy = format!("use {}", KEYS.join(", "));
        return Err(bad(
            "unknown-key",
            key,
            &value.to_string(),
            "no such key",
            &remedy,
        ));
    }
    schema(&document)?;
    let region = region(&document, context.region)?;
    let own = document
        .get("at")
        .map(|at| read::timestamp("at", at))
        .transpose()?;
    let Some(at) = context.at.or(own) else {
        let remedy = "add `at`, such as \"2026-11-22T09:00:00Z\", or pass --at";
        return Err(bad(
            "missing-at",
            "at",
            "",
            "the instant of decision is missing",
            remedy,
        ));
    };
    not_before(own, at)?;
    let defaults = Defaults {
        at: own.unwrap_or(at),
        now: at,
        zone: context.zone,
    };
    let mut readings = facts(&document, context.knowledge, &defaults)?;
    let denied = denied(
        &document,
        context.knowledge,
        region,
        &mut readings,
        defaults.at,
    )?;
    Ok(FactsDocument {
        region,
        at,
        readings,
        denied,
        clearances: list(&document, "clearances")?,
        overrides: list(&document, "overrides")?,
    })
}

/// A document that is younger than the decision by a day speaks of its future (ENGINEERING §2).
fn not_before(own: Option<Timestamp>, at: Timestamp) -> Result<(), Problem> {
    let limit = at.checked_add(read::AHEAD).unwrap_or(Timestamp::MAX);
    match own.filter(|own| *own > limit) {
        None => Ok(()),
        Some(own) => Err(bad(
            "date-in-the-future",
            "at",
            &own.to_string(),
            &format!("lies more than 24 h after the instant of decision ({at})"),
            "decide at the document's instant or later",
        )),
    }
}

pub(crate) fn bad(
    code: &'static str,
    place: &str,
    value: &str,
    problem: &str,
    remedy: &str,
) -> Problem {
    let value: String = value.chars().take(120).collect();
    Problem::new(code, place, value, problem, remedy)
}

fn schema(document: &Pairs) -> Result<(), Problem> {
    match document.get("schema") {
        None => Ok(()),
        Some(Json::String(text)) if text == SCHEMA => Ok(()),
        Some(other) => {
            let remedy = format!("write \"{SCHEMA}\" or leave it out");
            Err(bad(
                "unknown-schema",
                "schema",
                &other.to_string(),
                "not a form this version reads",
                &remedy,
            ))
        }
    }
}

fn region(document: &Pairs, given: Option<Region>) -> Result<Region, Problem> {
    let remedy = "write \"lumbar\" or \"cervical\"";
    let named = match document.get("region") {
        None => None,
        Some(Json::String(name)) => Some(name.parse::<Region>().map_err(|_| {
            bad(
                "unknown-region",
                "region",
                name,
                "not a region that is treated here",
                remedy,
            )
        })?),
        Some(other) => {
            return Err(bad(
                "wrong-type",
                "region",
                &other.to_string(),
                "not text",
                remedy,
            ));
        }
    };
    match (named, given) {
        (Some(named), Some(given)) if named != given => {
            let problem = format!("the document is for another region than the {given} asked for");
            Err(bad(
                "region-mismatch",
                "region",
                named.as_str(),
                &problem,
                "make the two agree",
            ))
        }
        (named, given) => named.or(given).ok_or_else(|| {
            bad(
                "missing-region",
                "region",
                "",
                "the region is missing",
                remedy,
            )
        }),
    }
}

fn facts(
    document: &Pairs,
    knowledge: &Knowledge,
    defaults: &Defaults<'_>,
) -> Result<Vec<Reading>, Problem> {
    let Some(raw) = document.get("facts") else {
        let remedy =
            "add \"facts\": {\"ID\": {\"value\": …}}; an empty object is a chart with no facts";
        return Err(bad(
            "missing-facts",
            "facts",
            "",
            "the facts are missing",
            remedy,
        ));
    };
    let pairs = json::pairs("facts", raw)?;
    let mut readings = Vec::new();
    for (id, raw) in &pairs.0 {
        let key = key(id, knowledge)?;
        let place = format!("facts.{id}");
        match raw {
            Json::Array(list) if list.is_empty() => {
                let remedy = "give a reading or leave the fact out";
                return Err(bad(
                    "no-reading",
                    &place,
                    "[]",
                    "the list has no reading",
                    remedy,
                ));
            }
            Json::Array(list) => {
                for (number, raw) in list.iter().enumerate() {
                    let place = format!("{place}[{number}]");
                    readings.push(read_reading(&place, &key, raw, knowledge, defaults)?);
                }
            }
            single => readings.push(read_reading(&place, &key, single, knowledge, defaults)?),
        }
    }
    Ok(readings)
}

/// Fact and index of an id, both known to the catalogue.
fn key(id: &str, knowledge: &Knowledge) -> Result<FactKey, Problem> {
    let place = format!("facts.{id}");
    let remedy = "write `id` or `id[index,…]`, as in myotome[L5,left]";
    let Some(key) = FactKey::parse(id) else {
        return Err(bad(
            "bad-fact-id",
            &place,
            id,
            "the brackets do not match",
            remedy,
        ));
    };
    let catalogue = knowledge.catalogue();
    let Some(fact) = catalogue.get(key.fact.as_str()) else {
        let remedy = match catalogue.nearest(key.fact.as_str()) {
            Some(near) => format!("did you mean `{near}`? `annulus facts list` has them all"),
            None => "`annulus facts list` has them all".to_owned(),
        };
        return Err(bad(
            "unknown-fact",
            &place,
            key.fact.as_str(),
            "no such fact",
            &remedy,
        ));
    };
    if catalogue.has(&key) {
        return Ok(key);
    }
    let axes: Vec<&str> = fact
        .index
        .iter()
        .map(crate::fact::IndexAxis::name)
        .collect();
    let (problem, remedy) = if axes.is_empty() {
        (
            "this fact has no index".to_owned(),
            format!("write `{}`", fact.id),
        )
    } else {
        let example = fact
            .indices(Region::Lumbar)
            .first()
            .map(|i| i.join(","))
            .unwrap_or_default();
        let problem = format!("not an index over [{}]", axes.join(", "));
        (problem, format!("write it as `{}[{example}]`", fact.id))
    };
    Err(bad("bad-index", &place, id, &problem, &remedy))
}

/// The denied sections; every unanswered fact in them takes its declared negative.
fn denied(
    document: &Pairs,
    knowledge: &Knowledge,
    region: Region,
    readings: &mut Vec<Reading>,
    at: Timestamp,
) -> Result<Vec<String>, Problem> {
    let sections: Vec<String> = list(document, "denied")?;
    for (number, section) in sections.iter().enumerate() {
        let place = format!("denied[{number}]");
        deniable(&place, section, knowledge)?;
        for reading in deny(section, knowledge, region, at) {
            if !readings.iter().any(|other| other.key() == reading.key()) {
                readings.push(reading);
            }
        }
    }
    Ok(sections)
}

fn deniable(place: &str, section: &str, knowledge: &Knowledge) -> Result<(), Problem> {
    if NEVER_DENIED.contains(&section) {
        let problem = "this family is asked as a question of its own and is never denied wholesale";
        return Err(bad(
            "not-deniable",
            place,
            section,
            problem,
            "answer its question by itself",
        ));
    }
    let with = |fact: &&crate::fact::Fact| fact.denied.is_some();
    if knowledge
        .catalogue()
        .section(section)
        .any(|fact| with(&fact))
    {
        return Ok(());
    }
    let catalogue = knowledge.catalogue();
    let known: Vec<&str> = catalogue
        .sections()
        .into_iter()
        .filter(|name| !NEVER_DENIED.contains(name) && catalogue.section(name).any(|f| with(&f)))
        .collect();
    let remedy = format!("sections that can be denied: {}", known.join(", "));
    Err(bad(
        "unknown-section",
        place,
        section,
        "no section that can be denied",
        &remedy,
    ))
}

/// What denying a section records: its declared negatives, as the patient's word.
#[must_use]
pub fn deny(section: &str, knowledge: &Knowledge, region: Region, at: Timestamp) -> Vec<Reading> {
    if NEVER_DENIED.contains(&section) {
        return Vec::new();
    }
    let catalogue = knowledge.catalogue();
    let facts = catalogue
        .section(section)
        .filter(|fact| fact.is_for(region));
    let mut readings = Vec::new();
    for fact in facts {
        let Some(negative) = &fact.denied else {
            continue;
        };
        for index in fact.indices(region) {
            let key = FactKey {
                fact: fact.id.as_str().into(),
                index,
            };
            let mut reading = Reading::value(key, negative.clone(), at, denier(fact));
            reading.source = Some(format!("denied:{section}"));
            reading.unit = fact.unit.clone().filter(|_| fact.kind == Kind::Number);
            readings.push(reading);
        }
    }
    readings
}

/// Whose word a denial is: what is examined or stands in a report is denied by whoever
/// examined or read it, everything else by the patient.
const fn denier(fact: &Fact) -> By {
    match fact.ask {
        Ask::Examination | Ask::Record | Ask::Test => By::Practitioner,
        Ask::Patient | Ask::Measurement | Ask::Attendant => By::Patient,
    }
}

/// A list under a key, empty where the key is missing.
fn list<T: serde::de::DeserializeOwned>(document: &Pairs, key: &str) -> Result<Vec<T>, Problem> {
    let Some(raw) = document.get(key) else {
        return Ok(Vec::new());
    };
    serde_json::from_value(raw.clone()).map_err(|error| {
        bad(
            "wrong-type",
            key,
            &raw.to_string(),
            &error.to_string(),
            "see docs/schema",
        )
    })
}
