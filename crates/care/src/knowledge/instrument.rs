//! What an instrument must get right by itself.

use super::Source;
use super::load::{File, Loader};
use crate::evidence::ALL;
use crate::fact::Catalogue;
use crate::instrument::{Change, Held, Instrument, Instruments};
use si::Region;
use std::collections::{BTreeMap, BTreeSet};

impl<'f> Loader<'f> {
    /// The instruments of `instruments.toml`, each checked.
    pub(super) fn instruments(
        &mut self,
        catalogue: &Catalogue,
        sources: &BTreeMap<String, Source>,
    ) -> Instruments {
        let mut all = Instruments::default();
        for file in self.folder("instruments.toml") {
            let Some(found) = self.read::<Instruments>(file) else {
                continue;
            };
            let mut seen = BTreeSet::new();
            for one in &found.all {
                if !seen.insert(one.id.as_str()) {
                    self.fault(
                        file,
                        &one.id,
                        "",
                        "two instruments share this id",
                        "rename one",
                    );
                }
                self.instrument(file, one);
                self.recorded(file, one, catalogue);
                self.cites(file, &one.id, &one.sources, sources);
                for change in &one.changes {
                    self.cites(file, &one.id, &change.sources, sources);
                }
            }
            all = found;
        }
        all
    }

    fn instrument(&mut self, file: File<'f>, one: &Instrument) {
        let is_region = |word: &str| word == ALL || word.parse::<Region>().is_ok();
        let texts = [&one.name, &one.licence, &one.score, &one.missing];
        let bare = one.items.is_empty() && one.readings.is_empty();
        let changes = one.changes.iter().all(|change| {
            is_region(&change.region) && is_sound(change) && !change.why.trim().is_empty()
        });
        let checks = [
            (
                is_region(&one.region),
                "`region` is neither `all` nor a region",
            ),
            (
                texts.iter().all(|text| !text.trim().is_empty()),
                "a section is empty",
            ),
            (
                bare == (one.held == Held::ScoreOnly),
                "an instrument in full has items or readings, one by score has none",
            ),
            (
                changes,
                "a change needs a region, a reason and positive numbers",
            ),
        ];
        for (_, problem) in checks.into_iter().filter(|(holds, _)| !holds) {
            self.fault(file, &one.id, "", problem, "mend the entry");
        }
    }

    /// The facts it is recorded as must be there, with its unit and range.
    fn recorded(&mut self, file: File<'f>, one: &Instrument, catalogue: &Catalogue) {
        for id in one.fact.iter().chain(&one.readings) {
            let Some(fact) = catalogue.get(id) else {
                self.fault(
                    file,
                    &one.id,
                    id,
                    "it names a fact that is not there",
                    "correct the id",
                );
                continue;
            };
            let same = fact.unit == one.unit && fact.range == one.range;
            if !same {
                let problem = "its unit or range is not that of its fact";
                self.fault(file, &one.id, id, problem, "say the same in both");
            }
        }
    }
}

fn is_sound(change: &Change) -> bool {
    let positive = |number: f64| number.is_finite() && number > 0.0;
    let mut numbers = change.share.iter().chain(&change.mdc);
    positive(change.points) && numbers.all(|number| positive(*number))
}
