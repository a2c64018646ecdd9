//! Everything that is known of one patient, as FHIR R4 (4.0.1).
//!
//! ```text
//! Source (stream, knowledge, clinic, diary, audit) ──▶ Export (resources, their versions) ──▶ Bundle
//! ```
//!
//! A resource follows from the stream and from nothing else, so its history needs no store: its
//! version as of an entry is the projection of the stream up to that entry, its `versionId` the
//! place of the entry that changed it last. What stands beside the stream (the clinic, its staff,
//! the program, appointments, lines of the audit log) carries the version of its own log, or none.
//!
//! Codes: LOINC, SNOMED CT, CPT and HCPCS only as the knowledge and its sources have them; HL7's
//! own code systems; UCUM; everything else in code systems of our own, which [`definitions()`]
//! describes. `docs/fhir.md` says which event becomes which resource, and what is left out.
//!
//! Must never know: clocks, files, networks; what a reader will do with it.

mod after;
mod around;
mod book;
mod brought;
pub mod bundle;
mod decision;
mod define;
mod document;
mod imaging;
mod mapping;
mod observe;
mod people;
mod plan;
mod provenance;
mod source;
mod terms;
mod visit;
pub(crate) mod words;
mod writer;

pub use book::Version;
pub use define::definitions;
pub use mapping::{MAPPED, Mapped, document as mapping_document};
pub(crate) use observe::{absent_code, loinc};
pub use source::{Access, Clinic, Happened, Person, Source, Told};
pub use words::{BASE, EXTENSION, FACT, RULE, TERM};

use care::episode::What;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use writer::Writer;

/// A patient's resources at one point of their stream. Debug prints how many.
#[derive(Clone, PartialEq)]
pub struct Export {
    /// When the last entry was taken that they follow from; none of an empty stream.
    pub at: Option<Timestamp>,
    resources: BTreeMap<(String, String), Value>,
}

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Export")
            .field("at", &self.at)
            .field("resources", &self.resources.len())
            .finish_non_exhaustive()
    }
}

impl Export {
    /// Every resource, the Patient first, then by type and id.
    pub fn resources(&self) -> impl Iterator<Item = &Value> {
        let patient = |key: &(String, String)| key.0 == "Patient";
        let first = self.resources.iter().filter(move |(key, _)| patient(key));
        let rest = self.resources.iter().filter(move |(key, _)| !patient(key));
        first.chain(rest).map(|(_, resource)| resource)
    }

    /// One resource.
    #[must_use]
    pub fn get(&self, kind: &str, id: &str) -> Option<&Value> {
        self.resources.get(&(kind.to_owned(), id.to_owned()))
    }

    /// Those of a type, by id.
    pub fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        let own = move |entry: &(&(String, String), &Value)| entry.0.0 == kind;
        self.resources.iter().filter(own).map(|(_, one)| one)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.resources.len()
    }

    /// Whether there are none: nobody was registered, or the stream was erased.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }
}

/// Everything, as it is now: the stream, the diary and the audit log.
#[must_use]
pub fn export(source: &Source<'_>) -> Export {
    projected(source, u64::MAX, true)
}

/// The stream's resources as they were once this entry had been taken.
#[must_use]
pub fn at(source: &Source<'_>, sequence: u64) -> Export {
    projected(source, sequence, false)
}

/// The clinic, the program and all of these people, which follow from no stream.
#[must_use]
pub fn clinic(clinic: Clinic<'_>, people: &[Person<'_>]) -> Export {
    let staff = people::Staff::all(&clinic, people).resources(&writer::of_clinic(&clinic));
    let resources = staff.into_iter();
    Export {
        at: None,
        resources: resources
            .map(|(kind, id, resource)| ((kind.to_owned(), id), resource))
            .collect(),
    }
}

/// Whether an entry brought a record of another system.
#[must_use]
pub const fn is_record(told: &Told<'_>) -> bool {
    matches!(told.what, Happened::Event(event) if matches!(event.what, What::RecordImported(_)))
}

/// Every version of one resource, oldest first; none where there never was such a resource.
///
/// Of what stands beside the stream there is no history here.
#[must_use]
pub fn history(source: &Source<'_>, kind: &str, id: &str) -> Vec<Version> {
    let mut versions = written(source, u64::MAX).book.into_versions();
    let found = versions.keys().find(|key| key.0 == kind && key.1 == id);
    let found = found.cloned();
    found
        .and_then(|key| versions.remove(&key))
        .unwrap_or_default()
}

/// Every version of every resource of the stream, oldest first, by type and id.
#[must_use]
pub fn histories(source: &Source<'_>) -> BTreeMap<(String, String), Vec<Version>> {
    let all = written(source, u64::MAX).book.into_versions().into_iter();
    all.map(|((kind, id), versions)| ((kind.to_owned(), id), versions))
        .collect()
}

fn written<'a>(source: &'a Source<'a>, sequence: u64) -> Writer<'a> {
    let mut writer = Writer::new(source);
    let told = source.told.iter();
    told.take_while(|told| told.sequence <= sequence)
        .for_each(|told| writer.take(told));
    writer
}

/// The lines of the audit log alone, as [`export`] has them, in the order in which they are given;
/// none of a record that was erased.
#[must_use]
pub fn accesses(source: &Source<'_>) -> Vec<Value> {
    let mut writer = written(source, u64::MAX);
    let patient = source.patient.to_string();
    if writer.book.get("Patient", &patient).is_none() {
        return Vec::new();
    }
    let lines = source.audit.iter();
    lines
        .map(|line| around::audit(source, &mut writer.staff, line).2)
        .collect()
}

fn projected(source: &Source<'_>, sequence: u64, whole: bool) -> Export {
    let mut writer = written(source, sequence);
    let told = source.told.iter();
    let last = told.take_while(|told| told.sequence <= sequence).last();
    let mut beside = Vec::new();
    let known = writer
        .book
        .get("Patient", &source.patient.to_string())
        .is_some();
    if whole && known {
        for one in source.appointments {
            beside.push(around::appointment(source, &mut writer.staff, one));
        }
        for line in source.audit {
            beside.push(around::audit(source, &mut writer.staff, line));
        }
    }
    if known {
        beside.extend(writer.staff.resources(&writer::origin(source)));
    }
    let mut resources = BTreeMap::new();
    for ((kind, id), mut versions) in writer.book.into_versions() {
        if let Some(resource) = versions.pop().and_then(|last| last.resource) {
            resources.insert((kind.to_owned(), id), resource);
        }
    }
    for (kind, id, resource) in beside {
        resources.insert((kind.to_owned(), id), resource);
    }
    Export {
        at: last.map(|told| told.at),
        resources,
    }
}
