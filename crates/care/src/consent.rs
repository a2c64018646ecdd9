//! The text that a patient consents to, made from the knowledge.
//!
//! What is proposed, risks and alternatives are data (`knowledge/consent.toml`);
//! what guidelines, trials, published harms and payers say comes from the rows
//! of evidence for the region and the condition. The version is the SHA-256 of
//! the text as shown, so an old consent always says which words were read.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use si::{Problem, Region};

use crate::episode::Episode;
use crate::evidence::{ALL, Condition, Kind, Row, cited};
use crate::knowledge::Knowledge;

/// The text for one region and, where it is known, one condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its language (BCP 47).
    pub language: &'static str,
    /// The condition it speaks of, by id.
    pub condition: Option<String>,
    /// Sections, in order: heading and paragraphs.
    pub sections: Vec<(String, Vec<String>)>,
    /// SHA-256 (hex) of the text as shown.
    pub version: String,
}

/// One paragraph with its sources.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paragraph {
    pub(crate) section: String,
    pub(crate) region: String,
    pub(crate) says: String,
    #[serde(default)]
    pub(crate) sources: Vec<String>,
}

/// Where a paragraph names the condition.
const PLACE: &str = "{condition}";

/// The sections that rows of evidence complete.
const POSITION: &str = "What guidelines say";
const RESULTS: &str = "What trials found";
const PREDICTION: &str = "Who may be helped";
const HARMS: &str = "What may go wrong";
const COST: &str = "What it costs";

/// The text for the region and the condition of an episode.
///
/// # Errors
/// The knowledge lacks the text.
pub fn of_episode(knowledge: &Knowledge, episode: &Episode) -> Result<Text, Problem> {
    let region = episode.region.unwrap_or(Region::Lumbar);
    let evidence = knowledge.evidence();
    text(
        knowledge,
        region,
        evidence.condition_of(&episode.readings, region),
    )
}

/// The text for a region and, where it is known, a condition.
///
/// # Errors
/// The knowledge lacks the text, or the region has no such condition.
pub fn text(
    knowledge: &Knowledge,
    region: Region,
    condition: Option<&str>,
) -> Result<Text, Problem> {
    let evidence = knowledge.evidence();
    let named = condition
        .map(|id| evidence.condition(region, id))
        .transpose()?;
    let mut sections: Vec<(String, Vec<String>)> = Vec::new();
    for paragraph in knowledge.consent().iter().filter(|p| is_for(p, region)) {
        let Some(says) = filled(&paragraph.says, named) else {
            continue;
        };
        let words = cited(&says, &paragraph.sources);
        match sections.iter_mut().find(|s| s.0 == paragraph.section) {
            Some(section) => section.1.push(words),
            None => sections.push((paragraph.section.clone(), vec![words])),
        }
    }
    for (heading, paragraphs) in &mut sections {
        paragraphs.extend(generated(heading, knowledge, region, condition));
    }
    if sections.is_empty() {
        return Err(Problem::new(
            "consent-missing",
            "consent.toml",
            region.as_str(),
            "the knowledge has no text of consent for this region",
            "add its paragraphs",
        ));
    }
    let mut text = Text {
        language: "en",
        condition: condition.map(str::to_owned),
        sections,
        version: String::new(),
    };
    text.version = hex::encode(Sha256::digest(text.plain().as_bytes()));
    Ok(text)
}

/// What the evidence adds to a section.
fn generated(
    heading: &str,
    knowledge: &Knowledge,
    region: Region,
    condition: Option<&str>,
) -> Vec<String> {
    let evidence = knowledge.evidence();
    let summary = evidence.summary(region, condition);
    let mut words = match heading {
        POSITION => summary.position(),
        RESULTS => summary.results(),
        _ => Vec::new(),
    };
    let rows = evidence.of(region, condition);
    words.extend(rows.filter(|row| belongs(heading, row)).map(Row::cited));
    words
}

/// Whether a row stands in a section. What was not read of guidelines concerns the
/// whole region; what was not found in trials, one condition.
fn belongs(heading: &str, row: &Row) -> bool {
    let wide = row.conditions.iter().any(|id| id == ALL);
    match row.kind {
        Kind::Guideline | Kind::Review => heading == POSITION,
        Kind::Gap if wide => heading == POSITION,
        Kind::Trial | Kind::Series | Kind::Gap => heading == RESULTS,
        Kind::PredictionRule => heading == PREDICTION,
        Kind::Harm => heading == HARMS,
        Kind::Payer => heading == COST,
    }
}

fn is_for(paragraph: &Paragraph, region: Region) -> bool {
    paragraph.region == ALL || paragraph.region == region.as_str()
}

/// The paragraph with the condition's name; nothing if it needs one and none is known.
fn filled(says: &str, condition: Option<&Condition>) -> Option<String> {
    if !says.contains(PLACE) {
        return Some(says.to_owned());
    }
    condition.map(|condition| says.replace(PLACE, &condition.name))
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
