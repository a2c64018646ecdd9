//! Kleene's three-valued logic over every alternative that the sources leave.
//!
//! An expression has a *set* of outcomes, one for each way the sources that
//! disagree may be right; without disagreement the set has one member. Unknown
//! never counts as false. A test that is not needed, and a question that does
//! not apply, leave nothing undecided: their condition is not shown to hold.
use super::expr::{Expr, Leaf, Test};
use super::{Atom, SyntaxError, TimeUnit, Tree, compile};
use crate::decide::Ask;
use crate::fact::{
    Answer, By, Content, Direction, Fact, Moment, PartialDate, Reading, Resolved, Value, View,
    number_in, shift, start_of_day,
};
use jiff::Span;
use std::collections::BTreeSet;

/// True, false, or unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kleene {
    /// It does not hold.
    False,
    /// Nobody can tell.
    Unknown,
    /// It holds.
    True,
}

impl From<bool> for Kleene {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

/// A set of outcomes, and whether a reading was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcomes(u8);

const TRUE: u8 = 1;
const UNKNOWN: u8 = 2;
const FALSE: u8 = 4;
const ERROR: u8 = 8;

impl From<Kleene> for Outcomes {
    fn from(value: Kleene) -> Self {
        Self(match value {
            Kleene::True => TRUE,
            Kleene::Unknown => UNKNOWN,
            Kleene::False => FALSE,
        })
    }
}

impl Outcomes {
    const NONE: Self = Self(0);
    const BROKEN: Self = Self(UNKNOWN | ERROR);

    /// Whether this outcome is possible.
    #[must_use]
    pub fn may_be(self, value: Kleene) -> bool {
        self.0 & Self::from(value).0 != 0
    }

    /// Whether a reading could not be read at all.
    #[must_use]
    pub fn is_error(self) -> bool {
        self.0 & ERROR != 0
    }

    /// The only outcome, or unknown.
    #[must_use]
    pub fn certain(self) -> Kleene {
        match self.0 & !ERROR {
            TRUE => Kleene::True,
            FALSE => Kleene::False,
            _ => Kleene::Unknown,
        }
    }

    /// The outcome that is worst where holding is worse: it fires, is undecided, is false.
    #[must_use]
    pub fn worst(self, holding_is_worse: bool) -> Kleene {
        let order = [Kleene::True, Kleene::Unknown, Kleene::False];
        let order = if holding_is_worse {
            order
        } else {
            [order[2], order[1], order[0]]
        };
        order
            .into_iter()
            .find(|value| self.may_be(*value))
            .unwrap_or(Kleene::Unknown)
    }

    fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn and(self, other: Self) -> Self {
        let (a, b) = (self.0, other.0);
        let open = |x: u8, y: u8| x & UNKNOWN != 0 && y & (UNKNOWN | TRUE) != 0;
        let unknown = if open(a, b) || open(b, a) { UNKNOWN } else { 0 };
        Self((a & b & TRUE) | ((a | b) & (FALSE | ERROR)) | unknown)
    }

    fn not(self) -> Self {
        let swapped = (self.0 & TRUE) << 2 | (self.0 & FALSE) >> 2;
        Self(swapped | self.0 & (UNKNOWN | ERROR))
    }

    fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    fn not_shown(self) -> Self {
        let shown = if self.0 & TRUE != 0 { FALSE } else { 0 };
        let other = if self.0 & (FALSE | UNKNOWN) != 0 {
            TRUE
        } else {
            0
        };
        Self(shown | other | self.0 & ERROR)
    }

    fn at_least(count: usize, parts: impl Iterator<Item = Self>) -> Self {
        // Every reachable pair (how many hold, how many are unknown).
        let (mut pairs, mut error) = (vec![(0usize, 0usize)], 0);
        for part in parts {
            error |= part.0 & ERROR;
            let mut next = Vec::new();
            for (held, open) in pairs {
                for value in [Kleene::False, Kleene::Unknown, Kleene::True] {
                    let pair = match value {
                        Kleene::False => (held, open),
                        Kleene::Unknown => (held, open + 1),
                        Kleene::True => (held + 1, open),
                    };
                    if part.may_be(value) && !next.contains(&pair) {
                        next.push(pair);
                    }
                }
            }
            pairs = next;
        }
        let outcome = |(held, open): (usize, usize)| match held {
            held if held >= count => TRUE,
            held if held + open < count => FALSE,
            _ => UNKNOWN,
        };
        Self(
            pairs
                .into_iter()
                .fold(error, |bits, pair| bits | outcome(pair)),
        )
    }
}

/// Which tests are needed and which answers apply, per fact, compiled for one region.
#[derive(Clone, Debug, Default)]
pub struct Applicability {
    pub(crate) needed: Vec<Option<Expr>>,
    pub(crate) not_applicable: Vec<Option<Expr>>,
    /// Places of tests, whose own needs a need may hang on.
    pub(crate) nested: BTreeSet<usize>,
}

/// One way to look at the facts: alternatives chosen, one fact assumed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scenario<'s> {
    /// Which alternative of a place is taken.
    pub(crate) pins: &'s [(usize, usize)],
    /// Every condition on this place is taken to hold, or not to hold.
    pub(crate) assumed: Option<(usize, bool)>,
}

impl Applicability {
    /// Whether a need reads a place that the scenario sets, directly or through
    /// the needs of the tests it reads.
    fn is_touched(&self, need: &Expr, scenario: Scenario<'_>) -> bool {
        let mut touched = false;
        need.for_each_leaf(&mut |leaf| {
            touched |= scenario.assumed.is_some_and(|(slot, _)| slot == leaf.slot)
                || scenario.pins.iter().any(|(slot, _)| *slot == leaf.slot)
                || self.nested.contains(&leaf.slot);
        });
        touched
    }

    /// Whether each fact is needed as things stand, read once for a whole decision.
    pub(crate) fn needs(&self, view: &View<'_>) -> Vec<Option<Kleene>> {
        let reader = Reader {
            view,
            applicability: self,
            needs: &[],
        };
        let read = |expr: &Expr| expr.evaluate(reader, Scenario::default()).certain();
        let needed = self.needed.iter();
        needed.map(|expr| expr.as_ref().map(read)).collect()
    }
}

/// Reads expressions against one view.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'r> {
    pub(crate) view: &'r View<'r>,
    pub(crate) applicability: &'r Applicability,
    /// What [`Applicability::needs`] found, or nothing yet.
    pub(crate) needs: &'r [Option<Kleene>],
}

impl<'r> Reader<'r> {
    /// Whether a fact is needed in a scenario; nothing for a fact that is no test.
    fn need(&self, number: usize, scenario: Scenario<'_>) -> Option<Kleene> {
        let expr = self.applicability.needed.get(number)?.as_ref()?;
        let plain = scenario.assumed.is_none() && scenario.pins.is_empty();
        let touched = !plain && self.applicability.is_touched(expr, scenario);
        match self.needs.get(number) {
            Some(known) if !touched => *known,
            _ => Some(expr.evaluate(*self, scenario).certain()),
        }
    }
}

impl Expr {
    /// The possible outcomes in one scenario.
    pub(crate) fn evaluate(&self, reader: Reader<'_>, scenario: Scenario<'_>) -> Outcomes {
        let all = |parts: &[Self], empty: Kleene, join: fn(Outcomes, Outcomes) -> Outcomes| {
            let outcomes = parts.iter().map(|part| part.evaluate(reader, scenario));
            outcomes.fold(Outcomes::from(empty), join)
        };
        match self {
            Self::All(parts) => all(parts, Kleene::True, Outcomes::and),
            Self::Any(parts) => all(parts, Kleene::False, Outcomes::or),
            Self::AtLeast(count, parts) => Outcomes::at_least(
                *count,
                parts.iter().map(|part| part.evaluate(reader, scenario)),
            ),
            Self::Not(inner) => inner.evaluate(reader, scenario).not(),
            Self::NotShown(inner) => inner.evaluate(reader, scenario).not_shown(),
            Self::Leaf(leaf) => leaf.evaluate(reader, scenario),
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
        if !resolved.keeps_needed && reader.need(number, scenario) == Some(Kleene::False) {
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
/// is found by examining is not found by the patient.
fn vouched(reading: &Reading, fact: &Fact) -> bool {
    let examined = matches!(fact.ask, Ask::Examination | Ask::Attendant);
    let told = examined && reading.by == By::Patient;
    !reading.unconfirmed && !told
}

impl Test {
    /// Whether a reading passes; nothing if it is not of the fact's kind.
    fn holds(
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

impl Kleene {
    const fn not_kleene(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::Unknown => Self::Unknown,
            Self::False => Self::True,
        }
    }
}

/// Whether a date lies further back than a duration; unknown where its two ends disagree.
fn further_back(date: PartialDate, duration: super::Duration, moment: Moment<'_>) -> Kleene {
    let count = i64::from(duration.count);
    let span = match duration.unit {
        TimeUnit::Hours => Span::new().hours(count),
        TimeUnit::Days => Span::new().days(count),
        TimeUnit::Weeks => Span::new().weeks(count),
        TimeUnit::Months => Span::new().months(count),
        TimeUnit::Years => Span::new().years(count),
    };
    let instant = shift(moment, span, false);
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

/// Criteria over one reading alone: whether it is positive or doubtful.
#[derive(Clone, Debug)]
pub struct Positive(Tree);

impl Positive {
    /// Checks criteria that may ask only this fact.
    ///
    /// # Errors
    /// The place where they ask another fact, or ask it wrongly.
    pub(crate) fn new(tree: Tree, fact: &Fact) -> Result<Self, SyntaxError> {
        let mut fault = None;
        tree.for_each_atom(&mut |atom: &Atom| {
            if atom.fact != fact.id {
                let remedy = "ask the fact itself alone";
                fault = Some(SyntaxError::new(
                    atom.place,
                    "another fact is asked",
                    remedy,
                ));
            } else if let Err(error) = compile::test(atom, fact) {
                fault = Some(error);
            }
        });
        fault.map_or(Ok(Self(tree)), Err)
    }

    /// Whether the reading is positive or doubtful.
    pub(crate) fn holds(&self, reading: &Reading, fact: &Fact, moment: Moment<'_>) -> bool {
        fn walk(tree: &Tree, leaf: &impl Fn(&Atom) -> bool) -> bool {
            match tree {
                Tree::All(parts) => parts.iter().all(|part| walk(part, leaf)),
                Tree::Any(parts) => parts.iter().any(|part| walk(part, leaf)),
                Tree::AtLeast(count, parts) => {
                    parts.iter().filter(|part| walk(part, leaf)).count() >= *count as usize
                }
                Tree::Not(inner) | Tree::NotShown(inner) => !walk(inner, leaf),
                Tree::Each { body, .. } => walk(body, leaf),
                Tree::Atom(atom) => leaf(atom),
            }
        }
        walk(&self.0, &|atom| {
            let test = compile::test(atom, fact).ok();
            test.and_then(|test| test.holds(reading, None, fact, moment)) == Some(Kleene::True)
        })
    }
}
