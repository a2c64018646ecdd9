//! Examinations by imaging: those of which facts tell, and the report of each document.
//!
//! What is not known of one (its identifiers, its images, often its day) is left out.

use super::observe::origin;
use super::words::{FACT, choice_words, coding, hl7, plain, reference};
use super::writer::Writer;
use care::fact::{By, Content, Reading, Value as Worth};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// DICOM's words for modalities.
const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
/// The facts that tell of an examination itself, and the one that its report named something.
const ON_FILE: &str = "imaging_on_file";
const KIND: &str = "imaging_kind";
const DATE: &str = "imaging_date";
const FINDING: &str = "imaging_finding";
/// What a report says stands in this section of the catalogue.
const FINDINGS: &str = "imaging-findings";
/// `2026-10-12`: as long as a day is written.
const DAY: usize = 10;

/// An examination that is known.
#[derive(Clone, Default)]
pub(crate) struct Study {
    pub(crate) id: String,
    /// The documents that tell of it; the empty one stands for people, who tell of the image on
    /// file. None where only a record brought it.
    pub(crate) told: BTreeSet<String>,
    /// Whether a record brought the resource, which then stays as it was.
    pub(crate) brought: bool,
    /// `xray`, `ct` or `mri`.
    pub(crate) kind: Option<String>,
    /// As exactly as it is known.
    pub(crate) date: Option<String>,
    /// The document of imaging that reports it.
    pub(crate) document: Option<String>,
}

impl Study {
    /// Whether both may be one: nothing that is known of both differs.
    fn fits(&self, other: &Self) -> bool {
        let kinds = match (&self.kind, &other.kind) {
            (Some(one), Some(two)) => one == two,
            _ => true,
        };
        let dates = match (&self.date, &other.date) {
            (Some(one), Some(two)) => one.starts_with(two.as_str()) || two.starts_with(one),
            _ => true,
        };
        kinds && dates
    }

    /// Whether both are one by kind and day. Two documents are two examinations, for one day may
    /// have had both.
    fn is(&self, other: &Self) -> bool {
        let day = |study: &Self| study.date.as_deref()?.get(..DAY).map(str::to_owned);
        let known = self.kind.is_some() && day(self).is_some();
        known
            && self.kind == other.kind
            && day(self) == day(other)
            && !(self.is_documented() && other.is_documented())
    }

    /// Whether a document tells of it, by its name.
    fn is_documented(&self) -> bool {
        self.told.iter().any(|one| !one.is_empty())
    }

    /// Takes what the other knows more.
    fn learn(&mut self, other: &Self) {
        self.told.extend(other.told.iter().cloned());
        if self.kind.is_none() {
            self.kind.clone_from(&other.kind);
        }
        let more = |study: &Self| study.date.as_ref().map_or(0, String::len);
        if more(other) > more(self) {
            self.date.clone_from(&other.date);
        }
        if self.document.is_none() {
            self.document.clone_from(&other.document);
        }
    }
}

impl Writer<'_> {
    /// The examination that each reading comes from: one that a record brought with it, else the
    /// one that its document, or the people who read it, tell of.
    pub(crate) fn studies(
        &mut self,
        readings: &[Reading],
        brought: &[Option<String>],
    ) -> Vec<Option<String>> {
        let mut found = brought.to_vec();
        found.resize(readings.len(), None);
        let mut seen = BTreeSet::new();
        for (at, reading) in readings.iter().enumerate() {
            if found[at].is_some() || !self.is_of_image(reading) {
                continue;
            }
            let document = origin(reading);
            if seen.insert(document.clone()) {
                let open = readings.iter().zip(&found).filter(|(one, study)| {
                    study.is_none() && self.is_of_image(one) && origin(one) == document
                });
                if let Some(told) = told(&document, open.map(|(one, _)| one)) {
                    self.learn_of(told);
                }
            }
            let known = self.threads.studies.iter().rev();
            let mut known = known.filter(|study| study.told.contains(&document));
            found[at] = known.next().map(|study| study.id.clone());
        }
        found
    }

    /// Whether a reading says something of an image.
    fn is_of_image(&self, reading: &Reading) -> bool {
        let fact = reading.fact.as_str();
        let section = self.fact(fact).map(|fact| fact.section.as_str());
        reading.by == By::Imaging || section == Some(FINDINGS) || [ON_FILE, FINDING].contains(&fact)
    }

    /// Puts what was told of an examination to the one that it is, or begins one.
    fn learn_of(&mut self, told: Study) {
        let all = &self.threads.studies;
        let open = |study: &&Study| !study.told.is_disjoint(&told.told) && study.fits(&told);
        let same = match all.iter().rposition(|study| open(&study)) {
            Some(same) => Some(same),
            None => {
                let mut alike = (0..all.len()).filter(|at| all[*at].is(&told));
                // Two on one day: which it is, nobody has said.
                alike.next().filter(|_| alike.next().is_none())
            }
        };
        let mut study = match same {
            Some(same) => self.threads.studies.remove(same),
            None => Study {
                id: self.book.id("ImagingStudy"),
                ..Study::default()
            },
        };
        study.learn(&told);
        self.write_study(&study);
        self.threads.studies.push(study);
    }

    /// Writes what facts tell of an examination. Whether its images are to be had, none says.
    fn write_study(&mut self, study: &Study) {
        if study.brought {
            return;
        }
        let body = json!({
            "status": "unknown",
            "modality": [study.kind.as_deref().map(modality)],
            "subject": self.subject(),
            "started": study.date,
            "description": study.document,
        });
        self.book.put("ImagingStudy", &study.id, body);
    }

    /// What was settled of the examination that the wrong Observations told of. What a document
    /// reports stays as it is while people tell of an image for which it holds.
    pub(crate) fn restudy(&mut self, reading: &Reading, wrong: &[String]) {
        let Some(right) = settled(reading) else {
            return;
        };
        let wrong: Vec<String> = wrong.iter().filter_map(|id| self.study_of(id)).collect();
        let (mut changed, kept): (Vec<Study>, Vec<Study>) =
            std::mem::take(&mut self.threads.studies)
                .into_iter()
                .partition(|study| !study.brought && wrong.contains(&study.id));
        self.threads.studies = kept;
        changed.sort_by_key(Study::is_documented);
        for study in changed {
            self.settle_study(study, &right);
        }
    }

    fn settle_study(&mut self, mut study: Study, right: &Settled) {
        let was = study.clone();
        right.write_to(&mut study);
        let mut there = self.threads.studies.iter();
        let stands = there.any(|one| {
            let holds = match was.is_documented() {
                true => right.holds_of(one),
                false => one.fits(&study),
            };
            one.told.contains("") && holds
        });
        if was.is_documented() && (stands || right.none) {
            self.threads.studies.push(was);
        } else if stands || right.none {
            self.book.amend("ImagingStudy", &study.id, |members| {
                members.insert("status".to_owned(), json!("entered-in-error"));
            });
        } else {
            study.told.insert(String::new());
            self.write_study(&study);
            self.threads.studies.push(study);
        }
    }

    /// The examination that an Observation comes from.
    fn study_of(&self, observation: &str) -> Option<String> {
        let body = self.book.get("Observation", observation)?;
        let mut from = body["derivedFrom"].as_array()?.iter();
        from.find_map(|one| {
            let id = one["reference"].as_str()?.strip_prefix("ImagingStudy/")?;
            Some(id.to_owned())
        })
    }

    /// What people tell of an image from here on is of another region.
    pub(crate) fn other_images(&mut self) {
        for study in &mut self.threads.studies {
            study.told.remove("");
        }
    }

    /// The readings of one document of imaging, as its report.
    pub(crate) fn imaging_reports(
        &mut self,
        readings: &[Reading],
        ids: &[String],
        studies: &[Option<String>],
    ) {
        let mut documents: Vec<String> = Vec::new();
        let of_imaging = |reading: &&Reading| reading.by == By::Imaging;
        for reading in readings.iter().filter(of_imaging) {
            let document = origin(reading);
            if !documents.contains(&document) {
                documents.push(document);
            }
        }
        for document in documents {
            let own: Vec<usize> = (0..readings.len())
                .filter(|at| readings[*at].by == By::Imaging && origin(&readings[*at]) == document)
                .collect();
            let results = own.iter().map(|at| reference("Observation", &ids[*at]));
            let study = own.iter().find_map(|at| studies[*at].as_ref());
            let at = own.iter().map(|at| readings[*at].at).max();
            let title = if document.is_empty() {
                "Findings of imaging"
            } else {
                &document
            };
            let body = json!({
                "status": "final",
                "category": [hl7("v2-0074", "RAD")],
                "code": plain(title),
                "subject": self.subject(),
                "effectiveDateTime": at.map(|at| at.to_string()),
                "issued": self.at.to_string(),
                "result": results.collect::<Vec<_>>(),
                "imagingStudy": [study.map(|id| reference("ImagingStudy", id))],
            });
            self.book.add("DiagnosticReport", body);
        }
    }
}

/// What one document, or people, say of an examination; nothing where they say of none that it
/// was made: a "no" to every finding needs no image.
fn told<'a>(document: &str, readings: impl Iterator<Item = &'a Reading>) -> Option<Study> {
    let mut study = Study::default();
    let mut tells = false;
    for reading in readings {
        let imaging = reading.by == By::Imaging;
        if imaging && !document.is_empty() {
            study.document = Some(document.to_owned());
        }
        let Content::Value(value) = &reading.content else {
            tells |= imaging;
            continue;
        };
        tells |= imaging;
        match (reading.fact.as_str(), value) {
            (KIND, Worth::Choice(word)) => study.kind = Some(word.clone()),
            (DATE, Worth::Date(date)) => study.date = Some(date.to_string()),
            (ON_FILE | FINDING, Worth::Bool(true)) => tells = true,
            _ => {}
        }
    }
    study.told.insert(document.to_owned());
    let known = tells || study.kind.is_some() || study.date.is_some();
    known.then_some(study)
}

/// What a practitioner settled of an examination.
#[derive(Default)]
struct Settled {
    kind: Option<String>,
    date: Option<String>,
    /// There is none.
    none: bool,
}

impl Settled {
    fn holds_of(&self, study: &Study) -> bool {
        let same = |own: &Option<String>, other: &Option<String>| own.is_none() || own == other;
        same(&self.kind, &study.kind) && same(&self.date, &study.date)
    }

    fn write_to(&self, study: &mut Study) {
        if self.kind.is_some() {
            study.kind.clone_from(&self.kind);
        }
        if self.date.is_some() {
            study.date.clone_from(&self.date);
        }
    }
}

fn settled(reading: &Reading) -> Option<Settled> {
    let Content::Value(value) = &reading.content else {
        return None;
    };
    let mut right = Settled::default();
    match (reading.fact.as_str(), value) {
        (KIND, Worth::Choice(word)) => right.kind = Some(word.clone()),
        (DATE, Worth::Date(date)) => right.date = Some(date.to_string()),
        (ON_FILE, Worth::Bool(false)) => right.none = true,
        _ => return None,
    }
    Some(right)
}

/// The modality of a kind of image. An X-ray keeps our own word: DICOM has three, by how the
/// image was made, and nobody asks that.
fn modality(kind: &str) -> Value {
    match kind {
        "mri" => coding(DCM, "MR"),
        "ct" => coding(DCM, "CT"),
        other => json!({
            "system": FACT,
            "code": format!("{KIND}:{other}"),
            "display": choice_words(other),
        }),
    }
}

/// The kind of image of a modality.
pub(crate) fn kind(modality: &Value) -> Option<String> {
    let code = modality["code"].as_str()?;
    if modality["system"] == FACT {
        return Some(code.strip_prefix("imaging_kind:")?.to_owned());
    }
    let kind = match code {
        "MR" => "mri",
        "CT" => "ct",
        "CR" | "DX" | "RG" => "xray",
        _ => return None,
    };
    (modality["system"] == DCM).then(|| kind.to_owned())
}
