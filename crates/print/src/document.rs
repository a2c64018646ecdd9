//! What stands on the paper.
//!
//! `annulus.document/1`, as JSON: unknown fields are refused, and so is what is too much to
//! be a letter (bounds of ours): 4 MB in all, 1,000 blocks, 5,000 rows of a table, 1 MB of a
//! figure, 20,000 letters of a text.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use si::Problem;

use crate::walk;

/// The schema that is read.
pub const SCHEMA: &str = "annulus.document/1";
/// Most bytes of a document.
pub const MOST_BYTES: usize = 4 << 20;
const MOST_BLOCKS: usize = 1_000;
const MOST_ROWS: usize = 5_000;
const MOST_COLUMNS: usize = 12;
const MOST_LINES: u8 = 40;

/// A document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// [`SCHEMA`].
    pub schema: String,
    /// What names it for good: two documents never share one.
    pub id: String,
    /// Its language, BCP 47: `en`.
    pub language: String,
    /// Its size.
    #[serde(default)]
    pub paper: Size,
    /// Whether it must fit on one page.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub one_page: bool,
    /// Its title, which a reader announces.
    pub title: String,
    /// Who issues it.
    pub issuer: Issuer,
    /// When it was made, UTC: `2026-11-28T09:30:00Z`.
    pub date: String,
    /// The same as it is printed, in the clinic's time zone.
    pub dated: String,
    /// What must be read first, in a frame above everything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgent: Option<String>,
    /// Whom and what it is about.
    #[serde(default)]
    pub about: Vec<Fact>,
    /// What it says.
    pub blocks: Vec<Block>,
    /// What stands at the foot of every page beside its number.
    #[serde(default)]
    pub footer: String,
}

/// A size of paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Size {
    /// 210 mm by 297 mm.
    #[default]
    #[serde(rename = "a4")]
    A4,
    /// 8.5 in by 11 in.
    #[serde(rename = "us-letter")]
    Letter,
}

/// Who issues a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// The clinic.
    pub name: String,
    /// Its address, line by line.
    #[serde(default)]
    pub lines: Vec<String>,
}

/// A label and what it labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// `Born`.
    pub label: String,
    /// `2 April 1961`.
    pub value: String,
}

/// One thing below the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Block {
    /// A heading below the title.
    Heading {
        /// Its words.
        text: String,
    },
    /// Words; lines stay lines.
    Paragraph {
        /// The words.
        text: String,
    },
    /// What is said about the document itself, small.
    Remark {
        /// The words.
        text: String,
    },
    /// Labels and values.
    Facts {
        /// One below the other.
        rows: Vec<Fact>,
    },
    /// Points of equal rank.
    List {
        /// One each.
        items: Vec<String>,
    },
    /// Rows under a head.
    Table {
        /// What it shows.
        caption: String,
        /// A title for each column.
        head: Vec<String>,
        /// As many cells in each as the head has.
        rows: Vec<Vec<String>>,
    },
    /// A picture.
    Figure {
        /// SVG, without links to anything.
        svg: String,
        /// What it shows, for those who do not see it.
        alt: String,
        /// What stands below it.
        caption: String,
    },
    /// A question with boxes to tick by hand.
    Boxes {
        /// The question.
        question: String,
        /// A box each.
        options: Vec<String>,
    },
    /// Lines to write on by hand.
    Lines {
        /// What to write.
        label: String,
        /// How many.
        count: u8,
    },
    /// Who signed, when, with which licence.
    Signed {
        /// The words.
        text: String,
    },
}

/// The document that JSON holds.
///
/// # Errors
/// No JSON, another schema, a field that is unknown, more than the bounds allow.
pub fn read(json: &[u8]) -> Result<Document, Problem> {
    if json.len() > MOST_BYTES {
        let (size, what) = (json.len().to_string(), "are more bytes than a document has");
        let remedy = format!("send {MOST_BYTES} bytes at most");
        return Err(Problem::new("too-long", "", size, what, remedy));
    }
    let value: Value = serde_json::from_slice(json).map_err(|error| shape(&error))?;
    walk::check(&value)?;
    // Once more from the text, so that an error names its line.
    let document: Document = serde_json::from_slice(json).map_err(|error| shape(&error))?;
    if document.schema != SCHEMA {
        let what = "is no schema that this program prints";
        let remedy = format!("write {SCHEMA}");
        return Err(Problem::new(
            "schema-unknown",
            "schema",
            document.schema,
            what,
            remedy,
        ));
    }
    bounded(&document)?;
    Ok(document)
}

fn shape(error: &serde_json::Error) -> Problem {
    Problem::new(
        "document-invalid",
        format!("line {}", error.line()),
        "",
        error.to_string(),
        format!("send JSON of the shape {SCHEMA}"),
    )
}

fn bounded(document: &Document) -> Result<(), Problem> {
    most("blocks", document.blocks.len(), MOST_BLOCKS)?;
    for (number, block) in document.blocks.iter().enumerate() {
        of_block(block).map_err(|problem| problem.within(&format!("blocks[{number}]")))?;
    }
    Ok(())
}

fn of_block(block: &Block) -> Result<(), Problem> {
    match block {
        Block::Table { head, rows, .. } => table(head, rows),
        Block::Facts { rows } => most("rows", rows.len(), MOST_ROWS),
        Block::List { items: texts } | Block::Boxes { options: texts, .. } => {
            most("items", texts.len(), MOST_ROWS)
        }
        Block::Lines { count, .. } => most("count", (*count).into(), MOST_LINES.into()),
        Block::Figure { alt, .. } if alt.trim().is_empty() => {
            let (what, remedy) = ("says nothing", "say what the figure shows");
            Err(Problem::new("figure-untold", "alt", alt, what, remedy))
        }
        _ => Ok(()),
    }
}

fn table(head: &[String], rows: &[Vec<String>]) -> Result<(), Problem> {
    most("head", head.len(), MOST_COLUMNS)?;
    most("rows", rows.len(), MOST_ROWS)?;
    let uneven = |row: &Vec<String>| row.len() != head.len() || row.is_empty();
    let Some(number) = rows.iter().position(uneven) else {
        return Ok(());
    };
    let cells = rows.get(number).map_or(0, Vec::len).to_string();
    let what = format!("cells, and the head has {}", head.len());
    let remedy = "give a cell for each column";
    let place = format!("rows[{number}]");
    Err(Problem::new("row-uneven", place, cells, what, remedy))
}

fn most(place: &str, count: usize, most: usize) -> Result<(), Problem> {
    if count <= most {
        return Ok(());
    }
    let (count, what) = (count.to_string(), "are too many");
    Err(Problem::new(
        "too-many",
        place,
        count,
        what,
        format!("send {most} at most"),
    ))
}
