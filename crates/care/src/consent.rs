//! The text that a patient consents to, made from the knowledge.
//!
//! Risks, alternatives and what guidelines say are data (`knowledge/consent.toml`
//! and the dissent of `dose.toml`); the version is the SHA-256 of the text as
//! shown, so an old consent always says which words were read.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use si::{Problem, Region};

use crate::knowledge::Knowledge;
use crate::plan::Dose;

/// The text of one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its language (BCP 47).
    pub language: &'static str,
    /// Sections, in order: heading and paragraphs.
    pub sections: Vec<(String, Vec<String>)>,
    /// SHA-256 (hex) of the text as shown.
    pub version: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    paragraph: Vec<Paragraph>,
}

/// One paragraph with its sources.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Paragraph {
    section: String,
    region: String,
    says: String,
    #[serde(default)]
    sources: Vec<String>,
}

/// Where the paragraphs are.
const FILE: &str = "consent.toml";
/// After which section the guidelines' position stands.
const POSITION: &str = "What guidelines say";

/// The text for a region.
///
/// # Errors
/// The knowledge lacks the text, or cites a source it does not list.
pub fn text(knowledge: &Knowledge, region: Region) -> Result<Text, Problem> {
    let broken =
        |fault: String| Problem::new("consent-unreadable", FILE, "", fault, "mend the named line");
    let source = knowledge
        .document(FILE)
        .ok_or_else(|| broken("there is no text".to_owned()))?;
    let file: File = toml::from_str(source).map_err(|fault| broken(fault.to_string()))?;
    let mut sections: Vec<(String, Vec<String>)> = Vec::new();
    let mut add = |heading: &str, words: String| match sections.iter_mut().find(|s| s.0 == heading)
    {
        Some(section) => section.1.push(words),
        None => sections.push((heading.to_owned(), vec![words])),
    };
    for paragraph in file.paragraph.iter().filter(|p| is_for(p, region)) {
        if let Some(id) = paragraph
            .sources
            .iter()
            .find(|id| knowledge.source(id).is_none())
        {
            return Err(broken(format!("source {id} is not in the list")));
        }
        add(
            &paragraph.section,
            cited(&paragraph.says, &paragraph.sources),
        );
        if paragraph.section == POSITION {
            for position in Dose::of_knowledge(knowledge)?.dissent(region) {
                add(POSITION, position);
            }
        }
    }
    let mut text = Text {
        language: "en",
        sections,
        version: String::new(),
    };
    text.version = hex::encode(Sha256::digest(text.plain().as_bytes()));
    Ok(text)
}

fn is_for(paragraph: &Paragraph, region: Region) -> bool {
    paragraph.region == "all" || paragraph.region == region.as_str()
}

fn cited(says: &str, sources: &[String]) -> String {
    if sources.is_empty() {
        return says.to_owned();
    }
    format!("{says} [{}]", sources.join(", "))
}

impl Text {
    /// The text as plain lines: what the version is the hash of.
    #[must_use]
    pub fn plain(&self) -> String {
        let mut plain = String::new();
        for (heading, paragraphs) in &self.sections {
            plain.push_str(heading);
            plain.push('\n');
            for paragraph in paragraphs {
                plain.push_str(paragraph);
                plain.push('\n');
            }
        }
        plain
    }
}
