//! What every entry must get right by itself, and what leads in a circle.
use super::Source;
use super::load::{File, Loader};
use super::rule::{Regions, Rule};
use crate::decide::{OverrideBy, RuleSet, Urgency};
use crate::fact::{Catalogue, Fact, Freshness, Kind, Value, is_known_unit};
use si::Region;
use std::collections::{BTreeMap, BTreeSet};

impl<'f> Loader<'f> {
    /// What one fact must get right by itself.
    pub(super) fn fact(&mut self, file: File<'f>, fact: &Fact) {
        let snake = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let number = fact.kind == Kind::Number;
        let known = fact.unit.as_deref().is_none_or(is_known_unit);
        let dateless = |word: &String| word.parse::<crate::fact::PartialDate>().is_err();
        let negative = fact.denied.iter().all(|value| fits(fact, value));
        let checks = [
            (
                !fact.id.is_empty() && fact.id.chars().all(snake),
                "the id is not snake_case",
            ),
            (
                Freshness::parse(&fact.fresh).is_some(),
                "`fresh` is not session, permanent, N days or N months",
            ),
            (
                fact.stands
                    .as_deref()
                    .is_none_or(|text| Freshness::parse(text).is_some()),
                "`stands` is not session, permanent, N days or N months",
            ),
            (known, "the unit is not in the table of UCUM units"),
            (
                !number || fact.unit.is_some(),
                "a number needs a unit (`1` for none)",
            ),
            (
                !number || fact.range.is_some_and(|[low, high]| low < high),
                "a number needs a range",
            ),
            (number || fact.unit.is_none(), "only a number has a unit"),
            (
                fact.kind != Kind::Choice || fact.values.len() >= 2,
                "a choice needs two values or more",
            ),
            (
                fact.values.iter().all(dateless),
                "a choice must not look like a date",
            ),
            (negative, "`denied` is not a value of this fact"),
            (
                !fact.patient.is_empty() && !fact.practitioner.is_empty(),
                "a question is missing",
            ),
            (
                !fact.absence.is_empty(),
                "`absence` does not say what it means",
            ),
            (
                fact.reviewed.is_some(),
                "neither it nor its file says when it was reviewed (`reviewed`)",
            ),
            (
                fact.codes
                    .iter()
                    .all(|code| code.value.iter().all(|v| fits(fact, v))),
                "a code sets a value that the fact does not take",
            ),
        ];
        for (_, problem) in checks.into_iter().filter(|(holds, _)| !holds) {
            self.fault(file, &fact.id, "", problem, "mend the entry");
        }
    }

    /// Facts that a fact names must exist; details must not guard themselves.
    pub(super) fn references(&mut self, file: File<'f>, fact: &Fact, catalogue: &Catalogue) {
        let onsets = fact.codes.iter().filter_map(|code| code.onset.as_ref());
        for other in fact.stale_on.iter().chain(&fact.detail_of).chain(onsets) {
            if catalogue.get(other).is_none() || *other == fact.id {
                self.fault(
                    file,
                    &fact.id,
                    other,
                    "it names a fact that is not there",
                    "correct the id",
                );
            }
        }
        if fact.red_flag && fact.kind != Kind::Boolean && fact.positive.is_none() {
            self.fault(
                file,
                &fact.id,
                "",
                "a red flag must say what is positive",
                "add `positive`",
            );
        }
    }

    /// What one rule must get right by itself.
    pub(super) fn rule(&mut self, file: File<'f>, rule: &Rule, sources: &BTreeMap<String, Source>) {
        let regions = match &rule.regions {
            Regions::Word(word) => word == "all",
            Regions::List(names) => {
                !names.is_empty() && names.iter().all(|name| name.parse::<Region>().is_ok())
            }
        };
        let pressing = rule.urgency >= Urgency::Urgent;
        let texts = [
            &rule.statement,
            &rule.practitioner,
            &rule.why,
            &rule.known_limits,
        ];
        let checks = [
            (
                regions,
                "`regions` is neither \"all\" nor a list of regions",
            ),
            (
                rule.set.verdicts().contains(&rule.verdict),
                "the verdict is not a word of this set",
            ),
            (
                !pressing || rule.override_by == OverrideBy::Never,
                "an urgent rule is never overridden (CLINICAL §1.11)",
            ),
            (
                rule.clearance.is_none() || rule.override_by != OverrideBy::Never,
                "a rule marked `never` is cleared by no letter (CLINICAL §1.10)",
            ),
            (
                texts
                    .into_iter()
                    .chain(&rule.clearance)
                    .chain(&rule.say)
                    .all(|text| !text.trim().is_empty()),
                "a section is empty",
            ),
            (
                rule.set != RuleSet::Triage
                    || rule.urgency != Urgency::Emergency
                    || rule.say.is_some(),
                "an emergency of triage says what the patient says at the desk: `say`",
            ),
            (rule.id != super::DOSE, "this id names the numbers of dose"),
        ];
        for (_, problem) in checks.into_iter().filter(|(holds, _)| !holds) {
            self.fault(file, &rule.id, "", problem, "mend the entry");
        }
        self.cited(file, (&rule.id, &rule.sources, rule.evidence), sources);
    }
}

/// Whether a value is one that the fact takes, a number being in the fact's own unit.
fn fits(fact: &Fact, value: &Value) -> bool {
    let number = match value {
        Value::Number(number) => Some(*number),
        _ => None,
    };
    fact.takes(value, number)
}

/// Whether the need of a fact leads back to it.
pub(super) fn is_circular(start: &str, needs: &BTreeMap<String, Vec<String>>) -> bool {
    let (mut open, mut seen) = (vec![start], BTreeSet::new());
    while let Some(id) = open.pop() {
        for next in needs.get(id).into_iter().flatten() {
            if next == start {
                return true;
            }
            if seen.insert(next.as_str()) {
                open.push(next);
            }
        }
    }
    false
}
