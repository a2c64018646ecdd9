//! The door: bytes in, facts and the list of what became none out.

use crate::bundle::{Owner, Record};
use crate::map::Mapper;
use crate::patient::{self, Demographics};
use crate::view::{Concept, View};
use crate::{coded, instant, json, observation, own};
use care::fact::Reading;
use care::knowledge::Knowledge;
use jiff::Timestamp;
use serde::Serialize;
use si::{Problem, Region};
use std::collections::BTreeMap;
use std::fmt;

/// What a record became. Debug prints numbers only.
#[derive(Clone, PartialEq, Serialize)]
pub struct Import {
    /// The record's own instant: when it was put together, else its latest entry.
    pub at: Timestamp,
    /// Who it is about.
    pub patient: Demographics,
    /// Facts in the order of the record, dates last; each by `record`, and but
    /// for age and sex unconfirmed.
    pub readings: Vec<Reading>,
    /// Questions that codes open without answering them.
    pub asks: Vec<Ask>,
    /// Clinical entries that became nothing, each with its reason.
    pub unmapped: Vec<Unmapped>,
    /// Entries about administration, counted by resource type.
    pub administrative: BTreeMap<String, usize>,
}

/// A question that a code opens. Debug prints which and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ask {
    /// The fact to ask for: `id` or `id[index]`.
    pub fact: String,
    /// The entry that opens it.
    #[serde(flatten)]
    pub entry: Unmapped,
}

/// An entry that set no fact. Debug prints its type and place.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Unmapped {
    /// Resource type; empty for an entry without a resource.
    pub resource: String,
    /// Code system, empty where there is no code.
    pub system: String,
    /// The code.
    pub code: String,
    /// The record's words for it.
    pub display: String,
    /// Where it stands in the record.
    pub place: String,
    /// Why it set no fact.
    pub reason: String,
}

impl fmt::Debug for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Import")
            .field("at", &self.at)
            .field("readings", &self.readings.len())
            .field("asks", &self.asks.len())
            .field("unmapped", &self.unmapped.len())
            .field("administrative", &self.administrative)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Unmapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unmapped")
            .field("resource", &self.resource)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl Import {
    /// What nothing tells.
    pub(crate) fn empty(at: Timestamp) -> Self {
        Self {
            at,
            patient: Demographics::default(),
            readings: Vec::new(),
            asks: Vec::new(),
            unmapped: Vec::new(),
            administrative: BTreeMap::new(),
        }
    }
}

impl Ask {
    /// Whether two entries open the same question in the same way.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let (one, two) = (&self.entry, &other.entry);
        self.fact == other.fact && one.system == two.system && one.code == two.code
    }
}

impl Unmapped {
    pub(crate) fn of(view: &View<'_>, concept: &Concept<'_>, reason: impl Into<String>) -> Self {
        let first = concept.codings.first();
        Self {
            resource: view.kind.to_owned(),
            system: first.map_or("", |coding| coding.system).to_owned(),
            code: first.map_or("", |coding| coding.code).to_owned(),
            display: concept.words().to_owned(),
            place: view.place.clone(),
            reason: reason.into(),
        }
    }
}

/// Types that say nothing about the patient's health by themselves.
const ADMINISTRATIVE: [&str; 21] = [
    "Account",
    "Appointment",
    "AuditEvent",
    "Binary",
    "CareTeam",
    "Claim",
    "ClaimResponse",
    "Composition",
    "Coverage",
    "Encounter",
    "ExplanationOfBenefit",
    "Location",
    "Medication",
    "MessageHeader",
    "Organization",
    "Person",
    "Practitioner",
    "PractitionerRole",
    "Provenance",
    "RelatedPerson",
    "Schedule",
];

/// Types whose codes are read.
///
/// Not an allergy's: it names what the patient does not take.
const CODED: [&str; 9] = [
    "Condition",
    "Device",
    "DeviceUseStatement",
    "DiagnosticReport",
    "ImagingStudy",
    "MedicationAdministration",
    "MedicationRequest",
    "MedicationStatement",
    "Procedure",
];

/// Reads a FHIR R4 record: a Bundle, or one resource.
///
/// `at` is the instant of decision; without it the record's own instant is. A
/// question that bears only on the other region is listed, not asked.
///
/// # Errors
/// What must not be read at all, and then nothing is imported: text that is not
/// JSON, another version of FHIR, two patients, a date in the future, a member
/// of the wrong shape, a unit or number that cannot be. The place says which
/// entry, the remedy what to do.
pub fn import(
    bytes: &[u8],
    knowledge: &Knowledge,
    region: Region,
    at: Option<Timestamp>,
) -> Result<Import, Problem> {
    read(&json::parse(bytes)?, knowledge, region, at)
}

/// The same, of a record that is JSON already.
pub(crate) fn read(
    value: &serde_json::Value,
    knowledge: &Knowledge,
    region: Region,
    at: Option<Timestamp>,
) -> Result<Import, Problem> {
    let record = Record::open(value)?;
    let own = instant::of(&record, at)?;
    let deciding = at.unwrap_or(own);
    let mut mapper = Mapper::new(
        knowledge.catalogue(),
        region,
        origin(&record),
        own.min(deciding),
        deciding,
    );
    let mut administrative = BTreeMap::new();
    for view in &record.resources {
        take(view, &record, &mut mapper, &mut administrative)?;
    }
    for (view, reason) in &record.left_out {
        mapper.unmapped(Unmapped::of(view, &Concept::default(), reason));
    }
    let patient = record.patient().map(Demographics::read).transpose()?;
    let found = mapper.finish();
    Ok(Import {
        at: own,
        patient: patient.unwrap_or_default(),
        readings: found.readings,
        asks: found.asks,
        unmapped: found.unmapped,
        administrative,
    })
}

/// What counts as one source: records of the same system supersede each other.
fn origin(record: &Record<'_>) -> String {
    let meta = record
        .bundle
        .as_ref()
        .and_then(|bundle| bundle.object("meta").ok().flatten());
    let source = meta.and_then(|meta| meta.text("source").ok().flatten());
    match source {
        // A `#` would begin the place inside the record.
        Some(source) => format!("fhir {}", source.replace('#', "%23")),
        None => "fhir".to_owned(),
    }
}

fn take<'a>(
    view: &View<'a>,
    record: &Record<'a>,
    mapper: &mut Mapper<'_, 'a>,
    administrative: &mut BTreeMap<String, usize>,
) -> Result<(), Problem> {
    if view.kind == "Patient" {
        let told = own::agreed(record, mapper)?;
        return patient::facts(view, &told, mapper);
    }
    let owner = record.owner(view)?;
    if ADMINISTRATIVE.contains(&view.kind) {
        *administrative.entry(view.kind.to_owned()).or_default() += 1;
        return match owner {
            Owner::Patient => coded::reasons(view, mapper),
            Owner::Unclear(_) => Ok(()),
        };
    }
    let is_coded = CODED.contains(&view.kind);
    match (view.kind, owner) {
        ("Observation", Owner::Patient) => match own::take(view, record, mapper)? {
            true => Ok(()),
            false => observation::take(view, mapper),
        },
        (_, Owner::Patient) if is_coded => coded::take(view, record, mapper),
        ("Observation", Owner::Unclear(reason)) => list(view, record, mapper, reason),
        (_, Owner::Unclear(reason)) if is_coded => list(view, record, mapper, reason),
        (kind, _) => list(view, record, mapper, &format!("{kind} is not read")),
    }
}

/// Lists an entry with its first code.
fn list<'a>(
    view: &View<'a>,
    record: &Record<'a>,
    mapper: &mut Mapper<'_, 'a>,
    reason: &str,
) -> Result<(), Problem> {
    let concepts = coded::concepts(view, record)?;
    let concept = concepts.into_iter().next().unwrap_or_default();
    mapper.unmapped(Unmapped::of(view, &concept, reason));
    Ok(())
}
