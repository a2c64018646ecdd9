//! The catalogue of facts as Questionnaires (FHIR R4, after SDC), and answers to them as facts.
//!
//! ```text
//! Knowledge ──▶ Questionnaire (intake, evaluation, a region each)
//! QuestionnaireResponse ──▶ Answers (readings, what was left)
//! ```
//!
//! A `linkId` is a fact's key, `myotome[L5,left]` of one that is indexed. Nothing is `required`
//! and nothing has an `initial`: a question that nobody answered stays unknown, and "I do not
//! know" is an answer that may be given. `enableWhen` follows from what the catalogue says that
//! opens a fact (`enable.rs`); where FHIR cannot say it, a question is shown more often, never less.
//!
//! Must never know: which rule an answer will fire; how a form is drawn.

mod content;
mod enable;
mod item;
mod read;
mod written;

pub use read::{Answers, Left, Reader, read};
pub(crate) use written::flat;
pub use written::items;

use crate::export::words::{BASE, extension, prune};
use care::criteria;
use care::decide::Ask;
use care::fact::{Catalogue, Fact, FactKey, UNASKED};
use care::knowledge::Knowledge;
use serde_json::{Value, json};
use si::Region;
use std::collections::BTreeSet;
use std::fmt;

/// One form: a Questionnaire of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// What the patient answers, with the questions that the answers open.
    Intake(Region),
    /// Every question of an evaluation: history, records, examination, tests.
    Evaluation(Region),
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.word(), self.region())
    }
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 4] = [
        Self::Intake(Region::Lumbar),
        Self::Intake(Region::Cervical),
        Self::Evaluation(Region::Lumbar),
        Self::Evaluation(Region::Cervical),
    ];

    /// The region it is for.
    #[must_use]
    pub const fn region(self) -> Region {
        match self {
            Self::Intake(region) | Self::Evaluation(region) => region,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Intake(_) => "intake",
            Self::Evaluation(_) => "evaluation",
        }
    }

    /// A question in the words of whom the form is for.
    fn words(self, fact: &Fact) -> &str {
        match self {
            Self::Intake(_) => &fact.patient,
            Self::Evaluation(_) => &fact.practitioner,
        }
    }

    /// Its canonical name, without a version.
    #[must_use]
    pub fn url(self) -> String {
        format!("{BASE}:questionnaire:{self}")
    }

    /// The form that a canonical names, and the version it names.
    #[must_use]
    pub fn named(canonical: &str) -> Option<(Self, Option<&str>)> {
        let (url, version) = match canonical.split_once('|') {
            Some((url, version)) => (url, Some(version)),
            None => (canonical, None),
        };
        let form = Self::ALL.into_iter().find(|form| form.url() == url)?;
        Some((form, version))
    }

    /// The facts that it asks, in its order.
    #[must_use]
    pub fn facts(self, knowledge: &Knowledge) -> Vec<&Fact> {
        let catalogue = knowledge.catalogue();
        let mut facts: Vec<&Fact> = match self {
            Self::Intake(region) => intake(knowledge, region),
            Self::Evaluation(region) => catalogue
                .facts()
                .iter()
                .filter(|f| asked(f, region))
                .collect(),
        };
        // A section stands together, where its first question stands.
        let mut sections: Vec<&str> = Vec::new();
        for fact in &facts {
            if !sections.contains(&fact.section.as_str()) {
                sections.push(&fact.section);
            }
        }
        facts.sort_by_key(|fact| sections.iter().position(|one| *one == fact.section));
        facts
    }

    /// The keys that it asks: its `linkId`s.
    #[must_use]
    pub fn keys(self, knowledge: &Knowledge) -> BTreeSet<String> {
        let all = self.facts(knowledge).into_iter();
        all.flat_map(|fact| keys(fact, self.region()))
            .map(|key| key.to_string())
            .collect()
    }
}

/// Whether an evaluation of the region asks a fact.
fn asked(fact: &Fact, region: Region) -> bool {
    fact.is_for(region) && !UNASKED.contains(&fact.section.as_str())
}

/// What everyone is asked, and what patients are asked beyond it once an answer opens it.
fn intake(knowledge: &Knowledge, region: Region) -> Vec<&Fact> {
    let catalogue = knowledge.catalogue();
    let set = knowledge.minimum(region);
    let everyone = set.iter().flat_map(|set| &set.patient);
    let mut facts: Vec<&Fact> = everyone.filter_map(|id| catalogue.get(id)).collect();
    let patients = |fact: &&Fact| fact.ask == Ask::Patient && asked(fact, region);
    loop {
        let known: BTreeSet<&str> = facts.iter().map(|fact| fact.id.as_str()).collect();
        let opened: Vec<&Fact> = catalogue
            .facts()
            .iter()
            .filter(patients)
            .filter(|fact| !known.contains(fact.id.as_str()) && is_opened(fact, &known))
            .collect();
        if opened.is_empty() {
            return facts;
        }
        facts.extend(opened);
    }
}

/// Whether answers to these facts open a fact.
fn is_opened(fact: &Fact, known: &BTreeSet<&str>) -> bool {
    let needs = match (&fact.needed_when, &fact.detail_of) {
        (Some(text), _) => needs(text),
        (None, Some(parent)) => BTreeSet::from([parent.clone()]),
        (None, None) => BTreeSet::new(),
    };
    !needs.is_empty() && needs.iter().all(|need| known.contains(need.as_str()))
}

/// The facts that criteria ask.
fn needs(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Ok(tree) = criteria::parse(text) {
        tree.for_each_atom(&mut |atom| {
            found.insert(atom.fact.clone());
        });
    }
    found
}

/// Every key of a fact for a region.
fn keys(fact: &Fact, region: Region) -> impl Iterator<Item = FactKey> {
    let id = fact.id.clone();
    let all = fact.indices(region).into_iter();
    all.map(move |index| FactKey {
        fact: id.as_str().into(),
        index,
    })
}

/// Every Questionnaire.
#[must_use]
pub fn questionnaires(knowledge: &Knowledge) -> Vec<Value> {
    Form::ALL
        .into_iter()
        .map(|form| questionnaire(form, knowledge))
        .collect()
}

/// A form as a Questionnaire.
#[must_use]
pub fn questionnaire(form: Form, knowledge: &Knowledge) -> Value {
    let of = knowledge.reference();
    let (title, purpose) = match form {
        Form::Intake(_) => (
            "What a patient answers before a course of traction",
            "The questions that everyone answers, and those that an answer opens.",
        ),
        Form::Evaluation(_) => (
            "Evaluation before a course of traction",
            "History, records, examination and tests: every question that a decision may rest on.",
        ),
    };
    let region = form.region();
    let name: String = [form.word(), region.as_str()].map(capital).concat();
    let mut body = json!({
        "resourceType": "Questionnaire",
        "id": format!("annulus-{form}"),
        "language": "en",
        "extension": [extension("knowledge-sha256", "valueString", of.sha256)],
        "url": form.url(),
        "version": of.version,
        "name": format!("Annulus{name}"),
        "title": format!("{title}, {region} spine"),
        "status": "active",
        "experimental": false,
        "subjectType": ["Patient"],
        "publisher": "Annulus",
        "description": purpose,
        "purpose": "A question that is not answered stays unknown, and what is unknown clears nobody.",
        "item": groups(form, knowledge),
    });
    prune(&mut body);
    body
}

fn capital(word: &str) -> String {
    let (head, tail) = word.split_at(1);
    head.to_uppercase() + tail
}

/// Which one of an indexed fact, in words.
fn index_words(index: &[String]) -> String {
    index.join(", ").replace('-', " ")
}

/// The `linkId` of a section.
fn section_link(section: &str) -> String {
    format!("section:{section}")
}

/// The `linkId` of an indexed fact's group.
fn each_link(fact: &str) -> String {
    format!("each:{fact}")
}

/// Whether a `linkId` is that of a group.
fn is_group(link: &str) -> bool {
    link.starts_with("section:") || link.starts_with("each:")
}

fn groups(form: Form, knowledge: &Knowledge) -> Vec<Value> {
    let facts = form.facts(knowledge);
    let scope: BTreeSet<&str> = facts.iter().map(|fact| fact.id.as_str()).collect();
    let writer = item::Writer {
        form,
        catalogue: knowledge.catalogue(),
        scope: &scope,
    };
    sections(&facts)
        .into_iter()
        .map(|(section, facts)| {
            let items: Vec<Value> = facts.into_iter().map(|fact| writer.item(fact)).collect();
            json!({
                "linkId": section_link(section),
                "text": capital(&section.replace(['-', '_'], " ")),
                "type": "group",
                "item": items,
            })
        })
        .collect()
}

/// Facts by section, in their order.
fn sections<'f>(facts: &[&'f Fact]) -> Vec<(&'f str, Vec<&'f Fact>)> {
    let mut found: Vec<(&str, Vec<&Fact>)> = Vec::new();
    for fact in facts {
        match found
            .last_mut()
            .filter(|(section, _)| *section == fact.section)
        {
            Some((_, own)) => own.push(fact),
            None => found.push((&fact.section, vec![fact])),
        }
    }
    found
}

/// The fact that a key names, in the catalogue.
fn fact_of<'k>(key: &FactKey, catalogue: &'k Catalogue) -> Option<&'k Fact> {
    catalogue.get(key.fact.as_str())
}
