//! Documents of a clinic as PDF: letters, notes, reports, forms to fill in by hand.
//!
//! A [`Document`] says what stands on the paper, block by block; [`pdf`] sets it by one
//! template of ours with Typst and writes PDF 1.7 that is tagged for screen readers and
//! meets PDF/UA-1 (ISO 14289-1), or says why it cannot. Texts are data and never markup.
//! No clock, no network, no file: the same document and fonts make the same bytes. Lengths
//! are those of paper, in the template. [`crate::document`] holds the shape and its bounds.
//!
//! Must never know: networks, clocks, storage; who the patient is, rules, pages.
//!
//! The binary `annulus-print` reads a document as JSON from standard input, writes the PDF
//! to standard output, and has a bound on memory and time.

pub mod document;
mod fonts;
mod walk;
mod world;

pub use document::{Document, read};
pub use fonts::Fonts;

use si::Problem;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use world::Paper;

/// The PDF of a document.
///
/// # Errors
/// A letter that no font has, a figure that is no SVG, a date that is none; more than a page
/// where it must fit on one.
pub fn pdf(document: &Document, fonts: &Fonts) -> Result<Vec<u8>, Problem> {
    let paper = Paper::new(document, fonts)?;
    let pages: PagedDocument = typst::compile(&paper).output.map_err(refused)?;
    one_page(document, pages.pages().len())?;
    let standards = PdfStandards::new(&[PdfStandard::V_1_7, PdfStandard::Ua_1])
        .map_err(|error| problem("standard-unknown", "PDF/UA-1", error.message()))?;
    let options = PdfOptions {
        ident: Smart::Custom(document.id.clone()),
        creator: Smart::Custom(Some(
            concat!("Annulus ", env!("CARGO_PKG_VERSION")).to_owned(),
        )),
        timestamp: Some(Timestamp::new_utc(instant(&document.date)?)),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&pages, &options).map_err(refused)
}

/// What must fit on one page does, or is refused.
fn one_page(document: &Document, pages: usize) -> Result<(), Problem> {
    if !document.one_page || pages <= 1 {
        return Ok(());
    }
    Err(Problem::new(
        "more-than-a-page",
        "blocks",
        format!("{pages} pages"),
        "do not fit on the one page that was asked for",
        "leave something out, or allow more pages",
    ))
}

/// `2026-11-28T09:30:00Z`, in parts.
fn instant(date: &str) -> Result<Datetime, Problem> {
    let part = |from: usize, to: usize| date.get(from..to).and_then(|part| part.parse().ok());
    let year = date.get(0..4).and_then(|year| year.parse::<i32>().ok());
    let parts = year.zip(part(5, 7)).zip(part(8, 10));
    let clock = part(11, 13).zip(part(14, 16)).zip(part(17, 19));
    let utc = date.len() == 20 && date.ends_with('Z');
    let found = parts.zip(clock).filter(|_| utc);
    found
        .and_then(|(((year, month), day), ((hour, minute), second))| {
            Datetime::from_ymd_hms(year, month, day, hour, minute, second)
        })
        .ok_or_else(|| {
            let (what, remedy) = ("is no instant in UTC", "write it as 2026-11-28T09:30:00Z");
            Problem::new("date-invalid", "date", date, what, remedy)
        })
}

/// What the typesetter says first; nothing of the document's words is in it but what it names.
fn refused(errors: impl IntoIterator<Item = SourceDiagnostic>) -> Problem {
    let first = errors.into_iter().next();
    let said = first.map_or_else(String::new, |error| error.message.to_string());
    problem("not-set", "", said)
}

fn problem(code: &'static str, place: &str, said: impl Into<String>) -> Problem {
    Problem::new(
        code,
        place,
        "",
        said,
        "mend the document; a figure is an SVG without links to other files",
    )
}
