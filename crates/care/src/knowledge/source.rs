//! What a rule may cite: the closed list of `sources.toml`.
//!
//! A title or a year stands only where our notes or the address show it; where
//! they do not, the source says what of it was read.
use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of text a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// A primary paper: trial, series, case report.
    Paper,
    /// A guideline or a framework of a professional body.
    Guideline,
    /// A review of studies, or the report of an inquiry.
    Review,
    /// An entry of a trial registry.
    TrialRegistry,
    /// A device's label, manual or clearance.
    Label,
    /// A published list, such as what a payer covers.
    List,
    /// A teaching text: lecture, course page, flash cards.
    CourseText,
    /// Who sells a table or a technique.
    Vendor,
    /// A page for patients, most often of a clinic.
    ConsumerPage,
    /// A patent.
    Patent,
    /// News and trade press.
    News,
    /// A thread of a forum.
    Forum,
    /// A code system, a value set, an instrument or its terms of use.
    Standard,
    /// Our own judgement.
    Ours,
}

impl SourceKind {
    /// The word as people read it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Guideline => "guideline",
            Self::Review => "review",
            Self::TrialRegistry => "trial registry",
            Self::Label => "label",
            Self::List => "list",
            Self::CourseText => "course text",
            Self::Vendor => "vendor",
            Self::ConsumerPage => "consumer page",
            Self::Patent => "patent",
            Self::News => "news",
            Self::Forum => "forum",
            Self::Standard => "standard",
            Self::Ours => "ours",
        }
    }

    /// Whether it reports or weighs studies: what evidence above `list` needs.
    #[must_use]
    pub const fn is_study(self) -> bool {
        matches!(
            self,
            Self::Paper | Self::Guideline | Self::Review | Self::TrialRegistry
        )
    }

    /// Whether it is too weak to stand alone.
    #[must_use]
    pub const fn is_hearsay(self) -> bool {
        matches!(self, Self::News | Self::Forum)
    }
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One source.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its id, such as `S59a`.
    pub id: String,
    /// What kind of text it is.
    pub kind: SourceKind,
    /// Its author, as our notes name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is about, in our own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Who published it: a journal, a body, a site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// The year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// DOI, PubMed number, registry number or the like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// What of it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
    /// Where it was read; empty only for our own judgement.
    #[serde(default)]
    pub at: String,
}

impl Source {
    /// Its place in a list for people: `S2` before `S10`, our own judgement last.
    #[must_use]
    pub fn place(&self) -> (u32, &str) {
        let digits = self.id.trim_matches(|c: char| !c.is_ascii_digit());
        (digits.parse().unwrap_or(u32::MAX), &self.id)
    }

    /// Who, when, what and where, on one line.
    #[must_use]
    pub fn line(&self) -> String {
        if self.kind == SourceKind::Ours {
            return self.title.clone().unwrap_or_default();
        }
        let year = self.year.map(|year| year.to_string());
        let year = year.unwrap_or_else(|| "year not stated".to_owned());
        let mut parts = Vec::new();
        match &self.author {
            Some(author) if self.year.is_some() => parts.push(format!("{author} {year}")),
            Some(author) => parts.push(format!("{author}, {year}")),
            None => {}
        }
        parts.extend(self.title.iter().map(|title| format!("“{title}”")));
        parts.extend(self.about.clone());
        parts.extend(self.publisher.clone());
        parts.extend(self.identifier.clone());
        if self.author.is_none() {
            parts.push(year);
        }
        parts.join("; ")
    }

    /// The whole citation without the address: the line, the kind, and what was read.
    #[must_use]
    pub fn cite(&self) -> String {
        let line = self.line();
        match (&self.seen, self.kind) {
            (_, SourceKind::Ours) => line,
            (Some(seen), kind) => format!("{line}; {kind} [read: {seen}]"),
            (None, kind) => format!("{line}; {kind}"),
        }
    }
}

/// The file of sources.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceFile {
    #[serde(rename = "source")]
    pub(super) sources: Vec<Source>,
}
