//! The steps that decide, as filters: facts of the contract or a record in, a decision out.
//!
//! The command line and the server's doors for programs both answer by this: the same input gives
//! the same bytes at either.

use care::decide::{self, Decision, Gate};
use care::fact::FactSet;
use care::input::{self, Context};
use care::knowledge::Knowledge;
use care::review::review_of;
use care::triage::{Moment, triage_of};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use si::{Problem, Region};

use crate::{Import, import};

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Screening over the gates `eligibility` and `today`.
    Evaluate,
    /// A check-in.
    Triage,
    /// A course so far.
    Review,
}

/// What the caller says beside the document.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What is known.
    pub knowledge: &'a Knowledge,
    /// Where force is to be applied; a record does not say it.
    pub region: Option<Region>,
    /// The instant of decision; by default the document's own.
    pub at: Option<Timestamp>,
    /// The clinic's time zone.
    pub zone: &'a TimeZone,
}

/// What a step decides from.
#[derive(Debug)]
pub struct Gathered {
    /// Where force is to be applied.
    pub region: Region,
    /// The instant of decision.
    pub at: Timestamp,
    /// The facts.
    pub facts: FactSet,
    /// The record they came from, if it was one.
    pub record: Option<Import>,
}

/// Reads a document: facts of the contract, or a FHIR R4 record, recognised by `resourceType`.
///
/// # Errors
/// The first thing that is wrong with it, with its place and remedy.
pub fn gather(bytes: &[u8], asked: &Asked<'_>) -> Result<Gathered, Problem> {
    if is_fhir(bytes) {
        return record(bytes, asked);
    }
    let context = Context {
        knowledge: asked.knowledge,
        at: asked.at,
        region: asked.region,
        zone: asked.zone,
    };
    let document = input::parse_facts(bytes, &context)?;
    Ok(Gathered {
        region: document.region,
        at: document.at,
        facts: document.fact_set(),
        record: None,
    })
}

fn record(bytes: &[u8], asked: &Asked<'_>) -> Result<Gathered, Problem> {
    let region = asked.region.ok_or_else(|| {
        Problem::new(
            "missing-region",
            "region",
            "",
            "a FHIR record does not say where force is to be applied",
            "name it, lumbar or cervical: with --region, or as the parameter region by HTTP",
        )
    })?;
    let record = import(bytes, asked.knowledge, region, asked.at)?;
    Ok(Gathered {
        region,
        at: asked.at.unwrap_or(record.at),
        facts: record.readings.iter().cloned().collect(),
        record: Some(record),
    })
}

/// Whether the bytes look like FHIR: an object with a `resourceType`. What is wrong
/// with them is for the reader of that form to say.
fn is_fhir(bytes: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Head {
        #[serde(rename = "resourceType")]
        resource_type: Option<serde::de::IgnoredAny>,
    }
    match serde_json::from_slice::<Head>(bytes) {
        Ok(head) => head.resource_type.is_some(),
        // Broken JSON: the nearer reader says where; only records carry this word.
        Err(_) => bytes
            .windows(14)
            .any(|window| window == b"\"resourceType\""),
    }
}

impl Step {
    /// What it comes to.
    pub fn decide(self, gathered: &Gathered, knowledge: &Knowledge, zone: &TimeZone) -> Decision {
        let (facts, region, at) = (&gathered.facts, gathered.region, gathered.at);
        let moment = Moment {
            knowledge,
            at,
            zone,
        };
        match self {
            Self::Evaluate => decide::evaluate(facts, region, Gate::EVALUATE, knowledge, at, zone),
            Self::Triage => triage_of(facts, region, &moment),
            Self::Review => review_of(facts, region, &moment),
        }
    }
}

/// A decision as it is written, with what a record brought beside facts.
#[must_use]
pub fn written(decision: &Decision, record: Option<&Import>) -> Value {
    let mut value = decision.to_json();
    if let (Value::Object(members), Some(record)) = (&mut value, record) {
        members.insert("record".into(), told(record));
    }
    value
}

/// What the import found beside facts.
fn told(record: &Import) -> Value {
    json!({
        "at": record.at,
        "facts": record.readings.len(),
        "deceased": record.patient.deceased,
        "asks": record.asks,
        "unmapped": record.unmapped,
        "administrative": record.administrative,
    })
}
