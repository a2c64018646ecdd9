//! Approval: a named clinician vouches for one entry, as it stands.
//!
//! An approval is bound to the SHA-256 of the entry's content and, for a rule, of
//! every fact and every default of policy that it reads, so that a rule, a number or
//! the meaning of an answer that changed is approved by nobody. Comments, spacing and
//! the order of keys are no content; a clinic's own choice names who approved it.
use super::{Knowledge, Rule};
use crate::criteria::parse;
use crate::fact::Catalogue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use si::Region;
use std::collections::{BTreeMap, BTreeSet};

/// The entry of the numbers of dose; every other entry is a rule, by id.
pub const DOSE: &str = "dose";

/// One entry, vouched for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// A rule's id, or `dose`.
    pub entry: String,
    /// SHA-256 of what was approved, hex.
    pub sha256: String,
    /// Who.
    pub by: String,
    /// Their licence to practise.
    pub licence: String,
    /// When.
    pub at: Timestamp,
}

/// Every approval given, whatever it was given for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approvals(BTreeMap<String, Approval>);

impl Approvals {
    /// Nobody approved anything.
    pub const NONE: &'static Self = &Self(BTreeMap::new());

    /// Takes one in; the last of an entry counts.
    pub fn add(&mut self, approval: Approval) {
        self.0.insert(approval.entry.clone(), approval);
    }

    /// The approval of an entry as this knowledge has it; none of what changed since.
    #[must_use]
    pub fn of(&self, knowledge: &Knowledge, entry: &str) -> Option<&Approval> {
        let content = knowledge.entries().get(entry)?;
        self.0
            .get(entry)
            .filter(|approval| approval.sha256 == *content)
    }
}

/// How much of the knowledge nobody vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Rules without an approval.
    pub rules: usize,
    /// Whether the numbers of dose have one.
    pub dose: bool,
}

impl Standing {
    /// Whether a real table may be used.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.rules == 0 && self.dose
    }
}

impl Knowledge {
    /// Every entry that is approved by itself, with the SHA-256 of its content.
    pub fn entries(&self) -> &BTreeMap<String, String> {
        self.entries.get_or_init(|| entries(self))
    }

    /// How much nobody vouches for.
    #[must_use]
    pub fn standing(&self, approvals: &Approvals) -> Standing {
        let open = |rule: &&Rule| approvals.of(self, &rule.id).is_none();
        Standing {
            rules: self.all_rules().iter().filter(open).count(),
            dose: approvals.of(self, DOSE).is_some(),
        }
    }

    /// The rules that count for a region and that nobody vouches for.
    pub fn unapproved<'a>(
        &'a self,
        region: Region,
        approvals: &'a Approvals,
    ) -> impl Iterator<Item = &'a Rule> {
        let open = move |rule: &&Rule| approvals.of(self, &rule.id).is_none();
        self.all_rules()
            .iter()
            .filter(move |rule| rule.is_for(region))
            .filter(open)
    }
}

fn entries(knowledge: &Knowledge) -> BTreeMap<String, String> {
    let files: Vec<(&str, toml::Table)> = knowledge
        .files()
        .filter_map(|(path, text)| Some((path, text.parse().ok()?)))
        .collect();
    let listed = |folder: &'static str, list: &'static str| {
        let files = files.iter();
        let files = files.filter(move |(path, _)| path.starts_with(folder));
        files.flat_map(move |(path, file)| {
            let entries = file.get(list).and_then(toml::Value::as_array);
            entries
                .into_iter()
                .flatten()
                .map(move |entry| (*path, entry))
        })
    };
    // What a fact means; of a policy, with the question that sets it.
    let mut facts: BTreeMap<&str, String> = BTreeMap::new();
    let named = listed("facts/", "fact").map(|(_, entry)| (entry.get("id"), entry));
    let set = listed("policy.toml", "choice").map(|(_, entry)| (entry.get("fact"), entry));
    for (id, entry) in named.chain(set) {
        if let Some(id) = id.and_then(toml::Value::as_str) {
            facts
                .entry(id)
                .or_default()
                .push_str(&content("fact", entry, &[]));
        }
    }
    let mut found = BTreeMap::new();
    for (path, entry) in listed("rules/", "rule") {
        let set = path.split('/').nth(1).unwrap_or_default();
        let id = entry.get("id").and_then(toml::Value::as_str);
        if let Some(rule) = id.and_then(|id| knowledge.rule(id)) {
            let read = read_by(rule, knowledge.catalogue());
            let read: Vec<&str> = read
                .iter()
                .filter_map(|id| facts.get(id.as_str()))
                .map(String::as_str)
                .collect();
            found.insert(rule.id.clone(), content(set, entry, &read));
        }
    }
    if let Some((_, dose)) = files.into_iter().find(|(path, _)| *path == "dose.toml") {
        found.insert(
            DOSE.to_owned(),
            content(DOSE, &toml::Value::Table(dose), &[]),
        );
    }
    found
}

/// The facts whose meaning a rule rests on: those it asks, and those that say when
/// they are needed, whether they apply, what ends them and what they are a detail of.
fn read_by(rule: &Rule, catalogue: &Catalogue) -> BTreeSet<String> {
    let conditions = rule.conditions.iter();
    let measured = conditions.filter_map(|condition| condition.fact.clone());
    let mut open: Vec<String> = rule.facts().into_iter().chain(measured).collect();
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if let Some(fact) = catalogue.get(&id).filter(|_| !found.contains(&id)) {
            open.extend(fact.stale_on.iter().chain(&fact.detail_of).cloned());
            let criteria = fact.needed_when.iter().chain(&fact.not_applicable_when);
            for tree in criteria.filter_map(|text| parse(text).ok()) {
                tree.for_each_atom(&mut |atom| open.push(atom.fact.clone()));
            }
        }
        found.insert(id);
    }
    found
}

/// The hash of an entry in its set, and of the hashes of what it reads.
fn content(set: &str, entry: &toml::Value, read: &[&str]) -> String {
    let mut hasher = Sha256::new();
    text(&mut hasher, b's', set);
    hash(&mut hasher, entry);
    read.iter().for_each(|own| text(&mut hasher, b'r', own));
    hex::encode(hasher.finalize())
}

fn text(hasher: &mut Sha256, kind: u8, text: &str) {
    hasher.update([kind]);
    hasher.update((text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
}

/// Each value with its kind and length before it, keys in their order: nothing
/// that reads alike and says something else hashes alike.
fn hash(hasher: &mut Sha256, value: &toml::Value) {
    match value {
        toml::Value::String(string) => text(hasher, b's', string),
        toml::Value::Integer(number) => text(hasher, b'n', &number.to_string()),
        toml::Value::Float(number) => text(hasher, b'n', &number.to_string()),
        toml::Value::Boolean(flag) => text(hasher, b'b', &flag.to_string()),
        toml::Value::Datetime(date) => text(hasher, b'd', &date.to_string()),
        toml::Value::Array(list) => {
            text(hasher, b'a', &list.len().to_string());
            list.iter().for_each(|item| hash(hasher, item));
        }
        toml::Value::Table(table) => {
            let keys: BTreeMap<&String, &toml::Value> = table.iter().collect();
            text(hasher, b't', &keys.len().to_string());
            for (key, item) in keys {
                text(hasher, b'k', key);
                hash(hasher, item);
            }
        }
    }
}
