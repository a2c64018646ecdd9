//! Kleene's three-valued logic over every alternative that the sources leave.
//!
//! An expression has a *set* of outcomes, one for each way the sources that
//! disagree may be right; without disagreement the set has one member. Unknown
//! never counts as false. A test that is not needed, and a question that does
//! not apply, leave nothing undecided: their condition is not shown to hold.
use super::expr::{Expr, Leaf, Node, Test, bit};
use super::{Duration, Kleene, Outcomes, TimeUnit};
use crate::decide::Ask;
use crate::fact::{
    Answer, By, Catalogue, Content, Direction, Fact, Moment, PartialDate, Reading, Resolved, Value,
    View, number_in, shift, start_of_day,
};
use si::Region;
use std::cell::Cell;

/// Which tests are needed and which answers apply, per fact, compiled for one region.
#[derive(Clone, Debug, Default)]
pub struct Applicability {
    pub(crate) needed: Vec<Option<Expr>>,
    pub(crate) not_applicable: Vec<Option<Expr>>,
    /// Per fact, the places that its need or its "does not apply" reads, directly or
    /// through the needs of the tests among them.
    pub(crate) reads: Vec<Vec<usize>>,
    /// Per place, whether its level lies outside the region: not examined for a pull
    /// there, though what is on record counts.
    pub(crate) elsewhere: Vec<bool>,
}

/// One way to look at the facts: alternatives chosen, one fact assumed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scenario<'s> {
    /// Which alternative of a place is taken.
    pub(crate) pins: &'s [(usize, usize)],
    /// Every condition on this place is taken to hold, or not to hold.
    pub(crate) assumed: Option<(usize, bool)>,
}

impl Scenario<'_> {
    /// The bits of the places it sets.
    fn places(self) -> u64 {
        let pinned = self.pins.iter().map(|(slot, _)| bit(*slot));
        let assumed = self.assumed.map(|(slot, _)| bit(slot));
        pinned.chain(assumed).fold(0, |bits, bit| bits | bit)
    }
}

impl Applicability {
    /// Finds what each need reads and which levels lie elsewhere, once all are compiled.
    pub(crate) fn trace(&mut self, catalogue: &Catalogue, region: Region) {
        let elsewhere = |slot: usize| {
            let (fact, key) = catalogue.at(slot);
            !key.index.is_empty() && !fact.indices(region).contains(&key.index)
        };
        self.elsewhere = (0..catalogue.slot_count()).map(elsewhere).collect();
        let direct = |number: usize| {
            let mut slots = Vec::new();
            let own = [self.needed.get(number), self.not_applicable.get(number)];
            for expr in own.into_iter().flatten().flatten() {
                expr.for_each_leaf(&mut |leaf| slots.push(leaf.slot));
            }
            slots
        };
        let trace = |number: usize| {
            let (mut open, mut found) = (direct(number), Vec::new());
            while let Some(slot) = open.pop() {
                if !found.contains(&slot) {
                    found.push(slot);
                    open.extend(direct(catalogue.fact_number(slot)));
                }
            }
            found
        };
        self.reads = (0..self.needed.len()).map(trace).collect();
    }

    /// The bits of the places that the need of the fact at a place reads.
    pub(crate) fn below(&self, number: usize) -> u64 {
        let reads = self.reads.get(number).map_or(&[][..], Vec::as_slice);
        reads.iter().fold(0, |bits, slot| bits | bit(*slot))
    }

    /// Every expression.
    pub(crate) fn expressions(&mut self) -> impl Iterator<Item = &mut Expr> {
        let all = self.needed.iter_mut().chain(&mut self.not_applicable);
        all.flatten()
    }
}

/// Reads expressions against one view.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'r> {
    pub(crate) view: &'r View<'r>,
    pub(crate) applicability: &'r Applicability,
    /// What each node gave where a scenario does not touch it, by its number; 0 for
    /// one not read yet. Empty: nothing is kept.
    pub(crate) kept: &'r [Cell<u8>],
}

impl Reader<'_> {
    /// Whether a fact is needed in a scenario; nothing for a fact that is no test.
    fn need(&self, slot: usize, scenario: Scenario<'_>) -> Option<Kleene> {
        if self.applicability.elsewhere.get(slot) == Some(&true) {
            return Some(Kleene::False);
        }
        let number = self.view.catalogue.fact_number(slot);
        let expr = self.applicability.needed.get(number)?.as_ref()?;
        Some(expr.evaluate(*self, scenario).certain())
    }
}

impl Expr {
    /// The possible outcomes in one scenario; what it does not touch is read once.
    pub(crate) fn evaluate(&self, reader: Reader<'_>, scenario: Scenario<'_>) -> Outcomes {
        let places = scenario.places();
        let Some(kept) = reader.kept.get(self.number()) else {
            return self.look(reader, scenario);
        };
        if places != 0 && self.may_read(places) {
            return self.look(reader, scenario);
        }
        Outcomes::from_byte(kept.get()).unwrap_or_else(|| {
            let outcomes = self.look(reader, Scenario::default());
            kept.set(outcomes.byte());
            outcomes
        })
    }

    fn look(&self, reader: Reader<'_>, scenario: Scenario<'_>) -> Outcomes {
        let all = |parts: &[Self], empty: Kleene, join: fn(Outcomes, Outcomes) -> Outcomes| {
            let outcomes = parts.iter().map(|part| part.evaluate(reader, scenario));
            outcomes.fold(Outcomes::from(empty), join)
        };
        match &self.node {
            Node::All(parts) => all(parts, Kleene::True, Outcomes::and),
            Node::Any(parts) => all(parts, Kleene::False, Outcomes::or),
            Node::AtLeast(count, parts) => Outcomes::at_least(
                *count,
                parts.iter().map(|part| part.evaluate(reader, scenario)),
            ),
            Node::Not(inner) => inner.evaluate(reader, scenario).not(),
            Node::NotShown(inner) => inner.evaluate(reader, scenario).not_shown(),
            Node::Leaf(leaf) => leaf.evaluate(reader, scenario),
        }
    }

    /// The possible outcomes over all alternatives, each reading answering every
    /// leaf that asks it alike. Beyond [`MAX_WORLDS`] combinations the leaves of a
    /// fact are let vary apart, which can only add outcomes.
    pub(crate) fn outcomes(&self, reader: Reader<'_>, repeated: &[usize]) -> Outcomes {
        let choices = |slot: &usize| reader.view.slot(*slot).alternatives.len();
        let disputed: Vec<usize> = repeated
            .iter()
            .copied()
            .filter(|s| choices(s) > 1)
            .collect();
        let worlds = disputed
            .iter()
            .map(choices)
            .try_fold(1usize, usize::checked_mul);
        let Some(worlds) = worlds.filter(|worlds| *worlds <= MAX_WORLDS) else {
            return self.evaluate(reader, Scenario::default());
        };
        let mut union = Outcomes::NONE;
        for mut world in 0..worlds {
            let mut pins = Vec::with_capacity(disputed.len());
            for slot in &disputed {
                pins.push((*slot, world % choices(slot)));
                world /= choices(slot);
            }
            let scenario = Scenario {
                pins: &pins,
                assumed: None,
            };
            union = union.union(self.evaluate(reader, scenario));
        }
        union
    }
}

/// How many combinations of disputed readings are tried one by one.
const MAX_WORLDS: usize = 1024;

impl Leaf {
    pub(crate) fn evaluate(&self, reader: Reader<'_>, scenario: Scenario<'_>) -> Outcomes {
        if let Some((slot, holds)) = scenario.assumed
            && slot == self.slot
        {
            return Kleene::from(holds).into();
        }
        let resolved = reader.view.slot(self.slot);
        let fact = reader.view.catalogue.at(self.slot).0;
        if resolved.alternatives.is_empty() {
            return self.without_value(resolved, fact, reader, scenario);
        }
        let pinned = scenario
            .pins
            .iter()
            .find(|(slot, _)| *slot == self.slot)
            .map(|pin| pin.1);
        let mut union = Outcomes::NONE;
        for (number, reading) in resolved.alternatives.iter().enumerate() {
            if pinned.is_none_or(|pin| pin == number) {
                union = union.union(self.read(reading, resolved, fact, reader, scenario));
            }
        }
        union
    }

    /// Policy default, "does not apply", "not needed", or unknown.
    fn without_value(
        &self,
        resolved: &Resolved<'_>,
        fact: &Fact,
        reader: Reader<'_>,
        scenario: Scenario<'_>,
    ) -> Outcomes {
        let number = reader.view.catalogue.fact_number(self.slot);
        if let Some(default) = &fact.default {
            let at = reader.view.moment.at;
            let key = reader.view.catalogue.at(self.slot).1.clone();
            let reading = Reading::value(key, default.clone(), at, By::Practitioner);
            let result = self
                .test
                .holds(&reading, resolved.baseline, fact, reader.view.moment);
            return result.map_or(Outcomes::BROKEN, Outcomes::from);
        }
        let answered = resolved.answer.map(|reading| &reading.content);
        if answered == Some(&Content::Answer(Answer::NotApplicable))
            && let Some(Some(when)) = reader.applicability.not_applicable.get(number)
            && when.evaluate(reader, scenario).certain() == Kleene::True
        {
            return Kleene::False.into();
        }
        if !resolved.keeps_needed && reader.need(self.slot, scenario) == Some(Kleene::False) {
            return Kleene::False.into();
        }
        Kleene::Unknown.into()
    }

    /// What one reading says; one that nobody vouches for and that would better the
    /// result is as if it were not there.
    fn read(
        &self,
        reading: &Reading,
        resolved: &Resolved<'_>,
        fact: &Fact,
        reader: Reader<'_>,
        scenario: Scenario<'_>,
    ) -> Outcomes {
        let moment = reader.view.moment;
        let Some(result) = self.test.holds(reading, resolved.baseline, fact, moment) else {
            return Outcomes::BROKEN;
        };
        let betters = (result == Kleene::True) != self.harms && result != Kleene::Unknown;
        if !vouched(reading, fact) && betters {
            self.without_value(resolved, fact, reader, scenario)
        } else {
            result.into()
        }
    }
}

/// Whether the reading may better a result: a record waits for its confirmation, and what
/// is found by examining, or stands in a report, is not found by the patient.
fn vouched(reading: &Reading, fact: &Fact) -> bool {
    let examined = match fact.ask {
        Ask::Examination | Ask::Attendant => true,
        Ask::Record | Ask::Test => !fact.is_derived(),
        Ask::Patient | Ask::Measurement => false,
    };
    let told = examined && reading.by == By::Patient;
    !reading.unconfirmed && !told
}

impl Test {
    /// Whether a reading passes; nothing if it is not of the fact's kind.
    pub(crate) fn holds(
        &self,
        reading: &Reading,
        baseline: Option<&Reading>,
        fact: &Fact,
        moment: Moment<'_>,
    ) -> Option<Kleene> {
        let number = || number_in(reading, fact);
        if !fact.takes(reading.as_value()?, number()) {
            return None;
        }
        match (self, reading.as_value()?) {
            (Self::Bool(wanted), Value::Bool(found)) => Some((wanted == found).into()),
            (Self::Choice(words), Value::Choice(found)) => Some(words.contains(found).into()),
            (Self::Number(wanted), Value::Number(_)) => {
                number().map(|found| wanted.contains(&found).into())
            }
            (Self::Compare(operator, limit), Value::Number(_)) => {
                number().map(|found| operator.holds(found, *limit).into())
            }
            (Self::Within(duration), Value::Date(date)) => {
                Some(further_back(*date, *duration, moment).not_kleene())
            }
            (Self::LongerThan(duration), Value::Date(date)) => {
                Some(further_back(*date, *duration, moment))
            }
            (Self::Worse(step), _) => match baseline {
                Some(baseline) => is_worse(reading, baseline, *step, fact),
                None => Some(Kleene::Unknown),
            },
            _ => None,
        }
    }
}

/// Whether a date lies further back than a duration; unknown where its two ends disagree.
fn further_back(date: PartialDate, duration: Duration, moment: Moment<'_>) -> Kleene {
    let instant = shift(moment, duration.span(), false);
    // Days and longer are counted in whole days of the clinic's calendar.
    let cut = match duration.unit {
        TimeUnit::Hours => instant,
        _ => start_of_day(instant, moment.zone),
    };
    match date.interval(moment.zone) {
        (_, last) if last < cut => Kleene::True,
        (first, _) if first >= cut => Kleene::False,
        _ => Kleene::Unknown,
    }
}

fn is_worse(now: &Reading, then: &Reading, step: Option<f64>, fact: &Fact) -> Option<Kleene> {
    let size = |reading: &Reading| match reading.as_value()? {
        Value::Number(_) => number_in(reading, fact),
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        #[allow(clippy::cast_precision_loss)]
        Value::Choice(word) => fact.choice(word).map(|place| place as f64),
        Value::Date(_) => None,
    };
    let rise = match fact.worse.unwrap_or(Direction::Higher) {
        Direction::Higher => size(now)? - size(then)?,
        Direction::Lower => size(then)? - size(now)?,
    };
    Some(step.map_or(rise > 0.0, |step| rise >= step).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Baseline, FactSet, Kind};
    use crate::knowledge::Knowledge;
    use jiff::tz::TimeZone;
    use jiff::{SignedDuration, Timestamp};
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::constant(1_795_680_000, 0);

    fn knowledge() -> &'static Knowledge {
        Knowledge::embedded().expect("sound knowledge")
    }

    /// A reading of the fact at a place: a value, or an answer in place of one.
    fn reading(slot: usize, seed: usize) -> Reading {
        let (fact, key) = knowledge().catalogue().at(slot);
        let by = [By::Patient, By::Practitioner, By::Record][seed % 3];
        let hours = [1, 20, 24 * 40, 24 * 800][seed / 3 % 4];
        let at = NOW - SignedDuration::from_hours(hours);
        if seed.is_multiple_of(7) {
            return Reading::answer(key.clone(), Answer::NotApplicable, at, by);
        }
        let pick = seed / 12;
        let value = match fact.kind {
            Kind::Boolean => Value::Bool(pick.is_multiple_of(2)),
            Kind::Choice => Value::Choice(fact.values[pick % fact.values.len()].clone()),
            Kind::Number => {
                let [low, high] = fact.range.expect("a range");
                Value::Number(if pick.is_multiple_of(2) { low } else { high })
            }
            Kind::Date => Value::Date(PartialDate::Year(2025 + i16::from(pick.is_multiple_of(2)))),
        };
        let mut reading = Reading::value(key.clone(), value, at, by);
        reading.unconfirmed = by == By::Record;
        reading
    }

    /// Places of the catalogue, each with a number to make something of.
    fn places(most: usize) -> impl Strategy<Value = Vec<(usize, usize)>> {
        let slots = knowledge().catalogue().slot_count();
        prop::collection::vec((0..slots, any::<usize>()), 0..most)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// What is kept from one scenario to the next is what reading afresh gives.
        #[test]
        fn what_each_node_gave_is_kept_and_is_what_it_gives_afresh(
            told in places(600),
            looked in places(60),
        ) {
            let facts: FactSet = told.iter().map(|(slot, seed)| reading(*slot, *seed)).collect();
            let moment = Moment { at: NOW, zone: &TimeZone::UTC };
            let view = knowledge().view(&facts, moment, Baseline::First);
            for region in Region::ALL {
                let applicability = knowledge().applicability(region);
                let kept = knowledge().room();
                let keeping = Reader { view: &view, applicability, kept: &kept };
                let afresh = Reader { kept: &[], ..keeping };
                let rules = knowledge().all_rules().iter();
                let rules = rules.filter_map(|rule| rule.compiled[region as usize].as_ref());
                let needs = applicability.needed.iter().chain(&applicability.not_applicable);
                let all: Vec<&Expr> = rules.map(|rule| &rule.expr).chain(needs.flatten()).collect();
                for (slot, seed) in &looked {
                    let several = view.slot(*slot).alternatives.len();
                    let pins = [(*slot, seed % several.max(1))];
                    let pins = &pins[..usize::from(several > 0)];
                    let assumed = Some((*slot, seed.is_multiple_of(2)));
                    for scenario in [
                        Scenario { pins: &[], assumed },
                        Scenario { pins, assumed: None },
                        Scenario::default(),
                    ] {
                        for expr in &all {
                            prop_assert_eq!(
                                expr.evaluate(keeping, scenario),
                                expr.evaluate(afresh, scenario)
                            );
                        }
                    }
                }
            }
        }
    }
}
