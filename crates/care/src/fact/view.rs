//! What the facts say at one instant: fresh readings, conflicts, answers, baselines.
//!
//! - A reading counts while it is fresh; a stale one is as if it had never been.
//! - A newer reading of the same source supersedes an older one.
//! - A positive reading stands as long as its fact says, if that is longer.
//! - A positive red flag neither goes stale nor is superseded until a
//!   practitioner's later examination (CLINICAL §1.7).
//! - A policy is the clinic's: a reading of one counts for nothing (CLINICAL §1.12).
//! - Readings of different sources that disagree are all kept: they are the
//!   *alternatives* that every rule is evaluated for.
use super::{
    Answer, By, Catalogue, Content, Fact, FactKey, FactSet, Freshness, PartialDate, Reading, Value,
};
use crate::criteria::Positive;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// The longest a session lasts: its readings, and an override meant for it.
pub const SESSION_HOURS: i64 = 12;
/// The furthest a clock may run ahead.
const AHEAD_HOURS: i64 = 24;

/// An instant in a clinic's time zone.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The instant of decision.
    pub at: Timestamp,
    /// The clinic's time zone.
    pub zone: &'a TimeZone,
}

/// What `worse_than_baseline` compares with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Baseline {
    /// The episode's first examination: the earliest reading, a practitioner's before others.
    #[default]
    First,
    /// The record made at arrival: the last reading up to this instant.
    Arrival(Timestamp),
}

/// What is known of one fact at the instant.
#[derive(Clone, Debug, Default)]
pub struct Resolved<'a> {
    /// The readings in force; more than one value means a conflict or an old red flag.
    pub alternatives: Vec<&'a Reading>,
    /// The answer in place of a value, if no value is in force.
    pub answer: Option<&'a Reading>,
    /// An earlier reading was positive or doubtful: a test stays needed.
    pub keeps_needed: bool,
    /// What the present is compared with.
    pub baseline: Option<&'a Reading>,
}

impl Resolved<'_> {
    /// Whether the readings in force disagree.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        let mut values = self
            .alternatives
            .iter()
            .map(|reading| (&reading.content, &reading.unit));
        values
            .next()
            .is_some_and(|first| values.any(|other| other != first))
    }
}

/// The facts of one patient, resolved at one instant.
#[derive(Debug)]
pub struct View<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) moment: Moment<'a>,
    positives: &'a [Option<Positive>],
    table: Vec<Resolved<'a>>,
    unread: Vec<&'a FactKey>,
}

impl<'a> View<'a> {
    /// Resolves every fact that has a reading.
    #[must_use]
    pub fn new(
        facts: &'a FactSet,
        catalogue: &'a Catalogue,
        positives: &'a [Option<Positive>],
        moment: Moment<'a>,
        baseline: Baseline,
    ) -> Self {
        let mut table = vec![Resolved::default(); catalogue.slot_count()];
        let mut unread = Vec::new();
        let limits = Limits::new(moment);
        for (key, readings) in facts.entries() {
            let Some(slot) = catalogue.slot(key) else {
                unread.push(key);
                continue;
            };
            let fact = catalogue.at(slot).0;
            if fact.default.is_some() {
                unread.push(key);
                continue;
            }
            let ageing = catalogue.ageing(slot);
            let resolver = Resolver {
                facts,
                fact,
                positive: positives[catalogue.fact_number(slot)].as_ref(),
                moment,
                horizon: limits.horizon,
                limit: limits.of(ageing.freshness, moment),
                standing: limits.of(ageing.standing, moment),
                stale_on: &ageing.stale_on,
            };
            table[slot] = resolver.resolve(readings, baseline);
        }
        Self {
            catalogue,
            moment,
            positives,
            table,
            unread,
        }
    }

    /// Facts with readings that the catalogue does not have.
    pub(crate) fn unread(&self) -> &[&'a FactKey] {
        &self.unread
    }

    /// What is known at a place of the catalogue.
    pub(crate) fn slot(&self, slot: usize) -> &Resolved<'a> {
        &self.table[slot]
    }

    /// What is known of a fact; nothing for a fact the catalogue does not have.
    #[must_use]
    pub fn get(&self, key: &FactKey) -> Option<&Resolved<'a>> {
        self.catalogue.slot(key).map(|slot| &self.table[slot])
    }

    /// The value of a plain fact in force, if its sources agree.
    #[must_use]
    pub fn value(&self, fact: &str) -> Option<&'a Value> {
        self.value_of(&FactKey::plain(fact))
    }

    /// The value of a fact in force, if its sources agree.
    #[must_use]
    pub fn value_of(&self, key: &FactKey) -> Option<&'a Value> {
        let resolved = self.get(key)?;
        if resolved.is_conflict() {
            return None;
        }
        resolved
            .alternatives
            .first()
            .and_then(|reading| reading.as_value())
    }

    /// The number of a plain fact in force in the catalogue's unit, if its sources agree.
    #[must_use]
    pub fn number(&self, fact: &str) -> Option<f64> {
        let resolved = self.get(&FactKey::plain(fact))?;
        let reading = resolved
            .alternatives
            .first()
            .filter(|_| !resolved.is_conflict())?;
        number_in(reading, self.catalogue.get(fact)?)
    }

    /// The yes or no of a plain fact in force, if its sources agree.
    #[must_use]
    pub fn boolean(&self, fact: &str) -> Option<bool> {
        match self.value(fact)? {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether a reading is positive or doubtful in the sense of its fact.
    #[must_use]
    pub fn is_positive(&self, reading: &Reading) -> bool {
        let Some(slot) = self.catalogue.slot(&reading.key()) else {
            return false;
        };
        let positive = self.positives[self.catalogue.fact_number(slot)].as_ref();
        is_positive(reading, self.catalogue.at(slot).0, positive, self.moment)
    }

    /// The facts whose sources disagree.
    #[must_use]
    pub fn conflicts(&self) -> Vec<FactKey> {
        let all = self.table.iter().enumerate();
        let disputed = all.filter(|(_, resolved)| resolved.is_conflict());
        let key = |(slot, _)| self.catalogue.at(slot).1.clone();
        let mut keys: Vec<FactKey> = disputed.map(key).collect();
        keys.sort();
        keys
    }
}

/// The instants that divide fresh from stale, the common one read once.
struct Limits {
    horizon: Timestamp,
    session: Timestamp,
}

impl Limits {
    fn new(moment: Moment<'_>) -> Self {
        Self {
            horizon: shift(moment, Span::new().hours(AHEAD_HOURS), true),
            session: shift(moment, Span::new().hours(SESSION_HOURS), false),
        }
    }

    /// The earliest instant of a fresh reading.
    fn of(&self, freshness: Freshness, moment: Moment<'_>) -> Timestamp {
        match freshness {
            Freshness::Permanent => Timestamp::MIN,
            Freshness::Session => self.session,
            Freshness::Days(days) => shift(moment, Span::new().days(i64::from(days)), false),
            Freshness::Months(n) => shift(moment, Span::new().months(i64::from(n)), false),
        }
    }
}

/// A reading's number in the unit of the catalogue.
pub(crate) fn number_in(reading: &Reading, fact: &Fact) -> Option<f64> {
    let Some(Value::Number(number)) = reading.as_value() else {
        return None;
    };
    let own = fact.unit.as_deref().unwrap_or("1");
    super::convert(*number, reading.unit.as_deref().unwrap_or(own), own)
}

struct Resolver<'a, 'p> {
    facts: &'a FactSet,
    fact: &'a Fact,
    positive: Option<&'p Positive>,
    moment: Moment<'a>,
    horizon: Timestamp,
    limit: Timestamp,
    standing: Timestamp,
    stale_on: &'p [FactKey],
}

impl<'a> Resolver<'a, '_> {
    fn resolve(&self, readings: &'a [Reading], baseline: Baseline) -> Resolved<'a> {
        let past: Vec<&Reading> = readings
            .iter()
            .filter(|reading| reading.at <= self.horizon)
            .collect();
        let settled = past.iter().rfind(|reading| settles(reading)).copied();
        let standing: Vec<&Reading> = past
            .iter()
            .copied()
            .filter(|reading| settled.is_none_or(|by| reading.at > by.at || **reading == *by))
            .collect();
        let mut resolved = Resolved {
            keeps_needed: past.iter().any(|reading| self.is_positive(reading)),
            baseline: self.baseline(&past, baseline),
            ..Resolved::default()
        };
        for reading in &standing {
            // Readings of one instant do not supersede each other.
            let first = standing.partition_point(|other| other.at <= reading.at);
            if self.stands(reading, &standing[first..]) {
                match reading.content {
                    Content::Value(_) => resolved.alternatives.push(reading),
                    Content::Answer(_) => resolved.answer = Some(reading),
                }
            }
        }
        if !resolved.alternatives.is_empty() {
            resolved.answer = None;
        }
        resolved
    }

    /// Whether a reading is still in force given the ones after it.
    fn stands(&self, reading: &Reading, later: &[&Reading]) -> bool {
        let examined =
            |other: &&&Reading| other.by == By::Practitioner && other.as_value().is_some();
        if self.fact.red_flag && self.is_positive(reading) {
            return !later.iter().any(|other| examined(&other));
        }
        if reading.unconfirmed && later.iter().any(|other| examined(&other)) {
            return false;
        }
        !later.iter().any(|other| other.origin() == reading.origin()) && self.is_fresh(reading)
    }

    fn is_positive(&self, reading: &Reading) -> bool {
        is_positive(reading, self.fact, self.positive, self.moment)
    }

    fn is_fresh(&self, reading: &Reading) -> bool {
        let unsettled = |event: &Reading| {
            event.at > reading.at
                && event.at <= self.moment.at
                && event.as_value() == Some(&Value::Bool(true))
        };
        let overtaken = |key: &FactKey| self.facts.of(key).iter().any(unsettled);
        // An event ends only what spoke for the patient: a weakness found stays found.
        let positive = self.is_positive(reading);
        let limit = if positive {
            self.standing.min(self.limit)
        } else {
            self.limit
        };
        reading.at >= limit && (positive || !self.stale_on.iter().any(overtaken))
    }

    fn baseline(&self, past: &[&'a Reading], baseline: Baseline) -> Option<&'a Reading> {
        let valued = || past.iter().filter(|reading| reading.as_value().is_some());
        let found = match baseline {
            Baseline::First => valued()
                .find(|reading| reading.by == By::Practitioner)
                .or_else(|| valued().next()),
            Baseline::Arrival(arrival) => valued().rfind(|reading| reading.at <= arrival),
        };
        found.copied()
    }
}

fn is_positive(r: &Reading, fact: &Fact, positive: Option<&Positive>, now: Moment<'_>) -> bool {
    match positive {
        Some(positive) => positive.holds(r, fact, now),
        None => r.as_value() == Some(&Value::Bool(true)),
    }
}

/// A practitioner's reading that settles a conflict, or that answers "not applicable".
fn settles(reading: &Reading) -> bool {
    reading.by == By::Practitioner
        && reading.resolves.is_some()
        && !matches!(
            reading.content,
            Content::Answer(Answer::AskedUnknown | Answer::Declined)
        )
}

/// The instant a calendar span before or after.
pub(crate) fn shift(moment: Moment<'_>, span: Span, forward: bool) -> Timestamp {
    let zoned = moment.at.to_zoned_datetime(moment.zone.clone());
    let moved = if forward {
        zoned.checked_add(span)
    } else {
        zoned.checked_sub(span)
    };
    let end = if forward {
        Timestamp::MAX
    } else {
        Timestamp::MIN
    };
    moved.map_or(end, |zoned| zoned.timestamp())
}

/// The first instant of a day in a time zone.
pub(crate) fn start_of_day(at: Timestamp, zone: &TimeZone) -> Timestamp {
    PartialDate::Day(at.to_zoned_datetime(zone.clone()).date())
        .interval(zone)
        .0
}
