//! Approval: a named clinician vouches for one entry, as it stands.
//!
//! An approval is bound to the SHA-256 of the entry's own content, so that a
//! rule or a number that changed is approved by nobody. Comments, spacing and
//! the order of keys are no content.
use super::{Knowledge, Rule};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use si::Region;
use std::collections::BTreeMap;

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
    let mut found = BTreeMap::new();
    for (path, text) in knowledge.files() {
        let Ok(file) = text.parse::<toml::Table>() else {
            continue;
        };
        if path == "dose.toml" {
            let whole = toml::Value::Table(file);
            found.insert(DOSE.to_owned(), content(DOSE, &whole));
            continue;
        }
        let Some(set) = path
            .strip_prefix("rules/")
            .and_then(|p| p.split('/').next())
        else {
            continue;
        };
        for rule in file
            .get("rule")
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten()
        {
            if let Some(id) = rule.get("id").and_then(toml::Value::as_str) {
                found.insert(id.to_owned(), content(set, rule));
            }
        }
    }
    found
}

/// The hash of an entry in its set.
fn content(set: &str, entry: &toml::Value) -> String {
    let mut hasher = Sha256::new();
    text(&mut hasher, b's', set);
    hash(&mut hasher, entry);
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
