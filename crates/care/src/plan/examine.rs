//! Whether the numbers of dose may be used: checked when knowledge loads.
//!
//! Every fault names file, line and column. A row of a condition may only lower
//! what its region allows; its words are those of the catalogue, and what it
//! cites stands in the list of sources.

use std::collections::BTreeMap;

use si::{Problem, Region};

use super::condition::{CONDITION, ConditionRow, Contrary, LOCATION, TYPE};
use super::dose::{Dose, Parameter};
use super::{Position, PullMode};
use crate::fact::Catalogue;
use crate::knowledge::{Source, line_column};

const FILE: &str = "dose.toml";

/// File, line and column of `needle` behind `anchor`, or of the anchor.
pub(super) fn place(text: &str, anchor: &str, needle: &str) -> String {
    let start = text.find(anchor).unwrap_or(0);
    let behind = text[start..].find(needle).unwrap_or(0);
    let (line, column) = line_column(text, start + behind);
    format!("{FILE}:{line}:{column}")
}

/// What the reader of TOML says, with its place.
pub(super) fn unreadable(text: &str, fault: &toml::de::Error) -> Problem {
    let (line, column) = line_column(text, fault.span().map_or(0, |span| span.start));
    Problem::new(
        "dose-unreadable",
        format!("{FILE}:{line}:{column}"),
        "",
        fault.message().trim(),
        "see a neighbouring entry",
    )
}

/// An angle or a position that nobody wrote.
pub(super) fn missing_row(text: &str, region: Region, missing: String) -> Problem {
    Problem::new(
        "dose-incomplete",
        place(text, &format!("region = \"{region}\""), ""),
        missing,
        "a row is missing",
        "add it with `why`, `sources` and `evidence`",
    )
}

/// A mode of which nobody wrote what is known.
pub(super) fn missing_mode(text: &str, mode: PullMode) -> Problem {
    Problem::new(
        "dose-incomplete",
        place(text, "[[mode]]", ""),
        mode.as_str(),
        "no row says what is known of this mode",
        "add a [[mode]] with `why`, `sources` and `evidence`",
    )
}

/// Where a row begins.
fn anchor(row: &ConditionRow) -> String {
    format!("id = \"{}\"", row.id)
}

/// A fault of one row.
fn fault(text: &str, row: &ConditionRow, needle: &str, value: &str, problem: &str) -> Problem {
    Problem::new(
        "dose-wrong",
        place(text, &anchor(row), needle),
        value,
        format!("condition {}: {problem}", row.id),
        "a row may lower what its region allows, with `why`, `sources` and `evidence`",
    )
}

impl Dose {
    /// Rows of conditions only restrain, and can be pulled.
    pub(super) fn restrains(&self, text: &str) -> Result<(), Problem> {
        for (place, row) in self.condition.iter().enumerate() {
            let twice = self.condition[..place]
                .iter()
                .any(|other| other.id == row.id);
            if twice || row.id.is_empty() {
                let last = text.rfind(&anchor(row)).unwrap_or(0);
                let (line, column) = line_column(text, last);
                return Err(Problem {
                    place: format!("{FILE}:{line}:{column}"),
                    ..fault(
                        text,
                        row,
                        "",
                        &row.id,
                        "two rows share this id, or it is empty",
                    )
                });
            }
            self.restrained(text, row)?;
        }
        Ok(())
    }

    fn restrained(&self, text: &str, row: &ConditionRow) -> Result<(), Problem> {
        let Some(region) = Region::ALL.into_iter().find(|r| r.as_str() == row.region) else {
            return Err(fault(text, row, "region =", &row.region, "no such region"));
        };
        let numbers = self.of(region);
        for (name, unit, number) in row.numbers() {
            let (low, high) = match name {
                "ceiling_share" => (0.0, numbers.ceiling_share.value),
                "first_share" => (0.0, numbers.first_share.value),
                "sessions" => (1.0, numbers.sessions.value),
                "per_week" => (1.0, numbers.per_week.value),
                "first_time" => (
                    numbers.first_time_gentle.value,
                    numbers.first_time_firm.value,
                ),
                "later_time" => (numbers.first_time_gentle.value, numbers.time_max.value),
                "hold" => (
                    traction::profile::SHORTEST_HOLD.get(),
                    numbers.first_time_gentle.value,
                ),
                _ => (
                    traction::profile::SHORTEST_REST.get(),
                    numbers.first_time_gentle.value,
                ),
            };
            let header = format!("[condition.{name}]");
            let said = !number.why.is_empty() && !number.evidence.is_empty();
            let problem = if number.unit != unit {
                format!("{name} is written in {}, not in {unit}", number.unit)
            } else if !(number.value > 0.0 && (low..=high).contains(&number.value)) {
                format!("{name} lies outside {low} to {high} {unit}, what the region allows")
            } else if !said {
                format!("{name} says neither why nor on what evidence")
            } else {
                continue;
            };
            return Err(fault(
                text,
                row,
                &header,
                &number.value.to_string(),
                &problem,
            ));
        }
        possible(text, region, row)
    }

    /// Everything that is wrong with the numbers of a knowledge.
    pub(crate) fn examine(
        text: &str,
        catalogue: &Catalogue,
        sources: &BTreeMap<String, Source>,
    ) -> Vec<Problem> {
        let dose = match Self::read(text) {
            Ok(dose) => dose,
            Err(problem) => return vec![problem],
        };
        let mut problems = Vec::new();
        for (anchor, id) in dose.cited() {
            if !sources.contains_key(id) {
                problems.push(Problem::new(
                    "knowledge",
                    place(text, &anchor, &format!("\"{id}\"")),
                    id,
                    "no such source",
                    "cite an id of sources.toml; a number of ours cites none",
                ));
            }
        }
        for row in &dose.condition {
            let words = [
                (CONDITION, &row.conditions),
                (TYPE, &row.types),
                (LOCATION, &row.locations),
            ];
            for (id, words) in words {
                let known = |word: &&String| {
                    let fact = catalogue.get(id);
                    fact.is_some_and(|fact| fact.values.contains(word))
                };
                let unknown = words.iter().find(|word| !known(word));
                problems.extend(unknown.map(|word| {
                    let problem = format!("{id} has no such value");
                    fault(text, row, &format!("\"{word}\""), word, &problem)
                }));
            }
        }
        problems
    }

    /// Every citation, with the text behind which it stands.
    fn cited(&self) -> Vec<(String, &str)> {
        let mut all = Vec::new();
        let tables = self.common.all().map(|number| ("common", number));
        let tables = tables.chain(self.lumbar.all().map(|number| ("lumbar", number)));
        let tables = tables.chain(self.cervical.all().map(|number| ("cervical", number)));
        for (table, (name, number)) in tables {
            of_number(&mut all, &format!("[{table}.{name}]"), number);
        }
        for row in &self.angle {
            cite(&mut all, "[[angle]]", &row.sources, &[]);
        }
        for row in &self.position {
            cite(&mut all, "[[position]]", &row.sources, &[]);
        }
        for row in &self.mode {
            cite(&mut all, "[[mode]]", &row.sources, &row.dissent);
        }
        let notes = &self.notes;
        let notes = [
            &notes.every_plan,
            &notes.side,
            &notes.no_condition,
            &notes.no_row,
            &notes.no_duration,
            &notes.chosen,
            &notes.chosen_first,
            &notes.headroom,
        ];
        for note in notes {
            cite(&mut all, "[notes.", &note.sources, &note.dissent);
        }
        for row in &self.condition {
            let anchor = anchor(row);
            cite(&mut all, &anchor, &row.sources, &row.dissent);
            if let Some(mode) = &row.mode {
                cite(&mut all, &anchor, &mode.sources, &mode.dissent);
            }
            if let Some(position) = &row.position {
                cite(&mut all, &anchor, &position.sources, &position.dissent);
            }
            for (_, _, number) in row.numbers() {
                of_number(&mut all, &anchor, number);
            }
        }
        all
    }
}

fn of_number<'a>(all: &mut Vec<(String, &'a str)>, anchor: &str, number: &'a Parameter) {
    cite(all, anchor, &number.sources, &number.dissent);
}

fn cite<'a>(
    all: &mut Vec<(String, &'a str)>,
    anchor: &str,
    sources: &'a [String],
    dissent: &'a [Contrary],
) {
    let against = dissent.iter().flat_map(|contrary| &contrary.sources);
    let ids = sources.iter().chain(against);
    all.extend(ids.map(|id| (anchor.to_owned(), id.as_str())));
}

/// The row says what it is for and why, and its mode and position exist.
fn possible(text: &str, region: Region, row: &ConditionRow) -> Result<(), Problem> {
    let fault = |needle: &str, problem: &str| Err(fault(text, row, needle, "", problem));
    let empty = |words: &str| words.trim().is_empty();
    if row.conditions.is_empty() {
        return fault("conditions =", "names no condition");
    }
    if empty(&row.why) || empty(&row.evidence) {
        return fault("", "says neither why nor on what evidence");
    }
    if let Some(mode) = &row.mode {
        // Those that a prescription has the numbers for.
        let offered = [PullMode::Static, PullMode::Intermittent, PullMode::Cyclic];
        let repeats = mode.value != PullMode::Static;
        if !offered.contains(&mode.value) {
            return fault(
                "[condition.mode]",
                "no dose is kept for this mode; use static, intermittent or cyclic",
            );
        }
        if repeats && (row.hold.is_none() || row.rest.is_none()) {
            return fault("[condition.mode]", "pulls that repeat need hold and rest");
        }
        if empty(&mode.why) || empty(&mode.evidence) {
            return fault(
                "[condition.mode]",
                "mode says neither why nor on what evidence",
            );
        }
    }
    if let Some(position) = &row.position {
        if region == Region::Cervical && position.value != Position::Supine {
            return fault("[condition.position]", "the neck is treated supine");
        }
        if empty(&position.why) || empty(&position.evidence) {
            return fault(
                "[condition.position]",
                "position says neither why nor on what evidence",
            );
        }
    }
    Ok(())
}
