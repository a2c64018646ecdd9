//! Observations: a code, and a value that goes with it.
//!
//! A number is converted to its fact's unit. While it would still count, a unit
//! that does not measure the fact, or a number outside its range, is a problem;
//! an old one (a newborn's weight in an adult's record) is only listed.
//! A recorded "no" never sets a fact: a record's silence and a record's denial
//! are both for somebody to ask about (CLINICAL.md §1.7; ours for the denial).

use crate::coded::first;
use crate::import::Unmapped;
use crate::map::{Mapper, key, no_mapping};
use crate::standing::{Standing, standing};
use crate::unit;
use crate::view::{Concept, View};
use crate::when::When;
use care::fact::{CodeMapping, CodeMode, Fact, Kind, Value};
use si::Problem;

/// What an observation's value does.
pub(crate) enum Outcome {
    /// Sets the fact, with the unit of a number.
    Sets(Value, Option<String>),
    /// Opens its question.
    Asks(String),
    /// Neither.
    Nothing(String),
}

/// The members by which an observation is dated, best first.
pub(crate) const DATES: [&str; 4] = [
    "effectiveDateTime",
    "effectiveInstant",
    "effectivePeriod",
    "issued",
];

/// Takes an observation and its components.
///
/// # Errors
/// A member of the wrong shape; a unit or number that cannot be, while it counts.
pub(crate) fn take<'a>(view: &View<'a>, mapper: &mut Mapper<'_, 'a>) -> Result<(), Problem> {
    let standing = standing(view)?;
    let when = first(view, &DATES)?;
    let components = view.objects("component")?;
    let bare = !view.body.keys().any(|name| name.starts_with("value"));
    let whole = Part::of(view, mapper)?;
    // A panel is only the sum of its components.
    if !(bare && !components.is_empty() && whole.mappings.is_empty()) {
        whole.take(&standing, when.as_ref(), mapper)?;
    }
    for component in components {
        let kind = view.kind;
        let component = View { kind, ..component };
        Part::of(&component, mapper)?.take(&standing, when.as_ref(), mapper)?;
    }
    Ok(())
}

/// An observation's code and value, or a component's.
struct Part<'v, 'k, 'a> {
    view: &'v View<'a>,
    concept: Concept<'a>,
    mappings: Vec<&'k CodeMapping>,
}

impl<'v, 'k, 'a> Part<'v, 'k, 'a> {
    fn of(view: &'v View<'a>, mapper: &mut Mapper<'k, 'a>) -> Result<Self, Problem> {
        let concept = view.concept("code")?.unwrap_or_default();
        let mappings = mapper.mappings(&concept);
        Ok(Self {
            view,
            concept,
            mappings,
        })
    }

    fn take(
        &self,
        standing: &Standing,
        when: Option<&When<'a>>,
        mapper: &mut Mapper<'k, 'a>,
    ) -> Result<(), Problem> {
        let Self { view, concept, .. } = self;
        if let Standing::Void(reason) = standing {
            mapper.unmapped(Unmapped::of(view, concept, reason));
            return Ok(());
        }
        if self.mappings.is_empty() {
            return answer_alone(view, concept, mapper);
        }
        for mapping in &self.mappings {
            let when = match (standing, when) {
                (Standing::Holds, Some(when)) => Ok(when),
                (Standing::Holds, None) => Err("it has no date"),
                (Standing::Past(says) | Standing::Doubtful(says) | Standing::Void(says), _) => {
                    Err(says.as_str())
                }
            };
            match when {
                Ok(when) => self.set(mapping, when, mapper)?,
                Err(reason) => mapper.ask(mapping, view, concept, reason),
            }
        }
        Ok(())
    }

    fn set(
        &self,
        mapping: &'k CodeMapping,
        when: &When<'a>,
        mapper: &mut Mapper<'k, 'a>,
    ) -> Result<(), Problem> {
        match value(self.view, mapping, when, mapper)? {
            Outcome::Sets(value, unit) => {
                let at = when.earliest.min(mapper.deciding);
                mapper.set(key(mapping), value, unit.as_deref(), at, self.view);
            }
            Outcome::Asks(reason) => mapper.ask(mapping, self.view, &self.concept, reason),
            Outcome::Nothing(reason) => {
                mapper.unmapped(Unmapped::of(self.view, &self.concept, reason));
            }
        }
        Ok(())
    }
}

/// An observation whose code no fact has: a code in its value may still open a
/// question, but sets nothing, for whose or when it is nobody read.
fn answer_alone<'a>(
    view: &View<'a>,
    concept: &Concept<'a>,
    mapper: &mut Mapper<'_, 'a>,
) -> Result<(), Problem> {
    let answer = view.concept("valueCodeableConcept")?.unwrap_or_default();
    let mappings = mapper.mappings(&answer);
    if mappings.is_empty() {
        mapper.unmapped(Unmapped::of(view, concept, no_mapping(concept)));
    }
    for mapping in mappings {
        let reason = format!(
            "the value of an observation that no fact has: {}",
            concept.words()
        );
        mapper.ask(mapping, view, &answer, reason);
    }
    Ok(())
}

fn value<'a>(
    view: &View<'a>,
    mapping: &CodeMapping,
    when: &When<'a>,
    mapper: &mut Mapper<'_, 'a>,
) -> Result<Outcome, Problem> {
    let Some(fact) = mapper.fact(mapping) else {
        return Ok(Outcome::Nothing(
            "its fact is not in the catalogue".to_owned(),
        ));
    };
    if mapping.mode == CodeMode::Asks {
        return Ok(Outcome::Asks("its code only opens the question".to_owned()));
    }
    if !mapper.has(mapping) {
        return Ok(Outcome::Asks("it does not say which one".to_owned()));
    }
    match fact.kind {
        Kind::Number => number(view, fact, mapper.is_stale(fact, when)),
        Kind::Boolean | Kind::Choice => coded(view, fact, mapping, mapper),
        Kind::Date => {
            let when = view.when("valueDateTime")?.unwrap_or(*when);
            Ok(match when.partial() {
                Some(date) => Outcome::Sets(Value::Date(date), None),
                None => Outcome::Asks(format!("its date {} is not read", when.text)),
            })
        }
    }
}

pub(crate) fn number(view: &View<'_>, fact: &Fact, stale: bool) -> Result<Outcome, Problem> {
    let own = fact.unit.as_deref().unwrap_or("1");
    let (number, from, place) = match (view.number("valueInteger")?, view.object("valueQuantity")?)
    {
        (Some(number), _) => (number, "1".to_owned(), view.at("valueInteger")),
        (None, Some(quantity)) => {
            if let Some(comparator) = quantity.text("comparator")? {
                return Ok(Outcome::Asks(format!(
                    "its value is only known to be {comparator} a number"
                )));
            }
            let Some(number) = quantity.number("value")? else {
                return Ok(Outcome::Nothing("its quantity has no value".to_owned()));
            };
            (number, unit::of(&quantity)?, quantity.place)
        }
        (None, None) => return Ok(Outcome::Nothing("it has no number".to_owned())),
    };
    let Some(converted) = unit::convert(number, &from, own) else {
        return wrong_unit(&place, &from, own, fact, stale);
    };
    if fact.whole && converted.fract().abs() > 1e-9 {
        return Ok(Outcome::Nothing(format!(
            "not a whole number, as {} is",
            fact.label
        )));
    }
    match fact.range {
        Some([low, high]) if !(low..=high).contains(&converted) => {
            out_of_range(&place, converted, fact, [low, high], stale)
        }
        _ => Ok(Outcome::Sets(Value::Number(converted), fact.unit.clone())),
    }
}

fn wrong_unit(
    place: &str,
    from: &str,
    own: &str,
    fact: &Fact,
    stale: bool,
) -> Result<Outcome, Problem> {
    if stale {
        return Ok(Outcome::Nothing(format!(
            "its unit {from} does not measure {}",
            fact.label
        )));
    }
    Err(Problem::new(
        "wrong-unit",
        format!("{place}.code"),
        if from == "1" { "no unit" } else { from },
        format!("is not a unit in which {} is read", fact.label),
        format!("give it in {own}, or another UCUM unit of the same kind"),
    ))
}

fn out_of_range(
    place: &str,
    number: f64,
    fact: &Fact,
    [low, high]: [f64; 2],
    stale: bool,
) -> Result<Outcome, Problem> {
    let unit = fact
        .unit
        .as_deref()
        .filter(|unit| *unit != "1")
        .unwrap_or_default();
    let limits = format!("{low} to {high} {unit}").trim_end().to_owned();
    if stale {
        return Ok(Outcome::Nothing(format!(
            "{number} {unit} is outside {limits}"
        )));
    }
    Err(Problem::new(
        "out-of-range",
        format!("{place}.value"),
        format!("{number} {unit}").trim_end(),
        format!("is outside the range of {}, {limits}", fact.label),
        "check the number and its unit at the source",
    ))
}

/// A yes, or a code that the same fact has.
fn coded<'a>(
    view: &View<'a>,
    fact: &Fact,
    mapping: &CodeMapping,
    mapper: &mut Mapper<'_, 'a>,
) -> Result<Outcome, Problem> {
    let no = || Outcome::Asks("the record says no; somebody has to ask".to_owned());
    let yes = || match (&mapping.value, fact.kind) {
        (Some(value), _) => Outcome::Sets(value.clone(), None),
        (None, Kind::Boolean) => Outcome::Sets(Value::Bool(true), None),
        (None, _) => Outcome::Asks("its code comes without a value".to_owned()),
    };
    if let Some(flag) = view.flag("valueBoolean")? {
        return Ok(if flag { yes() } else { no() });
    }
    let Some(answer) = view.concept("valueCodeableConcept")? else {
        return Ok(Outcome::Nothing("it has no value that is read".to_owned()));
    };
    let same = |other: &&CodeMapping| other.fact == mapping.fact && other.mode == CodeMode::Asserts;
    if let Some(found) = mapper.mappings(&answer).into_iter().find(same) {
        return Ok(match (&found.value, fact.kind) {
            (Some(Value::Bool(false)), _) => no(),
            (Some(value), _) => Outcome::Sets(value.clone(), None),
            (None, Kind::Boolean) => Outcome::Sets(Value::Bool(true), None),
            (None, _) => Outcome::Asks("its code comes without a value".to_owned()),
        });
    }
    Ok(match answer.code() {
        // SNOMED CT 373066001, LOINC LA33-6, HL7 v2 0136: found in US Core and HL7 terminology.
        "373066001" | "LA33-6" | "Y" => yes(),
        "373067005" | "LA32-8" | "N" => no(),
        _ => Outcome::Asks(format!("its answer {:?} is not read", answer.words())),
    })
}
