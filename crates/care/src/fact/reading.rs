//! One record of one fact.
use super::PartialDate;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The id of a fact in the catalogue, `snake_case`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct FactId(String);

impl FactId {
    /// The id; whether the catalogue has it is checked where it is used.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for FactId {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

impl fmt::Display for FactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A fact and, where it is indexed, which one: `myotome[L5,left]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactKey {
    /// The fact.
    pub fact: FactId,
    /// Its index, empty for a plain fact.
    pub index: Vec<String>,
}

impl FactKey {
    /// The key of a plain fact.
    #[must_use]
    pub fn plain(fact: &str) -> Self {
        Self {
            fact: fact.into(),
            index: Vec::new(),
        }
    }

    /// The key of an indexed fact.
    #[must_use]
    pub fn indexed(fact: &str, index: &[&str]) -> Self {
        Self {
            fact: fact.into(),
            index: index.iter().map(ToString::to_string).collect(),
        }
    }

    /// Reads `id` or `id[index,…]`; nothing if the brackets do not match.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let Some((id, rest)) = text.split_once('[') else {
            return (!text.contains(']')).then(|| Self::plain(text.trim()));
        };
        let inner = rest.strip_suffix(']')?;
        let index = inner
            .split(',')
            .map(|part| part.trim().to_owned())
            .collect();
        Some(Self {
            fact: id.trim().into(),
            index,
        })
    }
}

impl fmt::Display for FactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.fact.as_str())?;
        if !self.index.is_empty() {
            write!(f, "[{}]", self.index.join(","))?;
        }
        Ok(())
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A number in the unit of its reading.
    Number(f64),
    /// A date, as precisely as it is known.
    Date(#[schemars(with = "String")] PartialDate),
    /// One of the fact's choices.
    Choice(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(true) => f.write_str("yes"),
            Self::Bool(false) => f.write_str("no"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Date(date) => write!(f, "{date}"),
            Self::Choice(choice) => f.write_str(choice),
        }
    }
}

/// What was said instead of a value.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The question cannot apply to this patient.
    NotApplicable,
    /// Asked; the patient does not know.
    AskedUnknown,
    /// Asked; the patient would rather not say.
    Declined,
}

impl Answer {
    /// The word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::AskedUnknown => "asked-unknown",
            Self::Declined => "declined",
        }
    }
}

/// A value, or an answer in its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// What was found.
    Value(Value),
    /// What was said instead.
    Answer(Answer),
}

/// Who or what a reading comes from.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The patient said so.
    Patient,
    /// A practitioner examined or decided.
    Practitioner,
    /// An assistant measured or noted.
    Assistant,
    /// A device measured.
    Device,
    /// An imaging report or measurement.
    Imaging,
    /// An imported record.
    Record,
}

impl By {
    /// The word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Practitioner => "practitioner",
            Self::Assistant => "assistant",
            Self::Device => "device",
            Self::Imaging => "imaging",
            Self::Record => "record",
        }
    }
}

/// One record of one fact: what, when, by whom, from where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reading {
    /// The fact.
    pub fact: FactId,
    /// Its index, empty for a plain fact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub index: Vec<String>,
    /// The value or the answer.
    #[serde(flatten)]
    pub content: Content,
    /// UCUM unit of a number; absent for a number without unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// When it was recorded.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// Who or what it comes from.
    pub by: By,
    /// The person, by an id the caller understands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// The document or device; what stands before a `#` names the origin, what
    /// follows names the place inside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// From an imported record and not yet confirmed or refuted by a practitioner.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unconfirmed: bool,
    /// A practitioner's reason for settling a conflict with this reading: it
    /// supersedes every earlier reading of the same fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolves: Option<String>,
}

impl Reading {
    /// A reading of a value in the fact's own unit.
    #[must_use]
    pub fn value(key: FactKey, value: Value, at: Timestamp, by: By) -> Self {
        Self::of(key, Content::Value(value), at, by)
    }

    /// A reading of an answer.
    #[must_use]
    pub fn answer(key: FactKey, answer: Answer, at: Timestamp, by: By) -> Self {
        Self::of(key, Content::Answer(answer), at, by)
    }

    fn of(key: FactKey, content: Content, at: Timestamp, by: By) -> Self {
        Self {
            fact: key.fact,
            index: key.index,
            content,
            unit: None,
            at,
            by,
            who: None,
            source: None,
            unconfirmed: false,
            resolves: None,
        }
    }

    /// The same reading with a unit.
    #[must_use]
    pub fn with_unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    /// The same reading with the person it comes from.
    #[must_use]
    pub fn with_who(mut self, who: impl Into<String>) -> Self {
        self.who = Some(who.into());
        self
    }

    /// The same reading with its document or device.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Fact and index.
    #[must_use]
    pub fn key(&self) -> FactKey {
        FactKey {
            fact: self.fact.clone(),
            index: self.index.clone(),
        }
    }

    /// The value, if one was given.
    #[must_use]
    pub fn as_value(&self) -> Option<&Value> {
        match &self.content {
            Content::Value(value) => Some(value),
            Content::Answer(_) => None,
        }
    }

    /// What counts as one source: the person's role, or the document or device.
    pub(crate) fn origin(&self) -> (By, &str) {
        let name = match self.by {
            By::Device | By::Imaging | By::Record => {
                let source = self.source.as_deref().unwrap_or("");
                source.split('#').next().unwrap_or("")
            }
            By::Patient | By::Practitioner | By::Assistant => "",
        };
        (self.by, name)
    }
}
