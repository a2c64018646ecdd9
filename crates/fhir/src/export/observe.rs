//! Readings: one Observation each, and what several of them make together.

use super::book::push;
use super::words::{
    FACT, LOINC, SNOMED, choice_words, coding, extension, hl7, hl7_coding, own, plain, quantity_in,
    reference,
};
use super::writer::Writer;
use care::decide::Ask;
use care::fact::{Answer, By, CodeMode, Content, Fact, Reading, Value as Worth};
use serde_json::{Map, Value, json};

/// Body weight and height: the two whose LOINC code calls for a vital sign's form.
const WEIGHT: &str = "29463-7";
pub(crate) const HEIGHT: &str = "8302-2";
/// The fact that names what the course treats.
const TREATED: &str = "treated_condition";

/// What an Observation belongs to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Within {
    pub(crate) encounter: Option<Value>,
    pub(crate) part_of: Option<Value>,
    pub(crate) derived_from: Option<Value>,
    /// What measured it.
    pub(crate) device: Option<Value>,
    /// The study of each reading, where its record names one.
    pub(crate) studies: Vec<Option<String>>,
}

/// The latest Observation of a fact from one source; a fact's last is its newest.
#[derive(Clone, Debug)]
pub(crate) struct Latest {
    pub(crate) origin: (By, String),
    pub(crate) id: String,
    pub(crate) content: Content,
}

impl Writer<'_> {
    /// Writes each reading; the ids of the Observations, in their order.
    pub(crate) fn observe(&mut self, readings: &[Reading], within: &Within) -> Vec<String> {
        let studies = self.studies(readings, &within.studies);
        let mut ids = Vec::new();
        for (reading, study) in readings.iter().zip(&studies) {
            let status = if reading.unconfirmed {
                "preliminary"
            } else {
                "final"
            };
            ids.push(self.observation(reading, (status, study.as_deref()), within));
        }
        self.imaging_reports(readings, &ids, &studies);
        for reading in readings {
            self.treated(reading);
        }
        ids
    }

    /// What a practitioner settled: the latest of each source that says otherwise was wrong.
    pub(crate) fn settle(&mut self, reading: &Reading, reason: &str) {
        let key = reading.key().to_string();
        let told = self.latest.get(&key).into_iter().flatten();
        let wrong: Vec<String> = told
            .filter(|one| one.content != reading.content)
            .map(|one| one.id.clone())
            .collect();
        self.restudy(reading, &wrong);
        let by = self.by.clone();
        let at = self.at;
        for id in wrong {
            self.book.amend("Observation", &id, |members| {
                members.insert("status".to_owned(), json!("entered-in-error"));
                push(members, "note", super::words::note(&by, at, reason));
            });
        }
        let study = self.studies(std::slice::from_ref(reading), &[]).pop();
        let study = study.flatten();
        let told = ("corrected", study.as_deref());
        let id = self.observation(reading, told, &Within::default());
        self.book.amend("Observation", &id, |members| {
            push(members, "note", super::words::note(&by, at, reason));
        });
        self.treated(reading);
    }

    fn observation(
        &mut self,
        reading: &Reading,
        (status, study): (&str, Option<&str>),
        within: &Within,
    ) -> String {
        let fact = self.fact(reading.fact.as_str());
        let loinc = fact.and_then(loinc);
        let mut body = Map::new();
        body.insert("status".to_owned(), json!(status));
        body.insert("category".to_owned(), category(reading, fact, loinc));
        body.insert("code".to_owned(), code(reading, fact, loinc));
        body.insert("subject".to_owned(), self.subject());
        body.insert(
            "effectiveDateTime".to_owned(),
            json!(reading.at.to_string()),
        );
        body.insert("issued".to_owned(), json!(self.at.to_string()));
        body.insert("performer".to_owned(), json!([self.performer(reading)]));
        body.insert("encounter".to_owned(), json!(within.encounter));
        body.insert("partOf".to_owned(), json!([within.part_of]));
        let study = study.map(|id| reference("ImagingStudy", id));
        let from = json!([within.derived_from, study]);
        body.insert("derivedFrom".to_owned(), from);
        body.insert("extension".to_owned(), provenance(reading));
        if !reading.index.is_empty() {
            let index = reading.index.join(", ");
            body.insert("bodySite".to_owned(), plain(&index));
        }
        let (name, value) = self.value(reading, fact, loinc);
        body.insert(name.to_owned(), value);
        let id = self.book.add("Observation", Value::Object(body));
        self.note_latest(reading, &id);
        id
    }

    fn note_latest(&mut self, reading: &Reading, id: &str) {
        let origin = (reading.by, origin(reading));
        let key = reading.key().to_string();
        let told = self.latest.entry(key).or_default();
        told.retain(|one| one.origin != origin);
        told.push(Latest {
            origin,
            id: id.to_owned(),
            content: reading.content.clone(),
        });
    }

    /// The member that holds a reading's value, and the value.
    pub(crate) fn value(
        &self,
        reading: &Reading,
        fact: Option<&Fact>,
        loinc: Option<&str>,
    ) -> (&'static str, Value) {
        match &reading.content {
            Content::Answer(answer) => ("dataAbsentReason", absent(*answer)),
            Content::Value(Worth::Bool(flag)) => ("valueBoolean", json!(flag)),
            Content::Value(Worth::Date(date)) => ("valueDateTime", json!(date.to_string())),
            Content::Value(Worth::Choice(word)) => (
                "valueCodeableConcept",
                own(
                    FACT,
                    &format!("{}:{word}", reading.fact),
                    &choice_words(word),
                ),
            ),
            Content::Value(Worth::Number(number)) => {
                let fallback = fact.and_then(|fact| fact.unit.as_deref());
                let unit = reading.unit.as_deref().or(fallback).unwrap_or("1");
                // Height as the vital sign has it.
                let to = if loinc == Some(HEIGHT) { "cm" } else { unit };
                ("valueQuantity", quantity_in(*number, unit, to))
            }
        }
    }

    fn performer(&self, reading: &Reading) -> Value {
        let mut who = match reading.by {
            By::Patient => self.subject(),
            By::Practitioner | By::Assistant if self.by_staff => self.by.clone(),
            _ => json!({}),
        };
        if let Some(name) = &reading.who {
            who["display"] = json!(name);
        }
        who
    }

    /// The practitioner's name for what is treated: a working diagnosis.
    fn treated(&mut self, reading: &Reading) {
        let Content::Value(Worth::Choice(word)) = &reading.content else {
            return;
        };
        let named = reading.fact.as_str() == TREATED && reading.by == By::Practitioner;
        if !named || self.threads.condition_word == *word {
            return;
        }
        if let Some(old) = self.threads.condition.take() {
            self.book.amend("Condition", &old, |members| {
                members.insert(
                    "clinicalStatus".to_owned(),
                    hl7("condition-clinical", "inactive"),
                );
            });
        }
        let mut concept = own(
            FACT,
            &format!("{TREATED}:{word}"),
            &self.condition_name(word),
        );
        if let (Some(code), Some(codings)) = (snomed(word), concept["coding"].as_array_mut()) {
            codings.push(coding(SNOMED, code));
        }
        let body = json!({
            "clinicalStatus": hl7("condition-clinical", "active"),
            "verificationStatus": hl7("condition-ver-status", "provisional"),
            "category": [hl7("condition-category", "encounter-diagnosis")],
            "code": concept,
            "subject": self.subject(),
            "recordedDate": self.at.to_string(),
            "recorder": self.person(),
            "asserter": self.person(),
        });
        let id = self.book.add("Condition", body);
        self.threads.condition_word.clone_from(word);
        if let Some(episode) = self.threads.episode.clone() {
            let condition = reference("Condition", &id);
            self.book.amend("EpisodeOfCare", &episode, |members| {
                members.insert("diagnosis".to_owned(), json!([{ "condition": condition }]));
            });
        }
        self.threads.condition = Some(id);
    }

    fn condition_name(&self, word: &str) -> String {
        let evidence = self.source.knowledge.evidence();
        let mut regions = si::Region::ALL.into_iter();
        let named = regions.find_map(|region| evidence.condition(region, word).ok());
        named.map_or_else(|| word.to_owned(), |condition| condition.name.clone())
    }
}

/// The one LOINC code that was read in a source and means the fact itself.
pub(crate) fn loinc(fact: &Fact) -> Option<&str> {
    let mut codes = fact.codes.iter().filter(|code| {
        let whole = code.value.is_none() && code.index.is_empty() && !code.code.ends_with('*');
        code.system == "loinc" && code.status == "found" && whole
    });
    let first = codes.next()?;
    // Two of them tell two things apart that the fact does not.
    let only = codes.next().is_none();
    let meant = matches!(first.mode, CodeMode::Asserts | CodeMode::Asks);
    (only && meant).then_some(first.code.as_str())
}

/// SNOMED CT for a condition treated, where a source gives the code for the same thing.
fn snomed(word: &str) -> Option<&'static str> {
    // AHRQ's value set for low back pain (2020-10-24), as the notes on sources have it.
    match word {
        "sciatica" => Some("23056005"),
        "stenosis" => Some("18347007"),
        "degenerative-disc" => Some("26538006"),
        _ => None,
    }
}

fn code(reading: &Reading, fact: Option<&Fact>, loinc: Option<&str>) -> Value {
    let id = reading.fact.as_str();
    let label = fact.map_or(id, |fact| fact.label.as_str());
    let mut concept = own(FACT, id, label);
    if let (Some(code), Some(codings)) = (loinc, concept["coding"].as_array_mut()) {
        codings.push(coding(LOINC, code));
    }
    concept
}

fn category(reading: &Reading, fact: Option<&Fact>, loinc: Option<&str>) -> Value {
    let examined = fact.is_some_and(|fact| fact.ask != Ask::Patient);
    let code = match (loinc, reading.by) {
        (Some(WEIGHT | HEIGHT), _) => "vital-signs",
        (_, By::Imaging) => "imaging",
        (_, By::Device) => "procedure",
        (_, By::Patient) => "survey",
        _ if examined => "exam",
        _ => "survey",
    };
    json!([{ "coding": [hl7_coding("observation-category", code)] }])
}

pub(crate) fn absent_code(answer: Answer) -> &'static str {
    match answer {
        Answer::NotApplicable => "not-applicable",
        Answer::AskedUnknown => "asked-unknown",
        Answer::Declined => "asked-declined",
    }
}

fn absent(answer: Answer) -> Value {
    hl7("data-absent-reason", absent_code(answer))
}

/// What stands before a `#` names the document.
pub(crate) fn origin(reading: &Reading) -> String {
    match reading.by {
        By::Device | By::Imaging | By::Record => {
            let source = reading.source.as_deref().unwrap_or_default();
            let document = source.split('#').next().unwrap_or_default();
            document.trim().to_owned()
        }
        By::Patient | By::Practitioner | By::Assistant => String::new(),
    }
}

/// Who said it, from which document, and which of an indexed fact it is.
fn provenance(reading: &Reading) -> Value {
    let mut all = vec![extension("by", "valueCode", reading.by.as_str())];
    if !reading.index.is_empty() {
        all.push(extension("index", "valueString", reading.index.join(",")));
    }
    let texts = [
        ("document", reading.source.as_ref()),
        ("settles", reading.resolves.as_ref()),
    ];
    for (name, text) in texts {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            all.push(extension(name, "valueString", text.clone()));
        }
    }
    Value::Array(all)
}
