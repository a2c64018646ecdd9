//! The knowledge: facts, rules, sources and minimum data sets, loaded and checked.
//!
//! It is data under `knowledge/`, embedded in the binary by `build.rs`. Loading
//! refuses whatever is wrong in it with file, line, column and remedy; nothing
//! decides on broken knowledge.
mod approval;
mod check;
mod cited;
mod diff;
pub mod document;
mod evidence;
mod examine;
mod instrument;
mod load;
mod minimum;
mod place;
mod policy;
mod rule;
mod source;
mod vignette;

pub use approval::{Approval, Approvals, DOSE, Standing};
pub use diff::{Change, Difference, Field, What, diff};
pub use examine::{AT, chart_of, clinic_of, examine, missing, outcome};
pub use load::{File, check};
pub use minimum::MinimumSet;
pub(crate) use place::line_column;
pub(crate) use policy::is_policy;
pub use policy::{Choice, Chosen, Policy, Setting, Settled, Stand};
pub(crate) use rule::Compiled;
pub use rule::Rule;
pub use source::{Source, SourceKind};
pub use vignette::{Expectation, Vignette};

use crate::consent::Paragraph;
use crate::criteria::{Applicability, Kleene, Positive, Reader, Scenario};
use crate::decide::{KnowledgeRef, RuleSet};
use crate::evidence::Evidence;
use crate::fact::{Baseline, Catalogue, Fact, FactKey, FactSet, Moment, View};
use crate::instrument::Instruments;
use si::{Problem, Region};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Every file of `knowledge/`, by path, in order.
const EMBEDDED: &[File<'static>] = include!(concat!(env!("OUT_DIR"), "/knowledge.rs"));

/// Facts, rules and what they cite, checked.
#[derive(Debug)]
pub struct Knowledge {
    catalogue: Catalogue,
    positives: Vec<Option<Positive>>,
    applicability: [Applicability; 2],
    rules: Vec<Rule>,
    sources: BTreeMap<String, Source>,
    minimum: Vec<MinimumSet>,
    evidence: Evidence,
    instruments: Instruments,
    consent: Vec<Paragraph>,
    policy: Policy,
    entries: OnceLock<BTreeMap<String, String>>,
    documents: BTreeMap<String, String>,
    /// How many nodes all criteria have together.
    nodes: usize,
    sha256: String,
}

impl Knowledge {
    /// The knowledge that the binary carries.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn embedded() -> Result<&'static Self, &'static [Problem]> {
        static LOADED: OnceLock<Result<Knowledge, Vec<Problem>>> = OnceLock::new();
        LOADED
            .get_or_init(|| Self::load(EMBEDDED))
            .as_ref()
            .map_err(Vec::as_slice)
    }

    /// The files that the binary carries.
    #[must_use]
    pub const fn embedded_files() -> &'static [File<'static>] {
        EMBEDDED
    }

    /// Reads and checks knowledge from `(path, text)` pairs.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with file, line and column.
    pub fn load(files: &[File<'_>]) -> Result<Self, Vec<Problem>> {
        load::load(files)
    }

    /// The knowledge that the binary carries, under a clinic's own policy file.
    ///
    /// # Errors
    /// Everything that is wrong with the policy, each with line and column.
    pub fn with_policy(text: &str) -> Result<Self, Vec<Problem>> {
        let mut files = EMBEDDED.to_vec();
        files.push((policy::CLINIC, text));
        files.sort_unstable();
        Self::load(&files)
    }

    /// What the sources contest, and what holds here.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The catalogue of facts.
    #[must_use]
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The rules of a set, in the order of the files.
    pub fn rules(&self, set: RuleSet) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |rule| rule.set == set)
    }

    /// Every rule, in the order of the files.
    #[must_use]
    pub fn all_rules(&self) -> &[Rule] {
        &self.rules
    }

    /// One rule.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// What a source id stands for.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.get(id)
    }

    /// Every source, `S1…` before `S2…`, our own judgement last.
    #[must_use]
    pub fn sources(&self) -> Vec<&Source> {
        let mut all: Vec<&Source> = self.sources.values().collect();
        all.sort_by_key(|source| source.place());
        all
    }

    /// The minimum data set of a region.
    #[must_use]
    pub fn minimum(&self, region: Region) -> Option<&MinimumSet> {
        self.minimum
            .iter()
            .find(|set| set.region == region.as_str())
    }

    /// What guidelines, reviews, trials and series say.
    #[must_use]
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// The instruments that measure pain and function.
    #[must_use]
    pub const fn instruments(&self) -> &Instruments {
        &self.instruments
    }

    /// The paragraphs that the text of consent is made from.
    pub(crate) fn consent(&self) -> &[Paragraph] {
        &self.consent
    }

    /// A file that the engine does not read itself (dose tables), by path.
    #[must_use]
    pub fn document(&self, path: &str) -> Option<&str> {
        self.documents.get(path).map(String::as_str)
    }

    /// Every file, by path.
    pub fn files(&self) -> impl Iterator<Item = File<'_>> {
        let files = self.documents.iter();
        files.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// SHA-256 over all files in order, hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// How a decision names the knowledge that made it.
    #[must_use]
    pub fn reference(&self) -> KnowledgeRef {
        KnowledgeRef {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            sha256: self.sha256.clone(),
        }
    }

    /// The catalogue of facts as the contract writes it, for one region or whole.
    #[must_use]
    pub fn catalogue_json(&self, region: Option<Region>) -> serde_json::Value {
        let all = self.catalogue.facts().iter();
        let facts: Vec<&Fact> = all
            .filter(|fact| region.is_none_or(|region| fact.is_for(region)))
            .collect();
        serde_json::json!({
            "schema": "annulus.catalogue/1",
            "knowledge": self.reference(),
            "facts": facts,
        })
    }

    /// The JSON Schema of one fact of the catalogue as it is written.
    #[must_use]
    pub fn schema_of_fact() -> serde_json::Value {
        let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
        let generator = settings.into_generator();
        generator.into_root_schema_for::<Fact>().to_value()
    }

    /// What the facts say at an instant.
    #[must_use]
    pub fn view<'a>(&'a self, facts: &'a FactSet, moment: Moment<'a>, base: Baseline) -> View<'a> {
        View::new(facts, &self.catalogue, &self.positives, moment, base)
    }

    /// Whether a fact is to be asked of this patient: always true for a question,
    /// and for a test what its `needed_when` says. An earlier positive or doubtful
    /// result keeps a test needed.
    #[must_use]
    pub fn needed(&self, key: &FactKey, region: Region, view: &View<'_>) -> Kleene {
        let Some(slot) = self.catalogue.slot(key) else {
            return Kleene::False;
        };
        let number = self.catalogue.fact_number(slot);
        let applicability = self.applicability(region);
        if applicability.elsewhere.get(slot) == Some(&true) && !view.slot(slot).keeps_needed {
            return Kleene::False;
        }
        match applicability.needed.get(number) {
            Some(Some(needed)) if !view.slot(slot).keeps_needed => {
                let reader = Reader {
                    view,
                    applicability,
                    kept: &[],
                };
                needed.evaluate(reader, Scenario::default()).worst(true)
            }
            _ => Kleene::True,
        }
    }

    /// Room for what each node gives in one decision.
    pub(crate) fn room(&self) -> Vec<Cell<u8>> {
        vec![Cell::new(0); self.nodes]
    }

    /// Which tests are needed and which answers apply in a region.
    pub(crate) const fn applicability(&self, region: Region) -> &Applicability {
        &self.applicability[region as usize]
    }
}
