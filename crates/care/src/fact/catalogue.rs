//! The catalogue: which facts there are, and what each one means.
//!
//! It is data (`knowledge/facts/*.toml`); here is its shape and how facts,
//! indices and codes are looked up. Every criteria text in it is checked when
//! the knowledge loads.
use super::code::short_system;
use super::{CodeMapping, FactKey, Freshness};
use crate::decide::{Ask, Evidence};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use si::{Region, Root, Segment, Side};
use std::collections::{BTreeMap, BTreeSet};

/// Sections that belong to a visit, to a rule or to the clinic: an evaluation asks none of them.
pub const UNASKED: [&str; 11] = [
    "policy",
    "derived",
    "pre-start",
    "on-the-table",
    "leaving",
    "arrival",
    "emergency-signs",
    "today-signs",
    "check-in-scores",
    "pain-chart",
    "check-in-function",
];

/// What kind of value a fact takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Yes or no.
    Boolean,
    /// A number with a unit.
    Number,
    /// One of a closed list.
    Choice,
    /// A date, as precisely as it is known.
    Date,
}

/// Which way a number or an ordered choice gets worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Greater is worse; choices are listed from best to worst.
    Higher,
    /// Smaller is worse; choices are listed from worst to best.
    Lower,
}

/// One axis that a fact is indexed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum IndexAxis {
    /// `root`, `segment` or `side`, from `si`.
    Named(String),
    /// A list of the fact's own.
    List {
        /// Its name, and the variable that ranges over it.
        name: String,
        /// Its values.
        values: Vec<String>,
    },
}

impl IndexAxis {
    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Named(name) | Self::List { name, .. } => name,
        }
    }

    /// Whether a criteria variable of this name may range over the axis.
    #[must_use]
    pub fn takes(&self, variable: &str) -> bool {
        variable == self.name()
            || (variable == "level" && matches!(self.name(), "root" | "segment"))
    }
}

/// One fact of the catalogue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The id.
    pub id: String,
    /// Short name for people.
    pub label: String,
    /// The group it is asked in, and the name a denial takes.
    pub section: String,
    /// The regions it matters for; all, if empty.
    #[serde(default)]
    pub regions: Vec<String>,
    /// What kind of value it takes.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// UCUM unit of a number; `1` for one without unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// Smallest and greatest valid number.
    #[serde(default)]
    pub range: Option<[f64; 2]>,
    /// Whether only whole numbers are valid.
    #[serde(default)]
    pub whole: bool,
    /// The choices.
    #[serde(default)]
    pub values: Vec<String>,
    /// Which way it gets worse; needed for `worse_than_baseline`.
    #[serde(default)]
    pub worse: Option<Direction>,
    /// The axes it is indexed over.
    #[serde(default)]
    pub index: Vec<IndexAxis>,
    /// The levels of its first axis per region, where they are not `si`'s own.
    #[serde(default)]
    pub levels: BTreeMap<String, Vec<String>>,
    /// How long a reading stays fresh: `session`, `14 days`, `12 months`, `permanent`.
    pub fresh: String,
    /// How long a positive reading stands, where that is longer than `fresh`.
    #[serde(default)]
    pub stands: Option<String>,
    /// Facts whose later positive reading makes this one stale at once.
    #[serde(default)]
    pub stale_on: Vec<String>,
    /// Whether a positive reading stands until a practitioner's later examination.
    #[serde(default)]
    pub red_flag: bool,
    /// Criteria over the fact itself that call a reading positive or doubtful;
    /// for a boolean, `yes` unless said otherwise.
    #[serde(default)]
    pub positive: Option<String>,
    /// The question in a patient's words.
    pub patient: String,
    /// The question in a practitioner's words.
    pub practitioner: String,
    /// Whom to ask.
    pub ask: Ask,
    /// For a test: criteria under which it is needed.
    #[serde(default)]
    pub needed_when: Option<String>,
    /// Criteria under which `not-applicable` is a valid answer.
    #[serde(default)]
    pub not_applicable_when: Option<String>,
    /// The value that denying its section gives it.
    #[serde(default)]
    pub denied: Option<super::Value>,
    /// The fact it is a detail or date of.
    #[serde(default)]
    pub detail_of: Option<String>,
    /// What its absence means, for the reader.
    pub absence: String,
    /// Why it is asked and whence its options: ids of `sources.toml`. The rules that read it
    /// name their own.
    #[serde(default = "ours")]
    pub sources: Vec<String>,
    /// How well that is founded.
    #[serde(default = "judged")]
    pub evidence: Evidence,
    /// What other sources say of it.
    #[serde(default)]
    pub dissent: Vec<String>,
    /// When it was last read against its sources: its own date, or that of its file.
    #[serde(default, serialize_with = "as_text")]
    #[schemars(with = "Option<String>")]
    pub reviewed: Option<toml::value::Datetime>,
    /// Order among equals, smaller first.
    #[serde(default = "default_priority")]
    pub priority: u32,
    /// The value that holds by the clinic's policy; only in the section `policy`, where
    /// no reading counts. It comes from `policy.toml` or the clinic's own file.
    #[serde(skip_deserializing, default)]
    pub default: Option<super::Value>,
    /// The codes that bear on it.
    #[serde(default)]
    pub codes: Vec<CodeMapping>,
}

const fn default_priority() -> u32 {
    100
}

/// Our own judgement, which is what a fact rests on that cites nothing.
fn ours() -> Vec<String> {
    vec!["ours".to_owned()]
}

const fn judged() -> Evidence {
    Evidence::ExpertOpinion
}

/// A date as people and programs write it.
fn as_text<S: serde::Serializer>(
    date: &Option<toml::value::Datetime>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match date {
        Some(date) => serializer.collect_str(date),
        None => serializer.serialize_none(),
    }
}

impl Fact {
    /// Whether it matters for a region.
    #[must_use]
    pub fn is_for(&self, region: Region) -> bool {
        self.regions.is_empty() || self.regions.iter().any(|name| name == region.as_str())
    }

    /// The freshness; loading has checked the text.
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        Freshness::parse(&self.fresh).unwrap_or(Freshness::Session)
    }

    /// How long a positive reading stands; loading has checked the text.
    #[must_use]
    pub fn standing(&self) -> Freshness {
        let stands = self.stands.as_deref().and_then(Freshness::parse);
        stands.unwrap_or_else(|| self.freshness())
    }

    /// Whether it is a test that refines a finding: asked only where needed.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.needed_when.is_some()
    }

    /// Whether it is computed from other facts, and told by nobody.
    #[must_use]
    pub fn is_derived(&self) -> bool {
        self.section == "derived"
    }

    /// Place of a choice in the list of values.
    #[must_use]
    pub fn choice(&self, word: &str) -> Option<usize> {
        self.values.iter().position(|value| value == word)
    }

    /// Whether a value is one of the fact's: its kind, its choices, its range; the
    /// number apart, in the fact's own unit.
    pub(crate) fn takes(&self, value: &super::Value, number: Option<f64>) -> bool {
        match (self.kind, value) {
            (Kind::Boolean, super::Value::Bool(_)) | (Kind::Date, super::Value::Date(_)) => true,
            (Kind::Choice, super::Value::Choice(word)) => self.choice(word).is_some(),
            (Kind::Number, super::Value::Number(_)) => {
                let [low, high] = self.range.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
                number.is_some_and(|number| (low..=high).contains(&number))
            }
            _ => false,
        }
    }

    /// The values one axis takes for a region.
    #[must_use]
    pub fn axis_values(&self, axis: usize, region: Region) -> Vec<String> {
        if axis == 0
            && let Some(levels) = self.levels.get(region.as_str())
        {
            return levels.clone();
        }
        match self.index.get(axis) {
            Some(IndexAxis::List { values, .. }) => values.clone(),
            Some(IndexAxis::Named(name)) => named_axis(name, region).unwrap_or_default(),
            None => Vec::new(),
        }
    }

    /// Every index the fact takes for a region; one empty index for a plain fact.
    #[must_use]
    pub fn indices(&self, region: Region) -> Vec<Vec<String>> {
        let mut all = vec![Vec::new()];
        for axis in 0..self.index.len() {
            let values = self.axis_values(axis, region);
            all = all
                .into_iter()
                .flat_map(|head: Vec<String>| {
                    values
                        .iter()
                        .map(move |value| [head.as_slice(), std::slice::from_ref(value)].concat())
                })
                .collect();
        }
        all
    }
}

/// The values of one of `si`'s axes, or nothing for another name.
pub(crate) fn named_axis(name: &str, region: Region) -> Option<Vec<String>> {
    let own = |names: Vec<&'static str>| Some(names.into_iter().map(str::to_owned).collect());
    match name {
        "root" => own(Root::examined_in(region)
            .iter()
            .map(|root| root.as_str())
            .collect()),
        "segment" => own(Segment::of(region)
            .iter()
            .map(|segment| segment.as_str())
            .collect()),
        "side" => own(Side::ALL.iter().map(|side| side.as_str()).collect()),
        _ => None,
    }
}

/// All facts, with the place of each in a flat table.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    facts: Vec<Fact>,
    by_id: BTreeMap<String, usize>,
    slots: Vec<(usize, FactKey)>,
    by_key: BTreeMap<FactKey, usize>,
    ageing: Vec<Ageing>,
}

/// How the readings of one fact age, read once when the catalogue is made.
#[derive(Clone, Debug)]
pub(crate) struct Ageing {
    pub(crate) freshness: Freshness,
    pub(crate) standing: Freshness,
    pub(crate) stale_on: Vec<FactKey>,
}

impl Catalogue {
    /// The catalogue of these facts; the ids of facts given twice come back as an error.
    ///
    /// # Errors
    /// The first id that two facts share.
    pub fn new(mut facts: Vec<Fact>) -> Result<Self, String> {
        let mut catalogue = Self::default();
        for (number, fact) in facts.iter_mut().enumerate() {
            if catalogue.by_id.insert(fact.id.clone(), number).is_some() {
                return Err(fact.id.clone());
            }
            let id = fact.id.clone();
            fact.codes
                .iter_mut()
                .for_each(|code| code.fact.clone_from(&id));
            catalogue.add_slots(number, fact);
            catalogue.ageing.push(Ageing {
                freshness: fact.freshness(),
                standing: fact.standing(),
                stale_on: fact.stale_on.iter().map(|id| FactKey::plain(id)).collect(),
            });
        }
        catalogue.facts = facts;
        Ok(catalogue)
    }

    fn add_slots(&mut self, number: usize, fact: &Fact) {
        let indices: BTreeSet<(usize, Vec<String>)> = Region::ALL
            .into_iter()
            .flat_map(|region| fact.indices(region).into_iter().enumerate())
            .collect();
        for (_, index) in indices {
            let key = FactKey {
                fact: fact.id.as_str().into(),
                index,
            };
            if !self.by_key.contains_key(&key) {
                self.by_key.insert(key.clone(), self.slots.len());
                self.slots.push((number, key));
            }
        }
    }

    /// Every fact, in the order of the files.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// One fact.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Fact> {
        self.by_id.get(id).map(|number| &self.facts[*number])
    }

    /// The name of what a key such as `myotome[L5, left]` asks; the key itself of no fact.
    #[must_use]
    pub fn label<'k>(&'k self, key: &'k str) -> &'k str {
        let id = key.split('[').next().unwrap_or(key);
        self.get(id).map_or(key, |fact| &fact.label)
    }

    /// How many places the flat table has.
    #[must_use]
    pub(crate) fn slot_count(&self) -> usize {
        self.slots.len()
    }

    /// The place of one fact and index.
    #[must_use]
    pub(crate) fn slot(&self, key: &FactKey) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    /// Which fact stands at a place.
    pub(crate) fn fact_number(&self, slot: usize) -> usize {
        self.slots[slot].0
    }

    /// How the readings at a place age.
    pub(crate) fn ageing(&self, slot: usize) -> &Ageing {
        &self.ageing[self.slots[slot].0]
    }

    /// The fact and key at a place.
    pub(crate) fn at(&self, slot: usize) -> (&Fact, &FactKey) {
        let (number, key) = &self.slots[slot];
        (&self.facts[*number], key)
    }

    /// Whether the catalogue has the fact and the fact has the index.
    #[must_use]
    pub fn has(&self, key: &FactKey) -> bool {
        self.by_key.contains_key(key)
    }

    /// The facts of a section.
    pub fn section<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Fact> {
        self.facts.iter().filter(move |fact| fact.section == name)
    }

    /// The names of all sections, in the order of the files.
    #[must_use]
    pub fn sections(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for fact in &self.facts {
            if !names.contains(&fact.section.as_str()) {
                names.push(&fact.section);
            }
        }
        names
    }

    /// What a code bears on; the system by its short name or its FHIR address.
    #[must_use]
    pub fn by_code(&self, system: &str, code: &str) -> Vec<&CodeMapping> {
        let system = short_system(system);
        let matches = |mapping: &&CodeMapping| {
            mapping.system == system
                && match mapping.code.strip_suffix('*') {
                    Some(stem) => code.starts_with(stem),
                    None => mapping.code == code,
                }
        };
        self.facts
            .iter()
            .flat_map(|fact| &fact.codes)
            .filter(matches)
            .collect()
    }

    /// The id that a misspelt one most resembles, or that has it as one of its words.
    #[must_use]
    pub fn nearest(&self, id: &str) -> Option<&str> {
        let part = |other: &str| other.split('_').any(|word| word == id);
        let far = |other: &str| if part(other) { 1 } else { distance(id, other) };
        let best = self
            .facts
            .iter()
            .map(|fact| (far(&fact.id), fact.id.as_str()))
            .min()?;
        (best.0 <= 2 + id.len() / 4).then_some(best.1)
    }
}

/// Levenshtein's distance, over at most 80 bytes of each.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<u8>, Vec<u8>) = (a.bytes().take(80).collect(), b.bytes().take(80).collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let cost = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
