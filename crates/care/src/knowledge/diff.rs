//! What changed between two states of the knowledge: rules, facts, sources,
//! numbers of dose and every other document, field by field.
//!
//! It compares files as they are written, so that a draft that does not yet load
//! can be read beside what it would replace; only TOML that cannot be parsed, and
//! entries without an id of their own, are refused.
use super::File;
use super::load::sha256;
use super::place::{place, place_of_byte};
use serde::Serialize;
use si::Problem;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use toml::{Table, Value};

/// What changed, part by part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The form of this value.
    pub schema: &'static str,
    /// SHA-256 of the old files.
    pub old: String,
    /// SHA-256 of the new files.
    pub new: String,
    /// Whether no entry differs; comments and the order of entries do not count.
    pub equal: bool,
    /// Rules by id.
    pub rules: Vec<Change>,
    /// Facts by id.
    pub facts: Vec<Change>,
    /// Numbers and rows of dose, such as `lumbar.ceiling`.
    pub dose: Vec<Change>,
    /// Sources by id.
    pub sources: Vec<Change>,
    /// Every other file by path.
    pub documents: Vec<Change>,
}

/// One entry that is not the same in both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The entry.
    pub id: String,
    /// What happened to it.
    pub what: What,
    /// The fields that differ, in order; of an entry added or removed, all.
    pub fields: Vec<Field>,
}

/// What happened to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Only the new files have it.
    Added,
    /// Only the old files have it.
    Removed,
    /// Both have it, and it differs.
    Changed,
}

/// One field of an entry, as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Its name, with the path to it inside the entry.
    pub field: String,
    /// What it was; none where it was not there.
    pub old: Option<String>,
    /// What it is; none where it is not there.
    pub new: Option<String>,
}

/// Compares two states of the knowledge.
///
/// # Errors
/// A file that is not TOML, an entry without an id, or two entries of one kind with the same id;
/// every place names `old` or `new`.
pub fn diff(old: &[File<'_>], new: &[File<'_>]) -> Result<Difference, Vec<Problem>> {
    let mut problems = Vec::new();
    let (before, after) = (
        entries("old", old, &mut problems),
        entries("new", new, &mut problems),
    );
    if !problems.is_empty() {
        return Err(problems);
    }
    let of = |part| compare(part, &before, &after);
    let (rules, facts, dose) = (of(Part::Rules), of(Part::Facts), of(Part::Dose));
    let (sources, documents) = (of(Part::Sources), of(Part::Documents));
    let parts = [&rules, &facts, &dose, &sources, &documents];
    Ok(Difference {
        schema: "annulus.knowledge-diff/1",
        old: sha256(old),
        new: sha256(new),
        equal: parts.iter().all(|changes| changes.is_empty()),
        rules,
        facts,
        dose,
        sources,
        documents,
    })
}

impl Difference {
    /// Its parts with their names, in the order people read them.
    #[must_use]
    pub fn parts(&self) -> [(&'static str, &[Change]); 5] {
        [
            ("rules", &self.rules),
            ("facts", &self.facts),
            ("dose", &self.dose),
            ("sources", &self.sources),
            ("documents", &self.documents),
        ]
    }

    /// The difference as plain text: a count a part, then what was, then what is.
    #[must_use]
    pub fn to_text(&self) -> String {
        if self.equal {
            return "no entry differs\n".to_owned();
        }
        let mut text = String::new();
        for (name, changes) in self.parts() {
            let count = |what| changes.iter().filter(|change| change.what == what).count();
            let (added, removed) = (count(What::Added), count(What::Removed));
            let changed = count(What::Changed);
            if changes.is_empty() {
                continue;
            }
            let _ = writeln!(
                text,
                "{name}: {added} added, {removed} removed, {changed} changed"
            );
            for change in changes {
                change.write(&mut text);
            }
            text.push('\n');
        }
        text
    }
}

impl Change {
    fn write(&self, text: &mut String) {
        let sign = match self.what {
            What::Added => '+',
            What::Removed => '-',
            What::Changed => '~',
        };
        let _ = writeln!(text, "{sign} {}", self.id);
        for field in &self.fields {
            let line = match (&field.old, &field.new) {
                (Some(old), Some(new)) => format!("{old} → {new}"),
                (Some(old), None) if self.what == What::Changed => format!("{old} → nothing"),
                (None, Some(new)) if self.what == What::Changed => format!("nothing → {new}"),
                (Some(only), _) | (None, Some(only)) => only.clone(),
                (None, None) => continue,
            };
            let _ = writeln!(text, "    {}: {}", field.field, line.replace('\n', " "));
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Rules,
    Facts,
    Dose,
    Sources,
    Documents,
}

type Fields = BTreeMap<String, String>;
type Entries = BTreeMap<(Part, String), Fields>;

fn compare(part: Part, before: &Entries, after: &Entries) -> Vec<Change> {
    let keys = before.keys().chain(after.keys());
    let keys: BTreeSet<_> = keys.filter(|(of, _)| *of == part).collect();
    let none = Fields::new();
    let mut changes = Vec::new();
    for key in keys {
        let (old, new) = (before.get(key), after.get(key));
        let what = match (old, new) {
            (None, _) => What::Added,
            (_, None) => What::Removed,
            _ => What::Changed,
        };
        let (old, new) = (old.unwrap_or(&none), new.unwrap_or(&none));
        let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
        let fields = names.into_iter().map(|name| Field {
            field: name.clone(),
            old: old.get(name).cloned(),
            new: new.get(name).cloned(),
        });
        let fields: Vec<_> = fields.filter(|field| field.old != field.new).collect();
        if what != What::Changed || !fields.is_empty() {
            let id = key.1.clone();
            changes.push(Change { id, what, fields });
        }
    }
    changes.sort_by(|a, b| (a.what, &a.id).cmp(&(b.what, &b.id)));
    changes
}

/// Every entry of some files with its fields as text.
fn entries(side: &str, files: &[File<'_>], problems: &mut Vec<Problem>) -> Entries {
    let mut all = Entries::new();
    let mut fault = |at: String, value: &str, problem: String, remedy: &str| {
        let at = format!("{side}: {at}");
        problems.push(Problem::new("knowledge", at, value, problem, remedy));
    };
    for file in files {
        let table: Table = match toml::from_str(file.1) {
            Ok(table) => table,
            Err(error) => {
                let start = error.span().map_or(0, |span| span.start);
                let at = place_of_byte(*file, start);
                let remedy = "see a neighbouring entry";
                fault(at, "", error.message().trim().to_owned(), remedy);
                continue;
            }
        };
        for (key, fields) in split(file.0, table) {
            let id = key.1.clone();
            if id.is_empty() {
                let at = format!("{}:1:1", file.0);
                fault(at, "", "an entry has no id".to_owned(), "give it one");
            } else if all.insert(key, fields).is_some() {
                let at = place(*file, &id, "");
                let problem = "two entries share this id".to_owned();
                fault(at, &id, problem, "rename one");
            }
        }
    }
    all
}

/// The entries of one file.
fn split(path: &str, table: Table) -> Vec<((Part, String), Fields)> {
    let (part, list) = match path {
        "sources.toml" => (Part::Sources, "source"),
        "dose.toml" => return dose(table),
        _ if path.starts_with("rules/") => (Part::Rules, "rule"),
        _ if path.starts_with("facts/") => (Part::Facts, "fact"),
        _ => {
            let mut fields = Fields::new();
            flatten("", &Value::Table(table), &mut fields);
            return vec![((Part::Documents, path.to_owned()), fields)];
        }
    };
    let mut found = Vec::new();
    for (name, value) in table {
        let rows = match value {
            Value::Array(rows) if name == list => rows,
            other => {
                let mut fields = Fields::new();
                flatten("", &other, &mut fields);
                found.push(((Part::Documents, format!("{path}: {name}")), fields));
                continue;
            }
        };
        for row in &rows {
            let id = row.get("id").and_then(Value::as_str).unwrap_or_default();
            let mut fields = Fields::new();
            flatten("", row, &mut fields);
            fields.insert("file".to_owned(), path.to_owned());
            found.push(((part, id.to_owned()), fields));
        }
    }
    found
}

/// Each number of dose by its table and name, each row by its list and place.
fn dose(table: Table) -> Vec<((Part, String), Fields)> {
    let mut found = Vec::new();
    for (name, value) in table {
        let rows: Vec<(String, Value)> = match value {
            Value::Table(numbers) => numbers
                .into_iter()
                .map(|(number, value)| (format!("{name}.{number}"), value))
                .collect(),
            Value::Array(rows) => rows
                .into_iter()
                .enumerate()
                .map(|(place, row)| (format!("{name}[{}]", place + 1), row))
                .collect(),
            other => vec![(name, other)],
        };
        for (id, row) in rows {
            let mut fields = Fields::new();
            flatten("", &row, &mut fields);
            found.push(((Part::Dose, id), fields));
        }
    }
    found
}

/// The scalars of a value as text, each by the path to it. A row of a list goes by
/// its name where it has one, so that a case put in between is one change.
fn flatten(path: &str, value: &Value, into: &mut Fields) {
    let below = |name: &str| match path {
        "" => name.to_owned(),
        _ => format!("{path}.{name}"),
    };
    match value {
        Value::Table(table) => {
            for (name, value) in table {
                flatten(&below(name), value, into);
            }
        }
        Value::Array(rows) if rows.iter().any(Value::is_table) => {
            let mut seen: BTreeMap<String, usize> = BTreeMap::new();
            for (place, row) in rows.iter().enumerate() {
                let named = ["name", "id", "code"];
                let name = named.iter().find_map(|key| row.get(*key)?.as_str());
                let name = name.map_or_else(|| (place + 1).to_string(), str::to_owned);
                let times = seen.entry(name.clone()).or_default();
                *times += 1;
                let again = if *times > 1 {
                    format!(" ({times})")
                } else {
                    String::new()
                };
                flatten(&format!("{path}[{name}{again}]"), row, into);
            }
        }
        Value::Array(items) => {
            let words: Vec<String> = items.iter().map(word).collect();
            into.insert(path.to_owned(), words.join(", "));
        }
        _ => {
            let path = if path.is_empty() { "value" } else { path };
            into.insert(path.to_owned(), word(value));
        }
    }
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}
