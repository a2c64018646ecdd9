//! What a plan must know of the body, read from the chart.

use jiff::{SignedDuration, Timestamp};
use si::{Kilograms, Metres, Problem, Segment};
use spine::column::Sex;

use super::dose::Dose;
use crate::fact::{By, FactKey, FactSet, Reading, Value, convert};

/// Ids of the catalogue's facts that a plan reads.
pub(super) const WEIGHT: &str = "body_weight";
const HEIGHT: &str = "body_height";
const SEX: &str = "sex";
const AGE: &str = "age";
const BIRTH_DATE: &str = "birth_date";
const TARGET: &str = "treated_level";
const PREFERENCE: &str = "directional_preference";

/// The body, as far as it was measured.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Body {
    /// Weight measured here, in force for the caps.
    pub(super) mass: Kilograms,
    /// Sex, if recorded.
    pub(super) sex: Option<Sex>,
    /// Age in whole years, if recorded.
    pub(super) age: Option<f64>,
    /// Height, if recorded.
    pub(super) height: Option<Metres>,
    /// The level that a practitioner named.
    pub(super) target: Option<Segment>,
    /// The direction that eases.
    pub(super) preference: Option<String>,
}

impl Body {
    /// Reads the body; the weight must have been measured here lately.
    pub(super) fn read(facts: &FactSet, dose: &Dose, at: Timestamp) -> Result<Self, Problem> {
        Ok(Self {
            mass: weight(facts, dose, at)?,
            sex: match choice(facts, SEX).as_deref() {
                Some("female") => Some(Sex::Female),
                Some("male") => Some(Sex::Male),
                _ => None,
            },
            age: age(facts, at),
            height: number(facts, HEIGHT, "m").and_then(|(metres, _)| Metres::new(metres)),
            target: choice(facts, TARGET).and_then(|name| name.parse().ok()),
            preference: choice(facts, PREFERENCE),
        })
    }
}

/// The weight: measured in this clinic, at most so many days ago (CLINICAL.md §4).
fn weight(facts: &FactSet, dose: &Dose, at: Timestamp) -> Result<Kilograms, Problem> {
    let days = dose.common.weight_fresh.value;
    let remedy = format!("weigh the patient here; a weight counts for {days} days");
    let fault = |value: String, problem: &str| {
        Problem::new(
            "weight-missing",
            format!("facts.{WEIGHT}"),
            value,
            problem,
            remedy.clone(),
        )
    };
    let here = |reading: &&Reading| {
        matches!(reading.by, By::Practitioner | By::Assistant | By::Device)
            && reading.as_value().is_some()
            && reading.at <= at
    };
    let Some(latest) = facts.of(&FactKey::plain(WEIGHT)).iter().rfind(here) else {
        return Err(fault(String::new(), "no weight was measured here"));
    };
    if days_between(latest.at, at) > days {
        return Err(fault(
            latest.at.to_string(),
            "the weight was measured too long ago",
        ));
    }
    in_unit(latest, "kg")
        .and_then(Kilograms::new)
        .filter(|mass| mass.get() > 0.0)
        .ok_or_else(|| fault(String::new(), "the weight is not a mass"))
}

/// Days from one instant to another, as a fraction.
pub(crate) fn days_between(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / SignedDuration::from_hours(24).as_secs_f64()
}

fn age(facts: &FactSet, at: Timestamp) -> Option<f64> {
    if let Some((years, _)) = number(facts, AGE, "a") {
        return Some(years);
    }
    let birth = facts
        .of(&FactKey::plain(BIRTH_DATE))
        .iter()
        .rev()
        .find_map(|reading| match reading.as_value() {
            Some(Value::Date(date)) => Some(date.interval(&jiff::tz::TimeZone::UTC).0),
            _ => None,
        })?;
    // UCUM: the mean Julian year; a day more or less does not matter to a stiffness.
    Some((days_between(birth, at) / 365.25).max(0.0))
}

fn number(facts: &FactSet, id: &str, unit: &str) -> Option<(f64, Timestamp)> {
    let readings = facts.of(&FactKey::plain(id));
    readings
        .iter()
        .rev()
        .find_map(|reading| Some((in_unit(reading, unit)?, reading.at)))
}

fn in_unit(reading: &Reading, unit: &str) -> Option<f64> {
    let Some(Value::Number(number)) = reading.as_value() else {
        return None;
    };
    convert(*number, reading.unit.as_deref().unwrap_or(unit), unit)
}

fn choice(facts: &FactSet, id: &str) -> Option<String> {
    let readings = facts.of(&FactKey::plain(id));
    readings
        .iter()
        .rev()
        .find_map(|reading| match reading.as_value() {
            Some(Value::Choice(word)) => Some(word.clone()),
            _ => None,
        })
}
