//! What a plan must know of the body, read from the chart.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use si::{Kilograms, Metres, Problem, Region, Segment};
use spine::lumped::Sex;

use super::condition::Treated;
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
const GRADE: &str = "disc_pfirrmann";
const COBB: &str = "cobb_angle";

/// What is on record of a person's build, for those who tell and do not decide.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measures {
    /// Sex, if recorded.
    pub(crate) sex: Option<Sex>,
    /// Age in whole years, if recorded.
    pub(crate) age: Option<f64>,
    /// Height, if recorded.
    pub(crate) height: Option<Metres>,
    /// Pfirrmann grades of the discs that were graded.
    pub(crate) grades: Vec<(Segment, u8)>,
}

impl Measures {
    /// Reads a chart.
    pub(crate) fn read(facts: &FactSet, at: Timestamp) -> Self {
        Self {
            sex: sex(facts),
            age: age(facts, at),
            height: number(facts, HEIGHT, "m").and_then(|(metres, _)| Metres::new(metres)),
            grades: grades(facts),
        }
    }
}

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
    /// The level that was named, and by whom.
    pub(super) target: Option<(Segment, By)>,
    /// The direction that eases.
    pub(super) preference: Option<String>,
    /// What is treated.
    pub(super) treated: Treated,
    /// Pfirrmann grades of the discs that were graded.
    pub(super) grades: Vec<(Segment, u8)>,
    /// Cobb angle of the largest curve, °, if recorded.
    pub(super) cobb_deg: Option<f64>,
}

impl Body {
    /// Reads the body; the weight must have been measured here lately.
    pub(super) fn read(
        facts: &FactSet,
        dose: &Dose,
        (region, at): (Region, Timestamp),
    ) -> Result<Self, Problem> {
        let Measures {
            sex,
            age,
            height,
            grades,
        } = Measures::read(facts, at);
        Ok(Self {
            mass: weight(facts, dose, at)?,
            sex,
            age,
            height,
            target: target(facts, region)?,
            preference: choice(facts, PREFERENCE),
            treated: Treated::read(facts, at),
            grades,
            cobb_deg: number(facts, COBB, "deg").map(|(degrees, _)| degrees),
        })
    }

    /// What the caps are made of.
    pub(super) fn mass_and_sex(
        facts: &FactSet,
        dose: &Dose,
        at: Timestamp,
    ) -> Result<(Kilograms, Option<Sex>), Problem> {
        Ok((weight(facts, dose, at)?, sex(facts)))
    }
}

/// The level last named: by who examined, else by imaging, else by anybody.
fn target(facts: &FactSet, region: Region) -> Result<Option<(Segment, By)>, Problem> {
    let named = |reading: &Reading| match reading.as_value() {
        Some(Value::Choice(word)) => Some((word.parse::<Segment>().ok()?, reading.by)),
        _ => None,
    };
    let weight = |by: By| match by {
        By::Practitioner => 2,
        By::Imaging => 1,
        _ => 0,
    };
    let readings = facts.of(&FactKey::plain(TARGET)).iter().filter_map(named);
    // Oldest first, and of equals the last: the newest of the best source.
    let Some((segment, by)) = readings.max_by_key(|(_, by)| weight(*by)) else {
        return Ok(None);
    };
    if Segment::of(region).contains(&segment) {
        return Ok(Some((segment, by)));
    }
    Err(Problem::new(
        "level-outside-region",
        format!("facts.{TARGET}"),
        segment.as_str(),
        format!("this is no level of the {region} region"),
        "record the level to be treated in this region, or evaluate the other region",
    ))
}

fn sex(facts: &FactSet) -> Option<Sex> {
    match choice(facts, SEX).as_deref() {
        Some("female") => Some(Sex::Female),
        Some("male") => Some(Sex::Male),
        _ => None,
    }
}

/// The weight: measured in this clinic, at most so many days ago (CLINICAL.md §4).
///
/// The newest of each source counts. Where sources disagree the lowest binds:
/// every cap is a share of it. A practitioner who settles it ends what was before.
fn weight(facts: &FactSet, dose: &Dose, at: Timestamp) -> Result<Kilograms, Problem> {
    let days = dose.common.weight_fresh.value;
    let fault = |value: String, problem: &str| {
        Problem::new(
            "weight-missing",
            format!("facts.{WEIGHT}"),
            value,
            problem,
            format!("weigh the patient here; a weight counts for {days} days"),
        )
    };
    let here = |reading: &&Reading| {
        matches!(reading.by, By::Practitioner | By::Assistant | By::Device)
            && reading.as_value().is_some()
            && reading.at <= at
    };
    let measured: Vec<&Reading> = facts
        .of(&FactKey::plain(WEIGHT))
        .iter()
        .filter(here)
        .collect();
    let settles = |reading: &&Reading| reading.by == By::Practitioner && reading.resolves.is_some();
    let settled = measured.iter().rposition(settles).unwrap_or(0);
    let mut newest: BTreeMap<(By, &str), (Timestamp, f64)> = BTreeMap::new();
    for reading in &measured[settled..] {
        // What cannot be read as a mass is the lowest: it is refused below.
        let mass = in_unit(reading, "kg").unwrap_or(0.0);
        let kept = newest.entry(reading.origin()).or_insert((reading.at, mass));
        // Readings of one instant do not supersede each other.
        *kept = match kept.0 == reading.at {
            true => (reading.at, kept.1.min(mass)),
            false => (reading.at, mass),
        };
    }
    newest.retain(|_, (measured, _)| days_between(*measured, at) <= days);
    let masses = newest.into_values().map(|(_, mass)| mass);
    let Some(lowest) = masses.min_by(f64::total_cmp) else {
        return Err(match measured.last() {
            None => fault(String::new(), "no weight was measured here"),
            Some(last) => fault(last.at.to_string(), "the weight was measured too long ago"),
        });
    };
    Kilograms::new(lowest)
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

/// Grades from 1 to 5; a number that is none is left out.
fn grades(facts: &FactSet) -> Vec<(Segment, u8)> {
    let grade = |segment: &Segment| {
        let key = FactKey::indexed(GRADE, &[segment.as_str()]);
        let (number, _) = newest(facts, &key, "1")?;
        let grade = (1..=5).find(|grade| (f64::from(*grade) - number).abs() < 0.5)?;
        Some((*segment, grade))
    };
    Segment::ALL.iter().filter_map(grade).collect()
}

pub(super) fn number(facts: &FactSet, id: &str, unit: &str) -> Option<(f64, Timestamp)> {
    newest(facts, &FactKey::plain(id), unit)
}

fn newest(facts: &FactSet, key: &FactKey, unit: &str) -> Option<(f64, Timestamp)> {
    let readings = facts.of(key);
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

pub(super) fn choice(facts: &FactSet, id: &str) -> Option<String> {
    let readings = facts.of(&FactKey::plain(id));
    readings
        .iter()
        .rev()
        .find_map(|reading| match reading.as_value() {
            Some(Value::Choice(word)) => Some(word.clone()),
            _ => None,
        })
}
