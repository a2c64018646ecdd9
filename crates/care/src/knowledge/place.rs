//! Where a fault of the knowledge stands: file, line and column.
use super::load::{File, Loader};
use crate::criteria::SyntaxError;
use si::Problem;

/// Line and column of a byte in a text, from 1.
pub(crate) fn line_column(text: &str, byte: usize) -> (usize, usize) {
    let head = text.get(..byte).unwrap_or(text);
    let line = head.matches('\n').count() + 1;
    let column = head
        .rsplit('\n')
        .next()
        .map_or(0, |last| last.chars().count())
        + 1;
    (line, column)
}

/// File, line and column of a text in the entry of this id.
pub(super) fn place(file: File<'_>, id: &str, needle: &str) -> String {
    let (line, column) = locate(file.1, id, needle);
    format!("{}:{line}:{column}", file.0)
}

/// File, line and column of a byte.
pub(super) fn place_of_byte(file: File<'_>, byte: usize) -> String {
    let (line, column) = line_column(file.1, byte);
    format!("{}:{line}:{column}", file.0)
}

/// Where the entry of this id, and in it this text, stands in a file.
fn locate(text: &str, id: &str, needle: &str) -> (usize, usize) {
    let entry = text.find(&format!("id = \"{id}\"")).unwrap_or(0);
    let first = needle.lines().find(|line| !line.is_empty()).unwrap_or("");
    // A text starts behind its quote, or on a line of its own.
    let quoted = [format!("\"{first}"), format!("\n{first}")];
    let starts = quoted
        .iter()
        .filter_map(|quoted| text[entry..].find(quoted));
    let offset = match first {
        "" => 0,
        _ => starts.min().map_or(0, |start| start + 1),
    };
    line_column(text, entry + offset)
}

impl<'f> Loader<'f> {
    pub(super) fn report(&mut self, place: String, value: &str, problem: &str, remedy: &str) {
        let value: String = value.chars().take(120).collect();
        self.problems
            .push(Problem::new("knowledge", place, value, problem, remedy));
    }

    /// Reports a fault of one entry, at the place of `needle` in it.
    pub(super) fn fault(
        &mut self,
        file: File<'f>,
        id: &str,
        needle: &str,
        problem: &str,
        remedy: &str,
    ) {
        self.report(place(file, id, needle), id, problem, remedy);
    }

    /// Reports a fault inside a criteria text of one entry.
    pub(super) fn syntax(&mut self, file: File<'f>, id: &str, criteria: &str, error: &SyntaxError) {
        let (line, column) = locate(file.1, id, criteria);
        let (row, offset) = (error.place.line as usize, error.place.column as usize);
        let place = match row {
            1 => format!("{}:{line}:{}", file.0, column + offset - 1),
            _ => format!("{}:{}:{offset}", file.0, line + row - 1),
        };
        self.report(place, id, &error.problem, &error.remedy);
    }

    /// Reports a fault at a place that the file's reader noted.
    pub(super) fn at<T>(
        &mut self,
        file: File<'f>,
        spanned: &toml::Spanned<T>,
        value: &str,
        problem: &str,
        remedy: &str,
    ) {
        self.report(
            place_of_byte(file, spanned.span().start),
            value,
            problem,
            remedy,
        );
    }
}
