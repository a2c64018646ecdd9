//! What the rows of evidence and the paragraphs of consent must get right.

use super::Source;
use super::load::{File, Loader};
use crate::consent::Paragraph;
use crate::evidence::{ALL, CONDITION_FACT, Direction, Evidence, Kind, Row};
use crate::fact::Catalogue;
use serde::Deserialize;
use si::Region;
use std::collections::{BTreeMap, BTreeSet};

type Sources = BTreeMap<String, Source>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConsentFile {
    paragraph: Vec<Paragraph>,
}

fn is_region(word: &str) -> bool {
    word == ALL || word.parse::<Region>().is_ok()
}

impl<'f> Loader<'f> {
    /// The rows of `evidence.toml`, each checked.
    pub(super) fn evidence(&mut self, catalogue: &Catalogue, sources: &Sources) -> Evidence {
        let mut all = Evidence::default();
        for file in self.folder("evidence.toml") {
            let Some(found) = self.read::<Evidence>(file) else {
                continue;
            };
            self.conditions(file, &found, catalogue);
            let mut seen = BTreeSet::new();
            for row in &found.rows {
                if !seen.insert(row.id.as_str()) {
                    self.fault(file, &row.id, "", "two rows share this id", "rename one");
                }
                self.row(file, row, &found);
                self.cites(file, &row.id, &row.sources, sources);
            }
            self.covered(file, &found);
            all = found;
        }
        all
    }

    /// Conditions must be values of the fact that names the condition, and know their region.
    fn conditions(&mut self, file: File<'f>, found: &Evidence, catalogue: &Catalogue) {
        let fact = catalogue.get(CONDITION_FACT);
        for condition in &found.conditions {
            let known = fact.is_none_or(|fact| fact.values.contains(&condition.id));
            let checks = [
                (known, "the fact `treated_condition` has no such value"),
                (
                    condition.region.parse::<Region>().is_ok(),
                    "it belongs to no region",
                ),
                (!condition.name.trim().is_empty(), "it has no name"),
            ];
            for (_, problem) in checks.into_iter().filter(|(holds, _)| !holds) {
                self.fault(file, &condition.id, "", problem, "mend the entry");
            }
        }
    }

    fn row(&mut self, file: File<'f>, row: &Row, found: &Evidence) {
        let known = |id: &String| {
            let own = found.conditions.iter().filter(|one| one.id == *id);
            id == ALL || own.into_iter().any(|one| row.region == one.region)
        };
        if let Some(id) = row.conditions.iter().find(|id| !known(id)) {
            let remedy = "use `all` or an id of [[condition]]";
            self.fault(
                file,
                &row.id,
                id,
                "its region has no such condition",
                remedy,
            );
        }
        let side = match row.kind {
            Kind::Gap => row.direction == Direction::Neutral,
            Kind::Harm | Kind::PredictionRule => row.direction != Direction::For,
            _ => true,
        };
        let checks = [
            (
                is_region(&row.region),
                "`region` is neither `all` nor a region",
            ),
            (!row.conditions.is_empty(), "it names no condition"),
            (row.says.trim().ends_with('.'), "`says` is not a sentence"),
            (
                side,
                "a gap is neutral, and neither a harm nor a prediction rule is `for`",
            ),
        ];
        for (_, problem) in checks.into_iter().filter(|(holds, _)| !holds) {
            self.fault(file, &row.id, "", problem, "mend the entry");
        }
    }

    /// Every condition has a row on each side, or says what was not found.
    fn covered(&mut self, file: File<'f>, found: &Evidence) {
        for condition in &found.conditions {
            let Ok(region) = condition.region.parse::<Region>() else {
                continue;
            };
            let rows: Vec<&Row> = found.of(region, Some(&condition.id)).collect();
            let towards = |side| rows.iter().any(|row| row.direction == side);
            let named =
                |row: &&Row| row.kind == Kind::Gap && row.conditions.contains(&condition.id);
            let both = towards(Direction::For) && towards(Direction::Against);
            if !both && !rows.iter().any(named) {
                let problem = "nothing speaks for it or nothing against it, and no gap says so";
                let remedy = "add the row, or a `gap` of this condition";
                self.fault(file, &condition.id, "", problem, remedy);
            }
        }
    }

    /// Sources must be there and resolve.
    pub(super) fn cites(&mut self, file: File<'f>, id: &str, cited: &[String], sources: &Sources) {
        if cited.is_empty() {
            self.fault(file, id, "", "it cites nothing", "cite an id of the list");
        }
        for source in cited.iter().filter(|id| !sources.contains_key(*id)) {
            let problem = format!("source `{source}` is not in sources.toml");
            self.fault(file, id, source, &problem, "cite an id of the list");
        }
    }

    /// The paragraphs of `consent.toml`, each checked.
    pub(super) fn consent(&mut self, sources: &Sources) -> Vec<Paragraph> {
        let mut all = Vec::new();
        for file in self.folder("consent.toml") {
            let Some(found) = self.read::<ConsentFile>(file) else {
                continue;
            };
            for paragraph in &found.paragraph {
                let unlisted = paragraph
                    .sources
                    .iter()
                    .find(|id| !sources.contains_key(*id));
                let checks = [
                    (
                        is_region(&paragraph.region),
                        "`region` is neither `all` nor a region",
                    ),
                    (!paragraph.section.trim().is_empty(), "it has no section"),
                    (!paragraph.says.trim().is_empty(), "it says nothing"),
                    (unlisted.is_none(), "a source is not in sources.toml"),
                ];
                for (_, problem) in checks.into_iter().filter(|(holds, _)| !holds) {
                    self.fault(file, "", &paragraph.says, problem, "mend the paragraph");
                }
            }
            all = found.paragraph;
        }
        all
    }
}
